"""The list of management reviews, and a new one."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.web.access import only
from accounts.web.own import me
from cases.domain.queries import NEWEST, page as page_of
from cases.web.list_address import marks, pager
from surveys import permissions
from surveys.domain import periods
from surveys.domain.reviews import preparing, reading
from surveys.web.forms_review import NewReview
from surveys.web.review_looks import look
from surveys.web.tabs import tabs

preparers = only(permissions.prepares_reviews)


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The newest first; whoever only takes part in some sees those."""
    page = page_of(reading.listed(me(request)), **marks(request, NEWEST))
    context = {
        "tabs": tabs(request),
        "rows": [(row, look(row), periods.read(row.period).label) for row in page.rows],
        "page": pager(request, page),
        "prepares": permissions.prepares_reviews(request.user),
    }
    return render(request, "surveys/reviews.html", context)


@preparers
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Draw up a review: the agenda of the edition, with everything compiled."""
    form = NewReview(request.POST or None, by=me(request))
    if request.method == "POST" and form.is_valid():
        try:
            review = preparing.draw_up(by=me(request), **form.given())
        except ValidationError as problem:
            form.refuse(problem)
        else:
            return redirect(review.get_absolute_url())
    status = 422 if request.method == "POST" else 200
    return render(
        request, "surveys/review_add.html", {"form": form, "tabs": tabs(request)}, status=status
    )
