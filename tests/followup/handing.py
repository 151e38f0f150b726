"""Handing cases over, for tests: what waits in them, and whose they are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from factories.django_rows import AT, make_application, saved, user_of
from mentornet.agenda.models import Kind, Task
from mentornet.agenda.services import ask_for
from mentornet.divisions.models import Division, HiddenPerson
from mentornet.divisions.staff import Staff
from mentornet.followup import services
from mentornet.followup.models import Handover
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import Enrolment, Interview, InterviewSlot


def task_of(by: Staff, kind: Kind, target: Any, owner: Staff | None = None, **words: str) -> Task:
    return ask_for(
        by=by, kind=kind, target_id=target, division_id=next(iter(by.casework)), due_on=by.today,
        owner_id=(owner or by).user_id, words=words or {"name": "Amina", "mentee": "Amina", "mentor": "Karen"},
    )  # fmt: skip


def hand(by: Staff, former: Staff, *receivers: Staff, **facts: Any) -> list[Handover]:
    division = Division.objects.get(pk=next(iter(former.casework)))
    users = [user_of(one) for one in receivers]
    return services.hand_over_cases(by=by, former=user_of(former), receivers=users, division=division, **facts)


def owner_of(row: Any) -> Any:
    row.refresh_from_db()
    return getattr(row, "coordinator_id", None) or getattr(row, "owner_id", None)


def hide(user: Staff, place: Enrolment) -> None:
    saved(HiddenPerson(user=user_of(user), person_id=place.person_id, set_by="system:tests", created_at=AT))


def make_talk(by: Staff, division: Division) -> tuple[Interview, InterviewSlot]:
    application = make_application("mentee", division, state=ApplicationState.BOOKED)
    at, user = AT + timedelta(days=2), user_of(by)
    slot = saved(
        InterviewSlot(
            division=division,
            interviewer=user,
            starts_at=at,
            place="The library",
            application=application,
            created_at=AT,
        )
    )
    talk = saved(Interview(application=application, interviewer=user, at=at, place="The library", created_at=AT))
    return talk, slot
