"""The forms of inputs. What the commands check is not checked a second time here."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy as _

from accounts.models import User
from accounts.web.fields import LineField
from cases.domain.catalogue_lists import parents
from cases.models import Case, Category, Customer, Product
from cases.web.forms.fields import CHOOSE, Long
from surveys.domain.inputs.checks import AMOUNT, MOST_PIECES, QUANTITY
from surveys.domain.inputs.guards import REASON_LENGTH
from surveys.enums import InputKind, PressKind, Verdict
from surveys.models import DeliveredQuality, PressItem, ReturnedGoods, SalesVolume
from surveys.web.fields import Many, Names, One
from surveys.web.inputs.columns import verbose

_MONTH = re.compile(r"(\d{4})-(\d{1,2})", re.ASCII)


# ---------------------------------------------------------------------------- fields
class Month(forms.Field):
    """A month to be picked; becomes its first day."""

    def __init__(self, **given: Any) -> None:
        widget = forms.TextInput(attrs={"type": "month", "placeholder": "2026-01"})
        super().__init__(widget=widget, **given)

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        if not text:
            return None
        found = _MONTH.fullmatch(text)
        try:
            return date(int(found[1]), int(found[2]), 1) if found else self.refuse()
        except ValueError:
            return self.refuse()

    def refuse(self) -> Any:
        raise ValidationError(_("A month is written like 2026-01."), "invalid")

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%Y-%m}" if isinstance(value, date) else value


class CustomerName(LineField):
    """The exact name or reference of a customer; becomes that customer."""

    def __init__(self, **given: Any) -> None:
        widget = forms.TextInput(attrs={"list": "input-customers", "autocomplete": "off"})
        super().__init__(max_length=120, widget=widget, **given)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        rows = Customer.objects.filter(Q(name=text) | Q(external_ref=text)).order_by("pk")[:2]
        found = list(rows)
        if len(found) == 1:
            return found[0]
        raise ValidationError(
            gettext("Several customers fit “%(value)s”; give the customer reference.")
            % {"value": text}
            if found
            else gettext("There is no customer “%(value)s”.") % {"value": text}
        )

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Customer):
            return value.external_ref or value.name
        return value


class CaseNumbers(Names):
    """Numbers of cases that the person may see; becomes those cases."""

    by: User

    def clean(self, value: Any) -> list[Case]:
        numbers = [number.upper() for number in super().clean(value) or ()]
        if not numbers:
            return []
        rows = Case.objects.visible_to(self.by).filter(number__in=numbers)
        found = {case.number: case for case in rows.order_by("number")}
        missing = [number for number in numbers if number not in found]
        if missing:
            raise ValidationError(
                gettext("There is no case %(number)s that you may see.") % {"number": missing[0]}
            )
        return list(found.values())

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list | tuple):
            return ", ".join(one.number if isinstance(one, Case) else str(one) for one in value)
        return value


def caption(model: Any, field: str) -> Any:
    return capfirst(verbose(model, field))


def product_pairs() -> list[tuple[Any, Any]]:
    """Active products with their place in the tree: two statements."""
    rows = Product.objects.in_bulk()
    return [(rows[pk], label) for pk, label in parents() if pk in rows]


def also(pairs: list[tuple[Any, Any]], held: Iterable[Any]) -> list[tuple[Any, Any]]:
    """What is held stays on offer though it was switched off."""
    known = {row.pk for row, _label in pairs}
    return [*pairs, *((row, row.label) for row in held if row is not None and row.pk not in known)]


# ---------------------------------------------------------------------------- forms
class InputForm(forms.Form):
    """`entry` is what is corrected; then a reason is asked for. `PLAIN` are the fields that the
    model has under the same name."""

    PLAIN: tuple[str, ...] = ()
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, max_value=2**62)
    # The same form sent twice logs one.
    form_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    reason_of_change = LineField(
        label=_("Why this is corrected"), max_length=REASON_LENGTH,
        help_text=_("What stood here before is kept beside it."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, by: User, entry: Any = None) -> None:
        self.by, self.entry = by, entry
        super().__init__(data, initial=self.held() if entry else {"form_key": uuid4().hex})
        if entry is None:
            del self.fields["reason_of_change"]
        else:
            del self.fields["form_key"]
            self.order_fields([name for name in self.fields if name != "reason_of_change"])
        self.offer()

    def offer(self) -> None:
        """Read what the choices offer."""

    def held(self) -> dict[str, Any]:
        values = {name: getattr(self.entry, name) for name in self.PLAIN}
        return {**values, "seen": getattr(self.entry, "version", None)}

    def given(self) -> dict[str, Any]:
        """The input of the command."""
        names = {"seen", "form_key", "reason_of_change"}
        return {name: value for name, value in self.cleaned_data.items() if name not in names}

    @property
    def why(self) -> str:
        return str(self.cleaned_data.get("reason_of_change", ""))

    def renew(self, version: int) -> None:
        """A colleague's change has been seen now: sending the form again will do."""
        self.data = {**self.data.dict(), "seen": str(version)}  # type: ignore[attr-defined]


