"""The impact assessment: what was signed, and what has changed in the register since."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from mentornet.privacy.models import Assessment
from mentornet.privacy.processing import columns_about_people


def register_now() -> dict[str, str]:
    """Return the register of columns about people as it is now: each with what is said of it."""
    return {f"{column.table}.{column.name}": column.says for column in columns_about_people()}


def mark_of_register(columns: dict[str, str]) -> str:
    """Return a hash of a register."""
    return hashlib.sha256(json.dumps(columns, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class AssessmentStanding:
    """Whether what was signed is still what is done.

    Attributes:
        last: the last sign-off; nothing before the first.
        added, gone, changed: columns about people that differ from then.
    """

    last: Assessment | None
    added: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def is_current(self) -> bool:
        """Whether it was signed, and nothing has changed since."""
        return self.last is not None and not (self.added or self.gone or self.changed)


def standing_of_assessment() -> AssessmentStanding:
    """Compare the register with what was signed last."""
    last = Assessment.objects.order_by("-number").first()
    if last is None:
        return AssessmentStanding(None)
    now, then = register_now(), dict(last.columns)
    return AssessmentStanding(
        last,
        added=tuple(sorted(now.keys() - then.keys())),
        gone=tuple(sorted(then.keys() - now.keys())),
        changed=tuple(sorted(name for name in now.keys() & then.keys() if now[name] != then[name])),
    )
