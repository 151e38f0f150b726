"""Making two rows one, and two again, weakens nothing that keeps a woman safe."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from factories.django_rows import AT, TODAY, make_enrolment, make_person, make_staff, user_of
from mentornet.common.answers import RefusedError
from mentornet.divisions.models import Division, HiddenPerson
from mentornet.divisions.models import Role as StaffRoleName
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.intake.services.hiding import hide
from mentornet.people.enums import Role
from mentornet.people.models import Avoidance, Person
from mentornet.people.services import keep_apart
from mentornet.privacy.merge_rules import in_the_way
from mentornet.privacy.models import Merge
from mentornet.privacy.services.merging import merge_people, unmerge_people
from mentornet.programmes.models import Programme

pytestmark = pytest.mark.django_db


@pytest.fixture
def typed(division: Division, programme: Programme) -> Enrolment:
    """She, as she was typed in by hand."""
    her = make_person("Hodan", "Warsame", email="hodan@example.net")
    return make_enrolment(Role.MENTEE, division, person=her, programme=programme)


@pytest.fixture
def imported(division: Division, programme: Programme) -> Enrolment:
    """Somebody of her name, as she came with a list."""
    her = make_person("Hodan", "Warsame", email="h.warsame@example.com")
    return make_enrolment(Role.MENTEE, division, person=her, programme=programme)


def merge(by: Staff, kept: Enrolment, gone: Enrolment) -> Merge:
    return merge_people(by=by, kept=kept.person, gone=gone.person, chosen={}, reason="Typed in twice")


def test_what_was_said_since_to_keep_her_safe_holds_for_both_when_they_are_two_again(
    coordinator: Staff, typed: Enrolment, imported: Enrolment, division: Division, programme: Programme
) -> None:
    third = make_enrolment(Role.MENTOR, division, programme=programme).person
    fourth = make_enrolment(Role.MENTOR, division, programme=programme).person
    colleague = make_staff(StaffRoleName.COORDINATOR, division)
    done = merge(coordinator, typed, imported)
    later = replace(coordinator, at=AT + timedelta(days=2))
    # Of the one woman whom everybody takes her for: nobody can tell later of which of the two it was said.
    keep_apart(by=later, person=typed.person, other=third, reason="His sister")
    keep_apart(by=later, person=fourth, other=typed.person)
    hide(by=later, person=typed.person, user=user_of(colleague), reason="They are related")
    unmerge_people(by=later, merge=done)
    two = {typed.person_id, imported.person_id}
    assert {row.person_id for row in Avoidance.objects.filter(other=third, reason="His sister")} == two
    assert set(Avoidance.objects.filter(person=fourth).values_list("other", flat=True)) == two
    assert set(HiddenPerson.objects.filter(user=user_of(colleague)).values_list("person_id", flat=True)) == two


def test_what_was_said_before_is_whose_it_was(
    coordinator: Staff, typed: Enrolment, imported: Enrolment, division: Division, programme: Programme
) -> None:
    third = make_enrolment(Role.MENTOR, division, programme=programme).person
    keep_apart(by=coordinator, person=imported.person, other=third)
    done = merge(replace(coordinator, at=AT + timedelta(days=1)), typed, imported)
    unmerge_people(by=replace(coordinator, at=AT + timedelta(days=2)), merge=done)
    assert Avoidance.objects.get().person_id == imported.person_id


def test_nobody_comes_to_a_colleague_who_must_not_see_her(
    coordinator: Staff, typed: Enrolment, imported: Enrolment, division: Division
) -> None:
    colleague = make_staff(StaffRoleName.COORDINATOR, division)
    hide(by=coordinator, person=imported.person, user=user_of(colleague), reason="They are related")
    assert not in_the_way(typed.person, imported.person, TODAY)
    Enrolment.objects.filter(pk=typed.pk).update(coordinator=user_of(colleague))
    with pytest.raises(RefusedError, match="must not be seen by the colleague"):
        merge(coordinator, typed, imported)
    assert Person.objects.filter(pk=imported.person_id).exists()
