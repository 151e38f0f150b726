"""Letters in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mentornet.messaging.letters import preview
from mentornet.messaging.models import Letter, LetterState
from mentornet.people.models import Person
from mentornet.people.queries import people_by_id, person_of_key

EVENTS: Final[Mapping[str, str | Promise]] = {
    "proposal_to_mentee": _("A proposal, to the mentee"),
    "proposal_to_mentor": _("A proposal, to the mentor"),
    "proposal_ended": _("A proposal has ended"),
    "meet_first": _("A first meeting"),
    "meeting_moved": _("A first meeting is moved"),
    "meeting_off": _("A first meeting is off"),
    "partnership_begun": _("A partnership begins"),
    "sent_by_mistake": _("A letter was a mistake"),
    "interview_invitation": _("An invitation to an interview"),
    "application_received": _("An application has come in"),
    "application_approved": _("An application is approved"),
    "application_declined": _("An application is declined"),
    "word_from_waiting_list": _("A word to somebody waiting"),
}
"""What each letter is about; a test holds them to the templates."""

TONES: Final[Mapping[str, tuple[str, str]]] = {
    LetterState.QUEUED: ("info", "clock"),
    LetterState.SENDING: ("info", "hourglass"),
    LetterState.SENT: ("good", "check"),
    LetterState.UNREACHABLE: ("warn", "warning"),
    LetterState.FAILED: ("bad", "danger"),
    LetterState.TAKEN_BACK: ("quiet", "undo"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One letter on a page."""

    letter: Letter
    person: Person | None
    event: str | Promise
    tone: str
    icon: str

    @property
    def state(self) -> str:
        """The state in words."""
        return str(LetterState(self.letter.state).label)


def rows_of(letters: Iterable[Letter]) -> list[Row]:
    """Prepare letters for a page: one query for all names."""
    listed = list(letters)
    keys: dict[UUID, UUID | None] = {letter.pk: person_of_key(letter.recipient) for letter in listed}
    people = people_by_id({key for key in keys.values() if key is not None})
    return [
        Row(
            letter=letter,
            person=people.get(key) if (key := keys[letter.pk]) is not None else None,
            event=EVENTS.get(letter.event, letter.event),
            tone=TONES[letter.state][0],
            icon=TONES[letter.state][1],
        )
        for letter in listed
    ]


def words_of(row: Row) -> tuple[str, str]:
    """Return subject and body: as sent, or as they would be sent now."""
    letter = row.letter
    if letter.body:
        return letter.subject, letter.body
    language = row.person.language if row.person else "en"
    return preview(letter.event, letter.values, language, name=row.person.first_name if row.person else "")
