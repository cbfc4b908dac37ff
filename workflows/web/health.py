"""What a monitor asks: is the process there, does it work."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.db.models import Min
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from workflows.domain import scheduler
from workflows.models import Delivery, Outbox, Round, Task

# What waits for longer is late, and so is a lane that gave no sign of life for longer.
LATE = timedelta(minutes=15)
SILENT = timedelta(minutes=2)


@login_not_required
def live(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "live"})


@login_not_required
def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and the background work keeps up, else 503 with why.

    Ages are seconds; null: there was none yet, or (clocks, outbox) nothing waits.
    """
    moment = timezone.now()
    try:
        told = measure(moment)
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    late = problems(told)
    status = "late" if late else "ready"
    return JsonResponse({"status": status, "late": late, **told}, status=503 if late else 200)


def measure(moment: datetime) -> dict[str, Any]:
    """Five statements, however much there is."""
    rounds = {row.name: row for row in Round.objects.all()}
    beat = rounds.pop("beat", None)
    waiting = Outbox.objects.filter(sent=None, dead=None, due__lt=moment).aggregate(
        oldest=Min("due")
    )
    unseen = Task.objects.filter(finished=None, next_at__lt=moment)
    overdue = unseen.aggregate(oldest=Min("next_at"))
    lanes = {
        lane.name: {
            "age": age(moment, rounds[lane.name].at) if lane.name in rounds else None,
            "failed": bool(lane.name in rounds and rounds[lane.name].error),
        }
        for lane in scheduler.lanes()
    }
    return {
        "outbox": {
            "lag": age(moment, waiting["oldest"]),
            "dead": Outbox.objects.filter(dead__isnull=False).count(),
        },
        "deliveries": {"dead": Delivery.objects.filter(dead__isnull=False).count()},
        "clocks": {"lag": age(moment, overdue["oldest"])},
        "lanes": lanes,
        "beat": {"age": age(moment, beat.at) if beat else None},
    }


def age(moment: datetime, then: datetime | None) -> float | None:
    return None if then is None else round((moment - then).total_seconds(), 1)


def problems(told: dict[str, Any]) -> list[str]:
    """What is late. A dead letter is not: it waits for a person, and says so on its page."""
    silent, late = SILENT.total_seconds(), LATE.total_seconds()
    found = [name for name in ("outbox", "clocks") if (told[name]["lag"] or 0) > late]
    found += [
        f"lane {name}"
        for name, lane in told["lanes"].items()
        if lane["age"] is None or lane["age"] > silent
    ]
    if (told["beat"]["age"] or 0) > silent:
        found.append("beat")
    return found
