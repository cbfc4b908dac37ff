"""The demo company: the same on every run, whole, plausible, and work for everybody."""

from __future__ import annotations

import io
from collections import Counter
from datetime import timedelta
from itertools import groupby
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone

from accounts.demo import DEMO_CAST, DEMO_PASSWORD
from accounts.enums import Role
from accounts.models import Membership, User
from cases.demo import clock
from cases.enums import LOGGED, OPEN, ActionState, CaseState, ExtensionState, ResponseKind
from cases.flows.incident import IncidentFlow
from cases.models import (
    Appeal,
    Attachment,
    Case,
    CorrectiveAction,
    ExtensionRequest,
    FlagMotion,
    FlagRecord,
    MeasurePlan,
    Opinion,
    Response,
    Share,
)
from workflows.domain import invariants, worklist
from workflows.domain.context import at
from workflows.enums import Rung
from workflows.models import Notification, Outbox, Signature, Task, Transition

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory) -> Any:
    """The small company, loaded once for all tests of this file."""
    moment = clock.base_of(timezone.now())
    media = tmp_path_factory.mktemp("demo")
    with (
        django_db_blocker.unblock(),
        override_settings(DEMO=True, MEDIA_ROOT=media),
        transaction.atomic(),
    ):
        out = load(moment)
        yield SimpleNamespace(moment=moment, media=media, out=out, seen=snapshot())
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def demo_settings(demo, settings, files_in_tmp) -> None:
    settings.DEMO, settings.MEDIA_ROOT = True, demo.media


def load(moment: Any, *options: str) -> str:
    out = io.StringIO()
    with at(moment):
        call_command("load_demo", "--small", *options, stdout=out)
    return out.getvalue()


def snapshot() -> dict[str, Any]:
    """Everything that must be the same after a second load."""
    return {
        "cases": list(
            Case.objects.order_by("number").values_list(
                "number", "title", "description", "state", "customer__name", "logged_at"
            )
        ),
        "actions": list(
            CorrectiveAction.objects.order_by("number").values_list(
                "number", "title", "state", "due", "owner__username"
            )
        ),
        "tasks": list(
            Task.objects.filter(finished=None)
            .order_by("subject_number", "flow_task", "due", "pk")
            .values_list("subject_number", "flow_task", "due", "owner__username")
        ),
        "record": list(
            Transition.objects.order_by("pk").values_list(
                "subject_number", "act", "at", "by__username"
            )
        ),
        "files": list(Attachment.objects.order_by("pk").values_list("name", "sha256")),
    }


def test_a_second_load_gives_the_same_company(demo, settings, tmp_path):
    # The reset removes the files of what it wipes; the other tests still need those.
    settings.MEDIA_ROOT = tmp_path
    connection.check_constraints()
    load(demo.moment, "--reset")
    again = snapshot()
    for what, rows in demo.seen.items():
        assert again[what] == rows, what


def test_loading_twice_says_so_and_changes_nothing(demo):
    assert "already" in load(demo.moment)
    assert snapshot() == demo.seen


def test_the_progress_ends_at_a_hundred_and_names_the_people(demo):
    assert "100 %" in demo.out
    assert "linxiao" in demo.out
    assert DEMO_PASSWORD in demo.out


def test_forty_people_hold_every_role_and_some_hold_several(demo):
    assert User.objects.count() == 40
    held = Membership.objects.filter(until=None)
    assert set(held.values_list("role", flat=True)) == set(Role.values)
    several = Counter(held.values_list("user", flat=True))
    assert sum(number > 1 for number in several.values()) >= 6


def test_the_cast_of_the_sign_in_page_is_there_with_its_roles_and_the_password(demo):
    assert {person["role"] for person in DEMO_CAST} == set(Role)
    for person in DEMO_CAST:
        user = User.objects.get(username=person["username"])
        assert person["role"] in user.authority.roles
    assert user.check_password(DEMO_PASSWORD)


def test_every_state_of_cases_actions_and_extensions_occurs(demo):
    # "Raised" lasts no longer than the deed that raises.
    passing = {CaseState.NEW, CaseState.RAISED}
    assert set(Case.objects.values_list("state", flat=True)) == set(CaseState) - passing
    states = set(CorrectiveAction.objects.values_list("state", flat=True))
    assert states == set(ActionState) - {ActionState.NEW}
    asked = set(ExtensionRequest.objects.values_list("state", flat=True))
    assert asked >= {ExtensionState.REQUESTED, ExtensionState.GRANTED, ExtensionState.LAPSED}
    assert set(Case.objects.values_list("kind", flat=True)) >= {kind for kind, _label in LOGGED}


