"""Look for anything in the database that must never be there."""

from typing import Any

from django.core.management.base import BaseCommand

from workflows.domain import invariants


class Command(BaseCommand):
    help = "Check the invariants of the database; read-only. Exit code 1 when one is broken."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = 0
        for number, sentence, row in invariants.violations():
            broken += 1
            self.stdout.write(f"{number:>3}  {sentence}: {row}")
        self.stdout.write(f"{invariants.count()} invariants, {broken} violations")
        if broken:
            raise SystemExit(1)
