"""Two rows are made one while others work with either of them: nothing is lost or doubled, and nothing is half done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from matching.pairs import propose
from pytest_django import Settings

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
from mentornet.common.actors import System
from mentornet.common.answers import ChangedMeanwhileError, RefusedError
from mentornet.divisions.models import Division, HiddenPerson, Role
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import ConsentPurpose
from mentornet.intake.models import Application, Consent, Enrolment
from mentornet.intake.services.consents import note_consents, take_consent_back
from mentornet.intake.services.hiding import hide
from mentornet.matching.enums import HOLDING, ProposalState
from mentornet.matching.models import Proposal
from mentornet.matching.queries import must_not_meet
from mentornet.people.enums import ObjectionPurpose
from mentornet.people.models import Avoidance, Objection, Person, Profile
from mentornet.people.services import change_person, keep_apart
from mentornet.privacy.enums import Reason
from mentornet.privacy.models import Erasure, Merge
from mentornet.privacy.services import erase, joining
from mentornet.privacy.services.merging import merge_people, say_not_the_same, unmerge_people
from mentornet.programmes.models import Programme
from racing import each_at_once, until_somebody_waits

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql_only]
ROUNDS = range(3)
REFUSED = "ChangedMeanwhileError"


@pytest.fixture(autouse=True)
def ledger(tmp_path: Path, settings: Settings) -> Path:
    settings.DATA_FOLDER = tmp_path
    return tmp_path


@pytest.fixture
def place() -> Division:
    return make_division("Odense")


@pytest.fixture
def programme() -> Programme:
    return make_programme()


@pytest.fixture
def by(place: Division) -> Staff:
    return make_staff(Role.COORDINATOR, place)


@pytest.fixture
def colleague(place: Division) -> Staff:
    return make_staff(Role.COORDINATOR, place)


@pytest.fixture
def two(place: Division, programme: Programme) -> tuple[Enrolment, Enrolment]:
    """Return her two places: as she was typed in, and as she came with a list."""
    return (
        make_enrolment(
            "mentee", place, programme=programme, languages={"so": "C2"},
            person=make_person("Hodan", "Warsame", email="hodan@example.net", postcode="5000"),
            enrolment={"since": TODAY - timedelta(days=60)},
        ),
        make_enrolment(
            "mentee", place, programme=programme, languages={"da": "B1"},
            person=make_person("Hodan", "Warsame", email="h@example.com", postcode="5000"),
            enrolment={"since": TODAY - timedelta(days=200)},
        ),
    )  # fmt: skip


def merge(by: Staff, kept: Enrolment, gone: Enrolment) -> Callable[[], Merge]:
    return lambda: merge_people(by=by, kept=kept.person, gone=gone.person, chosen={}, reason="Typed in twice")


def nothing_half(two: tuple[Enrolment, Enrolment], *, merges: int = 1) -> Person:
    """Ask that of the two one is left, with both places, once what she speaks, and the wait that she has waited."""
    people = Person.objects.filter(pk__in=[place.person_id for place in two])
    assert people.count() == 1
    her = people.get()
    assert Merge.objects.filter(undone_at=None).count() == merges
    places = Enrolment.objects.filter(pk__in=[place.pk for place in two])
    assert set(places.values_list("person", flat=True)) == {her.pk}
    assert places.get(ended_on=None).since == TODAY - timedelta(days=200)
    assert Profile.objects.filter(person=her, role="mentee").count() == 1
    assert sorted(her.languages.values_list("code", flat=True)) == ["da", "so"]
    assert Application.objects.filter(person=her, role="mentee").count() == len(two)
    return her


def both_whole(two: tuple[Enrolment, Enrolment]) -> None:
    """Ask that the two are two, each with what was hers."""
    for one in two:
        now = Enrolment.objects.get(pk=one.pk)
        assert (now.person_id, now.since, now.ended_on) == (one.person_id, one.since, None)
        assert Profile.objects.get(person=one.person_id, role="mentee").pk == one.profile_id
        assert Application.objects.filter(person=one.person_id, role="mentee").count() == 1


# Two who merge --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("round_", ROUNDS)
@pytest.mark.parametrize("is_crossed", [False, True], ids=["the same way", "each into the other"])
def test_of_two_who_merge_the_same_two_one_does(
    round_: int, is_crossed: bool, by: Staff, colleague: Staff, two: tuple[Enrolment, Enrolment]
) -> None:
    second = two[::-1] if is_crossed else two
    outcomes = each_at_once(merge(by, *two), merge(colleague, *second))
    assert sorted(outcomes) == [REFUSED, "done"]
    her = nothing_half(two)
    done = Merge.objects.get()
    assert done.person_id == her.pk
    assert done.merged_by == (by, colleague)[outcomes.index("done")].key
    unmerge_people(by=by, merge=done)
    both_whole(two)


@pytest.mark.parametrize("round_", ROUNDS)
def test_of_one_merged_with_two_others_at_once_all_becomes_one(
    round_: int, by: Staff, colleague: Staff, two: tuple[Enrolment, Enrolment], place: Division
) -> None:
    third = make_enrolment("mentor", place, programme=make_programme())
    # The middle one goes into the first, and the third one into the middle one.
    outcomes = each_at_once(merge(by, *two), merge(colleague, two[1], third))
    assert outcomes[0] == "done"
    third.refresh_from_db()
    if outcomes[1] == "done":
        her = nothing_half(two, merges=2)
        assert third.person_id == her.pk
        assert set(Merge.objects.values_list("person", flat=True)) == {her.pk}
    else:
        assert outcomes[1] == REFUSED
        nothing_half(two)
        assert Person.objects.filter(pk=third.person_id).exists()


def test_merged_and_said_to_be_two_at_once_is_one_of_both(
    by: Staff, colleague: Staff, two: tuple[Enrolment, Enrolment]
) -> None:
    outcomes = each_at_once(
        merge(by, *two), lambda: say_not_the_same(by=colleague, one=two[0].person, other=two[1].person)
    )
    assert outcomes[0] == "done"
    assert outcomes[1] in {"done", REFUSED}
    nothing_half(two)


# Others at work -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("round_", ROUNDS)
@pytest.mark.parametrize("which", [0, 1], ids=["of the one kept", "of the one who goes"])
def test_changed_while_she_is_merged_is_kept_or_told(
    round_: int, which: int, by: Staff, colleague: Staff, two: tuple[Enrolment, Enrolment]
) -> None:
    person = Person.objects.get(pk=two[which].person_id)
    outcomes = each_at_once(
        merge(by, *two), lambda: change_person(by=colleague, person=person, facts={"phone": "20 11 22 33"})
    )
    assert outcomes[0] == "done"
    her = nothing_half(two)
    # Either it was kept, on whichever side it was written, or she who wrote it reads that it was not.
    assert outcomes[1] == ("done" if her.phone == "20 11 22 33" else REFUSED)


def _holding(act: Callable[[], object], done: threading.Event) -> Callable[[], object]:
    """Return an act whose transaction stays open until somebody waits for it."""

    def run() -> None:
        with transaction.atomic():
            act()
            done.set()
            until_somebody_waits()

    return run


def _after(done: threading.Event, act: Callable[[], object]) -> Callable[[], object]:
    def run() -> None:
        assert done.wait(60)
        act()

    return run


def test_who_writes_of_her_who_has_just_gone_reads_so(
    by: Staff, colleague: Staff, two: tuple[Enrolment, Enrolment], place: Division
) -> None:
    gone = two[1].person
    third = make_enrolment("mentor", place, programme=two[0].programme).person
    consent = note_consents(
        by=by, person=gone, division_id=place.pk, purposes=[ConsentPurpose.EVENTS], language="en"
    )[0]  # fmt: skip
    acts: dict[str, Callable[[], Any]] = {
        "change": lambda: change_person(by=colleague, person=gone, facts={"phone": "20 11 22 33"}),
        "hide": lambda: hide(by=colleague, person=gone, user=user_of(by), reason="They know each other."),
        "apart": lambda: keep_apart(by=colleague, person=gone, other=third),
        "withdraw": lambda: take_consent_back(by=colleague, consent=consent),
    }
    merged = threading.Event()
    outcomes = each_at_once(
        _holding(merge(by, *two), merged), *(_after(merged, act) for act in acts.values())
    )  # fmt: skip
    told = dict(zip(acts, outcomes[1:], strict=True))
    assert outcomes[0] == "done"
    # None of it came to stand with a row that is gone, where nobody would heed it.
    assert told == dict.fromkeys(acts, REFUSED)
    assert not HiddenPerson.objects.exists()
    assert not Avoidance.objects.exists()
    assert Consent.objects.get().withdrawn_at is None
    nothing_half(two)


def test_what_was_written_of_her_before_goes_over(
    by: Staff, colleague: Staff, two: tuple[Enrolment, Enrolment], place: Division
) -> None:
    gone = two[1].person
    third = make_enrolment("mentor", place, programme=two[0].programme).person
    third_colleague, written = user_of(make_staff(Role.COORDINATOR, place)), threading.Event()

    def write() -> None:
        hide(by=colleague, person=gone, user=third_colleague, reason="They know each other.")
        keep_apart(by=colleague, person=gone, other=third)

    assert each_at_once(_holding(write, written), _after(written, merge(by, *two))) == ["done", "done"]
    her = nothing_half(two)
    assert HiddenPerson.objects.get().person_id == her.pk
    assert must_not_meet(her.pk, third.pk)


def test_a_row_that_nobody_holds_her_for_is_not_lost(
    by: Staff, two: tuple[Enrolment, Enrolment], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is written after the merge has looked, and stands before the merge ends: the merge looks once more."""
    gone, looked, tries = two[1].person, threading.Event(), []
    carry = joining.carry_over

    def carried(*given: Any) -> None:
        carry(*given)
        tries.append(1)
        if len(tries) == 1:
            looked.set()
            assert written.wait(60)

    written = threading.Event()

    def write() -> None:
        assert looked.wait(60)
        saved(Objection(person=gone, purpose=ObjectionPurpose.RANKING, noted_by="user:x", created_at=AT))
        written.set()

    monkeypatch.setattr(joining, "carry_over", carried)
    assert each_at_once(merge(by, *two), write) == ["done", "done"]
    assert len(tries) == 2
    assert Objection.objects.get().person_id == nothing_half(two).pk


