"""Who has been told what of a proposal: letters that no longer hold are called back, and whoever had them is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from django.utils import timezone

from mentornet.common.actors import Actor
from mentornet.intake.models import Enrolment
from mentornet.matching.enums import DeclineReason, ProposalState, Side
from mentornet.matching.models import Proposal, ProposalAnswer
from mentornet.matching.queries import MEETING_EVENTS, moment_of_both_yes
from mentornet.matching.services.steps import write_to
from mentornet.messaging.models import Letter, LetterState
from mentornet.messaging.queries import have_left, letters_about
from mentornet.messaging.services import call_back_letters
from mentornet.people.recipients import person_key

PROPOSAL_EVENTS: Final = frozenset({"proposal_to_mentee", "proposal_to_mentor"})


def tell_meeting(by: Actor, proposal: Proposal) -> None:
    """Write to both where and when they meet; what was written of another day and has not left is called back.

    Whoever has read of another day reads that it has changed; whoever holds a letter with this one gets none.
    """
    told = _meeting_of(proposal)
    letters = _letters_of_meeting(proposal)
    gone = call_back_letters(by=by, letters=[letter for letter in letters if letter.values != told])
    for side in (proposal.mentee, proposal.mentor):
        hers = _to(side, (letter for letter in letters if letter in gone or letter.values == told))
        if not hers or hers[0].values != told:
            write_to(by, proposal, side, "meeting_moved" if hers else "meet_first", **told)


def is_meeting_told(proposal: Proposal) -> bool:
    """Tell whether somebody was written to last of the meeting as it is planned, and the letter not taken back."""
    letters = _letters_of_meeting(proposal)
    latest = (_to(side, letters)[:1] for side in (proposal.mentee, proposal.mentor))
    return any(letter.values == _meeting_of(proposal) for hers in latest for letter in hers)


def tell_end(by: Actor, proposal: Proposal, before: ProposalState | str) -> None:
    """Call back what has not left, and write that it has ended to those whom something of it has reached.

    What she has answered reached her too. Whoever would go to a meeting for nothing reads of the meeting first.
    """
    letters = list(letters_about([proposal.pk]))
    answers = list(proposal.answers.all())
    told = [one for one in letters if one.event in PROPOSAL_EVENTS | MEETING_EVENTS and _stands(one)]
    gone = call_back_letters(by=by, letters=told)
    reached = [*gone, *have_left(letter for letter in letters if letter not in told)]
    planned = _since_both_yes(gone, answers) if before == ProposalState.TO_MEET else []
    sent_on = timezone.localdate(proposal.sent_at) if proposal.sent_at else by.today
    for name, side in ((Side.MENTEE, proposal.mentee), (Side.MENTOR, proposal.mentor)):
        days = [str(letter.values["day"]) for letter in _to(side, planned)[:1]]
        if days and date.fromisoformat(days[0]) >= by.today:
            write_to(by, proposal, side, "meeting_off", day=days[0])
        elif _to(side, reached) or _has_spoken(name, answers):
            write_to(by, proposal, side, "proposal_ended", day=sent_on.isoformat())


def tell_again(by: Actor, proposal: Proposal) -> None:
    """Write anew what an end has called back, now that the proposal stands again; but not of a day that is over."""
    letters = list(letters_about([proposal.pk]))
    meeting = []
    if proposal.state == ProposalState.TO_MEET and proposal.meeting_on is not None:
        since = _since_both_yes(letters, proposal.answers.all())
        meeting = [letter for letter in since if letter.values == _meeting_of(proposal)]
    for side in (proposal.mentee, proposal.mentor):
        for kind in ([letter for letter in letters if letter.event in PROPOSAL_EVENTS], meeting):
            for latest in _to(side, kind)[:1]:
                if latest.state == LetterState.TAKEN_BACK and latest.is_called_back:
                    _write_again(by, proposal, side, latest)


def _write_again(by: Actor, proposal: Proposal, side: Enrolment, letter: Letter) -> None:
    values = {name: str(value) for name, value in letter.values.items()}
    if proposal.state == ProposalState.SENT and proposal.expires_on is not None:
        # Its last day may have become another one.
        values["day"] = proposal.expires_on.isoformat()
    if date.fromisoformat(values["day"]) >= by.today:
        write_to(by, proposal, side, letter.event, **values)


def _meeting_of(proposal: Proposal) -> dict[str, str]:
    day = proposal.meeting_on.isoformat() if proposal.meeting_on else ""
    return {"day": day, "place": proposal.meeting_place}


def _letters_of_meeting(proposal: Proposal) -> list[Letter]:
    """Return the letters of the meeting to which both have said yes, newest first, without those taken back."""
    letters = filter(_stands, letters_about([proposal.pk]))
    return _since_both_yes(letters, proposal.answers.all())


def _since_both_yes(letters: Iterable[Letter], answers: Iterable[ProposalAnswer]) -> list[Letter]:
    """Return the letters of a meeting, without those of an earlier yes that was taken back: these were corrected."""
    since = moment_of_both_yes(answers)
    return [one for one in letters if one.event in MEETING_EVENTS and (since is None or one.created_at >= since)]


def _stands(letter: Letter) -> bool:
    return letter.state != LetterState.TAKEN_BACK


def _to(side: Enrolment, letters: Iterable[Letter]) -> list[Letter]:
    key = person_key(side.person_id)
    return [letter for letter in letters if letter.recipient == key]


def _has_spoken(side: Side, answers: Sequence[ProposalAnswer]) -> bool:
    return any(one.side == side and one.decline_reason != DeclineReason.NO_ANSWER for one in answers)
