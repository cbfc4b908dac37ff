"""Recurring plans on screen: what opens when, and their forms."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.web.access import only
from accounts.web.own import me
from cases.web.attempt import DONE, attempt
from surveys import permissions
from surveys.domain import plans
from surveys.models import Campaign, CampaignPlan
from surveys.web import campaign_choices
from surveys.web.forms_plan import PlanForm
from surveys.web.tabs import tabs
from workflows.domain.context import now

readers, runners = only(permissions.may_read), only(permissions.may_survey)


@readers
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    found = list(CampaignPlan.objects.select_related("department").order_by("-is_active", "pk"))
    context = {
        "tabs": tabs(request),
        "rows": shown(found),
        "runs": permissions.may_survey(request.user),
    }
    return render(request, "surveys/plan_list.html", context)


def shown(found: list[CampaignPlan]) -> list[dict[str, Any]]:
    """Each plan with its last campaign, its next window, and why it opened none now."""
    last: dict[int | None, Campaign] = {}
    for campaign in Campaign.objects.filter(plan__in=found).order_by("pk"):
        last[campaign.plan_id] = campaign
    sources, moment = campaign_choices.all_sources(), now()
    late = {plan.pk for plan in plans.due_plans()}
    english = not (get_language() or "").startswith("zh")
    return [
        {
            "plan": plan,
            "name": (english and plan.name_en) or plan.name,
            "source": sources.get(plan.source, plan.source),
            "last": last.get(plan.pk),
            "next": plans.next_window(plan.rhythm, moment),
            "trouble": plans.trouble(plan) if plan.pk in late else [],
        }
        for plan in found
    ]


@runners
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    return keep(request, None)


@runners
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    rows = CampaignPlan.objects.select_related("department")
    return keep(request, get_object_or_404(rows, pk=min(pk, 2**62)))


def keep(request: HttpRequest, plan: CampaignPlan | None) -> HttpResponse:
    form = PlanForm(request.POST or None, plan=plan)
    status = 200
    if request.method == "POST":
        status = attempt(
            form, lambda _g: plans.keep_plan(by=me(request), plan=plan, **form.given())
        )
    if status == DONE:
        messages.success(request, _("Saved."))
        return redirect("surveys:plans")
    context = {"form": form, "plan": plan, "tabs": tabs(request)}
    return render(request, "surveys/plan_form.html", context, status=status)


@runners
@require_POST
def usual(request: HttpRequest) -> HttpResponse:
    """The plans that an installation usually begins with."""
    made = plans.ensure_plans()
    messages.success(request, _("Added: %(count)s") % {"count": made})
    return redirect("surveys:plans")
