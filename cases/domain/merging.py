"""Cases about the same matter become one; every complainant is told what became of it."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _, override

from accounts.models import User
from cases.domain import arbitrations, joint_reviews
from cases.domain.links import held
from cases.enums import FINDINGS, REPLIED, CaseState, Flag, LinkKind
from cases.models import Case, CaseLink, Reply
from cases.models.relations import merged_below
from cases.rules import is_duplicate, nothing_urgent_beside, own_actions_ended
from cases.validators import LONG, Problems
from workflows.domain.acts import command

NOT_A_SURVIVOR = frozenset(
    {CaseState.MERGED, CaseState.REJECTED, CaseState.WITHDRAWN, CaseState.CONVERTED}
)


@command(is_duplicate, own_actions_ended, nothing_urgent_beside)
def solve_together(case: Case, *, by: User, at: datetime, text: str = "") -> None:
    """Let a duplicate end with its original: it is merged from wherever it stands.

    Its opinions and arbitrations end as they stand; all it has gathered stays readable.
    """
    links = CaseLink.objects.filter(source=case, kind=LinkKind.DUPLICATE, ended_at=None)
    original = links.select_related("target").get().target
    merge_into(case, original, by=by, at=at, text=text)
    arbitrations.abandon(case, at=at)
    joint_reviews.abandon(case, at=at)


def merge_into(case: Case, survivor: Case, *, by: User, at: datetime, text: str) -> None:
    """Let the case follow another one. `text` is what this customer is told now: needed where
    the other customer has been answered already, as nobody would tell this one later."""
    problems = Problems()
    text = problems.text("text", text, most=LONG)
    problems.check()
    survivor = held(case, survivor, by=by, field="survivor")
    check_survivor(case, survivor)
    replied = survivor.state in REPLIED
    if replied and not text:
        said = _("%(number)s has been answered already. Write what this customer is told.")
        raise ValidationError({"text": said % {"number": survivor.number}})
    case.merged_into = survivor
    if text:
        kind = Reply.Kind.REPLY if replied else Reply.Kind.ACKNOWLEDGEMENT
        told = notes([case, *merged(case)], survivor, kind, by=by, at=at, text=text)
        Reply.objects.bulk_create(told)


def check_survivor(case: Case, survivor: Case) -> None:
    """What takes another case on goes on itself, answers customers, and weighs no less."""
    number = {"number": survivor.number, "state": survivor.get_state_display()}
    if survivor.state in NOT_A_SURVIVOR:
        text = _("%(number)s has ended as “%(state)s” and cannot take another case.")
    elif survivor.kind in FINDINGS:
        text = _("%(number)s has no customer to answer and cannot take another case.")
    elif case.is_major and not survivor.is_major:
        text = _("This case is major and %(number)s is not: raise that one first.")
    elif any(getattr(case, flag) and not getattr(survivor, flag) for flag in Flag):
        text = _("A flag is confirmed here and not at %(number)s: propose it there first.")
    else:
        return
    raise ValidationError({"survivor": text % number})


def merged(case: Case) -> list[Case]:
    """Every case that was merged into this one, by way of others too: one statement."""
    return list(Case.objects.filter(pk__in=merged_below(case.pk)).order_by("pk"))


def notes(
    cases: Iterable[Case], survivor: Case, kind: Reply.Kind, *, by: User, at: datetime, text: str
) -> list[Reply]:
    """What each of these complainants is told: the same text, by the channel their own case came
    in by, with the number of the case that goes on in front. Not saved yet."""
    # Customers are written to in the language of the company, whatever the clerk reads.
    with override(settings.LANGUAGE_CODE):
        front = _("Your complaint was handled together with %(number)s.")
    whole = f"{front % {'number': survivor.number}}\n{text}"
    return [
        Reply(case=one, kind=kind, channel_id=one.channel_id, text=whole, by=by, at=at)
        for one in cases
    ]
