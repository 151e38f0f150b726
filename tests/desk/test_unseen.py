"""The page on which somebody is hidden from a colleague, and what that colleague finds afterwards: nothing."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from factories.django_rows import make_division, make_enrolment, make_staff, user_of
from mentornet.audit.models import Entry, Kind
from mentornet.divisions.models import Division, HiddenPerson, Role
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.people.enums import Role as Part
from mentornet.people.models import Person
from signing import SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]


def words_of(page: object) -> str:
    return page.content.decode()  # type: ignore[attr-defined,no-any-return]


@pytest.fixture
def karen(division: Division) -> Staff:
    return make_staff(Role.COORDINATOR, division, name="Karen Cousin")


@pytest.fixture
def her(division: Division, karen: Staff) -> Person:
    case: Enrolment = make_enrolment(Part.MENTEE, division, enrolment={"coordinator": user_of(karen)})
    return case.person


def test_colleague_hides_her_and_lifts_it(
    client: Client, division: Division, coordinator: Staff, karen: Staff, her: Person, sign_in: SignIn
) -> None:
    desk = sign_in(client, coordinator)
    url = reverse("desk:person_unseen", args=[her.pk])
    assert url in words_of(desk.get(reverse("desk:person", args=[her.pk])))
    assert "hidden from nobody" in words_of(desk.get(url))
    kept = words_of(desk.post(url, {"user": str(karen.user_id), "reason": ""}))
    assert "Karen Cousin" in kept
    assert not HiddenPerson.objects.exists()
    done = words_of(desk.post(url, {"user": str(karen.user_id), "reason": "Her cousin."}, follow=True))
    assert "Karen Cousin does not see her any more." in done
    assert "Her cousin." in done
    row = HiddenPerson.objects.get()

    theirs = sign_in(Client(), karen)
    for name in ("desk:person", "desk:person_unseen"):
        assert theirs.get(reverse(name, args=[her.pk])).status_code == 404
    assert her.first_name not in words_of(theirs.get(reverse("desk:people")))
    lift = reverse("desk:person_unseen_lift", args=[her.pk, row.pk])
    assert theirs.post(lift, {f"{row.pk}-reason": "I want to."}).status_code == 404

    refused = words_of(desk.post(lift, {f"{row.pk}-reason": ""}))
    assert "is over" in refused
    done = words_of(desk.post(lift, {f"{row.pk}-reason": "She asked for it."}, follow=True))
    assert "sees her again" in done
    assert "She asked for it." in done
    assert theirs.get(reverse("desk:person", args=[her.pk])).status_code == 200


def test_hidden_from_the_last_one_is_refused_and_keeps_what_was_typed(
    client: Client, division: Division, karen: Staff, her: Person, sign_in: SignIn
) -> None:
    desk = sign_in(client, karen)
    page = words_of(
        desk.post(
            reverse("desk:person_unseen", args=[her.pk]),
            {"user": str(karen.user_id), "reason": "I am her cousin.", "is_oneself": "on"},
        )
    )
    assert "nobody would be left" in page
    assert "I am her cousin." in page


def test_whoever_chooses_herself_is_asked_once(
    client: Client, coordinator: Staff, karen: Staff, her: Person, sign_in: SignIn
) -> None:
    desk, url = sign_in(client, karen), reverse("desk:person_unseen", args=[her.pk])
    chosen = {"user": str(karen.user_id), "reason": "I am her cousin."}
    asked = words_of(desk.post(url, chosen))
    assert "You have chosen yourself. Tick this if you mean it." in asked
    assert not HiddenPerson.objects.exists()
    assert desk.post(url, chosen | {"is_oneself": "on"}).status_code == 302
    assert HiddenPerson.objects.get().user_id == karen.user_id


def test_her_history_shows_nothing_of_that_colleague_from_then_on(
    client: Client, coordinator: Staff, karen: Staff, her: Person, sign_in: SignIn
) -> None:
    desk = sign_in(client, coordinator)
    desk.post(reverse("desk:person_unseen", args=[her.pk]), {"user": str(karen.user_id), "reason": "Her cousin."})
    theirs = sign_in(Client(), karen)
    for name in ("desk:person", "desk:person_details", "desk:person_consents", "desk:person_protect"):
        theirs.get(reverse(name, args=[her.pk]))
        theirs.post(reverse(name, args=[her.pk]), {"reason": "x", "alias": "Rosa"})
    # That she has asked for addresses is known, as of every refusal; of whom, is not.
    done = Entry.objects.filter(actor=karen.key, at__gte=karen.at).exclude(kind=Kind.REFUSAL)
    assert set(done.values_list("act", flat=True)) <= {"accounts.sign_in"}
    assert not Entry.objects.filter(actor=karen.key, object_id=str(her.pk)).exists()


def test_another_divisions_staff_find_no_such_page(client: Client, her: Person, sign_in: SignIn) -> None:
    desk = sign_in(client, make_staff(Role.COORDINATOR, make_division("Vejle")))
    assert desk.get(reverse("desk:person_unseen", args=[her.pk])).status_code == 404
