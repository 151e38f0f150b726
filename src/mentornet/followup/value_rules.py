"""Who may do what with thoughts of one's own, letters to the mentor, certificates and thanks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from mentornet.common.actors import Actor, System
from mentornet.common.answers import ALLOWED, Answer, denied
from mentornet.divisions.rules import may_see, may_work_in
from mentornet.divisions.staff import Staff
from mentornet.followup.enums import IMPACT_STEPS, ImpactState
from mentornet.partnerships.rules import side_of
from mentornet.people.enums import Role
from mentornet.people.participants import Participant

if TYPE_CHECKING:
    from mentornet.followup.models import Certificate, ImpactLetter, Reflection, TenureThanks
    from mentornet.followup.value_queries import Served
    from mentornet.partnerships.models import Partnership

RUNS_FOR: Final = timedelta(days=91)
"""So long a partnership runs before there is a certificate, unless it has ended."""


def may_reflect(by: Actor, partnership: Partnership) -> Answer:
    """Thoughts of one's own: each of the two, also when it has ended."""
    if isinstance(by, Participant) and side_of(by.person_id, partnership) is not None:
        return ALLOWED
    return denied(_("Only the two of them can do this."))


def may_unshare(by: Actor, reflection: Reflection, *, stands_in_letter: bool) -> Answer:
    """What she has given to a letter is hers again until that letter has been sent."""
    if not isinstance(by, Participant) or reflection.person_id != by.person_id:
        return denied(_("Only she herself can do this."))
    if stands_in_letter:
        return denied(_("It stands in a letter that has been sent. Only the mentee can take the whole letter back."))
    return ALLOWED


def is_safe(partnership: Partnership) -> bool:
    """Tell whether a pair may have a letter at all: one that ends for safety has none, past or to come."""
    return partnership.is_safe


def may_answer_letter(by: Actor, letter: ImpactLetter, after: ImpactState) -> Answer:
    """What becomes of a letter: the mentee alone says it, while it waits for her."""
    partnership = letter.partnership
    if not isinstance(by, Participant) or side_of(by.person_id, partnership) != Role.MENTEE:
        return denied(_("Only she herself can do this."))
    if letter.state == ImpactState.DRAFT or not is_safe(partnership) or not IMPACT_STEPS.may(letter.state, after):
        return denied(_("This letter no longer waits for you. Look at the page again."))
    if after == ImpactState.APPROVED and (letter.answer_by is None or by.today > letter.answer_by):
        return denied(_("The time for this letter is over. It was not sent. You do not have to do anything."))
    return ALLOWED


def may_read_letter(person_id: UUID, letter: ImpactLetter) -> bool:
    """Tell whether one of the two may read a letter as it was sent."""
    return (
        letter.state == ImpactState.SENT
        and is_safe(letter.partnership)
        and bool(side_of(person_id, letter.partnership))
    )


def may_see_to_letters(by: Actor) -> Answer:
    """To prepare, ask, send and let lapse: the program alone."""
    return ALLOWED if isinstance(by, System) else denied(_("The program does this by itself."))


def may_have_certificate(by: Actor, person_id: UUID, served: Served | None) -> Answer:
    """A certificate: she herself, or who works in the division that she belongs to, once there is something to say."""
    if isinstance(by, Staff) and served is not None:
        answer = may_work_in(by, served.division_id) and may_see(by, person_id)
    else:
        is_she = isinstance(by, Participant) and by.person_id == person_id
        answer = ALLOWED if is_she else denied(_("Only she herself can do this."))
    if answer and served is None:
        return denied(_("There is no certificate yet: the two of you have to have met, and three months have to pass."))
    return answer


def may_change_certificate(by: Actor, certificate: Certificate) -> Answer:
    """Withdraw a certificate, or let it stand on its own: whose it is; who works in its division may withdraw it."""
    if isinstance(by, Participant):
        return ALLOWED if certificate.person_id == by.person_id else denied(_("Only she herself can do this."))
    return may_work_in(by, certificate.division_id)


def is_long_enough(first_met_on: date | None, today: date, *, has_ended: bool) -> bool:
    """Tell whether a partnership that has met counts for a certificate."""
    return has_ended or (first_met_on is not None and first_met_on + RUNS_FOR <= today)


def may_thank(by: Actor, thanks: TenureThanks) -> Answer:
    """Note that somebody was thanked with a call: who works in the division."""
    return may_work_in(by, thanks.division_id) and may_see(by, thanks.person_id)
