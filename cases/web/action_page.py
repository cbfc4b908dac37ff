"""The page of a corrective action: what it reads and how it is put together."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from cases.domain import causes, dossier, timeline
from cases.domain.dossier import History
from cases.domain.options import Options
from cases.domain.timeline import FileShown
from cases.enums import Purpose
from cases.models import CorrectiveAction, ExtensionRequest
from cases.permissions import may_write
from cases.web.case_looks import look
from cases.web.case_page import asked, clock, named, shown_timeline
from cases.web.case_steps import Sent, acts, holders, step
from cases.web.forms.talk import AttachForm
from workflows.domain.context import now

# What there is to filter in the timeline of an action.
KINDS = ("steps", "changes", "files")


def context(
    request: HttpRequest, action: CorrectiveAction, sent: Sent | None = None
) -> dict[str, Any]:
    """Everything the page prints. `sent` is a form that was refused a moment ago."""
    user: Any = request.user
    options = Options()
    extensions = list(
        action.extensions.select_related("requested_by", "decided_by").order_by("-pk")
    )
    tasks = [] if action.has_ended else own_steps(action, user)
    page = action.get_absolute_url()
    steps = [
        step(
            task, subject_of(task, action, extensions), user, options=options, page=page, sent=sent
        )
        for task in tasks
    ]
    action.__dict__["open_extension"] = next(
        (one for one in extensions if one.state == "requested"), None
    )
    beside = acts(
        action, user, options=options, page=page, name=request.GET.get("act", ""), sent=sent
    )
    told = timeline.read(action.case, action=action, **asked(request.GET))
    history = History.of(action, told)
    for kind, keys in history.keys().items():
        options.want_names(kind, keys)
    before, evidence = pictures(action)
    history.fill(action, told.entries, named(options, [], history))
    again = sent if sent and sent.task is None and sent.name == "attach" else None
    if again is not None:
        again.placed = True
    return {
        "action": action,
        "case": action.case,
        "state": look(action),
        "case_state": look(action.case),
        "steps": steps,
        "holders": holders(tasks),
        "next_due": min((task.due for task in tasks if task.due), default=None),
        "clocks": [clock(task) for task in tasks],
        "late": action.due is not None and not action.has_ended and action.due < now(),
        "acts": beside.acts,
        "act": beside.current,
        "trees": trees(action),
        "extensions": extensions,
        "before": before,
        "evidence": evidence,
        "may_write": may_write(action.case, user),
        "attach_form": again.form if again else AttachForm(by=user, auto_id="attach-%s"),
        "sent": sent,
        **shown_timeline(request, told, KINDS),
    }


def trees(action: CorrectiveAction) -> list[tuple[str, list[causes.Line]]]:
    """The 5-Why trees that are there, each with its heading."""
    found = [
        (_("Why it occurred"), action.whys),
        (_("Why it was not caught"), action.escape_whys),
    ]
    return [(title, causes.drawn(rows)) for title, rows in found if rows]


def own_steps(action: CorrectiveAction, user: Any) -> list[Any]:
    """The open step of the action, and that of an extension asked for."""
    return [
        task
        for task in dossier.open_steps(action.case, user)
        if task.subject_kind != "case" and task.subject_number == action.number
    ]


def subject_of(
    task: Any, action: CorrectiveAction, extensions: list[ExtensionRequest]
) -> CorrectiveAction | ExtensionRequest | None:
    if task.subject_kind == "action":
        return action
    asked_for = next((one for one in extensions if one.state == "requested"), None)
    if asked_for is not None:
        asked_for.action, asked_for.case = action, action.case
    return asked_for


def pictures(action: CorrectiveAction) -> tuple[list[FileShown], list[FileShown]]:
    """Pictures of the case before the action, and the proof that the action brought."""
    found = dossier.files_of(action.case)
    before = [
        one
        for one in found
        if one.is_image
        and one.purpose in {Purpose.CASE, Purpose.STATEMENT}
        and one.action_id is None
        and one.at
        and one.at <= action.proposed_at
    ]
    return before, [one for one in found if one.action_id == action.pk]
