"""The clocks of cases: which one measures what, and whom it waits for.

Read a line aloud: "contain" runs while a response is open; declining it leaves nothing to keep.
How long each may take, and for which cases, is policy (cases/defaults.toml, ClockPolicy).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from cases.domain import departments
from cases.enums import (
    OPEN,
    REPLIED,
    ActionState as A,
    CaseState as S,
    ClockName as N,
    OpinionState as P,
    ResponseKind,
    ResponseState as R,
)
from workflows.domain import clock_plans
from workflows.domain.clock_plans import Plan

# There was nothing to keep: the case ended without a result.
DROPPED = frozenset({S.REJECTED, S.MERGED, S.CONVERTED, S.WITHDRAWN})
# What the law asks to be decided is decided by a refusal too.
UNDECIDED = DROPPED - {S.REJECTED}
TO_ACCEPT = frozenset({S.ACKNOWLEDGEMENT, S.TRIAGE})
TO_REPLY = OPEN - REPLIED - {S.CLOSING}
ACCEPTED = frozenset({S.STATEMENT, S.RAISED, S.INVESTIGATION})
PLANNING = frozenset({S.MEASURES, S.COMPLETENESS, S.APPROVAL})


def service(case: Any) -> int:
    return case.service_department_id


def in_charge(case: Any) -> int | None:
    """Who has to answer: the department in charge, before there is one who logged the case."""
    return case.department_id or case.service_department_id


def investigator(case: Any) -> int | None:
    """A major incident is investigated by the service centre, a complaint where it arose."""
    return service(case) if case.is_major else in_charge(case)


def quality(subject: Any) -> int | None:
    return departments.quality()


def place(subject: Any) -> int | None:
    return subject.department_id


def acknowledges(response: Any) -> bool:
    return response.kind == ResponseKind.ACKNOWLEDGEMENT


def contains(response: Any) -> bool:
    return not acknowledges(response)


def received(case: Any) -> datetime:
    return case.received_at


def ordered_for(action: Any) -> datetime | None:
    return action.due


def asked_for(opinion: Any) -> datetime:
    return opinion.due


def states(*names: str) -> frozenset[str]:
    return frozenset(str(name) for name in names)


PLANS = (
    Plan(N.ACKNOWLEDGE, "case", N.ACKNOWLEDGE.label, states(S.ACKNOWLEDGEMENT), service,
         fails=DROPPED),
    Plan(N.ACCEPT, "case", N.ACCEPT.label, TO_ACCEPT, service, fails=DROPPED, climbs=True),
    Plan(N.INVESTIGATE, "case", N.INVESTIGATE.label, states(S.STATEMENT, S.INVESTIGATION),
         investigator, fails=DROPPED | {S.TRIAGE}),
    Plan(N.PLAN, "case", N.PLAN.label, PLANNING, in_charge, fails=DROPPED | {S.TRIAGE},
         climbs=True),
    Plan(N.VERIFY, "case", N.VERIFY.label, states(S.VERIFICATION), quality, fails=DROPPED),
    Plan(N.REPLY, "case", N.REPLY.label, TO_REPLY, service, fails=DROPPED, climbs=True),
    Plan(N.TOTAL, "case", N.TOTAL.label, OPEN, service, waits=states(S.FEEDBACK), fails=DROPPED,
         climbs=True),
    Plan(N.LEGAL_ACCEPTANCE, "case", N.LEGAL_ACCEPTANCE.label, TO_ACCEPT, service,
         only_from=states(S.NEW), fails=UNDECIDED, since=received, climbs=True),
    Plan(N.MEDIATION, "case", N.MEDIATION.label, OPEN - {S.ACKNOWLEDGEMENT, S.CLOSING,
         S.COUNTERSIGNATURE}, service, begins=ACCEPTED, only_from=states(S.NEW, S.TRIAGE),
         fails=DROPPED, climbs=True),
    Plan(N.ACKNOWLEDGE, "response", N.ACKNOWLEDGE.label, states(R.OPEN), place,
         fails=states(R.NOT_NEEDED, R.LAPSED), only=acknowledges),
    Plan(N.CONTAIN, "response", N.CONTAIN.label, states(R.OPEN), place,
         fails=states(R.NOT_NEEDED, R.LAPSED), only=contains),
    Plan(N.OPINION, "opinion", N.OPINION.label, states(P.REQUESTED), place,
         fails=states(P.MISSING), date=asked_for),
    Plan(N.PLAN, "action", N.PLAN.label, states(A.ACCEPTED), place, fails=states(A.CANCELLED)),
    Plan(N.ACT, "action", N.ACT.label, states(A.ASSIGNED, A.ACCEPTED, A.IN_PROGRESS), place,
         fails=states(A.RETURNED, A.CANCELLED), date=ordered_for),
    Plan(N.VERIFY, "action", N.VERIFY.label, states(A.SUBMITTED), quality,
         fails=states(A.CANCELLED)),
)  # fmt: skip


def families(case: Any) -> tuple[int, ...]:
    """A product is all the families above it too."""
    path = case.product.path.strip("/").split("/") if case.product else ()
    return tuple(int(key) for key in path if key)


# What a rule may ask of a case; it is read when one asks.
FACTS: dict[str, Callable[[Any], Any]] = {
    "kind": lambda case: str(case.kind),
    "severity": lambda case: str(case.severity),
    "product": families,
    "customer_class": lambda case: case.customer.customer_class_id,
    "channel": lambda case: case.channel_id,
}


def register() -> None:
    clock_plans.register(
        "case",
        plans=PLANS,
        facts=FACTS,
        matched_anew=frozenset({"edit", "raise_major", "raise_severity", "lower_severity"}),
        dated_anew=frozenset({"extended"}),
        reopens=frozenset({"reopen"}),
    )
