"""The ranking of the regional units as a document: together, then within each source."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from cases.documents.blocks import (
    Block,
    Chart,
    Document,
    Fact,
    Facts,
    Figure,
    Nothing,
    Section,
    Series,
    Table,
)
from cases.documents.parts import page_words
from surveys.domain.periods import Period
from surveys.domain.ranking import Ranked

# More lying bars than these do not fit a page.
MOST_BARS = 32
NOT_REPRESENTATIVE, INCOMPLETE = "▼", "△"


def document(
    period: Period, boards: list[tuple[str, list[Ranked]]], *,
    company: str, printed: str, author: str, threshold: str, minimum: int,
) -> Document:  # fmt: skip
    """`boards` are (title, units) in the order of the page."""
    return Document(
        title=_("Regional ranking"),
        subtitle=period.label,
        number=period.code,
        company=company,
        head=Facts(
            (
                Fact(_("Period"), period.label),
                Fact(_("Compared with"), period.before.label),
                Fact(_("Representative from"), _("%(rate)s %% valid forms") % {"rate": threshold}),
                Fact(_("Shown from"), _("%(number)s forms") % {"number": minimum}),
            )
        ),
        sections=tuple(
            Section(str(place), title, tuple(board(title, units)))
            for place, (title, units) in enumerate(boards, start=1)
        ),
        foot=printed,
        page=page_words(),
        author=author,
    )


def board(title: str, units: list[Ranked]) -> Iterator[Block]:
    if not units:
        yield Nothing(_("No form has come in yet."))
        return
    yield Table(
        (
            _("Place"), _("Region"), _("Score"), _("Rise or fall"), _("Places risen"),
            _("95 % interval"), _("Forms"), _("Response rate"),
        ),
        tuple(line(one) for one in units),
        (10, 30, 14, 14, 12, 20, 12, 18),
        name=title,
        note="\n".join(notes(units)),
    )  # fmt: skip
    scored = [one for one in units if one.score is not None][:MOST_BARS]
    if scored:
        yield Chart(
            "bars",
            _("Scores of the regions"),
            tuple(label_of(one) for one in scored),
            (Series(_("Score"), tuple(Decimal(one.score or 0) for one in scored)),),
        )


def line(one: Ranked) -> tuple[str | Figure, ...]:
    return (
        Figure(None if one.place is None else Decimal(one.place)),
        label_of(one),
        Figure(None if one.score is None else Decimal(one.score),
               INCOMPLETE if one.missing else ""),
        Figure(one.change, signed=True),
        Figure(None if one.moved is None else Decimal(one.moved), signed=True),
        "–".join(one.interval) if one.interval else "–",
        Figure(Decimal(one.n)),
        Figure(None if one.rate is None else Decimal(one.rate),
               "%" if one.representative is not False else f"% {NOT_REPRESENTATIVE}"),
    )  # fmt: skip


def notes(units: list[Ranked]) -> Iterator[str]:
    if any(one.representative is False for one in units):
        yield f"{NOT_REPRESENTATIVE} {_('Not representative')}"
    if any(one.missing for one in units):
        yield f"{INCOMPLETE} {_('A source is missing; the others stand for it by their weights.')}"
    yield _("Places are by score alone; where intervals overlap, the order may be chance.")


def label_of(one: Ranked) -> str:
    return one.name or _("Not stated")
