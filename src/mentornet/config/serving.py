"""The web server: gunicorn, started by the program itself, beside a worker."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections
from gunicorn.app.base import BaseApplication

WORKERS: Final = 2
THREADS: Final = 4
PORTS_TRIED: Final = 50
USUAL_PORT: Final = 8000


class NoPortError(Exception):
    """Raised when the port that was asked for is taken, or no port is free."""


def free_port(host: str, wanted: int | None) -> int:
    """Return ``wanted`` if it is free; without a wish the first free one from 8000 on.

    Raises:
        NoPortError: the wanted one is taken, or all those tried are.
    """
    for port in [wanted] if wanted is not None else range(USUAL_PORT, USUAL_PORT + PORTS_TRIED):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind((host, port))
                return port
    if wanted is not None:
        raise NoPortError(f"Port {wanted} is taken by another program. Name another one, such as PORT={wanted + 1}.")
    raise NoPortError(f"No port from {USUAL_PORT} to {USUAL_PORT + PORTS_TRIED - 1} is free. Name one with PORT=…")


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """Gunicorn around the program, loaded once and shared by its processes."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.wanted = settings
        super().__init__()

    def load_config(self) -> None:
        """Take our settings."""
        for name, value in self.wanted.items():
            self.cfg.set(name, value)

    def load(self) -> WSGIHandler:
        """Load the program."""
        application = get_wsgi_application()
        # A connection must not be shared by the processes that come from this one.
        connections.close_all()
        return application


def serve(*, host: str, port: int, ready: Callable[[], None], workers: int = WORKERS) -> None:
    """Serve until a signal comes; ``ready`` is called once the first page can be asked for. Does not return."""
    _Server(
        {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "preload_app": True,
            "loglevel": "warning",
            "control_socket_disable": True,
            "when_ready": lambda _server: ready(),
            # Longer than the embedded database waits for its one lock: a big import may hold it for a while.
            "timeout": 120,
            "graceful_timeout": 10,
        }
    ).run()


@contextmanager
def worker_beside() -> Iterator[None]:
    """Run a worker beside what is done inside; it ends with it, also when this process is killed outright.

    A worker that dies is replaced.
    """
    ending = threading.Event()
    running = [_worker()]

    def watch() -> None:
        while not ending.wait(2.0):
            if running[-1].poll() is not None:
                running.append(_worker())

    threading.Thread(target=watch, daemon=True, name="worker-beside").start()
    try:
        yield
    finally:
        ending.set()
        running[-1].terminate()
        with suppress(subprocess.TimeoutExpired):
            running[-1].wait(10)
        running[-1].kill()


def _worker() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "mentornet.cli", "worker", "--beside", str(os.getpid())]
    return subprocess.Popen(command)  # noqa: S603 - our own program


def end_with(parent: int) -> None:
    """Ask this process to end, as by a signal, as soon as its parent is gone."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True, name="end-with-parent").start()
