"""Proposing, answering, meeting first, what a proposal ends in, taking back what was noted wrongly, and lending."""

from __future__ import annotations

from mentornet.matching.services.answering import (
    LONGEST_NOTE,
    answer_for_herself,
    expire_proposals,
    take_down_answer,
    withdraw_proposal,
)
from mentornet.matching.services.apart import see_to_apart, see_to_introductions
from mentornet.matching.services.five_more import ask_for_five_more, ask_for_the_most_wanted, compute_five_more
from mentornet.matching.services.forecasts import ask_for_forecast, ask_weekly_for_forecast, compute_forecast
from mentornet.matching.services.lending import (
    NoPlaceToLendError,
    ask_for_loan,
    decline_loan,
    follow_loans,
    look_beyond,
    release_loan,
    see_to_loans,
    take_loan_back,
)
from mentornet.matching.services.meeting import (
    LONGEST_PLACE,
    PLAN_WITHIN,
    ask_after_meetings,
    plan_meeting,
    record_met,
    say_met,
)
from mentornet.matching.services.meeting_acts import (
    LockImpossibleError,
    change_settings,
    decide,
    decide_the_rest,
    lift_tie,
    solve_again,
    take_decision_back,
    tie_pair,
)
from mentornet.matching.services.meeting_runs import contradictions
from mentornet.matching.services.meeting_sending import Sent, send_decided
from mentornet.matching.services.meetings import (
    close_meeting,
    open_meeting,
    prepare_again,
    prepare_meeting,
    record_minutes,
    reopen_meeting,
    throw_meeting_away,
)
from mentornet.matching.services.options import choose_times, common_to_both, may_meet_in_person
from mentornet.matching.services.proposing import RuleBrokenError, propose, send_draft
from mentornet.matching.services.questions import LONGEST_QUESTION, ask_coordinator, mark_answered, mark_unanswered
from mentornet.matching.services.replaying import Replay, replay_run
from mentornet.matching.services.shortages import ask_for_all_shortages, ask_for_shortages, compute_shortages
from mentornet.matching.services.steps import CALL_AFTER, CHOOSE_AGAIN_WITHIN
from mentornet.matching.services.taking_back import take_back_answer, take_back_met, take_back_withdrawal

__all__ = [
    "CALL_AFTER",
    "CHOOSE_AGAIN_WITHIN",
    "LONGEST_NOTE",
    "LONGEST_PLACE",
    "LONGEST_QUESTION",
    "PLAN_WITHIN",
    "LockImpossibleError",
    "NoPlaceToLendError",
    "Replay",
    "RuleBrokenError",
    "Sent",
    "answer_for_herself",
    "ask_after_meetings",
    "ask_coordinator",
    "ask_for_all_shortages",
    "ask_for_five_more",
    "ask_for_forecast",
    "ask_for_loan",
    "ask_for_shortages",
    "ask_for_the_most_wanted",
    "ask_weekly_for_forecast",
    "change_settings",
    "choose_times",
    "close_meeting",
    "common_to_both",
    "compute_five_more",
    "compute_forecast",
    "compute_shortages",
    "contradictions",
    "decide",
    "decide_the_rest",
    "decline_loan",
    "expire_proposals",
    "follow_loans",
    "lift_tie",
    "look_beyond",
    "mark_answered",
    "mark_unanswered",
    "may_meet_in_person",
    "open_meeting",
    "plan_meeting",
    "prepare_again",
    "prepare_meeting",
    "propose",
    "record_met",
    "record_minutes",
    "release_loan",
    "reopen_meeting",
    "replay_run",
    "say_met",
    "see_to_apart",
    "see_to_introductions",
    "see_to_loans",
    "send_decided",
    "send_draft",
    "solve_again",
    "take_back_answer",
    "take_back_met",
    "take_back_withdrawal",
    "take_decision_back",
    "take_down_answer",
    "take_loan_back",
    "throw_meeting_away",
    "tie_pair",
    "withdraw_proposal",
]
