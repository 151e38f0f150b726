"""Two at one moment: one version counts, and no last module is overlooked."""

from __future__ import annotations

from typing import Any, Final

import pytest

from factories.django_rows import AT, TODAY, make_enrolment, make_staff
from mentornet.audit.models import Entry
from mentornet.common.actors import System
from mentornet.divisions.models import Division, Role
from mentornet.intake.models import Enrolment
from mentornet.learning import services
from mentornet.learning.enums import Way
from mentornet.learning.models import Attendance, Chapter, ChapterText, Module
from mentornet.learning.shipped import shipped_texts
from mentornet.people.enums import Role as Part
from racing import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shipped")]
FACTS: Final[dict[str, Any]] = {"title": "T", "summary": "S", "situations": [], "body": "B"}


def test_one_of_three_writes_the_next_version() -> None:
    chapter = Chapter.objects.get(role=Part.MENTOR, slug="finding-time")
    leads = [make_staff(Role.NATIONAL_LEAD, name=f"Lead {number}") for number in range(3)]
    said = at_once(
        *(
            lambda lead=lead: services.rewrite_chapter(
                by=lead, chapter=chapter, language="en", seen=1, facts=FACTS | {"title": lead.name}
            )
            for lead in leads
        )
    )
    assert said == {"done": 1, "ChangedMeanwhileError": 2}
    assert ChapterText.objects.filter(chapter=chapter, language="en", number=2).count() == 1
    assert Entry.objects.filter(act="learning.rewrite").count() == 1


def test_last_two_modules_noted_at_once_bring_her_into_the_bank(division: Division) -> None:
    mentor = make_enrolment(Part.MENTOR, division, enrolment={"briefed_on": None})
    staff = [make_staff(Role.COORDINATOR, division, name=f"Coordinator {number}") for number in range(2)]
    *first, last, very_last = Module.objects.filter(role=Part.MENTOR).order_by("position")
    for module in first:
        services.note_training(by=staff[0], enrolment=mentor, module=module, way=Way.READ, on=TODAY)

    def note(by: int, module: Module) -> object:
        seen = Enrolment.objects.get(pk=mentor.pk)
        return lambda: services.note_training(by=staff[by], enrolment=seen, module=module, way=Way.READ, on=TODAY)

    said = at_once(note(0, last), note(1, very_last))  # type: ignore[arg-type]
    assert said == {"done": 2}
    mentor.refresh_from_db()
    assert mentor.briefed_on == TODAY
    assert Attendance.objects.count() == len(first) + 2
    assert Entry.objects.filter(act="intake.brief").count() == 1


def test_same_module_noted_twice_at_once_counts_once(division: Division) -> None:
    mentor = make_enrolment(Part.MENTOR, division, enrolment={"briefed_on": None})
    coordinator = make_staff(Role.COORDINATOR, division, name="Coordinator")
    module = Module.objects.filter(role=Part.MENTOR).order_by("position")[0]

    def note() -> object:
        return services.note_training(by=coordinator, enrolment=mentor, module=module, way=Way.READ, on=TODAY)

    assert at_once(note, note, note) == {"done": 3}
    assert Attendance.objects.count() == 1
    assert Entry.objects.filter(act="learning.note_training").count() == 1


def test_two_processes_that_start_at_once_install_once() -> None:
    ChapterText.objects.all().delete()
    Chapter.objects.all().delete()
    by = System("shipped", AT)
    assert at_once(*[lambda: services.install_shipped(by=by)] * 3) == {"done": 3}
    chapters = len({(one.role, one.slug) for one in shipped_texts("handbook")})
    assert Chapter.objects.count() == chapters
    assert not ChapterText.objects.exclude(number=1).exists()
