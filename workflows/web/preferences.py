"""My notifications: which events by which channel, quiet hours, one summary a day."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.web.own import me
from workflows.channels import email
from workflows.domain import notices, preferences
from workflows.domain.preferences import Wishes
from workflows.domain.routing import BELL
from workflows.domain.wording import words_of
from workflows.enums import Channel
from workflows.web.attempt import DONE, attempt


class TimeField(forms.TimeField):
    """A time of day to the minute; the browser brings its own picker."""

    def __init__(self, **given: Any) -> None:
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        super().__init__(widget=widget, required=False, input_formats=["%H:%M"], **given)


class WishesForm(forms.Form):
    """The times, and a hidden matrix: the page draws a box `on` of kind:channel for each pair."""

    quiet_from = TimeField(label=gettext_lazy("Quiet from"))
    quiet_until = TimeField(label=gettext_lazy("Quiet until"))
    digest_at = TimeField(
        label=gettext_lazy("One summary a day at"),
        help_text=gettext_lazy("On working days. Empty: each e-mail by itself."),
    )

    def off(self) -> frozenset[preferences.Pair]:
        """The pairs whose box is not ticked."""
        ticked = set(self.data.getlist("on"))  # type: ignore[attr-defined]
        return frozenset(pair for pair in preferences.pairs() if ":".join(pair) not in ticked)

    def wishes(self) -> Wishes:
        return Wishes(**self.cleaned_data, off=self.off())


@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """Everybody keeps their own; nobody keeps another person's."""
    held = preferences.wishes_of(me(request))
    times = {name: getattr(held, name) for name in WishesForm.base_fields}
    form = WishesForm(request.POST or None, initial=times)
    status, off = 200, held.off
    if request.method == "POST":
        off = form.off()
        keep = partial(preferences.keep, by=me(request))
        status = attempt(form, lambda _given: keep(wishes=form.wishes()))
        if status == DONE:
            messages.success(request, _("Saved."))
            return redirect("workflows:preferences")
    page = {"form": form, "rows": matrix(off), "mail": mail_state(request)}
    return render(request, "workflows/preferences.html", page, status=status)


def matrix(off: frozenset[preferences.Pair]) -> list[dict[str, Any]]:
    return [
        {
            "words": words_of(kind),
            "urgent": kind in notices.URGENT,
            "boxes": [
                {"value": f"{kind}:{channel}", "on": (kind, channel) not in off, "label": label}
                for channel, label in ((BELL, _("Bell")), ("email", Channel.EMAIL.label))
            ],
        }
        for kind in notices.WORDS
    ]


def mail_state(request: HttpRequest) -> str:
    """Why no e-mail comes, if none does: "off" for all, "address" for who has none."""
    if not email.is_on():
        return "off"
    return "" if me(request).email else "address"
