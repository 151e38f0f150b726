"""Own criteria as data: read and written alike, refused with every complaint; and the cells that answer them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.customs import CHOICES, a_custom, every_custom
from reference.cells import Cell, CellReader
from reference.custom_cells import read_answer
from reference.customs import (
    MOST,
    Compared,
    Custom,
    Kind,
    UnusableCustomsError,
    Wishes,
    as_asked,
    read_customs,
    written,
    written_all,
)
from reference.people import Answer, Role

USUAL: dict[str, object] = {
    "key": "shifts",
    "names": {"en": "Works shifts", "da": "Har skiftende vagter"},
    "kind": "yes-no",
    "compared": "same",
    "wishes": "both",
    "weight": 10,
    "neutral": 0.5,
}


def complaints(*entries: object) -> list[tuple[str, str]]:
    with pytest.raises(UnusableCustomsError) as raised:
        read_customs(list(entries))
    return [(place, message.text("en")) for place, message in raised.value.complaints]


@pytest.mark.parametrize("custom", every_custom(), ids=lambda custom: custom.key)
def test_what_is_written_is_read_again(custom: Custom) -> None:
    assert read_customs([written(custom)]) == (custom,)
    rule = read_customs([written(a_custom("rule", is_rule=True, weight=0.0))])
    assert rule[0].is_rule
    assert written_all(rule) == [written(rule[0])]


@pytest.mark.parametrize(
    ("change", "place", "said"),
    [
        ({"key": "Shifts"}, "1 key", "expected a key of its own: small letters, digits and _, a letter first"),
        ({"names": {}}, "1 names", "expected a name, in one language at least"),
        ({"names": {"en": "x" * 81}}, "1 names", "expected a name of at most 80 signs"),
        ({"kind": "colour"}, "1 kind", "expected one of yes-no, list, number, level"),
        ({"compared": "overlap"}, "1 compared", "expected one of same, at least"),
        ({"compared": "at least"}, "1 wishes", "“at least” needs one of the two who wishes, mentee or mentor"),
        ({"wishes": "all"}, "1 wishes", "expected one of mentee, mentor, both"),
        ({"rule": "yes"}, "1 rule", "expected true or false"),
        ({"weight": -1}, "1 weight", "expected a number from 0 to 1000000"),
        ({"weight": float("nan")}, "1 weight", "expected a number from 0 to 1000000"),
        ({"neutral": 2}, "1 neutral", "expected a number from 0 to 1"),
        ({"kind": "list", "choices": ["one"]}, "1 choices", "expected 2 to 10 choices"),
        ({"kind": "number", "low": 3, "high": 3}, "1 high", "expected a whole number from 4 to 1003"),
        (
            {"kind": "number", "compared": "near", "high": 9, "span": 10},
            "1 span",
            "expected a whole number from 0 to 9",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_at_its_place(change: dict[str, object], place: str, said: str) -> None:
    assert complaints({**USUAL, **change}) == [(place, said)]


def test_everything_is_complained_of_at_once() -> None:
    found = complaints(USUAL, USUAL, "nothing", {**USUAL, "key": "b", "colour": "blue"})
    assert [place for place, _ in found] == ["2 key", "3", "4 colour"]
    assert complaints(*[{**USUAL, "key": f"k{number}"} for number in range(MOST + 1)]) == [
        ("", "expected at most 12 of them")
    ]
    assert complaints({**USUAL, "kind": "list", "choices": ["a", "a"]})[0][0] == "1 choices 2"


@pytest.mark.parametrize("language", ["en", "da", "ar", "fa", "uk"])
def test_a_barred_name_is_refused_in_whatever_language_it_stands(language: str) -> None:
    words = {"en": "Religion", "da": "Trosretning", "ar": "الديانة", "fa": "مذهب", "uk": "Релігія"}
    found = complaints({**USUAL, "names": {"en": "Works shifts", language: words[language]}})
    said = f"“{words[language]}” reads as religion or belief. Nobody is matched by it here: choose something else."
    assert found == [("1 names", said)]
    choices = [{"key": "a", "names": {language: words[language]}}, {"key": "b", "names": {language: "B"}}]
    assert complaints({**USUAL, "kind": "list", "choices": choices}) == [("1 choices 1", said)]


def test_an_answer_that_cannot_be_chosen_is_unknown() -> None:
    number = a_custom(kind=Kind.NUMBER, low=2, high=6)
    level = a_custom(kind=Kind.LEVEL, choices=CHOICES)
    several = a_custom(kind=Kind.LIST, choices=CHOICES)
    assert [number.number_of(answer) for answer in (1, 2, 6, 7, True, "2", None)] == [-1, 2, 6, -1, -1, -1, -1]
    assert [level.number_of(answer) for answer in ("few", "many", "none", 1)] == [0, 2, -1, -1]
    assert [several.number_of(answer) for answer in (("few", "many"), ("none",), (), "few")] == [5, -1, -1, -1]
    assert [a_custom().number_of(answer) for answer in (True, False, 1, 0)] == [1, 0, -1, -1]


def test_who_wishes() -> None:
    assert [a_custom(wishes=wishes).is_wish_of(Role.MENTEE) for wishes in Wishes] == [True, False, True]
    assert [a_custom(wishes=wishes).is_wish_of(Role.MENTOR) for wishes in Wishes] == [False, True, True]


def test_names_and_weights_are_no_part_of_what_is_asked() -> None:
    one = a_custom(kind=Kind.LEVEL, choices=CHOICES)
    assert as_asked([one]) == as_asked([a_custom(kind=Kind.LEVEL, choices=CHOICES, weight=3.0, names={"en": "Other"})])
    assert as_asked([one]) != as_asked([a_custom(kind=Kind.LEVEL, choices=CHOICES[:2])])
    assert as_asked([one]) != as_asked([a_custom(kind=Kind.LEVEL, choices=CHOICES, compared=Compared.NEAR)])


@pytest.mark.parametrize(
    ("kind", "cell", "answer"),
    [
        (Kind.YES_NO, "ja", True),
        (Kind.YES_NO, False, False),
        (Kind.NUMBER, "3", 3),
        (Kind.NUMBER, 4, 4),
        (Kind.LEVEL, "Some", "some"),
        (Kind.LEVEL, "MANY", "many"),
        (Kind.LIST, "many; Few; many", ("many", "few")),
        (Kind.LIST, "", None),
        (Kind.LEVEL, " ", None),
    ],
)
def test_a_cell_answers_by_key_or_by_name(kind: Kind, cell: Cell, answer: Answer | None) -> None:
    custom = a_custom(kind=kind, choices=CHOICES, low=2, high=6)
    verdict = read_answer(CellReader(), custom, cell)
    assert (verdict.value, verdict.faults) == (answer, ())


@pytest.mark.parametrize(
    ("kind", "cell", "said"),
    [
        (Kind.YES_NO, "perhaps", "expected yes or no"),
        (Kind.NUMBER, "7", "expected a whole number from 2 to 6"),
        (Kind.NUMBER, "much", "expected a whole number, 0 or more"),
        (Kind.LEVEL, "few; some", "expected one of these: Few, Some and Many"),
        (Kind.LIST, "few; lots", "expected one of these: Few, Some and Many"),
        (Kind.LIST, date(2026, 1, 1), None),
    ],
)
def test_any_other_cell_is_a_fault(kind: Kind, cell: Cell, said: str | None) -> None:
    custom = a_custom(kind=kind, choices=CHOICES, low=2, high=6)
    verdict = read_answer(CellReader(), custom, cell)
    assert verdict.value is None
    assert said is None or [fault.text("en") for fault in verdict.faults] == [said]


_NAMES = [*USUAL, "choices", "low", "high", "span", "rule"]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_NAMES), inner, max_size=6),
)


@given(ANYTHING | st.fixed_dictionaries({}, optional=dict.fromkeys(_NAMES, ANYTHING)).map(lambda own: [USUAL | own]))
def test_whatever_is_read_is_usable_or_refused(content: object) -> None:
    try:
        found = read_customs(content)
    except UnusableCustomsError:
        return
    assert read_customs(written_all(found)) == found
