"""Why nobody yet: counted by the oracle, who would be free, and what is never told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils.translation import override

from days import TODAY
from factories.django_rows import make_enrolment, make_person
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching.bank import bank_of, forget
from mentornet.matching.ranking import BRIEFED
from mentornet.matching.whynot import Said, Standing, WhyNot, reachable, why_idle, why_nobody
from mentornet.matching.whynot_said import TO_MENTEE, TO_MENTOR, said_words
from mentornet.matching.whynot_words import why_mentee, why_mentor
from mentornet.people.models import Avoidance
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_version
from pairing.terms import Rule
from pairing.whynot import FLOOR, Room
from signing import CountQueries

pytestmark = pytest.mark.django_db

FACTS: dict[str, Any] = {"occupation": "2221", "topics": ("cv",), "meeting": ("in person",), "education": 6}
MONDAY, SUNDAY = ("mon-evening",), ("sun-morning",)


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    forget()


class Network:
    """A bank in one division, and those who wait."""

    def __init__(self, division: Division, programme: Programme) -> None:
        self.division, self.programme = division, programme

    def mentee(self, name: str = "Amina", **given: Any) -> Enrolment:
        return self._made("mentee", name, given)

    def mentor(self, name: str, **given: Any) -> Enrolment:
        return self._made("mentor", name, given)

    def _made(self, role: str, name: str, given: dict[str, Any]) -> Enrolment:
        facts = FACTS | {"availability": MONDAY} | given
        return make_enrolment(role, self.division, programme=self.programme, person=make_person(name), **facts)

    def _asked(self) -> Any:
        version = current_version(self.programme.pk)
        return bank_of(version=version, divisions=[self.division.pk], today=TODAY)

    def why(self, subject: Enrolment) -> WhyNot:
        ask = why_idle if subject.role == "mentor" else why_nobody
        found = ask(self._asked(), subject.pk, divisions=[self.division.pk])
        assert found is not None
        return found


@pytest.fixture
def network(division: Division, programme: Programme) -> Network:
    return Network(division, programme)


def steps(found: WhyNot) -> dict[str, tuple[int, int, UUID | None]]:
    return {step.obstacle: (step.fails, step.opens, step.first) for step in found.steps}


def test_each_obstacle_is_counted_and_says_who_would_be_next(network: Network) -> None:
    her = network.mentee()
    sunday, better = (
        network.mentor("Sunday", availability=SUNDAY, topics=()),
        network.mentor("Better", availability=SUNDAY),
    )
    network.mentor("Both", availability=SUNDAY, languages={"fr": "C1"})
    french = network.mentor("French", languages={"fr": "C1"})
    unbriefed = network.mentor("New", enrolment={"briefed_on": None})
    found = network.why(her)
    assert (found.standing, found.others, found.fitting, found.right) == (Standing.NO_ALLOWED, 5, 0, 0)
    assert steps(found) == {
        Rule.TIME: (3, 2, better.pk),
        Rule.LANGUAGE: (2, 1, french.pk),
        BRIEFED: (1, 1, unbriefed.pk),
    }
    assert found.helps_most == found.steps[0]
    assert found.steps[0].score > 0
    # Nobody else wants any of them.
    assert [step.room for step in found.steps] == [Room.FREE] * 3
    assert sunday.pk not in {step.first for step in found.steps}


def test_whom_somebody_else_would_lose_is_not_called_free(network: Network) -> None:
    her = network.mentee("Amina")
    network.mentee("Bahar", availability=SUNDAY)
    network.mentor("Sunday", availability=SUNDAY)
    (step,) = network.why(her).steps
    assert (step.obstacle, step.room) == (Rule.TIME, Room.COSTS)
    network.mentor("Another", availability=SUNDAY)
    (step,) = network.why(her).steps
    assert step.room is Room.FREE


def test_of_several_women_the_best_set_tells_who_is_chosen(network: Network) -> None:
    first, second = network.mentee("Amina"), network.mentee("Bahar", topics=("family_school",))
    mentor = network.mentor("Kirsten")
    found = {one.pk: network.why(one) for one in (first, second)}
    assert found[first.pk].standing is Standing.CHOSEN
    assert found[first.pk].chosen == mentor.pk
    assert found[second.pk].standing in {Standing.TAKEN, Standing.FLOOR}
    # The mentor hears the same from her side.
    assert (network.why(mentor).standing, network.why(mentor).chosen) == (Standing.CHOSEN, first.pk)


def test_the_floor_is_an_obstacle_like_the_others(network: Network, programme: Programme) -> None:
    her = network.mentee()
    network.mentor("Far", occupation="9112", topics=("family_school",), education=0, interests=("chess",))
    version = current_version(programme.pk)
    type(version).objects.filter(pk=version.pk).update(floor="0.9")
    forget()
    found = network.why(her)
    assert (found.standing, found.fitting, found.right) == (Standing.FLOOR, 1, 0)
    (step,) = found.steps
    assert (step.obstacle, step.opens, step.score) == (FLOOR, 1, found.best_score)
    assert found.said is Said.NOT_WELL
    bank = bank_of(version=current_version(programme.pk), divisions=[network.division.pk], today=TODAY)
    reach = reachable(bank, divisions=[network.division.pk])
    assert reach.is_infeasible
    assert (reach.most, reach.any_at, reach.all_at) == (1, reach.any_at, reach.any_at)
    assert (reach.any_at or 0) // 100 == found.best_score


def test_who_has_an_open_proposal_wants_nobody_in_the_best_set(network: Network) -> None:
    promised = network.mentee("Promised", enrolment={"promised": 1})
    her, mentor = network.mentee("Amina"), network.mentor("Kirsten")
    assert network.why(her).chosen == mentor.pk
    assert network.why(mentor).others == 1
    assert network.why(promised).chosen is None


def test_why_a_mentor_is_idle(network: Network) -> None:
    mentor = network.mentor("Kirsten", availability=SUNDAY)
    assert (network.why(mentor).standing, network.why(mentor).said) == (Standing.EMPTY, Said.NOBODY_YET)
    monday = network.mentee("Amina")
    network.mentee("Bahar", languages={"fr": "C1"})
    found = network.why(mentor)
    assert found.standing is Standing.NO_ALLOWED
    assert steps(found) == {Rule.TIME: (2, 1, monday.pk), Rule.LANGUAGE: (1, 0, None)}
    assert found.said is Said.TIME


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"briefed_on": None}, Said.BRIEFING),
        ({"capacity": 0}, Said.PLACES),
        ({"resting_until": TODAY + timedelta(days=30)}, Said.BREAK),
    ],
)
def test_what_lies_with_a_mentor_herself_comes_first(network: Network, columns: dict[str, Any], said: Said) -> None:
    network.mentee()
    mentor = network.mentor("Kirsten", enrolment=columns)
    assert (network.why(mentor).standing, network.why(mentor).said) == (Standing.HERSELF, said)


# What is told -------------------------------------------------------------------------------------------------------


def keep_apart(one: Enrolment, other: Enrolment, by: Staff) -> None:
    Avoidance.objects.create(
        person=one.person, other=other.person, reason="CANARY-apart", created_at=by.at, created_by=by.key
    )
    forget()


ALONE: dict[str, tuple[dict[str, Any], Said]] = {
    "nobody at all": ({}, Said.NOBODY_YET),
    "time": ({"availability": SUNDAY}, Said.TIME),
    "language": ({"languages": {"fr": "C1"}}, Said.LANGUAGE),
    "busy": ({"enrolment": {"capacity": 0}}, Said.BUSY),
    "right": ({}, Said.ENOUGH),
}


@pytest.mark.parametrize("kind", ALONE)
def test_what_she_is_told_is_the_same_with_and_without_whom_she_must_not_meet(
    network: Network, coordinator: Staff, kind: str
) -> None:
    her = network.mentee()
    facts, said = ALONE[kind]
    if kind != "nobody at all":
        network.mentor("Other", **facts)
    without = network.why(her).said
    assert without is said
    # Right in everything, and so the one whom every sentence would speak of.
    for number in range(3):
        keep_apart(her, network.mentor(f"Apart{number}"), coordinator)
    found = network.why(her)
    assert found.said is without
    # She who works here sees that it stands, and nobody's name behind it.
    stands = next(step for step in found.steps if step.obstacle == Rule.CONFLICT)
    assert (stands.fails, stands.opens, stands.first, stands.room) == (3, 0, None, None)
    assert found.helps_most is None or found.helps_most.obstacle != Rule.CONFLICT


def test_a_mentor_is_told_the_same_with_and_without_whom_she_must_not_meet(
    network: Network, coordinator: Staff
) -> None:
    mentor = network.mentor("Kirsten")
    network.mentee("Sunday", availability=SUNDAY)
    without = network.why(mentor).said
    keep_apart(network.mentee("Apart"), mentor, coordinator)
    assert network.why(mentor).said is without is Said.TIME


def test_the_negative_control_would_tell_it(
    network: Network, monkeypatch: pytest.MonkeyPatch, coordinator: Staff
) -> None:
    her = network.mentee()
    keep_apart(her, network.mentor("Apart"), coordinator)
    assert network.why(her).said is Said.NOBODY_YET
    forget()
    monkeypatch.setattr("pairing.whynot.Obstacles.without", lambda self, _left_out: self)
    assert network.why(her).said is not Said.NOBODY_YET


def test_what_a_mentor_requires_is_not_told_to_the_mentee(network: Network) -> None:
    her = network.mentee()
    network.mentor("Strict", requires=("language:so",))
    assert network.why(her).helps_most is not None
    assert network.why(her).said is Said.SEARCHING
    asking = network.mentee("Asking", requires=("language:so",))
    assert network.why(asking).said is Said.WISHES


def test_meeting_online_is_asked_of_whom_it_could_help(
    division: Division, other_division: Division, network: Network
) -> None:
    her, online = network.mentee(), network.mentee("Online", meeting=("in person", "online"))
    make_enrolment("mentor", other_division, programme=network.programme, person=make_person("Far"), **FACTS)
    reach = [division.pk, other_division.pk]
    bank = bank_of(version=current_version(network.programme.pk), divisions=reach, today=TODAY)
    told = [why_nobody(bank, one.pk, divisions=reach) for one in (her, online)]
    assert [one.said for one in told if one] == [Said.ONLINE, Said.NEAR]


@pytest.mark.parametrize("language", ["en", "da", "ar", "fa", "uk"])
def test_no_sentence_that_is_said_holds_a_number_or_a_word_of_danger(language: str) -> None:
    with override(language):
        for to_mentor, table in ((False, TO_MENTEE), (True, TO_MENTOR)):
            for said in table:
                words = said_words(said, to_mentor=to_mentor)
                assert words
                assert not any(sign.isdigit() or sign == "%" for sign in words)
                assert "must not meet" not in words


@pytest.mark.parametrize("language", ["da", "ar", "fa", "uk"])
def test_what_is_said_to_her_is_said_in_her_language(language: str) -> None:
    for to_mentor, table in ((False, TO_MENTEE), (True, TO_MENTOR)):
        for said in table:
            with override("en"):
                english = said_words(said, to_mentor=to_mentor)
            with override(language):
                assert said_words(said, to_mentor=to_mentor) != english


def test_every_kind_has_its_sentence_on_either_side() -> None:
    of_herself = {Said.BREAK, Said.PLACES, Said.BRIEFING}
    assert set(TO_MENTEE) == set(Said) - of_herself
    assert set(TO_MENTOR) == set(Said) - {Said.BUSY}
    assert said_words(Said.BUSY, to_mentor=True) == said_words(Said.SEARCHING, to_mentor=True)


@pytest.mark.parametrize("standing", Standing)
@pytest.mark.parametrize("count", [1, 4])
def test_every_standing_is_said_to_who_works_here(standing: Standing, count: int) -> None:
    found = WhyNot(standing, count, count, count, 35, 30, (), None, Said.ENOUGH, ())
    for words in (why_mentee(found), why_mentor(found)):
        assert words.endswith(".")
        assert "%" not in words


def test_the_best_set_is_asked_once_for_each_bank(
    network: Network, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: CountQueries
) -> None:
    women = [network.mentee(f"Woman{number}") for number in range(4)]
    network.mentor("Kirsten")
    network.why(women[0])
    bank = network._asked()
    with django_assert_num_queries(0):
        for one in women:
            why_nobody(bank, one.pk, divisions=[network.division.pk])
    assert len(bank.reckoned.settled) == 1
