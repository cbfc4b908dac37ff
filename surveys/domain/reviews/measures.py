"""Compiled from the actions: their state and effect, and what became of earlier decisions."""

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from cases.enums import ACTION_ENDED, ActionState as A
from cases.models import CorrectiveAction, Recurrence
from surveys.domain.reviews.compiling import compiles
from surveys.domain.reviews.parts import (
    About,
    Part,
    Row,
    address,
    both,
    cell,
    day,
    named,
    part,
    row,
)
from surveys.enums import ReviewState
from surveys.models import Decision, ManagementReview
from workflows.domain.context import now


@compiles("earlier_decisions")
def earlier_decisions(about: About) -> Part:
    """The decisions of the last signed review, and those of older ones that are still open, each
    with what became of it: two statements."""
    signed = ManagementReview.objects.filter(state=ReviewState.CLOSED).exclude(pk=about.review)
    last = signed.order_by("-closed_at", "-pk").values_list("pk", flat=True).first()
    standing = Q(review=last) | ~Q(action__state__in=ACTION_ENDED)
    found = list(
        Decision.objects.filter(standing, review__in=signed, action__isnull=False)
        .select_related("review", "owner", "department", "action")
        .order_by("review", "position")
    )
    moment = now()
    ended = sum(one.action.state == A.CLOSED for one in found if one.action)
    late = sum(one.is_late(moment) for one in found)
    return part(
        "earlier_decisions",
        _("Decisions of earlier reviews"),
        both(
            _("%(count)s decisions: %(done)s done, %(late)s late."),
            count=len(found), done=ended, late=late,
        ),
        (_("Decision"), _("Kind"), _("Person responsible"), _("Due"), _("Action"), _("State")),
        [of_decision(one, late=one.is_late(moment)) for one in found],
    )  # fmt: skip


def of_decision(decision: Decision, *, late: bool) -> Row:
    action = decision.action
    assert action is not None
    state = A(action.state)
    return row(
        decision.reference,
        cell(f"{decision.reference} {decision.title}", decision.review.get_absolute_url()),
        both(decision.get_kind_display),
        decision.owner.name,
        day(action.due),
        cell(action.number, action.get_absolute_url()),
        both(_("%(state)s, overdue"), state=lambda: str(state.label))
        if late
        else both(state.label),
    )


# ---------------------------------------------------------------------------- actions
@compiles("actions")
def actions(about: About) -> Part:
    """All actions by their state, and how many are overdue: one statement."""
    waiting = ~Q(state__in=ACTION_ENDED | {A.WATCHED}) & Q(due__lt=now())
    counted = (
        CorrectiveAction.objects.order_by()
        .values_list("state")
        .annotate(all=Count("pk"), late=Count("pk", filter=waiting))
    )
    counts = {state: (count, late) for state, count, late in counted}
    late = sum(late for _count, late in counts.values())
    open_ = sum(count for state, (count, _late) in counts.items() if state not in ACTION_ENDED)
    rows = [
        row(
            state,
            both(state.label),
            cell(counts[state][0], address("/actions/", state=state.value)),
            cell(counts[state][1], address("/actions/", state=state.value, overdue=1)),
        )
        for state in A
        if state in counts
    ]
    return part(
        "actions",
        _("Corrective actions by state"),
        both(_("%(open)s actions are open, %(late)s of them overdue."), open=open_, late=late),
        (_("State"), _("Actions"), _("Overdue")),
        rows,
    )


@compiles("effectiveness")
def effectiveness(about: About) -> Part:
    """Whether actions did last: verified in the period, and what came back: two statements."""
    span = {"gte": about.period.starts_at, "lt": about.period.ends_at}
    verified = CorrectiveAction.objects.filter(
        **{f"verified_at__{side}": moment for side, moment in span.items()}
    ).aggregate(all=Count("pk"), again=Count("pk", filter=Q(rework_count__gt=0)))
    recurred = list(
        Recurrence.objects.filter(**{f"found_at__{side}": at for side, at in span.items()})
        .select_related("action", "case", "action__department")
        .order_by("found_at", "pk")
    )
    return part(
        "effectiveness",
        _("Effectiveness of actions"),
        both(
            _("%(verified)s actions verified, %(again)s of them after rework; %(recurred)s"
              " recurrences."),
            verified=verified["all"], again=verified["again"], recurred=len(recurred),
        ),
        (_("Action"), _("Department"), _("Recurred as"), _("Found")),
        [
            row(
                one.pk,
                cell(f"{one.action.number} {one.action.title}", one.action.get_absolute_url()),
                named(one.action.department.name, one.action.department.name_en)
                if one.action.department
                else "–",
                cell(one.case.number, one.case.get_absolute_url()),
                day(one.found_at),
            )
            for one in recurred
        ],
    )  # fmt: skip
