"""Questionnaires as documents: items, sub-items, weights, conditions.

A document is what a version stores and what a TOML file holds (docs/files.md):

    labels = "five" | "basic"          which five-level labeling is printed
    reason_below = 3                   levels below it ask for a reason; 0 asks never
    intro, intro_en, thanks, thanks_en
    [[items]]  key, name, name_en, weight
      [[items.subitems]]  key, name, name_en, weight, reason_below (optional),
                          show_if = {key = "…", at_most = 3} (optional)
    [[open]]   key, name, name_en, show_if (optional)
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy

from surveys.domain.keys import is_key
from surveys.domain.policy import Named, Reader

MOST_ITEMS = 30
MOST_SUBITEMS = 120
# The two labelings that occur, from 5 to 1.
LABELS: dict[str, dict[str, Any]] = {
    "five": {
        "5": gettext_lazy("Very satisfied"),
        "4": gettext_lazy("Rather satisfied"),
        "3": gettext_lazy("Satisfied"),
        "2": gettext_lazy("Dissatisfied"),
        "1": gettext_lazy("Very dissatisfied"),
    },
    "basic": {
        "5": gettext_lazy("Very satisfied"),
        "4": gettext_lazy("Satisfied"),
        "3": gettext_lazy("Basically satisfied"),
        "2": gettext_lazy("Dissatisfied"),
        "1": gettext_lazy("Very dissatisfied"),
    },
}


@dataclass(frozen=True)
class Condition:
    """Asked only when the earlier sub-item `key` was answered with `at_most` or worse."""

    key: str
    at_most: int

    def met(self, answers: dict[str, str]) -> bool:
        """`answers` maps keys to levels "5" to "1", "-" or nothing."""
        level = answers.get(self.key, "")
        return level in set("12345") and int(level) <= self.at_most


@dataclass(frozen=True)
class SubItem(Named):
    """One question on the five-level scale. `reason_below`: levels below it ask why."""

    key: str
    weight: Decimal
    reason_below: int = 0
    show_if: Condition | None = None


@dataclass(frozen=True)
class Item(Named):
    key: str
    weight: Decimal
    subitems: tuple[SubItem, ...] = ()


@dataclass(frozen=True)
class OpenQuestion(Named):
    """A question answered in words."""

    key: str
    show_if: Condition | None = None


@dataclass(frozen=True)
class Form:
    """A questionnaire, read. The order of `subitems` is the order of characters in
    Response.levels."""

    labels: str
    items: tuple[Item, ...]
    open: tuple[OpenQuestion, ...]
    texts: dict[str, str] = field(default_factory=dict)

    @cached_property
    def subitems(self) -> tuple[SubItem, ...]:
        return tuple(sub for item in self.items for sub in item.subitems)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return tuple(sub.key for sub in self.subitems)

    @property
    def width(self) -> int:
        return len(self.keys)

    def label(self, level: str) -> Any:
        return LABELS[self.labels][level]

    def text(self, name: str) -> str:
        """intro or thanks in the reader's language."""
        return Named(self.texts.get(name, ""), self.texts.get(f"{name}_en", "")).label


def read(document: Any) -> Form:
    """The questionnaire of a document. Raises ValidationError with every problem, by field."""
    given = document if isinstance(document, dict) else {}
    reader = Reader()
    labels = given.get("labels", "five")
    if not isinstance(labels, str) or labels not in LABELS:
        reader.add("labels", _("There is no such labeling."))
        labels = "five"
    below = reader.whole("reason_below", given.get("reason_below", 3), least=0, most=6)
    items = tuple(
        read_item(reader, f"items.{number}", row, below)
        for number, row in enumerate(reader.rows("items", given.get("items"), most=MOST_ITEMS))
    )
    questions = tuple(
        read_open(reader, f"open.{number}", row)
        for number, row in enumerate(reader.rows("open", given.get("open", []), most=20))
    )
    texts = {
        name: reader.text(name, given.get(name, ""), most=1000, needed=False)
        for name in ("intro", "intro_en", "thanks", "thanks_en")
    }
    form = Form(labels, items, questions, texts)
    check_whole(reader, form)
    reader.check()
    return form


def read_item(reader: Reader, place: str, row: dict[str, Any], below: int) -> Item:
    rows = reader.rows(f"{place}.subitems", row.get("subitems"), most=MOST_SUBITEMS)
    return Item(
        key=read_key(reader, place, row),
        name=reader.text(f"{place}.name", row.get("name")),
        name_en=reader.text(f"{place}.name_en", row.get("name_en"), needed=False),
        weight=read_weight(reader, place, row),
        subitems=tuple(
            read_subitem(reader, f"{place}.subitems.{number}", sub, below)
            for number, sub in enumerate(rows)
        ),
    )


