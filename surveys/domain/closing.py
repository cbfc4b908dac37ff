"""The survey that follows every closed complaint: how was it handled? Capped for each customer."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _, override

from accounts.enums import Function
from accounts.models import Department
from cases.domain.departments import department_for
from cases.enums import PROCESSED, CaseState
from cases.models import Case
from surveys.domain import campaigns, periods, policies, policy, sending
from surveys.enums import CampaignState, QuestionnaireKind, QuestionnaireState
from surveys.models import Campaign, Invitee, Questionnaire
from workflows.domain import outbox
from workflows.domain.transitions import business_transaction
from workflows.models import Outbox, Transition

KIND = QuestionnaireKind.COMPLAINT
# Who is asked on the last day of a half-year still has time to answer.
TO_ANSWER = timedelta(days=30)


@outbox.handles("transition")
def ask_after_closing(row: Outbox) -> None:
    """A complaint was closed: ask its customer."""
    if row.payload.get("kind", "case") != "case":
        return
    found = Transition.objects.filter(
        pk=row.payload["transition"], subject_kind="case", to_state=CaseState.CLOSED
    ).first()
    if found is None or found.from_state == CaseState.CLOSED:
        return
    case = Case.objects.select_related("customer", "service_department").get(pk=found.subject_id)
    if case.kind in PROCESSED:
        invite(case, at=found.at, key=f"{case.number}-{found.version}")


def invite(case: Case, *, at: datetime, key: str) -> Invitee | None:
    """Put the customer into the frame of the running campaign, by `key` once, and send the form.

    None without an approved questionnaire, or when the customer was asked not long ago. All who
    invite queue on the questionnaire, so that two closings open one campaign and ask once.
    """
    with business_transaction():
        asking = Questionnaire.objects.select_for_update(of=("self",)).filter(
            kind=KIND, state=QuestionnaireState.APPROVED
        )
        questionnaire = asking.order_by("-approved_at", "-pk").first()
        if questionnaire is None or asked_lately(case, at):
            return None
        campaign = running(case, questionnaire, at)
        if campaign.invitees.filter(external_id=key).exists():
            return None
        customer = case.customer
        invitee = Invitee.objects.create(
            campaign=campaign,
            external_id=key,
            case=case,
            customer=customer,
            name=customer.name,
            customer_type=customer.type,
            product_id=case.product_id,
            region=customer.region,
            city=customer.city,
            phone=case.contact_phone or customer.phone,
            email=customer.email,
            unit_id=case.department_id or case.service_department_id,
        )
        if customer.email and sending.may_mail():
            sending.mark([invitee], sent_at=at)
            sending.invite([invitee], turn="0")
        return invitee


def asked_lately(case: Case, at: datetime) -> bool:
    """Whether the customer was asked after a complaint within the days of the policy.

    An invitation that nobody has sent yet counts from the closing it follows.
    """
    found = policies.in_force(periods.half_of(at))
    days = policy.read(found.document).survey_cap_days if found else 0
    since = at - timedelta(days=days)
    asked = Invitee.objects.filter(campaign__kind=KIND, customer=case.customer_id)
    recent = Q(sent_at__gt=since) | Q(sent_at=None, case__closed_at__gt=since)
    return days > 0 and asked.filter(recent, left_out_reason="").exists()


def running(case: Case, questionnaire: Questionnaire, at: datetime) -> Campaign:
    """The campaign of the half-year for closed complaints, opened with its first one."""
    half = periods.half_of(at)
    found = Campaign.objects.filter(
        kind=KIND, source="", period=half.code, state=CampaignState.LAUNCHED, plan=None
    ).filter(ends_at__gt=at)
    campaign = found.order_by("pk").first()
    if campaign is not None:
        return campaign
    with override(settings.LANGUAGE_CODE):
        title = _("How complaints were handled %(period)s") % {"period": half.code}
    return campaigns.draw_up(
        by=None,
        start="automatic",
        title=title,
        kind=KIND,
        questionnaire=questionnaire,
        starts_at=half.starts_at,
        ends_at=half.ends_at + TO_ANSWER,
        department=responsible(case),
    )


def responsible(case: Case) -> Department:
    key = department_for(Function.MARKETING)
    return Department.objects.get(pk=key) if key else case.service_department
