"""The builder: a questionnaire is written here, new or as a draft, and looked at as on a phone."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.web.access import only
from accounts.web.own import me
from surveys.domain import drafting, question_keys, questionnaire_lists, questionnaires, ready
from surveys.domain.revisions import Change, changes
from surveys.enums import QuestionnaireKind, QuestionnaireState
from surveys.models import Questionnaire
from surveys.permissions import may_read, may_survey
from surveys.web import builder
from surveys.web.answer_steps import steps
from surveys.web.builder import Typed
from surveys.web.builder_shown import shown
from surveys.web.tabs import tabs
from workflows.domain.transitions import intervene
from workflows.errors import EngineError, Stale

writers, readers = only(may_survey), only(may_read)
# One item with one question: the smallest questionnaire there is.
BLANK: dict[str, Any] = {
    "labels": "five",
    "reason_below": 3,
    "items": [
        {"key": "", "name": "", "weight": "1", "subitems": [{"key": "", "name": "", "weight": "1"}]}
    ],
}
METHODS = ["GET", "HEAD", "POST"]


@dataclass
class Refused:
    """Why it was not saved. `changes` is what a colleague has written meanwhile."""

    status: int = 200
    errors: dict[str, list[Any]] = field(default_factory=dict)
    problem: EngineError | None = None
    changes: list[Change] = field(default_factory=list)


def load(number: str) -> Questionnaire:
    found = questionnaire_lists.by_number(number)
    if found is None:
        raise Http404
    return found


# ---------------------------------------------------------------------------- pages
@writers
@require_http_methods(METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """Begin with nothing, or with one of the ready questionnaires."""
    if request.method != "POST":
        typed = beginning(request.GET.get("from", ""))
        keyed(typed, "")
        return page(request, typed, None)
    typed = builder.read(request.POST)

    def save(given: dict[str, Any]) -> Any:
        return drafting.draw_up(by=me(request), **given)

    return answer(request, typed, None, save)


@writers
@require_http_methods(METHODS)
def edit(request: HttpRequest, number: str) -> HttpResponse:
    questionnaire = load(number)
    if request.method != "POST":
        if questionnaire.state != QuestionnaireState.DRAFT:
            return redirect(questionnaire.get_absolute_url())
        typed = builder.opened(questionnaire.document, vars(questionnaire))
        keyed(typed, questionnaire.code)
        return page(request, typed, questionnaire)
    typed = builder.read(request.POST)
    typed.head |= {"code": questionnaire.code, "kind": questionnaire.kind}

    def save(given: dict[str, Any]) -> Any:
        texts = {name: given[name] for name in ("title", "title_en", "document")}
        return intervene(questionnaire, "edit", by=me(request), version=seen(request), **texts)

    return answer(request, typed, questionnaire, save)


@xframe_options_sameorigin
@csp_replace({"frame-ancestors": ["'self'"]})
@writers
@require_POST
def phone(request: HttpRequest) -> HttpResponse:
    """What is typed in the builder, as it would be asked; nothing is stored."""
    typed = builder.read(request.POST)
    keyed(typed, "")
    title = Questionnaire(title=typed.head["title"], title_en=typed.head["title_en"])
    return on_phone(request, title, typed.document, request.POST.get("language", ""))


@xframe_options_sameorigin
@csp_replace({"frame-ancestors": ["'self'"]})
@readers
@require_safe
def preview(request: HttpRequest, number: str) -> HttpResponse:
    """A stored questionnaire as it is asked on a phone."""
    questionnaire = load(number)
    language = request.GET.get("language", "")
    return on_phone(request, questionnaire, questionnaire.document, language)


# ---------------------------------------------------------------------------- parts
def seen(request: HttpRequest) -> int:
    """The version that the form was opened on; without one nothing can be saved."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def beginning(name: str) -> Typed:
    """A ready questionnaire by name, or an empty one."""
    if name not in ready.NAMES:
        return builder.opened(BLANK, {"kind": QuestionnaireKind.SURVEY})
    one = ready.read(name)
    free = not drafting.kept(one.code).exists()
    return builder.opened(one.document, {**vars(one), "code": one.code if free else ""})


