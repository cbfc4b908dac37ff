"""The catalogues on screen: a list each, and forms for its entries."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import may_keep_rules
from accounts.web.access import only
from accounts.web.answers import changed
from accounts.web.own import me
from accounts.web.places import sections
from cases.domain import catalogue_lists, catalogues
from cases.models.catalogue import Entry
from cases.web.attempt import DONE, attempt
from cases.web.forms.catalogue import EntryForm
from workflows.errors import EngineError

keepers = only(may_keep_rules)
FIRST = "channels"


def model_of(key: str) -> type[Entry]:
    try:
        return catalogues.CATALOGUES[key]
    except KeyError:
        raise Http404 from None


def entry_of(key: str, pk: int) -> Any:
    model = model_of(key)
    places = {"department", "parent"} & set(catalogues.fields_of(model))
    rows = model._default_manager.select_related(*places) if places else model._default_manager
    return get_object_or_404(rows, pk=min(pk, 2**62))


def tabs(request: HttpRequest, active: str) -> dict[str, Any]:
    """The sections of the administration, and below them one tab for each catalogue."""
    kinds = [
        {
            "label": capfirst(model._meta.verbose_name_plural),
            "url": reverse("cases:catalogue", args=[key]),
            "active": key == active,
            "icon": "",
            "count": None,
        }
        for key, model in catalogues.CATALOGUES.items()
    ]
    return {"tabs": sections(request, "catalogues"), "kinds": kinds}


@keepers
@require_safe
def catalogue(request: HttpRequest, key: str = FIRST) -> HttpResponse:
    model = model_of(key)
    text = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    after = request.GET.get("after", "")
    rows, following = catalogue_lists.page(
        model, text=text, after=int(after[:18]) if after.isdecimal() else 0
    )
    query = request.GET.copy()
    query["after"] = str(following)
    page = {
        "key": key,
        "title": model._meta.verbose_name_plural,
        "fields": catalogues.fields_of(model),
        "rows": rows,
        "q": text,
        "page": {"next_url": f"?{query.urlencode()}" if following else None},
        **tabs(request, key),
    }
    return render(request, "cases/catalogue_list.html", page)


@keepers
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, key: str) -> HttpResponse:
    model = model_of(key)
    below = request.GET.get("below", "")
    initial = {"parent": below if below.isdecimal() else None}
    form = EntryForm(request.POST or None, model=model, initial=initial)
    status = 200
    if request.method == "POST":
        status = attempt(
            form, lambda given: catalogues.add_entry(by=me(request), model=model, **given)
        )
    if status == DONE:
        messages.success(request, _("Added."))
        return redirect("cases:catalogue", key)
    page = {"key": key, "form": form, **tabs(request, key)}
    return render(request, "cases/catalogue_add.html", page, status=status)


@keepers
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Only what the person changed is written, so that a colleague's change beside it stays."""
    entry = entry_of(key, pk)
    form = EntryForm(request.POST or None, model=type(entry), entry=entry)
    status = 200
    if request.method == "POST":
        status = attempt(
            form,
            lambda given: catalogues.change_entry(
                by=me(request), entry=entry, **changed(form, given)
            ),
        )
    if status == DONE:
        messages.success(request, _("Saved."))
        return redirect("cases:catalogue", key)
    if request.method == "POST":
        entry = entry_of(key, pk)  # as it is stored: the refused command wrote on the one in hand
    return show(request, key, entry, form=form, status=status)


def show(
    request: HttpRequest,
    key: str,
    entry: Any,
    *,
    form: EntryForm,
    refusal: Any = None,
    status: int = 200,
) -> HttpResponse:
    page = {
        "key": key,
        "entry": entry,
        "form": form,
        "refusal": refusal,
        "why_kept": catalogues.why_kept(entry) if entry.is_active else None,
        "code_is_fixed": "code" not in catalogues.changeable(type(entry)),
        **tabs(request, key),
    }
    return render(request, "cases/catalogue_entry.html", page, status=status)


@keepers
@require_POST
def switch_off(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    return switch(request, key, pk, catalogues.switch_off, _("Switched off."))


@keepers
@require_POST
def switch_on(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    return switch(request, key, pk, catalogues.switch_on, _("Switched on."))


def switch(request: HttpRequest, key: str, pk: int, command: Any, said: str) -> HttpResponse:
    entry = entry_of(key, pk)
    try:
        command(by=me(request), entry=entry)
    except EngineError as refusal:
        form = EntryForm(model=type(entry), entry=entry)
        return show(request, key, entry, form=form, refusal=refusal.message, status=refusal.status)
    messages.success(request, said)
    return redirect("cases:catalogue", key)
