"""The yearly assessment sheet of the regional units: one for all, or the sheet of one unit."""

from collections.abc import Iterator
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from cases.documents.blocks import (
    Block,
    Cell,
    Chart,
    Document,
    Fact,
    Facts,
    Figure,
    Linked,
    Nothing,
    Remarks,
    Section,
    Series,
    Signatures,
    Signed,
    Table,
)
from cases.documents.parts import page_words
from cases.documents.workbook import Listed
from surveys.domain.assessment.points import Assessed
from surveys.domain.assessment.policy import facts as policy_facts
from surveys.domain.assessment.reading import Facts as Read
from surveys.domain.periods import Period
from surveys.domain.ranking import Ranked
from surveys.enums import DeductionRule
from surveys.models import AssessmentPolicy

MOST_BARS = 32
NOT_REPRESENTATIVE = "▼"
LISTS = ("campaigns", "findings", "cases")


def document(
    year: Period, units: list[Assessed], *, policy: AssessmentPolicy,
    company: str, printed: str, author: str, threshold: Decimal,
) -> Document:  # fmt: skip
    """The sheet; of one unit alone with everything behind its figures."""
    alone = units[0] if len(units) == 1 else None
    parts = [
        (_("Points and places"), tuple(points(units))),
        (_("What the points rest on"), tuple(facts(units, threshold))),
    ]
    if alone:
        parts.append((_("Behind the figures"), tuple(behind(alone))))
    parts.append((_("Rules of the assessment"), (rules(policy),)))
    parts.append((_("Remarks and signatures"), tuple(signing())))
    return Document(
        title=_("Yearly assessment of the regional units"),
        subtitle=f"{year.label} · {alone.key}" if alone else year.label,
        number=year.code,
        company=company,
        head=Facts(()),
        sections=tuple(
            Section(str(place), title, made) for place, (title, made) in enumerate(parts, start=1)
        ),
        foot=printed,
        page=page_words(),
        author=author,
    )


# ---------------------------------------------------------------------------- the sheet
def points(units: list[Assessed]) -> Iterator[Block]:
    if not units:
        yield Nothing(_("No form has come in yet."))
        return
    rows = tuple(
        (
            number(one.place), one.key, figure(one.points.result), figure(one.points.rate),
            figure(one.points.campaigns), figure(one.points.integrity),
            Figure(one.points.deducted), Figure(one.total),
        )
        for one in units
    )  # fmt: skip
    yield Table(
        (
            _("Place"), _("Unit"), _("Result"), _("Response"), _("Campaigns"), _("Integrity"),
            _("Deductions"), _("Total points"),
        ),
        rows, (10, 30, 16, 16, 16, 16, 16, 16),
        name=_("Points and places"),
        note=_("“–”: nothing is known of it, so it earns no points."),
    )  # fmt: skip
    shown = [one for one in units if one.place is not None][:MOST_BARS]
    if len(shown) > 1:
        yield Chart(
            "bars", _("Points of the units"), tuple(one.key for one in shown),
            (Series(_("Total points"), tuple(one.total for one in shown)),),
        )  # fmt: skip


def facts(units: list[Assessed], threshold: Decimal) -> Iterator[Block]:
    if not units:
        yield Nothing(_("No form has come in yet."))
        return
    starts = Starts()
    yield Table(
        (
            _("Unit"), _("First half"), _("Second half"), _("Mean"), _("Valid forms"),
            _("Valid rate"), _("Campaigns done"), _("Campaigns planned"), _("Findings"),
            _("Cases deducted"),
        ),
        tuple(line(one, threshold, starts) for one in units),
        (25, 16, 16, 13, 13, 21, 20, 20, 17, 18),
        name=_("What the points rest on"),
        note=f"{NOT_REPRESENTATIVE} {_('Not representative')}",
    )  # fmt: skip


class Starts:
    """Where the lines of a unit begin in each list, counting on from unit to unit."""

    def __init__(self) -> None:
        self.at = dict.fromkeys(LISTS, 1)

    def to(self, name: str, size: int) -> str:
        """Where these lines begin; nothing where there are none."""
        begun = self.at[name]
        self.at[name] += size
        return f"{name}#{begun}" if size else ""


