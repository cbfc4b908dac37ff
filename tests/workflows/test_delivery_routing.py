"""Whom an event reaches beside the bell, when, and at what cost."""

from datetime import time, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from cases.domain.defaults import ensure_defaults
from tests.cases.pages import statements_of
from workflows.domain import context, notices, outbox, preferences
from workflows.domain.digests import plan_digests
from workflows.domain.preferences import Wishes
from workflows.domain.quiet import quiet_until
from workflows.domain.routing import About, bell_only
from workflows.enums import Channel
from workflows.models import Delivery, Endpoint, Notification

pytestmark = pytest.mark.django_db
ABOUT = About("case", "TS-2026-000001", "TS-2026-000001", "轴承异响")


def moment(*given: int):
    return timezone.make_aware(timezone.datetime(*given))


def tell(people, kind="assigned", key="k", about=ABOUT, **given):
    at = given.pop("at", context.now())
    notices.tell([one.pk for one in people], kind=kind, key=key, about=about, at=at, **given)


def reachable(*people):
    """With an address of their own."""
    for person in people:
        person.email = f"{person.username}@example.com"
        person.save(update_fields=["email"])


@pytest.fixture
def c(company):
    reachable(company.head, company.handler, company.director)
    return company


def test_a_line_and_an_e_mail_are_written_together_and_once(c):
    for _turn in range(3):
        tell([c.head, c.handler, c.buyer])
    assert Notification.objects.count() == 3
    assert set(Delivery.objects.values_list("key", "channel", "language")) == {
        (f"k:{c.head.pk}:email", "email", "zh-hans"),
        (f"k:{c.handler.pk}:email", "email", "zh-hans"),
    }
    assert Notification.objects.get(user=c.buyer).channel == ""


def test_who_left_hears_nothing(c):
    User.objects.filter(pk=c.head.pk).update(is_active=False)
    tell([c.head])
    assert not Notification.objects.exists() and not Delivery.objects.exists()


def test_without_a_mail_server_nothing_waits_for_one(c, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "localhost"
    tell([c.head])
    assert Notification.objects.count() == 1 and not Delivery.objects.exists()


def test_the_demo_lives_through_months_without_a_mail(c):
    with bell_only():
        tell([c.head])
    assert Notification.objects.count() == 1 and not Delivery.objects.exists()


def test_an_event_that_is_not_wanted_by_mail_or_bell_stays_in_the_list_only(c):
    off = frozenset({("assigned", "email"), ("assigned", "bell")})
    preferences.keep(by=c.head, wishes=Wishes(off=off))
    tell([c.head])
    tell([c.head], kind="escalated", key="other")
    assert [row.kind for row in Delivery.objects.all()] == ["escalated"]
    assert Notification.objects.get(kind="assigned").read_at is not None
    assert Notification.objects.get(kind="escalated").read_at is None
    preferences.keep(by=c.head, wishes=Wishes())
    tell([c.head], key="again")
    assert Delivery.objects.filter(kind="assigned").count() == 1


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ((2026, 11, 24, 21, 59), None),
        ((2026, 11, 24, 22, 0), (2026, 11, 25, 7, 0)),
        ((2026, 11, 25, 0, 30), (2026, 11, 25, 7, 0)),
        ((2026, 11, 25, 6, 59), (2026, 11, 25, 7, 0)),
        ((2026, 11, 25, 7, 0), None),
    ],
)
def test_quiet_hours_pass_midnight(now, expected):
    found = quiet_until(moment(*now), time(22), time(7))
    assert found == (moment(*expected) if expected else None)


def test_quiet_hours_within_a_day():
    assert quiet_until(moment(2026, 11, 24, 13), time(12), time(14)) == moment(2026, 11, 24, 14)
    assert quiet_until(moment(2026, 11, 24, 15), time(12), time(14)) is None


def test_quiet_hours_hold_what_is_not_urgent(c):
    wishes = Wishes(quiet_from=time(22), quiet_until=time(7))
    preferences.keep(by=c.director, wishes=wishes)
    night, morning = moment(2026, 11, 24, 23), moment(2026, 11, 25, 7)
    with context.at(night):
        tell([c.director], key="held")
        tell([c.director], key="urgent", urgent=True)
        tell([c.director], kind="incident", key="incident")
    due = {row.key.split(":")[0]: row.due for row in Delivery.objects.all()}
    assert due == {"held": morning, "urgent": night, "incident": night}


def test_a_summary_gathers_once_at_the_chosen_time_of_a_working_day(c):
    ensure_defaults()
    preferences.keep(by=c.head, wishes=Wishes(digest_at=time(8)))
    with context.at(moment(2026, 11, 28, 9)):  # a Saturday, which is worked
        for number in range(3):
            tell([c.head], key=f"d{number}")
        tell([c.head], kind="incident", key="at-once")
        assert plan_digests() == 0
    with context.at(moment(2026, 11, 29, 12)):  # Sunday
        assert plan_digests() == 0
    with context.at(moment(2026, 11, 30, 8, 1)):
        assert plan_digests() == 1
        assert plan_digests() == 0
        summary = Delivery.objects.get(kind="digest")
        assert summary.members.count() == 3
        assert not Delivery.objects.filter(channel=Channel.DIGEST, sent=None).exists()
    assert Delivery.objects.get(kind="incident").channel == "email"


