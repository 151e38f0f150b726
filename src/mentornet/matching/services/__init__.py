"""Proposing, answering, meeting first, what a proposal ends in, and taking back what was noted wrongly."""

from __future__ import annotations

from mentornet.matching.services.answering import (
    LONGEST_NOTE,
    answer_for_herself,
    expire_proposals,
    take_down_answer,
    withdraw_proposal,
)
from mentornet.matching.services.apart import see_to_apart, see_to_introductions
from mentornet.matching.services.meeting import (
    LONGEST_PLACE,
    PLAN_WITHIN,
    ask_after_meetings,
    plan_meeting,
    record_met,
    say_met,
)
from mentornet.matching.services.options import choose_times, common_to_both, may_meet_in_person
from mentornet.matching.services.proposing import RuleBrokenError, propose, send_draft
from mentornet.matching.services.questions import LONGEST_QUESTION, ask_coordinator, mark_answered, mark_unanswered
from mentornet.matching.services.steps import CALL_AFTER, CHOOSE_AGAIN_WITHIN
from mentornet.matching.services.taking_back import take_back_answer, take_back_met, take_back_withdrawal

__all__ = [
    "CALL_AFTER",
    "CHOOSE_AGAIN_WITHIN",
    "LONGEST_NOTE",
    "LONGEST_PLACE",
    "LONGEST_QUESTION",
    "PLAN_WITHIN",
    "RuleBrokenError",
    "answer_for_herself",
    "ask_after_meetings",
    "ask_coordinator",
    "choose_times",
    "common_to_both",
    "expire_proposals",
    "mark_answered",
    "mark_unanswered",
    "may_meet_in_person",
    "plan_meeting",
    "propose",
    "record_met",
    "say_met",
    "see_to_apart",
    "see_to_introductions",
    "send_draft",
    "take_back_answer",
    "take_back_met",
    "take_back_withdrawal",
    "take_down_answer",
    "withdraw_proposal",
]
