"""The demonstration's one-click sign-in and its letter box: impossible anywhere else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.checks import run_checks
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path, reverse
from pytest_django import Settings

from access.matrix import with_addresses
from access.worlds import build_place
from factories.django_rows import AT, TODAY, give_role, make_division, make_person, make_programme, make_user
from mentornet.accounts.models import User
from mentornet.demo.models import DemoNetwork
from mentornet.demo.queries import ParticipantKind, participant_choices
from mentornet.demo.services import RealDataError, refuse_real_data
from mentornet.divisions.models import Role
from mentornet.people.models import Person
from mentornet.web.desk.demo import urls, views

pytestmark = pytest.mark.django_db
PAGES = ("/demo/", "/demo/letters/")


@pytest.fixture
def somebody(db: None) -> User:
    """A coordinator."""
    user = make_user("Inger Holm")
    give_role(user, Role.COORDINATOR, make_division("Odense"))
    return user


def _mark_demo() -> None:
    DemoNetwork.objects.create(seed=1, size="pilot", loaded_on=TODAY, loaded_at=AT)


def _with_doors(settings: Settings) -> None:
    with_addresses(settings, [path("demo/", include((urls.urlpatterns, "demo")))])


def test_addresses_do_not_exist_outside_a_demonstration(client: Client, somebody: User) -> None:
    _mark_demo()
    for address in (*PAGES, f"/demo/{somebody.pk}/"):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404


def test_addresses_are_refused_should_they_exist_outside_a_demonstration(
    client: Client, somebody: User, settings: Settings
) -> None:
    _mark_demo()
    _with_doors(settings)
    for address in (*PAGES, reverse("demo:enter", args=[somebody.pk])):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("view", [views.sign_in, views.letter_box])
def test_pages_refuse_outside_a_demonstration_by_themselves(
    rf: RequestFactory, view: Callable[[HttpRequest], HttpResponse]
) -> None:
    request = rf.get("/demo/")
    request.user = AnonymousUser()
    with pytest.raises(Http404):
        view(request)


def test_sign_in_refuses_outside_a_demonstration_by_itself(rf: RequestFactory, somebody: User) -> None:
    _mark_demo()
    with pytest.raises(Http404):
        views.enter(rf.post("/demo/"), somebody.pk)


def test_one_click_signs_in_with_a_new_session(client: Client, somebody: User, settings: Settings) -> None:
    _mark_demo()
    settings.DEMO = True
    _with_doors(settings)
    address = reverse("demo:enter", args=[somebody.pk])
    # A session that somebody else may have planted.
    client.cookies["session"] = planted = "a" * 32
    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 302
    assert client.session["_auth_user_id"] == str(somebody.pk)
    first = client.cookies["session"].value
    assert first != planted
    # Looking through other eyes begins anew, too.
    other = make_user("Karen Lund")
    give_role(other, Role.NATIONAL_LEAD)
    client.post(reverse("demo:enter", args=[other.pk]))
    assert client.session["_auth_user_id"] == str(other.pk)
    assert client.cookies["session"].value != first


def test_one_click_asks_for_the_form_of_this_site(somebody: User, settings: Settings) -> None:
    _mark_demo()
    settings.DEMO = True
    _with_doors(settings)
    client = Client(enforce_csrf_checks=True)
    assert client.post(reverse("demo:enter", args=[somebody.pk])).status_code == 403


def test_door_leads_to_the_public_site_too(client: Client, settings: Settings) -> None:
    _mark_demo()
    settings.DEMO = True
    _with_doors(settings)
    assert f'href="{reverse("public:home")}"' in client.get(reverse("demo:sign_in")).content.decode()


def test_real_people_are_not_shown_as_a_demonstration(client: Client, settings: Settings) -> None:
    place = build_place("real", make_programme(), last_name="Virkelig", phone="+4563000003")
    settings.DEMO = True
    _with_doors(settings)
    assert [error.id for error in run_checks(tags=["security"])] == ["demo.E001"]
    with pytest.raises(RealDataError):
        refuse_real_data()
    # Should a server have been started past both: nobody gets in, and nothing is shown.
    assert client.post(reverse("demo:enter", args=[place.staff.pk])).status_code == 404
    for address in PAGES:
        text = client.get(address).content.decode()
        assert "Amina" not in text
        assert place.staff.name not in text


def test_one_click_signs_in_a_participant_at_her_own_door(client: Client, settings: Settings) -> None:
    build_place("demo", make_programme(), last_name="Demo", phone="+4563000004")
    for person in Person.objects.all():
        person.email = f"{person.pk}@example.org"
        person.save(update_fields=["email"])
    _mark_demo()
    settings.DEMO = True
    _with_doors(settings)
    kinds = {choice.kind for choice in participant_choices()}
    assert kinds == {ParticipantKind.ASKED, ParticipantKind.MENTOR, ParticipantKind.MENTEE, ParticipantKind.WAITING}
    page = client.get(reverse("demo:sign_in")).content.decode()
    for choice in participant_choices():
        address = reverse("demo:enter_as_participant", args=[choice.person.pk])
        assert address in page
        assert client.get(address).status_code == 405
        assert client.post(address).headers["Location"] == reverse("portal:home")
        assert client.get(reverse("portal:security")).status_code == 200
        assert client.get(reverse("desk:today")).status_code == 302
    # Only those who are offered.
    other = make_person("Nobody", email="nobody@example.org")
    assert client.post(reverse("demo:enter_as_participant", args=[other.pk])).status_code == 404


def test_no_participant_is_offered_outside_a_demonstration(client: Client, settings: Settings) -> None:
    place = build_place("real", make_programme(), last_name="Virkelig", phone="+4563000003")
    assert participant_choices() == []
    assert place.mentee is not None
    settings.DEMO = True
    _with_doors(settings)
    assert client.post(reverse("demo:enter_as_participant", args=[place.mentee.pk])).status_code == 404
    settings.DEMO = False
    assert client.post(reverse("demo:enter_as_participant", args=[place.mentee.pk])).status_code == 404
