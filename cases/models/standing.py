"""What the rules ask of a case, read once and kept: who did what, what is open, what was ruled."""

from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cases.enums import ACTION_ENDED
from cases.models.policy import CasePolicy, IncidentPolicy
from workflows.models import Clock, Transition

# Whoever takes one of these steps makes the remedy or tells it, and may not close the case.
HANDLED = ("statement", "measures", "carry_out", "accept", "plan", "implement", "reply")


class CaseStanding:
    """Mixed into the case. A page that has read an answer already puts it into `__dict__`."""

    if TYPE_CHECKING:
        pk: int
        actions: Any
        served_by: Any
        processes: Any
        measure_plans: Any
        replies: Any
        joint_reviews: Any
        arbitrations: Any
        appeals: Any
        logged_at: Any
        closed_at: Any
        legal_liability: Any
        media_exposed: Any

    @cached_property
    def new_actions(self) -> list[Any]:
        """Actions that the review is ordering just now; the start of their flow saves them."""
        return []

    @cached_property
    def approved_measures(self) -> list[Any]:
        """The rows of the plan that is being approved just now, one for each new action."""
        return []

    @cached_property
    def new_opinions(self) -> list[Any]:
        """Opinions that are being asked for just now; the start of their flow saves them."""
        return []

    @cached_property
    def open_clocks(self) -> list[Any]:
        """The clocks of the case itself that have not stopped: one statement."""
        return list(Clock.objects.filter(subject_kind="case", subject_id=self.pk, stopped=None))

    @cached_property
    def open_action_numbers(self) -> tuple[str, ...]:
        """Numbers of corrective actions that are neither closed nor cancelled: one statement."""
        open_still = self.actions.exclude(state__in=ACTION_ENDED).order_by("number")
        return tuple(open_still.values_list("number", flat=True))

    @cached_property
    def served_action_numbers(self) -> tuple[str, ...]:
        """Numbers of other cases' open actions that serve this one too: one statement."""
        open_still = self.served_by.exclude(action__state__in=ACTION_ENDED)
        return tuple(open_still.order_by("pk").values_list("action__number", flat=True))

    @cached_property
    def open_beside(self) -> tuple[str, ...]:
        """What else runs beside the steps, as the keys of its flows: responses, opinions,
        appeals, motions on flags. One statement."""
        kinds = ("response", "opinion", "appeal", "flag")
        running = self.processes.filter(finished=None).values_list(*(f"{one}_id" for one in kinds))
        return tuple(
            kind
            for row in running.order_by("pk")
            for kind, key in zip(kinds, row, strict=True)
            if key is not None
        )

    @cached_property
    def handler_ids(self) -> frozenset[int]:
        """Who handled the case: stated for the department, drafted measures, carried out a
        response or an action, replied."""
        rows = Transition.objects.filter(root_kind="case", root_id=self.pk, node__in=HANDLED)
        return frozenset(rows.values_list("by", flat=True))

    @cached_property
    def closer_ids(self) -> frozenset[int]:
        """Who signed the latest closing by quality."""
        rows = Transition.objects.filter(subject_kind="case", subject_id=self.pk, act="close")
        return frozenset(rows.order_by("-pk").values_list("by", flat=True)[:1])

    @cached_property
    def drafter_ids(self) -> frozenset[int]:
        """Who drafted the latest measures: one statement."""
        plans = self.measure_plans.order_by("-revision")
        return frozenset(plans.values_list("drafted_by", flat=True)[:1])

    @cached_property
    def was_replied(self) -> bool:
        return self.replies.filter(kind="reply").exists()

    @cached_property
    def review_count(self) -> tuple[int, int, datetime]:
        """Opinions filed and needed in the open joint review, and its due moment."""
        review = self.joint_reviews.filter(concluded_at=None).first()
        if review is None:
            return 0, 0, self.logged_at
        return review.opinions.filter(state="filed").count(), review.needed, review.due

    @cached_property
    def latest_ruling(self) -> Any:
        """The ruling that holds, or None: one statement."""
        return self.arbitrations.filter(at__isnull=False).order_by("-pk").first()

    @cached_property
    def bearing_ids(self) -> frozenset[int]:
        """The departments that bear a share by the ruling that holds: one statement more."""
        if self.latest_ruling is None:
            return frozenset()
        shares = self.latest_ruling.shares.values_list("department", flat=True)
        return frozenset(shares) or frozenset({self.latest_ruling.department_id})

    @cached_property
    def was_appealed(self) -> bool:
        """Whether there was an appeal against the ruling that holds, or that led to it."""
        ruling = self.latest_ruling
        return ruling is not None and (
            ruling.revises_id is not None or self.appeals.filter(arbitration=ruling).exists()
        )

    @cached_property
    def appeal_until(self) -> datetime | None:
        """Until when the ruling may be appealed, by the policy of its day."""
        if self.latest_ruling is None:
            return None
        policy = IncidentPolicy.objects.in_force(self.latest_ruling.at).first()
        return self.latest_ruling.at + timedelta(days=policy.appeal_days) if policy else None

    @property
    def is_flagged(self) -> bool:
        return self.legal_liability or self.media_exposed

    @cached_property
    def reopen_until(self) -> datetime | None:
        """Until when the case may be reopened, by the policy in force at its closing."""
        if self.closed_at is None:
            return None
        policy = CasePolicy.objects.in_force(self.closed_at).first()
        return self.closed_at + timedelta(days=policy.reopen_days) if policy else None
