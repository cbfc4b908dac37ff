"""Factories walk the real road: whatever state a test needs is reached by the real commands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import cache
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.domain import people
from accounts.enums import Function, Role
from accounts.models import User
from cases.domain.defaults import add_clocks
from cases.domain.findings import open_finding
from cases.domain.handling import ActionDraft
from cases.domain.intake import log_case
from cases.enums import CaseState, Kind
from cases.models import Case, CasePolicy, Category, Cause, Channel, Customer, Product
from tests import snapshot
from workflows.domain.context import now
from workflows.domain.transitions import intervene, perform
from workflows.models import ClockPolicy, ClockRule, DeadlinePolicy, Task

WEEK = {str(day): [["08:30", "12:00"], ["13:00", "17:30"]] for day in range(6)}
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f"
    b"\x15\xc4\x89\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND"
    b"\xaeB`\x82"
)
PASSWORD = "correct-horse-battery-9"


def picture(name: str = "before.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PNG, content_type="image/png")


def company() -> SimpleNamespace:
    """A small company: departments, one or two people for every role, catalogues, policies."""
    return snapshot.again(found_company)


def found_company() -> SimpleNamespace:
    c = SimpleNamespace()
    moment = now() - timedelta(days=900)
    department = people.add_department
    c.root = department(by=None, code="HQ", name="公司", name_en="Company")
    c.service = department(
        by=None, code="CSC", name="客户服务中心", name_en="Customer service centre",
        function=Function.SERVICE, parent=c.root,
    )  # fmt: skip
    c.quality = department(
        by=None, code="QD", name="质量部", name_en="Quality", function=Function.QUALITY,
        parent=c.root,
    )  # fmt: skip
    c.workshop = department(by=None, code="WS", name="装配车间", name_en="Assembly", parent=c.root)
    c.line = department(
        by=None, code="WS1", name="装配一线", name_en="Assembly line 1", parent=c.workshop
    )
    c.purchasing = department(
        by=None, code="PU", name="采购部", name_en="Purchasing", parent=c.root
    )
    c.marketing = department(
        by=None, code="MK", name="营销中心", name_en="Marketing", function=Function.MARKETING,
        parent=c.root,
    )  # fmt: skip
    roster = [
        ("agent", "林晓", c.service, Role.SERVICE_AGENT),
        ("agent2", "何静", c.service, Role.SERVICE_AGENT),
        ("lead", "周敏", c.service, Role.SERVICE_LEAD),
        ("handler", "陈刚", c.workshop, Role.HANDLER),
        ("handler2", "吴磊", c.workshop, Role.HANDLER),
        ("head", "赵伟", c.workshop, Role.HEAD),
        ("buyer", "孙丽", c.purchasing, Role.HANDLER),
        ("buyer_head", "钱进", c.purchasing, Role.HEAD),
        ("engineer", "王芳", c.quality, Role.QUALITY_ENGINEER),
        ("engineer2", "郑洁", c.quality, Role.QUALITY_ENGINEER),
        ("manager", "李强", c.quality, Role.QUALITY_MANAGER),
        ("marketer", "冯雪", c.marketing, Role.MARKETING),
        ("representative", "蒋涛", c.root, Role.MANAGEMENT_REPRESENTATIVE),
        ("director", "沈国华", c.root, Role.GENERAL_MANAGER),
        ("auditor", "韩梅", c.root, Role.AUDITOR),
        ("admin", "杨帆", c.root, Role.ADMINISTRATOR),
    ]
    for username, name, where, role in roster:
        person = people.add_person(by=None, username=username, name=name)
        people.grant(by=None, person=person, department=where, role=role, at=moment)
        setattr(c, username, person)
    give_passwords(c, [username for username, *_rest in roster])
    catalogues(c, moment)
    return c


@cache
def hashed() -> str:
    """The hash of PASSWORD, made once for all tests."""
    return make_password(PASSWORD)


def give_passwords(c: SimpleNamespace, usernames: list[str]) -> None:
    """Everybody signs with the same password."""
    User.objects.filter(username__in=usernames).update(password=hashed())
    for username in usernames:
        getattr(c, username).password = hashed()


def catalogues(c: SimpleNamespace, moment: Any) -> None:
    """One entry of each catalogue, a customer, and the policies in force."""
    c.channel = Channel.objects.create(code="phone", name="电话", name_en="Phone")
    c.category = Category.objects.create(code="noise", name="异响", name_en="Noise")
    c.cause = Cause.objects.create(code="assembly", name="装配不当", name_en="Wrong assembly")
    c.product = Product.objects.create(code="BX-200", name="BX-200 轴承", path="/1/")
    c.customer = Customer.objects.create(
        name="华东机电有限公司", phone="021-5566 7788", phone_digits="02155667788",
        created_at=moment, created_by=c.agent,
    )  # fmt: skip
    c.policy = CasePolicy.objects.create(
        holds_from=moment, reopen_days=90, backdate_days=365, made_at=moment
    )
    c.deadlines = DeadlinePolicy.objects.create(
        holds_from=moment, week=WEEK, default_hours=Decimal(8), made_at=moment
    )
    c.clocks = add_clocks(at=moment)


def without_clocks() -> None:
    """Steps alone: what follows begins no clock that would climb a ladder beside them."""
    ClockRule.objects.all().delete()
    # What a token stood for is kept in memory.
    ClockPolicy.objects.update(token=uuid4())


def log(c: SimpleNamespace, **changes: Any) -> Case:
    given = {
        "by": c.agent,
        "kind": Kind.COMPLAINT,
        "customer": c.customer,
        "channel": c.channel,
        "product": c.product,
        "title": "轴承异响",
        "description": "设备运行两周后轴承异响。",
        "remedy_sought": "更换轴承",
    }
    return log_case(**{**given, **changes})


def task_of(subject: Any) -> Task:
    """The open step of a case or action."""
    return Task.objects.get(
        subject_kind=subject.SUBJECT_KIND,
        subject_number=subject.number,
        finished=None,
        flow_task_type="HUMAN",
    )


def do(subject: Any, outcome: str, by: User, **given: Any) -> Any:
    """Complete the open step of a subject; what is a signature is signed."""
    return take(task_of(subject), outcome, by, **given)


def take(task: Task, outcome: str, by: User | None, **given: Any) -> Any:
    choice = task.flow_task.outcomes.get(outcome)
    if choice is not None and choice.signs:
        given.setdefault("password", PASSWORD)
    return perform(task, outcome, by=by, **given)


def step_of(part: Any) -> Task:
    """The open step of a response, an opinion, an appeal or a motion on a flag."""
    where = {f"process__caseprocess__{part.SUBJECT_KIND}": part}
    return Task.objects.get(finished=None, **where)


def flag(c: SimpleNamespace, case: Case, flag: str = "media_exposed", *, sets: bool = True) -> Case:
    """A flag that two people of quality have confirmed, or revoked."""
    act = "propose_flag" if sets else "propose_revocation"
    intervene(case, act, by=c.agent, flag=flag, evidence="省台报道。")
    motion = case.flag_motions.order_by("-pk")[0]
    take(step_of(motion), "confirm_first", c.engineer)
    take(step_of(motion), "confirm_second", c.manager)
    return Case.objects.get(pk=case.pk)


def draft(c: SimpleNamespace, **changes: Any) -> ActionDraft:
    given = {
        "kind": "corrective",
        "title": "修订装配作业指导书",
        "department": c.workshop,
        "due": now() + timedelta(days=14),
    }
    return ActionDraft(**{**given, **changes})


# How each state is reached from the one before it: (state, outcome, who, input).
ROAD: list[tuple[str, str, str, Callable[[SimpleNamespace], dict[str, Any]]]] = [
    (
        CaseState.ACKNOWLEDGEMENT,
        "acknowledge",
        "agent",
        lambda c: {"text": "已收到您的投诉。", "channel": c.channel},
    ),
    (CaseState.TRIAGE, "accept", "lead", lambda c: {"department": c.workshop}),
    (
        CaseState.STATEMENT,
        "answer",
        "handler",
        lambda c: {"facts": "现场核实属实。", "cause_text": "压装力不足。", "remedy": "更换。"},
    ),
    (CaseState.REVIEW, "accept_remedy", "engineer", lambda c: {"cause": c.cause}),
    (CaseState.REPLY, "reply", "agent", lambda c: {"text": "已更换。", "channel": c.channel}),
    (CaseState.FEEDBACK, "satisfied", "agent", lambda c: {}),
    (CaseState.CLOSING, "close", "manager", lambda c: {}),
]


def bring(c: SimpleNamespace, state: str, case: Case | None = None) -> Case:
    """A complaint that has walked to `state` along the plain road."""
    case = case or log(c)
    branches = {
        CaseState.ARBITRATION: dispute,
        CaseState.ACTION: order,
        CaseState.VERIFICATION: finish_actions,
        CaseState.REJECTED: lambda c, case: do(case, "reject", c.lead, reason="非我司产品"),
        CaseState.MERGED: lambda c, case: do(case, "merge", c.lead, survivor=log(c)),
        CaseState.CONVERTED: lambda c, case: do(case, "convert", c.lead, kind="inquiry"),
        CaseState.WITHDRAWN: lambda c, case: intervene(
            case, "withdraw", by=c.agent, reason="客户撤回"
        ),
    }
    leaves = {
        CaseState.ARBITRATION: CaseState.STATEMENT,
        CaseState.ACTION: CaseState.REVIEW,
        CaseState.VERIFICATION: CaseState.REVIEW,
        CaseState.REJECTED: CaseState.TRIAGE,
        CaseState.MERGED: CaseState.TRIAGE,
        CaseState.CONVERTED: CaseState.TRIAGE,
        CaseState.WITHDRAWN: CaseState.TRIAGE,
    }
    goal = leaves.get(state, state)
    for at, outcome, who, given in ROAD:
        if case.state == goal:
            break
        if case.state == at:
            case = do(case, outcome, getattr(c, who), **given(c))
    if state in branches:
        branches[state](c, case)
    return Case.objects.get(pk=case.pk)


def dispute(c: SimpleNamespace, case: Case) -> Case:
    return do(case, "dispute", c.handler, facts="来料问题。", grounds="压装记录正常。")


def order(c: SimpleNamespace, case: Case, count: int = 1) -> Case:
    actions = [draft(c, title=f"措施 {turn + 1}") for turn in range(count)]
    return do(case, "order_actions", c.engineer, actions=actions, cause=c.cause)


def finding(c: SimpleNamespace, **changes: Any) -> Case:
    """An improvement proposal, as low scores raise it."""
    given = {
        "by": c.engineer,
        "kind": Kind.IMPROVEMENT,
        "title": "功能得分低",
        "description": "2026 上半年功能得分 71.25。",
        "source": "satisfaction",
        "external_ref": f"2026-H1:sales_survey:{Case.objects.count()}",
    }
    return open_finding(**{**given, **changes})


def bring_finding(c: SimpleNamespace, state: str) -> Case:
    """A finding that has walked to `state`."""
    case = finding(c)
    if state == CaseState.REJECTED:
        do(case, "dismiss", c.engineer, reason="样本太小")
    elif state != CaseState.REVIEW:
        order(c, case)
    if state in {CaseState.VERIFICATION, CaseState.CLOSING, CaseState.CLOSED}:
        for action in case.actions.all():
            walk_action(c, action)
    if state in {CaseState.CLOSING, CaseState.CLOSED}:
        do(case, "verify_finding", c.engineer)
    if state == CaseState.CLOSED:
        do(case, "close", c.manager)
    return Case.objects.get(pk=case.pk)


# How an action walks: (state, outcome, who, input).
ACTION_ROAD: list[tuple[str, str, str, Callable[[SimpleNamespace], dict[str, Any]]]] = [
    ("assigned", "accept", "handler", lambda c: {}),
    (
        "accepted",
        "begin",
        "handler",
        lambda c: {"whys": ["压装力不足"], "cause_factor": "method", "plan": "修订作业指导书"},
    ),
    (
        "in_progress",
        "submit",
        "handler",
        lambda c: {"result": "已修订并培训。", "uploads": [picture()]},
    ),
    ("submitted", "verify", "engineer2", lambda c: {"verification": "抽检 30 件合格。"}),
    ("verified", "close", "engineer", lambda c: {}),
]


def walk_action(c: SimpleNamespace, action: Any, state: str = "closed") -> Any:
    """Let an ordered action walk to `state`."""
    for at, outcome, who, given in ACTION_ROAD:
        if action.state == state:
            break
        if action.state == at:
            action = do(action, outcome, getattr(c, who), **given(c))
    return action


def finish_actions(c: SimpleNamespace, case: Case) -> Case:
    case = order(c, case)
    for action in case.actions.all():
        walk_action(c, action)
    return Case.objects.get(pk=case.pk)
