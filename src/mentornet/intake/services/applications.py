"""Applications, interviews, decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from mentornet.accounts.models import User
from mentornet.agenda.models import Kind
from mentornet.agenda.services import ask_for, finish
from mentornet.audit.services import record, record_read
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.divisions.models import Division
from mentornet.divisions.rules import may_work_in
from mentornet.intake.enums import APPLICATION_STEPS, ApplicationState
from mentornet.intake.models import Application, Decision, Enrolment, Interview
from mentornet.intake.rules import may_step, may_work_on
from mentornet.intake.services.enrolments import promise_word
from mentornet.messaging.services import queue_letter
from mentornet.people.enums import Provenance, Role
from mentornet.people.models import Person, Profile
from mentornet.people.recipients import person_key
from mentornet.people.services import change_person, register_person, write_languages, write_profile
from mentornet.programmes.models import Programme

INTERVIEW_WITHIN: Final = timedelta(days=14)
BOOKED_WITHIN: Final = timedelta(days=366)
DECIDE_WITHIN: Final = timedelta(days=3)
FIRST_WORD_WITHIN: Final = timedelta(days=28)


@transaction.atomic
def receive_application(
    *,
    by: Actor,
    programme: Programme,
    division: Division,
    role: Role | str,
    person: Person | None = None,
    person_facts: Mapping[str, Any] | None = None,
    profile_facts: Mapping[str, Any] | None = None,
    languages: Sequence[tuple[str, str]] = (),
    heard_through: str = "",
    source: Provenance | str = Provenance.SELF_REPORTED,
    key: UUID | None = None,
) -> Application:
    """Take an application in; somebody new is registered first. An interview is to follow within two weeks.

    ``key`` is drawn with the form: the same form sent twice, even at the same moment, is one application.

    Raises:
        NotAllowedError: not the actor's division.
        ValidationError: a fact cannot be stored, or she has an open application already.
    """
    require(may_work_in(by, division.pk))
    if programme.division_id not in {None, division.pk}:
        raise ValidationError(_("This programme does not run in that division."), code="programme")
    if person is None:
        person = register_person(by=by, facts=person_facts or {})
    elif person_facts:
        change_person(by=by, person=person, facts=person_facts)
    write_profile(by=by, person=person, role=role, facts=profile_facts or {}, source=source)
    if languages:
        write_languages(by=by, person=person, skills=languages, source=source)
    application = Application(
        person=person,
        programme=programme,
        division=division,
        role=role,
        received_on=by.today,
        heard_through=heard_through,
        created_at=by.at,
    )
    if key is not None:
        application.pk = key
    application.full_clean()
    application.save(force_insert=True)
    ask_for(
        by=by,
        kind=Kind.INTERVIEW,
        target_id=application.pk,
        division_id=division.pk,
        due_on=by.today + INTERVIEW_WITHIN,
        words={"name": person.name},
    )
    _write_to(by, application, "application_received")
    record(by=by, act="intake.receive", of=application, division_id=division.pk)
    return application


def _write_to(by: Actor, application: Application, event: str, **values: str) -> None:
    queue_letter(
        by=by,
        recipient=person_key(application.person_id),
        event=event,
        values=values,
        about_id=application.pk,
        division_id=application.division_id,
    )


def _step(by: Actor, application: Application, after: ApplicationState) -> None:
    """Take a step, unless somebody else has taken another one meanwhile."""
    require(may_step(by, application, after))
    changed = Application.objects.filter(pk=application.pk, state__in=APPLICATION_STEPS.sources(after)).update(
        state=after
    )
    if not changed:
        raise ChangedMeanwhileError(_("Somebody else has worked on this application meanwhile. Look at it again."))
    application.state = after


@transaction.atomic
def book_interview(
    *, by: Actor, application: Application, at: datetime, place: str, interviewer: User, seen: str | None = None
) -> Interview:
    """Book an interview, or move the booked one; she gets a letter with day, time and place.

    ``seen`` is the ``mark`` of the booked interview when the actor looked at it, empty when none was booked; without
    it whatever is booked is moved. Two who book at the same moment: one wins, and the other hears what was booked,
    or gets the same booking when she chose the same.

    Raises:
        NotAllowedError: not the actor's division, or the application has been decided.
        ChangedMeanwhileError: somebody else was faster.
        ValidationError: more than a year ahead.
    """
    if at > by.at + BOOKED_WITHIN:
        raise ValidationError(_("That is too far ahead: choose a day within a year."), code="far")
    # The step's update holds the application's row till the end: what is read below stands.
    _step(by, application, ApplicationState.BOOKED)
    interview = application.interviews.filter(held_at__isnull=True, cancelled_at__isnull=True).first()
    if interview is not None and (interview.at, interview.place, interview.interviewer_id) == (
        at,
        place,
        interviewer.pk,
    ):
        # Pressed twice: she must not get the same invitation again.
        return interview
    if seen is not None and seen != (interview.mark if interview is not None else ""):
        raise ChangedMeanwhileError(_booked_meanwhile(interview))
    is_new = interview is None
    interview = interview or Interview(application=application, created_at=by.at)
    interview.at, interview.place, interview.interviewer = at, place, interviewer
    interview.full_clean()
    interview.save(force_insert=is_new)
    local = timezone.localtime(at)
    ask_for(
        by=by,
        kind=Kind.INTERVIEW,
        target_id=application.pk,
        division_id=application.division_id,
        due_on=local.date(),
        owner_id=interviewer.pk,
        words={"name": application.person.name, "time": local.strftime("%H:%M")},
    )
    _write_to(by, application, "interview_invitation", day=local.date().isoformat(), time=f"{local:%H:%M}", place=place)
    record(by=by, act="intake.book_interview", of=application, division_id=application.division_id)
    return interview


def _booked_meanwhile(interview: Interview | None) -> str:
    """Say what stands there now, so that she need not look before she decides whether it suits."""
    if interview is None:
        return _("The interview has been held or cancelled meanwhile. Look at the application again.")
    local = timezone.localtime(interview.at)
    words = _(
        "Somebody has booked the interview meanwhile: %(day)s at %(time)s, with %(name)s. No letter was sent for you. "
        "If it must be moved, open this page again."
    )
    return words % {
        "day": date_format(local, "l j F Y"),
        "time": time_format(local, "TIME_FORMAT"),
        "name": interview.interviewer.name,
    }


@transaction.atomic
def record_interview(
    *,
    by: Actor,
    application: Application,
    interviewer: User,
    shareable: str,
    coordinator_only: str,
    profile_facts: Mapping[str, Any] | None = None,
    languages: Sequence[tuple[str, str]] | None = None,
) -> Interview:
    """Write down an interview that was held, and with it what was heard of her profile.

    Raises:
        NotAllowedError: not the actor's division, or the application has been decided.
        ChangedMeanwhileError: somebody else was faster.
        ValidationError: a fact cannot be stored.
    """
    _step(by, application, ApplicationState.INTERVIEWED)
    interview = application.interviews.filter(held_at__isnull=True, cancelled_at__isnull=True).first()
    is_new = interview is None
    interview = interview or Interview(application=application, created_at=by.at, at=by.at, interviewer=interviewer)
    # Held before the booked day: what counts is when it was.
    interview.at = min(interview.at, by.at)
    interview.held_at, interview.shareable, interview.coordinator_only = by.at, shareable, coordinator_only
    interview.full_clean()
    interview.save(force_insert=is_new)
    if profile_facts:
        write_profile(
            by=by, person=application.person, role=application.role, facts=profile_facts, source=Provenance.HEARD
        )
    if languages is not None:
        write_languages(by=by, person=application.person, skills=languages, source=Provenance.HEARD)
    finish(by=by, target_id=application.pk, kinds=[Kind.INTERVIEW])
    ask_for(
        by=by,
        kind=Kind.DECIDE,
        target_id=application.pk,
        division_id=application.division_id,
        due_on=by.today + DECIDE_WITHIN,
        owner_id=interviewer.pk,
        words={"name": application.person.name},
    )
    record(by=by, act="intake.record_interview", of=interview, division_id=application.division_id)
    return interview


@transaction.atomic
def read_coordinator_only(*, by: Actor, interview: Interview) -> str:
    """Return what is for coordinators only; that it was read is audited.

    Raises:
        NotAllowedError: not the actor's division.
    """
    require(may_work_on(by, interview.application))
    record_read(by=by, act="intake.read_coordinator_only", of=interview, division_id=interview.application.division_id)
    return interview.coordinator_only


@transaction.atomic
def decide(
    *,
    by: Actor,
    application: Application,
    outcome: ApplicationState | str,
    reason: str,
    author_name: str,
    capacity: int = 1,
    briefed_on: date | None = None,
    coordinator: User | None = None,
) -> Decision:
    """Approve or decline. Approval puts a mentee on the waiting list, and a briefed mentor into the bank.

    Her place on the list counts from the day on which her application was received.

    Raises:
        NotAllowedError: not the actor's division, or the interview is still to be held.
        ChangedMeanwhileError: somebody else has decided.
        ValidationError: no reason, or a capacity that cannot be.
    """
    _step(by, application, ApplicationState(outcome))
    decision = Decision(
        application=application,
        outcome=outcome,
        reason=reason.strip(),
        decided_by=by.key,
        author_name=author_name,
        created_at=by.at,
    )
    decision.full_clean()
    decision.save(force_insert=True)
    finish(by=by, target_id=application.pk)
    if decision.outcome == ApplicationState.APPROVED:
        _enrol(by, application, capacity, briefed_on, coordinator)
    _write_to(by, application, f"application_{decision.outcome}")
    record(
        by=by,
        act="intake.decide",
        of=application,
        division_id=application.division_id,
        detail={"outcome": decision.outcome},
    )
    return decision


def _enrol(
    by: Actor, application: Application, capacity: int, briefed_on: date | None, coordinator: User | None
) -> None:
    is_mentee = application.role == Role.MENTEE
    profile = Profile.objects.get(person_id=application.person_id, role=application.role)
    enrolment = Enrolment(
        application=application,
        person=application.person,
        profile=profile,
        programme=application.programme,
        division=application.division,
        role=application.role,
        coordinator=coordinator,
        capacity=1 if is_mentee else capacity,
        briefed_on=None if is_mentee else briefed_on,
        since=application.received_on if is_mentee else by.today,
        last_word_on=by.today,
        word_due_on=by.today + FIRST_WORD_WITHIN if is_mentee else None,
        created_at=by.at,
    )
    enrolment.full_clean()
    enrolment.save(force_insert=True)
    if enrolment.word_due_on is not None:
        promise_word(by=by, enrolment=enrolment, due_on=enrolment.word_due_on)


@transaction.atomic
def withdraw_application(*, by: Actor, application: Application, reason: str = "") -> Application:
    """Take an application back, as she has asked.

    Raises:
        NotAllowedError: not the actor's division, or it has been decided.
        ChangedMeanwhileError: somebody else was faster.
    """
    _step(by, application, ApplicationState.WITHDRAWN)
    application.interviews.filter(held_at__isnull=True, cancelled_at__isnull=True).update(cancelled_at=by.at)
    finish(by=by, target_id=application.pk)
    record(
        by=by,
        act="intake.withdraw",
        of=application,
        division_id=application.division_id,
        detail={"with_reason": bool(reason)},
    )
    return application


@transaction.atomic
def change_facts(
    *,
    by: Actor,
    application: Application,
    person_facts: Mapping[str, Any] | None = None,
    profile_facts: Mapping[str, Any] | None = None,
    languages: Sequence[tuple[str, str]] | None = None,
    source: Provenance | str = Provenance.HEARD,
    seen: int | None = None,
) -> None:
    """Correct what is known of somebody, in the role of one of her applications.

    ``seen`` is the profile's ``stamp`` when the actor looked at it.

    Raises:
        NotAllowedError: not the actor's division.
        ChangedMeanwhileError: the profile is no longer as it was ``seen``.
        ValidationError: a fact cannot be stored.
    """
    require(may_work_on(by, application))
    if person_facts:
        change_person(by=by, person=application.person, facts=person_facts)
    if profile_facts:
        write_profile(
            by=by,
            person=application.person,
            role=application.role,
            facts=profile_facts,
            source=source,
            seen=seen,
        )
    if languages is not None:
        write_languages(by=by, person=application.person, skills=languages, source=source)
