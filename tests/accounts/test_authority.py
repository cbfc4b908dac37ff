"""What a person may and sees by their roles, and by those they stand in for."""

import pytest
from django.utils import timezone

from accounts.domain import people
from accounts.models import User
from accounts.permissions import Authority
from cases.models import Case
from tests import factories


def test_covered_roles_open_the_pools_but_are_not_held():
    found = Authority.of(1, [(1, 7, "head", "/1/7/")])
    assert found.pools == {(7, "head"), (7, "handler")}
    assert found.roles == {"head"} and found.roots == ("/1/7/",)


def test_administering_shows_no_case(company):
    case = factories.bring(company, "statement")
    seen = Case.objects.visible_to(User.objects.get(pk=company.admin.pk))
    assert case not in seen
    both = people.grant(
        by=None, person=company.head, department=company.root, role="administrator"
    ).user
    assert case in Case.objects.visible_to(User.objects.get(pk=both.pk))


@pytest.mark.parametrize(
    ("absent", "substitute", "sees"),
    [("handler", "buyer", True), ("engineer", "buyer", True), ("admin", "buyer", False),
     ("auditor", "buyer", False), ("marketer", "buyer", False)],
)  # fmt: skip
def test_a_substitute_sees_what_they_stand_in_for(company, absent, substitute, sees):
    case = factories.bring(company, "statement")
    today = timezone.localdate()
    stand_in = getattr(company, substitute)
    assert case not in Case.objects.visible_to(User.objects.get(pk=stand_in.pk))
    people.plan_leave(
        by=None, person=getattr(company, absent), substitute=stand_in, starts=today, ends=today
    )
    now = User.objects.get(pk=stand_in.pk)
    assert (case in Case.objects.visible_to(now)) is sees
    assert now.authority.roles == {"handler"}
