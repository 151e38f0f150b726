"""What all tests share: how Hypothesis draws, which tests need the database, and a small network of two divisions.

Hypothesis draws the same examples on every run and every machine; ``--hypothesis-profile explore`` looks further.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime
from inspect import isfunction
from pkgutil import resolve_name
from time import monotonic, sleep
from typing import Final, Protocol

import pytest
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils import translation
from hypothesis import settings
from pytest_django import DjangoDbBlocker

from days import TODAY, day_kept
from factories import django_rows
from mentornet.accounts.models import User
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.programmes.models import Programme

settings.register_profile("suite", deadline=None, derandomize=True, database=None)
settings.register_profile("explore", deadline=None, database=None, max_examples=2000, print_blob=True)
settings.load_profile("suite")

# pytest-django's fixtures that open the database.
DATABASE_FIXTURES: Final = frozenset(
    {"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback", "live_server"}
)


# A test of what one of the databases alone does is not collected on the other: there it has nothing to show.
ONE_DATABASE: Final = {"sqlite_only": "sqlite", "postgresql_only": "postgresql"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    # ``-m django_db`` sees marks alone; a test may also ask for the database through a fixture. Ours finds both.
    elsewhere = []
    for item in items:
        if item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("database")
        if any(item.get_closest_marker(mark) and connection.vendor != own for mark, own in ONE_DATABASE.items()):
            elsewhere.append(item)
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Make the databases, and see to it that nobody is left in them when they are dropped.

    A thread of the live server keeps its connection until the browser's has closed, which it may hear of too late; and
    PostgreSQL drops no database that somebody is in.
    """
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock():
            # By its name: this module is loaded before Django's apps are.
            resolve_name("served:prepare_role")()
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            end = monotonic() + 5
            while others_in(cursor) and monotonic() < end:
                sleep(0.1)
            for pid in others_in(cursor):
                cursor.execute("SELECT pg_terminate_backend(%s)", [pid])


def others_in(cursor: CursorWrapper) -> list[int]:
    """Return the processes of the others who are connected with the database."""
    cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
    return [pid for (pid,) in cursor.fetchall()]


class MakeStaff(Protocol):
    """Makes a staff member at work; local roles need a division."""

    def __call__(self, role: Role | str, division: Division | None = None, *, at: datetime = ...) -> Staff: ...


@pytest.fixture
def at() -> datetime:
    """The moment at which tests happen: a Monday morning."""
    return django_rows.AT


@pytest.fixture
def division(db: None) -> Division:
    """A division."""
    return django_rows.make_division("Odense")


@pytest.fixture
def other_division(db: None) -> Division:
    """Another one, whose people must not be seen from the first."""
    return django_rows.make_division("Aarhus")


@pytest.fixture
def programme(db: None) -> Programme:
    """A programme of all divisions, with the usual weights."""
    return django_rows.make_programme("Mentor network")


@pytest.fixture
def make_staff(db: None) -> MakeStaff:
    """Makes staff members."""
    return django_rows.make_staff


@pytest.fixture
def coordinator(division: Division) -> Staff:
    """A coordinator of ``division``."""
    return django_rows.make_staff(Role.COORDINATOR, division, name="Inger Holm")


@pytest.fixture
def other_coordinator(other_division: Division) -> Staff:
    """A coordinator of ``other_division``."""
    return django_rows.make_staff(Role.COORDINATOR, other_division, name="Karen Lund")


@pytest.fixture
def division_lead(division: Division) -> Staff:
    """The lead of ``division``."""
    return django_rows.make_staff(Role.DIVISION_LEAD, division, name="Birthe Dam")


@pytest.fixture
def national_lead(division: Division, other_division: Division) -> Staff:
    """The national lead: she works in both divisions."""
    return django_rows.make_staff(Role.NATIONAL_LEAD, name="Lise Bro")


@pytest.fixture
def administrator(db: None) -> Staff:
    """The administrator: no casework."""
    return django_rows.make_staff(Role.ADMINISTRATOR, name="Jens Kær")


@pytest.fixture
def coordinator_user(coordinator: Staff) -> User:
    """The user behind ``coordinator``, for ``client.force_login``."""
    return django_rows.user_of(coordinator)


@pytest.fixture(autouse=True)
def _day_of_tests(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let it stay the day that a test's module has taken for today, itself or in what makes its rows."""
    known = vars(request.module).values()
    if any(one is TODAY or (isfunction(one) and one.__module__ == "exporting") for one in known):
        with day_kept():
            yield
    else:
        yield


@pytest.fixture
def past_policies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer requests as the tables' owner: for a control that takes a rule away and must see what comes of it.

    On PostgreSQL the role that serves would be given nothing all the same (tests/postgresql_roles).
    """
    monkeypatch.setattr("served.served_role", nullcontext)


@pytest.fixture(autouse=True)
def _language_of_tests() -> Iterator[None]:
    """Let no test speak the language of the page that another has asked for."""
    yield
    translation.deactivate()
