"""Somebody at a browser: looks at the inbox, logs complaints, and tries again when it fails."""

import http.client
import threading
import time
import urllib.parse
from collections import Counter
from dataclasses import dataclass, field
from types import SimpleNamespace

from django.conf import settings
from django.test import Client

NEW = "/cases/new/"
PAGES = ("/inbox/", NEW)


@dataclass(eq=False)
class Visitor(threading.Thread):
    """Each complaint has a key of its own, and is sent again under it until it was taken."""

    port: int
    company: SimpleNamespace
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    logged: int = 0

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.leaving = threading.Event()
        client = Client()
        client.force_login(self.company.agent)
        self.session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.csrf = "c" * 32
        self.given = {
            "new_name": "Chaos", "new_phone": "021 5000", "description": "Noise.",
            "kind": "complaint", "severity": "general",
            "channel": self.company.channel.pk, "product": self.company.product.pk,
        }  # fmt: skip

    def run(self) -> None:
        while not self.leaving.is_set():
            for path in PAGES:
                self.ask("GET", path)
            given = {**self.given, "form_key": f"chaos-{self.logged}"}
            if self.ask("POST", NEW, given | {"csrfmiddlewaretoken": self.csrf}) == 302:
                self.logged += 1
            time.sleep(0.05)

    def ask(self, method: str, path: str, given: dict | None = None) -> int:
        """The status of the answer; 0 when there was none."""
        headers = {
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={self.session}; csrftoken={self.csrf}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urllib.parse.urlencode(given) if given else None
        begun, status = time.monotonic(), 0
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            answer.read()
            status = answer.status
            connection.close()
        except (OSError, http.client.HTTPException):
            time.sleep(0.2)
        self.statuses[status] += 1
        self.seconds.append(time.monotonic() - begun)
        return status

    def measure(self, seconds: float) -> tuple[Counter[int], float]:
        """What was answered in the time to come, and the 95th percentile of how long it took."""
        self.statuses, self.seconds = Counter(), []
        time.sleep(seconds)
        taken = sorted(self.seconds)
        return self.statuses, taken[int(len(taken) * 0.95)]
