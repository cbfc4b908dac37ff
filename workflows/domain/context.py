"""What holds for the work in hand: the moment it happens at, and the request it belongs to.

Everything in the engine asks `now()`, so that the demo company and the tests can live through
eighteen months; outside of them it is the clock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)
_request: ContextVar[str] = ContextVar("request", default="")


def now() -> datetime:
    """The aware moment at which the work in hand happens."""
    return _moment.get() or timezone.now()


def given() -> datetime | None:
    """The moment that the work in hand was told to happen at; None outside of tests and demo."""
    return _moment.get()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let everything in the block happen at `moment` (aware)."""
    if timezone.is_naive(moment):
        raise ValueError("a moment must be aware")
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)


def request_id() -> str:
    return _request.get()


@contextmanager
def request(identity: str) -> Iterator[None]:
    """Name the request in every row that the block writes into the record."""
    token = _request.set(identity)
    try:
        yield
    finally:
        _request.reset(token)
