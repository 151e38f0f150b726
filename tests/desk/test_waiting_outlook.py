"""The prospects of those who wait agree with what the match desk would show."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from days import TODAY
from factories.django_rows import make_enrolment, make_programme
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.intake.services.places import hold
from mentornet.matching.outlook import Outlook, banks_for, outlooks_for, without_a_fit
from mentornet.matching.ranking import HARD_RULES, rank_for
from mentornet.people.enums import Role
from mentornet.programmes.models import Programme
from signing import CountQueries

pytestmark = pytest.mark.django_db

SLOTS = (("mon-evening",), ("sat-morning", "sun-morning"), None, ("fri-afternoon", "mon-evening"))
LANGUAGES: tuple[dict[str, str], ...] = ({"da": "C2"}, {"ar": "C1", "da": "A2"}, {"en": "C1"}, {})
OCCUPATIONS = ("2221", "2512", "", "5120", "2212")


@pytest.fixture
def mentees(division: Division, programme: Programme) -> list[Enrolment]:
    """Twelve who wait and nine mentors, in two programmes."""
    second = make_programme("Second programme")
    for number in range(9):
        make_enrolment(
            Role.MENTOR, division, programme=second if number % 4 == 3 else programme, languages=LANGUAGES[number % 4],
            occupation=OCCUPATIONS[number % 5], availability=SLOTS[number % 3], topics=(("cv",), None)[number % 2],
            enrolment={"briefed_on": None} if number == 8 else {},
        )  # fmt: skip
    return [
        make_enrolment(
            Role.MENTEE, division, programme=second if number % 4 == 1 else programme,
            languages=LANGUAGES[number // 2 % 4], occupation=OCCUPATIONS[number % 5], availability=SLOTS[number % 4],
            requires=("language:ti",) if number == 6 else (),
            enrolment={"since": TODAY - timedelta(days=10 * number)},
        )
        for number in range(12)
    ]  # fmt: skip


def _outlooks(mentees: list[Enrolment], division: Division) -> dict[UUID, Outlook]:
    banks = banks_for({one.programme_id for one in mentees}, divisions=[division.pk], today=TODAY)
    return outlooks_for(mentees, banks)


def test_outlooks_agree_with_the_ranking(mentees: list[Enrolment], division: Division) -> None:
    banks = banks_for({one.programme_id for one in mentees}, divisions=[division.pk], today=TODAY)
    outlooks = outlooks_for(mentees, banks)
    blocked = without_a_fit([(one.pk, one.programme_id) for one in mentees], banks)
    assert set(outlooks) == {one.pk for one in mentees}
    for mentee in mentees:
        ranking = rank_for(banks[mentee.programme_id], mentee.pk)
        assert ranking is not None
        outlook = outlooks[mentee.pk]
        assert (outlook.mentors, outlook.fitting, outlook.above_floor) == (
            ranking.mentors,
            ranking.standing,
            ranking.above_floor,
        )
        assert (mentee.pk in blocked) == (ranking.standing == 0) == (outlook.best is None)
        if outlook.best:
            first = ranking.page(0, 1)[0]
            assert (outlook.best.enrolment_id, outlook.best.percent) == (first.enrolment_id, first.percent)
            assert outlook.best.reaches_floor == (outlook.above_floor > 0)
            assert outlook.block is None
        else:
            assert outlook.block is not None
            assert outlook.block.rule in HARD_RULES
            assert outlook.block.fails == ranking.failing()[outlook.block.rule] > 0
            assert outlook.block.opens == max(ranking.opens().values())
    # Both kinds were there.
    assert 0 < len(blocked) < len(mentees)


def test_setting_aside_opens_what_was_promised(mentees: list[Enrolment], division: Division) -> None:
    banks = banks_for({one.programme_id for one in mentees}, divisions=[division.pk], today=TODAY)
    seen = 0
    for mentee in mentees:
        block = outlooks_for([mentee], banks)[mentee.pk].block
        if block and block.opens:
            ranking = rank_for(banks[mentee.programme_id], mentee.pk, [block.rule])
            assert ranking is not None
            assert ranking.standing == block.opens
            seen += 1
    assert seen


def test_a_change_in_the_bank_is_seen_at_once(mentees: list[Enrolment], division: Division, coordinator: Staff) -> None:
    before = _outlooks(mentees, division)
    mentee = next(one for one in mentees if before[one.pk].best)
    best = before[mentee.pk].best
    assert best is not None
    hold(by=coordinator, enrolment=Enrolment.objects.get(pk=best.enrolment_id))
    after = _outlooks(mentees, division)[mentee.pk]
    assert after.fitting == before[mentee.pk].fitting - 1
    assert after.best is None or after.best.enrolment_id != best.enrolment_id


def test_queries_do_not_grow_with_mentees(
    mentees: list[Enrolment], division: Division, django_assert_num_queries: CountQueries
) -> None:
    _outlooks(mentees, division)
    # The versions in force, and two for each of the two banks.
    for some in (mentees[:2], mentees):
        with django_assert_num_queries(7):
            _outlooks(some, division)


def test_a_programme_without_mentors_blocks_nothing(division: Division) -> None:
    alone = make_enrolment(Role.MENTEE, division)
    outlook = _outlooks([alone], division)[alone.pk]
    assert outlook == Outlook(0, 0, 0, outlook.floor, None, None)
