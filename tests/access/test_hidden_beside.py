"""Where a hidden person stands beside somebody who is seen: there, too, nothing tells of her."""

from __future__ import annotations

from datetime import timedelta

import pytest

from access.rows import add_asked
from access.test_hidden import hide
from factories.django_rows import (
    AT,
    TODAY,
    make_division,
    make_enrolment,
    make_person,
    make_programme,
    make_staff,
    saved,
    user_of,
)
from mentornet.audit.models import Entry
from mentornet.audit.queries import entries_about, entries_in
from mentornet.audit.services import record
from mentornet.common.reach import Reach
from mentornet.divisions.models import Division, Role
from mentornet.divisions.queries import staff_member
from mentornet.divisions.staff import Staff
from mentornet.followup.models import TenureThanks
from mentornet.followup.value_queries import to_thank
from mentornet.imports.models import Batch, Report
from mentornet.imports.queries import known_people, known_references, sealed_people, visible_batches
from mentornet.intake.models import Enrolment
from mentornet.intake.queries import alike_people
from mentornet.intake.rules import may_work_on
from mentornet.intake.services.apart import read_apart
from mentornet.matching.bank import bank_of
from mentornet.matching.enums import ProposalState
from mentornet.matching.models import Proposal
from mentornet.matching.queries import open_proposal_of, visible_proposals
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Role as Part
from mentornet.people.models import Avoidance
from mentornet.people.queries import are_kept_apart, avoidances_of
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_version
from mentornet.surveys.models import Questionnaire
from mentornet.surveys.queries import counted_asks

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Division:
    return make_division("Odense")


@pytest.fixture
def programme() -> Programme:
    return make_programme("Mentor network")


@pytest.fixture
def hers(here: Division, programme: Programme) -> Enrolment:
    person = make_person("Amina", "Fjernholm", email="amina@example.org", phone="+4562000002")
    return make_enrolment(Part.MENTOR, here, person=person, programme=programme, enrolment={"promised": 1})


@pytest.fixture
def other(here: Division, programme: Programme) -> Enrolment:
    return make_enrolment(Part.MENTEE, here, programme=programme, enrolment={"promised": 1})


@pytest.fixture
def sees(here: Division) -> Staff:
    return make_staff(Role.COORDINATOR, here)


@pytest.fixture
def blind(here: Division, hers: Enrolment) -> Staff:
    by = make_staff(Role.COORDINATOR, here)
    hide(user_of(by), [hers.person])
    return staff_member(user_of(by), AT)


def test_whom_the_other_must_not_meet(hers: Enrolment, other: Enrolment, sees: Staff, blind: Staff) -> None:
    saved(Avoidance(person=other.person, other=hers.person, reason="Her aunt.", created_at=AT, created_by="user:x"))
    assert are_kept_apart(sees, other.person)
    assert not are_kept_apart(blind, other.person)
    assert len(avoidances_of(sees, other.person)) == 1
    assert read_apart(by=blind, application=other.application) == []


def test_proposal_to_the_other(hers: Enrolment, other: Enrolment, sees: Staff, blind: Staff) -> None:
    proposal = saved(
        Proposal(mentee=other, mentor=hers, division=other.division, version=other.programme.versions.get(),
                 state=ProposalState.DRAFT, reason="They fit.", chosen_by="user:x", author_name="X", score=1,
                 bars={}, sentences={}, rank=1, ranked=1, meets_first=False, created_at=AT),
        exclude=("bars", "sentences", "sent_at", "expires_on"),
    )  # fmt: skip
    Proposal.objects.filter(pk=proposal.pk).update(state=ProposalState.SENT, sent_at=AT, expires_on=AT.date())
    assert open_proposal_of(sees, other.pk) is not None
    assert open_proposal_of(blind, other.pk) is None
    assert visible_proposals(sees).exists()
    assert not visible_proposals(blind).exists()


def test_import_that_names_her(
    here: Division, programme: Programme, hers: Enrolment, sees: Staff, blind: Staff
) -> None:
    batch = saved(Batch(division=here, programme=programme, created_by="user:x", author_name="X", created_at=AT))
    assert visible_batches(blind).exists()
    Report.objects.create(batch=batch, content={"duplicates": [{"matches": [{"key": f"person:{hers.person_id}"}]}]})
    assert visible_batches(sees).exists()
    assert not visible_batches(blind).exists()


def test_list_in_which_she_stands_does_not_know_her(
    here: Division, programme: Programme, hers: Enrolment, sees: Staff, blind: Staff
) -> None:
    type(hers.application).objects.filter(pk=hers.application_id).update(is_imported=True, reference="M1")
    assert [row["pk"] for row in known_people(sees, here.pk)] == [hers.person_id]
    assert known_people(blind, here.pk) == []
    assert len(known_references(sees, here.pk, programme.pk)) == 1
    assert known_references(blind, here.pk, programme.pk) == []
    assert sealed_people(blind, here.pk) == []


def test_registering_her_again_tells_nothing(hers: Enrolment, sees: Staff, blind: Staff) -> None:
    asked = {"name": "Amina Fjernholm", "email": "amina@example.org", "phone": "+45 62 00 00 02"}
    assert alike_people(sees, **asked).exists()
    assert not alike_people(blind, **asked).exists()


def test_audit_of_her(here: Division, hers: Enrolment, sees: Staff, blind: Staff) -> None:
    record(by=sees, act="intake.give_word", of=hers, division_id=here.pk)
    assert entries_in(entries_about([hers]), sees.casework).exists()
    assert not entries_in(entries_about([hers]), blind.casework).exists()
    assert entries_in(Entry.objects.all(), sees.casework).count() == 1


def test_her_answers_are_not_counted_and_her_years_not_told(
    programme: Programme, hers: Enrolment, other: Enrolment, sees: Staff, blind: Staff
) -> None:
    pair = saved(
        Partnership(mentee=other, mentor=hers, division=other.division, matched_on=TODAY - timedelta(days=400),
                    created_at=AT)
    )  # fmt: skip
    add_asked(pair, programme, str)
    questionnaire = Questionnaire.objects.get()
    assert counted_asks(sees, questionnaire).exists()
    assert not counted_asks(blind, questionnaire).exists()
    saved(TenureThanks(person=hers.person, division=hers.division, years=1, reached_on=TODAY, created_at=AT))
    assert to_thank(sees).exists()
    assert not to_thank(blind).exists()


def test_acting_on_what_was_opened_before_is_refused(hers: Enrolment, sees: Staff, blind: Staff) -> None:
    assert may_work_on(sees, hers)
    assert not may_work_on(blind, hers)


def test_bank_in_memory_is_another_one(
    here: Division, programme: Programme, hers: Enrolment, other: Enrolment, sees: Staff, blind: Staff
) -> None:
    version = current_version(programme.pk)
    seen = bank_of(version=version, divisions=sees.casework, today=sees.today)
    unseen = bank_of(version=version, divisions=blind.casework, today=blind.today)
    assert str(hers.pk) in seen.columns
    assert str(hers.pk) not in unseen.columns
    # And the other way round, from memory.
    assert str(hers.pk) in bank_of(version=version, divisions=sees.casework, today=sees.today).columns


def test_reach_is_equal_to_itself_alone(here: Division, blind: Staff) -> None:
    plain = frozenset({here.pk})
    assert blind.casework != plain
    assert plain != blind.casework
    assert blind.casework == Reach(plain, blind.hidden)
    assert hash(blind.casework) == hash(Reach(plain, blind.hidden))
    assert len({plain, blind.casework, Reach(plain)}) == 2
