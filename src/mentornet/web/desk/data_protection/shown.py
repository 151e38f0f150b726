"""Rows and words for the pages of data protection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentornet.common.fields import TERMS, Retention
from mentornet.privacy.enums import BreachState
from mentornet.privacy.models import Breach, RetentionTerm

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

CLASSES: Final[Mapping[Retention, tuple[_StrOrPromise, _StrOrPromise]]] = {
    Retention.CASE: (
        gettext_lazy("The case"),
        gettext_lazy("Her profile, her places, her partnerships: from the end of her time with us."),
    ),
    Retention.CONTACT: (
        gettext_lazy("How she is reached"),
        gettext_lazy("Needed for the last follow-up. Her name and how to reach her go together with the case."),
    ),
    Retention.NOTES: (
        gettext_lazy("Notes and letters"),
        gettext_lazy(
            "What was written about her and to her: from the end of the case, of the pair, or from the letter."
        ),
    ),
    Retention.LOG: (
        gettext_lazy("The record of who did what"),
        gettext_lazy(
            "The audit, quiet words that are closed, and who has seen a protected person: from their own day."
        ),
    ),
}

_TONES: Final[Mapping[str, str]] = {
    BreachState.RUNNING: "warn",
    BreachState.IN_TIME: "good",
    BreachState.LATE: "bad",
    BreachState.NO_DUTY: "quiet",
}


@dataclass(frozen=True, slots=True)
class BreachRow:
    """A breach in a list.

    Attributes:
        short: the first words of what happened.
        clock: how the 72 hours stand, in words.
        standing: how far it is seen to.
    """

    breach: Breach
    short: str
    clock: str
    tone: str
    is_loud: bool
    standing: str


def hours_left(breach: Breach, at: datetime) -> str:
    """Say how the clock stands."""
    if breach.state != BreachState.RUNNING:
        return str(BreachState(breach.state).label)
    hours = int((breach.due_at - at) / timedelta(hours=1))
    if breach.due_at < at:
        late = max(int((at - breach.due_at) / timedelta(hours=1)), 1)
        return ngettext("%(count)s hour late", "%(count)s hours late", late) % {"count": late}
    return ngettext("%(count)s hour left", "%(count)s hours left", hours) % {"count": hours}


def breach_row(breach: Breach, at: datetime) -> BreachRow:
    """Prepare a breach for a list, or for the head of its page."""
    is_loud = breach.is_loud(at)
    standing = _("being seen to")
    if breach.closed_at is not None:
        standing = _("closed")
    elif breach.settled_at is not None:
        standing = _("waits for a second reader")
    words = breach.happened.strip()
    return BreachRow(
        breach=breach,
        short=words if len(words) <= 90 else words[:90].rstrip() + "…",
        clock=hours_left(breach, at),
        tone="bad" if is_loud else _TONES[breach.state],
        is_loud=is_loud,
        standing=standing,
    )


def breach_rows(breaches: Iterable[Breach], at: datetime) -> list[BreachRow]:
    """Prepare breaches for a list."""
    return [breach_row(breach, at) for breach in breaches]


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A class of keeping, with its days and what goes."""

    key: str
    name: _StrOrPromise
    words: _StrOrPromise
    days: int
    usual: int
    most: int
    own: RetentionTerm | None
    is_waiting: bool
    counts: list[tuple[str, int]]


def table_name(label: str) -> str:
    """Return what the rows of a table are called."""
    name = str(apps.get_model(label)._meta.verbose_name_plural)
    return name[:1].upper() + name[1:]


def class_rows(
    days: Mapping[Retention, int],
    own: Mapping[Retention, RetentionTerm | None],
    counts: Mapping[tuple[Retention, str], int],
) -> list[ClassRow]:
    """Prepare the classes for the page."""
    rows = []
    for retention, (name, words) in CLASSES.items():
        mine = own[retention]
        rows.append(
            ClassRow(
                key=retention.value,
                name=name,
                words=words,
                days=days[retention],
                usual=TERMS[retention].days,
                most=TERMS[retention].most,
                own=mine,
                is_waiting=mine is not None and mine.days != days[retention],
                counts=sorted((table_name(table), count) for (of, table), count in counts.items() if of == retention),
            )
        )
    return rows


@dataclass(frozen=True, slots=True)
class Leaving:
    """Somebody whose time is over soon; without a name where the reader does not see her."""

    person_id: UUID
    name: str
    url: str
    day: date
    is_held: bool = False
