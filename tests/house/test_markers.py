"""Whatever opens the database is run on both kinds of it; nothing else is run twice."""

from __future__ import annotations

import pytest
from django.db import connection

from mentornet.divisions.models import Division


def is_run_on_both(request: pytest.FixtureRequest) -> bool:
    return request.node.get_closest_marker("database") is not None


@pytest.mark.django_db
def test_marked_test_is_run_on_both(request: pytest.FixtureRequest) -> None:
    assert is_run_on_both(request)


@pytest.mark.django_db(transaction=True)
def test_test_with_its_own_transactions_is_run_on_both(request: pytest.FixtureRequest) -> None:
    assert is_run_on_both(request)


def test_test_with_a_fixture_on_the_database_is_run_on_both(request: pytest.FixtureRequest, division: Division) -> None:
    assert division.name
    assert is_run_on_both(request)


def test_other_test_is_run_once(request: pytest.FixtureRequest) -> None:
    assert not is_run_on_both(request)


@pytest.mark.sqlite_only
@pytest.mark.django_db
def test_test_of_the_embedded_database_runs_there_alone() -> None:
    assert connection.vendor == "sqlite"


@pytest.mark.postgresql_only
@pytest.mark.django_db
def test_test_of_postgresql_runs_there_alone() -> None:
    assert connection.vendor == "postgresql"
