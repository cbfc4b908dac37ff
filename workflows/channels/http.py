"""The one client that requests leave the house by.

A host is resolved once, every address it has is judged, and the connection goes to the address
that was judged: a name that points elsewhere the next moment gains nothing. No redirects, no
proxies of the environment, ten seconds for everything together, and a megabyte of answer.
"""

import http.client
import io
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from workflows.channels.addresses import Address, Allowed, Place, Refused, judge, read

Resolver = Callable[[str, int], list[str]]
SECONDS = 10.0
# One dead address of several must not use up all the time.
CONNECT_SECONDS = 4.0
MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes  # at most MOST_BYTES; what is longer is cut off
    reason: str = ""


def system_resolver(host: str, port: int) -> list[str]:
    """Every address the system knows for the host. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Deadline:
    """The moment at which a request has to be over, whatever it is doing."""

    def __init__(self, seconds: float) -> None:
        self.end = time.monotonic() + seconds

    def left(self) -> float:
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeoutError("no answer in time")
        return left


def in_time(deadline: Deadline, work: Callable[[], list[str]]) -> list[str]:
    """The result of work that knows no time limit of its own; it is left behind when it is late."""
    results: queue.Queue[list[str] | OSError] = queue.Queue()

    def run() -> None:
        try:
            results.put(work())
        except (OSError, UnicodeError) as error:
            results.put(error if isinstance(error, OSError) else OSError(str(error)))

    threading.Thread(target=run, daemon=True).start()
    try:
        result = results.get(timeout=deadline.left())
    except queue.Empty:
        raise TimeoutError("the name of the host was not found in time")
    if isinstance(result, OSError):
        raise result
    return result


class Stream(io.RawIOBase):
    """What arrives on a socket; each piece must arrive before the deadline, not after the last."""

    def __init__(self, wire: socket.socket, deadline: Deadline) -> None:
        self.wire, self.deadline = wire, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.wire.settimeout(self.deadline.left())
        return self.wire.recv_into(buffer)


class Wire:
    """The part of a socket that http.client uses."""

    def __init__(self, wire: socket.socket, deadline: Deadline) -> None:
        self.wire, self.deadline = wire, deadline

    def sendall(self, data: bytes) -> None:
        self.wire.settimeout(self.deadline.left())
        self.wire.sendall(data)

    def makefile(self, *_: Any, **__: Any) -> io.BufferedReader:
        return io.BufferedReader(Stream(self.wire, self.deadline))

    def close(self) -> None:
        """http.client closes it while the answer is still being read; the client does so after."""


@dataclass
class Client:
    """Sends requests; a test gives it a resolver and limits of its own."""

    resolve: Resolver = system_resolver
    seconds: float = SECONDS
    most_bytes: int = MOST_BYTES
    trust: Callable[[], ssl.SSLContext] = cache(ssl.create_default_context)

    def addresses(self, place: Place, deadline: Deadline) -> list[Address]:
        """The judged addresses of a place. Raises Refused, and OSError when it is not found."""
        found = in_time(deadline, lambda: self.resolve(place.host, place.port))
        return judge(place, found, Allowed.read(settings.OUTBOUND_ALLOW))

    def check(self, url: str) -> None:
        """Whether messages may be sent to this address. Raises Refused with why not.

        A name that cannot be looked up just now passes: it is judged again at each sending.
        """
        place = read(url)
        try:
            self.addresses(place, Deadline(self.seconds))
        except socket.gaierror as error:
            if error.errno == socket.EAI_NONAME:
                raise Refused(_("This host is not known."))
        except OSError:
            return

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Raises Refused, and OSError or HTTPException when there was no answer."""
        place, deadline = read(url), Deadline(self.seconds)
        connection = http.client.HTTPConnection(place.host, place.port)
        wire = self.connect(place, self.addresses(place, deadline), deadline)
        connection.sock = Wire(wire, deadline)  # type: ignore[assignment]
        try:
            port = None if place.port == (443 if place.secure else 80) else place.port
            host = f"[{place.host}]" if ":" in place.host else place.host
            about = {
                "Host": host if port is None else f"{host}:{port}",
                "User-Agent": "Redress",
                "Accept-Encoding": "identity",
                "Connection": "close",
                **headers,
            }
            connection.request("POST", place.path, body, about)
            answer = connection.getresponse()
            return Answer(answer.status, answer.read(self.most_bytes), answer.reason)
        finally:
            wire.close()

    def connect(self, place: Place, addresses: list[Address], deadline: Deadline) -> socket.socket:
        """Connected to one of the judged addresses, under the name of the host."""
        for position, address in enumerate(addresses, 1):
            limit = min(deadline.left(), CONNECT_SECONDS if position < len(addresses) else SECONDS)
            try:
                wire = socket.create_connection((str(address), place.port), limit)
                break
            except OSError:
                if position == len(addresses):
                    raise
        if place.secure:
            try:
                wire.settimeout(deadline.left())
                wire = self.trust().wrap_socket(wire, server_hostname=place.host)
            except BaseException:
                wire.close()
                raise
        return wire


CLIENT = Client()


def check_address(url: str) -> None:
    """Whether messages may be sent there, for the form that saves it. Raises Refused, whose text
    goes beside the field. The same test is made again whenever something is sent."""
    CLIENT.check(url)
