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
from mentornet.matching.queries import (
    AFTER_MEETING_EVENT,
    CHOOSING_EVENT,
    HAVE_MET_EVENT,
    MEETING_EVENTS,
    moment_of_both_yes,
)
from mentornet.matching.services.steps import link_of, write_to
from mentornet.messaging.models import Letter, LetterState
from mentornet.messaging.queries import have_left, letters_about
from mentornet.messaging.services import call_back_letters
from mentornet.people.recipients import person_key

PROPOSAL_EVENTS: Final = frozenset({"proposal_to_mentee", "proposal_to_mentor"})
_TELLS_OF_IT: Final = PROPOSAL_EVENTS | MEETING_EVENTS | {CHOOSING_EVENT, HAVE_MET_EVENT, AFTER_MEETING_EVENT}


def tell_meeting(by: Actor, proposal: Proposal) -> None:
    """Write to both where and when they meet; what was written of another day and has not left is called back.

    Whoever has read of another day reads that it has changed; whoever holds a letter with this one gets none.
    """
    told = _meeting_of(proposal)
    letters = _letters_of_meeting(proposal)
    asked = [one for one in letters_about([proposal.pk]) if one.event == CHOOSING_EVENT and _stands(one)]
    outdated = [letter for letter in letters if _told_in(letter) != told]
    gone = call_back_letters(by=by, letters=[*outdated, *asked])
    event = "_at" if "time" in told else ""
    for side in (proposal.mentee, proposal.mentor):
        hers = _to(side, (letter for letter in letters if letter in gone or _told_in(letter) == told))
        if not hers or _told_in(hers[0]) != told:
            first_or_other = f"meeting_moved{event}" if hers else f"meet_first{event}"
            write_to(by, proposal, side, first_or_other, link=link_of(proposal, side), **told)


def tell_after_meeting(by: Actor, proposal: Proposal) -> None:
    """Write to both that they can say, each for herself, whether they want to go on.

    Whoever has been asked whether they met holds the same question already.
    """
    asked = [one for one in letters_about([proposal.pk]) if one.event == HAVE_MET_EVENT and _stands(one)]
    for side in (proposal.mentee, proposal.mentor):
        if not _to(side, asked):
            write_to(by, proposal, side, AFTER_MEETING_EVENT, link=link_of(proposal, side))


def ask_whether_met(by: Actor, proposal: Proposal) -> bool:
    """Ask both whether they met on the day that was planned; once for each such day. Returns whether it was asked now.

    The first to answer says for both that they met.
    """
    assert proposal.meeting_on is not None
    day = proposal.meeting_on.isoformat()
    letters = [one for one in letters_about([proposal.pk]) if one.event == HAVE_MET_EVENT]
    if any(letter.values.get("day") == day for letter in letters):
        return False
    for side in (proposal.mentee, proposal.mentor):
        write_to(by, proposal, side, HAVE_MET_EVENT, day=day, link=link_of(proposal, side))
    return True


def is_meeting_told(proposal: Proposal) -> bool:
    """Tell whether somebody was written to last of the meeting as it is planned, and the letter not taken back."""
    letters = _letters_of_meeting(proposal)
    latest = (_to(side, letters)[:1] for side in (proposal.mentee, proposal.mentor))
    return any(_told_in(letter) == _meeting_of(proposal) for hers in latest for letter in hers)


def tell_end(by: Actor, proposal: Proposal, before: ProposalState | str) -> None:
    """Call back what has not left, and write that it has ended to those whom something of it has reached.

    What she has answered reached her too. Whoever would go to a meeting for nothing reads of the meeting first.
    """
    letters = list(letters_about([proposal.pk]))
    answers = list(proposal.answers.all())
    told = [one for one in letters if one.event in _TELLS_OF_IT and _stands(one)]
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


def hold_back(by: Actor, proposal: Proposal) -> None:
    """Call back what has not left, while it stands open; whoever ends it tells those whom something has reached."""
    letters = letters_about([proposal.pk])
    call_back_letters(by=by, letters=[one for one in letters if one.event in _TELLS_OF_IT and _stands(one)])


def tell_again(by: Actor, proposal: Proposal) -> None:
    """Write anew what was called back, now that the proposal stands again; but not of a day that is over."""
    letters = list(letters_about([proposal.pk]))
    kinds = [[letter for letter in letters if letter.event in PROPOSAL_EVENTS]]
    if proposal.state == ProposalState.TO_MEET and proposal.meeting_on is not None:
        since = _since_both_yes(letters, proposal.answers.all())
        kinds.append([letter for letter in since if _told_in(letter) == _meeting_of(proposal)])
    elif proposal.state == ProposalState.TO_MEET:
        kinds.append([letter for letter in letters if letter.event == CHOOSING_EVENT])
    elif proposal.state == ProposalState.MET:
        kinds.append([letter for letter in letters if letter.event == AFTER_MEETING_EVENT])
    for side in (proposal.mentee, proposal.mentor):
        for kind in kinds:
            for latest in _to(side, kind)[:1]:
                if latest.state == LetterState.TAKEN_BACK and latest.is_called_back:
                    _write_again(by, proposal, side, latest)


def _write_again(by: Actor, proposal: Proposal, side: Enrolment, letter: Letter) -> None:
    values = {name: str(value) for name, value in letter.values.items()} | {"link": link_of(proposal, side)}
    if proposal.state == ProposalState.SENT and proposal.expires_on is not None:
        # Its last day may have become another one.
        values["day"] = proposal.expires_on.isoformat()
    if "day" not in values or date.fromisoformat(values["day"]) >= by.today:
        write_to(by, proposal, side, letter.event, **values)


def _meeting_of(proposal: Proposal) -> dict[str, str]:
    day = proposal.meeting_on.isoformat() if proposal.meeting_on else ""
    starts = {"time": proposal.meeting_time.isoformat("minutes")} if proposal.meeting_time else {}
    return {"day": day, "place": proposal.meeting_place, **starts}


def _told_in(letter: Letter) -> dict[str, str]:
    """Return what a letter tells of a meeting."""
    return {name: str(letter.values[name]) for name in ("day", "time", "place") if name in letter.values}


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
