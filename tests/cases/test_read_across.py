"""Where the same could happen: listed, looked at, and only then is the work submitted."""

import pytest
from django.core.exceptions import ValidationError

from cases.enums import ActionState, CaseState, CheckResult
from cases.web.forms import make
from tests.cases.effects import planned, sibling
from tests.cases.pages import fresh, page, sent, someone, statements
from tests.factories import bring, do, order, picture, walk_action
from workflows.domain import invariants, outbox
from workflows.domain.transitions import intervene
from workflows.errors import Conflict, Forbidden

pytestmark = pytest.mark.django_db
A = ActionState
DONE = {"result": "已完成。"}


@pytest.fixture
def action(company):
    return planned(company)


def list_places(action, by, **given):
    return intervene(fresh(action), "list_places", by=by, **given)


def check(action, by, place, result=CheckResult.NOT_AFFECTED, note="抽检 20 件，压装力合格。"):
    return intervene(fresh(action), "check_place", by=by, place=place.pk, result=result, note=note)


def test_products_of_the_same_family_are_proposed(company, action):
    near, other = sibling(company), sibling(company, "BX-400", is_active=False)
    action = fresh(action)
    form = make("corrective_action.act.list_places", subject=action)
    assert form["products"].value() == [near.pk]
    assert other.pk not in form["products"].value()
    list_places(action, company.handler, products=[near])
    again = make("corrective_action.act.list_places", subject=fresh(action))
    assert again["products"].value() == []


def test_a_product_without_a_family_proposes_nothing(company, action):
    form = make("corrective_action.act.list_places", subject=action)
    assert form["products"].value() == []


def test_the_work_is_submitted_only_after_every_place_was_looked_at(company, action):
    near = sibling(company)
    list_places(action, company.handler, products=[near], sites=["装配二线"])
    with pytest.raises(Conflict) as refusal:
        do(fresh(action), "submit", company.handler, **DONE, uploads=[picture()])
    assert list(refusal.value.details) == [str(near), "装配二线"]
    html = page(someone(company, "handler"), action)
    assert "Still to be checked for the same cause:" in html
    assert f"/actions/{near}" not in html
    first, second = action.read_across.order_by("pk")
    check(action, company.handler2, first, CheckResult.AFFECTED, "压装力同样不足。")
    check(action, company.engineer, second)
    action = do(fresh(action), "submit", company.handler, **DONE, uploads=[picture()])
    assert action.state == A.SUBMITTED
    rows = action.read_across.order_by("pk").values_list("result", "checked_by__username")
    assert list(rows) == [("affected", "handler2"), ("not_affected", "engineer")]
    outbox.drain(500)
    assert list(invariants.violations()) == []


def test_a_place_is_listed_once_and_looked_at_once(company, action):
    near = sibling(company)
    list_places(action, company.handler, products=[near, near], sites=["二线", " 二线 ", ""])
    assert action.read_across.count() == 2
    with pytest.raises(ValidationError, match="not listed yet"):
        list_places(action, company.handler, products=[near], sites=["二线"])
    place = action.read_across.first()
    check(action, company.handler, place)
    with pytest.raises(ValidationError, match="checked already"):
        check(action, company.handler, place, CheckResult.AFFECTED)
    assert action.read_across.get(pk=place.pk).result == CheckResult.NOT_AFFECTED


@pytest.mark.parametrize(
    ("change", "field"),
    [({"note": " "}, "note"), ({"result": "open"}, "result"), ({"result": "magic"}, "result")],
)
def test_a_look_says_what_it_has_shown(company, action, change, field):
    list_places(action, company.handler, sites=["二线"])
    place = action.read_across.get()
    given = {"place": place.pk, "result": "affected", "note": "看过", **change}
    with pytest.raises(ValidationError) as error:
        intervene(fresh(action), "check_place", by=company.handler, **given)
    assert field in error.value.message_dict
    assert action.read_across.get().checked_by is None


def test_a_place_of_another_action_is_not_looked_at_here(company, action):
    other = planned(company)
    list_places(other, company.handler, sites=["二线"])
    list_places(action, company.handler, sites=["三线"])
    with pytest.raises(ValidationError, match="not listed here"):
        check(action, company.handler, other.read_across.get())


def test_who_carries_it_out_and_quality_list_and_look_others_do_not(company, action):
    for person in (company.handler2, company.head, company.engineer2, company.manager):
        list_places(action, person, sites=[f"工位 {person.username}"])
    for person in (company.buyer, company.agent, company.auditor, company.admin):
        with pytest.raises(Forbidden):
            list_places(action, person, sites=["工位"])


def test_nothing_is_listed_before_the_work_is_accepted_or_after_it_was_submitted(company):
    ordered = order(company, bring(company, CaseState.REVIEW)).actions.get()
    for action in (ordered, walk_action(company, planned(company), A.SUBMITTED)):
        with pytest.raises(Conflict):
            list_places(action, company.handler, sites=["二线"])


def test_the_page_lists_the_places_and_proposes_what_follows(company, action):
    near = sibling(company)
    client = someone(company, "handler")
    assert "Where it could happen too" not in page(client, action)
    html = page(client, action, "?act=list_places")
    assert f'<option value="{near.pk}" selected' in html
    address = f"{action.get_absolute_url()}acts/list_places/"
    data = sent(fresh(action), products=[near.pk], sites="装配二线\n装配三线\n")
    assert client.post(address, data).status_code == 302
    place = action.read_across.order_by("pk").first()
    html = page(client, action)
    for words in (str(near), "装配三线", "To be checked", f"place={place.pk}#act"):
        assert words in html
    html = page(client, action, f"?act=check_place&place={place.pk}")
    assert f'value="{place.pk}"' in html
    assert "checked" in html.split(f'value="{place.pk}"')[1][:200]
    address = f"{action.get_absolute_url()}acts/check_place/"
    data = sent(fresh(action), place=place.pk, result="affected", note="同样不足")
    assert client.post(address, data).status_code == 302
    html = page(client, action)
    assert "同样不足" in html
    assert "?act=propose_action#act" in html
    assert "Affected" in html


@pytest.mark.parametrize("place", ["", "x", "999999", "²", "1e9"])
def test_nonsense_as_a_place_is_refused_and_what_was_typed_is_kept(company, action, place):
    list_places(action, company.handler, sites=["二线"])
    address = f"{action.get_absolute_url()}acts/check_place/"
    data = sent(fresh(action), place=place, result="affected", note="同样不足")
    answer = someone(company, "handler").post(address, data)
    assert answer.status_code == 400
    assert "同样不足" in answer.content.decode()


def test_thirty_places_cost_no_statement_more_than_one(company, action):
    client = someone(company, "engineer")
    list_places(action, company.handler, sites=["工位 0"])
    _answer, before = statements(client, "get", action.get_absolute_url())
    list_places(action, company.handler, sites=[f"工位 {turn}" for turn in range(1, 30)])
    _answer, after = statements(client, "get", action.get_absolute_url())
    assert after <= before
    assert after <= 14
    with pytest.raises(ValidationError, match="At most"):
        list_places(action, company.handler, sites=[f"机台 {turn}" for turn in range(30)])
