"""Products, channels, categories, causes, customer classes and policies of the demo company."""

from cases.demo.company import Company, policy_hours
from cases.domain.defaults import ensure_defaults
from cases.models import Category, Cause, Channel, CustomerClass, Product
from workflows.domain.context import at

# line: (code, name, English name, department, families of (name, English name, models)).
LINES: list[tuple[str, str, str, str, list[tuple[str, str, list[str]]]]] = [
    ("electric", "储水式电热水器", "Storage electric water heaters", "ELEC", [
        ("扁桶系列", "Flat series", ["F50-A3", "F60-A3", "F80-A5", "F100-A5"]),
        ("圆桶系列", "Round series", ["Y40-B1", "Y60-B1", "Y80-B2"]),
        ("竖式系列", "Vertical series", ["L100-C2", "L150-C2"]),
    ]),
    ("gas", "燃气热水器", "Gas water heaters", "GAS", [
        ("恒温系列", "Thermostatic series", ["JSQ24-H12", "JSQ26-H13", "JSQ31-H16"]),
        ("零冷水系列", "Instant hot series", ["JSQ26-L13", "JSQ31-L16", "JSQ35-L18"]),
        ("平衡式系列", "Balanced flue series", ["JSG20-P10", "JSG24-P12"]),
    ]),
    ("heatpump", "空气能热水器", "Heat pump water heaters", "HP", [
        ("家用一体机", "Integrated", ["KR150-D1", "KR200-D1", "KR260-D2"]),
        ("家用分体机", "Split", ["KF200-S2", "KF300-S3"]),
        ("商用机组", "Commercial units", ["KS-5P", "KS-10P", "KS-20P"]),
    ]),
    ("small", "小厨宝与即热式", "Kitchen and instantaneous heaters", "ELEC", [
        ("小厨宝系列", "Under-sink series", ["X6-U", "X8-U", "X10-U"]),
        ("即热式系列", "Instantaneous series", ["J55-T", "J70-T", "J85-T"]),
    ]),
]  # fmt: skip

# What this company complains about, in place of the general list of the defaults.
CATEGORIES = {
    "leak": ("漏水", "Leak", "LINER"), "heating": ("加热异常", "Heating", "ELEC"),
    "ignition": ("点火与熄火", "Ignition", "GAS"), "noise": ("噪声振动", "Noise", ""),
    "control": ("电控与显示", "Controls", "CTRL"),
    "electric_safety": ("用电安全", "Electrical safety", "ELEC"),
    "gas_safety": ("燃气安全", "Gas safety", "GAS"),
    "water_quality": ("水质异味", "Water quality", "LINER"),
    "early_failure": ("早期失效", "Early failure", ""), "energy": ("能耗", "Energy", "RD"),
    "appearance": ("外观", "Appearance", "ELEC"), "transport": ("运输破损", "Transport", "WL"),
    "shipping": ("错发漏发", "Wrong or short shipment", "WL"),
    "delivery": ("交付延误", "Late delivery", "WL"),
    "installation": ("安装", "Installation", "AS"), "service": ("服务", "Service", "AS"),
    "charge": ("价格与收费", "Price and charges", "MK"),
    "promise": ("宣传与承诺", "Claims and promises", "MK"),
    "channel_order": ("渠道政策", "Dealer policy", "MK"),
    "document": ("说明书与标识", "Manual and labels", "RD"),
    "media": ("媒体与监督抽查", "Media and regulator", "QS"),
}  # fmt: skip

CAUSES = {
    "weld": ("焊接不良", "Poor weld"), "assembly": ("装配不当", "Wrong assembly"),
    "material": ("来料缺陷", "Defective material"), "design": ("设计缺陷", "Design"),
    "software": ("程序缺陷", "Software"), "process": ("工艺失控", "Process out of control"),
    "inspection": ("漏检", "Missed in inspection"), "packing": ("包装防护不足", "Packing"),
    "installation": ("安装不当", "Wrong installation"), "service": ("服务不规范", "Service"),
    "communication": ("信息传递错误", "Communication"), "usage": ("使用不当", "Misuse"),
    "planning": ("计划与库存", "Planning and stock"), "water": ("水质因素", "Water hardness"),
}  # fmt: skip


def build(company: Company) -> None:
    """Defaults, then what this company made of them, long before the first case."""
    with at(company.since):
        ensure_defaults()
        add_entries(company)
        add_products(company)
    company.channels = {channel.code: channel for channel in Channel.objects.all()}
    company.classes = {grade.code: grade for grade in CustomerClass.objects.all()}
    company.hours = dict(policy_hours())


def add_entries(company: Company) -> None:
    """Own categories and causes; general categories that nobody uses are switched off."""
    for position, (code, (name, name_en, usual)) in enumerate(CATEGORIES.items()):
        given = {"name": name, "name_en": name_en, "position": position}
        company.categories[code], _new = Category.objects.update_or_create(
            code=code, defaults={**given, "department": company.departments.get(usual)}
        )
    Category.objects.exclude(code__in=CATEGORIES).update(is_active=False)
    for position, (code, (name, name_en)) in enumerate(CAUSES.items()):
        company.causes[code], _new = Cause.objects.update_or_create(
            code=code, defaults={"name": name, "name_en": name_en, "position": position}
        )


def add_products(company: Company) -> None:
    """Lines, families and models; `company.lines` has the models of each line."""

    def add(code: str, name: str, name_en: str, parent: Product | None, position: int) -> Product:
        department = parent.department if parent else company.departments[usual_of[code]]
        product = Product.objects.create(
            code=code,
            name=name,
            name_en=name_en,
            parent=parent,
            department=department,
            position=position,
        )
        product.path = f"{parent.path if parent else '/'}{product.pk}/"
        product.save(update_fields=["path"])
        return product

    usual_of = {line: usual for line, _name, _name_en, usual, _families in LINES}
    for number, (line, name, name_en, _usual, families) in enumerate(LINES):
        root = add(line, name, name_en, None, number)
        for order, (family, family_en, models) in enumerate(families):
            branch = add(f"{line}-{order + 1}", family, family_en, root, order)
            for position, model in enumerate(models):
                product = add(model, f"{model} {name}", f"{model}", branch, position)
                company.lines.setdefault(line, []).append(product)
