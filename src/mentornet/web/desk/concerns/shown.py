"""Quiet words as the desk shows them: on lists without names or words, on their own page in full."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentornet.divisions.staff import Staff
from mentornet.followup.enums import ConcernState, Heard
from mentornet.followup.models import Concern, ConcernNote
from mentornet.followup.queries import due_on, is_late
from mentornet.intake.queries import names_of
from mentornet.partnerships.queries import visible_partnerships
from mentornet.web.desk.people.history import Event, ordered
from mentornet.web.desk.today.shown import when

TONES: Final[Mapping[str, tuple[str, str]]] = {
    ConcernState.RAISED: ("warn", "bell"),
    ConcernState.TAKEN: ("info", "person"),
    ConcernState.RESOLVED: ("info", "eye"),
    ConcernState.CLOSED: ("quiet", "archive"),
}
NEXT: Final[Mapping[str, str | Promise]] = {
    ConcernState.RAISED: gettext_lazy("Take it, and call her in the way that she has written."),
    ConcernState.TAKEN: gettext_lazy("Note what you hear and do. When it is done, write what was done."),
    ConcernState.RESOLVED: gettext_lazy("A second reader looks at it: somebody who has not seen to it herself."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One quiet word of a list. Whose it is stands on its own page alone, where each reading is recorded."""

    concern: Concern
    on: date
    state: str
    tone: str
    icon: str
    clock: str
    clock_tone: str


def row_of(concern: Concern, at: datetime) -> Row:
    """Prepare a quiet word for a list."""
    tone, icon = TONES[concern.state]
    due, today = due_on(concern), timezone.localdate(at)
    late = is_late(concern, at)
    clock = ""
    if concern.state == ConcernState.RAISED:
        clock = _("To be taken: %(when)s") % {"when": when(due, today)}
        if late:
            clock = _("Nobody has taken it for a working day")
    return Row(
        concern=concern,
        on=timezone.localdate(concern.created_at),
        state=concern.get_state_display(),
        tone=tone,
        icon=icon,
        clock=clock,
        clock_tone="bad" if late else "warn" if due == today else "quiet",
    )


def rows_of(concerns: Iterable[Concern], at: datetime) -> list[Row]:
    """Prepare quiet words for a list."""
    return [row_of(concern, at) for concern in concerns]


def timeline(concern: Concern, notes: Iterable[ConcernNote]) -> list[Event]:
    """Return what has happened with a quiet word, the newest first."""
    names = names_of({concern.taken_by, concern.resolved_by, concern.closed_by} - {""})
    begun = {Heard.TOLD: _("She told it to one of us"), Heard.SEEN: _("One of us has seen it")}
    first = begun.get(Heard(concern.heard), _("She wrote to us"))
    events = [Event(concern.created_at, first, who=concern.author_name, icon="message", tone="warm")]
    if concern.taken_at:
        events.append(Event(concern.taken_at, _("Taken"), who=names.get(concern.taken_by, ""), icon="person"))
    events += [Event(one.created_at, _("Note"), text=one.text, who=one.author_name, icon="note") for one in notes]
    if concern.resolved_at:
        who = names.get(concern.resolved_by, "")
        events.append(Event(concern.resolved_at, _("What was done"), text=concern.outcome, who=who, icon="check"))
    if concern.closed_at:
        who = names.get(concern.closed_by, "")
        events.append(Event(concern.closed_at, _("Closed by a second reader"), who=who, icon="archive", tone="good"))
    return ordered(events)


def pair_url(by: Staff, concern: Concern) -> str:
    """Return the address of the partnership in which it arose; empty where it is not hers to see."""
    if concern.partnership_id is None or not visible_partnerships(by).filter(pk=concern.partnership_id).exists():
        return ""
    return reverse("desk:partnership", args=[concern.partnership_id])


def is_mine(by: Staff, concern: Concern) -> bool:
    """Tell whether she has seen to it herself."""
    return by.key in {concern.taken_by, concern.resolved_by}
