"""Letters in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mentornet.messaging.letters import preview, preview_text
from mentornet.messaging.models import Channel, Letter, LetterState
from mentornet.messaging.ways import channel_of
from mentornet.people.models import Person
from mentornet.people.queries import people_by_id, person_of_key
from mentornet.people.recipients import find_recipient

EVENTS: Final[Mapping[str, str | Promise]] = {
    "proposal_to_mentee": _("A proposal, to the mentee"),
    "proposal_to_mentor": _("A proposal, to the mentor"),
    "proposal_ended": _("A proposal has ended"),
    "meet_first": _("A first meeting"),
    "meeting_moved": _("A first meeting is moved"),
    "meeting_choose": _("Times for a first meeting"),
    "meet_first_at": _("A first meeting"),
    "meeting_moved_at": _("A first meeting is moved"),
    "meeting_off": _("A first meeting is off"),
    "partnership_begun": _("A partnership begins"),
    "sent_by_mistake": _("A letter was a mistake"),
    "interview_invitation": _("An invitation to an interview"),
    "application_received": _("An application has come in"),
    "application_approved": _("An application is approved"),
    "application_declined": _("An application is declined"),
    "word_from_waiting_list": _("A word to somebody waiting"),
    "application_started": _("An application can be gone on with"),
    "application_pre_registered": _("An application waits for intake to open"),
    "application_taken_in": _("Taken in: there is room now"),
    "contact_person_welcome": _("A contact person is welcomed"),
    "interview_choose": _("Choose a time for an interview"),
    "interview_reminder": _("A reminder of an interview"),
    "interview_moved": _("An interview is moved"),
    "profile_confirm": _("A profile to read and correct"),
    "after_meeting": _("After a first meeting"),
    "have_you_met": _("Whether a first meeting took place"),
    "pair_paused": _("A partnership rests"),
    "new_coordinator": _("Who looks after her now"),
    "impact_asked": _("Something to decide about"),
    "impact_sent": _("Something good to read"),
    "tenure_thanks": _("Thanks for the years"),
    "agreement_ready": _("An agreement to read and sign"),
    "return_asked": _("Does she want to come back?"),
    "thanks": _("Thank you, as it has ended"),
    "how_are_you": _("How does it go, since it ended?"),
    "questions_asked": _("A few questions"),
    "questions_waiting": _("The questions again"),
    "training_waits": _("The training is not finished"),
    "search_asked": _("Whether she knows somebody"),
    "search_waiting": _("Whether she knows somebody, again"),
    "expert_invited": _("Who we are, to an expert"),
    "expert_asked": _("Whether an expert can help"),
    "one_time_code": _("A code for a link"),
    "sign_in_code": _("A code to sign in"),
    "reached_elsewhere": _("How she is reached has changed"),
    "request_received": _("A request about her data has come in"),
    "request_extended": _("A request about her data takes longer"),
    "request_answered": _("A request about her data is answered"),
    "rest_of_data_ends": _("Her data stop resting"),
    "by_hand": _("A letter in your own words"),
    "waiting_update": _("How it stands, to somebody waiting"),
    "waiting_update_late": _("How it stands, to somebody waiting: late"),
}
"""What each letter is about; a test holds them to the templates."""

TONES: Final[Mapping[str, tuple[str, str]]] = {
    LetterState.QUEUED: ("info", "clock"),
    LetterState.SENDING: ("info", "hourglass"),
    LetterState.SENT: ("good", "check"),
    LetterState.UNREACHABLE: ("warn", "warning"),
    LetterState.FAILED: ("bad", "danger"),
    LetterState.TAKEN_BACK: ("quiet", "undo"),
    LetterState.SETTLED: ("quiet", "phone"),
    LetterState.UNCERTAIN: ("warn", "warning"),
    LetterState.ARRIVED: ("good", "check"),
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
    def is_uncertain(self) -> bool:
        """Whether nobody knows if she has it."""
        return self.letter.state == LetterState.UNCERTAIN

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
    """Return subject and body: as sent, or as they would be sent now; a text message has no subject."""
    letter = row.letter
    if letter.body:
        return letter.subject, letter.body
    language = row.person.language if row.person else "en"
    if channel_of(find_recipient(str(row.person.pk)) if row.person else None)[0] == Channel.TEXT:
        return "", preview_text(letter.event, letter.values, language)
    return preview(letter.event, letter.values, language, name=row.person.first_name if row.person else "")
