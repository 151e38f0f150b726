"""A check that runs with every command: real people are never shown as a demonstration."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import DatabaseError

from mentornet.demo.queries import holds_real_data


@register(Tags.security)
def check_no_real_data(**_: Any) -> list[Error]:
    """Refuse to run as a demonstration on people who are not made up."""
    try:
        found = bool(settings.DEMO) and holds_real_data()
    except DatabaseError:
        # There are no tables yet, or no database: so there are no people either.
        return []
    if not found:
        return []
    return [
        Error(
            "MENTORNET_DEMO is on, but the database holds people who are not the demo's.",
            hint="Start without MENTORNET_DEMO, or name another database with MENTORNET_DATA.",
            id="demo.E001",
        )
    ]
