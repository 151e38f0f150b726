"""Ending what runs, before somebody is erased: by the same services as ever, so that nobody else is left hanging."""

from __future__ import annotations

from typing import Final

from django.db.models import Q

from mentornet.common.actors import System
from mentornet.common.models import stamp
from mentornet.followup.services import close_as_one_goes, let_stand_alone
from mentornet.intake.enums import ApplicationState, ContactPersonState, EndReason
from mentornet.intake.models import Application, ApplicationDraft, ContactPerson, Enrolment
from mentornet.intake.services.applications import withdraw_application
from mentornet.intake.services.contact_persons import end_contact_person
from mentornet.intake.services.enrolments import end_enrolment
from mentornet.intake.services.interviews import cancel_interview
from mentornet.matching.models import Proposal
from mentornet.matching.services.answering import withdraw_proposal
from mentornet.partnerships.enums import RUNNING
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Role
from mentornet.people.models import Person
from mentornet.people.ways_in import end_ways_in
from mentornet.privacy.hers import is_hers, known_as
from mentornet.privacy.queries import OPEN_PROPOSALS
from mentornet.privacy.services.requesting import close_with_erasure
from mentornet.sourcing.known_again import known_by
from mentornet.sourcing.services import forget_reached_at

_NOTE: Final = "—"


def end_everything(*, by: System, person: Person) -> None:
    """End what runs with somebody: proposals, partnerships, applications, places, and all that opens her pages.

    A mentee whose mentor goes waits again, in her old place, with a day by which she hears from us; whoever stays of a
    pair is asked later how it goes. Proposals and partnerships come
    first, each locked as whoever answers or closes it locks it, and only then the person.

    Raises:
        ChangedMeanwhileError: somebody is at work on one of them at this moment.
    """
    for proposal in Proposal.objects.filter(is_hers(Proposal, person.pk), state__in=OPEN_PROPOSALS).order_by("pk"):
        withdraw_proposal(by=by, proposal=proposal, note=_NOTE)
    running = Partnership.objects.filter(is_hers(Partnership, person.pk), state__in=RUNNING).order_by("pk")
    for partnership in running.select_related("mentee", "mentor"):
        goes = Role.MENTOR if partnership.mentor.person_id == person.pk else Role.MENTEE
        close_as_one_goes(by=by, partnership=partnership, goes=goes)
    for application in Application.objects.filter(person=person).order_by("pk"):
        if application.state == ApplicationState.BOOKED:
            cancel_interview(by=by, application=application)
        if application.is_open:
            withdraw_application(by=by, application=application)
    for contact in ContactPerson.objects.filter(person=person).exclude(state=ContactPersonState.LEFT):
        end_contact_person(by=by, contact=contact)
    _end_places(by, person)
    _drop_drafts(person)
    forget_reached_at(by=by, marks={mark for one in known_as(person) for mark in known_by("", one.email, one.phone)})
    let_stand_alone(by=by, person=person)
    close_with_erasure(by=by, person=person)
    end_ways_in(by=by, person=person)


def _end_places(by: System, person: Person) -> None:
    places = Enrolment.objects.filter(person=person, ended_on__isnull=True).order_by("pk")
    # What is left after that came with a spreadsheet, without the partnerships behind it: nobody releases those places.
    places.exclude(promised=0, active=0).update(promised=0, active=0, stamp=stamp())
    for place in places:
        end_enrolment(by=by, enrolment=place, reason=EndReason.OTHER)


def _drop_drafts(person: Person) -> None:
    """Delete what she was still writing to us: it is tied to her by nothing but her address."""
    known = Q(pk__in=[])
    for one in known_as(person):
        if one.email:
            known |= Q(email__iexact=one.email)
        if one.phone:
            known |= Q(phone=one.phone)
    ApplicationDraft.objects.filter(known, submitted_at__isnull=True).delete()
