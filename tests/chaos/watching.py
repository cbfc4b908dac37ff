"""What is asked of an installation when the chaos is over."""

import sys
import time
from collections import Counter
from collections.abc import Callable

from django.db import connection

from tests.chaos.machines import Installation
from tests.workflows.sinks import Sink
from workflows.domain import invariants
from workflows.models import Outbox, Transition


def wait_for(what: Callable[[], object], seconds: float, installation: Installation) -> float:
    """Wait until it is true; how long that took."""
    begun = time.monotonic()
    while not what():
        connection.close()
        if time.monotonic() - begun > seconds:
            raise AssertionError(f"not within {seconds} s\n{installation.logs()}")
        time.sleep(0.2)
    return time.monotonic() - begun


def undone() -> bool:
    return Outbox.objects.filter(sent=None).exists()


def told(sink: Sink) -> Counter[str]:
    """How often the receiver was told of each effect."""
    return Counter(got.headers["webhook-id"] for got in list(sink.got))


def report(text: str) -> None:
    """Figures for who ran the test to read (pytest -s)."""
    sys.stdout.write(f"\n{text}\n")


def nothing_is_lost(sink: Sink, promised: set[int], *, most_repeats: int) -> str:
    """Every step that was promised is there, and every effect has reached the receiver, whose
    repeats are no more than workers that died with one in hand. Returns the figures."""
    rows = set(Transition.objects.values_list("pk", flat=True))
    effects = set(Outbox.objects.filter(topic="transition").values_list("key", flat=True))
    got = told(sink)
    repeats = sum(got.values()) - len(got)
    assert promised <= rows, "a step that was promised is gone"
    assert set(got) == effects, "an effect is lost, or was never ordered"
    assert repeats <= most_repeats
    assert not Outbox.objects.filter(dead__isnull=False).exists()
    assert list(invariants.violations()) == []
    return f"{len(rows)} transitions, {len(promised)} promised, {repeats} repeats"
