"""What the tests' public site shows."""

from __future__ import annotations

from dataclasses import dataclass

from mentornet.divisions.models import Division
from mentornet.programmes.models import Programme


@dataclass(frozen=True)
class Site:
    """What the public site shows."""

    odense: Division
    aarhus: Division
    closed: Division
    job: Programme
    local: Programme
