"""What tests of pages share: a signed-in browser, and how many statements a request costs."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import task_of


def browser(person: Any, language: str = "en") -> Client:
    """A client that is signed in and reads English, whatever has been translated."""
    client = Client()
    client.force_login(person)
    client.cookies["django_language"] = language
    return client


def statements(client: Client, method: str, url: str, data: Any = None) -> tuple[Any, int]:
    """The answer, and the number of statements besides BEGIN, COMMIT and savepoints."""
    answers = []
    count = statements_of(lambda: answers.append(getattr(client, method)(url, data)))
    return answers[0], count


def statements_of(work: Callable[[], Any]) -> int:
    """The number of statements of a command besides BEGIN, COMMIT and savepoints."""
    with CaptureQueriesContext(
        connection,
    ) as seen:
        work()
    frame = re.compile(r"^(BEGIN|COMMIT|SAVEPOINT|RELEASE|ROLLBACK)")
    return len([one for one in seen if not frame.match(one["sql"])])


def step_url(subject: Any, outcome: str) -> str:
    """Where the form of an outcome of the open step is sent from the case page."""
    task = task_of(subject)
    return f"/cases/{task.root_number}/tasks/{task.pk}/{outcome}/"


def sent(subject: Any, **data: Any) -> dict[str, Any]:
    """What a form of this subject sends along."""
    return {"version": subject.version, **data}


def fresh(subject: Any) -> Any:
    return type(subject).objects.get(pk=subject.pk)


def page(client: Client, subject: Any, query: str = "") -> str:
    answer = client.get(subject.get_absolute_url() + query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def someone(company: SimpleNamespace, name: str) -> Client:
    return browser(getattr(company, name))
