"""What templates need beyond Django: icons, moments in words, time left, form controls.

Moments are compared with the engine's `now()`, days are those of the current time zone.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField, ModelChoiceField, widgets
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, ngettext, pgettext

from workflows.domain import policies
from workflows.domain.context import now as engine_now
from workflows.templatetags import ui_texts

register = template.Library()

SOON = timedelta(hours=4)
SOON_SHARE = 0.2
HOURS_UNTIL = timedelta(hours=48)
HIDDEN = format_html('aria-hidden="{}"', "true")


# ---------------------------------------------------------------------------- icons
@register.simple_tag
def icon(name: str, label: Any = "", css: str = "") -> SafeString:
    """A drawing of static/icons.svg; with a label it speaks, without it is decoration."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else HIDDEN
    return format_html(
        '<svg class="icon {}" width="18" height="18" {}><use href="{}#{}"></use></svg>',
        css,
        spoken,
        static("icons.svg"),
        name,
    )


@register.simple_tag
def unique(prefix: str = "u") -> str:
    """An id that no other fragment on the page has, however late it was loaded."""
    return f"{prefix}-{secrets.token_hex(4)}"


@register.simple_tag
def script_texts() -> SafeString:
    """The words our scripts show, in the reader's language."""
    return json_script(ui_texts.of_scripts(), "script-texts")


# ---------------------------------------------------------------------------- moments
def local(value: date | datetime) -> date | datetime:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def absolute_words(value: date | datetime) -> str:
    """2026-11-28 16:30, the same in every language."""
    value = local(value)
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else f"{value:%Y-%m-%d}"


def moment_words(value: date | datetime, now: datetime | None = None) -> str:
    """Today 16:30, tomorrow 09:00, 28 Nov, 2 Mar 2025; for a date without the time."""
    today = timezone.localdate(now or engine_now())
    value = local(value)
    day = value.date() if isinstance(value, datetime) else value
    time = f"{value:%H:%M}" if isinstance(value, datetime) else ""
    near = {-1: _("Yesterday %(time)s"), 0: _("Today %(time)s"), 1: _("Tomorrow %(time)s")}
    distance = (day - today).days
    if distance in near:
        return (near[distance] % {"time": time}).strip()
    if day.year == today.year:
        return format_date(day, pgettext("date format of this year", "j M"))
    return format_date(day, pgettext("date format of another year", "j M Y"))


@register.filter
def absolute(value: date | datetime | None) -> str:
    return absolute_words(value) if value else ""


@register.filter
def moment(value: date | datetime | None) -> str:
    """A moment in words; the absolute one on hover and in print."""
    if not value:
        return ""
    return format_html(
        '<time class="moment" datetime="{}" title="{}"><span>{}</span></time>',
        local(value).isoformat(),
        absolute_words(value),
        moment_words(value),
    )