def test_the_incident_process_is_shown_from_the_alert_to_two_signatures(demo):
    waiting = Task.objects.filter(finished=None, process__flow_class=IncidentFlow)
    assert {task.flow_task.name for task in waiting} >= {
        "investigate", "convene", "opinions", "arbitration", "measures", "completeness",
        "approval", "actions", "closing", "countersignature",
    }  # fmt: skip
    responses = set(Response.objects.values_list("kind", "state"))
    assert responses >= {(kind, "done") for kind in ResponseKind.values}
    assert ("on_site", "open") in responses
    opinions = Opinion.objects.exclude(review=None)
    assert set(opinions.values_list("state", flat=True)) == {"requested", "filed", "missing"}
    assert Opinion.objects.filter(state="filed").exclude(arbitration=None).exists()
    shares = Share.objects.order_by("arbitration", "-percent")
    by_ruling = groupby(shares.values_list("arbitration", "percent"), key=lambda row: row[0])
    splits = {tuple(percent for _key, percent in rows) for _ruling, rows in by_ruling}
    assert splits >= {(100,), (70, 30), (60, 25, 15)}
    appeals = set(Appeal.objects.values_list("state", flat=True))
    assert appeals == {"requested", "upheld", "revised"}
    assert MeasurePlan.objects.filter(revision=2).exists()
    acts = set(Signature.objects.values_list("transition__act", flat=True))
    assert acts >= {"rule", "raise_severity", "lower_severity", "close", "countersign", "uphold"}


def test_flags_hold_by_two_people_and_one_motion_waits_for_its_second(demo):
    states = set(FlagMotion.objects.values_list("state", flat=True))
    assert states >= {"carried", "dismissed", "seconded"}
    for motion in FlagMotion.objects.filter(state="carried"):
        assert None not in {motion.first_by, motion.second_by}
        assert motion.first_by != motion.second_by
    assert FlagRecord.objects.filter(confirmed=False).exists()


def test_effects_are_watched_and_one_recurrence_has_reopened_its_action(demo):
    assert CorrectiveAction.objects.filter(state=ActionState.WATCHED).exists()
    again = CorrectiveAction.objects.get(recurrence_count=1)
    assert again.state == ActionState.CLOSED
    found = again.recurrences.get().case
    assert (found.product, found.cause) == (again.case.product, again.case.cause)
    assert any(depth > 0 for depth, _sentence in again.whys)
    assert again.escape_whys
    watched = CorrectiveAction.objects.filter(criterion="no_recurrence", state=ActionState.CLOSED)
    for action in watched:
        assert action.effect["cases"] == 0
        assert action.watch_until <= action.verified_at
    for action in CorrectiveAction.objects.exclude(verified_by=None):
        assert action.verified_by not in {action.ordered_by, action.owner, action.submitted_by}


def test_those_who_decide_on_incidents_find_them_in_their_inboxes(demo):
    found = {
        name: waiting_for(demo, name)
        for name in ("linxiao", "wangfang", "liqiang", "chengang", "jiangtao")
    }
    assert found["linxiao"] >= {"investigate", "carry_out"}
    assert found["wangfang"] >= {"convene", "arbitration", "completeness", "second"}
    assert found["liqiang"] >= {"approval", "decide", "closing", "second"}
    assert "countersignature" in found["jiangtao"]
    assert found["chengang"]


def waiting_for(demo, username):
    with at(demo.moment):
        user = User.objects.get(username=username)
        rows = Task.objects.filter(worklist.mine(user) | worklist.pool(user))
        return {task.flow_task.name for task in rows}


def test_every_invariant_holds(demo):
    with at(demo.moment):
        assert list(invariants.violations()) == []


def test_an_open_case_has_one_open_step_or_children_that_run(demo):
    for case in Case.objects.filter(state__in=OPEN):
        steps = Task.objects.filter(subject_kind="case", subject_number=case.number, finished=None)
        task = steps.get()
        if task.flow_task_type != "HUMAN":
            assert task.subprocesses.filter(finished=None).exists(), case


def test_nothing_happens_in_the_future(demo):
    for model, fields in (
        (Case, ("received_at", "logged_at", "closed_at")),
        (Task, ("created", "assigned", "finished", "escalated_at")),
        (Transition, ("at",)),
        (Attachment, ("at",)),
        (Notification, ("at", "read_at")),
        (Outbox, ("created", "sent")),
    ):
        for field in fields:
            late = model.objects.filter(**{f"{field}__gt": demo.moment})
            assert not late.exists(), (model, field)


def test_numbers_grow_with_time(demo):
    for kind, _label in LOGGED:
        rows = list(Case.objects.filter(kind=kind).order_by("number"))
        assert [case.logged_at for case in rows] == sorted(case.logged_at for case in rows)


def test_people_work_in_working_time(demo):
    for row in Transition.objects.exclude(by=None):
        local = timezone.localtime(row.at)
        assert local.weekday() < 6, row
        assert "08:30" <= f"{local:%H:%M}" <= "17:30", row


def test_everybody_who_acts_has_work_waiting(demo):
    with at(demo.moment):
        for person in DEMO_CAST:
            user = User.objects.get(username=person["username"])
            found = worklist.counts(user)
            waiting = found["mine"] + found["pool"]
            assert bool(waiting) == (person["role"] != Role.AUDITOR), person


def test_some_work_is_overdue_and_escalated_and_only_fresh_notes_are_unread(demo):
    late = Task.objects.filter(finished=None, due__lt=demo.moment, flow_task_type="HUMAN")
    # What became due after work is escalated when work begins again.
    assert not late.filter(escalated_at=None, next_at__lte=demo.moment).exists()
    assert set(late.values_list("rung", flat=True)) >= {Rung.HEAD, Rung.QUALITY, Rung.MANAGEMENT}
    unread = Notification.objects.filter(read_at=None)
    assert not unread.filter(at__lt=demo.moment - timedelta(days=2)).exists()
    assert not Outbox.objects.filter(sent=None).exists()
