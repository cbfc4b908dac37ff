"""Versions of the policy: which one holds for a period."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from surveys.domain.periods import Period
from surveys.models import SatisfactionPolicy
from workflows.domain.context import now


def in_force(period: Period) -> SatisfactionPolicy | None:
    """The version that holds for a period: of those that hold from its first day or earlier,
    the latest start, and of one start the version published last."""
    return (
        SatisfactionPolicy.objects.filter(
            published_at__isnull=False, holds_from__lte=period.first_day
        )
        .order_by("-holds_from", "-number")
        .first()
    )


@cache
def defaults() -> dict[str, Any]:
    path = Path(__file__).parent.parent / "defaults.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def ensure_policy() -> int:
    """The first version of a new installation, already in force; how many rows were added."""
    if SatisfactionPolicy.objects.exists():
        return 0
    document = dict(defaults()["policy"])
    holds_from = document.pop("holds_from")
    SatisfactionPolicy.objects.create(
        number=1, holds_from=holds_from, document=document, made_at=now(), published_at=now()
    )
    return 1
