"""One input of a management review: its compiled page, its files, and what is done with it."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from cases.domain.files import path_of
from cases.web.case_steps import Sent
from cases.web.files import answer
from cases.web.forms import make
from surveys.domain.reviews import preparing
from surveys.domain.reviews.compiling import compile_parts
from surveys.enums import InputState
from surveys.models import ManagementReview, ReviewFile, ReviewInput
from surveys.web import review_looks
from surveys.web.review import status_of, write
from surveys.web.review_page import is_open, load
from surveys.web.tabs import tabs

ACTS = ("upload", "not_applicable", "applicable", "take_back")


def input_of(review: ManagementReview, pk: int) -> ReviewInput:
    found = review.inputs.filter(pk=min(pk, 2**62)).first()
    if found is None:
        raise Http404
    found.review = review
    return found


@require_safe
def page(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    review = load(request, number)
    return shown(request, review, input_of(review, pk))


def shown(
    request: HttpRequest,
    review: ManagementReview,
    one: ReviewInput,
    sent: Sent | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """The compiled figures with their lists, the files, and what can be done with the input."""
    writes = is_open(request, review)
    agenda = list(review.inputs.defer("snapshot"))
    place = [other.pk for other in agenda].index(one.pk)
    context = {
        "tabs": tabs(request),
        "review": review,
        "one": one,
        "look": review_looks.input_look(one),
        "parts": review_looks.shown(one.snapshot),
        "moved": review_looks.moved(one.snapshot, fresh(request, review, one)) if writes else [],
        "files": one.files.filter(removed_at=None).select_related("by").order_by("pk"),
        "writes": writes,
        "forms": forms(request, review, one, sent) if writes else {},
        "sent": sent,
        "before": agenda[place - 1] if place else None,
        "after": agenda[place + 1] if place + 1 < len(agenda) else None,
        "is_not_applicable": one.state == InputState.NOT_APPLICABLE,
    }
    return render(request, "surveys/review_input.html", context, status=status)


def fresh(request: HttpRequest, review: ManagementReview, one: ReviewInput) -> list[Any]:
    """What the input would say if it were compiled now."""
    user: Any = request.user
    return compile_parts(one.compilers, preparing.about(review, user))


def forms(
    request: HttpRequest, review: ManagementReview, one: ReviewInput, sent: Sent | None
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in ("upload", "not_applicable"):
        if sent is not None and sent.name == name:
            found[name], sent.placed = sent.form, True
        else:
            user: Any = request.user
            found[name] = make(
                f"{review.flow_key}.act.{name}", subject=review, by=user, auto_id=f"{name}-%s",
                initial={"input": one.pk},
            )  # fmt: skip
    return found


@require_POST
def act(request: HttpRequest, number: str, pk: int, act: str) -> HttpResponse:
    """Upload, take back, not applicable, applicable after all."""
    if act not in ACTS:
        raise Http404
    review = load(request, number)
    one = input_of(review, pk)
    subject, sent = write(request, review, act)
    if subject is None:
        review = load(request, number)
        return shown(request, review, input_of(review, pk), sent, status=status_of(sent))
    return redirect(one.get_absolute_url())


@require_safe
def changes(request: HttpRequest, number: str) -> HttpResponse:
    """Which inputs would read otherwise if they were compiled now."""
    review = load(request, number)
    found = []
    if is_open(request, review):
        for one in review.inputs.all():
            one.review = review
            if one.snapshot and review_looks.moved(one.snapshot, fresh(request, review, one)):
                found.append(one)
    return render(request, "surveys/review_changes.html", {"review": review, "moved": found})


@require_safe
def file(request: HttpRequest, number: str, key: str) -> FileResponse:
    """A file of an input, to be saved; never something that a browser would run."""
    review = load(request, number)
    found = ReviewFile.objects.filter(input__review=review, key=key, removed_at=None).first()
    if found is None or not path_of(found).exists():  # type: ignore[arg-type]
        raise Http404
    return answer(path_of(found), found.name, "application/octet-stream", inline=False)  # type: ignore[arg-type]
