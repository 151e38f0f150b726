"""A stand-in for the provider of text messages, and for one of mail: it speaks their documented API, errors too."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Request:
    """What was asked."""

    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class Provider:
    """Answers what it is told to, and keeps what it was asked."""

    token: str = "token"
    status: int = 200
    answer: dict[str, Any] | None = None
    hangs: bool = False
    hangs_up: bool = False
    redirects_to: str = ""
    asked: list[Request] = field(default_factory=list)
    port: int = 0
    _going_on: threading.Event = field(default_factory=threading.Event)

    def reply(self, request: Request) -> tuple[int, Any]:
        """GatewayAPI's answers: a code of its own beside the status."""
        if self.answer is not None or self.status != 200:
            return self.status, self.answer or {"code": "0x0001", "message": "no", "variables": None}
        if request.headers.get("Authorization") != f"Token {self.token}":
            return 401, {"code": "0x0211", "message": "Unauthorized", "variables": None}
        body = request.body
        if not isinstance(body.get("message"), str) or not body["message"] or len(body.get("sender", "")) > 15:
            return 422, {"code": "0x0304", "message": "Invalid input", "variables": None}
        for recipient in body["recipients"]:
            if not isinstance(recipient["msisdn"], int) or not 10**6 < recipient["msisdn"] < 10**15:
                return 400, {"code": "0x0210", "message": "Unparsable MSISDN", "variables": None}
        ids = [421332671 + number for number in range(len(body["recipients"]))]
        return 200, {"ids": ids, "usage": {"countries": {"DK": len(ids)}, "currency": "DKK", "total_cost": 0.36}}

    @contextmanager
    def running(self) -> Iterator[Provider]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                provider.asked.append(Request(self.path, dict(self.headers), json.loads(body or b"{}")))
                if provider.hangs:
                    provider._going_on.wait(10)
                    return
                if provider.hangs_up:
                    return
                if provider.redirects_to:
                    self.send_response(307)
                    self.send_header("Location", provider.redirects_to)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                status, answer = provider.reply(provider.asked[-1])
                words = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(words)))
                self.end_headers()
                self.wfile.write(words)

            def log_message(self, *words: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield self
        finally:
            self._going_on.set()
            server.shutdown()
            thread.join()
            server.server_close()
