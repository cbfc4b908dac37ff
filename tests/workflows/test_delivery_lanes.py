"""Lanes: sent once, what fails waits, and nobody waits for who is slow. Real mail servers."""

import threading
import time as clock
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from tests import mailbox
from tests.mailbox import Mailbox
from workflows.channels.base import ADAPTERS, Undeliverable
from workflows.domain import delivery, notices, preferences
from workflows.domain.delivery import MOST_ATTEMPTS, deliver
from workflows.domain.routing import About
from workflows.models import Breaker, Delivery, DeliveryAttempt, Endpoint

pytestmark = pytest.mark.django_db
ABOUT = About("case", "TS-2026-000001", "TS-2026-000001", "轴承异响")


@pytest.fixture
def box(settings):
    with Mailbox() as box:
        mailbox.use(settings, box)
        yield box


def tell(people, key="k", about=ABOUT, **given):
    at = timezone.now()
    keys = [one.pk for one in people]
    notices.tell(keys, **{"kind": "assigned", "key": key, "about": about, "at": at, **given})


def crowd(names):
    people = [User(username=name, name=name, email=f"{name}@example.com") for name in names]
    return User.objects.bulk_create(people)


def at_once(rows=None):
    """As if the pause were over."""
    (rows or Delivery.objects.filter(sent=None)).update(due=timezone.now())


class Scripted:
    """An adapter that does what its target's address says."""

    def __init__(self):
        self.seen = []

    def send(self, target, message):
        self.seen.append((target.address, message, clock.monotonic()))
        if "hang" in target.address:
            clock.sleep(2.1)
            raise TimeoutError("no answer")
        if "never" in target.address:
            raise Undeliverable("unknown robot")
        if "fails" in target.address:
            raise RuntimeError(f"bad answer from {target.address} with {target.secret}")
        return "ok"


@pytest.fixture
def robot(monkeypatch):
    scripted = Scripted()
    monkeypatch.setitem(ADAPTERS, "wecom", scripted)
    return scripted


def endpoint(name, address="https://example.com/robot", **given):
    return Endpoint.objects.create(
        **{"channel": "wecom", "kinds": ["assigned"], "name": name, "address": address, **given}
    )


# ---------------------------------------------------------------------------- e-mail
def test_a_mail_has_two_forms_its_language_and_says_that_no_person_wrote_it(company, box):
    zh, en = crowd(["liwei", "smith"])
    User.objects.filter(pk=en.pk).update(language="en")
    tell([zh, en])
    assert deliver("email") == 2
    letters = {letter["To"]: letter for letter in box.letters}
    for letter in letters.values():
        assert letter["Auto-Submitted"] == "auto-generated"
        assert letter.get_body(("plain",)) and letter.get_body(("html",))
        assert "/cases/TS-2026-000001/" in letter.get_body(("plain",)).get_content()
    english = letters["smith@example.com"]
    assert english["Subject"] == "Waits for you: TS-2026-000001 轴承异响"
    assert "/profile/notifications/" in english.get_body(("html",)).get_content()
    row = Delivery.objects.get(user=en)
    assert row.sent and row.receipt == english["Message-ID"] and "Waits for you" in row.text


def test_line_breaks_of_a_title_make_no_header(company, box):
    about = ABOUT._replace(title="a\r\nBcc: thief@example.com\nb")
    tell(crowd(["liwei"]), about=about)
    assert deliver("email") == 1
    (letter,) = box.letters
    assert letter["Bcc"] is None and "thief" in letter["Subject"]


def test_markup_in_a_title_is_text_in_the_mail(company, box):
    about = ABOUT._replace(title='<img src=x onerror="alert(1)">{link}')
    tell(crowd(["liwei"]), about=about)
    deliver("email")
    html = box.letters[0].get_body(("html",)).get_content()
    assert "<img" not in html and "&lt;img" in html
    assert "{link}" in html


def test_a_mailbox_that_does_not_exist_is_not_tried_again(company, box):
    tell(crowd(["gone"]))
    assert deliver("email") == 0
    row = Delivery.objects.get()
    assert row.dead is not None and "no such mailbox" in row.error