@pytest.mark.parametrize("round_", ROUNDS)
@pytest.mark.parametrize("which", [0, 1], ids=["of the one kept", "of the one who goes"])
def test_proposed_while_she_is_merged_is_promised_once(
    round_: int, which: int, by: Staff, colleague: Staff, two: tuple[Enrolment, Enrolment], place: Division
) -> None:
    mentor = make_enrolment("mentor", place, programme=two[0].programme)
    outcomes = each_at_once(
        merge(by, *two), lambda: propose(colleague, (Enrolment.objects.get(pk=two[which].pk), mentor))
    )
    assert outcomes[0] == "done", outcomes
    her = nothing_half(two)
    mentor.refresh_from_db()
    standing = Proposal.objects.filter(state__in=HOLDING)
    assert mentor.promised == standing.count() == (outcomes[1] == "done")
    goes_on = Enrolment.objects.get(person=her, ended_on=None)
    assert goes_on.promised == standing.count()
    assert [one.mentee_id for one in standing] == [goes_on.pk] * standing.count()
    assert not Proposal.objects.filter(state=ProposalState.DRAFT).exists()


@pytest.mark.parametrize("which", [0, 1], ids=["the one kept", "the one who goes"])
def test_nobody_is_proposed_to_whom_the_other_row_must_not_meet(
    which: int, by: Staff, colleague: Staff, two: tuple[Enrolment, Enrolment], place: Division
) -> None:
    mentor = make_enrolment("mentor", place, programme=two[0].programme)
    keep_apart(by=by, person=two[1 - which].person, other=mentor.person)
    merged = threading.Event()
    mentee = Enrolment.objects.get(pk=two[which].pk)
    assert mentee.person_id == two[which].person_id
    outcomes = each_at_once(
        _holding(merge(by, *two), merged), _after(merged, lambda: propose(colleague, (mentee, mentor)))
    )
    assert outcomes[0] == "done"
    assert outcomes[1] != "done"
    assert not Proposal.objects.filter(state__in=HOLDING).exists()


