"""Rest and return by her own word: until when, asked on that day, back when she says so, and never by herself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from factories.django_rows import make_enrolment, make_person
from mentornet.agenda.models import Kind, Task
from mentornet.audit.models import Entry
from mentornet.common.actors import System
from mentornet.common.answers import NotAllowedError, RefusedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.bank_search import State as BankState
from mentornet.intake.bank_search import Wanted, mentor_index
from mentornet.intake.enums import WishKind
from mentornet.intake.models import Enrolment, Wish
from mentornet.intake.queries import case_of, mentor_bank, where_they_stand
from mentornet.intake.services import enrolments as services
from mentornet.intake.services import own_profile, places, resting, wishes
from mentornet.matching.bank import bank_of
from mentornet.matching.seen_by import reads_of, tellings_of
from mentornet.messaging.models import Letter
from mentornet.people.enums import Role
from mentornet.people.models import Person
from mentornet.people.participants import Participant
from mentornet.people.queries import mark_of_languages, mark_of_person
from mentornet.programmes.models import Programme

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
MONTH = timedelta(days=30)


@pytest.fixture
def mentee(division: Division, programme: Programme) -> Enrolment:
    return make_enrolment(Role.MENTEE, division, programme=programme)


@pytest.fixture
def mentor(division: Division, programme: Programme) -> Enrolment:
    return make_enrolment(Role.MENTOR, division, programme=programme, enrolment={"capacity": 2})


def herself(enrolment: Enrolment, at: datetime) -> Participant:
    return Participant(person_id=enrolment.person_id, name=enrolment.person.first_name, at=at)


def program(at: datetime) -> System:
    return System("intake.ask_whether_back", at)


def is_in_bank(enrolment: Enrolment, by: Staff | Participant) -> bool:
    """Ask all three who know the bank: the database's query, the search kept in memory, and the mathematics."""
    asked = mentor_bank([enrolment.division_id], by.today).filter(pk=enrolment.pk).exists()
    searched = (
        enrolment.pk in mentor_index([enrolment.division_id]).search(Wanted(state=BankState.IN_BANK), by.today).ids
    )
    version = enrolment.programme.versions.get()
    bank = bank_of(version=version, divisions=[enrolment.division_id], today=by.today)
    reckoned = bool(bank.problem.capacity[bank.columns[str(enrolment.pk)]] > 0)
    assert asked == searched == reckoned
    return asked


# She rests ----------------------------------------------------------------------------------------------------------


def test_mentor_who_rests_is_asked_and_does_not_come_back_by_herself(mentor: Enrolment, at: datetime) -> None:
    by = herself(mentor, at)
    assert is_in_bank(mentor, by)
    resting.rest_until_asked(by=by, enrolment=mentor, until=by.today + MONTH, note="A new job")
    assert not is_in_bank(mentor, by)
    later = replace(by, at=at + MONTH)
    # The day has come, and she has not been asked yet; nor has she answered once she is.
    assert not is_in_bank(mentor, later)
    assert resting.ask_whether_back(by=program(at + MONTH)) == 1
    assert not is_in_bank(mentor, later)
    assert not is_in_bank(mentor, replace(by, at=at + 10 * MONTH))
    resting.come_back(by=later, enrolment=mentor)
    assert is_in_bank(mentor, later)


def test_coordinators_rest_until_a_day_ends_by_itself(mentor: Enrolment, coordinator: Staff) -> None:
    services.rest(by=coordinator, enrolment=mentor, until=coordinator.today + MONTH)
    assert not is_in_bank(mentor, coordinator)
    assert is_in_bank(mentor, replace(coordinator, at=coordinator.at + MONTH))
    assert resting.ask_whether_back(by=program(coordinator.at + MONTH)) == 0


def test_coordinators_rest_replaces_her_own(mentor: Enrolment, coordinator: Staff) -> None:
    by = herself(mentor, coordinator.at)
    resting.rest_until_asked(by=by, enrolment=mentor, until=by.today + DAY, note="Tired")
    services.rest(by=coordinator, enrolment=mentor, until=by.today + DAY)
    mentor.refresh_from_db()
    assert (mentor.returns_when_asked, mentor.rest_note) == (False, "")
    assert is_in_bank(mentor, replace(coordinator, at=coordinator.at + DAY))
    resting.rest_until_asked(by=by, enrolment=mentor, until=by.today + DAY, note="Tired")
    services.rest(by=coordinator, enrolment=mentor, until=None)
    assert is_in_bank(mentor, coordinator)


