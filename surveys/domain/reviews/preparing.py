"""Drawing up a management review and its agenda: compiled, uploaded or not applicable."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cases.domain import files
from cases.validators import LONG, Problems
from surveys import permissions
from surveys.domain import periods
from surveys.domain.periods import Period
from surveys.domain.reviews import editions
from surveys.domain.reviews.compiling import compile_parts
from surveys.domain.reviews.parts import About
from surveys.enums import REVIEW_PREFIX, InputState
from surveys.models import ManagementReview, ReviewEdition, ReviewFile, ReviewInput
from surveys.rules import somebody_is_invited
from workflows.domain import processes
from workflows.domain.acts import command
from workflows.domain.context import now
from workflows.domain.numbering import next_number
from workflows.domain.record import Deed
from workflows.domain.transitions import business_transaction
from workflows.errors import Forbidden, NotFound

MOST_FILES = 20


def draw_up(
    *,
    by: User,
    title: str,
    period: str,
    held_at: datetime,
    place: str = "",
    chair: User | None = None,
    edition: ReviewEdition | None = None,
) -> ManagementReview:
    """Draw up a review: guard → check → number → its process → the agenda of the edition, with
    everything that the system knows compiled. Raises Forbidden, ValidationError by field."""
    if not permissions.prepares_reviews(by):
        raise Forbidden(_("Management reviews are prepared by the quality department."))
    moment = now()
    review = ManagementReview(prepared_by=by, created_at=moment)
    write(review, title=title, period=period, held_at=held_at, place=place, chair=chair)
    chosen = edition or editions.in_force()
    if chosen is None:
        raise ValidationError({"edition": _("There is no edition of the agenda.")})
    review.edition = chosen
    with business_transaction():
        year = timezone.localtime(moment).year
        review.number = next_number(REVIEW_PREFIX, year=year, digits=2)
        processes.begin(review.flow_key, "start", review, Deed(by=by, act="draw_up", at=moment))
        ReviewInput.objects.bulk_create(agenda(review))
        refresh(review, by=by, at=moment)
    return review


def agenda(review: ManagementReview) -> list[ReviewInput]:
    """The rows of the edition, copied: a later edition changes no earlier review."""
    copied = ("position", "clause", "title", "title_en", "compilers", "required")
    return [
        ReviewInput(review=review, **{name: getattr(topic, name) for name in copied})
        for topic in review.edition.topics.all()
    ]


@command()
def edit(
    review: ManagementReview,
    *,
    by: User,
    at: datetime,
    title: str,
    period: str,
    held_at: datetime,
    place: str = "",
    chair: User | None = None,
) -> None:
    """Change what stands at the head; another period compiles everything anew."""
    before = review.period
    write(review, title=title, period=period, held_at=held_at, place=place, chair=chair)
    if review.period != before:
        refresh(review, by=by, at=at)


def write(
    review: ManagementReview,
    *,
    title: str,
    period: str,
    held_at: datetime,
    place: str,
    chair: User | None,
) -> None:
    problems = Problems()
    review.title = problems.text("title", title, most=200, lines=False, needed=True)
    review.place = problems.text("place", place, most=120, lines=False)
    if found := checked_period(problems, period):
        review.period = found.code
    review.held_at, review.chair = held_at, chair
    problems.check()


def checked_period(problems: Problems, code: str) -> Period | None:
    """A period that has begun: there is nothing to look back on before that."""
    try:
        found = periods.read(code)
    except ValidationError as error:
        problems.add("period", error.message_dict["period"][0])
        return None
    if found.starts_at > now():
        problems.add("period", _("This period has not begun yet."))
    return found


# ---------------------------------------------------------------------------- compiling
def about(review: ManagementReview, by: User) -> About:
    return About(periods.read(review.period), by, review.pk)


@command()
def compile_again(review: ManagementReview, *, by: User, at: datetime) -> None:
    """Take the figures of this moment into every input that is compiled."""
    refresh(review, by=by, at=at)


def refresh(review: ManagementReview, *, by: User, at: datetime) -> None:
    """Compile what can be compiled. What was uploaded or is not applicable keeps its state, with
    the figures beside it."""
    told = about(review, by)
    rows = list(review.inputs.all())
    for one in rows:
        one.snapshot = compile_parts(one.compilers, told)
        one.compiled_at = at if one.snapshot else None
        if one.state in (InputState.GAP, InputState.COMPILED):
            one.state = InputState.COMPILED if one.snapshot else InputState.GAP
    ReviewInput.objects.bulk_update(rows, ["snapshot", "compiled_at", "state"])


# ---------------------------------------------------------------------------- by hand
def input_of(review: ManagementReview, key: int) -> ReviewInput:
    """An input of this review. Raises NotFound for one of another."""
    found = review.inputs.filter(pk=key).first()
    if found is None:
        raise NotFound(_("There is no such input."))
    return found


def keep(one: ReviewInput, state: str, *, by: User, reason: str = "") -> None:
    one.state, one.reason = state, reason
    one._history_user = by  # type: ignore[attr-defined]
    one.save()


@command()
def upload(
    review: ManagementReview, *, by: User, at: datetime, input: int, uploads: Sequence[Any]
) -> None:
    """Bring an input along as files; they pass the same checks as the files of a case."""
    one = input_of(review, input)
    problems = Problems()
    if not uploads:
        problems.add("files", _("Choose at least one file."))
    checked = files.check(problems, uploads)
    if one.files.filter(removed_at=None).count() + len(checked) > MOST_FILES:
        problems.add("files", _("An input has at most %(most)s files.") % {"most": MOST_FILES})
    problems.check()
    ReviewFile.objects.bulk_create(
        ReviewFile(input=one, name=file.name, content_type=file.content_type, by=by, at=at,
                   **files.store(file))
        for file in checked
    )  # fmt: skip
    keep(one, InputState.UPLOADED, by=by)


@command()
def take_back(review: ManagementReview, *, by: User, at: datetime, file: int) -> None:
    """A file that was brought along in error; it stays in the record."""
    found = ReviewFile.objects.filter(input__review=review, pk=file, removed_at=None)
    row = found.select_related("input").first()
    if row is None:
        raise NotFound(_("There is no such file."))
    row.removed_at, row.removed_by = at, by
    row.save(update_fields=["removed_at", "removed_by"])
    if not row.input.files.filter(removed_at=None).exists():
        keep(row.input, without_files(row.input), by=by)


def without_files(one: ReviewInput) -> str:
    return InputState.COMPILED if one.snapshot else InputState.GAP


@command()
def not_applicable(
    review: ManagementReview, *, by: User, at: datetime, input: int, why: str
) -> None:
    """This input does not concern us, and why."""
    problems = Problems()
    written = problems.text("why", why, most=LONG, needed=True)
    problems.check()
    keep(input_of(review, input), InputState.NOT_APPLICABLE, by=by, reason=written)


@command()
def applicable(review: ManagementReview, *, by: User, at: datetime, input: int) -> None:
    """It does concern us after all: what was compiled or uploaded counts again, else it is a
    gap."""
    one = input_of(review, input)
    there = one.files.filter(removed_at=None).exists()
    keep(one, InputState.UPLOADED if there else without_files(one), by=by)


@command(somebody_is_invited)
def invite(review: ManagementReview, *, by: User, at: datetime) -> None:
    """Call the meeting: those who are invited see the review and are told."""
