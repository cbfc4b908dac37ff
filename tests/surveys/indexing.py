"""Answers of a period, laid into the tables as collecting leaves them."""

from decimal import Decimal
from io import StringIO
from itertools import count

from django.core.management import call_command

from surveys.domain import index, periods, policies, policy
from surveys.models import DeductedCase, DeductionEntry, Finding, Invitee, Response
from tests.factories import log
from tests.surveys.factories import campaign
from workflows.domain.context import now

PERIOD = periods.half_of(now())
# One item with one sub-item: a form is one character.
LOOK = {
    "items": [
        {
            "key": "quality", "name": "质量", "weight": "3",
            "subitems": [{"key": "look", "name": "外观", "weight": "2"}],
        }
    ]
}  # fmt: skip
# 92.40, 88.00 and 95.00 by the points 100, 95, 85, 50, 0.
GOLDEN = {
    "sales_survey": ["5"] * 10 + ["4"] * 12 + ["3"] * 2 + ["1"],
    "sales_visit": ["5", "5", "4", "4", "2"],
    "qc_survey": ["4"] * 5,
}
_numbers = count(1)


def rules(**changes):
    """The default policy, changed."""
    return policy.read({**policies.defaults()["policy"], **changes})


def put(c, source, levels, *, region="华东", **changes):
    """A campaign with one valid form for each of `levels`."""
    given = {"source": source, "period": PERIOD.code, "questionnaire": c.form, **changes}
    here = campaign(c, **given)
    Response.objects.bulk_create(
        form(here, one, region=region, product=c.product) for one in levels
    )
    return here


def form(here, levels, **changes):
    given = {
        "campaign": here,
        "questionnaire": here.questionnaire,
        "external_id": f"r{next(_numbers)}",
        "received_at": now(),
        "channel": "import",
        "levels": levels,
        "customer_type": "direct",
        "region": "华东",
        "entered_at": now(),
    }
    return Response(**{**given, **changes})


def answer(here, levels, **changes):
    response = form(here, levels, **changes)
    response.save()
    return response


def send(here, number, **changes):
    """Rows of the frame to whom a form went out."""
    given = {"name": "x", "customer_type": "direct", "region": "华东", "sent_at": now(), **changes}
    Invitee.objects.bulk_create(
        Invitee(campaign=here, external_id=f"i{next(_numbers)}", **given) for _turn in range(number)
    )


def invalidate(c, here, levels):
    """Take out the forms with these answers, as a confirmed finding does."""
    finding = Finding.objects.create(
        number=f"HC-{next(_numbers)}", campaign=here, check_key="fast", title="过快",
        fingerprint=f"{next(_numbers)}", found_at=now(), state="confirmed",
        decided_by=c.engineer, confirmed_by=c.manager,
    )  # fmt: skip
    Response.objects.filter(campaign=here, levels=levels).update(invalidated_by=finding)
    return finding


def computed(**changes):
    return index.compute(PERIOD, rules(**changes))


def by_key(result):
    return {source["key"]: source for source in result["sources"]}


def deduct(c, rule, count, points, cases=0):
    """Entries written straight into the ledger."""
    version = policies.in_force(PERIOD)
    entries = [
        DeductionEntry.objects.create(
            period=PERIOD.code, rule=rule, points=Decimal(points), policy=version,
            reason="reached", at=now(),
        )
        for _turn in range(count)
    ]  # fmt: skip
    for entry in entries:
        for _turn in range(cases):
            DeductedCase.objects.create(entry=entry, period=entry.period, case=log(c))
    return entries


def run(*given_, period=PERIOD.code):
    out = StringIO()
    call_command("satisfaction_index", "--period", period, *given_, stdout=out)
    return out.getvalue()
