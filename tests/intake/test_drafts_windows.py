"""Opening and closing intakes, taking in who waits, contact persons, referral links, consents taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from factories.django_rows import AT, TODAY, make_application, make_enrolment, make_person, make_programme
from mentornet.agenda.models import Kind, Task
from mentornet.common.actors import Visitor
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError, RefusedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.applicants import came_through, closed_windows, intakes, may_share, takes_in
from mentornet.intake.enums import ApplicationState, ContactPersonState
from mentornet.intake.models import Application, Consent, ContactPerson, IntakeWindow, Referral
from mentornet.intake.services.applications import receive_application, withdraw_application
from mentornet.intake.services.consents import note_consents, take_consent_back
from mentornet.intake.services.contact_persons import confirm_contact_person, end_contact_person
from mentornet.intake.services.referrals import referral_of
from mentornet.intake.services.windows import close_intake, open_intake, take_in, take_in_all
from mentornet.messaging.models import Letter
from mentornet.people.participants import Participant
from mentornet.programmes.models import Programme
from racing import at_once

pytestmark = pytest.mark.django_db


def herself(person_id: object, name: str = "Amina") -> Participant:
    return Participant(person_id=person_id, name=name, at=AT)  # type: ignore[arg-type]


# Intakes ------------------------------------------------------------------------------------------------------------


def test_lead_closes_and_opens_an_intake(division: Division, division_lead: Staff, programme: Programme) -> None:
    close_intake(
        by=division_lead, division=division, role="mentee", programme=programme, reason={"en": "Full.", "da": ""}
    )
    assert not takes_in(division_id=division.pk, role="mentee", programme_id=programme.pk)
    assert takes_in(division_id=division.pk, role="mentor", programme_id=programme.pk)
    [closed] = closed_windows(TODAY, role="mentee")
    assert closed.reason == {"en": "Full."}
    open_intake(by=division_lead, division=division, role="mentee", programme=programme)
    assert takes_in(division_id=division.pk, role="mentee", programme_id=programme.pk)
    assert IntakeWindow.objects.count() == 1
    found = {(one.role, one.is_open) for one in intakes([division], TODAY)}
    assert found == {("mentee", True), ("mentor", True), ("contact_person", True)}


def test_only_the_divisions_lead_closes_it(
    division: Division, other_division: Division, division_lead: Staff, coordinator: Staff, programme: Programme
) -> None:
    for by, where in ((coordinator, division), (division_lead, other_division), (Visitor(AT), division)):
        with pytest.raises(NotAllowedError):
            close_intake(by=by, division=where, role="mentee", programme=programme, reason={})
    with pytest.raises(ValidationError):
        close_intake(
            by=division_lead, division=division, role="mentee", programme=make_programme(division=other_division),
            reason={},
        )  # fmt: skip
    with pytest.raises(ValidationError):
        close_intake(by=division_lead, division=division, role="contact_person", programme=programme, reason={})
    close_intake(by=division_lead, division=division, role="contact_person", programme=None, reason={})


def test_staff_pre_register_too_while_it_is_closed(
    division: Division, division_lead: Staff, coordinator: Staff, programme: Programme
) -> None:
    close_intake(by=division_lead, division=division, role="mentee", programme=programme, reason={})
    received = receive_application(
        by=coordinator, programme=programme, division=division, role="mentee", person_facts={"first_name": "Amina"}
    )
    assert received.state == ApplicationState.PRE_REGISTERED
    assert not Task.objects.exists()


def waiting(division: Division, programme: Programme, days: int) -> Application:
    return make_application(
        "mentee", division, programme=programme, state=ApplicationState.PRE_REGISTERED,
        received_on=TODAY - timedelta(days=days),
    )  # fmt: skip


def test_who_waits_is_taken_in_the_oldest_first(
    division: Division, coordinator: Staff, programme: Programme, other_division: Division
) -> None:
    young, old = waiting(division, programme, 3), waiting(division, programme, 30)
    elsewhere = waiting(other_division, programme, 40)
    taken = take_in_all(by=coordinator, division_id=division.pk, role="mentee", programme_id=programme.pk)
    assert [one.pk for one in taken] == [old.pk, young.pk]
    old.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (old.state, old.received_on) == (ApplicationState.RECEIVED, TODAY - timedelta(days=30))
    assert elsewhere.state == ApplicationState.PRE_REGISTERED
    assert set(Letter.objects.values_list("event", flat=True)) == {"application_taken_in"}
    assert Task.objects.filter(kind=Kind.INTERVIEW).count() == 2
    with pytest.raises(RefusedError):
        take_in_all(by=coordinator, division_id=division.pk)


def test_taking_in_is_for_those_who_wait(division: Division, coordinator: Staff, other_coordinator: Staff) -> None:
    application = waiting(division, make_programme(), 3)
    with pytest.raises(NotAllowedError):
        take_in(by=other_coordinator, application=application)
    with pytest.raises(NotAllowedError):
        take_in(by=herself(application.person_id), application=application)
    take_in(by=coordinator, application=application)
    with pytest.raises(NotAllowedError):
        take_in(by=coordinator, application=application)


@pytest.mark.django_db(transaction=True)
def test_taken_in_twice_at_once_is_one_letter(division: Division, coordinator: Staff) -> None:
    application = waiting(division, make_programme(), 3)
    same = [Application.objects.select_related("person").get(pk=application.pk) for _press in range(2)]
    done = at_once(*(lambda one=one: take_in(by=coordinator, application=one) for one in same))
    assert done["done"] == 1
    assert Letter.objects.count() == 1


# Withdrawing --------------------------------------------------------------------------------------------------------


def test_she_takes_her_own_application_back_and_no_other(division: Division) -> None:
    mine, hers = make_application("mentee", division), make_application("mentee", division)
    with pytest.raises(NotAllowedError):
        withdraw_application(by=herself(mine.person_id), application=hers)
    with pytest.raises(NotAllowedError):
        withdraw_application(by=Visitor(AT), application=hers)
    withdraw_application(by=herself(mine.person_id), application=mine)
    mine.refresh_from_db()
    assert mine.state == ApplicationState.WITHDRAWN
    with pytest.raises((NotAllowedError, ChangedMeanwhileError)):
        withdraw_application(by=herself(mine.person_id), application=mine)


# Contact persons ----------------------------------------------------------------------------------------------------


def contact(division: Division, state: str = "asked") -> ContactPerson:
    return ContactPerson.objects.create(
        person=make_person(), division=division, field_words="Hospitals", state=state, asked_on=TODAY, created_at=AT
    )


def test_contact_person_is_welcomed_and_leaves(
    division: Division, coordinator: Staff, other_coordinator: Staff
) -> None:
    one = contact(division)
    with pytest.raises(NotAllowedError):
        confirm_contact_person(by=other_coordinator, contact=one)
    confirm_contact_person(by=coordinator, contact=one)
    assert (one.state, one.confirmed_on) == (ContactPersonState.CONFIRMED, TODAY)
    assert Letter.objects.get().event == "contact_person_welcome"
    with pytest.raises(ChangedMeanwhileError):
        confirm_contact_person(by=coordinator, contact=one)
    end_contact_person(by=coordinator, contact=one)
    assert (one.state, one.left_on) == (ContactPersonState.LEFT, TODAY)


# Whoever sends people -----------------------------------------------------------------------------------------------


def test_each_has_one_link_of_her_own(division: Division) -> None:
    person = make_person("Bodil")
    first = referral_of(by=herself(person.pk), person=person)
    assert referral_of(by=herself(person.pk), person=person) == first
    assert len(first.code) == 8
    with pytest.raises(NotAllowedError):
        referral_of(by=herself(make_person().pk), person=person)


def test_mentors_and_confirmed_contact_persons_share(division: Division) -> None:
    mentor, mentee = make_enrolment("mentor", division), make_enrolment("mentee", division)
    assert may_share(herself(mentor.person_id))
    assert not may_share(herself(mentee.person_id))
    assert may_share(herself(contact(division, "confirmed").person_id))
    assert not may_share(herself(contact(division).person_id))


def test_link_counts_people_and_tells_no_names(division: Division) -> None:
    referral = Referral.objects.create(person=make_person("Bodil"), since=TODAY, created_at=AT)
    assert came_through(referral).written == 0
    sent = make_enrolment("mentor", division).application
    Application.objects.filter(pk=sent.pk).update(referred_by=referral)
    make_application("mentor", division, person=sent.person, referred_by=referral)
    make_application("mentor", division, referred_by=referral)
    counted = came_through(referral)
    assert (counted.written, counted.taken_part) == (2, 1)


# Consents -----------------------------------------------------------------------------------------------------------


def test_consent_that_was_heard_has_its_hearer(
    division: Division, coordinator: Staff, other_coordinator: Staff
) -> None:
    application = make_application("mentee", division)
    given: dict[str, object] = {
        "person": application.person, "division_id": division.pk, "purposes": ["handling"], "language": "ar",
    }  # fmt: skip
    with pytest.raises(NotAllowedError):
        note_consents(by=other_coordinator, **given)  # type: ignore[arg-type]
    [consent] = note_consents(by=coordinator, **given)  # type: ignore[arg-type]
    assert (consent.how, consent.heard_by, consent.heard_by_name) == ("heard", coordinator.key, "Inger Holm")
    assert consent.text.language == "ar"
    # Said again, it stays as it was given.
    assert note_consents(by=coordinator, **given) == [consent]  # type: ignore[arg-type]
    for by in (other_coordinator, herself(make_person().pk), Visitor(AT)):
        with pytest.raises(NotAllowedError):
            take_consent_back(by=by, consent=consent)
    take_consent_back(by=herself(application.person_id), consent=consent)
    with pytest.raises(ChangedMeanwhileError):
        take_consent_back(by=coordinator, consent=consent)
    note_consents(by=coordinator, **given)  # type: ignore[arg-type]
    assert Consent.objects.filter(withdrawn_at__isnull=True).count() == 1
