"""The pages of the policy: who finds them, drafting, what-if, publishing, files."""

import re
import tomllib
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from surveys.domain import policies, policy_file
from surveys.domain.policy_document import checked
from surveys.models import SatisfactionPolicy
from tests.cases.pages import browser, statements
from tests.surveys.factories import questionnaire
from tests.surveys.indexing import GOLDEN, LOOK, PERIOD, put
from tests.surveys.ruling import START, document, draft, published, weights
from workflows.domain.context import now

pytestmark = pytest.mark.django_db
ROOT = "/satisfaction/policy/"


@pytest.fixture
def c(company):
    policies.ensure_policy()
    return company


@pytest.fixture
def manager(c):
    return browser(c.manager)


def fields(page) -> dict[str, str]:
    """What the form on a page would send if nothing were changed."""
    form = page.context["form"]
    given = {}
    for part in (form, *form.bands, *form.sources):
        for field in part:
            value = field.value()
            if isinstance(value, bool):
                given |= {field.html_name: "on"} if value else {}
            elif isinstance(value, list | tuple):
                given[field.html_name] = list(value) if "types" in field.name else ",".join(value)
            elif value is not None:
                given[field.html_name] = value
    for rows in (form.bands, form.sources):
        for field in rows.management_form:
            given[field.html_name] = field.value()
    return given


def text(answer) -> str:
    return answer.content.decode()


def places(number: int) -> list[str]:
    return [ROOT, f"{ROOT}{number}/", f"{ROOT}{number}/what-if/", f"{ROOT}{number}/file/"]


# ---------------------------------------------------------------------------- who
@pytest.mark.parametrize("who", ["agent", "handler", "buyer", "lead", "admin"])
def test_who_may_not_read_finds_nothing(c, who):
    client = browser(getattr(c, who))
    for url in [*places(1), f"{ROOT}new/", f"{ROOT}1/edit/", "/satisfaction/ledger/2026/"]:
        assert client.get(url).status_code == 404, url
    for act in ("1/publish/", "1/discard/", "upload/", "new/", "1/edit/"):
        assert client.post(ROOT + act).status_code == 404, act


@pytest.mark.parametrize("who", ["marketer", "engineer", "director", "auditor", "head"])
def test_readers_see_versions_but_neither_drafts_nor_ways_to_change_them(c, who):
    drawn = draft(c)
    client = browser(getattr(c, who))
    for url in places(1):
        assert client.get(url).status_code == 200, url
    for url in [*places(drawn.number)[1:], f"{ROOT}new/", f"{ROOT}{drawn.number}/edit/"]:
        assert client.get(url).status_code == 404, url
    for act in ("publish/", "discard/"):
        assert client.post(f"{ROOT}{drawn.number}/{act}", {"reason": "x"}).status_code == 404
    page = text(client.get(ROOT))
    assert "Drafts" not in page and f"{ROOT}new/" not in page and 'type="file"' not in page


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("who", ["manager", "representative"])
def test_every_page_in_both_languages(c, who, language):
    drawn = draft(c)
    client = browser(getattr(c, who), language)
    for url in [*places(1)[:3], *places(drawn.number)[:3], f"{ROOT}new/", f"{ROOT}2/edit/"]:
        page = client.get(url)
        assert page.status_code == 200, url
        assert f'lang="{language}"' in text(page)
    page = text(client.get(ROOT))
    assert ("Survey by the sales company" in page) == (language == "en")
    assert "满意" in page or language == "en"


@pytest.mark.parametrize("number", ["0", "99", "999999999999999999999", "x"])
def test_a_version_that_is_not_there_is_404(manager, number):
    for url in (f"{ROOT}{number}/", f"{ROOT}{number}/edit/", f"{ROOT}{number}/what-if/"):
        assert manager.get(url).status_code == 404


def test_the_page_tells_what_holds_what_will_and_what_held(c, manager):
    published(c, date(2021, 1, 1), document=weights("50", "30", "20"))
    published(c, START, document=document(floor="10"))
    draft(c, document=document(floor="20"))
    page = manager.get(ROOT)
    assert page.context["held"].row.number == 2
    assert [one.row.number for one in page.context["planned"]] == [3]
    assert [one.row.number for one in page.context["drafts"]] == [4]
    assert [one.row.number for one in page.context["past"]] == [1]
    shown = " ".join(text(page).split())
    assert "60 → 50" in shown and "0 → 10" in shown and "10 → 20" in shown


# ---------------------------------------------------------------------------- drafting
def test_a_draft_begins_with_what_holds_and_is_saved(c, manager):
    given = fields(manager.get(f"{ROOT}new/"))
    given |= {"sources-0-weight": "50", "sources-1-weight": "30", "reason": "走访更重要"}
    answer = manager.post(f"{ROOT}new/", {**given, "save": "1"})
    made = SatisfactionPolicy.objects.get(number=2)
    assert answer.headers["Location"] == f"{ROOT}2/"
    assert made.document == checked(weights("50", "30", "20"))
    assert (made.holds_from, made.reason, made.published_at) == (START, "走访更重要", None)


