"""Applications: received, decided on, withdrawn; and what is known of the applicant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from mentornet.accounts.enums import Purpose
from mentornet.accounts.models import User
from mentornet.agenda.models import Kind
from mentornet.agenda.services import ask_for, finish
from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import RefusedError, require
from mentornet.common.row_scope import beyond_division
from mentornet.divisions.models import Division
from mentornet.intake.applicant_rules import may_receive
from mentornet.intake.applicants import takes_in
from mentornet.intake.approval import asked_references, references_left, references_of
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import Application, ApplicationDraft, Decision, Enrolment
from mentornet.intake.rules import may_step, may_work_on
from mentornet.intake.services.enrolments import promise_word
from mentornet.intake.services.protection import tell_of_entered
from mentornet.intake.services.steps import let_go_of_interview, take_step, write_to
from mentornet.people.enums import Provenance, Role
from mentornet.people.models import Person, Profile
from mentornet.people.own_answers import write_answers
from mentornet.people.services import change_person, register_person, write_languages, write_profile
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import next_word_on
from reference.people import Answer

INTERVIEW_WITHIN: Final = timedelta(days=14)


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
    facts: Mapping[str, Any] | None = None,
    source: Provenance | str = Provenance.SELF_REPORTED,
    key: UUID | None = None,
    draft: ApplicationDraft | None = None,
) -> Application:
    """Take an application in; somebody new is registered first. An interview is to follow within two weeks.

    While the intake is closed she is pre-registered instead, keeps the day for her place, and waits for
    :func:`mentornet.intake.services.windows.take_in`.

    Args:
        by: a coordinator, or whoever sends ``draft``.
        programme: of the division, or of all.
        division: whose coordinators read it.
        role: mentee or mentor.
        person: who is known already.
        person_facts: of somebody new; or what is written over.
        profile_facts: what she knows, wants and offers in the role.
        languages: what she speaks, as codes and levels.
        facts: columns of the application itself, such as ``heard_through`` and ``referrer``.
        source: where all of these come from.
        key: drawn with the form: the same form sent twice, even at the same moment, is one application.
        draft: what a visitor has written.

    Raises:
        NotAllowedError: not the actor's division.
        ValidationError: a fact cannot be stored, or she has an open application already.
    """
    require(may_receive(by, division.pk, draft, person))
    if programme.division_id not in {None, division.pk}:
        raise ValidationError(_("This programme does not run in that division."), code="programme")
    is_new = person is None
    if person is None:
        person = register_person(by=by, facts=person_facts or {})
    elif person_facts:
        change_person(by=by, person=person, facts=person_facts)
    write_profile(by=by, person=person, role=role, facts=profile_facts or {}, source=source)
    if languages:
        write_languages(by=by, person=person, skills=languages, source=source)
    is_open = takes_in(division_id=division.pk, role=role, programme_id=programme.pk)
    application = Application(
        person=person,
        programme=programme,
        division=division,
        role=role,
        state=ApplicationState.RECEIVED if is_open else ApplicationState.PRE_REGISTERED,
        received_on=by.today,
        created_at=by.at,
        **(facts or {}),
    )
    if key is not None:
        application.pk = key
    with beyond_division(reason="she has one open application for a programme, in whichever division"):
        application.full_clean()
    application.save(force_insert=True)
    if is_open:
        ask_for_interview(by, application)
    write_to(
        by,
        application,
        "application_received" if is_open else "application_pre_registered",
        purpose=Purpose.STATUS,
    )
    if is_new:
        tell_of_entered(by, person, division.pk)
    record(by=by, act="intake.receive", of=application, division_id=division.pk)
    return application


def ask_for_interview(by: Actor, application: Application) -> None:
    """Ask the division's coordinators to talk with her within two weeks."""
    ask_for(
        by=by,
        kind=Kind.INTERVIEW,
        target_id=application.pk,
        division_id=application.division_id,
        due_on=by.today + INTERVIEW_WITHIN,
        words={"name": application.person.name},
    )


