"""The words, tones and icons of the timeline: what each kind of row is called."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import get_language, gettext as _, gettext_lazy

from cases.enums import ACTION_ENDED, ENDED, Answer, Flag, Purpose, ResponseKind
from cases.models import Reply
from workflows.domain import registry
from workflows.enums import Event, Rung

if TYPE_CHECKING:
    from cases.domain.timeline_sources import Row

# Tone and icon by source.
LOOKS = {
    "statement": ("blue", "file-text"),
    "arbitration": ("purple", "gavel"),
    "reply": ("blue", "send"),
    "answer": ("blue", "message"),
    "comment": ("grey", "message"),
    "flag": ("red", "flag"),
    "unflag": ("grey", "flag"),
    "motion": ("amber", "flag"),
    "response": ("blue", "bell"),
    "investigation": ("blue", "search"),
    "review": ("blue", "users"),
    "opinion": ("blue", "message"),
    "appeal": ("amber", "scale"),
    "decision": ("purple", "gavel"),
    "plan": ("blue", "list-check"),
    "closure": ("green", "checklist"),
    "file": ("grey", "paperclip"),
}
EVENT_ICONS = {
    Event.CLAIM: "hand-grab",
    Event.RELEASE: "arrow-back-up",
    Event.TRANSFER: "arrow-forward-up",
    Event.WARN: "bell",
    Event.ESCALATE: "alert-triangle",
    Event.RESCHEDULE: "calendar-event",
    Event.BREACH: "alert-triangle",
    Event.GO_ON: "player-play",
}
# What a deed is known by; the others get a plain dot.
DEED_ICONS = {
    "log": "phone",
    "record": "phone",
    "acknowledge": "message",
    "accept": "check",
    "raise_major": "alert-triangle",
    "merge": "git-merge",
    "convert": "arrows-exchange",
    "answer": "file-text",
    "dispute": "scale",
    "rule": "gavel",
    "order_actions": "list-check",
    "reply": "send",
    "satisfied": "mood-smile",
    "unsatisfied": "mood-sad",
    "no_answer": "mood-neutral",
    "begin": "tool",
    "submit": "clipboard-check",
    "verify": "shield-check",
    "confirm_flag": "flag",
    "revoke_flag": "flag",
    "request_extension": "calendar-event",
    "extended": "calendar-event",
    "propose": "bulb",
    "edit": "pencil",
    "reopen": "refresh",
    "investigate": "search",
    "convene": "users",
    "file": "message",
    "report_done": "bell",
    "hear": "message",
    "appeal": "scale",
    "uphold": "gavel",
    "revise": "gavel",
    "draft_measures": "list-check",
    "pass_measures": "report-search",
    "approve_measures": "signature",
    "close": "lock",
    "countersign": "signature",
    "raise_severity": "alert-triangle",
    "record_minutes": "file-text",
    "link": "link",
    "unlink": "circle-x",
    "split": "git-branch",
    "solve_together": "git-merge",
    "list_places": "sitemap",
    "check_place": "search",
    "serve": "link",
    "pause_clocks": "player-pause",
    "resume_clocks": "player-play",
    "extend_clock": "calendar-event",
    "grant": "calendar-event",
}
# Which deeds bring files of a purpose.
BRINGS_FILES: dict[str, tuple[str, ...]] = {
    Purpose.CASE: ("log",),
    Purpose.STATEMENT: ("answer", "dispute"),
    Purpose.EVIDENCE: ("submit",),
    Purpose.FLAG: ("propose_flag", "propose_revocation"),
    Purpose.RESPONSE: ("report_done",),
    Purpose.INVESTIGATION: ("investigate",),
    Purpose.OPINION: ("file",),
    Purpose.MINUTES: ("record_minutes",),
    Purpose.APPEAL: ("appeal",),
}
# Ends that are no success: they stay grey.
QUIET_ENDS = {
    "rejected", "withdrawn", "cancelled", "refused", "lapsed", "merged", "converted",
}  # fmt: skip


# What a deed on something beside the steps is called: the step's own name speaks to who does it.
BESIDE: dict[tuple[str, str], Any] = {
    ("response", "report_done"): gettext_lazy("Immediate response reported"),
    ("response", "decline"): gettext_lazy("Immediate response not needed"),
    ("response", "lapse"): gettext_lazy("Immediate response lapsed"),
    ("opinion", "file"): gettext_lazy("Opinion filed"),
    ("opinion", "miss"): gettext_lazy("Opinion not filed"),
    ("appeal", "uphold"): gettext_lazy("Appeal decided: the ruling stands"),
    ("appeal", "revise"): gettext_lazy("Appeal decided: the ruling is revised"),
    ("appeal", "lapse"): gettext_lazy("Appeal lapsed"),
    ("flag", "confirm_first"): gettext_lazy("Motion on a flag: first confirmation"),
    ("flag", "confirm_second"): gettext_lazy("Motion on a flag: second confirmation"),
    ("flag", "dismiss"): gettext_lazy("Motion on a flag dismissed"),
    ("flag", "lapse"): gettext_lazy("Motion on a flag lapsed"),
    ("clock_extension", "grant"): gettext_lazy("More time for a clock granted"),
    ("clock_extension", "refuse"): gettext_lazy("More time for a clock refused"),
    ("clock_extension", "lapse"): gettext_lazy("Request for more time lapsed"),
}


def beside(kind: str) -> str:
    """What a claim or a transfer beside the steps is about."""
    return {
        "response": _("Immediate response"),
        "opinion": _("Opinion"),
        "appeal": _("Appeal"),
        "flag": _("Motion on a flag"),
        "clock_extension": _("More time for a clock"),
    }.get(kind, "")


def look_of(act: str, state: str, kind: str, event: bool) -> tuple[str, str]:
    """Tone and icon of a deed: an end is green or grey, a return amber, the rest blue."""
    if act in {Event.ESCALATE, Event.BREACH}:
        return "red", EVENT_ICONS[Event.ESCALATE]
    if act == Event.WARN:
        return "amber", EVENT_ICONS[Event.WARN]
    if event:
        return "grey", EVENT_ICONS.get(act, "circle-dot")  # type: ignore[call-overload]
    if state in QUIET_ENDS:
        return "grey", DEED_ICONS.get(act, "circle-x")
    if state in (ENDED if kind == "case" else ACTION_ENDED | {"verified", "granted"}):
        return "green", "circle-check"
    if act.startswith("return_") or act in {"rework", "dispute", "unsatisfied", "reopen"}:
        return "amber", DEED_ICONS.get(act, "arrow-back-up")
    return "grey" if act == "edit" else "blue", DEED_ICONS.get(act, "circle-dot")


def deed_title(flow_key: str, node_name: str, act: str, *, to: str = "") -> str:
    """“Triage: Accept” for a step, the act's own name for what stands beside the steps."""
    known = BESIDE.get((flow_key, act)) or followed(act)
    if known:
        return str(known)
    if act == Event.TRANSFER and to:
        return _("Transferred to %(name)s") % {"name": to}
    if act in (Event.WARN, Event.ESCALATE) and to.upper() in Rung.names:
        return rung_title(Rung[to.upper()])
    if act == Event.RESCHEDULE and to:
        due = f"{timezone.localtime(datetime.fromisoformat(to)):%Y-%m-%d %H:%M}"
        return _("Due date moved by the calendar to %(moment)s") % {"moment": due}
    flow = registry.flow(flow_key)
    if act in Event.values and flow.act(act) is None:
        return str(Event(act).label)
    flows = [flow, *others_of(flow)]
    told = [title_in(one, node_name, act) for one in flows]
    told += [node_title(one, node_name) for one in flows]
    return next(filter(None, told), act)


