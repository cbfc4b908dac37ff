"""How a management review is shown: its state, its path with who has signed, its compiled parts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy

from cases.web.case_looks import Look
from surveys.domain.reviews import parts
from surveys.enums import InputState as I, ReviewState as S
from surveys.models import ManagementReview, ReviewInput
from workflows.models import Signature

STATES: dict[str, tuple[str, str]] = {
    S.NEW: ("grey", "circle-dashed"),
    S.PREPARATION: ("blue", "list-check"),
    S.MEETING: ("blue", "users"),
    S.SIGNING: ("blue", "signature"),
    S.APPROVAL: ("blue", "signature"),
    S.CLOSED: ("green", "circle-check"),
    S.CANCELLED: ("grey", "ban"),
}
INPUTS: dict[str, tuple[str, str]] = {
    I.GAP: ("red", "alert-circle"),
    I.COMPILED: ("green", "check"),
    I.UPLOADED: ("green", "paperclip"),
    I.NOT_APPLICABLE: ("grey", "minus"),
}
# The states of the path, in their order, each with what is done in it.
PATH: tuple[tuple[str, Any], ...] = (
    (S.PREPARATION, gettext_lazy("Prepare")),
    (S.MEETING, gettext_lazy("Meeting and minutes")),
    (S.SIGNING, gettext_lazy("Management representative")),
    (S.APPROVAL, gettext_lazy("General manager")),
)


def look(review: ManagementReview) -> Look:
    tone, icon = STATES.get(str(review.state), ("grey", "circle-dot"))
    return Look(review.get_state_display(), tone, icon)


def input_look(one: ReviewInput) -> Look:
    tone, icon = INPUTS[one.state]
    if one.is_gap and not one.required:
        return Look(_("Empty"), "grey", "minus")
    return Look(one.get_state_display(), tone, icon)


@dataclass(frozen=True)
class Station:
    """One part of the path: done, now or still to come; who did it, and when."""

    label: Any
    standing: str
    name: str = ""
    at: datetime | None = None


def ribbon(review: ManagementReview, signed: list[Signature]) -> list[Station]:
    """The path as a ribbon; nothing for one that was cancelled."""
    order = [state for state, _label in PATH]
    if review.state == S.CLOSED:
        here = len(order)
    elif review.state in order:
        here = order.index(str(review.state))
    else:
        return []
    signers = {2: signed[0] if signed else None, 3: signed[1] if len(signed) > 1 else None}
    found = []
    for place, (_state, label) in enumerate(PATH):
        standing = "done" if place < here else "now" if place == here else "future"
        row = signers.get(place)
        found.append(Station(label, standing, row.name if row else "", row.at if row else None))
    return found


# ---------------------------------------------------------------------------- compiled parts
@dataclass(frozen=True)
class PartShown:
    """A part in the reader's language: rows of (text, address)."""

    key: str
    title: str
    summary: str
    headings: list[str]
    rows: list[list[tuple[str, str]]]


def shown(snapshot: list[parts.Part]) -> list[PartShown]:
    return [
        PartShown(
            one["key"],
            parts.read(one["title"]),
            parts.read(one["summary"]),
            [parts.read(text) for text in one["headings"]],
            [
                [(parts.read(cell["text"]), cell["link"]) for cell in row["cells"]]
                for row in one["rows"]
            ],
        )
        for one in snapshot
    ]


def summaries(one: ReviewInput) -> list[str]:
    """What an input says in one line each."""
    return [parts.read(part["summary"]) for part in one.snapshot]


def moved(before: list[parts.Part], after: list[parts.Part]) -> list[tuple[str, str, str]]:
    """What reads otherwise now: part, before, after."""
    return [
        (
            parts.read(one["part"]),
            " · ".join(parts.read(text) for text in one["before"]),
            " · ".join(parts.read(text) for text in one["after"]),
        )
        for one in parts.differences(before, after)
    ]
