"""Customers and their service file (用户服务档案)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, gettext_lazy as _

from cases.domain import customers, queries
from cases.domain.options import Options
from cases.enums import CustomerType
from cases.models import Case, Customer, CustomerClass
from cases.permissions import may_log
from cases.web.case_looks import CASE_LOOKS
from cases.web.forms.fields import Pick
from cases.web.list_address import marks, pager, words
from workflows.errors import EngineError


class CustomerForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, max_value=10**9)
    name = forms.CharField(label=_("Name"))
    type = forms.ChoiceField(label=_("Customer type"), choices=CustomerType.choices)
    customer_class = forms.ModelChoiceField(
        CustomerClass.objects.filter(is_active=True), label=_("Customer class"), required=False
    )
    phone = forms.CharField(label=_("Phone"), required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    region = forms.CharField(label=_("Region"), required=False)
    city = forms.CharField(label=_("City"), required=False)
    address = forms.CharField(label=_("Address"), required=False)


class ContactForm(forms.Form):
    name = forms.CharField(label=_("Name"))
    position = forms.CharField(label=_("Position"), required=False)
    phone = forms.CharField(label=_("Phone"), required=False)


class DeliveryForm(forms.Form):
    product = Pick("product", label=_("Product"))
    batch = forms.CharField(label=_("Batch or serial number"), required=False)
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=10**6, initial=1)
    delivered_on = forms.DateField(label=_("Delivered on"))

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["product"].offer(Options())  # type: ignore[attr-defined]


def customer_list(request: HttpRequest) -> HttpResponse:
    """Customers by any part of name or phone; pages by key."""
    user: Any = request.user
    text = words(request.GET, most=60)
    found = customers.matching(user, text) if text else customers.visible_to(user)
    page = queries.page(found.select_related("customer_class"), **marks(request, queries.NEWEST))
    given = {
        "rows": [
            {"customer": row, "phone": customers.masked(row.phone, user)} for row in page.rows
        ],
        "q": text,
        "page": pager(request, page),
        "may_log": may_log(user),
    }
    return render(request, "cases/customer_list.html", given)


def customer_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One customer: master data, contacts, deliveries, cases."""
    user: Any = request.user
    return shown(request, get_object_or_404(customers.visible_to(user), pk=min(pk, 2**62)))


def shown(
    request: HttpRequest, customer: Customer, *, status: int = 200, **bound: Any
) -> HttpResponse:
    user: Any = request.user
    cases = Case.objects.visible_to(user).filter(customer=customer)
    rows = queries.page(queries.with_names(cases)).rows
    fields = ("name", "type", "customer_class", "phone", "email", "region", "city", "address")
    initial = {name: getattr(customer, name) for name in (*fields, "version")}
    given = {
        "customer": customer,
        "phone": customers.masked(customer.phone, user),
        "contacts": [
            {"contact": contact, "phone": customers.masked(contact.phone, user)}
            for contact in customer.contacts.order_by("pk")
        ],
        "deliveries": customer.deliveries.select_related("product")[:100],
        "rows": [{"case": case, "look": CASE_LOOKS[case.state]} for case in rows],
        "may_log": may_log(user),
        "form": bound.get("form") or CustomerForm(initial=initial),
        "contact_form": bound.get("contact_form") or ContactForm(),
        "delivery_form": bound.get("delivery_form") or DeliveryForm(),
        "opened": next(iter(bound), ""),
    }
    return render(request, "cases/customer.html", given, status=status)


def save(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """Change the master data, or add a contact or a delivery."""
    user: Any = request.user
    if request.method != "POST" or not may_log(user):
        raise Http404
    customer = get_object_or_404(customers.visible_to(user), pk=min(pk, 2**62))
    parts: dict[str, tuple[str, Any, Any]] = {
        "data": ("form", CustomerForm, customers.edit_customer),
        "contact": ("contact_form", ContactForm, customers.add_contact),
        "delivery": ("delivery_form", DeliveryForm, customers.add_delivery),
    }
    if part not in parts:
        raise Http404
    name, form_class, command = parts[part]
    form, status = form_class(request.POST), 422
    try:
        if form.is_valid():
            command(by=user, customer=customer, **form.cleaned_data)
            messages.success(request, gettext("Saved."))
            return redirect("cases:customer", pk=customer.pk)
    except ValidationError as error:
        for field, sentences in error.message_dict.items():
            form.add_error(field if field in form.fields else None, sentences)
    except EngineError as error:
        status = error.status
        form.add_error(None, str(error))
    return shown(request, customer, status=status, **{name: form})


def add(request: HttpRequest) -> HttpResponse:
    """Open a new customer's file."""
    user: Any = request.user
    if not may_log(user):
        raise Http404
    form = CustomerForm(request.POST or None)
    if request.method == "POST":
        try:
            if form.is_valid():
                given = {k: v for k, v in form.cleaned_data.items() if k != "version"}
                customer = customers.add_customer(by=user, **given)
                messages.success(request, gettext("Saved."))
                return redirect("cases:customer", pk=customer.pk)
        except ValidationError as error:
            for field, sentences in error.message_dict.items():
                form.add_error(field if field in form.fields else None, sentences)
    status = 422 if request.method == "POST" else 200
    return render(request, "cases/customer_add.html", {"form": form}, status=status)
