"""The web server: gunicorn, started by the program itself, beside a worker."""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pkgutil import resolve_name
from typing import Any, Final

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.template.loader import render_to_string
from django.utils import timezone
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.http.errors import LimitRequestLine
from gunicorn.workers.gthread import ThreadWorker

from mentornet.config import ending
from mentornet.config.env import PREFIX, in_force
from mentornet.config.logs import WithoutKeys

WORKERS: Final = 2
THREADS: Final = 4
PORTS_TRIED: Final = 50
USUAL_PORT: Final = 8000
LONGEST_REQUEST_LINE: Final = 8190
"""In bytes, the most that gunicorn allows: all filters of a page at once stay far below it."""
LONGEST_GOODBYE: Final = 30.0
"""Seconds that a worker without its parent has for the job under way; it is begun again by another one."""
_MOST_LEFT_UNREAD: Final = 256 * 1024
PATIENCE: Final = 2.0
"""Seconds in which a browser reads that its address is too long, however slowly it goes on sending it."""
_NO_WAY: Final = "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_GUARDS: Final = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("Vary", "Cookie, HX-Request"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; " + _NO_WAY,
    ),
)
"""What Django's middleware would put on the one answer that does not pass through it."""


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


def _over_https() -> list[tuple[str, str]]:
    """Return what a browser is told to remember where the program is reached by HTTPS alone."""
    if not settings.SECURE_HSTS_SECONDS:
        return []
    also = [
        word
        for word, is_wanted in (
            ("includeSubDomains", settings.SECURE_HSTS_INCLUDE_SUBDOMAINS),
            ("preload", settings.SECURE_HSTS_PRELOAD),
        )
        if is_wanted
    ]
    return [("Strict-Transport-Security", "; ".join([f"max-age={settings.SECURE_HSTS_SECONDS}", *also]))]


def too_long() -> bytes:
    """Return the answer to a request line that is too long to be read, so that no view can answer it."""
    page = render_to_string("ui/414.html").encode()
    lines = [
        "HTTP/1.1 414 URI Too Long",
        "Connection: close",
        f"Content-Length: {len(page)}",
        *(f"{name}: {value}" for name, value in (*_GUARDS, *_over_https())),
    ]
    return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + page


class Log(Logger):  # type: ignore[misc]  # gunicorn ships no types
    """Gunicorn's own, in which no address is a key; that of accesses too, where somebody switches it on."""

    def setup(self, cfg: Any) -> None:
        """Set the logs up."""
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            log.addFilter(WithoutKeys())


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """Gunicorn's own, with a page of ours for an address that is too long: a search may have a whole letter in it."""

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:
        """Answer a request that could not be read."""
        if not isinstance(exc, LimitRequestLine):
            super().handle_error(req, client, addr, exc)
            return
        # A thread serves nobody else meanwhile: there is one end for all of it, not one for each piece.
        end = time.monotonic() + PATIENCE
        with suppress(OSError):
            client.settimeout(PATIENCE)
            client.sendall(too_long())
            client.shutdown(socket.SHUT_WR)
            # Closed with words unread, the connection would be torn down before the browser has read the answer.
            left = _MOST_LEFT_UNREAD
            while left > 0 and (seconds := end - time.monotonic()) > 0:
                client.settimeout(seconds)
                got = len(client.recv(16_384))
                if not got:
                    break
                left -= got


def warm() -> threading.Thread:
    """Read the banks beside the first requests, which read for themselves should that fail."""

    def read() -> None:
        try:
            # By its name: this module is loaded before Django's apps are.
            resolve_name("mentornet.matching.warming:warm_banks")(at=timezone.now())
        finally:
            connections.close_all()
        # What has just been read stays for long: the collector need not walk through all of it again and again.
        gc.freeze()

    thread = threading.Thread(target=read, daemon=True, name="warm-banks")
    thread.start()
    return thread


def serve(*, host: str, port: int, ready: Callable[[], None], workers: int = WORKERS) -> None:
    """Serve until a signal comes; ``ready`` is called once the first page can be asked for. Does not return."""
    _Server(
        {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": workers,
            "worker_class": Worker,
            "threads": THREADS,
            "limit_request_line": LONGEST_REQUEST_LINE,
            "preload_app": True,
            "loglevel": "warning",
            "logger_class": Log,
            "control_socket_disable": True,
            "when_ready": lambda _server: _open(ready),
            "post_worker_init": lambda _worker: warm(),
            # Longer than the embedded database waits for its one lock: a big import may hold it for a while.
            "timeout": 120,
            "graceful_timeout": 10,
        }
    ).run()


def _open(ready: Callable[[], None]) -> None:
    # From here on gunicorn itself heeds signals; what was asked before and lost is asked for now.
    ending.heed()
    ready()


def be_reached_at(address: str) -> None:
    """Let letters say this address, also those that a worker beside writes, unless the installation names another."""
    if not in_force().get(f"{PREFIX}ADDRESS", "").strip():
        settings.ADDRESS = os.environ[f"{PREFIX}ADDRESS"] = address


@contextmanager
def worker_beside() -> Iterator[None]:
    """Run a worker beside what is done inside; it ends with it, also when this process is killed outright.

    A worker that dies is replaced.
    """
    ended, own = threading.Event(), os.getpid()
    running = [_worker()]

    def watch() -> None:
        while not ended.wait(2.0):
            if running[-1].poll() is not None:
                running.append(_worker())
                if ended.is_set():
                    # Replaced in the moment in which it all ended.
                    running[-1].terminate()

    threading.Thread(target=watch, daemon=True, name="worker-beside").start()
    try:
        yield
    finally:
        # Gunicorn's own processes come from this one, and leave by the same way: the worker is not theirs to end.
        if os.getpid() == own:
            ended.set()
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
        # Lost, where it came while the program still started: asked again, it ends whatever is under way.
        time.sleep(LONGEST_GOODBYE)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True, name="end-with-parent").start()
