"""The rules of early signs, one by one: where each begins and where it does not, and what holds for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentornet.followup.sign_kinds import SignKind
from mentornet.followup.signs import DAYS_BETWEEN, PACE_DAYS, PACE_FROM, Known, Sign, signs_of
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.validators import CHOICES
from mentornet.people.enums import Role
from mentornet.programmes.care import Care

ON = date(2026, 3, 2)
DAY = timedelta(days=1)
CARE = Care()
MENTEE, MENTOR = Role.MENTEE.value, Role.MENTOR.value
NEVER = Care(warn_unmet_days=180, warn_pace=0)
"""What leaves the days and the pace out, so that only the answers speak."""


class Asked(NamedTuple):
    """A question and its answer."""

    side: str
    asked_on: date
    answered_on: date | None = None
    going: int | None = None


def known(**given: Any) -> Known:
    values: dict[str, Any] = {
        "state": PartnershipState.ACTIVE,
        "first_met_on": ON - 200 * DAY,
        "met_on": [ON - DAY],
    }
    return Known(**values | given)


def kinds(known: Known, care: Care = CARE) -> list[tuple[str, str]]:
    return [(sign.kind.value, sign.side) for sign in signs_of(known, care, ON)]


def answers(side: str, *going: int | None) -> list[Asked]:
    """Return one question a month, the last one a month ago; ``None`` was left unanswered."""
    asked = []
    for months, one in zip(range(len(going), 0, -1), going, strict=True):
        on = ON - 30 * months * DAY
        asked.append(Asked(side, on, on + DAY if one is not None else None, one))
    return asked


# Not met --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "is_sign"), [(44, False), (45, True), (46, True)])
def test_not_met_for_long_begins_on_the_programmes_day(days: int, is_sign: bool) -> None:
    pair = known(met_on=[ON - days * DAY, ON - 90 * DAY])
    assert kinds(pair) == ([("unmet", "")] if is_sign else [])
    if is_sign:
        assert signs_of(pair, CARE, ON)[0].facts == {
            "last": (ON - days * DAY).isoformat(),
            "days": days,
            "limit": 45,
        }


def test_a_first_meeting_counts_although_no_row_tells_of_it() -> None:
    assert kinds(known(first_met_on=ON - 44 * DAY, met_on=[])) == []
    assert kinds(known(first_met_on=ON - 45 * DAY, met_on=[])) == [("unmet", "")]


def test_after_a_pause_the_days_are_counted_anew() -> None:
    assert kinds(known(met_on=[ON - 120 * DAY], resumed_on=ON - 44 * DAY)) == []
    assert kinds(known(met_on=[ON - 120 * DAY], resumed_on=ON - 45 * DAY)) == [("unmet", "")]


def test_a_meeting_that_is_still_to_come_does_not_count() -> None:
    assert kinds(known(met_on=[ON - 60 * DAY, ON + DAY])) == [("unmet", "")]


def test_a_matched_pair_has_its_own_task_and_no_sign_of_the_days() -> None:
    # "Matched, not met" is asked about after two weeks already.
    assert kinds(known(state=PartnershipState.MATCHED, first_met_on=None, met_on=[])) == []
    assert kinds(known(state=PartnershipState.MATCHED, met_on=[ON - 100 * DAY])) == []


@pytest.mark.parametrize(
    "state", [state for state in PartnershipState if state not in {PartnershipState.ACTIVE, PartnershipState.MATCHED}]
)
def test_nothing_is_expected_of_who_rests_or_is_ending(state: PartnershipState) -> None:
    pair = known(state=state, met_on=[], check_ins=answers(MENTEE, 5, 1), agreed_on=ON - 100 * DAY, frequency="week")
    assert kinds(pair) == []
    assert kinds(known(met_on=[], check_ins=answers(MENTEE, 5, 1))) == [("unmet", ""), ("falling", MENTEE)]


# Answers that fall ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("going", "is_sign"),
    [
        ((4, 3), False),
        ((5, 3), True),
        ((4, 2), True),
        ((3,), False),
        ((2,), True),
        ((1,), True),
        # Low before, well now: it is over.
        ((1, 4), False),
        # The one before last is not the one before.
        ((5, 4, 3), False),
        # What was left unanswered lies between; the answers are compared.
        ((5, None, 3), True),
    ],
)
def test_falling_answers(going: Sequence[int | None], is_sign: bool) -> None:
    assert kinds(known(check_ins=answers(MENTOR, *going)), NEVER) == ([("falling", MENTOR)] if is_sign else [])


def test_falling_answers_tell_both_numbers_and_days() -> None:
    asked = answers(MENTEE, 4, 2)
    (sign,) = signs_of(known(check_ins=asked), CARE, ON)
    assert sign == Sign(
        SignKind.FALLING,
        MENTEE,
        {
            "going": 2,
            "on": str(asked[1].answered_on),
            "before": 4,
            "before_on": str(asked[0].answered_on),
        },
    )


def test_each_side_has_its_own() -> None:
    both = [*answers(MENTEE, 5, 1), *answers(MENTOR, 1)]
    assert kinds(known(check_ins=both)) == [("falling", MENTEE), ("falling", MENTOR)]


def test_a_programme_says_how_far_is_far() -> None:
    pair = known(check_ins=answers(MENTEE, 5, 3))
    assert kinds(pair, Care(warn_fall=3)) == []
    assert kinds(pair, Care(warn_fall=4, warn_low=3)) == [("falling", MENTEE)]


# Silence --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mentee", "mentor", "expected"),
    [
        ((4, None), (4, 4), []),
        ((4, None, None), (4, 4, 4), [("one_silent", MENTEE)]),
        ((4, 4, 4), (None, None, None), [("one_silent", MENTOR)]),
        ((4, None, None), (4, None, None), [("both_silent", "")]),
        # One answer breaks the row.
        ((None, None, 4), (4, 4, 4), []),
        # The other one is quiet too, though not for as long: she has answered once.
        ((None, None, None), (4, 4, None), [("one_silent", MENTEE)]),
        # Nobody has ever answered on the other side: nothing to compare with.
        ((None, None), (None,), []),
        ((None, None), (), []),
        ((None, None), (None, None), [("both_silent", "")]),
    ],
)
def test_silence(mentee: Any, mentor: Any, expected: list[tuple[str, str]]) -> None:
    asked = [*answers(MENTEE, *mentee), *answers(MENTOR, *mentor)]
    assert kinds(known(check_ins=asked), NEVER) == expected


@pytest.mark.parametrize(("days", "is_sign"), [(6, False), (7, True)])
def test_a_question_of_this_week_is_not_unanswered_yet(days: int, is_sign: bool) -> None:
    asked = [
        Asked(MENTEE, ON - 60 * DAY),
        Asked(MENTEE, ON - days * DAY),
        Asked(MENTOR, ON - 60 * DAY, ON - 59 * DAY, 4),
    ]
    assert kinds(known(check_ins=asked)) == ([("one_silent", MENTEE)] if is_sign else [])


# The pace -------------------------------------------------------------------------------------------------------------


def every(days: int, count: int) -> list[date]:
    return [ON - days * number * DAY for number in range(count)]


@pytest.mark.parametrize(
    ("frequency", "met", "is_sign"),
    [
        ("week", 5, True),
        ("week", 6, False),
        ("fortnight", 2, True),
        ("fortnight", 3, False),
        ("three_weeks", 1, True),
        ("three_weeks", 2, False),
        ("month", 1, True),
        ("month", 2, False),
        ("", 1, False),
        ("now and then", 1, False),
    ],
)
def test_half_as_often_as_agreed(frequency: str, met: int, is_sign: bool) -> None:
    pair = known(met_on=every(7, met), agreed_on=ON - 200 * DAY, frequency=frequency)
    assert kinds(pair) == ([("pace", "")] if is_sign else [])


@pytest.mark.parametrize(("days", "is_sign"), [(PACE_FROM - 1, False), (PACE_FROM, True)])
def test_an_agreement_must_have_run_for_a_while(days: int, is_sign: bool) -> None:
    # Three of the eight and a half that sixty days of every week would have brought.
    agreed = known(met_on=every(7, 3), agreed_on=ON - days * DAY, frequency="week")
    resumed = known(met_on=every(7, 3), agreed_on=ON - 300 * DAY, resumed_on=ON - days * DAY, frequency="week")
    for pair in (agreed, resumed):
        assert kinds(pair) == ([("pace", "")] if is_sign else [])


def test_a_day_told_twice_is_one_meeting_and_an_old_one_none() -> None:
    met = [ON - DAY, ON - DAY, ON - 8 * DAY, ON - 8 * DAY, ON - PACE_DAYS * DAY]
    (sign,) = signs_of(known(met_on=met, agreed_on=ON - 200 * DAY, frequency="fortnight"), CARE, ON)
    assert sign.facts == {"met": 2, "agreed": 6, "days": 84, "frequency": "fortnight"}


def test_who_has_not_met_for_long_is_not_told_the_pace_besides() -> None:
    assert kinds(known(met_on=[], agreed_on=ON - 200 * DAY, frequency="week")) == [("unmet", "")]
    assert kinds(known(met_on=[], agreed_on=ON - 200 * DAY, frequency="week"), Care(warn_unmet_days=180)) == [
        ("unmet", "")
    ]


def test_every_frequency_of_an_agreement_is_known() -> None:
    assert set(DAYS_BETWEEN) == set(CHOICES["frequency"])


# What holds for all ---------------------------------------------------------------------------------------------------

DAYS = st.integers(0, 400).map(lambda days: ON - days * DAY)
CHECK_INS = st.lists(
    st.builds(
        lambda side, asked, after, going: Asked(side, asked, asked + after * DAY if going else None, going),
        st.sampled_from([MENTEE, MENTOR]),
        DAYS,
        st.integers(0, 20),
        st.none() | st.integers(1, 5),
    ),
    max_size=10,
).map(lambda asked: sorted(asked, key=lambda one: one.asked_on))
PAIRS = st.builds(
    Known,
    state=st.sampled_from([PartnershipState.MATCHED, PartnershipState.ACTIVE, PartnershipState.PAUSED]),
    first_met_on=st.none() | DAYS,
    met_on=st.lists(DAYS, max_size=12),
    resumed_on=st.none() | DAYS,
    agreed_on=st.none() | DAYS,
    frequency=st.sampled_from(["", *DAYS_BETWEEN]),
    check_ins=CHECK_INS,
)


@given(PAIRS)
def test_one_of_each_kind_and_side_and_all_numbers_can_be_kept(pair: Known) -> None:
    found = signs_of(pair, CARE, ON)
    assert len({(sign.kind, sign.side) for sign in found}) == len(found)
    assert all(type(value) in {int, str} for sign in found for value in sign.facts.values())
    assert all((sign.side != "") == (sign.kind in {SignKind.FALLING, SignKind.ONE_SILENT}) for sign in found)


@given(PAIRS)
def test_the_order_in_which_meetings_were_told_does_not_matter(pair: Known) -> None:
    turned = Known(**{name: getattr(pair, name) for name in Known.__slots__} | {"met_on": [*reversed(pair.met_on)]})
    assert signs_of(turned, CARE, ON) == signs_of(pair, CARE, ON)


@given(PAIRS)
def test_one_more_meeting_today_never_makes_a_sign(pair: Known) -> None:
    more = Known(**{name: getattr(pair, name) for name in Known.__slots__} | {"met_on": [*pair.met_on, ON]})
    before, after = signs_of(pair, CARE, ON), signs_of(more, CARE, ON)
    # Who had not met at all may now be seen to meet too seldom: the weaker word for the same.
    named = {(sign.kind, sign.side) for sign in before}
    told = {(sign.kind, sign.side) for sign in after}
    assert told <= named | ({(SignKind.PACE, "")} if (SignKind.UNMET, "") in named else set())


@given(PAIRS, st.integers(14, 179))
def test_a_stricter_programme_sees_no_less(pair: Known, days: int) -> None:
    def of(care: Care) -> set[str]:
        return {sign.kind.value for sign in signs_of(pair, care, ON)} & {"unmet"}

    assert of(Care(warn_unmet_days=days + 1)) <= of(Care(warn_unmet_days=days))
