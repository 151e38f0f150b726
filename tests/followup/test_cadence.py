"""When a pair is called: two years of its life, day by day, and what each of its days asks for."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentornet.agenda.models import Kind
from mentornet.common.holidays import is_holiday
from mentornet.followup.cadence import Due, Standing, Why, due_of, months_after
from mentornet.partnerships.enums import PartnershipState
from mentornet.programmes.care import LIMITS, Care

DAY: Final = timedelta(days=1)
MATCHED: Final = date(2026, 3, 2)
AT: Final = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PAIR: Final = Standing(state="matched", known_at=AT, matched_on=MATCHED)
ACTIVE: Final = replace(PAIR, state="active", first_met_on=MATCHED)


def due(pair: Standing, care: Care | None = None, today: date = MATCHED) -> dict[str, Due]:
    found = list(due_of(pair, care or Care(), today))
    assert len({one.kind for one in found}) == len(found)
    return {one.kind: one for one in found}


def call(pair: Standing, care: Care | None = None) -> tuple[date, str]:
    found = due(pair, care)[Kind.CONTACT]
    return found.on, str(found.words["why"])


@pytest.mark.parametrize(
    ("at", "hours", "expected"),
    [
        (datetime(2026, 3, 2, 9, 30, tzinfo=UTC), 48, date(2026, 3, 4)),
        # Twenty-three hours and a half later it is still the next day; an hour more, and it is the one after.
        (datetime(2026, 3, 2, 22, 30, tzinfo=UTC), 24, date(2026, 3, 3)),
        (datetime(2026, 3, 2, 22, 30, tzinfo=UTC), 25, date(2026, 3, 4)),
        # Counted through the weekend, and moved off it.
        (datetime(2026, 3, 6, 9, 30, tzinfo=UTC), 48, date(2026, 3, 9)),
        # Maundy Thursday to Easter Monday nobody calls.
        (datetime(2026, 3, 31, 9, 30, tzinfo=UTC), 48, date(2026, 4, 7)),
    ],
)
def test_first_call_is_so_many_hours_after_the_match(at: datetime, hours: int, expected: date) -> None:
    pair = replace(PAIR, known_at=at, matched_on=at.date())
    assert call(pair, Care(first_call_hours=hours)) == (expected, Why.FIRST)


def test_a_match_written_down_late_is_called_at_once_and_one_from_elsewhere_in_its_turn() -> None:
    late = replace(PAIR, known_at=AT + 5 * DAY)
    assert call(late) == (date(2026, 3, 9), Why.FIRST)
    days = {call(replace(PAIR, known_at=AT + 400 * DAY, spread=number))[0] for number in range(60)}
    assert {call(replace(PAIR, known_at=AT + 400 * DAY, spread=number))[1] for number in range(60)} == {Why.UNKNOWN}
    assert len(days) > 15
    known_on = (AT + 400 * DAY).date()
    assert known_on < min(days)
    assert max(days) <= known_on + timedelta(days=Care().call_days + 7)


def test_calls_follow_each_other_as_care_has_it() -> None:
    pair, days = replace(ACTIVE, agreed_until=None), []
    for _number in range(14):
        on, why = call(pair)
        days.append(((on - MATCHED).days, why))
        pair = replace(pair, talked_on=on, talked_with="both")
    assert days == [
        (2, "first"),
        (17, "month"),
        (36, "month"),  # from Good Friday to the Tuesday after Easter
        (66, "usual"),
        (98, "usual"),  # from a Saturday
        (128, "usual"),
        (158, "usual"),
        (189, "usual"),
        (280, "settled"),
        (371, "settled"),
        (462, "settled"),
        (553, "settled"),
        (644, "settled"),
        (735, "settled"),
    ]


def test_two_years_of_a_pair_day_by_day() -> None:
    """A coordinator who calls on the day never has two calls open, and each day is one on which an office works."""
    care, pair, today, open_on, made = Care(), PAIR, MATCHED, None, []
    while today < MATCHED + 730 * DAY:
        if today == MATCHED + 12 * DAY:
            pair = replace(pair, state="active", first_met_on=today, agreed_until=months_after(today, 12))
        found = due(pair, care, today)
        on = found[Kind.CONTACT].on
        assert not is_holiday(on)
        assert on.weekday() < 5
        if open_on is not None:
            # Nothing but a talk moves what is open.
            assert on == open_on
        open_on = on
        if today == on:
            made.append(on)
            pair, open_on = replace(pair, talked_on=today), None
        assert on >= today
        today += DAY
    gaps = [(later - earlier).days for earlier, later in itertools.pairwise(made)]
    assert len([on for on in made if on < MATCHED + 30 * DAY]) == 2
    assert max(gaps) <= care.settled_call_days + 5
    assert all(gap <= care.call_days + 5 for gap, on in zip(gaps, made[1:], strict=True) if on < MATCHED + 180 * DAY)
    assert gaps[-1] >= care.settled_call_days - 1


def test_what_was_agreed_goes_before_the_rhythm_but_never_beyond_a_quarter() -> None:
    talked = replace(ACTIVE, talked_on=date(2026, 6, 1), agreed_on=date(2026, 6, 10))
    assert call(talked) == (date(2026, 6, 10), Why.AGREED)
    far = replace(talked, agreed_on=date(2027, 5, 1))
    assert call(far) == (date(2026, 8, 31), Why.AGREED)


def test_nobody_reached_moves_to_the_next_working_day_and_not_before_its_own() -> None:
    friday = date(2026, 7, 3)
    tried = replace(ACTIVE, talked_on=date(2026, 6, 1), tried_on=friday)
    assert call(tried) == (date(2026, 7, 6), Why.TRIED)
    named = replace(tried, again_on=date(2026, 7, 9))
    assert call(named) == (date(2026, 7, 9), Why.TRIED)
    early = replace(tried, tried_on=date(2026, 6, 4))
    assert call(early)[1] == Why.USUAL


@pytest.mark.parametrize("state", PartnershipState)
def test_what_each_state_asks_for(state: PartnershipState) -> None:
    pair = Standing(state=state, known_at=AT, matched_on=MATCHED, agreed_until=date(2027, 3, 2))
    if state == PartnershipState.ACTIVE:
        pair = replace(pair, first_met_on=MATCHED)
    expected = {
        PartnershipState.MATCHED: {Kind.CONTACT, Kind.NOT_MET, Kind.ENDING},
        PartnershipState.ACTIVE: {Kind.CONTACT, Kind.ENDING},
        PartnershipState.PAUSED: {Kind.PAUSED},
        PartnershipState.CLOSING: set(),
        PartnershipState.CLOSED: set(),
    }[state]
    assert set(due(pair)) == expected


def test_days_of_not_met_ending_and_pause() -> None:
    care = Care(not_met_days=21, ending_days=60)
    found = due(replace(PAIR, agreed_until=date(2026, 12, 1)), care)
    assert found[Kind.NOT_MET].on == MATCHED + 21 * DAY
    assert found[Kind.ENDING].on == date(2026, 10, 2)
    paused = replace(PAIR, state="paused", paused_until=date(2026, 5, 2))
    # A Saturday.
    assert due(paused)[Kind.PAUSED].on == date(2026, 5, 4)
    asked = replace(paused, asked_on=date(2026, 5, 4))
    assert due(asked, today=date(2026, 5, 5))[Kind.PAUSED].on == date(2026, 6, 1)
    open_end = replace(paused, paused_until=None)
    assert due(open_end)[Kind.PAUSED].on == MATCHED + 28 * DAY


@given(
    st.builds(
        Care,
        **{
            name: st.integers(*LIMITS[name])
            for name in ("first_call_hours", "first_month_calls", "call_days", "settled_months", "settled_call_days")
        },
    ),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.integers(0, 900),
)
def test_whatever_care_says_nobody_is_forgotten_for_longer_than_a_quarter(care: Care, matched: date, age: int) -> None:
    at = datetime.combine(matched, AT.time(), tzinfo=UTC)
    pair = Standing(state="active", known_at=at, matched_on=matched, first_met_on=matched)
    talked = replace(pair, talked_on=matched + timedelta(days=age))
    (on, _why), (first, _) = call(talked, care), call(pair, care)
    assert timedelta(days=3) <= on - matched - timedelta(days=age) <= timedelta(days=91 + 6)
    assert matched <= first <= matched + timedelta(hours=care.first_call_hours) + timedelta(days=7)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 8, 15), 12, date(2027, 8, 15)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
    ],
)
def test_months_are_counted_on_the_calendar(day: date, months: int, expected: date) -> None:
    assert months_after(day, months) == expected
