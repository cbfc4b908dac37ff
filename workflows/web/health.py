"""What a monitor asks: is the process there, does it work."""

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from workflows.models import Lease, Outbox

LATE = timedelta(minutes=15)


@login_not_required
def live(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "live"})


@login_not_required
def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and the background work keeps up, else 503 with why."""
    moment = timezone.now()
    try:
        waiting = Outbox.objects.filter(sent=None, dead=None, due__lt=moment - LATE).exists()
        lease = Lease.objects.filter(name="scheduler", until__gt=moment).exists()
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    problems = ["outbox"] * waiting + ["background"] * (not lease)
    return JsonResponse(
        {"status": "ready" if not problems else "late", "late": problems},
        status=503 if problems else 200,
    )
