"""Management reviews that have walked to a state, through the commands people use."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from surveys.domain import periods
from surveys.domain.reviews import editions, preparing
from surveys.models import ManagementReview
from tests.factories import do
from workflows.domain.context import now
from workflows.domain.transitions import intervene

PERIOD = periods.half_of(now())
STATES = ("preparation", "meeting", "signing", "approval", "closed")


def paper(name: str = "audit.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n")


def draw_up(c: SimpleNamespace, **changes: Any) -> ManagementReview:
    editions.ensure_editions()
    given = {
        "by": c.engineer,
        "title": "管理评审",
        "period": PERIOD.code,
        "held_at": now() + timedelta(days=5),
        "place": "三楼会议室",
        "chair": c.director,
    }
    return fresh(preparing.draw_up(**{**given, **changes}))  # fmt: skip


def fresh(review: ManagementReview) -> ManagementReview:
    return ManagementReview.objects.get(pk=review.pk)


def act(c: SimpleNamespace, review: ManagementReview, act: str, /, by: Any = None, **given: Any):
    intervene(review, act, by=by or c.engineer, **given)
    return fresh(review)


def of(review: ManagementReview, clause: str) -> Any:
    """An input by the end of its clause."""
    [found] = [one for one in review.inputs.all() if one.clause.endswith(clause)]
    return found


def fill(c: SimpleNamespace, review: ManagementReview) -> ManagementReview:
    """No gap is left: one input is a file, the others do not apply."""
    for turn, clause in enumerate(review.gaps):
        key = review.inputs.get(clause=clause).pk
        if turn:
            review = act(c, review, "not_applicable", input=key, why="本期无变化")
        else:
            review = act(c, review, "upload", input=key, uploads=[paper()])
    return review


def decide(
    c: SimpleNamespace, review: ManagementReview, title: str = "压装力在线监测", **changes: Any
):
    given = {"kind": "improvement", "title": title, "text": "三号线先行",
             "owner": c.handler, "department": c.workshop,
             "due": now() + timedelta(days=30)}  # fmt: skip
    return act(c, review, "put_decision", **{**given, **changes})


def meet(c: SimpleNamespace, review: ManagementReview) -> ManagementReview:
    """Called, everybody there, the minutes written."""
    review = act(c, review, "add_participant", person=c.director, role="总经理")
    review = act(c, review, "add_participant", person=c.head)
    review = fresh(do(review, "invite", c.engineer))
    there = {one.pk: "present" for one in review.participants.all()}
    review = act(c, review, "mark_presence", presence=there)
    return act(c, review, "write_minutes", minutes="逐项评审了输入。", seen=0)


def bring(c: SimpleNamespace, state: str, *, decisions: int = 3, **changes: Any):
    """A review that has walked to `state`, with decisions of every kind in turn."""
    review = draw_up(c, **changes)
    if state == "preparation":
        return review
    review = meet(c, fill(c, review))
    kinds = ("improvement", "system_change", "resources")
    for turn in range(decisions):
        review = decide(c, review, f"决定 {turn + 1}", kind=kinds[turn % 3])
    road = [("submit", c.engineer), ("sign", c.representative), ("approve", c.director)]
    for outcome, by in road[: STATES.index(state) - 1]:
        review = fresh(do(review, outcome, by))
    return review
