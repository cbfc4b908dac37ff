"""Factories of the major incident: whatever state a test needs is reached by the real commands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from cases.domain.measures import MeasureDraft
from cases.enums import CaseState as S, Kind
from cases.models import Case
from tests.factories import PASSWORD, do, log, picture, step_of, take, task_of, walk_action
from workflows.domain.context import now
from workflows.domain.transitions import intervene


def incident(c: SimpleNamespace, **changes: Any) -> Case:
    """A quality incident, just logged: its immediate responses wait already."""
    given = {"kind": Kind.INCIDENT, "title": "轴承抱死致设备停机", "product": c.product}
    return log(c, **{**given, **changes})


def measure(c: SimpleNamespace, **changes: Any) -> MeasureDraft:
    given = {
        "kind": "corrective",
        "title": "压装机加装力位移监控",
        "description": "压装力超差自动停机。",
        "department": c.workshop,
        "due": now() + timedelta(days=14),
    }
    return MeasureDraft(**{**given, **changes})


def plan(c: SimpleNamespace) -> list[MeasureDraft]:
    return [
        measure(c, kind="containment", title="封存在库同批次轴承", description="1200 件。"),
        measure(c, kind="correction", title="更换已装机轴承", description="38 台。"),
        measure(c),
    ]


def respond(c: SimpleNamespace, case: Case) -> None:
    """Everything that was to be done at once is done."""
    for response in case.responses.filter(state="open"):
        task = step_of(response)
        people = [task.owner, c.agent, c.handler, c.engineer]
        by = next(
            one for one in people if one and one.authority.may_take(task.department_id, task.role)
        )
        take(task, "report_done", by, report="已完成。")


def file_opinions(c: SimpleNamespace, case: Case, *departments: Any) -> None:
    """The departments asked file their opinions; all of them without a choice."""
    speakers = {c.workshop.pk: c.handler, c.purchasing.pk: c.buyer}
    for opinion in case.opinions.filter(state="requested").order_by("pk"):
        if departments and opinion.department not in departments:
            continue
        said = {"cause": "压装力不足。", "responsibility": "装配车间。", "measure": "加装监控。"}
        take(step_of(opinion), "file", speakers[opinion.department_id], **said)


# How each state is reached from the one before it: (state, outcome, who, input).
ROAD: list[tuple[str, str, str, Callable[[SimpleNamespace], dict[str, Any]]]] = [
    (
        S.INVESTIGATION,
        "investigate",
        "agent",
        lambda c: {"facts": "两台设备停机。", "verified": "拆检轴承，保持架断裂。", "quantity": 38},
    ),
    (
        S.CONVENING,
        "convene",
        "engineer",
        lambda c: {
            "departments": [c.workshop, c.purchasing],
            "due": now() + timedelta(days=3),
        },
    ),
    (
        S.ARBITRATION,
        "rule",
        "engineer",
        lambda c: {
            "ruling": "装配压装力不足为主因，来料硬度偏低为次因。",
            "shares": [(c.workshop, 70), (c.purchasing, 30)],
        },
    ),
    (S.MEASURES, "draft_measures", "handler", lambda c: {"measures": plan(c)}),
    (S.COMPLETENESS, "pass_measures", "engineer", lambda c: {"cause": c.cause}),
    (S.APPROVAL, "approve_measures", "manager", lambda c: {}),
    (S.VERIFICATION, "verify", "engineer", lambda c: {}),
    (S.REPLY, "reply", "agent2", lambda c: {"text": "已完成整改。", "channel": c.channel}),
    (S.FEEDBACK, "satisfied", "agent", lambda c: {}),
    (
        S.CLOSING,
        "close",
        "engineer2",
        lambda c: {
            "lessons": "关键压装工序要有力位移监控。",
            "similar": "同型号近一年无同类案件。",
            "documents": "更新 PFMEA 与控制计划。",
            "changes_documents": True,
        },
    ),
    (S.COUNTERSIGNATURE, "countersign", "representative", lambda c: {}),
]
ORDER = [
    S.INVESTIGATION, S.CONVENING, S.JOINT_REVIEW, S.ARBITRATION, S.MEASURES, S.COMPLETENESS,
    S.APPROVAL, S.ACTION, S.VERIFICATION, S.REPLY, S.FEEDBACK, S.CLOSING, S.COUNTERSIGNATURE,
    S.CLOSED,
]  # fmt: skip


def settle_actions(c: SimpleNamespace, case: Case) -> None:
    """Every action is carried out, and closed after its window."""
    for action in case.actions.exclude(state__in=("closed", "cancelled")).order_by("pk"):
        prove(c, action)


def prove(c: SimpleNamespace, action: Any) -> Any:
    """Walk an action to its end; where its effect is watched, the window is skipped."""
    from cases.domain import effectiveness
    from workflows.domain.context import at

    action = carry_out(c, action)
    if action.window_is_over:
        return walk_action(c, action)
    action = do(action, "watch", c.engineer2)
    with at(action.watch_until):
        effectiveness.pass_windows()
        action.refresh_from_db()
        return walk_action(c, action)


def carry_out(c: SimpleNamespace, action: Any) -> Any:
    """Accepted, its causes found, done and submitted."""
    if action.state == "assigned":
        action = do(action, "accept", c.handler)
    if action.state == "accepted":
        why = {"whys": ["压装力不足", "无监控"], "escape_whys": ["终检不测压装力"]}
        action = do(action, "begin", c.handler, cause_factor="machine", plan="加装监控", **why)
    if action.state == "in_progress":
        action = do(action, "submit", c.handler, result="已完成。", uploads=[picture()])
    return action


def bring_incident(c: SimpleNamespace, state: str, case: Case | None = None) -> Case:
    """An incident that has walked to `state` along the plain road; with a flag only where the
    countersignature is wanted."""
    from tests.factories import flag

    case = case or incident(c)
    while case.state != state:
        if case.state == S.JOINT_REVIEW:
            file_opinions(c, case)
        elif case.state == S.ACTION:
            settle_actions(c, case)
        else:
            if case.state == S.CLOSING:
                respond(c, case)
                if state == S.COUNTERSIGNATURE and not case.is_flagged:
                    case = flag(c, case)
            _at, outcome, who, given = next(one for one in ROAD if one[0] == case.state)
            do(case, outcome, getattr(c, who), **given(c))
        case = Case.objects.get(pk=case.pk)
    return case


__all__ = [
    "ORDER", "PASSWORD", "ROAD", "bring_incident", "carry_out", "file_opinions", "incident",
    "intervene", "measure", "plan", "prove", "respond", "settle_actions", "task_of",
]  # fmt: skip
