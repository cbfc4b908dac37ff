"""Endpoints on screen: the groups and programs that hear of events."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.web.fields import DepartmentField, LineField
from accounts.web.own import me
from workflows.domain import delivery_log, endpoints, wording
from workflows.domain.endpoints import EndpointDraft, shown_address
from workflows.enums import ENDPOINT_CHANNELS
from workflows.models import Endpoint
from workflows.models.delivery import LANGUAGES
from workflows.web.attempt import DONE, attempt
from workflows.web.delivery_places import frame, operators, told

ACTS = {
    "add": gettext_lazy("Added"),
    "edit": gettext_lazy("Changed"),
    "on": gettext_lazy("Switched on"),
    "off": gettext_lazy("Switched off"),
}


class EndpointForm(forms.Form):
    """Address and secret are written, never read: the fields of a stored endpoint are empty."""

    channel = forms.ChoiceField(
        label=gettext_lazy("Channel"),
        choices=[(one.value, one.label) for one in ENDPOINT_CHANNELS],
    )
    name = LineField(label=gettext_lazy("Name of the endpoint"), max_length=60)
    address = LineField(
        label=gettext_lazy("Address"),
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "https://"}),
        help_text=gettext_lazy("The webhook address that the robot or the program shows you."),
    )
    secret = LineField(
        label=gettext_lazy("Secret"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy(
            "Signs each message. Needed for webhooks; for robots where signing is switched on."
        ),
    )
    no_secret = forms.BooleanField(label=gettext_lazy("Take the secret away"), required=False)
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Events it hears"), widget=forms.CheckboxSelectMultiple
    )
    department = DepartmentField(
        label=gettext_lazy("Only of this department and those below"),
        required=False,
        empty_label=gettext_lazy("of the whole company"),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=LANGUAGES)

    def __init__(self, *args: Any, endpoint: Endpoint | None = None, **given: Any) -> None:
        super().__init__(*args, **given)
        kinds, department = self.fields["kinds"], self.fields["department"]
        assert isinstance(kinds, forms.ChoiceField) and isinstance(department, DepartmentField)
        kinds.choices = [(kind, wording.words_of(kind)) for kind in wording.kinds()]
        department.fill()
        if endpoint is None:
            del self.fields["no_secret"]
            return
        del self.fields["channel"]
        address, secret = self.fields["address"], self.fields["secret"]
        address.required = False
        address.help_text = _("Stored: %(address)s. Empty: it stays.") % {
            "address": shown_address(endpoint)
        }
        if endpoint.secret:
            secret.help_text = _("A secret is stored. Empty: it stays.")
        else:
            del self.fields["no_secret"]


@operators
@require_safe
def endpoint_list(request: HttpRequest) -> HttpResponse:
    rows = Endpoint.objects.select_related("department").order_by("-is_active", "name")
    silent = delivery_log.resting()
    lines = [
        {
            "row": row,
            "rests": f"endpoint:{row.pk}" in silent,
            "address": shown_address(row),
            "kinds": ", ".join(wording.words_of(kind) for kind in row.kinds),
        }
        for row in rows
    ]
    page = {"lines": lines, **frame(request, "endpoints")}
    return render(request, "workflows/endpoints.html", page)


@operators
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    initial = {"kinds": list(wording.kinds()), "language": me(request).language}
    form = EndpointForm(request.POST or None, initial=initial)
    return keep(request, form, None)


@operators
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Endpoint.objects.select_related("department")
    row = get_object_or_404(rows, pk=min(pk, 2**62))
    initial = {name: getattr(row, name) for name in ("name", "kinds", "department", "language")}
    form = EndpointForm(request.POST or None, endpoint=row, initial=initial)
    return keep(request, form, row)


def keep(request: HttpRequest, form: EndpointForm, row: Endpoint | None) -> HttpResponse:
    kept: list[Endpoint] = []

    def run(given: dict[str, Any]) -> None:
        draft = EndpointDraft(**{**given, "kinds": tuple(given["kinds"])})
        kept.append(endpoints.keep(by=me(request), draft=draft, endpoint=row))

    status = attempt(form, run) if request.method == "POST" else 200
    if status == DONE:
        messages.success(request, _("Saved. Send a test to see whether it arrives."))
        return redirect("workflows:endpoint", kept[0].pk)
    page = {
        "form": form,
        "endpoint": row,
        "changes": changes(row) if row else [],
        **frame(request, "endpoints"),
    }
    return render(request, "workflows/endpoint.html", page, status=status)


def changes(row: Endpoint) -> list[dict[str, Any]]:
    """Who did what to it last; its address and secret are not in the history."""
    past = row.history.select_related("history_user").order_by("-history_id")[:10]
    return [{"row": one, "words": ACTS.get(one.history_change_reason, "")} for one in past]


@operators
@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Endpoint, pk=min(pk, 2**62))
    on = request.POST.get("on") == "1"
    endpoints.switch(by=me(request), endpoint=row, on=on)
    messages.success(request, _("Switched on.") if on else _("Switched off."))
    return redirect("workflows:endpoint", row.pk)


@operators
@require_POST
def try_out(request: HttpRequest, pk: int) -> HttpResponse:
    """A test message, and what the other side said."""
    row = get_object_or_404(Endpoint, pk=min(pk, 2**62))
    arrived, sentence = told(endpoints.try_out(by=me(request), endpoint=row))
    (messages.success if arrived else messages.error)(request, sentence)
    return redirect("workflows:endpoint", row.pk)
