"""The two flags: moved by anyone with evidence, in effect when two people have confirmed them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from django.utils.translation import gettext as _

from accounts.models import User
from cases.domain import files
from cases.domain.alerts import FLAG
from cases.enums import Flag, MotionState, Purpose
from cases.models import Case, FlagMotion, FlagRecord
from cases.rules import is_not_first_confirmer
from cases.validators import LONG, Problems
from workflows.domain import outbox, record
from workflows.domain.acts import command
from workflows.domain.record import Deed

OPEN = (MotionState.PROPOSED, MotionState.SECONDED)


@command()
def propose_flag(
    case: Case, *, by: User, at: datetime, flag: str, evidence: str, uploads: Sequence[Any] = ()
) -> FlagMotion:
    """Propose legal liability or media exposure, with what shows it."""
    return move(case, True, by=by, at=at, flag=flag, evidence=evidence, uploads=uploads)


@command()
def propose_revocation(
    case: Case, *, by: User, at: datetime, flag: str, evidence: str, uploads: Sequence[Any] = ()
) -> FlagMotion:
    """Propose to take a flag back, with what shows that it does not hold."""
    return move(case, False, by=by, at=at, flag=flag, evidence=evidence, uploads=uploads)


def move(
    case: Case,
    sets: bool,
    *,
    by: User,
    at: datetime,
    flag: str,
    evidence: str,
    uploads: Sequence[Any],
) -> FlagMotion:
    problems = Problems()
    evidence = problems.text("evidence", evidence, most=LONG, needed=True)
    checked = files.check(problems, uploads)
    if flag not in Flag.values:
        problems.add("flag", _("Choose one of the two flags."))
    elif getattr(case, flag) == sets:
        problems.add("flag", _("This flag is confirmed already.") if sets else _("It is not set."))
    elif case.flag_motions.filter(flag=flag, state__in=OPEN).exists():
        problems.add("flag", _("A motion on this flag waits for confirmation already."))
    problems.check()
    files.keep(checked, case=case, by=by, purpose=Purpose.FLAG)
    outbox.emit(FLAG, f"flag:{case.pk}:{flag}:{case.version}", case=case.pk, flag=flag)
    return FlagMotion(
        case=case, flag=flag, sets=sets, evidence=evidence, proposed_by=by, proposed_at=at
    )


@command()
def confirm_first(motion: FlagMotion, *, by: User, at: datetime) -> None:
    """The first of two confirmations; alone it changes nothing."""
    motion.first_by, motion.first_at = by, at


@command(is_not_first_confirmer)
def confirm_second(motion: FlagMotion, *, by: User, at: datetime) -> None:
    """The second, by somebody else: the flag holds from now on, or no longer."""
    motion.second_by, motion.second_at = by, at
    case, first = motion.case, cast(User, motion.first_by)
    FlagRecord.objects.create(
        case=case, flag=motion.flag, confirmed=motion.sets, evidence=motion.evidence,
        by=first, seconded_by=by, at=at,
    )  # fmt: skip
    setattr(case, motion.flag, motion.sets)
    deed = Deed(by=by, act="confirm_flag" if motion.sets else "revoke_flag", at=at)
    record.write(case, deed, record.move(case, None, deed))


@command()
def dismiss(motion: FlagMotion, *, by: User, at: datetime) -> None:
    """It does not hold; the reason is kept."""