def test_rest_is_written_down_with_who_said_so(mentor: Enrolment, at: datetime) -> None:
    by = herself(mentor, at)
    resting.rest_until_asked(by=by, enrolment=mentor, until=by.today + DAY, note="KANARIE")
    resting.come_back(by=by, enrolment=mentor)
    entries = Entry.objects.filter(act__in=["intake.rest", "intake.wake"]).order_by("pk")
    assert [(entry.act, entry.actor) for entry in entries] == [("intake.rest", by.key), ("intake.wake", by.key)]
    assert "KANARIE" not in str(list(entries.values()))


@pytest.mark.parametrize("days", [0, -1, 3 * 366])
def test_rest_until_a_day_that_cannot_be(mentor: Enrolment, at: datetime, days: int) -> None:
    by = herself(mentor, at)
    with pytest.raises(ValidationError):
        resting.rest_until_asked(by=by, enrolment=mentor, until=by.today + days * DAY)
    mentor.refresh_from_db()
    assert mentor.resting_until is None


def test_nobody_else_rests_or_wakes_her(
    mentor: Enrolment, mentee: Enrolment, other_coordinator: Staff, at: datetime
) -> None:
    for by in (herself(mentee, at), other_coordinator):
        with pytest.raises(NotAllowedError):
            resting.rest_until_asked(by=by, enrolment=mentor, until=by.today + DAY)
        with pytest.raises(NotAllowedError):
            resting.come_back(by=by, enrolment=mentor)
        with pytest.raises(NotAllowedError):
            services.set_capacity(by=by, enrolment=mentor, capacity=1)


def test_who_has_left_neither_rests_nor_returns(mentor: Enrolment, coordinator: Staff) -> None:
    services.end_enrolment(by=coordinator, enrolment=mentor, reason="moved")
    by = herself(mentor, coordinator.at)
    with pytest.raises(NotAllowedError):
        resting.rest_until_asked(by=by, enrolment=mentor, until=by.today + DAY)
    with pytest.raises(NotAllowedError):
        resting.come_back(by=by, enrolment=mentor)


def test_no_row_is_asked_for_that_does_not_rest(mentor: Enrolment) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.filter(pk=mentor.pk).update(returns_when_asked=True)


# A mentee waits a little -------------------------------------------------------------------------------------------


def test_mentee_keeps_her_place_and_is_proposed_to_nobody(mentee: Enrolment, coordinator: Staff) -> None:
    by, since = herself(mentee, coordinator.at), mentee.since
    resting.rest_until_asked(by=by, enrolment=mentee, until=by.today + MONTH)
    with pytest.raises(places.NoPlaceLeftError, match="asked for a break"):
        places.hold(by=coordinator, enrolment=mentee)
    assert Person.objects.filter(where_they_stand(coordinator)["waiting"]).get() == mentee.person
    assert Person.objects.filter(where_they_stand(coordinator)["resting"]).get() == mentee.person
    mentee.refresh_from_db()
    assert (mentee.since, mentee.word_due_on) == (since, by.today + MONTH)
    assert Task.objects.get(kind=Kind.PROMISE, done_at=None).due_on == by.today + MONTH
    resting.come_back(by=by, enrolment=mentee)
    mentee.refresh_from_db()
    assert (mentee.since, mentee.word_due_on) == (since, by.today + timedelta(days=28))
    places.hold(by=coordinator, enrolment=mentee)


