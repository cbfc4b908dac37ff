"""Questionnaires as files: the round trip is exact, a wrong file is told by field and line."""

import contextlib
import tomllib

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import translation
from hypothesis import given, settings, strategies as st

from cases.domain.defaults import ensure_defaults
from surveys.domain import questionnaire_files, questionnaires, ready
from surveys.domain.policies import ensure_policy
from surveys.enums import QuestionnaireState as S
from surveys.models import Questionnaire
from tests.factories import do
from tests.surveys.test_questionnaires import DOCUMENT, approved, drawn
from workflows.domain.transitions import intervene

SMALL = """
code = "small"
kind = "survey"
title = "小问卷"

[[items]]
name = "产品"

[[items.subitems]]
name = "功能"
weight = "2"

[[items.subitems]]
key = "look"
name = "外观"
"""


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def put(tmp_path):
    def write(text, name="q.toml"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def problems(text) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as error:
        questionnaire_files.read(text if isinstance(text, bytes) else text.encode())
    return error.value.message_dict


# ---------------------------------------------------------------------------- reading back
@pytest.mark.django_db
def test_what_is_written_reads_back_the_same(company):
    draft = drawn(company, title_en='A "quoted" \\ title', document=whole())
    draft = Questionnaire.objects.get(pk=draft.pk)
    text = questionnaire_files.dumps(draft)
    again = questionnaire_files.read(text.encode())

    assert again.document == draft.document
    assert (again.code, again.kind, again.title, again.title_en) == (
        draft.code, draft.kind, draft.title, draft.title_en,
    )  # fmt: skip
    assert list(tomllib.loads(text))[:5] == ["code", "kind", "title", "title_en", "labels"]


def whole():
    """A document with everything in it."""
    item = {
        "name": "服务 “好” \\ 🙂", "name_en": "Service", "weight": "0.5",
        "subitems": [
            {"key": "a", "name": "快", "reason_below": 0},
            {"key": "b", "name": "好", "weight": "33.3333", "show_if": {"key": "a", "at_most": 2}},
        ],
    }  # fmt: skip
    texts = {"intro": "您好", "intro_en": "Hello", "thanks": "谢谢", "thanks_en": "Thanks"}
    opened = {"key": "c", "name": "为什么", "show_if": {"key": "b", "at_most": 3}}
    return {**texts, "labels": "basic", "reason_below": 6, "items": [item], "open": [opened]}


@pytest.mark.parametrize("name", ready.NAMES)
def test_the_ready_ones_are_stored_as_they_are_written(name):
    text = (ready.FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    given = tomllib.loads(text)
    one = ready.read(name)
    form = questionnaires.read(one.document)

    assert {**one.document, **{part: given[part] for part in questionnaire_files.HEAD}} == given
    assert all(row.name and row.name_en for _place, row in questionnaires.placed(form))
    assert sum(item.weight for item in form.items) == 100
    assert all(sum(sub.weight for sub in item.subitems) == 100 for item in form.items)
    assert str(ready.NAMES[name]) == one.title_en


def test_the_survey_form_asks_for_the_four_items_of_the_procedure():
    form = questionnaires.read(ready.read("survey").document)

    assert [item.key for item in form.items] == ["product", "delivery", "price", "service"]
    assert form.width == 12


# ---------------------------------------------------------------------------- wrong files
@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        (SMALL.replace('weight = "2"', 'weight = "0"'), "items.0.subitems.0.weight", "Line 11"),
        (SMALL.replace('weight = "2"', 'wieght = "2"'), "items.0.subitems.0.wieght", "Line 11"),
        (SMALL.replace('name = "外观"', ""), "items.0.subitems.1.name", "Line 13"),
        (SMALL.replace('"look"', '"Look"'), "items.0.subitems.1.key", "Line 14"),
        (SMALL.replace('kind = "survey"', 'kind = "x"'), "kind", "Line 3"),
        (SMALL.replace('code = "small"', ""), "code", "code: "),
        (SMALL.replace('"小问卷"', "5"), "title", "Line 4"),
        (SMALL + 'show_if = {key = "later", at_most = 3}', "items.0.subitems.1.show_if", "Line 16"),
        (SMALL + "[[items]\n", "file", "line 16"),
        ("code = ", "file", "TOML"),
        ('code = "a', "file", "TOML"),
        ("名称,权重".encode("gbk"), "file", "UTF-8"),
        (b"\x00\xff\xfe", "file", "UTF-8"),
        (b"#" * 1_000_001, "file", "large"),
        ("", "items", "items"),
    ],
)
def test_a_wrong_file_is_told_by_field_and_line(text, place, words):
    found = problems(text)
    assert words in found[place][0]


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_no_content_of_a_file_breaks_the_reader(content):
    with contextlib.suppress(ValidationError):
        questionnaire_files.read(content)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_good_file_with_something_broken_in_it_never_breaks_the_reader(data):
    lines = SMALL.split("\n")
    at = data.draw(st.integers(0, len(lines) - 1))
    lines[at] = data.draw(
        st.sampled_from(["", "[items]", "[[open]]", "items = 5", "open = [1, {}]", "[[items.x]]",
                         "show_if = 3", "key = [1]", "weight = nan", "weight = -inf", "name = {}",
                         "reason_below = 1e400", "labels = {a = 1}", "[[items.subitems.show_if]]"])
    )  # fmt: skip
    with contextlib.suppress(ValidationError):
        questionnaire_files.read("\n".join(lines).encode())


