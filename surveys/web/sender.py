"""What a browser tells of itself while it answers: keyed hashes, never the address itself."""

import ipaddress
import secrets

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from accounts.web.requests import address_of
from surveys.domain import tokens
from workflows.domain.context import now

COOKIE = "redress_form"
KEPT_SECONDS = 180 * 24 * 3600
# The sum of the question must be told within that time.
PATIENCE_SECONDS = 600


def address_key(request: HttpRequest) -> str:
    """A keyed hash of the address; of IPv6 the network, as one device has very many of them."""
    text = address_of(request)
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return keyed("address", text)
    if address.version == 6:
        text = str(ipaddress.ip_network(f"{text.partition('%')[0]}/64", strict=False))
    return keyed("address", text)


def device_key(request: HttpRequest) -> str:
    """A keyed hash of browser and our own random cookie; empty without the cookie."""
    cookie = request.COOKIES.get(COOKIE, "")[:64]
    return keyed("device", cookie + request.headers.get("User-Agent", "")) if cookie else ""


def keyed(what: str, text: str) -> str:
    return salted_hmac(f"surveys.{what}", text, algorithm="sha256").hexdigest()


def recognise(request: HttpRequest, answer: HttpResponse) -> None:
    """Give a new browser its random name; it goes nowhere but to the answering pages."""
    if COOKIE not in request.COOKIES:
        answer.set_cookie(
            COOKIE, secrets.token_urlsafe(16), max_age=KEPT_SECONDS, path="/a/",
            secure=request.is_secure(), httponly=True, samesite="Lax",
        )  # fmt: skip


# ---------------------------------------------------------------------------- time on the page
def started(token: str, before: int) -> str:
    """A signed mark of now for the form, with the seconds spent on earlier visits."""
    return signer("started", token).sign(f"{before}-{int(now().timestamp())}")


def seconds_since(token: str, mark: str) -> int | None:
    """Seconds on the page, earlier visits included; None for a mark that is not ours."""
    try:
        before, _dash, at = signer("started", token).unsign(mark).partition("-")
    except signing.BadSignature:
        return None
    return int(before) + max(0, int(now().timestamp()) - int(at))


def signer(what: str, token: str) -> signing.TimestampSigner:
    """What is signed for one link is worth nothing for another."""
    return signing.TimestampSigner(salt=f"surveys.{what}.{tokens.digest(token)}")


# ---------------------------------------------------------------------------- the simple question
def question(token: str) -> tuple[int, int, str]:
    """Two numbers to add, and the signed form of them that comes back with the sum."""
    one, two = 2 + secrets.randbelow(8), 2 + secrets.randbelow(8)
    return one, two, signer("sum", token).sign(f"{one}+{two}")


def is_right(token: str, mark: str, answer: str) -> bool:
    """Whether the sum of a question of ours was told, soon enough, for this link."""
    try:
        told = signer("sum", token).unsign(mark, max_age=PATIENCE_SECONDS)
    except signing.BadSignature:
        return False
    one, _plus, two = told.partition("+")
    sum_given = answer.strip()
    return sum_given.isdecimal() and len(sum_given) < 4 and int(sum_given) == int(one) + int(two)
