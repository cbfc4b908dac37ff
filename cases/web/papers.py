"""The documents of a case as its page offers them."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, get_language_info, gettext as _

from cases.documents.plain import moment
from cases.domain.papers import has_report
from cases.models import Case


@dataclass(frozen=True)
class Paper:
    """A document as the case page offers it: (label, address, language) of each form."""

    name: str
    files: tuple[tuple[str, str, str], ...]


def papers(case: Case) -> list[Paper]:
    """The documents of a case; one statement where it has been ruled on."""
    found = []
    if has_report(case):
        found.append(paper(_("8D report"), ("PDF", "Word"), "cases:eight_d", case.number))
    if case.ruled:
        rulings = case.arbitrations.exclude(at=None).order_by("at", "pk").values_list("pk", "at")
        for place, (pk, at) in enumerate(rulings, start=1):
            name = _("Ruling %(n)s of %(at)s") % {"n": place, "at": f"{moment(at):.10}"}
            found.append(paper(name, ("PDF",), "cases:ruling", case.number, pk))
    return found


def paper(name: str, labels: tuple[str, ...], address: str, *place: Any) -> Paper:
    """In both languages, the reader's first."""
    kinds = {"PDF": "pdf", "Word": "docx", "Excel": "xlsx"}
    mine = get_language() or "en"
    codes = sorted(dict(settings.LANGUAGES), key=lambda code: code != mine)
    return Paper(
        name,
        tuple(
            (
                f"{label} {get_language_info(code)['name_local']}",
                f"{reverse(f'{address}_{kinds[label]}', args=place)}?lang={code}",
                code,
            )
            for code in codes
            for label in labels
        ),
    )
