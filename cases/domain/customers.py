"""Commands about customers, and finding them while the phone rings."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import User
from cases.domain.search import searchable
from cases.enums import CustomerType
from cases.models import Case, Contact, Customer, CustomerClass, Delivery, Product
from cases.permissions import QUALITY, may_log
from cases.validators import Problems, digits_of
from workflows.domain.changes import FieldChange, steps_of
from workflows.domain.context import now
from workflows.domain.transitions import business_transaction
from workflows.errors import Forbidden, Stale

READERS = (
    Role.SERVICE_AGENT,
    *QUALITY,
    Role.MANAGEMENT_REPRESENTATIVE,
    Role.GENERAL_MANAGER,
    Role.AUDITOR,
    Role.MARKETING,
)
# Fewer digits fit everybody.
LEAST_DIGITS = 3
# Of a shorter number even the ends would say too much.
SHORTEST_MASKED = 9
MOST_QUANTITY = 1_000_000
SEARCHED = (
    "number", "title", "description", "contact_name", "batch", "external_ref", "search_text",
    "customer",
)  # fmt: skip


def visible_to(user: User) -> QuerySet[Customer]:
    """Service, quality, marketing, management and auditors see all; others those of their cases."""
    if user.authority.is_any(*READERS):
        return Customer.objects.all()
    return Customer.objects.filter(pk__in=Case.objects.visible_to(user).values("customer"))


def sees_phones(user: User) -> bool:
    """Only who talks to customers sees a phone in full."""
    return user.authority.is_any(Role.SERVICE_AGENT, *QUALITY)


def masked(phone: str, user: User) -> str:
    """138****1234 for everybody who does not need the number."""
    return phone if sees_phones(user) else mask(phone)


def mask(phone: str) -> str:
    if len(phone) < SHORTEST_MASKED:
        return "****" if phone else ""
    return f"{phone[:3]}****{phone[-4:]}"


def with_phone(user: User, digits: str, *, most: int) -> list[int]:
    """Keys of customers whose phone, or a contact's, holds these digits; nothing for those from
    whom phones are hidden, as they could guess them."""
    if not sees_phones(user):
        return []
    contacts = Contact.objects.filter(phone_digits__contains=digits).values("customer")
    held = Customer.objects.filter(Q(phone_digits__contains=digits) | Q(pk__in=contacts))
    return list(held.order_by("-pk").values_list("pk", flat=True)[:most])


def matching(user: User, text: str) -> QuerySet[Customer]:
    """Visible customers by any part of the name or the phone, of themselves or of a contact."""
    text = text.strip()
    contacts = Q(name__icontains=text)
    condition = Q(name__icontains=text)
    digits = digits_of(text)
    if len(digits) >= LEAST_DIGITS and sees_phones(user):
        contacts |= Q(phone_digits__contains=digits)
        condition |= Q(phone_digits__contains=digits)
    condition |= Q(pk__in=Contact.objects.filter(contacts).values("customer"))
    return visible_to(user).filter(condition)


def find(user: User, text: str, *, most: int = 8) -> list[Customer]:
    """The first few that fit, by name: while the phone rings."""
    if len(text.strip()) < 2:
        return []
    return list(matching(user, text).order_by("name", "pk")[:most])


def add_customer(
    *,
    by: User,
    name: str,
    type: CustomerType | str = CustomerType.END,
    phone: str = "",
    email: str = "",
    region: str = "",
    city: str = "",
    address: str = "",
    customer_class: CustomerClass | None = None,
    external_ref: str = "",
) -> Customer:
    """Open a customer's file. Raises ValidationError by field."""
    guard(by)
    customer = Customer(
        type=CustomerType(type),
        customer_class=customer_class,
        email=email,
        external_ref=external_ref,
        created_at=now(),
        created_by=by,
    )
    write(customer, name=name, phone=phone, region=region, city=city, address=address)
    keep(customer, by=by)
    return customer


