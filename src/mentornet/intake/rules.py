"""Who may do what with applicants and enrolments, and whose rows somebody sees."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentornet.common.actors import Actor, System
from mentornet.common.answers import ALLOWED, Answer, denied
from mentornet.divisions.hands import are_two
from mentornet.divisions.models import HiddenPerson
from mentornet.divisions.queries import blind_to, heads_of, overseers
from mentornet.divisions.rules import may_see, may_work_in, seen_by
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import APPLICATION_STEPS, ApplicationState
from mentornet.intake.models import Application, ContactPerson, Enrolment, Interview, InterviewSlot, Wish
from mentornet.people.enums import RevealKind, Role
from mentornet.people.models import Avoidance, Reveal
from mentornet.people.participants import Participant
from mentornet.people.recipients import person_key

HER_STEPS: Final = frozenset({ApplicationState.BOOKED, ApplicationState.RECEIVED, ApplicationState.WITHDRAWN})
"""Choosing a time for the interview, and cancelling it; taking the application back."""


def in_divisions(by: Actor, path: str = "") -> Q:
    """Return what of any row is of somebody's divisions; ``path`` leads to it, such as ``"application__"``."""
    if isinstance(by, System):
        return Q()
    divisions = by.casework if isinstance(by, Staff) else frozenset()
    return Q(**{f"{path}division_id__in": divisions})


def visible(by: Actor, path: str = "", *, person: str = "person") -> Q:
    """Return what of any row about a person, with a division, somebody sees.

    ``path`` leads to the row that says both, such as ``"application__"``; ``person`` from there to the person.
    """
    return in_divisions(by, path) & seen_by(by, f"{path}{person}")


def may_work_on(by: Actor, row: Application | Enrolment) -> Answer:
    """Casework in the row's division."""
    return may_see(by, row.person_id) and may_work_in(by, row.division_id)


def is_hers(by: Actor, row: Application | Enrolment) -> bool:
    """Tell whether a participant acts on a row of her own."""
    return isinstance(by, Participant) and row.person_id == by.person_id


def may_do_for_her(by: Actor, row: Application | Enrolment) -> Answer:
    """What she may do herself, and a coordinator to whom she has said it."""
    return ALLOWED if is_hers(by, row) else may_work_on(by, row)


def may_step(by: Actor, application: Application, after: ApplicationState) -> Answer:
    """Tell whether an application may take a step now; some of them she takes herself."""
    is_own_step = after in HER_STEPS and is_hers(by, application)
    if not is_own_step and not (answer := may_work_on(by, application)):
        return answer
    if APPLICATION_STEPS.may(application.state, after):
        return ALLOWED
    if not application.is_open:
        return denied(_("This application has been decided already."))
    if application.state == ApplicationState.INTERVIEWED:
        return denied(_("The interview has been written down already. What is left is to decide."))
    return denied(_("The interview comes first: write down what was said, then decide."))


def may_give_word(by: Actor, enrolment: Enrolment) -> Answer:
    """A mentee who waits, a proposal under way or not."""
    if not (answer := may_work_on(by, enrolment)):
        return answer
    if enrolment.role != Role.MENTEE:
        return denied(_("Only mentees wait for a word."))
    if enrolment.ended_on is not None:
        return denied(_("She has left the waiting list."))
    if enrolment.active:
        return denied(_("She has a mentor, and waits no longer."))
    return ALLOWED


def may_note_why(by: Actor, enrolment: Enrolment) -> Answer:
    """Noting why a mentee waits, and taking her earlier: one who waits, with no proposal that holds her place."""
    if not (answer := may_give_word(by, enrolment)):
        return answer
    if enrolment.promised:
        return denied(_("A mentor is proposed to her: what comes of it is awaited first."))
    return ALLOWED


def may_rest(by: Actor, enrolment: Enrolment) -> Answer:
    """A mentor who has not left."""
    if not (answer := may_work_on(by, enrolment)):
        return answer
    if enrolment.role != Role.MENTOR:
        return denied(_("Only mentors rest."))
    if enrolment.ended_on is not None:
        return denied(_("She has left already."))
    return ALLOWED


def may_rest_until_asked(by: Actor, enrolment: Enrolment) -> Answer:
    """Resting until she is asked: a mentor in the bank, a mentee who waits; by her own word, whoever writes it down."""
    if not (answer := may_do_for_her(by, enrolment)):
        return answer
    if enrolment.ended_on is not None:
        return denied(_("This has ended already. Call the office if you want to begin again."))
    if enrolment.role == Role.MENTEE and enrolment.active:
        return denied(_("There is a mentor already. If the two of you need a break, tell the coordinator."))
    if enrolment.role == Role.MENTEE and enrolment.promised:
        return denied(_("There is a suggestion now. Answer it first: a no does not change the place on the list."))
    return ALLOWED


