"""A management review on screen: its page, its steps, what is written at it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases.domain.options import Options
from cases.web.case_posts import do_act, done, send
from cases.web.case_steps import Sent
from cases.web.forms import FORMS, make
from surveys.models import ManagementReview
from surveys.web import review_page
from surveys.web.review_page import MENU, load
from surveys.web.steps import around, take
from workflows.domain import registry
from workflows.domain.transitions import intervene
from workflows.models import EngineModel

BAD_INPUT = 422
# Where the page goes on after an act.
PLACES = {
    "add_participant": "#participants", "drop_participant": "#participants",
    "mark_presence": "#participants", "write_minutes": "#minutes", "put_decision": "#decisions",
    "drop_decision": "#decisions",
}  # fmt: skip


@require_safe
def detail(request: HttpRequest, number: str) -> HttpResponse:
    return page(request, load(request, number))


def page(
    request: HttpRequest, review: ManagementReview, sent: Sent | None = None, *, status: int = 200
) -> HttpResponse:
    context = review_page.context(request, review, sent)
    return render(request, "surveys/review.html", context, status=status)


def again(request: HttpRequest, number: str, sent: Sent) -> HttpResponse:
    """The page once more, with the refusal on top and everything typed."""
    return page(request, load(request, number), sent, status=status_of(sent))


def status_of(sent: Sent) -> int:
    return sent.status if sent.problem else BAD_INPUT


def perform(request: HttpRequest, number: str, pk: int, outcome: str) -> HttpResponse:
    """Complete a step: call the meeting, hand over, sign, return, cancel."""
    review = load(request, number)
    if request.method != "POST":
        return redirect(review.get_absolute_url())
    subject, sent = take(request, review, pk, outcome)
    return again(request, number, sent) if subject is None else redirect(review.get_absolute_url())


@require_safe
def steps(request: HttpRequest, number: str) -> HttpResponse:
    """The waiting steps alone, after something else on the page has changed."""
    review = load(request, number)
    steps_url = reverse("surveys:review_steps", args=[review.number])
    context = {**around(request, review), "steps_url": steps_url}
    return render(request, "surveys/review_steps.html", context)


@require_safe
def decisions(request: HttpRequest, number: str) -> HttpResponse:
    """The decisions alone, with the form of the one to be changed."""
    return fragment(request, load(request, number))


def fragment(
    request: HttpRequest, review: ManagementReview, sent: Sent | None = None, *, status: int = 200
) -> HttpResponse:
    forms = review_page.inline_forms(request, review, Options(), sent)
    context = review_page.decisions_context(request, review, forms.get("put_decision"))
    return render(
        request, "surveys/review_decisions.html", {**context, "sent": sent}, status=status
    )


# ---------------------------------------------------------------------------- acts
def act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Do an act beside the steps; those of the menu look at the version of the whole review, the
    others at what they change only, so that several people can write at once."""
    review = load(request, number)
    here = review.get_absolute_url()
    if request.method != "POST":
        return redirect(f"{here}?act={act}#act" if act in MENU else here)
    if act in MENU:
        subject, sent = do_act(request, review, act)
    else:
        subject, sent = write(request, review, act)
    if request.headers.get("HX-Request") and act in ("put_decision", "drop_decision"):
        return answered(request, number, subject, sent)
    if subject is None:
        return again(request, number, sent)
    return redirect(here + PLACES.get(act, ""))


def write(
    request: HttpRequest, review: ManagementReview, act: str
) -> tuple[EngineModel | None, Sent]:
    """An act that guards itself against who was faster."""
    user: Any = request.user
    choice, key = registry.flow(review.flow_key).act(act), f"{review.flow_key}.act.{act}"
    if choice is None or key not in FORMS:
        raise Http404
    form = make(key, request.POST, request.FILES, subject=review, by=user, auto_id=f"{act}-%s")
    sent = Sent(act, form)
    subject = send(form, sent, lambda: intervene(review, act, by=user, **form.given()))
    if subject is not None:
        done(request, str(choice.title))
    return subject, sent


def answered(
    request: HttpRequest, number: str, subject: EngineModel | None, sent: Sent
) -> HttpResponse:
    """The decisions as an answer to htmx; a refusal with everything typed. What the page said by
    a flash after a reload it has said by then."""
    if subject is None:
        return fragment(request, load(request, number), sent, status=BAD_INPUT)
    list(messages.get_messages(request))
    response = fragment(request, load(request, number))
    response["HX-Trigger"] = "review-changed"
    return response
