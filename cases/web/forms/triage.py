"""Forms of logging's next steps: acknowledgement, triage, answering feedback."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from cases.enums import LOGGED
from cases.models import Case
from cases.web.forms.base import StepForm
from cases.web.forms.fields import CaseNumber, Long, Pick
from cases.web.forms.weighing import GENERAL, MAJOR, Decided


class Acknowledge(StepForm):
    """The text is written ready to be read out on the phone."""

    text = Long(
        label=_("Text to the customer"), rows=5, help_text=_("Read it out or send it; edit freely.")
    )
    channel = Pick("channel", label=_("How the customer was told"))
    submit = _("Customer has been told")

    def prepare(self, subject: Case) -> None:
        self.initial["channel"] = subject.channel_id
        self.initial["text"] = acknowledgement_text(subject)


def acknowledgement_text(case: Case) -> str:
    """What is read out to the customer when a case has been logged."""
    return gettext(
        "Dear %(customer)s, we have received what you told us: %(title)s. It is registered "
        "under the number %(number)s. Next we decide which department answers for it, and we "
        "come back to you with the result. Please quote the number when you call."
    ) % {
        "customer": case.contact_name or case.customer.name,
        "title": case.title,
        "number": case.number,
    }


class Accept(Decided):
    """Who answers for it, with a proposal from the product or the category; how grave it is,
    with the proposal of the matrix."""

    decides = GENERAL
    department = Pick("department", label=_("Responsible department"))
    category = Pick("category", label=_("Category"), required=False)
    field_order = ["department", "category"]
    proposal = ""

    def prepare(self, subject: Case) -> None:
        super().prepare(subject)
        self.initial["category"] = subject.category_id
        proposed, self.proposal = propose_department(subject)
        self.initial["department"] = proposed


class RaiseMajor(Accept):
    decides = MAJOR
    department = Pick("department", label=_("Responsible department"), required=False)


def propose_department(case: Case) -> tuple[int | None, str]:
    """The department that usually answers, and why it is proposed.

    The one before is proposed again; else that of the product, else that of the category.
    """
    if case.department_id:
        return case.department_id, gettext("Proposed: %(department)s had the case before.") % {
            "department": case.department
        }
    product, category = case.product, case.category
    if product is not None and product.department_id:
        return product.department_id, gettext(
            "Proposed: %(department)s usually answers for the product %(product)s."
        ) % {"department": product.department, "product": product}
    if category is not None and category.department_id:
        return category.department_id, gettext(
            "Proposed: %(department)s usually answers for the category %(category)s."
        ) % {"department": category.department, "category": category}
    return None, ""


class Merge(StepForm):
    template = "cases/forms/merge.html"
    survivor = CaseNumber(
        label=_("Number of the case that goes on"),
        max_length=30,
        help_text=_("This case ends and leads there; nothing of it is lost."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "near-cases"}),
    )
    text = Long(
        label=_("What this customer is told now"), rows=3, required=False,
        help_text=_("Needed where the other case has been answered already."),
    )  # fmt: skip

    @property
    def numbered(self) -> Any:
        """The field that the cases near this one are offered for."""
        return self["survivor"]


class Convert(StepForm):
    kind = forms.ChoiceField(label=_("What it is"), choices=LOGGED, widget=forms.RadioSelect)

    def prepare(self, subject: Case) -> None:
        others: list[Any] = [(value, label) for value, label in LOGGED if value != subject.kind]
        self.fields["kind"].choices = others  # type: ignore[attr-defined]


class Answer(StepForm):
    """The answer to an inquiry, an opinion, a praise or a return."""

    text = Long(label=_("Answer to the customer"), rows=6)
    channel = Pick("channel", label=_("How the customer was told"))

    def prepare(self, subject: Case) -> None:
        self.initial["channel"] = subject.channel_id
