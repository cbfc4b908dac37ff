"""The daily summary: what came since the last one, as one e-mail."""

from collections import defaultdict
from datetime import timedelta

from django.db import connection, transaction

from workflows.domain import scheduler, wording
from workflows.domain.context import now
from workflows.domain.delivery import due
from workflows.enums import Channel
from workflows.models import Delivery

AT_ONCE = 2000


@scheduler.chore("digests", every=timedelta(seconds=20))
def plan_digests() -> int:
    """Bundle what is due into one e-mail for each person; returns how many e-mails were made.

    A summary is named by the last message in it, so that two at once make it once.
    """
    moment = now()
    with transaction.atomic():
        rows = due(Channel.DIGEST)
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True, no_key=True, of=("self",))
        gathered: dict[int, list[Delivery]] = defaultdict(list)
        for row in rows.select_related("user").order_by("user", "pk")[:AT_ONCE]:
            gathered[row.user_id or 0].append(row)
        made = []
        for person, members in gathered.items():
            last = members[-1]
            made.append(
                Delivery(
                    key=f"digest:{person}:{last.pk}",
                    channel=Channel.EMAIL,
                    kind=wording.DIGEST,
                    user=last.user,
                    target=last.target,
                    language=last.language,
                    at=moment,
                    created=moment,
                    due=moment,
                )
            )
        Delivery.objects.bulk_create(made)
        bundle(gathered, made)
    return len(made)


def bundle(gathered: dict[int, list[Delivery]], made: list[Delivery]) -> None:
    """Mark what a summary takes along as done: the summary is what may fail from here on."""
    moment = now()
    rows = []
    for summary in made:
        for row in gathered[summary.user_id or 0]:
            row.bundle, row.sent, row.receipt = summary, moment, summary.key
            rows.append(row)
    Delivery.objects.bulk_update(rows, ["bundle", "sent", "receipt"], batch_size=500)
