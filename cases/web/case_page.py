"""The case page: what it reads, eight statements at most, and how it is put together."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.models import User
from cases.domain import clock_words, dossier, relations, timeline
from cases.domain.dossier import History
from cases.domain.options import Options
from cases.domain.relations import RelatedCase
from cases.domain.timeline import Timeline
from cases.enums import OPEN, Part
from cases.models import Case, CorrectiveAction
from cases.permissions import may_write
from cases.web import beside as beside_steps, incident_panels
from cases.web.case_looks import case_look, look
from cases.web.case_steps import Sent, StepShown, acts, holders, step
from cases.web.forms.talk import AttachForm, CommentForm
from cases.web.papers import papers
from workflows.domain import registry
from workflows.domain.context import now

Named = dict[tuple[str, Any], str]


def context(request: HttpRequest, case: Case, sent: Sent | None = None) -> dict[str, Any]:
    """Everything the page prints. `sent` is a form that was refused a moment ago."""
    user: Any = request.user
    options = Options()
    # A motion on a flag may stand at a case that is closed.
    ended = case.has_ended and not getattr(case, "has_file", False)
    clocks = clock_words.panel(clock_words.of_case(case))
    tasks = [] if ended else dossier.open_steps(case, user)
    actions = dossier.actions_of(case)
    dossier.know_beside(case, tasks)
    panels = incident_panels.context(case, user, tasks, actions)
    steps = shown_steps(case, tasks, actions, user, options, sent)
    beside = acts(
        case, user, options=options, page=case.get_absolute_url(),
        name=request.GET.get("act", ""), sent=sent,
    )  # fmt: skip
    if beside.current is not None and beside.current.form is not None and sent is None:
        beside.current.form.preset(request.GET)
    told = timeline.read(case, viewer=user, **asked(request.GET))
    history = History.of(case, told)
    options.want_parties(case)
    for kind, keys in history.keys().items():
        options.want_names(kind, keys)
    related = relations.related_to(case, user)
    history.fill(case, told.entries, named(options, related, history))
    relations.tell(told.entries, related)
    return {
        "case": case,
        "origin_url": origin(case, user),
        "state": look(case),
        **incident_panels.steps(steps),
        **panels,
        **shown_holders(tasks),
        "soonest": min(
            (task for task in tasks if task.due), key=lambda task: task.due, default=None
        ),
        "clocks": [clock(task) for task in tasks],
        **clocks,
        "acts": beside.acts,
        "act": beside.current,
        "reopen_refused": any(one.name == "reopen" and one.refusal for one in beside.acts),
        "actions": [(action, look(action)) for action in actions],
        "open_actions": len(case.open_action_numbers),
        "related": [
            (words, [(one, case_look(one.state)) for one in group])
            for words, group in relations.grouped(related)
        ],
        "may_unlink": any(one.name == "unlink" and not one.refusal for one in beside.acts),
        "survivor": next((one for one in related if one.why == "survivor"), None),
        "near": [one for one in related if one.state in OPEN and one.why not in relations.ABOVE],
        "parties": parties(options),
        "people": people(told),
        "papers": papers(case),
        "may_write": may_write(case, user),
        "sent": sent,
        **talk(case, user, sent),
        **shown_timeline(request, told),
    }


def origin(case: Case, user: User) -> str:
    """The page of what the case was raised from, where that is something of ours, for those who
    see everything: a review's decision is called by the review's number and its own."""
    if not user.authority.sees_all or not registry.is_subject(case.source):
        return ""
    return registry.link(case.source, case.external_ref.partition("/")[0])


def shown_steps(
    case: Case,
    tasks: list[Any],
    actions: list[CorrectiveAction],
    user: User,
    options: Options,
    sent: Sent | None,
) -> list[StepShown]:
    if any(dossier.may_ever(task, user) for task in tasks):
        dossier.know_implementers(actions)
    by_number = {action.number: action for action in actions}

    def subject_of(task: Any) -> Any:
        if task.subject_kind == "case":
            return case
        if task.subject_kind == "action":
            return by_number[task.subject_number]
        return dossier.beside_of(task, case)

    return [
        step(task, subject_of(task), user, options=options, page=case.get_absolute_url(), sent=sent)
        for task in tasks
    ]


def shown_holders(tasks: list[Any]) -> dict[str, Any]:
    """Who has the steps; the head names those of the case and its actions, and counts what runs
    beside them, unless there is nothing else."""
    found = holders(tasks)
    own = [one for one in found if not one.beside]
    return {
        "holders": found,
        "head_holders": own or found,
        "beside_count": len(found) - len(own),
    }


def clock(task: Any) -> dict[str, Any]:
    """How much of a step's time is used: wall-clock spans for a small bar."""
    moment = now()
    late = task.due is not None and moment > task.due
    return {
        "label": beside_steps.label(task),
        "mark": beside_steps.mark(task),
        "due": task.due,
        "started": task.created,
        "elapsed": (task.due if late else max(moment, task.created)) - task.created,
        "left": None if late or task.due is None else task.due - moment,
        "over": moment - task.due if late else None,
    }


