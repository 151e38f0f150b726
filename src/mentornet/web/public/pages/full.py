"""Offices that take nobody in just now, and why, in the reader's language where it has been written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from mentornet.intake.applicants import closed_windows, text_in


@dataclass(frozen=True, slots=True)
class Full:
    """One closed intake.

    Attributes:
        programme: its name; empty for contact persons.
        language: in which ``reason`` is written.
    """

    division: str
    role: str
    programme: str
    reason: str
    language: str


def full_offices(today: date, language: str, *, role: str = "", division_id: UUID | None = None) -> Sequence[Full]:
    """Return the intakes that are closed today, of one role or division, or of all."""
    found = []
    for window in closed_windows(today, role=role, division_id=division_id):
        reason, code = text_in(window.reason, language)
        found.append(
            Full(
                division=window.division.name,
                role=window.role,
                programme=window.programme.name if window.programme else "",
                reason=reason,
                language=code,
            )
        )
    return found
