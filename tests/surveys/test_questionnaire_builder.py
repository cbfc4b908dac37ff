"""The builder: every button keeps what was typed, saving stores all of it or nothing."""

import pytest
from django.http import QueryDict
from django.utils import translation
from hypothesis import given, settings, strategies as st

from surveys.domain import questionnaires, ready
from surveys.enums import QuestionnaireState as S
from surveys.models import Questionnaire
from surveys.web import builder
from tests.cases.pages import browser, statements
from tests.factories import do
from tests.surveys.test_questionnaires import approved, drawn, fresh, revised
from workflows.domain.transitions import intervene

ROOT = "/satisfaction/questionnaires/"
NEW = f"{ROOT}new/"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def marketer(company):
    return browser(company.marketer)


def controls(answer):
    """What the form of the builder holds, as a browser would send it."""
    from html.parser import HTMLParser

    class Reader(HTMLParser):
        def __init__(self):
            super().__init__(convert_charrefs=True)
            self.found, self.select, self.area, self.inside = {}, "", "", False

        def handle_starttag(self, tag, attrs):
            given_ = dict(attrs)
            if tag == "form":
                self.inside = given_.get("id") == "builder"
            if not self.inside:
                return
            if tag == "input":
                self.found[given_["name"]] = given_.get("value", "")
            elif tag == "select":
                self.select = given_["name"]
            elif tag == "textarea":
                self.area = given_["name"]
                self.found[self.area] = ""
            elif tag == "option" and self.select:
                value = given_.get("value", "")
                if "selected" in given_ or self.select not in self.found:
                    self.found[self.select] = value

        def handle_endtag(self, tag):
            if tag == "select":
                self.select = ""
            elif tag == "textarea":
                self.area = ""

        def handle_data(self, data):
            if self.area:
                self.found[self.area] += data

    reader = Reader()
    reader.feed(answer.content.decode())
    reader.found.pop("csrfmiddlewaretoken", None)
    return reader.found


def edit_url(questionnaire):
    return questionnaire.get_absolute_url() + "edit/"


def press(client, url, typed, button):
    answer = client.post(url, {**typed, "do": button}, headers=HTMX)
    assert answer.status_code == 200
    return controls(answer)


# ---------------------------------------------------------------------------- saving
@pytest.mark.django_db
def test_what_is_opened_and_saved_is_the_same_document(company, marketer):
    ready.ensure_questionnaires()
    for number, one in enumerate(Questionnaire.objects.all()):
        draft = revised(company, one)
        marketer.post(edit_url(draft), {**controls(marketer.get(edit_url(draft))), "do": "save"})
        assert fresh(draft).document == one.document
        assert fresh(draft).version == draft.version + 1, number


@pytest.mark.django_db
@pytest.mark.parametrize("most", range(1, 6))
@pytest.mark.parametrize("below", [0, 1, 2, 6])
def test_no_condition_and_no_limit_is_changed_by_opening_it(company, marketer, most, below):
    rows = [
        {"key": "a", "name": "A"},
        {"key": "b", "name": "B", "reason_below": below, "show_if": {"key": "a", "at_most": most}},
    ]
    document = {"reason_below": below, "items": [{"name": "I", "subitems": rows}],
                "open": [{"name": "O", "show_if": {"key": "b", "at_most": most}}]}  # fmt: skip
    draft = drawn(company, document=document)
    answer = marketer.post(edit_url(draft), {**controls(marketer.get(edit_url(draft)))})
    assert answer.status_code == 302
    before, after = (questionnaires.read(one.document) for one in (draft, fresh(draft)))
    assert after.subitems[1].show_if == before.subitems[1].show_if
    assert after.open == before.open
    assert [max(sub.reason_below, 1) for sub in after.subitems] == [
        max(sub.reason_below, 1) for sub in before.subitems
    ]


