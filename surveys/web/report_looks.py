"""How a report's tables, figures and way are drawn."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from surveys.domain.reports.content import Cell, Column, Figure, Row, Table, Words
from surveys.domain.reports.files import signatures
from surveys.enums import Mark, ReportState as S
from surveys.models import AnalysisReport

LOOKS: dict[str, tuple[str, str]] = {
    S.NEW: ("grey", "circle-dashed"),
    S.DRAFT: ("blue", "pencil"),
    S.REVIEW: ("amber", "hourglass"),
    S.APPROVAL: ("amber", "hourglass"),
    S.FROZEN: ("green", "circle-check"),
    S.DROPPED: ("grey", "circle-x"),
}
MARKS: dict[str, Any] = dict(Mark.choices)
ICONS: dict[str, str] = {
    Mark.QUESTIONNAIRE_CHANGED: "alert-triangle",
    Mark.INSIDE_INTERVAL: "arrows-exchange",
    Mark.NOT_REPRESENTATIVE: "alert-circle",
    Mark.BELOW_MINIMUM: "eye-off",
    Mark.PROVISIONAL: "hourglass",
    Mark.SAMPLED: "info-circle",
}
# Columns with a bar beside the figure: what is drawn where the table has a chart of it.
BARS = frozenset({"score", "percent"})


@dataclass(frozen=True)
class CellShown:
    """A cell as the template prints it. `bar` is its length in per cent, where one is drawn."""

    text: str
    link: str
    label: str
    is_figure: bool
    marks: tuple[tuple[str, Any], ...] = ()
    interval: str = ""
    bar: str = ""
    is_number: bool = False
    is_none: bool = False


def look(report: AnalysisReport) -> dict[str, Any]:
    tone, icon = LOOKS[report.state]
    return {"label": report.get_state_display(), "tone": tone, "icon": icon}


def table(one: Table) -> dict[str, Any]:
    drawn = {name for chart in one.charts for name in chart.values}
    longest = {
        column.key: widest(one, place)
        for place, column in enumerate(one.columns)
        if column.key in drawn and column.kind in BARS | {"count"}
    }
    return {
        "key": one.key,
        "title": one.title.label,
        "columns": one.columns,
        "rows": [row(line, one.columns, longest) for line in one.rows],
        "note": one.note.label,
        "empty": one.empty.label,
    }


def widest(one: Table, place: int) -> float:
    """Scores and rates are drawn on their scale, counts against the largest of them."""
    if one.columns[place].kind in BARS:
        return 100.0
    return max((number(line.cells[place]) for line in one.rows), default=0.0) or 1.0


def number(cell: Cell) -> float:
    return float(cell.value) if isinstance(cell, Figure) and cell.value else 0.0


def row(line: Row, columns: tuple[Column, ...], longest: dict[str, float]) -> dict[str, Any]:
    return {
        "key": line.key,
        "level": line.level,
        "cells": [
            shown(value, column, longest) for column, value in zip(columns, line.cells, strict=True)
        ],
    }


def shown(value: Cell, column: Column, longest: dict[str, float]) -> CellShown:
    if isinstance(value, Words):
        return CellShown(
            value.label, value.link, column.title.label, is_figure=False,
            is_number=column.kind != "text",
        )  # fmt: skip
    size = longest.get(column.key)
    bar = f"{100 * number(value) / size:.1f}" if size and value.value is not None else ""
    return CellShown(
        printed(value),
        value.link if value.value is not None else "",
        column.title.label,
        is_figure=True,
        marks=tuple((ICONS.get(one, "info-circle"), MARKS.get(one, one)) for one in value.marks),
        interval="–".join(value.interval) if value.interval else "",
        bar=bar if column.key in ("score", "rate", "now") else "",
        is_none=value.value is None and not value.marks,
    )


def printed(value: Cell) -> str:
    """With a minus as it is printed."""
    return str(value).replace("-", "−", 1) if isinstance(value, Figure) else value.label


# ---------------------------------------------------------------------------- the way
@dataclass(frozen=True)
class Stop:
    """A station of the way. `state`: "done", "here", "ahead" or "skipped"."""

    title: str
    state: str
    who: str = ""
    at: Any = None
    meaning: str = ""


def way(report: AnalysisReport) -> list[Stop]:
    """Draft → management representative → general manager → frozen: who has signed."""
    order = [S.DRAFT, S.REVIEW, S.APPROVAL, S.FROZEN]
    here = order.index(report.state) if report.state in order else -1
    signed = {one.by_id: one for one in signatures(report)}
    stops = [station(_("Draft"), 0, here, who=report.created_by.name, at=report.created_at)]
    for place, title, person in (
        (1, _("Management representative"), report.reviewed_by),
        (2, _("General manager"), report.released_by),
    ):
        row = signed.get(person.pk) if person and here > place else None
        if place == 2 and (not report.is_important or (report.is_frozen and row is None)):
            stops.append(Stop(title, "skipped", _("Nothing is marked important")))
        elif row is None:
            stops.append(station(title, place, here))
        else:
            stops.append(station(title, place, here, row.name, row.at, row.label))
    stops.append(station(_("Frozen"), 3, here + (here == 3), at=report.frozen_at))
    return stops


def station(
    title: str, place: int, here: int, who: str = "", at: Any = None, meaning: str = ""
) -> Stop:
    state = "done" if place < here else "here" if place == here else "ahead"
    return Stop(title, state, who, at, meaning)
