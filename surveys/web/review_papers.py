"""A management review going out as Word and PDF, printed from what was frozen."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _, override
from django.views.decorators.http import require_safe

from cases.web.documents import answer, language, marks
from surveys.documents import review as review_document
from surveys.domain.reviews import reading
from surveys.web.review_page import load


@require_safe
def paper(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """`lang` chooses the language."""
    review = load(request, number)
    with override(language(request)):
        printed = marks(request)
        if not review.digest:
            printed["printed"] = _("Draft, nothing is signed yet. %(printed)s") % printed
        made = review_document.document(reading.paper(review), **printed)
        return answer(made, kind, f"{review.number}-review")
