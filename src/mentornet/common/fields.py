"""The field registry: for each column, who sees it, what it is for, how long it is kept, what becomes of it.

Each app declares its own in a module ``fields``; display, search, export, erasure and tests read it here. A column that
nobody has declared fails the build.
"""

from __future__ import annotations

from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True)
class Term:
    """For how many days a class is kept when its clock has begun.

    Attributes:
        days: unless the organisation sets a number of its own.
        most: it may set none above this.
    """

    days: int
    most: int


TERMS: Final[Mapping[Retention, Term]] = {
    # The last follow-up is asked for two years after the end.
    Retention.CASE: Term(days=760, most=1_095),
    Retention.CONTACT: Term(days=760, most=1_095),
    Retention.NOTES: Term(days=365, most=730),
    Retention.LOG: Term(days=1_826, most=3_653),
}
"""Set-up has none: it tells of nobody."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom the rows of a model are about: how her rows are found, for her copy and for her erasure.

    One of :func:`about`, :func:`of_side`, :func:`keyed`, :func:`hanging_on` and :func:`nobody` makes it.

    Attributes:
        paths: lookups from a row to people's keys; of a row of two it is about both.
        side, via: the column that says which of a pair a row is about, and the way from there to the pair.
        keys: columns that hold her key as text, such as ``person:…``, or a row's key.
        target: a column that holds the key of any row of hers, whatever its model.
        reason: why the rows are about no participant.
    """

    paths: tuple[str, ...] = ()
    side: str = ""
    via: str = ""
    keys: tuple[str, ...] = ()
    target: str = ""
    reason: str = ""

    @property
    def is_shared(self) -> bool:
        """Whether a row is about two people at once: what stands there is not one's own alone."""
        return len(self.paths) > 1


def about(*paths: str) -> Subject:
    """Say by which lookups a row leads to whom it is about; several for a row that is about two people."""
    return Subject(paths=paths)


def about_pair(via: str = "") -> Subject:
    """Say that a row is about both of a pair; ``via`` leads to the pair, nowhere for the pair's own row."""
    before = f"{via}__" if via else ""
    return Subject(paths=(f"{before}mentee__person", f"{before}mentor__person"))


def of_side(via: str, side: str = "side") -> Subject:
    """Say that a row is about one of a pair: the one whom the column ``side`` names; ``via`` leads to the pair.

    Where the column says :data:`BOTH`, it is about each of them, and each is given it.
    """
    return Subject(side=side, via=via)


def keyed(*columns: str, target: str = "") -> Subject:
    """Say which columns hold a person's key as text; ``target`` one that may hold the key of any row of hers."""
    return Subject(keys=columns, target=target)


def hanging_on(target: str) -> Subject:
    """Say which column holds the key of any row of hers: what the row is about is about her."""
    return Subject(target=target)


def nobody(reason: str) -> Subject:
    """Say why rows whose columns could be about a participant are about none."""
    return Subject(reason=reason)


BOTH: Final = "both"
"""What the column of :func:`of_side` says of a row about the two of them."""

_REGISTRY: Final[dict[str, dict[str, FieldPolicy]]] = {}
_SUBJECTS: Final[dict[str, Subject]] = {}


def declare(model: str, fields: Mapping[str, FieldPolicy], *, subject: Subject | None = None) -> None:
    """Declare columns of ``model`` (``app.Model``), by name, and whom its rows are about.

    Without a subject it must be set-up alone: the build fails for a column that is about a person whom nobody finds.

    Raises:
        ValueError: the model was declared before.
    """
    if model in _REGISTRY:
        raise ValueError(f"{model} is declared twice")
    _REGISTRY[model] = dict(fields)
    if subject is not None:
        _SUBJECTS[model] = subject


def subject_of(model: str) -> Subject | None:
    """Return whom the rows of ``model`` are about; ``None`` when nobody has said."""
    return _SUBJECTS.get(model)


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
