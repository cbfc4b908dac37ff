"""Wordings on screen: both languages beside their preview, tests, and the versions before."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.web.own import me
from workflows.domain import wording, wordings
from workflows.domain.wording import BODY_LENGTH, LANGUAGES, SUBJECT_LENGTH, Wording
from workflows.domain.wordings import Drafts, short
from workflows.enums import Family
from workflows.models import Endpoint
from workflows.web.attempt import DONE, attempt
from workflows.web.delivery_places import frame, operators, told

NAMES = {"zh-hans": gettext_lazy("Simplified Chinese"), "en": gettext_lazy("English")}


class WordingForm(forms.Form):
    """Subject and text in each language, and to which endpoint a test goes."""

    endpoint = forms.ModelChoiceField(
        label=gettext_lazy("Send a test to"),
        queryset=Endpoint.objects.filter(is_active=True),
        required=False,
    )

    def __init__(self, *args: Any, family: str, drafts: Drafts, **given: Any) -> None:
        super().__init__(*args, **given)
        if family == Family.EMAIL:
            del self.fields["endpoint"]
        for language, words in drafts.items():
            name = short(language)
            self.fields[f"subject_{name}"] = forms.CharField(
                label=_("Subject line"), initial=words.subject, max_length=SUBJECT_LENGTH
            )
            self.fields[f"body_{name}"] = forms.CharField(
                label=_("Text"),
                initial=words.body,
                max_length=BODY_LENGTH,
                widget=forms.Textarea(attrs={"rows": 8}),
            )

    def drafts(self) -> Drafts:
        """What is typed, or stored where nothing was."""

        def typed(name: str) -> str:
            return str(self[name].value() or "").replace("\r\n", "\n")

        return {
            language: Wording(typed(f"subject_{short(language)}"), typed(f"body_{short(language)}"))
            for language in LANGUAGES
        }


def known(kind: str, family: str) -> None:
    if wordings.Entry(kind, family, own=False) not in {
        wordings.Entry(one.kind, one.family, own=False) for one in wordings.entries()
    }:
        raise Http404


@operators
@require_safe
def wording_list(request: HttpRequest) -> HttpResponse:
    lines = [
        {"entry": one, "words": wording.words_of(one.kind), "family": Family(one.family).label}
        for one in wordings.entries()
    ]
    return render(
        request, "workflows/wordings.html", {"lines": lines, **frame(request, "wordings")}
    )


@operators
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, kind: str, family: str) -> HttpResponse:
    """`do` says what to do with what is typed: look at it, try it out, or keep it."""
    known(kind, family)
    holding = wordings.drafts_of(kind, family)
    form = WordingForm(request.POST or None, family=family, drafts=holding)
    status, result = 200, None
    if request.method == "POST":
        do = request.POST.get("do", "preview")
        if do == "save":
            status = attempt(form, lambda _given: save(request, form, kind, family))
            if status == DONE:
                return redirect("workflows:wording", kind, family)
        else:
            outcomes: list[Any] = []
            status = attempt(form, lambda _given: outcomes.append(look(request, form, kind, do)))
            status = 200 if status == DONE else status
            result = outcomes[0] if outcomes else None
    page = {
        "form": form,
        "kind": kind,
        "family": family,
        "family_label": Family(family).label,
        "words": wording.words_of(kind),
        "variables": [(f"{{{name}}}", words) for name, words in wording.variables(kind).items()],
        "languages": shown(request, form, kind, family, ok=status == 200),
        "versions": wordings.versions(kind, family),
        "result": result,
        **frame(request, "wordings"),
    }
    return render(request, "workflows/wording.html", page, status=status)


def save(request: HttpRequest, form: WordingForm, kind: str, family: str) -> None:
    if wordings.keep(by=me(request), kind=kind, family=family, drafts=form.drafts()):
        messages.success(request, _("Saved. It holds from the next message on."))
    else:
        messages.info(request, _("Nothing was changed."))


def look(request: HttpRequest, form: WordingForm, kind: str, do: str) -> tuple[bool, str] | None:
    """Check what is typed, and send it where a test was asked for."""
    drafts = form.drafts()
    if do == "mail":
        return told(wordings.send_to_me(by=me(request), kind=kind, drafts=drafts))
    endpoint = form.cleaned_data.get("endpoint")
    if do == "endpoint" and endpoint is not None:
        out = wordings.send_to(by=me(request), kind=kind, drafts=drafts, endpoint=endpoint)
        return told(out)
    wordings.check(kind, drafts)
    if do == "endpoint":
        form.add_error("endpoint", _("Please fill this in."))
    return None


def shown(
    request: HttpRequest, form: WordingForm, kind: str, family: str, *, ok: bool
) -> list[dict[str, Any]]:
    """Each language with its two fields and, where nothing is wrong, its preview."""
    previews = (
        wordings.preview(by=me(request), kind=kind, family=family, drafts=form.drafts())
        if ok
        else {}
    )
    return [
        {
            "code": language,
            "name": NAMES[language],
            "fields": [form[f"subject_{short(language)}"], form[f"body_{short(language)}"]],
            "preview": previews.get(language),
        }
        for language in LANGUAGES
    ]


@operators
@require_POST
def built_in(request: HttpRequest, kind: str, family: str) -> HttpResponse:
    known(kind, family)
    wordings.back_to_built_in(by=me(request), kind=kind, family=family)
    messages.success(request, _("The built-in wording holds again."))
    return redirect("workflows:wording", kind, family)
