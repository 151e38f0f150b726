"""Somebody who writes to a small network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from factories.django_rows import make_division, make_programme
from mentornet.divisions.models import Division
from mentornet.programmes.models import Programme
from public.walking import Walk


@dataclass(frozen=True)
class Place:
    """Where one can apply."""

    odense: Division
    aarhus: Division
    job: Programme
    local: Programme


@pytest.fixture(autouse=True)
def _nothing_counted(db: None) -> Iterator[None]:
    """Let no test be held back by what another has sent."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _text_messages_leave(settings: Settings, tmp_path: Path) -> None:
    """Let text messages leave: into a file."""
    settings.SMS_URL, settings.SMS_FOLDER = "file:", tmp_path


@pytest.fixture
def place(db: None) -> Place:
    """Two divisions, a programme of both and one of the first."""
    odense = make_division("Odense", area="Odense og Fyn", email="odense@net.example")
    return Place(
        odense=odense,
        aarhus=make_division("Aarhus"),
        job=make_programme("Job og sprog", eligibility={"da": "Kvinder over 18.", "ar": "نساء فوق سن 18."}),
        local=make_programme("Hverdag", division=odense, eligibility={"en": "Women in Odense."}),
    )


@pytest.fixture
def walk(client: Client) -> Walk:
    """Somebody who reads English and wants a mentor."""
    return Walk(client)