def rung_title(rung: Rung) -> str:
    """What the record says of a step that was brought to a rung."""
    return {
        Rung.OWNER: _("Whom it waits for was reminded"),
        Rung.HEAD: _("Escalated to the head of department"),
        Rung.QUALITY: _("Escalated to the quality department"),
        Rung.MANAGEMENT: _("Escalated to the management representative"),
    }[rung]


def others_of(flow: Any) -> list[Any]:
    """The other flows of the same kind of subject: a case may have come from one of them."""
    model = flow.subject_model
    return [one for one in registry.flows() if one.subject_model is model and one is not flow]


def title_in(flow: Any, node_name: str, act: str) -> str:
    """What a flow calls a deed at one of its nodes, or an act beside its steps."""
    node: Any = flow.instance.node(node_name, no_obsolete=True) if node_name else None
    outcome = getattr(node, "outcomes", {}).get(act)
    if outcome is not None:
        return step_title(str(node.task_title), str(outcome.title))
    beside = flow.act(act)
    return str(beside.title) if beside is not None else ""


def node_title(flow: Any, node_name: str) -> str:
    node: Any = flow.instance.node(node_name, no_obsolete=True) if node_name else None
    return str(getattr(node, "task_title", "") or "")


def step_title(step: str, outcome: str) -> str:
    """Both words, or the longer one where it holds the other: not “Accept the action: Accept”."""
    if outcome.casefold() in step.casefold():
        return step
    if step.casefold() in outcome.casefold():
        return outcome
    return _("%(step)s: %(outcome)s") % {"step": step, "outcome": outcome}


