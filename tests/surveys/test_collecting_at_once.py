"""Very many at once with one link, on PostgreSQL: one answer, and everybody is told."""

import threading
from collections import Counter

import pytest
from django.db import connection
from django.test import Client

from surveys.domain import responses
from surveys.models import Invitee, Response
from tests import factories
from tests.surveys.factories import campaign, invite
from tests.workflows.test_concurrency import at_once
from workflows.domain.context import now
from workflows.errors import Conflict

pytestmark = [
    pytest.mark.postgres_only,
    pytest.mark.concurrency,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
ALL, AT_ONCE = 1000, 40


@pytest.fixture
def company(transactional_db):
    return factories.company()


def test_a_thousand_forms_of_one_link_leave_one_answer(company):
    """Each thread sends its share; all begin at the same instant."""
    invitee, token = invite(company, campaign(company))
    told, start = Counter(), threading.Barrier(AT_ONCE)

    def send(thread):
        try:
            connection.ensure_connection()
            start.wait()
            for turn in range(ALL // AT_ONCE):
                answers = {"function": "5", "appearance": str(1 + (thread + turn) % 5)}
                texts = {"appearance": f"{thread}-{turn}"}
                try:
                    responses.submit(token=token, answers=answers, texts=texts)
                    told["kept"] += 1
                except Conflict:
                    told["refused"] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert told == {"kept": 1, "refused": ALL - 1}
    assert Response.objects.filter(invitee=invitee).count() == 1


def test_of_many_browsers_with_one_link_one_is_thanked(company):
    _invitee, token = invite(company, campaign(company))
    clients = [Client(REMOTE_ADDR=f"10.0.0.{number}") for number in range(20)]
    jobs = [
        lambda client=client: client.post(f"/a/{token}/", {"a-function": "5"}).status_code
        for client in clients
    ]
    assert Counter(at_once(*jobs)) == {302: 1, 409: 19}


def test_staff_and_customer_at_once_leave_one_answer(company):
    for _turn in range(20):
        invitee, token = invite(company, campaign(company))
        results = at_once(
            lambda token=token: responses.submit(token=token, answers={"function": "5"}, texts={}),
            lambda invitee=invitee: responses.enter(
                by=company.marketer, campaign=invitee.campaign, invitee=invitee, channel="paper",
                answers={"function": "1"}, texts={}, received_at=now(),
            ),
            lambda token=token: responses.save_draft(token=token, answers={}, texts={}),
        )  # fmt: skip
        kept = [one for one in results[:2] if isinstance(one, Response)]
        assert len(kept) == 1
        assert Response.objects.get(invitee=invitee) == kept[0]
        assert Invitee.objects.get(pk=invitee.pk).draft == {}
