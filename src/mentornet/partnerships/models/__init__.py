"""Partnerships, and what happens in them."""

from __future__ import annotations

from mentornet.partnerships.models.agreements import Agreement, AgreementSignature, AgreementTemplate
from mentornet.partnerships.models.closures import Closure, ClosureSide
from mentornet.partnerships.models.meetings import Account, CalendarFeed, Meeting, PlannedMeeting
from mentornet.partnerships.models.pairs import Note, Partnership
from mentornet.partnerships.models.work import Goal, GoalStep, Introduction, OwnNote

__all__ = [
    "Account",
    "Agreement",
    "AgreementSignature",
    "AgreementTemplate",
    "CalendarFeed",
    "Closure",
    "ClosureSide",
    "Goal",
    "GoalStep",
    "Introduction",
    "Meeting",
    "Note",
    "OwnNote",
    "Partnership",
    "PlannedMeeting",
]
