"""Questionnaires: written, approved by a second person, frozen, revised under the same keys."""

import copy

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from surveys.domain import drafting, policies, questionnaires
from surveys.domain.revisions import changes
from surveys.enums import QuestionnaireState as S
from surveys.models import Questionnaire, SatisfactionPolicy
from tests.factories import do, task_of
from workflows.domain.transitions import intervene
from workflows.errors import Conflict, Forbidden, Stale
from workflows.models import Transition

pytestmark = pytest.mark.django_db
DOCUMENT = {
    "labels": "basic",
    "items": [
        {"name": "产品质量", "weight": "60", "subitems": [{"name": "功能"}, {"name": "外观"}]},
        {"name": "交付", "weight": "40", "subitems": [{"name": "及时性", "weight": "1.5"}]},
    ],
    "open": [{"name": "其他意见"}],
}


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def drawn(c, **changes):
    given = {
        "by": c.marketer,
        "code": "survey",
        "kind": "survey",
        "title": "顾客满意度调查表",
        "document": copy.deepcopy(DOCUMENT),
    }
    return drafting.draw_up(**{**given, **changes})


def approved(c, **changes):
    return do(do(drawn(c, **changes), "submit", c.marketer), "approve", c.manager)


def fresh(questionnaire):
    return Questionnaire.objects.get(pk=questionnaire.pk)


def keys(questionnaire):
    return questionnaires.read(questionnaire.document).keys


def refused(error) -> set[str]:
    return set(error.value.message_dict)


# ---------------------------------------------------------------------------- drawing up
def test_a_draft_waits_with_its_author_and_gets_keys(company):
    draft = drawn(company)

    assert (draft.number[:3], draft.revision, draft.state) == ("WJ-", 1, S.DRAFT)
    assert task_of(draft).owner == company.marketer
    assert keys(draft) == ("q1", "q2", "q3")
    assert [item["key"] for item in draft.document["items"]] == ["i1", "i2"]
    assert draft.document["open"][0]["key"] == "t1"


@pytest.mark.parametrize("who", ["agent", "handler", "head", "director", "auditor", "admin"])
def test_others_draw_up_nothing(company, who):
    with pytest.raises(Forbidden):
        drawn(company, by=getattr(company, who))


def test_bad_input_is_refused_at_its_field(company):
    drawn(company)
    for given, fields in (
        ({"code": "survey"}, {"code"}),
        ({"code": "Straße", "kind": "x", "title": " "}, {"code", "kind", "title"}),
        ({"title": "t" * 201, "code": "b"}, {"title"}),
        ({"document": {}, "code": "b"}, {"items"}),
        ({"document": {**DOCUMENT, "labels": "six"}, "code": "b"}, {"labels"}),
    ):
        with pytest.raises(ValidationError) as error:
            drawn(company, **given)
        assert refused(error) == fields
    assert Questionnaire.objects.count() == 1


# ---------------------------------------------------------------------------- writing
def test_a_draft_is_written_anew_and_what_was_typed_on_an_older_one_is_refused(company):
    draft = drawn(company)
    document = copy.deepcopy(draft.document)
    document["items"][0]["name"] = "质量"
    given = {"title": "新", "title_en": "New", "document": document}
    written = intervene(draft, "edit", by=company.engineer, version=draft.version, **given)

    assert written.document["items"][0]["name"] == "质量"
    assert keys(written) == keys(draft)
    with pytest.raises(Stale) as error:
        intervene(draft, "edit", by=company.marketer, version=draft.version, **given)
    assert "title" in [change.label for change in error.value.details]


def test_a_key_that_was_given_once_is_not_given_again(company):
    draft = drawn(company)
    document = copy.deepcopy(draft.document)
    document["items"][1]["subitems"] = [{"name": "完好性"}]
    written = intervene(
        draft, "edit", by=company.marketer, title="t", title_en="", document=document
    )

    assert keys(written) == ("q1", "q2", "q4")


def test_a_draft_that_cannot_be_read_is_not_stored(company):
    draft = drawn(company)
    with pytest.raises(ValidationError) as error:
        intervene(
            draft, "edit", by=company.marketer, title="", title_en="",
            document={**draft.document, "items": [{"name": "", "subitems": []}]},
        )  # fmt: skip
    assert refused(error) == {"title", "items.0", "items.0.name"}
    assert fresh(draft).version == draft.version


def test_a_draft_can_be_dropped_and_its_code_is_free_again(company):
    draft = do(drawn(company), "drop", company.marketer, reason="重复")

    assert draft.state == S.DROPPED
    again = drawn(company)
    assert (again.revision, keys(again)) == (2, ("q4", "q5", "q6"))


# ---------------------------------------------------------------------------- approving
def test_a_second_person_approves(company):
    done = approved(company)

    assert (done.state, done.approved_by) == (S.APPROVED, company.manager)
    assert done.approved_at is not None


def test_an_author_cannot_approve_their_own(company):
    draft = do(drawn(company, by=company.manager), "submit", company.manager)
    with pytest.raises(Conflict) as error:
        do(draft, "approve", company.manager)
    assert "yourself" in str(error.value)