def keyed(typed: Typed, code: str) -> None:
    """Give every row its key; a number given once on this page is not given again."""
    known = typed.above(question_keys.earlier(code) if code else question_keys.Earlier())
    typed.document = question_keys.completed(typed.document, known)
    for _letter, row in question_keys.rows(typed.document):
        known.count(row.get("key"))
    typed.highest = known.highest


def answer(
    request: HttpRequest,
    typed: Typed,
    questionnaire: Questionnaire | None,
    save: Callable[[dict[str, Any]], Any],
) -> HttpResponse:
    """A button changes what is typed and stores nothing; saving stores all of it or nothing."""
    button = request.POST.get("do", "save")
    builder.press(typed, button)
    keyed(typed, typed.head["code"])
    if button != "save":
        return page(request, typed, questionnaire)
    try:
        saved = save({**typed.head, "document": typed.document})
    except ValidationError as error:
        return page(request, typed, questionnaire, Refused(422, error.message_dict))
    except EngineError as error:
        refused = Refused(error.status, problem=error)
        if questionnaire is not None and isinstance(error, Stale):
            questionnaire = load(questionnaire.number)
            refused.changes = written_since(questionnaire, seen(request))
        return page(request, typed, questionnaire, refused)
    messages.success(request, _("Saved."))
    return redirect(saved.get_absolute_url())


def written_since(questionnaire: Questionnaire, version: int) -> list[Change]:
    """What a colleague has changed since the form was opened."""
    opened = questionnaire.history.filter(version=version).first()
    if opened is None:
        return []
    titles = [
        Change(_("Title"), opened.title, questionnaire.title),
        Change(_("English title"), opened.title_en, questionnaire.title_en),
    ]
    before, now = (questionnaires.read(one.document) for one in (opened, questionnaire))
    return [one for one in titles if one.before != one.after] + changes(before, now)


def page(
    request: HttpRequest,
    typed: Typed,
    questionnaire: Questionnaire | None,
    refused: Refused | None = None,
) -> HttpResponse:
    """The builder; a button pressed with script gets the form alone."""
    refused = refused or Refused()
    number = questionnaire.number if questionnaire else ""
    stale = isinstance(refused.problem, Stale)
    version = questionnaire.version if questionnaire else 0
    given = {
        **shown(typed, refused.errors),
        "tabs": tabs(request),
        "questionnaire": questionnaire,
        "kinds": QuestionnaireKind.choices,
        "refused": refused,
        # Only what a colleague wrote and we have shown may be written over.
        "version": seen(request) if request.method == "POST" and not stale else version,
        "action": reverse("surveys:questionnaire_edit", args=[number])
        if number
        else reverse("surveys:questionnaire_new"),
        "back": questionnaire.get_absolute_url()
        if questionnaire
        else reverse("surveys:questionnaires"),
        "too_large": builder.controls(typed.document) > builder.MOST_CONTROLS,
    }
    fragment = request.headers.get("HX-Request") and refused.status == 200
    template = "surveys/builder_form.html" if fragment else "surveys/builder.html"
    return render(request, template, given, status=refused.status)


def on_phone(
    request: HttpRequest, questionnaire: Questionnaire, document: Any, language: str
) -> HttpResponse:
    known = dict(request_languages())
    with translation.override(language if language in known else translation.get_language()):
        given: dict[str, Any] = {"questionnaire": questionnaire, "languages": known.items()}
        try:
            form = questionnaires.read(document)
            given |= {name: form.text(name) for name in ("intro", "thanks")}
            given["steps"] = steps(form)
        except ValidationError as error:
            given["problems"] = [one for some in error.message_dict.values() for one in some]
        return render(request, "surveys/form_preview.html", given)


def request_languages() -> list[tuple[str, str]]:
    """Each under its own name."""
    codes = [code for code, _name in settings.LANGUAGES]
    return [(code, translation.get_language_info(code)["name_local"]) for code in codes]
