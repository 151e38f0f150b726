"""The examples for proxies, tried on the proxies themselves: what a visitor claims of herself does not pass."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from deploy.containerfile import DEPLOY
from deploy.upgrade_data import ROOT

PATIENCE: Final = 240.0
CLAIMED: Final = {
    "X-Forwarded-For": "203.0.113.66",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Host": "elsewhere.example",
    "Forwarded": "for=203.0.113.66;proto=http;host=elsewhere.example",
}
NAME: Final = "localhost"


def binary(name: str) -> str:
    """Return where a proxy is; the test cannot run where it is not."""
    apart = [*(ROOT / ".venv" / "proxies" / "usr").glob(f"*bin/{name}")]
    found = shutil.which(name) or (str(apart[0]) if apart else None)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _Told(BaseHTTPRequestHandler):
    """Tells what has arrived, in place of the program."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = json.dumps([self.path, *([name.title(), words] for name, words in self.headers.items())]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Say nothing."""


@pytest.fixture
def upstream() -> Iterator[int]:
    """What stands behind the proxy, at this port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Told)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate that nobody trusts, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    full, private = folder / "fullchain.pem", folder / "privkey.pem"
    full.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    private.write_bytes(key.private_bytes(pem, form, serialization.NoEncryption()))
    return full, private


@contextmanager
def started(command: list[str], port: int, log: Path, environment: Mapping[str, str] | None = None) -> Iterator[None]:
    """Run a proxy until it listens, and end it afterwards."""
    with log.open("wb") as file:
        program = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, env=environment)
    try:
        end = time.monotonic() + PATIENCE
        while True:
            assert program.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < end, log.read_text(encoding="utf-8")
            with suppress(OSError):
                tell(port)
                break
            time.sleep(0.1)
        yield
    finally:
        program.terminate()
        program.wait(30)


def tell(port: int, path: str = "/", **headers: str) -> dict[str, str]:
    """Ask through the proxy; returns what has arrived behind it, and the path under the empty name."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port), timeout=30) as raw:
        connection = http.client.HTTPSConnection(NAME, port, timeout=30)
        connection.sock = context.wrap_socket(raw, server_hostname=NAME)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
    assert answer.status == 200, (answer.status, body)
    path, *arrived = json.loads(body)
    # Two lines of one name would be two claims of which the program might believe either.
    assert len({name for name, _ in arrived}) == len(arrived)
    return {"": path, **dict(arrived)}


@contextmanager
def nginx(folder: Path, upstream: int, spoil: str = "") -> Iterator[int]:
    """Run nginx with the example, on a port and with a certificate of the test's."""
    program, plain, port = binary("nginx"), free_port(), free_port()
    full, private = certificate(folder)
    text = (DEPLOY / "proxy" / "nginx.conf").read_text(encoding="utf-8")
    for old, new in (
        (r"listen \[::\]:\d+[^;]*;", ""),
        (r"listen 80;", f"listen 127.0.0.1:{plain};"),
        (r"listen 443 ", f"listen 127.0.0.1:{port} "),
        (r"127\.0\.0\.1:8000", f"127.0.0.1:{upstream}"),
        (r"network\.example\.org;", f"{NAME};"),
        (r"/etc/letsencrypt/\S+/fullchain\.pem", str(full)),
        (r"/etc/letsencrypt/\S+/privkey\.pem", str(private)),
    ):
        text, count = re.subn(old, new, text)
        assert count, old
    text = text.replace(spoil, "") if spoil else text
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""
    own = folder / "nginx.conf"
    own.write_text(
        f"{user} daemon off; pid {folder}/pid; error_log stderr; events {{}} http {{ access_log off; {paths}\n{text} }}"
    )
    with started([program, "-p", str(folder), "-e", "stderr", "-c", str(own)], port, folder / "log"):
        yield port


@contextmanager
def caddy(folder: Path, upstream: int, spoil: str = "") -> Iterator[int]:
    """Run Caddy with the example, on a port and with a certificate of its own making."""
    program, port = binary("caddy"), free_port()
    text = (DEPLOY / "proxy" / "Caddyfile").read_text(encoding="utf-8")
    text = text.replace(spoil, "") if spoil else text
    own = folder / "Caddyfile"
    options = (
        "admin off",
        "skip_install_trust",
        "local_certs",
        "auto_https disable_redirects",
        "default_bind 127.0.0.1",
    )
    alone = "".join(["{\n", *(f"\t{option}\n" for option in options), "}\n"])
    own.write_text(alone + text, encoding="utf-8")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "MENTORNET_NAME": f"https://{NAME}:{port}",
        "MENTORNET_SERVER": f"127.0.0.1:{upstream}",
    }
    command = [program, "run", "--config", str(own), "--adapter", "caddyfile"]
    with started(command, port, folder / "log", environment):
        yield port


PROXIES: Final = {"nginx": nginx, "caddy": caddy}
CLAIMS_LET_THROUGH: Final = {
    "nginx": 'proxy_set_header Forwarded "";',
    "caddy": "header_up -Forwarded",
}


@pytest.mark.parametrize("name", PROXIES)
def test_what_a_visitor_claims_does_not_pass(name: str, upstream: int, tmp_path: Path) -> None:
    with PROXIES[name](tmp_path, upstream) as port:
        arrived = tell(port, "/desk/?q=a%20b", **CLAIMED)
    assert arrived[""] == "/desk/?q=a%20b"
    assert arrived["Host"].partition(":")[0] == NAME
    assert (arrived["X-Forwarded-For"], arrived["X-Forwarded-Proto"]) == ("127.0.0.1", "https")
    assert "Forwarded" not in arrived
    assert "elsewhere" not in str(arrived)


@pytest.mark.parametrize("name", PROXIES)
def test_without_the_example_s_words_it_would_pass(name: str, upstream: int, tmp_path: Path) -> None:
    with PROXIES[name](tmp_path, upstream, CLAIMS_LET_THROUGH[name]) as port:
        assert tell(port, **CLAIMED)["Forwarded"] == CLAIMED["Forwarded"]


@pytest.mark.parametrize("name", PROXIES)
def test_a_long_search_passes(name: str, upstream: int, tmp_path: Path) -> None:
    words = "/desk/people/?q=" + "a" * 8000
    with PROXIES[name](tmp_path, upstream) as port:
        assert tell(port, words)[""] == words
