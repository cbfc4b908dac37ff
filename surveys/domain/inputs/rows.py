"""From the rows of a file to what is to be stored: what they name is found or planned, what they
say is checked like input on the screen, and what is there already is told apart."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from cases.domain.importing.customers import Customers, chunks
from cases.domain.importing.errors import shown
from cases.domain.importing.finding import Entries, Planned, Products
from cases.domain.importing.mapping import Mapping
from cases.domain.importing.reading import Draft
from cases.enums import CustomerType
from cases.models import Case, Category
from cases.validators import Problems
from surveys.domain.inputs.checks import CHECKS
from surveys.domain.inputs.figures import KEYS
from surveys.domain.inputs.files import RowReader
from surveys.models.inputs import Event, Figure

# Columns that name rows of other tables.
LINKS = ("product", "customer", "category")
# Customers of a row are told by these.
CUSTOMER = ("customer", "customer_ref")


@dataclass(slots=True)
class Ready:
    """A row to be stored. `values` by field, rows of other tables still as planned; `key` tells
    it from others; `products` and `cases` are linked afterwards; `replaces` is the current
    revision of a figure that says something else, `revision` the next number."""

    row: int
    values: dict[str, Any]
    key: Any
    products: tuple[Planned[Any], ...] = ()
    cases: tuple[int, ...] = ()
    replaces: int | None = None
    revision: int = 1


class Finder:
    """Finds what drafts name. Everything is read in chunks: statements grow by hundreds of rows."""

    def __init__(
        self, drafts: list[Draft], *, reader: RowReader, mapping: Mapping, by: User
    ) -> None:
        self.reader, self.kind, self.mapping = reader, reader.kind, mapping
        columns, create = self.kind.columns, mapping.create
        self.products = Products(create="product" in create)
        self.categories = (
            Entries(Category, create="category" in create) if "category" in columns else None
        )
        asked = drafts if "customer" in columns else []
        self.customers = Customers(asked, by=by, create="customer" in create)
        self.customer_of: dict[tuple[str, ...], Planned[Any]] = {}
        self.cases = visible_cases(drafts, by)

    def ready(self, draft: Draft) -> Ready | None:
        """The row as it will be stored; None, with the reasons in the draft, where it may not."""
        values = dict(draft.values)
        found = self.links(draft, values)
        cases = self.linked_cases(draft, values)
        if draft.problems:
            return None
        problems = Problems()
        stored = CHECKS[self.kind.kind](problems, {**values, **found})
        if self.kind.is_event:
            reference = values.get("external_ref", "")
            reference = problems.text("external_ref", reference, most=100, lines=False)
            stored |= {"source": self.mapping.source, "external_ref": reference or draft.print}
        for column, messages in problems.found.items():
            self.reader.wrong(draft, column, messages[0])
        if draft.problems:
            return None
        if "case" in self.kind.columns:
            stored["case_id"] = cases[0] if cases else None
        key = (
            stored["external_ref"]
            if self.kind.is_event
            else tuple(stored[name] for name in KEYS[self.kind.kind])
        )
        return Ready(draft.rows[0], stored, key, found.get("products", ()), cases)

    def links(self, draft: Draft, values: dict[str, Any]) -> dict[str, Any]:
        """Products, customer and category of a row; taken out of the values."""
        found: dict[str, Any] = {}
        named = {column: values.pop(column) for column in (*LINKS, "products") if column in values}
        reference = values.pop("customer_ref", "")
        try:
            if named.get("customer") or reference:
                found["customer"] = self.customer(draft)
        except ValueError as error:
            self.reader.wrong(draft, "customer", error)
        for column in ("product", "category", "products"):
            try:
                if column == "products" and column in named:
                    found[column] = tuple(map(self.products.find, named[column]))
                elif column in named:
                    entries = self.products if column == "product" else self.categories
                    assert entries is not None
                    found[column] = entries.find(named[column])
            except ValueError as error:
                self.reader.wrong(draft, column, error)
        return found

    def customer(self, draft: Draft) -> Planned[Any]:
        """A file has few customers and very many rows of each."""
        key = tuple(draft.get(column) for column in CUSTOMER)
        if key not in self.customer_of:
            # Should they have to be made: who buys from us month by month is a direct customer.
            draft.values.setdefault("customer_type", CustomerType.DIRECT)
            self.customer_of[key] = self.customers.find(draft)
        return self.customer_of[key]

    def linked_cases(self, draft: Draft, values: dict[str, Any]) -> tuple[int, ...]:
        column = "cases" if "cases" in self.kind.columns else "case"
        keys = []
        for number in case_numbers(values.pop(column, ())):
            if number in self.cases:
                keys.append(self.cases[number])
            else:
                reason = _("There is no case %(number)s that you may see.")
                self.reader.wrong(draft, column, reason % {"number": shown(number)})
        return tuple(dict.fromkeys(keys))


def case_numbers(given: Any) -> tuple[str, ...]:
    found = (given,) if isinstance(given, str) else given
    return tuple(number.strip().upper() for number in found if number.strip())


def visible_cases(drafts: Iterable[Draft], by: User) -> dict[str, int]:
    """Number → key of the cases that rows name and the importer may see."""
    numbers = {
        number
        for draft in drafts
        for column in ("case", "cases")
        for number in case_numbers(draft.get(column, ()))
    }
    found: dict[str, int] = {}
    for chunk in chunks(sorted(numbers)):
        rows = Case.objects.visible_to(by).filter(number__in=chunk)
        found |= dict(rows.values_list("number", "pk"))
    return found


# ---------------------------------------------------------------------------- what is there
class There:
    """Events of one source that are there: they are never changed by an import."""

    def __init__(self, model: type[Event], ready: Iterable[Ready], source: str) -> None:
        self.known: set[str] = set()
        for chunk in chunks(sorted(one.key for one in ready)):
            rows = model._default_manager.filter(source=source, external_ref__in=chunk)
            self.known.update(rows.values_list("external_ref", flat=True))

    def holds(self, one: Ready) -> bool:
        return one.key in self.known


class Figures:
    """All revisions of the months that a file speaks of: one statement for each month."""

    def __init__(self, model: type[Figure], ready: Iterable[Ready]) -> None:
        self.names = KEYS[model.KIND]
        self.last: dict[tuple[Any, ...], int] = {}
        self.current: dict[tuple[Any, ...], tuple[int, dict[str, Any]]] = {}
        parts = [name if name == "month" else f"{name}_id" for name in self.names]
        fields = [field.name for field in model._meta.local_concrete_fields]
        self.figures = [
            name for name in ("delivered", "inspected", "defective", "unit", "quantity", "amount")
            if name in fields
        ]  # fmt: skip
        months: set[date] = {one.values["month"] for one in ready}
        for month in sorted(months):
            rows = model._default_manager.filter(month=month)
            names = ("pk", "revision", "is_current", *parts, *self.figures)
            for pk, revision, is_current, *rest in rows.values_list(*names).iterator(2000):
                key, figures = tuple(rest[: len(parts)]), rest[len(parts) :]
                self.last[key] = max(revision, self.last.get(key, 0))
                if is_current:
                    self.current[key] = pk, dict(zip(self.figures, figures, strict=True))

    def holds(self, one: Ready) -> bool:
        """Whether the row says what is there; else it knows now what it replaces."""
        key = tuple(key_of(part) for part in one.key)
        one.revision = self.last.get(key, 0) + 1
        if key not in self.current:
            return False
        pk, figures = self.current[key]
        if all(one.values[name] == value for name, value in figures.items()):
            return True
        one.replaces = pk
        return False


def key_of(part: Any) -> Any:
    """The key of a row of another table; nobody has figures of one that is still to be made."""
    if not isinstance(part, Planned):
        return part
    return part if part.found is None else part.found.pk
