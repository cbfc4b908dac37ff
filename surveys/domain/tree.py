"""One source of the index as a tree of plain values: score, items, sub-items, breakdowns."""

from collections.abc import Iterator
from typing import Any

from surveys.domain.evidence import DIMENSIONS, Evidence
from surveys.domain.figures import ends, percent, printed
from surveys.domain.policy import Policy
from surveys.domain.scoring import ItemScore, Score, Scoring, SourceScore


def scored(policy: Policy, evidence: Evidence, *, frame: int | None) -> Scoring:
    return Scoring(evidence.piles(), policy.points, minimum=policy.minimum_n, frame=frame)


def head(policy: Policy, evidence: Evidence, score: Score) -> dict[str, Any]:
    """Score and return of a source or of a part of it. `n` is the valid forms, `answered` those
    of them with any answer."""
    sent = evidence.total("sent") + evidence.declared
    return {
        **line(score),
        "n": evidence.n,
        "answered": score.n,
        "sent": sent,
        "received": evidence.received,
        "rate": percent(evidence.received, sent),
        "valid_rate": percent(evidence.n, sent),
        # Exact: both sides are whole numbers times a decimal.
        "representative": sent > 0 and evidence.n * 100 >= policy.threshold * sent,
    }


def line(score: Score) -> dict[str, Any]:
    return {
        "score": printed(score.score),
        "n": score.n,
        "counts": score.counts,
        "interval": ends(score.interval),
        "below_minimum": score.below_minimum,
    }


def source(policy: Policy, evidence: Evidence, whole: SourceScore) -> dict[str, Any]:
    """Everything about a source but its place in the index."""
    raw = Scoring(evidence.piles(raw=True), policy.points, minimum=policy.minimum_n)
    raw_n = raw.n(raw.counts)
    return {
        **head(policy, evidence, whole),
        "raw_score": printed(raw.exact(raw.shares)) if raw_n >= policy.minimum_n else None,
        "raw_n": evidence.received,
        "invalidated": evidence.received - evidence.n,
        "frame": evidence.total("frame"),
        "declared_sent": evidence.declared,
        "left_out": evidence.total("left_out"),
        "unreachable": evidence.total("unreachable"),
        "items": [item(one) for one in whole.items],
        "by": {name: list(parts(policy, evidence, name, whole)) for name in DIMENSIONS},
    }


def item(score: ItemScore) -> dict[str, Any]:
    return {**named(score), **line(score), "subitems": [
        {**named(sub), **line(sub)} for sub in score.subitems
    ]}  # fmt: skip


def named(score: Score) -> dict[str, Any]:
    return {
        "key": score.key,
        "name": score.name,
        "name_en": score.name_en,
        "weight": format(score.weight, "f"),
    }


def parts(
    policy: Policy, evidence: Evidence, dimension: str, whole: Score
) -> Iterator[dict[str, Any]]:
    """The source cut by one dimension, in the order of its keys."""
    found = evidence.parts(dimension)
    lines = []
    for value, part in found.items():
        # Somebody else's forms, or a sample: how many could have answered here is not known.
        known = dimension == "campaign" or not (evidence.declared or evidence.is_sample)
        alone = len(found) == 1
        score = whole if alone else scored(
            policy, part, frame=part.population if known else None
        ).total()  # fmt: skip
        figures = head(policy, part, score)
        if dimension != "campaign" and evidence.declared:
            figures.update(sent=None, rate=None, valid_rate=None, representative=None)
        lines.append({**label(part, dimension, value), **figures})
    return iter(sorted(lines, key=lambda one: one["key"]))


def label(evidence: Evidence, dimension: str, value: Any) -> dict[str, Any]:
    """Key and names of a part; "" where the forms say nothing of it."""
    if dimension == "campaign":
        campaign = evidence.campaigns[value]
        return {"key": campaign.number, "name": campaign.title, "name_en": ""}
    if dimension == "product":
        product = evidence.products.get(value)
        names = (product.code, product.name, product.name_en) if product else ("", "", "")
        return dict(zip(("key", "name", "name_en"), names, strict=True))
    return {"key": value, "name": value, "name_en": ""}
