"""The way back to the version before, with rows that it does not know."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import models

from factories.django_rows import AT, TODAY, saved
from mentornet.accounts.enums import Purpose
from mentornet.accounts.models import OneTimeCode, PersonalLink
from mentornet.agenda.models import Kind, Task

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _forward_again() -> Iterator[None]:
    yield
    call_command("migrate", verbosity=0)


def _task(kind: Kind) -> Task:
    return saved(
        Task(kind=kind, target_id=UUID(int=1), division_id=UUID(int=2), due_on=TODAY, words={"a": "b"}, created_at=AT)
    )


def _link(purpose: Purpose) -> PersonalLink:
    return saved(
        PersonalLink(purpose=purpose, subject="x", token_hash=purpose.value, expires_at=AT, created_at=AT),
    )


def _code(purpose: Purpose) -> OneTimeCode:
    return saved(OneTimeCode(purpose=purpose, subject="x", salt="x", expires_at=AT, created_at=AT))


@pytest.mark.parametrize(
    ("app", "before"), [("agenda", "0006"), ("accounts", "0006")], ids=["must not meet", "training"]
)
def test_rows_of_kinds_that_the_version_before_does_not_know_do_not_hold_it_up(app: str, before: str) -> None:
    kept: list[models.Model] = [_task(Kind.INTERVIEW), _link(Purpose.STATUS), _code(Purpose.STATUS)]
    gone: list[models.Model] = (
        [_task(kind) for kind in list(Kind)[list(Kind).index(Kind.APART_PROPOSED) :]]
        if app == "agenda"
        else [_link(Purpose.TRAINING), _code(Purpose.TRAINING), _code(Purpose.TRIAL)]
    )
    call_command("migrate", app, before, verbosity=0)
    call_command("migrate", verbosity=0)
    for row in (*kept, *gone):
        assert type(row)._default_manager.filter(pk=row.pk).exists() is (row in kept)
