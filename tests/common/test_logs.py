"""What the log tells of a failure."""

from __future__ import annotations

import logging

import pytest

from mentornet.config.logs import Discreet

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
