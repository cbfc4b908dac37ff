"""What an upgrade adds to deadlines that are in use: new versions, since none is ever edited."""

from workflows.domain import versions
from workflows.domain.context import now
from workflows.models import DeadlinePolicy, DeadlineRule


def remade(*, reason: str) -> list[DeadlinePolicy]:
    """What holds and what is planned, made once more with all its rules, for more to be added.

    The version in force is followed from now on; a planned one by another for its own day.
    """
    story = versions.story(DeadlinePolicy.objects.prefetch_related("rules"), at=now())
    goes_on = [one.row for one in story if one.standing in {versions.IN_FORCE, versions.PLANNED}]
    return [successor(row, reason) for row in sorted(goes_on, key=lambda row: row.holds_from)]


def successor(row: DeadlinePolicy, reason: str) -> DeadlinePolicy:
    """A version that says the same as this one, made by nobody."""
    made_at = now()
    copy = DeadlinePolicy.objects.create(
        holds_from=max(row.holds_from, made_at), week=row.week, default_hours=row.default_hours,
        reason=reason, made_at=made_at,
    )  # fmt: skip
    DeadlineRule.objects.bulk_create(
        DeadlineRule(
            policy=copy, flow=rule.flow, node=rule.node, major_only=rule.major_only,
            hours=rule.hours,
        )
        for rule in row.rules.all()
    )  # fmt: skip
    return copy
