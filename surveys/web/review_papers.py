"""A management review going out as PDF, Word and Excel, printed from what was frozen.

Of a signed one every copy is the same to the byte, whoever prints it and when.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _, override
from django.views.decorators.http import require_safe

from cases.documents.plain import moment
from cases.web.documents import answer, language, marks
from surveys.documents import review as review_document
from surveys.domain.reviews import reading
from surveys.models import ManagementReview
from surveys.web.review_page import load


@require_safe
def paper(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """`lang` chooses the language."""
    review = load(request, number)
    with override(language(request)):
        made = review_document.document(reading.paper(review), **foot(request, review))
        return answer(made, kind, f"{review.number}-review")


def foot(request: HttpRequest, review: ManagementReview) -> dict[str, Any]:
    """What stands on every page, and whom the file names as its author."""
    if review.closed_at is not None:
        words = {"number": review.number, "at": moment(review.closed_at)}
        return {
            "printed": _("%(number)s, signed %(at)s") % words,
            "author": review.prepared_by.name,
        }
    printed = marks(request)
    return {**printed, "printed": _("Draft, nothing is signed yet. %(printed)s") % printed}
