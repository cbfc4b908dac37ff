"""Lost business on screen: who was lost, falls, is new or came back, with bars and the rule."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_safe

from accounts.permissions import may_keep_rules
from surveys.domain import periods
from surveys.domain.inputs import lost_policy, readings
from surveys.domain.inputs.lost import ORDER, Span, shifted
from surveys.domain.inputs.readings import LostBusiness, LostCustomer
from surveys.domain.periods import Period
from surveys.enums import Trade
from surveys.web.inputs import sheets
from surveys.web.inputs.columns import Column, shown
from surveys.web.inputs.frame import LOST, frame, readers
from workflows.domain.context import now

HALVES = 4
# Steady customers are many, and no news.
TOLD = [Trade.LOST, Trade.FALLING, Trade.NEW, Trade.REGAINED]
MOST_SHOWN = 200
TONES = {
    Trade.LOST: ("red", "circle-x"),
    Trade.FALLING: ("amber", "trending-down"),
    Trade.NEW: ("green", "plus"),
    Trade.REGAINED: ("green", "arrow-back-up"),
    Trade.STEADY: ("grey", "minus"),
}
COLUMNS = (
    Column(gettext_lazy("customer"), lambda one: one.customer.name, "wide"),
    Column(gettext_lazy("standing"), lambda one: str(one.trade.label), "fit"),
    Column(gettext_lazy("earlier"), lambda one: one.figures.before, "num"),
    Column(gettext_lazy("now"), lambda one: one.figures.now, "num"),
    Column(gettext_lazy("rise or fall"), lambda one: one.figures.change, "num"),
    Column(gettext_lazy("rise or fall in %"), lambda one: one.figures.percent, "num"),
)


def asked(request: HttpRequest) -> Period:
    code = request.GET.get("period", "")
    try:
        return periods.read(code) if code else periods.half_of(now())
    except ValidationError:
        raise Http404 from None


@readers
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    period = asked(request)
    found = readings.lost_business(period)
    trade = request.GET.get("standing", "")
    lines = found.of(trade) if trade in Trade.values else found.of(*TOLD)
    context = {
        **frame(request, LOST),
        "period": period,
        "found": found,
        "chips": [*period_chips(period, trade), *trade_chips(found, period, trade)],
        "rows": [row(line, top(lines)) for line in lines[:MOST_SHOWN]],
        "more": max(0, len(lines) - MOST_SHOWN),
        "months": [span_words(found.now), span_words(found.before)],
        "totals": [shown(found.total), shown(found.total_before)],
        "facts": lost_policy.facts(found.policy),
        "policy_url": reverse("cases:policy", args=["lost"])
        if may_keep_rules(request.user)
        else "",
        "export": f"export/?period={period.code}",
    }
    return render(request, "surveys/inputs_lost.html", context)


@readers
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Everybody who is large enough, steady ones too."""
    period = asked(request)
    lines = readings.lost_business(period).lines[: sheets.MOST_ROWS]
    title = f"{_('Lost business')} {period.code}"
    return sheets.answer(COLUMNS, lines, title=title, by=str(request.user))


def top(lines: list[LostCustomer]) -> Any:
    """What the longest bar stands for."""
    figures = [max(line.figures.now, line.figures.before) for line in lines]
    return max(figures, default=0)


def row(line: LostCustomer, most: Any) -> dict[str, Any]:
    """A customer with two bars, their lengths of 0 to 100."""
    tone, icon = TONES[line.trade]
    figures = line.figures
    return {
        "line": line,
        "tone": tone,
        "icon": icon,
        "before": shown(figures.before),
        "now": shown(figures.now),
        "percent": "–" if figures.percent is None else f"{figures.percent:+} %",
        "before_length": round(100 * figures.before / most, 1) if most else 0,
        "now_length": round(100 * figures.now / most, 1) if most else 0,
    }


def period_chips(period: Period, trade: str) -> list[dict[str, Any]]:
    offered = [periods.half_of(now())]
    for _turn in range(HALVES - 1):
        offered.append(offered[-1].before)
    offered += [one for one in (period,) if one not in offered]
    more = f"&standing={trade}" if trade in Trade.values else ""
    return [
        {"label": one.label, "url": f"?period={one.code}{more}", "active": one == period,
         "count": None}
        for one in offered
    ]  # fmt: skip


def trade_chips(found: LostBusiness, period: Period, trade: str) -> list[dict[str, Any]]:
    counts = found.counts
    return [
        {
            "label": one.label,
            "url": f"?period={period.code}" + ("" if one == trade else f"&standing={one.value}"),
            "active": one == trade,
            "count": counts[one],
        }
        for one in ORDER
    ]


def span_words(span: Span) -> str:
    """2026-01 – 2026-05; one month stands alone."""
    if span.months == 1:
        return f"{span.first:%Y-%m}"
    return f"{span.first:%Y-%m} – {shifted(span.after, -1):%Y-%m}"
