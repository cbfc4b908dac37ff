"""A management review from its agenda to two signatures: gaps, four eyes, freezing, actions."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import override

from accounts.domain import people
from accounts.enums import Role
from accounts.models import User
from cases.enums import ActionState
from cases.models import Case, CorrectiveAction
from surveys.domain.reviews import frozen
from surveys.enums import InputState
from surveys.models import Decision, ManagementReview, ReviewEdition, ReviewInput, ReviewTopic
from tests.factories import do, log, picture, task_of
from tests.surveys import reviewing
from tests.surveys.reviewing import act, bring, decide, draw_up, fill, fresh, meet, of, paper
from workflows.domain import outbox
from workflows.domain.context import now
from workflows.domain.invariants import violations
from workflows.errors import Conflict, Forbidden, NotFound, Stale
from workflows.models import Notification, Signature

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    """Refusals are told in the reader's language; here it is English."""
    with override("en"):
        yield


# ---------------------------------------------------------------------------- the agenda
def test_the_agenda_is_the_rows_of_the_edition(company):
    review = draw_up(company)
    clauses = [one.clause for one in review.inputs.all()]
    assert clauses[0] == "9.3.2 a)"
    assert [one for one in clauses if "c)" in one] == [f"9.3.2 c) {n})" for n in range(1, 8)]
    assert review.number.startswith("MR-")
    assert review.edition.code == "iso9001-2015"


def test_another_edition_is_other_rows_and_changes_no_earlier_review(company):
    earlier = draw_up(company)
    edition = ReviewEdition.objects.create(code="iso9001-2026", name="新版", holds_from=now())
    ReviewTopic.objects.create(
        edition=edition, position=1, clause="9.3.2.1", title="以往措施", compilers=["actions"]
    )
    ReviewTopic.objects.create(
        edition=edition, position=2, clause="9.3.2.2", title="可选", required=False
    )
    review = draw_up(company)
    assert review.edition == edition
    assert [one.clause for one in review.inputs.all()] == ["9.3.2.1", "9.3.2.2"]
    assert review.gaps == ()
    assert fresh(earlier).inputs.count() == 12


def test_what_the_system_knows_is_compiled_and_the_rest_is_a_gap(company):
    review = draw_up(company)
    assert of(review, "c) 4)").state == InputState.COMPILED
    assert set(review.gaps) == {"9.3.2 b)", "9.3.2 c) 2)", "9.3.2 c) 5)", "9.3.2 c) 7)",
                                "9.3.2 d)", "9.3.2 e)"}  # fmt: skip


def test_an_input_is_uploaded_or_not_applicable_with_a_reason(company):
    review = draw_up(company)
    one = of(review, "d)")
    with pytest.raises(ValidationError):
        act(company, review, "not_applicable", input=one.pk, why="  ")
    review = act(company, review, "not_applicable", input=one.pk, why="本期无变化")
    assert of(review, "d)").state == InputState.NOT_APPLICABLE
    review = act(company, review, "applicable", input=one.pk)
    assert of(review, "d)").is_gap
    with pytest.raises(ValidationError):
        act(company, review, "upload", input=one.pk, uploads=[])
    with pytest.raises(ValidationError):
        act(company, review, "upload", input=one.pk, uploads=[paper("virus.exe")])
    review = act(company, review, "upload", input=one.pk, uploads=[paper()])
    assert of(review, "d)").state == InputState.UPLOADED
    review = act(company, review, "take_back", file=one.files.get().pk)
    assert of(review, "d)").is_gap


def test_a_compiled_input_may_be_uploaded_and_keeps_its_figures(company):
    review = draw_up(company)
    one = of(review, "c) 6)")
    review = act(company, review, "upload", input=one.pk, uploads=[paper()])
    review = act(company, review, "compile")
    assert of(review, "c) 6)").state == InputState.UPLOADED
    assert of(review, "c) 6)").snapshot
    review = act(company, review, "take_back", file=one.files.get().pk)
    assert of(review, "c) 6)").state == InputState.COMPILED


def test_the_database_refuses_not_applicable_without_a_reason(company):
    review = draw_up(company)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewInput.objects.filter(review=review).update(state="not_applicable", reason="")


def test_an_input_of_another_review_is_not_there(company):
    review, other = draw_up(company), draw_up(company)
    with pytest.raises(NotFound):
        act(company, review, "not_applicable", input=of(other, "d)").pk, why="无")


def test_compiling_again_takes_the_figures_of_now(company):
    review = draw_up(company)
    assert of(review, "c) 1)").snapshot[0]["rows"] == []
    log(company)
    review = act(company, review, "compile")
    [row] = of(review, "c) 1)").snapshot[0]["rows"]
    assert row["cells"][2]["text"] == "1"


def test_only_quality_draws_up_and_writes(company):
    for name in ("marketer", "head", "director", "auditor", "agent"):
        with pytest.raises(Forbidden):
            draw_up(company, by=getattr(company, name))
    review = draw_up(company)
    with pytest.raises(Forbidden):
        act(company, review, "compile", by=company.director)


