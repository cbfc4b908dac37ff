"""Channels, categories and products that a file names: found, or planned where it may create."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Any, Generic, TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _

from cases.domain.importing.errors import shown
from cases.domain.importing.words import fold, plain, read
from cases.models import Channel, Product

T = TypeVar("T", bound=Model)
# Between the names of a product and what it belongs to: Bearings > BX > BX-200.
BELOW = ">"
# The channel of a row that names none, where the catalogue has it (DOMAIN.md 2).
SPREADSHEET = "spreadsheet"


class Planned(Generic[T]):
    """A row of a table that is there, or will be made when the first case needs it, after the
    one `above` it."""

    def __init__(
        self,
        found: T | None = None,
        make: Callable[[], T] | None = None,
        above: "Planned[T] | None" = None,
    ) -> None:
        self.found, self.make, self.above = found, make, above


class Makers:
    """Makes what is planned, and takes it back when the case it was made for failed."""

    def __init__(self) -> None:
        self.made: Counter[str] = Counter()
        self.fresh: list[Planned[Any]] = []

    def get(self, planned: Planned[T] | None) -> T | None:
        if planned is None:
            return None
        if planned.found is None:
            assert planned.make is not None
            self.get(planned.above)
            planned.found = planned.make()
            self.fresh.append(planned)
        return planned.found

    def keep(self) -> None:
        self.made.update(
            planned.found._meta.model_name for planned in self.fresh if planned.found is not None
        )
        self.fresh.clear()

    def forget(self) -> None:
        for planned in self.fresh:
            planned.found = None
        self.fresh.clear()


def code_of(name: str) -> str:
    """A code for a new entry: readable where the name is Latin, else by its content."""
    code = re.sub(r"[^a-z0-9]+", "-", plain(name)).strip("-")
    if plain(name).isascii() and 0 < len(code) <= 40:
        return code
    return "imp-" + hashlib.sha256(name.encode()).hexdigest()[:12]


class Entries(Generic[T]):
    """The entries of one catalogue by code and by name in both languages: one statement."""

    def __init__(self, model: type[T], *, create: bool) -> None:
        self.model, self.create = model, create
        self.by_name: dict[str, Planned[T]] = {}
        self.switched_off: set[str] = set()
        self.codes: set[str] = set()
        entries: list[Any] = list(model._default_manager.all())
        for entry in entries:
            self.codes.add(entry.code)
            names = {plain(name) for name in (entry.code, entry.name, entry.name_en) if name}
            if not entry.is_active:
                self.switched_off |= names
                continue
            planned = Planned(entry)
            for name in names:
                self.by_name.setdefault(name, planned)

    def find(self, name: str) -> Planned[T]:
        """Raises ValueError naming what is not there."""
        found = self.by_name.get(plain(name))
        if found is None:
            self.check_may_plan(name)
            found = self.plan(name)
        return found

    def check_may_plan(self, name: str) -> None:
        if plain(name) in self.switched_off:
            raise ValueError(_("“%(value)s” is switched off.") % {"value": shown(name)})
        if not self.create:
            raise ValueError(unknown(name))

    def plan(self, name: str, english: str = "", code: str = "") -> Planned[T]:
        code = free(code or code_of(name), self.codes)
        made: dict[str, Any] = {"code": code, "name": name, "name_en": english}
        planned: Planned[T] = Planned(make=lambda: self.model._default_manager.create(**made))
        self.by_name[plain(name)] = planned
        return planned


def unknown(name: str) -> str:
    return _("“%(value)s” is not there, and the mapping does not let it be created.") % {
        "value": shown(name)
    }


def free(code: str, taken: set[str]) -> str:
    """This code, or the first free one that begins like it; taken from now on."""
    turn, found = 1, code
    while found in taken:
        turn += 1
        found = f"{code[:34]}-{turn}"
    taken.add(found)
    return found


class Channels(Entries[Channel]):
    """Channels, with the usual ones known by their usual words."""

    def find(self, name: str) -> Planned[Channel]:
        code = usual_channels().get(fold(name))
        if code is None or plain(name) in self.by_name:
            return super().find(name)
        if plain(code) in self.by_name:
            return self.by_name[plain(code)]
        self.check_may_plan(code if plain(code) in self.switched_off else name)
        return self.plan_usual(code)

    def plan_usual(self, code: str) -> Planned[Channel]:
        english, chinese, *_words = read()["channel"][code]
        planned = self.plan(chinese, english, code)
        self.by_name[plain(code)] = planned
        return planned

    def of_file(self) -> Planned[Channel]:
        """The channel of a row that names none: it came by spreadsheet."""
        return self.by_name.get(SPREADSHEET) or self.plan_usual(SPREADSHEET)


@cache
def usual_channels() -> dict[str, str]:
    """Folded word → code of the usual channel."""
    usual = read()["channel"]
    return {fold(word): code for code, words in usual.items() for word in (code, *words)}


class Products:
    """The product tree by code, by name, and by the names from the top down."""

    def __init__(self, *, create: bool) -> None:
        self.create = create
        self.by_code: dict[str, Product] = {}
        self.by_name: dict[str, list[Product]] = {}
        self.by_path: dict[tuple[str, ...], Planned[Product]] = {}
        self.codes: set[str] = set()
        everything = {product.pk: product for product in Product.objects.all()}
        self.planned = {pk: Planned(product) for pk, product in everything.items()}
        for product in everything.values():
            self.codes.add(product.code)
            self.by_code[plain(product.code)] = product
            for name in {plain(product.name), plain(product.name_en)} - {""}:
                self.by_name.setdefault(name, []).append(product)
            self.by_path[path_of(product, everything)] = self.planned[product.pk]

    def find(self, text: str) -> Planned[Product]:
        """Raises ValueError naming what is not there, or is there more than once."""
        names: list[str] = []
        for part in text.split(BELOW):
            name = " ".join(part.split())
            if name and names[-1:] != [name]:
                names.append(name)
        found = self.by_path.get(tuple(map(plain, names)))
        if found is not None:
            return self.active(found, text)
        if len(names) == 1:
            if product := self.by_code.get(plain(names[0])):
                return self.active(self.planned[product.pk], text)
            called = [each for each in self.by_name.get(plain(names[0]), []) if each.is_active]
            if len(called) == 1:
                return self.planned[called[0].pk]
            if called:
                raise ValueError(
                    _("Several products are called “%(value)s”; give the code, or the way to it.")
                    % {"value": shown(text)}
                )
        if not names or not self.create:
            raise ValueError(unknown(text))
        return self.plan(names)

    def active(self, planned: Planned[Product], text: str) -> Planned[Product]:
        if planned.found is not None and not planned.found.is_active:
            raise ValueError(_("“%(value)s” is switched off.") % {"value": shown(text)})
        return planned

    def plan(self, names: list[str]) -> Planned[Product]:
        """The product and whatever is missing above it."""
        if any(len(name) > 100 for name in names) or len(names) > 8:
            raise ValueError(_("The name of the product is too long."))
        way = tuple(map(plain, names))
        above = None
        if len(names) > 1:
            above = self.by_path.get(way[:-1]) or self.plan(names[:-1])
        code = free(code_of(names[-1]), self.codes)
        planned = Planned(make=lambda: add_product(code, names[-1], above), above=above)
        self.by_path[way] = planned
        return planned


def path_of(product: Product, everything: dict[int, Product]) -> tuple[str, ...]:
    names: list[str] = []
    at: Product | None = product
    while at is not None and len(names) < 20:
        names.insert(0, plain(at.name))
        at = everything.get(at.parent_id) if at.parent_id else None
    return tuple(names)


def add_product(code: str, name: str, above: Planned[Product] | None) -> Product:
    parent = above.found if above else None
    product = Product.objects.create(code=code, name=name, parent=parent)
    product.path = f"{parent.path if parent else '/'}{product.pk}/"
    product.save(update_fields=["path"])
    return product
