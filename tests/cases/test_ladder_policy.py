"""The page of the ladders: what holds, a new version, what is refused and at which field."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cases.domain.defaults import ensure_defaults
from tests.cases.pages import browser, statements
from workflows.domain import ladder_policies, ladders
from workflows.domain.ladders import Ladder, Step
from workflows.enums import Rung
from workflows.errors import Forbidden
from workflows.models import EscalationPolicy

pytestmark = pytest.mark.django_db
PAGE = "/administration/policies/escalation/"
NEW = f"{PAGE}new/"
HEAD = Step(Rung.HEAD, percent=Decimal(100))


@pytest.fixture
def c(company):
    ensure_defaults()
    return company


def typed(client, **changes) -> dict:
    form = client.get(NEW).context["form"]
    given = {one.name: one.value() for one in form if one.value() not in (None, "", False)}
    day = f"{timezone.localdate():%Y-%m-%d}"
    given |= {"holds_from": day, "reason": "Neue Regel"} | changes
    return {name: value for name, value in given.items() if value is not None}


def last() -> EscalationPolicy:
    return EscalationPolicy.objects.latest("pk")


def make(c, *given: Ladder, by=None):
    return ladder_policies.new_ladders(
        by=by or c.manager, holds_from=timezone.localdate(), reason="x",
        ladders=dict(enumerate(given, 1)),
    )  # fmt: skip


def test_the_ladders_come_once_and_also_to_an_installation_that_exists(c):
    assert EscalationPolicy.objects.count() == 1
    ensure_defaults()
    assert EscalationPolicy.objects.count() == 1


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_says_what_holds(c, language):
    html = browser(c.manager, language).get(PAGE).content.decode()
    names = {"en": ("Major cases", "Everything else"), "zh-hans": ("重大案件", "其他事项")}
    first, second = names[language]
    assert html.index(first) < html.index(
        {"en": "Everything else", "zh-hans": "其他事项"}[language]
    )
    assert {"en": "16 working hours after it is due", "zh-hans": "16"}[language] in html


def test_nobody_else_finds_the_page_or_makes_a_version(c):
    for who in ("agent", "head", "engineer", "director"):
        assert browser(getattr(c, who)).get(PAGE).status_code == 404
    with pytest.raises(Forbidden):
        make(c, Ladder((HEAD,), "x"), by=c.head)


def test_what_is_sent_as_it_stands_says_the_same(c):
    client = browser(c.manager)
    answer = client.post(NEW, typed(client))
    assert answer.status_code == 302, answer.content.decode()
    assert last().made_by == c.manager
    first = EscalationPolicy.objects.earliest("pk")
    assert ladders.read(last().ladders) == ladders.read(first.ladders)
    assert not list(ladder_policies.changes(first, last()))


def test_a_rung_is_moved_and_the_page_tells_before_and_after(c):
    client = browser(c.manager)
    changes = {"ladder.2.quality": "8", "ladder.2.owner": None, "ladder.1.urgent": None}
    assert client.post(NEW, typed(client, **changes)).status_code == 302
    major, rest = ladders.read(last().ladders)
    assert rest.steps[0].rung == Rung.HEAD and rest.steps[1].hours == 8
    assert not major.urgent
    html = client.get(PAGE).content.decode()
    assert "8 working hours after it is due" in html and "→" in html and "Neue Regel" in html


def test_a_ladder_is_added_before_the_others_and_left_out_again(c):
    client = browser(c.manager)
    given = {
        "ladder.0.name": "纠正措施", "ladder.0.flows": ["corrective_action"],
        "ladder.0.head": "120", "ladder.0.head.unit": "percent",
    }  # fmt: skip
    assert client.post(NEW, typed(client, **given)).status_code == 302
    found = ladders.read(last().ladders)
    assert [one.name for one in found] == ["纠正措施", "重大案件", "其他事项"]
    assert found[0].flows == {"corrective_action"}
    assert client.post(NEW, typed(client, **{"ladder.1.leave_out": "on"})).status_code == 302
    assert [one.name for one in ladders.read(last().ladders)] == ["重大案件", "其他事项"]


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"ladder.2.head": "90", "ladder.2.head.unit": "percent"}, "ladder.2.head"),
        ({"ladder.2.management": "3"}, "ladder.2.management"),
        ({"ladder.2.quality": "-1"}, "ladder.2.quality"),
        ({"ladder.2.quality": "abc"}, "ladder.2.quality"),
        ({"ladder.2.quality": "1e9"}, "ladder.2.quality"),
        ({"ladder.2.quality": "NaN"}, "ladder.2.quality"),
        ({"ladder.2.owner": "0"}, "ladder.2.owner"),
        ({"ladder.2.owner.unit": "weeks"}, "ladder.2.owner.unit"),
        ({"ladder.2.name": ""}, "ladder.2.name"),
        ({"ladder.2.major_only": "on"}, "ladder.2.flows"),
        ({"ladder.2.flows": ["nonsense"]}, "ladder.2.flows"),
        ({"ladder.1.major_only": None}, "ladder.1.flows"),
        ({"ladder.0.name": "x"}, "ladder.0.head"),
        ({"holds_from": "1999-01-01"}, "holds_from"),
        ({"reason": ""}, "reason"),
    ],
)
def test_what_makes_no_sense_is_said_at_the_field_and_what_was_typed_is_kept(c, changes, name):
    client = browser(c.manager)
    given = typed(client, **changes)
    answer = client.post(NEW, given)
    assert answer.status_code == 422
    assert answer.context["form"].errors.get(name), answer.context["form"].errors
    assert 'value="Neue Regel"' in answer.content.decode() or "reason" in changes
    assert EscalationPolicy.objects.count() == 1


def test_a_ladder_that_tells_nobody_above_the_owner_is_refused(c):
    only = Ladder((Step(Rung.OWNER, percent=Decimal(80)),), "x")
    with pytest.raises(ValidationError) as caught:
        make(c, only)
    assert set(caught.value.message_dict) == {"ladder.1.head"}


def test_a_colleague_who_was_faster_is_named_and_sending_again_will_do(c):
    client = browser(c.manager)
    given = typed(client)
    make(c, Ladder((HEAD,), "x"))
    answer = client.post(NEW, given)
    assert answer.status_code == 409 and c.manager.name in answer.content.decode()


def test_the_pages_take_as_many_statements_with_fifty_versions(c):
    client = browser(c.manager)
    few = [statements(client, "get", url)[1] for url in (PAGE, NEW)]
    row, later = last(), timedelta(minutes=1)
    EscalationPolicy.objects.bulk_create(
        EscalationPolicy(
            holds_from=timezone.now() + later, made_at=timezone.now(), ladders=row.ladders,
            reason=str(turn),
        )
        for turn in range(50)
    )  # fmt: skip
    assert [statements(client, "get", url)[1] for url in (PAGE, NEW)] == few
