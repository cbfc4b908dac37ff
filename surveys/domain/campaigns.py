"""Commands about campaigns: drawing up, editing the draft, launching, cancelling.

A campaign ends when it ends: nothing ends it early and nothing prolongs it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import Department, Membership, User
from cases.validators import Problems
from surveys import permissions
from surveys.domain import frames, periods, policies, policy
from surveys.enums import CAMPAIGN_PREFIX, Mode, QuestionnaireKind, QuestionnaireState
from surveys.models import Campaign, CampaignPlan, CampaignUnit, Questionnaire
from surveys.rules import asks_somebody, asks_something_approved, not_over
from workflows.domain import processes
from workflows.domain.acts import command
from workflows.domain.context import now
from workflows.domain.numbering import next_number
from workflows.domain.record import Deed
from workflows.domain.transitions import business_transaction
from workflows.errors import Forbidden

MOST_UNITS = 100
MOST_FORMS = 10_000_000
GONE = frozenset({QuestionnaireState.RETIRED, QuestionnaireState.DROPPED})


@dataclass(frozen=True)
class UnitDraft:
    """A unit that answers for part of a campaign; without regions, for all the others."""

    department: Department
    regions: tuple[str, ...] = ()
    target: int = 0


def draw_up(
    *,
    by: User | None,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    department: Department,
    source: str = "",
    period: str = "",
    kind: str = "",
    start: str = "start",
    plan: CampaignPlan | None = None,
    drawn: dict[str, int] | None = None,
    **given: Any,
) -> Campaign:
    """Draw up a campaign: guard → check → number with its process → units.

    `by` is None for what opens by itself. `start` "automatic" launches it at once. `drawn` says
    how a frame that is brought along was drawn. `given` is what `edit` takes besides. Raises
    Forbidden, ValidationError by field.
    """
    if by is not None and not permissions.may_survey(by):
        raise Forbidden(_("Campaigns are run by marketing and quality."))
    campaign = Campaign(
        department=department, plan=plan, created_by=by, created_at=now(), kind=kind or "survey"
    )
    units = write(
        campaign, title=title, starts_at=starts_at, ends_at=ends_at, department=department,
        source=source, period=period, kind=kind, **given,
    )  # fmt: skip
    if drawn:
        campaign.population = {**campaign.population, "drawn": drawn}
    with business_transaction():
        year = timezone.localtime(campaign.created_at).year
        campaign.number = next_number(CAMPAIGN_PREFIX, year=year, digits=4)
        if start == "automatic":
            campaign.launched_at = campaign.created_at
        deed = Deed(by=by, act="draw_up", at=campaign.created_at)
        processes.begin(campaign.flow_key, start, campaign, deed)
        put_units(campaign, units)
    return campaign


@command()
def edit(
    campaign: Campaign,
    *,
    by: User,
    at: datetime,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    department: Department,
    source: str = "",
    period: str = "",
    questionnaire: Questionnaire | None = None,
    mode: str = Mode.OWN,
    agency: str = "",
    population: dict[str, Any] | None = None,
    margin: Decimal | None = None,
    declared_sent: int | None = None,
    units: Sequence[UnitDraft] = (),
) -> None:
    """Change a draft. A frame that was drawn for another population goes."""
    before, before_units = asked(campaign), regions_of(campaign)
    drawn = campaign.population.get("drawn")
    found = write(
        campaign, title=title, starts_at=starts_at, ends_at=ends_at, department=department,
        source=source, period=period, questionnaire=questionnaire, mode=mode, agency=agency,
        population=population, margin=margin, declared_sent=declared_sent, units=units,
    )  # fmt: skip
    put_units(campaign, found)
    if asked(campaign) != before:
        campaign.invitees.all().delete()
        return
    if drawn:
        campaign.population = {**campaign.population, "drawn": drawn}
    if regions_of(campaign) != before_units:
        frames.distribute(campaign)


@command(not_over, asks_something_approved, asks_somebody)
def launch(campaign: Campaign, *, by: User, at: datetime) -> None:
    """From now on the frame is frozen; answers are received inside the window."""
    campaign.launched_at = at


@command()
def declare_sent(campaign: Campaign, *, by: User, at: datetime, declared_sent: int) -> None:
    """An agency reports how many forms it has sent out besides the frame."""
    problems = Problems()
    campaign.declared_sent = whole(problems, "declared_sent", declared_sent)
    problems.check()


# ---------------------------------------------------------------------------- what was given
def asked(campaign: Campaign) -> tuple[Any, ...]:
    """What the frame depends on."""
    return campaign.source, campaign.period, frames.Scope.of(campaign.population)


def regions_of(campaign: Campaign) -> dict[str, int]:
    return frames.unit_of_region(campaign.units.all())


def write(
    campaign: Campaign,
    *,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    department: Department,
    source: str,
    period: str,
    kind: str = "",
    questionnaire: Questionnaire | None = None,
    mode: str = Mode.OWN,
    agency: str = "",
    population: dict[str, Any] | None = None,
    margin: Decimal | None = None,
    declared_sent: int | None = None,
    units: Iterable[UnitDraft] = (),
) -> list[UnitDraft]:
    """Check everything and set it on the unsaved campaign; returns the units."""
    problems = Problems()
    campaign.title = problems.text("title", title, most=200, lines=False, needed=True)
    campaign.agency = problems.text("agency", agency, most=120, lines=False)
    campaign.starts_at, campaign.ends_at = starts_at, ends_at
    if ends_at <= starts_at:
        problems.add("ends_at", _("It must end after it starts."))
    campaign.period = half_year(problems, period, starts_at)
    campaign.source = source
    found = source_for(problems, campaign)
    campaign.kind = (found and found.kind) or kind or str(campaign.kind)
    campaign.questionnaire = fitting(problems, campaign, questionnaire)
    campaign.mode = one_of(problems, "mode", mode, Mode.values)
    campaign.department = checked_department(problems, department)
    campaign.population = frames.read_scope(problems, population).document()
    campaign.margin = checked_margin(problems, margin)
    campaign.declared_sent = whole(problems, "declared_sent", declared_sent or 0)
    checked = checked_units(problems, units)
    problems.check()
    return checked


def half_year(problems: Problems, period: str, starts_at: datetime) -> str:
    """The half-year a campaign counts for: that of its start, unless another is named."""
    if not period.strip():
        return periods.half_of(starts_at).code
    try:
        found = periods.read(period)
    except ValidationError as error:
        problems.add("period", error.message_dict["period"][0])
        return ""
    if not found.half:
        problems.add("period", _("A campaign counts for a half-year."))
    return found.code


def source_for(problems: Problems, campaign: Campaign) -> policy.Source | None:
    """The source in the rules of the period; campaigns without one stay outside the index."""
    if not campaign.source or not campaign.period:
        return None
    found = policies.in_force(periods.read(campaign.period))
    source = policy.read(found.document).source(campaign.source) if found else None
    if source is None:
        problems.add("source", _("The rules of this period have no such source."))
    return source


def fitting(
    problems: Problems, campaign: Campaign, questionnaire: Questionnaire | None
) -> Questionnaire | None:
    """A questionnaire of the kind of the source; without a source it says the kind itself."""
    if questionnaire is None:
        return None
    if questionnaire.state in GONE:
        problems.add("questionnaire", _("This questionnaire is used no longer."))
    elif not campaign.source:
        campaign.kind = questionnaire.kind
    elif questionnaire.kind != campaign.kind:
        wanted = dict(QuestionnaireKind.choices)[campaign.kind]
        problems.add("questionnaire", _("This source needs: %(kind)s") % {"kind": wanted})
    return questionnaire


def one_of(problems: Problems, field: str, value: str, allowed: Sequence[Any]) -> str:
    if value not in allowed:
        problems.add(field, _("Choose one of those on offer."))
        return str(allowed[0])
    return value


def surveyors() -> Any:
    """Memberships of those for whom campaigns wait in their department."""
    return Membership.objects.filter(
        role=Role.MARKETING, until=None, user__is_active=True, department__is_active=True
    )


def checked_department(problems: Problems, department: Department) -> Department:
    """A draft waits where somebody can take it."""
    if not surveyors().filter(department=department).exists():
        problems.add(
            "department",
            _("Nobody in %(department)s can take this step.") % {"department": department},
        )
    return department


def checked_margin(problems: Problems, margin: Decimal | None) -> Decimal | None:
    if margin is not None and not Decimal("0.1") <= margin <= 50:
        problems.add("margin", _("A number from %(least)s to %(most)s is needed.")
                     % {"least": "0.1", "most": 50})  # fmt: skip
        return None
    return margin


def whole(problems: Problems, field: str, number: int) -> int:
    if not 0 <= number <= MOST_FORMS:
        problems.add(field, _("A number from %(least)s to %(most)s is needed.")
                     % {"least": 0, "most": MOST_FORMS})  # fmt: skip
        return 0
    return number


def checked_units(problems: Problems, units: Iterable[UnitDraft]) -> list[UnitDraft]:
    """Each department once, each region once, at most one for all the other regions."""
    found, regions, departments = list(units), [], []
    for unit in found:
        departments.append(unit.department.pk)
        regions += [problems.text("units", one, most=60, lines=False) for one in unit.regions] or [
            ""
        ]
        whole(problems, "units", unit.target)
    if len(found) > MOST_UNITS:
        problems.add("units", _("At most %(most)s entries.") % {"most": MOST_UNITS})
    if len(set(departments)) != len(departments):
        problems.add("units", _("Each unit stands once."))
    if len(set(regions)) != len(regions):
        problems.add("units", _("Each region belongs to one unit, and one unit has the others."))
    return found


def put_units(campaign: Campaign, units: Iterable[UnitDraft]) -> None:
    """Write the units of a draft anew."""
    campaign.units.all().delete()
    CampaignUnit.objects.bulk_create(
        CampaignUnit(
            campaign=campaign,
            department=unit.department,
            regions=list(unit.regions),
            target=unit.target,
        )
        for unit in units
    )
