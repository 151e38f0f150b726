"""Every act in every state of a partnership: what follows, or which sentence refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import pytest
from django.core.exceptions import ValidationError

from mentornet.agenda.models import Kind, Task
from mentornet.audit.models import Entry
from mentornet.common.answers import NotAllowedError, RefusedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.partnerships import services
from mentornet.partnerships.enums import PARTNERSHIP_STEPS, PartnershipState
from mentornet.partnerships.models import Meeting, Note, Partnership
from mentornet.partnerships.queries import not_met, visible_partnerships, with_last_meeting
from mentornet.partnerships.rules import may_work_on
from mentornet.programmes.models import Programme
from partnerships.couples import make_couple

pytestmark = pytest.mark.django_db

S = PartnershipState
DAY = timedelta(days=1)
ACTS: Final[dict[str, Callable[[Staff, Partnership], object]]] = {
    "meet": lambda by, pair: services.record_meeting(by=by, partnership=pair, on=by.today - DAY),
    "sign": lambda by, pair: services.sign_agreement(by=by, partnership=pair, on=by.today),
    "pause": lambda by, pair: services.pause_partnership(by=by, partnership=pair),
    "resume": lambda by, pair: services.resume_partnership(by=by, partnership=pair),
    "close": lambda by, pair: services.close_partnership(by=by, partnership=pair, on=by.today, reason="goal"),
    "note": lambda by, pair: services.add_note(by=by, partnership=pair, text="Both were early.", author_name=by.name),
}
# What follows from each act in each state; None where it is refused. The pair has met once and has not signed.
FOLLOWS: Final[dict[S, dict[str, S | None]]] = {
    S.MATCHED: {"meet": S.MATCHED, "sign": S.ACTIVE, "pause": S.PAUSED, "resume": None, "close": S.CLOSED},
    S.ACTIVE: {"meet": S.ACTIVE, "sign": S.ACTIVE, "pause": S.PAUSED, "resume": None, "close": S.CLOSED},
    S.PAUSED: {"meet": S.PAUSED, "sign": S.PAUSED, "pause": None, "resume": S.MATCHED, "close": S.CLOSED},
    S.CLOSING: {"meet": S.CLOSING, "sign": S.CLOSING, "pause": None, "resume": None, "close": S.CLOSED},
    S.CLOSED: {"meet": None, "sign": None, "pause": None, "resume": None, "close": None},
}


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    before = coordinator.today - 10 * DAY
    return make_couple(coordinator, division, programme, matched_on=before, first_met_on=before)


def _bring_to(pair: Partnership, state: S) -> Partnership:
    changes: dict[str, object] = {"state": state}
    if state == S.CLOSED:
        changes |= {"closing_reason": "goal", "closed_on": pair.matched_on}
    Partnership.objects.filter(pk=pair.pk).update(**changes)
    return Partnership.objects.select_related("mentee__person", "mentor__person", "division").get(pk=pair.pk)


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("act", ACTS)
def test_every_act_in_every_state(act: str, state: S, pair: Partnership, coordinator: Staff) -> None:
    pair = _bring_to(pair, state)
    # A closed pair may still be written about: what was learned afterwards belongs to its story.
    after = state if act == "note" else FOLLOWS[state][act]
    entries = Entry.objects.count()
    if after is None:
        with pytest.raises(RefusedError) as refusal:
            ACTS[act](coordinator, pair)
        assert str(refusal.value)
        assert Entry.objects.count() == entries
        assert Partnership.objects.get(pk=pair.pk).state == state
    else:
        ACTS[act](coordinator, pair)
        assert Partnership.objects.get(pk=pair.pk).state == after
        assert Entry.objects.count() > entries


def test_the_table_of_steps_is_the_one_tested() -> None:
    for state, acts in FOLLOWS.items():
        steps = {after for after in acts.values() if after is not None and after != state}
        assert steps <= set(PARTNERSHIP_STEPS.table[state])


def test_the_first_meeting_and_the_agreement_make_it_active(
    coordinator: Staff, division: Division, programme: Programme
) -> None:
    pair = make_couple(coordinator, division, programme, matched_on=coordinator.today - 3 * DAY)
    assert Task.objects.filter(kind=Kind.NOT_MET, target_id=pair.pk, done_at=None).exists()
    services.record_meeting(by=coordinator, partnership=pair, on=coordinator.today)
    assert not Task.objects.filter(kind=Kind.NOT_MET, target_id=pair.pk, done_at=None).exists()
    pair.refresh_from_db()
    assert (pair.state, pair.first_met_on) == (S.MATCHED, coordinator.today)
    services.sign_agreement(by=coordinator, partnership=pair, on=coordinator.today)
    pair.refresh_from_db()
    assert pair.state == S.ACTIVE
    acts = list(Entry.objects.filter(object_id=str(pair.pk)).order_by("pk").values_list("act", flat=True))
    assert acts == ["partnerships.open", "partnerships.meet", "partnerships.sign", "partnerships.begin"]


@pytest.mark.parametrize(("days", "words"), [(1, "still to come"), (-11, "matched after that day")])
def test_a_meeting_on_a_day_that_cannot_be_is_refused(
    days: int, words: str, pair: Partnership, coordinator: Staff
) -> None:
    with pytest.raises(ValidationError, match=words):
        services.record_meeting(by=coordinator, partnership=pair, on=coordinator.today + days * DAY)
    assert Meeting.objects.count() == 1


def test_the_same_day_is_not_told_twice(pair: Partnership, coordinator: Staff) -> None:
    services.record_meeting(by=coordinator, partnership=pair, on=coordinator.today)
    with pytest.raises(ValidationError, match="stands here already"):
        services.record_meeting(by=coordinator, partnership=pair, on=coordinator.today)


def test_the_same_note_pressed_twice_is_one(pair: Partnership, coordinator: Staff) -> None:
    for _ in range(2):
        services.add_note(by=coordinator, partnership=pair, text=" They laughed. ", author_name="Inger")
    assert [note.text for note in Note.objects.all()] == ["They laughed."]


def test_closing_frees_both_places(pair: Partnership, coordinator: Staff) -> None:
    services.close_partnership(by=coordinator, partnership=pair, on=coordinator.today, reason="agreed")
    for side in (pair.mentee, pair.mentor):
        side.refresh_from_db()
        assert (side.active, side.promised, side.since) == (0, 0, coordinator.today)
    assert (pair.mentee.ended_on, pair.mentee.end_reason) == (coordinator.today, "done")
    assert pair.mentor.ended_on is None
    assert not Task.objects.filter(target_id=pair.pk, done_at=None).exists()


def test_a_mentee_who_waits_again_is_promised_a_word(pair: Partnership, coordinator: Staff) -> None:
    services.close_partnership(
        by=coordinator, partnership=pair, on=coordinator.today, reason="mismatch", mentee_waits_again=True
    )
    pair.mentee.refresh_from_db()
    assert pair.mentee.ended_on is None
    assert pair.mentee.word_due_on == coordinator.today + timedelta(days=28)
    assert Task.objects.filter(kind=Kind.PROMISE, target_id=pair.mentee_id, done_at=None).count() == 1


def test_closing_before_the_match_is_refused(pair: Partnership, coordinator: Staff) -> None:
    with pytest.raises(ValidationError):
        services.close_partnership(by=coordinator, partnership=pair, on=coordinator.today - 20 * DAY, reason="goal")
    pair.refresh_from_db()
    assert pair.state == S.MATCHED


@pytest.mark.parametrize("act", ACTS)
def test_the_mentors_division_sees_and_does_not_touch(
    act: str, coordinator: Staff, other_coordinator: Staff, division: Division, other_division: Division,
    programme: Programme,
) -> None:  # fmt: skip
    pair = make_couple(coordinator, division, programme, mentor_division=other_division)
    assert visible_partnerships(other_coordinator).filter(pk=pair.pk).exists()
    assert not may_work_on(other_coordinator, pair)
    before = Entry.objects.count()
    with pytest.raises(NotAllowedError):
        ACTS[act](other_coordinator, pair)
    assert Entry.objects.count() == before


def test_what_may_be_worked_on_is_visible_for_every_role(
    coordinator: Staff, other_coordinator: Staff, division_lead: Staff, national_lead: Staff, administrator: Staff,
    division: Division, other_division: Division, programme: Programme,
) -> None:  # fmt: skip
    pairs = [make_couple(coordinator, division, programme)]
    pairs.append(make_couple(other_coordinator, other_division, programme))
    for staff in (coordinator, other_coordinator, division_lead, national_lead, administrator):
        seen = set(visible_partnerships(staff).values_list("pk", flat=True))
        assert seen == {pair.pk for pair in pairs if may_work_on(staff, pair)}, staff


def test_the_last_meeting_and_those_who_have_not_met(
    pair: Partnership, coordinator: Staff, division: Division, programme: Programme
) -> None:
    late = make_couple(coordinator, division, programme, matched_on=coordinator.today - 20 * DAY)
    services.record_meeting(by=coordinator, partnership=pair, on=coordinator.today - DAY)
    every = visible_partnerships(coordinator)
    found = with_last_meeting(every).get(pk=pair.pk)
    assert (vars(found)["last_met_on"], vars(found)["meeting_count"]) == (coordinator.today - DAY, 2)
    assert list(not_met(every, coordinator.today - 14 * DAY)) == [late]
