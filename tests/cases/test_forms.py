"""Every outcome and act has a form, and the form asks for exactly what the command takes."""

import inspect
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cases.domain.options import Options
from cases.domain.special import FACTS
from cases.enums import CaseState
from cases.web.forms import FORMS, make
from tests.factories import bring, log, order, picture, walk_action
from workflows.domain import registry
from workflows.domain.context import now


def choices():
    """Every outcome and act of every flow as (form key, choice)."""
    for flow in registry.flows():
        for node in flow.instance.nodes():
            if getattr(node, "automatic", False):
                continue
            for outcome in getattr(node, "outcomes", {}).values():
                yield f"{flow.key}.{node.name}.{outcome.name}", outcome
        for act in flow.acts:
            yield f"{flow.key}.act.{act.name}", act


KEYS = dict(choices())


def test_every_outcome_and_act_has_a_form_and_no_form_is_left_over():
    assert set(FORMS) == set(KEYS)


@pytest.mark.parametrize("key", sorted(KEYS))
def test_a_form_asks_for_exactly_what_its_command_takes(key):
    parameters = inspect.signature(KEYS[key].command).parameters.values()
    taken = {
        one.name
        for one in parameters
        if one.kind is one.KEYWORD_ONLY and one.name not in ("by", "at")
    }
    if any(one.kind is one.VAR_KEYWORD for one in parameters):
        taken |= set(FACTS)
    assert FORMS[key].inputs() == taken


@pytest.mark.parametrize("key", sorted(KEYS))
def test_what_a_command_needs_the_form_needs(key):
    form = FORMS[key]
    for one in inspect.signature(KEYS[key].command).parameters.values():
        if one.kind is one.KEYWORD_ONLY and one.name in form.base_fields:
            if one.default is not one.empty:
                assert not form.base_fields[one.name].required, one.name
            elif one.name not in ("uploads",):
                assert form.base_fields[one.name].required, one.name


@pytest.mark.parametrize("key", sorted(key for key, one in KEYS.items() if one.needs_reason))
def test_a_choice_that_needs_a_reason_asks_for_it(key):
    form = make(key, {}, needs_reason=True)
    assert "reason" in form.fields
    assert not form.is_valid()
    assert "reason" in form.errors
    assert "reason" not in FORMS[key].inputs()


@pytest.mark.django_db
def test_the_acknowledgement_is_ready_to_be_read_out(company):
    case = log(company, contact_name="张工")
    form = make("complaint.acknowledge.acknowledge", subject=case, by=company.agent)
    text = form["text"].value()
    assert case.number in text
    assert "张工" in text
    assert case.title in text


@pytest.mark.django_db
def test_the_product_proposes_the_department_and_says_why(company):
    company.product.department = company.workshop
    company.product.save()
    case = bring(company, CaseState.TRIAGE)
    form = make("complaint.triage.accept", subject=case, by=company.lead)
    assert form["department"].value() == company.workshop.pk
    assert str(company.workshop) in form.proposal
    assert str(company.product) in form.proposal


@pytest.mark.django_db
def test_without_a_product_the_category_proposes(company):
    company.category.department = company.purchasing
    company.category.save()
    case = bring(company, CaseState.TRIAGE, log(company, category=company.category))
    form = make("complaint.triage.raise_major", subject=case, by=company.lead)
    assert form["department"].value() == company.purchasing.pk
    assert str(company.category) in form.proposal


@pytest.mark.django_db
def test_only_departments_with_handlers_are_offered(company):
    options = Options()
    options.want("department")
    offered = {one.pk for one in options.found["department"]}
    assert offered == {company.workshop.pk, company.purchasing.pk}


@pytest.mark.django_db
def test_all_selects_of_a_page_are_read_with_one_statement(company, django_assert_num_queries):
    case = bring(company, CaseState.REVIEW)
    options = Options()
    keys = ("complaint.review.order_actions", "complaint.act.edit", "complaint.triage.accept")
    forms = [make(key, subject=case, by=company.engineer, options=options) for key in keys]
    with django_assert_num_queries(1):
        html = "".join(form.as_div() for form in forms)
        html += "".join(row.as_div() for row in forms[0].rows)
    for word in (
        company.workshop,
        company.category,
        company.product,
        company.handler,
        company.cause,
    ):
        assert str(word) in html


def rows(*actions, **changes):
    data = {"actions-TOTAL_FORMS": str(max(len(actions), 3)), "actions-INITIAL_FORMS": "0"}
    for turn, action in enumerate(actions):
        data |= {f"actions-{turn}-{name}": str(value) for name, value in action.items()}
    return {**data, **changes}


def one(company, **changes):
    due = timezone.localtime(now() + timedelta(days=10))
    given = {
        "title": "修订作业指导书",
        "kind": "corrective",
        "department": company.workshop.pk,
        "owner": company.handler.pk,
        "due": f"{due:%Y-%m-%dT%H:%M}",
    }
    return {**given, **changes}


