"""manage.py import_campaign FILE: a campaign with its frame, as a draft (docs/files.md)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _, override

from accounts.enums import Role
from accounts.models import User
from cases.domain.importing.errors import Unusable
from cases.management.importing import UNUSABLE, first_of, named
from surveys.domain import campaign_file
from workflows.errors import EngineError


class Command(BaseCommand):
    help = "Import a campaign with its frame from TOML as a draft. docs/files.md describes it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a .toml file")
        parser.add_argument("--by", dest="username", metavar="USERNAME", help="who draws it up")

    def handle(self, **given: Any) -> None:
        try:
            person = who(given["username"])
            with override(person.language):
                campaign = campaign_file.load(given["file"].read_bytes(), by=person)
                count = campaign.invitees.count()
                self.stdout.write(
                    _("%(number)s drawn up, with %(count)s invitees")
                    % {"number": campaign.number, "count": count}
                )
        except ValidationError as error:
            raise CommandError("\n".join(error.messages), returncode=1) from error
        except (Unusable, EngineError, OSError) as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error


def who(username: str | None) -> User:
    """The person named, else the first active one of marketing."""
    if username:
        return named(username)
    person = first_of(Role.MARKETING)
    if person is None:
        raise Unusable(_("There is nobody active in marketing; name who by --by USERNAME."))
    return person
