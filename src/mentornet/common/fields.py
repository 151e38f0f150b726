"""The field registry: for each column, who sees it, what it is for, how long it is kept, what becomes of it.

Each app declares its own in a module ``fields``; display, search, export, erasure and tests read it here. A column that
nobody has declared fails the build.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final


class Level(IntEnum):
    """Who may see a field of a participant, from everyone down to named staff."""

    OPEN = 0
    INTRODUCTION = 1
    """The other side of a sent proposal."""
    PARTNER = 2
    """The partner, after both have accepted."""
    CASEWORK = 3
    """Coordinators of the division."""
    RESTRICTED = 4
    """Named staff; every read is audited."""


class Erasure(StrEnum):
    """What becomes of a field when its person is erased."""

    EMPTY = "empty"
    """Emptied; the row stays for the counts."""
    DELETE = "delete"
    """The row goes."""
    KEEP = "keep"
    """Stays: it tells nothing about a person."""


class Retention(StrEnum):
    """How long a field is kept."""

    CASE = "case"
    """As long as she is in the network, and for the follow-ups after."""
    CONTACT = "contact"
    """Until the last follow-up is done."""
    NOTES = "notes"
    """Until a year after the case ended."""
    LOG = "log"
    """Five years: the record of who did what."""
    ALWAYS = "always"
    """Set-up, not about a participant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldPolicy:
    """What is declared of one column.

    Attributes:
        about_person: the column is part of what a participant may ask for.
    """

    level: Level
    purpose: str
    retention: Retention
    erasure: Erasure
    about_person: bool = True


_REGISTRY: Final[dict[str, dict[str, FieldPolicy]]] = {}


def declare(model: str, fields: dict[str, FieldPolicy]) -> None:
    """Declare columns of ``model`` (``app.Model``), by name.

    Raises:
        ValueError: the model was declared before.
    """
    if model in _REGISTRY:
        raise ValueError(f"{model} is declared twice")
    _REGISTRY[model] = dict(fields)


def declared(model: str) -> dict[str, FieldPolicy]:
    """Return what is declared of ``model``; nothing when it is not."""
    return _REGISTRY.get(model, {})


def declared_models() -> frozenset[str]:
    """Return the models of which anything is declared."""
    return frozenset(_REGISTRY)


def level_of(model: str, field: str) -> Level:
    """Return who may see a column.

    Raises:
        KeyError: nobody has declared it.
    """
    return _REGISTRY[model][field].level


def technical(*names: str) -> dict[str, FieldPolicy]:
    """Declare columns that hold the record together: keys, moments, states."""
    policy = FieldPolicy(
        level=Level.CASEWORK, purpose="holds the record together", retention=Retention.CASE, erasure=Erasure.KEEP
    )
    return dict.fromkeys(names, policy)


def setup(*names: str) -> dict[str, FieldPolicy]:
    """Declare columns of the organisation's own set-up, which tell about no participant."""
    policy = FieldPolicy(
        level=Level.CASEWORK,
        purpose="the organisation's set-up",
        retention=Retention.ALWAYS,
        erasure=Erasure.KEEP,
        about_person=False,
    )
    return dict.fromkeys(names, policy)


def personal(
    level: Level,
    purpose: str,
    *names: str,
    retention: Retention = Retention.CASE,
    erasure: Erasure = Erasure.EMPTY,
) -> dict[str, FieldPolicy]:
    """Declare columns about a participant that share level, purpose, retention and erasure."""
    policy = FieldPolicy(level=level, purpose=purpose, retention=retention, erasure=erasure)
    return dict.fromkeys(names, policy)
