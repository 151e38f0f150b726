"""What somebody says no to is not done with her, and with the guard off it is. What each consent taken back does."""

from __future__ import annotations

import pytest
from matching.pairs import Pair, both_say_yes, letters_arrive, make_pair, propose

from factories.django_rows import AT, TODAY, make_application, make_division, make_person, make_staff
from mentornet.common.answers import NotAllowedError, RefusedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.agreeing import have_taken_back
from mentornet.intake.bank_search import Wanted, mentor_index
from mentornet.intake.enums import ApplicationState, ConsentPurpose
from mentornet.intake.models import Application, Consent
from mentornet.intake.queries import people_ever_and_now, waiting_mentees
from mentornet.intake.services.consents import note_consents, take_consent_back
from mentornet.matching.bank import bank_of
from mentornet.matching.queries import held_for
from mentornet.messaging.events import TEMPLATES
from mentornet.messaging.models import OptOut
from mentornet.messaging.templates import Kind
from mentornet.partnerships.queries import partnerships_ever_and_now
from mentornet.people.enums import ObjectionPurpose
from mentornet.people.models import Objection, Person
from mentornet.people.participants import Participant
from mentornet.people.recipients import person_key
from mentornet.privacy.services.objecting import object_no_more, object_to
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(division: Division, programme: Programme) -> Pair:
    return make_pair(division, programme)


def herself(person: Person) -> Participant:
    return Participant(person_id=person.pk, name=person.name, at=AT)


def ranked(by: Staff, programme: Programme) -> set[str]:
    bank = bank_of(version=current_version(programme.pk), divisions=by.casework, today=TODAY)
    return {*bank.rows, *bank.columns}


@pytest.mark.parametrize("side", [0, 1])
def test_who_objects_to_ranking_is_in_no_order_and_is_chosen_by_hand(
    pair: Pair, coordinator: Staff, programme: Programme, side: int
) -> None:
    person, key = pair[side].person, str(pair[side].pk)
    assert key in ranked(coordinator, programme)
    object_to(by=herself(person), person=person, purpose=ObjectionPurpose.RANKING)
    assert key not in ranked(coordinator, programme)
    # She stands on the lists that nothing puts in an order of who fits, and can be proposed.
    assert pair[0] in waiting_mentees(coordinator.casework)
    assert pair[1].pk in mentor_index(coordinator.casework).search(Wanted(), TODAY).ids
    proposal = propose(coordinator, pair)
    assert (proposal.rank, proposal.ranked) == (1, 1)
    # Negative control: taken back, the same rows are ranked again.
    object_no_more(by=herself(person), person=person, purpose=ObjectionPurpose.RANKING)
    assert key in ranked(coordinator, programme)


def test_a_rule_between_two_who_are_chosen_by_hand_still_holds(pair: Pair, coordinator: Staff) -> None:
    object_to(by=coordinator, person=pair[0].person, purpose=ObjectionPurpose.RANKING)
    pair[1].resting_until = TODAY.replace(year=TODAY.year + 1)
    pair[1].save()
    with pytest.raises(RefusedError, match="rest"):
        propose(coordinator, pair)


def test_who_objects_to_figures_is_not_counted_nor_are_her_partnerships(pair: Pair, coordinator: Staff) -> None:
    both_say_yes(coordinator, propose(coordinator, pair))
    letters_arrive()
    assert (people_ever_and_now(TODAY), partnerships_ever_and_now()) == ((2, 2), (1, 1))
    person = pair[1].person
    object_to(by=herself(person), person=person, purpose=ObjectionPurpose.STATISTICS)
    assert (people_ever_and_now(TODAY), partnerships_ever_and_now()) == ((1, 1), (0, 0))
    object_no_more(by=herself(person), person=person, purpose=ObjectionPurpose.STATISTICS)
    assert (people_ever_and_now(TODAY), partnerships_ever_and_now()) == ((2, 2), (1, 1))


def test_who_objects_to_letters_that_are_not_needed_gets_none(pair: Pair) -> None:
    person = pair[0].person
    object_to(by=herself(person), person=person, purpose=ObjectionPurpose.NEWS)
    assert set(OptOut.objects.filter(recipient=person_key(person.pk)).values_list("kind", flat=True)) == set(Kind)
    object_no_more(by=herself(person), person=person, purpose=ObjectionPurpose.NEWS)
    assert not OptOut.objects.exists()


def test_twice_is_once_and_only_she_or_whoever_works_with_her(pair: Pair, coordinator: Staff) -> None:
    person = pair[0].person
    first = object_to(by=coordinator, person=person, purpose=ObjectionPurpose.STATISTICS)
    assert object_to(by=herself(person), person=person, purpose=ObjectionPurpose.STATISTICS).pk == first.pk
    for by in (make_staff("coordinator", make_division()), herself(make_person("Bodil"))):
        with pytest.raises(NotAllowedError):
            object_to(by=by, person=person, purpose=ObjectionPurpose.RANKING)
        with pytest.raises(NotAllowedError):
            object_no_more(by=by, person=person, purpose=ObjectionPurpose.STATISTICS)
    assert not object_no_more(by=herself(person), person=person, purpose=ObjectionPurpose.RANKING)
    assert Objection.objects.count() == 1


# Each consent, taken back -------------------------------------------------------------------------------------------


def agreed(by: Staff, person: Person, division: Division, purpose: ConsentPurpose) -> Consent:
    [consent] = note_consents(by=by, person=person, division_id=division.pk, purposes=[purpose], language="en")
    return consent


def test_handling_taken_back_ends_her_open_applications(division: Division, coordinator: Staff) -> None:
    application = make_application("mentee", division)
    consent = agreed(coordinator, application.person, division, ConsentPurpose.HANDLING)
    take_consent_back(by=coordinator, consent=consent)
    assert Application.objects.get(pk=application.pk).state == ApplicationState.WITHDRAWN


def test_introduction_taken_back_hides_what_is_proposed(pair: Pair, division: Division, coordinator: Staff) -> None:
    consent = agreed(coordinator, pair[0].person, division, ConsentPurpose.INTRODUCTION)
    propose(coordinator, pair)
    assert held_for(herself(pair[1].person)).count() == 1
    take_consent_back(by=coordinator, consent=consent)
    assert held_for(herself(pair[1].person)).count() == 0


def test_events_taken_back_nothing_is_sent_as_there_are_no_such_letters(
    pair: Pair, division: Division, coordinator: Staff
) -> None:
    consent = agreed(coordinator, pair[0].person, division, ConsentPurpose.EVENTS)
    take_consent_back(by=coordinator, consent=consent)
    assert have_taken_back([pair[0].person_id], ConsentPurpose.EVENTS)
    # A letter about meetings and courses has to ask this consent. Whoever adds the first one meets this line.
    assert not [event for event in TEMPLATES if "event" in event or "course" in event]


def test_evaluation_taken_back_no_answers_are_counted_of_anybody_yet(
    pair: Pair, division: Division, coordinator: Staff
) -> None:
    consent = agreed(coordinator, pair[0].person, division, ConsentPurpose.EVALUATION)
    before = people_ever_and_now(TODAY)
    take_consent_back(by=coordinator, consent=consent)
    assert have_taken_back([pair[0].person_id], ConsentPurpose.EVALUATION)
    # The figures count people, not answers: those who do not want that object to it.
    assert people_ever_and_now(TODAY) == before