def test_mentee_answers_a_proposal_before_she_waits(mentee: Enrolment, coordinator: Staff) -> None:
    by, seen = herself(mentee, coordinator.at), Enrolment.objects.get(pk=mentee.pk)
    places.hold(by=coordinator, enrolment=mentee)
    # Her page was open while somebody proposed her.
    with pytest.raises(RefusedError, match="Something has just changed"):
        resting.rest_until_asked(by=by, enrolment=seen, until=by.today + DAY)
    mentee.refresh_from_db()
    with pytest.raises(NotAllowedError, match="Answer it first"):
        resting.rest_until_asked(by=by, enrolment=mentee, until=by.today + DAY)
    places.take(by=coordinator, enrolment=mentee)
    mentee.refresh_from_db()
    with pytest.raises(NotAllowedError, match="tell the coordinator"):
        resting.rest_until_asked(by=by, enrolment=mentee, until=by.today + DAY)


def test_coordinator_notes_that_a_mentee_wants_a_break(mentee: Enrolment, coordinator: Staff) -> None:
    resting.rest_until_asked(by=coordinator, enrolment=mentee, until=coordinator.today + DAY)
    mentee.refresh_from_db()
    assert mentee.is_resting(coordinator.today + MONTH)
    resting.come_back(by=coordinator, enrolment=mentee)
    mentee.refresh_from_db()
    assert not mentee.is_resting(coordinator.today)


# She is asked -------------------------------------------------------------------------------------------------------


def test_asked_once_with_a_link_of_her_own(mentor: Enrolment, mentee: Enrolment, at: datetime) -> None:
    for one in (mentor, mentee):
        resting.rest_until_asked(by=herself(one, at), enrolment=one, until=(at + DAY).date())
    assert resting.ask_whether_back(by=program(at)) == 0
    assert resting.ask_whether_back(by=program(at + DAY)) == 2
    assert resting.ask_whether_back(by=program(at + DAY)) == 0
    letters = Letter.objects.filter(event="return_asked")
    assert {(one.recipient, one.values["link"]) for one in letters} == {
        (f"person:{one.person_id}", f"return:{one.pk}") for one in (mentor, mentee)
    }
    mentee.refresh_from_db()
    # The letter is the word that she was promised; the next one is due when she has had time to answer.
    assert mentee.last_word_on == (at + DAY).date()
    assert mentee.word_due_on == (at + DAY + resting.ANSWER_WITHIN).date()
    assert not Task.objects.filter(kind=Kind.PROMISE, done_at=None).exists()


def test_resting_longer_asks_anew(mentor: Enrolment, at: datetime) -> None:
    resting.rest_until_asked(by=herself(mentor, at), enrolment=mentor, until=(at + DAY).date())
    resting.ask_whether_back(by=program(at + DAY))
    later = herself(mentor, at + 2 * DAY)
    resting.rest_until_asked(by=later, enrolment=mentor, until=later.today + MONTH)
    assert resting.ask_whether_back(by=program(at + 3 * DAY)) == 0
    assert resting.call_those_who_do_not_answer(by=program(at + 2 * DAY + resting.ANSWER_WITHIN)) == 0
    assert resting.ask_whether_back(by=program(at + 2 * DAY + MONTH)) == 1


def test_who_does_not_answer_is_called(mentor: Enrolment, coordinator: Staff) -> None:
    at = coordinator.at
    Enrolment.objects.filter(pk=mentor.pk).update(coordinator_id=coordinator.user_id)
    resting.rest_until_asked(by=herself(mentor, at), enrolment=mentor, until=(at + DAY).date())
    asked = at + DAY
    resting.ask_whether_back(by=program(asked))
    assert resting.call_those_who_do_not_answer(by=program(asked + resting.ANSWER_WITHIN - DAY)) == 0
    assert resting.call_those_who_do_not_answer(by=program(asked + resting.ANSWER_WITHIN)) == 1
    assert resting.call_those_who_do_not_answer(by=program(asked + resting.ANSWER_WITHIN + DAY)) == 0
    task = Task.objects.get(kind=Kind.RETURN)
    assert (task.target_id, task.owner_id, task.done_at) == (mentor.pk, coordinator.user_id, None)
    assert task.due_on == (asked + resting.ANSWER_WITHIN).date()
    # Still not in the bank: nobody has heard from her.
    assert not is_in_bank(mentor, replace(coordinator, at=asked + resting.ANSWER_WITHIN + MONTH))
    resting.come_back(by=herself(mentor, asked + 20 * DAY), enrolment=mentor)
    task.refresh_from_db()
    assert task.done_at is not None


