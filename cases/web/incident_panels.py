"""The panels of an incident and of an arbitration: which of them stand on the page, and where."""

from typing import Any

from accounts.models import User
from cases.domain import incident_file
from cases.domain.incident_file import IncidentFile
from cases.enums import CaseState as S
from cases.models import Case
from cases.web import beside
from cases.web.case_steps import StepShown

# Where quality decides on what the departments have said, it stands side by side.
DESK = frozenset({S.ARBITRATION, S.REVIEW})
# What has to be read to take the step of a state stands above its form.
ABOVE: dict[str, tuple[str, ...]] = {
    S.CONVENING: ("investigation",),
    S.ARBITRATION: ("investigation", "desk"),
    S.REVIEW: ("desk",),
    S.MEASURES: ("ruling",),
    S.COMPLETENESS: ("measures",),
    S.APPROVAL: ("measures",),
    S.COUNTERSIGNATURE: ("closure",),
}
# In which states a panel is what the case is about.
STAGES: dict[str, frozenset[str]] = {
    "investigation": frozenset({S.INVESTIGATION, S.CONVENING, S.JOINT_REVIEW, S.ARBITRATION}),
    "review": frozenset({S.JOINT_REVIEW, S.ARBITRATION}),
    "ruling": frozenset({S.STATEMENT, S.REVIEW, S.MEASURES, S.COMPLETENESS, S.APPROVAL}),
    "measures": frozenset({S.MEASURES, S.COMPLETENESS, S.APPROVAL, S.ACTION, S.VERIFICATION}),
    "flags": frozenset({S.COUNTERSIGNATURE}),
    "signatures": frozenset({S.CLOSING, S.COUNTERSIGNATURE}),
}
ORDER = ("desk", "responses", "investigation", "review", "ruling", "measures", "flags", "closure",
         "signatures")  # fmt: skip


def context(case: Case, user: User, tasks: list[Any], actions: list[Any]) -> dict[str, Any]:
    """The file of a case that has one: one statement; nothing for an ordinary complaint."""
    if not (case.is_major or getattr(case, "has_file", False) or case.state in DESK):
        return {"file": None, "above": [], "below": []}
    checks = user.authority.sees_all
    file = incident_file.read(case, user, tasks, actions if checks else None)
    names = shown(case, file)
    above = [name for name in ABOVE.get(case.state, ()) if name in names]
    return {
        "file": file,
        "above": [template(name) for name in above],
        "below": [template(name) for name in names if name not in above],
        "has_desk": "desk" in names,
        "unfolded": {*above, *unfolded(case, file)},
    }


def steps(found: list[StepShown]) -> dict[str, Any]:
    """The steps of a page by what they are of: the case, its actions, what runs beside it.

    Of the last, only those that the reader has to do with: whom the others wait for stands in
    their panels. The one that alone waits for the reader is open.
    """
    own = next((one for one in found if one.task.subject_kind == "case"), None)
    mine = [one for one in found if beside.is_beside(one.task) and concerns(one)]
    acting = [one for one in mine if one.choices and not one.blocked]
    alone = own is None or not own.choices
    return {
        "step": own,
        "action_steps": [
            one
            for one in found
            if one.task.subject_kind != "case" and not beside.is_beside(one.task)
        ],
        "beside_steps": sorted(mine, key=lambda one: not one.choices),
        "beside_first": alone and bool(acting),
        "open_beside": acting[0].task.pk if alone and acting else None,
    }


def concerns(step: StepShown) -> bool:
    return bool(step.choices or step.offer.may_release or step.offer.may_transfer)


def shown(case: Case, file: IncidentFile) -> list[str]:
    """The panels that have something to show, in the order of the process."""
    filled = {
        "desk": case.state in DESK and bool(file.parties or file.awaited),
        "responses": bool(file.responses),
        "investigation": bool(file.investigations),
        "review": bool(file.reviews),
        "ruling": bool(file.rulings),
        "measures": bool(file.plans),
        "flags": bool(file.motions),
        "closure": bool(file.closures),
        "signatures": bool(file.signatures),
    }
    return [name for name in ORDER if filled[name]]


def unfolded(case: Case, file: IncidentFile) -> set[str]:
    """What is open: that which the present stage is about, and whatever still waits. The rest is
    folded to its heading, so that a long history stays short."""
    waits = {
        "responses": any(one.row.is_open for one in file.responses),
        "ruling": any(one.appeal and one.appeal.row.is_open for one in file.rulings),
        "flags": any(one.row.is_open for one in file.motions),
        "closure": True,
        "signatures": case.has_ended,
    }
    return {name for name, open_still in waits.items() if open_still} | {
        name for name, stages in STAGES.items() if case.state in stages
    }


def template(name: str) -> str:
    return f"cases/incident_{name}.html"
