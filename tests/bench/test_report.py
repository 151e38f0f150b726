from __future__ import annotations

import pytest

from bench.measure import medians
from bench.report import mib, seconds, table, times


def test_table_has_a_line_for_each_row_and_flushes_figures_right() -> None:
    written = table(["People", "Ours", "Peer"], [["50", "20.5 ms", "missing"], ["a|b", "1.00 s", "–"]])
    assert written == (
        "| People | Ours | Peer |\n| --- | ---: | ---: |\n| 50 | 20.5 ms | missing |\n| a\\|b | 1.00 s | – |\n"
    )


def test_table_refuses_a_row_of_another_length() -> None:
    with pytest.raises(AssertionError):
        table(["People", "Ours"], [["50"]])


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.000084, "0.08 ms"),
        (0.0099949, "9.99 ms"),
        (0.01234, "12.3 ms"),
        (0.0999, "99.9 ms"),
        (0.1, "100 ms"),
        (0.9994, "999 ms"),
        (0.9996, "1.00 s"),
        (43.21, "43.2 s"),
        (None, "–"),
    ],
)
def test_seconds_are_written_with_three_digits(value: float | None, written: str) -> None:
    assert seconds(value) == written


def test_memory_and_ratios_are_written_with_their_unit() -> None:
    assert [mib(0.31), mib(1287.4), mib(None)] == ["0.3 MiB", "1,287 MiB", "–"]
    assert [times(25.0, 0.1), times(1.5, 1.0), times(None, 1.0), times(1.0, 0.0)] == ["250×", "1.5×", "–", "–"]


def test_medians_take_memory_from_the_first_job_of_a_process() -> None:
    answers = [
        {"seconds": 3.0, "memory_mib": 8.0, "paired": 5, "checked": False},
        {"seconds": 1.0, "memory_mib": 0.0, "paired": 5, "checked": False},
        {"seconds": 2.0, "memory_mib": 0.0, "paired": 5, "checked": False},
    ]
    assert medians(answers) == {
        "seconds": 2.0,
        "memory_mib": 8.0,
        "paired": 5,
        "checked": False,
        "repetitions": 3,
        "slowest": 3.0,
        "fastest": 1.0,
    }
