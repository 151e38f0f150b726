"""Interviews: booked, moved, reminded of, written down, read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mentornet.accounts.enums import Purpose
from mentornet.accounts.models import User
from mentornet.agenda.models import Kind
from mentornet.agenda.services import ask_for, finish
from mentornet.audit.services import record, record_read
from mentornet.common.actors import Actor, System
from mentornet.common.answers import ChangedMeanwhileError, RefusedError, require
from mentornet.common.moments import dated_words, hour_words
from mentornet.intake.enums import ApplicationState, InterviewWay
from mentornet.intake.models import Application, Interview, InterviewDraft, InterviewSlot
from mentornet.intake.models.slots import USUAL_MINUTES
from mentornet.intake.planner import booked_over, interviews_to_remind_of, slots_over
from mentornet.intake.rules import is_hers, may_be_looked_after_by, may_change_time, may_do_for_her, may_work_on
from mentornet.intake.services.steps import (
    CANCELLED,
    booked_now,
    free_time,
    keep_back_letters,
    let_go_of_interview,
    take_step,
    write_to,
)
from mentornet.messaging.letters import language_of
from mentornet.people.enums import Provenance
from mentornet.people.sealing import place_for
from mentornet.people.services import write_languages, write_profile

BOOKED_WITHIN: Final = timedelta(days=366)
DECIDE_WITHIN: Final = timedelta(days=3)
NEW_TIME_WITHIN: Final = timedelta(days=3)


@transaction.atomic
def book_interview(
    *,
    by: Actor,
    application: Application,
    at: datetime,
    place: str,
    interviewer: User,
    seen: str | None = None,
    minutes: int = USUAL_MINUTES,
    way: InterviewWay | str = InterviewWay.IN_PERSON,
    slot: InterviewSlot | None = None,
) -> Interview:
    """Book an interview, or move the booked one; she gets a letter with day, time and place.

    ``seen`` is the ``mark`` of the booked interview when the actor looked at it, empty when none was booked; without
    it whatever is booked is moved. Two who book at the same moment: one wins, and the other hears what was booked,
    or gets the same booking when she chose the same. With a ``slot`` that time of the planner becomes hers; otherwise
    free times of the interviewer that lie over it are taken out of the plan: she cannot be in two places.

    Raises:
        NotAllowedError: not the actor's division, or the application has been decided.
        ChangedMeanwhileError: somebody else was faster.
        RefusedError: the interviewer talks with somebody else then.
        ValidationError: more than a year ahead.
    """
    if at > by.at + BOOKED_WITHIN:
        raise ValidationError(_("That is too far ahead: choose a day within a year."), code="far")
    require(may_be_looked_after_by(application.person_id, interviewer.pk))
    # The step's update holds the application's row till the end: what is read below stands.
    take_step(by, application, ApplicationState.BOOKED)
    place = place_for(place, application.person)
    interview = booked_now(application)
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
    interview.minutes, interview.way, interview.booked_at = minutes, way, by.at
    interview.full_clean()
    _claim_time(by, interview, slot)
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
    is_told = keep_back_letters(by, application)
    _write_when(by, interview, "interview_moved" if is_told else "interview_invitation")
    record(by=by, act="intake.book_interview", of=application, division_id=application.division_id)
    return interview


def _claim_time(by: Actor, interview: Interview, slot: InterviewSlot | None) -> None:
    """Hold the interviewer's time: nobody else has it, and nobody else can take it any more.

    Whoever books or plans for the same interviewer waits here, so what is read below stands.
    """
    User.objects.select_for_update(no_key=True).get(pk=interview.interviewer_id)
    # Of two who exchange their times each waits for the other's: always in the same order.
    wanted = Q(application=interview.application) | Q(pk=slot.pk if slot else None)
    list(InterviewSlot.objects.select_for_update(of=("self",), no_key=True).filter(wanted).order_by("pk"))
    free_time(interview.application)
    if slot is not None:
        free = InterviewSlot.objects.filter(pk=slot.pk, application__isnull=True, withdrawn_at__isnull=True)
        if not free.update(
            application=interview.application, place=place_for(slot.place, interview.application.person)
        ):
            raise ChangedMeanwhileError(_("This time has just been taken. Please choose another one."))
    others = booked_over(interview.interviewer_id, interview.at, interview.ends_at)
    if any(other.application_id != interview.application_id for other in others):
        raise RefusedError(_("The interviewer talks with somebody else at this time. Choose another one."))
    covered = [one.pk for one in slots_over(interview.interviewer_id, interview.at, interview.ends_at)]
    InterviewSlot.objects.filter(pk__in=covered, application__isnull=True).update(withdrawn_at=by.at)


def _write_when(by: Actor, interview: Interview, event: str) -> None:
    application, local = interview.application, timezone.localtime(interview.at)
    write_to(
        by,
        application,
        event,
        purpose=Purpose.INTERVIEW,
        day=local.date().isoformat(),
        time=f"{local:%H:%M}",
        place=place_in_words(interview, application.person.language),
    )


def place_in_words(interview: Interview | InterviewSlot, language: str) -> str:
    """Return where to be, in a language; where nothing was written, by which way the two talk."""
    if interview.way == InterviewWay.IN_PERSON:
        return interview.place
    with translation.override(language_of(language)):
        way = _("on the telephone: we call you") if interview.way == InterviewWay.TELEPHONE else _("by video")
    return f"{way}: {interview.place}" if interview.place else way


def _booked_meanwhile(interview: Interview | None) -> str:
    """Say what stands there now, so that she need not look before she decides whether it suits."""
    if interview is None:
        return _("The interview has been held or cancelled meanwhile. Look at the application again.")
    words = _(
        "Somebody has booked the interview meanwhile: %(day)s at %(time)s, with %(name)s. No letter was sent for you. "
        "If it must be moved, open this page again."
    )
    return words % {
        "day": dated_words(timezone.localdate(interview.at)),
        "time": hour_words(interview.at),
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
    answers: Mapping[str, str] | None = None,
    profile_facts: Mapping[str, Any] | None = None,
    languages: Sequence[tuple[str, str]] | None = None,
    seen: int | None = None,
) -> Interview:
    """Write down an interview that was held, and with it what was heard of her profile.

    ``answers`` are what she said to the form's questions, by question. ``seen`` is the profile's ``stamp`` when the
    form was opened. What the interviewer had kept of the form is thrown away.

    Raises:
        NotAllowedError: not the actor's division, or the application has been decided.
        ChangedMeanwhileError: somebody else was faster.
        ValidationError: a fact cannot be stored.
    """
    take_step(by, application, ApplicationState.INTERVIEWED)
    interview = booked_now(application)
    is_new = interview is None
    interview = interview or Interview(application=application, created_at=by.at, at=by.at)
    # Whoever wrote it down has held it, whoever was booked.
    interview.interviewer = interviewer
    if interview.at > by.at:
        # The booked time is no longer needed, and nobody is to be reminded of it.
        free_time(application)
        keep_back_letters(by, application)
    # Held before the booked day: what counts is when it was.
    interview.at = min(interview.at, by.at)
    interview.held_at, interview.shareable, interview.coordinator_only = by.at, shareable, coordinator_only
    interview.answers = {key: text for key, text in (answers or {}).items() if text}
    interview.full_clean()
    interview.save(force_insert=is_new)
    if profile_facts:
        write_profile(
            by=by,
            person=application.person,
            role=application.role,
            facts=profile_facts,
            source=Provenance.HEARD,
            seen=seen,
        )
    if languages is not None:
        write_languages(by=by, person=application.person, skills=languages, source=Provenance.HEARD)
    InterviewDraft.objects.filter(application=application, interviewer=interviewer).delete()
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
def cancel_interview(*, by: Actor, application: Application) -> Application:
    """Cancel what is booked, as she has asked: her application waits for another time, and somebody is to call her.

    Raises:
        NotAllowedError: neither hers nor of the actor's division; or she is too late to do it herself.
        ChangedMeanwhileError: nothing is booked any more.
    """
    require(may_do_for_her(by, application))
    if application.state != ApplicationState.BOOKED:
        raise ChangedMeanwhileError(_("Nothing is booked any more."))
    take_step(by, application, ApplicationState.RECEIVED)
    booked = booked_now(application)
    if booked is None:
        raise ChangedMeanwhileError(_("Nothing is booked any more."))
    if is_hers(by, application):
        require(may_change_time(by, booked))
    let_go_of_interview(by, application)
    ask_for(
        by=by,
        kind=Kind.INTERVIEW,
        target_id=application.pk,
        division_id=application.division_id,
        due_on=by.today + NEW_TIME_WITHIN,
        owner_id=booked.interviewer_id,
        words={"name": application.person.name, "why": CANCELLED},
    )
    record(by=by, act="intake.cancel_interview", of=application, division_id=application.division_id)
    return application


def remind_of_interviews(*, by: System) -> int:
    """Remind whoever has an interview tomorrow; return how many letters were written. Twice does no harm.

    Who has booked or moved it today has just read the day. One that is moved afterwards is reminded of anew, and the
    letter about the former day does not leave.
    """
    return sum(_remind(by, interview) for interview in interviews_to_remind_of(by.at))


@transaction.atomic
def _remind(by: System, interview: Interview) -> bool:
    rows = Interview.objects.filter(pk=interview.pk, at=interview.at, held_at__isnull=True, cancelled_at__isnull=True)
    if not rows.filter(~Q(reminded_of=F("at")) | Q(reminded_of__isnull=True)).update(reminded_of=interview.at):
        return False
    _write_when(by, interview, "interview_reminder")
    record(
        by=by,
        act="intake.remind_of_interview",
        of=interview.application,
        division_id=interview.application.division_id,
    )
    return True


@transaction.atomic
def keep_draft(*, by: Actor, application: Application, interviewer: User, typed: Mapping[str, Any]) -> InterviewDraft:
    """Keep what somebody has typed of an interview so far; only she reads it again.

    Raises:
        NotAllowedError: not the actor's division.
    """
    require(may_work_on(by, application))
    draft, _is_new = InterviewDraft.objects.update_or_create(
        application=application,
        interviewer=interviewer,
        defaults={"typed": dict(typed), "changed_at": by.at},
        create_defaults={"typed": dict(typed), "changed_at": by.at, "created_at": by.at},
    )
    return draft


@transaction.atomic
def forget_draft(*, by: Actor, application: Application, interviewer: User) -> None:
    """Throw away what somebody has typed of an interview."""
    require(may_work_on(by, application))
    InterviewDraft.objects.filter(application=application, interviewer=interviewer).delete()
