"""The handbook and the training, as they ship."""

from __future__ import annotations

import pytest

from factories.django_rows import AT
from mentornet.common.actors import System
from mentornet.learning.services import install_shipped

SHIPPING = System("shipped", AT)


@pytest.fixture
def shipped(db: None) -> int:
    """Install what ships. Returns how many texts were new."""
    return install_shipped(by=SHIPPING)
