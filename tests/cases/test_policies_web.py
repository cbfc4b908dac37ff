"""The pages of policies: who may, what they show, what they refuse."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from cases.domain import policies
from cases.domain.defaults import ensure_defaults
from cases.models import CasePolicy
from tests.cases.pages import browser, statements
from workflows.domain import context, policies as deadlines
from workflows.models import DeadlinePolicy

pytestmark = pytest.mark.django_db
ROOT = "/administration/policies/"
PAGES = [ROOT, *(f"{ROOT}{page}" for page in (
    "complaints/", "complaints/new/", "deadlines/", "deadlines/new/"))]  # fmt: skip


@pytest.fixture
def manager(company):
    return browser(company.manager)


def day(days: int = 0) -> str:
    return f"{timezone.localdate() + timedelta(days=days):%Y-%m-%d}"


def typed(client, key, **changes) -> dict:
    """What the form of a new version sends when only `changes` are typed."""
    form = client.get(f"{ROOT}{key}/new/").context["form"]
    given = {field.name: field.value() for field in form if field.value() not in (None, "")}
    return {**given, "holds_from": day(), "reason": "Neue Regel", **changes}


@pytest.mark.parametrize("who", ["agent", "head", "engineer", "director", "auditor", "marketer"])
def test_nobody_else_finds_the_pages(company, who):
    client = browser(getattr(company, who))
    for url in PAGES:
        assert client.get(url).status_code == 404, url
        assert client.post(url).status_code == 404, url


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("who", ["manager", "admin"])
def test_quality_managers_and_administrators_read_them(company, who, language):
    policies.new_case_policy(
        by=company.manager, holds_from=timezone.localdate() + timedelta(days=3), reopen_days=30,
        backdate_days=10, reason="客户要求",
    )  # fmt: skip
    client = browser(getattr(company, who), language)
    for url in PAGES:
        answer = client.get(url)
        assert answer.status_code == 200, url
        assert f'lang="{language}"' in answer.content.decode()
    text = client.get(ROOT).content.decode()
    assert "客户要求" in text and "90 → 30" in text and "365 → 10" in text and day(3) in text
    assert f'href="{ROOT}"' in client.get("/administration/catalogues/").content.decode()


def test_the_form_is_filled_in_from_the_version_in_force(manager, company):
    DeadlinePolicy.objects.all().delete()
    ensure_defaults()
    form = manager.get(f"{ROOT}deadlines/new/").context["form"]
    assert form.initial["complaint.triage"] == "8"
    assert form.initial["complaint.triage.major"] == "4"
    form = manager.get(f"{ROOT}complaints/new/").context["form"]
    assert (form.initial["reopen_days"], form.initial["backdate_days"]) == (90, 365)
    assert "supersede" not in form.fields


def test_a_new_version_is_made_on_screen(manager, company):
    given = typed(manager, "complaints", reopen_days="60")
    assert manager.post(f"{ROOT}complaints/new/", given).status_code == 302
    policy = CasePolicy.objects.in_force(context.now()).first()
    assert (policy.reopen_days, policy.made_by, policy.reason) == (
        60,
        company.manager,
        "Neue Regel",
    )
    text = manager.get(f"{ROOT}complaints/").content.decode()
    assert "90 → 60" in text and "Came with the installation" in text


def test_new_deadlines_are_made_on_screen(manager, company):
    given = typed(manager, "deadlines", **{"complaint.triage": "2.5", "default_hours": "5"})
    assert manager.post(f"{ROOT}deadlines/new/", given).status_code == 302
    policy = DeadlinePolicy.objects.in_force(context.now()).first()
    assert policy.default_hours == 5
    assert [(str(rule), rule.major_only) for rule in policy.rules.all()] == [
        ("complaint.triage: 2.50 h", False)
    ]
    text = manager.get(f"{ROOT}deadlines/").content.decode()
    assert "– → 2.5 h" in text and "8 h → 5 h" in text and "08:30–12:00" in text
    again = typed(manager, "deadlines", **{"complaint.triage": ""})
    assert manager.post(f"{ROOT}deadlines/new/", again).status_code == 302
    assert not DeadlinePolicy.objects.in_force(context.now()).first().rules.exists()


@pytest.mark.parametrize(
    ("key", "changes", "field"),
    [
        ("complaints", {"holds_from": day(-1)}, "holds_from"),
        ("complaints", {"holds_from": "9999-12-31"}, "holds_from"),
        ("complaints", {"holds_from": "soon"}, "holds_from"),
        ("complaints", {"reason": ""}, "reason"),
        ("complaints", {"reopen_days": "-1"}, "reopen_days"),
        ("complaints", {"reopen_days": "9" * 40}, "reopen_days"),
        ("complaints", {"seen": "9" * 40}, "seen"),
        ("deadlines", {"holds_from": day(-1)}, "holds_from"),
        ("deadlines", {"reason": ""}, "reason"),
        ("deadlines", {"default_hours": ""}, "default_hours"),
        ("deadlines", {"complaint.triage": "0"}, "complaint.triage"),
        ("deadlines", {"complaint.triage.major": "NaN"}, "complaint.triage.major"),
        ("deadlines", {"feedback.answer": "2.005"}, "feedback.answer"),
        ("deadlines", {"feedback.answer": "1e999"}, "feedback.answer"),
    ],
)
def test_bad_input_stands_at_its_field_and_nothing_typed_is_lost(manager, key, changes, field):
    usual = {"reason": "我写的理由", **changes}
    answer = manager.post(f"{ROOT}{key}/new/", typed(manager, key, **usual))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert usual["reason"] in answer.content.decode()
    assert CasePolicy.objects.count() == DeadlinePolicy.objects.count() == 1


def test_a_plan_is_changed_and_replaced_only_when_that_is_said(manager, company):
    given = typed(manager, "complaints", reopen_days="60", holds_from=day(5))
    assert manager.post(f"{ROOT}complaints/new/", given).status_code == 302
    plan = CasePolicy.objects.first()
    page = manager.get(f"{ROOT}complaints/").content.decode()
    assert f"?from={plan.pk}" in page
    answer = manager.get(f"{ROOT}complaints/new/?from={plan.pk}")
    form = answer.context["form"]
    assert (form.initial["reopen_days"], f"{form.initial['holds_from']}") == (60, day(5))
    given = typed(manager, "complaints", reopen_days="45", holds_from=day(5))
    answer = manager.post(f"{ROOT}complaints/new/", given)
    assert answer.status_code == 422 and set(answer.context["form"].errors) == {"supersede"}
    answer = manager.post(f"{ROOT}complaints/new/", {**given, "supersede": "on"})
    assert answer.status_code == 302
    assert "Never came into force" in manager.get(f"{ROOT}complaints/").content.decode()


def test_who_was_slower_sees_it_and_sends_the_same_form_again(manager, company):
    given = typed(manager, "complaints", reopen_days="60")
    policies.new_case_policy(
        by=company.admin,
        holds_from=timezone.localdate(),
        reopen_days=1,
        backdate_days=1,
        reason="x",
    )
    answer = manager.post(f"{ROOT}complaints/new/", given)
    assert answer.status_code == 409 and "杨帆" in answer.content.decode()
    again = {field.name: field.value() for field in answer.context["form"]}
    assert again["reopen_days"] == "60"
    assert manager.post(f"{ROOT}complaints/new/", again).status_code == 302


@pytest.mark.parametrize("url", ["kings/", "kings/new/", "complaints/new/x/", "9/"])
def test_what_is_not_there_is_404(manager, url):
    assert manager.get(ROOT + url).status_code == 404


def test_an_installation_without_a_version_says_so(manager, company):
    CasePolicy.objects.all().delete()
    assert "No version is in force yet" in manager.get(ROOT).content.decode()
    assert manager.get(f"{ROOT}complaints/new/").status_code == 404
    assert manager.get(f"{ROOT}complaints/new/?from=x'1").status_code == 404


@pytest.mark.parametrize("key", ["complaints", "deadlines"])
def test_a_page_has_as_many_statements_with_one_version_as_with_fifty(manager, company, key):
    urls = (f"{ROOT}{key}/", f"{ROOT}{key}/new/")
    one = [statements(manager, "get", url)[1] for url in urls]
    for number in range(50):
        moment = context.now() - timedelta(days=700 - number)
        with context.at(moment):
            given = {"by": company.manager, "holds_from": moment.date() + timedelta(days=1),
                     "reason": f"r{number}"}  # fmt: skip
            if key == "complaints":
                policies.new_case_policy(reopen_days=number, backdate_days=1, **given)
            else:
                hours = {deadlines.Key("complaint", "triage", False): Decimal(number + 1)}
                deadlines.new_deadlines(default_hours=Decimal(8), hours=hours, **given)
    assert [statements(manager, "get", url)[1] for url in urls] == one
    assert max(one) <= 7
