"""Proposing, taking down answers, meeting first, what a proposal ends in, and taking back what was noted wrongly."""

from __future__ import annotations

from mentornet.matching.services.answering import (
    LONGEST_NOTE,
    LONGEST_PLACE,
    PLAN_WITHIN,
    expire_proposals,
    plan_meeting,
    record_met,
    take_down_answer,
    withdraw_proposal,
)
from mentornet.matching.services.proposing import RuleBrokenError, propose, send_draft
from mentornet.matching.services.steps import CALL_AFTER, CHOOSE_AGAIN_WITHIN
from mentornet.matching.services.taking_back import take_back_answer, take_back_met, take_back_withdrawal

__all__ = [
    "CALL_AFTER",
    "CHOOSE_AGAIN_WITHIN",
    "LONGEST_NOTE",
    "LONGEST_PLACE",
    "PLAN_WITHIN",
    "RuleBrokenError",
    "expire_proposals",
    "plan_meeting",
    "propose",
    "record_met",
    "send_draft",
    "take_back_answer",
    "take_back_met",
    "take_back_withdrawal",
    "take_down_answer",
    "withdraw_proposal",
]
