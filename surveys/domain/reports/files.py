"""The documents of a frozen report: made once, in both languages, and kept to the byte.

Whoever can print a report registers here (surveys/documents); the domain knows no paper.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from surveys.domain.reports import content
from surveys.domain.reports.content import Report, SignatureLine, Words
from surveys.enums import ReportState
from surveys.models import AnalysisReport, ReportFile
from workflows.domain import outbox
from workflows.domain.context import now
from workflows.domain.scheduler import chore
from workflows.models import Outbox, Signature

LANGUAGES = ("zh-hans", "en")


@dataclass(frozen=True)
class Renderer:
    """Prints a report in the language in force."""

    name: str
    extension: str
    content_type: str
    make: Callable[[Report], bytes]


RENDERERS: dict[str, Renderer] = {}


def register(name: str, extension: str, content_type: str, make: Callable[[Report], bytes]) -> None:
    RENDERERS[name] = Renderer(name, extension, content_type, make)


def printed(report: AnalysisReport) -> Report:
    """A frozen report with its signatures and its seal, as it is printed."""
    assert report.content is not None
    whole = content.read(report.content)
    return replace(whole, signatures=tuple(map(line, signatures(report))),
                   sealed=report.content_hash)  # fmt: skip


def signatures(report: AnalysisReport) -> Any:
    rows = Signature.objects.filter(root_kind=report.SUBJECT_KIND, root_id=report.pk)
    return rows.select_related("by").order_by("pk")


def line(row: Signature) -> SignatureLine:
    return SignatureLine(
        Words(row.meaning, row.meaning_en),
        row.name,
        Words(roles(row, "zh-hans"), roles(row, "en")),
        timezone.localtime(row.at).isoformat(timespec="seconds"),
    )


def roles(row: Signature, language: str) -> str:
    with override(language):
        return ", ".join(row.role_labels)


# ---------------------------------------------------------------------------- kept
@outbox.handles("transition")
def make_files(row: Outbox) -> None:
    """What was frozen a moment ago is printed."""
    if row.payload.get("kind") != AnalysisReport.SUBJECT_KIND:
        return
    if row.payload.get("act") not in ("approve", "release"):
        return
    for report in unprinted():
        store(report)


@chore("report files", every=timedelta(minutes=30))
def catch_up() -> int:
    """The net below the effect."""
    return sum(store(report) for report in unprinted())


def unprinted() -> list[AnalysisReport]:
    """Frozen reports that lack one of their documents: one statement."""
    wanted = len(RENDERERS) * len(LANGUAGES)
    rows = AnalysisReport.objects.filter(state=ReportState.FROZEN).prefetch_related("files")
    return [one for one in rows if wanted and len(one.files.all()) < wanted]


def store(report: AnalysisReport) -> int:
    """Make what is missing; a document that is there is never made again."""
    there = {(one.name, one.language) for one in report.files.defer("data")}
    whole, made = printed(report), 0
    for renderer in RENDERERS.values():
        for language in LANGUAGES:
            if (renderer.name, language) not in there:
                with override(language):
                    data = renderer.make(whole)
                ReportFile.objects.create(
                    report=report,
                    name=renderer.name,
                    language=language,
                    extension=renderer.extension,
                    data=data,
                    digest=hashlib.sha256(data).hexdigest(),
                    made_at=now(),
                )
                made += 1
    return made
