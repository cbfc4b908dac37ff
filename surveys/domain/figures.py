"""Exact figures as they are printed: decimal strings, rounded once, at the very end."""

from decimal import Decimal
from fractions import Fraction

from surveys.domain.intervals import Interval


def half_up(value: Fraction, places: int = 2) -> Decimal:
    """Rounded once from the exact value; a half goes away from zero, as on paper."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if value >= 0 else -whole).scaleb(-places)


def printed(value: Fraction | None, places: int = 2) -> str | None:
    return None if value is None else format(half_up(value, places), "f")


def points(value: Decimal) -> str:
    """Points of the policy, which are exact as they are: at least two places."""
    exponent = value.normalize().as_tuple().exponent
    places = max(2, -exponent if isinstance(exponent, int) else 2)
    return printed(Fraction(value), places) or ""


def percent(part: int, whole: int) -> str | None:
    """A rate in per cent, cut off after two places: 79.999 % is 79.99, never 80.00."""
    return format(Decimal(part * 10_000 // whole).scaleb(-2), "f") if whole else None


def ends(interval: Interval | None) -> list[str] | None:
    """A 95 % interval as [low, high]."""
    return None if interval is None else [f"{interval.low:.2f}", f"{interval.high:.2f}"]
