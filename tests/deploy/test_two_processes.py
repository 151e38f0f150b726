"""The web and the worker as two services, as the units and compose.yaml start them, behind what a proxy says."""

from __future__ import annotations

import http.client
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import pytest
import yaml

from deploy.containerfile import DEPLOY
from serving import of_nobody

HOST: Final = "network.example.org"
PATIENCE: Final = 240.0
"""In seconds; the machine may be busy with other tests."""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(is_so: Callable[[], bool], program: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until something is so; show what the program said if it ends before."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert program.poll() is None, log.read_text(encoding="utf-8")
        assert time.monotonic() < end, log.read_text(encoding="utf-8")
        time.sleep(0.1)


@contextmanager
def running(log: Path, environment: dict[str, str], *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run one of the program's commands as a service does, and see to it that it ends."""
    with log.open("wb") as file:
        program = subprocess.Popen(
            [sys.executable, "-m", "mentornet.cli", *words], env=environment, stdout=file, stderr=subprocess.STDOUT
        )
    try:
        yield program
    finally:
        program.kill()
        program.wait(30)


def children_of(pid: int) -> list[str]:
    """Return the command lines of the processes that a process has started."""
    ended = subprocess.run(["ps", "--ppid", str(pid), "-o", "args="], capture_output=True, text=True, check=False)
    return ended.stdout.splitlines()


def workers_seen(folder: Path) -> int:
    """Return how many workers say that they are alive."""
    with closing(sqlite3.connect(folder / "mentornet.sqlite3", timeout=30)) as database:
        (number,) = database.execute("SELECT COUNT(*) FROM common_workerbeat").fetchone()
    return int(number)


def ask(port: int, path: str, **headers: str) -> http.client.HTTPResponse:
    """Ask as a proxy does that hands the name on."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(
        "GET", path, headers={"Host": HOST, **{name.replace("_", "-"): words for name, words in headers.items()}}
    )
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An installation's own settings, with real people as far as the program knows."""
    return of_nobody(tmp_path) | {
        "MENTORNET_HOSTS": HOST,
        "MENTORNET_MAIL_URL": "smtp+tls://user:password@mail.example.org:587",
        "MENTORNET_SENDER": "The office <office@example.org>",
    }


def test_web_and_worker_run_as_services_of_their_own(environment: dict[str, str], tmp_path: Path) -> None:
    port = _free_port()
    told = tmp_path / "notify"
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as systemd:
        systemd.bind(str(told))
        systemd.settimeout(PATIENCE)
        web = environment | {"NOTIFY_SOCKET": str(told)}
        with running(tmp_path / "web", web, "serve", "--no-worker", "--port", str(port)) as serve:
            # Type=notify: it tells systemd by itself when the first page can be asked for.
            assert systemd.recv(1000).startswith(b"READY=1")
            wait_for(lambda: _is_open(port), serve, tmp_path / "web")
            assert not [line for line in children_of(serve.pid) if " worker" in line]

            # What the proxy says decides: by HTTPS a page with safe cookies, without it the way there.
            page = ask(port, "/accounts/login/", X_Forwarded_Proto="https", X_Forwarded_For="192.0.2.7")
            assert page.status == 200, (tmp_path / "web").read_text(encoding="utf-8")
            assert all("Secure" in cookie for cookie in page.headers.get_all("Set-Cookie", []))
            assert page.headers["Strict-Transport-Security"]
            plain = ask(port, "/accounts/login/", X_Forwarded_For="192.0.2.7")
            assert (plain.status, plain.headers["Location"]) == (301, f"https://{HOST}/accounts/login/")
            assert ask(port, "/accounts/login/", Host="elsewhere.example", X_Forwarded_Proto="https").status == 400
            assert _healthy(port, environment)

            assert workers_seen(tmp_path) == 0
            with running(tmp_path / "worker", environment, "worker") as worker:
                wait_for(lambda: workers_seen(tmp_path) == 1, worker, tmp_path / "worker")
                worker.terminate()
                assert worker.wait(120) == 0
            serve.terminate()
            assert serve.wait(120) == 0
            assert not _healthy(port, environment)
    # The control: without the word, a worker is started beside.
    with running(tmp_path / "web", environment, "serve", "--port", str(port)) as serve:
        wait_for(lambda: _is_open(port), serve, tmp_path / "web")
        assert [line for line in children_of(serve.pid) if " worker --beside" in line]
        serve.terminate()
        assert serve.wait(120) == 0


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _healthy(port: int, environment: dict[str, str]) -> bool:
    """Ask as compose.yaml asks whether the service is well."""
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    _, python, flag, words = compose["services"]["serve"]["healthcheck"]["test"]
    assert (python, flag) == ("python", "-c")
    command = [sys.executable, "-c", words.replace(":8000/", f":{port}/")]
    return subprocess.run(command, env=environment, check=False, stderr=subprocess.DEVNULL, timeout=60).returncode == 0
