"""On which line of a TOML file a value stands: the standard library does not say.

Read line by line, as our own files are written: headings and `name = value`. What stands inside
an inline table or list is found at the line it begins on.
"""

import re

_HEADING = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\-\s]+?)\s*\]\]?\s*(#.*)?$")
_VALUE = re.compile(r"^\s*([A-Za-z0-9_-]+)\s*=")


def places(text: str) -> dict[str, int]:
    """{"items.0.subitems.1.weight": 14}: the line of each heading and value, from 1."""
    found: dict[str, int] = {}
    rows: dict[str, int] = {}
    path = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if heading := _HEADING.match(line):
            path = opened(rows, re.sub(r"\s", "", heading[2]), is_row=heading[1] == "[[")
            found.setdefault(path, number)
        elif value := _VALUE.match(line):
            found.setdefault(f"{path}.{value[1]}" if path else value[1], number)
    return found


def opened(rows: dict[str, int], name: str, *, is_row: bool) -> str:
    """The place a heading opens: [[items.subitems]] is the next one of the last item."""
    place = ""
    parts = name.split(".")
    for depth, part in enumerate(parts, start=1):
        place = f"{place}.{part}" if place else part
        if is_row and depth == len(parts):
            rows[place] = rows.get(place, -1) + 1
        if place in rows:
            place = f"{place}.{rows[place]}"
    return place


def nearest(lines: dict[str, int], place: str) -> int | None:
    """The line of a place, or of what it stands in."""
    while place:
        if place in lines:
            return lines[place]
        place = place.rpartition(".")[0]
    return None
