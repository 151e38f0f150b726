"""What is kept for undoing a merge goes with her: when she is erased or protected no word and no key of it is left."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from pytest_django import Settings

from factories.django_rows import AT, make_enrolment, make_person
from mentornet.common.actors import System
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError
from mentornet.divisions.queries import staff_member
from mentornet.followup.enums import ConcernState
from mentornet.followup.models import Concern
from mentornet.intake.models import Enrolment
from mentornet.matching.models import Loan
from mentornet.people.enums import Role
from mentornet.people.models import Person, ProtectedIdentity
from mentornet.privacy.enums import Reason
from mentornet.privacy.hers import find_hers
from mentornet.privacy.models import Merge, Request
from mentornet.privacy.services import erase
from mentornet.privacy.services.merging import forget_steps_of, merge_people, unmerge_people
from privacy.canaries import World, forms, found, make_world
from protection.hers import FIRST, LAST, make_network, stored

pytestmark = pytest.mark.django_db
OTHER = {"first name": "Kanarina", "last name": "Vestergejl", "email": "kanarina@vestergejl.example"}
WORDS = {one.casefold() for one in OTHER.values()}


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.DATA_FOLDER = tmp_path
    return tmp_path


@pytest.fixture
def world(folder: Path) -> World:
    """Return somebody of whom something stands in every column, and in whose way nothing stands."""
    world = make_world(folder)
    Concern.objects.update(state=ConcernState.CLOSED, closed_by="user:b", resolved_by="user:a", closed_at=AT)
    ProtectedIdentity.objects.all().delete()
    gone = Person.objects.get(pk=world.person.pk)
    gone.is_protected = False
    gone.set_name_keys()
    gone.save()
    Loan.objects.all().delete()
    Request.objects.update(kind="access")
    world.person.refresh_from_db()
    return world


def other_row(world: World) -> Person:
    her = make_person(OTHER["first name"], OTHER["last name"], email=OTHER["email"])
    return make_enrolment(Role.MENTOR, world.division, person=her).person


def merged(world: World, kept: Person, gone: Person) -> Merge:
    lead = staff_member(world.lead, AT)
    return merge_people(by=lead, kept=kept, gone=gone, chosen={}, reason="Typed in twice")


def keys_of(*people: Person) -> set[UUID]:
    return {key for person in people for key in find_hers(person).ids()}


@pytest.mark.parametrize("is_kept", [True, False], ids=["she is kept", "she goes"])
def test_an_erasure_after_a_merge_leaves_no_word_and_no_key(is_kept: bool, world: World, folder: Path) -> None:
    lead, second = staff_member(world.lead, AT), other_row(world)
    ids = keys_of(world.person, second)
    kept, gone = (world.person, second) if is_kept else (second, world.person)
    done = merged(world, kept, gone)
    ids |= keys_of(Person.objects.get(pk=kept.pk)) | {done.pk, gone.pk}
    # The book of the steps holds her name: this test would see it.
    assert {"privacy_merge"} <= {where for where, _word in found(folder, WORDS)} or not is_kept
    assert str(gone.pk) in str(Merge.objects.get(pk=done.pk).steps)
    erase(by=lead, person=kept, reason=Reason.ASKED)
    left = found(folder, set(world.planted.values()) | WORDS | forms(ids))
    assert left == [], [(where, [k for k, v in world.planted.items() if v.lower() == w]) for where, w in left]
    with pytest.raises(ChangedMeanwhileError, match="erased meanwhile"):
        unmerge_people(by=lead, merge=done)
    assert not Person.objects.filter(pk=gone.pk).exists()


@pytest.mark.parametrize("goes_first", [True, False], ids=["who had gone", "who was kept"])
def test_an_erasure_after_undoing_leaves_nothing_of_her_and_all_of_the_other(
    goes_first: bool, world: World, folder: Path
) -> None:
    lead, second = staff_member(world.lead, AT), other_row(world)
    ids = keys_of(second)
    kept, gone = (world.person, second) if goes_first else (second, world.person)
    done = merged(world, kept, gone)
    unmerge_people(by=lead, merge=done)
    erase(by=lead, person=second, reason=Reason.ASKED)
    assert found(folder, WORDS | forms(ids)) == []
    assert Person.objects.filter(pk=world.person.pk, last_name=world.person.last_name).exists()


def test_who_is_protected_after_a_merge_is_in_no_book_of_steps(folder: Path) -> None:
    net = make_network()
    second = make_enrolment(
        Role.MENTEE, net.her.division, programme=net.her.programme,
        person=make_person(OTHER["first name"], OTHER["last name"], email=OTHER["email"]),
    ).person  # fmt: skip
    done = merge_people(by=net.coordinator, kept=net.person, gone=second, chosen={}, reason=f"{FIRST} is Kanarina")
    Enrolment.objects.filter(person=net.person, ended_on=None).update(wait_words="Kanarina Vestergejl has called.")
    assert ("privacy.Merge.steps", "last name") in stored(OTHER)
    net.protect()
    assert stored(OTHER) == set()
    assert stored({"last name": LAST}) == set()
    done.refresh_from_db()
    assert done.steps == []
    # She stood here under another name, and what was written of her then names her so.
    assert "Kanarina" not in done.reason
    assert set(OTHER.values()) <= set(ProtectedIdentity.objects.get().words.splitlines())
    with pytest.raises(NotAllowedError, match="has been protected since"):
        unmerge_people(by=net.coordinator, merge=done)


def test_without_its_forgetting_the_book_would_be_found(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    net = make_network()
    second = make_enrolment(
        Role.MENTEE, net.her.division, programme=net.her.programme,
        person=make_person(OTHER["first name"], OTHER["last name"], email=OTHER["email"]),
    ).person  # fmt: skip
    done = merge_people(by=net.coordinator, kept=net.person, gone=second, chosen={}, reason="Twice")
    steps = done.steps
    net.protect()
    Merge.objects.filter(pk=done.pk).update(steps=steps)
    assert ("privacy.Merge.steps", "last name") in stored(OTHER)
    forget_steps_of(System("tests", AT), net.person.pk)
    assert stored(OTHER) == set()
