"""The rows behind an 8D report, read with a fixed number of statements."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from cases.enums import ActionState, Purpose
from cases.models import (
    Arbitration,
    Attachment,
    Case,
    Closure,
    CorrectiveAction,
    Investigation,
    JointReview,
    MeasurePlan,
    PlannedMeasure,
    ReadAcross,
    Reply,
    Response,
    Share,
    Statement,
)
from workflows.models import Signature, Transition

CLOSING = ("close", "countersign")
EVIDENCE = (
    Purpose.EVIDENCE, Purpose.RESPONSE, Purpose.INVESTIGATION, Purpose.STATEMENT, Purpose.CASE,
)  # fmt: skip
# What was never decided, or taken back, is not in the report.
NOT_CHOSEN = (ActionState.NEW, ActionState.CANCELLED)


@dataclass(frozen=True)
class Rows:
    """What a case holds; of what can be repeated, the latest."""

    case: Case
    responses: list[Response]
    investigation: Investigation | None
    review: JointReview | None
    ruling: Arbitration | None
    shares: list[Share]
    statement: Statement | None
    plans: list[MeasurePlan]
    drafts: list[PlannedMeasure]
    actions: list[CorrectiveAction]
    read_across: list[ReadAcross]
    files: list[Attachment]
    reply: Reply | None
    closure: Closure | None
    closing: Transition | None
    signatures: list[Signature]


def read(case: Case) -> Rows:
    """Fifteen statements, whatever the case holds."""
    ruling = newest(case.arbitrations.exclude(at=None), "by")
    plans = list(
        case.measure_plans.select_related("drafted_by", "checked_by", "approved_by").order_by("pk")
    )
    drafts = PlannedMeasure.objects.filter(
        plan=plans[-1] if plans else None, plan__approved_at=None
    ).order_by("pk")
    actions = actions_of(case)
    beside = ReadAcross.objects.filter(action__in=[action.pk for action in actions])
    closings = Transition.objects.filter(
        subject_kind="case", subject_id=case.pk, act__in=CLOSING
    )  # fmt: skip
    signatures = Signature.objects.filter(
        root_kind="case", root_id=case.pk,
        transition__subject_kind="case", transition__act__in=CLOSING,
    )  # fmt: skip
    return Rows(
        case=case,
        responses=list(case.responses.select_related("department", "by").order_by("pk")),
        investigation=newest(case.investigations, "by"),
        review=newest(case.joint_reviews, "opened_by"),
        ruling=ruling,
        shares=list(Share.objects.filter(arbitration=ruling).select_related("department")),
        statement=newest(case.statements.filter(disputed=False), "by"),
        plans=plans,
        drafts=list(drafts.select_related("department", "owner")),
        actions=actions,
        read_across=list(beside.select_related("action", "product", "checked_by").order_by("pk")),
        files=list(case.files.filter(removed_at=None, purpose__in=EVIDENCE).order_by("pk")),
        reply=newest(case.replies.filter(kind=Reply.Kind.REPLY)),
        closure=newest(case.closures),
        closing=newest(closings, "by"),
        signatures=list(signatures),
    )


def newest(rows: Any, *related: str) -> Any:
    """The latest row with what it points at: one statement."""
    return (rows.select_related(*related) if related else rows.all()).order_by("-pk").first()


def actions_of(case: Case) -> list[CorrectiveAction]:
    """The case's own actions, and those of other cases that serve it too."""
    return list(
        CorrectiveAction.objects.filter(Q(case=case) | Q(serves__case=case))
        .exclude(state__in=NOT_CHOSEN)
        .select_related("department", "owner", "submitted_by", "verifier", "verified_by")
        .order_by("pk")
        .distinct()
    )
