"""A place that ended because somebody stood here twice is no ending: nobody left, and nothing counts it as if."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Q
from pytest_django import Settings

from factories.django_rows import TODAY, make_enrolment, make_person
from mentornet.common.answers import RefusedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import CHOSEN_ENDS, EndReason
from mentornet.intake.models import Enrolment
from mentornet.intake.services.enrolments import end_enrolment, resume_enrolment
from mentornet.matching import past
from mentornet.matching.fairness import fairness_of
from mentornet.matching.past import Past, read_past
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Role
from mentornet.privacy.services.merging import merge_people, unmerge_people
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_version
from mentornet.sourcing.briefs import Brief
from mentornet.sourcing.models import Search
from mentornet.sourcing.services import begin_search
from mentornet.web.desk.people.case_forms import EndForm
from pairing.history import NEVER

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ledger(tmp_path: Path, settings: Settings) -> Path:
    settings.DATA_FOLDER = tmp_path
    return tmp_path


@pytest.fixture
def two(division: Division, programme: Programme) -> tuple[Enrolment, Enrolment]:
    return tuple(
        make_enrolment(
            Role.MENTEE, division, programme=programme, person=make_person("Hodan", "Warsame", postcode="5000"),
            enrolment={"since": TODAY - timedelta(days=days)},
        )
        for days in (60, 200)
    )  # type: ignore[return-value]  # fmt: skip


def merge(by: Staff, two: tuple[Enrolment, Enrolment]) -> Enrolment:
    """Make the two one; return the place that has ended."""
    merge_people(by=by, kept=two[0].person, gone=two[1].person, chosen={}, reason="Twice")
    return Enrolment.objects.get(person=two[0].person, ended_on__isnull=False)


def history(programme: Programme) -> Past:
    return read_past(current_version(programme.pk), TODAY + timedelta(days=1))


def test_the_place_says_why_it_ended_and_nobody_else_can_say_so(
    coordinator: Staff, two: tuple[Enrolment, Enrolment]
) -> None:
    ended = merge(coordinator, two)
    assert ended.end_reason == EndReason.MERGED
    assert EndReason.MERGED not in CHOSEN_ENDS
    assert EndReason.MERGED.value not in str(EndForm())
    goes_on = Enrolment.objects.get(person=two[0].person, ended_on=None)
    with pytest.raises(ValidationError):
        end_enrolment(by=coordinator, enrolment=goes_on, reason=EndReason.MERGED)


def test_such_a_place_is_not_opened_again_by_itself(coordinator: Staff, two: tuple[Enrolment, Enrolment]) -> None:
    ended = merge(coordinator, two)
    goes_on = Enrolment.objects.get(person=two[0].person, ended_on=None)
    end_enrolment(by=coordinator, enrolment=goes_on, reason=EndReason.MOVED)
    with pytest.raises(RefusedError, match="Undo the merge"):
        resume_enrolment(by=coordinator, enrolment=ended)
    assert resume_enrolment(by=coordinator, enrolment=goes_on).ended_on is None


def test_the_history_from_which_waits_are_foretold_has_her_once(
    coordinator: Staff, two: tuple[Enrolment, Enrolment], programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(history(programme).history.listed) == 2
    merge(coordinator, two)
    told = history(programme).history
    # One came, and nobody left.
    assert len(told.listed) == 1
    assert list(told.unlisted) == [NEVER]
    # Counted as any other ending, a woman would have come and given up.
    monkeypatch.setattr(past, "_was_a_double", lambda: Q(pk__in=[]))
    wrong = history(programme).history
    assert sorted(wrong.unlisted) == [TODAY.toordinal(), NEVER]


def test_a_partnership_of_the_place_that_ended_stays_in_the_history(
    coordinator: Staff, two: tuple[Enrolment, Enrolment], division: Division, programme: Programme
) -> None:
    mentor = make_enrolment(Role.MENTOR, division, programme=programme)
    pair = Partnership(
        mentee=two[0], mentor=mentor, division=division, state="closed", closing_reason="other",
        created_at=two[0].created_at, matched_on=TODAY - timedelta(days=50), first_met_on=TODAY - timedelta(days=45),
        closed_on=TODAY - timedelta(days=9),
    )  # fmt: skip
    pair.save(force_insert=True)
    before = history(programme).history
    ended = merge(coordinator, two)
    assert ended.pk == two[0].pk
    told = history(programme).history
    assert list(told.matched) == list(before.matched) == [(TODAY - timedelta(days=50)).toordinal()]
    assert len(told.listed) == 2


def test_who_waits_twice_is_counted_once_where_two_versions_are_compared(
    coordinator: Staff, two: tuple[Enrolment, Enrolment], division: Division, programme: Programme
) -> None:
    for _number in range(12):
        make_enrolment(Role.MENTEE, division, programme=programme)
    version = current_version(programme.pk)
    before = fairness_of(by=coordinator, now=version, wanted=version).whole.waiting
    merge(coordinator, two)
    assert fairness_of(by=coordinator, now=version, wanted=version).whole.waiting == (before or 0) - 1


def test_a_search_for_her_goes_on_with_the_place_that_goes_on(
    coordinator: Staff, two: tuple[Enrolment, Enrolment], division: Division, programme: Programme
) -> None:
    for _number in range(3):
        make_enrolment(Role.MENTEE, division, programme=programme)
    search = begin_search(
        by=coordinator, division=division, programme=programme, brief=Brief(), due_on=TODAY + timedelta(days=9),
        mentee=two[0],
    )  # fmt: skip
    done = merge_people(by=coordinator, kept=two[0].person, gone=two[1].person, chosen={}, reason="Twice")
    assert Search.objects.get(pk=search.pk).mentee_id == two[1].pk
    unmerge_people(by=coordinator, merge=done)
    assert Search.objects.get(pk=search.pk).mentee_id == two[0].pk
