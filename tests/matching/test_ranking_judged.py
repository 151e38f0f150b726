"""The order of the match desk, judged by the plain oracle: from rows of the database to the list."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

import pytest

from factories.django_rows import TODAY, make_division, make_enrolment, make_person, make_programme, make_staff
from factories.network import network
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching.bank import bank_of, forget
from mentornet.matching.policy import policy_of
from mentornet.matching.ranking import BRIEFED, HARD_RULES, LOOSENABLE, Ranking, bars_kept, bars_read, rank_for
from mentornet.matching.reasons import RULE_NAMES, why_not
from mentornet.people.facts import stored_facts
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_version
from oracle import plain
from reference.people import Mentee, Mentor

pytestmark = pytest.mark.django_db

MENTEES, MENTORS = 8, 40


class Rows:
    """A network in the database: the same people whom the oracle judges."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.divisions: dict[str, Division] = {}
        self.known: dict[str, Mentee | Mentor] = {}
        self.unbriefed: set[str] = set()

    def add(self, person: Mentee | Mentor, *, is_briefed: bool = True) -> Enrolment:
        name = person.division or "Nowhere"
        division = self.divisions.setdefault(name, Division.objects.filter(name=name).first() or make_division(name))
        facts = stored_facts(person)
        role = "mentor" if isinstance(person, Mentor) else "mentee"
        columns: dict[str, Any] = {"since": person.idle_since if isinstance(person, Mentor) else person.waiting_since}
        if isinstance(person, Mentor):
            columns |= {"capacity": max(person.capacity, person.active_pairs), "active": person.active_pairs}
            columns |= {"resting_until": person.resting_until, "briefed_on": TODAY if is_briefed else None}
        enrolment = make_enrolment(
            role,
            division,
            programme=self.programme,
            person=make_person(person.name or "Anna", postcode=person.postcode or ""),
            enrolment=columns,
            languages={skill.code: skill.level.name if skill.level else "" for skill in person.languages or ()},
            **facts,
        )
        self.known[str(enrolment.pk)] = person
        if not is_briefed:
            self.unbriefed.add(str(enrolment.pk))
        return enrolment


@pytest.fixture
def rows() -> Rows:
    forget()
    rows = Rows(make_programme())
    mentees, mentors = network(MENTEES, MENTORS, today=TODAY)
    chance = Random(11)
    for mentee in mentees:
        rows.add(mentee)
    for mentor in mentors:
        rows.add(mentor, is_briefed=chance.random() > 0.1)
    return rows


@pytest.fixture
def lead(rows: Rows) -> Staff:
    # Made after the divisions: she works in all that there are then.
    return make_staff(Role.NATIONAL_LEAD)


def expected(rows: Rows, ranking: Ranking, mentee: Mentee) -> list[tuple[bool, int, str]]:
    """Return (fails a rule in force, minus score, id) of every mentor, in order, by the oracle."""
    policy = policy_of(current_version(rows.programme.pk))
    judged = []
    for key, mentor in rows.known.items():
        if not isinstance(mentor, Mentor):
            continue
        states = plain.rule_states(mentee, mentor, policy=policy, today=TODAY)
        fails = {str(rule) for rule in plain.fails(states)} | ({BRIEFED} if key in rows.unbriefed else set())
        judged.append((bool(fails - ranking.loosened), -plain.score(mentee, mentor, policy, TODAY), key))
    return sorted(judged)


def asked(rows: Rows, lead: Staff, loosened: Sequence[str]) -> list[tuple[Mentee, Ranking]]:
    bank = bank_of(version=current_version(rows.programme.pk), divisions=lead.casework, today=TODAY)
    found = []
    for key, person in rows.known.items():
        if isinstance(person, Mentee):
            ranking = rank_for(bank, Enrolment.objects.get(pk=key).pk, loosened)
            assert ranking is not None
            found.append((person, ranking))
    return found


