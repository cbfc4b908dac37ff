"""What keeps a person or a department from being switched off.

Upper apps add their reasons here when they start; nothing here knows what a task is.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import Department, User


@dataclass(frozen=True)
class OpenWork:
    """One thing that waits for a person: shown, with its address, until it is handed over."""

    number: str
    title: Any
    url: str
    department: Department | None
    due: datetime | None


# A sentence why not, or None.
duties: list[Callable[[User], str | None]] = []
department_duties: list[Callable[[Department], str | None]] = []
# What waits, one by one.
open_work: list[Callable[[User], Iterable[OpenWork]]] = []


def of_person(person: User) -> str | None:
    return next((why for duty in duties if (why := duty(person))), None)


def of_department(department: Department) -> str | None:
    return next((why for duty in department_duties if (why := duty(department))), None)


def work_of(person: User) -> list[OpenWork]:
    return [work for source in open_work for work in source(person)]
