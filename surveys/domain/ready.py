"""Questionnaires that come with the product (surveys/ready/*.toml): in use from the first day."""

from functools import cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from cases.domain import defaults
from surveys.domain import drafting, questionnaire_files
from surveys.domain.questionnaire_files import Written
from surveys.models import Questionnaire
from workflows.domain.context import now

FOLDER = Path(__file__).parent.parent / "ready"
NAMES = {
    "survey": _("Customer satisfaction survey"),
    "visit": _("Customer visit form"),
    "complaint": _("How was your complaint handled?"),
}


@cache
def read(name: str) -> Written:
    """One of the files, by its name without the ending."""
    return questionnaire_files.read((FOLDER / f"{name}.toml").read_bytes())


def ensure_questionnaires() -> int:
    """Add those whose code is not known yet, as approved ones; how many were added.

    One that was revised, retired or replaced stays what people made of it.
    """
    known = set(Questionnaire.objects.values_list("code", flat=True))
    missing = [one for one in map(read, NAMES) if one.code not in known]
    for one in missing:
        drafting.begin(
            Questionnaire(
                code=one.code,
                kind=one.kind,
                title=one.title,
                title_en=one.title_en,
                document=one.document,
                approved_at=now(),
            ),
            start="supplied",
            act="adopt",
        )
    return len(missing)


defaults.EXTRA.append(("questionnaires", ensure_questionnaires))
