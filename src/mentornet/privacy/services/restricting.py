"""Somebody's data rest: proposals are withdrawn, promises put aside, and she is told before it ends."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.agenda.models import Kind
from mentornet.agenda.services import finish
from mentornet.common.actors import Actor, System
from mentornet.common.answers import require
from mentornet.common.models import stamp
from mentornet.common.row_scope import beyond_division
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.intake.services.enrolments import promise_word
from mentornet.matching.models import Proposal
from mentornet.matching.services.answering import withdraw_proposal
from mentornet.messaging.services import queue_letter
from mentornet.people import limiting
from mentornet.people.enums import Role
from mentornet.people.models import Person, Restriction
from mentornet.people.queries import restrictions_over
from mentornet.people.recipients import person_key
from mentornet.privacy.hers import is_hers
from mentornet.privacy.queries import OPEN_PROPOSALS, divisions_that_know
from mentornet.privacy.request_rules import TOLD_BEFORE, may_lift, may_restrict
from mentornet.programmes.queries import next_word_on

_JOB: Final = "privacy.restrict"
_NOTE: Final = "—"


@beyond_division(reason="her data rest in every division that knows her")
@transaction.atomic
def restrict_data(*, by: Staff, person: Person, reason: str) -> Restriction:
    """Let somebody's data rest: stored, and used for nothing but her own request and for her safety.

    What is proposed to her, or of her, is withdrawn; the other one hears that it is no longer open, and not why. A
    partnership that runs goes on. She keeps her places.

    Raises:
        NotAllowedError: no division of the actor's knows her.
        ChangedMeanwhileError: somebody is at work on a proposal of hers at this moment.
        ValidationError: no reason was given.
    """
    require(may_restrict(by, person.pk, divisions_that_know(person.pk)))
    as_program = System(_JOB, by.at)
    # Proposals first, each locked as whoever answers it locks it, and only then the person.
    for proposal in Proposal.objects.filter(is_hers(Proposal, person.pk), state__in=OPEN_PROPOSALS).order_by("pk"):
        withdraw_proposal(by=as_program, proposal=proposal, note=_NOTE)
    restriction = limiting.restrict(by=by, person=person, reason=reason)
    for place in Enrolment.objects.filter(person=person, ended_on__isnull=True):
        finish(by=as_program, target_id=place.pk, kinds=[Kind.PROMISE, Kind.RETURN])
    return restriction


@transaction.atomic
def tell_that_rest_ends(*, by: Staff, restriction: Restriction, day: date) -> Restriction:
    """Tell her from which day on her data are used again; on that day it ends by itself.

    Raises:
        NotAllowedError: no division of the actor's knows her.
        ChangedMeanwhileError: it has ended already.
        ValidationError: the day is too near for her to say no.
    """
    known_in = divisions_that_know(restriction.person_id)
    require(may_restrict(by, restriction.person_id, known_in))
    if day < by.today + TOLD_BEFORE:
        raise ValidationError({"day": _("She needs a week to answer. Choose a day at least seven days away.")})
    restriction = limiting.end_restriction_on(by=by, restriction=restriction, day=day)
    queue_letter(
        by=by,
        recipient=person_key(restriction.person_id),
        event="rest_of_data_ends",
        values={"day": day.isoformat()},
        about_id=restriction.pk,
        division_id=min(known_in & by.casework),
    )
    return restriction


@beyond_division(reason="in every division where she waits she is promised a word anew")
@transaction.atomic
def lift_restriction(*, by: Actor, restriction: Restriction, at_her_wish: bool = False) -> Restriction:
    """Use her data again: whoever waited is promised a word anew.

    Raises:
        NotAllowedError: no division of the actor's knows her, or she has not been told before.
        ChangedMeanwhileError: it has ended already.
    """
    require(may_lift(by, restriction, divisions_that_know(restriction.person_id), at_her_wish=at_her_wish))
    restriction = limiting.lift_restriction(by=by, restriction=restriction)
    waiting = Enrolment.objects.filter(
        person=restriction.person_id, role=Role.MENTEE, ended_on__isnull=True, promised=0, active=0
    )
    for place in waiting.select_related("person"):
        due_on = next_word_on(place.programme_id, by.today)
        Enrolment.objects.filter(pk=place.pk).update(word_due_on=due_on, stamp=stamp())
        promise_word(by=by, enrolment=place, due_on=due_on)
    return restriction


def has_rests_over(at: date) -> bool:
    """Tell whether the rest of anybody's data is over."""
    return restrictions_over(at).exists()


def lift_what_is_over(*, by: System) -> int:
    """End the rests of whose end those people were told. Returns how many."""
    over = list(restrictions_over(by.today).select_related("person"))
    for restriction in over:
        lift_restriction(by=by, restriction=restriction)
    return len(over)
