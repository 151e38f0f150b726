"""What stands in the log is one line for each entry, with its moment in UTC."""

from __future__ import annotations

import logging

import pytest
import time_machine

from mentornet.config.logs import Discreet

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
FORGED = "refused\n2026-01-01T00:00:00.000Z INFO mentornet: all is well"


def written(formatter: logging.Formatter, *args: object, message: str = "server said: %s", **more: object) -> str:
    record = logging.LogRecord("mentornet", logging.ERROR, "", 0, message, args, None)
    vars(record).update(more)
    return formatter.format(record)


@time_machine.travel("2026-07-01T12:00:00+02:00", tick=False)
def test_moments_are_in_utc_whatever_the_clock_on_the_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    assert written(Discreet(FORMAT), "yes").startswith("2026-07-01T10:00:00.000Z ERROR mentornet: ")


def test_words_of_others_begin_no_line_of_their_own() -> None:
    line = written(Discreet(FORMAT), FORGED)
    assert line.count("\n") == 0
    assert r"refused\n2026-01-01" in line
    # The control: the usual formatter lets them.
    assert written(logging.Formatter(FORMAT), FORGED).splitlines()[1].endswith("INFO mentornet: all is well")


@pytest.mark.parametrize("sign", ["\r", "\x1b[2J", "\x85", "\u2028", "\u202e", "\x00"])
def test_signs_that_move_something_are_shown(sign: str) -> None:
    line = written(Discreet(FORMAT), f"a{sign}b")
    assert sign[0] not in line
    assert "a\\" in line


def test_letters_of_every_script_stay_and_places_keep_their_lines() -> None:
    assert written(Discreet(FORMAT), "Zoë سارا Їжак").endswith("Zoë سارا Їжак")
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - any will do
        int("her name")
    text = written(Discreet(FORMAT), "x", exc_info=(raised.type, raised.value, raised.tb))
    assert text.splitlines()[-1].endswith("ValueError")
    assert len(text.splitlines()) > 2
