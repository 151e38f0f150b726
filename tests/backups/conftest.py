"""Installations for tests of backups: the first is made as its administrator makes one, the others are copies of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from backups.installations import Installation, Make, drop, make


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Iterator[Installation]:
    """An installation with one administrator; never changed."""
    with django_db_blocker.unblock():
        made = make(tmp_path_factory.mktemp("first"))
        yield made
        drop(made)


@pytest.fixture
def install(first: Installation, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Make]:
    """Makes installations; ``empty=True`` for a machine on which nothing has been done."""
    made: list[Installation] = []

    def one(*, empty: bool = False) -> Installation:
        made.append(make(tmp_path, template=first, empty=empty))
        return made[-1]

    with django_db_blocker.unblock():
        yield one
        for each in made:
            drop(each)
