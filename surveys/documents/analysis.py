"""The analysis report as a company document: Word, PDF and Excel out of one object.

The report holds its words in both languages and every figure as it is printed; nothing is asked
of the database, so a frozen report prints the same years later, to the byte.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.documents import blocks
from cases.documents.blocks import (
    Block,
    Cell,
    Document,
    Fact,
    Facts,
    Heading,
    Nothing,
    Prose,
    Remarks,
    Signatures,
    Signed,
)
from cases.documents.parts import page_words
from cases.documents.plain import moment
from cases.documents.printed import printed
from cases.documents.word import word as as_word
from cases.documents.workbook import workbook
from surveys.documents import analysis_charts, analysis_lists
from surveys.documents.analysis_lists import Places
from surveys.domain.reports import files
from surveys.domain.reports.content import (
    Column,
    Conclusion,
    Figure,
    Report,
    Restatement,
    Row,
    Section,
    Table,
    Words,
)
from surveys.enums import Mark

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A sign behind a figure; what it means stands below the table.
SIGNS = {
    Mark.NOT_REPRESENTATIVE: "▼",
    Mark.BELOW_MINIMUM: "◇",
    Mark.INSIDE_INTERVAL: "≈",
    Mark.QUESTIONNAIRE_CHANGED: "※",
    Mark.PROVISIONAL: "△",
    Mark.SAMPLED: "○",
}
# Parts of the line: figures are narrow, a text as wide as it is long within limits.
NARROW, LEAST, MOST = 10, 18, 48


def word(report: Report) -> bytes:
    return as_word(document(report))


def pdf(report: Report) -> bytes:
    return printed(document(report))


def excel(report: Report) -> bytes:
    """With every figure on a list of its own: what it rests on, and the page behind it."""
    places = analysis_lists.places(report)
    return workbook(document(report, places), analysis_lists.lists(report))


def document(report: Report, places: Places | None = None) -> Document:
    """The report in the language in force; `places` says where Excel lists a figure."""
    sections = [*parts(report, places or {}), (_("Signatures"), tuple(signing(report)))]
    return Document(
        title=report.title.label,
        subtitle="",
        number=number_of(report),
        company=report.company.label,
        head=head(report),
        sections=tuple(
            blocks.Section(str(place), title, made)
            for place, (title, made) in enumerate(sections, start=1)
        ),
        foot=foot(report),
        page=page_words(),
        author=report.author,
        digest=report.sealed,
        digest_name=_("Content (SHA-256)") if report.sealed else "",
        contents=_("Contents"),
        made=datetime.fromisoformat(report.computed_at),
    )


def number_of(report: Report) -> str:
    return report.number if report.revision == 1 else f"{report.number} / {report.revision}"


def foot(report: Report) -> str:
    at = {"at": moment(datetime.fromisoformat(report.computed_at))}
    if report.sealed:
        return _("Figures as of %(at)s") % at
    return _("Draft · figures as of %(at)s") % at


def head(report: Report) -> Facts:
    policy = str(report.policy) if report.policy else "–"
    return Facts(
        (
            Fact(_("Period"), report.period_name.label),
            Fact(_("Report no."), report.number),
            Fact(_("Version"), str(report.revision)),
            Fact(_("Drawn up by"), report.author),
            Fact(_("Figures as of"), moment(datetime.fromisoformat(report.computed_at))),
            Fact(_("Satisfaction policy"), _("version %(number)s") % {"number": policy}),
        )
    )


# ---------------------------------------------------------------------------- sections
def parts(report: Report, places: Places) -> Iterator[tuple[str, tuple[Block, ...]]]:
    if report.restates:
        yield _("What is restated"), tuple(restated(report.restates))
    for section in report.sections:
        made = [*told(section, places)]
        if section.key == "conclusions":
            made.extend(concluded(report.conclusions))
        yield section.title.label, tuple(made) or (Nothing(_("Nothing was written here.")),)


def told(section: Section, places: Places) -> Iterator[Block]:
    if section.important:
        yield Nothing(_("For the general manager"))
    if section.narrative:
        yield Prose("\n\n".join(one.label for one in section.narrative))
    for table in section.tables:
        yield from drawn(table, places)


def drawn(table: Table, places: Places) -> Iterator[Block]:
    """The table with its charts; one without rows says so."""
    if not table.rows:
        yield Heading(table.title.label)
        yield Nothing(table.empty.label or _("There is none."))
        return
    yield laid(table, places)
    yield from analysis_charts.charts(table)


def laid(table: Table, places: Places) -> blocks.Table:
    deep = any(row.level for row in table.rows)
    return blocks.Table(
        tuple(one.title.label for one in table.columns),
        tuple(line(table, row, places) for row in table.rows),
        widths(table),
        name=table.title.label,
        note="\n".join(filter(None, (table.note.label, legend(table)))),
        strong=tuple(at for at, row in enumerate(table.rows) if deep and row.level == 0),
        depths=tuple(row.level for row in table.rows) if deep else (),
    )


def line(table: Table, row: Row, places: Places) -> tuple[Cell, ...]:
    return tuple(
        cell(one, column, places.get((table.key, row.key, column.key), ""))
        for column, one in zip(table.columns, row.cells, strict=True)
    )


def cell(given: Words | Figure, column: Column, to: str = "") -> Cell:
    if isinstance(given, Words):
        return given.label
    signs = "".join(SIGNS[Mark(one)] for one in given.marks)
    return blocks.Figure(
        None if given.value is None else Decimal(given.value),
        f"{given.unit} {signs}".strip() if given.value is not None else signs,
        to,
        signed=column.kind == "change",
    )


def legend(table: Table) -> str:
    """What the signs of this table mean, in the order of their definition."""
    used = {
        one
        for row in table.rows
        for given in row.cells
        if isinstance(given, Figure)
        for one in given.marks
    }
    return "    ".join(f"{sign} {mark.label}" for mark, sign in SIGNS.items() if mark in used)


def wide(text: str) -> int:
    """A Chinese character counts for two."""
    return sum(1 + (sign > "\u2e80") for sign in text)


def widths(table: Table) -> tuple[int, ...]:
    """By the longest text of a column."""
    found = []
    for place, column in enumerate(table.columns):
        texts = [row.cells[place] for row in table.rows[:200]]
        if all(isinstance(one, Figure) for one in texts):
            words = [*column.title.label.split(), *(str(one) for one in texts)]
            found.append(max(NARROW, *(wide(word) + 3 for word in words)))
            continue
        said = [column.title.label, *(one.label for one in texts if isinstance(one, Words))]
        longest = max(map(wide, said))
        found.append(min(max(longest, LEAST), MOST))
    return tuple(found)


# ---------------------------------------------------------------------------- the end
def concluded(conclusions: tuple[Conclusion, ...]) -> Iterator[Block]:
    if conclusions:
        yield blocks.Table(
            (_("Kind"), _("Conclusion or suggestion"), _("Owner"), _("Due"), _("Case")),
            tuple(
                (one.kind.label, one.text, one.owner.label, one.due or "–", one.case or "–")
                for one in conclusions
            ),
            (16, 54, 20, 20, 26),
            name=_("Conclusions and suggestions"),
        )


def restated(given: Restatement) -> Iterator[Block]:
    """Both figures side by side, and why."""
    yield Facts(
        (
            Fact(_("Restates"), given.number),
            Fact(_("Its content (SHA-256)"), given.digest),
            Fact(_("Why"), given.reason, wide=True),
        )
    )
    plain = Column("", Words("", ""))
    rows = tuple(
        (one.label.label, cell(one.before, plain), cell(one.after, plain))
        for one in given.differences
    )
    if rows:
        yield blocks.Table(
            (_("Figure"), _("As approved"), _("As it is now")), rows, (60, 20, 20),
            name=_("Figures that are others now"),
        )  # fmt: skip


def signing(report: Report) -> Iterator[Block]:
    """Who signed; a draft has room for those who will."""
    if not report.signatures:
        yield Remarks(_("Remarks"))
    signed = [
        Signed(
            one.meaning.label,
            one.name,
            one.role.label,
            moment(timezone.localtime(datetime.fromisoformat(one.at))),
        )
        for one in report.signatures
    ]
    yield Signatures(tuple(signed or map(to_sign, (
        _("Drawn up by the marketing centre"),
        _("Reviewed by the management representative"),
        _("Approved by the general manager"),
        _("Copy to the quality department"),
    ))))  # fmt: skip


def to_sign(meaning: str) -> Signed:
    return Signed(meaning, "", "", "")


# What is made of a report when it is frozen, in each language.
files.register("word", "docx", DOCX, word)
files.register("pdf", "pdf", "application/pdf", pdf)
files.register("excel", "xlsx", XLSX, excel)
