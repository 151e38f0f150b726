"""Searching: a brief is sent, answered by those who are asked, and leads to somebody who writes to us herself."""

from __future__ import annotations

from mentornet.sourcing.services.answering import answer
from mentornet.sourcing.services.experts import (
    end_expert,
    forget_overdue,
    forget_reached_at,
    invite,
    invite_several,
    say_yes,
    seal_key_anew,
    shut_out,
    shut_out_again,
)
from mentornet.sourcing.services.finding import begin_through, follow_found
from mentornet.sourcing.services.lists import check_list, discard_list, forget_old_lists, take_over
from mentornet.sourcing.services.searches import (
    begin_search,
    close_search,
    discard_search,
    look_after_searches,
    move_due,
    reopen_search,
    send_search,
    widen_again,
)

__all__ = [
    "answer",
    "begin_search",
    "begin_through",
    "check_list",
    "close_search",
    "discard_list",
    "discard_search",
    "end_expert",
    "follow_found",
    "forget_old_lists",
    "forget_overdue",
    "forget_reached_at",
    "invite",
    "invite_several",
    "look_after_searches",
    "move_due",
    "reopen_search",
    "say_yes",
    "seal_key_anew",
    "send_search",
    "shut_out",
    "shut_out_again",
    "take_over",
    "widen_again",
]
