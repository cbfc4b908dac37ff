"""The policy of the complaints procedure: its versions, and making a new one."""

from collections.abc import Iterator
from datetime import date

from django.utils.text import capfirst
from django.utils.translation import gettext as _, gettext_lazy

from accounts.models import User
from cases.models import CasePolicy
from cases.validators import Problems
from workflows.domain import versions
from workflows.domain.changes import FieldChange
from workflows.domain.context import now
from workflows.domain.transitions import business_transaction

FIGURES = {
    "reopen_days": gettext_lazy("days in which a case can be reopened"),
    "backdate_days": gettext_lazy("days a receipt may be dated back"),
}
MOST_DAYS = 3650


def new_case_policy(
    *,
    by: User,
    holds_from: date,
    reason: str,
    reopen_days: int,
    backdate_days: int,
    seen: int | None = None,
    supersede: bool = False,
) -> CasePolicy:
    """A new version: guard → lock → check → save. It changes nothing before `holds_from`.

    `seen` is the last version the maker knew of; `supersede` says that planned versions which
    would never come into force beside this one are meant to go. Raises Forbidden, Stale, and
    ValidationError by field.
    """
    versions.guard(by)
    with business_transaction():
        versions.hold(CasePolicy, seen=seen)
        problems = Problems()
        opening = versions.opening(
            CasePolicy,
            by=by, holds_from=holds_from, reason=reason, supersede=supersede,
            found=problems.found,
        )  # fmt: skip
        figures = {"reopen_days": reopen_days, "backdate_days": backdate_days}
        for name, days in figures.items():
            if not 0 <= days <= MOST_DAYS:
                problems.add(name, _("Between 0 and %(most)s.") % {"most": MOST_DAYS})
        problems.check()
        return CasePolicy.objects.create(**figures, **opening)


def all_versions() -> list[versions.Version]:
    """Every version of the policy, the one made last first: one statement."""
    return versions.story(CasePolicy.objects.select_related("made_by"), at=now())


def changes(older: CasePolicy, newer: CasePolicy) -> Iterator[FieldChange]:
    """What a version says otherwise than the one before it."""
    for name, label in FIGURES.items():
        before, after = str(getattr(older, name)), str(getattr(newer, name))
        if before != after:
            yield FieldChange(capfirst(str(label)), before, after)
