"""Messages of the form cost the network money: not too many, and to no number that somebody may earn by."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from mentornet.intake.models import ApplicationDraft
from mentornet.messaging.models import Letter
from mentornet.messaging.sms import country_of
from mentornet.web.public.apply import guards
from public.conftest import Place
from public.walking import CONTACT, Walk, where

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_counted(db: None) -> None:
    cache.clear()


def writes(place: Place, number: int) -> Walk:
    walk = Walk(Client())
    walk.begin()
    walk.answer("place", division=str(place.odense.pk))
    walk.answer("name", first_name="Amina", last_name="Noor")
    walk.answer("contact", **(CONTACT | {"email": f"a{number}@example.org"}))
    return walk


def sent() -> int:
    return Letter.objects.filter(event="one_time_code").count()


def test_only_so_many_from_one_address_and_nothing_is_lost(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(guards.MOST, "messages", 2)
    walks = [writes(place, number) for number in range(3)]
    assert sent() == 2
    assert walks[2].last is not None
    assert "Your answers are kept" in walks[2].last.content.decode()
    assert ApplicationDraft.objects.filter(email="a2@example.org").exists()
    # Nor the link; the page stays.
    page = walks[2].answer("contact", later="1", **(CONTACT | {"email": "a2@example.org"}))
    assert page.status_code == 200
    left = walks[2].send(walks[2].url("apply_later"), {})
    assert "Your answers are kept" in left.content.decode()
    assert not Letter.objects.filter(event="application_started").exists()


def test_only_so_many_in_all(place: Place, settings: Settings) -> None:
    settings.FORM_MESSAGES = 1
    for number in range(2):
        writes(place, number)
    assert sent() == 1


def test_without_the_limits_all_are_sent(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    # The control of the tests above.
    monkeypatch.setattr(guards, "are_too_many_messages", lambda _request: False)
    for number in range(21):
        writes(place, number)
    assert sent() == 21


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("61 23 45 67", "DK"),
        ("0045 61 23 45 67", "DK"),
        ("+298 212345", "FO"),
        ("+380 50 123 4567", "UA"),
        ("+44 7400 123456", "GB"),
        ("+44 7000", "GB"),
        ("no number", ""),
    ],
)
def test_country_of_a_number(number: str, country: str) -> None:
    assert country_of(number) == country


@pytest.mark.parametrize(
    ("way", "phone", "goes_on"),
    [("text", "+44 7400 123456", False), ("text", "61 23 45 67", True), ("call", "+44 7911 123456", True)],
)
def test_text_messages_go_to_some_countries_alone(place: Place, way: str, phone: str, *, goes_on: bool) -> None:
    walk = Walk(Client())
    walk.begin()
    walk.answer("place", division=str(place.odense.pk))
    page = walk.answer("contact", contact_way=way, email="", phone=phone)
    assert (where(page) != "contact") is goes_on
    assert ("or ask us to call you" in page.content.decode()) is not goes_on
    assert sent() == (1 if way == "text" and goes_on else 0)


def test_countries_are_the_installations_to_choose(place: Place, settings: Settings) -> None:
    settings.FORM_COUNTRIES = frozenset({"GB"})
    walk = Walk(Client())
    walk.begin()
    walk.answer("place", division=str(place.odense.pk))
    walk.answer("contact", contact_way="text", email="", phone="+44 7400 123456")
    assert sent() == 1