def test_an_unchanged_form_says_the_same(c, manager):
    drawn = draft(c, document=document(deductions=document()["deductions"][:2], approval=False))
    assert manager.post(f"{ROOT}2/edit/", fields(manager.get(f"{ROOT}2/edit/"))).status_code == 302
    again = SatisfactionPolicy.objects.get(pk=drawn.pk)
    assert (again.document, again.holds_from, again.reason) == (
        drawn.document, drawn.holds_from, drawn.reason
    )  # fmt: skip


def test_rows_are_added_and_left_out(c, manager):
    given = fields(manager.get(f"{ROOT}new/"))
    given |= {"bands-0-start": "", "bands-0-name": "", "bands-0-name_en": "", "bands-5-start": "5"}
    given |= {"bands-5-name": "极差", "bands-1-start": "90"}
    answer = manager.post(f"{ROOT}new/", given)
    assert answer.status_code == 422, "5 does not come below 0"
    given |= {"bands-4-start": "5", "bands-5-start": "0"}
    assert manager.post(f"{ROOT}new/", given).status_code == 302
    made = SatisfactionPolicy.objects.get(number=2)
    assert [band["from"] for band in made.document["bands"]] == ["90", "80", "20", "5", "0"]


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"sources-0-weight": "59"}, "", "sum to 99"),
        ({"sources-1-weight": "viele"}, "sources-1-weight", "from 0 to 100"),
        ({"sources-2-key": "Q C"}, "sources-2-key", "small letters"),
        ({"sources-2-name": ""}, "sources-2-name", "required"),
        ({"sources-0-kind": "complaint"}, "sources-0-kind", "complaint"),
        ({"sources-0-customer_types": ["x"]}, "sources-0-customer_types", "x"),
        ({"bands-1-start": "101"}, "bands-1-start", "from 0 to 100"),
        ({"bands-4-start": "1"}, "", "gap"),
        ({"bands-2-start": "95"}, "", "overlap"),
        ({"points-5": "1", "points-4": "95"}, "", "better level"),
        ({"points-3": ""}, "points-3", "from 0 to 100"),
        ({"general-every": "0"}, "general-every", "from 1 to"),
        ({"general-every": "2.5"}, "general-every", "whole number"),
        ({"major-every": ""}, "major-every", "from 1 to"),
        ({"flagged-points": "-1"}, "flagged-points", "from 0 to 100"),
        ({"minimum_n": "0"}, "minimum_n", "from 1 to"),
        ({"threshold": "9" * 30}, "threshold", "20"),
        ({"missing": "guess"}, "missing", "guess"),
        ({"holds_from": "2026-02-01"}, "holds_from", "2026-02-01"),
        ({"holds_from": ""}, "holds_from", "required"),
        ({"reason": "x" * 501}, "reason", "500"),
        ({"floor": "a\x00b"}, "floor", ""),
        ({"sources-TOTAL_FORMS": "x"}, "", ""),
        ({"bands-TOTAL_FORMS": "9999"}, "", ""),
    ],
)
def test_bad_input_stands_at_its_field_and_nothing_typed_is_lost(c, manager, changes, field, said):
    given = {**fields(manager.get(f"{ROOT}new/")), "sources-1-name": "我写的来源", **changes}
    answer = manager.post(f"{ROOT}new/", given)
    page = text(answer)
    assert answer.status_code == 422
    assert said in page and 'role="alert"' in page
    if "TOTAL_FORMS" not in next(iter(changes)):
        assert "我写的来源" in page
        typed = next(iter(changes.values()))
        assert isinstance(typed, list) or "\x00" in typed or typed in page
    if field:
        shown = re.search(
            rf'<div class="field [^"]*field-invalid[^"]*">(?:(?!class="field ).)*name="{field}"',
            page,
            re.S,
        )
        assert shown, "the message stands at the field"
    assert SatisfactionPolicy.objects.count() == 1


def test_a_post_of_nothing_breaks_nothing(manager):
    for url in (f"{ROOT}new/",):
        assert manager.post(url, {"x": "1"}).status_code == 422


def test_a_colleague_who_wrote_meanwhile_is_not_written_over(c, manager):
    drawn = draft(c)
    given = fields(manager.get(f"{ROOT}2/edit/"))
    policies.change_draft(
        by=c.representative, policy=drawn, document=document(floor="7"), holds_from=START
    )
    answer = manager.post(f"{ROOT}2/edit/", {**given, "reason": "我写的理由"})
    assert answer.status_code == 409 and "我写的理由" in text(answer)
    given |= {"seen": answer.context["form"]["seen"].value(), "reason": "我写的理由"}
    assert manager.post(f"{ROOT}2/edit/", given).status_code == 302


