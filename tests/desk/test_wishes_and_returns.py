"""What participants ask for, and whether they are back: on Today, on their own pages, and noted when it is read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from factories.django_rows import AT, TODAY, make_enrolment, user_of
from mentornet.agenda.models import Kind
from mentornet.agenda.services import ask_for
from mentornet.audit.models import Entry
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import WishKind
from mentornet.intake.models import Enrolment, Wish
from mentornet.intake.services.wishes import make_wish
from mentornet.people.enums import Role
from mentornet.people.participants import Participant
from signing import SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]


def words_of(page: object) -> str:
    return page.content.decode()  # type: ignore[attr-defined,no-any-return]


@pytest.fixture
def mentee(division: Division, coordinator: Staff) -> Enrolment:
    return make_enrolment(Role.MENTEE, division, enrolment={"coordinator": user_of(coordinator)})


@pytest.fixture
def wish(mentee: Enrolment) -> Wish:
    by = Participant(person_id=mentee.person_id, name=mentee.person.name, at=AT)
    return make_wish(by=by, kind=WishKind.APART, words="KANARIE")


def test_a_wish_is_read_on_the_record_and_settled(
    wish: Wish, client: Client, coordinator: Staff, sign_in: SignIn
) -> None:
    desk = sign_in(client, coordinator)
    url = reverse("desk:wish", args=[wish.pk])
    today = words_of(desk.get(reverse("desk:today")))
    assert "asks for something on her own pages" in today
    assert url in today
    page = words_of(desk.get(url))
    assert "KANARIE" not in page
    assert "Whom she must not meet" in page
    assert "KANARIE" in words_of(desk.post(reverse("desk:wish_words", args=[wish.pk])))
    assert Entry.objects.filter(act="intake.read_wish", kind="read").count() == 1
    done = words_of(desk.post(reverse("desk:wish_settle", args=[wish.pk]), follow=True))
    assert "It no longer stands on Today." in done
    assert url not in words_of(desk.get(reverse("desk:today")))
    assert "already" in words_of(desk.post(reverse("desk:wish_settle", args=[wish.pk]), follow=True))


def test_wishes_of_another_division_are_not_there(
    wish: Wish, client: Client, other_coordinator: Staff, sign_in: SignIn
) -> None:
    desk = sign_in(client, other_coordinator)
    for name in ("wish", "wish_words", "wish_settle"):
        assert desk.post(reverse(f"desk:{name}", args=[wish.pk])).status_code == 404


def test_who_has_not_answered_is_called_and_her_answer_taken_down(
    mentee: Enrolment, client: Client, coordinator: Staff, sign_in: SignIn
) -> None:
    Enrolment.objects.update(resting_until=TODAY, returns_when_asked=True, return_asked_on=TODAY)
    ask_for(
        by=coordinator,
        kind=Kind.RETURN,
        target_id=mentee.pk,
        division_id=mentee.division_id,
        due_on=TODAY,
        owner_id=coordinator.user_id,
        words={"name": mentee.person.name},
    )
    desk = sign_in(client, coordinator)
    url = reverse("desk:enrolment_back", args=[mentee.pk])
    assert url in words_of(desk.get(reverse("desk:today")))
    page = words_of(desk.get(url))
    assert "Yes, she is ready" in page
    assert "Resting; asked on 2 March 2026" in words_of(desk.get(reverse("desk:person", args=[mentee.person_id])))
    assert "Resting; asked on 2 March 2026" in words_of(desk.get(reverse("desk:waiting")))
    desk.post(reverse("desk:enrolment_wake", args=[mentee.pk]))
    mentee.refresh_from_db()
    assert mentee.resting_until is None
    assert url not in words_of(desk.get(reverse("desk:today")))
    assert "She has answered already." in words_of(desk.get(url))


def test_coordinator_notes_that_a_mentee_wants_a_break(
    mentee: Enrolment, client: Client, coordinator: Staff, sign_in: SignIn
) -> None:
    desk = sign_in(client, coordinator)
    url = reverse("desk:enrolment_rest", args=[mentee.pk])
    assert "She wants a break" in words_of(desk.get(reverse("desk:person", args=[mentee.person_id])))
    assert "She keeps her place on the waiting list." in words_of(desk.get(url))
    answer = desk.post(url, {"until": (TODAY + timedelta(days=40)).isoformat()}, follow=True)
    assert "rests, and is asked on" in words_of(answer)
    assert "Resting; she is asked on 11 April 2026" in words_of(desk.get(reverse("desk:waiting")))
    late = words_of(desk.post(url, {"until": TODAY.isoformat()}))
    assert "Choose a day after today." in late


def test_mentor_who_is_asked_first_shows_so_in_the_bank(
    division: Division, client: Client, coordinator: Staff, sign_in: SignIn
) -> None:
    make_enrolment(
        Role.MENTOR,
        division,
        enrolment={"resting_until": TODAY - timedelta(days=5), "returns_when_asked": True, "rest_note": "A baby"},
    )
    desk = sign_in(client, coordinator)
    page = words_of(desk.get(reverse("desk:bank") + "?state=resting"))
    assert "Resting; she is asked on 25 February 2026" in page
    person = words_of(desk.get(reverse("desk:person", args=[Enrolment.objects.get().person_id])))
    assert "A baby" in person
    assert "She rests longer" in person
