"""A proposal in the words of one of the two: where it stands for her, and what she learns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from mentornet.common.moments import dated_words, hour_words
from mentornet.intake.models import Enrolment
from mentornet.matching.enums import ProposalState, Reply, Round, Side
from mentornet.matching.fitting import reasons_for
from mentornet.matching.models import MeetingOption, Proposal, ProposalAnswer
from mentornet.matching.queries import must_not_meet, options_of, who_is_not_introduced
from mentornet.matching.rules import is_over, round_of
from mentornet.people.enums import Role
from mentornet.people.queries import languages_of
from mentornet.web.portal.facts import Shown, introduction

_S = ProposalState
_LABELS: Final[Mapping[str, str | Promise]] = {
    "area": gettext_lazy("The part of town where she lives"),
    "languages": gettext_lazy("She speaks"),
    "occupation_title": gettext_lazy("Her work"),
    "occupation": gettext_lazy("The kind of work"),
    "topics": gettext_lazy("What she can help with"),
    "interests": gettext_lazy("What she likes to do"),
    "about": gettext_lazy("About her, in her words"),
}
_BY_ROLE: Final[Mapping[tuple[str, str], str | Promise]] = {
    (Role.MENTEE, "occupation_title"): gettext_lazy("The work she wants"),
    (Role.MENTEE, "topics"): gettext_lazy("What she wants help with"),
}


class Stand(StrEnum):
    """Where a proposal stands for one of the two; nothing of it tells what the other has said."""

    ANSWER = "answer"
    """She is asked, yes or no."""
    SAID_YES = "said_yes"
    """She has said yes, and hears when both have answered."""
    CHOOSE = "choose"
    """Both want to meet: which times suit her?"""
    CHOSEN = "chosen"
    """She has said which; we look for one that suits both."""
    AGREE = "agree"
    """Both want to meet; the coordinator finds a day with them."""
    MEETING = "meeting"
    """They meet on a day to come."""
    WAS_MEETING = "was_meeting"
    """The day has come: have they met?"""
    GO_ON = "go_on"
    """They have met: does she want to go on?"""
    SAID_GO_ON = "said_go_on"
    """She wants to go on, and hears when both have answered."""
    BEGUN = "begun"
    """They work together."""
    SAID_NO = "said_no"
    """She has said no."""
    ENDED = "ended"
    """It is no longer open; why, and by whom, is nobody's to know."""
    EXPIRED = "expired"
    """Its last day is over."""


OPEN: Final = frozenset(
    {
        Stand.ANSWER,
        Stand.SAID_YES,
        Stand.CHOOSE,
        Stand.CHOSEN,
        Stand.AGREE,
        Stand.MEETING,
        Stand.WAS_MEETING,
        Stand.GO_ON,
        Stand.SAID_GO_ON,
    }
)
"""In these she still learns about the other, and can ask."""


def answer_of(proposal: Proposal, side: Side, current: Round | None) -> ProposalAnswer | None:
    """Return what she has answered in a round; the last of all without one."""
    given = [one for one in proposal.answers.all() if one.side == side and current in {None, one.round}]
    return given[-1] if given else None


def stand_of(
    proposal: Proposal,
    side: Side,
    options: Sequence[MeetingOption],
    at: datetime,
    today: date,
    *,
    are_apart: bool = False,
) -> Stand:
    """Return where a proposal stands for one of the two; with ``are_apart`` it has ended as if taken back."""
    if proposal.state == _S.ACCEPTED:
        return Stand.BEGUN
    last = answer_of(proposal, side, None)
    if proposal.state == _S.DECLINED and last is not None and last.reply == Reply.NO:
        return Stand.SAID_NO
    if (is_past := is_over(proposal, today)) or are_apart:
        return Stand.EXPIRED if is_past and proposal.state not in {_S.DECLINED, _S.WITHDRAWN} else Stand.ENDED
    if proposal.state == _S.TO_MEET:
        return _before_meeting(proposal, side, options, at, today)
    has_said = answer_of(proposal, side, round_of(proposal)) is not None
    if proposal.state == _S.SENT:
        return Stand.SAID_YES if has_said else Stand.ANSWER
    return Stand.SAID_GO_ON if has_said else Stand.GO_ON


