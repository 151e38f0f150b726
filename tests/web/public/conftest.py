"""A small network as the public meets it: two open divisions, a closed one, programmes, the handbook."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.core.cache import cache

from factories.django_rows import AT, TODAY, make_division, make_programme
from mentornet.common.actors import System
from mentornet.learning.services import install_shipped
from web.public.network import Site


@pytest.fixture(autouse=True)
def _nothing_counted(db: None) -> Iterator[None]:
    """Let no test see figures that another has counted."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def site(db: None) -> Site:
    """Make the network."""
    odense = make_division("Odense", area="Odense og Fyn", email="odense@net.example")
    install_shipped(by=System("shipped", AT))
    return Site(
        odense=odense,
        aarhus=make_division("Aarhus", opened_on=date(2010, 9, 1)),
        closed=make_division("Kolding", opened_on=date(2001, 5, 1), closed_on=TODAY, phone="75 00 00 00"),
        job=make_programme("Job og sprog", eligibility={"da": "Kvinder over 18.", "ar": "نساء فوق سن 18."}),
        local=make_programme("Hverdag", division=odense, eligibility={"en": "Women in Odense."}),
    )


@pytest.fixture
def at_the_moment() -> Iterator[None]:
    """Stop the clock at the moment of tests."""
    with time_machine.travel(AT, tick=False):
        yield