def followed(act: str) -> str:
    """What follows of itself, without a step or an act of that name."""
    return {
        "complete_actions": _("All corrective actions have ended"),
        "complete_opinions": _("The joint review is complete"),
        "cause_found": _("Cause found"),
        "miss": _("Not filed before the decision"),
        "confirm_flag": _("A flag holds"),
        "revoke_flag": _("A flag is revoked"),
        "ruling_revised": _("The ruling is revised"),
        "extended": _("Due date moved"),
        "lapse": _("Extension lapsed"),
        "served": _("Serves another case too"),
    }.get(act, "")


def spoken_title(row: "Row") -> str:
    if row.source == "reply":
        return str(Reply.Kind(row.what).label)
    if row.source in {"flag", "unflag"}:
        return flag_title(row)
    return {
        "statement": _("Statement of %(department)s") % {"department": place(row)},
        "arbitration": _("Ruling: %(department)s is responsible") % {"department": place(row)},
        "answer": _("Customer's answer"),
        "comment": _("Comment"),
        "file": _("Files added"),
        "response": _("Immediate response reported"),
        "investigation": _("Investigation record"),
        "review": _("Joint review"),
        "opinion": _("Opinion of %(department)s") % {"department": place(row)},
        "appeal": _("Appeal of %(department)s") % {"department": place(row)},
        "decision": _("Appeal decided"),
        "motion": _("Motion on a flag"),
        "plan": _("Measures drafted"),
        "closure": _("Lessons learned"),
    }[row.source]


def flag_title(row: "Row") -> str:
    texts = {
        "flag": _("Flag confirmed: %(flag)s"),
        "unflag": _("Flag revoked: %(flag)s"),
    }
    return texts[row.source] % {"flag": Flag(row.what).label}


def place(row: "Row") -> str:
    """The department or channel in the reader's language."""
    if row.place_en and not (get_language() or "").startswith("zh"):
        return row.place_en
    return row.place


def sections(row: "Row") -> list[tuple[Any, str]]:
    """The texts of a row, each under its heading."""
    found: dict[str, list[tuple[Any, str | None]]] = {
        "statement": [
            (_("Department"), place(row)),
            (_("Facts found"), row.one),
            (_("Cause"), row.two),
            (_("Remedy"), row.three),
            (_("Grounds of the dispute"), row.four),
        ],
        "arbitration": [
            (_("Responsible"), place(row)),
            (_("Ruling"), row.one),
            (_("Effects"), row.two),
        ],
        "reply": [(_("Channel"), place(row)), (_("Text to the customer"), row.one)],
        "answer": [(_("Customer's answer"), answer(row)), (_("In their words"), row.one)],
        "flag": [(_("Flag"), flag_name(row)), (_("Evidence"), row.one)],
        "unflag": [(_("Flag"), flag_name(row)), (_("Evidence"), row.one)],
        **of_incident(row),
    }
    return [(label, text) for label, text in found.get(row.source, []) if text]


def of_incident(row: "Row") -> dict[str, list[tuple[Any, str | None]]]:
    """The texts of what an incident gathers. A filed opinion without a text is one that the
    reader may not read yet."""
    hidden = "" if row.one else _("Shown when your department has filed its own, or at the end.")
    return {
        "response": [
            (_("Kind"), str(ResponseKind(row.what).label) if row.source == "response" else ""),
            (_("Department"), place(row)),
            (_("What was done"), row.one),
            (_("Quantity contained"), number(row)),
        ],
        "investigation": [
            (_("Facts found"), row.one),
            (_("Batches affected"), row.what),
            (_("Quantity affected"), number(row)),
            (_("Places affected"), row.three),
            (_("Persons asked"), row.four),
            (_("What was verified, and how"), row.two),
        ],
        "review": [(_("What the review is to find out"), row.one)],
        "opinion": [
            (_("Department"), place(row)),
            (_("Cause"), row.one),
            (_("Responsibility"), row.two),
            (_("Measure proposed"), row.three),
            (_("Opinion"), hidden),
        ],
        "appeal": [(_("Department"), place(row)), (_("Grounds of the appeal"), row.one)],
        "decision": [(_("Decision and its reasons"), row.one)],
        "motion": [(_("Flag"), flag_name(row)), (_("Evidence"), row.one)],
        "plan": [(_("Revision"), number(row)), (_("Cause and approach"), row.one)],
        "closure": [
            (_("Lessons learned"), row.one),
            (_("Similar cases"), row.two),
            (_("Documents"), row.three),
        ],
    }


def number(row: "Row") -> str:
    return str(row.version) if row.version else ""


def meaning(row: "Row") -> str:
    """What a signature declares, in the reader's language."""
    chinese = (get_language() or "").startswith("zh")
    return row.one if chinese else row.two or row.one


def answer(row: "Row") -> str:
    return str(Answer(row.what).label) if row.what in Answer.values else ""


def flag_name(row: "Row") -> str:
    return str(Flag(row.what).label) if row.what in Flag.values else ""
