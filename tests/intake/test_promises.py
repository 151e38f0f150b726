"""The waiting list keeps its promises: letters before a day has passed, why each waits, and who is taken earlier."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from factories.django_rows import make_enrolment, make_person, make_programme
from mentornet.agenda.models import Kind, Task
from mentornet.audit.models import Entry
from mentornet.common.actors import System
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError, RefusedError
from mentornet.common.reach import Reach
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import NOTED_REASONS, ConsentHow, ConsentPurpose, EarlierReason, WaitReason
from mentornet.intake.models import Consent, ConsentText, Earlier, Enrolment
from mentornet.intake.services import places, waiting
from mentornet.intake.services.enrolments import give_word
from mentornet.intake.waiting import LATE_AT_MOST, passed_over_by, to_be_written, why_of, with_why, words_to_come
from mentornet.messaging.letters import preview
from mentornet.messaging.models import Letter
from mentornet.messaging.waiting_events import STANDINGS
from mentornet.people.enums import ContactWay, ObjectionPurpose, Role
from mentornet.people.models import Objection, Restriction
from mentornet.programmes.models import Programme

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def waits(division: Division, programme: Programme, by: Staff, *, due: int = 1, since: int = 40) -> Enrolment:
    """Let somebody wait who is promised a word in so many days, and of whom enough is known."""
    dates = {"word_due_on": by.today + due * DAY, "last_word_on": by.today - 27 * DAY, "since": by.today - since * DAY}
    person = make_person(email="her@example.org", language="en")
    return make_enrolment(
        Role.MENTEE,
        division,
        person=person,
        programme=programme,
        languages={"da": "B1"},
        enrolment=dates,
        topics=("network",),
        availability=("mon-evening",),
    )


def program(at: datetime) -> System:
    return System("intake.keep_promises", at)


def keep(by: Staff, days: int = 0) -> int:
    return waiting.keep_promises(by=program(by.at + days * DAY))


# Letters before a promise is broken -----------------------------------------------------------------------------------


def test_program_writes_before_the_promise_is_broken_and_promises_anew(
    division: Division, programme: Programme, coordinator: Staff
) -> None:
    mentee = waits(division, programme, coordinator, due=2)
    far = waits(division, programme, coordinator, due=3)
    assert keep(coordinator) == 1
    mentee.refresh_from_db()
    far.refresh_from_db()
    assert (mentee.last_word_on, mentee.word_due_on) == (coordinator.today, coordinator.today + 28 * DAY)
    assert far.word_due_on == coordinator.today + 3 * DAY
    letter = Letter.objects.get()
    assert (letter.event, letter.recipient) == ("waiting_update", f"person:{mentee.person_id}")
    assert letter.values == {
        "standing": "mentor",
        "day": (coordinator.today + 28 * DAY).isoformat(),
        "link": f"status:{mentee.application_id}",
    }
    promise = Task.objects.get(kind=Kind.PROMISE, target_id=mentee.pk, done_at=None)
    assert promise.due_on == mentee.word_due_on
    assert Entry.objects.get(act="intake.keep_promise").object_id == str(mentee.pk)


def test_it_is_done_once_however_often_it_comes_round(
    division: Division, programme: Programme, coordinator: Staff
) -> None:
    waits(division, programme, coordinator)
    assert [keep(coordinator), keep(coordinator), keep(coordinator, 1)] == [1, 0, 0]
    assert Letter.objects.count() == 1


def test_cut_short_nothing_of_it_stands(
    division: Division, programme: Programme, coordinator: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    mentee = waits(division, programme, coordinator)

    def dies(**_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(waiting, "record", dies)
        with pytest.raises(KeyboardInterrupt):
            keep(coordinator)
    mentee.refresh_from_db()
    assert (mentee.word_due_on, Letter.objects.count()) == (coordinator.today + DAY, 0)
    assert keep(coordinator) == 1


def test_who_was_called_meanwhile_gets_no_letter(
    division: Division, programme: Programme, coordinator: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    mentee = waits(division, programme, coordinator)
    before = to_be_written

    def called(*args: Any) -> Any:
        found = list(before(*args))
        give_word(by=coordinator, enrolment=Enrolment.objects.get(pk=mentee.pk), by_letter=False)
        monkeypatch.setattr(waiting, "to_be_written", before)
        return found

    monkeypatch.setattr(waiting, "to_be_written", called)
    assert keep(coordinator) == 0
    assert not Letter.objects.exists()


def test_late_letter_says_that_it_is_late_and_a_promise_long_broken_is_a_coordinators(
    division: Division, programme: Programme, coordinator: Staff
) -> None:
    waits(division, programme, coordinator, due=-1)
    waits(division, programme, coordinator, due=-LATE_AT_MOST.days - 1)
    assert keep(coordinator) == 1
    letter = Letter.objects.get()
    assert letter.event == "waiting_update_late"
    assert "We are sorry" in preview(letter.event, letter.values, "en")[1]


def test_programme_says_how_often_and_whether_the_program_writes(division: Division, coordinator: Staff) -> None:
    often = make_programme("Often", care_settings={"word_days": 14, "word_ahead_days": 5})
    never = make_programme("Never", care_settings={"word_ahead_days": 0})
    mentee = waits(division, often, coordinator, due=5)
    waits(division, never, coordinator, due=0)
    assert keep(coordinator) == 1
    mentee.refresh_from_db()
    assert mentee.word_due_on == coordinator.today + 14 * DAY
    give_word(by=replace(coordinator, at=coordinator.at + DAY), enrolment=mentee)
    assert mentee.word_due_on == coordinator.today + 15 * DAY


def left_out(name: str, mentee: Enrolment, by: Staff) -> None:
    """Do with somebody after which the program does not write to her."""
    if name == "rests":
        Enrolment.objects.filter(pk=mentee.pk).update(resting_until=by.today + 9 * DAY, returns_when_asked=True)
    elif name == "data rest":
        Restriction.objects.create(person=mentee.person, reason="…", restricted_by=by.key, created_at=by.at)
    elif name == "objects":
        Objection.objects.create(person=mentee.person, purpose=ObjectionPurpose.NEWS, noted_by=by.key, created_at=by.at)
    elif name == "agrees no longer":
        text = ConsentText.objects.create(
            purpose=ConsentPurpose.HANDLING, language="en", number=77, text="…", hash="…", created_at=by.at
        )
        Consent.objects.create(
            person=mentee.person, purpose=ConsentPurpose.HANDLING, text=text, how=ConsentHow.HERSELF,
            given_at=by.at, withdrawn_at=by.at, created_at=by.at,
        )  # fmt: skip
    elif name == "calls":
        mentee.person.contact_way = ContactWay.CALL
        mentee.person.save()
    elif name == "no address":
        mentee.person.email = ""
        mentee.person.save()
    elif name == "left":
        Enrolment.objects.filter(pk=mentee.pk).update(ended_on=by.today, end_reason="moved")
    elif name == "has a mentor":
        places.hold(by=by, enrolment=mentee)
        places.take(by=by, enrolment=mentee)
    else:
        waiting.tell_her_by_hand(by=by, enrolment=mentee, by_hand=True)


@pytest.mark.parametrize(
    "name",
    [
        *("rests", "data rest", "objects", "agrees no longer", "calls", "no address", "left", "has a mentor"),
        "stopped by hand",
    ],
)
def test_nothing_is_written_to_whom_it_must_not(
    name: str, division: Division, programme: Programme, coordinator: Staff
) -> None:
    mentee = waits(division, programme, coordinator)
    left_out(name, mentee, coordinator)
    due = Enrolment.objects.get(pk=mentee.pk).word_due_on
    assert keep(coordinator) == 0
    assert not Letter.objects.exists()
    # Her promise stands as it was: a person keeps it.
    assert Enrolment.objects.get(pk=mentee.pk).word_due_on == due
    waits(division, programme, coordinator)
    assert keep(coordinator) == 1


def test_stopped_letter_stops_once_and_may_be_let_go_again(
    division: Division, programme: Programme, coordinator: Staff, other_coordinator: Staff
) -> None:
    mentee = waits(division, programme, coordinator)
    with pytest.raises(NotAllowedError):
        waiting.tell_her_by_hand(by=other_coordinator, enrolment=mentee, by_hand=True)
    waiting.tell_her_by_hand(by=coordinator, enrolment=mentee, by_hand=True)
    waiting.tell_her_by_hand(by=coordinator, enrolment=mentee, by_hand=True)
    assert Entry.objects.filter(act="intake.stop_letter").count() == 1
    assert keep(coordinator) == 0
    waiting.tell_her_by_hand(by=coordinator, enrolment=mentee, by_hand=False)
    assert keep(coordinator) == 1
    waiting.tell_her_by_hand(by=coordinator, enrolment=mentee, by_hand=True)
    give_word(by=replace(coordinator, at=coordinator.at + DAY), enrolment=mentee, by_letter=False)
    assert not Enrolment.objects.get(pk=mentee.pk).word_by_hand


def test_each_reason_has_its_sentence_in_the_letter() -> None:
    assert set(STANDINGS) == {*WaitReason.values, waiting.SUGGESTED}
    for reason in STANDINGS:
        values = {"standing": reason, "day": "2026-04-01", "link": "status:1"}
        with translation.override("da"):
            body = preview("waiting_update", values, "en")[1]
        with translation.override("en"):
            assert str(STANDINGS[reason]) in body


def test_letter_never_holds_the_coordinators_word(division: Division, programme: Programme, coordinator: Staff) -> None:
    mentee = waits(division, programme, coordinator)
    waiting.note_why(by=coordinator, enrolment=mentee, reason=WaitReason.PAPER, words="Her residence card, says Eva")
    assert keep(coordinator) == 1
    letter = Letter.objects.get()
    assert letter.values["standing"] == "paper"
    assert "Eva" not in str(letter.values) + preview(letter.event, letter.values, "en")[1]


def test_what_will_be_written_is_seen_by_her_own_division_alone(
    division: Division, other_division: Division, programme: Programme, coordinator: Staff, other_coordinator: Staff
) -> None:
    mentee = waits(division, programme, coordinator, due=9)
    waits(division, programme, coordinator, due=15)
    theirs = waits(other_division, programme, coordinator)
    assert [one.pk for one in words_to_come(coordinator, coordinator.casework)] == [mentee.pk]
    assert [one.pk for one in words_to_come(other_coordinator, other_coordinator.casework)] == [theirs.pk]


# Why she waits --------------------------------------------------------------------------------------------------------


def test_why_she_waits_shows_in_what_is_written_down(
    division: Division, programme: Programme, coordinator: Staff
) -> None:
    mentee = waits(division, programme, coordinator)
    assert why_of(mentee, coordinator.today) == WaitReason.MENTOR
    mentee.profile.topics = None
    mentee.profile.save()
    assert why_of(mentee, coordinator.today) == WaitReason.THIN
    waiting.note_why(by=coordinator, enrolment=mentee, reason=WaitReason.DANISH, words="From spring on")
    assert why_of(mentee, coordinator.today) == WaitReason.DANISH
    Enrolment.objects.filter(pk=mentee.pk).update(resting_until=coordinator.today + DAY)
    assert why_of(mentee, coordinator.today) == WaitReason.BREAK
    waiting.note_why(by=coordinator, enrolment=mentee, reason="")
    mentee.refresh_from_db()
    assert (mentee.wait_reason, mentee.wait_words, mentee.wait_noted_on) == ("", "", None)


def test_reason_needs_a_word_and_is_one_of_those_that_are_noted(
    division: Division, programme: Programme, coordinator: Staff, other_coordinator: Staff
) -> None:
    mentee = waits(division, programme, coordinator)
    with pytest.raises(ValidationError, match="few words"):
        waiting.note_why(by=coordinator, enrolment=mentee, reason=WaitReason.TIME, words="  ")
    for reason in set(WaitReason) - set(NOTED_REASONS):
        with pytest.raises(ValidationError, match="Choose why"):
            waiting.note_why(by=coordinator, enrolment=mentee, reason=reason, words="…")
    with pytest.raises(NotAllowedError):
        waiting.note_why(by=other_coordinator, enrolment=mentee, reason=WaitReason.TIME, words="…")


def test_reason_of_an_earlier_wait_counts_no_more(division: Division, programme: Programme, coordinator: Staff) -> None:
    mentee = waits(division, programme, coordinator, since=10)
    waits(division, programme, coordinator, since=50)
    waiting.note_why(by=coordinator, enrolment=mentee, reason=WaitReason.TIME, words="Childcare")
    waiting.take_earlier(by=coordinator, enrolment=mentee, reason=EarlierReason.DEADLINE, words="An examination")
    places.hold(by=coordinator, enrolment=mentee)
    places.take(by=coordinator, enrolment=mentee)
    places.leave(by=coordinator, enrolment=mentee, waits_since=coordinator.today)
    mentee.refresh_from_db()
    assert (mentee.wait_reason, mentee.wait_words) == ("", "")
    exception = Earlier.objects.get()
    assert (exception.over_at, exception.is_undone) == (coordinator.at, False)


# The order ------------------------------------------------------------------------------------------------------------


def test_taking_somebody_earlier_is_written_down_with_how_many_had_waited_longer(
    division: Division, other_division: Division, programme: Programme, coordinator: Staff
) -> None:
    mentee = waits(division, programme, coordinator, since=10)
    older = [waits(division, programme, coordinator, since=since) for since in (20, 30)]
    waits(division, programme, coordinator, since=5)
    waits(other_division, programme, coordinator, since=90)
    waits(division, make_programme("Another"), coordinator, since=90)
    waiting.note_why(by=coordinator, enrolment=older[0], reason=WaitReason.PAPER, words="A certificate")
    exception = waiting.take_earlier(
        by=coordinator, enrolment=mentee, reason=EarlierReason.SAFETY, words="  Her home is not calm  "
    )
    # Of the two who have waited longer one cannot be matched just now: she is not passed over.
    assert (exception.passed_over, exception.words, exception.division_id) == (1, "Her home is not calm", division.pk)
    listed = with_why(Enrolment.objects.filter(division=division), coordinator.today)
    assert [one.pk for one in listed.filter(earlier="safety")] == [mentee.pk]
    entry = Entry.objects.get(act="intake.take_earlier")
    assert entry.detail["passed_over"] == 1
    with pytest.raises(ChangedMeanwhileError):
        waiting.take_earlier(by=coordinator, enrolment=mentee, reason=EarlierReason.OURS, words="Again")
    assert str(older[1].pk) not in str(entry.detail)


def test_nobody_is_taken_before_nobody_nor_without_a_reason(
    division: Division, programme: Programme, coordinator: Staff, other_coordinator: Staff
) -> None:
    mentee = waits(division, programme, coordinator, since=50)
    younger = waits(division, programme, coordinator, since=10)
    with pytest.raises(RefusedError, match="comes first anyway"):
        waiting.take_earlier(by=coordinator, enrolment=mentee, reason=EarlierReason.OURS, words="…")
    with pytest.raises(ValidationError, match="Choose why"):
        waiting.take_earlier(by=coordinator, enrolment=younger, reason="", words="…")
    with pytest.raises(ValidationError, match="Write why"):
        waiting.take_earlier(by=coordinator, enrolment=younger, reason=EarlierReason.OURS, words=" ")
    with pytest.raises(NotAllowedError):
        waiting.take_earlier(by=other_coordinator, enrolment=younger, reason=EarlierReason.OURS, words="…")
    assert not Earlier.objects.exists()


def test_exception_taken_back_stays_written_down_and_counts_nowhere(
    division: Division, programme: Programme, coordinator: Staff
) -> None:
    mentee = waits(division, programme, coordinator, since=10)
    waits(division, programme, coordinator, since=50)
    waiting.take_earlier(by=coordinator, enrolment=mentee, reason=EarlierReason.OURS, words="We forgot her")
    undone = waiting.keep_order(by=coordinator, enrolment=mentee)
    assert (undone.is_undone, undone.over_at) == (True, coordinator.at)
    with pytest.raises(ChangedMeanwhileError):
        waiting.keep_order(by=coordinator, enrolment=mentee)
    waiting.take_earlier(by=coordinator, enrolment=mentee, reason=EarlierReason.OURS, words="After all")
    assert Earlier.objects.count() == 2


def test_who_is_hidden_from_a_coordinator_is_not_counted_for_her(
    division: Division, programme: Programme, coordinator: Staff
) -> None:
    mentee = waits(division, programme, coordinator, since=10)
    hidden = waits(division, programme, coordinator, since=50)
    assert passed_over_by(mentee, coordinator.casework, coordinator.today) == 1
    blind = Reach([division.pk], hidden=[hidden.person_id])
    assert passed_over_by(mentee, blind, coordinator.today) == 0