@pytest.mark.parametrize("period", ["", "x", "2026-H3", "2099"])
def test_a_period_is_one_that_has_begun(company, period):
    with pytest.raises(ValidationError) as refused:
        draw_up(company, period=period)
    assert "period" in refused.value.message_dict


# ---------------------------------------------------------------------------- the path
def test_gaps_block_the_signature_and_are_named(company):
    review = meet(company, draw_up(company))
    with pytest.raises(Conflict) as refused:
        do(review, "submit", company.engineer)
    assert tuple(refused.value.details) == review.gaps
    review = fill(company, review)
    assert do(review, "submit", company.engineer).state == "signing"


def test_minutes_attendance_and_dates_are_asked_for(company):
    review = fill(company, draw_up(company))
    with pytest.raises(Conflict, match="participants"):
        do(review, "invite", company.engineer)
    review = act(company, review, "add_participant", name="外部专家", role="顾问")
    review = fresh(do(review, "invite", company.engineer))
    with pytest.raises(Conflict, match="minutes"):
        do(review, "submit", company.engineer)
    review = act(company, review, "write_minutes", minutes="纪要", seen=0)
    with pytest.raises(Conflict, match="present"):
        do(review, "submit", company.engineer)
    there = {review.participants.get().pk: "present"}
    review = act(company, review, "mark_presence", presence=there)
    review = decide(company, review)
    Decision.objects.update(due=now() - timedelta(days=1))
    with pytest.raises(Conflict, match="passed"):
        do(review, "submit", company.engineer)


def test_whoever_wrote_at_it_does_not_sign_it(company):
    review = bring(company, "signing")
    people.grant(by=None, person=company.engineer, department=company.root,
                 role=Role.MANAGEMENT_REPRESENTATIVE)  # fmt: skip
    both = User.objects.get(pk=company.engineer.pk)
    with pytest.raises(Conflict, match="prepared"):
        do(review, "sign", both)


def test_the_two_signatures_are_those_of_two_people(company):
    review = bring(company, "approval")
    people.grant(by=None, person=company.representative, department=company.root,
                 role=Role.GENERAL_MANAGER)  # fmt: skip
    both = User.objects.get(pk=company.representative.pk)
    with pytest.raises(Conflict, match="second signature"):
        do(review, "approve", both)
    with pytest.raises(IntegrityError), transaction.atomic():
        ManagementReview.objects.update(director=review.representative)


def test_both_sign_with_their_password_and_a_meaning(company):
    review = bring(company, "signing")
    with pytest.raises(ValidationError):
        do(review, "sign", company.representative, password="x")
    review = fresh(do(review, "sign", company.representative))
    do(review, "approve", company.director)
    rows = Signature.objects.filter(root_kind="management_review", root_id=review.pk)
    assert [row.by for row in rows] == [company.representative, company.director]
    assert "decisions" in rows[1].meaning_en


def test_what_is_returned_comes_back_unfrozen_and_is_signed_anew(company):
    review = bring(company, "approval")
    with pytest.raises(ValidationError):
        do(review, "return_to_minutes", company.director)
    review = fresh(do(review, "return_to_minutes", company.director, reason="缺资源决定"))
    assert (review.state, review.content, review.digest) == ("meeting", {}, "")
    assert review.representative is None
    assert task_of(review).owner == company.engineer
    review = decide(company, review, "增加检验员", kind="resources")
    for outcome, by in (("submit", company.engineer), ("sign", company.representative),
                        ("approve", company.director)):  # fmt: skip
        review = fresh(do(review, outcome, by))
    assert len(review.content["decisions"]) == 4


def test_a_review_is_cancelled_with_a_reason(company):
    review = draw_up(company)
    with pytest.raises(ValidationError):
        do(review, "cancel", company.engineer)
    assert do(review, "cancel", company.engineer, reason="合并到年度评审").state == "cancelled"


# ---------------------------------------------------------------------------- the meeting
def test_participants_stand_once_and_may_come_from_outside(company):
    review = act(company, draw_up(company), "add_participant", person=company.head)
    with pytest.raises(ValidationError):
        act(company, review, "add_participant", person=company.head)
    with pytest.raises(ValidationError):
        act(company, review, "add_participant", name="")
    review = act(company, review, "add_participant", name="外部专家")
    review = act(company, review, "drop_participant", participant=review.participants.last().pk)
    assert [one.name for one in review.participants.all()] == [company.head.name]


def test_of_two_who_write_the_minutes_one_is_told(company):
    review = meet(company, draw_up(company))
    with pytest.raises(Stale):
        act(company, review, "write_minutes", minutes="另一份", seen=0)
    assert act(company, review, "write_minutes", minutes="续", seen=1).minutes == "续"


