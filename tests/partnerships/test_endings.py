"""Endings: every act in every state, what closing leads to, what goes back, and what works at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any, Final

import pytest
from django.core.exceptions import ValidationError

from factories.django_rows import make_division, make_enrolment, make_staff
from mentornet.agenda.models import Kind, Task
from mentornet.audit.models import Entry
from mentornet.common.answers import NotAllowedError, RefusedError
from mentornet.divisions.models import Division
from mentornet.divisions.models import Role as StaffRole
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.intake.services import places
from mentornet.intake.services.places import NoPlaceLeftError
from mentornet.messaging.models import Letter, LetterState
from mentornet.partnerships import services
from mentornet.partnerships.ending import by_rule, without_blame
from mentornet.partnerships.enums import ClosingReason, PartnershipState
from mentornet.partnerships.models import Closure, ClosureSide, Partnership
from mentornet.partnerships.outcomes import ExitTalk, Scenario
from mentornet.partnerships.queries import sides_of, standing_closure
from mentornet.people.enums import Role
from mentornet.people.models import Avoidance
from mentornet.programmes.models import Programme
from partnerships.couples import make_couple
from partnerships.endings import end, fill_in_ending
from partnerships.sides import acting

pytestmark = pytest.mark.django_db

S = PartnershipState
DAY: Final = timedelta(days=1)
WAITED: Final = 200


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    before = coordinator.today - 60 * DAY
    pair = make_couple(coordinator, division, programme, matched_on=before, first_met_on=before)
    Enrolment.objects.filter(pk=pair.mentee_id).update(since=coordinator.today - WAITED * DAY)
    return _seen(pair)


def _seen(pair: Partnership) -> Partnership:
    return Partnership.objects.select_related("mentee__person", "mentor__person", "division").get(pk=pair.pk)


# Every act in every state --------------------------------------------------------------------------------------------

ACTS: Final[dict[str, Callable[[Staff, Partnership], object]]] = {
    "begin": lambda by, pair: services.begin_ending(by=by, partnership=pair, scenario="planned"),
    "call off": lambda by, pair: services.call_ending_off(by=by, partnership=pair),
    "finish": lambda by, pair: services.finish_ending(by=by, closure=pair.closures.get(), on=by.today, reason="goal"),
    "reopen": lambda by, pair: services.reopen_partnership(by=by, partnership=pair, words="The wrong pair."),
    "extend": lambda by, pair: services.extend_agreement(by=by, partnership=pair, until=by.today + 90 * DAY),
    "pause": lambda by, pair: services.pause_partnership(by=by, partnership=pair),
    "resume": lambda by, pair: services.resume_partnership(by=by, partnership=pair),
}
FOLLOWS: Final[dict[S, dict[str, S | None]]] = {
    S.MATCHED: {
        "begin": S.CLOSING, "call off": None, "finish": None, "reopen": None, "extend": S.MATCHED, "pause": S.PAUSED,
        "resume": None,
    },
    S.ACTIVE: {
        "begin": S.CLOSING, "call off": None, "finish": None, "reopen": None, "extend": S.ACTIVE, "pause": S.PAUSED,
        "resume": None,
    },
    S.PAUSED: {
        "begin": S.CLOSING, "call off": None, "finish": None, "reopen": None, "extend": S.PAUSED, "pause": None,
        "resume": S.ACTIVE,
    },
    S.CLOSING: {
        "begin": S.CLOSING, "call off": S.ACTIVE, "finish": S.CLOSED, "reopen": None, "extend": None, "pause": None,
        "resume": None,
    },
    S.CLOSED: {
        "begin": None, "call off": None, "finish": None, "reopen": S.ACTIVE, "extend": None, "pause": None,
        "resume": None,
    },
}  # fmt: skip


def _bring_to(by: Staff, pair: Partnership, state: S) -> Partnership:
    services.sign_agreement(by=by, partnership=pair, on=by.today - 50 * DAY)
    if state == S.MATCHED:
        Partnership.objects.filter(pk=pair.pk).update(state=S.MATCHED, agreement_on=None)
    elif state == S.PAUSED:
        services.pause_partnership(by=by, partnership=_seen(pair))
    elif state == S.CLOSING:
        fill_in_ending(by, _seen(pair))
    elif state == S.CLOSED:
        end(by, _seen(pair))
    return _seen(pair)


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("act", ACTS)
def test_every_act_in_every_state(act: str, state: S, pair: Partnership, coordinator: Staff) -> None:
    pair = _bring_to(coordinator, pair, state)
    after, entries = FOLLOWS[state][act], Entry.objects.count()
    later = replace(coordinator, at=coordinator.at + timedelta(minutes=5))
    if after is None:
        with pytest.raises((RefusedError, Closure.DoesNotExist)) as refusal:
            ACTS[act](later, pair)
        assert str(refusal.value)
        assert Entry.objects.count() == entries
        assert _seen(pair).state == state
    else:
        ACTS[act](later, pair)
        assert _seen(pair).state == after


@pytest.mark.parametrize("act", ACTS)
def test_no_act_is_for_another_division(act: str, pair: Partnership, coordinator: Staff) -> None:
    state = next(state for state, acts in FOLLOWS.items() if acts[act] is not None)
    pair = _bring_to(coordinator, pair, state)
    stranger = make_staff(StaffRole.COORDINATOR, make_division("Elsewhere"), name="Karen Holm")
    with pytest.raises(NotAllowedError):
        ACTS[act](stranger, pair)
    assert _seen(pair).state == state


# Blame ----------------------------------------------------------------------------------------------------------------


def test_the_rule_on_blame_over_everything_that_can_be_known() -> None:
    talks = ["", *ExitTalk.values]
    led: list[tuple[str, ...]] = [(), ("mentee",), ("mentor",)]
    count = 0
    for scenario, who, reason, talk in product(Scenario.values, led, ClosingReason.values, talks):
        said = by_rule(scenario=scenario, led_to_it=who, reasons=["", reason], mentee_talk=talk)
        about_her = scenario == "safety" and who == ("mentee",)
        silent = scenario != "safety" and reason == "no_contact" and talk == "not_reached"
        assert said.is_without is not (about_her or silent), (scenario, who, reason, talk)
        assert str(said.why)
        count += 1
    assert count == 4 * 3 * 9 * 4


def test_her_own_answer_is_reaching_her(pair: Partnership, coordinator: Staff) -> None:
    closure = services.begin_ending(by=coordinator, partnership=pair, scenario="unplanned")
    services.note_exit_talk(by=coordinator, closure=closure, side="mentee", talk="not_reached", reason="no_contact")
    assert not without_blame(closure, sides_of(closure)).is_without
    services.say_why(by=acting(pair, "mentee"), closure=closure, reason="no_contact", words="I was ill.")
    assert without_blame(closure, sides_of(closure)).is_without


def test_another_view_of_blame_needs_words_and_counts(pair: Partnership, coordinator: Staff) -> None:
    closure = services.begin_ending(by=coordinator, partnership=pair, scenario="safety", who="mentee")
    chosen: dict[str, Any] = {"closure": closure, "mentee": "old_place", "mentor": "ready"}
    with pytest.raises(ValidationError, match="Her old place"):
        services.settle_next(by=coordinator, **chosen)
    with pytest.raises(ValidationError, match="Write why"):
        services.settle_next(by=coordinator, **chosen, blame="yes")
    services.settle_next(by=coordinator, **chosen, blame="yes", blame_words="It was a misunderstanding.")
    closure.refresh_from_db()
    said = without_blame(closure, sides_of(closure))
    assert (said.is_without, said.by_person, str(said.why)) == (True, True, "It was a misunderstanding.")


# Closing --------------------------------------------------------------------------------------------------------------


def test_she_returns_to_her_old_place_and_the_mentor_rests(pair: Partnership, coordinator: Staff) -> None:
    until = coordinator.today + 18 * DAY
    closure = end(coordinator, pair, mentee="old_place", until=until)
    mentee, mentor = Enrolment.objects.get(pk=pair.mentee_id), Enrolment.objects.get(pk=pair.mentor_id)
    assert (mentee.active, mentee.since, mentee.ended_on) == (0, coordinator.today - WAITED * DAY, None)
    assert mentee.word_due_on == coordinator.today + timedelta(days=28)
    assert (mentor.active, mentor.since, mentor.resting_until) == (0, coordinator.today, until)
    assert mentor.is_resting(until - DAY)
    assert not mentor.is_resting(until)
    assert not mentor.returns_when_asked
    assert (closure.ended_on, closure.reason, closure.note) == (coordinator.today, "time", "They parted well.")
    assert not Task.objects.filter(target_id=pair.pk, done_at=None).exists()


@pytest.mark.parametrize(("chosen", "since", "gone"), [("from_now", 3, False), ("leaves", 3, True)])
def test_what_else_the_mentee_does(chosen: str, since: int, gone: bool, pair: Partnership, coordinator: Staff) -> None:
    on = coordinator.today - since * DAY
    end(coordinator, pair, mentee=chosen, on=on, reason="goal")
    mentee = Enrolment.objects.get(pk=pair.mentee_id)
    assert (mentee.since, mentee.ended_on) == (on, on if gone else None)
    assert mentee.end_reason == ("done" if gone else "")


def test_a_mentor_with_another_mentee_cannot_leave(
    pair: Partnership, coordinator: Staff, division: Division, programme: Programme
) -> None:
    Enrolment.objects.filter(pk=pair.mentor_id).update(capacity=2)
    places.hold(by=coordinator, enrolment=pair.mentor)
    with pytest.raises(RefusedError, match="another mentee"):
        end(coordinator, pair, mentor="leaves")
    assert _seen(pair).state == S.CLOSING
    places.release(by=coordinator, enrolment=pair.mentor)
    end(coordinator, pair, mentor="leaves")
    assert Enrolment.objects.get(pk=pair.mentor_id).ended_on == coordinator.today


def test_a_longer_rest_that_she_has_stays(pair: Partnership, coordinator: Staff) -> None:
    longer = coordinator.today + 100 * DAY
    Enrolment.objects.filter(pk=pair.mentor_id).update(resting_until=longer, returns_when_asked=True)
    end(coordinator, pair)
    assert Enrolment.objects.get(pk=pair.mentor_id).resting_until == longer


def test_both_get_thanks_in_a_letter_that_tells_nothing(pair: Partnership, coordinator: Staff) -> None:
    closure = end(coordinator, pair)
    letters = Letter.objects.filter(about_id=closure.pk, event="thanks")
    assert {letter.recipient for letter in letters} == {
        f"person:{pair.mentee.person_id}", f"person:{pair.mentor.person_id}",
    }  # fmt: skip


def test_who_wants_no_letter_gets_none(pair: Partnership, coordinator: Staff) -> None:
    closure = fill_in_ending(coordinator, pair)
    services.choose_letters(by=coordinator, closure=closure, thanks={"mentor": True}, may_ask={"mentee": True})
    services.finish_ending(by=coordinator, closure=closure, on=coordinator.today, reason="time")
    letter = Letter.objects.get(event="thanks")
    assert letter.recipient == f"person:{pair.mentor.person_id}"
    assert [one.may_be_asked for one in sides_of(closure)] == [True, False]


def test_nothing_closes_before_contact_and_next_are_settled(pair: Partnership, coordinator: Staff) -> None:
    closure = services.begin_ending(by=coordinator, partnership=pair, scenario="planned")
    with pytest.raises(ValidationError, match="Something is missing"):
        services.finish_ending(by=coordinator, closure=closure, on=coordinator.today, reason="goal")
    assert _seen(pair).state == S.CLOSING


def test_an_old_place_is_looked_at_again_as_it_closes(pair: Partnership, coordinator: Staff) -> None:
    closure = fill_in_ending(coordinator, pair, mentee="old_place")
    services.note_exit_talk(by=coordinator, closure=closure, side="mentee", talk="not_reached")
    with pytest.raises(ValidationError, match="Choose again"):
        services.finish_ending(by=coordinator, closure=closure, on=coordinator.today, reason="no_contact")


def test_freely_only_where_both_want_it(pair: Partnership, coordinator: Staff) -> None:
    closure = services.begin_ending(by=coordinator, partnership=pair, scenario="planned")
    with pytest.raises(ValidationError, match="does not want it"):
        services.settle_contact(by=coordinator, closure=closure, rule="free", wants={"mentee": "no", "mentor": "yes"})
    assert {one.wants_contact for one in sides_of(closure)} == {""}
    services.settle_contact(by=coordinator, closure=closure, rule="free", wants={"mentee": "yes", "mentor": "yes"})
    assert Closure.objects.get().later_contact == "free"


def test_no_day_before_the_match_and_no_contact_of_two_who_must_not_meet(pair: Partnership, coordinator: Staff) -> None:
    closure = services.begin_ending(by=coordinator, partnership=pair, scenario="planned")
    before = coordinator.today - 61 * DAY
    with pytest.raises(ValidationError, match="matched after"):
        services.note_exit_talk(by=coordinator, closure=closure, side="mentee", talk="held", on=before, reason="goal")
    with pytest.raises(ValidationError, match="must not meet"):
        services.settle_contact(by=coordinator, closure=closure, rule="office", wants={}, keeps_apart=True)
    assert (ClosureSide.objects.get(side="mentee").talk, Closure.objects.get().later_contact) == ("", "")


def test_the_remark_is_read_with_a_trace_and_stays_when_none_is_typed(pair: Partnership, coordinator: Staff) -> None:
    closure = services.begin_ending(by=coordinator, partnership=pair, scenario="planned")
    held: dict[str, Any] = {"closure": closure, "side": "mentor", "talk": "held", "reason": "goal"}
    services.note_exit_talk(by=coordinator, **held, remark="Needs rest.")
    services.note_exit_talk(by=coordinator, **held, said="It was good.")
    side = ClosureSide.objects.select_related("closure__partnership").get(side="mentor")
    assert services.read_remark(by=coordinator, side=side) == "Needs rest."
    assert Entry.objects.filter(act="partnerships.read_remark", kind="read").count() == 1


def test_the_two_say_it_differently_and_both_stand(pair: Partnership, coordinator: Staff) -> None:
    closure = services.begin_ending(by=coordinator, partnership=pair, scenario="one_sided", who="mentor")
    services.say_why(by=acting(pair, "mentee"), closure=closure, reason="no_contact", words="She did not call.")
    services.say_why(by=acting(pair, "mentor"), closure=closure, reason="time", contact="no")
    assert {one.side: one.own_reason for one in sides_of(closure)} == {"mentee": "no_contact", "mentor": "time"}
    assert {one.side: one.led_to_it for one in sides_of(closure)} == {"mentee": False, "mentor": True}


# Safety ---------------------------------------------------------------------------------------------------------------


def test_a_safety_ending_works_at_once(pair: Partnership, coordinator: Staff) -> None:
    services.share_contact(by=acting(pair, "mentee"), partnership=pair, what="phone")
    services.plan_meeting(by=acting(pair, "mentee"), partnership=pair, at=coordinator.at + 3 * DAY)
    letters = Letter.objects.count()
    services.begin_ending(by=coordinator, partnership=_seen(pair), scenario="safety", who="mentor")
    stopped = _seen(pair)
    assert (stopped.mentee_shares, stopped.stopped_on) == ("", coordinator.today)
    assert not pair.planned_meetings.filter(called_off_at=None).exists()
    for side in Role:
        with pytest.raises(NotAllowedError):
            services.share_contact(by=acting(pair, side), partnership=stopped, what="phone")
    assert Letter.objects.count() == letters
    assert Task.objects.get(kind=Kind.CLOSING, target_id=pair.pk).due_on == coordinator.today
    assert [(one.has_thanks, one.may_be_asked) for one in ClosureSide.objects.all()] == [(False, False)] * 2


def test_a_safety_ending_closes_without_letters_and_keeps_them_apart(pair: Partnership, coordinator: Staff) -> None:
    closure = fill_in_ending(coordinator, pair, "safety", "mentor", mentee="old_place")
    with pytest.raises(ValidationError, match="No letter"):
        services.choose_letters(by=coordinator, closure=closure, thanks={"mentor": True}, may_ask={})
    services.choose_letters(by=coordinator, closure=closure, thanks={"mentee": True}, may_ask={})
    services.finish_ending(by=coordinator, closure=closure, on=coordinator.today, reason="safety")
    letter = Letter.objects.get(event="thanks")
    assert (letter.recipient, letter.values) == (f"person:{pair.mentee.person_id}", {})
    assert Avoidance.objects.filter(person=pair.mentee.person, other=pair.mentor.person).count() == 1
    with pytest.raises(RefusedError, match="must not meet"):
        services.reopen_partnership(by=coordinator, partnership=_seen(pair), words="A mistake.")


def test_no_other_contact_in_a_safety_ending(pair: Partnership, coordinator: Staff) -> None:
    closure = services.begin_ending(by=coordinator, partnership=pair, scenario="safety")
    with pytest.raises(ValidationError, match="no contact"):
        services.settle_contact(by=coordinator, closure=closure, rule="office", wants={})


def test_they_see_each_other_again_when_it_was_no_matter_of_safety(pair: Partnership, coordinator: Staff) -> None:
    services.share_contact(by=acting(pair, "mentee"), partnership=pair, what="phone")
    services.begin_ending(by=coordinator, partnership=_seen(pair), scenario="safety")
    services.begin_ending(by=coordinator, partnership=_seen(pair), scenario="unplanned")
    again = _seen(pair)
    assert (again.mentee_shares, again.stopped_on) == ("phone", None)
    assert Closure.objects.get().keeps_apart is False


# Back -----------------------------------------------------------------------------------------------------------------


def test_everything_goes_back(pair: Partnership, coordinator: Staff) -> None:
    services.sign_agreement(by=coordinator, partnership=pair, on=coordinator.today - 50 * DAY)
    services.plan_meeting(by=acting(pair, "mentee"), partnership=_seen(pair), at=coordinator.at + 3 * DAY)
    before = list(
        Enrolment.objects.order_by("pk").values("active", "since", "ended_on", "resting_until", "word_due_on")
    )
    closure = end(coordinator, _seen(pair), mentee="leaves")
    later = replace(coordinator, at=coordinator.at + timedelta(seconds=30))
    back = services.reopen_partnership(by=later, partnership=_seen(pair), words="It was another pair.")
    assert (back.state, back.closed_on, back.closing_reason, back.closing_note) == (S.ACTIVE, None, "", "")
    after = list(Enrolment.objects.order_by("pk").values("active", "since", "ended_on", "resting_until", "word_due_on"))
    assert after == before
    assert set(Letter.objects.filter(about_id=closure.pk).values_list("state", flat=True)) == {LetterState.TAKEN_BACK}
    assert pair.planned_meetings.filter(called_off_at=None).count() == 1
    closure.refresh_from_db()
    assert (closure.undone_by, closure.undone_words, closure.reason) == (later.key, "It was another pair.", "time")
    assert standing_closure(pair) is None
    assert Entry.objects.filter(act="partnerships.reopen", object_id=str(pair.pk)).count() == 1
    assert not Task.objects.filter(kind=Kind.PROMISE, done_at=None).exists()


def test_a_letter_that_has_left_is_corrected(pair: Partnership, coordinator: Staff) -> None:
    closure = end(coordinator, pair)
    gone = Letter.objects.filter(event="thanks").order_by("pk").first()
    assert gone is not None
    Letter.objects.filter(pk=gone.pk).update(state=LetterState.SENT, sent_at=coordinator.at)
    services.reopen_partnership(by=coordinator, partnership=_seen(pair), words="A mistake.")
    corrections = Letter.objects.filter(about_id=closure.pk, event="sent_by_mistake")
    assert [one.recipient for one in corrections] == [gone.recipient]


@pytest.mark.parametrize("who", ["mentee", "mentor"])
def test_nothing_goes_back_once_somebody_else_has_the_place(
    who: str, pair: Partnership, coordinator: Staff, division: Division, programme: Programme
) -> None:
    end(coordinator, pair, mentor="ready")
    one = Enrolment.objects.get(pk=getattr(pair, f"{who}_id"))
    other_role = Role.MENTOR if who == "mentee" else Role.MENTEE
    places.hold(by=coordinator, enrolment=one)
    make_enrolment(other_role, division, programme=programme)
    before = list(Enrolment.objects.order_by("pk").values_list("active", "promised"))
    with pytest.raises(NoPlaceLeftError):
        services.reopen_partnership(by=coordinator, partnership=_seen(pair), words="A mistake.")
    assert list(Enrolment.objects.order_by("pk").values_list("active", "promised")) == before
    assert _seen(pair).state == S.CLOSED


def test_a_reason_is_needed_to_go_back(pair: Partnership, coordinator: Staff) -> None:
    end(coordinator, pair)
    with pytest.raises(ValidationError, match="why it was a mistake"):
        services.reopen_partnership(by=coordinator, partnership=_seen(pair), words="  ")


def test_what_came_with_a_spreadsheet_can_be_taken_back(pair: Partnership, coordinator: Staff) -> None:
    services.close_partnership(
        by=coordinator, partnership=pair, on=coordinator.today, reason="unknown", note="As told."
    )
    services.reopen_partnership(by=coordinator, partnership=_seen(pair), words="She still meets her.")
    kept = Closure.objects.get()
    assert (kept.reason, kept.note, kept.undone_words) == ("unknown", "As told.", "She still meets her.")
    assert Enrolment.objects.get(pk=pair.mentee_id).active == 1


def test_an_ending_can_be_begun_anew_after_it_was_taken_back(pair: Partnership, coordinator: Staff) -> None:
    end(coordinator, pair)
    services.reopen_partnership(by=coordinator, partnership=_seen(pair), words="A mistake.")
    services.begin_ending(by=coordinator, partnership=_seen(pair), scenario="planned")
    services.call_ending_off(by=coordinator, partnership=_seen(pair))
    end(coordinator, _seen(pair))
    assert Closure.objects.count() == 3
    assert _seen(pair).state == S.CLOSED


def test_closing_in_one_step_closes_what_was_being_filled_in(pair: Partnership, coordinator: Staff) -> None:
    services.begin_ending(by=coordinator, partnership=pair, scenario="planned")
    services.close_partnership(by=coordinator, partnership=_seen(pair), on=coordinator.today, reason="goal")
    closure = Closure.objects.get()
    assert (closure.reason, closure.ended_on) == ("goal", coordinator.today)
    assert closure.closed_at == coordinator.at


# Longer ---------------------------------------------------------------------------------------------------------------


def test_going_on_finishes_the_task_about_the_end(pair: Partnership, coordinator: Staff) -> None:
    Partnership.objects.filter(pk=pair.pk).update(agreed_until=coordinator.today + 10 * DAY)
    services.begin_ending(by=coordinator, partnership=pair, scenario="planned")
    services.call_ending_off(by=coordinator, partnership=_seen(pair))
    Task.objects.create(
        kind=Kind.ENDING, target_id=pair.pk, division_id=pair.division_id, due_on=coordinator.today,
        created_at=coordinator.at,
    )  # fmt: skip
    until = coordinator.today + 100 * DAY
    with pytest.raises(ValidationError, match="later day"):
        services.extend_agreement(by=coordinator, partnership=_seen(pair), until=coordinator.today + 5 * DAY)
    assert services.extend_agreement(by=coordinator, partnership=_seen(pair), until=until).agreed_until == until
    assert not Task.objects.filter(kind=Kind.ENDING, done_at=None).exists()


def test_a_pause_from_the_desk_is_asked_about_too(pair: Partnership, coordinator: Staff) -> None:
    services.pause_partnership(by=coordinator, partnership=pair)
    task = Task.objects.get(kind=Kind.PAUSED, target_id=pair.pk)
    assert task.due_on == coordinator.today + 28 * DAY


def test_who_left_of_her_own_accord_that_day_is_not_brought_back(pair: Partnership, coordinator: Staff) -> None:
    closure = end(coordinator, pair, mentee="from_now")
    Enrolment.objects.filter(pk=pair.mentee_id).update(ended_on=coordinator.today, end_reason="other")
    with pytest.raises(NoPlaceLeftError):
        services.reopen_partnership(by=coordinator, partnership=closure.partnership, words="A mistake.")


def test_a_rest_that_she_had_asked_for_before_holds_again(pair: Partnership, coordinator: Staff) -> None:
    hers = coordinator.today + timedelta(days=5)
    Enrolment.objects.filter(pk=pair.mentor_id).update(resting_until=hers)
    closure = end(coordinator, pair, until=coordinator.today + timedelta(days=18))
    assert Enrolment.objects.get(pk=pair.mentor_id).resting_until == coordinator.today + timedelta(days=18)
    services.reopen_partnership(by=coordinator, partnership=closure.partnership, words="A mistake.")
    assert Enrolment.objects.get(pk=pair.mentor_id).resting_until == hers