@pytest.mark.django_db
def test_actions_are_ordered_by_rows_and_empty_rows_do_not_count(company):
    data = rows(one(company), one(company, title="", department="", owner=""), one(company))
    form = make("complaint.review.order_actions", data)
    assert form.is_valid(), form.errors
    drafts = form.given()["actions"]
    assert [draft.title for draft in drafts] == ["修订作业指导书"] * 2
    assert drafts[0].department == company.workshop
    assert drafts[0].owner == company.handler
    # Typed on the company's wall clock.
    assert f"{timezone.localtime(drafts[0].due):%Y-%m-%dT%H:%M}" == one(company)["due"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"department": ""}, "department"),
        ({"department": "99999"}, "department"),
        ({"due": "2020-01-01T10:00"}, "due"),
        ({"due": "9999-12-31T23:59"}, "due"),
        ({"due": "soon"}, "due"),
        ({"kind": "magic"}, "kind"),
    ],
)
def test_what_is_wrong_in_a_row_stands_in_that_row(company, change, field):
    form = make("complaint.review.order_actions", rows(one(company), one(company, **change)))
    assert not form.is_valid()
    assert not form.rows.errors[0]
    assert field in form.rows.errors[1]


@pytest.mark.django_db
def test_an_owner_of_another_department_is_refused_at_the_owner(company):
    form = make("complaint.review.order_actions", rows(one(company, owner=company.buyer.pk)))
    assert not form.is_valid()
    assert "owner" in form.rows.errors[0]


@pytest.mark.django_db
@pytest.mark.parametrize("count", ["", "-1", "x", "100000", "²"])
def test_nonsense_in_the_count_of_rows_is_refused(company, count):
    data = rows(one(company), **{"actions-TOTAL_FORMS": count})
    form = make("complaint.review.order_actions", data)
    assert not form.is_valid()


@pytest.mark.django_db
def test_more_than_ten_actions_are_refused(company):
    form = make("complaint.review.order_actions", rows(*[one(company)] * 11))
    assert not form.is_valid()


@pytest.mark.django_db
def test_the_five_whys_come_in_order_without_the_empty_ones(company, rf):
    request = rf.post("/", {"whys": ["a", " ", "b", "", ""], "cause_factor": "man", "plan": "x"})
    form = make("corrective_action.plan.begin", request.POST)
    assert form.is_valid(), form.errors
    assert form.given()["whys"] == ["a", "b"]


@pytest.mark.django_db
def test_whys_with_levels_become_a_tree_each_of_its_own(company, rf):
    sent = {
        "whys": ["压装力不足", "无监控", "", "来料偏硬"], "whys-level": ["1", "2", "2", "2"],
        "escape_whys": ["终检不测", "规范没有"], "escape_whys-level": ["1", ""],
        "cause_factor": "man", "plan": "x",
    }  # fmt: skip
    form = make("corrective_action.plan.begin", rf.post("/", sent).POST)
    assert form.is_valid(), form.errors
    assert form.given()["whys"] == [[0, "压装力不足"], [1, "无监控"], [1, "来料偏硬"]]
    assert form.given()["escape_whys"] == [[0, "终检不测"], "规范没有"]
    drawn = [(one.level, one.sentence, one.guides) for one in form["whys"].lines[:3]]
    assert drawn == [
        (1, "压装力不足", ()), (2, "无监控", ("branch",)), (2, "来料偏硬", ("last",)),
    ]  # fmt: skip
    assert [text for _label, text in form.typed()][:1] == ["压装力不足\n无监控\n来料偏硬"]


@pytest.mark.django_db
@pytest.mark.parametrize("level", ["", "x", "-1", "²", "999", "1e3", "0"])
def test_nonsense_as_a_level_is_the_next_why(company, rf, level):
    sent = {"whys": ["a", "b"], "whys-level": ["1", level], "cause_factor": "man", "plan": "x"}
    form = make("corrective_action.plan.begin", rf.post("/", sent).POST)
    assert form.is_valid(), form.errors
    assert [one.level for one in form["whys"].lines[:2]] in ([1, 2], [1, 1])


@pytest.mark.django_db
def test_only_colleagues_of_the_department_can_become_owner_of_its_action(company):
    action = order(company, bring(company, CaseState.REVIEW)).actions.get()
    form = make("corrective_action.accept.accept", subject=action, by=company.handler)
    names = str(form["owner"])
    assert company.handler.name in names
    assert company.head.name in names
    assert company.buyer.name not in names


@pytest.mark.django_db
def test_a_product_that_is_no_longer_offered_stays_when_facts_are_corrected(company):
    case = log(company)
    company.product.is_active = False
    company.product.save()
    html = str(make("complaint.act.edit", subject=case, by=company.agent)["product"])
    assert f'value="{company.product.pk}" selected' in html


@pytest.mark.django_db
def test_errors_of_the_command_stand_at_its_fields_and_files_are_asked_for_again(company, rf):
    request = rf.post("/", {"result": "x", "uploads": [picture("a.png")]})
    form = make("corrective_action.implement.submit", request.POST, request.FILES)
    assert form.is_valid()
    form.refuse(ValidationError({"files": ["too large"], "elsewhere": ["odd"]}))
    assert form.errors["uploads"] == ["too large"]
    assert form.non_field_errors() == ["odd"]
    assert "a.png" in str(form["uploads"].help_text)


@pytest.mark.django_db
def test_the_plan_of_a_reworked_action_is_still_in_its_form(company):
    action = order(company, bring(company, CaseState.REVIEW)).actions.get()
    action = walk_action(company, action, "in_progress")
    form = make("corrective_action.plan.begin", subject=action, by=company.handler)
    lines = form["whys"].lines
    assert [one.sentence for one in lines] == ["压装力不足", "", "", "", ""]
    assert form["plan"].value() == "修订作业指导书"
