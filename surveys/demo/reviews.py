"""Two management reviews of the demo company: one signed, whose decisions have gone different ways,
and one in preparation that lacks two inputs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from cases.demo import build as cases_demo, pictures
from cases.demo.clock import dice
from cases.demo.company import Company
from surveys.demo.build import office_hour
from surveys.domain.periods import half_of, midnight
from surveys.domain.reviews import preparing
from surveys.models import Decision, ManagementReview
from workflows.domain.context import at
from workflows.domain.transitions import intervene, perform
from workflows.models import Task

# How long ago the signed one was held, and how long ahead the next one is.
AGO, AHEAD = timedelta(days=150), timedelta(days=9)
# What the system does not know, by the end of the clause: brought along as a file, or why not.
BROUGHT = {
    "c) 2)": "质量目标完成情况.pdf",
    "c) 7)": "供应商绩效.pdf",
    "d)": "人员与设备资源.pdf",
}
REASONS = {
    "b)": "本期内外部环境无重大变化。",
    "e)": "风险和机遇的应对措施在专题会议上评审。",
    "c) 5)": "本期没有开展调查。",
    "f)": "改进机会在专题会议上评审。",
}
# The next review still lacks these.
LACKING = ("c) 7)", "e)")
PEOPLE = ("shenguohua", "jiangtao", "liqiang", "caoxu", "zhaowei", "qianjin", "shenyi")
MINUTES = """一、逐项评审了各项输入，质量部汇报了满意度指数、投诉和整改情况。
二、总经理指出：内胆渗漏的重复投诉须从焊接工艺上根除，不得以加严检验代替。
三、会议形成四项决定，由质量部按整改措施跟踪。"""


@dataclass(frozen=True)
class Told:
    """A decision with the steps that its action has taken since."""

    kind: str
    title: str
    text: str
    owner: str
    department: str
    days: int
    steps: tuple[str, ...]


DECISIONS = (
    Told("improvement", "内胆焊缝增加在线涡流检测", "首件和每班末件留样。", "chengang", "LINER", 60,
         ("accept", "begin", "submit", "verify", "close")),
    Told("system_change", "《变更管理程序》增加供应商变更评审", "变更前须有试装记录。", "sunli",
         "PU", 45, ("accept", "begin")),
    Told("resources", "增加两名售后工程师", "覆盖西南区域。", "luoyi", "AS", 200, ("accept",)),
    Told("improvement", "控制板来料抽检改为全检", "持续三个月，据结果再定。", "yubo", "CTRL", 40,
         ("accept", "begin", "submit")),
)  # fmt: skip


def build(company: Company, small: bool) -> None:
    signed(company)
    prepared(company)


def signed(company: Company) -> None:
    """Held half a year ago, signed three days later; then its decisions were carried out."""
    held = office_hour(midnight((company.base - AGO).date()))
    review = drawn(company, "上半年度管理评审", held, before=timedelta(days=10))
    with at(held - timedelta(days=7)):
        fill(company, review, lacking=())
        step(review, "invite", company.people["wangfang"])
    with at(held + timedelta(hours=3)):
        meet(company, review)
    for outcome, who, days in (
        ("submit", "wangfang", 1),
        ("sign", "jiangtao", 2),
        ("approve", "shenguohua", 3),
    ):
        with at(office_hour(midnight((held + timedelta(days=days)).date()))):
            step(review, outcome, company.people[who])
    for told, decision in zip(
        DECISIONS, review.decisions.select_related("action__case"), strict=True
    ):
        carry_out(company, told, decision, held + timedelta(days=4))


def prepared(company: Company) -> None:
    """The next one: drawn up, two inputs still missing."""
    held = office_hour(midnight((company.base + AHEAD).date()))
    review = drawn(company, "年度管理评审", held, before=AHEAD + timedelta(days=2))
    with at(office_hour(midnight((company.base - timedelta(days=1)).date()))):
        fill(company, review, lacking=LACKING)
        for name in PEOPLE[:3]:
            act(company, review, "add_participant", person=company.people[name])


def drawn(company: Company, title: str, held: datetime, *, before: timedelta) -> ManagementReview:
    """Drawn up some days before the meeting, about the half-year before it."""
    drawn_at = office_hour(midnight((held - before).date()))
    with at(drawn_at):
        return preparing.draw_up(
            by=company.people["wangfang"], title=title, period=half_of(drawn_at).before.code,
            held_at=held, place="行政楼三楼会议室", chair=company.people["shenguohua"],
        )  # fmt: skip


def fill(company: Company, review: ManagementReview, *, lacking: tuple[str, ...]) -> None:
    """What is missing is brought along, or does not apply; some of it is not there yet."""
    for clause in ManagementReview.objects.get(pk=review.pk).gaps:
        one = review.inputs.get(clause=clause)
        end = clause.removeprefix("9.3.2 ")
        if end in lacking:
            continue
        if end in BROUGHT:
            act(company, review, "upload", input=one.pk, uploads=[paper(BROUGHT[end])])
        else:
            why = REASONS.get(end, "本期没有这方面的数据。")
            act(company, review, "not_applicable", input=one.pk, why=why)
    if not lacking:
        for name in PEOPLE:
            act(company, review, "add_participant", person=company.people[name])


def meet(company: Company, review: ManagementReview) -> None:
    there = {one.pk: "excused" if one.name == "沈逸" else "present"
             for one in review.participants.all()}  # fmt: skip
    act(company, review, "mark_presence", presence=there)
    act(company, review, "write_minutes", minutes=MINUTES, seen=0)
    for told in DECISIONS:
        act(
            company, review, "put_decision", kind=told.kind, title=told.title, text=told.text,
            owner=company.people[told.owner], department=company.departments[told.department],
            due=review.held_at + timedelta(days=told.days),
        )  # fmt: skip


# ---------------------------------------------------------------------------- what follows
def carry_out(company: Company, told: Told, decision: Decision, since: datetime) -> None:
    """The steps of the action, a week from one to the next, on working days."""
    owner, quality = company.people[told.owner], company.people["zhengjie"]
    action: Any = decision.action
    chance, moment = dice("review", told.title), since
    given: dict[str, Callable[[], dict[str, Any]]] = {
        "begin": lambda: {
            "whys": [(0, told.title), (1, "现有做法不足以防止再发生")],
            "cause_factor": "method", "plan": f"{told.title}：分三步实施，每步有记录。",
        },
        "submit": lambda: {
            "result": "已按计划完成。",
            "uploads": [pictures.record(chance, "验证记录.csv", action.number, told.title)],
        },
        "verify": lambda: {"verification": "现场核实，记录齐全，运行一个月无异常。"},
    }  # fmt: skip
    for outcome in told.steps:
        moment = office_hour(midnight((moment + timedelta(days=9)).date()))
        by = quality if outcome in ("verify", "close") else owner
        with at(moment):
            step(action, outcome, by, **given.get(outcome, dict)())
    if told.steps[-1] == "close":
        with at(moment + timedelta(hours=1)):
            step(action.case, "verify_finding", quality)
            step(action.case, "close", company.people["liqiang"])


def step(subject: Any, outcome: str, by: Any, **given: Any) -> None:
    task = Task.objects.get(
        subject_kind=subject.SUBJECT_KIND,
        subject_number=subject.number,
        finished=None,
        flow_task_type="HUMAN",
    )
    perform(task, outcome, by=by, **given)


def act(company: Company, review: ManagementReview, name: str, **given: Any) -> None:
    intervene(review, name, by=company.people["wangfang"], **given)


def paper(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n")


cases_demo.EXTRA.append(build)
