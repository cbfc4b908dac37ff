"""When a step is due, from the policy in force."""

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from workflows.domain import calendars
from workflows.domain.calendars import Calendar
from workflows.models import DeadlinePolicy, DeadlineRule


def due_moment(*, flow: str, node: str, major: bool, at: datetime) -> datetime | None:
    """The due moment of a step that starts to wait at `at`: one statement.

    Rules of the policy in force at that moment; a rule for major cases wins over the general
    one, a step without a rule takes the policy's default. None where there is no policy yet.
    """
    holding = DeadlinePolicy.objects.in_force(at)[:1]
    rules = DeadlineRule.objects.filter(policy=OuterRef("pk"), flow=flow, node=node)
    if not major:
        rules = rules.filter(major_only=False)
    chosen = rules.order_by("-major_only").values("hours")[:1]
    policy = holding.annotate(hours=Coalesce(Subquery(chosen), "default_hours")).first()
    if policy is None:
        return None
    return due_after(policy, policy.hours, at=at)


def due_after(policy: DeadlinePolicy, hours: Decimal, *, at: datetime) -> datetime:
    """`hours` of working time after `at`, in the policy's week and the company's time zone."""
    calendar = of_week(json.dumps(policy.week))
    return calendars.add_working_time(calendar, at, timedelta(minutes=int(hours * 60)))


@cache
def of_week(week: str) -> Calendar:
    """The calendar of a policy's week, without holidays; kept, for its totals are."""
    period = calendars.Period(date.min, calendars.read_week(json.loads(week)))
    return Calendar(timezone.get_default_timezone(), (period,))


def due_in(hours: Decimal, *, at: datetime) -> datetime:
    """`hours` of working time after `at` for what no step's rule decides; plain hours where
    there is no policy yet."""
    policy = DeadlinePolicy.objects.in_force(at).first()
    return due_after(policy, hours, at=at) if policy else at + timedelta(hours=float(hours))
