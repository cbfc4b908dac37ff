"""Other inputs of the demo company for its three half-years, through the commands people use:
what media and regulators said, returns, delivered quality and sales, with one dealer lost and
two falling."""

import csv
import tempfile
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from cases.demo import build as cases_demo
from cases.demo.clock import dice
from cases.demo.company import Company
from cases.models import Case, Category, Customer, Product
from surveys.demo.build import halves, office_hour
from surveys.domain.inputs import events, figures
from surveys.domain.inputs.files import read_mapping
from surveys.domain.inputs.kinds import KINDS
from surveys.domain.inputs.lost import shifted
from surveys.domain.inputs.run import Import
from surveys.domain.periods import Period, midnight
from surveys.enums import InputKind
from surveys.models import DeliveredQuality
from workflows.domain.context import at

DEALERS = 24
# What the first dealers of the list buy in the last half-year, of what they bought before.
FATES = {0: 0.0, 1: 0.42, 2: 0.61}
# They buy in the last half-year only; before that, in none or in the first one.
NEW, BACK = 3, 4
BULLETINS = [
    ("conforming", "省市场监督管理局", "{year} 年储水式热水器产品质量监督抽查结果通报",
     "抽查 32 批次，我司 2 批次全部合格。"),
    ("nonconforming", "市场监督管理总局", "{year} 年燃气热水器国家监督抽查不合格产品通报",
     "我司 1 批次产品“热效率”项目低于标识值，责令改正并复查。"),
]  # fmt: skip
REASONS = {
    "leak": ["内胆焊缝渗水", "进水口接头渗漏"],
    "transport": ["外箱破损，外壳凹陷", "运输中面板碎裂"],
    "early_failure": ["安装一周内无法开机", "主板三天内失效"],
    "appearance": ["面板色差，客户拒收", "外壳划伤"],
}


def build(company: Company, small: bool) -> None:
    """Half-year by half-year, as far as the present reaches."""
    periods = [half.period for half in halves(company.base, small=small)]
    this_month = company.base.date().replace(day=1)
    told = [one for one in periods if one.first_day < this_month]
    press(company, periods)
    for period in told:
        moment = min(office_hour(midnight(period.day_after) + timedelta(days=4)), company.base)
        months = [month for month in months_of(period) if month < this_month]
        with at(moment - timedelta(minutes=30)):
            bring_in(company, InputKind.QUALITY, list(quality_rows(period, months)), period)
            bring_in(company, InputKind.SALES, list(sales_rows(period, told, months)), period)
            bring_in(company, InputKind.RETURNS, list(return_rows(period, moment)), period)
    correct_one(company)


def months_of(period: Period) -> list[date]:
    return [shifted(period.first_day, turn) for turn in range(6)]


def bring_in(company: Company, kind: str, rows: list[dict[str, Any]], period: Period) -> None:
    """One file of the half-year, as the marketing centre gets it from the other departments."""
    if not rows:
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{kind}-{period.code}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        file_kind = KINDS[kind]
        by = company.people["fengxue"]
        mapping = read_mapping(None, file_kind)
        Import(path, kind=file_kind, mapping=mapping, by=by).run(skip_errors=True)


# ---------------------------------------------------------------------------- press
def press(company: Company, periods: list[Period]) -> None:
    """A report of the case that the media took up, and two bulletins of the regulators."""
    by = company.people["gumingyuan"]
    case = Case.objects.filter(media_exposed=True).order_by("received_at").first()
    if case is not None:
        report(company, case)
    for turn, (verdict, authority, title, summary) in enumerate(BULLETINS, start=1):
        period = periods[turn]
        published = shifted(period.first_day, 1).replace(day=16)
        if midnight(published) + timedelta(days=3) > company.base:
            continue
        with at(office_hour(midnight(published) + timedelta(days=2))):
            events.log_press(
                by=by, kind="bulletin", verdict=verdict, publisher=authority,
                title=title.format(year=period.year), published_on=published, summary=summary,
                products=Product.objects.filter(children=None).order_by("code")[turn : turn + 1],
            )  # fmt: skip


