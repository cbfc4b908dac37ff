"""Screens of other inputs: who sees what, lists, forms that lose nothing, links, Excel."""

import io
from datetime import date
from decimal import Decimal as D

import pytest
from openpyxl import load_workbook

from cases.models import Product
from surveys.domain.inputs import events, figures, lost_policy
from surveys.models import (
    DeliveredQuality,
    LostBusinessPolicy,
    PressItem,
    ReturnedGoods,
    SalesVolume,
)
from tests import factories
from tests.cases.pages import browser, someone, statements
from tests.surveys import inputs
from workflows.domain.context import now
from workflows.domain.versions import day_of

pytestmark = pytest.mark.django_db
ROOT = "/satisfaction/inputs/"
KINDS = ["press", "returns", "quality", "sales"]
LOG = dict(zip(KINDS, [inputs.press, inputs.returned, inputs.quality, inputs.sales], strict=True))
READERS = ["marketer", "engineer", "manager", "representative", "director", "auditor"]
OTHERS = ["agent", "lead", "handler", "head", "admin"]


def sent(kind, company, **changes):
    """What the form of a kind sends."""
    given = {
        "press": {
            "kind": "media", "publisher": "日报", "title": "标题", "published_on": "2026-03-05",
            "verdict": "neutral", "url": "", "summary": "摘要", "products": [company.product.pk],
            "cases": "",
        },
        "returns": {
            "product": company.product.pk, "quantity": "3", "returned_on": "2026-02-10",
            "category": company.category.pk, "reason": "异响", "customer": company.customer.name,
            "batch_number": "B-1", "case": "",
        },
        "quality": {
            "product": company.product.pk, "month": "2026-01", "delivered": "100",
            "inspected": "", "defective": "2", "unit": "件",
        },
        "sales": {
            "customer": company.customer.name, "product": "", "month": "2026-01", "quantity": "",
            "amount": "12.50",
        },
    }[kind]  # fmt: skip
    return {"form_key": "k", **given, **changes}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_page_speaks_both_languages(company, kind, language):
    entry = LOG[kind](company)
    client = browser(company.marketer, language)
    for address in (f"{kind}/", f"{kind}/new/", f"{kind}/import/", f"{kind}/{entry.pk}/",
                    f"{kind}/{entry.pk}/edit/", "lost/"):  # fmt: skip
        page = client.get(ROOT + address)
        assert page.status_code == 200
        assert ("其他输入" in page.content.decode()) == (language == "zh-hans")


@pytest.mark.parametrize("kind", KINDS)
def test_who_may_read_reads_and_who_may_not_finds_nothing(company, kind):
    entry = LOG[kind](company)
    for name in READERS:
        client = someone(company, name)
        assert client.get(f"{ROOT}{kind}/").status_code == 200
        assert client.get(f"{ROOT}{kind}/{entry.pk}/").status_code == 200
        assert client.get(f"{ROOT}{kind}/export/").status_code == 200
    for name in OTHERS:
        client = someone(company, name)
        for address in (f"{kind}/", f"{kind}/{entry.pk}/", f"{kind}/export/", "lost/", ""):
            assert client.get(ROOT + address).status_code == 404
    for name in [*OTHERS, "representative", "director", "auditor"]:
        client = someone(company, name)
        for address in (f"{kind}/new/", f"{kind}/{entry.pk}/edit/", f"{kind}/import/"):
            assert client.get(ROOT + address).status_code == 404
        for address in (f"{kind}/{entry.pk}/withdraw/", f"{kind}/{entry.pk}/case/"):
            assert client.post(ROOT + address, {"reason": "x"}).status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_an_input_is_logged_and_a_form_sent_twice_logs_one(company, kind):
    client = someone(company, "marketer")
    for _turn in range(2):
        answer = client.post(f"{ROOT}{kind}/new/", sent(kind, company), follow=True)
        assert answer.status_code == 200
        assert "Logged." in answer.content.decode()
    model = {"press": PressItem, "returns": ReturnedGoods, "quality": DeliveredQuality,
             "sales": SalesVolume}[kind]  # fmt: skip
    assert model.objects.count() == 1
    # Whoever goes back and writes another one into the same form loses nothing.
    if kind in ("press", "returns"):
        other = sent(kind, company, **{"title" if kind == "press" else "reason": "另一条"})
        client.post(f"{ROOT}{kind}/new/", other)
        assert model.objects.count() == 2


