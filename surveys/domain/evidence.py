"""What scores rest on, read from the database: one grouped statement for each need.

Answers come as long strings, one for each cell: the forms of a campaign, a questionnaire, a
customer type, a region and a product, valid or taken out. How many a cell may hold is no matter.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db.models import (
    Aggregate,
    BooleanField,
    Count,
    ExpressionWrapper,
    F,
    Max,
    Min,
    Q,
    QuerySet,
    TextField,
)
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from cases.models import Product
from surveys.domain import questionnaires
from surveys.domain.periods import Period
from surveys.domain.questionnaires import Form
from surveys.domain.scoring import Pile
from surveys.enums import CampaignState
from surveys.models import Campaign, Invitee, Questionnaire, Response
from workflows.errors import Conflict

# What a source is broken down by; attributes of cells and of frame rows alike.
DIMENSIONS = ("customer_type", "region", "product", "campaign")


class Joined(Aggregate):
    """The strings of a group laid end to end, in no order."""

    function = "STRING_AGG"
    template = "%(function)s(%(expressions)s, '')"
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **context)


@dataclass(frozen=True)
class Cell:
    """Forms that are alike in everything a table asks for."""

    campaign: int
    customer_type: str
    region: str
    product: int | None
    questionnaire: int
    valid: bool
    forms: int
    levels: str


@dataclass(frozen=True)
class Asked:
    """Rows of the frame that are alike: how many there are, and to how many a form was sent."""

    campaign: int
    customer_type: str
    region: str
    product: int | None
    frame: int = 0
    sent: int = 0
    left_out: int = 0
    unreachable: int = 0


@dataclass(frozen=True)
class Evidence:
    """The answers and frames of some campaigns."""

    campaigns: dict[int, Campaign]
    forms: dict[int, Form]
    products: dict[int, Product]
    cells: list[Cell]
    asked: list[Asked]

    def of_source(self, key: str) -> "Evidence":
        mine = {pk: one for pk, one in self.campaigns.items() if one.source == key}
        return replace(
            self,
            campaigns=mine,
            cells=[cell for cell in self.cells if cell.campaign in mine],
            asked=[row for row in self.asked if row.campaign in mine],
        )

    def parts(self, dimension: str) -> dict[Any, "Evidence"]:
        """The same, cut by one dimension; a part may have been asked and not have answered."""
        cells, asked = cut(self.cells, dimension), cut(self.asked, dimension)
        wanted = set(self.campaigns) if dimension == "campaign" else set(cells) | set(asked)
        return {
            value: replace(
                self,
                campaigns={value: self.campaigns[value]}
                if dimension == "campaign"
                else self.campaigns,
                cells=cells.get(value, []),
                asked=asked.get(value, []),
            )
            for value in wanted
        }

    def piles(self, *, raw: bool = False) -> list[Pile]:
        """The valid forms by questionnaire, the newest first; `raw`: with those taken out."""
        texts: dict[int, list[str]] = defaultdict(list)
        for cell in self.cells:
            if raw or cell.valid:
                texts[cell.questionnaire].append(cell.levels)
        return [Pile(self.forms[pk], "".join(texts[pk])) for pk in sorted(texts, reverse=True)]

    @cached_property
    def received(self) -> int:
        """Forms that came back in the window, those taken out too."""
        return sum(cell.forms for cell in self.cells)

    @cached_property
    def n(self) -> int:
        return sum(cell.forms for cell in self.cells if cell.valid)

    def total(self, name: str) -> int:
        return sum(getattr(row, name) for row in self.asked)

    @cached_property
    def declared(self) -> int:
        """Forms an agency sent to people who are not in the frame."""
        return sum(campaign.declared_sent for campaign in self.campaigns.values())

    @cached_property
    def is_sample(self) -> bool:
        """Whether a frame was drawn by chance from more customers than it has."""
        return any(size_drawn_from(campaign) for campaign in self.campaigns.values())

    @cached_property
    def population(self) -> int | None:
        """How many could have answered; None where forms went out beside the frames."""
        if self.declared or not self.asked:
            return None
        drawn = {pk: size_drawn_from(campaign) for pk, campaign in self.campaigns.items()}
        rest = sum(row.frame for row in self.asked if not drawn[row.campaign])
        return rest + sum(size or 0 for size in drawn.values())


def cut(rows: Iterable[Any], dimension: str) -> dict[Any, list[Any]]:
    found = defaultdict(list)
    for row in rows:
        found[getattr(row, dimension)].append(row)
    return found


def size_drawn_from(campaign: Campaign) -> int | None:
    """How many customers a sample was drawn from; None when everybody was asked."""
    drawn = campaign.population.get("drawn") or {}
    return drawn["of"] if drawn.get("of", 0) > drawn.get("size", 0) else None


# ---------------------------------------------------------------------------- statements
def campaigns_of(period: Period) -> QuerySet[Campaign]:
    """The campaigns whose forms count for a period."""
    halves = [half.code for half in period.halves]
    return Campaign.objects.filter(period__in=halves, state=CampaignState.LAUNCHED).exclude(
        source=""
    )


def answers_of(campaigns: Iterable[int]) -> QuerySet[Response]:
    """Forms received inside the windows of their campaigns."""
    return Response.objects.filter(
        campaign__in=list(campaigns),
        received_at__gte=F("campaign__starts_at"),
        received_at__lt=F("campaign__ends_at"),
    )


def gather(period: Period, sources: Iterable[str]) -> Evidence:
    """Everything that counts for a period: five statements, however many forms."""
    campaigns = campaigns_of(period).filter(source__in=list(sources)).in_bulk()
    cells, asked = read_cells(campaigns), read_asked(campaigns)
    used = {cell.questionnaire for cell in cells}
    documents = Questionnaire.objects.filter(pk__in=used).values_list("pk", "document")
    forms = {pk: questionnaires.read(document) for pk, document in documents}
    check_widths(cells, forms)
    products = {cell.product for cell in cells} | {row.product for row in asked}
    return Evidence(campaigns, forms, Product.objects.in_bulk(products - {None}), cells, asked)


def read_cells(campaigns: Iterable[int]) -> list[Cell]:
    rows = (
        answers_of(campaigns)
        .annotate(valid=ExpressionWrapper(Q(invalidated_by=None), output_field=BooleanField()))
        .order_by()
        .values("campaign", "customer_type", "region", "product", "questionnaire", "valid")
        .annotate(
            forms=Count("pk"),
            joined=Joined("levels"),
            shortest=Min(Length("levels")),
            longest=Max(Length("levels")),
        )
    )
    found = []
    for *described, shortest, longest in rows.values_list(
        "campaign", "customer_type", "region", "product", "questionnaire", "valid",
        "forms", "joined", "shortest", "longest",
    ):  # fmt: skip
        cell = Cell(*described)
        if shortest != longest:
            raise misfit(cell.questionnaire)
        found.append(cell)
    return found


def check_widths(cells: Iterable[Cell], forms: dict[int, Form]) -> None:
    """A form too long or too short would shift the answers of all behind it."""
    for cell in cells:
        if len(cell.levels) != cell.forms * forms[cell.questionnaire].width:
            raise misfit(cell.questionnaire)


def misfit(questionnaire: int) -> Conflict:
    number = Questionnaire.objects.values_list("number", flat=True).get(pk=questionnaire)
    return Conflict(_("Stored answers do not fit questionnaire %(number)s; check_invariants"
                      " names them.") % {"number": number})  # fmt: skip


def read_asked(campaigns: Iterable[int]) -> list[Asked]:
    rows = (
        Invitee.objects.filter(campaign__in=list(campaigns))
        .order_by()
        .values("campaign", "customer_type", "region", "product")
        .annotate(
            frame=Count("pk"),
            sent=Count("sent_at"),
            left_out=Count("pk", filter=~Q(left_out_reason="")),
            unreachable=Count("pk", filter=~Q(unreachable="")),
        )
    )
    return [Asked(**row) for row in rows]
