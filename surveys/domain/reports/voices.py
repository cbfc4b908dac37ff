"""What customers said themselves: complaints, returns, opinions, and the topics in their words."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.enums import Kind
from cases.models import Category, Product
from surveys.domain.periods import Period
from surveys.domain.reports import facts as read, topics, words
from surveys.domain.reports.content import Chart, Column, Figure, Row, Section, Table, Words
from surveys.domain.reports.facts import Facts, Text
from surveys.domain.reports.words import both, same
from surveys.enums import Mark

MOST = 10
Counts = dict[Any, tuple[int, int]]
KINDS: tuple[tuple[str, Any, dict[str, str]], ...] = (
    ("complaint", Kind.COMPLAINT.label, {"kind": "complaint", "severity": "general"}),
    ("major", _("Major complaint"), {"kind": "complaint", "severity": "major"}),
    ("incident", Kind.INCIDENT.label, {"kind": "incident"}),
    ("return", Kind.RETURN.label, {"kind": "return"}),
    ("opinion", Kind.OPINION.label, {"kind": "opinion"}),
    ("inquiry", Kind.INQUIRY.label, {"kind": "inquiry"}),
    ("praise", Kind.PRAISE.label, {"kind": "praise"}),
)
COUNTED = (
    Column("now", both(_("Received")), "count"),
    Column("before", both(_("Period before")), "count"),
    Column("change", both(_("Rise or fall")), "change"),
)


def section(facts: Facts) -> Section:
    period = facts.period
    tables = (by_kind(period), by_product(period), by_category(period), *by_words(period))
    return Section("voices", both(_("Complaints, returns and opinions")), tables)


# ---------------------------------------------------------------------------- counted
def by_kind(period: Period) -> Table:
    counts = read.counted(period, "kind", "severity")
    flagged = read.counted(period, "media_exposed").get((True,), (0, 0))
    rows = [
        Row(key, (both(title), *counted(total(counts, given), words.cases(period, **given))))
        for key, title, given in KINDS
    ]
    link = words.cases(period, flag="media_exposed")
    rows.append(Row("media", (both(_("Exposed in the media")), *counted(flagged, link))))
    return Table(
        "kinds",
        both(_("What came in")),
        (Column("name", both(_("Kind"))), *COUNTED),
        tuple(rows),
        charts=(Chart("bar", "name", ("now", "before")),),
    )


def total(counts: Counts, given: dict[str, str]) -> tuple[int, int]:
    """Major complaints are those of that severity; the other kinds count in any."""
    severity = given.get("severity")
    fitting = [
        pair
        for (kind, degree), pair in counts.items()
        if kind == given["kind"] and severity in (None, degree)
    ]
    return sum(pair[0] for pair in fitting), sum(pair[1] for pair in fitting)


def counted(pair: tuple[int, int], link: str) -> tuple[Figure, Figure, Figure]:
    now, before = pair
    return Figure(str(now), link=link), Figure(str(before)), Figure(f"{now - before:+d}")


def by_product(period: Period) -> Table:
    return by_key(period, "product", Product, _("Complaints by product"))


def by_category(period: Period) -> Table:
    return by_key(period, "category", Category, _("Complaints by category"))


def by_key(period: Period, name: str, model: Any, title: Any) -> Table:
    """Complaints and incidents by a catalogue, the most frequent first: two statements."""
    found: Counts = {}
    for (kind, key), (now, before) in read.counted(period, "kind", name).items():
        if kind in (Kind.COMPLAINT, Kind.INCIDENT):
            old = found.get(key, (0, 0))
            found[key] = (old[0] + now, old[1] + before)
    order = sorted(found, key=lambda key: (-found[key][0], -found[key][1], key or 0))
    shown = [key for key in order if found[key][0] or found[key][1]][:MOST]
    entries = model.objects.in_bulk([key for key in shown if key])
    rows = []
    for key in shown:
        entry = entries.get(key)
        label = both(_("Not stated"))
        if entry is not None:
            label = words.named({"name": entry.name, "name_en": entry.name_en})
        link = words.cases(period, **{name: key}) if key else words.cases(period)
        rows.append(Row(entry.code if entry else "-", (label, *counted(found[key], link))))
    return Table(
        f"complaints_{name}",
        both(title),
        (Column("name", both(_("Part"))), *COUNTED),
        tuple(rows),
        charts=(Chart("bar", "name", ("now", "before")),),
        empty=both(_("No complaint was received.")),
    )


# ---------------------------------------------------------------------------- topics
def by_words(period: Period) -> Iterable[Table]:
    """Topics in complaints, in opinions, and in what people wrote on the forms."""
    before = period.before
    for key, title, kinds in (
        ("topics_complaints", _("Topics in complaints"), (Kind.COMPLAINT, Kind.INCIDENT)),
        ("topics_returns", _("Topics in returns"), (Kind.RETURN,)),
        ("topics_opinions", _("Topics in opinions and suggestions"), (Kind.OPINION,)),
    ):
        yield topic_table(
            key,
            title,
            read.texts_of_cases(period, kinds),
            read.texts_of_cases(before, kinds),
            lambda phrase: words.cases(period, q=phrase),
        )
    link = words.answers(period)
    yield topic_table(
        "topics_answers",
        _("Topics in what was written on the forms"),
        read.texts_of_answers(period),
        read.texts_of_answers(before),
        lambda _phrase: link,
    )


def topic_table(key: str, title: Any, now: list[Text], before: list[Text], link: Any) -> Table:
    found = topics.find(now, before)
    marks = (str(Mark.SAMPLED),) if found.sampled else ()
    rows = tuple(
        Row(
            one.phrase,
            (
                same(one.phrase, link=link(one.phrase)),
                Figure(str(one.count), link=link(one.phrase), marks=marks),
                Figure(str(one.before)),
                tendency(one),
                same(" ".join(one.examples)),
            ),
        )
        for one in found.found
    )
    return Table(
        key,
        both(title),
        (
            Column("name", both(_("Topic"))),
            Column("now", both(_("Texts")), "count"),
            Column("before", both(_("Period before")), "count"),
            Column("tendency", both(_("Tendency"))),
            Column("examples", both(_("For example"))),
        ),
        rows,
        note=both(_("Found in %(texts)s texts, by the program alone."), texts=found.texts),
        empty=both(_("No topic was named at least three times.")),
    )


def tendency(one: topics.Topic) -> Words:
    if one.rises:
        return both(_("Rising"))
    return both(_("Falling")) if one.falls else both(_("As before"))
