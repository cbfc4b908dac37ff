"""Answering over the personal link: no sign-in, nothing counted by looking, nothing lost."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.enums import Function
from accounts.models import Department
from cases.domain.departments import department_for
from surveys.domain import answers as reading, questionnaires, responses, sends, tokens
from surveys.enums import Sign
from surveys.models import Invitee, Response
from surveys.web import sender
from surveys.web.answer_steps import Filled, steps
from workflows.errors import Conflict, EngineError, Forbidden, NotFound

View = Callable[..., HttpResponse]
LANGUAGES = dict(settings.LANGUAGES)
# The field that people do not see.
TRAP = "website"


def public(view: View) -> View:
    """Open without sign-in, in no index and no cache; a refusal is a calm page of its own."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        language = request.GET.get("language", "")
        if language in LANGUAGES:
            translation.activate(language)
        try:
            answer = view(request, token)
        except EngineError as refusal:
            answer = refused(request, token, refusal)
        answer.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        sender.recognise(request, answer)
        if language in LANGUAGES:
            answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, samesite="Lax")
        return answer

    open_view: View = login_not_required(never_cache(guarded))
    return open_view


@require_http_methods(["GET", "HEAD", "POST"])
@public
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The form, and sending it."""
    invitee = responses.find(token=token)
    if request.method == "POST":
        return send(request, token, invitee)
    draft = invitee.draft
    return show(request, token, invitee, Filled.of_draft(draft), before=draft.get("seconds") or 0)


@require_POST
@public
def save(request: HttpRequest, token: str) -> HttpResponse:
    """Keep a draft: by the script as one goes along, or by a button. A language may come along."""
    filled = Filled.of_post(request.POST)
    responses.save_draft(
        token=token,
        answers=filled.answers,
        texts=filled.texts,
        seconds=sender.seconds_since(token, request.POST.get("started", "")),
    )
    if by_script(request):
        return HttpResponse(status=204)
    language = request.POST.get("language", "")
    query = f"?language={language}" if language in LANGUAGES else "?saved=1"
    return redirect(reverse("surveys:answer", args=[token]) + query)


@require_POST
@public
def opened(request: HttpRequest, token: str) -> HttpResponse:
    """The script reports the first touch of the form; opening the link alone does not."""
    responses.open_form(token=token)
    return HttpResponse(status=204)


@require_safe
@public
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    """After sending; somebody who has not sent yet is led to the form."""
    try:
        responses.find(token=token)
    except Conflict:
        return thank(request, token, status=200, words=_("Thank you. Your answers have arrived."))
    return redirect("surveys:answer", token)


# ---------------------------------------------------------------------------- sending
@dataclass(frozen=True)
class Doubt:
    """What made us ask the simple question: the signs, and whether the sum was right."""

    signs: str
    is_settled: bool


def send(request: HttpRequest, token: str, invitee: Invitee) -> HttpResponse:
    filled = Filled.of_post(request.POST)
    seconds = sender.seconds_since(token, request.POST.get("started", ""))
    doubt = doubt_about(request, token)
    if not doubt.is_settled:
        status = 429 if Sign.CROWD in doubt.signs else 422
        return kept(request, token, invitee, filled, seconds, status=status, asks_sum=True)
    try:
        responses.submit(
            token=token,
            answers=filled.answers,
            texts=filled.texts,
            seconds=seconds,
            device=sender.device_key(request),
            address=sender.address_key(request),
            signs=doubt.signs,
        )
    except ValidationError as problem:
        filled = filled.told(problem.message_dict)
        status = 400 if reading.is_foreign(problem) else 422
        return kept(request, token, invitee, filled, seconds, status=status)
    return redirect("surveys:answer_thanks", token)


def doubt_about(request: HttpRequest, token: str) -> Doubt:
    """Too many from one address, or the trap filled in: kept all the same, once a sum is told."""
    signs = []
    if sends.is_crowded(address=sender.address_key(request)):
        signs.append(str(Sign.CROWD))
    if request.POST.get(TRAP, "").strip():
        signs.append(str(Sign.TRAP))
    post = request.POST
    right = bool(signs) and sender.is_right(token, post.get("sum_of", ""), post.get("sum", ""))
    return Doubt(" ".join(signs), right or not signs)


def kept(
    request: HttpRequest,
    token: str,
    invitee: Invitee,
    filled: Filled,
    seconds: int | None,
    *,
    status: int,
    asks_sum: bool = False,
) -> HttpResponse:
    """The form again with everything in it; what can be kept is a draft as well."""
    responses.save_draft(token=token, answers=filled.answers, texts=filled.texts, seconds=seconds)
    answer = show(
        request, token, invitee, filled, before=seconds or 0, status=status, asks_sum=asks_sum
    )
    if status == 429:
        answer.headers["Retry-After"] = "60"
    return answer


# ---------------------------------------------------------------------------- pages
def show(
    request: HttpRequest,
    token: str,
    invitee: Invitee,
    filled: Filled,
    *,
    before: int,
    status: int = 200,
    asks_sum: bool = False,
) -> HttpResponse:
    """The form. Of the customer it tells no more than the name it greets them by.

    Its address is told to our own site only (Referrer-Policy: same-origin, as on all pages): with
    "no-referrer" a browser sends "Origin: null", and the form would be refused as a forgery.
    """
    form = questionnaires.read(responses.document_of(invitee.campaign))
    asked = steps(form, filled)
    page = {
        "token": token,
        "questionnaire": invitee.campaign.questionnaire,
        "name": invitee.name,
        "intro": form.text("intro"),
        "ends_at": invitee.campaign.ends_at,
        "steps": asked,
        "wrong": [step for step in asked if step.errors],
        "general": filled.errors.get("__all__", []),
        "started": sender.started(token, before),
        "sum": sender.question(token) if asks_sum else None,
        "trap": TRAP,
        "is_saved": "saved" in request.GET,
        "is_continued": bool(invitee.draft) and request.method != "POST",
        "languages": other_languages(),
    }
    return render(request, "surveys/answer.html", page, status=status)


def other_languages() -> list[tuple[str, str]]:
    here = translation.get_language()
    return [
        (code, translation.get_language_info(code)["name_local"])
        for code in LANGUAGES
        if code != here
    ]


def refused(request: HttpRequest, token: str, refusal: EngineError) -> HttpResponse:
    """Why there is nothing to answer, in the clothes the caller wears."""
    if by_script(request):
        return HttpResponse(str(refusal), status=refusal.status, content_type="text/plain")
    if isinstance(refusal, Conflict):
        words = _("This form has already been answered. Thank you; nothing more is to be done.")
        return thank(request, token, status=refusal.status, words=words)
    hint = ""
    if isinstance(refusal, NotFound):
        hint = _("Please check whether the address is complete, or scan the code again.")
    elif isinstance(refusal, Forbidden):
        hint = _("Please come back later under the same link.")
    page = {"heading": str(refusal), "hint": hint, "icon": "clock", "languages": other_languages()}
    return said(request, page, refusal.status)


def thank(request: HttpRequest, token: str, *, status: int, words: str) -> HttpResponse:
    """Thanks, and where to turn with what needs help now."""
    row = (
        Response.objects.select_related("questionnaire")
        .filter(invitee__token_hash=tokens.digest(token))
        .first()
    )
    form = questionnaires.read(row.questionnaire.document) if row else None
    centre = Department.objects.filter(pk=department_for(Function.SERVICE) or 0).first()
    page = {
        "heading": words,
        "hint": form.text("thanks") if form else "",
        "icon": "circle-check",
        "centre": centre,
        "languages": other_languages(),
    }
    return said(request, page, status)


def said(request: HttpRequest, page: dict[str, Any], status: int) -> HttpResponse:
    """A page with no form on it: its address is told to nobody, our own site included."""
    answer = render(request, "surveys/answer_said.html", page, status=status)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def by_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"
