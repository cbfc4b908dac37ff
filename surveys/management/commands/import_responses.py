"""manage.py import_responses FILE: answers of a campaign out of a spreadsheet (docs/files.md)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import User
from cases.domain.importing.errors import Unusable, shown
from cases.domain.importing.run import Progress
from cases.management.importing import ImportCommand, first_of, named
from surveys.domain.answers_binding import read_mapping
from surveys.domain.answers_import import Import, columns_of
from surveys.models import Campaign


class Command(ImportCommand):
    help = "Import answers from CSV, TSV or Excel. All rows or none; docs/files.md describes it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--campaign", required=True, metavar="CODE", help="its number")

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
        campaign = campaign_of(given["campaign"])
        columns = columns_of(campaign)
        mapping = read_mapping(given["mapping"], columns)
        return Import(
            path, campaign=campaign, mapping=mapping, columns=columns, by=by, progress=progress
        )


def campaign_of(code: str) -> Campaign:
    found = Campaign.objects.select_related("questionnaire").filter(number__iexact=code.strip())
    campaign = found.first()
    if campaign is None:
        raise Unusable(_("There is no campaign “%(code)s”.") % {"code": shown(code)})
    return campaign