# She is erased --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("round_", ROUNDS)
@pytest.mark.parametrize("which", [0, 1], ids=["the one kept", "the one who goes"])
def test_erased_while_she_is_merged(round_: int, which: int, by: Staff, two: tuple[Enrolment, Enrolment]) -> None:
    told: list[str] = []

    def forget() -> None:
        try:
            erase(by=System("tests", timezone.now()), person=two[which].person, reason=Reason.ASKED)
        except ChangedMeanwhileError as error:
            told.append(str(error))
            raise

    outcomes = each_at_once(merge(by, *two), forget, refusals=(RefusedError,))
    names = Person.objects.filter(first_name="Hodan")
    if outcomes == ["done", REFUSED]:
        # Nobody takes it for done: she is told that it was not, and where.
        assert which == 1
        assert "has not been erased" in told[0]
        nothing_half(two)
    elif outcomes == ["done", "done"]:
        assert which == 0
        assert not names.exists()
        assert not Merge.objects.exists()
        assert Erasure.objects.count() == 2
    else:
        assert outcomes == [REFUSED, "done"]
        assert [one.pk for one in names] == [two[1 - which].person_id]
        assert Erasure.objects.count() == 1
        assert not Merge.objects.exists()


# Two again ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("round_", ROUNDS)
def test_undone_twice_at_once_is_undone_once(
    round_: int, by: Staff, colleague: Staff, two: tuple[Enrolment, Enrolment]
) -> None:
    done = merge(by, *two)()
    outcomes = each_at_once(*(lambda who=who: unmerge_people(by=who, merge=done) for who in (by, colleague)))
    assert sorted(outcomes) == [REFUSED, "done"]
    both_whole(two)
    done.refresh_from_db()
    assert done.undone_by == (by, colleague)[outcomes.index("done")].key


