"""Regional units ranked by result: together over all sources, and within each.

The score together is Σ weight × score / Σ weight over the sources in which the unit has one, from
the printed scores, so that anybody can compute it again; a source it lacks is named.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from surveys.domain.figures import percent, printed
from surveys.domain.index import Result


@dataclass(frozen=True)
class Ranked:
    """One unit. `place` is None where too few forms came in to show a score; equal scores share
    a place. `before` is its line in the period before."""

    key: str
    name: str
    name_en: str
    score: str | None
    n: int
    received: int
    sent: int | None
    rate: str | None
    valid_rate: str | None
    representative: bool | None
    interval: list[str] | None = None
    missing: tuple[str, ...] = ()
    place: int | None = None
    before: "Ranked | None" = None

    @property
    def change(self) -> Decimal | None:
        """By how many points its score rose."""
        if self.before is None or self.score is None or self.before.score is None:
            return None
        return Decimal(self.score) - Decimal(self.before.score)

    @property
    def moved(self) -> int | None:
        """By how many places it rose (or fell, negative)."""
        if self.before is None or self.place is None or self.before.place is None:
            return None
        return self.before.place - self.place


def of_source(source: Result | None, before: Result | None = None) -> list[Ranked]:
    """The units of one source, the best first."""
    lines = [unit(part) for part in source["by"]["region"]] if source else []
    return placed(lines, of_source(before) if before else [])


def together(result: Result, before: Result | None = None) -> list[Ranked]:
    """The units over all sources, the best first."""
    keys = sorted({part["key"] for one in result["sources"] for part in one["by"]["region"]})
    lines = [over_sources(result, key) for key in keys]
    return placed(lines, together(before) if before else [])


def unit(part: dict[str, Any]) -> Ranked:
    return Ranked(
        part["key"],
        part["name"],
        part["name_en"],
        part["score"],
        part["n"],
        part["received"],
        part["sent"],
        part["rate"],
        part["valid_rate"],
        part["representative"],
        part["interval"],
    )


def over_sources(result: Result, key: str) -> Ranked:
    found = {
        source["key"]: (Fraction(source["weight"]), unit(part))
        for source in result["sources"]
        for part in source["by"]["region"]
        if part["key"] == key
    }
    units = [one for _weight, one in found.values()]
    scored = [(weight, one) for weight, one in found.values() if one.score is not None]
    weights = sum((weight for weight, _one in scored), Fraction(0))
    total = sum((weight * Fraction(one.score or 0) for weight, one in scored), Fraction(0))
    n, received = sum(one.n for one in units), sum(one.received for one in units)
    # Where forms went out beside the frames, nobody knows to how many of this unit.
    known = [one.sent for one in units if one.sent is not None]
    sent = sum(known) if len(known) == len(units) else None
    return Ranked(
        key,
        units[0].name,
        units[0].name_en,
        printed(total / weights) if weights else None,
        n,
        received,
        sent,
        percent(received, sent) if sent else None,
        percent(n, sent) if sent else None,
        None if sent is None else all(one.representative for one in units),
        missing=tuple(
            source["key"]
            for source in result["sources"]
            if source["key"] not in found or found[source["key"]][1].score is None
        ),
    )


def placed(lines: list[Ranked], before: list[Ranked]) -> list[Ranked]:
    """In order, with places from 1; each with its line of the period before."""
    earlier = {one.key: one for one in before}
    found: list[Ranked] = []
    ordered = sorted(lines, key=lambda one: (-Decimal(one.score or -1), one.key))
    for number, one in enumerate(ordered, start=1):
        last = found[-1] if found else None
        same = last is not None and last.score == one.score
        place = None if one.score is None else (last.place if same and last else number)
        found.append(Ranked(**{**vars(one), "place": place, "before": earlier.get(one.key)}))
    return found
