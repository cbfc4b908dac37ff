"""The tree: moving takes the branch along, closes no ring, and nothing alive is switched off."""

import pytest
from django.core.exceptions import ValidationError

from accounts.domain import people, queries
from accounts.errors import AccountRefused
from accounts.models import Department, User
from cases.models import Case
from tests import factories

pytestmark = pytest.mark.django_db


def paths() -> dict[str, str]:
    return dict(Department.objects.values_list("code", "path"))


def test_moving_a_department_takes_its_branch_along(company):
    c = company
    leaf = people.add_department(by=None, code="WS11", name="一班", parent=c.line)
    people.move_department(by=c.admin, department=c.workshop, parent=c.purchasing)
    found = paths()
    assert found["WS"] == f"/{c.root.pk}/{c.purchasing.pk}/{c.workshop.pk}/"
    assert found["WS1"] == f"{found['WS']}{c.line.pk}/"
    assert found["WS11"] == f"{found['WS1']}{leaf.pk}/"
    assert found["QD"] == f"/{c.root.pk}/{c.quality.pk}/"
    assert c.workshop.history.first().history_user == c.admin


def test_who_sees_what_follows_a_move(company):
    case = factories.bring(company, "statement")
    buyer = User.objects.get(pk=company.buyer.pk)
    assert case not in Case.objects.visible_to(buyer)
    people.move_department(by=company.admin, department=company.workshop, parent=company.purchasing)
    buyer = User.objects.get(pk=company.buyer.pk)
    assert case in Case.objects.visible_to(buyer)


def test_no_ring_can_be_closed(company):
    for parent in (company.workshop, company.line):
        with pytest.raises(ValidationError):
            people.move_department(by=company.admin, department=company.workshop, parent=parent)
    assert paths()["WS"] == f"/{company.root.pk}/{company.workshop.pk}/"


def test_an_edit_renames_and_moves_at_once_or_not_at_all(company):
    change = {"by": company.admin, "department": company.line}
    people.edit_department(**change, name="总装一线", parent=company.quality)
    company.line.refresh_from_db()
    assert (company.line.name, company.line.parent) == ("总装一线", company.quality)
    with pytest.raises(ValidationError):
        people.edit_department(**change, name="另一名", parent=company.line)
    company.line.refresh_from_db()
    assert company.line.name == "总装一线"


@pytest.mark.parametrize("changes", [{"code": "QD"}, {"code": ""}, {"name": ""}, {"function": "x"}])
def test_bad_input_is_refused_at_its_field(company, changes):
    with pytest.raises(ValidationError) as caught:
        people.edit_department(by=company.admin, department=company.line, **changes)
    assert set(caught.value.message_dict) == set(changes)


def test_a_department_with_members_or_departments_below_stays(company):
    with pytest.raises(AccountRefused, match="below"):
        people.deactivate_department(by=company.admin, department=company.workshop)
    people.deactivate_department(by=company.admin, department=company.line)
    with pytest.raises(AccountRefused, match="still belong"):
        people.deactivate_department(by=company.admin, department=company.workshop)


def test_a_department_with_open_work_stays(company):
    factories.bring(company, "statement")
    people.deactivate_department(by=company.admin, department=company.line)
    for membership in company.workshop.memberships.filter(until=None):
        people.end_membership(by=company.admin, membership=membership)
    with pytest.raises(AccountRefused, match="TS-"):
        people.deactivate_department(by=company.admin, department=company.workshop)


def test_nothing_is_hung_below_what_is_switched_off(company):
    people.deactivate_department(by=company.admin, department=company.line)
    with pytest.raises(ValidationError):
        people.add_department(by=company.admin, code="X", name="X", parent=company.line)
    with pytest.raises(ValidationError):
        people.move_department(by=company.admin, department=company.purchasing, parent=company.line)
    people.reactivate_department(by=company.admin, department=company.line)
    people.add_department(by=company.admin, code="X", name="X", parent=company.line)


def test_a_tree_too_deep_for_its_paths_is_refused(company):
    parent = company.line
    with pytest.raises(ValidationError):
        for depth in range(200):
            parent = people.add_department(by=None, code=f"D{depth}", name="层", parent=parent)
    assert max(len(path) for path in paths().values()) <= 200


def test_the_tree_is_read_with_two_statements(company, django_assert_num_queries):
    with django_assert_num_queries(2):
        (top,) = queries.tree()
    below = {branch.department.code: branch for branch in top.branches}
    assert below["WS"].heads == ["赵伟"] and below["WS"].people == 3
    assert [branch.department.code for branch in below["WS"].branches] == ["WS1"]
