"""Tone and icon of states and choices: colour only for meaning, always with a word."""

from dataclasses import dataclass
from typing import Any

from cases.enums import ActionState as A, CaseState as S, CheckResult

CASE_LOOKS: dict[str, tuple[str, str]] = {
    S.NEW: ("grey", "circle-dashed"),
    S.ACKNOWLEDGEMENT: ("grey", "clock"),
    S.TRIAGE: ("grey", "clock"),
    S.STATEMENT: ("blue", "file-text"),
    S.ARBITRATION: ("blue", "gavel"),
    S.REVIEW: ("blue", "report-search"),
    S.ACTION: ("blue", "tool"),
    S.VERIFICATION: ("blue", "clipboard-check"),
    S.REPLY: ("blue", "send"),
    S.FEEDBACK: ("grey", "clock-pause"),
    S.CLOSING: ("blue", "lock"),
    S.ANSWERING: ("blue", "send"),
    S.RAISED: ("red", "alert-triangle"),
    S.INVESTIGATION: ("blue", "search"),
    S.CONVENING: ("grey", "clock"),
    S.JOINT_REVIEW: ("blue", "users"),
    S.MEASURES: ("blue", "list-check"),
    S.COMPLETENESS: ("blue", "report-search"),
    S.APPROVAL: ("blue", "signature"),
    S.COUNTERSIGNATURE: ("blue", "signature"),
    S.CLOSED: ("green", "circle-check"),
    S.ANSWERED: ("green", "circle-check"),
    S.REJECTED: ("grey", "ban"),
    S.MERGED: ("grey", "git-merge"),
    S.CONVERTED: ("grey", "arrows-exchange"),
    S.WITHDRAWN: ("grey", "arrow-back-up"),
}
ACTION_LOOKS: dict[str, tuple[str, str]] = {
    A.NEW: ("grey", "circle-dashed"),
    A.PROPOSED: ("grey", "bulb"),
    A.ASSIGNED: ("grey", "clock"),
    A.RETURNED: ("amber", "arrow-back-up"),
    A.ACCEPTED: ("blue", "user-check"),
    A.IN_PROGRESS: ("blue", "tool"),
    A.SUBMITTED: ("blue", "clipboard-check"),
    A.WATCHED: ("blue", "eye"),
    A.VERIFIED: ("green", "shield-check"),
    A.CLOSED: ("green", "circle-check"),
    A.CANCELLED: ("grey", "ban"),
}
CHECK_LOOKS: dict[str, tuple[str, str]] = {
    CheckResult.OPEN: ("grey", "clock"),
    CheckResult.AFFECTED: ("red", "alert-triangle"),
    CheckResult.NOT_AFFECTED: ("green", "check"),
}
CHOICE_ICONS = {
    "accept": "check",
    "raise_major": "alert-triangle",
    "merge": "git-merge",
    "convert": "arrows-exchange",
    "reject": "ban",
    "dismiss": "ban",
    "dispute": "scale",
    "rule": "gavel",
    "order_actions": "list-check",
    "satisfied": "mood-smile",
    "unsatisfied": "mood-sad",
    "no_answer": "mood-neutral",
    "cancel": "ban",
    "refuse": "ban",
    "close": "lock",
    "edit": "pencil",
    "pause_clocks": "player-pause",
    "resume_clocks": "player-play",
    "extend_clock": "calendar-event",
    "withdraw": "arrow-back-up",
    "propose_action": "bulb",
    "add_action": "plus",
    "propose_flag": "flag",
    "propose_revocation": "flag",
    "confirm_first": "flag",
    "confirm_second": "flag",
    "raise_severity": "alert-triangle",
    "lower_severity": "trending-down",
    "unfounded": "ban",
    "decline": "ban",
    "convene": "users",
    "hear": "messages",
    "appeal": "scale",
    "invite": "user-plus",
    "conclude": "list-check",
    "record_minutes": "file-text",
    "order_response": "bell",
    "list_places": "sitemap",
    "check_place": "search",
    "serve": "link",
    "watch": "eye",
    "link": "link",
    "unlink": "circle-x",
    "split": "git-branch",
    "solve_together": "git-merge",
    "reopen": "refresh",
    "request_extension": "calendar-event",
}
# What ends something for good stands out from what moves it on.
ENDING = {"reject", "cancel", "withdraw", "dismiss", "unfounded"}


@dataclass(frozen=True)
class Look:
    """What the badge of a state shows."""

    label: Any
    tone: str
    icon: str


def look(subject: Any) -> Look:
    """The badge of a case or an action."""
    looks = CASE_LOOKS if subject.SUBJECT_KIND == "case" else ACTION_LOOKS
    tone, icon = looks.get(str(subject.state), ("grey", "circle-dot"))
    return Look(subject.get_state_display(), tone, icon)


def case_look(state: str) -> Look:
    tone, icon = CASE_LOOKS.get(state, ("grey", "circle-dot"))
    return Look(S(state).label, tone, icon)


def choice_icon(name: str, back: bool) -> str:
    return "arrow-back-up" if back else CHOICE_ICONS.get(name, "check")
