"""What a meeting keeps of people is all that the mathematics knows of them, and neither name nor key."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.customs import a_custom
from factories.people import mentees, mentors
from mentornet.matching.snapshots import facts_of, fingerprint, known_from, packed, people_mark, unpacked
from mentornet.matching.whole import Settings, settings_read
from pairing.certificate import Certificate
from pairing.policy import Policy, shared_out
from pairing.problem import build_problem
from reference.people import Mentee, Mentor

TODAY = date(2026, 3, 2)


def as_stored(one: Mentee | Mentor) -> Mentee | Mentor:
    """Return somebody as the bank reads her: nobody has an empty list of languages, or empty words."""
    kept = replace(one, row=0, name=None, wishes=None, must_not_meet=(), languages=one.languages or None)
    kept = replace(kept, occupation=one.occupation or None, sector=one.sector or None)
    return replace(kept, idle_since=None) if isinstance(kept, Mentor) else kept


@given(st.one_of(mentees(), mentors()))
def test_somebody_comes_back_as_she_was(one: Mentee | Mentor) -> None:
    known = as_stored(one)
    facts = facts_of(known)
    # As the database gives it back.
    again = known_from(json.loads(json.dumps(facts)), known.id, (), is_mentor=isinstance(known, Mentor))
    assert again == known


def test_answers_to_a_programmes_own_questions_come_back() -> None:
    customs = (a_custom("children"), a_custom("hobbies"))
    known = Mentee(id="k-1", languages=None, answers=(("children", True), ("hobbies", ("chess", "song"))))
    again = json.loads(json.dumps(facts_of(known)))
    assert known_from(again, "k-1", customs, is_mentor=False) == known
    # What is asked no more is read no more.
    assert known_from(again, "k-1", customs[:1], is_mentor=False).answers == known.answers[:1]


def test_neither_name_nor_key_is_kept() -> None:
    told = facts_of(Mentee(id="k-1", name="Amina", wishes="Call me Mina."))
    assert not {"id", "name", "row", "wishes", "must_not_meet"} & set(told)
    assert "Amina" not in str(told)


@given(st.lists(mentees(ids=["a"]), min_size=1, max_size=1), st.lists(mentors(ids=["m"]), min_size=1, max_size=1))
def test_the_fingerprint_changes_with_what_is_asked(one: list[Mentee], other: list[Mentor]) -> None:
    problem = build_problem(mentees=one, mentors=other, today=TODAY)
    same = build_problem(mentees=one, mentors=other, today=TODAY)
    assert fingerprint(problem) == fingerprint(same)
    assert people_mark(problem) == people_mark(same)
    other_floor = replace(problem, policy=problem.policy.with_floor(problem.policy.floor + 1))
    assert fingerprint(other_floor) != fingerprint(problem)
    assert people_mark(other_floor) == people_mark(problem)
    fewer = replace(problem, capacity=problem.capacity + 1)
    assert people_mark(fewer) != people_mark(problem)
    ruled_out = build_problem(mentees=one, mentors=other, today=TODAY, forbidden=[("a", "m")])
    assert fingerprint(ruled_out) != fingerprint(problem)


def test_settings_and_certificates_come_back() -> None:
    settings = Settings(Policy(floor=4_100), borrows=True)
    assert settings_read(json.loads(json.dumps(settings.kept()))) == settings
    shares, own = shared_out(Policy().weights, [a_custom("children", weight=0.5)])
    settings = Settings(Policy(weights=shares, customs=own), borrows=False)
    assert settings_read(json.loads(json.dumps(settings.kept()))) == settings
    prices = Certificate(*(np.arange(size, dtype=np.int64) - 2 for size in (3, 5, 3, 5)))
    again = unpacked(packed(prices), 3, 5)
    for name in ("number_of_mentee", "number_of_mentor", "total_of_mentee", "total_of_mentor"):
        assert (getattr(again, name) == getattr(prices, name)).all()
    with pytest.raises(ValueError, match="not those"):
        unpacked(packed(prices), 4, 5)
