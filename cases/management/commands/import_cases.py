"""manage.py import_cases FILE: cases out of a spreadsheet or a foreign ledger (docs/files.md)."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import User
from cases.domain.importing.errors import Unusable
from cases.domain.importing.mapping import read_mapping
from cases.domain.importing.run import Import, Progress
from cases.management.importing import ImportCommand, first_of, named


class Command(ImportCommand):
    help = "Import cases from CSV, TSV or Excel. All rows or none; docs/files.md describes it."

    def person(self, username: str | None) -> User:
        """The person named, else the first active service lead, else agent."""
        if username:
            return named(username)
        person = first_of(Role.SERVICE_LEAD, Role.SERVICE_AGENT)
        if person is None:
            raise Unusable(
                _("There is no active service lead or agent; name who logs by --as USER.")
            )
        return person

    def job(self, path: Path, *, by: User, progress: Progress, **given: Any) -> Import:
        mapping = read_mapping(given["mapping"])
        return Import(path, mapping=mapping, by=by, progress=progress)
