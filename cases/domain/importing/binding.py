"""Which cell of a row is which column of ours, for one file and one mapping."""

from django.utils.translation import get_language, gettext as _

from cases.domain.importing.cells import Key, Look, Pick, Recipe, text_of
from cases.domain.importing.errors import Unusable, shown
from cases.domain.importing.mapping import Mapping
from cases.domain.importing.source import Cell, Table
from cases.domain.importing.words import by_heading, fold, label, own_headings, plain

NEEDED = (("received_at",), ("customer", "customer_ref", "phone"), ("description", "title"))


class Binding:
    """The columns found in a file. Raises Unusable when what must be there is not.

    Another import says in `ours`, `check_enough` and `heading_of` which columns are its own.
    """

    def __init__(self, table: Table, mapping: Mapping) -> None:
        self.mapping, self.heading, self.even = mapping, table.heading, table.even
        self.places: dict[str, list[int]] = {}
        for place, name in enumerate(table.heading):
            if name:
                self.places.setdefault(fold(name), []).append(place)
        self.recipes: dict[str, Recipe] = {**self.recognised(), **mapping.columns}
        self.keys: list[Key] = [key for recipe in self.recipes.values() for key in recipe.keys]
        self.keys += [condition.key for rule in mapping.rules for condition in rule.any]
        self.used: dict[Key, int] = {key: self.place(key) for key in self.keys}
        self.width = len(self.heading) or max(self.used.values(), default=0) + 1
        self.check_enough()

    def recognised(self) -> dict[str, Recipe]:
        """Columns with headings of ours that the mapping does not speak of."""
        found: dict[str, str] = {}
        for name in self.heading:
            ours = self.ours(name) if name else None
            if ours is None or ours in self.mapping.columns:
                continue
            if ours in found:
                raise Unusable(
                    _("Two headings mean the same: “%(one)s” and “%(other)s”.")
                    % {"one": shown(found[ours]), "other": shown(name)}
                )
            found[ours] = name
        return {ours: Pick(name) for ours, name in found.items()}

    def ours(self, heading: str) -> str | None:
        """Our column that goes by this heading."""
        return by_heading().get(fold(heading))

    def place(self, key: Key) -> int:
        """Where in a row, from 0."""
        if isinstance(key, int):
            if self.heading and key > len(self.heading):
                raise Unusable(
                    _("Mapping: there is no column %(number)s, the file has %(count)s.")
                    % {"number": key, "count": len(self.heading)}
                )
            return key - 1
        places = self.places.get(fold(key), [])
        if len(places) == 1:
            return places[0]
        if places:
            raise Unusable(_("The heading “%(name)s” stands there twice.") % {"name": shown(key)})
        raise Unusable(
            _("There is no heading “%(name)s”. Headings in the file: %(names)s.")
            % {"name": shown(key), "names": self.headings()}
        )

    def headings(self) -> str:
        return shown(", ".join(filter(None, self.heading)) or "–", 300)

    def check_enough(self) -> None:
        """Without a receipt, a customer and a text no row could become a case."""
        has = {ours for ours, recipe in self.recipes.items() if recipe != Pick(None)}
        has |= {*self.mapping.defaults}
        missing = [self.label(names[0]) for names in NEEDED if not has & {*names}]
        if missing:
            raise Unusable(
                _("Columns are missing: %(missing)s. Headings in the file: %(names)s.")
                % {"missing": ", ".join(missing), "names": self.headings()}
            )

    def label(self, column: str) -> str:
        """A column as a message names it: by the file's own heading where it has one."""
        recipe = self.recipes.get(column)
        if isinstance(recipe, Pick) and recipe.key is not None:
            return self.named(recipe.key)
        return self.heading_of(column, chinese=(get_language() or "").startswith("zh"))

    def heading_of(self, column: str, *, chinese: bool) -> str:
        """What our column is called where the file has none."""
        return label(column, chinese=chinese)

    def named(self, key: Key) -> str:
        return shown(key) if isinstance(key, str) else _("Column %(number)s") % {"number": key}

    def columns(self) -> str:
        """What is read from where, in one line."""
        return ", ".join(
            f"{ours} ← " + " + ".join(map(str, dict.fromkeys(recipe.keys)))
            for ours, recipe in self.recipes.items()
            if recipe.keys
        )

    def ignored(self) -> list[str]:
        """Headings that nothing of ours is read from."""
        used = {*self.used.values()}
        return [
            shown(name)
            for place, name in enumerate(self.heading)
            if name and place not in used and fold(name) not in own_headings()
        ]

    def ragged(self, cells: list[Cell]) -> str:
        """A row with more or fewer cells than the heading was broken somewhere on its way."""
        extra = self.heading and any(cell not in (None, "") for cell in cells[self.width :])
        if extra or (self.even and len(cells) < self.width):
            return _("The row has %(count)s cells, %(width)s are expected.") % {
                "count": len(cells),
                "width": self.width,
            }
        return ""

    def look(self, cells: list[Cell]) -> Look:
        """A way to ask a row for its cells; what the mapping calls blank is nothing."""
        blank = self.mapping.layout.blank

        def ask(key: Key) -> Cell:
            place = self.used[key]
            cell = cells[place] if place < len(cells) else None
            if blank and isinstance(cell, str | int | float) and plain(text_of(cell)) in blank:
                return None
            return cell

        return ask