def _before_meeting(
    proposal: Proposal, side: Side, options: Sequence[MeetingOption], at: datetime, today: date
) -> Stand:
    if proposal.meeting_on is not None:
        begins = proposal.meeting_time or time.min
        is_to_come = (proposal.meeting_on, begins) > (today, timezone.localtime(at).time())
        return Stand.MEETING if is_to_come else Stand.WAS_MEETING
    times = [one for one in options if one.starts_at is not None and one.starts_at > at]
    if not times:
        return Stand.AGREE
    return Stand.CHOSEN if any(one.suits(side) is not None for one in options) else Stand.CHOOSE


@dataclass(frozen=True, slots=True)
class Page:
    """One proposal as she sees it.

    Attributes:
        other_name: her first name; empty where she is shown no more.
        she, me: how the other is introduced to her, and she to the other; nothing where it has ended.
        reasons: why the two fit.
        suits: she has chosen at least one time.
    """

    proposal: Proposal
    side: Side
    stand: Stand
    other_name: str
    she: Sequence[Shown]
    me: Sequence[Shown]
    reasons: Sequence[str]
    options: Sequence[MeetingOption]
    suits: bool

    @property
    def is_open(self) -> bool:
        """She still learns about the other, and can ask."""
        return self.stand in OPEN

    @property
    def until(self) -> str:
        """The last day on which she can answer, in words."""
        return dated_words(self.proposal.expires_on) if self.proposal.expires_on else ""

    @property
    def meets_on(self) -> str:
        """The day of their first meeting, in words."""
        return dated_words(self.proposal.meeting_on) if self.proposal.meeting_on else ""

    @property
    def meets_at(self) -> str:
        """The hour of their first meeting, in words; empty where none was set."""
        return hour_words(self.proposal.meeting_time) if self.proposal.meeting_time else ""

    @property
    def asked(self) -> Round | None:
        """What she is asked, or has said yes to and may still take back."""
        return round_of(self.proposal) if self.is_open else None


def page_of(proposal: Proposal, side: Side, at: datetime, today: date) -> Page:
    """Prepare a proposal for one of the two: a fixed number of queries."""
    options = options_of(proposal) if proposal.state == _S.TO_MEET else []
    mine, other = proposal.mentee, proposal.mentor
    # Asked at every page, of the table itself: noted a moment ago, it holds.
    are_apart = must_not_meet(mine.person_id, other.person_id) or bool(who_is_not_introduced(proposal))
    stand = stand_of(proposal, side, options, at, today, are_apart=are_apart)
    if side == Side.MENTOR:
        mine, other = other, mine
    if stand not in OPEN:
        return Page(proposal, side, stand, "", (), (), (), (), suits=False)
    return Page(
        proposal,
        side,
        stand,
        other.person.first_name,
        [replace(fact, label=_about_her(fact, other)) for fact in _introduced(other)],
        _introduced(mine),
        reasons_for(side, proposal),
        options,
        suits=any(one.suits(side) for one in options),
    )


def _introduced(enrolment: Enrolment) -> list[Shown]:
    """Return what the other side reads of somebody: the same as her own pages show her that it does."""
    person, role = enrolment.person, enrolment.role
    facts = introduction(person, enrolment.profile, languages_of(person), role)
    return [replace(fact, source="", page="") for fact in facts if fact.value and fact.name != "first_name"]


def _about_her(fact: Shown, enrolment: Enrolment) -> str:
    return str(_BY_ROLE.get((enrolment.role, fact.name)) or _LABELS.get(fact.name) or fact.label)
