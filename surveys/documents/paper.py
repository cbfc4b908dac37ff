"""The questionnaire on paper: boxes for the levels, lines for the words, a QR code to answer by."""

from io import BytesIO
from typing import Any

import segno
from django.utils.translation import get_language, gettext as _, override

from surveys.documents import pdf
from surveys.domain import questionnaires, tokens
from surveys.domain.questionnaires import Form
from surveys.enums import LEVELS
from surveys.models import Campaign, Invitee
from surveys.web.answer_steps import Step, steps
from workflows.templatetags.ui import absolute_words


def qr(text: str) -> str:
    """The QR code of a link as SVG; its error correction stands a fold or a stain."""
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue().decode()


def of_campaign(
    campaign: Campaign, *, token: str = "", invitee: Invitee | None = None, language: str = ""
) -> bytes:
    """The form of a campaign; with a token it bears the personal link, with an invitee their
    name and number, else lines to write them on."""
    assert campaign.questionnaire is not None
    with override(language or get_language()):
        form = questionnaires.read(campaign.questionnaire.document)
        data = content(form) | {
            "title": campaign.questionnaire.label,
            "number": campaign.number,
            "edition": str(campaign.questionnaire),
            "until": _("Please return it by %(at)s.") % {"at": absolute_words(campaign.ends_at)},
            "qr": qr(tokens.link(token)) if token else "",
            "who": invitee.name if invitee else "",
            "external_id": invitee.external_id if invitee else "",
        }
        return pdf.make("paper.typ", data)


def content(form: Form) -> dict[str, Any]:
    """Everything the template prints, in the language in force."""
    asked = steps(form)
    chinese = (get_language() or "").startswith("zh")
    return {
        "language": ["zh", "cn"] if chinese else ["en", "us"],
        "intro": form.text("intro"),
        "thanks": form.text("thanks"),
        "levels": [[level, str(form.label(level))] for level in LEVELS],
        "items": [
            {
                "name": item.label,
                "questions": [question(step) for step in asked if step.key in keys_of(item)],
            }
            for item in form.items
        ],
        "open": [question(step) for step in asked if not step.levels],
        "words": words(),
    }


def keys_of(item: questionnaires.Item) -> set[str]:
    return {sub.key for sub in item.subitems}


def question(step: Step) -> dict[str, Any]:
    return {
        "number": str(step.number),
        "title": step.title,
        "condition": step.condition,
        "reason": step.reason_hint,
    }


def words() -> dict[str, str]:
    return {
        "how": _("Please tick one box in each line."),
        "na": _("Not applicable"),
        "form": _("Form no."),
        "customer": _("Customer"),
        "date": _("Date"),
        "signature": _("Filled in by"),
        "online": _("Or answer on your phone: scan this code."),
        "page": _("Page"),
    }