class PressForm(InputForm):
    PLAIN = ("kind", "publisher", "title", "published_on", "verdict", "url", "summary")
    kind = forms.ChoiceField(
        label=caption(PressItem, "kind"), choices=PressKind.choices, widget=forms.RadioSelect
    )
    publisher = LineField(label=caption(PressItem, "publisher"), max_length=120)
    title = LineField(label=_("Title"), max_length=200)
    published_on = forms.DateField(label=caption(PressItem, "published_on"))
    verdict = forms.ChoiceField(
        label=caption(PressItem, "verdict"),
        choices=[
            ("", CHOOSE),
            (_("Media report"), [(one.value, one.label) for one in list(Verdict)[:3]]),
            (_("Regulator bulletin"), [(one.value, one.label) for one in list(Verdict)[3:]]),
        ],
    )
    url = LineField(label=_("Web address"), max_length=500, required=False)
    summary = Long(label=caption(PressItem, "summary"), rows=5, required=False)
    products = Many(label=caption(PressItem, "products"))
    cases = CaseNumbers(
        label=caption(PressItem, "cases"), required=False, max_length=600,
        help_text=_("Numbers of the cases it is about, with commas between them."),
    )  # fmt: skip
    field_order = ["seen", *PLAIN, "products", "cases", "reason_of_change"]

    def offer(self) -> None:
        held = self.products_held() if self.entry else []
        fields: Any = self.fields
        pairs = also(product_pairs(), held)
        self.rows = {row.pk: row for row, _label in pairs}
        fields["products"].choices = [(row.pk, label) for row, label in pairs]
        fields["cases"].by = self.by

    def products_held(self) -> list[Product]:
        return list(self.entry.products.all())

    def held(self) -> dict[str, Any]:
        """Linked cases that the person may not see are no part of the form, and stay linked."""
        cases = list(self.entry.cases.order_by("number"))
        seen = Case.objects.visible_to(self.by).filter(pk__in=[case.pk for case in cases])
        known = set(seen.values_list("pk", flat=True))
        self.hidden_cases = [case for case in cases if case.pk not in known]
        return {
            **super().held(),
            "products": [product.pk for product in self.products_held()],
            "cases": [case for case in cases if case.pk in known],
        }

    def given(self) -> dict[str, Any]:
        given = super().given()
        hidden = self.hidden_cases if self.entry else []
        return {
            **given,
            "products": [self.rows[int(key)] for key in given["products"]],
            "cases": [*given["cases"], *hidden],
        }