@pytest.mark.django_db
def test_a_new_one_begins_empty_and_gets_its_keys(company, marketer):
    typed = controls(marketer.get(NEW))
    typed |= {"code": "ours", "title": "我们的问卷", "items-0-name": "产品",
              "items-0-subitems-0-name": "功能"}  # fmt: skip
    typed = press(marketer, NEW, typed, "add:items.0.subitems")
    typed |= {"items-0-subitems-1-name": "外观", "items-0-subitems-1-weight": "2.50"}
    typed = press(marketer, NEW, typed, "add:open")
    typed["open-0-name"] = "意见"
    assert not Questionnaire.objects.exists()

    answer = marketer.post(NEW, {**typed, "do": "save"})
    draft = Questionnaire.objects.get(code="ours")
    assert answer.url == draft.get_absolute_url()
    form = questionnaires.read(draft.document)
    assert (form.keys, [str(sub.weight) for sub in form.subitems]) == (("q1", "q2"), ["1", "2.50"])
    assert (draft.created_by, draft.state, form.open[0].key) == (company.marketer, S.DRAFT, "t1")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ready.NAMES)
def test_a_new_one_can_begin_with_a_ready_one(company, marketer, name):
    typed = controls(marketer.get(f"{NEW}?from={name}"))
    assert typed["code"] == ready.read(name).code
    ready.ensure_questionnaires()
    typed = controls(marketer.get(f"{NEW}?from={name}"))
    assert typed["code"] == ""
    marketer.post(NEW, {**typed, "code": "own"})
    assert Questionnaire.objects.get(code="own").document == ready.read(name).document


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "Ours!"}, "code"),
        ({"code": "survey"}, "code"),
        ({"kind": "kings"}, "kind"),
        ({"title": " "}, "title"),
        ({"title": "t" * 201}, "title"),
        ({"labels": "six"}, "labels"),
        ({"reason_below": "9"}, "reason_below"),
        ({"intro": "x" * 1001}, "intro"),
        ({"items-0-name": ""}, "items.0.name"),
        ({"items-0-weight": "viel"}, "items.0.weight"),
        ({"items-0-weight": ""}, "items.0.weight"),
        ({"items-0-subitems-0-weight": "0"}, "items.0.subitems.0.weight"),
        ({"items-0-subitems-0-key": "Q"}, "items.0.subitems.0.key"),
        ({"items-0-subitems-0-reason_below": "x"}, "items.0.subitems.0.reason_below"),
        ({"items-0-subitems-0-if": "q7"}, "items.0.subitems.0.show_if"),
    ],
)
def test_bad_input_stands_at_its_field_and_nothing_typed_is_lost(company, marketer, change, field):
    drawn(company)
    typed = controls(marketer.get(NEW)) | {
        "code": "ours", "title": "问卷",
        "items-0-name": "我写的", "items-0-subitems-0-name": "功能",
    }  # fmt: skip
    typed |= change
    answer = marketer.post(NEW, {**typed, "do": "save"})
    assert answer.status_code == 422
    assert field in answer.context["refused"].errors
    assert "field-error" in answer.content.decode()
    again = controls(answer)
    kept = {name: value for name, value in typed.items() if name not in {"labels", "kind"}}
    selects = {"reason_below", "items-0-subitems-0-reason_below"}
    assert {name: again[name] for name in kept if name not in selects | {"high"}} == {
        name: value for name, value in kept.items() if name not in selects | {"high"}
    }
    assert Questionnaire.objects.count() == 1


