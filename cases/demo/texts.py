"""The words of the stories: templates from data/*.toml with their gaps filled in."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

DATA = Path(__file__).parent / "data"
FILES = {
    "electric": ["electric"], "gas": ["gas"], "heatpump": ["heatpump"], "small": ["small"],
    "service": ["electric", "gas", "heatpump", "small"], "major": [],
}  # fmt: skip
TECHNICIANS = ["张师傅", "刘师傅", "马师傅", "杨师傅", "郭师傅", "申师傅", "骆师傅", "卞师傅"]
ROOMS = ["卫生间", "厨房", "阳台", "设备间", "主卧卫生间", "生活阳台"]
SHOPS = [
    "人民路门店",
    "天猫旗舰店",
    "京东自营",
    "建材城专卖店",
    "家电卖场",
    "社区体验店",
    "县城加盟店",
]
# Nothing to take apart in these: sentences about parts and switching off do not fit.
SOFT = frozenset(
    {
        "service",
        "charge",
        "promise",
        "channel_order",
        "delivery",
        "document",
        "media",
        "shipping",
    }
)
URGENT = frozenset({"electric_safety", "gas_safety", "leak", "ignition"})
WEEKDAYS = ["周一", "周二", "周三", "周四", "周五", "周六"]


@dataclass(frozen=True)
class Story:
    """One complaint as it may happen, from symptom to measures."""

    key: str
    category: str
    department: str
    cause: str
    titles: list[str]
    texts: list[str]
    wants: list[str]
    facts: list[str]
    reasons: list[str]
    remedies: list[str]
    measures: list[str]
    lines: list[str] = field(default_factory=list)
    # Beginnings of the codes of the models it fits; empty for all of its lines.
    models: list[str] = field(default_factory=list)
    grounds: list[str] = field(default_factory=list)
    truth: str = ""
    ruling: str = ""
    # The cause as arbitration found it, where it is not what was thought first.
    found: list[str] = field(default_factory=list)
    major: bool = False

    @property
    def is_soft(self) -> bool:
        return self.category in SOFT


def read(name: str) -> dict[str, Any]:
    with (DATA / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def stories() -> list[Story]:
    """All complaint stories, lines mixed, so that neighbours differ."""
    by_file = [
        [
            Story(**{"lines": lines, "major": name == "major", **entry})
            for entry in read(f"stories_{name}")["story"]
        ]
        for name, lines in FILES.items()
    ]
    mixed: list[Story] = []
    for turn in range(max(map(len, by_file))):
        mixed += [found[turn] for found in by_file if turn < len(found)]
    return mixed


@cache
def measures() -> dict[str, dict[str, Any]]:
    return read("measures")


@cache
def incidents() -> dict[str, dict[str, Any]]:
    """How a heavy story is handled, by the key of the story."""
    return read("incidents")


@cache
def phrases() -> dict[str, Any]:
    return read("phrases")


@cache
def feedback() -> dict[str, list[dict[str, list[str]]]]:
    return read("feedback")


class Words(dict[str, Any]):
    """What fills the gaps of one case; a gap nobody knows is a mistake in the data."""

    def fill(self, template: str) -> str:
        return template.format_map(self)

    def pick(self, chance: Random, templates: Sequence[str]) -> str:
        return self.fill(chance.choice(templates))


def words_of(
    chance: Random, *, model: str, batch: str, city: str, received: date, age: int
) -> Words:
    """Numbers, dates and names that one case keeps to; `age` is that of the product in days."""
    months = chance.randint(2, max(2, min(22, age // 30 - 1)))
    bought = received - timedelta(days=months * 30 + chance.randint(0, 9))
    recent = received - timedelta(days=chance.randint(4, 20))
    ordered = received - timedelta(days=chance.randint(4, 25))
    return Words(
        model=model,
        batch=batch,
        city=city,
        months=months,
        weeks=chance.randint(2, 6),
        days=chance.choice([3, 5, 6, 8, 9, 11, 12, 15, 18, 20]),
        n=chance.randint(2, 6),
        mm=chance.randint(3, 9),
        hour=chance.randint(2, 5),
        temp=chance.randint(42, 58),
        pieces=chance.randint(12, 64),
        amount=chance.randint(8, 60) * 10,
        loss=chance.randint(18, 160) * 100,
        floor=chance.randint(7, 28),
        order=f"SO{ordered:%y%m}{chance.randint(100, 9999):04d}",
        date=f"{recent.month}月{recent.day}日",
        bought=f"{bought.month}月{bought.day}日",
        weekday=chance.choice(WEEKDAYS),
        room=chance.choice(ROOMS),
        shop=chance.choice(SHOPS),
        tech=chance.choice(TECHNICIANS),
    )


# How a text speaks of a house with many rooms, and what such customers are called.
ORGANISATIONS = {
    "酒店": ("酒店", "宾馆"),
    "学校": ("学院", "中学", "宿舍", "大学"),
    "幼儿园": ("幼儿园",),
    "游泳馆": ("游泳馆", "体育中心"),
    "民宿": ("民宿",),
    "单位客户": ("医院", "食堂", "公寓", "护理院"),
}
TRADE = ("经销商", "订单", "到货", "门店", "工程")


def audience(text: str) -> str:
    """Who would say this: a dealer, a house with many rooms, our own outlet, or a household."""
    if text.startswith(TRADE) or "{shop}反映" in text:
        return "direct"
    if any(word in text[:12] for word in ORGANISATIONS):
        return "organisation"
    if "网点反映" in text or text.startswith("安装师傅"):
        return "internal"
    return "end"