def read_subitem(reader: Reader, place: str, row: dict[str, Any], below: int) -> SubItem:
    return SubItem(
        key=read_key(reader, place, row),
        name=reader.text(f"{place}.name", row.get("name"), most=200),
        name_en=reader.text(f"{place}.name_en", row.get("name_en"), most=200, needed=False),
        weight=read_weight(reader, place, row),
        reason_below=reader.whole(
            f"{place}.reason_below", row.get("reason_below", below), least=0, most=6
        ),
        show_if=read_condition(reader, place, row.get("show_if")),
    )


def read_open(reader: Reader, place: str, row: dict[str, Any]) -> OpenQuestion:
    return OpenQuestion(
        key=read_key(reader, place, row),
        name=reader.text(f"{place}.name", row.get("name"), most=200),
        name_en=reader.text(f"{place}.name_en", row.get("name_en"), most=200, needed=False),
        show_if=read_condition(reader, place, row.get("show_if")),
    )


def read_key(reader: Reader, place: str, row: dict[str, Any]) -> str:
    key = row.get("key")
    if not is_key(key):
        reader.add(f"{place}.key", _("A key has small letters, digits and _ only."))
    return str(key)


def read_weight(reader: Reader, place: str, row: dict[str, Any]) -> Decimal:
    weight = reader.figure(f"{place}.weight", row.get("weight", "1"), most=Decimal(1000))
    if weight == 0:
        reader.add(f"{place}.weight", _("A weight must be greater than 0."))
    return weight


def read_condition(reader: Reader, place: str, value: Any) -> Condition | None:
    if value is None:
        return None
    given = value if isinstance(value, dict) else {}
    most = reader.whole(f"{place}.show_if", given.get("at_most"), least=1, most=5)
    return Condition(str(given.get("key", "")), most)


def check_whole(reader: Reader, form: Form) -> None:
    """Keys are unique, every item asks something, conditions look back."""
    if not form.items:
        reader.add("items", _("A questionnaire needs at least one item."))
    for number, item in enumerate(form.items):
        if not item.subitems:
            reader.add(f"items.{number}", _("An item needs at least one sub-item."))
    if form.width > MOST_SUBITEMS:
        reader.add("items", _("At most %(most)s sub-items.") % {"most": MOST_SUBITEMS})
    seen: set[str] = set()
    asked: set[str] = set()
    for place, row in placed(form):
        if row.key in seen:
            reader.add(f"{place}.key", _("Each key stands once."))
        seen.add(row.key)
        condition = None if isinstance(row, Item) else row.show_if
        if condition is not None and condition.key not in asked:
            reader.add(f"{place}.show_if",
                       _("“%(name)s” depends on a question that does not come before it.")
                       % {"name": row.label})  # fmt: skip
        if isinstance(row, SubItem):
            asked.add(row.key)


def placed(form: Form) -> Iterator[tuple[str, Item | SubItem | OpenQuestion]]:
    """Every row with its place in the document, in the order in which it is asked."""
    for number, item in enumerate(form.items):
        yield f"items.{number}", item
        for below, subitem in enumerate(item.subitems):
            yield f"items.{number}.subitems.{below}", subitem
    for number, question in enumerate(form.open):
        yield f"open.{number}", question


# ---------------------------------------------------------------------------- writing
# What a document keeps, in the order in which a file has it.
KEPT: dict[str, tuple[str, ...]] = {
    "": ("labels", "reason_below", "intro", "intro_en", "thanks", "thanks_en", "items", "open"),
    "items": ("key", "name", "name_en", "weight", "subitems"),
    "subitems": ("key", "name", "name_en", "weight", "reason_below", "show_if"),
    "open": ("key", "name", "name_en", "show_if"),
    "show_if": ("key", "at_most"),
}
USUAL: dict[str, dict[str, Any]] = {
    "": {"labels": "five", "reason_below": 3},
    "items": {"weight": "1"},
    "subitems": {"weight": "1"},
}
_WHOLE = {"reason_below", "at_most"}


def tidy(document: dict[str, Any], table: str = "") -> dict[str, Any]:
    """A document that has been read, as it is stored: known names in their order, figures as
    decimal strings, nothing empty. The same questionnaire is always the same document."""
    found = {}
    given = {**USUAL.get(table, {}), **document}
    for name in KEPT[table]:
        value = given.get(name)
        if isinstance(value, list):
            value = [tidy(row, name) for row in value]
        elif isinstance(value, dict):
            value = tidy(value, name)
        elif value is not None and name in _WHOLE:
            value = int(Decimal(str(value)))
        elif value is not None:
            text = str(value).strip()
            value = format(Decimal(text), "f") if name == "weight" else text
        if value not in ("", None, []):
            found[name] = value
    return found
