"""The inbox through the browser's door: tabs, claiming, handing over, statements, bad input."""

import pytest
from django.urls import reverse

from cases.enums import CaseState
from tests.factories import bring, log, task_of
from workflows.domain.assignment import claim
from workflows.models import Notification, Task

pytestmark = pytest.mark.django_db
INBOX = "/inbox/"


@pytest.fixture
def enter(client):
    def sign_in(person, language="en"):
        client.force_login(person)
        client.cookies["django_language"] = language
        return client

    return sign_in


def test_what_i_logged_waits_for_me_and_what_my_role_may_take_stands_in_the_pool(company, enter):
    case = log(company)
    page = enter(company.agent).get(INBOX).content.decode()
    assert case.number in page
    bring(company, CaseState.REVIEW)
    mine = enter(company.engineer).get(INBOX).content.decode()
    pool = enter(company.engineer).get(INBOX + "?tab=pool").content.decode()
    assert "TS-" not in mine
    assert "Review" in pool


def test_a_step_of_another_department_is_not_in_my_pool(company, enter):
    bring(company, CaseState.STATEMENT)
    assert "TS-" not in enter(company.buyer).get(INBOX + "?tab=pool").content.decode()


@pytest.mark.parametrize("rows", [1, 50])
@pytest.mark.parametrize("tab", ["mine", "pool", "started", "done", "escalated"])
def test_a_tab_takes_six_statements_at_1_and_at_50_rows(
    company, enter, rows, tab, django_assert_max_num_queries
):
    for _turn in range(rows):
        log(company)
    Task.objects.filter(finished=None).update(owner=None if tab == "pool" else company.agent)
    browser = enter(company.agent)
    browser.get(INBOX)
    with django_assert_max_num_queries(6):
        answer = browser.get(INBOX, {"tab": tab})
    assert answer.status_code == 200


def test_a_claim_brings_the_step_to_me_and_back_to_where_i_was(company, enter):
    task = task_of(bring(company, CaseState.REVIEW))
    browser = enter(company.engineer)
    answer = browser.post(f"/tasks/{task.pk}/claim/", {"next": "/inbox/?tab=pool"})
    assert (answer.status_code, answer.url) == (302, "/inbox/?tab=pool")
    assert Task.objects.get(pk=task.pk).owner == company.engineer
    browser.post(f"/tasks/{task.pk}/release/")
    assert Task.objects.get(pk=task.pk).owner is None


def test_a_second_claim_is_told_who_was_first(company, enter):
    task = task_of(bring(company, CaseState.REVIEW))
    claim(task, by=company.engineer)
    answer = enter(company.manager).post(f"/tasks/{task.pk}/claim/")
    assert answer.status_code == 409
    assert "王芳" in answer.content.decode()


def test_a_foreign_or_unknown_step_does_not_exist(company, enter):
    task = task_of(bring(company, CaseState.REVIEW))
    browser = enter(company.handler)
    for path in ("", "claim/", "release/", "transfer/"):
        for pk in (task.pk, 999999):
            send = browser.post if path else browser.get
            assert send(f"/tasks/{pk}/{path}").status_code == 404


def test_a_step_is_handed_over_with_a_reason(company, enter):
    task = task_of(bring(company, CaseState.STATEMENT))
    claim(task, by=company.handler)
    browser = enter(company.handler)
    assert "吴磊" in browser.get(f"/tasks/{task.pk}/transfer/").content.decode()
    answer = browser.post(
        f"/tasks/{task.pk}/transfer/", {"to": company.handler2.pk, "reason": "On leave"}
    )
    assert answer.status_code == 302
    assert Task.objects.get(pk=task.pk).owner == company.handler2


def test_handing_over_to_nobody_keeps_what_was_typed(company, enter):
    task = task_of(bring(company, CaseState.STATEMENT))
    claim(task, by=company.handler)
    answer = enter(company.handler).post(
        f"/tasks/{task.pk}/transfer/", {"to": company.buyer.pk, "reason": "typed text"}
    )
    assert answer.status_code == 409
    assert "typed text" in answer.content.decode()


@pytest.mark.parametrize(
    "query", ["tab=password", "after=x", "after=%00", "tab=mine&after=1:2:3", "after=" + "9" * 999]
)
def test_a_nonsense_address_shows_the_first_page(company, enter, query):
    assert enter(company.agent).get(f"{INBOX}?{query}").status_code == 200


def test_pages_go_by_key_and_meet_every_row_once(company, enter):
    from workflows.domain import worklist

    for _turn in range(7):
        log(company)
    seen, key = [], None
    while True:
        rows, key = worklist.page(company.agent, "mine", after=key, size=3)
        seen += [row["pk"] for row in rows]
        if key is None:
            break
    assert len(seen) == len(set(seen)) == 7


def test_the_bell_shows_and_forgets(company, enter):
    Notification.objects.create(
        user=company.head, kind="escalated", key="k", subject_kind="case",
        subject_number="TS-2026-000001", root_number="TS-2026-000001", title="异响",
        at=company.customer.created_at,
    )  # fmt: skip
    browser = enter(company.head)
    assert "TS-2026-000001" in browser.get("/notifications/").content.decode()
    browser.post("/notifications/read/")
    assert not Notification.objects.filter(read_at=None).exists()


def test_a_request_has_a_name_in_answer_and_record(company, enter):
    from workflows.models import Transition

    task = task_of(bring(company, CaseState.REVIEW))
    answer = enter(company.engineer).post(
        f"/tasks/{task.pk}/claim/", headers={"X-Request-ID": "my-request-1"}
    )
    assert answer["X-Request-ID"] == "my-request-1"
    assert Transition.objects.get(act="claim").request == "my-request-1"


def test_a_monitor_is_answered_without_signing_in(client):
    assert client.get(reverse("workflows:live")).status_code == 200
    assert client.get(reverse("workflows:ready")).status_code in {200, 503}


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({}, "text/html"),
        ({"Accept": "application/json"}, "application/problem+json"),
        ({"HX-Request": "true"}, "text/plain"),
    ],
)
def test_a_refusal_comes_in_the_clothes_the_caller_wears(company, enter, headers, kind):
    task = task_of(bring(company, CaseState.REVIEW))
    claim(task, by=company.engineer)
    answer = enter(company.manager).post(f"/tasks/{task.pk}/claim/", headers=headers)
    assert answer.status_code == 409
    assert answer["Content-Type"].startswith(kind)
