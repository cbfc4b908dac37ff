"""A company with the policy of clocks that comes with the installation, and how clocks stand."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from cases.domain.defaults import ensure_defaults
from workflows.domain import context
from workflows.models import Clock, ClockPolicy, ClockRule, Transition

ZONE = ZoneInfo("Asia/Shanghai")
# A Monday, in an ordinary week.
MONDAY = datetime(2026, 6, 1, 9, 0, tzinfo=ZONE)


def timed(company):
    # The company's own policy was made before there were these catalogues.
    ClockRule.objects.all().delete()
    ClockPolicy.objects.all().delete()
    with context.at(MONDAY - timedelta(days=30)):
        ensure_defaults()
    return company


def at(days=0, **more):
    return context.at(MONDAY + timedelta(days=days, **more))


def clocks_of(case) -> dict[str, str]:
    """The clocks of a case and what belongs to it: name and state, the last of each name."""
    return {
        f"{'' if one.subject_kind == 'case' else one.subject_kind + ':'}{one.name}": one.state
        for one in Clock.objects.filter(root_id=case.pk).order_by("pk")
    }


def clock(case, name, **where) -> Clock:
    return Clock.objects.filter(root_id=case.pk, name=name, **where).latest("pk")


def told(case) -> list[tuple[str, str, str]]:
    """What the record says of clocks, with the act it was told with."""
    return [
        (row.act, line["clock"], line["event"])
        for row in Transition.objects.filter(root_id=case.pk).order_by("pk")
        for line in row.data.get("clocks", ())
    ]


def local(moment) -> str:
    return f"{timezone.localtime(moment, ZONE):%m-%d %H:%M}"