def may_come_back(by: Actor, enrolment: Enrolment) -> Answer:
    """Ending a rest: she herself, or a coordinator to whom she has said so."""
    if not (answer := may_do_for_her(by, enrolment)):
        return answer
    if enrolment.ended_on is not None:
        return denied(_("This has ended already. Call the office if you want to begin again."))
    return ALLOWED


def may_set_capacity(by: Actor, enrolment: Enrolment, capacity: int) -> Answer:
    """How many at the same time: she herself may take one more than she has now; for more, she and the office talk."""
    if not (answer := may_do_for_her(by, enrolment)):
        return answer
    if is_hers(by, enrolment) and capacity > max(enrolment.capacity, enrolment.promised + enrolment.active + 1):
        return denied(_("You can take one more at a time here. If you want to take more, call the office."))
    return ALLOWED


def may_settle(by: Actor, wish: Wish) -> Answer:
    """Reading and seeing to what a participant asks for."""
    return may_see(by, wish.person_id) and may_work_in(by, wish.division_id)


def may_brief(by: Actor, enrolment: Enrolment) -> Answer:
    """A mentor who has not been briefed yet."""
    if not (answer := may_work_on(by, enrolment)):
        return answer
    if enrolment.role != Role.MENTOR:
        return denied(_("Only mentors are briefed."))
    if enrolment.briefed_on is not None:
        return denied(_("She has been briefed already."))
    return ALLOWED


def may_end(by: Actor, enrolment: Enrolment) -> Answer:
    """Nobody leaves while a proposal or a partnership holds her place."""
    if not (answer := may_work_on(by, enrolment)):
        return answer
    if enrolment.ended_on is not None:
        return denied(_("She has left already."))
    if enrolment.promised or enrolment.active:
        return denied(_("She has an open proposal or a running partnership. Close that first, and then this."))
    return ALLOWED


def may_let_meet(by: Actor, application: Application, avoidance: Avoidance) -> Answer:
    """Taking back that two must not meet: whoever works with both of them.

    Who sees only one of them knows neither the other's story nor what made somebody note it.
    """
    if not (answer := may_work_on(by, application)):
        return answer
    other = avoidance.other_id if avoidance.person_id == application.person_id else avoidance.person_id
    if not Application.objects.filter(visible(by), person_id=other).exists():
        return denied(_("The other woman belongs to another division. Whoever works with both can take this back: "
                        "ask the national lead."))  # fmt: skip
    return ALLOWED


def may_choose_time(by: Actor, application: Application, slot: InterviewSlot, booked: Interview | None) -> Answer:
    """A time for her interview: a coordinator any that is still to come; she herself, from tomorrow on.

    What is booked she can move until the day before; after that a call is what reaches the interviewer in time.
    """
    if slot.division_id != application.division_id or slot.starts_at <= by.at:
        return denied(_("This time is over, or of another office. Choose another one."))
    if not is_hers(by, application):
        return may_step(by, application, ApplicationState.BOOKED)
    if not (answer := may_change_time(by, booked)):
        return answer
    if timezone.localdate(slot.starts_at) <= by.today:
        return denied(_("This time is too close now. Choose another day, or call us."))
    return may_step(by, application, ApplicationState.BOOKED)


def may_change_time(by: Actor, booked: Interview | None) -> Answer:
    """Moving or cancelling by herself: until the day before."""
    if booked is not None and timezone.localdate(booked.at) <= by.today:
        return denied(_("It is very soon now. Please call us if you cannot come."))
    return ALLOWED


def may_note_reference(by: Actor, application: Application) -> Answer:
    """What vouches for somebody who may still come in, or is in."""
    if not (answer := may_work_on(by, application)):
        return answer
    if application.state in {ApplicationState.DECLINED, ApplicationState.WITHDRAWN}:
        return denied(_("This application is over. Nothing is noted of it any more."))
    return ALLOWED


def may_be_asked(by: Actor, application: Application) -> Answer:
    """Asking her to confirm what was written down: after the interview, and while she takes part."""
    if not (answer := may_work_on(by, application)):
        return answer
    if application.state not in {ApplicationState.INTERVIEWED, ApplicationState.APPROVED}:
        return denied(_("The interview comes first: then there is something for her to read."))
    return ALLOWED


def may_protect(by: Actor, row: Application | ContactPerson) -> Answer:
    """Protecting a participant, and writing anew how she is reached: casework in a division that knows her."""
    return may_see(by, row.person_id) and may_work_in(by, row.division_id)


