"""Two hundred customers: dealers, households, prospects and our own outlets."""

from datetime import timedelta
from random import Random

from django.db.models import F

from cases.demo import clock
from cases.demo.clock import DAY, dice
from cases.demo.company import Company
from cases.domain.customers import add_contact, add_customer, add_delivery
from cases.enums import CustomerType
from cases.models import Customer
from workflows.domain.context import at

CITIES = [
    ("华东", "杭州", "0571"), ("华东", "宁波", "0574"), ("华东", "温州", "0577"),
    ("华东", "苏州", "0512"), ("华东", "无锡", "0510"), ("华东", "合肥", "0551"),
    ("华东", "青岛", "0532"), ("西南", "成都", "028"), ("西南", "绵阳", "0816"),
    ("西南", "重庆", "023"), ("西南", "贵阳", "0851"), ("西南", "昆明", "0871"),
    ("华中", "武汉", "027"), ("华中", "长沙", "0731"), ("华南", "佛山", "0757"),
    ("华北", "石家庄", "0311"),
]  # fmt: skip
SURNAMES = (
    "王李张刘陈杨黄吴赵周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余"
    "叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段"
    "雷黎史龙陶贺顾毛郝龚邵万钱严"
)
GIVEN = [
    "秀英", "桂兰", "建华", "志强", "晓燕", "丽娟", "国平", "玉珍", "海涛", "文静", "俊杰",
    "雅琴", "永福", "淑芬", "明辉", "春梅", "立新", "小红", "德胜", "佳怡", "思远", "雪莲",
    "卫东", "红霞", "子轩", "美玲", "大伟", "艳萍", "振宇", "慧敏", "成刚", "若曦", "宏图",
    "金凤", "一鸣", "爱民", "静怡", "长青", "素云", "启航",
]  # fmt: skip
BRANDS = [
    "宏达", "瑞丰", "恒信", "佳暖", "鑫源", "润泽", "天合", "万家", "永泰", "华盛", "众诚", "金石",
    "盛世", "远航", "同济", "安居", "嘉禾", "百汇", "利民", "顺和", "启明", "凯悦", "德源", "新锐",
    "大成", "宝利", "长城路", "汇丰源", "和美", "诚信", "联创", "东方红", "泰和", "明珠", "康居",
    "正大", "福临", "祥云", "中豪", "时代",
]  # fmt: skip
TRADES = [
    "暖通设备有限公司",
    "电器有限公司",
    "厨卫商贸有限公司",
    "机电有限公司",
    "家电销售有限公司",
]
ORGANISATIONS = [
    "云栖酒店", "职业技术学院", "阳光幼儿园", "滨江游泳馆", "悦来民宿", "中心医院", "假日宾馆",
    "第三中学", "人才公寓", "体育中心", "康宁护理院", "物流园宿舍", "科技园食堂", "老年大学",
    "清泉浴室",
]  # fmt: skip
STREETS = [
    "人民路",
    "解放路",
    "建设大道",
    "滨河路",
    "文昌街",
    "新华路",
    "中山路",
    "学府街",
    "迎宾路",
]
OWN = ["直营服务站", "展示体验店"]

# How many of each type; together 200.
ORGANISATION = "organisation"  # an end customer with many rooms and a person in charge
NUMBERS: dict[str, int] = {
    CustomerType.DIRECT: 40,
    CustomerType.END: 118,
    ORGANISATION: 17,
    CustomerType.POTENTIAL: 15,
    CustomerType.INTERNAL: 10,
}
SMALL: dict[str, int] = {
    CustomerType.DIRECT: 10,
    CustomerType.END: 20,
    ORGANISATION: 4,
    CustomerType.POTENTIAL: 4,
    CustomerType.INTERNAL: 2,
}


def build(company: Company, *, small: bool) -> None:
    """Customers with contacts, created over the three years before the base."""
    chance = dice("customers")
    names: set[str] = set()
    for kind, number in (SMALL if small else NUMBERS).items():
        for turn in range(number):
            customer = add(company, chance, kind, names, turn)
            company.customers.setdefault(kind, []).append(customer)
    # The history is written by the clock on the wall; the files were opened long ago.
    Customer.history.update(history_date=F("created_at"))


def person_name(chance: Random) -> str:
    return chance.choice(SURNAMES) + chance.choice(GIVEN)


def mobile(chance: Random) -> str:
    return f"{chance.choice([135, 138, 139, 158, 177, 186, 189])} 00{chance.randint(10, 99)} " + (
        f"{chance.randint(0, 9999):04d}"
    )


def name_of(chance: Random, kind: str, city: str, turn: int) -> str:
    if kind == CustomerType.DIRECT:
        return f"{city}{chance.choice(BRANDS)}{chance.choice(TRADES)}"
    if kind in (CustomerType.POTENTIAL, ORGANISATION):
        return f"{city}{ORGANISATIONS[turn % len(ORGANISATIONS)]}"
    if kind == CustomerType.INTERNAL:
        return f"{city}{chance.choice(OWN)}"
    return person_name(chance)


def add(company: Company, chance: Random, kind: str, taken: set[str], turn: int) -> Customer:
    """One customer; businesses have one or two contacts."""
    while True:
        region, city, area = chance.choice(CITIES)
        name = name_of(chance, kind, city, turn)
        if name not in taken:
            break
    taken.add(name)
    household = kind == CustomerType.END
    phone = (
        mobile(chance)
        if household
        else f"{area}-{chance.randint(5000, 8999)} " + (f"{chance.randint(0, 9999):04d}")
    )
    created = clock.moment(clock.position(company.base) - chance.randint(480 * DAY, 900 * DAY))
    by = company.people[chance.choice(["linxiao", "luodan", "xukexin"])]
    with at(created):
        customer = add_customer(
            by=by,
            name=name,
            type=CustomerType.END if kind == ORGANISATION else kind,
            customer_class=company.classes["C" if household else chance.choice("AABBBC")],
            phone=phone,
            region=region,
            city=city,
            address=f"{city}市{chance.choice(STREETS)} {chance.randint(2, 398)} 号",
        )
        for _turn in range(0 if household else chance.randint(1, 2)):
            add_contact(
                by=by,
                customer=customer,
                name=person_name(chance),
                position=chance.choice(["总经理", "业务经理", "采购", "店长", "售后负责人"]),
                phone=mobile(chance),
            )
    return customer


def more_deliveries(company: Company) -> None:
    """Deliveries without trouble, so that service files do not consist of complaints alone."""
    chance, by = dice("deliveries"), company.people["luodan"]
    models = [product for products in company.lines.values() for product in products]
    for kind in (CustomerType.DIRECT, CustomerType.END, ORGANISATION, CustomerType.INTERNAL):
        for customer in company.customers.get(kind, []):
            household = kind == CustomerType.END
            for _turn in range(chance.randint(0, 1) if household else chance.randint(3, 7)):
                product = chance.choice(models)
                day = company.base - timedelta(days=chance.randint(30, 900))
                add_delivery(
                    by=by,
                    customer=customer,
                    product=product,
                    batch=batch(chance, product.code, f"{day:%y%m}"),
                    quantity=1 if household else chance.randint(5, 120),
                    delivered_on=day.date(),
                )


def batch(chance: Random, code: str, month: str) -> str:
    return f"{code.split('-')[0]}-{month}-{chance.randint(1, 899):04d}"
