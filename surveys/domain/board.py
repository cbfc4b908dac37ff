"""The live board of a campaign: what was sent, opened and received, unit by unit; the forecast."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Count, Q

from accounts.models import Department
from surveys.domain import periods, policies, policy
from surveys.models import Campaign
from workflows.domain.context import now

MICROSECOND = timedelta(microseconds=1)
DEFAULT_THRESHOLD = Decimal(80)
COUNTED = ("frame", "sent", "opened", "received", "left_out", "unreachable", "to_remind")


@dataclass
class Line:
    """What a unit was given and brought back. `declared` are forms sent outside the frame."""

    unit: Department | None = None
    target: int = 0
    frame: int = 0
    sent: int = 0
    opened: int = 0
    received: int = 0
    left_out: int = 0
    unreachable: int = 0
    to_remind: int = 0

    @property
    def waiting(self) -> int:
        """Of the frame, those to whom nothing was sent yet."""
        return self.frame - self.left_out - self.sent

    @property
    def rate(self) -> Fraction | None:
        """Received ÷ sent, exact; None where nothing was sent."""
        return Fraction(self.received, self.sent) if self.sent else None


@dataclass
class Board:
    """All lines and their sum, against the threshold (per cent) of the policy."""

    campaign: Campaign
    threshold: Decimal
    at: datetime
    lines: list[Line]
    total: Line
    invalidated: int = 0
    forecast: Fraction | None = None
    expected: int | None = None
    missing: int = field(default=0)

    @property
    def met(self) -> bool:
        return is_met(self.total.rate, self.threshold)

    @property
    def forecast_met(self) -> bool:
        return is_met(self.forecast, self.threshold)


def is_met(rate: Fraction | None, threshold: Decimal) -> bool:
    """Never rounded up: 79.99 % is not 80 %."""
    return rate is not None and rate * 100 >= Fraction(threshold)


def percent(rate: Fraction | None) -> Decimal | None:
    """A rate in per cent to two places, cut off and never rounded up."""
    if rate is None:
        return None
    return Decimal(rate.numerator * 10_000 // rate.denominator) / 100


def read(campaign: Campaign) -> Board:
    """The board of this moment: four statements, however many units."""
    lines = {unit.department_id: Line(unit.department, unit.target) for unit in units(campaign)}
    names = {key: line.unit for key, line in lines.items()}
    count_frame(campaign, lines)
    invalidated = count_answers(campaign, lines)
    fill_names(lines, names)
    ordered = sorted(lines.items(), key=lambda pair: (pair[0] is None, code_of(pair[1])))
    board = Board(
        campaign=campaign,
        threshold=threshold_of(campaign),
        at=now(),
        lines=[line for _key, line in ordered],
        total=total(lines.values(), campaign.declared_sent),
        invalidated=invalidated,
    )
    foresee(board)
    return board


def units(campaign: Campaign) -> Any:
    return campaign.units.select_related("department")


def code_of(line: Line) -> str:
    return line.unit.code if line.unit else ""


def count_frame(campaign: Campaign, lines: dict[Any, Line]) -> None:
    sent = Q(sent_at__isnull=False)
    rows: Any = (
        campaign.invitees.order_by()
        .values("unit")
        .annotate(
            n_frame=Count("pk"),
            n_sent=Count("pk", filter=sent),
            n_opened=Count("pk", filter=Q(opened_at__isnull=False)),
            n_left_out=Count("pk", filter=~Q(left_out_reason="")),
            n_unreachable=Count("pk", filter=~Q(unreachable="")),
            n_to_remind=Count("pk", filter=sent & Q(unreachable="", response=None)),
        )
    )
    for row in rows:
        line = lines.setdefault(row["unit"], Line())
        for name in COUNTED:
            if f"n_{name}" in row:
                setattr(line, name, row[f"n_{name}"])


def count_answers(campaign: Campaign, lines: dict[Any, Line]) -> int:
    """Forms that came back in the window, as the index counts them; how many of them were taken
    out as made up."""
    rows = (
        campaign.responses.filter(
            received_at__gte=campaign.starts_at, received_at__lt=campaign.ends_at
        )
        .order_by()
        .values("unit")
        .annotate(
            received=Count("pk"),
            made_up=Count("pk", filter=Q(invalidated_by__isnull=False)),
        )
    )
    made_up = 0
    for row in rows:
        lines.setdefault(row["unit"], Line()).received = row["received"]
        made_up += row["made_up"]
    return made_up


def fill_names(lines: dict[Any, Line], names: dict[Any, Department | None]) -> None:
    """Units that are no more in the plan of the campaign, but in its frame."""
    missing = [key for key in lines if key is not None and not names.get(key)]
    if missing:
        for department in Department.objects.filter(pk__in=missing):
            lines[department.pk].unit = department


def total(lines: Iterable[Line], declared: int) -> Line:
    result = Line(sent=declared)
    for line in lines:
        result.target += line.target
        for name in COUNTED:
            setattr(result, name, getattr(result, name) + getattr(line, name))
    result.frame += declared
    return result


def threshold_of(campaign: Campaign) -> Decimal:
    found = policies.in_force(periods.read(campaign.period))
    return policy.read(found.document).threshold if found else DEFAULT_THRESHOLD


def foresee(board: Board) -> None:
    """At the pace so far: received ÷ share of the window that is over, never more than sent.

    `missing` is how many more forms the threshold takes.
    """
    campaign, line = board.campaign, board.total
    if line.sent:
        needed = -(-Fraction(board.threshold) * line.sent // 100)
        board.missing = max(0, int(needed) - line.received)
    if not campaign.is_open(board.at) or not line.sent or board.at == campaign.starts_at:
        return
    elapsed = Fraction(
        (board.at - campaign.starts_at) // MICROSECOND,
        (campaign.ends_at - campaign.starts_at) // MICROSECOND,
    )
    board.expected = min(max(line.sent, line.received), int(line.received / elapsed))
    board.forecast = Fraction(board.expected, line.sent)
