"""The editions of the agenda that come with the product (surveys/review_editions.toml)."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from cases.domain import defaults
from surveys.models import ReviewEdition, ReviewTopic
from workflows.domain.context import now

FILE = Path(__file__).parents[2] / "review_editions.toml"


@cache
def read() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))["editions"]
    return found


def ensure_editions() -> int:
    """Add the editions that are not known yet; one that is there stays what people made of it."""
    known = set(ReviewEdition.objects.values_list("code", flat=True))
    missing = [one for one in read() if one["code"] not in known]
    for one in missing:
        edition = ReviewEdition.objects.create(
            code=one["code"],
            name=one["name"],
            name_en=one["name_en"],
            holds_from=one["holds_from"],
        )
        ReviewTopic.objects.bulk_create(
            ReviewTopic(
                edition=edition,
                position=position,
                clause=clause,
                title=title,
                title_en=title_en,
                compilers=compilers,
                required=not rest or rest[0] != "optional",
            )
            for position, (clause, title, title_en, compilers, *rest) in enumerate(
                one["rows"], start=1
            )
        )
    return len(missing)


def in_force() -> ReviewEdition | None:
    """The latest edition that holds today."""
    held = ReviewEdition.objects.filter(holds_from__lte=now())
    return held.order_by("-holds_from", "-pk").first()


defaults.EXTRA.append(("review_editions", ensure_editions))
