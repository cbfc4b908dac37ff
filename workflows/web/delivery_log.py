"""The delivery log on screen. Numbers and addressees, no contents: operators see no cases."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _, gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.web.fields import LineField
from accounts.web.own import me
from workflows.domain import delivery_log as log, notices, wording
from workflows.domain.delivery import words
from workflows.enums import Channel
from workflows.models import Delivery
from workflows.web.delivery_places import frame, operators

STATES = {
    log.WAITING: (gettext_lazy("waiting"), "clock", "grey"),
    log.SENT: (gettext_lazy("sent"), "check", "green"),
    log.DEAD: (gettext_lazy("given up"), "circle-x", "red"),
    log.DROPPED: (gettext_lazy("not wanted any more"), "ban", "grey"),
}


class LogFilterForm(forms.Form):
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Event"), required=False)
    q = LineField(label=gettext_lazy("Person, endpoint or number"), required=False, max_length=80)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        kinds = [*notices.WORDS, wording.DIGEST, wording.TEST]
        choices: dict[str, list[Any]] = {
            "channel": Channel.choices,
            "state": [(name, label) for name, (label, _icon, _tone) in STATES.items()],
            "kind": [(kind, wording.words_of(kind)) for kind in kinds],
        }
        for name, rows in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("all")), *rows]


@operators
@require_safe
def deliveries(request: HttpRequest) -> HttpResponse:
    """Lanes at the top, then the messages, the newest first; pages go by key."""
    form = LogFilterForm(request.GET)
    form.is_valid()
    given = form.cleaned_data
    found = log.find(
        channel=given.get("channel", ""),
        state=given.get("state", ""),
        kind=given.get("kind", ""),
        text=given.get("q", ""),
    )
    after = request.GET.get("after", "")
    if after.isascii() and after.isdigit() and len(after) < 16:
        found = found.filter(pk__lt=int(after))
    rows = list(found[: log.PAGE + 1])
    lanes = log.lanes()
    page = {
        "filters": form,
        "filtered": any(given.values()),
        "rows": [dressed(row) for row in rows[: log.PAGE]],
        "page": {"next_url": older(request, rows), "prev_url": ""},
        "lanes": lanes,
        "dead": sum(lane.dead for lane in lanes),
        **frame(request, "log"),
    }
    return render(request, "workflows/deliveries.html", page)


def older(request: HttpRequest, rows: list[Delivery]) -> str:
    if len(rows) <= log.PAGE:
        return ""
    query = request.GET.copy()
    query["after"] = str(rows[log.PAGE - 1].pk)
    return f"?{query.urlencode()}"


def dressed(row: Delivery) -> dict[str, Any]:
    label, icon, tone = STATES[log.state_of(row)]
    return {
        "row": row,
        "event": wording.words_of(row.kind),
        "state": label,
        "icon": icon,
        "tone": tone,
        "is_test": row.key.startswith("test:"),
        "target": row.user or row.endpoint,
        "error": words(row.error),
    }


@operators
@require_safe
def delivery(request: HttpRequest, pk: int) -> HttpResponse:
    """One message: where it goes, its state, every try."""
    rows = Delivery.objects.select_related("user", "endpoint", "bundle")
    row = get_object_or_404(rows, pk=min(pk, 2**62))
    page = {
        **dressed(row),
        "tries": [
            {"row": one, "error": words(one.error)}
            for one in row.tries.select_related("asked_by").order_by("pk")[:200]
        ],
        "is_dead": log.state_of(row) == log.DEAD,
        **frame(request, "log"),
    }
    return render(request, "workflows/delivery.html", page)


@operators
@require_POST
def try_again(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Delivery, pk=min(pk, 2**62))
    if log.try_again(by=me(request), rows=Delivery.objects.filter(pk=row.pk)):
        messages.success(request, _("It is tried again from now on."))
    else:
        messages.info(request, _("It is not given up, so there is nothing to try again."))
    return redirect("workflows:delivery", row.pk)


@operators
@require_POST
def try_all_again(request: HttpRequest) -> HttpResponse:
    """Everything that is given up, of one channel or of all."""
    channel = request.POST.get("channel", "")
    rows = Delivery.objects.all()
    if channel in Channel.values:
        rows = rows.filter(channel=channel)
    count = log.try_again(by=me(request), rows=rows)
    told = ngettext("%(n)s message is tried again.", "%(n)s messages are tried again.", count)
    messages.success(request, told % {"n": count})
    return redirect("workflows:deliveries")
