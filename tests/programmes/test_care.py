"""What a programme may say about how its pairs are looked after."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from mentornet.programmes.care import LIMITS, Care, check_care

LISTS = {"scale_months", "follow_up_months"}


def test_the_defaults_are_within_their_own_limits() -> None:
    whole = {one.name: getattr(Care(), one.name) for one in fields(Care)}
    assert set(whole) == set(LIMITS)
    check_care({name: list(value) if isinstance(value, tuple) else value for name, value in whole.items()})


def test_a_version_keeps_only_what_it_chooses_otherwise() -> None:
    assert Care().chosen() == {}
    chosen = Care(call_days=45, scale_months=(2,)).chosen()
    assert chosen == {"call_days": 45, "scale_months": [2]}
    assert Care.of(chosen) == Care(call_days=45, scale_months=(2,))


@pytest.mark.parametrize("name", sorted(set(LIMITS) - LISTS))
@pytest.mark.parametrize("wrong", ["low", "high", "text", "truth", "nothing", "part"])
def test_a_number_out_of_bounds_is_refused(name: str, wrong: str) -> None:
    low, high = LIMITS[name]
    value: Any = {"low": low - 1, "high": high + 1, "text": "7", "truth": True, "nothing": None, "part": low + 0.5}
    with pytest.raises(ValidationError, match=name):
        check_care({name: value[wrong]})
    check_care({name: low})
    check_care({name: high})


@pytest.mark.parametrize(
    "value", [3, "3", [0], [3, 3], [6, 3], [3, True], [3, "6"], [1, 2, 3, 4, 5, 6, 7], None, {"3": 6}]
)
@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_list_of_months_is_in_order_and_each_once(name: str, value: object) -> None:
    with pytest.raises(ValidationError, match=name):
        check_care({name: value})
    check_care({name: []})


@pytest.mark.parametrize("value", [None, [], "", 3, {"call_day": 30}])
def test_what_is_no_care_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        check_care(value)


@given(st.dictionaries(st.sampled_from(sorted(LIMITS)), st.one_of(st.integers(), st.lists(st.integers(1, 24)))))
def test_whatever_is_not_refused_can_be_used(chosen: dict[str, Any]) -> None:
    try:
        check_care(chosen)
    except ValidationError:
        return
    kept = Care.of(chosen)
    assert Care.of(kept.chosen()) == kept
