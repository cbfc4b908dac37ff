"""What tests of watched actions share: an action under watch, and cases that come in meanwhile."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from cases.enums import CaseState
from cases.models import Case, Product
from tests.factories import bring, do, log, order, picture, walk_action
from workflows.domain import outbox


def planned(c: SimpleNamespace, action: Any = None, **given: Any) -> Any:
    """An action of a complaint that is being carried out, its cause known."""
    action = action or order(c, bring(c, CaseState.REVIEW)).actions.get()
    action = walk_action(c, action, "accepted")
    why = {"whys": ["压装力不足"], "cause_factor": "method", "plan": "修订作业指导书"}
    lasts = {"criterion": "no_recurrence", "window_days": 90}
    return do(action, "begin", c.handler, **{**why, **lasts, **given})


def submitted(c: SimpleNamespace, action: Any = None, **given: Any) -> Any:
    action = planned(c, action, **given)
    return do(action, "submit", c.handler, result="已修订。", uploads=[picture()])


def watched(c: SimpleNamespace, action: Any = None, **given: Any) -> Any:
    """An action whose effect engineer2 watches for 90 days."""
    return do(submitted(c, action, **given), "watch", c.engineer2)


def another(c: SimpleNamespace, **changes: Any) -> Case:
    """A further complaint that has come as far as its review; its cause is not found yet."""
    return bring(c, CaseState.REVIEW, log(c, title="轴承又异响", **changes))


def find_cause(c: SimpleNamespace, case: Case, cause: Any) -> Case:
    found = do(case, "accept_remedy", c.engineer, cause=cause)
    outbox.drain(200)
    return found


def sibling(c: SimpleNamespace, code: str = "BX-300", **given: Any) -> Product:
    """A product of the same family as the company's."""
    if c.product.parent_id is None:
        parent = Product.objects.create(code="BX", name="BX 系列", path="/90/")
        c.product.parent, c.product.path = parent, f"/90/{c.product.pk}/"
        c.product.save()
    made = Product.objects.create(code=code, name=f"{code} 轴承", parent=c.product.parent, **given)
    made.path = f"/90/{made.pk}/"
    made.save()
    return made


__all__ = ["another", "find_cause", "planned", "sibling", "submitted", "watched"]
