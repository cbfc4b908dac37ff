"""Departments, people, catalogues and policies of the demo company."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.demo import DEMO_PASSWORD
from accounts.domain import people
from accounts.enums import Function, Role
from accounts.models import Department, User
from cases.models import Category, Cause, Channel, Customer, CustomerClass, Product
from workflows.models import DeadlineRule

NAME, NAME_EN, CODE = "澜泉热能电器有限公司", "Lanquan Water Heaters Ltd.", "HQ"

# (code, name, English name, function, parent)
DEPARTMENTS: list[tuple[str, str, str, Function, str]] = [
    (CODE, NAME, NAME_EN, Function.MANAGEMENT, ""),
    ("CSC", "客户服务中心", "Customer service centre", Function.SERVICE, CODE),
    ("QD", "质量部", "Quality", Function.QUALITY, CODE),
    ("QS", "体系管理组", "Quality system group", Function.OTHER, "QD"),
    ("MK", "营销中心", "Marketing centre", Function.MARKETING, CODE),
    ("EAST", "华东区域事业部", "East China region", Function.OTHER, "MK"),
    ("WEST", "西南区域事业部", "Southwest region", Function.OTHER, "MK"),
    ("AS", "售后部", "After-sales", Function.AFTER_SALES, CODE),
    ("OF", "办公室", "Office", Function.OFFICE, CODE),
    ("PROD", "生产制造部", "Production", Function.OTHER, CODE),
    ("LINER", "内胆车间", "Inner tank workshop", Function.OTHER, "PROD"),
    ("ELEC", "电热装配车间", "Electric heater assembly", Function.OTHER, "PROD"),
    ("GAS", "燃气装配车间", "Gas heater assembly", Function.OTHER, "PROD"),
    ("HP", "空气能车间", "Heat pump workshop", Function.OTHER, "PROD"),
    ("CTRL", "电控车间", "Electronics workshop", Function.OTHER, "PROD"),
    ("PU", "采购部", "Purchasing", Function.OTHER, CODE),
    ("RD", "技术研发部", "Research and development", Function.OTHER, CODE),
    ("WL", "仓储物流部", "Warehouse and logistics", Function.OTHER, CODE),
]

# username, name, memberships as "department role", the first the main one.
_A, _L, _H, _D = Role.SERVICE_AGENT, Role.SERVICE_LEAD, Role.HANDLER, Role.HEAD
_E, _M = Role.QUALITY_ENGINEER, Role.QUALITY_MANAGER
PEOPLE: list[tuple[str, str, list[tuple[str, Role]]]] = [
    ("zhoumin", "周敏", [("CSC", _L), ("CSC", _D)]),
    ("linxiao", "林晓", [("CSC", _A)]),
    ("hejing", "何静", [("CSC", _A)]),
    ("luodan", "罗丹", [("CSC", _A), ("CSC", _H)]),
    ("xukexin", "许可欣", [("CSC", _A), ("OF", _H)]),
    ("liqiang", "李强", [("QD", _M)]),
    ("wangfang", "王芳", [("QD", _E)]),
    ("zhengjie", "郑洁", [("QD", _E)]),
    ("tangliang", "唐亮", [("QD", _E)]),
    ("gumingyuan", "顾明远", [("QS", _D), ("QS", Role.MARKETING), ("QD", _E)]),
    ("caoxu", "曹旭", [("MK", _D), ("MK", Role.MARKETING)]),
    ("fengxue", "冯雪", [("MK", Role.MARKETING), ("MK", _H)]),
    ("pengbo", "彭博", [("MK", Role.MARKETING), ("MK", _H)]),
    ("jiangnan", "江楠", [("EAST", _D)]),
    ("yuanyuan", "袁媛", [("EAST", _H)]),
    ("gaoxiang", "高翔", [("WEST", _D)]),
    ("hejun", "贺军", [("AS", _D)]),
    ("luoyi", "罗毅", [("AS", _H)]),
    ("tianye", "田野", [("AS", _H)]),
    ("xiewen", "谢雯", [("OF", _D)]),
    ("zhaowei", "赵伟", [("PROD", _D)]),
    ("songjianguo", "宋建国", [("LINER", _D)]),
    ("chengang", "陈刚", [("LINER", _H)]),
    ("wulei", "吴磊", [("ELEC", _D)]),
    ("liuyang", "刘洋", [("ELEC", _H)]),
    ("handong", "韩冬", [("GAS", _D), ("HP", _D)]),
    ("denghui", "邓辉", [("GAS", _H)]),
    ("caiming", "蔡明", [("HP", _H)]),
    ("panting", "潘婷", [("CTRL", _D)]),
    ("yubo", "余波", [("CTRL", _H)]),
    ("qianjin", "钱进", [("PU", _D)]),
    ("sunli", "孙丽", [("PU", _H)]),
    ("shenyi", "沈逸", [("RD", _D)]),
    ("huyang", "胡杨", [("RD", _H)]),
    ("renjie", "任杰", [("WL", _D)]),
    ("fangyuan", "方圆", [("WL", _H)]),
    ("jiangtao", "蒋涛", [(CODE, Role.MANAGEMENT_REPRESENTATIVE), (CODE, _H)]),
    ("shenguohua", "沈国华", [(CODE, Role.GENERAL_MANAGER), (CODE, _D)]),
    ("hanmei", "韩梅", [(CODE, Role.AUDITOR)]),
    ("yangfan", "杨帆", [(CODE, Role.ADMINISTRATOR), ("OF", _H)]),
]

# person, substitute, first and last day as days from the base day.
LEAVES = [
    ("hejing", "linxiao", -2, 7),
    ("denghui", "handong", -130, -112),
    ("wangfang", "zhengjie", -75, -68),
    ("sunli", "qianjin", 12, 18),
]


@dataclass
class Company:
    """Everything the stories refer to, by code or username."""

    base: datetime
    departments: dict[str, Department] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    workers: dict[str, list[User]] = field(default_factory=dict)
    leaves: list[tuple[str, str, date, date]] = field(default_factory=list)
    channels: dict[str, Channel] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)
    causes: dict[str, Cause] = field(default_factory=dict)
    classes: dict[str, CustomerClass] = field(default_factory=dict)
    lines: dict[str, list[Product]] = field(default_factory=dict)
    customers: dict[str, list[Customer]] = field(default_factory=dict)
    hours: dict[tuple[str, str, bool], float] = field(default_factory=dict)

    @property
    def since(self) -> datetime:
        """When the house began to work with the product: three years before the base."""
        return self.base - timedelta(days=1100)

    def standing_in(self, person: User, day: date) -> User:
        """The person, or who stands in for them on that day."""
        for absent, substitute, starts, ends in self.leaves:
            if person.username == absent and starts <= day <= ends:
                return self.people[substitute]
        return person

    def due_hours(self, flow: str, node: str, major: bool) -> float:
        """Working hours that the policy gives a step."""
        general = self.hours.get((flow, node, False), self.hours["", "", False])
        return self.hours.get((flow, node, True), general) if major else general


def build(company: Company) -> None:
    """Departments, people, roles and leave."""
    add_departments(company)
    add_people(company)
    for absent, substitute, first, last in LEAVES:
        starts, ends = (
            timezone.localdate(company.base) + timedelta(days=days) for days in (first, last)
        )
        people.plan_leave(
            by=company.people["yangfan"],
            person=company.people[absent],
            substitute=company.people[substitute],
            starts=starts,
            ends=ends,
        )
        company.leaves.append((absent, substitute, starts, ends))
    for person in company.people.values():
        person.__dict__.pop("authority", None)


def add_departments(company: Company) -> None:
    for code, name, name_en, function, parent in DEPARTMENTS:
        company.departments[code] = people.add_department(
            by=None,
            code=code,
            name=name,
            name_en=name_en,
            function=function,
            parent=company.departments.get(parent),
            at=company.since,
        )


def add_people(company: Company) -> None:
    # One hash for all: it is made to be slow, and the password is no secret.
    password = make_password(DEMO_PASSWORD)
    for number, (username, name, roles) in enumerate(PEOPLE):
        person = people.add_person(
            by=None,
            username=username,
            name=name,
            email=f"{username}@lanquan.example",
            phone=f"8{100 + number}",
            at=company.since,
        )
        company.people[username] = person
        for code, role in roles:
            department = company.departments[code]
            people.grant(by=None, person=person, department=department, role=role, at=company.since)
            if role in (Role.HANDLER, Role.HEAD):
                company.workers.setdefault(code, []).append(person)
    User.objects.filter(username__in=company.people).update(password=password)
    for code, workers in company.workers.items():
        heads = {name for name, _n, roles in PEOPLE if (code, Role.HEAD) in roles}
        workers.sort(key=lambda person: person.username in heads)


def policy_hours() -> Iterator[tuple[tuple[str, str, bool], float]]:
    """The hours of the newest deadline policy, with its default under empty names."""
    from workflows.models import DeadlinePolicy

    policy = DeadlinePolicy.objects.order_by("-holds_from").first()
    if policy is None:
        yield ("", "", False), 8.0
        return
    yield ("", "", False), float(policy.default_hours)
    rules: Any = DeadlineRule.objects.filter(policy=policy)
    for rule in rules:
        yield (rule.flow, rule.node, rule.major_only), float(rule.hours)