def test_who_wrote_at_a_colleagues_draft_cannot_approve_it_either(company):
    draft = drawn(company)
    intervene(draft, "edit", by=company.manager, title="t", title_en="", document=draft.document)
    draft = do(draft, "submit", company.marketer)
    with pytest.raises(Conflict):
        do(draft, "approve", company.manager)


@pytest.mark.parametrize("who", ["marketer", "engineer", "agent", "auditor", "director"])
def test_only_the_quality_manager_takes_the_step_of_approval(company, who):
    draft = do(drawn(company), "submit", company.marketer)
    with pytest.raises(Forbidden):
        do(draft, "approve", getattr(company, who))


def test_a_return_needs_a_reason_and_goes_back_to_the_author(company):
    draft = do(drawn(company), "submit", company.marketer)
    with pytest.raises(ValidationError):
        do(draft, "return_to_draft", company.manager)
    draft = do(draft, "return_to_draft", company.manager, reason="权重不合理")

    assert draft.state == S.DRAFT
    assert task_of(draft).owner == company.marketer


def test_without_approval_in_the_policy_a_submitted_draft_is_in_use_at_once(company):
    policies.ensure_policy()
    [version] = SatisfactionPolicy.objects.all()
    SatisfactionPolicy.objects.update(document={**version.document, "approval": False})
    done = do(drawn(company), "submit", company.marketer)

    assert (done.state, done.approved_by) == (S.APPROVED, None)
    assert done.approved_at is not None


# ---------------------------------------------------------------------------- frozen, revised
def test_what_is_approved_never_changes(company):
    done = approved(company)
    for who in (company.marketer, company.manager, company.engineer):
        with pytest.raises(Conflict):
            intervene(done, "edit", by=who, title="x", title_en="", document=DOCUMENT)
    assert fresh(done).document == done.document


def revised(c, before):
    intervene(before, "revise", by=c.engineer)
    return Questionnaire.objects.get(code=before.code, state=S.DRAFT)


def test_a_revision_keeps_the_keys_and_retires_the_one_before(company):
    first = approved(company)
    second = revised(company, first)
    assert (second.revision, second.created_by) == (2, company.engineer)
    assert keys(second) == keys(first)
    assert fresh(first).state == S.APPROVED

    second = do(do(second, "submit", company.engineer), "approve", company.manager)
    assert [second.state, fresh(first).state] == [S.APPROVED, S.RETIRED]
    last = Transition.objects.filter(subject_number=first.number).last()
    assert (last.act, last.by, last.data) == (
        "retire", company.manager, {"replaced_by": second.number},
    )  # fmt: skip
    assert fresh(first).document == first.document


def test_there_is_one_draft_of_a_revision_at_a_time(company):
    first = approved(company)
    second = revised(company, first)
    with pytest.raises(Conflict) as error:
        intervene(first, "revise", by=company.marketer)
    assert second.number in str(error.value.details)

    do(second, "drop", company.engineer, reason="不需要")
    third = revised(company, first)
    assert third.revision == 3


def test_what_is_retired_can_be_taken_up_again_by_a_new_revision(company):
    first = approved(company)
    retired = intervene(first, "retire", by=company.director, reason="不再使用")
    assert retired.state == S.RETIRED
    assert revised(company, retired).revision == 2


def test_a_key_never_comes_to_mean_another_kind_of_thing(company):
    second = revised(company, approved(company))
    document = copy.deepcopy(second.document)
    document["items"][0]["key"], document["items"][0]["subitems"][0]["key"] = "q1", "i1"
    with pytest.raises(ValidationError) as error:
        intervene(second, "edit", by=company.marketer, title="t", title_en="", document=document)
    assert refused(error) == {"items.0.key", "items.0.subitems.0.key"}


def test_only_who_may_approve_retires(company):
    done = approved(company)
    with pytest.raises(Forbidden):
        intervene(done, "retire", by=company.marketer, reason="x")


# ---------------------------------------------------------------------------- comparing
def test_a_revision_tells_what_it_changed(company):
    first = approved(company)
    document = copy.deepcopy(first.document)
    product, delivery = document["items"]
    product["name"], delivery["weight"] = "质量", "50.0"
    product["subitems"][0]["reason_below"] = 0
    product["subitems"].reverse()
    delivery["subitems"] = [{"key": "new", "name": "完好性", "weight": "1"}]
    document["open"][0]["show_if"] = {"key": "new", "at_most": 2}
    document["labels"] = "five"
    before, after = (questionnaires.read(one) for one in (first.document, document))

    found = {(one.label, one.before, one.after) for one in changes(before, after)}
    assert {label for label, _before, _after in found} == {
        "Labels of the levels", "Added", "Removed", "Wording", "Weight of “交付”",
        "Reason asked at “功能”", "Condition of “其他意见”", "Order of the questions",
    }  # fmt: skip
    assert ("Weight of “交付”", "40", "50") in found
    assert ("Removed", "及时性", "") in found and ("Added", "", "完好性") in found
    assert changes(before, before) == []
