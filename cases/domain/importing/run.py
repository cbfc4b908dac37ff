"""An import from beginning to end: one transaction, through `log_case`, all or nothing."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, OperationalError, transaction
from django.utils.translation import gettext as _

from accounts.models import Department, User
from cases.domain.departments import centre_of
from cases.domain.importing.binding import Binding
from cases.domain.importing.customers import Customers, chunks, digits
from cases.domain.importing.errors import Problem, Unusable
from cases.domain.importing.finding import Channels, Entries, Makers, Planned, Products
from cases.domain.importing.mapping import Mapping
from cases.domain.importing.reading import Draft, gather, read_row
from cases.domain.importing.source import Cell, Line, Table, open_table
from cases.domain.intake import log_case
from cases.models import Case, Category, Channel, Customer, Product
from cases.permissions import may_log
from workflows.domain import context, numbering
from workflows.domain.transitions import business_transaction
from workflows.errors import EngineError

# Told (what is being done, how many are done, how many there are).
Progress = Callable[[str, int, int], None]
# What log_case calls a field that the file calls otherwise.
_FIELDS = {"remedy_sought": "remedy", "contact_name": "contact"}


@dataclass
class Report:
    """What an import did, or would do. All counts but `logged` are rows."""

    form: str = ""
    columns: str = ""
    ignored: list[str] = field(default_factory=list)
    read: int = 0
    logged: int = 0
    joined: int = 0
    known: int = 0
    # How many of those imported take the place of a figure that was there (other inputs).
    replaced: int = 0
    created: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    bad_rows: set[int] = field(default_factory=set)
    # False after a dry run, and where rows in error kept everything out.
    kept: bool = False
    request: str = ""


@dataclass
class Ready:
    """A draft with everything found that it names."""

    draft: Draft
    customer: Planned[Customer]
    channel: Planned[Channel]
    product: Planned[Product] | None
    category: Planned[Category] | None


class Import:
    """One run. `lines` keeps the rows as they were, for the file of rows in error."""

    def __init__(
        self, path: Path, *, mapping: Mapping, by: User, progress: Progress = lambda *_told: None
    ) -> None:
        if not may_log(by):
            raise Unusable(
                _("%(person)s may not log cases; name a service agent or someone of quality.")
                % {"person": by}
            )
        self.mapping, self.by, self.progress = mapping, by, progress
        self.department = Department.objects.get(pk=centre_of(by))
        self.table: Table = open_table(path, mapping.layout)
        self.binding = Binding(self.table, mapping)
        self.report = Report(self.table.form, self.binding.columns(), self.binding.ignored())
        self.lines: dict[int, list[Cell]] = {}
        self.makers = Makers()

    def run(self, *, dry_run: bool = False, skip_errors: bool = False) -> Report:
        """Check everything, then log everything; nothing stays of it when it may not."""
        drafts, repeated = gather(self.drafts(), join=self.mapping.join_rows)
        report = self.report
        report.read, report.known = len(self.lines), len(repeated)
        report.request = f"import:{uuid.uuid4().hex[:12]}"
        with context.request(report.request), business_transaction():
            ready = self.prepared(self.unknown(drafts))
            if skip_errors or not report.problems:
                self.log_all(ready)
            report.kept = not dry_run and (skip_errors or not report.problems)
            if not report.kept:
                transaction.set_rollback(True)
        if report.problems and not skip_errors:
            report.logged = report.joined = 0
            report.created.clear()
        report.problems.sort(key=lambda problem: problem.row)
        return report

    def drafts(self) -> Iterable[Draft]:
        for line in self.table.lines:
            self.lines[line.number] = line.cells
            if len(self.lines) % 500 == 0:
                self.progress(_("Reading"), len(self.lines), 0)
            yield read_row(self.binding, Line(line.number, line.cells))

    def unknown(self, drafts: list[Draft]) -> list[Draft]:
        """The drafts that no case of this source stands for yet."""
        references = sorted({draft.reference for draft in drafts if draft.values})
        there: set[str] = set()
        for chunk in chunks(references):
            found = Case.objects.filter(source=self.mapping.source, external_ref__in=chunk)
            there |= set(found.values_list("external_ref", flat=True))
        left = []
        for draft in drafts:
            if draft.values and draft.reference in there:
                self.report.known += len(draft.rows)
            else:
                left.append(draft)
        return left

    def prepared(self, drafts: list[Draft]) -> list[Ready]:
        """Find what the drafts name; drafts with problems are reported and left out."""
        create = self.mapping.create
        customers = Customers(drafts, by=self.by, create="customer" in create)
        products = Products(create="product" in create)
        channels = Channels(Channel, create="channel" in create)
        categories = Entries(Category, create="category" in create)
        ready = []
        for draft in drafts:
            found: dict[str, Any] = {}

            def look(column: str, find: Callable[[Any], Any], given: Any) -> None:
                try:
                    found[column] = find(given)  # noqa: B023 (called at once)
                except ValueError as error:
                    self.wrong(draft, column, str(error))  # noqa: B023

            if not draft.problems or draft.get("customer"):
                look("customer", customers.find, draft)
            for column, find in (
                ("channel", channels.find),
                ("product", products.find),
                ("category", categories.find),
            ):
                if draft.get(column):
                    look(column, find, draft.get(column))
            if draft.problems:
                self.report.problems += draft.problems
                self.report.bad_rows.update(draft.rows)
                continue
            channel = found.get("channel") or channels.of_file()
            ready.append(
                Ready(
                    draft, found["customer"], channel, found.get("product"), found.get("category")
                )
            )
        return ready

    def wrong(self, draft: Draft, column: str, reason: str) -> None:
        named = self.binding.label(column) if column else ""
        draft.problems.append(Problem(draft.rows[0], named, reason))

    def log_all(self, ready: list[Ready]) -> None:
        report = self.report
        with numbering.many() as numbers:
            for turn, each in enumerate(ready, start=1):
                before = dict(numbers)
                try:
                    with transaction.atomic():
                        self.log(each)
                except OperationalError:
                    raise
                except (ValidationError, EngineError, DatabaseError) as error:
                    numbers.clear()
                    numbers.update(before)
                    self.makers.forget()
                    self.refused(each.draft, error)
                else:
                    self.makers.keep()
                    report.logged += 1
                    report.joined += len(each.draft.rows) - 1
                self.progress(_("Logging"), turn, len(ready))
        report.created = self.makers.made

    def log(self, each: Ready) -> None:
        draft, get = each.draft, self.makers.get
        customer, channel = get(each.customer), get(each.channel)
        assert customer is not None and channel is not None
        contact = draft.get("contact")
        if not contact and draft.get("customer") not in ("", customer.name):
            # Found by phone or reference under another name: that name is who spoke to us.
            contact = draft.get("customer")[:80]
        log_case(
            by=self.by,
            kind=draft.get("kind"),
            severity=draft.get("severity"),
            harm=draft.get("harm"),
            extent=draft.get("extent"),
            customer=customer,
            channel=channel,
            product=get(each.product),
            category=get(each.category),
            title=draft.get("title"),
            description=draft.get("description"),
            remedy_sought=draft.get("remedy"),
            batch=draft.get("batch"),
            contact_name=contact,
            contact_phone=draft.get("contact_phone") or other_phone(draft, customer),
            occurred_on=draft.get("occurred_on", None),
            received_at=draft.get("received_at"),
            service_department=self.department,
            source=self.mapping.source,
            external_ref=draft.reference,
            backdated=True,
        )

    def refused(self, draft: Draft, error: Exception) -> None:
        """A row that passed our checks and was refused all the same, by the command itself."""
        if isinstance(error, ValidationError) and hasattr(error, "error_dict"):
            for name, messages in error.message_dict.items():
                column = _FIELDS.get(name, name)
                self.wrong(draft, column, " ".join(messages))
        elif isinstance(error, ValidationError):
            self.wrong(draft, "", " ".join(error.messages))
        else:
            self.wrong(draft, "", str(error).strip().split("\n")[0])
        self.report.problems += draft.problems
        self.report.bad_rows.update(draft.rows)


def other_phone(draft: Draft, customer: Customer) -> str:
    """The phone of the row, where it is not the one we know the customer by."""
    return draft.get("phone") if digits(draft) != customer.phone_digits else ""
