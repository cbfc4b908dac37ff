"""Does it last? What is a recurrence, what is none, and what the end of a window brings."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cases.domain import effectiveness
from cases.enums import ActionState, CaseState
from cases.models import Cause, Product
from tests.cases.effects import another, find_cause, planned, submitted, watched
from tests.cases.pages import fresh, page, someone, statements
from tests.factories import bring, do, log, order, task_of
from tests.incidents import carry_out
from workflows.domain import context, invariants, outbox
from workflows.domain.clock_keeping import keep_clocks
from workflows.domain.transitions import intervene, perform
from workflows.errors import Conflict, Forbidden
from workflows.models import Notification, Task

pytestmark = pytest.mark.django_db
A = ActionState


@pytest.fixture(autouse=True)
def begun():
    """The outbox goes by the clock of the database: what happens here has happened already."""
    with context.at(context.now() - timedelta(days=200)):
        yield


def broken() -> list:
    """What is broken, but for steps that nobody took in the weeks that a test lets pass."""
    outbox.drain(1000)
    keep_clocks()
    return [found for found in invariants.violations() if found[0] != 10]


def test_a_case_with_the_same_product_and_cause_reopens_the_action(company):
    action = watched(company)
    with context.at(context.now() + timedelta(days=33)):
        again = find_cause(company, another(company), company.cause)
        action = fresh(action)
        assert (action.state, action.recurrence_count) == (A.ACCEPTED, 1)
        assert action.recurrences.get().case == again
        assert again.links_in.count() + again.links_out.count() == 1
        outbox.drain(100)
        told = Notification.objects.filter(kind="recurred").values_list("user__username", flat=True)
        assert set(told) == {"engineer2", "handler", "engineer"}
        assert task_of(action).flow_task.name == "plan"
        html = page(someone(company, "handler"), action)
        assert again.number in html
        assert "Recurred 1 time" in html
        assert broken() == []


@pytest.mark.parametrize("what", ["product", "cause", "rejected", "earlier", "own"])
def test_what_is_no_recurrence(company, what):
    c = company
    action = watched(c)
    later = context.now() + timedelta(days=5)
    with context.at(later):
        if what == "product":
            product = Product.objects.create(code="YX-1", name="YX-1 电机", path="/7/")
            find_cause(c, another(c, product=product), c.cause)
        elif what == "cause":
            find_cause(c, another(c), Cause.objects.create(code="usage", name="使用不当"))
        elif what == "rejected":
            case = log(c, title="非我司产品")
            do(case, "acknowledge", c.agent, text="收到。", channel=c.channel)
            do(fresh(case), "reject", c.lead, reason="非我司产品")
        elif what == "earlier":
            find_cause(c, another(c, received_at=later - timedelta(days=9)), c.cause)
        else:
            intervene(action.case, "edit", by=c.engineer, title="轴承异响（更正）")
        outbox.drain(200)
        assert fresh(action).state == A.WATCHED
        assert not action.recurrences.exists()


def test_a_cause_that_is_found_after_the_window_counts_for_the_day_of_receipt(company):
    """Received inside the window, its cause found on the last day before the sweep."""
    action = watched(company)
    with context.at(action.watch_until - timedelta(days=1)):
        case = another(company)
    with context.at(action.watch_until + timedelta(hours=1)):
        find_cause(company, case, company.cause)
        assert fresh(action).state == A.ACCEPTED


def test_the_end_of_the_window_brings_the_finding_to_the_verifier(company):
    action = watched(company)
    with context.at(action.watch_until - timedelta(days=9)):
        undecided = another(company)
    with context.at(action.watch_until):
        assert effectiveness.pass_windows() == 1
        action = fresh(action)
        assert (action.state, task_of(action).owner) == (A.SUBMITTED, company.engineer2)
        assert action.effect["cases"] == 0
        assert action.effect["open"] == [undecided.number]
        html = page(someone(company, "engineer2"), action)
        assert "The window is over: no further case" in html
        assert f'<a href="{undecided.get_absolute_url()}"' in html
        do(action, "verify", company.engineer2, verification="窗口期内无复发。")
        assert broken() == []


def test_nothing_is_effective_before_its_window_and_nobody_verifies_what_they_ordered(company):
    action = submitted(company)
    for person in (company.engineer2, company.engineer):
        with pytest.raises(Conflict):
            do(action, "verify", person, verification="看过了。")
    with pytest.raises(Conflict):
        do(action, "watch", company.engineer)
    with pytest.raises(ValidationError):
        do(action, "watch", company.engineer2, verifier=company.engineer)
    html = page(someone(company, "engineer2"), action)
    assert "Its effect has to be watched for 90 days first." in html


def test_the_watch_is_ended_by_no_person(company):
    action = watched(company)
    task = Task.objects.get(process__caseprocess__action=action, finished=None)
    for person in (company.engineer2, company.manager, company.director):
        for outcome in ("pass_window", "recur"):
            with pytest.raises(Forbidden):
                perform(task, outcome, by=person)
    assert fresh(action).state == A.WATCHED


def test_after_a_day_of_sleep_one_pass_fires_each_window_once(company):
    ordered = order(company, bring(company, CaseState.REVIEW), count=3).actions.order_by("pk")
    actions = [watched(company, one, window_days=3 + turn) for turn, one in enumerate(ordered)]
    with context.at(max(one.watch_until for one in actions) + timedelta(days=1)):
        assert effectiveness.pass_windows() == 3
        assert effectiveness.pass_windows() == 0
        for action in map(fresh, actions):
            assert action.state == A.SUBMITTED
            waiting = Task.objects.filter(process__caseprocess__action=action, finished=None)
            assert waiting.count() == 1


def test_a_recurrence_that_nobody_followed_wins_over_the_end_of_the_window(company):
    action = watched(company)
    with context.at(action.watch_until - timedelta(days=2)):
        case = another(company)
        do(case, "accept_remedy", company.engineer, cause=company.cause)
    with context.at(action.watch_until + timedelta(days=1)):
        assert effectiveness.pass_windows() == 1
        assert fresh(action).state == A.ACCEPTED


def test_the_action_of_a_withdrawn_case_is_watched_no_more(company):
    action = watched(company)
    intervene(fresh(action.case), "withdraw", by=company.agent, reason="客户撤回")
    action = fresh(action)
    assert action.state == A.CANCELLED
    with context.at(action.watch_until):
        assert effectiveness.pass_windows() == 0
        find_cause(company, another(company), company.cause)
    assert fresh(action).state == A.CANCELLED
    assert broken() == []


def test_an_action_that_recurred_is_planned_anew_and_watched_again(company):
    action = watched(company)
    with context.at(context.now() + timedelta(days=10)):
        find_cause(company, another(company), company.cause)
        action = do(carry_out(company, fresh(action)), "watch", company.engineer2)
        assert action.state == A.WATCHED
        assert action.watch_until == action.watch_from + timedelta(days=action.window_days)
        assert broken() == []


def test_the_page_tells_the_day_of_the_window_and_what_came_in_so_far(company):
    action = watched(company, criterion="inspection", criterion_text="抽检 30 件合格。")
    client = someone(company, "engineer2")
    with context.at(context.now() + timedelta(days=33)):
        another(company)
        html = page(client, action)
    for words in ("day 34 of 90", "抽检 30 件合格。", "So far no case", "has no cause yet"):
        assert words in html


def test_what_is_watched_has_its_column_and_is_not_overdue(company):
    action = watched(company)
    client = someone(company, "engineer2")
    with context.at(action.due + timedelta(days=30)):
        board = client.get("/actions/?view=board").content.decode()
        assert "Effect is watched" in board
        assert f"Due {timezone.localtime(action.watch_until):%Y-%m-%d}" in board
        assert action.number not in client.get("/actions/?overdue=1").content.decode()
        found = client.get("/actions/?state=watched").content.decode()
        assert action.number in found


def test_the_page_costs_the_same_with_one_and_with_thirty_cases_around(company):
    action = watched(company)
    client = someone(company, "engineer2")
    log(company)
    _answer, before = statements(client, "get", action.get_absolute_url())
    for _turn in range(29):
        log(company)
    _answer, after = statements(client, "get", action.get_absolute_url())
    assert after == before
    assert after <= 14


def test_changes_of_the_trees_are_read_as_outlines(company):
    action = planned(company, whys=[[0, "压装力不足"], [1, "无监控"], [1, "来料偏硬"]])
    html = page(someone(company, "engineer"), action, "?kind=changes")
    assert "1 压装力不足 · 1.1 无监控 · 1.2 来料偏硬" in html
    assert "[0," not in html
