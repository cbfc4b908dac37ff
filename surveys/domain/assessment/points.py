"""Points of the regional units for a year: what was read, weighed by the policy, placed."""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from surveys.domain.assessment.reading import Facts
from surveys.domain.figures import half_up, percent
from surveys.models import AssessmentPolicy

ZERO = Fraction(0)


@dataclass(frozen=True)
class Points:
    """Each part of a hundred; None where nothing is known of it, which earns nothing."""

    result: Decimal | None
    rate: Decimal | None
    campaigns: Decimal | None
    integrity: Decimal
    deducted: Decimal


@dataclass(frozen=True)
class Assessed:
    """One unit of the sheet. `score` is the mean of its half-years; equal totals share a place,
    and a unit without any score has none."""

    facts: Facts
    score: Decimal | None
    n: int
    sent: int | None
    valid_rate: Decimal | None
    points: Points
    total: Decimal
    place: int | None = None

    @property
    def key(self) -> str:
        return self.facts.key

    @property
    def done(self) -> int:
        return sum(one.done for one in self.facts.campaigns)


def assess(units: list[Facts], policy: AssessmentPolicy, *, threshold: Decimal) -> list[Assessed]:
    """The sheet, the best first. `threshold` is the rate in per cent that earns all its points."""
    found = [assessed(one, policy, threshold) for one in units]
    found.sort(key=lambda one: (one.score is None, -one.total, one.key))
    placed: list[Assessed] = []
    for number, one in enumerate(found, start=1):
        last = placed[-1] if placed else None
        same = last is not None and last.total == one.total
        place = None if one.score is None else last.place if same and last else number
        placed.append(replace(one, place=place))
    return placed


def assessed(unit: Facts, policy: AssessmentPolicy, threshold: Decimal) -> Assessed:
    scores = [Fraction(one.score) for one in unit.halves if one and one.score is not None]
    score = sum(scores, ZERO) / len(scores) if scores else None
    n = sum(one.n for one in unit.halves if one)
    known = [one.sent for one in unit.halves if one]
    sent = sum(one for one in known if one is not None) if None not in known else None
    rate = Fraction(n * 100, sent) if sent else None
    share = min(rate / Fraction(threshold), Fraction(1)) if rate is not None and threshold else rate
    plan = unit.campaigns
    done = Fraction(sum(one.done for one in plan), len(plan)) if plan else None
    lost = min(Fraction(policy.finding_points) * len(unit.findings), Fraction(policy.integrity))
    charged = sum((Fraction(one.points) for one in unit.charged), ZERO)
    result = part(policy.result, score / 100 if score is not None else None)
    rate, campaigns = part(policy.rate, share), part(policy.campaigns, done)
    integrity = Fraction(policy.integrity) - lost
    deducted = -min(charged, Fraction(policy.most_deducted))
    earned = [one for one in (result, rate, campaigns) if one is not None]
    total = max(sum(earned, integrity) + deducted, ZERO)
    valid = percent(n, sent) if sent else None
    return Assessed(
        unit,
        rounded(score),
        n,
        sent,
        None if valid is None else Decimal(valid),
        Points(
            rounded(result),
            rounded(rate),
            rounded(campaigns),
            half_up(integrity),
            half_up(deducted),
        ),
        half_up(total),
    )


def rounded(one: Fraction | None) -> Decimal | None:
    return None if one is None else half_up(one)


def part(weight: Decimal, share: Fraction | None) -> Fraction | None:
    return None if share is None else Fraction(weight) * share
