"""What the selects of a page offer, read with one statement however many forms stand on it.

Forms say what they want while they are made; the first one that is drawn or validated reads for
all of them. The names of departments concerned and of old field values come along.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS
from django.db.models import CharField, Exists, F, IntegerField, OuterRef, QuerySet, Value
from django.utils.functional import cached_property
from django.utils.translation import get_language

from accounts.enums import COVERS
from accounts.models import Department, Membership, User
from cases.domain import incident_policies
from cases.domain.departments import HANDLERS
from cases.models import (
    Case,
    CaseParty,
    Category,
    Cause,
    Channel,
    Customer,
    IncidentPolicy,
    Product,
)
from workflows.domain.context import now

CATALOGUES: dict[str, Any] = {
    "category": Category,
    "channel": Channel,
    "cause": Cause,
    "product": Product,
}
MODELS: dict[str, Any] = {
    **CATALOGUES,
    "customer": Customer,
    "department": Department,
    "person": User,
}


class Option(NamedTuple):
    """One thing to choose. `number` and `text` sort it; for a department concerned `text` is its
    part; a person comes with the department: its key, name and English name."""

    kind: str
    pk: int
    name: str
    name_en: str
    number: int
    text: str

    @property
    def label(self) -> str:
        if self.kind.startswith("person"):
            return self.name
        if self.name_en and not (get_language() or "").startswith("zh"):
            return self.name_en
        return self.name


class Options:
    """The choices of one page. Say `want` first; whatever is read then comes in one statement."""

    def __init__(self) -> None:
        self._wanted: dict[str, QuerySet[Any, Any]] = {}

    def want(self, *kinds: str) -> None:
        for kind in kinds:
            if kind not in self._wanted:
                self._add(kind, offered(kind))

    def _add(self, kind: str, rows: QuerySet[Any, Any]) -> None:
        """What is wanted late costs a second statement, and is not forgotten."""
        self._wanted[kind] = rows
        self.__dict__.pop("found", None)

    def want_people(self, kind: str, pools: Iterable[tuple[int | None, Iterable[str]]]) -> None:
        """People of (department, roles), under a kind of their own."""
        found = Membership.objects.none()
        for department, roles in pools:
            held = Membership.objects.filter(role__in=list(roles))
            if department is not None:
                held = held.filter(department=department)
            found = found | held
        self._add(kind, people(kind, found))

    def want_parties(self, case: Case) -> None:
        parties = CaseParty.objects.filter(case=case)
        self._add("party", columns(
            parties, "party", pk=F("department_id"), name=F("department__name"),
            name_en=F("department__name_en"), text=F("part"),
        ))  # fmt: skip

    def want_customer(self, customers: QuerySet[Customer]) -> None:
        """The chosen customer, read along with everything else."""
        self._wanted["customer"] = columns(customers, "customer", name=F("name"))

    def want_names(self, kind: str, keys: Iterable[int]) -> None:
        """The names of rows that need not be on offer any more, under "was:" and the kind."""
        rows = MODELS[kind]._default_manager.filter(pk__in=list(keys))
        english = {} if kind == "person" else {"name_en": F("name_en")}
        self._add(f"was:{kind}", columns(rows, f"was:{kind}", name=F("name"), **english))

    @cached_property
    def incident_policy(self) -> IncidentPolicy:
        """Whose matrix proposes a severity: read once, where a form of the page weighs a case."""
        return incident_policies.in_force(now())

    @cached_property
    def found(self) -> dict[str, list[Option]]:
        """Everything that was wanted, by kind and in its order: one statement, none for nothing."""
        by_kind: dict[str, list[Option]] = defaultdict(list)
        queries = [query for query in self._wanted.values() if not query.query.is_empty()]
        if not queries:
            return by_kind
        first, *rest = queries
        union = first.union(*rest, all=True) if rest else first
        for row in union:
            by_kind[row[0]].append(Option(*row))
        for kind, options in by_kind.items():
            options.sort(key=order_of(kind))
        return by_kind

    def pick(self, kind: str, pk: int) -> Any:
        """The chosen row as an object that knows its key and names; None when it is not on offer.

        Its other columns are read when somebody asks for them.
        """
        option = next((option for option in self.found[kind] if option.pk == pk), None)
        if option is None:
            return None
        model = MODELS[kind.split(":")[0]]
        known = {"id": option.pk, "name": option.name, "name_en": option.name_en}
        known["is_active"] = True  # type: ignore[assignment]
        fields = [f.attname for f in model._meta.concrete_fields if f.attname in known]
        found = model.from_db(DEFAULT_DB_ALIAS, fields, [known[name] for name in fields])
        found.has_handlers = kind == "department"
        return found

    def names(self, kind: str) -> dict[int, str]:
        return {option.pk: option.label for option in self.found[kind]}


def order_of(kind: str) -> Any:
    if kind in {"product", "department", "party"}:
        return lambda option: (option.text, option.number, option.pk)
    return lambda option: (option.number, option.text, option.pk)


def offered(kind: str) -> QuerySet[Any, Any]:
    """What may be chosen today: active entries, departments and people that can take a step."""
    if kind in CATALOGUES:
        sort = "path" if kind == "product" else "code"
        return columns(
            CATALOGUES[kind]._default_manager.filter(is_active=True), kind, name=F("name"),
            name_en=F("name_en"), number=F("position"), text=F(sort),
        )  # fmt: skip
    if kind == "department":
        handlers = Membership.objects.filter(
            department=OuterRef("pk"), role__in=HANDLERS, until=None, user__is_active=True
        )
        return columns(
            Department.objects.filter(Exists(handlers), is_active=True), kind, name=F("name"),
            name_en=F("name_en"), text=F("path"),
        )  # fmt: skip
    return people(kind, Membership.objects.filter(role__in=HANDLERS))


def people(kind: str, memberships: QuerySet[Membership]) -> QuerySet[Any, Any]:
    held = memberships.filter(until=None, user__is_active=True, department__is_active=True)
    return columns(
        held, kind, pk=F("user_id"), name=F("user__name"), number=F("department_id"),
        text=F("department__name"), name_en=F("department__name_en"),
    )  # fmt: skip


def columns(queryset: QuerySet[Any], kind: str, **given: Any) -> QuerySet[Any, Any]:
    """The queryset with the columns of Option."""
    empty = {
        "kind": Value(kind, CharField()),
        "pk": F("pk"),
        "name": Value("", CharField()),
        "name_en": Value("", CharField()),
        "number": Value(0, IntegerField()),
        "text": Value("", CharField()),
    }
    chosen = {**empty, **given}
    named = {f"c_{name}": chosen[name] for name in Option._fields}
    return queryset.order_by().annotate(**named).values_list(*named)


def grouped(options: Iterable[Option]) -> list[tuple[str, list[tuple[int, str]]]]:
    """People by department, for a select with groups."""
    groups: dict[int, tuple[str, list[tuple[int, str]]]] = {}
    for option in options:
        place = option.text
        if option.name_en and not (get_language() or "").startswith("zh"):
            place = option.name_en
        members = groups.setdefault(option.number, (place, []))[1]
        if (option.pk, option.name) not in members:
            members.append((option.pk, option.name))
    return list(groups.values())


def roles_that_take(role: str) -> list[str]:
    """The roles whose holders may take a step that waits for `role`."""
    return [role, *(str(key) for key, covered in COVERS.items() if role in covered)]
