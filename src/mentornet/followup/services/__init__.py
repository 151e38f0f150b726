"""Looking after partnerships until they have ended well, and after; seeing to quiet words."""

from __future__ import annotations

from mentornet.followup.services.afterwards import (
    answer,
    close_as_one_goes,
    close_partnership,
    note_no_answer,
    reopen_partnership,
    see_to_afterwards,
)
from mentornet.followup.services.alarms import sound_alarms
from mentornet.followup.services.certificates import (
    Issued,
    is_the_name,
    issue_certificate,
    let_stand_alone,
    withdraw_certificate,
)
from mentornet.followup.services.concerns import (
    UnreadError,
    add_note,
    close_concern,
    give_back,
    keep_a_reader,
    raise_concern,
    raise_for,
    read_concern,
    resolve_concern,
    take_concern,
    tell_of_unread,
)
from mentornet.followup.services.fits import ask_for_fit, ask_weekly, fit_history
from mentornet.followup.services.handovers import hand_over_cases, take_handover_back
from mentornet.followup.services.letters import (
    approve_letter,
    choose_for_letter,
    decline_letter,
    see_to_letters,
    take_letter_back,
    think_again,
    wish_for_letters,
)
from mentornet.followup.services.nights import ask_for_talks, is_cadence_due
from mentornet.followup.services.packs import record_pack, record_packs
from mentornet.followup.services.reflections import keep_reflection, read_shared, share_reflection, write_reflection
from mentornet.followup.services.signs import look_for_signs, put_aside, take_up_again
from mentornet.followup.services.talks import log_talk, log_talks, read_thought, take_talk_back
from mentornet.followup.services.thanks import note_thanked, thank_for_years

__all__ = [
    "Issued",
    "UnreadError",
    "add_note",
    "answer",
    "approve_letter",
    "ask_for_fit",
    "ask_for_talks",
    "ask_weekly",
    "choose_for_letter",
    "close_as_one_goes",
    "close_concern",
    "close_partnership",
    "decline_letter",
    "fit_history",
    "give_back",
    "hand_over_cases",
    "is_cadence_due",
    "is_the_name",
    "issue_certificate",
    "keep_a_reader",
    "keep_reflection",
    "let_stand_alone",
    "log_talk",
    "log_talks",
    "look_for_signs",
    "note_no_answer",
    "note_thanked",
    "put_aside",
    "raise_concern",
    "raise_for",
    "read_concern",
    "read_shared",
    "read_thought",
    "record_pack",
    "record_packs",
    "reopen_partnership",
    "resolve_concern",
    "see_to_afterwards",
    "see_to_letters",
    "share_reflection",
    "sound_alarms",
    "take_concern",
    "take_handover_back",
    "take_letter_back",
    "take_talk_back",
    "take_up_again",
    "tell_of_unread",
    "thank_for_years",
    "think_again",
    "wish_for_letters",
    "withdraw_certificate",
    "write_reflection",
]
