"""Importing answers, from beginning to end: checked row by row, stored in one transaction.

source (bytes → cells) and mapping are those of import_cases; binding → reading → finding make
responses of rows; nothing is half imported, and never twice.
"""

import hashlib
from collections.abc import Mapping as Dict
from pathlib import Path

from django.db import IntegrityError
from django.utils.translation import gettext as _

from accounts.models import User
from cases.domain.importing.errors import Problem, Unusable
from cases.domain.importing.mapping import Mapping
from cases.domain.importing.run import Progress, Report
from cases.domain.importing.source import Cell, open_table
from surveys.domain import questionnaires
from surveys.domain.answers_binding import AnswerBinding, Columns
from surveys.domain.answers_finding import Finder
from surveys.domain.answers_reading import Form, FormReader, gather
from surveys.enums import CampaignState
from surveys.models import Campaign, ImportBatch, Invitee, Response
from surveys.permissions import may_survey
from workflows.domain.context import now
from workflows.domain.transitions import business_transaction
from workflows.errors import Conflict, Forbidden

CHUNK = 2000


def columns_of(campaign: Campaign) -> Columns:
    """The columns of a campaign's questionnaire. Raises Unusable before the launch."""
    if campaign.state != CampaignState.LAUNCHED or campaign.questionnaire is None:
        raise Unusable(
            _("Campaign %(number)s has not been launched.") % {"number": campaign.number}
        )
    return Columns(questionnaires.read(campaign.questionnaire.document))


class Import:
    """One run over one file. `name` is what people call the file; `most` the rows it may have."""

    def __init__(
        self,
        path: Path,
        *,
        campaign: Campaign,
        mapping: Mapping,
        columns: Columns,
        by: User,
        progress: Progress = lambda *_told: None,
        name: str = "",
        most: int | None = None,
    ) -> None:
        if not may_survey(by):
            raise Forbidden(_("Only marketing and the quality department import answers."))
        self.path, self.campaign, self.mapping = path, campaign, mapping
        self.by, self.progress, self.name, self.most = by, progress, name or path.name, most
        self.table = open_table(path, mapping.layout)
        self.binding = AnswerBinding(self.table, mapping, columns)
        self.reader = FormReader(self.binding, columns, campaign)
        self.report = Report(self.table.form, self.binding.columns(), self.binding.ignored())
        self.batch: ImportBatch | None = None

    def run(self, *, dry_run: bool = False, skip_errors: bool = False) -> Report:
        """Check everything, then store everything, or nothing where it may not be.

        A dry run stores nothing at all, so that it keeps nobody waiting.
        """
        forms, repeated = gather(self.forms())
        report = self.report
        report.read, report.known = len(forms) + len(repeated), len(repeated)
        if dry_run:
            self.checked(forms)
        else:
            with business_transaction():
                self.stored(self.checked(forms), skip_errors=skip_errors)
        if report.problems and not skip_errors:
            report.logged = 0
        report.problems.sort(key=lambda problem: problem.row)
        return report

    def forms(self) -> list[Form]:
        found: list[Form] = []
        for line in self.table.lines:
            if self.most is not None and len(found) == self.most:
                raise Unusable(
                    _("Files with more than %(most)s rows are imported by the command.")
                    % {"most": self.most}
                )
            found.append(self.reader.read(line))
            if len(found) % 500 == 0:
                self.progress(_("Reading"), len(found), 0)
        return found

    def checked(self, forms: list[Form]) -> list[Response]:
        """The responses that are new; forms with problems are reported and left out."""
        finder, report = Finder(self.campaign, forms), self.report
        ready = []
        for form in forms:
            if not form.problems:
                try:
                    response = finder.response(form)
                    if finder.frame.repeats(response):
                        report.known += 1
                    else:
                        ready.append(response)
                except ValueError as error:
                    form.problems.append(Problem(form.row, "", str(error)))
            if form.problems:
                report.problems += form.problems
                report.bad_rows.add(form.row)
        report.logged = len(ready)
        return ready

    def stored(self, ready: list[Response], *, skip_errors: bool) -> None:
        report = self.report
        if not ready or (report.problems and not skip_errors):
            return
        self.batch = ImportBatch.objects.create(
            campaign=self.campaign,
            file_name=self.name[-200:],
            sha256=digest(self.path),
            rows=report.read,
            taken=len(ready),
            refused=len(report.bad_rows),
            by=self.by,
            at=now(),
        )
        try:
            for start in range(0, len(ready), CHUNK):
                self.store(ready[start : start + CHUNK])
                self.progress(_("Storing"), min(start + CHUNK, len(ready)), len(ready))
        except IntegrityError:
            raise Conflict(
                _("Somebody else has stored answers of this campaign meanwhile. Nothing was"
                  " imported; please try again.")
            ) from None  # fmt: skip
        report.kept = True

    def store(self, responses: list[Response]) -> None:
        for response in responses:
            response.batch, response.entered_by = self.batch, self.by
            response.entered_at = self.batch.at if self.batch else now()
        Response.objects.bulk_create(responses)
        invitees = [response.invitee for response in responses if response.invitee is not None]
        settle(self.campaign, invitees)

    @property
    def lines(self) -> Dict[int, list[Cell]]:
        """The rows in error as they came, read once more: they are few, the rows are many."""
        wanted = self.report.bad_rows
        again = open_table(self.path, self.mapping.layout)
        return {line.number: line.cells for line in again.lines if line.number in wanted}


def settle(campaign: Campaign, invitees: list[Invitee]) -> None:
    """A form that came back had been sent, whoever sent it, and its draft has done its work."""
    unsent = [invitee.pk for invitee in invitees if invitee.sent_at is None]
    if unsent:
        Invitee.objects.filter(pk__in=unsent).update(sent_at=campaign.launched_at)
    drafts = [invitee.pk for invitee in invitees if invitee.draft_at is not None]
    if drafts:
        Invitee.objects.filter(pk__in=drafts).update(draft={}, draft_at=None)


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
