"""Group robots of WeCom, DingTalk and Feishu: one adapter, three dialects.

They take a message over an address that holds their key, and two of them a signature besides.
None recognises a repeat. What people typed is kept from becoming a link or a mention.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

from workflows.channels.base import Message, Target, Undeliverable
from workflows.channels.http import CLIENT, Answer, Client
from workflows.channels.webhook import receipt

# Their markup begins links and mentions with these; the wide forms only look like them.
HARMLESS = str.maketrans("[]<>`@", "\uff3b\uff3d\uff1c\uff1e\uff40\uff20")


# DingTalk and Feishu take 20 000 bytes of JSON, in which a line break may need four.
MOST_BYTES = 4500


def digest(key: str, text: str) -> str:
    made = hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()
    return base64.b64encode(made).decode()


def cut(text: str, most_bytes: int) -> str:
    """As much of the text as fits, with a sign that there was more."""
    raw = text.encode()
    if len(raw) <= most_bytes:
        return text
    return raw[: most_bytes - 3].decode(errors="ignore") + "…"


def heading(message: Message) -> str:
    subject = cut(message.subject.translate(HARMLESS), 300)
    return f"[{subject}]({message.url})" if message.url else subject


@dataclass(frozen=True)
class Dialect:
    """How one maker's robots are spoken to.

    `code` names where the answer says how it went (0 is well); `never` are the codes that are
    for good. Every other one is tried again: busy, too often, and what we do not know.
    """

    body: Callable[[Message], dict[str, Any]]
    code: tuple[str, ...]
    never: frozenset[int]
    sign: Callable[[str, dict[str, Any], str, float], str] | None = None


# ---------------------------------------------------------------------------- WeCom
WECOM_BYTES = 4096


def wecom_body(message: Message) -> dict[str, Any]:
    head = f"### {heading(message)}\n"
    room = WECOM_BYTES - len(head.encode())
    content = head + cut(message.text.translate(HARMLESS), room)
    return {"msgtype": "markdown", "markdown": {"content": content}}


# ---------------------------------------------------------------------------- DingTalk
def dingtalk_body(message: Message) -> dict[str, Any]:
    text = cut(message.text.translate(HARMLESS), MOST_BYTES).replace("\n", "  \n")
    title = cut(message.subject.translate(HARMLESS), 200)
    content = {"title": title, "text": f"### {heading(message)}\n\n{text}"}
    return {"msgtype": "markdown", "markdown": content}


def dingtalk_sign(address: str, body: dict[str, Any], secret: str, moment: float) -> str:
    """Milliseconds and signature stand in the address."""
    stamp = round(moment * 1000)
    sign = quote_plus(digest(secret, f"{stamp}\n{secret}"))
    return f"{address}{'&' if '?' in address else '?'}timestamp={stamp}&sign={sign}"


# ---------------------------------------------------------------------------- Feishu
def feishu_body(message: Message) -> dict[str, Any]:
    lines: list[list[dict[str, str]]] = [[{"tag": "text", "text": cut(message.text, MOST_BYTES)}]]
    if message.url:
        lines.append([{"tag": "a", "text": message.url, "href": message.url}])
    post = {"title": cut(message.subject, 300), "content": lines}
    return {"msg_type": "post", "content": {"post": {"zh_cn": post}}}


def feishu_sign(address: str, body: dict[str, Any], secret: str, moment: float) -> str:
    """Seconds and signature stand in the body; the text that is signed is empty."""
    stamp = str(round(moment))
    body.update(timestamp=stamp, sign=digest(f"{stamp}\n{secret}", ""))
    return address


DIALECTS: Mapping[str, Dialect] = {
    "wecom": Dialect(
        body=wecom_body,
        code=("errcode",),
        # Unknown key; message of the wrong kind or shape, too long, or empty.
        never=frozenset({93000, 40008, 40058, 40035, 44004, 45002, 93008}),
    ),
    "dingtalk": Dialect(
        body=dingtalk_body,
        code=("errcode",),
        # Signature, keyword or sender's address; unknown or stopped robot; group dissolved.
        never=frozenset({310000, 300001, 300005, 400013, 400101, 400102, 40035, 460101, 460100}),
        sign=dingtalk_sign,
    ),
    "feishu": Dialect(
        body=feishu_body,
        code=("code", "StatusCode"),
        # Unknown robot; signature, sender's address, keyword; malformed.
        never=frozenset({19001, 19002, 19003, 19021, 19022, 19024, 9499}),
        sign=feishu_sign,
    ),
}


@dataclass
class Robot:
    dialect: Dialect
    client: Client = field(default_factory=lambda: CLIENT)
    clock: Callable[[], float] = time.time

    def send(self, target: Target, message: Message) -> str:
        address, body = target.address, self.dialect.body(message)
        if target.secret and self.dialect.sign:
            address = self.dialect.sign(address, body, target.secret, self.clock())
        answer = self.client.post(
            address,
            json.dumps(body, ensure_ascii=False).encode(),
            {"Content-Type": "application/json; charset=utf-8"},
        )
        return self.understand(answer)

    def understand(self, answer: Answer) -> str:
        """The code in the answer tells how it went; the status is 200 for nearly everything."""
        try:
            said = json.loads(answer.body)
            code = next(int(said[name]) for name in self.dialect.code if name in said)
        except (ValueError, TypeError, StopIteration):
            raise OSError(f"the robot's answer was not understood: {receipt(answer)}")
        words = f"{code} {said.get('errmsg') or said.get('msg') or ''}".strip()[:200]
        if code == 0:
            return words
        if code in self.dialect.never:
            raise Undeliverable(words)
        raise OSError(words)
