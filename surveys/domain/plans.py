"""Recurring plans: they open a draft at the beginning of each of their windows, once."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _, override

from accounts.enums import Function
from accounts.models import Department, User
from cases.domain.defaults import EXTRA
from cases.domain.departments import department_for
from cases.validators import Problems
from surveys import permissions
from surveys.domain import campaigns, frames, policies, policy
from surveys.domain.keys import is_key
from surveys.domain.periods import half_of, midnight
from surveys.enums import Mode, QuestionnaireState, Rhythm
from surveys.models import Campaign, CampaignPlan, Questionnaire
from workflows.domain.context import now
from workflows.domain.scheduler import chore
from workflows.domain.transitions import business_transaction
from workflows.errors import Forbidden

logger = logging.getLogger(__name__)
# First months of the windows of the calendar, three months each (DOMAIN.md 5).
HALF_YEAR_WINDOWS = (4, 10)


@dataclass(frozen=True)
class Window:
    """`name` is like 2026-H1, 2026-Q2, 2026-04."""

    starts_at: datetime
    ends_at: datetime
    name: str


def window(rhythm: str, moment: datetime) -> Window | None:
    """The window of a rhythm in which a moment lies; the half-yearly ones leave gaps."""
    day = timezone.localtime(moment, timezone.get_default_timezone()).date()
    quarter = (day.month - 1) // 3
    if rhythm == Rhythm.MONTH:
        return months(day.year, day.month, 1, f"{day.year}-{day.month:02}")
    first = quarter * 3 + 1
    if rhythm == Rhythm.QUARTER:
        return months(day.year, first, 3, f"{day.year}-Q{quarter + 1}")
    if first not in HALF_YEAR_WINDOWS:
        return None
    return months(day.year, first, 3, half_of(moment).code)


def months(year: int, first: int, count: int, name: str) -> Window:
    after = date(year + (first + count - 1) // 12, (first + count - 1) % 12 + 1, 1)
    return Window(midnight(date(year, first, 1)), midnight(after), name)


def next_window(rhythm: str, moment: datetime) -> Window:
    """The one that begins after this moment."""
    current = window(rhythm, moment)
    later = current.ends_at if current else moment
    while (found := window(rhythm, later)) is None:
        later += timedelta(days=28)
    return found


# ---------------------------------------------------------------------------- opening
@chore("open_campaigns", every=timedelta(minutes=15))
def open_drafts() -> int:
    """Open the drafts whose window has begun; a plan that cannot holds up no other."""
    opened = 0
    for plan in due_plans():
        try:
            opened += open_draft(plan) is not None
        except ValidationError as error:
            logger.warning("plan %s (%s) opened no draft: %s", plan.pk, plan.name, error.messages)
    return opened


def due_plans() -> list[CampaignPlan]:
    """Active plans in whose window no campaign stands: two statements."""
    plans = list(CampaignPlan.objects.filter(is_active=True).select_related("department"))
    opened = opened_now(plans)
    return [
        plan
        for plan in plans
        if (found := window(plan.rhythm, now())) and (plan.pk, found.starts_at) not in opened
    ]


def opened_now(plans: Iterable[CampaignPlan]) -> set[tuple[int | None, datetime]]:
    earliest = now() - timedelta(days=100)
    rows = Campaign.objects.filter(plan__in=list(plans), starts_at__gte=earliest)
    return set(rows.values_list("plan", "starts_at"))


def open_draft(plan: CampaignPlan) -> Campaign | None:
    """The draft of the window of now; None when it is there or there is no window."""
    current = window(plan.rhythm, now())
    if current is None:
        return None
    with override(settings.LANGUAGE_CODE):
        title = f"{plan.name} {current.name}"
    try:
        return campaigns.draw_up(
            by=None,
            title=title,
            plan=plan,
            source=plan.source,
            questionnaire=approved(plan.questionnaire_code),
            starts_at=current.starts_at,
            ends_at=current.ends_at,
            mode=plan.mode,
            department=plan.department,
            population=plan.population,
        )
    except IntegrityError:
        # Another process was faster.
        return None


def approved(code: str) -> Questionnaire | None:
    """The approved revision of a questionnaire; a draft may open before there is one."""
    return Questionnaire.objects.filter(code=code, state=QuestionnaireState.APPROVED).first()


def trouble(plan: CampaignPlan) -> list[str]:
    """Why a plan opens no draft now, for its page."""
    current = window(plan.rhythm, now())
    if current is None:
        return []
    try:
        campaigns.write(
            Campaign(), title=plan.name, starts_at=current.starts_at, ends_at=current.ends_at,
            department=plan.department, source=plan.source, period="",
            questionnaire=approved(plan.questionnaire_code), population=plan.population,
        )  # fmt: skip
    except ValidationError as error:
        return error.messages
    return []


# ---------------------------------------------------------------------------- keeping
def keep_plan(
    *,
    by: User,
    name: str,
    questionnaire_code: str,
    rhythm: str,
    department: Department,
    name_en: str = "",
    source: str = "",
    mode: str = Mode.OWN,
    population: dict[str, Any] | None = None,
    is_active: bool = True,
    plan: CampaignPlan | None = None,
) -> CampaignPlan:
    """Add a plan, or change `plan`. Campaigns that it has opened stay as they are."""
    if not permissions.may_survey(by):
        raise Forbidden(_("Campaigns are run by marketing and quality."))
    problems = Problems()
    plan = plan or CampaignPlan()
    plan.name = problems.text("name", name, most=120, lines=False, needed=True)
    plan.name_en = problems.text("name_en", name_en, most=120, lines=False)
    plan.questionnaire_code = questionnaire_code
    if not is_key(questionnaire_code):
        problems.add("questionnaire_code", _("A key has small letters, digits and _ only."))
    plan.rhythm = campaigns.one_of(problems, "rhythm", rhythm, Rhythm.values)
    plan.mode = campaigns.one_of(problems, "mode", mode, Mode.values)
    plan.source = source
    if source and source not in known_sources():
        problems.add("source", _("The rules of this period have no such source."))
    plan.department = campaigns.checked_department(problems, department)
    plan.population = frames.read_scope(problems, population).document()
    plan.is_active = is_active
    problems.check()
    with business_transaction():
        plan.save()
    return plan


def known_sources() -> set[str]:
    found = policies.in_force(half_of(now()).after)
    return {source.key for source in policy.read(found.document).sources} if found else set()


def ensure_plans() -> int:
    """The plans of a new installation (surveys/defaults.toml), once there is a department that
    answers for them; how many were added."""
    department = department_for(Function.MARKETING)
    if department is None or CampaignPlan.objects.exists():
        return 0
    made = CampaignPlan.objects.bulk_create(
        CampaignPlan(department_id=department, **row) for row in policies.defaults()["plans"]
    )
    return len(made)


EXTRA.append(("campaign_plans", ensure_plans))
