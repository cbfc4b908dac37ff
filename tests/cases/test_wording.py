"""Measures that only say "strengthen training" are pointed out, by every door they come in."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from cases.domain import wording
from cases.enums import CaseState
from cases.validators import Problems
from cases.web.forms import make
from tests.cases.pages import page, sent, someone, step_url
from tests.factories import bring, do, draft, order, walk_action
from tests.incidents import bring_incident, measure
from workflows.domain.context import now
from workflows.domain.transitions import intervene

pytestmark = pytest.mark.django_db

VAGUE = ["对员工加强培训", "加强培训，提高意识", "Strengthen training of all operators", "retrain"]
SAID = ["加强培训：压装岗位按 WI-031 考核上岗", "Retrain: press operators pass test WI-031"]


def pointed_out(text: str) -> str:
    problems = Problems()
    wording.point_out(problems, text, phrases=wording.phrases(now()), insisted=False)
    return "".join(map(str, problems.found.get("insisted", [])))


@pytest.mark.parametrize("text", VAGUE)
def test_a_vague_wording_is_named(text):
    assert "alone is no measure" in pointed_out(text)


@pytest.mark.parametrize("text", SAID)
def test_what_says_what_changes_passes(text):
    assert pointed_out(text) == ""


def test_the_message_names_the_phrase():
    assert "加强培训" in pointed_out("对员工加强培训")
    assert "retrain" in pointed_out("Retrain all staff")


def test_the_review_orders_no_vague_action_unless_it_insists(company):
    case = bring(company, CaseState.REVIEW)
    with pytest.raises(ValidationError) as error:
        do(case, "order_actions", company.engineer, actions=[draft(company, title=VAGUE[0])])
    assert "加强培训" in error.value.message_dict["insisted"][0]
    kept = draft(company, title=VAGUE[0], insisted=True)
    case = do(case, "order_actions", company.engineer, actions=[kept, draft(company)])
    assert list(case.actions.order_by("pk").values_list("insisted", flat=True)) == [True, False]


@pytest.mark.parametrize("act", ["propose_action", "add_action"])
def test_an_action_beside_the_steps_is_read_the_same_way(company, act):
    case = order(company, bring(company, CaseState.REVIEW))
    given = {"kind": "corrective", "title": VAGUE[0]}
    if act == "add_action":
        given |= {"department": company.workshop, "due": now() + timedelta(days=9)}
    with pytest.raises(ValidationError, match="加强培训"):
        intervene(case, act, by=company.engineer, **given)
    intervene(case, act, by=company.engineer, **given, insisted=True)
    intervene(case, act, by=company.engineer, **given | {"title": SAID[0]})
    assert list(case.actions.order_by("pk").values_list("insisted", flat=True)) == [
        False, True, False,
    ]  # fmt: skip


def test_a_plan_is_pointed_out_and_its_verifier_sees_that_the_wording_was_kept(company):
    action = order(company, bring(company, CaseState.REVIEW)).actions.get()
    action = walk_action(company, action, "accepted")
    given = {"whys": ["压装力不足"], "cause_factor": "man", "plan": VAGUE[0]}
    with pytest.raises(ValidationError) as error:
        do(action, "begin", company.handler, **given)
    assert set(error.value.message_dict) == {"insisted"}
    client = someone(company, "engineer2")
    assert "vague wording" not in page(client, action)
    action = do(action, "begin", company.handler, **given, insisted=True)
    action = walk_action(company, action, "submitted")
    assert "vague wording" in page(client, action)


def test_measures_that_are_kept_vague_become_actions_that_say_so(company):
    case = bring_incident(company, CaseState.MEASURES)
    vague = measure(company, title=VAGUE[0], description="", insisted=True)
    case = do(case, "draft_measures", company.handler, measures=[vague])
    case = do(case, "pass_measures", company.engineer, cause=company.cause, confirmed=True)
    case = do(case, "approve_measures", company.manager)
    assert case.actions.get().insisted


def test_the_box_shows_only_with_the_message(company):
    action = order(company, bring(company, CaseState.REVIEW)).actions.get()
    action = walk_action(company, action, "accepted")
    client = someone(company, "handler")
    html = page(client, action)
    assert "The wording is meant" not in html
    plan = {"whys": ["压装力不足"], "cause_factor": "man", "plan": VAGUE[0]}
    url = f"{action.get_absolute_url()}tasks/{step_url(action, 'begin').split('tasks/')[1]}"
    answer = client.post(url, sent(action, **plan))
    html = answer.content.decode()
    assert answer.status_code == 400
    assert "The wording is meant" in html
    assert "加强培训” alone is no measure" in html
    assert 'value="压装力不足"' in html
    assert client.post(url, sent(action, **plan, insisted="on")).status_code == 302


def test_in_rows_the_box_shows_in_the_row_that_is_vague(company):
    due = f"{now() + timedelta(days=9):%Y-%m-%dT%H:%M}"
    row = {"kind": "corrective", "department": company.workshop.pk, "due": due}
    titles = [SAID[0], VAGUE[0]]
    data = {"actions-TOTAL_FORMS": "3", "actions-INITIAL_FORMS": "0"}
    for turn, title in enumerate(titles):
        one = {**row, "title": title, "description": ""}
        data |= {f"actions-{turn}-{name}": str(value) for name, value in one.items()}
    form = make("complaint.review.order_actions", data)
    assert not form.is_valid()
    shown = ["insisted" in row.errors and not row["insisted"].is_hidden for row in form.rows]
    assert shown == [False, True, False]
    form = make("complaint.review.order_actions", data | {"actions-1-insisted": "on"})
    assert form.is_valid(), form.rows.errors
    assert [one.insisted for one in form.given()["actions"]] == [False, True]
    again = make("complaint.review.order_actions", data | {"actions-1-insisted": "on"})
    assert not list(again.rows)[1]["insisted"].is_hidden