def test_a_summary_comes_on_a_make_up_saturday_and_not_on_a_holiday(c):
    ensure_defaults()
    preferences.keep(by=c.head, wishes=Wishes(digest_at=time(8)))
    with context.at(moment(2026, 9, 30, 12)):
        tell([c.head], key="before-national-day")
    with context.at(moment(2026, 10, 9, 12)):
        tell([c.head], key="before-saturday")
    due = {row.key.split(":")[0]: row.due for row in Delivery.objects.all()}
    assert due["before-national-day"] == moment(2026, 10, 8, 8)
    assert due["before-saturday"] == moment(2026, 10, 10, 8)


def test_who_gives_the_summary_up_gets_what_waited_at_once(c):
    preferences.keep(by=c.head, wishes=Wishes(digest_at=time(8)))
    with context.at(moment(2026, 11, 27, 9)):
        tell([c.head])
        preferences.keep(by=c.head, wishes=Wishes())
        assert plan_digests() == 1


def endpoint(**given):
    given = {"name": given.get("name", "群"), "address": "https://example.com/x", **given}
    return Endpoint.objects.create(**{"channel": "wecom", "kinds": ["assigned"], **given})


def test_a_group_hears_its_kinds_of_its_department_and_those_below(c):
    endpoint(name="all")
    endpoint(name="other kind", kinds=["escalated"])
    endpoint(name="off", is_active=False)
    endpoint(name="workshop", department=c.workshop)
    endpoint(name="purchasing", department=c.purchasing)
    about = ABOUT._replace(department=c.line.pk)
    for _turn in range(2):
        tell([], about=about)
    heard = Delivery.objects.values_list("endpoint__name", flat=True)
    assert sorted(heard) == ["all", "workshop"]
    tell([], key="nowhere")
    assert Delivery.objects.filter(key__startswith="nowhere").get().endpoint.name == "all"


def test_a_real_step_tells_its_department(c):
    from tests.factories import bring, task_of
    from workflows.domain.assignment import claim, transfer

    endpoint(name="workshop", department=c.workshop)
    endpoint(name="purchasing", department=c.purchasing)
    task = task_of(bring(c, "statement"))
    claim(task, by=c.head)
    transfer(task, to=c.handler, by=c.head)
    outbox.drain(1000)
    moved = Delivery.objects.filter(data__task=task.pk, endpoint__isnull=False)
    assert [row.endpoint.name for row in moved] == ["workshop"]
    assert moved.get().data["step"] == "complaint.statement"


def test_telling_costs_the_same_for_one_and_for_fifty(c):
    people = [
        User.objects.create(username=f"p{n}", name=f"P{n}", email=f"p{n}@example.com")
        for n in range(50)
    ]
    for person in people[:25]:
        preferences.keep(by=person, wishes=Wishes(digest_at=time(8)))
    endpoint(name="0")
    one = statements_of(lambda: tell(people[:1], key="one"))
    for number in range(1, 50):
        endpoint(name=str(number))
    fifty = statements_of(lambda: tell(people, key="fifty"))
    assert Delivery.objects.filter(key__startswith="fifty").count() == 100
    # SQLite takes fewer values in one statement, so a hundred rows go in three.
    batches = 0 if connection.vendor == "postgresql" else 2
    assert one <= 7 and fifty == one + batches, (one, fifty)


def test_wishes_that_make_no_sense_are_pointed_out(c, client):
    client.force_login(c.head)
    page = "/profile/notifications/"
    for bad in (
        {"quiet_from": "22:00"},
        {"quiet_from": "22:00", "quiet_until": "22:00"},
        {"digest_at": "25:99"},
    ):
        answer = client.post(page, {"on": ["assigned:bell"], **bad})
        assert answer.status_code == 422
        assert 'value="assigned:bell" checked' in answer.content.decode()
    assert preferences.wishes_of(c.head) == Wishes()


def test_my_page_keeps_my_wishes_and_only_mine(c, client):
    client.force_login(c.head)
    sent = {"on": ["assigned:bell"], "quiet_from": "22:00", "quiet_until": "07:00"}
    assert client.post("/profile/notifications/", sent).status_code == 302
    held = preferences.wishes_of(c.head)
    assert (held.quiet_from, held.quiet_until) == (time(22), time(7))
    assert ("assigned", "bell") not in held.off and ("assigned", "email") in held.off
    assert preferences.wishes_of(c.handler) == Wishes()
    assert 'value="22:00"' in client.get("/profile/notifications/").content.decode()


def test_the_page_says_why_no_mail_comes(c, client, settings):
    client.force_login(c.buyer)
    client.cookies["django_language"] = "en"
    assert "no e-mail address" in client.get("/profile/notifications/").content.decode()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "localhost"
    assert "No mail server" in client.get("/profile/notifications/").content.decode()


def test_the_bell_answers_only_when_its_number_changed(c, client):
    client.force_login(c.head)
    assert client.get("/notifications/count/?seen=0").status_code == 204
    tell([c.head])
    answer = client.get("/notifications/count/?seen=0")
    assert answer.status_code == 200 and "seen=1" in answer.content.decode()
    assert client.get("/notifications/count/?seen=1").status_code == 204
    assert statements_of(lambda: client.get("/notifications/count/?seen=1")) <= 3


def test_a_line_opens_its_page_and_is_read_by_that(c, client):
    tell([c.head], at=context.now() - timedelta(hours=1))
    row = Notification.objects.get()
    client.force_login(c.handler)
    assert client.post(f"/notifications/{row.pk}/open/").status_code == 404
    client.force_login(c.head)
    assert client.get(f"/notifications/{row.pk}/open/").status_code == 405
    answer = client.post(f"/notifications/{row.pk}/open/")
    assert answer["Location"] == "/cases/TS-2026-000001/#step"
    row.refresh_from_db()
    assert row.read_at is not None
