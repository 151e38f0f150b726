"""Passwords: long ones and those with any signs open both doors exactly as typed; known words are refused."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from access.worlds import with_second_factor
from entering import make_participant_user
from factories.django_rows import AT, give_role, make_division, make_person, make_user
from mentornet.accounts.models import User
from mentornet.accounts.services.own_ways import set_password
from mentornet.accounts.validators import words_known_here
from mentornet.common.actors import System
from mentornet.divisions.models import Role

pytestmark = pytest.mark.django_db
LONG = " Æble og pære, سارا och Їжак 7 gange; " + "x" * 62 + " "


def staff_opens(typed: str) -> bool:
    answer = Client().post(reverse("account_login"), {"login": "inger@example.org", "password": typed})
    return answer.status_code == 302 and answer["Location"] == reverse("mfa_authenticate")


@pytest.fixture
def inger(db: None) -> User:
    user = make_user("Inger Holm", email="inger@example.org", password=LONG)
    give_role(user, Role.COORDINATOR, make_division("Odense"))
    return with_second_factor(user)


def test_long_password_of_any_signs_opens_the_staffs_door_as_typed(inger: User) -> None:
    validate_password(LONG, inger)
    assert len(LONG) >= 100
    assert staff_opens(LONG)


@pytest.mark.parametrize("other", [LONG.strip(), LONG[:72], LONG.upper(), LONG[:-2]])
def test_what_is_nearly_the_password_opens_nothing(inger: User, other: str) -> None:
    assert not staff_opens(other)


def test_long_password_of_any_signs_opens_a_participants_door_as_typed(db: None) -> None:
    amina = make_person("Amina", "Khalil", email="amina@example.org", phone="+45 61 00 00 01", language="ar")
    set_password(by=System("tests", AT), user=make_participant_user(amina), password=LONG)

    def opens(typed: str) -> bool:
        answer = Client().post("/my/sign-in/password/", {"address": "amina@example.org", "password": typed})
        return answer.status_code == 302 and answer["Location"] == reverse("portal:home")

    assert opens(LONG)
    assert not opens(LONG.strip())
    assert not opens(LONG[:72])


@pytest.mark.parametrize(
    ("password", "is_taken"),
    [
        ("Mentornet2026!", False),
        ("mentor-mentee-mentornet", False),
        ("NETVÆRK-netværk-1", False),
        ("broen.example.org", False),
        ("Kontoret Broen 7", False),
        ("mentor went north at noon", True),
        ("four words in a row", True),
        ("mentorbank: 4 blå heste", True),
    ],
)
def test_words_that_everybody_here_knows_are_no_password(settings: Settings, password: str, is_taken: bool) -> None:
    settings.ALLOWED_HOSTS = ["broen.example.org"]
    settings.DEFAULT_FROM_EMAIL = "Kontoret <kontoret@broen.example.org>"
    assert {"broen", "kontoret", "mentornet"} <= set(words_known_here())
    if is_taken:
        validate_password(password)
    else:
        with pytest.raises(ValidationError, match="a word that everybody here knows"):
            validate_password(password)


def test_without_the_guard_they_would_be_taken(settings: Settings) -> None:
    guards = settings.AUTH_PASSWORD_VALIDATORS
    settings.AUTH_PASSWORD_VALIDATORS = [one for one in guards if "KnownWords" not in one["NAME"]]
    assert len(settings.AUTH_PASSWORD_VALIDATORS) == len(guards) - 1
    validate_password("Mentornet2026!")
