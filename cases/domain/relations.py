"""How a case has to do with others, read for one person: hidden cases are never named."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.domain.timeline import Entry
from cases.enums import BACKWARDS, OPEN, SAID, CaseState, LinkKind, Severity
from cases.models import Case, CaseLink
from cases.models.relations import merged_above, merged_below

MOST = 40
ALIKE = 5
COLUMNS = ("pk", "number", "title", "state", "severity")
# What else than a link brings a case to the page, in the order of the page.
WORDS: dict[str, Any] = {
    "merged": _("Merged into this case"),
    "before": _("This case follows"),
    "after": _("Followed by"),
    "customer": _("Open cases of the same customer"),
}
# The first is told on top of the page, the second has been merged itself.
ABOVE = ("survivor", "through")


@dataclass(frozen=True)
class RelatedCase:
    """Another case in short, and why it is named here: a link with its kind and its side (`in`
    where this case is the second one), or a key of WORDS or ABOVE."""

    pk: int
    number: str
    title: str
    state: str
    is_major: bool
    why: str
    link: int | None = None
    note: str = ""
    at: datetime | None = None

    @property
    def url(self) -> str:
        return f"/cases/{self.number}/"

    @property
    def state_label(self) -> Any:
        return CaseState(self.state).label

    @property
    def is_link(self) -> bool:
        return self.link is not None

    @property
    def may_end(self) -> bool:
        """Whether somebody said it; what follows of what was done stays."""
        return self.why.removesuffix(".in") in SAID

    @property
    def words(self) -> Any:
        """The relation from this case's side."""
        if self.why in WORDS:
            return WORDS[self.why]
        kind = self.why.removesuffix(".in")
        return BACKWARDS[kind] if kind != self.why else LinkKind(kind).label


def related_to(case: Case, user: User) -> list[RelatedCase]:
    """Every case that has to do with this one and that the person may see: one statement.

    Cases that are named for a reason of their own are not named again as the customer's.
    """
    first, *rest = branches(case, user)
    rows = list(first.union(*rest, all=True).order_by("r_turn", "-r_pk")[:MOST])
    found = [of_row(row) for row in rows]
    named = {one.pk for one in found if one.why != "customer"}
    return [one for one in found if one.why != "customer" or one.pk not in named]


def branches(case: Case, user: User) -> Iterator[QuerySet[Any, Any]]:
    """One SELECT for each way to have to do with a case."""
    seen = Case.objects.visible_to(user).exclude(pk=case.pk)
    yield branch(seen.filter(customer=case.customer_id, state__in=OPEN), 9, "customer")
    yield branch(seen.filter(follows=case), 8, "after")
    if case.follows_id is not None:
        yield branch(seen.filter(pk=case.follows_id), 7, "before")
    if case.has_merged:
        yield branch(seen.filter(pk__in=merged_below(case.pk)), 6, "merged")
    if case.merged_into_id is not None:
        yield branch(seen.filter(pk__in=merged_above(case.pk)), 0, "above")
    for side, end, turn in (("links_in", "source", 1), ("links_out", "target", 2)):
        links = {f"{side}__{end}": case, f"{side}__ended_at": None}
        yield branch(seen.filter(**links), turn, F(f"{side}__kind"), side)


def branch(found: QuerySet[Case], turn: int, why: Any, side: str = "") -> QuerySet[Any, Any]:
    """The cases of a branch with the columns that all branches have, in one order."""
    columns = {
        **{f"r_{name}": F(name) for name in COLUMNS},
        "r_turn": Value(turn, IntegerField()),
        "r_why": Value(why, CharField()) if isinstance(why, str) else why,
        "r_side": Value(side, CharField()),
        "r_link": F(f"{side}__pk") if side else Value(0, IntegerField()),
        "r_note": F(f"{side}__note") if side else Value("", CharField()),
        "r_at": F(f"{side}__at") if side else F("logged_at"),
    }
    return found.order_by().annotate(**columns).values(*columns)


