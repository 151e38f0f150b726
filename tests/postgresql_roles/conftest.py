"""The two divisions of the access tests, crossed here once more without the rule."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from access.matrix import Crossing
from access.worlds import World, build_world
from factories.django_rows import AT


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """Two divisions, one object of each kind in each."""
    with time_machine.travel(AT, tick=False):
        yield build_world()


@pytest.fixture
def crossing(world: World) -> Crossing:
    """Asks in the names of the world's users."""
    return Crossing(world)
