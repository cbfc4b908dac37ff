"""The page of a questionnaire: what it reads and how it is put together."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from cases.domain.timeline_words import deed_title
from cases.web.case_steps import Sent
from surveys.domain import questionnaire_lists, questionnaires
from surveys.domain.questionnaires import Condition, Form, Item, OpenQuestion, SubItem
from surveys.domain.revisions import changes
from surveys.enums import QuestionnaireState as S
from surveys.models import Questionnaire
from surveys.permissions import may_survey
from surveys.web import steps
from surveys.web.builder_shown import percent
from surveys.web.tabs import tabs

LOOKS: dict[str, tuple[str, str]] = {
    S.NEW: ("grey", "circle-dashed"),
    S.DRAFT: ("grey", "pencil"),
    S.APPROVAL: ("blue", "hourglass"),
    S.APPROVED: ("green", "circle-check"),
    S.RETIRED: ("grey", "archive"),
    S.DROPPED: ("grey", "trash"),
}
DEED_ICONS = {
    "draw_up": "plus", "edit": "pencil", "submit": "send", "approve": "circle-check",
    "adopt": "circle-check", "return_to_draft": "arrow-back-up", "revise": "versions",
    "retire": "archive", "drop": "trash",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line of the structure: an item, a sub-item or a question in words."""

    key: str
    name: str
    other: str
    share: str = ""
    whole: str = ""
    about: list[str] = field(default_factory=list)
    is_item: bool = False


def look(questionnaire: Questionnaire) -> dict[str, Any]:
    """Label, tone and icon of its state, for the badge."""
    tone, icon = LOOKS[questionnaire.state]
    return {"label": questionnaire.get_state_display(), "tone": tone, "icon": icon}


def context(
    request: HttpRequest, questionnaire: Questionnaire, sent: Sent | None = None
) -> dict[str, Any]:
    """Everything the page prints. `sent` is a form that was refused a moment ago."""
    form = questionnaires.read(questionnaire.document)
    around = steps.around(request, questionnaire, sent)
    # The builder is a page of its own.
    around["acts"] = [act for act in around["acts"] if act.name != "edit"]
    revisions = questionnaire_lists.revisions(questionnaire)
    before = questionnaire_lists.before(questionnaire, revisions)
    return {
        **around,
        "tabs": tabs(request),
        "questionnaire": questionnaire,
        "state": look(questionnaire),
        "form": form,
        "lines": lines(form, usual_of(questionnaire)),
        "intro": form.text("intro"),
        "thanks": form.text("thanks"),
        "words": [str(form.label(level)) for level in "54321"],
        "reason": reason_words(form, usual_of(questionnaire)),
        "revisions": [(one, look(one)) for one in revisions],
        "before": before,
        "changes": changes(questionnaires.read(before.document), form) if before else [],
        "campaigns": questionnaire_lists.campaigns(questionnaire),
        "entries": entries(questionnaire),
        "may_edit": questionnaire.state == S.DRAFT and may_survey(request.user),
    }


# ---------------------------------------------------------------------------- structure
def usual_of(questionnaire: Questionnaire) -> int:
    """Below which level a reason is asked for, where a question says nothing else."""
    return int(questionnaire.document["reason_below"])


def lines(form: Form, usual: int) -> list[Line]:
    """The table: weights in per cent, of the item and of the whole."""
    found: list[Line] = []
    total = sum((item.weight for item in form.items), Decimal(0))
    for item in form.items:
        found.append(line(item, percent(item.weight, total), percent(item.weight, total)))
        below = sum((sub.weight for sub in item.subitems), Decimal(0))
        for sub in item.subitems:
            whole = percent(item.weight * sub.weight, total * below)
            found.append(line(sub, percent(sub.weight, below), whole, about(form, sub, usual)))
    return found + [line(one, about=about(form, one, usual)) for one in form.open]


def line(
    row: Item | SubItem | OpenQuestion,
    share: str = "",
    whole: str = "",
    about: list[str] | None = None,
) -> Line:
    other = row.name if row.label != row.name else row.name_en
    return Line(row.key, row.label, other, share, whole, about or [], isinstance(row, Item))


def about(form: Form, row: SubItem | OpenQuestion, usual: int) -> list[str]:
    """What the structure adds in words: when it is asked, and when for a reason."""
    found = []
    if row.show_if is not None:
        found.append(condition_words(form, row.show_if))
    if isinstance(row, OpenQuestion):
        found.append(_("Answered in words"))
    elif row.reason_below != usual:
        found.append(reason_words(form, row.reason_below))
    return found


def reason_words(form: Form, below: int) -> str:
    if below > 5:
        return _("A reason is always asked for")
    if below < 2:
        return _("No reason is asked for")
    level = form.label(str(below - 1))
    return _("A reason is asked for at “%(level)s” or worse") % {"level": level}


def condition_words(form: Form, condition: Condition) -> str:
    names = {sub.key: sub.label for sub in form.subitems}
    level = form.label(str(condition.at_most))
    return _("Only if “%(question)s” was answered “%(level)s” or worse") % {
        "question": names.get(condition.key, condition.key),
        "level": level,
    }


# ---------------------------------------------------------------------------- what happened
def entries(questionnaire: Questionnaire) -> list[dict[str, Any]]:
    """For _components/timeline.html."""
    return [
        {
            "kind": "transition",
            "at": deed.at,
            "actor": deed.by.name if deed.by else "",
            "on_behalf_of": deed.on_behalf_of.name if deed.on_behalf_of else "",
            "title": deed_title(
                questionnaire.flow_key, deed.node, deed.act, to=str(deed.data.get("to", ""))
            ),
            "reason": deed.reason,
            "tone": tone(deed.act, deed.to_state),
            "icon": DEED_ICONS.get(deed.act, "circle-dot"),
        }
        for deed in questionnaire_lists.deeds(questionnaire)
    ]


def tone(act: str, state: str) -> str:
    if act in {"approve", "adopt"}:
        return "green"
    if act == "return_to_draft":
        return "amber"
    return "grey" if act == "edit" or state in {S.RETIRED, S.DROPPED} else "blue"
