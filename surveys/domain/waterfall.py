"""The waterfall of an index: sources add up to the gross figure, deductions take it down.

Pure geometry in per cent of a scale from 0 to 100; the page draws it as SVG.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

HUNDRED, ZERO = Decimal(100), Decimal(0)


@dataclass(frozen=True)
class Bar:
    """One column from `low` to `high` (points of the index); `kind` is "source", "sum",
    "deduction" or "index". `value` is what it adds, negative for a deduction; `key` names the
    source or the rule."""

    kind: str
    key: str
    value: Decimal
    low: Decimal
    high: Decimal

    @property
    def height(self) -> Decimal:
        return self.high - self.low


def bars(result: dict[str, Any]) -> list[Bar]:
    """The columns of a computed index (surveys/domain/index.py), from left to right."""
    found: list[Bar] = list(rising(result))
    gross = Decimal(result["gross"])
    found.append(Bar("sum", "gross", gross, ZERO, shown(gross)))
    found.extend(falling(result, gross))
    net = Decimal(result["net"])
    found.append(Bar("index", "net", net, ZERO, shown(net)))
    return found


def rising(result: dict[str, Any]) -> Iterator[Bar]:
    at = ZERO
    for source in result["sources"]:
        part = Decimal(source["contribution"] or 0)
        yield Bar("source", source["key"], part, shown(at), shown(at + part))
        at += part


def falling(result: dict[str, Any], gross: Decimal) -> Iterator[Bar]:
    at = gross
    for deduction in result["deductions"]:
        points = Decimal(deduction["points"])
        if points:
            yield Bar("deduction", deduction["rule"], -points, shown(at - points), shown(at))
            at -= points


def shown(value: Decimal) -> Decimal:
    """Within the scale: what goes below zero is told in words."""
    return min(max(value, ZERO), HUNDRED)
