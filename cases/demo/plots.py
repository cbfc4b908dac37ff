"""The words that plots are written in: each lays one step of a case's life into its script."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from cases.demo import actions, beside, clocks, incidents, pictures
from cases.demo.script import Script
from cases.demo.texts import URGENT
from cases.domain import files, special
from cases.domain.intake import log_case
from cases.models import Channel
from workflows.domain.context import now

FLOW = "complaint"
# Three measures, as long as a plot does not say what becomes of them.
PLAN = "approve:closed+closed+watched"
CHANNELS = ["phone"] * 9 + [
    "web",
    "web",
    "email",
    "counter",
    "follow_up",
    "visit",
    "forum",
    "letter",
]
SLOW = {"email", "letter", "web", "forum", "visit"}
PHOTOS = ["现场照片.jpg", "故障部位.jpg", "机身铭牌.png", "用户提供照片.jpg", "拆机照片.png"]


# -------------------------------------------------------------------- what comes in and triage
def log(s: Script, arg: str) -> None:
    channel = channel_of(s)
    minutes = s.chance.randint(60, 1100) if channel in SLOW else s.chance.randint(4, 35)
    days_ago = s.chance.randint(0, 6)
    with_photo = s.chance.random() < 0.25 and bool(s.category) and not s.story.is_soft

    def run() -> None:
        received = now() - timedelta(minutes=minutes)
        s.case = log_case(
            by=agent(s),
            kind=s.kind,
            customer=s.customer,
            channel=s.company.channels[channel],
            title=s.title,
            description=s.text,
            remedy_sought=s.want,
            severity="general",
            product=s.product,
            batch=s.words["batch"],
            category=s.company.categories.get(s.category),
            contact_name=s.words["contact"],
            contact_phone=s.customer.phone,
            occurred_on=received.date() - timedelta(days=days_ago),
            received_at=received,
            uploads=[photo(s)] if with_photo else [],
        )
        s.words["number"] = s.case.number

    s.then(run)


def channel_of(s: Script) -> str:
    fixed = {"return": "return"}.get(s.kind)
    if fixed is None and s.story.key in {"media", "bulletin"}:
        fixed = s.story.key
    usual = fixed or s.chance.choice(CHANNELS)
    return clocks.LAW if fixed is None and clocks.by_law(s) else usual


def agent(s: Script) -> User:
    return s.company.standing_in(s.agent, timezone.localdate(now()))


def photo(s: Script) -> Any:
    caption = f"{s.product.code}   {s.words['batch']}   {now():%Y-%m-%d}"
    return pictures.photo(s.chance, s.chance.choice(PHOTOS), caption, s.story.category)


def tell(s: Script, pool: str) -> dict[str, Any]:
    """A message to the customer, with the number it got meanwhile."""
    return {"text": s.say(pool), "channel": telling(s)}


def telling(s: Script) -> Channel:
    return s.company.channels[s.chance.choice(["phone", "phone", "phone", "email", "web"])]


def ack(s: Script, arg: str) -> None:
    s.pace(FLOW, "acknowledge")
    pool = "acknowledge_safety" if s.category in URGENT else "acknowledge"
    s.step("acknowledge", s.agent, lambda: tell(s, pool))
    chat(s, 0.1, s.agent, "comment_service")


def accept(s: Script, arg: str) -> None:
    """Triage: to the department that the story names, or to the one named by `arg`."""
    s.pace(FLOW, "triage")
    s.department = arg or s.department
    code = s.department
    s.step("accept", s.lead(), lambda: {"department": s.company.departments[code]})
    clocks.timed(s)


def major(s: Script, arg: str) -> None:
    s.pace(FLOW, "triage")
    s.major, code = True, s.department
    told = s.handling
    s.step(
        "raise_major",
        s.lead(),
        lambda: {
            "department": s.company.departments[code],
            "harm": told["harm"],
            "extent": told["extent"],
        },
    )


def reject(s: Script, arg: str) -> None:
    s.pace(FLOW, "triage")
    s.step("reject", s.lead(), reason=s.say("reject"))


def merge(s: Script, arg: str) -> None:
    s.pace(FLOW, "triage")
    s.step("merge", s.lead(), lambda: {"survivor": s.survivor.the_case() if s.survivor else None})


def convert(s: Script, arg: str) -> None:
    """Turned into another kind: the story goes on with the record that follows."""
    s.pace(FLOW, "triage")
    s.step("convert", s.lead(), lambda: {"kind": arg})
    follow(s)


def to_complaint(s: Script, arg: str) -> None:
    s.pace("feedback", "answer")
    s.step("convert", s.agent)
    follow(s)


def follow(s: Script) -> None:
    def run() -> None:
        s.case = s.the_case().followed_by.get()
        s.words["number"] = s.the_case().number

    s.then(run)


def give(s: Script, arg: str) -> None:
    s.pace("feedback", "answer")
    text = s.words.get("answer") or s.words.fill("已向用户解释并协助处理，用户表示了解。")
    s.step("answer", s.agent, lambda: {"text": text, "channel": telling(s)})


def withdraw(s: Script, arg: str) -> None:
    s.wait(1, 9)
    s.act("withdraw", s.agent, dict, reason=s.say("withdraw"))


def reopen(s: Script, arg: str) -> None:
    s.wait(60, 260)
    s.act("reopen", s.lead(), dict, reason=s.say("reopen"))


# -------------------------------------------------------------------- statement and arbitration
def answer(s: Script, arg: str) -> None:
    s.pace(FLOW, "statement")
    with_photo = s.chance.random() < 0.14 and not s.story.is_soft
    by, story, words = s.worker(s.department), s.story, s.words
    taken(s, by, 0.15)
    reasons = story.found if story.found and s.department == story.truth else story.reasons
    facts, reason, remedy = (
        words.pick(s.chance, texts) for texts in (story.facts, reasons, story.remedies)
    )
    words.update(reason=reason, remedy=remedy)
    if arg == "more":
        facts, arg = facts + s.say("more_facts"), ""
    s.step(
        "answer",
        by,
        lambda: {
            "facts": arg + facts,
            "cause_text": reason,
            "remedy": remedy,
            "uploads": [photo(s)] if with_photo else [],
        },
    )
    chat(s, 0.12, s.engineer(), "comment_quality")


def dispute(s: Script, arg: str) -> None:
    s.pace(FLOW, "statement")
    words = s.words
    facts, grounds = words.pick(s.chance, s.story.facts), words.pick(s.chance, s.story.grounds)
    s.step("dispute", s.worker(s.department), lambda: {"facts": facts, "grounds": grounds})
    chat(s, 0.4, s.engineer(), "comment_quality")


def rule(s: Script, arg: str) -> None:
    """Arbitration in favour of who disputed: the department found out answers next. With a
    number it bears that share, the one that disputed the rest."""
    s.pace(FLOW, "arbitration")
    first, percent = s.department, int(arg or 100)
    s.department = code = s.story.truth
    given = {"ruling": s.words.fill(s.story.ruling)}
    by = s.company.people["liqiang"] if s.chance.random() < 0.7 else s.engineer()
    parts = [(code, percent), (first, 100 - percent)]
    s.step("rule", by, lambda: {**given, "shares": beside.shares(s, parts)})


def rule_same(s: Script, arg: str) -> None:
    s.pace(FLOW, "arbitration")
    code, ruling = s.department, s.say("rule_same")
    by = s.company.people["liqiang"]
    s.step("rule", by, lambda: {"ruling": ruling, "department": s.company.departments[code]})


def back_triage(s: Script, arg: str) -> None:
    s.wait(2, 12)
    s.step("return_to_triage", s.worker(s.department), reason=s.say("back_to_triage"))
    s.department = s.story.truth


def back_statement(s: Script, arg: str) -> None:
    s.pace(FLOW, "review")
    s.step("return_to_statement", s.engineer(), reason=s.say("better_statement"))


# -------------------------------------------------------------------- review to closing
def remedy(s: Script, arg: str) -> None:
    s.pace(FLOW, "review")
    by = s.engineer()
    taken(s, by, 0.2)
    s.step("accept_remedy", by, lambda: {"cause": s.company.causes[s.story.cause]})


def verify(s: Script, arg: str) -> None:
    s.cursor = max(s.cursor, s.settled)
    s.pace(s.flow, "verification")
    s.step("verify", s.engineer())


def back_review(s: Script, arg: str) -> None:
    s.wait(1, 6)
    by = s.agent if arg == "reply" else s.engineer()
    s.step("return_to_review", by, reason=s.say("back_to_review"))


def reply(s: Script, arg: str) -> None:
    s.pace(s.flow, "reply")
    pool, s.replied = "reply_again" if s.replied else "reply", True
    s.step("reply", s.agent, lambda: tell(s, pool))


def satisfied(s: Script, arg: str) -> None:
    s.pace(s.flow, "feedback")
    s.step("satisfied", s.agent, lambda: {"answer_text": s.say("satisfied")})


def unsatisfied(s: Script, arg: str) -> None:
    s.pace(s.flow, "feedback")
    s.step("unsatisfied", s.agent, lambda: {"answer_text": s.say("unsatisfied")})


def no_answer(s: Script, arg: str) -> None:
    s.pace(s.flow, "feedback")
    s.step("no_answer", s.agent, reason=s.say("no_answer"))


def close(s: Script, arg: str) -> None:
    s.cursor = max(s.cursor, s.settled)
    s.pace(s.flow, "closing")
    by = s.company.people["liqiang"] if s.chance.random() < 0.5 else s.engineer()
    given = incidents.lessons(s) if s.major else {}
    s.step("close", by, lambda: given)


# -------------------------------------------------------------------- beside the steps
def edit(s: Script, arg: str) -> None:
    s.wait(0.3, 3)
    note = s.say("edit_note")
    s.act("edit", s.agent, lambda: {"description": f"{s.text}\n{note}"})


def attach(s: Script, arg: str) -> None:
    s.wait(0.5, 4)
    s.then(lambda: void(files.attach(by=agent(s), case=s.the_case(), uploads=[photo(s)])))


def taken(s: Script, by: User, likely: float) -> None:
    """Claimed first, some hours before it is done."""
    if s.chance.random() < likely:
        done, s.cursor = s.cursor, s.cursor - 900
        s.claim(by)
        s.cursor = done


def chat(s: Script, likely: float, by: User, pool: str) -> None:
    if s.chance.random() < likely:
        text = s.say(pool)
        s.wait(0.1, 0.6)
        s.then(lambda: void(special.comment(by=by, case=s.the_case(), text=text)))


def comment(s: Script, arg: str) -> None:
    by = s.worker(s.department) if arg == "handler" else s.agent
    chat(s, 1.0, by, f"comment_{arg or 'service'}")


def claim(s: Script, arg: str) -> None:
    """The waiting step is taken by `arg`, or by a likely colleague."""
    s.wait(0.1, 0.4)
    s.claim(s.company.people[arg] if arg else s.worker(s.department))


def hand_over(s: Script, arg: str) -> None:
    """One colleague gives the waiting step to another: "wangfang>zhengjie"."""
    s.wait(0.5, 3)
    giver, taker = (s.company.people[name] for name in arg.split(">"))
    s.hand_over(giver, taker, s.say("transfer"))


def void(_result: object) -> None:
    """An event returns nothing."""


WORDS: dict[str, Callable[[Script, str], None]] = {
    word.__name__: word
    for word in (
        log, ack, accept, major, reject, merge, convert, to_complaint, give, withdraw, reopen,
        answer, dispute, rule, rule_same, back_triage, back_statement, remedy, verify,
        back_review, reply, satisfied, unsatisfied, no_answer, close, edit, attach,
        comment, claim, hand_over, actions.order, actions.add, actions.propose, actions.settle,
        actions.carry, beside.respond, beside.freeze, beside.hear, beside.appeal, beside.flag,
        beside.moved, beside.proposed, beside.dismissed, beside.unflag, incidents.investigate,
        incidents.convene, incidents.opinions, incidents.minutes, incidents.judge,
        incidents.draft, incidents.back_measures, incidents.check, incidents.approve,
        incidents.countersign, incidents.raise_up, incidents.lower,
    )
}  # fmt: skip


def play(s: Script, plot: str, mood: int) -> None:
    """Lay a plot into the script; after a bar stands the step that waits at the base."""
    path, _bar, waits = plot.partition("|")
    tokens = path.split()
    for turn, token in enumerate(tokens):
        word, _colon, arg = token.partition(":")
        s.paths = lives_of(tokens[turn:])
        WORDS[word](s, arg)
        s.marks[word] = s.cursor
    if waits:
        flow, _dot, node = waits.strip().rpartition(".")
        s.rest(flow or s.flow, node, mood)
        s.events = [event for event in s.events if event.at <= s.cursor]


def lives_of(tokens: list[str]) -> list[str]:
    """The paths of the measures that are approved next; a draft needs to know how many."""
    arg = next((token for token in tokens if token.startswith("approve:")), PLAN)
    return arg.partition(":")[2].split("+")
