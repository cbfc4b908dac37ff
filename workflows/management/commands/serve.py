"""The whole product in one process: web server and background work."""

import os
import signal
import socket
import sys
import threading
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from workflows.domain import scheduler


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
    """Waitress in this thread, the scheduler in one beside it; SIGINT and SIGTERM stop both."""
    from django.core.wsgi import get_wsgi_application
    from waitress import create_server

    stop = threading.Event()
    worker = threading.Thread(
        target=scheduler.run, args=(stop,), kwargs={"every": settings.TICK_SECONDS}, daemon=True
    )
    server = create_server(get_wsgi_application(), host=host, port=port, threads=8)

    def leave(*_: Any) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    worker.start()
    try:
        server.run()
    finally:
        stop.set()
        server.close()
        worker.join(5)
