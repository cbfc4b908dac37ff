"""Nobody and nothing of the record is ever deleted."""

import pytest
from django.db.models import PROTECT
from django.urls import get_resolver
from django.urls.resolvers import URLResolver

from accounts.domain import people
from accounts.errors import AccountRefused, NeverDeleted
from accounts.models import Department, Membership, User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [User, Department, Membership])
def test_no_row_and_no_queryset_can_be_deleted(company, model):
    before = model.objects.count()
    with pytest.raises(NeverDeleted):
        model.objects.first().delete()
    with pytest.raises(NeverDeleted):
        model.objects.all().delete()
    with pytest.raises(NeverDeleted):
        model.objects.filter(pk=0).delete()
    assert model.objects.count() == before


def test_related_managers_delete_nobody(company):
    with pytest.raises(NeverDeleted):
        company.workshop.memberships.all().delete()
    with pytest.raises(NeverDeleted):
        company.root.children.all().delete()


@pytest.mark.parametrize("model", [User, Department])
def test_every_key_to_people_protects_them(model):
    """Of our own apps; a history row only names who did it."""
    ours = {"accounts", "workflows", "cases", "surveys"}
    for relation in model._meta.related_objects:
        is_history = relation.related_model.__name__.startswith("Historical")
        if is_history or relation.related_model._meta.app_label not in ours:
            continue
        assert relation.on_delete is PROTECT, relation


def test_no_address_deletes_anything():
    def names(resolver):
        for item in resolver.url_patterns:
            if isinstance(item, URLResolver):
                yield from names(item)
            else:
                yield f"{item.pattern} {item.name}".lower()

    assert not [name for name in names(get_resolver()) if "delete" in name or "remove" in name]


def test_the_last_administrator_stays(company):
    membership = company.admin.memberships.get()
    with pytest.raises(AccountRefused, match="last administrator"):
        people.end_membership(by=company.director, membership=membership)
    with pytest.raises(AccountRefused, match="last administrator"):
        people.deactivate(by=company.director, person=company.admin)
    people.grant(
        by=company.admin, person=company.lead, department=company.root, role="administrator"
    )
    people.end_membership(by=company.lead, membership=membership)
    membership.refresh_from_db()
    assert membership.until is not None


def test_nobody_switches_themselves_off(company):
    people.grant(
        by=company.admin, person=company.lead, department=company.root, role="administrator"
    )
    with pytest.raises(AccountRefused, match="yourself"):
        people.deactivate(by=company.admin, person=company.admin)
