"""Links between cases: who makes and ends them, what is refused, how they read from both sides."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from cases.domain import relations
from cases.domain.dossier import visible_case
from cases.enums import CaseState as S, LinkKind, Relation
from cases.models import CaseLink, CaseParty
from tests.cases.pages import browser, fresh, page, sent, someone
from tests.factories import bring, log
from tests.incidents import bring_incident, incident, respond
from workflows.domain import invariants, offers
from workflows.domain.context import now
from workflows.domain.transitions import intervene
from workflows.errors import Conflict, Forbidden

pytestmark = pytest.mark.django_db


def link(c, case, other, relation="related", by=None, **given):
    by = by or c.agent
    return intervene(case, "link", by=by, relation=relation, other=other, **given)


def words(c, case, by=None):
    found = relations.related_to(fresh(case), by or c.manager)
    with override("en"):
        return {(str(one.words), one.number) for one in found if one.link}


def refused(c, field, *given, **more):
    with override("en"), pytest.raises(ValidationError) as error:
        link(c, *given, **more)
    assert set(error.value.message_dict) == {field}
    return error.value.message_dict[field][0]


# ---------------------------------------------------------------------------- both sides
@pytest.mark.parametrize(
    ("relation", "here", "there"),
    [
        ("duplicate", "Duplicate of", "Has duplicate"),
        ("has_duplicate", "Has duplicate", "Duplicate of"),
        ("caused_by", "Caused by", "Cause of"),
        ("cause_of", "Cause of", "Caused by"),
        ("part_of", "Part of", "Has part"),
        ("has_part", "Has part", "Part of"),
        ("related", "Related to", "Related to"),
    ],
)
def test_a_link_reads_right_from_both_sides(company, relation, here, there):
    case, other = log(company), log(company)
    link(company, case, other, relation, note="同一批次")
    assert words(company, case) == {(here, other.number)}
    assert words(company, other) == {(there, case.number)}
    assert CaseLink.objects.get().note == "同一批次"
    assert list(invariants.violations()) == []


def test_every_relation_has_a_test_of_its_words():
    assert len(Relation) == 7


@pytest.mark.parametrize(
    ("kind", "here", "there"),
    [
        (LinkKind.SPLIT_FROM, "Split from", "Split into"),
        (LinkKind.RECURRENCE, "Recurrence of", "Recurred as"),
    ],
)
def test_what_follows_of_itself_is_shown_and_not_ended_by_hand(company, kind, here, there):
    case, other = log(company), log(company)
    made = CaseLink.objects.create(source=case, target=other, kind=kind, at=now())
    assert words(company, case) == {(here, other.number)}
    assert words(company, other) == {(there, case.number)}
    with pytest.raises(Conflict):
        intervene(case, "unlink", by=company.engineer, reason="x", link=made)
    assert CaseLink.objects.get().ended_at is None
    assert "act=unlink" not in page(someone(company, "engineer"), case)


# ---------------------------------------------------------------------------- refusals
def test_no_link_to_itself_not_twice_from_either_side_and_no_unknown_relation(company):
    case, other = log(company), log(company)
    assert "itself" in refused(company, "other", case, case)
    assert refused(company, "relation", case, other, "split_from")
    for relation, turned in (("related", "related"), ("caused_by", "caused_by")):
        link(company, case, other, relation)
        refused(company, "other", case, other, relation)
        refused(company, "other", other, case, turned)
    refused(company, "other", other, case, "cause_of")
    refused(company, "note", case, other, "duplicate", note="长" * 201)
    assert CaseLink.objects.count() == 2


@pytest.mark.parametrize(("up", "down"), [("part_of", "has_part"), ("duplicate", "has_duplicate")])
def test_parts_and_duplicates_have_one_above_and_close_no_circle(company, up, down):
    first, second, third, fourth = (log(company) for _turn in range(4))
    link(company, first, second, up)
    link(company, third, second, down)
    link(company, third, fourth, up)
    assert "circle" in refused(company, "other", fourth, first, up)
    assert "circle" in refused(company, "other", first, fourth, down)
    refused(company, "other", first, fourth, up)
    assert list(invariants.violations()) == []


def test_a_ring_and_a_second_parent_are_found_by_the_invariants(company):
    first, second, third = (log(company) for _turn in range(3))
    given = {"kind": LinkKind.PART_OF, "at": now()}
    CaseLink.objects.create(source=first, target=second, **given)
    assert list(invariants.violations()) == []
    CaseLink.objects.create(source=second, target=first, **given)
    CaseLink.objects.create(source=first, target=third, **given)
    assert {number for number, *_rest in invariants.violations()} == {30}


# ---------------------------------------------------------------------------- who
def test_service_and_quality_link_and_nobody_else(company):
    case, other = bring(company, S.STATEMENT), log(company)
    for name in ("agent2", "lead", "engineer", "manager"):
        assert "link" in {one.name for one in offers.of_acts(case, getattr(company, name))}
    for name in ("handler", "head", "buyer", "marketer", "director", "auditor", "admin"):
        assert "link" not in {one.name for one in offers.of_acts(case, getattr(company, name))}
        with pytest.raises(Forbidden):
            link(company, case, other, by=getattr(company, name))


def test_a_case_that_the_person_cannot_see_is_neither_linked_nor_named(company):
    case, secret = log(company), log(company, title="Hidden affair")
    CaseParty.objects.filter(case=secret).delete()
    refused(company, "other", case, secret)
    link(company, case, secret, "caused_by", by=company.engineer)
    made = CaseLink.objects.get()
    assert secret.number in page(someone(company, "engineer"), case)
    html = page(someone(company, "agent"), case, "?act=unlink")
    assert secret.number not in html
    assert "Hidden affair" not in html
    with pytest.raises(ValidationError):
        intervene(case, "unlink", by=company.agent, reason="x", link=made)
    made.refresh_from_db()
    assert made.ended_at is None


# ---------------------------------------------------------------------------- ending
def test_a_link_is_ended_once_with_a_reason_from_either_side_and_can_be_made_anew(company):
    case, other = log(company), log(company)
    link(company, case, other, "duplicate")
    made = CaseLink.objects.get()
    with pytest.raises(ValidationError):
        intervene(other, "unlink", by=company.agent2, link=made)
    intervene(other, "unlink", by=company.agent2, reason="型号不同", link=made)
    made.refresh_from_db()
    assert (made.ended_by, made.ended_at is None) == (company.agent2, False)
    assert words(company, case) == set()
    with pytest.raises(Conflict):
        intervene(case, "unlink", by=company.agent, reason="又一次", link=made)
    link(company, case, other, "duplicate")
    assert CaseLink.objects.count() == 2
    assert list(invariants.violations()) == []


def test_a_closed_case_is_linked_and_a_merged_one_is_not(company):
    closed, merged, other = bring(company, S.CLOSED), bring(company, S.MERGED), log(company)
    link(company, closed, other, "caused_by")
    with pytest.raises(Conflict):
        link(company, merged, other)


# ---------------------------------------------------------------------------- the page
def test_the_side_groups_by_relation_and_names_a_case_once(company):
    case, twin, part, same = (log(company) for _turn in range(4))
    link(company, case, twin, "duplicate")
    link(company, case, part, "has_part")
    html = page(someone(company, "agent"), case)
    side = html[html.index('id="related-title"') :]
    for heading in ("Duplicate of", "Has part", "Open cases of the same customer"):
        assert side.count(heading) == 1
    assert side.count(f'href="/cases/{twin.number}/"') == 1
    assert side.index("Duplicate of") < side.index(twin.number) < side.index("Has part")
    assert same.number in side
    assert f"End the link with {part.number}" in side
    auditor = page(someone(company, "auditor"), case)
    assert part.number in auditor
    assert "End the link" not in auditor


def test_the_page_in_chinese_names_the_relations(company):
    case, twin = log(company), log(company)
    link(company, case, twin, "duplicate")
    html = page(browser(company.agent, "zh-hans"), case)
    with override("zh-hans"):
        assert html.index(str(Relation.DUPLICATE.label)) < html.index(twin.number)


def test_the_panel_takes_one_statement_whatever_is_linked(company):
    case = log(company)
    for _turn in range(12):
        link(company, case, log(company), "cause_of")
    with CaptureQueriesContext(connection) as seen:
        found = relations.related_to(visible_case(company.agent, case.number), company.agent)
    assert len([one for one in seen if "UNION" in one["sql"]]) == 1
    assert len(found) == 12


def test_the_form_links_by_number_and_says_what_is_wrong_at_the_field(company):
    case, other = log(company), log(company)
    client = someone(company, "agent")
    html = page(client, case, "?act=link")
    assert f'<option value="{other.number}">' in html
    url = f"/cases/{case.number}/acts/link/"
    answer = client.post(url, sent(case, relation="part_of", other=case.number, note=""))
    assert answer.status_code == 400
    assert "That is this case itself." in answer.content.decode()
    answer = client.post(url, sent(case, relation="part_of", other="TS-1999-1", note=""))
    assert "There is no case TS-1999-1 that you may see." in answer.content.decode()
    answer = client.post(url, sent(case, relation="part_of", other=other.number.lower(), note=""))
    assert answer.status_code == 302
    assert words(company, case) == {("Part of", other.number)}


def test_the_link_to_end_is_chosen_already_where_its_button_was_pressed(company):
    case, first, second = (log(company) for _turn in range(3))
    link(company, case, first)
    link(company, case, second, "caused_by")
    made = CaseLink.objects.get(target=second)
    client = someone(company, "agent")
    html = page(client, case, f"?act=unlink&link={made.pk}")
    checked = [part for part in html.split("<input") if "checked" in part.split(">")[0]]
    assert any(f'value="{made.pk}"' in part for part in checked)
    url = f"/cases/{case.number}/acts/unlink/"
    data = sent(fresh(case), link=made.pk, reason="无关")
    assert client.post(url, {**data, "link": "999999"}).status_code == 400
    assert client.post(url, data).status_code == 302
    assert words(company, case) == {("Related to", first.number)}


# ---------------------------------------------------------------------------- closing
def test_closing_an_incident_shows_the_latest_cases_of_the_same_matter(company):
    case = bring_incident(company, S.CLOSING, incident(company, category=company.category))
    respond(company, case)
    alike = [log(company, category=company.category) for _turn in range(6)]
    other = log(company)
    html = page(someone(company, "engineer2"), case)
    near = html[html.index("Latest cases with the same product") :]
    near = near[: near.index("</ul>")]
    assert [one.number in near for one in alike] == [False] + [True] * 5
    assert other.number not in near


def test_where_nothing_is_alike_the_closing_says_so(company):
    case = bring_incident(company, S.CLOSING)
    respond(company, case)
    assert "No other case has the same product" in page(someone(company, "engineer2"), case)
