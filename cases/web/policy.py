"""The policies on screen: what holds, what is planned, what has held; a form for a new version."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import may_keep_rules
from accounts.web.access import only
from accounts.web.own import me
from accounts.web.places import sections
from cases.domain import clock_policies, incident_versions, policies as case_policies, severity
from cases.enums import Extent
from cases.web.attempt import DONE, attempt
from cases.web.forms.clock_policy import ClockPolicyForm
from cases.web.forms.incident_policy import IncidentPolicyForm
from cases.web.forms.ladders import LadderForm
from cases.web.forms.policy import CasePolicyForm, DeadlineForm, VersionForm
from workflows.domain import (
    calendar_books,
    ladder_policies,
    ladders,
    policies as deadline_policies,
)
from workflows.domain.changes import FieldChange
from workflows.domain.versions import ENDED, IN_FORCE, OVERTAKEN, PLANNED, Version

keepers = only(may_keep_rules)
STALE = 409


@dataclass(frozen=True)
class Policy:
    """One policy: how it is read, made and shown."""

    title: Any
    versions: Callable[[], list[Version]]
    changes: Callable[[Any, Any], Iterator[FieldChange]]
    make: Callable[..., Any]
    form: type[VersionForm]
    facts: Callable[[Any], list[tuple[str, Any]]]
    # What is shown as a table, and the template that draws it.
    table: Callable[[Any], Any] = lambda row: []
    table_template: str = ""


def case_facts(row: Any) -> list[tuple[str, Any]]:
    return [
        (str(capfirst(label)), getattr(row, name)) for name, label in case_policies.FIGURES.items()
    ]


def deadline_facts(row: Any) -> list[tuple[str, Any]]:
    return [
        (gettext("Hours for a step without a rule"), deadline_policies.words(row.default_hours)),
        (gettext("Working time"), working_time(row)),
    ]


def working_time(row: Any) -> Any:
    """What the hours are counted in: the calendars, and before there are any the policy's week."""
    if calendar_books.current().default is None:
        return deadline_policies.week_words(row.week)
    link = '<a href="{}">{}</a>'
    return format_html(link, reverse("workflows:calendars"), gettext("Working calendars"))


def deadline_table(row: Any) -> list[dict[str, Any]]:
    """What holds for each step; where there is no rule, what is taken instead."""
    hours = deadline_policies.hours_of(row)
    lines = []
    for step in deadline_policies.ruled():
        general, major = (hours.get(step.key(major=major)) for major in (False, True))
        lines.append(
            {
                "step": step,
                "general": deadline_policies.words(general or row.default_hours),
                "major": deadline_policies.words(major or general or row.default_hours),
                "by_rule": (general is not None, major is not None),
            }
        )
    return lines


def incident_matrix(row: Any) -> dict[str, Any]:
    """The severity that harm and extent propose, as a table."""
    rows = [
        (
            harm.label,
            [
                (f"{severity.brief(harm.label)} × {severity.brief(extent.label)}", proposed)
                for extent, proposed in cells
            ],
        )
        for harm, cells in severity.matrix_rows(row.matrix)
    ]
    return {"heads": [severity.brief(extent.label) for extent in Extent], "rows": rows}


def ladder_table(row: Any) -> dict[str, Any]:
    """The ladders in their order, and when each rung comes."""
    rungs = ladder_policies.RUNGS
    rows = []
    for ladder in ladders.read(row.ladders):
        steps = {step.rung: step for step in ladder.steps}
        told = [(one.label, ladder_policies.words(steps.get(one), ladder)) for one in rungs]
        rows.append((ladder, ladder_policies.scope(ladder), told))
    return {"heads": [rung.label for rung in rungs], "rows": rows}