class ReturnForm(InputForm):
    PLAIN = (
        "product", "customer", "quantity", "category", "reason", "batch_number", "returned_on",
    )  # fmt: skip
    product = One(label=caption(ReturnedGoods, "product"))
    quantity = forms.IntegerField(
        label=caption(ReturnedGoods, "quantity"), min_value=1, max_value=MOST_PIECES
    )
    returned_on = forms.DateField(label=caption(ReturnedGoods, "returned_on"))
    category = One(label=caption(ReturnedGoods, "category"), required=False)
    reason = LineField(label=caption(ReturnedGoods, "reason"), max_length=500, required=False)
    customer = CustomerName(
        label=caption(ReturnedGoods, "customer"), required=False,
        help_text=_("Exact name or reference."),
    )  # fmt: skip
    batch_number = LineField(
        label=caption(ReturnedGoods, "batch_number"), max_length=80, required=False
    )
    case = CaseNumbers(
        label=caption(ReturnedGoods, "case"), required=False, max_length=30,
        help_text=_("Number of the case about it."),
    )  # fmt: skip

    def offer(self) -> None:
        fields: Any = self.fields
        entry = self.entry
        fields["product"].offer(also(product_pairs(), [entry and entry.product]))
        categories = Category.objects.filter(is_active=True)
        pairs = [(row, row.label) for row in categories]
        fields["category"].offer(also(pairs, [entry and entry.category]))
        fields["case"].by = self.by

    def held(self) -> dict[str, Any]:
        case = self.entry.case
        self.hidden = case and not Case.objects.visible_to(self.by).filter(pk=case.pk).exists()
        return {**super().held(), "case": [] if case is None or self.hidden else [case]}

    def given(self) -> dict[str, Any]:
        given = super().given()
        case = given["case"][0] if given["case"] else None
        if case is None and self.entry and self.hidden:
            case = self.entry.case
        return {**given, "case": case}


class FigureForm(InputForm):
    """Of a figure that is corrected, what it is of stays as it is."""

    KEY: tuple[str, ...] = ()

    def __init__(self, data: Any = None, **given: Any) -> None:
        super().__init__(data, **given)
        if self.entry is not None:
            for name in self.KEY:
                del self.fields[name]


class QualityForm(FigureForm):
    PLAIN = ("delivered", "inspected", "defective", "unit")
    KEY = ("product", "month")
    product = One(label=caption(DeliveredQuality, "product"))
    month = Month(label=caption(DeliveredQuality, "month"))
    delivered = forms.IntegerField(
        label=caption(DeliveredQuality, "delivered"), min_value=0, max_value=MOST_PIECES
    )
    inspected = forms.IntegerField(
        label=caption(DeliveredQuality, "inspected"), min_value=0, max_value=MOST_PIECES,
        required=False, help_text=_("Empty: the defect rate is of what was delivered."),
    )  # fmt: skip
    defective = forms.IntegerField(
        label=caption(DeliveredQuality, "defective"), min_value=0, max_value=MOST_PIECES
    )
    unit = LineField(label=caption(DeliveredQuality, "unit"), max_length=20, required=False)

    def offer(self) -> None:
        fields: Any = self.fields
        if self.entry is None:
            fields["product"].offer(product_pairs())


class SalesForm(FigureForm):
    PLAIN = ("quantity", "amount")
    KEY = ("customer", "product", "month")
    customer = CustomerName(
        label=caption(SalesVolume, "customer"), help_text=_("Exact name or reference.")
    )
    product = One(
        label=caption(SalesVolume, "product"), required=False,
        help_text=_("Empty: all products of the month together."),
    )  # fmt: skip
    month = Month(label=caption(SalesVolume, "month"))
    quantity = forms.DecimalField(
        label=caption(SalesVolume, "quantity"), min_value=0, max_value=QUANTITY[0],
        decimal_places=QUANTITY[1], required=False,
    )  # fmt: skip
    amount = forms.DecimalField(
        label=caption(SalesVolume, "amount"), min_value=0, max_value=AMOUNT[0],
        decimal_places=AMOUNT[1], required=False, help_text=_("In the company's currency."),
    )  # fmt: skip

    def offer(self) -> None:
        fields: Any = self.fields
        if self.entry is None:
            fields["product"].offer(product_pairs())


class LinkForm(forms.Form):
    """The number of a case to be linked."""

    case = CaseNumbers(label=_("Number of the case"), max_length=30)

    def __init__(self, data: Any = None, *, by: User) -> None:
        super().__init__(data)
        field: Any = self.fields["case"]
        field.by = by


FORMS: dict[str, type[InputForm]] = {
    InputKind.PRESS: PressForm,
    InputKind.RETURNS: ReturnForm,
    InputKind.QUALITY: QualityForm,
    InputKind.SALES: SalesForm,
}