def of_row(row: dict[str, Any]) -> RelatedCase:
    why = row["r_why"]
    if row["r_side"] == "links_out":
        # The other case says it of this one: it is read from the other side here.
        why = f"{why}.in"
    if why == "above":
        why = "through" if row["r_state"] == CaseState.MERGED else "survivor"
    return RelatedCase(
        pk=row["r_pk"],
        number=row["r_number"],
        title=row["r_title"],
        state=row["r_state"],
        is_major=row["r_severity"] == Severity.MAJOR,
        why=why,
        link=row["r_link"] or None,
        note=row["r_note"],
        at=row["r_at"],
    )


def grouped(related: list[RelatedCase]) -> list[tuple[Any, list[RelatedCase]]]:
    """What the side panel lists, under the words of each relation."""
    groups: dict[str, tuple[Any, list[RelatedCase]]] = {}
    for one in related:
        if one.why not in ABOVE:
            groups.setdefault(one.why, (one.words, []))[1].append(one)
    return list(groups.values())


def tell(entries: Iterable[Entry], related: list[RelatedCase]) -> None:
    """Say with the deeds of a timeline which cases they have linked; those that are linked still
    and that the reader may see."""
    for entry in entries:
        entry.sections += [
            (one.words, f"{one.number} {one.title}")
            for one in related
            if one.is_link and one.at == entry.at
        ]


def links_to_end(case: Case, user: User) -> list[tuple[CaseLink, RelatedCase]]:
    """The links of a case that somebody has made, with the other case: one statement."""
    seen = Case.objects.visible_to(user)
    rows = (
        CaseLink.objects.filter(Q(source=case) | Q(target=case), ended_at=None, kind__in=SAID)
        .filter(source__in=seen, target__in=seen)
        .select_related("source", "target")
        .order_by("pk")
    )
    return [(link, of_link(link, case)) for link in rows]


def of_link(link: CaseLink, case: Case) -> RelatedCase:
    outward = link.source_id == case.pk
    other = link.target if outward else link.source
    return RelatedCase(
        pk=other.pk, number=other.number, title=other.title, state=str(other.state),
        is_major=other.is_major, why=link.kind if outward else f"{link.kind}.in", link=link.pk,
        note=link.note,
    )  # fmt: skip


# ---------------------------------------------------------------------------- merged cases
@dataclass(frozen=True)
class Complainant:
    """Whoever complained in a case that was merged: told along with the customer of this one."""

    number: str
    customer: str
    contact: str
    phone: str

    @property
    def url(self) -> str:
        return f"/cases/{self.number}/"


def complainants(case: Case, user: User) -> tuple[list[Complainant], int]:
    """Who else is told what this case's customer is told, and how many more there are that the
    person may not see: one statement."""
    seen = Case.objects.visible_to(user).filter(pk=OuterRef("pk"))
    rows = list(
        Case.objects.filter(pk__in=merged_below(case.pk))
        .annotate(seen=Exists(seen))
        .select_related("customer")
        .order_by("pk")
    )
    shown = [
        Complainant(
            number=row.number,
            customer=row.customer.name,
            contact=row.contact_name,
            phone=row.contact_phone or row.customer.phone,
        )
        for row in rows
        if row.seen  # type: ignore[attr-defined]
    ]
    return shown, len(rows) - len(shown)


# ---------------------------------------------------------------------------- similar cases
def same_matter(case: Case, user: User) -> list[RelatedCase]:
    """The latest cases with the same product and the same cause or category: one statement, none
    where nothing is known to compare."""
    near = Q(pk__in=[])
    if case.cause_id is not None:
        near |= Q(cause=case.cause_id)
    if case.category_id is not None:
        near |= Q(category=case.category_id)
    if case.product_id is None or case.cause_id is case.category_id is None:
        return []
    found = Case.objects.visible_to(user).exclude(pk=case.pk).filter(near, product=case.product_id)
    return [
        RelatedCase(
            pk=row["pk"], number=row["number"], title=row["title"], state=row["state"],
            is_major=row["severity"] == Severity.MAJOR, why="alike",
        )
        for row in found.order_by("-pk").values(*COLUMNS)[:ALIKE]
    ]  # fmt: skip
