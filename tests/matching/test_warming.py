"""A process that begins reads the banks beside its first requests, and sets what it has read apart."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from django.utils import timezone

from factories.django_rows import make_enrolment, make_staff
from mentornet.config import serving
from mentornet.divisions.models import Division, Role
from mentornet.intake import bank_search
from mentornet.matching import bank
from mentornet.matching.bank import bank_of
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_version

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _as_a_new_process() -> Iterator[None]:
    bank_search.forget()
    bank.forget()
    yield
    gc.unfreeze()


def test_a_new_process_reads_beside_and_sets_apart(division: Division, programme: Programme) -> None:
    make_enrolment("mentee", division, programme=programme)
    make_enrolment("mentor", division, programme=programme)
    coordinator = make_staff(Role.COORDINATOR, division, at=timezone.now())
    frozen = gc.get_freeze_count()
    reading = serving.warm()
    reading.join(240)
    assert not reading.is_alive()
    assert gc.get_freeze_count() > frozen
    kept = bank_of(version=current_version(programme.pk), divisions=coordinator.casework, today=coordinator.today)
    # Reckoned for the first page of the waiting list.
    assert len(kept.reckoned.outlooks) == 1
