"""Endpoints: the groups and programs that hear of events, kept by the operator."""

from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.domain.saving import check, save
from accounts.models import Department, User
from workflows.channels.addresses import Refused
from workflows.channels.http import check_address
from workflows.domain import delivery, wording
from workflows.domain.context import now
from workflows.domain.delivery import Outcome
from workflows.enums import Channel
from workflows.errors import Forbidden
from workflows.models import Delivery, Endpoint
from workflows.permissions import may_operate

SECRET_LENGTH = 16


@dataclass(frozen=True)
class EndpointDraft:
    """What is typed. An empty address or secret keeps the one that is stored, for neither is
    ever shown; `no_secret` takes the secret away."""

    name: str
    kinds: tuple[str, ...]
    channel: str = ""
    address: str = ""
    secret: str = ""
    no_secret: bool = False
    department: Department | None = None
    language: str = "zh-hans"


def guard(by: User) -> None:
    if not may_operate(by):
        raise Forbidden(_("Only administrators keep what leaves the house."))


def keep(*, by: User, draft: EndpointDraft, endpoint: Endpoint | None = None) -> Endpoint:
    """Add an endpoint or change one; its channel stays. Raises ValidationError by field.

    The host is looked up before the transaction begins.
    """
    guard(by)
    row = endpoint or Endpoint(channel=draft.channel)
    row.name, row.kinds, row.language = draft.name, list(draft.kinds), draft.language
    row.department = draft.department
    row.address = draft.address or row.address
    row.secret = "" if draft.no_secret else draft.secret or row.secret
    check(row)
    check_secret(row)
    if draft.address:
        try:
            check_address(row.address)
        except Refused as refused:
            raise ValidationError({"address": str(refused)})
    with transaction.atomic():
        save(row, by=by, act="edit" if endpoint else "add")
    return row


def check_secret(row: Endpoint) -> None:
    if row.channel == Channel.WEBHOOK and len(row.secret) < SECRET_LENGTH:
        told = _("A webhook is signed: its secret has at least %(n)s characters.")
        raise ValidationError({"secret": told % {"n": SECRET_LENGTH}})


@transaction.atomic
def switch(*, by: User, endpoint: Endpoint, on: bool) -> None:
    """Switch it on or off. What waits for one that is off is dropped when its turn comes."""
    guard(by)
    endpoint.is_active = on
    save(endpoint, by=by, act="on" if on else "off", fields=["is_active"])


def try_out(*, by: User, endpoint: Endpoint) -> Outcome:
    """Send a test message now and tell how it went; it stands in the log."""
    guard(by)
    return delivery.send_once(
        Delivery(
            key=f"test:{uuid4()}",
            channel=endpoint.channel,
            kind=wording.TEST,
            endpoint=endpoint,
            target=f"endpoint:{endpoint.pk}",
            language=endpoint.language,
            at=now(),
        ),
        {},
    )


def shown_address(endpoint: Endpoint) -> str:
    """The host alone: what follows it is a key to the group."""
    return f"{urlsplit(endpoint.address).hostname or ''}/…"