@pytest.mark.django_db
def test_what_a_colleague_saved_meanwhile_is_shown_and_what_was_typed_is_kept(company, marketer):
    draft = drawn(company)
    typed = controls(marketer.get(edit_url(draft)))
    document = {**draft.document, "labels": "five"}
    document["items"] = [{**document["items"][0], "name": "同事改的"}, document["items"][1]]
    intervene(
        draft, "edit", by=company.engineer, title="同事的标题", title_en="", document=document
    )

    typed |= {"items-0-name": "我改的", "title": "我的标题"}
    typed = press(marketer, edit_url(draft), typed, "add:open")
    answer = marketer.post(edit_url(draft), {**typed, "do": "save"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "同事改的" in page and "同事的标题" in page
    again = controls(answer)
    assert (again["items-0-name"], again["title"]) == ("我改的", "我的标题")
    assert fresh(draft).title == "同事的标题"

    again["open-1-name"] = "为什么"
    assert marketer.post(edit_url(draft), again).status_code == 302
    assert fresh(draft).document["items"][0]["name"] == "我改的"


@pytest.mark.django_db
def test_what_was_submitted_meanwhile_is_not_written_and_what_was_typed_is_kept(company, marketer):
    draft = drawn(company)
    typed = controls(marketer.get(edit_url(draft))) | {"items-0-name": "我改的"}
    draft = do(draft, "submit", company.marketer)
    answer = marketer.post(edit_url(draft), {**typed, "version": draft.version})
    assert answer.status_code == 409
    assert controls(answer)["items-0-name"] == "我改的"


@pytest.mark.django_db
@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40])
def test_without_the_version_that_was_read_nothing_is_saved(company, marketer, version):
    draft = drawn(company)
    typed = controls(marketer.get(edit_url(draft))) | {"version": version, "title": "我的"}
    assert marketer.post(edit_url(draft), typed).status_code == 409
    assert fresh(draft).version == draft.version


# ---------------------------------------------------------------------------- buttons
@pytest.mark.django_db
def test_a_row_that_went_leaves_its_key_unused_even_on_the_page(company, marketer):
    draft = drawn(company)
    url, typed = edit_url(draft), controls(marketer.get(edit_url(draft)))
    typed = press(marketer, url, typed, "add:items.1.subitems")
    assert typed["items-1-subitems-1-key"] == "q4"
    typed = press(marketer, url, typed, "remove:items.1.subitems.1")
    assert "items-1-subitems-1-key" not in typed
    typed = press(marketer, url, typed, "add:items.1.subitems")
    assert typed["items-1-subitems-1-key"] == "q5"


@pytest.mark.django_db
def test_rows_move_within_and_between_items_with_everything_they_have(company, marketer):
    draft = drawn(company)
    url, typed = edit_url(draft), controls(marketer.get(edit_url(draft)))
    typed["items-1-subitems-0-name_en"] = "Timely"
    typed = press(marketer, url, typed, "up:items.1.subitems.0")
    assert [typed[f"items-0-subitems-{n}-key"] for n in range(3)] == ["q1", "q2", "q3"]
    assert typed["items-0-subitems-2-name_en"] == "Timely"
    typed = press(marketer, url, typed, "down:items.0.subitems.0")
    assert typed["items-0-subitems-0-key"] == "q2"
    typed = press(marketer, url, typed, "down:items.0")
    assert typed["items-1-key"] == "i1" and typed["items-0-key"] == "i2"


@pytest.mark.django_db
def test_a_question_that_moved_before_its_condition_is_told_when_saving(company, marketer):
    rows = [{"key": "a", "name": "A"},
            {"key": "b", "name": "B", "show_if": {"key": "a", "at_most": 2}}]  # fmt: skip
    draft = drawn(company, document={"items": [{"name": "I", "subitems": rows}]})
    typed = press(
        marketer, edit_url(draft), controls(marketer.get(edit_url(draft))), "up:items.0.subitems.1"
    )
    assert typed["items-0-subitems-0-if"] == "a"
    answer = marketer.post(edit_url(draft), typed)
    assert answer.status_code == 422
    assert "items.0.subitems.0.show_if" in answer.context["refused"].errors


@pytest.mark.django_db
def test_a_button_without_script_gives_the_whole_page_and_with_it_the_form_alone(company, marketer):
    typed = controls(marketer.get(NEW))
    whole = marketer.post(NEW, {**typed, "do": "add:open"}).content.decode()
    part = marketer.post(NEW, {**typed, "do": "add:open"}, headers=HTMX).content.decode()
    assert "<html" in whole and "<html" not in part
    assert part.lstrip().startswith("<form") and "open-0-name" in part


