"""The board as it is drawn: a bar for each unit against the line, its numbers beside it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from surveys.domain import board as boards
from surveys.domain.board import Board, Line, is_met, percent
from surveys.models import Campaign

EVERY_SECONDS = 15
WIDTH = Decimal(100)


@dataclass(frozen=True)
class LineShown:
    """A line of the board; widths in hundredths of what was sent, as SVG takes them."""

    line: Line
    name: str
    key: int | None
    rate: Decimal | None
    met: bool
    opened_width: str
    received_width: str
    spoken: str
    is_total: bool = False


def shown(campaign: Campaign) -> dict[str, Any]:
    """Context of surveys/campaign_board.html."""
    board = boards.read(campaign)
    lines = [drawn(line, board) for line in board.lines]
    total = drawn(board.total, board, is_total=True)
    return {
        "campaign": campaign,
        "board": board,
        "lines": [*lines, total] if len(lines) != 1 or campaign.declared_sent else lines,
        "total": total,
        "threshold": board.threshold,
        "threshold_at": svg(board.threshold),
        "words": words(board),
        "polls": campaign.is_open(board.at),
        "every": EVERY_SECONDS,
    }


def drawn(line: Line, board: Board, *, is_total: bool = False) -> LineShown:
    rate = percent(line.rate)
    name = _("All") if is_total else str(line.unit or _("No unit"))
    return LineShown(
        line=line,
        name=name,
        key=line.unit.pk if line.unit else None,
        rate=rate,
        met=is_met(line.rate, board.threshold),
        opened_width=share(line.opened, line.sent),
        received_width=share(line.received, line.sent),
        spoken=_("%(name)s: %(sent)s sent, %(opened)s opened, %(received)s received")
        % {"name": name, "sent": line.sent, "opened": line.opened, "received": line.received},
        is_total=is_total,
    )


def share(part: int, whole: int) -> str:
    """Of the bar's width, never beyond it."""
    return svg(min(WIDTH, WIDTH * part / whole)) if whole else "0"


def svg(width: Decimal) -> str:
    """A number as SVG writes it, whatever the reader's language."""
    return f"{width:.2f}"


def figure(number: Decimal | None) -> str:
    return "–" if number is None else number_format(number, 2)


def words(board: Board) -> list[tuple[str, str]]:
    """What the figures mean, each sentence with its icon."""
    campaign, line = board.campaign, board.total
    given = {
        "threshold": number_format(board.threshold.normalize(), use_l10n=True),
        "rate": figure(percent(board.forecast)),
        "expected": board.expected,
        "sent": line.sent,
        "missing": board.missing,
    }
    told: list[tuple[str, str]] = []
    if board.at < campaign.starts_at:
        told.append(("clock", _("It has not opened yet.")))
    if not line.sent:
        told.append(("send", _("Nothing has been sent out yet.")))
        return told
    if board.forecast is not None:
        pace = _("At this pace %(expected)s of %(sent)s forms come back: %(rate)s %%.") % given
        told.append(("chart-line", pace))
    told.append(verdict(board, given))
    return told


def verdict(board: Board, given: dict[str, Any]) -> tuple[str, str]:
    """How it stands to the line of the policy."""
    if board.met:
        return "circle-check", _("The rate of %(threshold)s %% is reached.") % given
    if board.at >= board.campaign.ends_at:
        text = _("The rate of %(threshold)s %% was not reached: the result is not representative.")
        return "alert-triangle", text % given
    text = _("To the rate of %(threshold)s %% %(missing)s more forms are missing.")
    return "target", text % given
