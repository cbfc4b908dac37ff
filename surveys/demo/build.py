"""Three half-years of campaigns for the demo company, through the commands people use.

The sales company's survey is done by an agency and comes as a file; visits are typed in by the
marketing centre; direct customers answer the QC system group's survey over their links.
"""

import csv
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from accounts.models import User
from cases.demo import build as cases_demo
from cases.demo.clock import dice
from cases.demo.company import Company
from surveys.demo.forms import agency_rows, answers_of, texts_of
from surveys.domain import campaigns, index, integrity, ledger, questionnaires, responses, sending
from surveys.domain.answers_binding import read_mapping
from surveys.domain.answers_import import Import, columns_of
from surveys.domain.periods import Period, half_of, midnight
from surveys.models import Campaign, CampaignPlan, Invitee, Questionnaire
from workflows.domain.context import at
from workflows.domain.transitions import intervene, perform
from workflows.models import Task

AGENCY = "华诚市场调研有限公司"


@dataclass(frozen=True)
class Half:
    """One half-year of the story: how many forms, how good the answers, who made some up."""

    period: Period
    forms: int
    mood: float
    faked: bool = False


def halves(base: datetime, *, small: bool) -> list[Half]:
    """The running half-year and the two before it."""
    last = half_of(base)
    size = 60 if small else 2100
    return [
        Half(last.before.before, size, 0.0),
        Half(last.before, size, 0.06, faked=True),
        Half(last, size * 3 // 5, 0.03),
    ]


def build(company: Company, small: bool) -> None:
    """All campaigns, their answers, and the index of each half-year."""
    for half in halves(company.base, small=small):
        start = window_start(half.period)
        end = midnight(half.period.day_after) if half.period.half == 2 else plus_months(start)
        if start + timedelta(days=20) > company.base:
            continue
        until = min(end, company.base)
        survey(company, half, start, end, until)
        visits(company, half, start, end, until, most=30 if small else 140)
        direct(company, half, start, end, until)
        if half.faked:
            examine(half, end)
    for half in halves(company.base, small=small):
        with at(company.base):
            ledger.reconcile(half.period, at=company.base)
            index.current(half.period)


def examine(half: Half, end: datetime) -> None:
    """The checks run after the window; what they found waits for the quality department."""
    with at(office_hour(end + timedelta(days=1))):
        for campaign in Campaign.objects.filter(source="sales_survey", period=half.period.code):
            integrity.examine(campaign)


def window_start(period: Period) -> datetime:
    """April or October (shared/DOMAIN.md 5)."""
    month = 4 if period.half == 1 else 10
    return midnight(period.first_day.replace(month=month))


def plus_months(start: datetime) -> datetime:
    return midnight(start.date().replace(month=start.month + 3))


def office_hour(day: datetime) -> datetime:
    """Ten in the morning of that day, or of the Saturday before a Sunday."""
    return day + timedelta(hours=10) - timedelta(days=day.weekday() == 6)


def name_of(period: Period) -> str:
    return f"{period.year} 年{'上' if period.half == 1 else '下'}半年"


# ---------------------------------------------------------------------------- campaigns
def launched(
    by: User, start: datetime, end: datetime, *, title: str, source: str, code: str, **given: Any
) -> Campaign:
    """Drawn up a few days before its window, its frame drawn where it has one, launched."""
    size = given.pop("size", None)
    plan = CampaignPlan.objects.filter(source=source, rhythm="half_year").first()
    with at(office_hour(start - timedelta(days=3))):
        campaign = campaigns.draw_up(
            by=by, title=title, starts_at=start, ends_at=end, source=source, plan=plan,
            questionnaire=Questionnaire.objects.get(code=code), **given,
        )  # fmt: skip
        if not given.get("declared_sent"):
            intervene(campaign, "draw", by=by, size=size, seed=7)
        task = Task.objects.get(
            subject_kind="campaign", subject_number=campaign.number, finished=None
        )
        perform(task, "launch", by=by)
    return Campaign.objects.get(pk=campaign.pk)


def survey(company: Company, half: Half, start: datetime, end: datetime, until: datetime) -> None:
    """The agency reports what it sent out, and its file is imported in two parts."""
    by = company.people["fengxue"]
    campaign = launched(
        by, start, end, title=f"{name_of(half.period)}顾客满意度调查", source="sales_survey",
        code="customer_survey", department=company.departments["MK"], mode="third_party",
        agency=AGENCY, declared_sent=half.forms * 100 // 86,
    )  # fmt: skip
    rows = list(agency_rows(half, campaign, start, until))
    middle = start + (until - start) / 2
    for name, part in (
        ("first", [row for row in rows if row["received_at"] < f"{middle:%Y-%m-%d %H:%M}"]),
        ("second", [row for row in rows if row["received_at"] >= f"{middle:%Y-%m-%d %H:%M}"]),
    ):
        bring_in(campaign, part, by=by, name=f"{half.period.code}-{name}.csv", moment=until)


def bring_in(
    campaign: Campaign, rows: list[dict[str, Any]], *, by: User, name: str, moment: datetime
) -> None:
    if not rows:
        return
    with tempfile.TemporaryDirectory() as folder, at(moment - timedelta(hours=1)):
        path = Path(folder) / name
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        columns = columns_of(campaign)
        job = Import(
            path, campaign=campaign, mapping=read_mapping(None, columns), columns=columns, by=by
        )
        job.run(skip_errors=True)


# ---------------------------------------------------------------------------- visits and links
def visits(
    company: Company, half: Half, start: datetime, end: datetime, until: datetime, *, most: int
) -> None:
    """Walked through by marketing; some customers could not be reached."""
    by = company.people["pengbo"]
    campaign = launched(
        by, start, end, title=f"{name_of(half.period)}顾客走访", source="sales_visit",
        code="customer_visit", department=company.departments["MK"], size=most,
        units=[
            campaigns.UnitDraft(company.departments["EAST"], ("华东",)),
            campaigns.UnitDraft(company.departments["WEST"], ("西南",)),
            campaigns.UnitDraft(company.departments["MK"]),
        ],
    )  # fmt: skip
    send(campaign, by, start)
    chance = dice("visits", half.period.code)
    form = questionnaires.read(campaign.questionnaire.document)  # type: ignore[union-attr]
    share = 0.9 if until == end else 0.6
    for invitee in campaign.invitees.order_by("pk"):
        moment = start + (until - start) * chance.uniform(0.05, 0.95)
        if chance.random() > share:
            if until == end and chance.random() < 0.4:
                with at(moment):
                    sending.unreachable(invitee=invitee, by=by, reason="已停业，电话无法接通")
            continue
        answers = answers_of(form, chance, half.mood + 0.02)
        with at(moment + timedelta(minutes=40)):
            responses.enter(
                by=by, campaign=campaign, invitee=invitee, answers=answers,
                texts=texts_of(form, answers, chance), received_at=moment, channel="visit",
                interviewer=chance.choice(["彭博", "袁媛", "高翔"]),
            )  # fmt: skip


def direct(company: Company, half: Half, start: datetime, end: datetime, until: datetime) -> None:
    """The QC system group asks the dealers, who answer on their phones."""
    by = company.people["gumingyuan"]
    campaign = launched(
        by, start, end, title=f"{name_of(half.period)}直接客户满意度调查", source="qc_survey",
        code="customer_survey", department=company.departments["QS"],
    )  # fmt: skip
    chance = dice("direct", half.period.code)
    form = questionnaires.read(campaign.questionnaire.document)  # type: ignore[union-attr]
    share = 0.88 if until == end else 0.55
    for invitee, link in send(campaign, by, start):
        if chance.random() > share:
            continue
        token = link.rstrip("/").rpartition("/")[2]
        moment = start + (until - start) * chance.uniform(0.05, 0.95)
        answers = answers_of(form, chance, half.mood + 0.1)
        with at(moment):
            responses.submit(
                token=token, answers=answers, texts=texts_of(form, answers, chance),
                seconds=chance.randrange(90, 400), device=f"device-{invitee.pk}",
            )  # fmt: skip


def send(campaign: Campaign, by: User, start: datetime) -> list[tuple[Invitee, str]]:
    with at(office_hour(start)):
        return sending.send(campaign=campaign, by=by, mail=False)


cases_demo.EXTRA.append(build)
