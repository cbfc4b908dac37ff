"""The satisfaction index of a period: computed from the answers, kept for showing.

    index = Σ weight × score / 100 − deductions, cut at the floor          (shared/DOMAIN.md 5)

Everything is exact until it is printed: each figure is rounded half up once, from its own exact
value. The band is that of the printed index, so that figure and word never contradict. A source
without answers is named in `missing`; its weight adds nothing and the index is provisional, or
the policy shares its weight among the others ("renormalise"), which the result says.
"""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from surveys.domain import deductions, policies, policy as rules_of, stamps, tree
from surveys.domain.evidence import Evidence, gather
from surveys.domain.figures import half_up, points, printed
from surveys.domain.periods import Period
from surveys.domain.policy import Band, Policy, Source
from surveys.domain.scoring import SourceScore
from surveys.models import PeriodIndex, SatisfactionPolicy
from workflows.domain.context import now
from workflows.errors import NotFound

Result = dict[str, Any]


# ---------------------------------------------------------------------------- computing
def compute(
    period: Period,
    policy: Policy,
    *,
    version: int | None = None,
    lines: list[deductions.Line] | None = None,
) -> Result:
    """The whole tree of a period under these rules, from raw rows; writes nothing.

    `lines` replace the ledger: deductions.supposed() for asking "what if".
    """
    evidence = gather(period, [source.key for source in policy.sources])
    taken = deductions.lines(period, policy) if lines is None else lines
    found = [(source, evidence.of_source(source.key)) for source in policy.sources]
    scores = {source.key: score(policy, mine) for source, mine in found}
    weights = effective_weights(policy, scores)
    sources = [
        {
            **place(source, scores[source.key], weights[source.key]),
            **tree.source(policy, mine, scores[source.key]),
        }
        for source, mine in found
    ]
    shared = policy.missing == "renormalise" and any(weights.values())
    gross = sum((parted(scores[key], weight) for key, weight in weights.items()), Fraction(0))
    missing = [key for key, one in scores.items() if one.exact is None]
    return {
        "period": period.code,
        "policy_version": version,
        "sources": sources,
        **summary(policy, gross, taken, missing, shared=shared),
    }


def score(policy: Policy, evidence: Evidence) -> SourceScore:
    return tree.scored(policy, evidence, frame=evidence.population).source()


def effective_weights(policy: Policy, scores: dict[str, SourceScore]) -> dict[str, Fraction]:
    """Weights in per cent as they enter the sum; 0 for a source without answers."""
    given = {source.key: Fraction(source.weight) for source in policy.sources}
    there = {key for key, one in scores.items() if one.exact is not None}
    total = sum((given[key] for key in there), Fraction(0))
    shared = policy.missing == "renormalise" and total > 0
    factor = 100 / total if shared else Fraction(1)
    return {key: weight * factor if key in there else Fraction(0) for key, weight in given.items()}


def parted(score: SourceScore, weight: Fraction) -> Fraction:
    """What a source adds to the index."""
    return weight * (score.exact or 0) / 100


def place(source: Source, score: SourceScore, weight: Fraction) -> Result:
    """The source in the index. A hidden score is not told by its contribution either."""
    hidden = score.exact is not None and score.below_minimum
    return {
        "key": source.key,
        "name": source.name,
        "name_en": source.name_en,
        "kind": source.kind,
        "weight": format(source.weight, "f"),
        "effective_weight": printed(weight),
        "contribution": None if hidden else printed(parted(score, weight), 3),
    }


def summary(
    policy: Policy,
    gross: Fraction,
    taken: list[deductions.Line],
    missing: list[str],
    *,
    shared: bool,
) -> Result:
    """From the gross figure down to the band. `shared`: the weights of missing sources were."""
    total = sum((line.points for line in taken), Decimal(0))
    before = gross - Fraction(total)
    net = half_up(max(before, Fraction(policy.floor)))
    band = None if len(missing) == len(policy.sources) else policy.band_of(net)
    renormalised = bool(missing) and shared
    return {
        "gross": printed(gross),
        "deductions": [deduction(line) for line in taken],
        "deduction_total": points(total),
        "net_before_floor": printed(before),
        "floor": format(policy.floor, "f"),
        "net": format(net, "f"),
        **band_names(band),
        "provisional": bool(missing) and not renormalised,
        "renormalised": renormalised,
        "missing": missing,
        "threshold": format(policy.threshold, "f"),
        "minimum_n": policy.minimum_n,
    }


def band_names(band: Band | None) -> Result:
    """No band for a period of which nothing is known."""
    return {"band": band and band.name, "band_en": band and band.name_en}


def deduction(line: deductions.Line) -> Result:
    return {
        "rule": line.rule,
        "count": len(line.cases),
        "points": points(line.points),
        "every": line.every,
        "each": points(line.each),
        "cases": line.cases,
        "waiting": line.waiting,
        "entries": [{**entry, "points": points(entry["points"])} for entry in line.entries],
    }


# ---------------------------------------------------------------------------- showing
def current(period: Period) -> PeriodIndex:
    """The index as it stands; computed anew only when one of its inputs has changed.

    Raises NotFound where no policy holds, Conflict where stored answers are damaged.
    """
    policy = in_force(period)
    kept = PeriodIndex.objects.filter(period=period.code, policy=policy).first()
    if kept is not None and is_fresh(kept, period):
        return kept
    mark = stamps.stamp(period, policy.pk)
    result = compute(period, rules_of.read(policy.document), version=policy.number)
    with transaction.atomic():
        index, _new = PeriodIndex.objects.update_or_create(
            period=period.code,
            policy=policy,
            defaults={"stamp": mark, "result": result, "computed_at": now()},
        )
    return index


def is_fresh(kept: PeriodIndex, period: Period) -> bool:
    """Whether the inputs of a stored index are still what they were."""
    since = stamps.last_answer(kept.stamp)
    return kept.stamp == stamps.stamp(period, kept.policy_id, since=since)


def in_force(period: Period) -> SatisfactionPolicy:
    policy = policies.in_force(period)
    if policy is None:
        raise NotFound(_("No satisfaction policy holds for %(period)s.") % {"period": period.label})
    return policy
