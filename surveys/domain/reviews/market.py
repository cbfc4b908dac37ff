"""Compiled from the other inputs: press, returns, delivered quality, lost business."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from surveys.domain.inputs import readings
from surveys.domain.reviews.compiling import compiles
from surveys.domain.reviews.parts import About, Part, both, cell, named, part, row
from surveys.enums import PressKind, Trade, Verdict

# Who is told of by name: those lost, and those who buy much less.
GOING = (Trade.LOST, Trade.FALLING)


@compiles("press")
def press(about: About) -> Part | None:
    """Media reports and bulletins of the period; nothing where none was logged."""
    found = readings.press(about.period)
    if not found:
        return None
    bad = {Verdict.CRITICAL, Verdict.NONCONFORMING}
    return part(
        "press",
        _("Media reports and bulletins"),
        both(
            _("%(media)s media reports and %(bulletins)s bulletins, %(bad)s of them against us."),
            media=sum(one.kind == PressKind.MEDIA for one in found),
            bulletins=sum(one.kind == PressKind.BULLETIN for one in found),
            bad=sum(one.verdict in bad for one in found),
        ),
        (_("Published"), _("Kind"), _("Title"), _("Verdict"), _("Cases")),
        [
            row(
                one.pk,
                one.published_on.isoformat(),
                both(one.kind.label),
                cell(f"{one.publisher}: {one.title}", one.url),
                both(one.verdict.label),
                ", ".join(link.number for link in one.cases) or "–",
            )
            for one in found
        ],
    )


@compiles("returns")
def returns(about: About) -> Part | None:
    """Goods that came back, by product and reason, beside the period before."""
    found = readings.returns(about.period)
    if not found:
        return None
    return part(
        "returns",
        _("Goods returned"),
        both(
            _("%(now)s pieces came back; in the period before %(before)s."),
            now=sum(one.quantity for one in found),
            before=sum(one.before for one in found),
        ),
        (_("Product"), _("Reason"), _("This period"), _("Period before")),
        [
            row(
                f"{one.product.pk}:{one.category.pk if one.category else ''}",
                label(one.product),
                label(one.category) if one.category else "–",
                cell(one.quantity, one.url),
                one.before,
            )
            for one in found
        ],
    )


@compiles("delivered_quality")
def delivered_quality(about: About) -> Part | None:
    """Defective pieces of what was delivered, by product, in parts per million."""
    found = readings.delivered_quality(about.period)
    if not found:
        return None
    now_, before = readings.quality_total(found)
    return part(
        "delivered_quality",
        _("Delivered quality"),
        both(
            _("%(now)s ppm defective; in the period before %(before)s."),
            now=known(now_.ppm),
            before=known(before.ppm),
        ),
        (_("Product"), _("Delivered"), _("Defective"), _("ppm"), _("ppm before")),
        [
            row(
                f"{one.product.pk}:{one.unit}",
                label(one.product),
                one.now.delivered,
                cell(one.now.defective, one.url),
                known(one.now.ppm),
                known(one.before.ppm),
            )
            for one in found
        ],
    )


@compiles("lost_business")
def lost_business(about: About) -> Part | None:
    """Customers who were lost or buy much less, by the rule in force."""
    found = readings.lost_business(about.period)
    if not found.comparable:
        return None
    going = found.of(*GOING)
    return part(
        "lost_business",
        _("Lost business"),
        both(
            _("%(lost)s customers were lost, %(falling)s buy much less."),
            lost=found.counts[Trade.LOST],
            falling=found.counts[Trade.FALLING],
        ),
        (_("Customer"), _("Standing"), _("Period before"), _("This period")),
        [
            row(
                one.customer.pk,
                one.customer.name,
                both(one.trade.label),
                f"{one.figures.before:f}",
                cell(f"{one.figures.now:f}", one.url),
            )
            for one in going
        ],
    )


def label(entry: Any) -> dict[str, str]:
    return named(entry.name, entry.name_en)


def known(value: Any) -> str:
    return "–" if value is None else f"{value:f}"
