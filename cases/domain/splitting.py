"""One complaint that is about several things becomes several."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from cases.domain import intake
from cases.enums import Kind, LinkKind
from cases.models import Case, CaseLink, Category, Product
from workflows.domain.acts import command

MOST = 9


@dataclass(frozen=True)
class FurtherComplaint:
    """What else the customer complains of, as it becomes a case of its own."""

    title: str
    description: str
    product: Product | None = None
    category: Category | None = None


@command()
def split(case: Case, *, by: User, at: datetime, complaints: Sequence[FurtherComplaint]) -> None:
    """Log each further complaint with the same customer, contact, channel and receipt.

    This case keeps the rest and everything it has. Whatever it is itself, the others are
    complaints that are acknowledged with their own number and triaged for what they are.
    """
    if not 1 <= len(complaints) <= MOST:
        text = _("Split off one to %(most)s complaints.") % {"most": MOST}
        raise ValidationError({"complaints": text})
    logged = [log_part(case, one, by=by) for one in complaints]
    CaseLink.objects.bulk_create(
        CaseLink(source=new, target=case, kind=LinkKind.SPLIT_FROM, by=by, at=at) for new in logged
    )


def log_part(case: Case, one: FurtherComplaint, *, by: User) -> Case:
    same_piece = one.product is not None and one.product.pk == case.product_id
    return intake.log_case(
        by=by,
        kind=Kind.COMPLAINT,
        customer=case.customer,
        channel=case.channel,
        title=one.title,
        description=one.description,
        product=one.product,
        batch=case.batch if same_piece else "",
        category=one.category,
        contact_name=case.contact_name,
        contact_phone=case.contact_phone,
        occurred_on=case.occurred_on,
        received_at=case.received_at,
        service_department=case.service_department,
        backdated=True,
    )