def guard(by: User) -> None:
    """Who logs cases keeps the service files."""
    if not may_log(by):
        raise Forbidden(_("Only the service centre and the quality department keep customers."))


def write(customer: Customer, **texts: str) -> None:
    limits = {"name": 120, "phone": 40, "region": 60, "city": 60, "address": 200}
    problems = Problems()
    for name, value in texts.items():
        cleaned = problems.text(name, value, most=limits[name], lines=False, needed=name == "name")
        setattr(customer, name, cleaned)
    problems.check()
    customer.phone_digits = digits_of(customer.phone)


def edit_customer(
    *,
    by: User,
    customer: Customer,
    version: int,
    type: CustomerType | str,
    email: str,
    customer_class: CustomerClass | None,
    **texts: str,
) -> Customer:
    """Change a customer's file: lock → compare versions → save with history → search texts.

    What was typed against an older version is Stale, with what a colleague changed since.
    """
    guard(by)
    with business_transaction():
        customer = Customer.objects.select_for_update().get(pk=customer.pk)
        if version != customer.version:
            raise Stale(
                _("Somebody changed this customer in the meantime; compare, then save again."),
                details=changes_since(customer, version),
            )
        before = customer.name
        customer.type, customer.email = CustomerType(type), email
        customer.customer_class = customer_class
        write(customer, **texts)
        customer.version += 1
        keep(customer, by=by)
        if customer.name != before:
            rewrite_search(customer)
    return customer


def keep(customer: Customer, *, by: User, act: str = "") -> None:
    """Save with a history row that says who, and what was added beside it."""
    customer._history_user = by  # type: ignore[attr-defined]
    customer._history_date = now()  # type: ignore[attr-defined]
    customer._change_reason = act or None  # type: ignore[attr-defined]
    try:
        customer.save()
    finally:
        for note in ("_history_user", "_history_date", "_change_reason"):
            delattr(customer, note)


def changes_since(customer: Customer, version: int) -> list[FieldChange]:
    """What changed after `version`, oldest first."""
    rows = customer.history.filter(version__gte=version).select_related("history_user")
    ordered = rows.order_by("history_id")
    return [change for _row, found in steps_of(ordered) for change in found]


def rewrite_search(customer: Customer) -> None:
    """The customer's cases are found by the new name."""
    found = list(customer.cases.select_related("product").only(*SEARCHED, "product__name"))
    for case in found:
        case.customer = customer
        case.search_text = searchable(case)
    Case.objects.bulk_update(found, ["search_text"], batch_size=500)


def add_contact(
    *, by: User, customer: Customer, name: str, phone: str = "", position: str = "", email: str = ""
) -> Contact:
    """Add a person we talk to."""
    guard(by)
    problems = Problems()
    given = {
        "name": problems.text("name", name, most=80, lines=False, needed=True),
        "phone": problems.text("phone", phone, most=40, lines=False),
        "position": problems.text("position", position, most=80, lines=False),
    }
    problems.check()
    with business_transaction():
        contact = Contact.objects.create(
            customer=customer, phone_digits=digits_of(given["phone"]), email=email, **given
        )
        keep(customer, by=by, act="add_contact")
    return contact


def add_delivery(
    *,
    by: User,
    customer: Customer,
    product: Product,
    delivered_on: date,
    batch: str = "",
    quantity: int = 1,
) -> Delivery:
    """Write a delivery into the service file."""
    guard(by)
    problems = Problems()
    batch = problems.text("batch", batch, most=80, lines=False)
    if delivered_on > timezone.localdate(now()):
        problems.add("delivered_on", _("A delivery is written down when it has happened."))
    if not 1 <= quantity <= MOST_QUANTITY:
        problems.add("quantity", _("Between 1 and %(most)s.") % {"most": MOST_QUANTITY})
    problems.check()
    with business_transaction():
        delivery = Delivery.objects.create(
            customer=customer,
            product=product,
            batch=batch,
            quantity=quantity,
            delivered_on=delivered_on,
        )
        keep(customer, by=by, act="add_delivery")
    return delivery