def test_twenty_poisoned_messages_among_two_thousand_delay_nobody(company, box):
    people = crowd([f"p{n}" if n % 100 else f"poison{n}" for n in range(400)])
    for turn in range(5):
        tell(people, key=f"k{turn}")
    begun = clock.monotonic()
    sent = deliver("email", limit=2000)
    while (more := deliver("email", limit=2000)) or clock.monotonic() - begun < 1:
        sent += more
    waiting = Delivery.objects.filter(sent=None)
    assert sent == 1980 == len(box.letters)
    assert waiting.count() == 20 and not waiting.exclude(user__username__contains="poison")
    assert set(box.times().values()) == {1}
    # What the poison cost the others, added up.
    lost = DeliveryAttempt.objects.exclude(error="").values_list("took_ms", flat=True)
    assert len(lost) >= 20 and sum(lost) < 10_000
    for _turn in range(MOST_ATTEMPTS):
        at_once()
        deliver("email", limit=2000)
    assert Delivery.objects.filter(dead__isnull=False, attempts=MOST_ATTEMPTS).count() == 20
    assert DeliveryAttempt.objects.filter(delivery__dead__isnull=False).count() == 160


def test_a_mail_server_that_hangs_costs_one_time_out_and_then_rests(company, settings):
    settings.EMAIL_TIMEOUT = 1
    with Mailbox(hangs=True) as silent:
        mailbox.use(settings, silent)
        tell(crowd([f"p{n}" for n in range(30)]))
        begun = clock.monotonic()
        assert deliver("email") == 0
        assert clock.monotonic() - begun < 4
        assert Breaker.objects.get().target == "channel:email"
        tried = DeliveryAttempt.objects.count()
        at_once()
        assert deliver("email") == 0 and DeliveryAttempt.objects.count() == tried
    with Mailbox() as back:
        mailbox.use(settings, back)
        Breaker.objects.update(rests_until=timezone.now())
        assert deliver("email") == 30 and len(back.letters) == 30
    assert not Breaker.objects.exists()


def test_a_server_that_answers_each_command_just_in_time_is_held_to_the_whole(company, settings):
    settings.EMAIL_TIMEOUT = 1.5
    with Mailbox(pause=0.7) as slow:
        mailbox.use(settings, slow)
        tell(crowd(["liwei"]))
        begun = clock.monotonic()
        assert deliver("email") == 0
        assert clock.monotonic() - begun < 4 and not slow.letters
    assert "timed out" in Delivery.objects.get().error


# ---------------------------------------------------------------------------- lanes
def test_a_failing_message_waits_longer_each_time_and_dies_after_eight(company, robot):
    endpoint("bad", "https://example.com/fails?key=abc", secret="s3cret")
    endpoint("good")
    tell([])
    assert deliver("wecom") == 1
    row = Delivery.objects.get(endpoint__name="bad")
    waits = []
    for attempt in range(2, MOST_ATTEMPTS + 1):
        assert row.attempts == attempt - 1 and row.dead is None
        waits.append((row.due - timezone.now()).total_seconds())
        at_once()
        assert deliver("wecom") == 0
        row.refresh_from_db()
    assert row.dead is not None
    assert all(0.7 * 2**n < wait < 1.3 * 2**n for n, wait in enumerate(waits, 1))
    assert "abc" not in row.error and "s3cret" not in row.error and "RuntimeError" in row.error
    assert deliver("wecom") == 0 and row.tries.count() == MOST_ATTEMPTS


def test_what_is_refused_for_good_is_dead_at_once(company, robot):
    endpoint("unknown", "https://example.com/never")
    tell([])
    deliver("wecom")
    assert Delivery.objects.get().dead is not None and DeliveryAttempt.objects.count() == 1


def test_targets_that_hang_delay_no_other_and_rest_after_three_times(company, robot):
    for number in range(3):
        endpoint(f"hang{number}", f"https://example.com/hang{number}")
    for number in range(6):
        endpoint(f"fine{number}", f"https://example.com/fine{number}")
    for turn in range(5):
        tell([], key=f"k{turn}")
    begun = clock.monotonic()
    assert deliver("wecom") == 30
    fine = [moment for address, _message, moment in robot.seen if "fine" in address]
    assert max(fine) - begun < 2
    # Each hung thrice, one message after the other, and rests: two of five are not tried.
    hung = [address for address, _message, _moment in robot.seen if "hang" in address]
    assert len(hung) == 9 and Breaker.objects.filter(rests_until__gt=timezone.now()).count() == 3
    at_once()
    assert deliver("wecom") == 0 and len(robot.seen) == 39


