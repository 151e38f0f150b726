"""A writer killed in the middle of its work: nothing acknowledged is lost, and nothing is torn."""

from __future__ import annotations

from typing import Final

import pytest

from reliability.programs import asked

pytestmark = pytest.mark.django_db
CYCLES: Final = 500
ACTS: Final = {"application", "quiet word", "meeting", "first yes", "second yes", "no", "letter"}


def test_nothing_is_lost_and_nothing_is_torn(installation: dict[str, str]) -> None:
    told = asked("killing.py", "--cycles", CYCLES, env=installation)
    killed, swept, early, torn = (told[name] for name in ("killed", "swept", "early", "torn"))
    print(f"\n{told['vendor']}: killed {killed['cycles']} times at random, {swept['cycles']} times at a given step")

    assert killed["faults"] == []
    assert killed["cycles"] == CYCLES
    # Each kind was acknowledged, and each was interrupted.
    assert set(killed["acknowledged"]) >= ACTS
    assert set(killed["vanished"]) >= ACTS

    # At each step of each act; before the commit it is gone, after the commit it stands.
    assert swept["faults"] == []
    assert set(swept["vanished"]) == ACTS
    assert set(swept["finished"]) == ACTS
    assert swept["sealing"] > 1

    # The controls: who acknowledges before the commit, and who writes without a transaction, is found out.
    lost = [fault for fault in early["faults"] if "acknowledged, and lost" in fault]
    assert len(lost) == early["cycles"] == 5
    assert any("torn" in fault for fault in torn["faults"])
