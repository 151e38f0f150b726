"""One moment for all tests here, and the two divisions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from access.matrix import Crossing
from access.worlds import World, build_world
from factories.django_rows import AT


@pytest.fixture
def moment() -> Iterator[None]:
    """Stop the clock: two answers may differ in what they show, not in when."""
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def world(db: None, moment: None) -> World:
    """Two divisions, one object of each kind in each, one user for each role."""
    return build_world()


@pytest.fixture
def crossing(world: World) -> Crossing:
    """Asks in the names of the world's users."""
    return Crossing(world)