def may_ask_to_reveal(by: Actor, row: Application | ContactPerson) -> Answer:
    """Asking a second person: casework in a division that knows her. The program never asks."""
    return may_protect(by, row) if isinstance(by, Staff) else denied(_("Only a person can ask for this."))


def may_answer_reveal(by: Actor, reveal: Reveal) -> Answer:
    """Answering a colleague's question about a protected person: staff of the division, and never one's own."""
    if not isinstance(by, Staff):
        return denied(_("Only a person can answer this."))
    if by.user_id == reveal.asked_by:
        return denied(_("A second person must answer. Ask a colleague."))
    return may_see(by, reveal.person_id) and may_work_in(by, reveal.division_id)


def may_approve_reveal(by: Actor, reveal: Reveal) -> Answer:
    """Saying yes to it: whoever may answer, and is surely somebody else than the one who asks."""
    if not (answer := may_answer_reveal(by, reveal)):
        return answer
    if isinstance(by, Staff) and not are_two(reveal.asked_by, by.user_id, reveal.division_id, by.at):
        return denied(
            _(
                "The two of you do not count as two here: one has given the other her role in the last 30 days, or you "
                "have one e-mail address. Ask somebody else who works in this division, or the national lead, to say "
                "yes."
            )
        )
    if isinstance(by, Staff) and not _is_anybody_told(reveal, by.today):
        return denied(
            _(
                "Everybody who would be told of this must not see her, so nobody can say yes to it. First somebody "
                "else needs a role as lead of the division or of the network."
            )
        )
    return ALLOWED


def _is_anybody_told(reveal: Reveal, on: date) -> bool:
    """Tell whether some head who may see her hears of it: else two could look, and nobody who oversees them knows.

    Where nobody leads but the one who asks, nobody is hidden from: as in any small office, all of it are told.
    """
    if not (blind := blind_to(reveal.person_id)):
        return True
    heads = set(heads_of(reveal.division_id, on)) - {reveal.asked_by}
    return not heads or not heads <= blind


def may_hide(by: Actor, person_id: UUID, divisions: Collection[UUID]) -> Answer:
    """Saying from whom she is hidden: she herself, and casework in a division that knows her."""
    if isinstance(by, Participant):
        return ALLOWED if by.person_id == person_id else denied(_("You can only change what is yours."))
    if not (answer := may_see(by, person_id)):
        return answer
    if any(may_work_in(by, division_id) for division_id in divisions):
        return ALLOWED
    return denied(_("You do not work in this division."))


def may_hide_from(by: Actor, user_id: UUID, divisions: Collection[UUID]) -> Answer:
    """Hiding her from one of the staff: from whoever oversees the others she herself alone, and another lead of hers.

    A coordinator who could hide her from them would act unseen. Each may say so of herself.
    """
    if not isinstance(by, Staff) or by.user_id == user_id or may_oversee_hiding(by, divisions):
        return ALLOWED
    if user_id not in overseers(divisions, by.today):
        return ALLOWED
    return denied(
        _(
            "From whoever leads the division or the network, or looks after data protection, only another lead hides "
            "her, or she herself on her own page."
        )
    )


def may_stop_hiding(by: Actor, row: HiddenPerson, divisions: Collection[UUID]) -> Answer:
    """Letting one of the staff see her again: what she has set herself is no coordinator's to lift alone."""
    if row.set_by != person_key(row.person_id) or may_oversee_hiding(by, divisions):
        return ALLOWED
    return denied(_("She has set this herself. Whoever leads the division or the network lifts it, at her word."))


def may_oversee_hiding(by: Actor, divisions: Collection[UUID]) -> bool:
    """Tell whether somebody leads a division that knows her, or the network."""
    return isinstance(by, Staff) and (by.is_national_lead or not by.leads.isdisjoint(divisions))


def may_be_looked_after_by(person_id: UUID, user_id: UUID) -> Answer:
    """Giving somebody's case or interview to one of the staff: to nobody who must not see her."""
    if user_id in blind_to(person_id):
        return denied(_("This colleague must not see her. Choose somebody else."))
    return ALLOWED


def may_see_identity(by: Actor, reveal: Reveal) -> Answer:
    """Looking at who a protected person is: whoever asked, once a second person has said yes, and until the end."""
    if not isinstance(by, Staff) or by.user_id != reveal.asked_by:
        return denied(_("Only whoever asked can look."))
    if not (answer := may_see(by, reveal.person_id) and may_work_in(by, reveal.division_id)):
        return answer
    if not reveal.is_approved or reveal.kind != RevealKind.SEE:
        return denied(_("A second person must say yes first."))
    if reveal.expires_at is None or by.at >= reveal.expires_at:
        return denied(_("The fifteen minutes are over. Ask again if you still need it."))
    return ALLOWED
