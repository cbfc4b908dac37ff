"""Words for the steps of a major incident, from the investigation to the two signatures."""

from datetime import datetime
from typing import Any

from accounts.models import Department
from cases.demo import actions, clock
from cases.demo.beside import pieces, scene, shares
from cases.demo.clock import DAY
from cases.demo.script import Script
from cases.domain.measures import MeasureDraft
from cases.enums import Matter
from cases.models import Opinion
from workflows.domain.context import now

FLOW = "incident"
# Measures that each story has of its own.
OWN = ("contain", "correct")
# Working days from the convening within which opinions are due.
REVIEW_DAYS = 3


def investigate(s: Script, arg: str) -> None:
    """The record of the service centre; with "unfounded" it was no incident."""
    s.cursor = max(s.cursor, s.settled)
    s.pace(FLOW, "investigate")
    if arg == "unfounded":
        s.step("unfounded", s.agent, reason=s.say("unfounded"))
        return
    words, told = s.words, s.handling
    facts = words.pick(s.chance, s.story.facts)
    given = {name: words.fill(told[name]) for name in ("verified", "places", "persons")}
    words.update(
        reason=words.pick(s.chance, s.story.reasons),
        remedy=words.pick(s.chance, s.story.remedies),
    )
    s.step(
        "investigate",
        s.agent,
        lambda: {
            **given, "facts": facts, "batch": words["batch"], "quantity": pieces(s),
            "uploads": [scene(s)],
        },
    )  # fmt: skip


def convene(s: Script, arg: str) -> None:
    """Ask two to four departments."""
    s.pace(FLOW, "convene")
    question = s.words.fill(s.handling["question"])
    s.step(
        "convene",
        s.engineer(),
        lambda: {
            "departments": [s.company.departments[code] for code in s.handling["opinions"]],
            "due": clock.end_of_day(clock.position(now()) + REVIEW_DAYS * DAY),
            "question": question,
        },
    )


def opinions(s: Script, arg: str) -> None:
    """The departments file; "late" the last one after the deadline, "missing" the last one not
    at all, "short" one alone, and a number that many so far."""
    codes = list(s.handling["opinions"])
    filing = {"missing": codes[:-1], "short": codes[:1]}.get(arg, codes)
    filing = filing[: int(arg)] if arg.isdigit() else filing
    begun = s.cursor
    for code in filing:
        days = s.chance.uniform(0.3, REVIEW_DAYS - 0.3)
        if arg == "late" and code == codes[-1]:
            days = REVIEW_DAYS + 1.2
        s.cursor = begun + round(days * DAY)
        s.beside(lambda code=code: opinion_of(s, code), "file",  # type: ignore[misc]
                 lambda task, code=code: s.company.workers[code][0],  # type: ignore[misc]
                 lambda code=code: said(s, code))  # type: ignore[misc]  # fmt: skip
        s.settled = max(s.settled, s.cursor)
    s.cursor = s.settled
    if arg in {"missing", "short"}:
        conclude(s, begun, short=arg == "short")


def conclude(s: Script, begun: int, *, short: bool) -> None:
    """End the review after its deadline with what there is."""
    s.cursor = begun + round((REVIEW_DAYS + 1.15) * DAY)
    by = s.company.people["liqiang"] if short else s.engineer()
    s.act("conclude", by, dict, reason=s.say("concluded_short" if short else "concluded"))


def opinion_of(s: Script, code: str) -> Opinion:
    department: Department = s.company.departments[code]
    waiting = Opinion.objects.filter(case=s.the_case(), department=department, state="requested")
    return waiting.select_related("case").order_by("-pk")[0]


def said(s: Script, code: str) -> dict[str, Any]:
    parts = s.handling["opinions"][code]
    return {name: s.words.fill(parts[name]) for name in ("cause", "responsibility", "measure")}


def minutes(s: Script, arg: str) -> None:
    """The review met; its record is attached."""
    s.wait(1, 4)
    heads = "、".join(s.company.workers[code][-1].name for code in s.handling["opinions"])
    text = s.words.fill(s.handling["minutes"])

    def given() -> dict[str, Any]:
        held: datetime = clock.moment(clock.position(now()) - 3600)
        return {"held_at": held, "participants": f"李强、王芳、{heads}", "minutes": text}

    s.act("record_minutes", s.company.people["wangfang"], given)


