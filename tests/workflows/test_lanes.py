"""The lanes of the background work, by whoever drives them: threads of `serve`, or Celery."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from datetime import timedelta

import pytest
from django.conf import settings as project
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from config.beat import Beat
from config.celery import app, transport_options
from tests.factories import log, task_of
from workflows.domain import delivery, outbox, scheduler
from workflows.lanes import LANES, Lane
from workflows.models import Lease, Outbox, Round, Task
from workflows.tasks import work_round

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_noted(monkeypatch):
    monkeypatch.setattr(scheduler, "_noted", {})


# ---------------------------------------------------------------------------- rounds
def test_every_lane_that_has_work_is_in_the_table():
    names = [lane.name for lane in LANES]
    assert len(set(names)) == len(names)
    assert set(scheduler._works) == set(names)
    assert {f"deliver:{channel}" for channel in delivery.CHANNELS} <= set(names)
    assert "digests" in scheduler._chores


def test_a_round_goes_on_until_nothing_is_left(monkeypatch):
    left = [3, 2, 1, 0]
    monkeypatch.setitem(scheduler._works, "effects", lambda: left.pop(0))
    assert scheduler.work_round("effects") == 6


def test_a_round_ends_with_its_time_or_when_it_is_told_to(monkeypatch):
    stop = threading.Event()
    monkeypatch.setitem(scheduler._works, "effects", lambda: stop.set() or 1)
    assert scheduler.work_round("effects", stop) == 1
    monkeypatch.setattr(scheduler, "ROUND_SECONDS", 0)
    monkeypatch.setitem(scheduler._works, "effects", lambda: 1)
    assert scheduler.work_round("effects") == 1


def test_a_failing_lane_is_written_down_and_stops_no_other(monkeypatch):
    def broken():
        raise OSError("disk")

    monkeypatch.setitem(scheduler._works, "effects", broken)
    told = scheduler.tick()
    assert told["effects"] == 0 and "clocks" in told
    assert "disk" in Round.objects.get(name="effects").error
    assert Round.objects.get(name="clocks").error == ""


def test_a_lane_of_a_newer_clock_is_passed_over():
    assert scheduler.work_round("deliver:pigeon") == 0
    assert not Round.objects.exists()


def test_signs_of_life_are_rare():
    for _turn in range(5):
        scheduler.note_round("effects")
    first = Round.objects.get(name="effects").at
    scheduler.note_round("effects", error="bad")
    assert Round.objects.get(name="effects").at > first


def test_a_chore_is_done_by_one_in_its_time(monkeypatch):
    done = []
    chore = timedelta(minutes=1), lambda: done.append(1) or 1
    monkeypatch.setattr(scheduler, "_chores", {"sweep": chore})
    assert [scheduler.do_chores() for _turn in range(3)] == [1, 0, 0]
    Lease.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert scheduler.do_chores() == 1


# ---------------------------------------------------------------------------- Celery
def test_the_beat_has_one_message_for_each_lane_that_runs_out():
    table = app.conf.beat_schedule
    assert set(table) == {lane.name for lane in LANES}
    for lane in LANES:
        entry = table[lane.name]
        assert (entry["task"], entry["args"]) == (work_round.name, [lane.name])
        assert entry["options"]["queue"] == lane.queue
        assert lane.every < entry["options"]["expires"] <= 60


def test_messages_are_data_acknowledged_at_once_and_taken_one_at_a_time():
    conf = app.conf
    assert (list(conf.accept_content), conf.task_serializer) == (["json"], "json")
    assert not conf.task_acks_late
    assert conf.worker_prefetch_multiplier == 1
    assert 0 < conf.task_soft_time_limit < conf.task_time_limit
    for queue in conf.task_queues:
        assert queue.queue_arguments["x-queue-type"] == "quorum"
    assert transport_options("amqp://x")["confirm_publish"]
    redis = transport_options("redis://x")
    assert redis["visibility_timeout"] > conf.task_time_limit


def test_a_workers_round_is_the_round_of_the_lane():
    outbox.emit("nothing", "by-celery")
    work_round.apply(args=["effects"], throw=True)
    assert Outbox.objects.get(key="by-celery").sent is not None


def test_the_clock_leaves_a_sign_of_life_and_keeps_no_file(monkeypatch):
    # The connection of a test is not the clock's to close.
    monkeypatch.setattr("django.db.close_old_connections", lambda: None)
    app.loader.import_default_modules()
    clock = Beat(app, Producer=lambda *_args, **_more: None)
    clock.apply_entry = lambda entry, producer=None: None
    clock.tick()
    assert Round.objects.get(name="beat").at > timezone.now() - timedelta(seconds=5)
    assert set(clock.schedule) == {lane.name for lane in LANES}


# ---------------------------------------------------------------------------- health
def ready(client):
    answer = client.get(reverse("workflows:ready"))
    return answer.status_code, answer.json()


def test_ready_tells_of_database_outbox_clocks_lanes_and_beat(client, company):
    scheduler.tick()
    status, told = ready(client)
    assert (status, told["status"], told["late"]) == (200, "ready", [])
    assert told["outbox"] == {"lag": None, "dead": 0}
    assert told["clocks"] == {"lag": None} and told["beat"] == {"age": None}
    assert set(told["lanes"]) == {lane.name for lane in scheduler.lanes()}
    assert all(lane["age"] < 5 and not lane["failed"] for lane in told["lanes"].values())


def test_before_the_first_round_nothing_is_ready(client):
    status, told = ready(client)
    assert status == 503 and "lane effects" in told["late"]


def test_what_lags_is_named(client, company):
    scheduler.tick()
    step = task_of(log(company))
    long_ago = timezone.now() - timedelta(minutes=20)
    Task.objects.filter(pk=step.pk).update(due=long_ago, next_at=long_ago)
    Outbox.objects.filter(sent=None).update(due=long_ago)
    Round.objects.filter(name="chores").update(at=long_ago)
    Round.objects.create(name="beat", at=long_ago)
    status, told = ready(client)
    assert status == 503
    assert told["late"] == ["outbox", "clocks", "lane chores", "beat"]
    assert told["outbox"]["lag"] >= 1200 and told["beat"]["age"] >= 1200


def test_a_dead_letter_is_counted_and_takes_nothing_out_of_service(client):
    scheduler.tick()
    outbox.emit("nothing", "dead-one")
    Outbox.objects.update(dead=timezone.now())
    status, told = ready(client)
    assert (status, told["outbox"]["dead"]) == (200, 1)


@pytest.mark.parametrize("effects", [1, 50])
def test_asking_costs_the_same_however_much_waits(client, django_assert_num_queries, effects):
    for number in range(effects):
        outbox.emit("nothing", f"effect {number}")
    with django_assert_num_queries(5):
        ready(client)


def test_without_a_database_it_says_so(client, monkeypatch):
    def away(*_args):
        raise OperationalError("gone")

    monkeypatch.setattr("workflows.web.health.measure", away)
    assert ready(client) == (503, {"status": "no database"})


# ---------------------------------------------------------------------------- embedded
def test_a_thread_of_a_lane_works_until_it_is_told_to_stop(monkeypatch):
    rounds, stop = [], threading.Event()
    monkeypatch.setattr(scheduler, "work_round", lambda name, stop: rounds.append(name))
    thread = threading.Thread(target=scheduler.keep, args=(Lane("effects", 0), stop, 0.01))
    thread.start()
    while len(rounds) < 3:
        time.sleep(0.01)
    stop.set()
    thread.join(2)
    assert not thread.is_alive()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


SERVE = """
import django
django.setup()
from workflows.management.commands.serve import serve
serve("{host}", {port})
"""


@pytest.mark.sqlite_only
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_serve_answers_who_has_asked_and_is_gone_five_seconds_after_it_is_told_to(tmp_path, host):
    port = free_port()
    env = os.environ | {
        "DATABASE_URL": "sqlite://:memory:",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "REDRESS_DATA_DIR": str(tmp_path),
        "REDRESS_LOG_LEVEL": "CRITICAL",
    }
    command = [sys.executable, "-c", SERVE.format(host=host, port=port)]
    with subprocess.Popen(command, cwd=project.BASE_DIR, env=env) as server:
        try:
            wait_until_served(f"http://127.0.0.1:{port}/live", server)
            with socket.create_connection(("127.0.0.1", port)) as asking:
                asking.sendall(b"GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                server.send_signal(signal.SIGTERM)
                begun = time.monotonic()
                asking.settimeout(5)
                assert b"200 OK" in asking.recv(200)
            assert server.wait(8) == 0
            assert time.monotonic() - begun < 6
        finally:
            server.kill()


def wait_until_served(url: str, server: subprocess.Popen) -> None:
    for _turn in range(300):
        assert server.poll() is None, "it ended instead of serving"
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                assert answer.status == 200
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("it never served")
