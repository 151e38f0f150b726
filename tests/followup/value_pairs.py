"""A pair whose year is round: they have met, reached a goal, and opened a door."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from factories.django_rows import AT, TODAY, saved
from mentornet.common.actors import System
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.followup.models import ImpactLetter
from mentornet.followup.services import see_to_letters
from mentornet.partnerships.models import Goal, GoalStep, Introduction, Meeting, Partnership
from mentornet.people.enums import Role
from mentornet.people.models import Person
from mentornet.programmes.models import Programme
from partnerships.couples import make_couple

DAY = timedelta(days=1)
A_YEAR_AGO: date = TODAY.replace(year=TODAY.year - 1)


def make_year(
    by: Staff, division: Division, programme: Programme, *, names: tuple[str, str] = ("Amina", "Karen")
) -> Partnership:
    """Make a pair that was matched a year ago today and is active."""
    pair = make_couple(by, division, programme, matched_on=A_YEAR_AGO, names=names)
    for days, minutes in ((30, 60), (90, 90), (200, 45)):
        saved(
            Meeting(
                partnership=pair, on=A_YEAR_AGO + days * DAY, minutes=minutes, told_by="system:tests", created_at=AT
            )
        )
    goal = saved(
        Goal(partnership=pair, words="A CV in Danish", side=Role.MENTEE, reached_on=TODAY - 20 * DAY, created_at=AT)
    )
    saved(
        Goal(partnership=pair, words="Call Frau Lund 12345678", side=Role.MENTEE, reached_on=TODAY - DAY, created_at=AT)
    )
    saved(GoalStep(goal=goal, words="Ask", side=Role.MENTEE, done_on=TODAY - 30 * DAY, created_at=AT))
    saved(
        Introduction(
            partnership=pair, on=TODAY - 40 * DAY, door="company", sector="care", came_of_it="internship",
            side=Role.MENTOR, created_at=AT,
        )
    )  # fmt: skip
    Partnership.objects.filter(pk=pair.pk).update(state="active", first_met_on=A_YEAR_AGO + 30 * DAY)
    Person.objects.filter(pk__in=[pair.mentee.person_id, pair.mentor.person_id]).update(language="en")
    return Partnership.objects.select_related("mentee__person", "mentor__person", "division").get(pk=pair.pk)


def night(at: datetime = AT) -> int:
    """Let the program do what is due."""
    return see_to_letters(by=System("letters to mentors", at))


def letter_of(pair: Partnership) -> ImpactLetter:
    """Return the one letter of a pair as it is now."""
    return ImpactLetter.objects.select_related("partnership__mentee__person", "partnership__mentor__person").get(
        partnership=pair
    )
