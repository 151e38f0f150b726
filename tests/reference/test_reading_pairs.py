"""Pairs of earlier years: how they are read, and what is wrong with them."""

from __future__ import annotations

from datetime import date

import pytest

from reference.faults import UnusableFilesError
from reference.people import Pair
from reference.reading import PairsFile, read_pairs
from spreadsheet_files import csv_source, lines, read

PAIRS = csv_source("Mentor-Id,mentee_id,siden,indtil,årsag\nM1,E1,01-02-2025,,\nM9,E1,,2025-01-01,moved\n", "pairs.csv")


def test_pairs_are_read() -> None:
    pairs = (
        Pair("E1", "M1", row=2, since=date(2025, 2, 1)),
        Pair("E1", "M9", row=3, until=date(2025, 1, 1), reason="moved"),
    )
    assert read_pairs(PAIRS) == PairsFile(pairs)
    found = read(history=PAIRS)
    assert found.pairs == pairs
    assert lines(found.notices) == [
        "pairs.csv: 1 pair names somebody who is not in the two other files; it changes nothing"
    ]


def test_pairs_without_ids_are_faults() -> None:
    with pytest.raises(UnusableFilesError) as raised:
        read_pairs(csv_source("mentee id,since\n1,2025-01-01\n", "pairs.csv"))
    assert lines(raised.value.faults) == [
        "pairs.csv, row 1: the column “mentor id” is missing: the first row must name it, and every row needs one"
    ]
