"""Corrective actions of a case: ordered, carried out in parallel, some sent back or extended."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from cases.demo import clock, pictures
from cases.demo.clock import DAY
from cases.demo.script import ENGINEERS, By, Script
from cases.demo.texts import measures
from cases.domain.handling import ActionDraft
from workflows.domain.context import now

FLOW = "corrective_action"
# The life of an action as a row of its steps; the later ones of the list are still running.
PATHS = {
    "closed": "accept begin submit verify close",
    "reworked": "accept begin submit rework submit verify close",
    "granted": "accept begin ask grant submit verify close",
    "refused": "accept begin ask refuse submit verify close",
    "lapsed": "accept begin ask submit verify close",
    "redirected": "give_back assign accept begin submit verify close",
    "cancelled": "accept cancel",
    "assigned": "",
    "returned": "give_back",
    "accepted": "accept",
    "running": "accept begin",
    "asked": "accept begin ask",
    "submitted": "accept begin submit",
    "verified": "accept begin submit verify",
    "begun": "accept begin",
    # Of major cases: removing the cause shows in time only.
    "watched": "accept begin submit watch window verify close",
    "proved": "accept begin submit rework submit watch window verify close",
    "recurred": "accept begin submit watch recur begin submit watch window verify close",
    "watching": "accept begin submit watch",
    "passed": "accept begin submit watch window",
}
OPEN = ("assigned", "returned", "accepted", "running", "asked", "submitted", "verified")
# Whom the order names at once; elsewhere the department finds somebody itself.
NAMED = {"HQ": "shenguohua", "OF": "yangfan", "MK": "fengxue", "LINER": "chengang"}
# Working days from the base at which running actions are due: late, today, soon, later.
DUE = (0, 4, -3, 9, 0, 2, -1, 14)
# What the measures that belong to a story are.
KINDS = {"contain": "containment", "correct": "correction"}
# Who carries a returned action out instead.
INSTEAD = {"RD": "PU", "PU": "RD"}


def order(s: Script, arg: str) -> None:
    """The review orders actions; each then lives its own path, at the same time."""
    paths = arg.split("+")
    names = [s.measures[turn % len(s.measures)] for turn in range(len(paths))]
    by = s.engineer()
    s.pace("complaint", "review")
    s.step("order_actions", by, lambda: ordered(s, names, paths))
    s.then(lambda: remember(s))
    side_by_side(s, names, paths, first=0)
    s.ordered = len(paths)


def add(s: Script, arg: str) -> None:
    """Order one more action while others run; its path is `arg`."""
    name, number = s.measures[-1], len(s.actions) + 1
    by = s.engineer()
    s.wait(4, 20)
    s.act("add_action", by, lambda: as_given(drafted(s, name, arg, 0)))
    s.then(lambda: remember(s))
    side_by_side(s, [name], [arg], first=number)


def propose(s: Script, arg: str) -> None:
    """The department proposes an action of its own accord; quality has not decided yet."""
    measure = measures()[s.measures[-1]]
    s.wait(1, 6)
    s.act(
        "propose_action",
        s.worker(s.department),
        lambda: {
            "kind": "preventive",
            "title": measure["title"],
            "description": s.words.fill(measure["plan"]),
        },
    )
    s.then(lambda: remember(s))


def settle(s: Script, arg: str) -> None:
    """Quality drops the proposed action."""
    s.pace(FLOW, "assign")
    s.step("cancel", s.engineer(), reason=s.say("cancel_action"), action=0)


def ordered(s: Script, names: list[str], paths: list[str]) -> dict[str, Any]:
    drafts = [
        drafted(s, name, path, turn)
        for turn, (name, path) in enumerate(zip(names, paths, strict=True))
    ]
    return {"actions": drafts, "cause": s.company.causes[s.story.cause]}


def carry(s: Script, arg: str) -> None:
    """An action that was left running when the case was raised goes on."""
    with s.aside():
        life = Life(s, 0, s.story.measures[0])
        for word in arg.split("+"):
            STEPS[word](life)


def measure_of(s: Script, name: str) -> dict[str, Any]:
    """A measure by its name; containment and correction belong to the story."""
    found: dict[str, Any] = s.handling[name] if name in KINDS else measures()[name]
    return found


def kind_of(name: str, measure: dict[str, Any]) -> str:
    return KINDS.get(name) or str(measure["kind"])


def drafted(s: Script, name: str, path: str, turn: int) -> ActionDraft:
    measure = measures()[name]
    code = place_of(s, name)
    owner = s.company.people[NAMED[code]] if code in NAMED and path != "returned" else None
    return ActionDraft(
        kind=measure["kind"],
        title=measure["title"],
        department=s.company.departments[code],
        due=due(s, path, turn),
        description=s.words.fill(f"针对“{s.title}”：{measure['plan']}"),
        owner=owner,
    )


def place_of(s: Script, name: str) -> str:
    """The department of a measure; some belong to whoever answers for the case."""
    code: str = measure_of(s, name)["department"]
    return s.department if code == "@" else code


def as_given(draft: ActionDraft) -> dict[str, Any]:
    return {
        "kind": draft.kind,
        "title": draft.title,
        "department": draft.department,
        "due": draft.due,
        "description": draft.description,
        "owner": draft.owner,
    }


def due(s: Script, path: str, turn: int) -> datetime:
    """Two to four weeks after the order; of running ones as DUE wants it around today."""
    at = clock.position(now())
    if path in {"running", "asked", "accepted"}:
        base = clock.position(s.company.base)
        days = DUE[(s.turn + turn) % len(DUE)]
        return clock.end_of_day(max(base + days * DAY, at + 2 * DAY))
    return clock.end_of_day(at + s.chance.randint(11, 22) * DAY)


def remember(s: Script) -> None:
    s.actions = list(s.the_case().actions.order_by("pk"))


def side_by_side(s: Script, names: list[str], paths: list[str], *, first: int) -> None:
    """Lay the lives of actions beside one another; the case goes on after the last."""
    begun, ends = s.cursor, []
    for turn, (name, path) in enumerate(zip(names, paths, strict=True)):
        s.cursor = begun
        life = Life(s, first + turn, name)
        for word in PATHS[path].split():
            STEPS[word](life)
        ends.append(s.cursor)
    s.cursor = max(ends)


class Life:
    """One action of a script: its place among the actions, its measure, who works at it."""

    def __init__(self, s: Script, index: int, name: str) -> None:
        self.s, self.index, self.name = s, index, name
        self.measure = measure_of(s, name)
        self.turn = s.chance.randrange(len(ENGINEERS))
        self.looked, self.came_back = False, False
        self.department = place_of(s, name)

    def worker(self) -> User:
        if self.department in NAMED:
            return self.s.company.people[NAMED[self.department]]
        return self.s.worker(self.department)

    def do(self, outcome: str, by: By, given: Any = None, reason: str = "") -> None:
        self.s.step(outcome, by, given, reason=reason, action=self.index)

    def text(self, part: str) -> str:
        return self.s.words.fill(self.told()[part])

    def told(self) -> dict[str, Any]:
        """The texts of the measure; after a recurrence what was overlooked before."""
        again = self.measure.get("again") if self.came_back else None
        return {**self.measure, **again} if again else self.measure

    def verifier(self) -> User:
        """Somebody of quality who neither ordered nor carried it out."""
        s, action = self.s, self.s.actions[self.index]
        barred = {action.ordered_by_id, action.owner_id, action.submitted_by_id}
        names = [ENGINEERS[(self.turn + step) % len(ENGINEERS)] for step in range(3)]
        today = timezone.localdate(now())
        able = [s.company.standing_in(s.company.people[name], today) for name in names]
        return next(person for person in able if person.pk not in barred)


def accept(life: Life) -> None:
    life.s.pace(FLOW, "accept")
    life.do("accept", life.worker())


def instead(life: Life) -> str:
    return INSTEAD.get(life.department, "RD")


def give_back(life: Life) -> None:
    life.s.pace(FLOW, "accept")
    life.do("return_to_orderer", life.worker(), reason=life.s.say(f"return_action_{instead(life)}"))


def assign(life: Life) -> None:
    """Ordered anew, from another department."""
    s = life.s
    s.pace(FLOW, "assign")
    life.department = code = instead(life)
    life.do(
        "assign",
        s.engineer(),
        lambda: {
            "department": s.company.departments[code],
            "due": due(s, "closed", 0),
        },
    )


def begin(life: Life) -> None:
    life.s.pace(FLOW, "plan")
    occurred, escaped = trees(life)
    life.do(
        "begin",
        life.worker(),
        lambda: {
            "whys": occurred,
            "escape_whys": escaped,
            "cause_factor": life.measure["factor"],
            "plan": life.text("plan"),
        },
    )


def trees(life: Life) -> tuple[list[Any], list[str]]:
    """Why it occurred and why it was not caught; a general complaint asks the first alone."""
    told = life.told()
    chain, tree = told.get("whys", []), told.get("tree")
    if not life.s.major:
        return list(chain), []
    return list(tree or chain), list(told.get("escape", []))


def submit(life: Life) -> None:
    s = life.s
    s.wait(16, 72)
    life.do(
        "submit", life.worker(), lambda: {"result": life.text("result"), "uploads": proof(life)}
    )


def proof(life: Life) -> list[Any]:
    """Evidence: a record to calculate with, or a scan."""
    s, action = life.s, life.s.actions[life.index]
    if s.chance.random() < 0.6:
        return [pictures.record(s.chance, "检验记录.csv", action.number, action.title)]
    return [pictures.sheet(s.chance, "培训与检查记录.png", action.number)]


def rework(life: Life) -> None:
    life.s.pace(FLOW, "verify")
    life.do("rework", life.s.engineer(), reason=life.s.say("rework"))


def verify(life: Life) -> None:
    life.s.pace(FLOW, "verify")
    clean = life.s.say("window_clean") if life.looked else ""
    life.do("verify", life.verifier, lambda: {"verification": life.text("verification") + clean})


def watch(life: Life) -> None:
    """Carried out as planned: whoever says so decides after the window."""
    life.s.pace(FLOW, "verify")
    life.do("watch", life.verifier)


def window(life: Life) -> None:
    """The window passes without a recurrence; the sweep of the next morning finds it over."""
    life.looked = True
    days = life.measure.get("days", 90)
    life.s.cursor += round(days * 6 / 7 + 2) * DAY


def recur(life: Life) -> None:
    """While it is watched somebody complains of the same; the action is open again."""
    s = life.s
    assert s.again is not None
    s.cursor += round(s.chance.uniform(17, 24) * DAY)
    other = s.again(s)
    s.echoes.append((s.cursor, other))
    s.cursor += other.marks["remedy"] + DAY + 3600
    life.came_back = True


def close(life: Life) -> None:
    life.s.pace(FLOW, "close")
    life.do("close", life.s.engineer())


def cancel(life: Life) -> None:
    s = life.s
    s.wait(6, 30)
    s.act("cancel", s.engineer(), dict, reason=s.say("cancel_action"), action=life.index)


def ask(life: Life) -> None:
    """Ask for a week or two more."""
    s = life.s
    s.wait(8, 24)
    grounds, days = s.say("extension"), s.chance.randint(6, 12)

    def given() -> dict[str, Any]:
        present = s.actions[life.index].due
        at = max(clock.position(now()), clock.position(present) if present else 0)
        return {"due": clock.end_of_day(at + days * DAY), "grounds": grounds}

    s.act("request_extension", life.worker(), given, action=life.index)


def grant(life: Life) -> None:
    life.s.pace("extension", "decide")
    life.s.step("grant", life.s.engineer(), action=life.index, extension=True)


def refuse(life: Life) -> None:
    life.s.pace("extension", "decide")
    reason = life.s.say("refuse_extension")
    life.s.step("refuse", life.s.engineer(), reason=reason, action=life.index, extension=True)


STEPS: dict[str, Callable[[Life], None]] = {
    step.__name__: step
    for step in (
        accept, give_back, assign, begin, submit, rework, verify, watch, window, recur, close,
        cancel, ask, grant, refuse,
    )
}  # fmt: skip
