"""Personal links: 128 random bits, of which only the SHA-256 is kept."""

import secrets
from hashlib import sha256

from django.conf import settings


def new() -> str:
    """A fresh token; it is shown once, in the link and its QR code."""
    return secrets.token_urlsafe(16)


def digest(token: str) -> str:
    """What Invitee.token_hash holds."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def link(token: str) -> str:
    return f"{settings.SITE_URL}/a/{token}/"
