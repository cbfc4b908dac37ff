"""One timeline of everything: nothing is missing, nothing twice, pages never cut a deed."""

from datetime import timedelta

import pytest

from cases.domain import files, special, timeline
from cases.domain.timeline import Timeline
from cases.enums import CaseState
from tests.cases.pages import fresh, page, someone
from tests.factories import bring, do, finish_actions, log, order, picture, task_of, walk_action
from workflows.domain import context
from workflows.domain.assignment import claim, release, transfer
from workflows.domain.transitions import intervene
from workflows.models import Transition

pytestmark = pytest.mark.django_db
S = CaseState


def titles(told: Timeline) -> list[str]:
    return [entry.title for entry in told.entries]


def test_every_row_of_the_record_stands_in_the_timeline_once(company):
    case = bring(company, S.CLOSED, finish_case(company))
    told = timeline.read(case)
    deeds = [entry for entry in told.entries if entry.kind in {"transition", "event"}]
    assert len(deeds) == Transition.objects.filter(root_id=case.pk).count()
    assert [entry.at for entry in told.entries] == sorted(
        (entry.at for entry in told.entries), reverse=True
    )


def finish_case(company):
    case = bring(company, S.REVIEW)
    finish_actions(company, case)
    case = do(fresh(case), "verify", company.engineer)
    return fresh(case)


def test_it_takes_one_statement_however_long_it_is(company, django_assert_num_queries):
    case = finish_case(company)
    with django_assert_num_queries(1):
        told = timeline.read(case)
    assert len(told.entries) > 8
    assert told.whole


def test_what_was_said_with_a_step_stands_in_its_entry(company):
    case = bring(company, S.STATEMENT)
    do(
        case, "answer", company.handler, facts="Facts", cause_text="Cause", remedy="Remedy",
        uploads=[picture("proof.png")],
    )  # fmt: skip
    entry = timeline.read(case).entries[0]
    assert entry.kind == "transition"
    assert [text for _label, text in entry.sections][1:] == ["Facts", "Cause", "Remedy"]
    assert [file.name for file in entry.files] == ["proof.png"]


def test_the_customers_answer_stands_at_the_step_that_recorded_it(company):
    case = bring(company, S.FEEDBACK)
    do(case, "unsatisfied", company.agent, answer_text="Still noisy")
    entry = timeline.read(case).entries[0]
    assert "Still noisy" in [text for _label, text in entry.sections]
    assert entry.actor == company.agent.name


def test_comments_claims_transfers_and_files_stand_in_it(company):
    case = bring(company, S.REVIEW)
    special.comment(by=company.agent, case=case, text="Called back")
    claim(task_of(case), by=company.engineer)
    transfer(task_of(case), to=company.engineer2, by=company.engineer, reason="Away")
    release(task_of(case), by=company.engineer2)
    with context.at(context.now() + timedelta(minutes=5)):
        files.attach(by=company.agent, case=case, uploads=[picture("a.png"), picture("b.png")])
    told = timeline.read(case)
    kinds = [entry.kind for entry in told.entries[:5]]
    assert kinds == ["file", "event", "event", "event", "comment"]
    assert [file.name for file in told.entries[0].files] == ["b.png", "a.png"]
    assert company.engineer2.name in told.entries[2].title
    assert told.entries[2].reason == "Away"
    assert told.entries[4].body == "Called back"


@pytest.mark.parametrize("kind", list(timeline.KINDS))
def test_each_kind_can_be_read_alone(company, kind):
    case = bring(company, S.FEEDBACK, log(company, uploads=[picture()]))
    special.comment(by=company.agent, case=case, text="Called back")
    html = page(someone(company, "agent"), case, f"?kind={kind}")
    assert ("Called back" in html) == (kind == "comments")
    assert ("Review: Remedy is enough" in html) == (kind in {"steps", "changes"})
    assert ('aria-current="true"' in html) is True


def test_changes_are_shown_before_and_after_in_words(company):
    case = bring(company, S.TRIAGE)
    case = do(case, "accept", company.lead, department=company.workshop, category=company.category)
    intervene(case, "edit", by=company.agent, title="轴承异响并发热", batch="B-9")
    html = page(someone(company, "agent"), case, "?kind=changes")
    for word in ("Assembly", "Noise", "轴承异响并发热", "B-9"):
        assert word in html
    assert "version" not in html.split('id="timeline"')[1].split("</section>")[0]


def test_a_page_ends_where_a_deed_ends_and_the_next_one_begins_there(company):
    case = bring(company, S.REVIEW)
    start = context.now()
    for turn in range(20):
        with context.at(start + timedelta(minutes=turn)):
            special.comment(by=company.agent, case=case, text=f"Note {turn}")
    seen: list[str] = []
    before = None
    for _turn in range(30):
        told = timeline.read(case, size=5, before=before)
        seen += [entry.body or entry.title for entry in told.entries]
        before = told.older
        if before is None:
            break
    whole = [entry.body or entry.title for entry in timeline.read(case, size=500).entries]
    assert seen == whole
    assert len(seen) == len(set(seen))


def test_a_deed_with_more_rows_than_a_page_is_not_cut(company):
    case = bring(company, S.REVIEW)
    with context.at(context.now() + timedelta(minutes=1)):
        order(company, case, count=8)
    told = timeline.read(case, size=3)
    assert len({entry.at for entry in told.entries}) == 1
    assert len(told.entries) == 9
    assert told.older is not None


def test_an_action_has_a_timeline_of_its_own(company):
    case = order(company, bring(company, S.REVIEW), count=2)
    first, second = case.actions.order_by("pk")
    walk_action(company, first)
    told = timeline.read(case, action=first)
    assert all(entry.subject == "action" for entry in told.entries)
    assert len(told.entries) == 6
    assert len(timeline.read(case, action=second).entries) == 1
    proof = next(entry for entry in told.entries if entry.files)
    assert "Submit" in proof.title


def test_an_extension_stands_in_the_timeline_of_its_action(company):
    case = order(company, bring(company, S.REVIEW))
    action = walk_action(company, case.actions.get(), "in_progress")
    due = context.now() + timedelta(days=40)
    intervene(action, "request_extension", by=company.handler, due=due, grounds="Waiting")
    told = timeline.read(case, action=fresh(action))
    assert titles(told)[0] == "Request an extension"
    assert "Request" not in titles(told)


@pytest.mark.parametrize("before", [
    "x", "2020-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "%00",
    "2026-13-45T00:00:00Z",
])  # fmt: skip
def test_nonsense_in_the_address_is_left_out(company, before):
    case = bring(company, S.REVIEW)
    page(someone(company, "agent"), case, f"?before={before}&kind=nonsense&act=nonsense")


def test_a_case_that_was_raised_tells_its_first_steps_in_words(company):
    """They belong to the flow it has left; no deed may be shown by its bare name."""
    case = do(bring(company, S.TRIAGE), "raise_major", company.lead, department=company.workshop)
    told = titles(timeline.read(fresh(case)))
    assert not {"raise_major", "acknowledge"} & set(told)