@pytest.mark.parametrize(
    ("kind", "changes", "says", "kept"),
    [
        ("press", {"title": ""}, "required", "摘要"),
        ("press", {"verdict": "recall"}, "Choose one of", "摘要"),
        ("press", {"url": "ftp://x"}, "no address of the web", "ftp://x"),
        ("press", {"cases": "TS-2026-000777"}, "There is no case TS-2026-000777", "777"),
        ("press", {"title": "a\x00b"}, "", "摘要"),
        ("returns", {"quantity": "0"}, "greater than or equal to 1", "异响"),
        ("returns", {"customer": "无此客户"}, "There is no customer", "无此客户"),
        ("returns", {"returned_on": "2999-01-01"}, "lies in the future", "2999-01-01"),
        ("quality", {"defective": "200"}, "More than were delivered", "200"),
        ("quality", {"month": "2026-13"}, "A month is written like", "2026-13"),
        ("sales", {"amount": ""}, "Give a quantity", "华东机电"),
        ("sales", {"amount": "1e99"}, "", "华东机电"),
        ("sales", {"amount": "NaN"}, "", "华东机电"),
    ],
)
def test_what_is_wrong_stands_at_the_field_and_what_was_typed_stays(
    company, kind, changes, says, kept
):
    answer = someone(company, "engineer").post(f"{ROOT}{kind}/new/", sent(kind, company, **changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "field-error" in page
    assert says in page
    assert kept in page


def test_a_second_figure_of_a_month_is_refused_and_corrected_instead(company):
    client = someone(company, "marketer")
    figure = inputs.quality(company)
    answer = client.post(f"{ROOT}quality/new/", sent("quality", company, defective="7"))
    assert "There is a figure of this month already" in answer.content.decode()
    url = f"{figure.get_absolute_url()}edit/"
    given = {"delivered": "1000", "inspected": "", "defective": "7", "unit": ""}
    refused = client.post(url, given)
    assert refused.status_code == 422
    done = client.post(url, {**given, "reason_of_change": "补录"}, follow=True)
    page = done.content.decode()
    assert "补录" in page
    assert page.count("<tr") == 3
    gone = client.get(figure.get_absolute_url()).content.decode()
    assert "Replaced" in gone
    assert client.get(url).status_code == 302


def test_two_people_who_correct_at_once_lose_nothing(company):
    item = inputs.press(company)
    client = someone(company, "marketer")
    url = f"{item.get_absolute_url()}edit/"
    given = sent("press", company, seen="1", title="甲", reason_of_change="更正")
    assert client.post(url, given).status_code == 302
    late = client.post(url, {**given, "title": "乙"})
    page = late.content.decode()
    assert late.status_code == 409
    assert 'value="乙"' in page
    assert "A colleague changed this" in page
    again = client.post(url, {**given, "title": "乙", "seen": "2"}, follow=True)
    assert "甲" in again.content.decode()
    item.refresh_from_db()
    assert (item.title, item.version) == ("乙", 3)


def test_a_case_is_linked_by_number_and_shown_to_who_may_see_it(company):
    case = factories.log(company)
    item, goods = inputs.press(company), inputs.returned(company)
    engineer, marketer = someone(company, "engineer"), someone(company, "marketer")
    for entry in (item, goods):
        url = entry.get_absolute_url()
        wrong = engineer.post(f"{url}case/", {"case": "TS-1"})
        assert wrong.status_code == 422
        assert 'value="TS-1"' in wrong.content.decode()
        page = engineer.post(f"{url}case/", {"case": case.number.lower()}, follow=True)
        assert f'href="{case.get_absolute_url()}"' in page.content.decode()
        hidden = marketer.get(url).content.decode()
        assert "that you may not see" in hidden
        assert case.number not in hidden
    # Who corrects without seeing the case does not take its link away.
    given = sent("press", company, seen="2", reason_of_change="更正")
    marketer.post(f"{item.get_absolute_url()}edit/", given)
    assert [*item.cases.all()] == [case]
    given = sent("returns", company, seen="2", reason_of_change="更正")
    marketer.post(f"{goods.get_absolute_url()}edit/", given)
    assert ReturnedGoods.objects.get().case == case


@pytest.mark.parametrize("kind", KINDS)
def test_withdrawing_needs_a_reason_and_takes_it_off_the_list(company, kind):
    entry = LOG[kind](company)
    client = someone(company, "marketer")
    url = f"{entry.get_absolute_url()}withdraw/"
    assert client.post(url, {"reason": ""}).status_code == 422
    page = client.post(url, {"reason": "重复登记"}, follow=True).content.decode()
    assert "重复登记" in page
    assert client.post(url, {"reason": "x"}).status_code == 409
    listed = f'href="{entry.get_absolute_url()}"'
    assert listed not in client.get(f"{ROOT}{kind}/").content.decode()
    assert listed in client.get(f"{ROOT}{kind}/?withdrawn=1").content.decode()


def test_filters_narrow_the_list_and_stand_as_chips(company):
    other = Product.objects.create(code="P2", name="另一产品", path="/2/")
    inputs.press(company, products=[company.product])
    inputs.press(company, kind="bulletin", verdict="recall", title="召回", products=[other])
    inputs.returned(company)
    inputs.returned(company, category=None, customer=None, returned_on=date(2025, 8, 1))
    client = someone(company, "auditor")

    def titles(query):
        answer = client.get(ROOT + query)
        assert answer.status_code == 200
        return len(answer.context["rows"])

    assert titles("press/?kind=bulletin") == 1
    assert titles(f"press/?product={other.pk}") == 1
    assert titles("press/?q=召回") == 1
    assert titles("press/?period=2025-H1") == 0
    assert titles("returns/?category=none") == 1
    assert titles(f"returns/?category={company.category.pk}&customer={company.customer.pk}") == 1
    assert titles("returns/?period=2025-H2") == 1
    page = client.get(f"{ROOT}press/?product={other.pk}&kind=bulletin").content.decode()
    assert "另一产品" in page
    for nonsense in ("?period=x", "?product=x&customer=-1&category=;", "?after=99999999-1",
                     "?before=20260101-0", "?q=%00", "?kind=blog"):  # fmt: skip
        for kind in KINDS:
            assert titles(f"{kind}/{nonsense}") >= 0
    assert client.get(f"{ROOT}other/").status_code == 404
    assert client.get(f"{ROOT}press/99999999999999999999/").status_code == 404


def test_pages_go_on_by_key_through_equal_days(company):
    for turn in range(60):
        inputs.press(company, title=f"报道{turn:02}")
    client = someone(company, "auditor")
    first = client.get(f"{ROOT}press/")
    following = first.context["page"]["next_url"]
    second = client.get(f"{ROOT}press/{following}")
    seen = [line["row"].pk for page in (first, second) for line in page.context["rows"]]
    assert len(seen) == len(set(seen)) == 60
    back = client.get(f"{ROOT}press/{second.context['page']['prev_url']}")
    assert [line["row"].pk for line in back.context["rows"]] == seen[:50]


@pytest.mark.parametrize("kind", KINDS)
def test_no_cell_of_an_export_becomes_a_formula(company, kind):
    evil = '=HYPERLINK("http://x")'
    company.product.name = evil
    company.product.save()
    company.customer.name = evil
    company.customer.save()
    LOG[kind](company, **({"title": evil, "publisher": "+86"} if kind == "press" else {}))
    answer = someone(company, "auditor").get(f"{ROOT}{kind}/export/")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert evil in [cell.value for cell in cells]
    assert "f" not in {cell.data_type for cell in cells}


# ---------------------------------------------------------------------------- lost business
@pytest.fixture
def trade(company):
    for name, then, bought in [("甲", 90_000, 0), ("乙", 80_000, 20_000), ("丙", 50_000, 50_000)]:
        who = inputs.customer(company, name)
        inputs.sales(company, customer=who, month=date(2025, 7, 1), amount=D(then))
        inputs.sales(company, customer=who, month=date(2026, 1, 1), amount=D(bought))
    return company


def test_lost_business_shows_who_left_and_opens_the_figures(trade):
    client = someone(trade, "director")
    answer = client.get(f"{ROOT}lost/?period=2026-H1")
    page = answer.content.decode()
    assert [row["line"].customer.name for row in answer.context["rows"]] == ["甲", "乙"]
    assert "2026-01" in page
    assert "2025-07" in page
    assert "-75.0 %" in page
    link = answer.context["rows"][0]["line"].url
    assert len(client.get(link).context["rows"]) == 2
    steady = client.get(f"{ROOT}lost/?period=2026-H1&standing=steady")
    assert [row["line"].customer.name for row in steady.context["rows"]] == ["丙"]
    sheet = load_workbook(io.BytesIO(client.get(f"{ROOT}lost/export/?period=2026-H1").content))
    assert [cell.value for cell in sheet.active["A"]][1:] == ["甲", "乙", "丙"]
    assert "no sales figures" in client.get(f"{ROOT}lost/?period=2020").content.decode()
    assert client.get(f"{ROOT}lost/?period=x").status_code == 404


def test_the_rule_is_a_policy_in_versions_among_the_others(trade):
    lost_policy.ensure_policy()
    client = someone(trade, "manager")
    page = client.get("/administration/policies/lost/").content.decode()
    assert "Lost business" in page
    form = client.get("/administration/policies/lost/new/")
    assert form.status_code == 200
    given = {"comparison": "year_before", "measure": "amount", "fall_percent": "0", "floor": "0",
             "holds_from": "2999-01-01", "reason": "", "seen": ""}  # fmt: skip
    refused = client.post("/administration/policies/lost/new/", given)
    assert refused.status_code == 422
    assert refused.content.decode().count("field-error") >= 2
    seen = LostBusinessPolicy.objects.get().pk
    given |= {
        "fall_percent": "20",
        "holds_from": f"{day_of(now())}",
        "reason": "收紧",
        "seen": seen,
    }
    done = client.post("/administration/policies/lost/new/", given, follow=True)
    assert done.status_code == 200
    assert "收紧" in done.content.decode()
    assert LostBusinessPolicy.objects.count() == 2
    assert someone(trade, "marketer").get("/administration/policies/lost/").status_code == 404


# ---------------------------------------------------------------------------- statements
def test_lists_and_pages_take_the_same_statements_for_many_rows(company):
    client = someone(company, "engineer")
    item, goods = inputs.press(company), inputs.returned(company)
    figure = inputs.quality(company, month=date(2000, 1, 1))

    def fill(first, last):
        for turn in range(first, last):
            product = Product.objects.create(code=f"P{turn}", name=f"P{turn}", path="/9/")
            who = inputs.customer(company, f"客户{turn}")
            case = factories.log(company)
            inputs.press(company, products=[product], cases=[case])
            inputs.returned(company, product=product, customer=who, case=case)
            inputs.quality(company, product=product)
            for year in (2025, 2026):
                inputs.sales(company, customer=who, product=product, month=date(year, 1, 1),
                             amount=D(90_000 - 80_000 * (year == 2026)))  # fmt: skip
            events.link_case(by=company.engineer, entry=item, case=case)
            events.link_case(by=company.engineer, entry=goods, case=case)
            nonlocal figure
            figure = figures.correct(
                by=company.engineer, figure=figure, why="更正", delivered=1000 + turn,
                inspected=None, defective=3, unit="",
            )  # fmt: skip

    def counts():
        addresses = [f"{ROOT}{kind}/" for kind in KINDS]
        addresses += [f"{ROOT}{kind}/export/" for kind in KINDS]
        addresses += [f"{ROOT}lost/?period=2026", item.get_absolute_url()]
        addresses += [goods.get_absolute_url(), figure.get_absolute_url(),
                      f"{item.get_absolute_url()}edit/"]  # fmt: skip
        found = []
        for address in addresses:
            answer, count = statements(client, "get", address)
            assert answer.status_code == 200
            found.append(count)
        return found

    fill(0, 1)
    few = counts()
    fill(1, 50)
    assert counts() == few
    assert max(few) <= 14