# ---------------------------------------------------------------------------- new installations
@pytest.mark.django_db
def test_a_new_installation_has_them_approved_and_gets_them_once():
    assert ensure_defaults()["questionnaires"] == 3
    assert ensure_defaults()["questionnaires"] == 0
    for one in Questionnaire.objects.all():
        assert (one.state, one.created_by, one.revision) == (S.APPROVED, None, 1)
        assert one.approved_at is not None


@pytest.mark.django_db
def test_what_was_made_of_a_ready_one_stays(company):
    ready.ensure_questionnaires()
    intervene(
        Questionnaire.objects.get(code="customer_visit"), "retire", by=company.manager, reason="x"
    )
    assert ready.ensure_questionnaires() == 0


# ---------------------------------------------------------------------------- the command
@pytest.mark.django_db
def test_a_file_becomes_a_draft_of_its_author(company, put, capsys):
    call_command("import_questionnaire", put(SMALL), "--as", "engineer")
    draft = Questionnaire.objects.get(code="small")

    assert (draft.state, draft.created_by) == (S.DRAFT, company.engineer)
    assert draft.number in capsys.readouterr().out


@pytest.mark.django_db
def test_a_file_can_be_approved_by_somebody_else_at_once(company, put):
    call_command("import_questionnaire", put(SMALL), "--approve-as", "manager")
    done = Questionnaire.objects.get(code="small")

    assert (done.state, done.created_by, done.approved_by) == (
        S.APPROVED, company.marketer, company.manager,
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("approver", ["marketer", "engineer", "nobody"])
def test_who_may_not_approve_leaves_nothing_behind(company, put, approver):
    with pytest.raises(CommandError):
        call_command("import_questionnaire", put(SMALL), "--approve-as", approver)
    assert not Questionnaire.objects.exists()


@pytest.mark.django_db
def test_the_same_file_again_changes_nothing_and_another_text_is_a_revision(company, put, capsys):
    first = put(SMALL)
    for _turn in range(2):
        call_command("import_questionnaire", first, "--approve-as", "manager")
    assert Questionnaire.objects.count() == 1
    capsys.readouterr()

    text = questionnaire_files.dumps(Questionnaire.objects.get()).replace("小问卷", "短问卷")
    call_command("import_questionnaire", put(text), "--approve-as", "manager")
    states = Questionnaire.objects.order_by("revision").values_list("state", "title")
    assert list(states) == [(S.RETIRED, "小问卷"), (S.APPROVED, "短问卷")]


@pytest.mark.django_db
def test_a_file_never_writes_over_a_draft(company, put):
    draft = drawn(company, code="small", document=DOCUMENT)
    with pytest.raises(CommandError) as error:
        call_command("import_questionnaire", put(SMALL))
    assert draft.number in str(error.value)


@pytest.mark.django_db
def test_the_kind_of_a_code_stays(company, put):
    approved(company, code="small")
    with pytest.raises(CommandError):
        call_command("import_questionnaire", put(SMALL.replace('"survey"', '"visit"')))


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["missing.toml", "."])
def test_a_file_that_cannot_be_read_is_said_so(company, tmp_path, name):
    with pytest.raises(CommandError):
        call_command("import_questionnaire", tmp_path / name)


@pytest.mark.django_db
def test_wrong_lines_are_named(company, put):
    with pytest.raises(CommandError) as error:
        call_command("import_questionnaire", put(SMALL.replace('"2"', '"many"')))
    assert "11" in str(error.value) and "weight" in str(error.value)


@pytest.mark.django_db
def test_a_whole_set_moves_from_one_installation_to_another(company, put):
    ensure_policy()
    old = do(do(drawn(company, document=whole()), "submit", company.marketer), "approve",
             company.manager)  # fmt: skip
    text = questionnaire_files.dumps(old).replace('code = "survey"', 'code = "moved"')
    call_command("import_questionnaire", put(text))
    assert Questionnaire.objects.get(code="moved").document == old.document
