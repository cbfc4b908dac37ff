"""What stands in the address of a list: filters, order, page. What is not known is ignored."""

from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date

from cases.domain.queries import CHOICES, KEYS, TREES, CaseFilter, Order, Page
from cases.domain.responsibility import NOBODY
from workflows.validators import clean_text

MOST_KEY = 2**62
# Seconds since 1970 as far as every database stores moments.
MOST_MICROSECONDS = 4_000_000_000 * 10**6
# They turn pages or open panels, and are no filter.
NO_FILTER = ("after", "before", "sort", "filters", "view")


def whole(text: str) -> int:
    """A key from the address; anything that is none counts as none."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
    return number if number < MOST_KEY else 0


def words(given: QueryDict, name: str = "q", *, most: int = 100) -> str:
    """What somebody searches for; a text that cannot be stored finds nothing special."""
    try:
        return clean_text(given.get(name, "")[:most], lines=False)
    except ValidationError:
        return ""


def day_start(text: str, *, days: int = 0) -> datetime | None:
    """The start of a day of the company, `days` later."""
    try:
        day = parse_date(text)
        if day is None or not 1900 < day.year < 2200:
            return None
        return timezone.make_aware(datetime.combine(day + timedelta(days=days), time()))
    except ValueError:
        return None


def read_filter(request: HttpRequest) -> CaseFilter:
    """The filter from the address; without one, what is open."""
    given = request.GET
    me: Any = request.user.pk
    named: dict[str, Any] = {name: given.get(name, "") for name in CHOICES}
    named |= {name: whole(given.get(name, "")) for name in (*KEYS, *TREES)}
    return CaseFilter(
        text=words(given),
        group=given.get("group", "" if filters_of(given) else "open"),
        flag=given.get("flag", ""),
        received_from=day_start(given.get("from", "")),
        received_to=day_start(given.get("to", ""), days=1),
        closed_from=day_start(given.get("closed_from", "")),
        share=share_of(given),
        overdue=given.get("overdue") == "1",
        logged_by=me if given.get("mine") == "1" else 0,
        with_person=me if given.get("with_me") == "1" else 0,
        **named,
    )


def share_of(given: QueryDict) -> str:
    """Whose share: a department's key, or NOBODY; anything else is no filter."""
    text = given.get("share", "")
    return text if text == NOBODY or whole(text) else ""


def filters_of(given: QueryDict) -> dict[str, str]:
    """The filters that are set, without page, order and panel."""
    return {name: str(value) for name, value in given.items() if value and name not in NO_FILTER}


# ---------------------------------------------------------------------------- pages
def mark_text(mark: tuple[Any, int] | None) -> str:
    """A mark as it stands in the address: the key, with microseconds before it for a moment."""
    if mark is None:
        return ""
    value, key = mark
    return f"{microseconds(value)}-{key}" if isinstance(value, datetime) else str(key)


def microseconds(moment: datetime) -> int:
    return int(moment.timestamp()) * 10**6 + moment.microsecond


def read_mark(text: str, order: Order) -> tuple[Any, int] | None:
    """The mark that `mark_text` wrote; None for anything else."""
    first, dash, second = text.partition("-")
    if not order.column:
        return (None, whole(first)) if whole(first) and not dash else None
    number, key = whole(first), whole(second)
    if not key or not 0 < number < MOST_MICROSECONDS:
        return None
    moment = datetime.fromtimestamp(number // 10**6, tz=timezone.get_current_timezone())
    return moment.replace(microsecond=number % 10**6), key


def marks(request: HttpRequest, order: Order) -> dict[str, Any]:
    """From where the page goes on, for `queries.page`."""
    return {name: read_mark(request.GET.get(name, ""), order) for name in ("after", "before")}


def pager(request: HttpRequest, page: Page) -> dict[str, str]:
    """Both neighbours of a page."""
    return {
        "next_url": address(request, after=mark_text(page.after)) if page.after else "",
        "prev_url": address(request, before=mark_text(page.before)) if page.before else "",
    }


def address(request: HttpRequest, **changes: str) -> str:
    """This list with other parameters, from its first page; an empty one is taken out."""
    kept = {n: v for n, v in request.GET.items() if n not in {"after", "before"} and v}
    kept |= changes
    return "?" + urlencode({name: value for name, value in kept.items() if value})
