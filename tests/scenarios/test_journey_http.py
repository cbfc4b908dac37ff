"""The whole journey through the pages, as a person's browser sends it, in both languages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.enums import CaseState
from cases.models import Case
from tests.cases.pages import browser, fresh, sent, step_url
from tests.factories import PASSWORD, picture, task_of
from workflows.domain import invariants, outbox

pytestmark = pytest.mark.django_db


def step(company, who, subject, outcome, language, **data):
    """Send one step's form and come back with the subject in its new state."""
    client = browser(getattr(company, who), language)
    url = step_url(subject, outcome)
    if subject.SUBJECT_KIND != "case":
        task = task_of(subject)
        url = f"/actions/{subject.number}/tasks/{task.pk}/{outcome}/"
    page = client.get(subject.get_absolute_url())
    assert page.status_code == 200
    answer = client.post(url, sent(subject, **data))
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert client.get(answer.url).status_code == 200
    return fresh(subject)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_disputed_complaint_runs_from_the_call_to_closure(company, language):
    c = company
    given = {
        "form_key": "journey",
        "new_name": "华南机电",
        "new_phone": "020-8888 9999",
        "description": "轴承运行两周后异响。",
        "kind": "complaint",
        "severity": "general",
        "channel": c.channel.pk,
        "product": c.product.pk,
    }
    answer = browser(c.agent, language).post("/cases/new/", given)
    assert answer.status_code == 302
    case = Case.objects.get()
    told = {"text": "已收到。", "channel": c.channel.pk}
    case = step(c, "agent", case, "acknowledge", language, **told)
    case = step(c, "lead", case, "accept", language, department=c.workshop.pk)
    case = step(
        c, "handler", case, "dispute", language, facts="来料硬度不足。", grounds="压装正常。"
    )
    ruled = {
        "department": c.purchasing.pk,
        "ruling": "来料问题，采购部负责。",
        "password": PASSWORD,
    }
    case = step(c, "engineer", case, "rule", language, **ruled)
    said = {"facts": "属实。", "cause_text": "热处理不足。", "remedy": "更换。"}
    case = step(c, "buyer", case, "answer", language, **said)
    due = timezone.localtime() + timedelta(days=14)
    ordered = {
        "cause": c.cause.pk,
        "actions-TOTAL_FORMS": 1,
        "actions-INITIAL_FORMS": 0,
        "actions-0-kind": "corrective",
        "actions-0-title": "供方热处理审核",
        "actions-0-department": c.purchasing.pk,
        "actions-0-due": f"{due:%Y-%m-%dT%H:%M}",
    }
    case = step(c, "engineer", case, "order_actions", language, **ordered)
    action = case.actions.get()
    action = step(c, "buyer", action, "accept", language)
    planned = {"whys": ["热处理时间不足"], "cause_factor": "method", "plan": "审核供方。"}
    action = step(c, "buyer", action, "begin", language, **planned)
    proof = {"result": "已审核。", "uploads": [picture()]}
    action = step(c, "buyer", action, "submit", language, **proof)
    action = step(c, "engineer2", action, "verify", language, verification="三批合格。")
    step(c, "engineer", action, "close", language)
    case = step(c, "engineer", fresh(case), "verify", language)
    case = step(c, "agent", case, "reply", language, text="已更换。", channel=c.channel.pk)
    case = step(c, "agent", case, "satisfied", language)
    case = step(c, "manager", case, "close", language)
    assert case.state == CaseState.CLOSED
    outbox.drain(1000)
    assert list(invariants.violations()) == []
