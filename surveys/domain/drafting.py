"""Questionnaires as people work on them: drawn up, written, approved, revised, retired."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cases.validators import Problems
from surveys import permissions
from surveys.domain import periods, policies, policy, question_keys, questionnaires
from surveys.domain.keys import is_key
from surveys.enums import QUESTIONNAIRE_PREFIX, QuestionnaireKind, QuestionnaireState
from surveys.models import Questionnaire
from surveys.rules import nobody_is_ahead, others_approve
from workflows.domain import processes, record
from workflows.domain.acts import command
from workflows.domain.context import now
from workflows.domain.numbering import next_number
from workflows.domain.record import Deed
from workflows.domain.transitions import business_transaction
from workflows.errors import Forbidden


def may_write(questionnaire: Questionnaire, by: Any) -> bool:
    return permissions.may_survey(by)


def may_retire(questionnaire: Questionnaire, by: Any) -> bool:
    return permissions.may_approve(by)


# ---------------------------------------------------------------------------- commands
def draw_up(
    *, by: User, code: str, kind: str, title: str, title_en: str = "", document: Any
) -> Questionnaire:
    """Draw up a new questionnaire: guard → check → number → draft with its first step.

    Keys that are missing in the document are made; the code of a draft that was dropped is free
    again. Raises Forbidden, ValidationError by field (those of the document by their place:
    "items.0.name").
    """
    if not permissions.may_survey(by):
        raise Forbidden(_("Marketing and quality draw up questionnaires."))
    problems = Problems()
    code = code.strip()
    if not is_key(code):
        problems.add("code", _("A key has small letters, digits and _ only."))
    if kind not in QuestionnaireKind.values:
        problems.add("kind", _("There is no such kind."))
    written = check(problems, title=title, title_en=title_en, document=document, code=code)
    if kept(code).exists():
        problems.add("code", taken())
    problems.check()
    revision = last_revision(code) + 1
    try:
        return begin(
            Questionnaire(code=code, revision=revision, kind=kind, created_by=by, **written)
        )
    except IntegrityError as error:
        raise ValidationError({"code": taken()}) from error


def taken() -> str:
    return _("Another questionnaire has this code already; a change of it is a new revision.")


def kept(code: str) -> QuerySet[Questionnaire]:
    """The revisions of a code, without drafts that were dropped."""
    return Questionnaire.objects.filter(code=code).exclude(state=QuestionnaireState.DROPPED)


def last_revision(code: str) -> int:
    revisions = Questionnaire.objects.filter(code=code).order_by("-revision")
    return revisions.values_list("revision", flat=True).first() or 0


def begin(
    questionnaire: Questionnaire, start: str = "start", act: str = "draw_up"
) -> Questionnaire:
    """Number the questionnaire and start its process: one transaction."""
    with business_transaction():
        number(questionnaire)
        processes.begin(
            questionnaire.flow_key, start, questionnaire, Deed(questionnaire.created_by, act)
        )
    return questionnaire


def number(questionnaire: Questionnaire) -> None:
    questionnaire.created_at = now()
    year = timezone.localtime(questionnaire.created_at).year
    questionnaire.number = next_number(QUESTIONNAIRE_PREFIX, year=year, digits=4)


@command()
def edit(
    questionnaire: Questionnaire,
    *,
    by: User,
    at: datetime,
    title: str,
    title_en: str,
    document: Any,
) -> None:
    """Write the whole document of a draft anew; the history keeps what it was."""
    problems = Problems()
    written = check(
        problems, title=title, title_en=title_en, document=document, code=questionnaire.code
    )
    problems.check()
    for name, value in written.items():
        setattr(questionnaire, name, value)


@command()
def submit(questionnaire: Questionnaire, *, by: User, at: datetime) -> None:
    """Send the draft to approval; it goes into use at once where the policy asks for none."""
    questionnaire.needs_approval = needs_approval()
    if not questionnaire.needs_approval:
        put_into_use(questionnaire, by=by, at=at)


@command(others_approve)
def approve(questionnaire: Questionnaire, *, by: User, at: datetime) -> None:
    """A second person lets the questionnaire go into use as it stands."""
    questionnaire.approved_by = by
    put_into_use(questionnaire, by=by, at=at)


@command(nobody_is_ahead)
def revise(questionnaire: Questionnaire, *, by: User, at: datetime) -> Questionnaire:
    """The draft of the next revision: the same questions under the same keys, to be changed."""
    draft = Questionnaire(
        code=questionnaire.code,
        revision=last_revision(questionnaire.code) + 1,
        kind=questionnaire.kind,
        title=questionnaire.title,
        title_en=questionnaire.title_en,
        document=questionnaire.document,
        created_by=by,
    )
    number(draft)
    return draft


@command()
def retire(questionnaire: Questionnaire, *, by: User, at: datetime) -> None:
    """Take the questionnaire out of use without a successor."""


# ---------------------------------------------------------------------------- parts
def check(
    problems: Problems, *, title: str, title_en: str, document: Any, code: str
) -> dict[str, Any]:
    """What is stored of the input, where it is right; what is not stands in `problems`."""
    written: dict[str, Any] = {
        "title": problems.text("title", title, most=200, lines=False, needed=True),
        "title_en": problems.text("title_en", title_en, most=200, lines=False),
    }
    earlier = question_keys.earlier(code)
    whole = question_keys.completed(document, earlier)
    try:
        form = questionnaires.read(whole)
    except ValidationError as error:
        for field, sentences in error.message_dict.items():
            for sentence in sentences:
                problems.add(field, sentence)
        return written
    for field, sentence in question_keys.misused(form, earlier):
        problems.add(field, sentence)
    return {**written, "document": questionnaires.tidy(whole)}


def needs_approval() -> bool:
    """What the policy in force today says; without a policy a second person is needed."""
    version = policies.in_force(periods.half_of(now()))
    return version is None or policy.read(version.document).approval


def put_into_use(questionnaire: Questionnaire, *, by: User, at: datetime) -> None:
    """From now on this revision is the one in use: the one before it retires with it."""
    questionnaire.approved_at = at
    before = Questionnaire.objects.select_for_update().filter(
        code=questionnaire.code, state=QuestionnaireState.APPROVED
    )
    for replaced in before.exclude(pk=questionnaire.pk):
        deed = Deed(by=by, act="retire", at=at, data={"replaced_by": questionnaire.number})
        record.write(replaced, deed, record.move(replaced, "retire", deed))
