"""The first administrator of a real installation, and the company at the top of the tree."""

import getpass
import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse

from accounts.domain import passwords, people
from accounts.enums import Function, Role
from accounts.errors import AccountRefused
from accounts.models import Department, Membership, User

PASSWORD_VARIABLE = "REDRESS_ADMIN_PASSWORD"  # noqa: S105 (the name of a variable)


class Command(BaseCommand):
    help = (
        "Creates the first administrator and, where there is none, the root department. Asks for "
        f"what is not given. The password is asked for, or read from {PASSWORD_VARIABLE}; with "
        "--no-input and without it, a link to choose one is printed instead."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--username", help="what the person types to sign in")
        parser.add_argument("--name", help="the person's name as they write it")
        parser.add_argument("--company", help="name of the company, the top of the tree")
        parser.add_argument("--company-code", default="HQ", help="its short code (HQ)")
        parser.add_argument(
            "--language", choices=[code for code, _name in settings.LANGUAGES], default="zh-hans"
        )
        parser.add_argument(
            "--another", action="store_true", help="although there is an administrator already"
        )
        parser.add_argument("--no-input", action="store_true", help="ask nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        ask = None if options["no_input"] else input
        if not options["another"] and administrators().exists():
            raise CommandError("There is an administrator already; --another adds one more.")
        root = Department.objects.filter(parent=None, is_active=True).order_by("pk").first()
        company = "" if root else given(options, "company", "Company", ask)
        username = given(options, "username", "Username", ask)
        name = given(options, "name", "Name", ask)
        password = self.read_password(username, name, quiet=options["no_input"])
        try:
            with transaction.atomic():
                root = root or people.add_department(
                    by=None,
                    code=options["company_code"],
                    name=company,
                    function=Function.MANAGEMENT,
                )
                person = people.add_person(
                    by=None,
                    username=username,
                    name=name,
                    password=password,
                    language=options["language"],
                )
                people.grant(by=None, person=person, department=root, role=Role.ADMINISTRATOR)
        except ValidationError as problem:
            raise CommandError("; ".join(problem.messages))
        except AccountRefused as refusal:
            raise CommandError(str(refusal))
        self.stdout.write(f"{name} ({username}) administers {root.name}.")
        if password is None:
            key = passwords.key_for(person)
            path = reverse("accounts:choose_password", args=[key.uid, key.token])
            self.stdout.write(f"Choose the password within a day: {settings.SITE_URL}{path}")

    def read_password(self, username: str, name: str, *, quiet: bool) -> str | None:
        """From the environment or the terminal, never from the arguments: everybody sees those."""
        password = os.environ.get(PASSWORD_VARIABLE)
        if password is None and not quiet:
            password = getpass.getpass("Password: ")
            if password != getpass.getpass("Password, again: "):
                raise CommandError("The two passwords are not the same.")
        if password is not None:
            try:
                validate_password(password, User(username=username, name=name))
            except ValidationError as problem:
                raise CommandError(" ".join(problem.messages))
        return password


def administrators() -> Any:
    return Membership.objects.filter(
        role=Role.ADMINISTRATOR, until=None, user__is_active=True, department__is_active=True
    )


def given(options: dict[str, Any], key: str, question: str, ask: Any) -> str:
    value: str = options[key] or (ask(f"{question}: ") if ask else "")
    if not value.strip():
        raise CommandError(f"--{key.replace('_', '-')} is missing.")
    return value.strip()
