"""Catalogues: entries are added, changed and switched off, on screen and by command."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from accounts.domain import people
from cases.domain import catalogue_lists, catalogues
from cases.models import Case, Category, Cause, Channel, CustomerClass, Product
from tests import factories
from tests.cases.pages import browser, fresh, statements
from workflows.errors import Conflict, Forbidden

pytestmark = pytest.mark.django_db
ROOT = "/administration/catalogues/"
EVERY = tuple(catalogues.CATALOGUES)
MODELS = [Channel, Category, Cause, CustomerClass, Product]


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def manager(company):
    return browser(company.manager)


@pytest.fixture
def tree(company):
    """A line, a family below it, a model below that."""
    by = company.manager
    line = catalogues.add_entry(by=by, model=Product, code="L", name="热水器", name_en="Heaters")
    family = catalogues.add_entry(by=by, model=Product, code="F", name="扁桶", parent=line)
    model = catalogues.add_entry(by=by, model=Product, code="M", name="F50", parent=family)
    return line, family, model


def refused(error) -> set[str]:
    return set(error.value.message_dict)


# ---------------------------------------------------------------------------- commands
@pytest.mark.parametrize("model", MODELS)
def test_an_entry_is_added_at_the_end_and_changed(company, model):
    last = model.objects.order_by("position").last()
    entry = catalogues.add_entry(by=company.manager, model=model, code="new", name="新 条目")
    assert entry.position == (last.position + 1 if last else 0)
    catalogues.change_entry(
        by=company.admin, entry=entry, name="改名", name_en="Renamed", position=3
    )
    entry = fresh(entry)
    assert (entry.name, entry.name_en, entry.position) == ("改名", "Renamed", 3)
    assert entry.code == "new" and entry.is_active


@pytest.mark.parametrize("model", MODELS)
def test_bad_input_is_refused_at_its_field(company, model):
    catalogues.add_entry(by=company.manager, model=model, code="Taken", name="有")
    for given, fields in (
        ({"code": "taken", "name": "x"}, {"code"}),
        ({"code": "", "name": " "}, {"code", "name"}),
        ({"code": "c" * 41, "name": "n" * 101, "name_en": "e" * 101}, {"code", "name", "name_en"}),
        ({"code": "a\x00", "name": "x", "position": -1}, {"code", "position"}),
        ({"code": "a", "name": "x", "position": 40_000}, {"position"}),
    ):
        with pytest.raises(ValidationError) as error:
            catalogues.add_entry(by=company.manager, model=model, **given)
        assert refused(error) == fields
    assert model.objects.filter(name="x").count() == 0


def test_nothing_typed_is_kept_of_a_refused_change(company):
    with pytest.raises(ValidationError):
        catalogues.change_entry(by=company.manager, entry=company.channel, name="x", position=-1)
    assert fresh(company.channel).name == "电话"


@pytest.mark.parametrize(
    "who", ["agent", "lead", "handler", "head", "engineer", "director", "auditor", "marketer"]
)
def test_only_quality_managers_and_administrators_keep_catalogues(company, who):
    by, entry = getattr(company, who), company.channel
    for refused_command in (
        lambda: catalogues.add_entry(by=by, model=Channel, code="x", name="x"),
        lambda: catalogues.change_entry(by=by, entry=entry, name="x"),
        lambda: catalogues.switch_off(by=by, entry=entry),
        lambda: catalogues.switch_on(by=by, entry=entry),
    ):
        with pytest.raises(Forbidden):
            refused_command()


def test_a_code_is_given_once_except_to_a_product(company):
    with pytest.raises(TypeError):
        catalogues.change_entry(by=company.manager, entry=company.channel, code="tel")
    catalogues.change_entry(by=company.manager, entry=company.product, code="BX-201")
    assert fresh(company.product).code == "BX-201"


def test_a_cause_has_no_department(company):
    with pytest.raises(TypeError):
        catalogues.add_entry(
            by=company.manager, model=Cause, code="x", name="x", department=company.workshop
        )


def test_a_department_that_is_switched_off_is_not_chosen_but_stays(company):
    by = company.manager
    catalogues.change_entry(by=by, entry=company.category, department=company.line)
    people.deactivate_department(by=company.admin, department=company.line)
    catalogues.change_entry(by=by, entry=company.category, department=company.line, name="异响声")
    with pytest.raises(ValidationError) as error:
        catalogues.change_entry(by=by, entry=company.product, department=company.line)
    assert refused(error) == {"department"}


def test_what_is_switched_off_stays_where_it_was_chosen_and_is_not_offered(company):
    case = factories.log(company, category=company.category)
    catalogues.switch_off(by=company.manager, entry=company.category)
    assert Case.objects.get(pk=case.pk).category == company.category
    form = browser(company.agent).get("/cases/new/").context["form"]
    assert company.category.pk not in [key for key, _label in form.fields["category"].choices]
    catalogues.switch_on(by=company.manager, entry=company.category)
    assert fresh(company.category).is_active


def test_the_last_channel_stays(company):
    with pytest.raises(Conflict, match="last channel"):
        catalogues.switch_off(by=company.manager, entry=company.channel)
    catalogues.add_entry(by=company.manager, model=Channel, code="web", name="网页")
    catalogues.switch_off(by=company.manager, entry=company.channel)
    assert not fresh(company.channel).is_active


# ---------------------------------------------------------------------------- the tree
def paths(*products) -> list[str]:
    return [fresh(product).path for product in products]


def test_the_paths_of_a_branch_follow_its_parent(company, tree):
    line, family, model = tree
    other = catalogues.add_entry(by=company.manager, model=Product, code="O", name="燃气")
    assert paths(line, family, model) == [
        f"/{line.pk}/", f"/{line.pk}/{family.pk}/", f"/{line.pk}/{family.pk}/{model.pk}/"
    ]  # fmt: skip
    catalogues.change_entry(by=company.manager, entry=family, parent=other)
    assert paths(line, family, model) == [
        f"/{line.pk}/", f"/{other.pk}/{family.pk}/", f"/{other.pk}/{family.pk}/{model.pk}/"
    ]  # fmt: skip
    catalogues.change_entry(by=company.manager, entry=family, parent=None)
    assert paths(family, model) == [f"/{family.pk}/", f"/{family.pk}/{model.pk}/"]


def test_a_product_cannot_become_its_own_descendant(company, tree):
    before = paths(*tree)
    for parent in tree:
        with pytest.raises(ValidationError) as error:
            catalogues.change_entry(by=company.manager, entry=tree[0], parent=parent)
        assert refused(error) == {"parent"}
    assert paths(*tree) == before


def test_a_tree_too_deep_for_its_paths_is_refused(company, tree):
    parent = tree[2]
    with pytest.raises(ValidationError) as error:
        for depth in range(200):
            parent = catalogues.add_entry(
                by=company.manager, model=Product, code=f"D{depth}", name="层", parent=parent
            )
    assert refused(error) == {"parent"}
    assert max(len(product.path) for product in Product.objects.all()) <= 200
    assert not Product.objects.filter(path="").exists()
    other = company.product
    for depth in range(8):
        other = catalogues.add_entry(
            by=company.manager, model=Product, code=f"O{depth}", name="层", parent=other
        )
    with pytest.raises(ValidationError):
        catalogues.change_entry(by=company.manager, entry=tree[0], parent=other)
    assert fresh(tree[0]).parent is None


def test_a_product_goes_after_what_lies_below_it_and_comes_back_before(company, tree):
    line, family, model = tree
    by = company.manager
    with pytest.raises(Conflict, match="扁桶"):
        catalogues.switch_off(by=by, entry=line)
    for product in (model, family, line):
        catalogues.switch_off(by=by, entry=product)
    with pytest.raises(Conflict, match="扁桶"):
        catalogues.switch_on(by=by, entry=model)
    with pytest.raises(ValidationError):
        catalogues.add_entry(by=by, model=Product, code="X", name="X", parent=family)


def test_siblings_stand_by_position_and_a_search_shows_what_lies_above(company, tree):
    line, family, model = tree
    catalogues.change_entry(by=company.manager, entry=line, position=0)
    catalogues.change_entry(by=company.manager, entry=company.product, position=1)
    rows, following = catalogue_lists.page(Product)
    assert [(row.entry.code, row.depth) for row in rows] == [
        ("L", 0), ("F", 1), ("M", 2), ("BX-200", 0)
    ]  # fmt: skip
    assert following == 0
    rows, _following = catalogue_lists.page(Product, text="f50")
    assert [row.entry for row in rows] == [line, family, model]


def test_pages_go_by_key(company, tree):
    seen, after = [], 0
    while True:
        rows, after = catalogue_lists.page(Product, after=after, size=3)
        seen += [row.entry.pk for row in rows]
        if not after:
            break
    assert sorted(seen) == sorted(Product.objects.values_list("pk", flat=True))
    assert len(seen) == len(set(seen)) == 4


# ---------------------------------------------------------------------------- the pages
def addresses(company) -> list[str]:
    entry = f"{ROOT}channels/{company.channel.pk}/"
    return [ROOT, *(f"{ROOT}{key}/" for key in EVERY), f"{ROOT}products/new/", entry]


@pytest.mark.parametrize("who", ["agent", "head", "engineer", "director", "auditor", "marketer"])
def test_nobody_else_finds_the_pages(company, who):
    client = browser(getattr(company, who))
    for url in addresses(company):
        assert client.get(url).status_code == 404, url
        assert client.post(url).status_code == 404, url
    for act in ("off", "on"):
        assert client.post(f"{ROOT}channels/{company.channel.pk}/{act}/").status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("who", ["manager", "admin"])
def test_quality_managers_and_administrators_read_them(company, tree, who, language):
    client = browser(getattr(company, who), language)
    for url in addresses(company):
        answer = client.get(url)
        assert answer.status_code == 200, url
        assert f'lang="{language}"' in answer.content.decode()
    text = client.get(f"{ROOT}products/").content.decode()
    assert "热水器" in text and "Heaters" in text and "\u3000\u3000<a" in text


def test_the_administration_leads_there(company):
    for who, entrance in (("manager", ROOT), ("admin", "/administration/people/")):
        client = browser(getattr(company, who))
        assert f'href="{entrance}"' in client.get("/inbox/").content.decode()
        assert f'href="{ROOT}"' in client.get(entrance).content.decode()
    assert f'href="{ROOT}"' in browser(company.admin).get("/administration/leave/").content.decode()
    chart = browser(company.director).get("/administration/departments/").content.decode()
    assert ROOT not in chart


def test_an_entry_is_added_changed_and_switched_on_screen(manager, company):
    url = f"{ROOT}categories/"
    given = {"code": "leak", "name": "漏水", "name_en": "Leak", "department": company.workshop.pk}
    assert manager.post(f"{url}new/", given).status_code == 302
    entry = Category.objects.get(code="leak")
    assert entry.department == company.workshop
    change = {"name": "渗漏", "name_en": "Leak", "position": 7, "department": "", "code": "hacked"}
    assert manager.post(f"{url}{entry.pk}/", change).status_code == 302
    entry = fresh(entry)
    assert (entry.code, entry.name, entry.department, entry.position) == ("leak", "渗漏", None, 7)
    assert manager.post(f"{url}{entry.pk}/off/").status_code == 302
    assert "Switched off" in manager.get(url).content.decode()
    assert manager.post(f"{url}{entry.pk}/on/").status_code == 302
    assert fresh(entry).is_active


@pytest.mark.parametrize("key", EVERY)
def test_bad_input_stands_at_its_field_and_nothing_typed_is_lost(manager, company, key):
    catalogues.add_entry(
        by=company.manager, model=catalogues.CATALOGUES[key], code="taken", name="有"
    )
    for given, fields in (
        ({"code": "TAKEN", "name": "我写的"}, {"code"}),
        ({"code": "x", "name": "我写的" * 40}, {"name"}),
        ({"code": "x" * 41, "name": "我写的", "position": "first"}, {"code", "position"}),
        ({"code": "x", "name": "我写的", "position": "9" * 30}, {"position"}),
        ({"code": "x\x00", "name": "我写的"}, {"code"}),
        ({"name": "我写的"}, {"code"}),
    ):
        answer = manager.post(f"{ROOT}{key}/new/", given)
        assert answer.status_code == 422, given
        assert set(answer.context["form"].errors) == fields
        assert "我写的" in answer.content.decode()


def test_a_ring_is_refused_on_screen(manager, tree):
    line, _family, model = tree
    given = {"code": "L", "name": "热水器", "position": 0, "parent": model.pk}
    answer = manager.post(f"{ROOT}products/{line.pk}/", given)
    assert answer.status_code == 422 and set(answer.context["form"].errors) == {"parent"}
    for nonsense in ("x", "9" * 40, "-1", "0"):
        answer = manager.post(f"{ROOT}products/{line.pk}/", {**given, "parent": nonsense})
        assert answer.status_code == 422
    assert fresh(line).parent is None


def test_a_refused_switch_says_why(manager, company, tree):
    page = manager.get(f"{ROOT}products/{tree[0].pk}/").content.decode()
    assert "btn-refused" in page and "扁桶" in page
    answer = manager.post(f"{ROOT}products/{tree[0].pk}/off/")
    assert answer.status_code == 409 and "扁桶" in answer.content.decode()
    assert manager.post(f"{ROOT}channels/{company.channel.pk}/off/").status_code == 409


def test_a_product_moves_on_screen_and_keeps_what_a_colleague_changed(manager, company, tree):
    _line, family, _model = tree
    form = manager.get(f"{ROOT}products/{family.pk}/").context["form"]
    given = {name: form.initial[name] for name in form.fields if form.initial[name] is not None}
    catalogues.change_entry(by=company.admin, entry=family, department=company.workshop)
    given["parent"] = company.product.pk
    assert manager.post(f"{ROOT}products/{family.pk}/", given).status_code == 302
    family = fresh(family)
    assert family.parent == company.product
    assert family.path == f"{fresh(company.product).path}{family.pk}/"


@pytest.mark.parametrize(
    "url", ["kings/", "kings/new/", "channels/0/", "channels/" + "9" * 30 + "/", "products/1/x/"]
)
def test_what_is_not_there_is_404(manager, url):
    assert manager.get(ROOT + url).status_code == 404


@pytest.mark.parametrize("query", [{"after": "x"}, {"after": "9" * 40}, {"q": "a\x00b" * 99}])
def test_nonsense_in_the_address_breaks_nothing(manager, query):
    assert manager.get(f"{ROOT}products/", query).status_code == 200
    assert manager.get(f"{ROOT}products/new/", {"below": "x"}).status_code == 200


@pytest.mark.parametrize("key", EVERY)
def test_a_list_has_as_many_statements_with_one_entry_as_with_fifty(manager, company, key):
    model = catalogues.CATALOGUES[key]

    def add(number):
        places = {"department": company.workshop} if hasattr(model, "department") else {}
        if model is Product:
            places["parent"] = company.product
        entry = catalogues.add_entry(
            by=company.manager, model=model, code=f"E{number}", name=f"条目{number}", **places
        )
        return f"{ROOT}{key}/{entry.pk}/"

    url = add(0)
    pages = (f"{ROOT}{key}/", f"{ROOT}{key}/?q=条目", f"{ROOT}{key}/new/", url)
    one = [statements(manager, "get", page)[1] for page in pages]
    for number in range(1, 50):
        add(number)
    assert [statements(manager, "get", page)[1] for page in pages] == one
    assert max(one) <= 9
