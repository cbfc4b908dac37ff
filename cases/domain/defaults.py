"""What a new installation begins with: catalogues and the first policies (cases/defaults.toml)."""

import tomllib
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from cases.models import Case, CasePolicy, Category, Cause, Channel, CustomerClass, IncidentPolicy
from workflows.domain import upgrades
from workflows.domain.calendar_seed import ensure_calendars
from workflows.domain.context import now
from workflows.enums import Rung
from workflows.models import (
    ClockPolicy,
    ClockRule,
    DeadlinePolicy,
    DeadlineRule,
    EscalationPolicy,
)

CATALOGUES: dict[str, Any] = {
    "channels": Channel,
    "categories": Category,
    "causes": Cause,
    "customer_classes": CustomerClass,
}

RUNGS = [rung.name.lower() for rung in Rung if rung]

# What upper apps add, by name: each adds what is missing and says how many rows that were.
EXTRA: list[tuple[str, Callable[[], int]]] = []


@cache
def read() -> dict[str, Any]:
    path = Path(__file__).parent.parent / "defaults.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@transaction.atomic
def ensure_defaults() -> dict[str, int]:
    """Add what is missing and change nothing that is there; how many rows of each were added."""
    made = {name: add_entries(model, read()[name]) for name, model in CATALOGUES.items()}
    made["policies"] = add_case_policy() + add_deadlines() + add_incident_policy() + add_ladders()
    made["deadlines"] = add_missing_hours()
    made["clocks"] = add_clocks()
    made["calendars"] = ensure_calendars()
    return made | {name: add() for name, add in EXTRA}


def add_entries(model: Any, entries: dict[str, list[str]]) -> int:
    """Entries by code; one that was renamed or switched off stays as it is."""
    known = set(model.objects.values_list("code", flat=True))
    missing = [
        model(code=code, name=name, name_en=name_en, position=position)
        for position, (code, (name, name_en)) in enumerate(entries.items())
        if code not in known
    ]
    return len(model.objects.bulk_create(missing))


def holds_from() -> Any:
    """Before every case there is, so that none is without a rule."""
    return timezone.make_aware(read()["policy"]["holds_from"], timezone.get_default_timezone())


def add_case_policy() -> int:
    if CasePolicy.objects.exists():
        return 0
    given = {name: read()["policy"][name] for name in ("reopen_days", "backdate_days")}
    CasePolicy.objects.create(holds_from=holds_from(), made_at=now(), **given)
    return 1


def add_deadlines() -> int:
    if DeadlinePolicy.objects.exists():
        return 0
    given = read()["deadlines"]
    policy = DeadlinePolicy.objects.create(
        holds_from=holds_from(),
        week={str(day): given["intervals"] for day in given["days"]},
        default_hours=Decimal(given["default_hours"]),
        made_at=now(),
    )
    write_hours(policy, given["hours"])
    return 1


def write_hours(policy: DeadlinePolicy, flows: dict[str, dict[str, Any]]) -> None:
    """A rule for all cases and one for major ones, for each step of these flows."""
    share = Decimal(str(read()["deadlines"]["major_share"]))
    DeadlineRule.objects.bulk_create(
        DeadlineRule(
            policy=policy, flow=flow, node=node, major_only=major,
            hours=hours * share if major else Decimal(hours),
        )
        for flow, nodes in flows.items()
        for node, hours in nodes.items()
        for major in (False, True)
    )  # fmt: skip


def add_clocks(*, at: datetime | None = None) -> int:
    """The first version of the clocks. It holds from now on (or `at`) where cases run already:
    what was logged before gets clocks with its next steps, and none that began in the past."""
    if ClockPolicy.objects.exists():
        return 0
    given = read()["clocks"]
    begins = at or (now() if Case.objects.exists() else holds_from())
    policy = ClockPolicy.objects.create(
        holds_from=begins, pause_hours=Decimal(given["pause_hours"]), made_at=at or now()
    )
    ClockRule.objects.bulk_create(
        ClockRule(
            policy=policy, position=position, name=rule["name"], conditions=by_key(rule),
            amount=Decimal(rule["amount"]), unit=rule["unit"],
            warn_percent=rule.get("warn_percent", 80),
            statutory=rule.get("statutory", False), again=rule.get("again", True),
        )
        for position, rule in enumerate(filter(applies, given["rules"]), start=1)
    )  # fmt: skip
    return 1


def applies(rule: dict[str, Any]) -> bool:
    """Whether the catalogues have what a rule asks for; without it, it would be for all cases."""
    return all(by_key(rule).values())


def by_key(rule: dict[str, Any]) -> dict[str, list[Any]]:
    """The conditions of a rule with entries of a catalogue by their keys."""
    models: dict[str, Any] = {"channel": Channel, "customer_class": CustomerClass}
    return {
        fact: entries_of(models[fact], values) if fact in models else values
        for fact, values in rule.get("when", {}).items()
    }


def entries_of(model: Any, codes: list[str]) -> list[int]:
    return list(model.objects.filter(code__in=codes).order_by("pk").values_list("pk", flat=True))


def incident_policy() -> IncidentPolicy:
    """The first policy of major incidents, not saved."""
    given = read()["incidents"]
    return IncidentPolicy(
        holds_from=holds_from(),
        matrix=given["matrix"],
        quorum_percent=given["quorum_percent"],
        hearing_hours=Decimal(str(given["hearing_hours"])),
        appeal_days=given["appeal_days"],
        watch_days=given["watch_days"],
        vague_phrases=given["vague_phrases"],
        made_at=now(),
    )


def add_incident_policy() -> int:
    if IncidentPolicy.objects.exists():
        return 0
    incident_policy().save()
    return 1


def ladders() -> list[dict[str, Any]]:
    """The first ladders, as the policy keeps them."""
    return [
        {
            "name": given["name"],
            "name_en": given["name_en"],
            "flows": given.get("flows", []),
            "major_only": given.get("major_only", False),
            "urgent": given.get("urgent", False),
            "rungs": [
                {"rung": rung, "percent" if when.endswith("%") else "hours": when.rstrip("%h")}
                for rung, when in given.items()
                if rung in RUNGS
            ],
        }
        for given in read()["escalation"]
    ]


def add_ladders() -> int:
    """Also where an installation is upgraded: what waits there is put on them by the next sweep."""
    if EscalationPolicy.objects.exists():
        return 0
    EscalationPolicy.objects.create(holds_from=holds_from(), ladders=ladders(), made_at=now())
    return 1


def add_missing_hours() -> int:
    """Hours of the flows that came with an upgrade, as new versions: what holds is not edited.

    A flow that any version ever ruled is known; hours that somebody took out stay out. So does
    everything where no step has a rule: there the hours for steps without one are meant.
    """
    known = set(DeadlineRule.objects.values_list("flow", flat=True).distinct())
    hours = read()["deadlines"]["hours"]
    missing = {flow: nodes for flow, nodes in hours.items() if flow not in known}
    if not known or not missing:
        return 0
    made = upgrades.remade(
        reason="新流程的期限随升级加入 · "  # chinese: kept in both languages
        "Hours of new processes came with an upgrade"  # chinese: see above
    )
    for policy in made:
        write_hours(policy, missing)
    return len(made)
