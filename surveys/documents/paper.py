"""The questionnaire on paper: boxes for the levels, lines for the words, a QR code to answer by."""

from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import segno
from django.utils.translation import get_language, gettext as _, override

from cases.documents import pdf
from surveys.domain import questionnaires, tokens
from surveys.domain.asking import condition_words, reason_hint
from surveys.domain.questionnaires import Form, OpenQuestion, SubItem
from surveys.enums import LEVELS
from surveys.models import Campaign, Invitee
from workflows.templatetags.ui import absolute_words

TEMPLATE = Path(__file__).with_name("paper.typ")


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
        return pdf.make(TEMPLATE, data)


def content(form: Form) -> dict[str, Any]:
    """Everything the template prints, in the language in force."""
    numbers = count(1)
    chinese = (get_language() or "").startswith("zh")
    return {
        "language": ["zh", "cn"] if chinese else ["en", "us"],
        "intro": form.text("intro"),
        "thanks": form.text("thanks"),
        "levels": [[level, str(form.label(level))] for level in LEVELS],
        "items": [
            {
                "name": item.label,
                "questions": [question(form, sub, next(numbers)) for sub in item.subitems],
            }
            for item in form.items
        ],
        "open": [question(form, one, next(numbers)) for one in form.open],
        "words": words(),
    }


def question(form: Form, asked: SubItem | OpenQuestion, number: int) -> dict[str, Any]:
    return {
        "number": str(number),
        "title": asked.label,
        "condition": condition_words(form, asked.show_if),
        "reason": reason_hint(form, asked) if isinstance(asked, SubItem) else "",
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
