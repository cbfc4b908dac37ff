"""Webhooks as Standard Webhooks describes them: signed, and recognisable when they come twice."""

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from workflows.channels.base import Message, Target, Undeliverable
from workflows.channels.http import CLIENT, Answer, Client

PREFIX = "whsec_"
# These say "later"; every other answer from 300 to 499 says "never".
LATER = frozenset({408, 425, 429})


def key_of(secret: str) -> bytes:
    """The bytes that sign: of whsec_… what its base64 holds, else the text as it stands."""
    if not secret.startswith(PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise Undeliverable("the secret after whsec_ is not base64")


def signature(secret: str, identity: str, moment: int, body: bytes) -> str:
    signed = f"{identity}.{moment}.".encode() + body
    digest = hmac.new(key_of(secret), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def body_of(message: Message, moment: float) -> bytes:
    """JSON of {type, timestamp, data}; what the sender knows of type and time is in the data."""
    data: dict[str, Any] = dict(message.data)
    at = data.pop("at", None) or datetime.fromtimestamp(moment, UTC).isoformat()
    content = {
        "type": data.pop("type", "notification"),
        "timestamp": at,
        "data": {"subject": message.subject, "text": message.text, "url": message.url, **data},
    }
    return json.dumps(content, ensure_ascii=False, default=str).encode()


@dataclass
class Webhook:
    """A target's secret may be several, separated by blanks, while one takes the other's place."""

    client: Client = field(default_factory=lambda: CLIENT)
    clock: Callable[[], float] = time.time

    def send(self, target: Target, message: Message) -> str:
        moment = int(self.clock())
        body = body_of(message, moment)
        secrets = target.secret.split()
        if not secrets:
            raise Undeliverable("a webhook is signed, and this one has no secret")
        signatures = [signature(one, message.key, moment, body) for one in secrets]
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "webhook-id": message.key,
            "webhook-timestamp": str(moment),
            "webhook-signature": " ".join(signatures),
        }
        return receipt(self.client.post(target.address, body, headers))


def receipt(answer: Answer) -> str:
    """What the answer means: sent, never, or later (any other exception)."""
    said = f"{answer.status} {answer.reason}".strip()[:200]
    if 200 <= answer.status < 300:
        return said
    if 300 <= answer.status < 500 and answer.status not in LATER:
        raise Undeliverable(said)
    raise OSError(said)
