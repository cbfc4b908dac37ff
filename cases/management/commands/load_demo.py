"""manage.py load_demo: the demo company, built through the domain commands."""

import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.demo import DEMO_CAST, DEMO_PASSWORD
from accounts.models import User
from cases.demo import build
from cases.domain import files
from cases.models import Attachment, Case, Customer


class Command(BaseCommand):
    help = (
        "Loads the demo company: people, customers and eighteen months of cases (demo mode only)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--reset", action="store_true", help="wipe everything in the database first"
        )
        parser.add_argument("--small", action="store_true", help="about 40 cases, for tests")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo company is loaded in demo mode only: set REDRESS_DEMO=1.")
        if not options["reset"]:
            if build.is_loaded():
                self.stdout.write("The demo company is loaded already; --reset starts afresh.")
                return
            if User.objects.exists() or Case.objects.exists() or Customer.objects.exists():
                raise CommandError(
                    "This database holds other data. --reset wipes all of it and loads the demo."
                )
        self.verbosity, self.shown = int(options["verbosity"]), -1
        started, old = time.monotonic(), []
        with transaction.atomic(savepoint=False):
            if options["reset"]:
                old = [files.path_of(file) for file in Attachment.objects.all()]
                call_command("flush", interactive=False, verbosity=0)
            build.load(small=options["small"], progress=self.progress)
        for path in old:
            path.unlink(missing_ok=True)
        self.report(time.monotonic() - started)

    def progress(self, done: int, total: int) -> None:
        """One line that counts up on a terminal, a line for every tenth elsewhere."""
        terminal = self.stdout.isatty()
        percent = done * 100 // total if terminal else done * 10 // total * 10
        if not self.verbosity or percent == self.shown:
            return
        self.shown = percent
        end = "\r" if terminal and done < total else "\n"
        self.stdout.write(f"Loading the demo company: {percent:3d} %", ending=end)
        self.stdout.flush()

    def report(self, seconds: float) -> None:
        if not self.verbosity:
            return
        cases, people = Case.objects.count(), User.objects.count()
        self.stdout.write(
            f"{cases} cases, {people} people, {Customer.objects.count()} customers"
            f" in {seconds:.0f} seconds."
        )
        names = ", ".join(person["username"] for person in DEMO_CAST)
        self.stdout.write(f"Sign in as {names}; the password is {DEMO_PASSWORD}.")
