"""Commands about roles: who is what in which department."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.domain.saving import forget, lock, save
from accounts.enums import Role
from accounts.errors import AccountRefused
from accounts.models import Department, Membership, User


def grant(
    *,
    by: User | None,
    person: User,
    department: Department,
    role: Role | str,
    at: datetime | None = None,
) -> Membership:
    """Give `person` the role in the department; a role already held is returned as it is.

    An auditor changes nothing, so nobody audits and acts at once (QUALITY.md, invariant 29).
    """
    moment = at or timezone.now()
    with transaction.atomic():
        lock(person)
        lock(department)
        for kept in (person, department):
            if not kept.is_active:
                raise AccountRefused(_("%(name)s is not active.") % {"name": kept})
        held = list(person.memberships.filter(until=None))
        for membership in held:
            if membership.department_id == department.pk and membership.role == role:
                return membership
        if role == Role.AUDITOR and any(each.role != Role.AUDITOR for each in held):
            raise AccountRefused(_("Who acts in cases cannot be an auditor as well."))
        if role != Role.AUDITOR and any(each.role == Role.AUDITOR for each in held):
            raise AccountRefused(_("An auditor cannot hold a role that acts in cases."))
        membership = Membership(
            user=person, department=department, role=Role(role), since=moment, granted_by=by
        )
        save(membership, by=by, act="grant", at=moment)
    return membership


def end_membership(*, by: User | None, membership: Membership, at: datetime | None = None) -> None:
    """End a role; the row stays as evidence of who was what when. Twice is as good as once."""
    moment = at or timezone.now()
    with transaction.atomic():
        lock(membership)
        if membership.until is not None:
            return
        if reason := why_role_kept(membership, held=True):
            raise AccountRefused(reason)
        membership.until = moment
        save(membership, by=by, act="end", at=moment, fields=["until"])
    forget(membership.user, "authority")


def why_role_kept(membership: Membership, *, held: bool = False) -> str | None:
    """Somebody must be left who can keep people and departments."""
    if membership.role == Role.ADMINISTRATOR and is_last_administrator(
        membership.user, but=membership, held=held
    ):
        return _("This is the last administrator; make somebody else one first.")
    return None


def is_last_administrator(
    person: User, *, but: Membership | None = None, held: bool = False
) -> bool:
    """Whether nobody could administer without this person (or without the membership `but`).

    `held` locks the administrators' memberships first, so that the last two cannot remove each
    other at the same instant.
    """
    open_ones = Membership.objects.filter(role=Role.ADMINISTRATOR, until=None)
    if held:
        list(open_ones.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    active = open_ones.filter(user__is_active=True, department__is_active=True)
    if not active.filter(user=person).exists():
        return False
    others = active.exclude(pk=but.pk) if but else active.exclude(user=person)
    return not others.exists()
