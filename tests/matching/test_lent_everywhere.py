"""A mentor who is lent to a woman is known wherever one is looked for: for her alone, and to whoever may see her."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from matching.loans import Two, ask, make_two

from factories.django_rows import AT, make_enrolment, make_staff, saved
from mentornet.common.actors import System
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching.bank import bank_of, forget
from mentornet.matching.bank_lent import bank_with_lent
from mentornet.matching.loan_queries import mentors_named
from mentornet.matching.models import Loan, ShortageMap
from mentornet.matching.outlook import Outlook, banks_for, outlooks_for, without_a_fit
from mentornet.matching.ranking import Ranking, rank_for
from mentornet.matching.services import (
    ask_for_shortages,
    compute_shortages,
    propose,
    release_loan,
    take_loan_back,
)
from mentornet.matching.whynot import Standing, WhyNot, why_idle, why_nobody
from mentornet.people.models import Avoidance, Person
from mentornet.programmes.queries import current_version
from signing import CountQueries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    forget()


@pytest.fixture
def two(division: Division, other_division: Division) -> Two:
    return make_two(division, other_division)


@pytest.fixture
def beside(two: Two, division: Division) -> Enrolment:
    """Another one who waits beside her, whom the mentors fit as well."""
    return make_enrolment("mentee", division, programme=two.programme, occupation="2221", topics=("cv",),
                          languages={"da": "B1", "ar": "C2"})  # fmt: skip


@pytest.fixture
def loan(two: Two, beside: Enrolment) -> Loan:
    return release_loan(by=two.lends, loan=ask(two))


def ranked(by: Staff, mentee: Enrolment) -> Ranking:
    version = current_version(mentee.programme_id)
    ranking = rank_for(bank_with_lent(version=version, divisions=by.casework, today=by.today), mentee.pk)
    assert ranking is not None
    return ranking


def why(by: Staff, mentee: Enrolment) -> WhyNot:
    version = current_version(mentee.programme_id)
    bank = bank_with_lent(version=version, divisions=by.casework, today=by.today)
    found = why_nobody(bank, mentee.pk, divisions=by.casework)
    assert found is not None
    return found


def outlook(by: Staff, mentee: Enrolment) -> Outlook:
    banks = banks_for([mentee.programme_id], divisions=by.casework, today=by.today)
    return outlooks_for([mentee], banks)[mentee.pk]


def whom_nobody_fits(by: Staff, *mentees: Enrolment) -> set[object]:
    banks = banks_for([mentees[0].programme_id], divisions=by.casework, today=by.today)
    return set(without_a_fit([(one.pk, one.programme_id) for one in mentees], banks))


def mapped(two: Two) -> ShortageMap:
    forget()
    asked = ask_for_shortages(
        by=System("test", AT), division_id=two.mentee.division_id, programme_id=two.mentee.programme_id
    )
    done = compute_shortages(
        by=System("matching.shortages", AT), map_id=asked.pk, attempt=asked.attempt, clock=lambda: AT
    )
    assert done is not None
    return done


# For her alone --------------------------------------------------------------------------------------------------------


def test_the_match_desk_has_her_for_that_mentee_alone(two: Two, beside: Enrolment, loan: Loan) -> None:
    ranking = ranked(two.asks, two.mentee)
    assert [one.enrolment_id for one in ranking.page(0, 9)] == [loan.mentor_id]
    assert (ranking.mentors, ranking.standing, dict(ranking.fields()), len(ranking.kept())) == (
        1, 1, {"2": 1}, 1,
    )  # fmt: skip
    others = ranked(two.asks, beside)
    assert (others.mentors, others.standing, others.candidate(loan.mentor_id)) == (0, 0, None)
    assert not any(others.failing().values())


def test_what_was_seen_is_what_a_proposal_keeps(two: Two, division: Division, loan: Loan) -> None:
    make_enrolment("mentor", division, programme=two.programme, occupation="9111", languages={"da": "C2", "ar": "C1"})
    mentor = Enrolment.objects.get(pk=loan.mentor_id)
    made = propose(by=two.asks, mentee=two.mentee, mentor=mentor, reason="They fit.", seen_version=1)
    assert (made.rank, made.ranked) == (1, 2)


def test_why_nobody_knows_her_and_tells_the_other_nothing(two: Two, beside: Enrolment, loan: Loan) -> None:
    found = why(two.asks, two.mentee)
    assert (found.standing, found.chosen, found.others, found.right) == (Standing.CHOSEN, loan.mentor_id, 1, 1)
    other = why(two.asks, beside)
    assert (other.standing, other.chosen, other.others, other.steps) == (Standing.EMPTY, None, 0, ())


def test_a_set_with_her_leaves_their_own_mentor_to_the_other(
    two: Two, division: Division, beside: Enrolment, loan: Loan
) -> None:
    own = make_enrolment("mentor", division, programme=two.programme, occupation="2221", topics=("cv",),
                         languages={"da": "C2", "ar": "C1"})  # fmt: skip
    found = {one.pk: why(two.asks, one) for one in (two.mentee, beside)}
    assert {key: one.chosen for key, one in found.items()} == {two.mentee.pk: loan.mentor_id, beside.pk: own.pk}
    bank = bank_with_lent(version=current_version(two.programme.pk), divisions=two.asks.casework, today=two.asks.today)
    idle = why_idle(bank, own.pk, divisions=two.asks.casework)
    assert idle is not None
    assert idle.chosen == beside.pk
    take_loan_back(by=two.asks, loan=loan)
    assert {why(two.asks, one).chosen for one in (two.mentee, beside)} == {own.pk, None}


def test_the_waiting_list_has_her(two: Two, beside: Enrolment, loan: Loan) -> None:
    best = outlook(two.asks, two.mentee).best
    assert best is not None
    assert best.enrolment_id == loan.mentor_id
    assert (outlook(two.asks, beside).mentors, outlook(two.asks, beside).best) == (0, None)
    assert whom_nobody_fits(two.asks, two.mentee, beside) == {beside.pk}


def test_the_shortage_map_looks_for_nobody_more_for_her(two: Two, division: Division, loan: Loan) -> None:
    for _ in range(3):
        make_enrolment("mentee", division, programme=two.programme, occupation="2221", topics=("cv",),
                       languages={"da": "B1", "ar": "C2"})  # fmt: skip
    # Of five who wait one has her mentor; it is nobody else's.
    assert [mapped(two).content[name] for name in ("waiting", "matched", "left")] == [5, 1, 4]
    take_loan_back(by=two.asks, loan=loan)
    assert [mapped(two).content[name] for name in ("waiting", "matched", "left")] == [5, 0, 5]


def test_lent_away_she_is_free_for_nobody_there(two: Two, other_division: Division, loan: Loan) -> None:
    there = make_enrolment("mentee", other_division, programme=two.programme, occupation="2221", topics=("cv",),
                           languages={"da": "B1", "ar": "C2"})  # fmt: skip
    others = Enrolment.objects.filter(pk__in=[one.pk for one in two.mentors]).exclude(pk=loan.mentor_id)
    others.update(capacity=0, stamp=8)
    assert ranked(two.lends, there).standing == 0
    assert why(two.lends, there).standing == Standing.NO_ALLOWED
    assert outlook(two.lends, there).best is None
    take_loan_back(by=two.lends, loan=loan)
    assert why(two.lends, there).chosen == loan.mentor_id


def test_whoever_works_in_both_finds_her_once(two: Two, beside: Enrolment, loan: Loan) -> None:
    lead = make_staff(Role.NATIONAL_LEAD)
    ranking = ranked(lead, two.mentee)
    assert sorted(one.enrolment_id for one in ranking.page(0, 9)) == sorted(one.pk for one in two.mentors)
    assert ranking.mentors == len(two.mentors)
    assert [one.enrolment_id for one in ranking.candidates(ranking.kept())] == [loan.mentor_id]
    assert ranked(lead, beside).kept() == []
    assert why(lead, two.mentee).others == why(lead, beside).others == len(two.mentors)
    assert (why(lead, two.mentee).right, why(lead, beside).right) == (len(two.mentors), len(two.mentors) - 1)
    others = Enrolment.objects.filter(pk__in=[one.pk for one in two.mentors]).exclude(pk=loan.mentor_id)
    others.update(capacity=0, stamp=8)
    assert (why(lead, two.mentee).chosen, why(lead, beside).chosen) == (loan.mentor_id, None)


# Nobody who must not be known of --------------------------------------------------------------------------------------


def nothing_is_known_of_her(by: Staff, mentee: Enrolment, loan: Loan) -> None:
    forget()
    without = bank_of(version=current_version(mentee.programme_id), divisions=by.casework, today=by.today)
    ranking = rank_for(without, mentee.pk)
    assert ranking is not None
    assert ranked(by, mentee).failing() == ranking.failing()
    assert ranked(by, mentee).mentors == 0
    assert why(by, mentee).standing == Standing.EMPTY
    assert outlook(by, mentee).mentors == 0
    assert not mentors_named(by, [loan.mentor_id]).exists()


def test_who_is_hidden_from_the_reader_changes_nothing(two: Two, loan: Loan) -> None:
    mentor = Enrolment.objects.get(pk=loan.mentor_id)
    assert mentors_named(two.asks, [mentor.pk]).exists()
    nothing_is_known_of_her(replace(two.asks, hidden=frozenset({mentor.person_id})), two.mentee, loan)


def test_who_is_protected_since_changes_nothing(two: Two, loan: Loan) -> None:
    Person.objects.filter(enrolments__pk=loan.mentor_id).update(
        is_protected=True, last_name="", email="", phone="", safe_contact="", postcode=""
    )
    nothing_is_known_of_her(two.asks, two.mentee, loan)


def test_a_loan_for_somebody_who_is_hidden_changes_nothing(two: Two, beside: Enrolment, loan: Loan) -> None:
    by = replace(two.asks, hidden=frozenset({two.mentee.person_id}))
    bank = bank_with_lent(version=current_version(two.programme.pk), divisions=by.casework, today=by.today)
    assert (bank.problem.mentors, bank.kept_for) == (0, {})
    assert why(by, beside).standing == Standing.EMPTY


def test_who_must_not_meet_is_not_there(two: Two, loan: Loan) -> None:
    mentor = Enrolment.objects.get(pk=loan.mentor_id)
    saved(Avoidance(person=mentor.person, other=two.mentee.person, reason="A reason.", created_at=AT,
                    created_by="user:x"))  # fmt: skip
    forget()
    assert ranked(two.asks, two.mentee).mentors == 0
    assert why(two.asks, two.mentee).standing == Standing.EMPTY


def test_a_past_day_ends_it(two: Two, loan: Loan) -> None:
    Loan.objects.update(until_on=two.asks.today)
    assert ranked(two.asks, two.mentee).standing == 1
    late = replace(two.asks, at=two.asks.at + timedelta(days=365))
    assert ranked(late, two.mentee).mentors == 0


# What it costs --------------------------------------------------------------------------------------------------------


def test_one_query_more_where_nobody_is_lent_and_the_columns_are_kept(
    two: Two, loan: Loan, django_assert_num_queries: CountQueries
) -> None:
    version = current_version(two.programme.pk)

    def bank() -> object:
        return bank_with_lent(version=version, divisions=two.asks.casework, today=two.asks.today)

    first = bank()
    with django_assert_num_queries(8):
        assert bank() is first
    take_loan_back(by=two.asks, loan=loan)
    bank()
    with django_assert_num_queries(3):
        assert bank() is not first