@pytest.mark.parametrize("round_", ROUNDS)
def test_undone_while_she_is_changed_keeps_what_was_written(
    round_: int, by: Staff, colleague: Staff, two: tuple[Enrolment, Enrolment]
) -> None:
    done = merge(by, *two)()
    kept = Person.objects.get(pk=two[0].person_id)
    outcomes = each_at_once(
        lambda: unmerge_people(by=by, merge=done),
        lambda: change_person(by=colleague, person=kept, facts={"phone": "20 11 22 33"}),
    )
    assert outcomes == ["done", "done"]
    both_whole(two)
    assert Person.objects.get(pk=kept.pk).phone == "20 11 22 33"


@pytest.mark.parametrize("round_", ROUNDS)
def test_undone_while_she_is_merged_once_more(
    round_: int, by: Staff, colleague: Staff, two: tuple[Enrolment, Enrolment], place: Division
) -> None:
    done = merge(by, *two)()
    third = make_enrolment("mentor", place, programme=make_programme())
    outcomes = each_at_once(
        lambda: unmerge_people(by=by, merge=done), merge(colleague, third, two[0]), refusals=(RefusedError,)
    )
    assert outcomes[1] == "done"
    # Of two merges the last is undone first: whoever comes later reads so.
    assert outcomes[0] in {"done", "NotAllowedError"}
    assert Person.objects.filter(pk=two[1].person_id).exists() == (outcomes[0] == "done")
    assert not Person.objects.filter(pk=two[0].person_id).exists()
    for row in Merge.objects.filter(undone_at=None).order_by("-created_at", "-pk"):
        unmerge_people(by=by, merge=row)
    both_whole(two)


@pytest.mark.parametrize("round_", ROUNDS)
def test_undone_while_she_is_erased(round_: int, by: Staff, two: tuple[Enrolment, Enrolment]) -> None:
    done = merge(by, *two)()
    outcomes = each_at_once(
        lambda: unmerge_people(by=by, merge=done),
        lambda: erase(by=System("tests", timezone.now()), person=two[0].person, reason=Reason.ASKED),
        refusals=(RefusedError,),
    )
    assert outcomes[1] == "done"
    names = Person.objects.filter(first_name="Hodan")
    if outcomes[0] == "done":
        assert [one.pk for one in names] == [two[1].person_id]
    else:
        assert outcomes[0] == REFUSED
        assert not names.exists()
        assert not Merge.objects.exists()
