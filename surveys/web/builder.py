"""What the builder sends, as a document: typed, added to, moved, removed; nothing checked yet.

The names of its controls say where a value stands: `items-0-subitems-2-weight`. Every button
sends the whole form, so that whatever happens everything typed is there to be shown again.
"""

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from surveys.domain.question_keys import Earlier
from surveys.domain.questionnaires import USUAL

TEXTS = ("intro", "intro_en", "thanks", "thanks_en")
ROW = ("key", "name", "name_en")
FIELDS: dict[str, tuple[str, ...]] = {
    "items": (*ROW, "weight"),
    "subitems": (*ROW, "weight", "reason_below", "if", "most"),
    "open": (*ROW, "if", "most"),
}
HEAD = ("code", "kind", "title", "title_en")
# Django reads at most 1000 controls of one form; what is larger is kept as a file.
MOST_CONTROLS = 960
HIGH = "high"
_PLACE = re.compile(r"(items|open)(?:\.(\d{1,3})(?:\.(subitems)(?:\.(\d{1,3}))?)?)?", re.ASCII)
_HIGH = re.compile(r"([a-z])([0-9]{1,5})", re.ASCII)

Row = dict[str, Any]


@dataclass
class Typed:
    """A questionnaire in the builder. `highest` are the numbers of keys already given away."""

    head: dict[str, str]
    document: dict[str, Any]
    highest: dict[str, int] = field(default_factory=dict)
    # The row that a button has just made or moved.
    at: str = ""

    def above(self, earlier: Earlier) -> Earlier:
        """Keys as they are known, and those that were given away on this page alone."""
        letters = {*earlier.highest, *self.highest}
        return Earlier(
            used=earlier.used,
            highest={
                one: max(earlier.highest.get(one, 0), self.highest.get(one, 0)) for one in letters
            },
        )


def read(post: QueryDict) -> Typed:
    """What was typed. Anything may come in; what is wrong with it is found by the command."""
    document: dict[str, Any] = {
        "labels": post.get("labels", ""),
        "reason_below": post.get("reason_below", ""),
        **{name: post.get(name, "") for name in TEXTS},
        "items": read_rows(post, "items", "items"),
        "open": read_rows(post, "open", "open"),
    }
    for number, item in enumerate(document["items"]):
        item["subitems"] = read_rows(post, f"items-{number}-subitems", "subitems")
    pairs = (_HIGH.fullmatch(word) for word in post.get(HIGH, "")[:60].split())
    highest = {pair[1]: int(pair[2]) for pair in pairs if pair}
    return Typed({name: post.get(name, "") for name in HEAD}, document, highest)


def read_rows(post: QueryDict, prefix: str, table: str) -> list[Row]:
    """Rows are numbered from 0 without a gap, as the page wrote them."""
    rows: list[Row] = []
    while f"{prefix}-{len(rows)}-name" in post:
        typed = {name: post.get(f"{prefix}-{len(rows)}-{name}", "") for name in FIELDS[table]}
        rows.append(row_of(typed))
    return rows


def row_of(typed: Mapping[str, str]) -> Row:
    """A row of the document: what may be left out and was is left out."""
    row: Row = {name: typed[name] for name in (*ROW, "weight") if name in typed}
    if typed.get("reason_below"):
        row["reason_below"] = typed["reason_below"]
    if typed.get("if"):
        row["show_if"] = {"key": typed["if"], "at_most": typed.get("most", "")}
    return row


def controls(document: Any) -> int:
    """How many controls the builder needs for a document."""
    items = document.get("items", [])
    asked = sum(len(item.get("subitems", [])) for item in items)
    return (
        20
        + len(items) * len(FIELDS["items"])
        + asked * len(FIELDS["subitems"])
        + len(document.get("open", [])) * len(FIELDS["open"])
    )


# ---------------------------------------------------------------------------- buttons
def press(typed: Typed, button: str) -> None:
    """Carry out what a button says: add:items, remove:open.0, up:items.1.subitems.0, …

    What leads nowhere does nothing: two pages of one person may differ.
    """
    what, _colon, place = button.partition(":")
    found = _PLACE.fullmatch(place)
    if found is None or what not in BUTTONS:
        return
    table, first, below, second = found.groups()
    if below is None:
        typed.at = BUTTONS[what](([typed.document], 0, table), first) or typed.at
    elif table == "items" and int(first) < len(typed.document["items"]):
        where = (typed.document["items"], int(first), below)
        typed.at = BUTTONS[what](where, second) or typed.at


Where = tuple[list[Row], int, str]


def rows_at(where: Where) -> list[Row]:
    above, number, table = where
    rows: list[Row] = above[number].setdefault(table, [])
    return rows


def address(where: Where, number: int) -> str:
    """The place of a row: "items.1.subitems.0"."""
    _above, above, table = where
    return f"items.{above}.subitems.{number}" if table == "subitems" else f"{table}.{number}"


def add(where: Where, _number: str | None) -> str:
    rows = rows_at(where)
    table = where[2]
    row: Row = dict.fromkeys(ROW, "")
    if table != "open":
        row["weight"] = USUAL[table]["weight"]
    if table == "items":
        row["subitems"] = [{**dict.fromkeys(ROW, ""), "weight": "1"}]
    rows.append(row)
    return address(where, len(rows) - 1)


def remove(where: Where, number: str | None) -> str:
    rows = rows_at(where)
    if number is None or int(number) >= len(rows):
        return ""
    del rows[int(number)]
    return address(where, min(int(number), len(rows) - 1)) if rows else ""


def up(where: Where, number: str | None) -> str:
    return move(where, number, -1)


def down(where: Where, number: str | None) -> str:
    return move(where, number, 1)


def move(where: Where, number: str | None, by: int) -> str:
    """One place on; a sub-item at the edge of its item goes over into the next one."""
    rows = rows_at(where)
    if number is None or int(number) >= len(rows):
        return ""
    at, to = int(number), int(number) + by
    if 0 <= to < len(rows):
        rows[at], rows[to] = rows[to], rows[at]
        return address(where, to)
    above, item, table = where
    if table == "subitems" and 0 <= item + by < len(above):
        target = (above, item + by, table)
        others = rows_at(target)
        others.insert(0 if by > 0 else len(others), rows.pop(at))
        return address(target, 0 if by > 0 else len(others) - 1)
    return address(where, at)


BUTTONS = {"add": add, "remove": remove, "up": up, "down": down}


def opened(document: Any, head: Mapping[str, str]) -> Typed:
    """A stored document, ready to be changed."""
    return Typed({name: head.get(name, "") for name in HEAD}, deepcopy(document))
