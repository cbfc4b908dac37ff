"""The answers of the demo company's customers: the same on every run."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from cases.demo.clock import dice
from cases.models import Product
from surveys.domain import questionnaires
from surveys.models import Campaign

REGIONS = [
    ("华东", ["杭州", "宁波", "苏州", "无锡", "合肥", "青岛"]),
    ("西南", ["成都", "绵阳", "重庆", "贵阳", "昆明"]),
    ("华中", ["武汉", "长沙", "郑州"]),
    ("华南", ["广州", "佛山", "南宁"]),
    ("华北", ["石家庄", "太原", "天津"]),
]
INTERVIEWERS = ["赵晓", "钱航", "孙悦", "李想", "周舟", "吴越", "郑好", "王森"]
REASONS = {
    "delivery": ["比约定晚了两天才送到。", "预约的时段没有人来。"],
    "service": ["售后电话打了三次才接通。", "师傅没有带齐配件，又跑了一趟。"],
    "product": ["烧水时噪声比较大。", "用了半年面板开始起雾。"],
    "": ["比同类产品价格偏高。", "希望多一些优惠。"],
}
WISHES = [
    "增加手机远程预约加热。",
    "说明书字号再大一点。",
    "希望有以旧换新活动。",
    "保持现在的服务水平。",
]


def agency_rows(
    half: Any, campaign: Campaign, start: datetime, until: datetime
) -> Iterator[dict[str, Any]]:
    """One row a form, most of them honest."""
    chance = dice("survey", half.period.code)
    form = questionnaires.read(campaign.questionnaire.document)  # type: ignore[union-attr]
    products = list(Product.objects.filter(children=None).order_by("code"))
    span = int((until - start).total_seconds()) - 7200
    for number in range(half.forms):
        region, cities = chance.choices(REGIONS, [34, 26, 18, 14, 8])[0]
        faked = half.faked and number % 45 == 0
        received = start + timedelta(seconds=chance.randrange(3600, span))
        answers = (
            dict.fromkeys(form.keys, "5")
            if faked
            else answers_of(form, chance, half.mood + MOODS[region])
        )
        yield {
            "external_id": f"{half.period.code}-{number + 1:05}",
            "received_at": f"{working_hour(received, chance):%Y-%m-%d %H:%M}",
            "customer": "",
            "customer_type": "end" if chance.random() < 0.85 else "direct",
            "product": chance.choice(products).code,
            "region": region,
            "city": chance.choice(cities),
            "channel": "phone",
            "interviewer": "周舟" if faked else chance.choice(INTERVIEWERS),
            "seconds": chance.randrange(18, 34) if faked else chance.randrange(140, 520),
            **answers,
        }


MOODS = {"华东": 0.04, "西南": 0.0, "华中": -0.03, "华南": 0.02, "华北": -0.08}


def working_hour(moment: datetime, chance: Random) -> datetime:
    """Nobody is called at night."""
    return moment.replace(hour=chance.randrange(9, 19), minute=chance.randrange(60))


def answers_of(form: Any, chance: Random, mood: float) -> dict[str, str]:
    """Levels of one form: some people are content, some are not, and items differ."""
    person = chance.gauss(mood, 0.35)
    answers: dict[str, str] = {}
    for place, item in enumerate(form.items):
        for sub in item.subitems:
            if sub.show_if is not None and not sub.show_if.met(answers):
                continue
            feeling = person + chance.gauss(0.62 - 0.06 * (place % 4), 0.4)
            level = 5 if feeling > 0.55 else 4 if feeling > 0.1 else 3 if feeling > -0.2 else 2
            answers[sub.key] = "-" if chance.random() < 0.03 else str(max(1, level))
    return answers


def texts_of(form: Any, answers: dict[str, str], chance: Random) -> dict[str, str]:
    """Reasons where the form asks for them, and now and then a wish."""
    texts: dict[str, str] = {}
    for item in form.items:
        for sub in item.subitems:
            level = answers.get(sub.key, "-")
            if level in set("12345") and int(level) < sub.reason_below:
                texts[sub.key] = chance.choice(REASONS.get(item.key, REASONS[""]))
    for question in form.open:
        if question.show_if is None and chance.random() < 0.3:
            texts[question.key] = chance.choice(WISHES)
    return texts
