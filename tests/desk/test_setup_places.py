"""Neutral places to meet: kept by the lead of each division, suggested to whoever wants to meet there."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from factories.django_rows import AT, saved
from mentornet.audit.models import Entry
from mentornet.common.answers import NotAllowedError
from mentornet.divisions import services
from mentornet.divisions.models import Division, MeetingPlace
from mentornet.divisions.queries import places_to_meet
from mentornet.divisions.staff import Staff
from signing import SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]


@pytest.fixture
def desk(client: Client, sign_in: SignIn, division_lead: Staff) -> Client:
    return sign_in(client, division_lead)


def listed(desk: Client) -> str:
    return desk.get(reverse("desk:places")).content.decode()


def test_a_lead_adds_changes_and_rests_a_place(desk: Client, division: Division) -> None:
    assert "No places yet" in listed(desk)
    facts = {"division": str(division.pk), "name": "Amfi", "address": "Torvet 1", "note": "By the door"}
    desk.post(reverse("desk:places"), facts)
    place = MeetingPlace.objects.get()
    assert (place.division, place.words, place.is_active) == (division, "Amfi, Torvet 1", True)
    assert "By the door" in listed(desk)
    desk.post(reverse("desk:place", args=[place.pk]), {"name": "Amfiscenen", "address": "", "note": ""})
    place.refresh_from_db()
    assert (place.words, place.note) == ("Amfiscenen", "")
    said = desk.post(reverse("desk:place_off", args=[place.pk]), follow=True).content.decode()
    assert "It is no longer suggested. Planned meetings stay." in said
    assert "not suggested" in said
    assert not places_to_meet(division.pk).filter(is_active=True)
    desk.post(reverse("desk:place_on", args=[place.pk]))
    assert places_to_meet(division.pk).filter(is_active=True).count() == 1
    acts = Entry.objects.filter(act__endswith="_place").order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["divisions.add_place", *["divisions.change_place"] * 3]


def test_the_same_name_twice_is_refused(desk: Client, division: Division) -> None:
    saved(MeetingPlace(division=division, name="Amfi", created_at=AT))
    again = desk.post(reverse("desk:places"), {"division": str(division.pk), "name": "Amfi", "note": "Kept words"})
    assert again.status_code == 422
    assert "There is a place of this name already." in again.content.decode()
    assert "Kept words" in again.content.decode()
    assert MeetingPlace.objects.count() == 1


def test_another_division_s_places_do_not_exist(desk: Client, other_division: Division) -> None:
    place = saved(MeetingPlace(division=other_division, name="Rotunden", created_at=AT))
    assert "Rotunden" not in listed(desk)
    for name in ("place", "place_off", "place_on"):
        assert desk.post(reverse(f"desk:{name}", args=[place.pk]), {"name": "Mine"}).status_code == 404
    foreign = desk.post(reverse("desk:places"), {"division": str(other_division.pk), "name": "Mine"})
    assert foreign.status_code == 422
    assert list(MeetingPlace.objects.values_list("name", "is_active")) == [("Rotunden", True)]


def test_coordinators_change_no_set_up(client: Client, sign_in: SignIn, coordinator: Staff, division: Division) -> None:
    place = saved(MeetingPlace(division=division, name="Amfi", created_at=AT))
    assert sign_in(client, coordinator).get(reverse("desk:places")).status_code == 403
    with pytest.raises(NotAllowedError):
        services.add_place(by=coordinator, division=division, facts={"name": "Mine"})
    with pytest.raises(NotAllowedError):
        services.change_place(by=coordinator, place=place, facts={"is_active": False})
    assert reverse("desk:places") not in client.get(reverse("desk:setup")).content.decode()


def test_the_set_up_leads_there(desk: Client) -> None:
    assert reverse("desk:places") in desk.get(reverse("desk:setup")).content.decode()


@pytest.mark.parametrize("many", [1, 3])
def test_queries_do_not_depend_on_places(
    many: int, desk: Client, division: Division, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    for number in range(many):
        saved(MeetingPlace(division=division, name=f"Place {number}", created_at=AT))
    with django_assert_num_queries(QUERIES):  # type: ignore[operator]
        assert listed(desk).count("Stop suggesting it") == many


QUERIES = 7
