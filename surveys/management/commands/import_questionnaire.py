"""manage.py import_questionnaire FILE: a questionnaire from a TOML file (docs/files.md)."""

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
from surveys.domain import questionnaire_files, questionnaire_import
from workflows.domain.transitions import business_transaction
from workflows.errors import EngineError


class Command(BaseCommand):
    help = "Takes a questionnaire in: a new draft, or the draft of the next revision of its code."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="TOML, as the page of a questionnaire gives it")
        parser.add_argument("--as", dest="author", metavar="USERNAME", help="who draws it up")
        parser.add_argument(
            "--approve-as", dest="approver", metavar="USERNAME", help="who approves it at once"
        )

    def handle(self, *args: Any, **given: Any) -> None:
        try:
            author = named(given["author"]) if given["author"] else somebody()
            approver = named(given["approver"]) if given["approver"] else None
            with override(author.language):
                self.stdout.write(imported(given["file"], author, approver))
        except ValidationError as error:
            found = [one for some in error.message_dict.values() for one in some]
            raise CommandError("\n".join(found), returncode=UNUSABLE) from error
        except EngineError as error:
            sentence = " ".join([str(error), *map(str, error.details)])
            raise CommandError(sentence, returncode=UNUSABLE) from error
        except (Unusable, OSError) as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error


def somebody() -> User:
    person = first_of(Role.MARKETING, Role.QUALITY_ENGINEER, Role.QUALITY_MANAGER)
    if person is None:
        raise Unusable(
            _("Nobody of marketing or quality is active; name who draws it up by --as USERNAME.")
        )
    return person


def imported(path: Path, author: User, approver: User | None) -> str:
    """Take the file in, all of it or nothing; what to tell about it."""
    written = questionnaire_files.read(path.read_bytes())
    with business_transaction():
        questionnaire, is_new = questionnaire_import.take_in(by=author, written=written)
        if is_new and approver is not None:
            questionnaire = questionnaire_import.release(
                questionnaire, by=author, approver=approver
            )
    told = (
        _("%(number)s, revision %(revision)s: %(state)s")
        if is_new
        else _("%(number)s, revision %(revision)s, is there already: %(state)s")
    )
    return told % {
        "number": questionnaire.number,
        "revision": questionnaire.revision,
        "state": questionnaire.get_state_display(),
    }
