"""The page of a corrective action: what it reads and how it is put together."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from cases.domain import causes, clock_words, dossier, effect_reading, read_across, timeline
from cases.domain.dossier import History
from cases.domain.options import Options
from cases.domain.timeline import FileShown
from cases.enums import ActionState, Purpose
from cases.models import CorrectiveAction, ExtensionRequest, ReadAcross
from cases.permissions import may_write
from cases.web.case_looks import CHECK_LOOKS, Look, case_look, look
from cases.web.case_page import asked, clock, named, shown_timeline
from cases.web.case_steps import Sent, acts, holders, step
from cases.web.forms.talk import AttachForm
from workflows.domain import registry
from workflows.domain.context import now

# What there is to filter in the timeline of an action.
KINDS = ("steps", "changes", "files")


def context(request: HttpRequest, action: Any, sent: Sent | None = None) -> dict[str, Any]:
    """Everything the page prints. `action` is one of `dossier.visible_action`, `sent` a form that
    was refused a moment ago.

    Of an action that serves a case of the reader, its own case being hidden from them, the page
    shows what the action says, and of that case the number alone.
    """
    user: Any = request.user
    options = Options()
    masked = not action.sees_case
    extensions, places = parts(action)
    clocks = clock_words.panel(clock_words.of_action(action))
    tasks = [] if action.has_ended else own_steps(action, user)
    page = action.get_absolute_url()
    steps = [
        step(
            task, subject_of(task, action, extensions), user, options=options, page=page, sent=sent
        )
        for task in tasks
    ]
    beside = acts(
        action, user, options=options, page=page, name=request.GET.get("act", ""), sent=sent
    )
    if beside.current is not None and beside.current.form is not None and sent is None:
        beside.current.form.preset(request.GET)
    only = {"kind": "steps"} if masked else {}
    told = timeline.read(action.case, action=action, **asked(request.GET) | only)
    history = History.of(action, told)
    for kind, keys in history.keys().items():
        options.want_names(kind, keys)
    before, evidence = ([], []) if masked else pictures(action)
    history.fill(action, told.entries, named(options, [], history))
    return {
        "action": action,
        "case": action.case,
        "state": look(action),
        "case_state": look(action.case),
        "steps": steps,
        "holders": holders(tasks),
        "next_due": min((task.due for task in tasks if task.due), default=None),
        "clocks": [clock(task) for task in tasks],
        **clocks,
        "late": action.awaited is not None and action.awaited < now(),
        "masked": masked,
        "verifying": bool(action.effect) and action.state == ActionState.SUBMITTED,
        "acts": beside.acts,
        "act": beside.current,
        "trees": trees(action),
        "extensions": extensions,
        **effect(action, user),
        "places": [(one, check_look(one)) for one in places],
        "follow_up": read_across.affected(places) and may_follow_up(action, user),
        "may_check": any(one.name == "check_place" and not one.refusal for one in beside.acts),
        "before": before,
        "evidence": evidence,
        "may_write": may_write(action.case, user) and not masked,
        "attach_form": attach_form(user, sent),
        "sent": sent,
        **shown_timeline(request, told, () if masked else KINDS),
    }


def attach_form(user: Any, sent: Sent | None) -> Any:
    """The place for files, with what was refused a moment ago still in it."""
    if sent is None or sent.task is not None or sent.name != "attach":
        return AttachForm(by=user, auto_id="attach-%s")
    sent.placed = True
    return sent.form


def parts(action: Any) -> tuple[list[ExtensionRequest], list[ReadAcross]]:
    """Extensions and places of read-across: a statement each, where there are any. The action
    knows then which are open."""
    extensions: list[ExtensionRequest] = []
    if action.has_extensions:
        wanted = action.extensions.select_related("requested_by", "decided_by")
        extensions = list(wanted.order_by("-pk"))
    places = read_across.places_of(action) if action.has_places else []
    waiting = (one for one in extensions if one.state == "requested")
    action.__dict__["open_extension"] = next(waiting, None)
    if not places:
        action.__dict__["unchecked_places"] = ()
    return extensions, places


def effect(action: Any, user: Any) -> dict[str, Any]:
    """How the effect is watched and what was found, and the cases around the action."""
    lonely = not (action.has_served or action.recurrence_count or action.effect.get("open"))
    around = effect_reading.around(action, user, lonely=lonely)
    return {
        "watching": effect_reading.watching(action),
        "finding": around.finding,
        "recurrences": [(one, case_look(one.state)) for one in around.recurrences],
        "served": [(one, case_look(one.state)) for one in around.served],
    }


def check_look(place: ReadAcross) -> Look:
    tone, icon = CHECK_LOOKS[place.result]
    return Look(place.get_result_display(), tone, icon)


def may_follow_up(action: CorrectiveAction, user: Any) -> bool:
    """Whether the person may propose a further action on the case now."""
    case = action.case
    act = registry.flow(case.flow_key).act("propose_action")
    return act is not None and str(case.state) in act.states and act.may(case, user)


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
