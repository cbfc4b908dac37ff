"""Charts of a Word document: native parts with a workbook inside, so that they can be edited."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Mm

from cases.documents import charts
from cases.documents.blocks import Chart, Figure, Series, Table, as_text

CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
INLINE = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FACES = ("Arial", "黑体")  # chinese: the font's own name
INK, GREY = "1F2933", "A5A5A5"
HEIGHT = 70
# More bars than these have no room for their values.
MOST_LABELS = 24


def add(made: WordDocument, chart: Chart, *, width: float) -> None:
    """A paragraph with the chart in it; `width` in millimetres."""
    package = made.part.package
    number = 1 + sum("/charts/chart" in str(part.partname) for part in package.iter_parts())
    part = Part(PackURI(f"/word/charts/chart{number}.xml"), CHART_TYPE, b"", package)
    book = PackURI(f"/word/embeddings/chart{number}.xlsx")
    inside = part.relate_to(
        Part(book, SHEET_TYPE, workbook(chart), package), RELATIONSHIP_TYPE.PACKAGE
    )
    part._blob = xml(chart, inside).encode()
    relation = made.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    paragraph = made.add_paragraph()
    size = f'cx="{Mm(width)}" cy="{Mm(height(chart))}"'
    drawing = (
        f'<w:drawing xmlns:w="{WORD}" xmlns:wp="{INLINE}" xmlns:a="{DRAWING}" xmlns:c="{CHART}"'
        f' xmlns:r="{RELATIONS}"><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent {size}/><wp:docPr id="{1000 + number}" name="Chart {number}"'
        f" descr={quoteattr(chart.title)}/><wp:cNvGraphicFramePr/>"
        f'<a:graphic><a:graphicData uri="{CHART}"><c:chart r:id="{relation}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
    paragraph.add_run()._r.append(parse_xml(drawing))


def height(chart: Chart) -> float:
    """Lying bars need a line each."""
    if chart.kind != "bars":
        return HEIGHT
    return min(220, 22 + len(chart.categories) * (4 + 3.5 * len(chart.series)))


def workbook(chart: Chart) -> bytes:
    """What opens when somebody edits the data: categories in A, a series in each column."""
    out, table = BytesIO(), charts.data(chart)
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("Sheet1")
    sheet.set_column(0, 0, 24)
    for column, text in enumerate(table.headings):
        sheet.write_string(0, column, text)
    for row, cells in enumerate(table.rows, start=1):
        for column, cell in enumerate(cells):
            if isinstance(cell, Figure):
                if cell.value is not None:
                    sheet.write_number(row, column, float(cell.value))
            else:
                sheet.write_string(row, column, as_text(cell))
    book.set_properties({"created": charts.FIXED})
    book.close()
    return out.getvalue()


# ---------------------------------------------------------------------------- XML
def xml(chart: Chart, inside: str) -> str:
    """The chart part; `inside` is the relation to its workbook."""
    table = charts.data(chart)
    shown = [one for one in chart.series if one.manner != "hidden"]
    places = {id(one): turn for turn, one in enumerate(shown)}
    drawn = [
        series(chart, one, column, places.get(id(one), 0), table)
        for column, one in enumerate(chart.series, start=1)
    ]
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<c:chartSpace xmlns:c="{CHART}" xmlns:a="{DRAWING}" xmlns:r="{RELATIONS}">'
        '<c:date1904 val="0"/><c:roundedCorners val="0"/><c:chart>'
        f'{title(chart.title)}<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>'
        f"{plot(chart, drawn)}{reference(chart, table)}{axes(chart)}</c:plotArea>"
        f'{legend(chart)}<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f"<c:spPr>{solid('FFFFFF')}<a:ln><a:noFill/></a:ln></c:spPr>{words(8)}"
        f'<c:externalData r:id="{inside}"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    )


def plot(chart: Chart, drawn: Iterable[str]) -> str:
    both = '<c:axId val="111"/><c:axId val="222"/>'
    if chart.kind == "line":
        return (
            '<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>'
            f'{"".join(drawn)}<c:marker val="1"/>{both}</c:lineChart>'
        )
    stacked = chart.kind == "stacked"
    return (
        f'<c:barChart><c:barDir val="{"bar" if chart.kind == "bars" else "col"}"/>'
        f'<c:grouping val="{"stacked" if stacked else "clustered"}"/><c:varyColors val="0"/>'
        f'{"".join(drawn)}<c:gapWidth val="60"/><c:overlap val="{100 if stacked else 0}"/>'
        f"{both}</c:barChart>"
    )


def series(chart: Chart, one: Series, column: int, place: int, table: Table) -> str:
    """One series with the numbers last stored: a reader needs no workbook."""
    line = chart.kind == "line"
    look = lines(place) if line else filled(one, place)
    smooth = '<c:smooth val="0"/>' if line else ""
    negative = "" if line else '<c:invertIfNegative val="0"/>'
    return (
        f'<c:ser><c:idx val="{column - 1}"/><c:order val="{column - 1}"/>'
        f"<c:tx>{cached(table.headings[column : column + 1], letter(column), 1, 1)}</c:tx>{look}"
        f"{negative}{labels(chart, one)}{categories(table)}"
        f"<c:val>{numbers(one.values, letter(column))}</c:val>"
        f"{smooth}</c:ser>"
    )


def filled(one: Series, place: int) -> str:
    if one.manner == "hidden":
        return "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
    colour = charts.colour(one, place)
    fill = solid(colour)
    if one.manner == "fall":
        fill = (
            '<a:pattFill prst="wdUpDiag"><a:fgClr><a:srgbClr val="' + colour + '"/></a:fgClr>'
            '<a:bgClr><a:srgbClr val="FFFFFF"/></a:bgClr></a:pattFill>'
        )
    edge = charts.COLOURS[0] if one.manner != "fall" else colour
    return f'<c:spPr>{fill}<a:ln w="6350">{solid(edge)}</a:ln></c:spPr>'


def lines(place: int) -> str:
    """Lines differ by their dashes and marks as well."""
    colour = charts.LINES[place % len(charts.LINES)]
    dash, sign = charts.DASHES[place % len(charts.DASHES)]
    return (
        f'<c:spPr><a:ln w="22225">{solid(colour)}<a:prstDash val="{dash}"/></a:ln></c:spPr>'
        f'<c:marker><c:symbol val="{sign}"/><c:size val="6"/>'
        f"<c:spPr>{solid(colour)}</c:spPr></c:marker>"
    )


def reference(chart: Chart, table: Table) -> str:
    """The line across: a series of its own that has one value everywhere."""
    if chart.line is None:
        return ""
    column = len(chart.series) + 1
    values = (chart.line[1],) * len(chart.categories)
    return (
        '<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>'
        f'<c:ser><c:idx val="{column - 1}"/><c:order val="{column - 1}"/>'
        f"<c:tx>{cached(table.headings[column : column + 1], letter(column), 1, 1)}</c:tx>"
        f'<c:spPr><a:ln w="15875">{solid(charts.LINE)}<a:prstDash val="dash"/></a:ln></c:spPr>'
        '<c:marker><c:symbol val="none"/></c:marker>'
        f"{categories(table)}<c:val>{numbers(values, letter(column))}</c:val>"
        '<c:smooth val="0"/></c:ser><c:marker val="1"/>'
        '<c:axId val="111"/><c:axId val="222"/></c:lineChart>'
    )


def labels(chart: Chart, one: Series) -> str:
    if one.manner == "hidden" or len(chart.categories) * len(chart.series) > MOST_LABELS * 2:
        return ""
    code = charts.number_format(one)
    if one.manner == "fall":
        code = f'"\N{MINUS SIGN}"{code};"\N{MINUS SIGN}"{code}'
    # White behind: a value stays readable on a hatched or dark bar.
    ground = solid("FFFFFF") if chart.kind == "stacked" else "<a:noFill/>"
    at = {"line": "t", "stacked": "ctr"}.get(chart.kind, "outEnd")
    return (
        f'<c:dLbls><c:numFmt formatCode={quoteattr(code)} sourceLinked="0"/>'
        f"<c:spPr>{ground}</c:spPr>{words(8)}"
        f'<c:dLblPos val="{at}"/><c:showLegendKey val="0"/><c:showVal val="1"/>'
        '<c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/>'
        '<c:showBubbleSize val="0"/></c:dLbls>'
    )


def axes(chart: Chart) -> str:
    """Categories and values; the scale is that of the paper."""
    size = charts.scale(chart)
    lying = chart.kind == "bars"
    order = "maxMin" if lying else "minMax"
    thin = f'<c:spPr><a:ln w="3175">{solid("D9DEE5")}</a:ln></c:spPr>'
    return (
        f'<c:catAx><c:axId val="111"/><c:scaling><c:orientation val="{order}"/></c:scaling>'
        f'<c:delete val="0"/><c:axPos val="{"l" if lying else "b"}"/>'
        '<c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
        '<c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        f'<c:spPr><a:ln w="6350">{solid(GREY)}</a:ln></c:spPr>{words(8)}<c:crossAx val="222"/>'
        '<c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/>'
        '<c:lblOffset val="100"/><c:noMultiLvlLbl val="1"/></c:catAx>'
        '<c:valAx><c:axId val="222"/><c:scaling><c:orientation val="minMax"/>'
        f'<c:max val="{size.high}"/><c:min val="{size.low}"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="{"b" if lying else "l"}"/><c:majorGridlines>{thin}</c:majorGridlines>'
        f"{axis_title(chart)}"
        '<c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
        '<c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
        f'<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>{words(8)}<c:crossAx val="111"/>'
        f'<c:crosses val="{"max" if lying else "autoZero"}"/><c:crossBetween val="between"/>'
        f'<c:majorUnit val="{size.step}"/></c:valAx>'
    )


def legend(chart: Chart) -> str:
    if not charts.needs_legend(chart):
        return ""
    seen: set[str] = set()
    gone = []
    for place, one in enumerate(chart.series):
        if one.manner == "hidden" or one.name in seen:
            gone.append(f'<c:legendEntry><c:idx val="{place}"/><c:delete val="1"/></c:legendEntry>')
        seen.add(one.name)
    entries = "".join(gone)
    return f'<c:legend><c:legendPos val="b"/>{entries}<c:overlay val="0"/>{words(8)}</c:legend>'


# ---------------------------------------------------------------------------- parts
def letter(column: int) -> str:
    """Of a column from 0; a chart has fewer than 26."""
    return chr(ord("A") + column)


def solid(colour: str) -> str:
    return f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'


def face() -> str:
    return f'<a:latin typeface="{FACES[0]}"/><a:ea typeface="{FACES[1]}"/>'


def words(size: float) -> str:
    return (
        "<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr>"
        f'<a:defRPr sz="{int(size * 100)}">{solid(INK)}{face()}</a:defRPr></a:pPr>'
        '<a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'
    )


def rich(text: str, size: int, *, bold: bool) -> str:
    return (
        "<c:tx><c:rich><a:bodyPr/><a:lstStyle/><a:p><a:pPr>"
        f'<a:defRPr sz="{size}" b="{int(bold)}"/></a:pPr><a:r>'
        f'<a:rPr lang="zh-CN" sz="{size}" b="{int(bold)}">{solid(INK)}{face()}</a:rPr>'
        f"<a:t>{escape(text)}</a:t></a:r></a:p></c:rich></c:tx>"
    )


def title(text: str) -> str:
    return f'<c:title>{rich(text, 1000, bold=True)}<c:overlay val="0"/></c:title>'


def axis_title(chart: Chart) -> str:
    if not chart.unit:
        return ""
    return f'<c:title>{rich(chart.unit, 800, bold=False)}<c:overlay val="0"/></c:title>'


def cached(texts: Iterable[str], column: str, first: int, last: int) -> str:
    points = "".join(indexed(enumerate(texts)))
    end = f":${column}${last}" if last > first else ""
    return (
        f"<c:strRef><c:f>Sheet1!${column}${first}{end}</c:f>"
        f'<c:strCache><c:ptCount val="{last - first + 1}"/>{points}</c:strCache></c:strRef>'
    )


def categories(table: Table) -> str:
    names = [as_text(row[0]) for row in table.rows]
    return f"<c:cat>{cached(names, 'A', 2, len(names) + 1)}</c:cat>"


def numbers(values: tuple[Decimal | None, ...], column: str) -> str:
    known = ((at, f"{value:f}") for at, value in enumerate(values) if value is not None)
    return (
        f"<c:numRef><c:f>Sheet1!${column}$2:${column}${len(values) + 1}</c:f><c:numCache>"
        f'<c:formatCode>General</c:formatCode><c:ptCount val="{len(values)}"/>'
        f"{''.join(indexed(known))}</c:numCache></c:numRef>"
    )


def indexed(points: Iterable[tuple[int, str]]) -> Iterator[str]:
    for at, text in points:
        yield f'<c:pt idx="{at}"><c:v>{escape(text)}</c:v></c:pt>'
