"""Documents and versions of the policy, as tests need them."""

import copy

from surveys.domain import policies
from tests.surveys.indexing import PERIOD

START = PERIOD.after.first_day


def document(**changes):
    """The rules of a new installation, changed."""
    given = copy.deepcopy(policies.defaults()["policy"])
    del given["holds_from"]
    return {**given, **changes}


def weights(*given):
    sources = document()["sources"]
    for source, weight in zip(sources, given, strict=True):
        source["weight"] = weight
    return document(sources=sources)


def draft(c, **changes):
    given = {"by": c.manager, "document": document(), "holds_from": START, "reason": "试行"}
    return policies.draft(**{**given, **changes})


def published(c, start=START, **changes):
    return policies.publish(
        by=c.manager, policy=draft(c, holds_from=start, **changes), reason="管理评审决议"
    )
