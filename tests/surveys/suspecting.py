"""Campaigns with made-up forms in them, for tests of findings."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from surveys.domain import integrity
from surveys.models import Campaign, Finding, Response
from tests.factories import do
from tests.surveys import factories
from workflows.domain.context import now

HONEST, FAST = 30, 4


def campaign(c: SimpleNamespace, **changes: Any) -> Campaign:
    """One that ended yesterday, with thirty honest forms and four that were clicked through."""
    moment = now() - timedelta(days=20)
    ended = now() - timedelta(days=1)
    given = {"starts_at": now() - timedelta(days=40), "ends_at": ended, "launched_at": moment}
    made = factories.campaign(c, **{**given, **changes})
    rows = []
    for turn in range(HONEST + FAST):
        late = turn >= HONEST
        rows.append(
            Response(
                campaign=made,
                questionnaire=made.questionnaire,
                external_id=f"{turn + 1:04}",
                received_at=moment + timedelta(hours=turn, minutes=7),
                channel="link",
                levels="5543"[turn % 3 :] + "5543"[: turn % 3],
                seconds=3 if late else 100 + turn,
                entered_at=now(),
            )
        )
    Response.objects.bulk_create(rows)
    return made


def finding(c: SimpleNamespace, state: str = "proposed") -> Finding:
    """The finding on the fast forms, walked to `state`."""
    [found] = integrity.examine(campaign(c))
    if state in {"pursued", "confirmed"}:
        found = do(found, "pursue", c.engineer, decision="电话回访四位顾客")
    if state == "dismissed":
        found = do(found, "dismiss", c.engineer, reason="短问卷")
    if state == "confirmed":
        found = do(found, "confirm", c.engineer2, field_work="四位顾客均未填写")
    return Finding.objects.get(pk=found.pk)
