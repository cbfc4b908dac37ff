"""The answers behind a figure: which forms of a period, a source, a sub-item, a level, a region."""

from dataclasses import dataclass

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.functions import Substr

from cases.enums import CustomerType
from cases.models import Product
from surveys.domain import questionnaires
from surveys.domain.evidence import campaigns_of
from surveys.domain.periods import Period
from surveys.enums import LEVELS, NOT_APPLICABLE
from surveys.models import Campaign, Questionnaire, Response


@dataclass(frozen=True)
class AnswerFilter:
    """What a figure was made of; empty fields do not narrow it. `product` is a code,
    `product_type` that of a node whose products are meant; `counted` leaves out what was taken
    out of the score."""

    period: Period | None = None
    source: str = ""
    campaign: str = ""
    sub: str = ""
    level: str = ""
    region: str | None = None
    customer_type: str = ""
    product: str = ""
    product_type: str = ""
    text: str = ""
    counted: bool = False


def answers(wanted: AnswerFilter) -> QuerySet[Response]:
    """Forms received in their windows that fit; `level_here` is the answer to `sub`."""
    campaigns = campaigns_for(wanted)
    found = Response.objects.filter(
        campaign__in=campaigns,
        received_at__gte=F("campaign__starts_at"),
        received_at__lt=F("campaign__ends_at"),
    )
    if wanted.counted:
        found = found.filter(invalidated_by=None)
    if wanted.region is not None:
        found = found.filter(region=wanted.region)
    if wanted.customer_type in CustomerType.values:
        found = found.filter(customer_type=wanted.customer_type)
    if wanted.product:
        found = found.filter(product__code=wanted.product)
    if wanted.product_type:
        top = Product.objects.filter(code=wanted.product_type).first()
        below = Q(product__path__startswith=top.path) if top else Q(pk__in=[])
        found = found.filter(below)
    if wanted.text:
        found = found.filter(
            Q(external_id__icontains=wanted.text) | Q(invitee__name__icontains=wanted.text)
        )
    if wanted.sub:
        return asked(found, wanted)
    return found.annotate(level_here=Value("", CharField()))


def campaigns_for(wanted: AnswerFilter) -> QuerySet[Campaign]:
    found = campaigns_of(wanted.period) if wanted.period else Campaign.objects.all()
    if wanted.source:
        found = found.filter(source=wanted.source)
    if wanted.campaign:
        found = found.filter(number=wanted.campaign)
    return found


def asked(found: QuerySet[Response], wanted: AnswerFilter) -> QuerySet[Response]:
    """Forms that answered a sub-item: its place differs from questionnaire to questionnaire."""
    used = campaigns_for(wanted).values("questionnaire")
    level = wanted.level if wanted.level in LEVELS + NOT_APPLICABLE else ""
    places: dict[int, list[int]] = {}
    for row in Questionnaire.objects.filter(pk__in=used).only("document"):
        keys = questionnaires.read(row.document).keys
        if wanted.sub in keys:
            places.setdefault(keys.index(wanted.sub) + 1, []).append(row.pk)
    here = Case(
        *(
            When(questionnaire__in=keys, then=Substr("levels", place, 1))
            for place, keys in places.items()
        ),
        default=Value(""),
        output_field=CharField(),
    )
    return found.annotate(level_here=here).filter(level_here__in=[level] if level else list(LEVELS))