@pytest.mark.parametrize("loosened", [[], ["language"], list(LOOSENABLE), ["capacity", "conflict"]])
def test_order_is_the_oracles(loosened: list[str], rows: Rows, lead: Staff) -> None:
    for mentee, ranking in asked(rows, lead, loosened):
        listed = ranking.page(0, MENTORS, standing_only=False)
        order = [
            (bool(ranking.broken(candidate)), -candidate.score, str(candidate.enrolment_id)) for candidate in listed
        ]
        assert order == expected(rows, ranking, mentee)
        assert [candidate.place for candidate in listed] == list(range(1, MENTORS + 1))
        assert ranking.standing == sum(not out for out, _score, _key in order)
        assert len(ranking.page(0, MENTORS)) == ranking.standing


def test_protecting_rules_cannot_be_loosened(rows: Rows, lead: Staff) -> None:
    for _mentee, ranking in asked(rows, lead, [rule for rule in HARD_RULES if rule not in LOOSENABLE]):
        assert ranking.loosened == frozenset()


def test_what_a_rule_opens_is_what_appears_without_it(rows: Rows, lead: Staff) -> None:
    opened = 0
    for mentee, ranking in asked(rows, lead, []):
        del mentee
        key = ranking.bank.problem.mentee_ids[ranking.row]
        for rule, count in ranking.opens().items():
            looser = rank_for(ranking.bank, Enrolment.objects.get(pk=key).pk, [rule])
            assert looser is not None
            assert looser.standing - ranking.standing == count
            marked = [one for one in looser.page(0, MENTORS) if looser.only_without(one) == (rule,)]
            assert len(marked) == count
            opened += count
    assert opened > 0


def test_contributions_add_up_to_the_score(rows: Rows, lead: Staff) -> None:
    for _mentee, ranking in asked(rows, lead, []):
        for candidate in ranking.page(0, MENTORS, standing_only=False):
            whole = sum(bar.contribution for bar in candidate.bars)
            assert abs(whole * 10_000 - candidate.score) <= 1
            assert [bar.name for bar in bars_read(bars_kept(candidate.bars))] == [bar.name for bar in candidate.bars]


def test_each_failing_rule_has_its_sentence(rows: Rows, lead: Staff) -> None:
    told = set()
    for _mentee, ranking in asked(rows, lead, []):
        for candidate in ranking.page(0, MENTORS, standing_only=False):
            for rule in candidate.fails:
                mentee, mentor = candidate.pair.mentee, candidate.pair.mentor
                sentence = why_not(rule, mentee, mentor, ranking.bank.problem.policy.min_language)
                assert sentence.endswith(".")
                told.add(rule)
    assert told >= {"language", "place", "time", "capacity", "resting", BRIEFED}
    assert set(RULE_NAMES) == set(HARD_RULES)


def test_narrowed_lists_are_part_of_the_order(rows: Rows, lead: Staff) -> None:
    narrowed = 0
    for _mentee, ranking in asked(rows, lead, []):
        whole = ranking.narrowed().tolist()
        assert whole == ranking.order[: ranking.standing].tolist()
        for code, count in ranking.spoken().items():
            columns = ranking.narrowed(language=code).tolist()
            assert len(columns) == count
            assert columns == [column for column in whole if column in set(columns)]
            narrowed += 1
        for field, count in ranking.fields().items():
            assert len(ranking.narrowed(field=field)) == count
    assert narrowed > 0


def test_named_finds_those_who_fail_too(rows: Rows, lead: Staff) -> None:
    _mentee, ranking = asked(rows, lead, [])[0]
    someone = ranking.page(MENTORS - 1, 1, standing_only=False)[0]
    name = Enrolment.objects.select_related("person").get(pk=someone.enrolment_id).person.name
    found = ranking.candidates(ranking.named(name.upper()))
    assert someone.enrolment_id in [one.enrolment_id for one in found]
    assert len(ranking.named("nobody has this name")) == 0