@transaction.atomic
def decide(
    *,
    by: Actor,
    application: Application,
    outcome: ApplicationState | str,
    reason: str,
    author_name: str,
    capacity: int = 1,
    coordinator: User | None = None,
    trains_first: bool = False,
) -> Decision:
    """Approve or decline. Approval puts a mentee on the waiting list; a mentor comes into the bank with her briefing.

    Her place on the list counts from the day on which her application was received. Of whom ``trains_first`` says that
    she has training to do before her first match, she gets a link to it.

    Raises:
        NotAllowedError: not the actor's division, or the interview is still to be held.
        ChangedMeanwhileError: somebody else has decided.
        RefusedError: a reference that the programme asks for has neither been seen nor been let off.
        ValidationError: no reason, or a capacity that cannot be.
    """
    after = ApplicationState(outcome)
    require(may_step(by, application, after))
    if after == ApplicationState.APPROVED:
        _check_references(application)
    take_step(by, application, after)
    if after == ApplicationState.DECLINED:
        let_go_of_interview(by, application)
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
    event = f"application_{decision.outcome}"
    enrolment = None
    if decision.outcome == ApplicationState.APPROVED:
        enrolment = _enrol(by, application, capacity, coordinator)
    if enrolment is not None and trains_first:
        write_to(by, application, event, link=f"{Purpose.TRAINING.value}:{enrolment.pk}")
    else:
        write_to(by, application, event)
    record(
        by=by,
        act="intake.decide",
        of=application,
        division_id=application.division_id,
        detail={"outcome": decision.outcome},
    )
    return decision


def _check_references(application: Application) -> None:
    left = references_left(asked_references(application), references_of(application))
    if left:
        names = ", ".join(str(kind.label) for kind in left)
        words = _(
            "Before a yes, this programme asks for: %(kinds)s. Note that you have seen it, or why it is not needed."
        )
        raise RefusedError(words % {"kinds": names})


def _enrol(by: Actor, application: Application, capacity: int, coordinator: User | None) -> Enrolment:
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
        since=application.received_on if is_mentee else by.today,
        last_word_on=by.today,
        word_due_on=next_word_on(application.programme_id, by.today) if is_mentee else None,
        created_at=by.at,
    )
    with beyond_division(reason="she has one place in a programme, in whichever division"):
        enrolment.full_clean()
    enrolment.save(force_insert=True)
    if enrolment.word_due_on is not None:
        promise_word(by=by, enrolment=enrolment, due_on=enrolment.word_due_on)
    return enrolment


@transaction.atomic
def withdraw_application(*, by: Actor, application: Application, reason: str = "") -> Application:
    """Take an application back: she does it herself, or a coordinator as she has asked.

    Raises:
        NotAllowedError: not her own and not the actor's division, or it has been decided.
        ChangedMeanwhileError: somebody else was faster.
    """
    take_step(by, application, ApplicationState.WITHDRAWN)
    let_go_of_interview(by, application)
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
def change_answers(
    *,
    by: Actor,
    application: Application,
    answers: Mapping[str, Answer | None],
    source: Provenance | str,
    seen: int | None = None,
) -> None:
    """Write what somebody answers to the programmes' own questions, in the role of one of her applications.

    Raises:
        NotAllowedError: not the actor's division.
        ChangedMeanwhileError: the profile is no longer as it was ``seen``.
        ValidationError: an answer cannot be stored.
    """
    require(may_work_on(by, application))
    write_answers(by=by, person=application.person, role=application.role, answers=answers, source=source, seen=seen)


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
    is_former_unsafe: bool = False,
) -> None:
    """Correct what is known of somebody, in the role of one of her applications.

    ``seen`` is the profile's ``stamp`` when the actor looked at it. ``is_former_unsafe``: somebody else reads what is
    sent to where she was reached until now, so nothing is told there.

    Raises:
        NotAllowedError: not the actor's division.
        ChangedMeanwhileError: the profile is no longer as it was ``seen``.
        ValidationError: a fact cannot be stored.
    """
    require(may_work_on(by, application))
    if person_facts:
        change_person(by=by, person=application.person, facts=person_facts, is_former_unsafe=is_former_unsafe)
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
