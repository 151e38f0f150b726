"""Who sets up a questionnaire, who answers, and whose answers somebody sees."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.actors import Actor, System
from mentornet.common.answers import ALLOWED, Answer, denied
from mentornet.divisions.rules import may_lead, may_lead_nation, seen_by
from mentornet.divisions.staff import Staff
from mentornet.intake.rules import in_divisions
from mentornet.partnerships.rules import may_work_on, side_of
from mentornet.people.participants import Participant
from mentornet.programmes.models import Programme
from mentornet.surveys.enums import AskState
from mentornet.surveys.models import Ask, Questionnaire


def may_set_up(by: Actor, programme: Programme | None) -> Answer:
    """A questionnaire for all divisions is the national lead's, one of a division's own programme its lead's."""
    if isinstance(by, System):
        return ALLOWED
    if programme is None or programme.division_id is None:
        return may_lead_nation(by)
    return may_lead(by, programme.division_id)


def may_write(by: Actor, questionnaire: Questionnaire) -> Answer:
    """Whoever sets it up, while it is not closed."""
    if not (answer := may_set_up(by, questionnaire.programme)):
        return answer
    if questionnaire.closed_on is not None:
        return denied(_("This questionnaire is closed. Make a new one from it instead."))
    return ALLOWED


def may_install(by: Actor) -> Answer:
    """What comes with the program: the program alone."""
    return ALLOWED if isinstance(by, System) else denied(_("These questions come with the program."))


def may_ask(by: Actor, questionnaire: Questionnaire) -> Answer:
    """Asking by hand: whoever sets it up, where it has something to ask; the program by itself."""
    if isinstance(by, System):
        return ALLOWED
    return may_write(by, questionnaire)


ANSWER_WITHIN: Final = timedelta(days=21)
"""How long she can answer; after it what stands, stands."""


def may_answer(by: Actor, ask: Ask) -> Answer:
    """She who was asked, and nobody for her; until it is too late."""
    if not isinstance(by, Participant) or side_of(by.person_id, ask.partnership) != ask.side:
        return denied(_("Only she herself can do this."))
    # Her link lasts longer, and others may hold it; nor does anybody answer about a pair that is kept apart.
    is_over = ask.asked_at + ANSWER_WITHIN <= by.at or not ask.partnership.is_safe
    if ask.state == AskState.SILENT or is_over:
        return denied(_("This question is closed now. You do not need to do anything."))
    return ALLOWED


def may_see_answers(by: Actor, ask: Ask) -> Answer:
    """Whoever sees the pair; of an anonymous one nobody."""
    if ask.is_anonymous:
        return denied(_("Nobody sees who answered what here."))
    return may_work_on(by, ask.partnership)


def set_up_in(by: Actor) -> Q:
    """Return which questionnaires somebody sees: those of all programmes, and of the programmes of her divisions."""
    if isinstance(by, System):
        return Q()
    divisions = by.casework if isinstance(by, Staff) else frozenset()
    if not divisions:
        return Q(pk__in=[])
    return Q(programme__isnull=True) | Q(programme__division__isnull=True) | Q(programme__division_id__in=divisions)


def answers_in(by: Actor) -> Q:
    """Return which askings somebody counts: of pairs of her divisions' mentees, none with whom she must not see."""
    return in_divisions(by, "partnership__") & seen_by(by, "partnership__mentee__person", "partnership__mentor__person")
