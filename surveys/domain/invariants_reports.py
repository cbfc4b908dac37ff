"""Invariant 24 (QUALITY.md 3): what was signed is what is there, and the right people signed."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator

from surveys.domain.reports import content, freezing
from surveys.enums import ReportState
from surveys.models import AnalysisReport, ReportFile
from surveys.models.report import WRITING
from surveys.permissions import MANAGEMENT
from workflows.domain.invariants import invariant
from workflows.models import Signature, Transition

KIND = AnalysisReport.SUBJECT_KIND


@invariant(24, "A frozen report has the content it was signed with")
def frozen_reports_are_sealed() -> Iterator[str]:
    for report in AnalysisReport.objects.filter(state=ReportState.FROZEN).iterator(20):
        if not freezing.is_sealed(report):
            yield report.number


@invariant(24, "A report was signed by management, and by nobody who wrote at it")
def signers_had_the_right() -> Iterator[str]:
    writers: dict[int, set[int]] = defaultdict(set)
    written = Transition.objects.filter(subject_kind=KIND, act__in=WRITING, by__isnull=False)
    for report, by in written.values_list("subject_id", "by"):
        writers[report].add(by)
    signed = Signature.objects.filter(root_kind=KIND).order_by("pk")
    for row in signed.iterator(200):
        if not set(row.roles) & {str(role) for role in MANAGEMENT}:
            yield f"{row.root_id}: {row.name} ({', '.join(row.roles)})"
        if row.by_id in writers[row.root_id]:
            yield f"{row.root_id}: {row.name}"


@invariant(24, "A frozen report was signed as often as its way asks for")
def frozen_reports_are_signed() -> Iterator[str]:
    signers: dict[int, set[int]] = defaultdict(set)
    for report, by in Signature.objects.filter(root_kind=KIND).values_list("root_id", "by"):
        signers[report].add(by)
    frozen = AnalysisReport.objects.filter(state=ReportState.FROZEN)
    rows = frozen.values_list("pk", "number", "reviewed_by", "released_by")
    for pk, number, *people in rows.order_by("pk"):
        if not {one for one in people if one} <= signers[pk]:
            yield number


@invariant(24, "A restated report names the content of the one it restates")
def restated_reports_name_the_first() -> Iterator[str]:
    rows = AnalysisReport.objects.filter(state=ReportState.FROZEN, restates__isnull=False)
    for report in rows.select_related("restates").iterator(20):
        told = content.read(report.content or {}).restates
        if told is None or report.restates is None or told.digest != report.restates.content_hash:
            yield report.number


@invariant(24, "A stored document has the bytes it was stored with")
def documents_are_unaltered() -> Iterator[str]:
    for file in ReportFile.objects.select_related("report").order_by("pk").iterator(10):
        if hashlib.sha256(bytes(file.data)).hexdigest() != file.digest:
            yield f"{file.report.number}: {file.name} {file.language}"
