"""Proposals and the answers to them; loans between divisions; meetings over a waiting list; what is computed of it."""

from __future__ import annotations

from mentornet.matching.models.computed import FiveMore, Forecast, ShortageMap
from mentornet.matching.models.loans import Loan
from mentornet.matching.models.meetings import (
    MatchingMeeting,
    MeetingDecision,
    MeetingDivision,
    MeetingPerson,
    MeetingRun,
    MeetingSnapshot,
    MeetingTie,
)
from mentornet.matching.models.proposals import MeetingOption, Proposal, ProposalAnswer, ProposalQuestion

__all__ = [
    "FiveMore",
    "Forecast",
    "Loan",
    "MatchingMeeting",
    "MeetingDecision",
    "MeetingDivision",
    "MeetingOption",
    "MeetingPerson",
    "MeetingRun",
    "MeetingSnapshot",
    "MeetingTie",
    "Proposal",
    "ProposalAnswer",
    "ProposalQuestion",
    "ShortageMap",
]
