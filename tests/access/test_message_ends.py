"""Where a request ends is said once, or it is refused: nobody hides a second one in the first."""

from __future__ import annotations

import ast
import inspect

import pytest
from gunicorn.config import Config
from gunicorn.http.errors import ParseException
from gunicorn.http.parser import RequestParser

from mentornet.config import serving

LINE = b"POST /a/ HTTP/1.1\r\nHost: testserver\r\n"


def read(data: bytes) -> bytes:
    """Read a request as the server does, and return its body."""
    request = next(RequestParser(Config(), iter([data]), ("127.0.0.1", 1)))
    return bytes(request.body.read())


@pytest.mark.parametrize(
    "more",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /b/ HTTP/1.1\r\nHost: testserver\r\n\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        b"Content-Length: +5\r\n\r\nabcde",
        b"Content-Length: 5, 5\r\n\r\nabcde",
        b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        b"X: a\r\n Transfer-Encoding: chunked\r\n\r\n",
    ],
)
def test_request_with_two_ends_is_refused(more: bytes) -> None:
    with pytest.raises((ParseException, OSError)):
        read(LINE + more)


def test_request_with_one_end_is_read() -> None:
    assert read(LINE + b"Content-Length: 5\r\n\r\nabcde") == b"abcde"
    assert read(LINE + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n") == b"abc"


def test_server_is_told_to_tolerate_nothing() -> None:
    # What would let such requests pass, or believe headers of anybody, is left as it comes: off.
    told = {
        str(node.value)
        for node in ast.walk(ast.parse(inspect.getsource(serving.serve)))
        if isinstance(node, ast.Constant)
    }
    assert "limit_request_line" in told
    assert [name for name in told if "permit" in name or "tolerate" in name or name == "forwarded_allow_ips"] == []
    assert [
        name for name, one in Config().settings.items() if ("permit" in name or "tolerate" in name) and one.get()
    ] == []
