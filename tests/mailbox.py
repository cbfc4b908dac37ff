"""A real mail server in a thread: keeps what it is given, refuses, or hangs, by the address."""

from __future__ import annotations

import socketserver
import threading
from collections import Counter
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import Any


class Session(socketserver.StreamRequestHandler):
    server: Mailbox

    def say(self, line: str) -> None:
        self.server.stop.wait(self.server.pause)
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        if self.server.hangs:
            self.server.stop.wait(60)
            return
        self.say("220 mailbox")
        try:
            while line := self.rfile.readline().decode().strip():
                if not self.answer(line):
                    return
        except (BrokenPipeError, ConnectionResetError):
            return

    def answer(self, line: str) -> bool:
        verb, lowered = line[:4].upper(), line.lower()
        if verb == "DATA":
            self.say("354 go on")
            self.server.keep(self.body())
            self.say("250 kept")
        elif verb == "RCPT" and "poison" in lowered:
            self.server.refused.append(lowered)
            self.say("451 try again later")
        elif verb == "RCPT" and "gone" in lowered:
            self.say("550 no such mailbox")
        elif verb == "RCPT" and "hang" in lowered:
            self.server.stop.wait(60)
            return False
        else:
            self.say("221 bye" if verb == "QUIT" else "250 fine")
        return verb != "QUIT"

    def body(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)


class Mailbox(socketserver.ThreadingTCPServer):
    """`with Mailbox() as box`: `box.letters` in the order in which they came."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, *, hangs: bool = False, pause: float = 0) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.hangs, self.pause = hangs, pause
        self.letters: list[Message] = []
        self.refused: list[str] = []
        self.stop = threading.Event()
        self._guard = threading.Lock()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def keep(self, raw: bytes) -> None:
        with self._guard:
            self.letters.append(message_from_bytes(raw, policy=default))

    def times(self) -> Counter[str]:
        """How often each Message-ID came."""
        return Counter(str(letter["Message-ID"]) for letter in self.letters)

    def __enter__(self) -> Mailbox:
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: Any) -> None:
        self.stop.set()
        self.shutdown()
        self.server_close()


def use(settings: Any, box: Mailbox) -> None:
    """Let Django send to this server."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
