"""Cases handed to colleagues with all that is to be done in them; and taken back, exactly."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import MakeStaff
from factories.django_rows import AT, make_enrolment, make_programme, user_of
from followup.conftest import MakePlace
from followup.handing import hand, hide, make_talk, owner_of, task_of
from mentornet.accounts.models import User
from mentornet.agenda.models import Kind, Task
from mentornet.audit.models import Entry
from mentornet.audit.queries import entries_in
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError, RefusedError
from mentornet.divisions.models import Division, Role, StaffRole
from mentornet.divisions.staff import Staff
from mentornet.followup import services
from mentornet.followup.models import Concern, Handover
from mentornet.followup.queries import places_of_handover, readable_concerns, visible_handovers
from mentornet.messaging.models import Letter, LetterState
from mentornet.partnerships.models import Partnership
from mentornet.people.models import Person
from mentornet.people.participants import Participant
from mentornet.programmes.models import Programme
from partnerships.sides import acting

pytestmark = pytest.mark.django_db
WORDS: Final = "kanariehandover"
WAITS: Final = UUID("00000000-0000-4000-8000-000000000001")


# What goes, and to whom ----------------------------------------------------------------------------------------------


def test_all_of_hers_goes_with_what_is_to_be_done(
    coordinator: Staff, colleague: Staff, make_place: MakePlace, pair: Partnership
) -> None:
    waiting = make_place()
    word = task_of(coordinator, Kind.PROMISE, waiting.pk)
    meet = task_of(coordinator, Kind.NOT_MET, pair.pk)
    other = task_of(coordinator, Kind.IMPORT, WAITS)
    done = task_of(coordinator, Kind.CONTACT, pair.pk)
    Task.objects.filter(pk=done.pk).update(done_at=AT, done_by=coordinator.key)
    (made,) = hand(coordinator, coordinator, colleague, note="Call Amina first.")
    assert {owner_of(one) for one in (waiting, pair.mentee, pair.mentor, word, meet, other)} == {colleague.user_id}
    # What is done stays as it was done.
    assert owner_of(done) == coordinator.user_id
    assert (made.count, made.note, made.former_id) == (3, "Call Amina first.", coordinator.user_id)
    task = Task.objects.get(kind=Kind.HANDOVER)
    assert (task.target_id, task.owner_id, task.due_on, task.words) == (
        made.pk, colleague.user_id, AT.date(), {"who": "Inger Holm"},
    )  # fmt: skip
    acts = Entry.objects.filter(act="intake.hand_over").values_list("object_id", flat=True)
    assert sorted(acts) == sorted(str(one.pk) for one in (waiting, pair.mentee, pair.mentor))
    # Pressed twice: nothing of hers is left.
    with pytest.raises(RefusedError):
        hand(coordinator, coordinator, colleague)


def test_those_ticked_go_and_nothing_else(
    coordinator: Staff, colleague: Staff, make_place: MakePlace, pair: Partnership
) -> None:
    one, other = make_place(), make_place()
    tasks = [task_of(coordinator, Kind.PROMISE, row.pk) for row in (one, other)]
    pairs = task_of(coordinator, Kind.NOT_MET, pair.pk)
    (made,) = hand(coordinator, coordinator, colleague, places=[one.pk, pair.mentor_id])
    assert made.count == 2
    assert [owner_of(row) == colleague.user_id for row in (one, other, pair.mentor, pair.mentee, *tasks, pairs)] == [
        # The pair is the mentee's coordinator's: hers it stays.
        True, False, True, False, True, False, False,
    ]  # fmt: skip
    with pytest.raises(ChangedMeanwhileError):
        hand(coordinator, coordinator, colleague, places=[one.pk, other.pk])
    assert owner_of(other) == coordinator.user_id


def test_spread_evenly_and_a_pair_stays_together(
    coordinator: Staff, colleague: Staff, third: Staff, make_place: MakePlace, pair: Partnership
) -> None:
    for _ in range(4):
        make_place()
    made = hand(coordinator, coordinator, colleague, third)
    assert sorted(one.count for one in made) == [3, 3]
    assert owner_of(pair.mentee) == owner_of(pair.mentor)


def test_whoever_is_hidden_from_a_colleague_is_not_given_to_her(
    coordinator: Staff, colleague: Staff, third: Staff, make_place: MakePlace
) -> None:
    hidden, other = make_place(), make_place()
    task = task_of(coordinator, Kind.PROMISE, hidden.pk)
    hide(colleague, hidden)
    hand(coordinator, coordinator, colleague)
    assert (owner_of(hidden), owner_of(task), owner_of(other)) == (
        coordinator.user_id, coordinator.user_id, colleague.user_id,
    )  # fmt: skip
    # To another colleague she can be given; to the one alone nothing can be.
    with pytest.raises(RefusedError):
        hand(coordinator, coordinator, colleague)
    hand(coordinator, coordinator, colleague, third)
    assert (owner_of(hidden), owner_of(task)) == (third.user_id, third.user_id)


@pytest.mark.parametrize("side", ["mentee", "mentor"])
def test_neither_of_a_pair_goes_where_one_of_them_is_hidden(
    side: str, coordinator: Staff, colleague: Staff, third: Staff, make_place: MakePlace, pair: Partnership
) -> None:
    """Whoever looks after one of the two hears of the other: from herself, if from nowhere else."""
    task, waiting = task_of(coordinator, Kind.NOT_MET, pair.pk), make_place()
    hide(colleague, getattr(pair, side))
    (made,) = hand(coordinator, coordinator, colleague)
    # The others go.
    assert (made.count, owner_of(waiting)) == (1, colleague.user_id)
    assert {owner_of(one) for one in (pair.mentee, pair.mentor, task)} == {coordinator.user_id}
    with pytest.raises(RefusedError):
        hand(coordinator, coordinator, colleague, places=[pair.mentee_id, pair.mentor_id])
    hand(coordinator, coordinator, colleague, third)
    assert {owner_of(one) for one in (pair.mentee, pair.mentor, task)} == {third.user_id}


@pytest.mark.parametrize("chosen", [False, True])
def test_interviews_go_only_where_that_is_chosen(
    chosen: bool, coordinator: Staff, colleague: Staff, division: Division, make_place: MakePlace
) -> None:
    make_place()
    talk, slot = make_talk(coordinator, division)
    task = task_of(coordinator, Kind.INTERVIEW, talk.application_id, name="Amina", time="10:00")
    hand(coordinator, coordinator, colleague, with_talks=chosen)
    for row in (talk, slot, task):
        row.refresh_from_db()
    wanted = (colleague if chosen else coordinator).user_id
    assert (talk.interviewer_id, slot.interviewer_id, task.owner_id) == (wanted, wanted, wanted)


def test_interview_stays_where_the_colleague_has_another_at_that_hour(
    coordinator: Staff, colleague: Staff, division: Division, make_place: MakePlace
) -> None:
    make_place()
    make_talk(colleague, division)
    talk, slot = make_talk(coordinator, division)
    task = task_of(coordinator, Kind.INTERVIEW, talk.application_id, name="Amina", time="10:00")
    hand(coordinator, coordinator, colleague, with_talks=True)
    for row in (talk, slot, task):
        row.refresh_from_db()
    assert (talk.interviewer_id, slot.interviewer_id, task.owner_id) == (coordinator.user_id,) * 3


# Quiet words go in silence -------------------------------------------------------------------------------------------


def raised(pair: Partnership, side: str = "mentee", **facts: Any) -> Concern:
    return services.raise_concern(by=acting(pair, side), partnership=pair, **{"about": "other", "words": WORDS} | facts)


@pytest.mark.django_db(transaction=True)
def test_quiet_words_follow_the_case_and_nothing_tells_of_them(
    coordinator: Staff, colleague: Staff, pair: Partnership
) -> None:
    concern = raised(pair)
    (made,) = hand(coordinator, coordinator, colleague)
    concern.refresh_from_db()
    assert concern.coordinator_id == colleague.user_id
    assert readable_concerns(colleague).get() == concern
    assert not readable_concerns(coordinator).exists()
    # Neither the number, nor a task, nor a letter, nor the list of what was handed over.
    assert made.count == 2
    told = str([list(model.objects.values()) for model in (Task, Letter, Handover)])
    assert str(concern.pk) not in told
    assert WORDS not in told
    assert concern.pk not in set(places_of_handover(colleague, made).values_list("pk", flat=True))
    assert not entries_in(Entry.objects.filter(act="followup.pass_on"), colleague.casework).exists()
    services.take_handover_back(by=coordinator, handover=made)
    concern.refresh_from_db()
    assert concern.coordinator_id == coordinator.user_id


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["kept from", "partner"])
def test_a_quiet_word_about_the_new_coordinator_does_not_reach_her(
    way: str, coordinator: Staff, colleague: Staff, division_lead: Staff, pair: Partnership
) -> None:
    if way == "partner":
        # She is the mentor, by the address under which she works here.
        Person.objects.filter(pk=pair.mentor.person_id).update(user=user_of(colleague))
        concern = raised(pair, about="partner")
    else:
        concern = raised(pair)
        Concern.objects.filter(pk=concern.pk).update(kept_from=(colleague.key,))
    hand(coordinator, coordinator, colleague)
    concern.refresh_from_db()
    assert concern.coordinator_id == coordinator.user_id
    assert not readable_concerns(colleague).exists()
    # It is not lost: whoever leads the division reads it.
    assert readable_concerns(division_lead).exists()


@pytest.mark.django_db(transaction=True)
def test_she_whom_it_is_about_does_not_choose_who_reads_it(
    coordinator: Staff, colleague: Staff, division_lead: Staff, pair: Partnership
) -> None:
    """Handed to a friend of hers with all else, it would be read, and closed, by whom she likes."""
    concern = raised(pair)
    Concern.objects.filter(pk=concern.pk).update(kept_from=(coordinator.key,))
    (made,) = hand(coordinator, coordinator, colleague)
    concern.refresh_from_db()
    assert (made.count, concern.coordinator_id) == (2, coordinator.user_id)
    assert not readable_concerns(colleague).exists()
    assert readable_concerns(division_lead).get() == concern
    assert not Entry.objects.filter(act="followup.pass_on").exists()


@pytest.mark.django_db(transaction=True)
def test_a_quiet_word_alone_makes_no_handover_that_would_tell_of_it(
    coordinator: Staff, colleague: Staff, third: Staff, make_place: MakePlace
) -> None:
    """Who has no cases any more hands nothing over; that it went through would tell her that something is there."""
    place = make_place(owner=third)
    concern = services.raise_concern(
        by=Participant(person_id=place.person_id, name="Amina", at=coordinator.at), about="other", words=WORDS
    )
    Concern.objects.filter(pk=concern.pk).update(coordinator_id=coordinator.user_id, kept_from=(coordinator.key,))
    with pytest.raises(RefusedError):
        hand(coordinator, coordinator, colleague)
    assert not Handover.objects.exists()
    assert not Task.objects.filter(kind=Kind.HANDOVER).exists()


@pytest.mark.django_db(transaction=True)
def test_a_quiet_word_about_a_coordinator_stays_with_the_national_lead(
    coordinator: Staff, colleague: Staff, national_lead: Staff, pair: Partnership
) -> None:
    concern = raised(pair, about="coordinator")
    hand(coordinator, coordinator, colleague)
    assert not readable_concerns(colleague).exists()
    assert readable_concerns(national_lead).get() == concern
    concern.refresh_from_db()
    assert concern.coordinator_id == coordinator.user_id


# Who may -------------------------------------------------------------------------------------------------------------


def test_who_may_hand_over_whose(
    coordinator: Staff, colleague: Staff, third: Staff, division_lead: Staff, national_lead: Staff,
    other_coordinator: Staff, administrator: Staff, make_place: MakePlace, make_staff: MakeStaff,
    other_division: Division,
) -> None:  # fmt: skip
    elsewhere = make_staff(Role.DIVISION_LEAD, other_division)
    for by in (third, other_coordinator, elsewhere, administrator):
        make_place()
        with pytest.raises(NotAllowedError):
            hand(by, coordinator, colleague)
    for by in (coordinator, division_lead, national_lead):
        make_place()
        assert hand(by, coordinator, colleague)


def test_of_one_who_has_left_the_lead_hands_over(
    coordinator: Staff, colleague: Staff, division_lead: Staff, make_place: MakePlace, division: Division
) -> None:
    place = make_place()
    StaffRole.objects.filter(user_id=coordinator.user_id).update(until=AT.date())
    User.objects.filter(pk=coordinator.user_id).update(is_active=False)
    services.hand_over_cases(
        by=division_lead, former=user_of(coordinator), receivers=[user_of(colleague)], division=division
    )
    assert owner_of(place) == colleague.user_id


@pytest.mark.parametrize("case", ["nobody", "herself", "elsewhere", "left"])
def test_only_colleagues_of_the_division_receive(
    case: str, coordinator: Staff, colleague: Staff, other_coordinator: Staff, make_place: MakePlace
) -> None:
    place = make_place()
    if case == "left":
        User.objects.filter(pk=colleague.user_id).update(is_active=False)
    receivers = {
        "nobody": [],
        "herself": [coordinator],
        "elsewhere": [other_coordinator],
        "left": [colleague],
    }[case]
    with pytest.raises(ValidationError):
        hand(coordinator, coordinator, *receivers)
    assert owner_of(place) == coordinator.user_id


def test_cases_of_another_division_are_not_touched(
    coordinator: Staff, colleague: Staff, make_place: MakePlace, other_division: Division, programme: Programme
) -> None:
    make_place()
    other = make_enrolment(
        "mentee", other_division, programme=programme, enrolment={"coordinator_id": coordinator.user_id}
    )
    hand(coordinator, coordinator, colleague)
    assert owner_of(other) == coordinator.user_id


# Letters -------------------------------------------------------------------------------------------------------------


def test_each_is_written_to_once_and_only_where_that_is_wanted(
    coordinator: Staff, colleague: Staff, make_place: MakePlace, division: Division
) -> None:
    one = make_place()
    # The same person, in another programme: one letter.
    make_enrolment(
        "mentor", division, person=one.person, programme=make_programme(),
        enrolment={"coordinator_id": coordinator.user_id},
    )  # fmt: skip
    (made,) = hand(coordinator, coordinator, colleague)
    letter = Letter.objects.get(event="new_coordinator")
    assert letter.values == {"coordinator": "Mette Rask", "phone": division.phone}
    assert made.count == 1
    make_place()
    hand(coordinator, coordinator, colleague, writes=False)
    assert Letter.objects.filter(event="new_coordinator").count() == 1


def test_taken_back_no_letter_leaves_and_who_has_got_one_is_told_again(
    coordinator: Staff, colleague: Staff, make_place: MakePlace
) -> None:
    first, second = make_place(), make_place()
    (made,) = hand(coordinator, coordinator, colleague)
    Letter.objects.filter(about_id=first.pk).update(state=LetterState.SENT, sent_at=AT)
    services.take_handover_back(by=coordinator, handover=made)
    letters = Letter.objects.filter(event="new_coordinator")
    assert letters.get(about_id=second.pk).state == LetterState.TAKEN_BACK
    again = letters.get(about_id=first.pk, state=LetterState.QUEUED)
    assert again.values["coordinator"] == "Inger Holm"


# Reading -------------------------------------------------------------------------------------------------------------


def test_handovers_are_the_divisions(
    coordinator: Staff, colleague: Staff, other_coordinator: Staff, make_place: MakePlace
) -> None:
    make_place()
    (made,) = hand(coordinator, coordinator, colleague)
    assert visible_handovers(colleague).get() == made
    assert not visible_handovers(other_coordinator).exists()


def test_queries_grow_with_colleagues_not_with_cases(
    coordinator: Staff, colleague: Staff, make_place: MakePlace
) -> None:
    counts = []
    for many in (1, 3):
        for _ in range(many):
            task_of(coordinator, Kind.PROMISE, make_place().pk)
        with CaptureQueriesContext(connection) as asked:
            hand(coordinator, coordinator, colleague, writes=False)
        counts.append(len(asked))
    assert counts[0] == counts[1]
