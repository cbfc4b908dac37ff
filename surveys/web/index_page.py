"""The index of a period: large figure, waterfall, trend, sources, deductions, signed versions."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.models import Case
from surveys import permissions
from surveys.domain import index, periods, signing, waterfall
from surveys.domain.index import Result
from surveys.domain.periods import Period
from surveys.enums import DeductionRule
from surveys.models import Campaign, PeriodIndex, SignedIndex
from surveys.web.tabs import address, tabs
from surveys.web.words import label_of, path_words
from workflows.domain.context import now
from workflows.errors import EngineError, NotFound

TREND = 6
# Cases that a rule names on the page; the ledger has the others.
SHOWN = 12


def guard(request: HttpRequest) -> Any:
    """Whoever may not read the module does not learn that it is there."""
    user: Any = request.user
    if not permissions.may_read(user):
        raise Http404
    return user


def period_of(code: str) -> Period:
    try:
        return periods.read(code)
    except ValidationError as error:
        raise Http404 from error


def latest() -> Period:
    """The last half-year of which there are campaigns, else the running one."""
    code = (
        Campaign.objects.filter(launched_at__isnull=False, starts_at__lte=now())
        .exclude(source="")
        .order_by("-period")
        .values_list("period", flat=True)
        .first()
    )
    return periods.read(code) if code else periods.half_of(now())


def home(request: HttpRequest) -> HttpResponse:
    guard(request)
    return shown(request, latest())


def page(request: HttpRequest, code: str) -> HttpResponse:
    guard(request)
    return shown(request, period_of(code))


def shown(request: HttpRequest, period: Period, *, status: int = 200, **sent: Any) -> HttpResponse:
    """The page of a period; without a policy that holds it says so."""
    user: Any = request.user
    context = {"tabs": tabs(request), "period": period, "periods": near(period)}
    try:
        result = index.current(period).result
    except NotFound as error:
        return render(request, "surveys/index_none.html", {**context, "problem": str(error)})
    before = stored(period.before)
    signed = list(
        SignedIndex.objects.filter(period=period.code).select_related("signed_by", "policy")
    )
    held = signed[-1] if signed else None
    context |= {
        "result": result,
        "band": label_of(result, "band"),
        "band_tone": band_tone(result["net"] if result["band"] else None),
        "change": change(result["net"], before),
        "before": period.before,
        "bars": drawn(period, result),
        "trend": trend(period, result),
        "sources": [source_row(period, source, before) for source in result["sources"]],
        "deductions": deduction_rows(result, user),
        "missing": [label_of(one) for one in result["sources"] if one["key"] in result["missing"]],
        "ledger_url": below("surveys:ledger", period.code),
        "policy_url": address("surveys:policy"),
        "signed": signed,
        "held": held,
        "differences": differences(held, result),
        "may_sign": permissions.may_sign(user),
        "needs_reason": signing.needs_reason(result),
        **sent,
    }
    return render(request, "surveys/index.html", context, status=status)


def sign(request: HttpRequest, code: str) -> HttpResponse:
    """Sign the index of a period, or its restated version."""
    user = guard(request)
    period, reason = period_of(code), request.POST.get("reason", "")
    if request.method != "POST" or not permissions.may_sign(user):
        raise Http404
    try:
        if signing.last(period) is None:
            signing.sign(period=period, by=user, reason=reason)
        else:
            signing.restate(period=period, by=user, reason=reason)
    except ValidationError as error:
        return shown(request, period, status=422, problem=error.messages[0], reason=reason)
    except EngineError as error:
        return shown(request, period, status=error.status, problem=str(error), reason=reason)
    messages.success(request, _("Signed."))
    return redirect("surveys:index_of", period.code)


# ---------------------------------------------------------------------------- parts
def below(name: str, *arguments: str) -> str:
    """An address with arguments; nothing where this installation has no such page."""
    from django.urls import NoReverseMatch

    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


def near(period: Period) -> list[dict[str, Any]]:
    """The periods one may want next: the one before, after, and the year or its halves."""
    others = [period.before, period, period.after]
    others += [Period(period.year)] if period.half else list(period.halves)
    return [
        {
            "label": one.label,
            "url": reverse("surveys:index_of", args=[one.code]),
            "active": one == period,
            "count": None,
        }
        for one in others
    ]


def stored(period: Period) -> Result | None:
    """The index of another period as it was computed last: for comparison it need not be new."""
    found = PeriodIndex.objects.filter(period=period.code).order_by("-policy__number").first()
    if found is not None:
        return found.result
    try:
        return index.current(period).result
    except NotFound:
        return None


def change(figure: str | None, before: Result | None) -> str:
    """By how many points the index rose or fell; nothing where either is unknown."""
    if before is None or not before["band"] or figure is None:
        return ""
    return signed_figure(figure, before["net"])


def signed_figure(figure: str, before: str) -> str:
    from decimal import Decimal

    difference = Decimal(figure) - Decimal(before)
    return f"{difference:+f}".replace("-", "−")


def band_tone(net: str | None) -> str:
    """Colour follows the word; the word is always there."""
    if net is None:
        return "grey"
    return "green" if float(net) >= 80 else "amber" if float(net) >= 20 else "red"


def drawn(period: Period, result: Result) -> list[dict[str, Any]]:
    """The rows of the waterfall, each with the page behind it."""
    names = {source["key"]: label_of(source) for source in result["sources"]}
    rules = dict(DeductionRule.choices)
    words = {"gross": _("Gross"), "net": _("Index")}
    rows = []
    for bar in waterfall.bars(result):
        url = ""
        if bar.kind == "source":
            url = reverse("surveys:source", args=[period.code, bar.key])
        elif bar.kind == "deduction":
            url = below("surveys:ledger", period.code)
        label = names.get(bar.key) or words.get(bar.key) or rules.get(bar.key, bar.key)
        rows.append(
            {"bar": bar, "label": label, "url": url, "value": f"{bar.value:f}".replace("-", "−")}
        )
    return rows


def trend(period: Period, result: Result) -> list[dict[str, Any]]:
    """The periods up to this one, as far as they were computed."""
    wanted, one = [period], period
    for _turn in range(TREND - 1):
        one = one.before
        wanted.append(one)
    found = {period.code: result}
    others = PeriodIndex.objects.filter(period__in=[one.code for one in wanted])
    for row in others.order_by("policy__number"):
        found.setdefault(row.period, row.result)
    return [
        {
            "period": one,
            "net": found[one.code]["net"],
            "band": label_of(found[one.code], "band"),
            "provisional": found[one.code]["provisional"],
            "url": reverse("surveys:index_of", args=[one.code]),
            "here": one == period,
        }
        for one in reversed(wanted)
        if one.code in found and found[one.code]["band"]
    ]


def source_row(period: Period, source: Result, before: Result | None) -> dict[str, Any]:
    earlier = {one["key"]: one for one in before["sources"]} if before else {}
    old = earlier.get(source["key"], {}).get("score")
    return {
        "source": source,
        "label": label_of(source),
        "url": reverse("surveys:source", args=[period.code, source["key"]]),
        "answers_url": answers_url(period, source=source["key"]),
        "change": signed_figure(source["score"], old) if source["score"] and old else "",
    }


def answers_url(period: Period, **given: str) -> str:
    """The list of answers behind a figure: those that count."""
    base = address("surveys:answers")
    # A region that nobody stated is a part of its own; every other empty value narrows nothing.
    chosen = {name: value for name, value in given.items() if value or name == "region"}
    query = urlencode({"period": period.code, **chosen, "counted": "1"})
    return f"{base}?{query}" if base else ""


def deduction_rows(result: Result, user: Any) -> list[dict[str, Any]]:
    """The rules with the first of their cases; a link only where the reader may see the case."""
    rules = dict(DeductionRule.choices)
    first = [number for one in result["deductions"] for number in one["cases"][:SHOWN]]
    visible = set(
        Case.objects.visible_to(user).filter(number__in=first).values_list("number", flat=True)
    )
    return [
        {
            "deduction": one,
            "label": rules.get(one["rule"], one["rule"]),
            "cases": [(number, number in visible) for number in one["cases"][:SHOWN]],
            "more": max(0, len(one["cases"]) - SHOWN),
        }
        for one in result["deductions"]
    ]


def differences(held: SignedIndex | None, result: Result) -> list[dict[str, Any]]:
    """What later facts changed since the last signature, in words."""
    if held is None:
        return []
    return [
        {"words": path_words(one.path, result), "signed": one.signed, "current": one.current}
        for one in signing.differences(held.result, result)
        if not isinstance(one.signed, dict | list) and not isinstance(one.current, dict | list)
    ][:20]
