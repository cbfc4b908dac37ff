"""manage.py import_policy FILE: a draft of the satisfaction policy from a TOML file."""

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
from surveys.domain import policies
from surveys.domain.policy_file import import_policy
from surveys.models import SatisfactionPolicy
from workflows.domain.transitions import business_transaction
from workflows.errors import EngineError


class Command(BaseCommand):
    help = "Takes a satisfaction policy in: a draft, or with --publish a version that holds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="TOML, as the page of a version gives it")
        parser.add_argument("--as", dest="author", metavar="USERNAME", help="who draws it up")
        parser.add_argument("--publish", metavar="REASON", help="publish it at once, for a reason")

    def handle(self, *args: Any, **given: Any) -> None:
        try:
            author = named(given["author"]) if given["author"] else somebody()
            with override(author.language):
                version = imported(given["file"], author, given["publish"])
                self.stdout.write(told(version))
        except ValidationError as error:
            found = [one for some in error.message_dict.values() for one in some]
            raise CommandError("\n".join(found), returncode=UNUSABLE) from error
        except (EngineError, Unusable, OSError) as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error


def somebody() -> User:
    person = first_of(Role.QUALITY_MANAGER, Role.MANAGEMENT_REPRESENTATIVE)
    if person is None:
        raise Unusable(_("Nobody active may set the policy; name somebody by --as USERNAME."))
    return person


def imported(path: Path, author: User, reason: str | None) -> SatisfactionPolicy:
    """All of it or nothing."""
    with business_transaction():
        version = import_policy(path, by=author)
        if reason is not None:
            version = policies.publish(by=author, policy=version, reason=reason)
    return version


def told(version: SatisfactionPolicy) -> str:
    words = (
        _("Version %(number)s holds from %(day)s.")
        if version.published_at
        else _("Version %(number)s is a draft; it would hold from %(day)s.")
    )
    return words % {"number": version.number, "day": version.holds_from}
