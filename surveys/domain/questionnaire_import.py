"""Taking a questionnaire in from a file: a new one, or the next revision of one that is there."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from surveys.domain import drafting
from surveys.domain.questionnaire_files import Written
from surveys.domain.questionnaires import tidy
from surveys.enums import QuestionnaireState as S
from surveys.models import Questionnaire
from workflows.domain.transitions import business_transaction, intervene, perform
from workflows.errors import Conflict
from workflows.models import Task


def take_in(*, by: User, written: Written) -> tuple[Questionnaire, bool]:
    """The draft that a file became, and whether anything was written.

    An unknown code is drawn up, a known one is revised; a file that says what is there already
    changes nothing. Raises Conflict where a draft of this code is being worked on.
    """
    there = drafting.kept(written.code).order_by("-revision").first()
    if there is None:
        return drafting.draw_up(by=by, **vars(written)), True
    if says_the_same(there, written):
        return there, False
    if there.kind != written.kind:
        sentence = _("%(number)s has this code and is of another kind.")
        raise ValidationError({"kind": sentence % {"number": there.number}})
    if there.state not in {S.APPROVED, S.RETIRED}:
        raise Conflict(_("Somebody works on this questionnaire:"), details=[there.number])
    with business_transaction():
        intervene(there, "revise", by=by)
        draft = Questionnaire.objects.get(code=written.code, state=S.DRAFT)
        done: Any = intervene(
            draft,
            "edit",
            by=by,
            title=written.title,
            title_en=written.title_en,
            document=written.document,
        )
    return done, True


def says_the_same(there: Questionnaire, written: Written) -> bool:
    """Whether the latest revision is this file already; a retired one is taken up again."""
    if there.state == S.RETIRED:
        return False
    return content(there, tidy(there.document)) == content(written, written.document)


def content(one: Any, document: dict[str, Any]) -> tuple[Any, ...]:
    return one.kind, one.title, one.title_en, document


def release(questionnaire: Questionnaire, *, by: User, approver: User) -> Any:
    """Submit a draft as its author and approve it as somebody else: two deeds, one transaction."""
    with business_transaction():
        done: Any = perform(waiting(questionnaire), "submit", by=by)
        if done.state == S.APPROVAL:
            done = perform(waiting(done), "approve", by=approver)
    return done


def waiting(questionnaire: Questionnaire) -> Task:
    return Task.objects.get(
        subject_kind=questionnaire.SUBJECT_KIND,
        subject_number=questionnaire.number,
        finished=None,
        flow_task_type="HUMAN",
    )
