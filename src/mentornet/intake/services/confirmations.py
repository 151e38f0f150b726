"""A participant is asked whether her profile is right, corrects it, and says that it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.accounts.enums import Purpose
from mentornet.agenda.models import Kind
from mentornet.agenda.services import ask_for, finish
from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError, RefusedError, require
from mentornet.intake.approval import open_confirmation
from mentornet.intake.enums import ConfirmationWay
from mentornet.intake.models import Application, ProfileConfirmation
from mentornet.intake.rules import is_hers, may_be_asked, may_work_on
from mentornet.intake.services.steps import write_to
from mentornet.people.enums import Provenance
from mentornet.people.models import Person, Profile
from mentornet.people.participants import Participant
from mentornet.people.queries import languages_of
from mentornet.people.services import change_person, hold_people, is_group_alone, write_languages, write_profile

CORRECTED: Final = frozenset({
    "about", "occupation_title", "occupation", "sector", "education", "topics", "interests", "availability", "meeting",
    "hours_per_month", "months", "wishes", "practise_danish", "needs_experience", "min_danish",
})  # fmt: skip
"""What she corrects of a profile herself: the occupation's group together with her words for it. The must-haves she
talks over with the office."""
CORRECTED_OF_PERSON: Final = frozenset({"first_name", "area"})
CONFIRMED: Final = (*sorted(CORRECTED), "requires", "pairs_before")
"""What she confirms: all that is shown to her."""


@transaction.atomic
def ask_to_confirm(*, by: Actor, application: Application, author_name: str) -> ProfileConfirmation:
    """Ask her by letter to read her profile, to correct it, and to say that it is right.

    Asked again, she gets the letter again; what she has corrected so far stays noted.

    Raises:
        NotAllowedError: not the actor's division, or she has not been interviewed.
        ChangedMeanwhileError: she was asked today already.
    """
    application = _held(by, application)
    asked = open_confirmation(application)
    if asked is not None and asked.asked_at.date() == by.at.date():
        raise ChangedMeanwhileError(_("She has been asked today already. No second letter is sent."))
    asked = asked or ProfileConfirmation(application=application, created_at=by.at)
    asked.asked_at, asked.asked_by, asked.author_name = by.at, by.key, author_name
    asked.full_clean(validate_constraints=False)
    asked.save()
    write_to(by, application, "profile_confirm", purpose=Purpose.CONFIRM)
    record(by=by, act="intake.ask_to_confirm", of=application, division_id=application.division_id)
    return asked


@transaction.atomic
def correct_fact(
    *,
    by: Participant,
    application: Application,
    facts: Mapping[str, Any],
    language: str,
    languages: Sequence[tuple[str, str]] | None = None,
) -> ProfileConfirmation:
    """Correct something of her own profile: written as confirmed by her, with what stood before for her coordinator.

    Raises:
        NotAllowedError: it is not hers, or a fact that she does not write herself.
        ChangedMeanwhileError: she is not asked any more.
        ValidationError: a fact cannot be stored.
    """
    asked = _asked(by, application)
    if set(facts) - CORRECTED - CORRECTED_OF_PERSON or is_group_alone(facts):
        raise NotAllowedError(_("You can only change what is yours."))
    hold_people([by.person_id])
    person = Person.objects.get(pk=by.person_id)
    profile = Profile.objects.filter(person=person, role=application.role).first() or Profile()
    before: dict[str, Any] = {}
    of_person = {name: value for name, value in facts.items() if name in CORRECTED_OF_PERSON}
    of_profile = {name: value for name, value in facts.items() if name in CORRECTED}
    for name, value in facts.items():
        stood = getattr(person if name in of_person else profile, name)
        if stood != value:
            before[name] = list(stood) if isinstance(stood, tuple) else stood
    if of_person:
        change_person(by=by, person=person, facts=of_person)
    if of_profile:
        write_profile(by=by, person=person, role=application.role, facts=of_profile, source=Provenance.CONFIRMED)
    if languages is not None:
        spoken = [(skill.code, skill.level) for skill in languages_of(person)]
        write_languages(by=by, person=person, skills=languages, source=Provenance.CONFIRMED)
        if spoken != list(languages):
            before["languages"] = [list(pair) for pair in spoken]
    if before:
        # What stood first: a second correction of the same fact does not hide what the coordinator had written.
        asked.corrected = before | asked.corrected
        asked.language, asked.seen_at, asked.seen_by = language, None, ""
        asked.save(update_fields=["corrected", "language", "seen_at", "seen_by"])
        _tell_coordinator(by, application)
        record(
            by=by,
            act="intake.correct_fact",
            of=application,
            division_id=application.division_id,
            detail={"fields": sorted(before)},
        )
    return asked


@transaction.atomic
def confirm_profile(*, by: Participant, application: Application, language: str, seen: int) -> ProfileConfirmation:
    """Let her say that all she has read is right: each fact that is known is marked as confirmed by her, today.

    ``seen`` is the profile's ``stamp`` when she read it.

    Raises:
        NotAllowedError: it is not hers.
        ChangedMeanwhileError: it is no longer as she read it, or she is not asked any more.
    """
    asked = _asked(by, application)
    _confirm(by, asked, ConfirmationWay.PAGE, language, seen)
    return asked


@transaction.atomic
def note_confirmed(*, by: Actor, application: Application, author_name: str, seen: int) -> ProfileConfirmation:
    """Note that she has confirmed her profile in a talk, on the telephone or face to face.

    Raises:
        NotAllowedError: not the actor's division, or she has not been interviewed.
        ChangedMeanwhileError: the profile is no longer as the coordinator read it out.
    """
    application = _held(by, application)
    asked = open_confirmation(application) or ProfileConfirmation(
        application=application, created_at=by.at, asked_at=by.at, asked_by=by.key, author_name=author_name
    )
    _confirm(by, asked, ConfirmationWay.TOLD, "", seen)
    return asked


@transaction.atomic
def note_seen(*, by: Actor, confirmation: ProfileConfirmation) -> ProfileConfirmation:
    """Note that somebody at the desk has read what she corrected.

    Raises:
        NotAllowedError: not the actor's division.
    """
    application = confirmation.application
    require(may_work_on(by, application))
    ProfileConfirmation.objects.filter(pk=confirmation.pk).update(seen_at=by.at, seen_by=by.key)
    confirmation.refresh_from_db()
    finish(by=by, target_id=application.pk, kinds=[Kind.CORRECTED])
    record(by=by, act="intake.read_corrections", of=application, division_id=application.division_id)
    return confirmation


def _held(by: Actor, application: Application) -> Application:
    """Return an application about which she may be asked now, as it is till the end of the transaction.

    Of two who press at once the second sees what the first has done; and nobody is asked whose application somebody
    else has decided since the page was opened. The person is held first, as where a consent is taken back.
    """
    hold_people([application.person_id])
    held = Application.objects.select_for_update(of=("self",), no_key=True).get(pk=application.pk)
    require(may_be_asked(by, held))
    return held


def _asked(by: Participant, application: Application) -> ProfileConfirmation:
    if not is_hers(by, application):
        raise NotAllowedError(_("You can only change what is yours."))
    held = ProfileConfirmation.objects.select_for_update(of=("self",), no_key=True)
    asked = held.filter(application=application, confirmed_at__isnull=True).first()
    if asked is None:
        raise ChangedMeanwhileError(_("You have said already that this is right. Thank you. Call us to change it."))
    return asked


def _confirm(by: Actor, asked: ProfileConfirmation, way: ConfirmationWay, language: str, seen: int) -> None:
    application = asked.application
    person = application.person
    hold_people([person.pk])
    profile = Profile.objects.filter(person=person, role=application.role).first()
    if profile is None:
        raise RefusedError(_("Nothing is written down yet."))
    if profile.stamp != seen:
        raise ChangedMeanwhileError(
            _("Something was changed at this moment. Please read it once more, and then say that it is right.")
        )
    facts = {name: getattr(profile, name) for name in CONFIRMED}
    write_profile(by=by, person=person, role=application.role, facts=facts, source=Provenance.CONFIRMED)
    spoken = [(skill.code, skill.level) for skill in languages_of(person)]
    if spoken:
        write_languages(by=by, person=person, skills=spoken, source=Provenance.CONFIRMED)
    asked.confirmed_at, asked.way, asked.language = by.at, way, language or asked.language
    asked.full_clean(validate_constraints=False)
    asked.save()
    record(
        by=by,
        act="intake.confirm_profile",
        of=application,
        division_id=application.division_id,
        detail={"way": str(way)},
    )


def _tell_coordinator(by: Participant, application: Application) -> None:
    enrolment = getattr(application, "enrolment", None)
    ask_for(
        by=by,
        kind=Kind.CORRECTED,
        target_id=application.pk,
        division_id=application.division_id,
        due_on=by.today,
        owner_id=enrolment.coordinator_id if enrolment is not None else None,
        words={"name": application.person.name},
    )
