"""The index, the results by item and by part of the market, and what stands out in them."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.enums import CustomerType
from surveys.domain.reports import levels, words
from surveys.domain.reports.compare import Change, change
from surveys.domain.reports.content import (
    NOTHING,
    Cell,
    Chart,
    Column,
    Figure,
    Row,
    Section,
    Table,
    Words,
)
from surveys.domain.reports.facts import Facts, Result
from surveys.domain.reports.words import both
from surveys.enums import DeductionRule, Mark

OUTSTANDING = 5
EMPTY = Figure(None)
DIMENSIONS: dict[str, Any] = {
    "product_type": _("By product type"),
    "product": _("By product"),
    "region": _("By region"),
    "customer_type": _("By customer type"),
}


# ---------------------------------------------------------------------------- cells
def score(line: Result, link: str = "") -> Figure:
    """A score with what it rests on; `representative` is told of sources and their parts only."""
    marks = []
    if line["below_minimum"]:
        marks.append(Mark.BELOW_MINIMUM)
    if line.get("representative") is False:
        marks.append(Mark.NOT_REPRESENTATIVE)
    ends = line["interval"]
    return Figure(
        line["score"],
        link=link,
        n=line.get("answered", line["n"]),
        interval=(ends[0], ends[1]) if ends else None,
        marks=tuple(map(str, marks)),
    )


def compared(one: Change) -> tuple[Figure, Figure]:
    """The score before and the change."""
    before = Figure(one.before["score"] if one.before else None)
    return before, points(one)


def points(one: Change) -> Figure:
    return Figure(None if one.points is None else f"{one.points:+f}", marks=one.marks)


def columns(first: Any, *more: Column) -> tuple[Column, ...]:
    return (
        Column("name", both(first)),
        *more,
        Column("score", both(_("Score")), "score"),
        Column("n", both(_("Forms")), "count"),
        Column("before", both(_("Period before")), "score"),
        Column("change", both(_("Rise or fall")), "change"),
    )


def cells(one: Change, link: str) -> tuple[Figure, ...]:
    n = Figure(str(one.now.get("answered", one.now["n"])), link=link)
    return (score(one.now, link), n, *compared(one))


# ---------------------------------------------------------------------------- the index
def summary(facts: Facts) -> Section:
    return Section("summary", both(_("The index of the period")), (index_table(facts),))


def index_table(facts: Facts) -> Table:
    """The waterfall in figures: sources weighted, gross, deductions, index."""
    now, before = facts.now, facts.before
    page = f"/satisfaction/index/{facts.period.code}/"
    marks = (str(Mark.PROVISIONAL),) if now["provisional"] else ()
    known = now["band"] is not None
    net = Figure(now["net"] if known else None, link=page, marks=marks)
    had = before is not None and before["band"] is not None
    old = Figure(before["net"] if before and had else None)
    moved = (
        Figure(f"{Decimal(now['net']) - Decimal(before['net']):+f}")
        if before and had and known
        else EMPTY
    )
    rows = [source_row(facts, source, page) for source in now["sources"]]
    rows.append(plain("gross", _("Gross"), now["gross"]))
    rows += [deduction_row(facts, one) for one in now["deductions"]]
    rows.append(plain("floorless", _("Before the floor"), now["net_before_floor"]))
    rows.append(Row("index", (both(_("Index")), EMPTY, net, net, old, moved)))
    band = Words(now["band"] or "–", now["band_en"] or now["band"] or "–")
    rows.append(Row("band", (both(_("Band")), EMPTY, band, EMPTY, band_of(before), EMPTY)))
    return Table(
        "index",
        both(_("From the sources to the index")),
        (
            Column("name", both(_("Part"))),
            Column("weight", both(_("Weight")), "percent"),
            Column("score", both(_("Score")), "score"),
            Column("points", both(_("Points of the index")), "points"),
            Column("before", both(_("Period before")), "score"),
            Column("change", both(_("Rise or fall")), "change"),
        ),
        tuple(rows),
        charts=(Chart("waterfall", "name", ("points",)),),
    )


def band_of(result: Result | None) -> Words | Figure:
    if result is None or result["band"] is None:
        return EMPTY
    return Words(result["band"], result["band_en"] or result["band"])


def plain(key: str, title: Any, value: str) -> Row:
    return Row(key, (both(title), EMPTY, EMPTY, Figure(value), EMPTY, EMPTY))


def source_row(facts: Facts, source: Result, page: str) -> Row:
    key = source["key"]
    one = change(source, facts.earlier(key) or None, changed=facts.asking.changed_source(key))
    link = f"{page}{key}/"
    weight = Figure(source["weight"], unit="%")
    contribution = Figure(source["contribution"], link=link)
    name = words.named(source, link=link)
    return Row(key, (name, weight, score(source, link), contribution, *compared(one)))


def deduction_row(facts: Facts, one: Result) -> Row:
    names = dict(DeductionRule.choices)
    taken = one["points"]
    value = Figure(
        f"-{taken}" if Decimal(taken) else taken, link=f"/satisfaction/ledger/{facts.period.code}/"
    )
    return Row(
        f"deduction-{one['rule']}",
        (both(names.get(one["rule"], one["rule"])), EMPTY, EMPTY, value, EMPTY, EMPTY),
    )


# ---------------------------------------------------------------------------- by item, by part
def results(facts: Facts) -> Section:
    tables = [items(facts), *(by_part(facts, name) for name in DIMENSIONS)]
    tables.append(levels.table(facts))
    return Section("results", both(_("Results in detail")), tuple(tables))


def items(facts: Facts) -> Table:
    rows: list[Row] = []
    for source in facts.now["sources"]:
        key, old = source["key"], facts.earlier(source["key"])
        link = words.answers(facts.period, source=key)
        one = change(source, old or None, changed=facts.asking.changed_source(key))
        rows.append(Row(key, (words.named(source), EMPTY, *cells(one, link))))
        rows += item_rows(facts, source, old)
    return Table(
        "items",
        both(_("By source, item and sub-item")),
        columns(_("Item"), Column("weight", both(_("Weight")), "points")),
        tuple(rows),
        charts=(Chart("bar", "name", ("score", "before"), level=1),),
        note=both(_("A rise or fall within the interval may be chance.")),
        empty=both(_("No form has come in yet.")),
    )


def item_rows(facts: Facts, source: Result, old: Result) -> Iterator[Row]:
    key = source["key"]
    link = words.answers(facts.period, source=key)
    before = {one["key"]: one for one in old.get("items", [])}
    subs = {sub["key"]: sub for one in old.get("items", []) for sub in one["subitems"]}
    for item in source["items"]:
        keys = [sub["key"] for sub in item["subitems"]]
        changed = facts.asking.changed_item(key, item["key"], keys)
        one = change(item, before.get(item["key"]), changed=changed)
        weight = Figure(item["weight"])
        yield Row(f"{key}:{item['key']}", (words.named(item), weight, *cells(one, link)), 1)
        for sub in item["subitems"]:
            changed = facts.asking.changed(key, [sub["key"]])
            one = change(sub, subs.get(sub["key"]), changed=changed)
            here = words.answers(facts.period, source=key, sub=sub["key"])
            shown: tuple[Cell, ...] = (words.named(sub), Figure(sub["weight"]), *cells(one, here))
            yield Row(f"{key}:{item['key']}:{sub['key']}", shown, 2)


def by_part(facts: Facts, dimension: str) -> Table:
    """Below each source its parts; a chart of the parts."""
    rows: list[Row] = []
    for source in facts.now["sources"]:
        parts, earlier = parts_of(facts, source, dimension)
        if not parts:
            continue
        key, old = source["key"], facts.earlier(source["key"])
        changed = facts.asking.changed_source(key)
        one = change(source, old or None, changed=changed)
        link = words.answers(facts.period, source=key)
        rows.append(Row(key, (words.named(source), *cells(one, link))))
        for part in parts:
            one = change(part, earlier.get(part["key"]), changed=changed)
            here = words.answers(facts.period, source=key, **filters(dimension, part))
            name = part_name(dimension, part)
            rows.append(Row(f"{key}:{part['key'] or '-'}", (name, *cells(one, here)), 1))
    return Table(
        dimension,
        both(DIMENSIONS[dimension]),
        columns(_("Part")),
        tuple(rows),
        charts=(Chart("bar", "name", ("score", "before"), level=1),),
        note=both(_("Products with too few forms are not listed."))
        if dimension == "product"
        else NOTHING,
        empty=both(_("No form has come in yet.")),
    )


def parts_of(
    facts: Facts, source: Result, dimension: str
) -> tuple[list[Result], dict[str, Result]]:
    """The parts of a source, and those of the period before by their key. Of the products only
    those with enough forms: there are many, and few forms of most."""
    key, old = source["key"], facts.earlier(source["key"])
    if dimension == "product_type":
        parts, earlier = facts.types.get(key, []), facts.earlier_types.get(key, [])
    else:
        parts, earlier = source["by"][dimension], old["by"][dimension] if old else []
    if dimension == "product":
        parts = [part for part in parts if not part["below_minimum"]]
    return parts, {part["key"]: part for part in earlier}


def filters(dimension: str, part: Result) -> dict[str, str]:
    """What the list of answers is narrowed by."""
    if dimension == "product_type":
        return {"product_type": part["key"]}
    return {dimension: part["key"]}


def part_name(dimension: str, part: Result) -> Words:
    if not part["key"]:
        return both(_("Not stated"))
    if dimension == "customer_type":
        return both(dict(CustomerType.choices).get(part["key"], part["key"]))
    return words.named(part)


# ---------------------------------------------------------------------------- what stands out
def outstanding(facts: Facts) -> Section:
    """The lowest averages, the largest rises and falls."""
    lines = list(subitems(facts))
    scored = [line for line in lines if line[1].now["score"] is not None]
    lowest = sorted(scored, key=lambda line: (Decimal(line[1].now["score"]), line[1].key))
    moved = [line for line in scored if line[1].points]
    rises = sorted(moved, key=lambda line: (-(line[1].points or 0), line[1].key))
    falls = sorted(moved, key=lambda line: (line[1].points or 0, line[1].key))
    tables = (
        stand("lowest", _("Lowest averages"), lowest),
        stand("rises", _("Largest rises"), [line for line in rises if (line[1].points or 0) > 0]),
        stand("falls", _("Largest falls"), [line for line in falls if (line[1].points or 0) < 0]),
    )
    return Section("outstanding", both(_("What stands out")), tables)


Line = tuple[str, Change, Words, str]


def subitems(facts: Facts) -> Iterator[Line]:
    """(key of the row, change, name with source and item, link) of every sub-item."""
    for source in facts.now["sources"]:
        key, old = source["key"], facts.earlier(source["key"])
        before = {sub["key"]: sub for one in old.get("items", []) for sub in one["subitems"]}
        for item in source["items"]:
            for sub in item["subitems"]:
                changed = facts.asking.changed(key, [sub["key"]])
                one = change(sub, before.get(sub["key"]), changed=changed)
                link = words.answers(facts.period, source=key, sub=sub["key"])
                name = trail(source, item, sub)
                yield f"{key}:{sub['key']}", one, name, link


def trail(*lines: Result) -> Words:
    names = [words.named(line) for line in lines]
    return Words(" · ".join(one.zh for one in names), " · ".join(one.en for one in names))


def stand(key: str, title: Any, lines: list[Line]) -> Table:
    rows = tuple(Row(name, (label, *cells(one, link)))
                 for name, one, label, link in lines[:OUTSTANDING])  # fmt: skip
    return Table(
        key,
        both(title),
        columns(_("Sub-item")),
        rows,
        charts=(Chart("bar", "name", ("score", "before")),) if rows else (),
        empty=both(_("There is none.")),
        note=NOTHING,
    )
