"""Words for what runs beside the steps: responses, hearings, the appeal, flags of two people."""

from collections.abc import Callable
from typing import Any

from accounts.enums import Role
from accounts.models import User
from cases.demo import clock, pictures
from cases.demo.clock import DAY
from cases.demo.script import Part, Script
from cases.demo.texts import phrases
from cases.enums import ResponseKind
from cases.models import Response
from workflows.domain.context import now
from workflows.domain.transitions import perform
from workflows.models import EngineModel, Task

EVIDENCE = {"media_exposed": "flag_media", "legal_liability": "flag_legal"}
WEAK = {"media_exposed": "flag_clip", "legal_liability": "flag_letter"}


# -------------------------------------------------------------------- who takes a step
def taker(s: Script, task: Task) -> User:
    """A likely colleague of the pool that a step waits in."""
    if task.role == Role.SERVICE_AGENT:
        return s.agent
    if task.role in (Role.QUALITY_ENGINEER, Role.QUALITY_MANAGER):
        return s.company.people["liqiang" if task.role == Role.QUALITY_MANAGER else "zhengjie"]
    if task.role == Role.MANAGEMENT_REPRESENTATIVE:
        return s.company.people["jiangtao"]
    assert task.department_id is not None
    codes = {department.pk: code for code, department in s.company.departments.items()}
    return s.company.workers[codes[task.department_id]][0]


def by_pool(s: Script) -> Callable[[Task], User]:
    return lambda task: taker(s, task)


def named(person: User) -> Callable[[Task], User]:
    return lambda task: person


# -------------------------------------------------------------------- immediate responses
def respond(s: Script, arg: str) -> None:
    """What is done at once, at the same time; with `arg` only those kinds ("a+b"), the others
    still wait."""
    wanted = arg.split("+") if arg else list(ResponseKind.values)
    for kind in wanted:
        with s.aside():
            s.wait(0.4, 3.6)
            s.then(lambda kind=kind: responded(s, kind))  # type: ignore[misc]


def responded(s: Script, kind: str) -> None:
    """Report a response; not every case has each kind, and not every one is needed."""
    waiting = Response.objects.filter(case=s.the_case(), kind=kind, state="open")
    response = waiting.select_related("case").order_by("pk").first()
    if response is None:
        return
    if kind == ResponseKind.ON_SITE and "no_visit" in s.handling:
        outcome, reason, given = "decline", str(s.handling["no_visit"]), {}
    else:
        outcome, reason, given = "report_done", "", report(s, response)
    task = Task.objects.select_related("owner").get(
        process__caseprocess__response=response, finished=None
    )
    person = s.company.people[(task.owner or taker(s, task)).username]
    person = s.company.standing_in(person, now().date())
    perform(task, outcome, by=person, reason=reason, **given)


def report(s: Script, response: Response) -> dict[str, Any]:
    own = {
        ResponseKind.CONTAINMENT: "containment",
        ResponseKind.ON_SITE: "on_site",
        ResponseKind.ACKNOWLEDGEMENT: "told",
    }
    if response.instruction:
        return {"report": s.words.pick(s.chance, phrases()["frozen"]), "quantity": pieces(s)}
    given: dict[str, Any] = {"report": s.words.fill(s.handling[own[ResponseKind(response.kind)]])}
    if response.kind == ResponseKind.CONTAINMENT:
        given["quantity"] = pieces(s)
    if response.kind == ResponseKind.ON_SITE:
        given["uploads"] = [scene(s)]
    return given


def pieces(s: Script) -> int:
    return int(s.words["pieces"])


def scene(s: Script) -> Any:
    caption = f"{s.product.code}   {s.words['batch']}   {now():%Y-%m-%d}"
    return pictures.photo(s.chance, "现场取证.jpg", caption, s.story.category)


def freeze(s: Script, arg: str) -> None:
    """One more department is asked to contain."""
    with s.aside():
        s.wait(1, 3)
        text = s.say("respond_again")
        s.act(
            "order_response",
            s.engineer(),
            lambda: {
                "kind": ResponseKind.CONTAINMENT,
                "department": s.company.departments[arg],
                "instruction": text,
            },
        )
        s.wait(1, 3)
        s.then(lambda: responded(s, ResponseKind.CONTAINMENT))


