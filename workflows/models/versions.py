"""Policies in versions: which one holds at a moment."""

from datetime import datetime
from typing import Self

from django.db import models


class VersionQuerySet(models.QuerySet):
    """Versions with `holds_from` and `made_at`.

    No version holds before it is made, so a later one changes no past answer.
    """

    def in_force(self, at: datetime) -> Self:
        """The version that holds at a moment stands first: of those that have begun, the one made
        last. What had been planned for a later day when it was made never comes into force.
        """
        return self.filter(holds_from__lte=at).order_by("-made_at", "-pk")