POLICIES = {
    "complaints": Policy(
        _("Complaints procedure"),
        case_policies.all_versions,
        case_policies.changes,
        case_policies.new_case_policy,
        CasePolicyForm,
        case_facts,
    ),
    "deadlines": Policy(
        _("Deadlines"),
        deadline_policies.all_versions,
        deadline_policies.changes,
        deadline_policies.new_deadlines,
        DeadlineForm,
        deadline_facts,
        deadline_table,
        "cases/policy_table.html",
    ),
    "escalation": Policy(
        _("Escalation"),
        ladder_policies.all_versions,
        ladder_policies.changes,
        ladder_policies.new_ladders,
        LadderForm,
        lambda row: [],
        ladder_table,
        "cases/policy_ladders.html",
    ),
    "clocks": Policy(
        _("Clocks"),
        clock_policies.all_versions,
        clock_policies.changes,
        clock_policies.new_clock_policy,
        ClockPolicyForm,
        clock_policies.facts,
        clock_policies.table,
        "cases/policy_clocks.html",
    ),
    "incidents": Policy(
        _("Major incidents"),
        incident_versions.all_versions,
        incident_versions.changes,
        incident_versions.new_incident_policy,
        IncidentPolicyForm,
        incident_versions.facts,
        incident_matrix,
        "cases/policy_matrix.html",
    ),
}
FIRST = "complaints"


def policy_of(key: str) -> Policy:
    try:
        return POLICIES[key]
    except KeyError:
        raise Http404 from None


def frame(request: HttpRequest, active: str) -> dict[str, Any]:
    """The sections of the administration, and below them one tab for each policy."""
    kinds = [
        {
            "label": policy.title,
            "url": reverse("cases:policy", args=[key]),
            "active": key == active,
            "icon": "",
            "count": None,
        }
        for key, policy in POLICIES.items()
    ]
    return {
        "tabs": sections(request, "policies"),
        "kinds": kinds,
        "key": active,
        "title": POLICIES[active].title,
    }


@keepers
@require_safe
def policy(request: HttpRequest, key: str = FIRST) -> HttpResponse:
    shown = policy_of(key)
    told: dict[str, list[dict[str, Any]]] = {IN_FORCE: [], PLANNED: [], ENDED: [], OVERTAKEN: []}
    for version in shown.versions():
        before = version.before
        changes = list(shown.changes(before, version.row)) if before else []
        told[version.standing].append({"version": version, "changes": changes, "first": not before})
    held = told[IN_FORCE][0]["version"].row if told[IN_FORCE] else None
    page = {
        "told": told,
        "past": told[ENDED] + told[OVERTAKEN],
        "facts": shown.facts(held) if held else [],
        "table": shown.table(held) if held else [],
        "table_template": shown.table_template,
        **frame(request, key),
    }
    return render(request, "cases/policy.html", page)


@keepers
@require_http_methods(["GET", "HEAD", "POST"])
def new_version(request: HttpRequest, key: str) -> HttpResponse:
    """Filled in from the version in force, or from the one that `from` names."""
    shown = policy_of(key)
    versions = shown.versions()
    base = begin_with(versions, request.GET.get("from", ""))
    form = shown.form(request.POST or None, versions=versions, base=base)
    status = 200
    # A button that only moves rows sends the form and saves nothing.
    if request.method == "POST" and not request.POST.get("turn"):
        status = attempt(form, lambda _given: shown.make(by=me(request), **form.given()))
    if status == DONE:
        messages.success(request, gettext("The new version is made."))
        return redirect("cases:policy", key)
    if status == STALE:
        form.renew(versions[0].row.pk)
    planned = [version for version in versions if version.standing == PLANNED]
    page = {"form": form, "planned": planned, "base": base, **frame(request, key)}
    return render(request, "cases/policy_new.html", page, status=status)


def begin_with(versions: list[Version], wanted: str) -> Any:
    for version in versions:
        if str(version.row.pk) == wanted:
            return version.row
    for version in versions:
        if version.standing == IN_FORCE:
            return version.row
    raise Http404