def test_a_target_gets_one_message_at_a_time_in_order(company, robot):
    endpoint("one")
    for turn in range(20):
        tell([], key=f"k{turn:02}")
    assert deliver("wecom") == 20
    assert [message.key[:3] for _address, message, _moment in robot.seen] == [
        f"k{turn:02}" for turn in range(20)
    ]


def test_a_program_is_told_what_happened_whatever_the_wording(company, robot):
    endpoint("both", language="both", secret="s")
    tell([], about=ABOUT._replace(title="x"), data={"step": "complaint.review", "due": ""})
    deliver("wecom")
    _address, message, _moment = robot.seen[0]
    assert message.data["number"] == "TS-2026-000001" and message.data["type"] == "redress.assigned"
    assert "Waits for you" in message.subject and " / " in message.subject
    assert message.url.endswith("/cases/TS-2026-000001/#step")


def test_who_left_or_was_switched_off_meanwhile_is_dropped(company, robot, box):
    (person,) = crowd(["liwei"])
    group = endpoint("off")
    tell([person])
    User.objects.filter(pk=person.pk).update(is_active=False)
    Endpoint.objects.filter(pk=group.pk).update(is_active=False)
    assert deliver("wecom") == deliver("email") == 0
    assert Delivery.objects.filter(dropped__isnull=False).count() == 2 and not box.letters


def test_a_late_message_does_not_break_quiet_hours(company, box):
    from workflows.domain import context

    (person,) = crowd(["liwei"])
    day = timezone.make_aware(timezone.datetime(2026, 11, 24, 21, 59))
    wishes = preferences.Wishes(clock_time(22), clock_time(7))
    preferences.keep(by=person, wishes=wishes)
    with context.at(day):
        tell([person])
    with context.at(day + timedelta(hours=1)):
        assert deliver("email") == 0
    row = Delivery.objects.get()
    assert row.due == day + timedelta(hours=9, minutes=1) and row.attempts == 0
    with context.at(row.due):
        assert deliver("email") == 1


def clock_time(hour):
    from datetime import time

    return time(hour)


def test_a_message_that_no_worker_came_back_from_is_given_up(company, robot):
    endpoint("one")
    tell([])
    Delivery.objects.update(attempts=MOST_ATTEMPTS)
    assert deliver("wecom") == 0 and not robot.seen
    assert Delivery.objects.get().dead is not None


def test_an_idle_lane_costs_one_statement(company, robot, django_assert_num_queries):
    with django_assert_num_queries(1):
        deliver("wecom")
    with django_assert_num_queries(0):
        deliver("carrier pigeon")


def test_a_daily_summary_is_one_mail_with_a_line_each(company, box):
    from workflows.domain.digests import plan_digests

    (person,) = crowd(["liwei"])
    preferences.keep(by=person, wishes=preferences.Wishes(digest_at=clock_time(8)))
    for number in range(3):
        tell([person], key=f"k{number}", about=ABOUT._replace(title=f"第{number}件"))
    at_once()
    assert plan_digests() == 1 and deliver("email") == 1
    text = box.letters[0].get_body(("plain",)).get_content()
    assert all(f"第{number}件" in text for number in range(3))


@pytest.mark.postgres_only
@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_three_at_one_lane_send_each_message_once(settings):
    if connection.vendor != "postgresql":
        pytest.skip("needs SKIP LOCKED")
    with Mailbox() as box:
        mailbox.use(settings, box)
        tell(crowd([f"p{n}" for n in range(300)]))
        sent, gate = [], threading.Barrier(3)

        def work():
            gate.wait()
            try:
                while done := deliver("email", limit=40):
                    sent.append(done)
            finally:
                connection.close()

        threads = [threading.Thread(target=work) for _turn in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sum(sent) == 300 == len(box.letters)
        assert set(box.times().values()) == {1}
        assert DeliveryAttempt.objects.count() == 300


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_held_while_something_is_sent(robot):
    inside = []
    endpoint("one")
    tell([])
    claim = delivery.claim

    def watch(*args, **given):
        rows = claim(*args, **given)
        inside.append(connection.in_atomic_block)
        return rows

    delivery.claim, before = watch, claim
    try:
        deliver("wecom")
    finally:
        delivery.claim = before
    assert inside and not any(inside)
