"""One complaint becomes several, several become one, and every complainant is told."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from cases.domain.splitting import FurtherComplaint
from cases.enums import CaseState as S, Kind, LinkKind
from cases.models import Case, CaseLink, CaseParty, Customer
from tests.cases.pages import fresh, page, sent, someone, statements, step_url
from tests.factories import bring, do, flag, log, order, task_of
from tests.incidents import bring_incident, incident
from workflows.domain import invariants, offers, outbox
from workflows.domain.transitions import intervene
from workflows.errors import Conflict, Forbidden, Stale

pytestmark = pytest.mark.django_db


def more(*titles):
    return [FurtherComplaint(title, f"{title}。") for title in titles]


def customer(c, name):
    made = {"phone": "0571-8800", "created_at": c.customer.created_at, "created_by": c.agent}
    return Customer.objects.create(name=name, **made)


def linked(c, case, other):
    intervene(case, "link", by=c.agent, relation="duplicate", other=other)
    return fresh(case)


def together(c, case, by=None, **given):
    given.setdefault("reason", "同一问题")
    return intervene(case, "solve_together", by=by or c.lead, **given)


def merge(c, case, survivor, **given):
    return do(bring(c, S.TRIAGE, case), "merge", c.lead, survivor=survivor, **given)


def replies(case, kind="reply"):
    return list(case.replies.filter(kind=kind).order_by("pk"))


# ---------------------------------------------------------------------------- split
def test_further_complaints_are_logged_with_the_same_customer_and_moment(company):
    c = company
    case = bring(c, S.TRIAGE, log(c, contact_name="张工", contact_phone="139", batch="B7"))
    parts = [
        FurtherComplaint("包装破损", "外箱破损。", c.product, c.category),
        FurtherComplaint("送货晚", "晚了三天。"),
    ]
    case = intervene(case, "split", by=c.agent, complaints=parts)
    assert case.state == S.TRIAGE
    first, second = (link.source for link in CaseLink.objects.order_by("pk"))
    assert {link.kind for link in CaseLink.objects.all()} == {LinkKind.SPLIT_FROM}
    for new in (first, second):
        same = ("customer", "contact_name", "contact_phone", "channel", "received_at",
                "service_department")  # fmt: skip
        assert all(getattr(new, name) == getattr(case, name) for name in same)
        assert (new.kind, new.state, new.logged_by) == (Kind.COMPLAINT, S.ACKNOWLEDGEMENT, c.agent)
    assert (first.product, first.category, first.batch) == (c.product, c.category, "B7")
    assert (second.product, second.batch) == (None, "")
    outbox.drain(100)
    assert list(invariants.violations()) == []


@pytest.mark.parametrize("count", [0, 10])
def test_one_to_nine_are_split_off(company, count):
    case = bring(company, S.TRIAGE)
    with pytest.raises(ValidationError) as error:
        intervene(case, "split", by=company.lead, complaints=more(*"abcdefghij"[:count]))
    assert set(error.value.message_dict) == {"complaints"}


def test_a_split_is_whole_or_nothing(company):
    case = bring(company, S.TRIAGE)
    before = Case.objects.count(), case.version
    bad = [*more("好"), FurtherComplaint("坏", "")]
    with pytest.raises(ValidationError):
        intervene(case, "split", by=company.lead, complaints=bad)
    assert (Case.objects.count(), fresh(case).version) == before


def test_an_incident_is_split_into_complaints_and_stays_one(company):
    case = incident(company)
    intervene(case, "split", by=company.engineer, complaints=more("包装"))
    new = CaseLink.objects.get().source
    assert (new.kind, new.severity, new.number[:2]) == (Kind.COMPLAINT, "general", "TS")
    assert fresh(case).state == S.INVESTIGATION


def test_who_may_split_and_when(company):
    case = bring(company, S.TRIAGE)
    for name in ("auditor", "handler", "director"):
        with pytest.raises(Forbidden):
            intervene(case, "split", by=getattr(company, name), complaints=more("a"))
    with pytest.raises(Stale):
        intervene(case, "split", by=company.lead, version=0, complaints=more("a"))
    case = bring(company, S.STATEMENT, case)
    with pytest.raises(Conflict):
        intervene(case, "split", by=company.lead, complaints=more("a"))


def rows(*complaints):
    data = {"complaints-TOTAL_FORMS": "2", "complaints-INITIAL_FORMS": "0"}
    for turn, (title, text) in enumerate(complaints):
        data |= {f"complaints-{turn}-title": title, f"complaints-{turn}-description": text}
    return data


def test_the_form_splits_by_rows_and_keeps_what_was_typed(company):
    case = bring(company, S.TRIAGE)
    client = someone(company, "lead")
    html = page(client, case, "?act=split")
    assert 'name="complaints-0-title"' in html
    url = f"/cases/{case.number}/acts/split/"
    answer = client.post(url, sent(case, **rows(("Typed title", ""))))
    assert answer.status_code == 400
    assert "Typed title" in answer.content.decode()
    assert client.post(url, sent(case, **rows())).status_code == 400
    assert CaseLink.objects.count() == 0
    answer = client.post(url, sent(case, **rows(("包装破损", "外箱破损。"))))
    assert answer.status_code == 302
    new = CaseLink.objects.get().source
    html = page(client, case)
    assert html.index("Split into") < html.index(f"/cases/{new.number}/")
    # The timeline says what was split off.
    assert f"{new.number} 包装破损" in html
    assert "Split from" in page(client, new)


# ---------------------------------------------------------------------------- solve together
@pytest.mark.parametrize("state", [S.ACKNOWLEDGEMENT, S.STATEMENT, S.ARBITRATION, S.REPLY])
def test_a_duplicate_is_solved_with_its_original_from_any_state_before_the_reply(company, state):
    survivor, case = log(company), bring(company, state)
    case = together(company, linked(company, case, survivor))
    assert (case.state, case.merged_into) == (S.MERGED, survivor)
    outbox.drain(100)
    assert list(invariants.violations()) == []


@pytest.mark.parametrize("state", [S.FEEDBACK, S.CLOSING, S.CLOSED])
def test_after_the_reply_a_duplicate_goes_its_own_way(company, state):
    case = linked(company, bring(company, state), log(company))
    assert "solve_together" not in {one.name for one in offers.of_acts(case, company.lead)}
    with pytest.raises(Conflict):
        together(company, case)


def test_only_the_service_lead_and_quality_solve_together(company):
    case = linked(company, log(company), log(company))
    for name in ("agent", "handler", "auditor", "representative"):
        with pytest.raises(Forbidden):
            together(company, case, by=getattr(company, name))
    assert together(company, case, by=company.engineer).state == S.MERGED


def test_what_is_no_duplicate_of_an_open_case_is_not_solved_together(company):
    case, other = log(company), bring(company, S.REJECTED)
    with pytest.raises(Conflict):
        together(company, case)
    case = linked(company, case, other)
    with pytest.raises(Conflict):
        together(company, case)


def test_open_actions_are_named_and_stand_against_it(company):
    survivor = log(company)
    case = order(company, bring(company, S.REVIEW), 2)
    case = linked(company, case, survivor)
    with pytest.raises(Conflict) as error:
        together(company, case)
    assert list(error.value.details) == sorted(case.open_action_numbers)
    for action in case.actions.all():
        intervene(action, "cancel", by=company.engineer, reason="并案")
    assert fresh(case).state in {S.ACTION, S.VERIFICATION}
    assert together(company, fresh(case)).state == S.MERGED


def test_an_immediate_response_under_way_is_not_dropped(company):
    survivor, case = incident(company), incident(company)
    case = linked(company, case, survivor)
    with pytest.raises(Conflict):
        together(company, case)


def test_opinions_end_as_missing_when_a_joint_review_is_solved_together(company):
    from tests.incidents import respond

    survivor = incident(company)
    case = bring_incident(company, S.JOINT_REVIEW)
    respond(company, case)
    case = together(company, linked(company, case, survivor))
    assert case.state == S.MERGED
    assert set(case.opinions.values_list("state", flat=True)) == {"missing"}
    outbox.drain(200)
    assert list(invariants.violations()) == []


def test_nothing_that_weighs_more_disappears_into_something_lighter(company):
    survivor = log(company)
    flagged = flag(company, bring(company, S.STATEMENT))
    for case in (flagged, incident(company)):
        for response in case.responses.all():
            decline(company, response)
        with pytest.raises(ValidationError) as error:
            together(company, linked(company, fresh(case), survivor))
        assert set(error.value.message_dict) == {"survivor"}


def decline(c, response):
    from tests.factories import step_of, take

    task = step_of(response)
    people = [task.owner, c.agent, c.handler, c.engineer]
    by = next(
        one for one in people if one and one.authority.may_take(task.department_id, task.role)
    )
    take(task, "decline", by, reason="并案")


def test_a_hidden_original_is_not_merged_into_nor_named(company):
    case, secret = log(company), log(company)
    intervene(case, "link", by=company.engineer, relation="duplicate", other=secret)
    CaseParty.objects.filter(case=secret).delete()
    with pytest.raises(ValidationError) as error:
        together(company, fresh(case))
    assert secret.number not in str(error.value)


def test_the_page_offers_it_grey_with_the_reason_until_there_is_an_original(company):
    case, survivor = log(company), log(company)
    client = someone(company, "lead")
    assert "It is not linked as duplicate of an open case." in page(client, case)
    case = linked(company, case, survivor)
    assert "act=solve_together" in page(client, case)
    url = f"/cases/{case.number}/acts/solve_together/"
    assert client.post(url, sent(case, reason="", text="")).status_code == 400
    answer = client.post(url, sent(case, reason="同一问题", text=""))
    assert answer["Location"] == survivor.get_absolute_url()


# ---------------------------------------------------------------------------- told
def test_a_reply_is_noted_at_every_merged_case_along_the_chain(company):
    c = company
    survivor = bring(c, S.REPLY)
    middle, first = log(c, title="中"), log(c, title="首")
    merge(c, first, middle)
    merge(c, middle, survivor)
    do(survivor, "reply", c.agent2, text="已更换轴承。", channel=c.channel)
    for case in (middle, first):
        (said,) = replies(case)
        assert said.by == c.agent2
        assert said.channel == case.channel
        assert survivor.number in said.text.split("\n")[0]
        assert said.text.endswith("已更换轴承。")
    (own,) = replies(survivor)
    assert own.text == "已更换轴承。"
    assert "已更换轴承。" in page(someone(c, "agent"), first)
    outbox.drain(200)
    assert list(invariants.violations()) == []


def test_the_reply_step_costs_the_same_however_many_were_merged(company):
    counts = []
    for many in (1, 6):
        survivor = bring(company, S.REPLY)
        for _turn in range(many):
            merge(company, log(company), survivor)
        client = someone(company, "agent")
        url = step_url(survivor, "reply")
        _html, seen = statements(client, "get", survivor.get_absolute_url())
        data = sent(survivor, text="已更换。", channel=company.channel.pk)
        answer, told = statements(client, "post", url, data)
        assert answer.status_code == 302
        counts.append((seen, told))
    assert counts[0] == counts[1]
    assert counts[0][0] <= 12 + 1
    # It asks once for the cases that were merged into this one, and stops the clock of the reply.
    assert counts[0][1] <= 14 + 1 + 2


def test_the_reply_form_lists_the_complainants_that_may_be_seen_and_counts_the_others(company):
    c = company
    survivor = bring(c, S.REPLY)
    shown = merge(c, log(c, customer=customer(c, "苏北泵业"), contact_name="马工"), survivor)
    hidden = merge(c, log(c, customer=customer(c, "Hidden customer")), survivor)
    CaseParty.objects.filter(case=hidden).delete()
    html = page(someone(c, "agent"), survivor)
    box = html[html.index("told-too") :]
    box = box[: box.index("</section>")]
    for word in (shown.number, "苏北泵业", "马工", "0571-8800", "And 1 case that you cannot see."):
        assert word in box
    assert hidden.number not in html
    assert "Hidden customer" not in html
    assert "told-too" not in page(someone(c, "agent"), bring(c, S.REPLY))


@pytest.mark.parametrize("state", [S.FEEDBACK, S.CLOSING, S.CLOSED])
def test_whoever_comes_after_the_reply_is_told_at_once(company, state):
    survivor, case = bring(company, state), log(company)
    with pytest.raises(ValidationError) as error:
        merge(company, case, survivor)
    assert set(error.value.message_dict) == {"text"}
    case = merge(company, fresh(case), survivor, text="同一问题，已更换。")
    (said,) = replies(case)
    assert survivor.number in said.text


def test_a_second_reply_is_told_to_everybody_again(company):
    c = company
    survivor = bring(c, S.REPLY)
    case = merge(c, log(c), survivor)
    do(survivor, "reply", c.agent, text="第一次。", channel=c.channel)
    do(fresh(survivor), "unsatisfied", c.agent, answer_text="还是响")
    survivor = bring(c, S.REPLY, fresh(survivor))
    do(survivor, "reply", c.agent, text="第二次。", channel=c.channel)
    assert [said.text.split("\n")[1] for said in replies(case)] == ["第一次。", "第二次。"]


def test_one_customer_does_not_take_back_what_others_complain_of(company):
    survivor = log(company)
    merge(company, log(company), survivor)
    with pytest.raises(Conflict):
        intervene(survivor, "withdraw", by=company.agent, reason="撤回")
    with pytest.raises(Conflict):
        do(bring(company, S.TRIAGE, fresh(survivor)), "convert", company.lead, kind="inquiry")


def test_the_old_number_leads_to_the_case_at_the_end_of_the_chain(company):
    c = company
    survivor = log(c, title="Final case")
    middle, first = log(c), log(c)
    merge(c, first, middle)
    merge(c, middle, survivor)
    client = someone(c, "agent")
    html = page(client, first)
    assert f"It goes on as {survivor.number}" in html
    assert "Final case" in html
    assert first.number in client.get(f"/cases/?text={first.number}").content.decode()
    side = page(client, survivor)
    assert "Merged into this case" in side
    assert first.number in side
    assert middle.number in side
    assert Client().get(f"/cases/{first.number}/").status_code == 302


def test_a_merged_case_is_no_survivor_and_a_finding_neither(company):
    from tests.factories import finding

    survivor, other = bring(company, S.MERGED), finding(company)
    for case in (survivor, other):
        new = bring(company, S.TRIAGE)
        with pytest.raises(ValidationError) as error:
            do(new, "merge", company.lead, survivor=case)
        assert set(error.value.message_dict) == {"survivor"}
        assert task_of(new).outcome == ""
