"""Analysis reports of the demo company: two that are approved, one that is being written.

The later of the two was returned once, and went to the general manager as it was important.
"""

from datetime import datetime, timedelta

from accounts.enums import Role
from accounts.models import Membership, User
from cases.demo import build as cases_demo
from cases.demo.company import Company
from surveys.demo.build import halves, office_hour
from surveys.domain.periods import Period, midnight
from surveys.domain.reports import writing
from surveys.models import AnalysisReport
from workflows.domain.context import at
from workflows.domain.transitions import intervene, perform
from workflows.models import Task

TEXTS = {
    "summary": "本期顾客满意度指数为 {{index.index.points}}，评价“{{index.band.score}}”。"
               "扣分前合计 {{index.gross.points}}。",
    "outstanding": "得分偏低的小项见下表，营销中心已会同质量部逐项分析原因。",
    "voices": "本期收到一般投诉 {{kinds.complaint.now}} 件，"
              "上期 {{kinds.complaint.before}} 件。\n\n"
              "投诉主要集中在安装与漏水两个方面，售后部已加派人手。",
    "trust": "自主调查和走访均按计划完成，问卷真实性已经抽查。",
    "conclusions": "请各责任部门按期完成下列改进。",
}  # fmt: skip
IMPROVE = "缩短安装预约的等待时间，旺季前补足安装人员"
OBSERVE = "满意度总体平稳，继续跟踪燃气类产品的评价"
REMARK = "请补充上期对比，并说明下降的原因。"
ANSWER = "已补充上期数据，并写明旺季安装延误的影响。"
BETTER = "与上期相比 {{index.index.change}}，主要受旺季安装延误影响。"


def build(company: Company, small: bool) -> None:
    first, second, running = halves(company.base, small=small)
    author = company.people["fengxue"]
    begun(author, first.period, after(first.period), IMPROVE, company)
    plain(first.period, after(first.period))
    begun(author, second.period, after(second.period), IMPROVE, company)
    returned(author, second.period, after(second.period))
    with at(company.base - timedelta(hours=20)):
        write(author, writing.draw_up(by=author, period=running.period))


def after(period: Period) -> datetime:
    """In the third week after the period."""
    return office_hour(midnight(period.day_after) + timedelta(days=18))


def begun(
    author: User, period: Period, moment: datetime, conclusion: str, company: Company
) -> AnalysisReport:
    with at(moment):
        report = writing.draw_up(by=author, period=period)
        write(author, report)
        intervene(
            report, "conclude", by=author, text=conclusion, kind="improvement",
            department=company.departments["AS"], due=(moment + timedelta(days=90)).date(),
        )  # fmt: skip
        intervene(report, "conclude", by=author, text=OBSERVE, kind="observation")
    return report


def write(author: User, report: AnalysisReport) -> None:
    for section, text in TEXTS.items():
        intervene(report, "write", by=author, section=section, text=text, important=False)


def plain(period: Period, moment: datetime) -> None:
    take(period, "submit", moment + timedelta(days=1))
    take(period, "approve", moment + timedelta(days=3))


def returned(author: User, period: Period, moment: datetime) -> None:
    """Important, remarked at, returned, mended, reviewed and approved."""
    report = of(period)
    reviewer = holder(Role.MANAGEMENT_REPRESENTATIVE)
    with at(moment + timedelta(hours=1)):
        intervene(report, "write", by=author, section="outstanding", important=True,
                  text=TEXTS["outstanding"])  # fmt: skip
    take(period, "submit", moment + timedelta(days=1))
    with at(moment + timedelta(days=2)):
        intervene(of(period), "remark", by=reviewer, section="summary", paragraph=0, text=REMARK)
    take(period, "return_to_draft", moment + timedelta(days=2, hours=1), reason=REMARK)
    with at(moment + timedelta(days=3)):
        text = f"{TEXTS['summary']}\n\n{BETTER}"
        intervene(of(period), "write", by=author, section="summary", text=text, important=False)
        remark = report.sections.get(key="summary").remarks.get()
        intervene(of(period), "answer", by=author, remark=remark.pk, text=ANSWER)
    take(period, "submit", moment + timedelta(days=3, hours=1))
    take(period, "approve", moment + timedelta(days=4))
    take(period, "release", moment + timedelta(days=6))


def take(period: Period, outcome: str, moment: datetime, reason: str = "") -> None:
    """Whoever the step waits for completes it."""
    task = Task.objects.get(subject_kind="report", subject_number=of(period).number, finished=None)
    with at(office_hour(moment.replace(hour=0))):
        perform(task, outcome, by=task.owner or holder(Role(task.role)), reason=reason)


def of(period: Period) -> AnalysisReport:
    return AnalysisReport.objects.get(period=period.code)


def holder(role: Role) -> User:
    held = Membership.objects.filter(role=role, until=None).select_related("user")
    return held.order_by("pk")[0].user


cases_demo.EXTRA.append(build)
