"""E-mail: one message, text and HTML, that says of itself that no person wrote it."""

import smtplib
import time
from email.utils import parseaddr
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.mail import BadHeaderError, EmailMultiAlternatives, get_connection
from django.core.mail.backends import smtp

from workflows.channels.base import ADAPTERS, Message, Target, Undeliverable

SMTP = "django.core.mail.backends.smtp.EmailBackend"


def is_on() -> bool:
    """Whether a mail server is named; without one nothing is mailed, and the screens say so."""
    return bool(settings.EMAIL_BACKEND != SMTP or settings.EMAIL_HOST != "localhost")


def message_id(key: str) -> str:
    """The same for every try of one effect: a receiver recognises the repeat."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{sha256(key.encode()).hexdigest()[:40]}@{domain}>"


class Email:
    """Sends through the mail server of the settings, in at most EMAIL_TIMEOUT seconds."""

    def send(self, target: Target, message: Message) -> str:
        identity = message_id(message.key)
        headers = {
            "Message-ID": identity,
            # RFC 3834: whoever answers by machine leaves it alone.
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        }
        subject = " ".join(message.subject.split())
        mail = EmailMultiAlternatives(subject, message.text, None, [target.address])
        mail.extra_headers = headers
        if message.html:
            mail.attach_alternative(message.html, "text/html")
        mail.connection = connection()
        try:
            mail.send()
        except Exception as error:
            raise told(error) from error
        return identity


def connection() -> Any:
    if settings.EMAIL_BACKEND == SMTP:
        return Hurried(timeout=settings.EMAIL_TIMEOUT)
    return get_connection()


def told(error: Exception) -> Exception:
    """What a failure means: refused for good, the server is away, or another time."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _text in error.recipients.values()]
        return Undeliverable(words(error)) if all(code >= 500 for code in codes) else error
    if isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500:
        return Undeliverable(words(error))
    if isinstance(error, (BadHeaderError, UnicodeError, ValueError)):
        return Undeliverable(words(error))
    if isinstance(error, (smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError)):
        return ConnectionError(words(error))
    return error


def words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


# ---------------------------------------------------------------------------- in a hurry
class Hurried(smtp.EmailBackend):
    """Django's connection with one time-out for the whole message: a server that answers each
    command just in time would hold us for a minute."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return HurriedSSL if self.use_ssl else HurriedSMTP


class Deadline:
    """Each answer of the server is awaited for what is left of the time-out."""

    sock: Any
    timeout: Any

    def getreply(self) -> tuple[int, bytes]:
        ends = self.__dict__.setdefault("_ends", time.monotonic() + float(self.timeout))
        left = ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("the mail server takes too long")
        if self.sock is not None:
            self.sock.settimeout(left)
        return super().getreply()  # type: ignore[misc,no-any-return]


class HurriedSMTP(Deadline, smtplib.SMTP):
    pass


class HurriedSSL(Deadline, smtplib.SMTP_SSL):
    pass


ADAPTERS["email"] = Email()
