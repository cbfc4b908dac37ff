"""Measures of an incident: drafted by the department in the lead, checked, approved, ordered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Department, User
from cases.domain import corrective, incident_policies, wording
from cases.domain.departments import check_can_handle
from cases.enums import ActionKind, Criterion
from cases.models import Case, Cause, CorrectiveAction, MeasurePlan, PlannedMeasure
from cases.rules import did_not_draft
from cases.validators import LONG, Problems, check_future
from workflows.domain.acts import command

MOST = 20


@dataclass(frozen=True)
class MeasureDraft:
    """A measure as it is drafted; `due` is aware, `insisted` keeps a vague wording knowingly.

    An empty criterion takes what the policy proposes for the kind.
    """

    kind: ActionKind | str
    title: str
    department: Department
    due: datetime
    description: str = ""
    owner: User | None = None
    criterion: Criterion | str = ""
    criterion_text: str = ""
    window_days: int | None = None
    insisted: bool = False


@command()
def draft_measures(
    case: Case,
    *,
    by: User,
    at: datetime,
    measures: Sequence[MeasureDraft],
    summary: str = "",
) -> None:
    """Draft what is to be done; measures that only say "strengthen training" are pointed out."""
    problems = Problems()
    summary = problems.text("summary", summary, most=LONG)
    problems.check()
    if not measures and not case.open_action_numbers:
        raise ValidationError({"measures": _("Draft at least one measure.")})
    if len(measures) > MOST:
        raise ValidationError({"measures": _("At most %(n)s measures.") % {"n": MOST}})
    last = case.measure_plans.order_by("-revision").values_list("revision", flat=True).first()
    plan = MeasurePlan.objects.create(
        case=case, revision=(last or 0) + 1, summary=summary, drafted_by=by, drafted_at=at
    )
    policy = incident_policies.in_force(at)
    PlannedMeasure.objects.bulk_create(
        planned(plan, place, draft, policy) for place, draft in enumerate(measures, 1)
    )


def planned(
    plan: MeasurePlan,
    place: int,
    draft: MeasureDraft,
    policy: incident_policies.IncidentPolicy,
) -> PlannedMeasure:
    """A row of the plan. Raises ValidationError under "measures", naming the row."""
    problems = Problems()
    title = problems.text("title", draft.title, most=200, lines=False, needed=True)
    description = problems.text("description", draft.description, most=LONG)
    check_future(problems, "due", draft.due)
    effect = corrective.effect_of(
        problems, kind=draft.kind, criterion=draft.criterion, text=draft.criterion_text,
        days=draft.window_days, major=True, watch_days=policy.watch_days,
    )  # fmt: skip
    vague = wording.point_out(
        problems, title, description, phrases=policy.vague_phrases, insisted=draft.insisted
    )
    try:
        problems.check()
        check_can_handle(draft.department)
        if draft.owner is not None:
            corrective.check_owner(draft.owner, draft.department)
    except ValidationError as error:
        texts = [text for found in error.message_dict.values() for text in found]
        raise ValidationError(
            {
                "measures": [
                    _("Measure %(n)s: %(text)s") % {"n": place, "text": text} for text in texts
                ]
            }
        ) from error
    return PlannedMeasure(
        plan=plan, kind=ActionKind(draft.kind), title=title, description=description,
        department=draft.department, owner=draft.owner, due=draft.due,
        insisted=vague, **effect,
    )  # fmt: skip


def latest(case: Case) -> MeasurePlan | None:
    return case.measure_plans.order_by("-revision").first()


def gaps(case: Case, plan: MeasurePlan) -> list[str]:
    """What a complete plan of a major case would have and this one has not: three statements."""
    kinds = set(plan.measures.values_list("kind", flat=True))
    kinds |= set(case.actions.exclude(state="cancelled").values_list("kind", flat=True))
    contained = case.responses.filter(kind="containment", state="done").exists()
    return missing(kinds, contained=contained)


def missing(kinds: set[str], *, contained: bool) -> list[str]:
    """What actions of these kinds leave open."""
    found = []
    if not contained and ActionKind.CONTAINMENT not in kinds:
        found.append(_("Nothing contains what is out already."))
    if ActionKind.CORRECTION not in kinds:
        found.append(_("Nothing mends the pieces affected (correction)."))
    if not kinds & corrective.REMOVES_CAUSE:
        found.append(_("Nothing removes the cause (corrective action)."))
    return found


@command()
def pass_measures(
    case: Case, *, by: User, at: datetime, cause: Cause | None = None, confirmed: bool = False
) -> None:
    """Quality has checked the plan for completeness; gaps are confirmed knowingly. `cause` is
    what the effect of the measures is watched for."""
    plan = latest(case)
    assert plan is not None
    case.cause = cause or case.cause
    watched = plan.measures.filter(criterion=Criterion.NO_RECURRENCE)
    if case.cause is None and watched.exists():
        raise ValidationError(
            {"cause": _("Name the cause: the effect is watched for the same product and cause.")}
        )
    missing = gaps(case, plan)
    if missing and not confirmed:
        raise ValidationError({"confirmed": [*missing, _("Confirm that this is meant.")]})
    plan.checked_by, plan.checked_at = by, at
    plan.save(update_fields=["checked_by", "checked_at"])


@command(did_not_draft)
def approve_measures(case: Case, *, by: User, at: datetime) -> None:
    """Approve the plan: each measure becomes a corrective action and goes to its department."""
    plan = latest(case)
    assert plan is not None
    plan.approved_by, plan.approved_at = by, at
    plan.save(update_fields=["approved_by", "approved_at"])
    rows = plan.measures.select_related("department", "owner").order_by("pk")
    case.new_actions = []
    for row in rows:
        action = corrective.draft(
            case, by=by, at=at, kind=row.kind, title=row.title, description=row.description,
            department=row.department, owner=row.owner, due=max(row.due, at + corrective.SOON),
            phrases=(),
        )  # fmt: skip
        action.criterion, action.criterion_text = row.criterion, row.criterion_text
        action.window_days, action.insisted = row.window_days, row.insisted
        case.new_actions.append(action)
    case.approved_measures = list(rows)


def ordered(case: Case) -> Iterator[CorrectiveAction]:
    """The actions that the approved measures become. The start of each flow saves its action;
    after the last one the plan learns which action each of its measures is."""
    yield from case.new_actions
    for row, action in zip(case.approved_measures, case.new_actions, strict=True):
        row.action = action
    PlannedMeasure.objects.bulk_update(case.approved_measures, ["action"])
