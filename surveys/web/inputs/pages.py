"""One input: its page with cases and history, logging, correcting, withdrawing, linking."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.web.own import me
from cases.models import Customer
from cases.web.attempt import DONE, attempt
from surveys.domain.inputs import events, figures, lists
from surveys.enums import InputKind, Verdict
from surveys.models import PressItem
from surveys.models.inputs import Event
from surveys.web.inputs.columns import COLUMNS, TONES
from surveys.web.inputs.forms import FORMS, InputForm, LinkForm
from surveys.web.inputs.frame import entry_of, frame, kind_of, loggers, readers
from workflows.errors import EngineError, Stale

STALE = 409
MOST_CUSTOMERS = 300
# Fields of events that hold cases.
CASES = ("case", "cases")
LOG: dict[str, Any] = {
    InputKind.PRESS: events.log_press,
    InputKind.RETURNS: events.log_return,
    InputKind.QUALITY: figures.log_quality,
    InputKind.SALES: figures.log_sales,
}


# ---------------------------------------------------------------------------- the page of one
@readers
@require_safe
def detail(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    return page(request, entry_of(kind, pk))


def page(
    request: HttpRequest, entry: Any, *, link: LinkForm | None = None, status: int = 200
) -> HttpResponse:
    by = me(request)
    is_event = isinstance(entry, Event)
    cases = linked(entry)
    changes = lists.changes_of(entry) if is_event else []
    seen = lists.visible([*(case.number for case in cases), *case_numbers(changes)], by)
    known = [case for case in cases if case.number in seen]
    context = {
        **frame(request, entry.KIND),
        "entry": entry,
        "title": str(entry),
        "facts": facts(entry),
        "badge": badge(entry),
        "is_event": is_event,
        "cases": known,
        "hidden": len(cases) - len(known),
        "history": [told(entry, one, seen) for one in changes],
        "revisions": revisions(entry) if not is_event else [],
        "stands": stands(entry),
        "withdrawn": pgettext("input", "Withdrawn"),
        "link": link or (LinkForm(by=by) if takes_case(entry) else None),
    }
    return render(request, "surveys/input.html", context, status=status)


def stands(entry: Any) -> bool:
    """Whether it counts, and can be corrected."""
    return all(getattr(entry, name) == value for name, value in entry.STANDING.items())


def linked(entry: Any) -> list[Any]:
    if isinstance(entry, PressItem):
        return list(entry.cases.order_by("number"))
    case = getattr(entry, "case", None)
    return [] if case is None else [case]


def takes_case(entry: Any) -> bool:
    """A report has any number of cases, a return has one."""
    return isinstance(entry, PressItem) or getattr(entry, "case", entry) is None


def badge(entry: Any) -> dict[str, Any] | None:
    if not isinstance(entry, PressItem):
        return None
    tone, icon = TONES[Verdict(entry.verdict)]
    return {"tone": tone, "icon": icon, "label": entry.get_verdict_display()}


def facts(entry: Any) -> list[tuple[str, str]]:
    """What the page prints beside the title; cases stand on their own."""
    if isinstance(entry, PressItem):
        entry.named_products = list(entry.products.order_by("code"))  # type: ignore[attr-defined]
    left_out = {"case", "cases", "title"}
    return [
        (str(capfirst(column.label)), column.text(entry))
        for column in COLUMNS[entry.KIND]
        if str(column.label) not in {str(verbose(entry, name)) for name in left_out}
    ]


def verbose(entry: Any, name: str) -> Any:
    names = {field.name for field in entry._meta.get_fields()}
    return entry._meta.get_field(name).verbose_name if name in names else name


def case_numbers(changes: Iterable[Any]) -> Iterator[str]:
    """The cases that corrections speak of."""
    for change in changes:
        for name, *texts in change.changes:
            if name in CASES:
                yield from (number for text in texts for number in text.split(", ") if number)


def told(entry: Any, change: Any, seen: set[str]) -> dict[str, Any]:
    """A correction in words, choices in the reader's language; a case that the reader may not
    open is another case."""
    lines: list[tuple[str, ...]] = []
    for name, before, after in change.changes:
        if name == "withdrawn":
            lines.append((pgettext("input", "Withdrawn"), "", ""))
            continue
        if name in CASES:
            before, after = (hidden(text, seen) for text in (before, after))
        field = entry._meta.get_field(name)
        words = dict(getattr(field, "flatchoices", ()) or ())
        label = str(capfirst(field.verbose_name))
        lines.append((label, *(str(words.get(text, text)) for text in (before, after))))
    return {"change": change, "lines": lines}


def hidden(text: str, seen: set[str]) -> str:
    """Numbers of cases, those that the reader may not open without their number."""
    numbers = (one if one in seen else _("another case") for one in text.split(", ") if one)
    return ", ".join(dict.fromkeys(numbers))


def revisions(figure: Any) -> list[dict[str, Any]]:
    """Every revision with what it says, the latest first."""
    columns = [column for column in COLUMNS[figure.KIND] if column.css == "num"]
    return [
        {
            "row": row,
            "cells": [(str(capfirst(one.label)), one.text(row)) for one in columns],
            "from": row.batch.file_name if row.batch else "",
        }
        for row in lists.revisions_of(figure)
    ]


# ---------------------------------------------------------------------------- forms
@loggers
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, kind: str) -> HttpResponse:
    chosen = kind_of(kind)
    form = FORMS[chosen](request.POST or None, by=me(request))
    status, made = 200, list[Any]()
    if request.method == "POST":

        def log(_given: Any) -> None:
            key = form.cleaned_data["form_key"]
            made.append(LOG[chosen](by=me(request), form_key=key, **form.given()))

        status = attempt(form, log)
    if status == DONE:
        messages.success(request, _("Logged."))
        return redirect(made[0].get_absolute_url())
    return form_page(request, chosen, form, status=status)


@loggers
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    entry = entry_of(kind, pk)
    if not stands(entry):
        return redirect(entry.get_absolute_url())
    form = FORMS[entry.KIND](request.POST or None, by=me(request), entry=entry)
    status, made = 200, [entry]
    if request.method == "POST":
        stale: list[Any] = []

        def write(_given: Any) -> None:
            try:
                made[0] = correct(request, form, entry)
            except Stale:
                stale.append(True)
                raise

        status = attempt(form, write)
        if stale:
            form.renew(type(entry).objects.get(pk=entry.pk).version)
    if status == DONE:
        messages.success(request, _("Saved."))
        return redirect(made[0].get_absolute_url())
    return form_page(request, entry.KIND, form, entry=entry, status=status)


def correct(request: HttpRequest, form: InputForm, entry: Any) -> Any:
    given: dict[str, Any] = {"by": me(request), "why": form.why, **form.given()}
    if not isinstance(entry, Event):
        return figures.correct(figure=entry, **given)
    command: Any = events.correct_press if isinstance(entry, PressItem) else events.correct_return
    return command(item=entry, seen=form.cleaned_data["seen"] or 0, **given)


def form_page(
    request: HttpRequest, kind: str, form: InputForm, *, entry: Any = None, status: int = 200
) -> HttpResponse:
    direct = Customer.objects.filter(type="direct").order_by("name")
    context = {
        **frame(request, kind),
        "form": form,
        "entry": entry,
        "title": str(entry) if entry else InputKind(kind).label,
        "customers": list(direct.values_list("name", flat=True)[:MOST_CUSTOMERS])
        if "customer" in form.fields
        else [],
    }
    return render(request, "surveys/input_form.html", context, status=status)


# ---------------------------------------------------------------------------- acts
@loggers
@require_POST
def withdraw(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    entry = entry_of(kind, pk)
    reason = request.POST.get("reason", "")
    try:
        if isinstance(entry, Event):
            events.withdraw(by=me(request), entry=entry, reason=reason)
        else:
            figures.withdraw(by=me(request), figure=entry, reason=reason)
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
        return page(request, entry, status=422)
    except EngineError as refusal:
        messages.error(request, str(refusal))
        return page(request, entry_of(kind, pk), status=refusal.status)
    messages.success(request, _("The input is withdrawn."))
    return redirect(entry.get_absolute_url())


@loggers
@require_POST
def link_case(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Link a case by its number."""
    entry = entry_of(kind, pk)
    if not isinstance(entry, Event):
        return redirect(entry.get_absolute_url())
    form = LinkForm(request.POST, by=me(request))

    def link(given: dict[str, Any]) -> None:
        for case in given["case"]:
            events.link_case(by=me(request), entry=entry, case=case)

    status = attempt(form, link)
    if status == DONE:
        messages.success(request, _("Linked."))
        return redirect(entry.get_absolute_url())
    return page(request, entry, link=form, status=status)
