"""What the log tells of a failure."""

from __future__ import annotations

import logging
import re
import time

import pytest
from gunicorn.config import Config

from mentornet.config import logs
from mentornet.config.logs import Discreet, WithoutKeys, without_keys
from mentornet.config.serving import Log

WORDS = "Key (email)=(amina@example.org) already exists"


def _failed() -> logging.LogRecord:
    with pytest.raises(ValueError, match="amina") as failure:
        int(WORDS)
    return logging.LogRecord(
        "x", logging.ERROR, __file__, 1, "Failed: %s", ("/desk/",), (failure.type, failure.value, failure.tb)
    )


def test_a_failure_is_told_by_kind_and_place_without_its_words() -> None:
    told = Discreet("%(message)s").format(_failed())
    assert "amina" not in told
    assert "builtins.ValueError" in told
    assert "test_logs.py" in told


def test_the_usual_formatter_would_tell_her_address() -> None:
    assert "amina" in logging.Formatter("%(message)s").format(_failed())


TOKEN = "kanarie-token-8R1c"


@pytest.mark.parametrize(
    "line",
    [
        "Not Found: /l/kanarie-token-8R1c/",
        "Not Found: /l/kanarie-token-8R1c/)",
        "Not Found: /l/ (kanarie-token-8R1c",
        "Method Not Allowed (OPTIONS): /l/off/kanarie-token-8R1c/",
        "Method Not Allowed (OPTIONS): /my/calendar/kanarie-token-8R1c/appointments.ics",
        '127.0.0.1 - - [1/Mar/2026] "GET /l/kanarie-token-8R1c/ HTTP/1.1" 200 12',
        "Error handling request /accounts/password/reset/key/1-kanarie-token-8R1c/",
        "Not Found: /my/sign-in/?next=%2Fl%2Fkanarie-token-8R1c%2F",
        "GET /en/apply/?token=kanarie-token-8R1c",
    ],
)
def test_a_key_in_an_address_is_not_told(line: str) -> None:
    assert TOKEN in line
    told = without_keys(line)
    assert TOKEN not in told
    assert "…" in told


def test_other_addresses_and_what_a_server_adds_are_told() -> None:
    assert without_keys("Not Found: /desk/people/1/") == "Not Found: /desk/people/1/"
    assert without_keys('"GET /l/x/ HTTP/1.1" 404 12').endswith(' HTTP/1.1" 404 12')


def _times_as_long(slashes: int) -> float:
    """How much longer a path of slashes takes than one of letters; the best of three in the processor's own time."""

    def least(path: str) -> float:
        took = []
        for _ in range(3):
            began = time.process_time()
            without_keys(f"Not Found: {path}")
            took.append(time.process_time() - began)
        return max(min(took), 1e-6)

    return least("/" * slashes) / least("x" * slashes)


def test_long_path_is_looked_through_once() -> None:
    assert _times_as_long(60_000) < 30


def test_pattern_that_begins_at_each_slash_takes_far_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    # The control of the test above.
    monkeypatch.setattr(logs, "_ASKED", re.compile(r"(/[^\s?]*\?)\S+"))
    assert _times_as_long(12_000) > 30


@pytest.mark.parametrize("part", ["/", "/l", "/%2F", "/l/", "?"])
def test_key_at_the_end_of_a_long_path_is_not_told(part: str) -> None:
    path = part * (60_000 // len(part))
    for line in (f"Not Found: {path}/l/{TOKEN}", f"Not Found: {path}?next={TOKEN}"):
        told = without_keys(line)
        assert TOKEN not in told
        assert told.startswith("Not Found: ")


def test_words_that_do_not_fit_their_values_stop_nothing() -> None:
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "%d", ("/l/x/",), None)
    assert WithoutKeys().filter(record)


def test_server_hides_keys_in_both_of_its_logs() -> None:
    log = Log(Config())
    assert all(any(isinstance(one, WithoutKeys) for one in kept.filters) for kept in (log.error_log, log.access_log))