def test_saying_twice_that_she_is_back_is_saying_it(mentee: Enrolment, at: datetime) -> None:
    by = herself(mentee, at)
    resting.rest_until_asked(by=by, enrolment=mentee, until=by.today + DAY)
    for _ in range(2):
        resting.come_back(by=by, enrolment=mentee)
    assert Entry.objects.filter(act="intake.wake").count() == 1


# Places ---------------------------------------------------------------------------------------------------------------


def test_she_takes_one_more_at_a_time_and_fewer_as_she_likes(mentor: Enrolment, coordinator: Staff) -> None:
    by = herself(mentor, coordinator.at)
    places.hold(by=coordinator, enrolment=mentor)
    mentor.refresh_from_db()
    services.set_capacity(by=by, enrolment=mentor, capacity=1)
    assert not is_in_bank(mentor, by)
    with pytest.raises(RefusedError):
        services.set_capacity(by=by, enrolment=mentor, capacity=0)
    services.set_capacity(by=by, enrolment=mentor, capacity=2)
    with pytest.raises(NotAllowedError, match="call the office"):
        services.set_capacity(by=by, enrolment=mentor, capacity=3)


# Wishes ---------------------------------------------------------------------------------------------------------------


def test_a_wish_is_a_task_and_each_reading_is_noted(mentee: Enrolment, coordinator: Staff) -> None:
    by = herself(mentee, coordinator.at)
    wish = wishes.make_wish(by=by, kind=WishKind.APART, words="KANARIE")
    task = Task.objects.get(kind=Kind.WISH, done_at=None)
    assert task.target_id == wish.pk
    assert "KANARIE" not in str(task.words)
    assert wishes.read_wish(by=coordinator, wish=wish) == "KANARIE"
    assert Entry.objects.filter(act="intake.read_wish", kind="read", actor=coordinator.key).count() == 1
    wishes.settle_wish(by=coordinator, wish=wish)
    with pytest.raises(RefusedError, match="already"):
        wishes.settle_wish(by=coordinator, wish=wish)
    task.refresh_from_db()
    assert task.done_at is not None
    assert "KANARIE" not in str(list(Entry.objects.values()))


def test_the_same_wish_twice_is_one_and_more_words_are_kept(mentee: Enrolment, at: datetime) -> None:
    by = herself(mentee, at)
    for words in ("I move to Aarhus.", "I move to Aarhus.", "Please call me."):
        wishes.make_wish(by=by, kind=WishKind.LEAVE, words=words)
    assert Wish.objects.get().words == "I move to Aarhus.\n\nPlease call me."
    assert Enrolment.objects.get(pk=mentee.pk).ended_on is None
    with pytest.raises(ValidationError):
        wishes.make_wish(by=by, kind=WishKind.LEAVE, words="x" * 9_000)


def test_wishes_are_read_in_their_division_only(mentee: Enrolment, other_coordinator: Staff) -> None:
    by = herself(mentee, other_coordinator.at)
    wish = wishes.make_wish(by=by, kind=WishKind.OTHER, words="KANARIE")
    for one in (other_coordinator, by):
        with pytest.raises(NotAllowedError):
            wishes.read_wish(by=one, wish=wish)
        with pytest.raises(NotAllowedError):
            wishes.settle_wish(by=one, wish=wish)


def test_who_belongs_to_no_office_is_told_to_call(at: datetime) -> None:
    by = Participant(person_id=make_person().pk, name="Amina", at=at)
    assert case_of(by) is None
    with pytest.raises(RefusedError, match="Call us"):
        wishes.make_wish(by=by, kind=WishKind.OTHER, words="Hello")


# What she corrects ----------------------------------------------------------------------------------------------------


