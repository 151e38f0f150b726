"""Who may do what with a partnership."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.actors import Actor, System
from mentornet.common.answers import ALLOWED, Answer, denied
from mentornet.divisions.rules import may_see, may_work_in, seen_by
from mentornet.divisions.staff import Staff
from mentornet.intake.rules import in_divisions
from mentornet.partnerships.enums import PARTNERSHIP_STEPS, PartnershipState
from mentornet.partnerships.models import Agreement, Closure, Partnership
from mentornet.people.enums import Role
from mentornet.people.participants import Participant

STEPS_OF_THE_TWO: Final = (PartnershipState.MATCHED, PartnershipState.ACTIVE, PartnershipState.PAUSED)
"""Where the two themselves can bring a partnership: by meeting, signing, pausing and going on. Ending it is agreed with
their coordinator."""


def visible(by: Actor) -> Q:
    """Return which partnerships somebody sees: those of her divisions' mentees, and of their mentors.

    None at all with anybody who is hidden from her: the other one's name would tell.
    """
    theirs = in_divisions(by) | in_divisions(by, "mentor__")
    return theirs & seen_by(by, "mentee__person", "mentor__person")


def may_work_on(by: Actor, partnership: Partnership) -> Answer:
    """Casework belongs to the division of the mentee."""
    # The two are asked for only where anybody is hidden: most have nobody, and no query for it.
    if isinstance(by, Staff) and by.hidden:
        answer = may_see(by, partnership.mentee.person_id, partnership.mentor.person_id)
        return answer and may_work_in(by, partnership.division_id)
    return may_work_in(by, partnership.division_id)


def side_of(person_id: UUID, partnership: Partnership) -> Role | None:
    """Return which of the two somebody is; ``None`` for everybody else."""
    if partnership.mentee.person_id == person_id:
        return Role.MENTEE
    return Role.MENTOR if partnership.mentor.person_id == person_id else None


def may_take_part(by: Actor, partnership: Partnership) -> Answer:
    """What the two do themselves: each of them, while the partnership runs."""
    if not isinstance(by, Participant) or side_of(by.person_id, partnership) is None:
        return denied(_("Only the two of them can do this."))
    if not partnership.is_together:
        # Also where the two are kept from each other, in the same words: why is not to be read from a refusal.
        return denied(_("This has ended. Nothing can be changed any more."))
    return ALLOWED


def may_keep_notes(by: Actor, partnership: Partnership) -> Answer:
    """Notes of one's own: each of the two, also when it has ended."""
    if isinstance(by, Participant) and side_of(by.person_id, partnership) is not None:
        return ALLOWED
    return denied(_("Only the two of them can do this."))


def may_note_paper(by: Actor, agreement: Agreement) -> Answer:
    """A signature on paper: whoever works with the pair, while the agreement is the one that lies before them."""
    if not (answer := may_work_on(by, agreement.partnership)):
        return answer
    if not agreement.partnership.is_running:
        return denied(_("This partnership has been closed. Nothing can be signed in it any more."))
    return ALLOWED


def may_write_agreement_text(by: Actor) -> Answer:
    """The agreement's text: the program alone, for what comes with it."""
    return ALLOWED if isinstance(by, System) else denied(_("The text comes with the program."))


def may_step(by: Actor, partnership: Partnership, after: PartnershipState) -> Answer:
    """Tell whether a partnership may take a step now."""
    answer = _may_lead(by, partnership, after) if isinstance(by, Participant) else may_work_on(by, partnership)
    if not answer:
        return answer
    if PARTNERSHIP_STEPS.may(partnership.state, after):
        return ALLOWED
    if partnership.state == PartnershipState.CLOSED:
        return denied(_("This partnership has been closed already."))
    return denied(_("The partnership is no longer where it was. Look at it again."))


def _may_lead(by: Participant, partnership: Partnership, after: PartnershipState) -> Answer:
    if after not in STEPS_OF_THE_TWO or partnership.state == PartnershipState.CLOSING:
        return denied(_("Talk to your coordinator about this. She helps you both."))
    return may_take_part(by, partnership)


def may_take_opening_back(by: Actor, partnership: Partnership, *, is_built_on: bool) -> Answer:
    """Tell whether a partnership that was opened by mistake can vanish: only while nothing rests upon it."""
    if not (answer := may_work_on(by, partnership)):
        return answer
    if partnership.state == PartnershipState.CLOSED:
        return denied(_("This partnership has been closed already."))
    signed = partnership.agreement_on is not None or partnership.agreed_until is not None
    if is_built_on or signed or partnership.state != PartnershipState.MATCHED:
        return denied(
            _("More has been noted in this partnership since it began. Close it on its own page instead, and say why.")
        )
    return ALLOWED


def may_say_why(by: Actor, closure: Closure) -> Answer:
    """Her own answers on her own page: each of the two, once it is about to end, and for as long as it stands."""
    if not isinstance(by, Participant) or side_of(by.person_id, closure.partnership) is None:
        return denied(_("Only the two of them can do this."))
    if closure.undone_at is not None:
        return denied(_("You go on together. There is nothing to answer."))
    return ALLOWED
