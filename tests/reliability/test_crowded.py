"""Thousands at once on a few places: nobody is taken beyond her capacity, and no place is left over."""

from __future__ import annotations

from typing import Final

import pytest

from reliability.programs import asked

pytestmark = pytest.mark.django_db
ATTEMPTS: Final = 5000
SERVICES: Final = 400
"""Through the whole of the services; all 5,000 by ``make soak``."""


def test_five_thousand_acceptances_never_exceed_the_capacity(installation: dict[str, str]) -> None:
    told = asked("crowding.py", "--attempts", ATTEMPTS, "--services", SERVICES, env=installation)
    places, control, services = told["places"], told["control"], told["services"]

    # The conditional update alone, with the database's constraint away.
    assert places["accepted"] + places["refused"] == ATTEMPTS
    assert places["beyond"] == 0
    assert places["accepted"] == places["full"] == places["places"]
    assert places["left over"] == 0

    # The control: a hold that reads, then writes.
    assert control["beyond"] > 0
    assert control["accepted"] > control["places"]

    # By the services: proposed, and both answers at the same moment.
    said = dict(services["said"])
    assert said.pop("yes") == 2 * services["places"]
    assert said.pop("proposed") == services["places"]
    assert set(said) <= {"RuleBrokenError", "NoPlaceLeftError", "ChangedMeanwhileError"}
    assert sum(said.values()) == SERVICES - services["places"]
    assert services["accepted"] == services["partnerships"] == services["full"] == services["places"]
    assert (services["twice"], services["left over"]) == (0, 0)
    assert services["most"] * (services["places"] // services["most"]) == services["places"]
