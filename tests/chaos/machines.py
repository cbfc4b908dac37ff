"""Real processes of an installation, and how they are killed, cut off and counted."""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from tools import services

PYTHON = sys.executable


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def database_url() -> str:
    """The test's own database, for processes that are not the test."""
    told = connection.settings_dict
    where = f"{told['HOST']}:{told['PORT'] or 5432}/{told['NAME']}"
    return f"postgres://{told['USER']}:{told['PASSWORD']}@{where}"


# ---------------------------------------------------------------------------- processes
@dataclass
class Machine:
    """One program, started again whenever it was killed."""

    name: str
    command: list[str]
    env: dict[str, str]
    log: Path
    process: subprocess.Popen | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=settings.BASE_DIR, env=self.env, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def children(self) -> list[int]:
        assert self.process is not None
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        with suppress(OSError):
            return [int(child) for child in path.read_text().split()]
        return []

    def kill(self, *, whole: bool) -> None:
        """Kill it with all it has, or one of its children, at once and without a word."""
        assert self.process is not None
        children = self.children()
        if whole or not children:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.start()
        else:
            with suppress(ProcessLookupError):
                os.kill(random.choice(children), signal.SIGKILL)

    def dismiss(self, seconds: float) -> float:
        """Ask it to end, and wait for that; how long it took."""
        assert self.process is not None
        begun = time.monotonic()
        self.process.terminate()
        self.process.wait(seconds)
        return time.monotonic() - begun

    def stop(self) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass
class Installation:
    """Web, workers, clocks and people at work, over one database and one broker."""

    folder: Path
    broker: str
    sink: str
    queue: str = field(default_factory=lambda: f"chaos{os.getpid()}-{random.randrange(10**6)}-")
    machines: list[Machine] = field(default_factory=list)
    port: int = field(default_factory=free_port)

    def env(self) -> dict[str, str]:
        return os.environ | {
            "DATABASE_URL": database_url(),
            "DJANGO_SETTINGS_MODULE": "tests.chaos.settings",
            "CELERY_BROKER_URL": self.broker,
            "CHAOS_QUEUE": self.queue,
            "CHAOS_SINK": self.sink,
            "REDRESS_CLAIM_SECONDS": "5",
            "REDRESS_LOG_LEVEL": "WARNING",
        }

    def add(self, name: str, *command: str) -> Machine:
        log = self.folder / f"{name}.log"
        machine = Machine(name, [PYTHON, "-m", *command], self.env(), log)
        self.machines.append(machine)
        machine.start()
        return machine

    def worker(self, number: int) -> Machine:
        queues = f"{self.queue}redress,{self.queue}redress-delivery"
        return self.add(
            f"worker{number}", "celery", "-A", "tests.chaos.worker", "worker", "--queues", queues,
            "--concurrency", "2", "--loglevel", "WARNING", "--hostname", f"{self.queue}{number}@%h",
        )  # fmt: skip

    def beat(self, number: int) -> Machine:
        return self.add(f"beat{number}", "celery", "-A", "tests.chaos.worker", "beat")

    def person(self, number: int) -> Machine:
        return self.add(f"person{number}", "tests.chaos.people_at_work", str(self.promises))

    def web(self) -> Machine:
        return self.add(
            "web", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{self.port}",
            "--worker-class", "gthread", "--workers", "2", "--threads", "4",
        )  # fmt: skip

    @property
    def promises(self) -> Path:
        return self.folder / "promised"

    def promised(self) -> set[int]:
        """The transitions that somebody was told of. The last line may be half written."""
        if not self.promises.exists():
            return set()
        whole = self.promises.read_text().rpartition("\n")[0]
        return {int(line) for line in whole.split()}

    def logs(self) -> str:
        return "\n".join(
            f"== {machine.name}\n{machine.log.read_text(errors='replace')[-2000:]}"
            for machine in self.machines
        )


@contextmanager
def installed(folder: Path, broker: str, sink: str) -> Iterator[Installation]:
    installation = Installation(folder, broker, sink)
    try:
        yield installation
    finally:
        for machine in installation.machines:
            machine.stop()


# ---------------------------------------------------------------------------- brokers
class Proxy:
    """A way to a server that can be cut: then nothing answers at its port, as if it was stopped."""

    def __init__(self, host: str, port: int) -> None:
        self.target, self.port = (host, port), free_port()
        self.wires: set[socket.socket] = set()
        self.door: socket.socket | None = None
        self.restore()

    def restore(self) -> None:
        self.door = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self.accept, args=(self.door,), daemon=True).start()

    def cut(self) -> None:
        assert self.door is not None
        self.door.shutdown(socket.SHUT_RDWR)
        self.door.close()
        for wire in list(self.wires):
            with suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)
            wire.close()
        self.wires.clear()

    def accept(self, door: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _where = door.accept()
                far = socket.create_connection(self.target)
                self.wires |= {near, far}
                for source, to in ((near, far), (far, near)):
                    threading.Thread(target=self.carry, args=(source, to), daemon=True).start()

    def carry(self, source: socket.socket, to: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(65536):
                to.sendall(piece)
        for wire in (source, to):
            with suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)


class OwnRedis:
    """A Redis of the test's own: stopped it is really gone, and comes back empty."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.restore()

    def restore(self) -> None:
        command = [
            "redis-server",
            "--port",
            str(self.port),
            "--save",
            "",
            "--dir",
            str(self.folder),
        ]
        self.process = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL)
        while not services.redis_answers(f"redis://127.0.0.1:{self.port}/0"):
            time.sleep(0.05)

    def cut(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def broker(kind: str, folder: Path) -> Iterator[tuple[str, Proxy | OwnRedis]]:
    """The address of a broker that can be stopped, and what stops it."""
    url = services.REDIS if kind == "redis" else services.RABBITMQ
    if kind == "redis" and shutil.which("redis-server"):
        redis = OwnRedis(folder)
        try:
            yield f"redis://127.0.0.1:{redis.port}/0", redis
        finally:
            redis.cut()
        return
    where = urlsplit(url)
    proxy = Proxy(where.hostname or "127.0.0.1", where.port or (6379 if kind == "redis" else 5672))
    try:
        login = f"{where.username}:{where.password}@" if where.username else ""
        yield f"{where.scheme}://{login}127.0.0.1:{proxy.port}{where.path}", proxy
    finally:
        proxy.cut()