def line(one: Assessed, threshold: Decimal, starts: Starts) -> tuple[Cell, ...]:
    unit = one.facts
    few = one.valid_rate is not None and one.valid_rate < threshold
    campaigns = starts.to("campaigns", len(unit.campaigns))
    return (
        one.key,
        half(unit.halves[0]),
        half(unit.halves[1]),
        figure(one.score),
        number(one.n),
        Figure(one.valid_rate, f"% {NOT_REPRESENTATIVE}" if few else "%"),
        number(one.done, campaigns),
        number(len(unit.campaigns), campaigns),
        number(len(unit.findings), starts.to("findings", len(unit.findings))),
        number(len(unit.charged), starts.to("cases", len(unit.charged))),
    )


def half(one: Ranked | None) -> Figure:
    if one is None or one.score is None:
        return Figure(None)
    return Figure(Decimal(one.score), NOT_REPRESENTATIVE if one.representative is False else "")


def figure(value: Decimal | None) -> Figure:
    return Figure(value)


def number(value: int | None, to: str = "") -> Figure:
    return Figure(None if value is None else Decimal(value), to=to)


# ---------------------------------------------------------------------------- behind the figures
def behind(one: Assessed) -> Iterator[Block]:
    for listed in lists([one]):
        if listed.table.rows:
            yield listed.table
    if not any(listed.table.rows for listed in lists([one])):
        yield Nothing(_("There is none."))


def lists(units: list[Assessed]) -> list[Listed]:
    """Campaigns, findings and deducted cases of all units, in the order of the sheet."""
    read = [one.facts for one in units]
    return [
        Listed("campaigns", Table(
            (_("Unit"), _("Campaign"), _("Title"), _("Carried out"), _("Valid forms")),
            tuple(row for unit in read for row in campaigns(unit)), (24, 28, 60, 18, 18),
            name=_("Campaigns"),
        )),
        Listed("findings", Table(
            (_("Unit"), _("Finding"), _("Title"), _("Forms taken out")),
            tuple(row for unit in read for row in findings(unit)), (24, 28, 70, 20),
            name=_("Confirmed findings"),
        )),
        Listed("cases", Table(
            (_("Unit"), _("Case"), _("Title"), _("Deduction rule"), _("Points")),
            tuple(row for unit in read for row in cases(unit)), (24, 30, 50, 40, 16),
            name=_("Deducted cases"),
            note=_("The points of an entry are shared evenly among its cases."),
        )),
    ]  # fmt: skip


def page(path: str, number: str) -> Linked:
    return Linked(number, f"{settings.SITE_URL}{path}{number}/")


def campaigns(unit: Read) -> Iterator[tuple[Cell, ...]]:
    for one in unit.campaigns:
        done = _("Yes") if one.done else _("No")
        yield (
            unit.key,
            page("/satisfaction/campaigns/", one.number),
            one.title,
            done,
            number(one.forms),
        )


def findings(unit: Read) -> Iterator[tuple[Cell, ...]]:
    for one in unit.findings:
        link = page("/satisfaction/findings/", one.number)
        yield unit.key, link, one.title, number(one.forms)


def cases(unit: Read) -> Iterator[tuple[Cell, ...]]:
    names = dict(DeductionRule.choices)
    for one in unit.charged:
        rule = str(names.get(one.rule, one.rule))
        points = Figure(one.points.quantize(Decimal("0.0001")))
        yield unit.key, page("/cases/", one.number), one.title, rule, points


# ---------------------------------------------------------------------------- the end
def rules(policy: AssessmentPolicy) -> Facts:
    return Facts(tuple(Fact(name, value) for name, value in policy_facts(policy)))


def signing() -> Iterator[Block]:
    yield Remarks(_("Remarks"))
    yield Signatures(
        tuple(
            Signed(meaning, "", "", "")
            for meaning in (
                _("Drawn up by the marketing centre"),
                _("Reviewed by the management representative"),
                _("Approved by the general manager"),
                _("Seen by the regional unit"),
            )
        )
    )
