"""The page of a corrective action: plan, root cause, proof, due dates, and every step's form."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.domain import people
from accounts.enums import Role
from cases.domain import files
from cases.enums import ActionState, CaseState, ExtensionState
from tests.cases.pages import fresh, page, sent, someone, statements
from tests.factories import bring, do, log, order, picture, task_of, walk_action
from workflows.domain import context
from workflows.domain.transitions import intervene
from workflows.models import Task

pytestmark = pytest.mark.django_db
A = ActionState


@pytest.fixture
def action(company):
    case = bring(company, CaseState.REVIEW, log(company, uploads=[picture("broken.png")]))
    return order(company, case).actions.get()


def moment(days: int) -> str:
    return f"{timezone.localtime(context.now() + timedelta(days=days)):%Y-%m-%dT%H:%M}"


def url(action, outcome: str) -> str:
    return f"{action.get_absolute_url()}tasks/{task_of(action).pk}/{outcome}/"


FORMS = [
    (A.ASSIGNED, "handler", "accept", {"owner": ""}),
    (A.ASSIGNED, "handler", "return_to_orderer", {"reason": "错派"}),
    (A.ACCEPTED, "handler", "begin", {"whys": ["a", "b"], "cause_factor": "man", "plan": "p"}),
    (A.IN_PROGRESS, "handler", "submit", {"result": "Done"}),
    (A.SUBMITTED, "engineer2", "verify", {"verification": "30 samples"}),
    (A.SUBMITTED, "engineer", "rework", {"reason": "不充分"}),
    (A.VERIFIED, "engineer", "close", {}),
]


@pytest.mark.parametrize(("state", "who", "outcome", "fields"), FORMS)
def test_each_step_has_its_form_on_the_page_and_is_taken_by_it(
    company, action, state, who, outcome, fields
):
    action = walk_action(company, action, state)
    client = someone(company, who)
    answer, count = statements(client, "get", action.get_absolute_url())
    assert count <= 12 + 1, count
    assert f'action="{url(action, outcome)}"' in answer.content.decode()
    data = sent(action, **fields)
    if outcome == "submit":
        data["uploads"] = [picture()]
    answer = client.post(url(action, outcome), data)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert answer["Location"] == action.get_absolute_url()
    assert fresh(action).state != state


def test_root_cause_plan_and_proof_stand_on_the_page(company, action):
    action = walk_action(company, action)
    html = page(someone(company, "auditor"), action)
    for word in ("压装力不足", "修订作业指导书", "已修订并培训。", "抽检 30 件合格。", "Method"):
        assert word in html
    assert "why-root" in html
    assert html.count("?thumb=1") >= 2
    before, after = html.split("<h3>After</h3>")
    assert "broken.png" in before
    assert "before.png" in after
    assert action.case.get_absolute_url() in html


def test_who_carried_it_out_reads_why_somebody_else_verifies(company, action):
    people.grant(
        by=None, person=company.handler, department=company.quality, role=Role.QUALITY_ENGINEER
    )
    action = walk_action(company, action, A.SUBMITTED)
    client = someone(company, "handler")
    html = page(client, action)
    assert "You carried out this action yourself" in html
    assert 'name="verification"' not in html
    assert "You carried out this action yourself" in page(client, action.case)
    answer = client.post(url(action, "verify"), sent(action, verification="My words"))
    assert answer.status_code == 409
    assert "My words" in answer.content.decode()


def test_an_extension_is_asked_for_and_decided_on_the_page(company, action):
    action = walk_action(company, action, A.IN_PROGRESS)
    before = action.due
    client = someone(company, "handler")
    assert "?act=request_extension" in page(client, action)
    assert 'name="grounds"' in page(client, action, "?act=request_extension")
    data = sent(action, due=moment(40), grounds="Supplier is late")
    answer = client.post(f"{action.get_absolute_url()}acts/request_extension/", data)
    assert answer.status_code == 302
    html = page(client, action)
    assert "An extension is already requested" in html
    extension = fresh(action).extensions.get()
    task = Task.objects.get(subject_kind="extension", finished=None)
    grant = f"{action.get_absolute_url()}tasks/{task.pk}/grant/"
    assert grant not in html
    html = page(someone(company, "engineer"), action)
    assert grant in html
    assert "Supplier is late" in html
    answer = someone(company, "engineer").post(grant, {"version": extension.version})
    assert answer.status_code == 302
    action = fresh(action)
    assert action.due > before
    assert action.original_due == before
    assert fresh(extension).state == ExtensionState.GRANTED
    html = page(client, action)
    assert "Original due date" in html
    assert "Due date moved" in html


@pytest.mark.parametrize(("due", "grounds"), [
    ("", "x"), ("2020-01-01T10:00", "x"), (None, ""), ("1e9", "x"),
])  # fmt: skip
def test_a_bad_request_for_an_extension_keeps_what_was_typed(company, action, due, grounds):
    action = walk_action(company, action, A.IN_PROGRESS)
    data = sent(action, due=moment(40) if due is None else due, grounds=grounds or " ")
    address = f"{action.get_absolute_url()}acts/request_extension/"
    answer = someone(company, "handler").post(address, data)
    assert answer.status_code == 400
    assert "data-form-errors" in answer.content.decode()
    assert not action.extensions.exists()


def test_quality_cancels_with_a_reason_and_others_do_not_find_the_act(company, action):
    assert "?act=cancel" not in page(someone(company, "handler"), action)
    client = someone(company, "engineer")
    assert "?act=cancel" in page(client, action)
    address = f"{action.get_absolute_url()}acts/cancel/"
    assert client.post(address, sent(action, reason="")).status_code == 400
    assert client.post(address, sent(action, reason="重复")).status_code == 302
    assert fresh(action).state == A.CANCELLED


def test_an_action_of_a_case_that_one_cannot_see_is_not_there(company, action):
    client = someone(company, "buyer")
    assert client.get(action.get_absolute_url()).status_code == 404
    data = sent(action, owner="")
    assert client.post(url(action, "accept"), data).status_code == 404


def test_a_task_of_another_action_is_not_found(company, action):
    other = order(company, bring(company, CaseState.REVIEW)).actions.get()
    address = f"{other.get_absolute_url()}tasks/{task_of(action).pk}/accept/"
    assert someone(company, "handler").post(address, sent(action)).status_code == 404
    case_task = bring(company, CaseState.TRIAGE)
    address = f"{other.get_absolute_url()}tasks/{task_of(case_task).pk}/reject/"
    assert someone(company, "lead").post(address, sent(case_task, reason="x")).status_code == 404


def test_changes_of_an_action_are_read_in_words(company, action):
    action = walk_action(company, action, A.IN_PROGRESS)
    intervene(
        action, "request_extension", by=company.handler, due=context.now() + timedelta(days=50),
        grounds="x",
    )  # fmt: skip
    do(fresh(action).extensions.get(), "grant", company.engineer)
    html = page(someone(company, "engineer"), action, "?kind=changes")
    assert company.handler.name in html
    assert "+00:00" not in html
    assert "[&#x27;" not in html


def test_the_page_costs_the_same_with_many_extensions_and_files(company, action):
    action = walk_action(company, action, A.IN_PROGRESS)
    client = someone(company, "engineer")
    _answer, before = statements(client, "get", action.get_absolute_url())
    for turn in range(3):
        due = context.now() + timedelta(days=50 + turn)
        intervene(fresh(action), "request_extension", by=company.handler, due=due, grounds="x")
        do(fresh(action).extensions.order_by("-pk").first(), "grant", company.engineer)
        files.attach(by=company.handler, case=action.case, action=action, uploads=[picture()])
    _answer, after = statements(client, "get", action.get_absolute_url())
    assert after <= before + 1 <= 12 + 1
