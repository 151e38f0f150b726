"""What the two have done on their own pages: their questions, the times that suit them, and what has become of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from mentornet.audit.models import Entry
from mentornet.common.moments import dated_when_words
from mentornet.divisions.queries import places_to_meet
from mentornet.divisions.staff import Staff
from mentornet.matching.enums import ProposalState, Side
from mentornet.matching.models import MeetingOption, Proposal, ProposalQuestion
from mentornet.matching.services import common_to_both, may_meet_in_person

ACTS: Final[Mapping[str, str | Promise]] = {
    "matching.change_answer": gettext_lazy("%(name)s has changed her answer on her own page"),
    "matching.ask_coordinator": gettext_lazy("%(name)s has asked a question"),
    "matching.answer_question": gettext_lazy("The question of %(name)s was answered"),
    "matching.reopen_question": gettext_lazy("The question of %(name)s is open again"),
    "matching.choose_times": gettext_lazy("%(name)s has said which times suit her"),
    "matching.not_met": gettext_lazy("%(name)s says that they have not met"),
}
"""What the audit alone tells, in words for the proposal's timeline."""
_ICONS: Final[Mapping[str, str]] = {
    "matching.choose_times": "calendar",
    "matching.not_met": "calendar",
    "matching.change_answer": "edit",
}


def events_of(proposal: Proposal, entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Return what the two have done, for the timeline."""
    names = {Side.MENTEE: proposal.mentee.person.first_name, Side.MENTOR: proposal.mentor.person.first_name}
    return [
        {
            "at": entry.at,
            "title": str(ACTS[entry.act]) % {"name": names.get(entry.detail.get("side", ""), "")},
            "icon": _ICONS.get(entry.act, "message"),
        }
        for entry in entries
        if entry.act in ACTS
    ]


@dataclass(frozen=True, slots=True)
class QuestionShown:
    """One question, as the coordinator reads it.

    Attributes:
        name: who asks.
        url: where an empty POST notes that it was answered, or takes that back; empty for whoever may only read.
    """

    question: ProposalQuestion
    name: str
    url: str


def questions_shown(by: Staff, proposal: Proposal, questions: Sequence[ProposalQuestion]) -> list[QuestionShown]:
    """Return the questions of both, those that wait first."""
    names = {Side.MENTEE: proposal.mentee.person.first_name, Side.MENTOR: proposal.mentor.person.first_name}
    may_write = proposal.division_id in by.casework
    shown = []
    for one in sorted(questions, key=lambda one: (one.answered_at is not None, one.created_at)):
        act = "desk:proposal_answered" if one.answered_at is None else "desk:proposal_question_back"
        url = reverse(act, args=[proposal.pk, one.pk]) if may_write else ""
        shown.append(QuestionShown(one, names[Side(one.side)], url))
    return shown


@dataclass(frozen=True, slots=True)
class NoPlace:
    """Why two who are to meet have no place to choose, and no time becomes their meeting by itself.

    Attributes:
        words: that, and what to do.
        is_missing: their division has no place to suggest.
        leads: the reader can add one herself, under Set-up.
    """

    words: str
    is_missing: bool = False
    leads: bool = False


def no_place(by: Staff, proposal: Proposal, options: Sequence[MeetingOption]) -> NoPlace | None:
    """Return why the coordinator must agree on a place with the two; ``None`` where they choose, or have a day."""
    if proposal.state != ProposalState.TO_MEET or proposal.meeting_on or any(one.place_id for one in options):
        return None
    if proposal.mentee.person.is_protected or proposal.mentor.person.is_protected:
        return None
    if not may_meet_in_person(proposal):
        return NoPlace(
            gettext(
                "One of the two meets online only, so no place was suggested to them. Call both, agree on a time and "
                "on how they talk, and plan the meeting below: write the video room or the telephone as the place."
            )
        )
    if not places_to_meet(proposal.division_id).filter(is_active=True).exists():
        return NoPlace(
            gettext(
                "The division has no neutral place yet, so none was suggested to them. Call both, agree on a time and "
                "a place, such as a library, and plan the meeting below."
            ),
            is_missing=True,
            leads=proposal.division_id in by.leads,
        )
    if not options:
        # No time suits both: what comes next says what to do.
        return None
    return NoPlace(
        gettext("No place was suggested to them. Call both, agree on a time and a place, and plan the meeting below.")
    )


@dataclass(frozen=True, slots=True)
class OptionShown:
    """One suggested time or place, and whom it suits; ``None`` for whoever has not said."""

    words: str
    mentee: bool | None
    mentor: bool | None


def options_shown(options: Sequence[MeetingOption]) -> list[OptionShown]:
    """Return the times and places that were suggested to both."""
    return [OptionShown(_words(one), one.suits_mentee, one.suits_mentor) for one in options]


def _words(option: MeetingOption) -> str:
    if option.starts_at is None:
        return option.place.words if option.place is not None else ""
    return dated_when_words(option.starts_at)


def plan_of(proposal: Proposal, options: Sequence[MeetingOption], at: datetime) -> dict[str, Any]:
    """Return what the form for planning begins with: what is planned, else what suits both so far."""
    planned = {
        "on": proposal.meeting_on,
        "starts": proposal.meeting_time,
        "place": proposal.meeting_place,
        "seen": proposal.meeting_mark,
    }
    if proposal.meeting_on is not None or proposal.state != ProposalState.TO_MEET:
        return planned
    starts, place = common_to_both(options, at)
    local = timezone.localtime(starts) if starts is not None else None
    return planned | {
        "on": local.date() if local else None,
        "starts": local.time() if local else None,
        "place": place.words if place is not None else "",
    }
