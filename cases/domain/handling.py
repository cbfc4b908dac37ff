"""Commands of the steps from acknowledgement to closing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db.models import Subquery
from django.utils.translation import gettext as _

from accounts.models import Department, User
from cases.domain import arbitrations, corrective, files, merging, wording
from cases.enums import ActionKind, Answer, CaseState, Purpose
from cases.models import Case, Cause, Channel, Reply, Statement
from cases.rules import not_ruled_yet
from cases.validators import LONG, Problems
from workflows.domain.acts import command


@command()
def acknowledge(case: Case, *, by: User, at: datetime, text: str, channel: Channel) -> None:
    """Tell the customer that the complaint has arrived and what happens next (ISO 10002, 7.3)."""
    kind = Reply.Kind.ACKNOWLEDGEMENT
    Reply.objects.create(case=case, kind=kind, channel=channel, text=as_told(text), by=by, at=at)


@command()
def reply(case: Case, *, by: User, at: datetime, text: str, channel: Channel) -> None:
    """Tell the customer the outcome (ISO 10002, 7.7)."""
    answer_all(case, by=by, at=at, text=text, channel=channel)


@command()
def give_answer(case: Case, *, by: User, at: datetime, text: str, channel: Channel) -> None:
    """Answer an inquiry, an opinion, a praise or a return."""
    answer_all(case, by=by, at=at, text=text, channel=channel)


def answer_all(case: Case, *, by: User, at: datetime, text: str, channel: Channel) -> None:
    """Tell the customer, and note the same at every case that was merged into this one: two
    statements, however many."""
    text, kind = as_told(text), Reply.Kind.REPLY
    own = Reply(case=case, kind=kind, channel=channel, text=text, by=by, at=at)
    others = merging.notes(merging.merged(case), case, kind, by=by, at=at, text=text)
    Reply.objects.bulk_create([own, *others])


def as_told(text: str) -> str:
    """A text to the customer, as it may be stored."""
    problems = Problems()
    text = problems.text("text", text, most=LONG, needed=True)
    problems.check()
    return text


@command()
def answer(
    case: Case,
    *,
    by: User,
    at: datetime,
    facts: str,
    cause_text: str,
    remedy: str,
    uploads: Sequence[Any] = (),
) -> None:
    """The responsible department states facts, cause and remedy."""
    problems = Problems()
    texts = {
        "facts": problems.text("facts", facts, most=LONG, needed=True),
        "cause_text": problems.text("cause_text", cause_text, most=LONG, needed=True),
        "remedy": problems.text("remedy", remedy, most=LONG, needed=True),
    }
    checked = files.check(problems, uploads)
    problems.check()
    state(case, by, at, False, texts)
    if case.after_statement() == CaseState.ARBITRATION:
        arbitrations.open_for(case, by=by, at=at)
    files.keep(checked, case=case, by=by, purpose=Purpose.STATEMENT)


def state(case: Case, by: User, at: datetime, disputed: bool, texts: dict[str, str]) -> None:
    """File a statement in the name of the department in charge."""
    in_charge = cast(int, case.department_id)
    Statement.objects.create(
        case=case, department_id=in_charge, by=by, at=at, disputed=disputed, **texts
    )


@command(not_ruled_yet)
def dispute(
    case: Case,
    *,
    by: User,
    at: datetime,
    facts: str,
    grounds: str,
    uploads: Sequence[Any] = (),
) -> None:
    """The department says why it is not responsible; the quality department arbitrates."""
    problems = Problems()
    texts = {
        "facts": problems.text("facts", facts, most=LONG, needed=True),
        "grounds": problems.text("grounds", grounds, most=LONG, needed=True),
    }
    checked = files.check(problems, uploads)
    problems.check()
    state(case, by, at, True, texts)
    arbitrations.open_for(case, by=by, at=at)
    files.keep(checked, case=case, by=by, purpose=Purpose.STATEMENT)


@dataclass(frozen=True)
class ActionDraft:
    """An action as the review orders it; `due` is aware, `insisted` keeps a vague wording."""

    kind: ActionKind | str
    title: str
    department: Department
    due: datetime
    description: str = ""
    owner: User | None = None
    insisted: bool = False


@command()
def accept_remedy(case: Case, *, by: User, at: datetime, cause: Cause | None = None) -> None:
    """The remedy is enough; no corrective action is needed."""
    case.cause = cause or case.cause


@command()
def order_actions(
    case: Case,
    *,
    by: User,
    at: datetime,
    actions: Sequence[ActionDraft],
    cause: Cause | None = None,
) -> None:
    """Order one or many corrective actions; each runs as a process of its own.

    Those that only say "strengthen training" are pointed out, unless their author insists.
    """
    if not actions:
        raise ValidationError({"actions": _("Order at least one corrective action.")})
    case.cause = cause or case.cause
    phrases = wording.phrases(at)
    case.new_actions = [
        corrective.draft(
            case,
            by=by,
            at=at,
            kind=action.kind,
            title=action.title,
            description=action.description,
            department=action.department,
            owner=action.owner,
            due=action.due,
            insisted=action.insisted,
            phrases=phrases,
        )
        for action in actions
    ]


@command()
def record_answer(
    case: Case, *, by: User, at: datetime, answer: Answer | str, answer_text: str = ""
) -> None:
    """Write the customer's answer to our last reply."""
    problems = Problems()
    needed = answer == Answer.UNSATISFIED
    answer_text = problems.text("answer_text", answer_text, most=LONG, needed=needed)
    problems.check()
    last = case.replies.filter(kind=Reply.Kind.REPLY).order_by("-pk").values("pk")[:1]
    Reply.objects.filter(pk=Subquery(last)).update(
        answer=answer, answer_text=answer_text, answered_at=at
    )


@command()
def satisfied(case: Case, *, by: User, at: datetime, answer_text: str = "") -> None:
    record_answer(case, by=by, at=at, answer=Answer.SATISFIED, answer_text=answer_text)


@command()
def unsatisfied(case: Case, *, by: User, at: datetime, answer_text: str) -> None:
    """The customer is not satisfied: the case goes back to review."""
    record_answer(case, by=by, at=at, answer=Answer.UNSATISFIED, answer_text=answer_text)


@command()
def no_answer(case: Case, *, by: User, at: datetime) -> None:
    """The customer could not be reached or does not answer; the reason says what was tried."""
    record_answer(case, by=by, at=at, answer=Answer.NONE)