def judge(s: Script, arg: str) -> None:
    """The ruling: who bears which share; the largest leads."""
    s.pace(FLOW, "arbitration")
    told = s.handling
    s.department = told["shares"][0][0]
    ruling, effects = s.words.fill(told["ruling"]), s.words.fill(told["effects"])
    by = s.engineer() if arg == "engineer" else s.company.people["liqiang"]
    s.step(
        "rule",
        by,
        lambda: {
            "ruling": ruling, "effects": effects, "shares": shares(s, told["shares"]),
            "matters": [Matter.RESPONSIBILITY, Matter.MEASURE],
            "cause": s.company.causes[s.story.cause],
        },
    )  # fmt: skip


# -------------------------------------------------------------------- measures
def draft(s: Script, arg: str) -> None:
    """The department in the lead drafts: contain, correct, remove the cause. "vague" only
    strengthens training, a name is one more measure after others have run."""
    s.pace(FLOW, "measures")
    own = arg if arg in actions.measures() else ""
    s.measures = [own] if own else [*OWN, *s.story.measures[s.ordered :]]
    paths = s.paths
    names = s.measures[: len(paths)]
    summary = s.say("plan_summary")
    s.step(
        "draft_measures",
        s.worker(s.department),
        lambda: {
            "measures": [
                drafted(s, name, paths[turn], turn, vague=arg == "vague" and turn == 2)
                for turn, name in enumerate(names)
            ],
            "summary": summary,
        },
    )


def drafted(s: Script, name: str, path: str, turn: int, *, vague: bool) -> MeasureDraft:
    measure = actions.measure_of(s, name)
    code = actions.place_of(s, name)
    title, text = measure["title"], measure["plan"]
    if vague:
        title, text = "加强员工质量意识教育", "对岗位员工进一步加强培训，提高质量意识。"
    figure = measure.get("figure", "")
    return MeasureDraft(
        kind=actions.kind_of(name, measure),
        title=title,
        department=s.company.departments[code],
        due=actions.due(s, path, turn),
        description=s.words.fill(text),
        criterion="measurement" if figure else "",
        criterion_text=figure,
        window_days=measure.get("days"),
        insisted=vague,
    )


def back_measures(s: Script, arg: str) -> None:
    s.pace(FLOW, "completeness")
    s.step("return_measures", s.engineer(), reason=s.say("back_measures"))


def check(s: Script, arg: str) -> None:
    s.pace(FLOW, "completeness")
    s.step("pass_measures", s.engineer(), lambda: {"confirmed": True})


def approve(s: Script, arg: str) -> None:
    """The manager approves; each measure then lives its own path."""
    paths = arg.split("+")
    s.pace(FLOW, "approval")
    s.step("approve_measures", s.company.people["liqiang"])
    s.then(lambda: actions.remember(s))
    actions.side_by_side(s, s.measures[: len(paths)], paths, first=s.ordered)
    s.ordered += len(paths)


# -------------------------------------------------------------------- the end
def lessons(s: Script) -> dict[str, Any]:
    told = s.handling
    texts = {name: s.words.fill(told[name]) for name in ("lessons", "similar", "documents")}
    return {**texts, "changes_documents": True}


def countersign(s: Script, arg: str) -> None:
    s.pace(FLOW, "countersignature")
    s.step("countersign", s.company.people["jiangtao"])


# -------------------------------------------------------------------- severity
def raise_up(s: Script, arg: str) -> None:
    """A running complaint turns out to be major."""
    s.wait(1, 5)
    told = s.handling
    by, reason = s.engineer(), s.say("raised")
    given = {"harm": told["harm"], "extent": told["extent"]}
    s.act("raise_severity", by, lambda: given, reason=reason)
    s.major = True


def lower(s: Script, arg: str) -> None:
    """It looked worse than it is: triaged anew as a complaint."""
    s.cursor = max(s.cursor, s.settled)
    s.wait(2, 8)
    given = {"harm": "minor", "extent": "single"}
    s.act("lower_severity", s.company.people["liqiang"], lambda: given, reason=s.say("lowered"))
    s.major = False
