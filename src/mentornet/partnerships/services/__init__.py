"""Opening, accompanying and closing partnerships; what the two do themselves."""

from __future__ import annotations

from mentornet.partnerships.services.agreements import (
    fill_in,
    install_agreement_texts,
    note_paper_signature,
    sign,
    sign_agreement,
)
from mentornet.partnerships.services.meetings import (
    MEET_WITHIN,
    change_account,
    record_meeting,
    take_account_back,
    tell_meeting,
)
from mentornet.partnerships.services.pairs import (
    WORD_WITHIN,
    add_note,
    close_partnership,
    open_partnership,
    take_opening_back,
)
from mentornet.partnerships.services.pauses import ask_to_end, pause_partnership, resume_partnership
from mentornet.partnerships.services.plans import call_off_meeting, make_feed, plan_meeting, stop_feed
from mentornet.partnerships.services.work import (
    change_goal,
    change_introduction,
    mark_goal,
    mark_step,
    share_contact,
    take_step_away,
    tell_introduction,
    write_goal,
    write_own_note,
    write_step,
)

__all__ = [
    "MEET_WITHIN",
    "WORD_WITHIN",
    "add_note",
    "ask_to_end",
    "call_off_meeting",
    "change_account",
    "change_goal",
    "change_introduction",
    "close_partnership",
    "fill_in",
    "install_agreement_texts",
    "make_feed",
    "mark_goal",
    "mark_step",
    "note_paper_signature",
    "open_partnership",
    "pause_partnership",
    "plan_meeting",
    "record_meeting",
    "resume_partnership",
    "share_contact",
    "sign",
    "sign_agreement",
    "stop_feed",
    "take_account_back",
    "take_opening_back",
    "take_step_away",
    "tell_introduction",
    "tell_meeting",
    "write_goal",
    "write_own_note",
    "write_step",
]
