"""The policy of clocks: versions, the table on screen, and that what has ended never changes."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cases.domain import clock_policies
from cases.domain.clock_policies import RuleDraft, new_clock_policy
from cases.domain.defaults import add_clocks, ensure_defaults
from cases.models import Case, Product
from tests.cases.pages import browser, statements
from tests.factories import bring, do, log
from workflows.domain import calendar_keeping as keeping, clock_figures as figures, context
from workflows.domain.calendar_seed import DayDraft, known_years
from workflows.domain.clock_keeping import keep_clocks
from workflows.enums import DayKind
from workflows.errors import Forbidden, Stale
from workflows.models import Clock, ClockPolicy, ClockRule, Transition

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
NEXT = known_years()[-1] + 1
EVE = datetime(NEXT - 1, 12, 30, 16, 0, tzinfo=ZONE)
REPLY = RuleDraft("reply", Decimal(2), "days")


def make(c, *rules, **given):
    return new_clock_policy(
        by=c.manager,
        **{
            "holds_from": timezone.localdate(context.now()), "reason": "年度评审",
            "pause_hours": Decimal(16), "rules": rules or (REPLY,), **given,
        },
    )  # fmt: skip


def figures_of(case) -> list[dict]:
    return list(Clock.objects.filter(root_id=case.pk).order_by("pk").values())


# ---------------------------------------------------------------------------- versions
def test_a_new_version_holds_for_what_begins_after_it_and_changes_no_running_clock(company):
    case = log(company)
    before = figures_of(case)
    make(company)
    assert figures_of(case) == before
    fresh = log(company)
    assert [(one["name"], one["amount"]) for one in figures_of(fresh)] == [("reply", 2)]


def test_the_figures_of_a_closed_case_survive_a_new_policy_and_a_new_calendar(company):
    ensure_defaults()
    with context.at(EVE):
        closed = bring(company, "closed")
        running = log(company)
    before = figures_of(closed)
    days = [DayDraft(date(NEXT, 1, day), DayKind.HOLIDAY, "元旦") for day in (1, 2, 3, 4)]
    with context.at(EVE + timedelta(minutes=5)):
        make(company)
        keeping.publish_year(by=company.manager, year=NEXT, days=days)
    assert figures_of(closed) == before
    accept = Clock.objects.get(root_id=running.pk, name="accept")
    assert accept.due > accept.original_due
    lines = Transition.objects.filter(root_id=running.pk, act="reschedule", task=None)
    moved = [line["clock"] for row in lines for line in row.data["clocks"]]
    assert "accept" in moved
    assert len(moved) == len(set(moved))


def test_a_pause_survives_a_change_of_the_policy(company):
    from workflows.domain.transitions import intervene

    case = bring(company, "statement")
    intervene(case, "pause_clocks", by=company.handler, why="parts", text="等待样件")
    make(company)
    waiting = Clock.objects.get(root_id=case.pk, name="total")
    assert waiting.state == "paused"
    case = do(Case.objects.get(pk=case.pk), "dispute", company.handler, facts="a", grounds="b")
    assert Clock.objects.get(pk=waiting.pk).state == "running"


@pytest.mark.parametrize(("rule", "place"), [
    (RuleDraft("nonsense", Decimal(1), "days"), "name"),
    (RuleDraft("reply", Decimal(0), "days"), "amount"),
    (RuleDraft("reply", Decimal("1.5"), "days"), "amount"),
    (RuleDraft("reply", Decimal("NaN"), "days"), "amount"),
    (RuleDraft("reply", Decimal(9999), "hours"), "amount"),
    (RuleDraft("reply", Decimal(1), "weeks"), "unit"),
    (RuleDraft("reply", Decimal(1), "days", warn_percent=0), "warn_percent"),
    (RuleDraft("reply", Decimal(1), "days", {"channel": [10**9]}), "channel"),
    (RuleDraft("reply", Decimal(1), "days", {"severity": ["none"]}), "severity"),
])  # fmt: skip
def test_a_rule_that_makes_no_sense_is_refused_at_its_cell(company, rule, place):
    with pytest.raises(ValidationError) as caught:
        make(company, RuleDraft("total", Decimal(9), "days"), rule)
    assert set(caught.value.message_dict) == {f"rules.1.{place}"}
    assert ClockPolicy.objects.count() == 1


def test_a_rule_that_can_never_hold_is_pointed_out(company):
    major = RuleDraft("reply", Decimal(1), "days", {"severity": ["major"]})
    make(company, major, REPLY)
    with pytest.raises(ValidationError, match="1"):
        make(company, REPLY, major)


def test_only_who_keeps_the_rules_makes_a_version_and_sees_the_one_before(company):
    first = ClockPolicy.objects.get()
    with pytest.raises(Forbidden):
        new_clock_policy(
            by=company.handler, holds_from=date(2030, 1, 1), reason="x",
            pause_hours=Decimal(1), rules=[REPLY],
        )  # fmt: skip
    make(company)
    with pytest.raises(Stale):
        make(company, seen=first.pk)


def test_an_installation_that_exists_gets_its_clocks_from_now_on(company):
    ClockRule.objects.all().delete()
    ClockPolicy.objects.all().delete()
    case = log(company)
    assert not figures_of(case)
    assert add_clocks() == 1
    assert add_clocks() == 0
    assert ClockPolicy.objects.get().holds_from > case.logged_at
    bring(company, "statement", case)
    assert [one["name"] for one in figures_of(case)] == ["investigate"]


# ---------------------------------------------------------------------------- on screen
PAGE = "/administration/policies/clocks/"


def sent(html: str) -> dict[str, list[str]]:
    """The fields of the form as the page fills them in."""
    import html as entities

    fields: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", html):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if not name or name[1] == "csrfmiddlewaretoken":
            continue
        if 'type="checkbox"' in tag and " checked" not in tag:
            continue
        fields.setdefault(name[1], []).append(entities.unescape(value[1]) if value else "on")
    for name, body in re.findall(r'<select name="([^"]*)"[^>]*>(.*?)</select>', html, re.S):
        chosen = re.findall(r'<option value="([^"]*)" selected', body)
        fields[name] = [entities.unescape(one) for one in chosen]
    return fields


def test_the_rules_are_shown_in_order_and_changed_as_a_new_version(company):
    client = browser(company.manager)
    html = client.get(PAGE).content.decode()
    assert html.index("Severity: Major") < html.index("all cases")
    form = sent(client.get(f"{PAGE}new/").content.decode())
    assert form["rules.0.severity"] == ["major"]
    form |= {"rules.0.amount": ["3"], "reason": ["年度评审"]}
    form["holds_from"] = [f"{timezone.localdate(context.now())}"]
    answer = client.post(f"{PAGE}new/", form)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    newest = ClockPolicy.objects.latest("pk")
    older = ClockPolicy.objects.earliest("pk")
    assert newest.rules.count() == older.rules.count()
    assert newest.rules.get(position=1).amount == 3
    assert "3 working hours" in client.get(PAGE).content.decode()
    assert [one.label for one in clock_policies.changes(older, newest)] == ["Acknowledge"]


def test_rows_move_come_and_go_without_saving_and_keep_what_is_typed(company):
    client = browser(company.manager)
    form = sent(client.get(f"{PAGE}new/").content.decode())
    count = int(form["count"][0])
    form |= {"rules.1.amount": ["7.25"], "reason": ["typed"]}
    up = sent(client.post(f"{PAGE}new/", form | {"turn": ["up.1"]}).content.decode())
    assert up["rules.0.amount"] == ["7.25"]
    assert up["rules.1.severity"] == ["major"]
    assert up["reason"] == ["typed"]
    more = sent(client.post(f"{PAGE}new/", up | {"turn": ["add"]}).content.decode())
    assert int(more["count"][0]) == count + 1
    less = sent(client.post(f"{PAGE}new/", more | {"turn": ["remove.0"]}).content.decode())
    assert int(less["count"][0]) == count
    assert less["rules.0.severity"] == ["major"]
    assert ClockPolicy.objects.count() == 1


@pytest.mark.parametrize("turn", ["up.99", "up.x", "sideways.1", "remove.", "up.-1", "²", "add.1"])
def test_nonsense_moves_nothing(company, turn):
    client = browser(company.manager)
    form = sent(client.get(f"{PAGE}new/").content.decode())
    answer = client.post(f"{PAGE}new/", form | {"turn": [turn]})
    assert answer.status_code == 200
    assert ClockPolicy.objects.count() == 1


@pytest.mark.parametrize("count", ["", "x", "-1", "9999", "²"])
def test_a_form_without_its_count_is_not_taken(company, count):
    client = browser(company.manager)
    form = sent(client.get(f"{PAGE}new/").content.decode()) | {"count": [count], "reason": ["x"]}
    assert client.post(f"{PAGE}new/", form).status_code == 422
    assert ClockPolicy.objects.count() == 1


def test_a_wrong_cell_says_so_and_keeps_the_rest(company):
    client = browser(company.manager)
    form = sent(client.get(f"{PAGE}new/").content.decode())
    form |= {"rules.2.amount": ["-5"], "reason": ["typed"], "holds_from": ["2031-01-01"]}
    answer = client.post(f"{PAGE}new/", form)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "is-invalid" in html
    assert sent(html)["rules.2.amount"] == ["-5"]


def test_the_page_costs_the_same_with_one_product_and_with_fifty(company):
    client = browser(company.manager)
    few = [statements(client, "get", address)[1] for address in (PAGE, f"{PAGE}new/")]
    for turn in range(50):
        Product.objects.create(code=f"P{turn}", name=f"产品 {turn}", path=f"/{turn + 900}/")
    many = [statements(client, "get", address)[1] for address in (PAGE, f"{PAGE}new/")]
    assert few == many
    assert max(many) <= 14


# ---------------------------------------------------------------------------- figures
def test_every_figure_has_as_many_clocks_behind_it(company):
    monday = datetime(2026, 6, 1, 9, 0, tzinfo=ZONE)
    with context.at(monday):
        log(company)
        bring(company, "feedback")
        bring(company, "closed")
    moment = monday + timedelta(days=2, hours=1)
    with context.at(moment):
        keep_clocks()
    loads = figures.by_department(moment)
    assert sum(load.total for load in loads) == figures.open_clocks().count()
    for load in loads:
        where = {"department": load.department}
        for which in (figures.RUNNING, figures.AT_RISK, figures.OVERDUE, figures.PAUSED):
            assert figures.standing(which, moment, **where).count() == getattr(load, which)
    assert sum(load.overdue for load in loads) == 1
    assert sum(load.at_risk for load in loads) == 1
    assert sum(load.paused for load in loads) == 1


def test_what_was_kept_adds_up_to_the_clocks_that_ended(company):
    monday = datetime(2026, 6, 1, 9, 0, tzinfo=ZONE)
    with context.at(monday):
        bring(company, "closed")
        late = log(company)
    with context.at(monday + timedelta(days=3)):
        do(late, "acknowledge", company.agent, text="已收到。", channel=company.channel)
    period = monday - timedelta(days=1), monday + timedelta(days=10)
    found = {one.name: one for one in figures.kept(*period)}
    acknowledge = found["acknowledge"]
    assert (acknowledge.on_time, acknowledge.missed, acknowledge.rate) == (1, 1, 0.5)
    assert acknowledge.elapsed + acknowledge.paused == acknowledge.actual == timedelta(hours=24)
    assert acknowledge.wall == timedelta(days=3)
    missed = figures.ended(*period, figures.MISSED)
    assert [one.root_id for one in missed] == [late.pk]
    assert {one.name for one in figures.kept(*period, per_department=True)} == set(found)
