"""What the two of a pair do by themselves, and a word that one of them says in confidence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from access.rows_of_value import value_rows
from factories.django_rows import AT, TODAY, saved
from mentornet.accounts.models import User
from mentornet.divisions.models import Division
from mentornet.followup.enums import About, Addressee
from mentornet.followup.models import Afterwards, Concern
from mentornet.intake.models import Enrolment
from mentornet.partnerships.models import (
    Account,
    Goal,
    GoalStep,
    Introduction,
    Meeting,
    OwnNote,
    Partnership,
    PlannedMeeting,
)
from mentornet.people.enums import Role as Part


def add_concern(two: list[Enrolment], division: Division, user: User, word: Callable[[str], str]) -> Concern:
    """Make a quiet word of the mentee of two."""
    return saved(
        Concern(
            raised_by=two[0].person,
            division=division,
            coordinator=user,
            about=About.OTHER,
            addressee=Addressee.COORDINATOR,
            words=word("followup.Concern.words"),
            created_at=AT,
        )
    )


def add_together(partnership: Partnership, meeting: Meeting) -> dict[str, UUID | int]:
    """Make what the two of a pair do by themselves; the mentor has told of the meeting, and has a note of her own."""
    side, made = {"side": Part.MENTOR}, {"created_at": AT}
    saved(Account(meeting=meeting, **side, **made))
    planned = PlannedMeeting(partnership=partnership, at=AT + timedelta(days=3), changed_at=AT, **side, **made)
    goal = saved(Goal(partnership=partnership, words="A goal", **side, **made))
    door = Introduction(partnership=partnership, on=TODAY, door="visit", sector="care", **side, **made)
    note = OwnNote(
        partnership=partnership, person=partnership.mentor.person, text="Hers alone.", changed_at=AT, created_at=AT
    )
    return {
        **value_rows(partnership),
        "planned_id": saved(planned).pk,
        "goal_id": goal.pk,
        "step_id": saved(GoalStep(goal=goal, words="A step", **side, **made)).pk,
        "introduction_id": saved(door).pk,
        "afterwards_id": saved(
            Afterwards(partnership=partnership, month=3, due_on=TODAY, state="asked", asked_at=AT, **side, **made)
        ).pk,
        "portal:own_note_edit/note_id": saved(note).pk,
    }
