"""What the forms of campaigns and plans offer."""

from typing import Any

from accounts.models import Department
from cases.domain.catalogue_lists import parents
from cases.models import CustomerClass, Product
from surveys.domain import campaigns, periods, policies, policy
from surveys.enums import QuestionnaireState
from surveys.models import Campaign, Questionnaire, SatisfactionPolicy
from workflows.domain.context import now

Pairs = list[tuple[Any, Any]]


def sources(campaign: Campaign | None = None) -> Pairs:
    """The sources of the rules that hold for the campaign, now and next."""
    half = periods.half_of(now())
    wanted = {half, half.after, *([periods.read(campaign.period)] if campaign else [])}
    found: dict[str, str] = {}
    for period in sorted(wanted):
        version = policies.in_force(period)
        for source in policy.read(version.document).sources if version else ():
            found[source.key] = source.label
    return list(found.items())


def all_sources() -> dict[str, str]:
    """Every source that any published rules know, in the words of the latest: one statement."""
    found: dict[str, str] = {}
    versions = SatisfactionPolicy.objects.filter(published_at__isnull=False)
    for version in versions.order_by("number"):
        for source in policy.read(version.document).sources:
            found[source.key] = source.label
    return found


def questionnaires() -> Pairs:
    """Approved ones, and those that may still be approved before the launch."""
    offered = Questionnaire.objects.exclude(
        state__in=[QuestionnaireState.NEW, *campaigns.GONE]
    ).order_by("code", "-revision")
    return [
        (row, f"{row.label} ({row}, {row.get_kind_display()}, {row.get_state_display()})")
        for row in offered.defer("document")
    ]


def surveying_departments() -> Pairs:
    """Where somebody can take the steps of a campaign."""
    members = campaigns.surveyors().values("department")
    return [(row, row.label) for row in Department.objects.filter(pk__in=members)]


def departments() -> Pairs:
    """Every active department, drawn with its depth."""
    rows = Department.objects.filter(is_active=True).order_by("path")
    return [(row, "\u3000" * max(row.path.count("/") - 3, 0) + row.label) for row in rows]


def products() -> Pairs:
    """Codes of the active products with their place in the tree."""
    codes = dict(Product.objects.filter(is_active=True).values_list("pk", "code"))
    return [(codes[pk], label) for pk, label in parents() if pk in codes]


def classes() -> Pairs:
    return [(row.code, row.label) for row in CustomerClass.objects.filter(is_active=True)]
