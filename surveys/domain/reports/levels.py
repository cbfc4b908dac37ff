"""How often each level was chosen: the counts behind every score, each with its forms."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from surveys.domain.reports import words
from surveys.domain.reports.content import Column, Figure, Row, Table, Words
from surveys.domain.reports.facts import Facts, Result
from surveys.domain.reports.words import both, same
from surveys.enums import LEVELS, NOT_APPLICABLE


def table(facts: Facts) -> Table:
    return Table(
        "levels",
        both(_("Answers by level")),
        (
            Column("name", both(_("Sub-item"))),
            *(Column(f"level{one}", same(one), "count") for one in LEVELS),
            Column("na", both(_("Not applicable")), "count"),
        ),
        tuple(row for source in facts.now["sources"] for row in rows(facts, source)),
        empty=both(_("No form has come in yet.")),
        note=both(_("5 is the best level, 1 the worst.")),
    )


def rows(facts: Facts, source: Result) -> Iterator[Row]:
    """The source with its sums, below it its sub-items."""
    subs = [(item, sub) for item in source["items"] for sub in item["subitems"]]
    if not subs:
        return
    signs = (*LEVELS, NOT_APPLICABLE)
    sums = [sum(sub["counts"].get(one, 0) for _item, sub in subs) for one in signs]
    yield Row(source["key"], (words.named(source), *(Figure(str(one)) for one in sums)))
    for item, sub in subs:
        name = Words(
            f"{words.named(item).zh} · {words.named(sub).zh}",
            f"{words.named(item).en} · {words.named(sub).en}",
        )
        cells = [
            Figure(
                str(sub["counts"].get(one, 0)),
                link=words.answers(facts.period, source=source["key"], sub=sub["key"], level=one),
            )
            for one in signs
        ]
        yield Row(f"{source['key']}:{item['key']}:{sub['key']}", (name, *cells), 1)