def test_a_published_version_has_no_form(c, manager):
    published(c)
    assert manager.get(f"{ROOT}2/edit/").status_code == 404
    assert manager.post(f"{ROOT}2/edit/").status_code == 404
    page = text(manager.get(f"{ROOT}2/"))
    assert "/publish/" not in page and "/discard/" not in page and "/edit/" not in page
    assert manager.post(f"{ROOT}2/publish/", {"reason": "x"}).status_code == 409
    manager.post(f"{ROOT}2/discard/")
    assert SatisfactionPolicy.objects.filter(number=2).exists()


# ---------------------------------------------------------------------------- what if
@pytest.fixture
def golden(c):
    c.form = questionnaire(c, document=LOOK)
    for source, levels in GOLDEN.items():
        put(c, source, levels)
    return c


def test_what_if_stands_beside_the_form_and_saves_nothing(golden, manager):
    given = fields(manager.get(f"{ROOT}new/"))
    given |= {"sources-0-weight": "50", "sources-1-weight": "30", "period": PERIOD.code}
    answer = manager.post(f"{ROOT}new/", {**given, "what_if": "1"})
    page = text(answer)
    assert answer.status_code == 200
    assert "92.04" in page and "91.60" in page and "-0.44" in page
    assert 'role="alert"' not in page
    assert 'value="50"' in page, "nothing typed is lost"
    assert SatisfactionPolicy.objects.count() == 1
    given["sources-0-weight"] = "51"
    answer = manager.post(f"{ROOT}new/", {**given, "what_if": "1"})
    assert answer.status_code == 422 and "sum to 101" in text(answer)


def test_what_if_of_a_version_as_a_fragment_and_as_a_page(golden, manager):
    draft(golden, document=weights("50", "30", "20"))
    url = f"{ROOT}2/what-if/?period={PERIOD.code}"
    page, part = text(manager.get(url)), text(manager.get(url, headers={"HX-Request": "true"}))
    for shown in (page, part):
        assert "92.04" in shown and "91.60" in shown
    assert "<html" in page and "<html" not in part
    for period in ("2026-H3", "x", "20260"):
        assert manager.get(f"{ROOT}2/what-if/?period={period}").status_code == 404
    assert manager.get(f"{ROOT}2/what-if/").status_code == 200, "the last one"
    assert manager.get(f"{ROOT}2/what-if/?period=1999").status_code == 200


# ---------------------------------------------------------------------------- publishing, files
def test_publishing_asks_for_a_reason(c, manager):
    draft(c, reason="")
    answer = manager.post(f"{ROOT}2/publish/", {"reason": " "})
    assert answer.status_code == 422 and 'role="alert"' in text(answer)
    assert manager.post(f"{ROOT}2/publish/", {"reason": "管理评审决议"}).status_code == 302
    made = SatisfactionPolicy.objects.get(number=2)
    assert made.published_at <= now() and made.published_by == c.manager
    assert "管理评审决议" in text(manager.get(ROOT))


def test_a_draft_is_discarded(c, manager):
    draft(c)
    assert manager.post(f"{ROOT}2/discard/").status_code == 302
    assert SatisfactionPolicy.objects.count() == 1
    assert manager.get(f"{ROOT}2/").status_code == 404


def test_a_version_goes_out_as_a_file_and_comes_in_as_a_draft(c, manager):
    published(c, document=weights("50", "30", "20"))
    answer = manager.get(f"{ROOT}2/file/")
    assert 'filename="policy-2.toml"' in answer.headers["Content-Disposition"]
    assert tomllib.loads(text(answer))["sources"][0]["weight"] == "50"
    file = SimpleUploadedFile("policy.toml", answer.content)
    assert manager.post(f"{ROOT}upload/", {"file": file}).headers["Location"] == f"{ROOT}3/"
    made = SatisfactionPolicy.objects.get(number=3)
    assert made.published_at is None and made.document == checked(weights("50", "30", "20"))


def test_a_bad_file_is_refused_with_what_is_wrong(c, manager):
    good = policy_file.export_policy(SatisfactionPolicy.objects.get())
    for content, said in (
        (good.replace('"60"', '"61"'), "sum to 101"),
        ("\x00[[", "TOML"),
        (b"\xff\xfe", "UTF-8"),
        ("#" * 300_000, "too large"),
        ("", "empty"),
    ):
        given = content.encode() if isinstance(content, str) else content
        answer = manager.post(f"{ROOT}upload/", {"file": SimpleUploadedFile("p.toml", given)})
        assert answer.status_code == 422 and said in text(answer)
    assert manager.post(f"{ROOT}upload/", {}).status_code == 422
    assert SatisfactionPolicy.objects.count() == 1


# ---------------------------------------------------------------------------- what it costs
def test_the_pages_cost_the_same_with_one_version_and_with_fifty(c, manager):
    draft(c)
    urls = [ROOT, f"{ROOT}1/", f"{ROOT}2/", f"{ROOT}2/edit/", f"{ROOT}new/"]
    before = [statements(manager, "get", url)[1] for url in urls]
    for year in range(2021, 2045):
        for month in (1, 7):
            published(c, date(year, month, 1))
    after = [statements(manager, "get", url)[1] for url in urls]
    assert after == before
    assert max(after) <= 8, after
