"""What every channel has in common: a message in words, where it goes, and how it may fail.

This layer knows no models and no rules. Who is told what is decided above it; here a message that
is finished leaves the house.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True)
class Message:
    """What is sent, already in words."""

    key: str  # effect key; the receiver can recognise a repeat by it
    subject: str  # one line, no line breaks
    text: str  # plain text
    url: str  # absolute address of the page
    html: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Target:
    """Where to: an address with its secret. A robot's key stands in its address, so neither is
    ever printed."""

    address: str = field(repr=False)
    secret: str = field(default="", repr=False)


class Undeliverable(Exception):
    """Refused for good: sending the same again will not help."""


class Adapter(Protocol):
    """One channel's wire format."""

    def send(self, target: Target, message: Message) -> str:
        """The receiver's receipt. Undeliverable ends it; any other exception means try again."""
        ...


# By channel: "wecom", "dingtalk", "feishu", "webhook"; what has models behind it enters itself.
ADAPTERS: dict[str, Adapter] = {}
