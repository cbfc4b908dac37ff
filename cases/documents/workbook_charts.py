"""Native charts of a workbook, drawn over a sheet that shows their numbers."""

from dataclasses import dataclass, field
from typing import Any

from cases.documents import charts
from cases.documents.blocks import Chart, Figure, Series, as_text
from cases.documents.workbook_sheets import LONGEST, Book, address

WIDTH, ROW = 640, 20
MOST_LABELS = 48


@dataclass
class Numbers:
    """The sheet of the numbers: each chart has a table on it, one below the other."""

    name: str
    rows: int = 2
    waiting: list[tuple[int, Chart]] = field(default_factory=list)

    def place(self, chart: Chart) -> tuple[str, int]:
        """Keep room; (sheet, row of the headings)."""
        at = self.rows + 1
        self.waiting.append((at, chart))
        self.rows = at + len(chart.categories) + 2
        return self.name, at

    def write(self, made: Book) -> None:
        sheet = made.sheet(self.name, frozen=0)
        sheet.set_column(0, 0, 36)
        sheet.set_column(1, 12, 16)
        sheet.write_string(0, 0, self.name, made.look("bold"))
        sheet.write_url(0, 1, address(made.cover), made.look("link"), f"← {made.cover}")
        for at, chart in self.waiting:
            table = charts.data(chart)
            sheet.write_string(at - 1, 0, chart.title[:LONGEST], made.look("bold"))
            for column, text in enumerate(table.headings):
                sheet.write_string(at, column, text[:LONGEST], made.look("head"))
            for row, cells in enumerate(table.rows, start=at + 1):
                for column, cell in enumerate(cells):
                    if not isinstance(cell, Figure):
                        sheet.write_string(row, column, as_text(cell)[:LONGEST], made.look("cell"))
                    elif cell.value is not None:
                        sheet.write_number(row, column, float(cell.value), made.look("cell"))


def insert(
    made: Book, sheet: Any, chart: Chart, data: tuple[str, int], *, at: tuple[int, int]
) -> int:
    """Put the chart there; how many rows it covers."""
    if not chart.categories:
        return 0
    drawn = made.book.add_chart(kind_of(chart))
    shown = [one for one in chart.series if one.manner != "hidden"]
    for column, one in enumerate(chart.series, start=1):
        turn = shown.index(one) if one in shown else 0
        drawn.add_series({**ranges(data, column, chart), **look(chart, one, turn)})
    if chart.line:
        across = made.book.add_chart({"type": "line"})
        line = {"color": f"#{charts.LINE}", "width": 1.25, "dash_type": "dash"}
        column = len(chart.series) + 1
        across.add_series({**ranges(data, column, chart), "line": line, "marker": {"type": "none"}})
        drawn.combine(across)
    height = height_of(chart)
    dress(drawn, chart, height)
    sheet.insert_chart(*at, drawn, {"description": chart.title[:255], "object_position": 2})
    return height // ROW + 2


def kind_of(chart: Chart) -> dict[str, str]:
    if chart.kind == "stacked":
        return {"type": "column", "subtype": "stacked"}
    return {"type": {"columns": "column", "bars": "bar", "line": "line"}[chart.kind]}


def height_of(chart: Chart) -> int:
    if chart.kind != "bars":
        return 320
    return min(1600, 110 + len(chart.categories) * (10 + 12 * len(chart.series)))


def ranges(data: tuple[str, int], column: int, chart: Chart) -> dict[str, Any]:
    name, head = data
    last = head + len(chart.categories)
    return {
        "name": [name, head, column],
        "categories": [name, head + 1, 0, last, 0],
        "values": [name, head + 1, column, last, column],
    }


def look(chart: Chart, one: Series, turn: int) -> dict[str, Any]:
    """The same colours, hatching, dashes and marks as on paper."""
    if one.manner == "hidden":
        return {"fill": {"none": True}, "border": {"none": True}}
    labels = {"data_labels": labelled(chart, one)} if has_room(chart) else {}
    if chart.kind == "line":
        dash, sign = charts.DASHES[turn % len(charts.DASHES)]
        colour = f"#{charts.LINES[turn % len(charts.LINES)]}"
        dashes = {"solid": "solid", "sysDot": "round_dot", "dashDot": "dash_dot"}
        mark = {"type": sign, "size": 6, "fill": {"color": colour}, "border": {"color": colour}}
        line = {"color": colour, "width": 1.75, "dash_type": dashes.get(dash, dash)}
        return {"line": line, "marker": mark, **labels}
    colour = f"#{charts.colour(one, turn)}"
    border: dict[str, Any] = {"border": {"color": f"#{charts.COLOURS[0]}", "width": 0.5}, "gap": 60}
    if chart.kind in {"columns", "bars"}:
        border["overlap"] = 0
    if one.manner == "fall":
        pattern = {"pattern": "wide_upward_diagonal", "fg_color": colour, "bg_color": "#FFFFFF"}
        return {"pattern": pattern, **border, **labels}
    return {"fill": {"color": colour}, **border, **labels}


def has_room(chart: Chart) -> bool:
    return len(chart.categories) * len(chart.series) <= MOST_LABELS


def labelled(chart: Chart, one: Series) -> dict[str, Any]:
    code = charts.number_format(one)
    if one.manner == "fall":
        code = f'"\N{MINUS SIGN}"{code};"\N{MINUS SIGN}"{code}'
    at = {"line": "above", "stacked": "center"}.get(chart.kind, "outside_end")
    ground = {"fill": {"color": "#FFFFFF"}} if chart.kind == "stacked" else {}
    return {"value": True, "num_format": code, "font": {"size": 8}, "position": at, **ground}


def dress(drawn: Any, chart: Chart, height: int) -> None:
    """Title, scale, legend and size."""
    size = charts.scale(chart)
    drawn.set_title({"name": chart.title, "name_font": {"size": 11, "bold": True}})
    values = {
        "min": float(size.low),
        "max": float(size.high),
        "major_unit": float(size.step),
        "num_font": {"size": 8},
        "line": {"none": True},
        "major_gridlines": {"visible": True, "line": {"color": "#D9DEE5", "width": 0.5}},
    }
    if chart.unit:
        values |= {"name": chart.unit, "name_font": {"size": 8, "bold": False}}
    names: dict[str, Any] = {"num_font": {"size": 8}, "label_position": "low"}
    if chart.kind == "bars":
        # The first on top. XlsxWriter names axes by where they lie: y has the categories.
        drawn.set_y_axis({**names, "reverse": True, "crossing": "max"})
        drawn.set_x_axis(values)
    else:
        drawn.set_x_axis(names)
        drawn.set_y_axis(values)
    if charts.needs_legend(chart):
        gone = [at for at, one in enumerate(chart.series) if one.manner == "hidden"]
        drawn.set_legend({"position": "bottom", "font": {"size": 8}, "delete_series": gone})
    else:
        drawn.set_legend({"none": True})
    drawn.set_size({"width": WIDTH, "height": height})
    drawn.show_blanks_as("gap")