def report(company: Company, case: Case) -> None:
    published = case.received_at
    logged = min(published + timedelta(days=1), company.base)
    with at(logged):
        events.log_press(
            by=company.people["gumingyuan"], kind="media", verdict="critical",
            publisher="省电视台《民生热线》", title="三次报修被关单，热水器究竟修好了没有",
            published_on=published.date(), cases=[case],
            products=[case.product] if case.product else [],
            summary="栏目播出用户三次报修均被网点以缺配件为由关闭工单的经过，并播放客服通话录音。",
        )  # fmt: skip


# ---------------------------------------------------------------------------- files
def quality_rows(period: Period, months: list[date]) -> Any:
    """Every model each month; one of them gets worse in the last half-year."""
    models = list(Product.objects.filter(children=None).order_by("code")[:12])
    for month in months:
        for place, product in enumerate(models):
            chance = dice("quality", product.code, month)
            delivered = chance.randrange(900, 4200)
            rate = chance.uniform(0.0006, 0.0022) * (2.4 if place == 5 and period.half == 2 else 1)
            yield {
                "产品": product.code,
                "月份": f"{month:%Y-%m}",
                "交付数": delivered,
                "检验数": delivered if place % 3 else "",
                "不合格数": round(delivered * rate),
                "单位": "台",
            }


def dealers() -> list[Customer]:
    """Direct customers whose name tells them from all others."""
    names = Counter(Customer.objects.values_list("name", flat=True))
    rows = Customer.objects.filter(type="direct").order_by("pk")
    return [one for one in rows if names[one.name] == 1][:DEALERS]


def sales_rows(period: Period, told: list[Period], months: list[date]) -> Any:
    """A dealer buys about the same every month; some do not."""
    last = period == told[-1]
    for place, dealer in enumerate(dealers()):
        if (place == NEW and not last) or (place == BACK and period != told[0] and not last):
            continue
        usual = dice("dealer", place).randrange(40, 320) * 1000
        share = FATES.get(place, 1.0) if last else 1.0
        for month in months:
            amount = round(usual * share * dice("sales", place, month).uniform(0.93, 1.07), 2)
            if amount:
                yield {
                    "客户": dealer.name,
                    "月份": f"{month:%Y-%m}",
                    "数量": round(amount / 1450),
                    "金额": f"{amount:.2f}",
                }


def return_rows(period: Period, until: datetime) -> Any:
    """A few pieces every week, most of them damaged on their way."""
    chance = dice("returned", period.code)
    models = list(Product.objects.filter(children=None).order_by("code")[:12])
    known = set(Category.objects.filter(is_active=True).values_list("code", flat=True))
    days = (min(period.day_after, until.date()) - period.first_day).days
    for turn in range(max(0, min(30, days // 6))):
        code = chance.choices([*REASONS], [3, 5, 3, 2])[0]
        yield {
            "退货单号": f"TH-{period.code}-{turn + 1:03}",
            "产品": chance.choice(models).code,
            "数量": chance.choice([1, 1, 1, 2, 2, 3, 6]),
            "问题类别": code if code in known else "",
            "退货原因": chance.choice(REASONS[code]),
            "批号": f"B{chance.randrange(1000, 9999)}",
            "退货日期": f"{period.first_day + timedelta(days=chance.randrange(days)):%Y-%m-%d}",
        }


def correct_one(company: Company) -> None:
    """One figure was counted anew."""
    figure = DeliveredQuality.objects.standing().order_by("-month", "pk").first()
    if figure is None:
        return
    with at(company.base - timedelta(minutes=20)):
        figures.correct(
            by=company.people["gumingyuan"], figure=figure, why="客户退回复检，2 台判为合格",
            delivered=figure.delivered, inspected=figure.inspected, unit=figure.unit,
            defective=max(0, figure.defective - 2),
        )  # fmt: skip


cases_demo.EXTRA.append(build)
