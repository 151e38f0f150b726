"""A brief that is sent fits three waiting women at least, whoever waits and whatever was asked for."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentornet.sourcing.briefs import FEWEST, Brief, Waits, fitting, is_fitting, is_of_field, widened

FIELDS = ("", "2", "21", "22", "221", "2211", "2212", "3", "3343")
LANGUAGES = ("ar", "so", "uk")
TOPICS = ("cv", "network", "danish", "interview")
TIMES = ("mon-evening", "tue-evening", "sat-morning")
WAYS = ("in person", "online")


def some(words: tuple[str, ...]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(words))


women = st.builds(
    Waits,
    person_id=st.integers(1, 8).map(lambda number: UUID(int=number)),
    occupation=st.sampled_from(FIELDS),
    languages=some(LANGUAGES),
    topics=some(TOPICS),
    times=some(TIMES),
    meeting=some(WAYS),
)
briefs = st.builds(
    Brief,
    occupation=st.sampled_from(FIELDS),
    language=st.sampled_from(("", *LANGUAGES)),
    topics=st.lists(st.sampled_from(TOPICS), unique=True).map(tuple),
    times=st.lists(st.sampled_from(TIMES), unique=True).map(tuple),
    meeting=st.sampled_from(("", *WAYS)),
)


@given(brief=briefs, waiting=st.lists(women, max_size=12))
def test_widened_brief_fits_three_women_or_nobody_could_be_hidden(brief: Brief, waiting: list[Waits]) -> None:
    found = widened(brief, waiting)
    assert found.fits == fitting(found.brief, waiting)
    people = {woman.person_id for woman in waiting}
    if len(people) >= FEWEST:
        assert found.is_anonymous
        assert len({woman.person_id for woman in waiting if is_fitting(found.brief, woman)}) >= FEWEST
    else:
        assert not found.is_anonymous
        assert found.brief == Brief()


@given(brief=briefs, waiting=st.lists(women, max_size=12))
def test_each_step_gives_up_one_thing_and_loses_nobody(brief: Brief, waiting: list[Waits]) -> None:
    found = widened(brief, waiting)
    counts = [fitting(brief, waiting), *(step.fits for step in found.steps)]
    assert counts == sorted(counts)
    # Nothing is given up beyond what is needed: before the last step it fitted too few.
    assert all(count < FEWEST for count in counts[:-1])
    for woman in waiting:
        if is_fitting(brief, woman):
            assert is_fitting(found.brief, woman), "who fitted before fits the wider brief"


@given(brief=briefs, waiting=st.lists(women, max_size=12))
def test_brief_that_fits_enough_stays_as_it_is(brief: Brief, waiting: list[Waits]) -> None:
    found = widened(brief, waiting)
    again = widened(found.brief, waiting)
    assert (again.brief, again.steps) == (found.brief, ())


def test_what_is_not_known_of_a_woman_fits_nothing_that_is_stated() -> None:
    nothing = Waits(UUID(int=1))
    assert is_fitting(Brief(), nothing)
    for stated in (
        Brief(occupation="2"),
        Brief(language="ar"),
        Brief(topics=("cv",)),
        Brief(times=("mon-evening",)),
        Brief(meeting="online"),
    ):
        assert not is_fitting(stated, nothing)


def test_somebody_who_waits_twice_is_one_woman() -> None:
    twice = [Waits(UUID(int=1), occupation="2211"), Waits(UUID(int=1), occupation="2211"), Waits(UUID(int=2))]
    assert fitting(Brief(), twice) == 2
    assert not widened(Brief(occupation="2211"), twice).is_anonymous


@given(brief=briefs, waiting=st.lists(women, max_size=12))
def test_nothing_that_was_given_up_could_still_be_stated(brief: Brief, waiting: list[Waits]) -> None:
    found = widened(brief, waiting).brief
    longer = brief.occupation[: len(found.occupation) + 1]
    narrower = {
        replace(found, occupation=longer),
        replace(found, language=brief.language),
        replace(found, meeting=brief.meeting),
        *(replace(found, topics=(*found.topics, one)) for one in brief.topics if one not in found.topics),
        *(replace(found, times=(*found.times, one)) for one in brief.times if one not in found.times),
    } - {found}
    assert all(fitting(one, waiting) < FEWEST for one in narrower)


def test_steps_say_what_was_given_up_in_their_order() -> None:
    brief = Brief("2211", "ar", ("cv", "network"), ("mon-evening",), "online")
    waiting = [
        Waits(UUID(int=1), "2211", frozenset({"ar"}), frozenset({"cv", "network"}), frozenset({"mon-evening"})),
        Waits(UUID(int=2), "2266", frozenset({"ar"}), frozenset({"cv"})),
        Waits(UUID(int=3), "2250", frozenset({"so"}), frozenset({"cv"})),
        Waits(UUID(int=4), "5151"),
    ]
    found = widened(brief, waiting)
    assert [(step.what, step.was, step.became, step.fits) for step in found.steps] == [
        ("times", "mon-evening", "", 0),
        ("topics", "cv;network", "cv", 0),
        ("meeting", "online", "", 1),
        ("language", "ar", "", 1),
        ("occupation", "2211", "221", 1),
        ("occupation", "221", "22", 3),
    ]
    assert found.brief == Brief(occupation="22", topics=("cv",))


@pytest.mark.parametrize(
    ("field", "groups", "fits"),
    [
        ("2211", ("22",), True),
        ("2", ("2211",), True),
        ("2211", ("2212", "3"), False),
        ("", ("5",), True),
        ("", (), False),
        ("22", (), False),
    ],
)
def test_field_fits_a_group_above_or_beneath_it(field: str, groups: tuple[str, ...], *, fits: bool) -> None:
    assert is_of_field(Brief(occupation=field), groups) is fits
