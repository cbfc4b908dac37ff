"""What the forms of a file belong to: their place in the frame, customer, product and unit.

Everything is looked up in chunks: the number of statements grows by hundreds of rows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cases.domain.importing.customers import chunks
from cases.domain.importing.errors import shown
from cases.domain.importing.finding import Products
from cases.models import Customer
from surveys.domain.answers_reading import Form
from surveys.domain.frames import unit_of_region
from surveys.enums import ResponseChannel
from surveys.models import Campaign, Invitee, Response

# What a row says and the frame says too: the row wins where it says something.
SHARED = ("customer_type", "region", "city")


@dataclass(slots=True)
class Told:
    """A form that is there already, as far as a row can repeat or contradict it."""

    said: tuple[Any, ...]
    customer: int | None


class Frame:
    """The sample of a campaign, and the forms that came back."""

    def __init__(self, campaign: Campaign, forms: Iterable[Form]) -> None:
        references = sorted({form.external_id for form in forms if form.external_id})
        self.strict = campaign.declared_sent == 0 and campaign.invitees.exists()
        self.invitees: dict[str, Invitee] = {}
        self.told: dict[str, Told] = {}
        for chunk in chunks(references):
            for invitee in campaign.invitees.filter(external_id__in=chunk).only(
                "campaign_id", "external_id", "customer_id", "customer_type", "product_id",
                "region", "city", "unit_id", "sent_at", "draft_at", "left_out_reason",
            ):  # fmt: skip
                self.invitees[invitee.external_id] = invitee
            for response in campaign.responses.filter(external_id__in=chunk):
                self.told[response.external_id] = Told(said(response), response.customer_id)

    def find(self, reference: str) -> Invitee | None:
        """The sample unit. Raises ValueError for a form that nobody was asked for."""
        invitee = self.invitees.get(reference)
        if invitee is None and self.strict:
            raise ValueError(_("“%(value)s” is not in the sample.") % {"value": shown(reference)})
        if invitee is not None and invitee.left_out_reason:
            raise ValueError(
                _("“%(value)s” was left out of the sample: %(reason)s")
                % {"value": shown(reference), "reason": invitee.left_out_reason}
            )
        return invitee

    def repeats(self, response: Response) -> bool:
        """Whether this form is there already. Raises ValueError where it says something else."""
        told = self.told.get(response.external_id)
        if told is None:
            return False
        known = {told.customer, response.customer_id} - {None}
        if told.said != said(response) or len(known) > 1:
            raise ValueError(
                _("A form with the external id “%(value)s” is there already and says something"
                  " else.") % {"value": shown(response.external_id)}
            )  # fmt: skip
        return True


def said(response: Response) -> tuple[Any, ...]:
    """Everything a row can say but the customer, who may have become known since."""
    return (
        response.received_at, response.channel, response.levels, response.texts,
        response.product_id, response.customer_type, response.region, response.city,
        response.interviewer, response.seconds,
    )  # fmt: skip


class Customers:
    """Customers by exact name or external reference, where that names one of them only."""

    def __init__(self, forms: Iterable[Form]) -> None:
        wanted = {form.values["customer"] for form in forms if "customer" in form.values}
        self.found: dict[str, set[int]] = {}
        if not wanted:
            return
        rows = Customer.objects.values_list("pk", "name", "external_ref")
        for pk, name, reference in rows.iterator():
            for text in wanted & {name, reference}:
                self.found.setdefault(text, set()).add(pk)

    def find(self, text: str) -> int | None:
        found = self.found.get(text, set())
        return next(iter(found)) if len(found) == 1 else None


class Finder:
    """Makes a response of a form, with all that it belongs to."""

    def __init__(self, campaign: Campaign, forms: list[Form]) -> None:
        assert campaign.questionnaire is not None
        self.campaign, self.questionnaire = campaign, campaign.questionnaire
        self.frame, self.customers = Frame(campaign, forms), Customers(forms)
        self.products = Products(create=False)
        self.product_of: dict[str, int] = {}
        self.unit_of = unit_of_region(campaign.units.all())

    def response(self, form: Form) -> Response:
        """Raises ValueError naming what is not there."""
        values = form.values
        invitee = self.frame.find(form.external_id)
        response = Response(
            campaign=self.campaign,
            questionnaire=self.questionnaire,
            invitee=invitee,
            external_id=form.external_id,
            received_at=values["received_at"],
            channel=values.get("channel", ResponseChannel.IMPORT),
            levels=form.levels,
            texts=form.texts,
            customer_id=self.customers.find(values.get("customer", "")),
            product_id=self.product(values.get("product", "")),
            interviewer=values.get("interviewer", ""),
            seconds=values.get("seconds"),
            **{name: values.get(name, "") for name in SHARED},
        )
        if invitee is not None:
            completed(response, invitee)
        if response.unit_id is None:
            response.unit_id = self.unit_of.get(response.region, self.unit_of.get(""))
        return response

    def product(self, text: str) -> int | None:
        """Raises ValueError for a product that is not in the catalogue."""
        if text and text not in self.product_of:
            planned = self.products.find(text)
            assert planned.found is not None
            self.product_of[text] = planned.found.pk
        return self.product_of.get(text)


def completed(response: Response, invitee: Invitee) -> None:
    """Take from the frame what the row leaves empty. Raises ValueError for another customer."""
    if invitee.customer_id and response.customer_id not in (None, invitee.customer_id):
        raise ValueError(
            _("The sample has another customer under the external id “%(value)s”.")
            % {"value": shown(response.external_id)}
        )
    response.customer_id = response.customer_id or invitee.customer_id
    response.product_id = response.product_id or invitee.product_id
    response.unit_id = invitee.unit_id
    for name in SHARED:
        if not getattr(response, name):
            setattr(response, name, getattr(invitee, name))
