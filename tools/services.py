"""Which servers and programs the tests can use on this machine.

`python -m tools.services` prints one line for each. Where they are may be told by
REDRESS_TEST_POSTGRES, REDRESS_TEST_REDIS, REDRESS_TEST_RABBITMQ and REDRESS_TEST_CHROMIUM.
"""

import os
import shutil
import socket
from urllib.parse import urlsplit

POSTGRES = os.environ.get("REDRESS_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
REDIS = os.environ.get("REDRESS_TEST_REDIS", "redis://127.0.0.1:6379/15")
RABBITMQ = os.environ.get("REDRESS_TEST_RABBITMQ", "amqp://guest:guest@127.0.0.1:5672//")
SECONDS = 3


def chromium() -> str:
    """The path of a Chromium of the system, or nothing."""
    named = os.environ.get("REDRESS_TEST_CHROMIUM", "")
    names = [named] if named else ["chromium", "chromium-browser", "google-chrome"]
    return next((path for name in names if (path := shutil.which(name))), "")


def postgres_answers(url: str = POSTGRES) -> bool:
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=SECONDS) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.Error:
        return False


def _answer(url: str, default_port: int, greeting: bytes) -> bytes:
    """Say hello to the server of the address; the first bytes of what it says."""
    where = urlsplit(url)
    address = (where.hostname or "127.0.0.1", where.port or default_port)
    try:
        with socket.create_connection(address, timeout=SECONDS) as connection:
            connection.sendall(greeting)
            return connection.recv(64)
    except OSError:
        return b""


def redis_answers(url: str = REDIS) -> bool:
    answer = _answer(url, 6379, b"PING\r\n")
    return answer.startswith((b"+PONG", b"-NOAUTH"))


def rabbitmq_answers(url: str = RABBITMQ) -> bool:
    # A frame of type 1 (method) on channel 0: Connection.Start.
    return _answer(url, 5672, b"AMQP\x00\x00\x09\x01").startswith(b"\x01\x00\x00")


def found() -> dict[str, bool]:
    """Every service by the name of its pytest marker; `postgres` stands for the second run."""
    return {
        "postgres": postgres_answers(),
        "redis": redis_answers(),
        "rabbitmq": rabbitmq_answers(),
        "browser": bool(chromium()),
    }


if __name__ == "__main__":
    for name, answers in found().items():
        print(f"{name:10} {'answers' if answers else 'not found'}")
