"""manage.py setup_defaults: catalogues and policies that a new installation begins with."""

from typing import Any

from django.core.management.base import BaseCommand

from cases.domain.defaults import ensure_defaults


class Command(BaseCommand):
    help = "Adds the usual channels, categories, causes, customer classes and policies if missing."

    def handle(self, *args: Any, **options: Any) -> None:
        made = ensure_defaults()
        if not any(made.values()):
            self.stdout.write("Nothing was missing.")
            return
        for name, count in made.items():
            self.stdout.write(f"{name}: {count} added")