def test_what_she_changes_is_hers_and_what_she_leaves_is_confirmed(mentee: Enrolment, at: datetime) -> None:
    profile, by = mentee.profile, herself(mentee, at)
    profile.hours_per_month, profile.sector = 4, "Health"
    profile.provenance = {"hours_per_month": ["heard", "2026-01-05"], "sector": ["self_reported", "2026-01-05"]}
    profile.save()
    facts = {"hours_per_month": 4, "months": 6, "sector": "Health"}
    after = own_profile.correct_profile(by=by, profile=profile, facts=facts, seen=profile.stamp)
    today = by.today.isoformat()
    assert after.provenance == {
        "hours_per_month": ["confirmed", today],
        "months": ["self_reported", today],
        "sector": ["self_reported", "2026-01-05"],
    }
    with pytest.raises(RefusedError, match="just been changed"):
        own_profile.correct_profile(by=by, profile=profile, facts={"months": 7}, seen=profile.stamp)


def test_coordinator_looks_again_when_a_proposal_stands_on_it(mentee: Enrolment, coordinator: Staff) -> None:
    by = herself(mentee, coordinator.at)
    own_profile.correct_profile(by=by, profile=mentee.profile, facts={"hours_per_month": 3}, seen=None)
    assert not Task.objects.filter(kind=Kind.CHANGED).exists()
    places.hold(by=coordinator, enrolment=mentee)
    own_profile.correct_profile(by=by, profile=mentee.profile, facts={"about": "I bake."}, seen=None)
    own_profile.correct_profile(by=by, profile=mentee.profile, facts={"hours_per_month": 3}, seen=None)
    assert not Task.objects.filter(kind=Kind.CHANGED).exists()
    own_profile.correct_profile(by=by, profile=mentee.profile, facts={"hours_per_month": 5}, seen=None)
    assert Task.objects.get(kind=Kind.CHANGED).target_id == mentee.person_id


def test_she_writes_only_what_is_hers(mentee: Enrolment, mentor: Enrolment, at: datetime) -> None:
    by = herself(mentee, at)
    with pytest.raises(NotAllowedError):
        own_profile.correct_profile(by=by, profile=mentor.profile, facts={"about": "x"}, seen=None)
    with pytest.raises(NotAllowedError):
        own_profile.correct_profile(by=by, profile=mentee.profile, facts={"requires": ("online",)}, seen=None)
    with pytest.raises(NotAllowedError):
        own_profile.correct_details(by=by, person=mentor.person, facts={"area": "x"}, seen="")
    with pytest.raises(NotAllowedError):
        own_profile.correct_details(by=by, person=mentee.person, facts={"user": None}, seen="")
    with pytest.raises(NotAllowedError):
        own_profile.correct_languages(by=by, person=mentor.person, skills=[("da", "C2")], seen="")


def test_details_and_languages_as_she_saw_them(mentee: Enrolment, at: datetime) -> None:
    person, by = mentee.person, herself(mentee, at)
    mark = mark_of_person(person, ["area"])
    own_profile.correct_details(by=by, person=person, facts={"area": "Vollsmose"}, seen=mark)
    with pytest.raises(RefusedError, match="just been changed"):
        own_profile.correct_details(by=by, person=person, facts={"area": "Bolbro"}, seen=mark)
    seen = mark_of_languages([("da", "B2")])
    own_profile.correct_languages(by=by, person=person, skills=[("da", "C1"), ("ar", "")], seen=seen)
    assert list(person.languages.values_list("code", "level")) == [("da", "C1"), ("ar", "")]
    with pytest.raises(RefusedError, match="just been changed"):
        own_profile.correct_languages(by=by, person=person, skills=[("da", "C2")], seen=seen)
    mentee.profile.refresh_from_db()
    assert mentee.profile.provenance["languages"][0] == "self_reported"


# Who has seen her -----------------------------------------------------------------------------------------------------


def test_she_reads_that_staff_read_and_nobody_reads_of_others(
    mentee: Enrolment, mentor: Enrolment, coordinator: Staff
) -> None:
    by = herself(mentee, coordinator.at)
    assert (tellings_of(by), reads_of(by, [mentee.application_id]).count) == ([], 0)
    for one in (mentee, mentor):
        wish = wishes.make_wish(by=herself(one, by.at), kind=WishKind.OTHER, words="Hello")
        wishes.read_wish(by=coordinator, wish=wish)
    reads = reads_of(by, [mentee.application_id])
    assert (reads.count, reads.last_at) == (1, coordinator.at)