def span_words(span: timedelta) -> str:
    """The largest whole unit: 40 minutes, 47 hours, 12 days."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    if span < HOURS_UNTIL:
        hours = minutes // 60
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return ngettext("%(n)d day", "%(n)d days", span.days) % {"n": span.days}


@register.filter
def duration(value: timedelta | float | None) -> str:
    """A time span in words; a number is taken as seconds."""
    if value is None:
        return ""
    span = value if isinstance(value, timedelta) else timedelta(seconds=value)
    return span_words(abs(span))


# ---------------------------------------------------------------------------- time left
@dataclass(frozen=True)
class Remaining:
    """What a due chip says, in which tone and with which icon."""

    text: str
    tone: str
    icon: str
    late: bool = False


@register.simple_tag
def remaining(
    due: datetime | None, now: datetime | None = None, started: datetime | None = None
) -> Remaining | None:
    """Time left until `due`: red when late, amber in the last 4 hours or the last fifth.

    A template hands in an empty text for what it does not have.
    """
    if not due:
        return None
    left = due - (now or engine_now())
    if left < timedelta(0):
        text = _("%(span)s overdue") % {"span": span_words(-left)}
        return Remaining(text, "red", "alert-triangle", late=True)
    share = SOON_SHARE * (due - started) if started else SOON
    soon = left < max(SOON, share)
    text = _("%(span)s left") % {"span": span_words(left)}
    return Remaining(text, "amber" if soon else "grey", "hourglass" if soon else "clock")


@register.simple_tag
def finished(at: datetime, due: datetime | None = None) -> Remaining:
    """How a finished step stands to its deadline."""
    if not due or at <= due:
        return Remaining(_("In time") if due else _("Done"), "green", "circle-check")
    text = _("Done %(span)s late") % {"span": span_words(at - due)}
    return Remaining(text, "grey", "circle-check", late=True)


@dataclass(frozen=True)
class BarPart:
    """A stretch of a deadline bar, in hundredths of its length."""

    kind: str
    x: float
    width: float
    label: str


@register.simple_tag
def bar_parts(elapsed: Any = 0, paused: Any = 0, left: Any = 0, over: Any = 0) -> list[BarPart]:
    """Stretches of a stacked bar; all in one unit, or all time spans."""
    given = {"elapsed": elapsed, "paused": paused, "left": left, "over": over}
    sizes = {
        kind: value.total_seconds() if isinstance(value, timedelta) else float(value or 0)
        for kind, value in given.items()
    }
    total = sum(sizes.values())
    parts: list[BarPart] = []
    x = 0.0
    for kind, size in sizes.items():
        if size > 0:
            width = round(100 * size / total, 2)
            parts.append(BarPart(kind, round(x, 2), width, ui_texts.of_bar(kind)))
            x += width
    return parts


@register.filter
def working_span(value: timedelta | None) -> str:
    """26:30 h: hours and minutes of a span that is not counted in days."""
    minutes = round((value or timedelta()).total_seconds() / 60)
    return f"{minutes // 60}:{minutes % 60:02} h"


@register.filter
def file_size(value: int | None) -> str:
    """820 KB, 1.4 MB: as people read it beside a file."""
    size, unit = float(value or 0), "B"
    for larger in ("KB", "MB", "GB"):
        if size < 1024:
            break
        size, unit = size / 1024, larger
    digits = 1 if unit != "B" and size < 10 else 0
    return f"{formats.number_format(size, digits)} {unit}"


# ---------------------------------------------------------------------------- calendars
@register.filter
def week_words(week: Mapping[str, Any]) -> str:
    """Mon, Tue 08:30–12:00, 13:00–17:30."""
    return policies.week_words(week)


@register.filter
def calendar_act(act: str) -> str:
    """What was changed in a calendar."""
    return ui_texts.of_calendar(act)


# ---------------------------------------------------------------------------- form controls
@register.filter
def field_kind(field: BoundField) -> str:
    """How a field is laid out: hidden, file, checkbox, choices (radio, many boxes) or plain."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, widgets.FileInput):
        return "file"
    if isinstance(widget, widgets.CheckboxInput):
        return "checkbox"
    if isinstance(widget, widgets.RadioSelect | widgets.CheckboxSelectMultiple):
        return "choices"
    return "plain"


def dress(field: BoundField) -> str:
    """The CSS class of a control; a plain date widget becomes the browser's own picker."""
    widget = field.field.widget
    if type(widget) is widgets.DateInput and widget.format is None:
        widget.input_type, widget.format = "date", "%Y-%m-%d"
    elif type(widget) is widgets.DateTimeInput and widget.format is None:
        widget.input_type, widget.format = "datetime-local", "%Y-%m-%dT%H:%M"
    if isinstance(widget, widgets.CheckboxInput):
        return "form-check-input"
    if isinstance(widget, widgets.Select):
        return "form-select"
    return "form-control"


@register.simple_tag
def render_field(field: BoundField, **extra: Any) -> str:
    """The control alone, with its class and its state; label, help and errors are field.html's.

    Keyword arguments become attributes, `_` in a name standing for `-`.
    """
    kind = dress(field)
    given: Mapping[str, Any] = field.field.widget.attrs
    attrs = {name.replace("_", "-"): value for name, value in extra.items()}
    invalid = "is-invalid" if field.errors else ""
    classes = [kind, str(given.get("class", "")), str(attrs.pop("class", "")), invalid]
    attrs["class"] = " ".join(name for name in classes if name)
    if isinstance(field.field, ModelChoiceField) and kind == "form-select":
        attrs.setdefault("data-search", not given.get("data-plain"))
    if isinstance(field.field.widget, widgets.FileInput):
        attrs.setdefault("data-max-mb", given.get("data-max-mb", settings.ATTACHMENT_MAX_MB))
    if isinstance(field.field.widget, widgets.Textarea) and "rows" not in attrs:
        attrs["rows"] = given["rows"] if given.get("rows") not in {None, "10"} else 4
    return field.as_widget(attrs=attrs)


@dataclass(frozen=True)
class Option:
    """One radio button or box of a list of choices."""

    control: str
    id: str
    label: Any


@register.filter
def options(field: BoundField) -> list[Option]:
    found = []
    for choice in field.subwidgets:
        css = choice.data["attrs"].get("class", "")
        choice.data["attrs"]["class"] = f"form-check-input {css}".strip()
        found.append(Option(choice.tag(), choice.id_for_label, choice.choice_label))
    return found
