"""Lists that say of two who are partners already that they must not meet: their coordinators hear of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from factories.django_rows import AT, TODAY
from imports_steps import MENTEES, MENTORS, Journey
from mentornet.agenda.models import Kind, Task
from mentornet.common.jobs import run_ready_job
from mentornet.imports.services.undoing import undo_import
from mentornet.intake.models import Enrolment
from mentornet.partnerships.models import Partnership

pytestmark = pytest.mark.django_db
APART = "id;name;must not meet\nE1;Amina Yusuf;M1\n"


def asked() -> list[object]:
    while run_ready_job("tests", timezone.now()):
        pass
    return list(Task.objects.filter(kind=Kind.APART_PAIRED, done_at=None).values_list("target_id", flat=True))


def test_partners_are_looked_at_until_it_is_undone(journey: Callable[..., Journey]) -> None:
    journey(mentors=MENTORS, mentees=MENTEES).done()
    assert asked() == []
    mentee, mentor = (Enrolment.objects.get(application__reference=reference) for reference in ("E1", "M1"))
    partnership = Partnership.objects.create(
        mentee=mentee, mentor=mentor, division=mentee.division, matched_on=TODAY, created_at=AT
    )
    noted = journey(mentees=APART).checked().choose(mentees_2=f"same:person:{mentee.person_id}").write()
    assert asked() == [partnership.pk]
    undo_import(by=noted.by, batch=noted.batch, author="Inger Holm")
    assert asked() == []
