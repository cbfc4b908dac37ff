"""What the people of a walk type into the forms: mostly sensible, now and then nothing at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from cases.domain.handling import ActionDraft
from cases.domain.measures import MeasureDraft
from cases.enums import ActionKind, Criterion, Extent, Flag, Harm, Kind
from cases.models import Case, CaseLink, CorrectiveAction

RELATIONS = ["duplicate", "has_duplicate", "caused_by", "part_of", "has_part", "related"]


@dataclass(frozen=True)
class Pen:
    """Who writes: chance, the company, the moment; `careful` leaves nothing out."""

    dice: Random
    c: SimpleNamespace
    moment: datetime
    careful: bool = False

    def text(self) -> str:
        return "" if self.slips() else "查明属实。"

    def slips(self) -> bool:
        return not self.careful and self.dice.random() < 0.03

    def later(self, most: int = 30) -> datetime:
        days = -1 if self.slips() else self.dice.randint(1, most)
        return self.moment + timedelta(days=days)

    def department(self) -> Any:
        """One that has handlers; a slip names one that has none."""
        return self.c.marketing if self.slips() else self.dice.choice(self.able())

    def able(self) -> list[Any]:
        return [self.c.workshop, self.c.purchasing]

    def shares(self) -> list[tuple[Any, int]]:
        part = self.dice.choice([10, 50, 70])
        rest = 90 - part if self.slips() else 100 - part
        return [(self.c.workshop, part), (self.c.purchasing, rest)]

    def flag(self) -> str:
        return self.dice.choice(Flag.values)

    def maybe(self, value: Any, otherwise: Any = None) -> Any:
        return value if self.dice.random() < 0.5 else otherwise


def order(pen: Pen) -> ActionDraft:
    kind = pen.dice.choice([ActionKind.CORRECTION, ActionKind.CORRECTIVE])
    return ActionDraft(kind=kind, title="修订指导书", department=pen.department(), due=pen.later())


def measure(pen: Pen) -> MeasureDraft:
    kind = pen.dice.choice(list(ActionKind))
    return MeasureDraft(
        kind=kind, title="加装监控", department=pen.department(), due=pen.later(),
        criterion=pen.maybe(pen.dice.choice(Criterion.values), ""), criterion_text="不良率为零",
        window_days=pen.maybe(pen.dice.randint(0, 60)),
    )  # fmt: skip


def measures(pen: Pen, case: Any) -> dict[str, Any]:
    if pen.careful:
        due = pen.moment + timedelta(days=20)
        kind = pen.dice.choice([ActionKind.CONTAINMENT, ActionKind.CORRECTIVE])
        return {"measures": [MeasureDraft(kind, "封存", pen.c.workshop, due)]}
    return {"measures": [measure(pen) for _turn in range(pen.dice.randint(0, 2))]}


def planned(pen: Pen, action: Any) -> dict[str, Any]:
    return {
        "whys": [pen.text()], "escape_whys": ["终检不测。"], "cause_factor": "method",
        "plan": pen.text(),
    }  # fmt: skip


def ruled(pen: Pen, case: Any) -> dict[str, Any]:
    whole = pen.maybe({"department": pen.department()})
    return {"ruling": pen.text(), "cause": pen.maybe(pen.c.cause)} | (
        whole or {"shares": pen.shares()}
    )


def revised(pen: Pen, appeal: Any) -> dict[str, Any]:
    return {"decision": pen.text(), "shares": pen.shares()}


def convened(pen: Pen, case: Any) -> dict[str, Any]:
    chosen = pen.dice.sample(pen.able(), pen.dice.randint(1, 2))
    return {"departments": chosen, "due": pen.later(10)}


def other(pen: Pen, case: Any, name: str) -> dict[str, Any]:
    """Any other case there is; where there is none, the same."""
    others = list(Case.objects.exclude(pk=case.pk).order_by("pk"))
    return {name: pen.dice.choice(others or [case])}


def merged(pen: Pen, case: Any) -> dict[str, Any]:
    return {"text": pen.text()} | other(pen, case, "survivor")


def linked(pen: Pen, case: Any) -> dict[str, Any]:
    """Any link there is, or one that nobody has made."""
    links = list(CaseLink.objects.order_by("pk"))
    return {"link": pen.dice.choice(links or [CaseLink()])}


def served(pen: Pen, case: Any) -> dict[str, Any] | None:
    """Any action there is; nothing can be typed where there is none."""
    actions = list(CorrectiveAction.objects.order_by("pk"))
    return {"action": pen.dice.choice(actions)} if actions else None


def place(pen: Pen, action: Any) -> dict[str, Any]:
    waiting = [*action.read_across.filter(result="open").values_list("pk", flat=True), 0]
    return {"place": waiting[0], "result": "not_affected", "note": pen.text()}


def further(pen: Pen) -> SimpleNamespace:
    """One more complaint of the same call."""
    return SimpleNamespace(
        title="另一件事", description=pen.text(), product=pen.maybe(pen.c.product), category=None
    )


def told(pen: Pen, subject: Any) -> dict[str, Any]:
    return {"text": pen.text(), "channel": pen.c.channel}


def stated(pen: Pen, case: Any) -> dict[str, Any]:
    if case.flow_key == "feedback":
        return told(pen, case)
    return {"facts": pen.text(), "cause_text": pen.text(), "remedy": pen.text()}


def weighed(pen: Pen, case: Any) -> dict[str, Any]:
    harm, extent = pen.dice.choice(Harm.values), pen.dice.choice(Extent.values)
    return {"harm": pen.maybe(harm, ""), "extent": pen.maybe(extent, "")}


def accepted(pen: Pen, subject: Any) -> dict[str, Any]:
    if subject.SUBJECT_KIND == "action":
        return {}
    return {"department": pen.department(), "severity_reason": "单件。"} | weighed(pen, subject)


def raised(pen: Pen, case: Any) -> dict[str, Any]:
    return {"department": pen.maybe(pen.department()), "severity_reason": "批量。"} | weighed(
        pen, case
    )


def converted(pen: Pen, case: Any) -> dict[str, Any]:
    if case.flow_key == "feedback":
        return {}
    return {"kind": pen.dice.choice([Kind.INQUIRY, Kind.OPINION, Kind.INCIDENT])}


def closed(pen: Pen, subject: Any) -> dict[str, Any]:
    if subject.SUBJECT_KIND == "case" and subject.flow_key == "incident":
        return {"lessons": pen.text(), "similar": pen.text(), "documents": pen.text()}
    return {}


def proposed(pen: Pen, case: Any) -> dict[str, Any]:
    return {"kind": pen.dice.choice(ActionKind.values), "title": pen.text()}


def longer(pen: Pen, case: Any) -> dict[str, Any] | None:
    """One of the clocks that run, with a later date."""
    running = [one for one in case.open_clocks if not one.statutory]
    if not running:
        return None
    clock = pen.dice.choice(running)
    later = max(clock.due, pen.moment) + timedelta(days=pen.dice.randint(1, 30))
    return {"clock": clock, "due": later, "grounds": pen.text()}


def evidence() -> SimpleUploadedFile:
    return SimpleUploadedFile("check.txt", b"30 of 30", content_type="text/plain")


Given = Callable[[Pen, Any], dict[str, Any] | None]
# Outcomes and acts that are not here need nothing but a reason.
GIVEN: dict[str, Given] = {
    "acknowledge": told,
    "reply": told,
    "answer": stated,
    "dispute": lambda pen, case: {"facts": pen.text(), "grounds": pen.text()},
    "accept": accepted,
    "raise_major": raised,
    "merge": merged,
    "convert": converted,
    "rule": ruled,
    "accept_remedy": lambda pen, case: {"cause": pen.maybe(pen.c.cause)},
    "order_actions": lambda pen, case: {
        "actions": [order(pen) for _turn in range(pen.dice.randint(1, 2))]
    },
    "unsatisfied": lambda pen, case: {"answer_text": pen.text()},
    "close": closed,
    "investigate": lambda pen, case: {"facts": pen.text(), "verified": pen.text()},
    "convene": convened,
    "draft_measures": measures,
    "pass_measures": lambda pen, case: {"confirmed": not pen.slips()},
    "report_done": lambda pen, response: {"report": pen.text()},
    "file": lambda pen, opinion: {
        "cause": pen.text(), "responsibility": pen.text(), "measure": pen.text()
    },
    "uphold": lambda pen, appeal: {"decision": pen.text()},
    "revise": revised,
    "assign": lambda pen, action: {"department": pen.department(), "due": pen.later()},
    "begin": planned,
    "submit": lambda pen, action: {"result": pen.text(), "uploads": [evidence()]},
    "verify": lambda pen, subject: (
        {"verification": pen.text()} if subject.SUBJECT_KIND == "action" else {}
    ),
    "watch": lambda pen, action: {"cause": pen.c.cause if pen.careful else pen.maybe(pen.c.cause)},
    # Acts.
    "link": lambda pen, case: {"relation": pen.dice.choice(RELATIONS)} | other(pen, case, "other"),
    "unlink": linked,
    "solve_together": lambda pen, case: {"text": pen.text()},
    "split": lambda pen, case: {"complaints": [further(pen) for _turn in range(2)]},
    "edit": lambda pen, case: {"title": "轴承异响", "product": pen.maybe(pen.c.product)},
    "propose_action": proposed,
    "add_action": lambda pen, case: vars(order(pen)) | {"owner": None},
    "hear": lambda pen, case: {"department": pen.department(), "due": pen.later(10)},
    "appeal": lambda pen, case: {"grounds": pen.text()},
    "propose_flag": lambda pen, case: {"flag": pen.flag(), "evidence": pen.text()},
    "propose_revocation": lambda pen, case: {"flag": pen.flag(), "evidence": pen.text()},
    "order_response": lambda pen, case: {
        "kind": pen.dice.choice(["containment", "on_site"]), "department": pen.department(),
        "instruction": pen.text(),
    },
    "invite": lambda pen, case: {"department": pen.department()},
    "record_minutes": lambda pen, case: {
        "held_at": pen.moment - timedelta(hours=2), "participants": pen.text(),
        "minutes": pen.text(),
    },
    "raise_severity": weighed,
    "lower_severity": weighed,
    "serve": served,
    "list_places": lambda pen, action: {"sites": [pen.dice.choice(["二线", "三线"])]},
    "check_place": place,
    "pause_clocks": lambda pen, subject: {
        "why": pen.dice.choice(["customer", "parts", "outside"]), "text": pen.text()
    },
    "extend_clock": longer,
    "request_extension": lambda pen, action: {
        "due": pen.moment + timedelta(days=pen.dice.randint(20, 90)), "grounds": pen.text()
    },
}  # fmt: skip


def given(pen: Pen, name: str, subject: Any) -> dict[str, Any] | None:
    """The input of an outcome or act; None where there is nothing to choose from."""
    found = GIVEN.get(name)
    return found(pen, subject) if found else {}
