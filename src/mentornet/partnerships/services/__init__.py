"""Opening, accompanying and closing partnerships; what the two do themselves."""

from __future__ import annotations

from mentornet.partnerships.services.agreements import (
    ask_to_go_on,
    fill_in,
    install_agreement_texts,
    note_paper_signature,
    sign,
    sign_agreement,
)
from mentornet.partnerships.services.endings.closing import finish_ending, reopen_partnership
from mentornet.partnerships.services.endings.extending import extend_agreement
from mentornet.partnerships.services.endings.filling import (
    begin_ending,
    call_ending_off,
    choose_letters,
    fill_in_as_read,
    note_exit_talk,
    note_outcome,
    read_remark,
    settle_contact,
    settle_next,
)
from mentornet.partnerships.services.meetings import (
    change_account,
    record_meeting,
    take_account_back,
    tell_meeting,
)
from mentornet.partnerships.services.pairs import (
    add_note,
    close_partnership,
    open_partnership,
    take_opening_back,
)
from mentornet.partnerships.services.pauses import ask_to_end, pause_partnership, resume_partnership
from mentornet.partnerships.services.plans import call_off_meeting, make_feed, plan_meeting, stop_feed
from mentornet.partnerships.services.saying import say_why
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
    "add_note",
    "ask_to_end",
    "ask_to_go_on",
    "begin_ending",
    "call_ending_off",
    "call_off_meeting",
    "change_account",
    "change_goal",
    "change_introduction",
    "choose_letters",
    "close_partnership",
    "extend_agreement",
    "fill_in",
    "fill_in_as_read",
    "finish_ending",
    "install_agreement_texts",
    "make_feed",
    "mark_goal",
    "mark_step",
    "note_exit_talk",
    "note_outcome",
    "note_paper_signature",
    "open_partnership",
    "pause_partnership",
    "plan_meeting",
    "read_remark",
    "record_meeting",
    "reopen_partnership",
    "resume_partnership",
    "say_why",
    "settle_contact",
    "settle_next",
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
