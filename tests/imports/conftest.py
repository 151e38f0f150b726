"""What the tests of the import share: lists as coordinators keep them, and an import taken as far as asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from imports_steps import Journey
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.programmes.models import Programme


@pytest.fixture
def journey(coordinator: Staff, division: Division, programme: Programme) -> Callable[..., Journey]:
    """Begins an import of ``division`` by ``coordinator`` from CSV texts by subject."""

    def begin(**texts: Any) -> Journey:
        return Journey.begin(coordinator, division, programme, texts)

    return begin