def talk(case: Case, user: User, sent: Sent | None) -> dict[str, Any]:
    """The comment box and the place for files, with what was refused still in them."""
    forms: dict[str, Any] = {"comment": CommentForm, "attach": AttachForm}
    found: dict[str, Any] = {}
    for name, form_class in forms.items():
        again = sent if sent and sent.task is None and sent.name == name else None
        if again is not None:
            again.placed = may_write(case, user)
        found[f"{name}_form"] = again.form if again else form_class(by=user, auto_id=f"{name}-%s")
    return found


# ---------------------------------------------------------------------------- timeline
def asked(query: Mapping[str, str]) -> dict[str, Any]:
    """Kind and beginning of the timeline, as the address says; nonsense is left out."""
    kind = query.get("kind", "")
    return {
        "kind": kind if kind in timeline.KINDS else "",
        "before": moment(query.get("before", "")),
    }


def moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    if found is None or timezone.is_naive(found) or not 1970 < found.year < 2200:
        return None
    return found


def shown_timeline(
    request: HttpRequest, told: Timeline, kinds: Iterable[str] = timeline.KINDS
) -> dict[str, Any]:
    """The entries, the filter by kind, and where the older ones are."""
    kind = asked(request.GET)["kind"]
    entries = told.entries
    if kind == "changes":
        entries = [entry for entry in entries if entry.changes]
    chips = [
        {
            "label": label,
            # An active filter leads to the list without it.
            "url": "?#timeline" if kind == name else f"?{urlencode({'kind': name})}#timeline",
            "active": kind == name,
            "count": None,
        }
        for name, (label, _sources) in timeline.KINDS.items()
        if name in kinds
    ]
    older = ""
    if told.older is not None:
        query = {"before": told.older.isoformat(), **({"kind": kind} if kind else {})}
        older = f"?{urlencode(query)}#timeline"
    return {"entries": entries, "kinds": chips, "older_url": older, "whole": told.whole}


def named(options: Options, related: list[RelatedCase], history: History) -> Named:
    """The words behind the foreign keys of old values. Another case is named only where the
    reader may see it."""
    names: Named = dict.fromkeys(history.other_cases(), _("another case"))
    for field, kind in dossier.NAMED.items():
        names.update({(field, key): name for key, name in options.names(f"was:{kind}").items()})
    for one in related:
        names["merged_into", one.pk] = names["follows", one.pk] = one.number
    return names


# ---------------------------------------------------------------------------- the right side
def parties(options: Options) -> list[tuple[Any, list[str]]]:
    """The departments concerned, by the part they have."""
    return [
        (part.label, names)
        for part in Part
        if (names := [one.label for one in options.found["party"] if one.text == part])
    ]


def people(told: Timeline) -> list[str]:
    """Who has done something here, the latest first."""
    return list(dict.fromkeys(entry.actor for entry in told.entries if entry.actor))
