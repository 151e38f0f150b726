"""The way to the first administrator, from the command line."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from mentornet.accounts.models import User
from mentornet.divisions.models import Division, Role, StaffRole

pytestmark = pytest.mark.django_db
GOOD = "a-very-long-password-9"


def _typed(monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{line}\n"))


def test_first_administrator_can_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    _typed(monkeypatch, GOOD)
    call_command("give_role", "anna@example.org", name="Anna", stdout=io.StringIO())
    user = User.objects.get(email="anna@example.org")
    assert user.check_password(GOOD)
    assert StaffRole.objects.get(user=user).role == Role.ADMINISTRATOR


def test_weak_password_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    _typed(monkeypatch, "short")
    with pytest.raises(CommandError, match="12 characters"):
        call_command("give_role", "anna@example.org", name="Anna")
    assert not User.objects.exists()


def test_division_is_opened_with_its_first_coordinator(monkeypatch: pytest.MonkeyPatch) -> None:
    _typed(monkeypatch, GOOD)
    call_command("give_role", "bo@example.org", name="Bo", role="coordinator", division="Aarhus", stdout=io.StringIO())
    assert StaffRole.objects.get().division == Division.objects.get(name="Aarhus")


def test_known_user_keeps_her_password_and_a_role_twice_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    _typed(monkeypatch, GOOD)
    call_command("give_role", "anna@example.org", name="Anna", stdout=io.StringIO())
    _typed(monkeypatch, "another-long-password-9")
    with pytest.raises(CommandError, match="holds that role already"):
        call_command("give_role", "ANNA@example.org", name="Anna")
    assert User.objects.get().check_password(GOOD)


def test_coordinator_needs_a_division(monkeypatch: pytest.MonkeyPatch) -> None:
    _typed(monkeypatch, GOOD)
    with pytest.raises(CommandError, match="have a division"):
        call_command("give_role", "bo@example.org", name="Bo", role="coordinator")
    assert not StaffRole.objects.exists()
