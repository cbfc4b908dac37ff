"""Logging on one page, by keyboard; and the looks-up that the page asks for as one types."""

import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from cases.domain import customers, intake, queries
from cases.domain.options import Options
from cases.enums import LOGGED, CustomerType, Kind, Severity
from cases.models import Case
from cases.permissions import may_log
from cases.web.case_looks import CASE_LOOKS
from cases.web.forms.base import ALIASES
from cases.web.forms.fields import Long, Pick, Uploads
from cases.web.forms.weighing import Weighing, extent_field, harm_field
from cases.web.list_address import whole, words
from workflows.domain.transitions import business_transaction
from workflows.errors import EngineError


class EntryForm(Weighing, forms.Form):
    """Everything about what came in. `customer` is picked, or the new_ fields open a file."""

    form_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    follows = forms.CharField(widget=forms.HiddenInput, required=False, max_length=30)
    customer = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    new_phone = forms.CharField(label=_("Phone"), required=False)
    new_name = forms.CharField(label=_("Customer"), required=False)
    new_type = forms.ChoiceField(
        label=_("Customer type"), choices=CustomerType.choices, initial=CustomerType.END,
        required=False,
    )  # fmt: skip
    new_city = forms.CharField(label=_("City"), required=False)
    description = Long(label=_("What happened"), rows=6, required=False)
    remedy_sought = Long(label=_("Remedy sought"), rows=2, required=False)
    title = forms.CharField(
        label=_("Title"), required=False, help_text=_("Empty: the first sentence of what happened.")
    )
    product = Pick("product", label=_("Product"), required=False)
    batch = forms.CharField(label=_("Batch or serial number"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=LOGGED, initial=Kind.COMPLAINT)
    harm = harm_field()
    extent = extent_field()
    severity = forms.ChoiceField(
        label=_("Severity"), choices=Severity.choices, initial=Severity.GENERAL
    )
    category = Pick("category", label=_("Category"), required=False)
    channel = Pick("channel", label=_("Channel"))
    contact_name = forms.CharField(label=_("Contact"), required=False)
    contact_phone = forms.CharField(label=_("Contact phone"), required=False)
    occurred_on = forms.DateField(label=_("Occurred on"), required=False)
    received_at = forms.DateTimeField(
        label=_("Received at"),
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        help_text=_("Empty: now."),
    )
    uploads = Uploads(label=_("Files"))

    def __init__(self, *args: Any, by: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.by, self.options = by, Options()
        for field in self.fields.values():
            if isinstance(field, Pick):
                field.offer(self.options)
        self.key = whole(str(self["customer"].value() or ""))
        if self.key:
            self.options.want_customer(customers.visible_to(by).filter(pk=self.key))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["found"] = found = self.options.pick("customer", self.key)
        if found is None and not given.get("new_name", "").strip():
            self.add_error("new_name", gettext("Choose a customer, or type the name of a new one."))
        if number := given.get("follows"):
            given["before"] = Case.objects.visible_to(self.by).filter(number=number).first()
        return given

    def refuse(self, error: ValidationError) -> None:
        """Show what a command found wrong at the fields."""
        names = {**ALIASES, "name": "new_name", "phone": "new_phone", "city": "new_city"}
        found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, sentences in found.items():
            place = names.get(name, name)
            for sentence in sentences:
                self.add_error(place if place in self.fields else None, sentence)

    def log(self) -> Case:
        """Open the customer's file where it is new, and log the case."""
        given = self.cleaned_data
        same = {
            name: given[name]
            for name in (
                "description", "remedy_sought", "title", "product", "batch", "kind", "severity",
                "harm", "extent", "category", "channel", "contact_name", "contact_phone",
                "occurred_on", "received_at", "uploads", "form_key",
            )
        }  # fmt: skip
        self.used = given["found"] or customers.add_customer(
            by=self.by,
            name=given["new_name"],
            phone=given["new_phone"],
            type=given["new_type"] or CustomerType.END,
            city=given["new_city"],
        )
        return intake.log_case(by=self.by, customer=self.used, follows=given.get("before"), **same)


def log(request: HttpRequest) -> HttpResponse:
    """The logging page. Saved: on to the case, where the acknowledgement waits to be read out."""
    user: Any = request.user
    if not may_log(user):
        raise Http404
    status = 200
    form = EntryForm(initial=initial(request), by=user)
    if request.method == "POST":
        form = EntryForm(request.POST, request.FILES, by=user)
        try:
            if form.is_valid():
                case = log_once(form)
                messages.success(
                    request, gettext("Logged as %(number)s.") % {"number": case.number}
                )
                return redirect("cases:detail", number=case.number)
        except ValidationError as error:
            form.refuse(error)
        except EngineError as error:
            status = error.status
            form.add_error(None, str(error))
        status = 422 if status == 200 else status
    given = {"form": form, "chosen": form.options.pick("customer", form.key)}
    return render(request, "cases/log.html", given, status=status)


def log_once(form: EntryForm) -> Case:
    """Customer and case in one transaction; a second submit of the form opens no second file."""
    if form.cleaned_data["found"] is not None:
        return form.log()
    with business_transaction():
        case = form.log()
        if case.customer_id != form.used.pk:
            transaction.set_rollback(True)
        return case


def initial(request: HttpRequest) -> dict[str, Any]:
    """A fresh form key, and what the address brings along: a customer, a case to follow."""
    user: Any = request.user
    given: dict[str, Any] = {
        "form_key": secrets.token_hex(16),
        "received_at": timezone.localtime(),
        "customer": request.GET.get("customer", ""),
    }
    number = request.GET.get("follows", "")
    before = Case.objects.visible_to(user).filter(number=number).first() if number else None
    if before is not None:
        given |= {
            "follows": before.number,
            "customer": str(before.customer_id),
            "product": before.product_id,
            "category": before.category_id,
            "channel": before.channel_id,
            "contact_name": before.contact_name,
            "contact_phone": before.contact_phone,
        }
    return given


def lookup(request: HttpRequest) -> HttpResponse:
    """Customers that fit what was typed so far."""
    user: Any = request.user
    if not may_log(user):
        raise Http404
    text = words(request.GET, "new_phone", most=60) or words(request.GET, "new_name", most=60)
    found = customers.find(user, text)
    return render(request, "cases/log_found.html", {"found": found, "typed": text})


def known(request: HttpRequest) -> HttpResponse:
    """What the system knows: the customer's cases and deliveries, and similar cases."""
    user: Any = request.user
    key = whole(request.GET.get("customer", ""))
    customer = customers.visible_to(user).filter(pk=key).first() if key else None
    text = words(request.GET, "description", most=400)
    product = whole(request.GET.get("product", ""))
    recent: list[Case] = []
    if customer is not None:
        mine = Case.objects.visible_to(user).filter(customer=customer)
        recent = list(queries.with_names(mine).order_by("-pk")[:8])
    given = {
        "customer": customer,
        "recent": [{"case": case, "look": CASE_LOOKS[case.state]} for case in recent],
        "deliveries": customer.deliveries.select_related("product")[:8] if customer else [],
        "similar": [
            {"case": case, "look": CASE_LOOKS[case.state], "alike": f"{likeness:.0%}"}
            for likeness, case in queries.similar(user, text, product=product)
        ],
    }
    return render(request, "cases/log_known.html", given)