@pytest.mark.django_db
@pytest.mark.parametrize(
    "button",
    ["", "show", "add", "add:", "add:kings", "remove:items", "remove:items.9",
     "up:items.0.subitems",
     "up:items.0.subitems.99", "add:items.77.subitems", "x:items.0", "down:open.0.subitems.1",
     "add:items." + "9" * 30, "remove:open.3"],
)  # fmt: skip
def test_a_button_that_leads_nowhere_loses_nothing(company, marketer, button):
    typed = controls(marketer.get(f"{NEW}?from=survey"))
    again = press(marketer, NEW, typed, button)
    assert {**typed, "high": ""} == {**again, "high": ""}


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["items-0-name", "items-0-subitems-0-name", "items-0-subitems-0-if",
                         "open-0-name", "items-1-name", "high", "labels", "items-0-weight"]),
        st.text(max_size=10), max_size=8,
    ),
    st.lists(
        st.builds(
            "{}:{}".format,
            st.sampled_from(["add", "remove", "up", "down"]),
            st.sampled_from(["items", "open", "items.0", "items.1", "items.0.subitems",
                             "items.0.subitems.0", "items.1.subitems.1", "open.0"]),
        ),
        max_size=6,
    ),
)  # fmt: skip
def test_nothing_typed_and_no_button_breaks_the_builder(typed, buttons):
    post = QueryDict(mutable=True)
    post.update(typed)
    found = builder.read(post)
    for button in buttons:
        builder.press(found, button)
    assert isinstance(found.document["items"], list)


@pytest.mark.django_db
def test_a_full_page_takes_no_more_rows(company, marketer):
    rows = [{"key": f"k{n}", "name": f"Frage {n}"} for n in range(118)]
    draft = drawn(company, document={"items": [{"name": "I", "subitems": rows}]})
    answer = marketer.get(edit_url(draft))
    assert not answer.context["full"] and not answer.context["too_large"]
    typed = controls(answer)
    assert len(typed) < 1000
    assert marketer.post(edit_url(draft), typed).status_code == 302
    draft.refresh_from_db()
    typed = press(marketer, edit_url(draft), controls(answer), "add:items.0.subitems")
    answer = marketer.post(edit_url(draft), {**typed, "do": "add:items.0.subitems"})
    assert answer.context["full"] and "No more questions fit" in answer.content.decode()


# ---------------------------------------------------------------------------- the phone
@pytest.mark.django_db
def test_what_is_typed_is_shown_on_the_phone_and_stored_nowhere(company, marketer):
    draft = drawn(company)
    typed = controls(marketer.get(edit_url(draft))) | {"items-0-subitems-0-name": "全新的问题"}
    answer = marketer.post(f"{ROOT}phone/", {**typed, "language": "zh-hans"})
    assert "全新的问题" in answer.content.decode()
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert fresh(draft).version == draft.version

    typed["items-0-weight"] = "x"
    answer = marketer.post(f"{ROOT}phone/", typed)
    assert answer.status_code == 200
    assert "cannot be asked like this yet" in answer.content.decode()


@pytest.mark.django_db
def test_the_builder_costs_the_same_with_one_row_and_with_fifty(company, marketer):
    small = drawn(company)
    rows = [{"name": f"Frage {n}"} for n in range(50)]
    large = drawn(company, code="large", document={"items": [{"name": "I", "subitems": rows}]})
    counts = []
    for draft in (small, large):
        typed = controls(marketer.get(edit_url(draft)))
        counts.append([
            statements(marketer, "get", edit_url(draft))[1],
            statements(marketer, "post", edit_url(draft), {**typed, "do": "add:open"})[1],
            statements(marketer, "post", edit_url(draft), typed)[1],
        ])  # fmt: skip
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 14, counts


@pytest.mark.django_db
def test_only_an_approved_revision_can_be_revised_from_its_page(company, marketer):
    done = approved(company)
    page = marketer.get(done.get_absolute_url() + "?act=revise").content.decode()
    assert "/acts/revise/" in page
    assert "act=edit" not in page
