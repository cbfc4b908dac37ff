"""A process that moves cases on, step after step, until it is killed: `python -m …people_at_work`.

Of every step that was committed it writes the number of its transition to the file it is given:
what stands there was promised to somebody.
"""

import os
import random
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.chaos.settings")
django.setup()

from django.core.exceptions import ObjectDoesNotExist, ValidationError  # noqa: E402
from django.db import OperationalError  # noqa: E402

from accounts.models import Department, User  # noqa: E402
from cases.enums import CaseState  # noqa: E402
from cases.models import Case, Cause, Channel, Customer, Product  # noqa: E402
from tests.factories import ROAD, do, log  # noqa: E402
from workflows.errors import EngineError  # noqa: E402
from workflows.models import Transition  # noqa: E402

MOST_OPEN = 6
STEPS = {state: (outcome, who, given) for state, outcome, who, given in ROAD}


def company() -> SimpleNamespace:
    """Who works there, found again by a process that was not there when they came."""
    people = {user.username: user for user in User.objects.all()}
    return SimpleNamespace(
        **people,
        workshop=Department.objects.get(code="WS"),
        channel=Channel.objects.get(),
        cause=Cause.objects.get(),
        product=Product.objects.get(),
        customer=Customer.objects.earliest("pk"),
    )


def step(c: SimpleNamespace) -> Case:
    """Log a case, or move one on that is open."""
    running = Case.objects.exclude(state=CaseState.CLOSED)
    found = list(running.filter(state__in=STEPS).order_by("pk")[:MOST_OPEN])
    if len(found) < MOST_OPEN and random.random() < 0.3 or not found:
        return log(c)
    case = random.choice(found)
    outcome, who, given = STEPS[case.state]
    return do(case, outcome, getattr(c, who), **given(c))


def main(promised: Path) -> None:
    c = company()
    with promised.open("a", encoding="ascii") as file:
        while True:
            time.sleep(random.uniform(0, 0.2))
            try:
                case = step(c)
            except (EngineError, ValidationError, OperationalError, ObjectDoesNotExist):
                continue  # a colleague was faster
            row = Transition.objects.filter(subject_kind="case", subject_id=case.pk)
            file.write(f"{row.latest('pk').pk}\n")
            file.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
