"""The document of a policy as it is stored: every figure a decimal string, nothing unknown."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from surveys.domain import policy as rules_of
from surveys.domain.policy import Band, Deduction, Policy, Source

KEYS = frozenset(Policy.__dataclass_fields__)
ROW_KEYS = {
    "bands": {"from", "to", "name", "name_en"},
    "sources": {"key", "name", "name_en", "weight", "kind", "customer_types", "products"},
    "deductions": {"rule", "every", "points"},
}


def checked(document: Any) -> dict[str, Any]:
    """The document as it may be stored. Raises ValidationError with every problem, by field.

    What is not known is refused: a misspelt name would silently leave a limit at its default.
    """
    given = document if isinstance(document, dict) else {}
    found: dict[str, list[str]] = {}
    try:
        policy = rules_of.read(given)
    except ValidationError as error:
        found.update(error.message_dict)
    for place in unknown(given):
        found.setdefault(place, []).append(_("There is nothing of this name."))
    if found:
        raise ValidationError(found)
    return write(policy)


def unknown(given: dict[str, Any]) -> Iterator[str]:
    """Names that no policy has, by place."""
    yield from (str(name) for name in given if name not in KEYS)
    points = given.get("points")
    if isinstance(points, dict):
        yield from (f"points.{level}" for level in points if level not in set("54321"))
    for name, known in ROW_KEYS.items():
        rows = given.get(name)
        for number, row in enumerate(rows if isinstance(rows, list) else []):
            if isinstance(row, dict):
                yield from (f"{name}.{number}.{key}" for key in row if key not in known)


def write(policy: Policy) -> dict[str, Any]:
    """The opposite of policy.read()."""
    return {
        "threshold": figure(policy.threshold),
        "floor": figure(policy.floor),
        "minimum_n": policy.minimum_n,
        "missing": policy.missing,
        "approval": policy.approval,
        "low_score": figure(policy.low_score),
        "survey_cap_days": policy.survey_cap_days,
        "points": {level: figure(worth) for level, worth in policy.points.items()},
        "bands": [write_band(band) for band in policy.bands],
        "sources": [write_source(source) for source in policy.sources],
        "deductions": [write_deduction(one) for one in policy.deductions],
    }


def write_band(band: Band) -> dict[str, Any]:
    return {"from": figure(band.start), "name": band.name, "name_en": band.name_en}


def write_source(source: Source) -> dict[str, Any]:
    return {
        "key": source.key,
        "name": source.name,
        "name_en": source.name_en,
        "weight": figure(source.weight),
        "kind": source.kind,
        "customer_types": list(source.customer_types),
        "products": list(source.products),
    }


def write_deduction(one: Deduction) -> dict[str, Any]:
    return {"rule": one.rule, "every": one.every, "points": figure(one.points)}


def figure(value: Any) -> str:
    """80 for 80.00, 0.2 for 0.20: one way to write a number, so that versions compare."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
