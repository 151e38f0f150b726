"""Her data rest: no list, no file, no proposal, no letter; and with the guard off each of them finds her."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict
from matching.pairs import Pair, both_say_yes, letters_arrive, make_pair, propose

from factories.django_rows import AT, TODAY, make_division, make_enrolment, make_staff
from mentornet.agenda.models import Kind, Task
from mentornet.common.actors import System
from mentornet.common.answers import NotAllowedError, RefusedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.bank_search import Wanted, mentor_index
from mentornet.intake.models import Enrolment
from mentornet.intake.queries import mentor_bank, people_ever_and_now, waiting_mentees, where_they_stand
from mentornet.matching.bank import bank_of
from mentornet.matching.enums import ProposalState
from mentornet.matching.models import Proposal
from mentornet.messaging.models import Letter, LetterState, Problem
from mentornet.messaging.services import queue_letter
from mentornet.messaging.services.delivery import deliver_due_letters
from mentornet.messaging.services.outbox import write_by_hand
from mentornet.partnerships.models import Partnership
from mentornet.people.models import Person, Restriction
from mentornet.people.recipients import person_key
from mentornet.privacy.queries import divisions_that_know
from mentornet.privacy.services.restricting import (
    has_rests_over,
    lift_restriction,
    lift_what_is_over,
    restrict_data,
    tell_that_rest_ends,
)
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_version
from mentornet.web.desk.exports import chosen

pytestmark = pytest.mark.django_db

Places = Callable[[], set[str]]


@pytest.fixture
def pair(division: Division, programme: Programme) -> Pair:
    return make_pair(division, programme)


@pytest.fixture
def standing(pair: Pair, coordinator: Staff, programme: Programme) -> Places:
    """Return where the two stand now: every list and file that a coordinator uses."""
    mentee, mentor = pair

    def look() -> set[str]:
        by, nothing = coordinator, QueryDict()
        bank = bank_of(version=current_version(programme.pk), divisions=by.casework, today=TODAY)
        everybody = {
            "waiting": waiting_mentees(by.casework).values_list("pk", flat=True),
            "bank": mentor_bank(by.casework, TODAY).values_list("pk", flat=True),
            "search": mentor_index(by.casework).search(Wanted(), TODAY).ids,
            "file of the waiting": chosen.waiting(by, nothing).ids,
            "file of the bank": chosen.bank(by, nothing).ids,
            "file of people": chosen.people(by, nothing).ids,
            "file of proposals": chosen.proposals(by, nothing).ids,
        }
        ranked = {"ranked mentees": bank.rows, "ranked mentors": bank.columns}
        ours = {mentee.pk, mentor.pk, mentee.person_id, mentor.person_id}
        found = {f"{name} {len(ours & set(keys))}" for name, keys in everybody.items() if ours & set(keys)}
        return found | {name for name, keys in ranked.items() if {str(mentee.pk), str(mentor.pk)} & set(keys)}

    return look


def rest(by: Staff, person: Person) -> Restriction:
    return restrict_data(by=by, person=person, reason="She doubts that it is right.")


def test_whose_data_rest_stands_nowhere_and_comes_back(pair: Pair, coordinator: Staff, standing: Places) -> None:
    before = standing()
    assert before >= {"waiting 1", "bank 1", "search 1", "file of people 2", "ranked mentees", "ranked mentors"}
    restrictions = [rest(coordinator, side.person) for side in pair]
    assert standing() == set()
    # Negative control: the same rows, with the mark alone taken away, are found again everywhere.
    for restriction in restrictions:
        lift_restriction(by=coordinator, restriction=restriction, at_her_wish=True)
    assert standing() == before


def test_lists_count_what_they_show(pair: Pair, coordinator: Staff) -> None:
    rest(coordinator, pair[0].person)
    people = Person.objects.filter(where_they_stand(coordinator)["waiting"])
    assert pair[0].person not in people
    # Whoever answers her still finds her.
    assert pair[0].person in Person.objects.filter(where_they_stand(coordinator)[""])


@pytest.mark.parametrize("side", [0, 1])
def test_nobody_proposes_her_even_who_had_the_page_open(pair: Pair, coordinator: Staff, side: int) -> None:
    rest(coordinator, pair[side].person)
    with pytest.raises(RefusedError, match="data rest"):
        propose(coordinator, pair)
    restriction = Restriction.objects.get()
    lift_restriction(by=coordinator, restriction=restriction, at_her_wish=True)
    assert propose(coordinator, pair).state == ProposalState.SENT


def test_a_draft_of_her_is_not_sent(pair: Pair, coordinator: Staff) -> None:
    draft = propose(coordinator, pair, send=False)
    rest(coordinator, pair[1].person)
    assert Proposal.objects.get(pk=draft.pk).state == ProposalState.WITHDRAWN


def test_what_is_proposed_is_withdrawn_and_the_other_is_free(pair: Pair, coordinator: Staff) -> None:
    proposal = propose(coordinator, pair)
    letters_arrive()
    rest(coordinator, pair[0].person)
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.WITHDRAWN
    assert not Enrolment.objects.filter(promised__gt=0).exists()
    assert pair[1].pk in set(mentor_bank(coordinator.casework, TODAY).values_list("pk", flat=True))
    told = Letter.objects.get(recipient=person_key(pair[1].person_id), event="proposal_ended")
    assert "rest" not in f"{told.values}"


def test_a_partnership_goes_on(pair: Pair, coordinator: Staff) -> None:
    proposal = both_say_yes(coordinator, propose(coordinator, pair))
    rest(coordinator, pair[0].person)
    assert proposal.partnership is not None
    assert Partnership.objects.get(pk=proposal.partnership.pk).is_running


def write(by: System | Staff, person: Person, event: str, **values: str) -> Letter:
    with transaction.atomic():
        return queue_letter(
            by=by, recipient=person_key(person.pk), event=event, values=values, about_id=None, division_id=None
        )


@pytest.mark.django_db(transaction=True)
def test_nothing_is_written_but_what_she_asked_and_codes(division: Division, coordinator: Staff) -> None:
    person = make_enrolment("mentee", division).person
    Person.objects.filter(pk=person.pk).update(email="amina@example.org")
    by = System("tests", AT)
    day = TODAY.isoformat()
    restriction = rest(coordinator, person)
    news = write(by, person, "application_received")
    asked = write(by, person, "request_received", day=day)
    code = write(by, person, "one_time_code", code="person")
    by_staff = write(coordinator, person, "application_received")
    deliver_due_letters(by=System("deliver", AT + timedelta(days=1)))
    for letter in (news, asked, code, by_staff):
        letter.refresh_from_db()
    assert (news.state, news.problem) == (LetterState.TAKEN_BACK, Problem.RESTRICTED)
    assert (by_staff.state, by_staff.problem) == (LetterState.UNREACHABLE, Problem.RESTRICTED)
    assert asked.state == LetterState.SENT
    assert code.problem != Problem.RESTRICTED
    # Negative control: the same letter leaves once her data are used again.
    lift_restriction(by=coordinator, restriction=restriction, at_her_wish=True)
    again = write(by, person, "application_received")
    deliver_due_letters(by=System("deliver", AT + timedelta(days=2)))
    again.refresh_from_db()
    assert again.state == LetterState.SENT


def test_a_letter_by_hand_is_refused(pair: Pair, coordinator: Staff, division: Division) -> None:
    person = pair[0].person
    rest(coordinator, person)
    with pytest.raises(RefusedError, match="data rest"):
        write_by_hand(
            by=coordinator, key=uuid4(), recipient=person_key(person.pk), text="Hello.", division_id=division.pk
        )


def test_what_is_promised_waits_and_is_promised_anew(pair: Pair, coordinator: Staff) -> None:
    place = pair[0]
    Task.objects.create(
        kind=Kind.PROMISE, target_id=place.pk, division_id=place.division_id, due_on=TODAY, created_at=AT
    )
    restriction = rest(coordinator, place.person)
    assert not Task.objects.filter(kind=Kind.PROMISE, done_at__isnull=True).exists()
    lift_restriction(by=coordinator, restriction=restriction, at_her_wish=True)
    assert Task.objects.get(kind=Kind.PROMISE, done_at__isnull=True).due_on > TODAY


def test_she_is_told_a_week_before_it_ends(pair: Pair, coordinator: Staff) -> None:
    restriction = rest(coordinator, pair[0].person)
    with pytest.raises(NotAllowedError):
        lift_restriction(by=coordinator, restriction=restriction)
    with pytest.raises(ValidationError):
        tell_that_rest_ends(by=coordinator, restriction=restriction, day=TODAY + timedelta(days=6))
    day = TODAY + timedelta(days=7)
    tell_that_rest_ends(by=coordinator, restriction=restriction, day=day)
    letter = Letter.objects.get(event="rest_of_data_ends")
    assert letter.values == {"day": day.isoformat()}
    assert not has_rests_over(AT)
    assert lift_what_is_over(by=System("tests", AT + timedelta(days=6))) == 0
    assert has_rests_over(AT + timedelta(days=7))
    assert lift_what_is_over(by=System("tests", AT + timedelta(days=7))) == 1
    assert not Restriction.objects.filter(lifted_at__isnull=True).exists()


def test_twice_is_once_and_no_stranger_may(pair: Pair, coordinator: Staff) -> None:
    person = pair[0].person
    assert rest(coordinator, person).pk == rest(coordinator, person).pk
    stranger = make_staff("coordinator", make_division())
    with pytest.raises(NotAllowedError):
        rest(stranger, person)
    with pytest.raises(NotAllowedError):
        lift_restriction(by=stranger, restriction=Restriction.objects.get(), at_her_wish=True)
    assert divisions_that_know(person.pk)


def test_she_is_not_counted_meanwhile(pair: Pair, coordinator: Staff) -> None:
    assert people_ever_and_now(TODAY) == (2, 2)
    rest(coordinator, pair[0].person)
    assert people_ever_and_now(TODAY) == (1, 1)