# -------------------------------------------------------------------- a party is heard
def hear(s: Script, arg: str) -> None:
    """Before a ruling the other side is heard; with "open" its statement still waits."""
    other = s.story.truth if s.department != s.story.truth else s.story.department
    s.wait(2, 8)
    s.act(
        "hear",
        s.company.people["liqiang"],
        lambda: {
            "department": s.company.departments[other],
            "due": clock.end_of_day(clock.position(now()) + 2 * DAY),
        },
    )
    if arg == "open":
        return
    s.wait(3, 14)
    said = {
        "cause": s.words.pick(s.chance, s.story.found or s.story.reasons),
        "responsibility": s.say("hearing_right"),
        "measure": s.words.pick(s.chance, s.story.remedies),
    }
    s.beside(last(s, "opinions"), "file", named(s.worker(other)), lambda: said)


def last(s: Script, what: str) -> Part:
    """The newest of what the case has of a kind."""

    def part() -> EngineModel:
        found: EngineModel = getattr(s.the_case(), what).select_related("case").order_by("-pk")[0]
        return found

    return part


# -------------------------------------------------------------------- appeal
def appeal(s: Script, arg: str) -> None:
    """A department that bears a share appeals: "upheld", "revised", or still "open"."""
    s.wait(6, 16)
    who = s.handling["shares"][0][0]
    grounds = s.words.fill(s.handling["appeal"])
    s.act("appeal", s.worker(who), lambda: {"grounds": grounds, "uploads": [scene(s)]})
    if arg == "open":
        return
    s.pace("appeal", "decide")
    decision = s.words.fill(s.handling["appeal_decision"])
    given: dict[str, Any] = {"decision": decision}
    if arg == "revised":
        given["shares"] = shares(s, s.handling["revised"])
    outcome = "revise" if arg == "revised" else "uphold"
    s.beside(last(s, "appeals"), outcome, by_pool(s), lambda: given)


def shares(s: Script, parts: list[tuple[str, int]]) -> list[tuple[Any, int]]:
    return [(s.company.departments[code], percent) for code, percent in parts]


# -------------------------------------------------------------------- flags of two people
def flag(s: Script, arg: str) -> None:
    """Moved with evidence, confirmed by an engineer and by the manager."""
    with s.aside():
        motion(s, arg)
        second(s)


def moved(s: Script, arg: str) -> None:
    """Moved and confirmed by one person; it waits for the second."""
    with s.aside():
        motion(s, arg)


def proposed(s: Script, arg: str) -> None:
    """Moved by the service centre; nobody has confirmed it yet."""
    with s.aside():
        propose(s, arg, WEAK[arg], s.agent)


def dismissed(s: Script, arg: str) -> None:
    """Moved, looked into, and found not to hold."""
    with s.aside():
        propose(s, arg, WEAK[arg], s.agent)
        s.wait(4, 10)
        reason = s.say("flag_dismissed")
        s.beside(last(s, "flag_motions"), "dismiss", named(manager(s)), dict, reason)


def unflag(s: Script, arg: str) -> None:
    """Taken back by two people as well; the representative is the second here."""
    s.wait(30, 80)
    with s.aside():
        evidence = s.words.fill(phrases()["flag_revoked"])
        given = {"flag": arg, "evidence": evidence}
        s.act("propose_revocation", s.engineer(), lambda: given)
        s.wait(1, 6)
        s.beside(last(s, "flag_motions"), "confirm_first", named(manager(s)), dict)
        s.wait(2, 8)
        second_by = s.company.people["jiangtao"]
        s.beside(last(s, "flag_motions"), "confirm_second", named(second_by), dict)


def motion(s: Script, arg: str) -> None:
    by = s.company.people["fengxue"] if arg == "media_exposed" else s.agent
    propose(s, arg, EVIDENCE[arg], by)
    s.wait(1, 6)
    first = s.company.people["tangliang"]
    s.beside(last(s, "flag_motions"), "confirm_first", named(first), dict)


def second(s: Script) -> None:
    s.wait(2, 9)
    s.beside(last(s, "flag_motions"), "confirm_second", named(manager(s)), dict)


def propose(s: Script, arg: str, pool: str, by: User) -> None:
    s.wait(1, 10)
    evidence = s.words.fill(phrases()[pool])
    s.act("propose_flag", by, lambda: {"flag": arg, "evidence": evidence, "uploads": [scene(s)]})


def manager(s: Script) -> User:
    return s.company.people["liqiang"]
