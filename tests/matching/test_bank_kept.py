"""What a process keeps of the banks is patched where little has changed, and is then as if read anew."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final
from weakref import ref

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from matching.pairs import propose

from factories.django_rows import AT, TODAY, make_enrolment, make_person
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake import bank_search
from mentornet.intake.bank_search import Index, mentor_index
from mentornet.intake.models import Enrolment
from mentornet.intake.services import enrolments
from mentornet.matching import bank as banks
from mentornet.matching import outlook
from mentornet.matching.bank import Bank, bank_of
from mentornet.matching.outlook import banks_for, outlooks_for, without_a_fit
from mentornet.matching.preview import tried_out
from mentornet.matching.ranking import rank_for
from mentornet.matching.warming import warm_banks
from mentornet.people import services as people
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_version

pytestmark = pytest.mark.django_db

Act = Callable[[Staff, Enrolment, Enrolment], object]


def _forget() -> None:
    bank_search.forget()
    banks.forget()


@pytest.fixture(autouse=True)
def _empty_memory() -> None:
    _forget()


@pytest.fixture
def mentors(division: Division, programme: Programme) -> list[Enrolment]:
    facts: dict[str, Any] = {"availability": ("mon-evening",), "meeting": ("in person",), "topics": ("cv",)}
    return [
        make_enrolment("mentor", division, programme=programme, person=make_person(name), languages=spoken, **facts)
        for name, spoken in (("Ærla", {"da": "C2"}), ("Birthe", {"da": "C2", "ar": "B1"}), ("Åse", {"da": "C1"}))
    ]


@pytest.fixture
def mentee(division: Division, programme: Programme) -> Enrolment:
    return make_enrolment("mentee", division, programme=programme, languages={"ar": "C2", "da": "B1"})


def _profile(by: Staff, one: Enrolment, **facts: object) -> object:
    return people.write_profile(by=by, person=one.person, role=one.role, facts=facts, source="heard")


ACTS: Final[Mapping[str, Act]] = {
    "rest": lambda by, _mentee, mentor: enrolments.rest(by=by, enrolment=mentor, until=TODAY + timedelta(days=9)),
    "capacity": lambda by, _mentee, mentor: enrolments.set_capacity(by=by, enrolment=mentor, capacity=4),
    "promised": lambda by, mentee, mentor: propose(by, (mentee, mentor)),
    "ended": lambda by, _mentee, mentor: enrolments.end_enrolment(by=by, enrolment=mentor, reason="moved"),
    "the only one who spoke it": lambda by, _mentee, mentor: people.write_languages(
        by=by, person=mentor.person, skills=[("so", "C1")], source="heard"
    ),
    "topics": lambda by, _mentee, mentor: _profile(by, mentor, topics=("danish", "network")),
    "times": lambda by, _mentee, mentor: _profile(by, mentor, availability=("sat-morning",)),
    "occupation": lambda by, _mentee, mentor: _profile(by, mentor, occupation="2221"),
    "name": lambda by, _mentee, mentor: people.change_person(by=by, person=mentor.person, facts={"first_name": "Zoë"}),
    "one more": lambda _by, mentee, _mentor: make_enrolment("mentor", mentee.division, programme=mentee.programme),
}
ONLY_PLACES: Final = {"rest", "capacity", "promised"}


def _columns(index: Index) -> object:
    numbers = (index.is_briefed, index.free, index.resting_until, index.since)
    columns = {facet: {name: one.tolist() for name, one in had.items()} for facet, had in index.columns.items()}
    fluent = {name: one.tolist() for name, one in index.fluent.items()}
    return index.ids, index.texts, [one.tolist() for one in numbers], columns, fluent


def _bank(by: Staff, mentee: Enrolment) -> Bank:
    return bank_of(version=current_version(mentee.programme_id), divisions=by.casework, today=by.today)


def _judged(bank: Bank, mentee: Enrolment) -> object:
    ranking = rank_for(bank, mentee.pk)
    assert ranking is not None
    return ranking.page(0, 9, standing_only=False), bank.people.mentors, bank.names, bank.problem.bonus.tolist()


@pytest.mark.parametrize("act", ACTS)
def test_a_patched_memory_is_as_one_read_anew(
    act: str, coordinator: Staff, mentors: list[Enrolment], mentee: Enrolment
) -> None:
    before, bank_before = mentor_index(coordinator.casework), _bank(coordinator, mentee)
    shown = _columns(before)
    ACTS[act](coordinator, mentee, mentors[1])
    after, bank = mentor_index(coordinator.casework), _bank(coordinator, mentee)
    found, judged = _columns(after), _judged(bank, mentee)
    # Whoever still holds the former index reads what stood there: another thread may be at it.
    assert _columns(before) == shown
    assert found != shown
    assert (bank.problem.features is bank_before.problem.features) is (act in ONLY_PLACES)
    _forget()
    assert _columns(mentor_index(coordinator.casework)) == found
    assert _judged(_bank(coordinator, mentee), mentee) == judged


def test_a_change_elsewhere_leaves_the_memory_as_it_is(
    coordinator: Staff, national_lead: Staff, other_division: Division, mentors: list[Enrolment], mentee: Enrolment
) -> None:
    elsewhere = make_enrolment("mentor", other_division, programme=mentee.programme)
    index, bank = mentor_index(coordinator.casework), _bank(coordinator, mentee)
    all_ = mentor_index(national_lead.casework)
    _profile(national_lead, elsewhere, topics=("danish",))
    assert mentor_index(coordinator.casework) is index
    assert _bank(coordinator, mentee) is bank
    assert mentor_index(national_lead.casework) is not all_


def test_somebody_far_down_the_list_is_found_to_fit(
    coordinator: Staff, mentors: list[Enrolment], mentee: Enrolment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outlook, "_FEW", 1)
    version = current_version(mentee.programme_id)
    found = banks_for([version.programme_id], divisions=coordinator.casework, today=coordinator.today)
    fitting = {one.pk for one in mentors}
    for one in sorted(fitting, key=str)[:2]:
        enrolments.set_capacity(by=coordinator, enrolment=Enrolment.objects.get(pk=one), capacity=0)
    for left in (1, 0):
        found = banks_for([version.programme_id], divisions=coordinator.casework, today=coordinator.today)
        nobody = without_a_fit([(mentee.pk, mentee.programme_id)], found)
        outlooks = outlooks_for([mentee], found)
        assert (outlooks[mentee.pk].fitting, nobody) == (left, set() if left else {mentee.pk})
        last = Enrolment.objects.get(pk=max(fitting, key=str))
        enrolments.set_capacity(by=coordinator, enrolment=last, capacity=0)


def test_what_was_reckoned_goes_with_its_bank(coordinator: Staff, mentors: list[Enrolment], mentee: Enrolment) -> None:
    def prospects() -> Bank:
        found = banks_for([mentee.programme_id], divisions=coordinator.casework, today=coordinator.today)
        outlooks_for([mentee], found)
        without_a_fit([(mentee.pk, mentee.programme_id)], found)
        return found[mentee.programme_id]

    bank = prospects()
    first, reckoned = ref(bank.unbriefed), bank.reckoned.outlooks[mentee.pk]
    assert prospects().reckoned.outlooks[mentee.pk] is reckoned
    assert bank.reckoned.fits == {mentee.pk: True}
    del bank
    enrolments.set_capacity(by=coordinator, enrolment=mentors[1], capacity=4)
    after = prospects()
    assert after.reckoned.outlooks[mentee.pk] is not reckoned
    # Nobody holds the bank that was superseded any more.
    assert first() is None


def test_what_was_reckoned_does_not_hold_under_other_settings(
    coordinator: Staff, mentors: list[Enrolment], mentee: Enrolment
) -> None:
    bank = _bank(coordinator, mentee)
    assert outlooks_for([mentee], {mentee.programme_id: bank})[mentee.pk].above_floor == len(mentors)
    strict = current_version(mentee.programme_id)
    strict.floor = Decimal(1)
    other = tried_out(bank, strict)
    assert outlooks_for([mentee], {mentee.programme_id: other})[mentee.pk].above_floor == 0


def test_a_warmed_process_reads_nobody_again(coordinator: Staff, mentors: list[Enrolment], mentee: Enrolment) -> None:
    frozen = gc.get_freeze_count()
    assert warm_banks(at=AT)
    with CaptureQueriesContext(connection) as queries:
        assert len(mentor_index(coordinator.casework)) == len(mentors)
        assert _bank(coordinator, mentee).problem.mentors == len(mentors)
    assert len(queries) == 4
    # What a process does with all its memory is decided by whoever starts the process.
    assert gc.get_freeze_count() == frozen


def test_without_warming_everybody_is_read(coordinator: Staff, mentors: list[Enrolment], mentee: Enrolment) -> None:
    # The control of the test above.
    with CaptureQueriesContext(connection) as queries:
        mentor_index(coordinator.casework)
        _bank(coordinator, mentee)
    assert len(queries) > 4
