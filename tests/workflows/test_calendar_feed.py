"""Due dates in one's own calendar program: the file, its address, and who reads it."""

from urllib.parse import urlsplit

import pytest
from django.test import Client
from icalendar import Calendar

from accounts.domain import people
from cases.enums import CaseState
from tests.factories import bring, log, task_of
from workflows.domain import feeds
from workflows.domain.assignment import claim
from workflows.models import CalendarFeed, Task

pytestmark = pytest.mark.django_db
PAGE = "/inbox/calendar/"


def read(address, **headers):
    return Client().get(urlsplit(address).path, headers=headers)


def events(address):
    return Calendar.from_ical(read(address).content).walk("VEVENT")


def test_the_feed_holds_my_open_steps_at_their_due_moment(company):
    case = log(company)
    task = task_of(case)
    [event] = events(feeds.open_feed(by=company.agent))
    assert event.decoded("dtend") == task.due
    assert case.number in event["summary"]
    assert "确认" in event["summary"] or "告知" in event["summary"]  # chinese: the agent's language
    assert event["url"].endswith(f"/tasks/{task.pk}/")


def test_a_step_that_is_done_leaves_the_feed(company):
    case = bring(company, CaseState.REVIEW)
    claim(task_of(case), by=company.engineer)
    address = feeds.open_feed(by=company.engineer)
    assert len(events(address)) == 1
    Task.objects.filter(pk=task_of(case).pk).update(owner=company.manager)
    assert events(address) == []


def test_what_waits_to_be_claimed_is_in_the_feed_only_where_it_is_wished(company):
    bring(company, CaseState.REVIEW)
    assert events(feeds.open_feed(by=company.engineer)) == []
    assert len(events(feeds.open_feed(by=company.engineer, with_pool=True))) == 1


def test_a_new_address_replaces_the_old_one_and_closing_ends_it(company):
    log(company)
    first = feeds.open_feed(by=company.agent)
    second = feeds.open_feed(by=company.agent)
    assert read(first).status_code == 404
    assert read(second).status_code == 200
    feeds.close_feed(by=company.agent)
    assert read(second).status_code == 404


def test_the_feed_of_somebody_who_left_is_not_there(company):
    address = feeds.open_feed(by=company.buyer)
    people.deactivate(by=company.admin, person=company.buyer)
    assert read(address).status_code == 404


def test_the_address_is_kept_as_a_hash_only(company):
    address = feeds.open_feed(by=company.agent)
    token = urlsplit(address).path.removeprefix("/feeds/").removesuffix(".ics")
    assert len(token) >= 22
    assert token not in CalendarFeed.objects.get().token_hash


def test_an_unchanged_feed_is_not_sent_again(company):
    log(company)
    address = feeds.open_feed(by=company.agent)
    tag = read(address)["ETag"]
    assert read(address, if_none_match=tag).status_code == 304
    log(company)
    assert read(address, if_none_match=tag).status_code == 200


@pytest.mark.parametrize("token", ["x", "a%00b", "…", "a" * 3000])
def test_an_address_that_is_none_is_not_found(token):
    assert Client().get(f"/feeds/{token}.ics").status_code == 404


def test_what_people_typed_cannot_break_the_file(company):
    case = log(company)
    Task.objects.update(title="轴承\r\nBEGIN:VEVENT\nSUMMARY;X=1:evil,; \\")
    [event] = events(feeds.open_feed(by=company.agent))
    assert case.number in event["summary"]


@pytest.mark.parametrize("rows", [1, 50])
def test_the_feed_takes_four_statements_at_1_and_at_50_steps(
    company, rows, django_assert_max_num_queries
):
    for _turn in range(rows):
        log(company)
    Task.objects.filter(finished=None).update(owner=company.agent)
    address = feeds.open_feed(by=company.agent, with_pool=True)
    with django_assert_max_num_queries(4):
        assert len(events(address)) == rows


def test_the_address_is_shown_once_on_the_page(company, client):
    client.force_login(company.agent)
    client.cookies["django_language"] = "en"
    html = client.post(PAGE, {"with_pool": "on"}).content.decode()
    assert "/feeds/" in html
    assert CalendarFeed.objects.get(user=company.agent).with_pool
    html = client.get(PAGE).content.decode()
    assert "/feeds/" not in html
    assert "You have an address since" in html
    client.post(PAGE, {"close": "1"})
    assert not CalendarFeed.objects.exists()
