"""The whole product in one process: web server and background work."""

import os
import signal
import socket
import sys
import threading
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from workflows.domain import scheduler
from workflows.models import Round

# After so long what still works is left behind; nothing is lost by it.
STOP_SECONDS = 5.0


class Command(BaseCommand):
    help = "Migrate, then serve the product with its background work until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="with the demo company")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["demo"] and not settings.DEMO:
            # Settings are read already: start again with the mode in the environment.
            os.environ["REDRESS_DEMO"] = "1"
            os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606
        host, port = os.environ.get("REDRESS_HOST", "127.0.0.1"), settings.PORT
        check_free(host, port)
        call_command("migrate", verbosity=0, interactive=False)
        if settings.DEMO:
            call_command("load_demo")
        else:
            call_command("setup_defaults")
        # Whoever drove the lanes before, from now on the threads here do.
        Round.objects.filter(name="beat").delete()
        told = f"Redress: http://{host}:{port}/  (Ctrl-C stops · 按 Ctrl-C 停止)"  # chinese: both
        self.stdout.write(told)
        self.stdout.flush()
        serve(host, port)


def check_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(f"{host}:{port} is in use; choose another PORT") from error


def serve(host: str, port: int) -> None:
    """Waitress in this thread, the lanes in threads beside it; SIGINT and SIGTERM stop both."""
    from django.core.wsgi import get_wsgi_application
    from waitress import create_server, wasyncore
    from waitress.server import BaseWSGIServer

    stop, sockets = threading.Event(), dict[int, Any]()
    server = create_server(get_wsgi_application(), sockets, host=host, port=port, threads=8)
    # A name like "localhost" has two doors, one for each version of IP.
    doors = [one for one in sockets.values() if isinstance(one, BaseWSGIServer)]

    def leave(*_: Any) -> None:
        stop.set()
        doors[0].pull_trigger()
        # Whoever cannot wait asks a second time.
        signal.signal(signal.SIGINT, signal.default_int_handler)

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    lanes = scheduler.run(stop, every=settings.TICK_SECONDS)
    while not stop.is_set():
        wasyncore.loop(timeout=1, map=sockets, count=1)
    end = time.monotonic() + STOP_SECONDS
    # Who has asked by now is let in and read; then the doors close.
    wasyncore.loop(timeout=0.05, map=sockets, count=3)
    for door in doors:
        door.del_channel()
        door.socket.close()
    while time.monotonic() < end and busy(doors):
        wasyncore.loop(timeout=0.1, map=sockets, count=1)
    server.task_dispatcher.shutdown(timeout=0)
    for lane in lanes:
        lane.join(max(0.0, end - time.monotonic()))


def busy(doors: list[Any]) -> bool:
    """Whether somebody who has asked waits for an answer, or for the rest of it."""
    return any(
        channel.requests or channel.total_outbufs_len
        for door in doors
        for channel in list(door.active_channels.values())
    )
