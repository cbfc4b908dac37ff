"""What commands that import files have in common: arguments, the bar, what is told, the end."""

import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import IO, Any, Protocol

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _, ngettext, override

from accounts.models import User
from cases.domain.importing.errors import Unusable
from cases.domain.importing.rejects import Done, write_rejects
from cases.domain.importing.run import Progress, Report
from workflows.errors import EngineError

# More than this on the terminal is not read; --errors has them all.
MOST_SHOWN = 50
ROWS_IN_ERROR, UNUSABLE, INTERRUPTED = 1, 2, 130


class Job(Done, Protocol):
    def run(self, *, dry_run: bool = False, skip_errors: bool = False) -> Report: ...


class ImportCommand(BaseCommand):
    """All rows or none; a command says who imports and what one run is."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="CSV, TSV or .xlsx")
        parser.add_argument("--mapping", type=Path, metavar="MAP.toml", help="foreign columns")
        parser.add_argument("--dry-run", action="store_true", help="do everything, keep nothing")
        parser.add_argument("--errors", type=Path, metavar="OUT.csv", help="write rows in error")
        parser.add_argument("--skip-errors", action="store_true", help="import the other rows")
        parser.add_argument("--as", dest="username", metavar="USER", help="who logs (user name)")

    def person(self, username: str | None) -> User:
        """Who imports. Raises Unusable when nobody may."""
        raise NotImplementedError

    def job(self, path: Path, *, by: User, progress: Progress, **given: Any) -> Job:
        """One run, ready to go. Raises Unusable for a file or mapping that cannot be used."""
        raise NotImplementedError

    def handle(self, **given: Any) -> None:
        try:
            person = self.person(given["username"])
            with override(person.language):
                report = self.imported(person, **given)
                self.told(report, given["dry_run"], given["skip_errors"])
        except (Unusable, EngineError) as error:
            raise CommandError(str(error), returncode=UNUSABLE) from error
        if report.bad_rows:
            sys.exit(ROWS_IN_ERROR)

    def imported(self, person: User, **given: Any) -> Report:
        """Run the import; Ctrl-C at any moment leaves nothing behind."""
        path, errors = given.pop("file"), given["errors"]
        if errors and (errors.resolve() == path.resolve()):
            raise Unusable(_("The rows in error cannot be written over the file itself."))
        bar = Bar(self.stderr)
        try:
            job = self.job(path, by=person, progress=bar.show, **given)
            report = job.run(dry_run=given["dry_run"], skip_errors=given["skip_errors"])
        except KeyboardInterrupt:
            bar.clear()
            self.stderr.write(_("Interrupted; nothing was imported."))
            sys.exit(INTERRUPTED)
        finally:
            bar.clear()
        if errors:
            count = write_rejects(errors, job)
            self.stdout.write(
                _("Rows in error written to %(file)s: %(count)s") % {"file": errors, "count": count}
            )
        return report

    def told(self, report: Report, dry_run: bool, skip_errors: bool) -> None:
        self.stdout.write(_("Read as %(form)s") % {"form": report.form})
        self.stdout.write(_("Columns: %(columns)s") % {"columns": report.columns})
        if report.ignored:
            self.stdout.write(_("Not read: %(names)s") % {"names": ", ".join(report.ignored)})
        for problem in report.problems[:MOST_SHOWN]:
            self.stderr.write(
                _("Row %(row)s: %(problem)s") % {"row": problem.row, "problem": problem}
            )
        more = len(report.problems) - MOST_SHOWN
        if more > 0:
            self.stderr.write(
                ngettext(
                    "… and %(count)s more; --errors OUT.csv writes it.",
                    "… and %(count)s more; --errors OUT.csv writes them all.",
                    more,
                )
                % {"count": more}
            )
        if report.created:
            made = ", ".join(
                f"{apps.get_model('cases', name)._meta.verbose_name_plural} {count}"
                for name, count in sorted(report.created.items())
            )
            self.stdout.write(_("Created: %(names)s") % {"names": made})
        self.stdout.write(summary(report, dry_run))
        if report.bad_rows and not skip_errors:
            self.stdout.write(
                _("Nothing was imported. Correct these rows, or leave them out by --skip-errors.")
            )


def named(username: str) -> User:
    person = User.objects.filter(is_active=True, username=username).first()
    if person is None:
        raise Unusable(_("There is no active user “%(name)s”.") % {"name": username})
    return person


def first_of(*roles: str) -> User | None:
    """The first active person who holds the first of the roles that anybody holds."""
    for role in roles:
        holders = User.objects.filter(
            is_active=True,
            memberships__role=role,
            memberships__until=None,
            memberships__department__is_active=True,
        )
        if person := holders.order_by("pk").first():
            return person
    return None


def summary(report: Report, dry_run: bool) -> str:
    """One line; its figures add up to the rows read."""
    counts = {
        "read": report.read,
        "logged": report.logged,
        "joined": report.joined,
        "known": report.known,
        "bad": len(report.bad_rows),
    }
    if report.joined:
        text = (
            _("%(read)s read, %(logged)s would be imported, %(joined)s joined to them,"
              " %(known)s already there, %(bad)s in error")
            if dry_run
            else _("%(read)s read, %(logged)s imported, %(joined)s joined to them,"
                   " %(known)s already there, %(bad)s in error")
        )  # fmt: skip
    elif dry_run:
        text = _(
            "%(read)s read, %(logged)s would be imported, %(known)s already there, %(bad)s in error"
        )
    else:
        text = _("%(read)s read, %(logged)s imported, %(known)s already there, %(bad)s in error")
    return text % counts


class Bar:
    """Progress on a terminal, and only there: how many, how fast, how long still."""

    WIDTH = 30

    def __init__(self, out: Any) -> None:
        stream: IO[str] = getattr(out, "_out", out)
        self.stream = stream if stream.isatty() else None
        self.what, self.began, self.shown = "", 0.0, 0.0

    def show(self, what: str, done: int, total: int) -> None:
        """`total` 0: nobody knows yet."""
        if self.stream is None:
            return
        moment = time.monotonic()
        if what != self.what:
            self.what, self.began, self.shown = what, moment, 0.0
        if moment - self.shown < 0.1 and done != total:
            return
        self.shown = moment
        rate = done / max(moment - self.began, 0.001)
        text = f"{what} {done}  {rate:.0f}/s"
        if total:
            full = self.WIDTH * done // total
            left = int((total - done) / rate) if rate else 0
            text = (
                f"{what} [{'#' * full}{'.' * (self.WIDTH - full)}] {done}/{total}"
                f"  {100 * done // total} %  {rate:.0f}/s  {left // 60}:{left % 60:02d}"
            )
        self.stream.write(f"\r\x1b[K{text}")
        self.stream.flush()

    def clear(self) -> None:
        if self.stream is not None and self.what:
            self.stream.write("\r\x1b[K")
            self.stream.flush()
