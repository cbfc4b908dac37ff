"""manage.py import_inputs KIND FILE: other inputs out of a spreadsheet (docs/files.md)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import User
from cases.domain.importing.errors import Unusable
from cases.domain.importing.run import Progress, Report
from cases.management.importing import ImportCommand, first_of, named
from surveys.domain.inputs.files import read_mapping
from surveys.domain.inputs.kinds import KINDS
from surveys.domain.inputs.run import Import


class Command(ImportCommand):
    help = (
        "Import media reports and bulletins, returns, delivered quality or sales from CSV, TSV or"
        " Excel. All rows or none; docs/files.md describes it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=[*KINDS], help="what the file holds")
        super().add_arguments(parser)

    def person(self, username: str | None) -> User:
        """The person named, else the first active one of marketing, else of quality."""
        if username:
            return named(username)
        person = first_of(Role.MARKETING, Role.QUALITY_MANAGER, Role.QUALITY_ENGINEER)
        if person is None:
            raise Unusable(
                _("There is nobody active in marketing or quality; name who imports by --as USER.")
            )
        return person

    def job(self, path: Path, *, by: User, progress: Progress, **given: Any) -> Import:
        kind = KINDS[given["kind"]]
        mapping = read_mapping(given["mapping"], kind)
        return Import(path, kind=kind, mapping=mapping, by=by, progress=progress)

    def told(self, report: Report, dry_run: bool, skip_errors: bool) -> None:
        super().told(report, dry_run, skip_errors)
        if report.replaced:
            self.stdout.write(
                _("Of these take the place of an earlier figure: %(count)s")
                % {"count": report.replaced}
            )
