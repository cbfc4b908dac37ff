"""Commands about leave: who stands in for whom, and when."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.domain.saving import lock, noted, save
from accounts.enums import Role
from accounts.errors import AccountRefused
from accounts.models import Leave, User


def plan_leave(
    *, by: User | None, person: User, substitute: User, starts: date, ends: date
) -> Leave:
    """Record that `substitute` stands in for `person` from `starts` to `ends`."""
    if substitute == person:
        raise AccountRefused(_("Name somebody else as the substitute."))
    if ends < starts:
        raise AccountRefused(_("The last day lies before the first."))
    with transaction.atomic():
        lock(person)
        for either in (person, substitute):
            if not either.is_active:
                raise AccountRefused(_("%(name)s is not active.") % {"name": either.name})
        if Role.AUDITOR in substitute.authority.roles:
            raise AccountRefused(_("An auditor only reads and cannot stand in for somebody."))
        for either in (person, substitute):
            if away := overlapping(either, starts, ends):
                raise AccountRefused(
                    _("%(name)s is on leave already from %(starts)s to %(ends)s.")
                    % {"name": either.name, "starts": away.starts, "ends": away.ends}
                )
        leave = Leave(user=person, substitute=substitute, starts=starts, ends=ends)
        save(leave, by=by, act="plan")
    return leave


def overlapping(person: User, starts: date, ends: date) -> Leave | None:
    return person.leaves.filter(starts__lte=ends, ends__gte=starts).order_by("starts").first()


def end_leave(*, by: User, leave: Leave, today: date | None = None) -> None:
    """The person is back, or never goes: a begun leave ends yesterday, another is called off.

    What the substitute did in the meantime stands in the record of the cases.
    """
    day = today or timezone.localdate()
    with transaction.atomic():
        lock(leave)
        if leave.ends < day:
            raise AccountRefused(_("This leave is over."))
        if leave.starts < day:
            leave.ends = day - timedelta(days=1)
            save(leave, by=by, act="end", fields=["ends"])
            return
        with noted(leave, by=by, act="call_off"):
            leave.delete()