def test_a_decision_has_an_owner_who_can_carry_it_out_and_a_date_ahead(company):
    review = meet(company, draw_up(company))
    for wrong in (
        {"owner": company.agent},
        {"department": company.root},
        {"due": now() - timedelta(days=1)},
        {"kind": "wish"},
        {"title": " "},
    ):
        with pytest.raises(ValidationError):
            decide(company, review, **{"title": "x", **wrong})
    assert not review.decisions.exists()


def test_decisions_are_changed_and_removed_until_signed(company):
    review = decide(company, meet(company, draw_up(company)))
    one = review.decisions.get()
    review = decide(company, review, "改后", decision=one.pk, seen=one.seen,
                    origin=of(review, "d)").pk)  # fmt: skip
    assert review.decisions.get().title == "改后"
    with pytest.raises(Stale):
        decide(company, review, "旧", decision=one.pk, seen=one.seen)
    with pytest.raises(NotFound):
        decide(company, review, "无", decision=one.pk + 99)
    review = act(company, review, "drop_decision", decision=one.pk, seen=2)
    assert not review.decisions.exists()
    assert Decision.history.filter(history_type="-").count() == 1


def test_nothing_is_written_once_it_is_handed_over(company):
    review = bring(company, "signing")
    for name, given in (("compile", {}), ("write_minutes", {"minutes": "x", "seen": 1})):
        with pytest.raises(Conflict):
            act(company, review, name, **given)


# ---------------------------------------------------------------------------- signed
def test_each_decision_becomes_one_action_with_its_owner_and_date(company):
    review = bring(company, "closed")
    rows = list(review.decisions.select_related("action__case"))
    assert [row.action.number[:2] for row in rows] == ["CA"] * 3
    for row in rows:
        action = row.action
        assert (action.owner, action.department, action.due) == (
            row.owner, row.department, row.due)  # fmt: skip
        assert action.state == ActionState.ASSIGNED
        assert action.ordered_by == company.director
        assert (action.case.source, action.case.external_ref) == (
            "management_review", row.reference)  # fmt: skip
        assert action.case.state == "action"
        assert task_of(action).owner == row.owner
    assert CorrectiveAction.objects.count() == Case.objects.count() == 3


def test_what_is_signed_stays_when_the_figures_change(company):
    log(company)
    review = bring(company, "closed")
    before = review.content
    log(company)
    company.handler.name = "改名"
    company.handler.save()
    review = fresh(review)
    assert review.content == before
    assert frozen.is_unaltered(review)
    assert "陈刚" in {one["owner"] for one in review.content["decisions"]}
    review.content["minutes"] += "!"
    assert not frozen.is_unaltered(review)


def test_what_was_altered_after_handing_over_is_not_signed(company):
    review = bring(company, "signing")
    ManagementReview.objects.filter(pk=review.pk).update(content={**review.content, "minutes": "?"})
    with pytest.raises(Conflict, match="handed over"):
        do(fresh(review), "sign", company.representative)


def test_the_next_review_lists_what_became_of_the_decisions(company):
    review = bring(company, "closed", decisions=2)
    done, late = (row.action for row in review.decisions.all())
    finish(company, done)
    CorrectiveAction.objects.filter(pk=late.pk).update(due=now() - timedelta(days=1))
    following = draw_up(company, title="下一次管理评审")
    [told] = of(following, "a)").snapshot
    texts = [[one["text"] for one in row["cells"]] for row in told["rows"]]
    assert [row[4] for row in texts] == [done.number, late.number]
    assert texts[0][5]["en"] == "Closed"
    assert "overdue" in texts[1][5]["en"]
    assert told["summary"]["en"] == "2 decisions: 1 done, 1 late."


def finish(c, action):
    """The action goes its whole way."""
    action = do(action, "accept", c.handler)
    action = do(action, "begin", c.handler, whys=[(0, "缺监测"), (1, "未配置")],
                cause_factor="machine", plan="安装传感器")  # fmt: skip
    action = do(action, "submit", c.handler, result="已安装", uploads=[picture()])
    action = do(action, "verify", c.engineer, verification="现场核实")
    return do(action, "close", c.engineer)


def test_the_invited_and_the_owners_are_told(company):
    review = bring(company, "closed")
    while outbox.drain():
        pass
    called = Notification.objects.filter(kind="review_called", subject_number=review.number)
    assert {one.user for one in called} == {company.director, company.head}
    decided = Notification.objects.filter(kind="review_decided")
    assert {one.user for one in decided} == {company.handler}
    actions = {row.action.number for row in review.decisions.select_related("action")}
    assert {one.subject_number for one in decided} == actions


def test_invariants_hold_along_the_way_and_name_what_was_altered(company):
    for state in reviewing.STATES:
        bring(company, state)
    while outbox.drain():
        pass
    assert list(violations()) == []
    review = ManagementReview.objects.filter(state="closed").get()
    ManagementReview.objects.filter(pk=review.pk).update(content={**review.content, "title": "?"})
    Decision.objects.filter(review=review, position=1).update(action=None)
    found = [(number, row) for number, _sentence, row in violations()]
    assert (24, review.number) in found
    assert (24, f"{review.number}/1") in found
