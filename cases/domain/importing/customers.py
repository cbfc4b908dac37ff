"""Which customer a row speaks of: by reference, then by phone, then by name and city."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple, TypeVar

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from cases.domain.importing.errors import shown
from cases.domain.importing.finding import Planned, unknown
from cases.domain.importing.reading import Draft
from cases.enums import CustomerType
from cases.models import Customer
from cases.validators import digits_of
from workflows.domain.context import now

T = TypeVar("T")
# A shorter number is an extension or a mistake, and would find strangers.
LEAST_DIGITS = 7
CHUNK = 400
PERSONS = (CustomerType.END, CustomerType.POTENTIAL)
_FIELDS = ("phone", "email", "region", "city", "address")


class Card(NamedTuple):
    """What is known of a customer, there or still to be made. `phone` is its digits."""

    name: str
    city: str
    phone: str
    reference: str
    type: str


class Customers:
    """The customers a file may mean, read in chunks: the statements do not grow by rows."""

    def __init__(self, drafts: Iterable[Draft], *, by: User, create: bool) -> None:
        self.by, self.create = by, create
        self.by_ref: dict[str, list[Planned[Customer]]] = {}
        self.by_phone: dict[str, list[Planned[Customer]]] = {}
        self.by_name: dict[str, list[Planned[Customer]]] = {}
        self.card: dict[Planned[Customer], Card] = {}
        asked = list(drafts)
        self.load("external_ref", (draft.get("customer_ref") for draft in asked))
        self.load("phone_digits", (digits(draft) for draft in asked))
        self.load("name", (draft.get("customer") for draft in asked))

    def load(self, field: str, values: Iterable[str]) -> None:
        known = {planned.found.pk for planned in self.card if planned.found is not None}
        for chunk in chunks(sorted({value for value in values if value})):
            for customer in Customer.objects.filter(Q(**{f"{field}__in": chunk})).order_by("pk"):
                if customer.pk not in known:
                    known.add(customer.pk)
                    self.add(Planned(customer), customer)

    def add(self, planned: Planned[Customer], customer: Customer) -> None:
        name, phone, reference = customer.name, customer.phone_digits, customer.external_ref
        self.card[planned] = Card(name, customer.city, phone, reference, customer.type)
        self.by_name.setdefault(name, []).append(planned)
        if reference:
            self.by_ref.setdefault(reference, []).append(planned)
        if len(phone) >= LEAST_DIGITS:
            self.by_phone.setdefault(phone, []).append(planned)

    def find(self, draft: Draft) -> Planned[Customer]:
        """Raises ValueError naming a customer that is not there, or is there more than once."""
        name, reference = draft.get("customer"), draft.get("customer_ref")
        for found in (
            self.by_ref.get(reference, []),
            self.without_other(self.by_phone.get(digits(draft), []), reference),
            self.without_other(self.called(draft), reference),
        ):
            if found:
                return self.one(found, draft)
        if not name:
            raise ValueError(_("No customer is named, and none has this phone or reference."))
        if not self.create and self.by_name.get(name):
            raise ValueError(
                _("“%(value)s” is there with another phone, city or reference only.")
                % {"value": shown(name)}
            )
        if not self.create:
            raise ValueError(unknown(name))
        return self.plan(draft)

    def without_other(
        self, found: list[Planned[Customer]], reference: str
    ) -> list[Planned[Customer]]:
        """Where the row gives a reference, somebody with another one is somebody else."""
        return [planned for planned in found if not reference or not self.card[planned].reference]

    def called(self, draft: Draft) -> list[Planned[Customer]]:
        """Customers of this name. Another city is another customer; of two consumers with one
        name and different phones each is a person of their own, while a company has many."""
        city, phone = draft.get("city"), digits(draft)
        found = []
        for planned in self.by_name.get(draft.get("customer"), []):
            card = self.card[planned]
            if city and card.city and city != card.city:
                continue
            other_phone = phone and card.phone and phone != card.phone
            kind = draft.get("customer_type") or card.type
            if other_phone and kind in PERSONS and not (city and city == card.city):
                continue
            found.append(planned)
        return found

    def one(self, found: list[Planned[Customer]], draft: Draft) -> Planned[Customer]:
        """The only one; of several, the only one with name and city as given."""
        if len(found) == 1:
            return found[0]
        name, city = draft.get("customer"), draft.get("city")
        for wanted in ((name,), (name, city)):
            exact = [planned for planned in found if self.card[planned][: len(wanted)] == wanted]
            if len(exact) == 1:
                return exact[0]
        raise ValueError(
            _("Several customers fit “%(value)s”; give the customer reference.")
            % {"value": shown(draft.get("customer") or draft.get("phone"))}
        )

    def plan(self, draft: Draft) -> Planned[Customer]:
        given: dict[str, Any] = {field: draft.get(field) for field in _FIELDS}
        given |= {
            "name": draft.get("customer"),
            "type": draft.get("customer_type", CustomerType.END),
            "external_ref": draft.get("customer_ref"),
            "phone_digits": digits(draft),
        }
        customer = Customer(**given, created_by=self.by)
        planned = Planned(make=maker(given, self.by))
        self.add(planned, customer)
        return planned


def maker(given: dict[str, Any], by: User) -> Callable[[], Customer]:
    """A new instance each time: one that was rolled back keeps a key that is not there."""

    def make() -> Customer:
        customer = Customer(**given, created_at=now(), created_by=by)
        customer._history_user = by  # type: ignore[attr-defined]
        customer.save()
        return customer

    return make


def digits(draft: Draft) -> str:
    return digits_of(draft.get("phone"))


def chunks(values: list[T]) -> Iterator[list[T]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
