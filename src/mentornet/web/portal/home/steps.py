"""What the first page says of her place: whether she is back from a rest, and where she stands."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from mentornet.accounts.enums import Purpose
from mentornet.intake.models import Enrolment
from mentornet.people.enums import Role
from mentornet.web.links import register_page
from mentornet.web.portal.home.shown import places_of
from mentornet.web.portal.standing import Standing
from mentornet.web.portal.steps import Section, Step, register, register_section

AFTER_ANSWERS = 50
"""Behind whatever somebody else waits for; before what has time."""
MY_PLACE, MY_DETAILS = 10, 90


def _is_over(enrolment: Enrolment, today: date) -> bool:
    until = enrolment.resting_until
    return enrolment.returns_when_asked and until is not None and until <= today


def return_step(standing: Standing) -> Step | None:
    """Ask whether she is back, once her break is over."""
    enrolment = next((one for one in standing.current if _is_over(one, standing.by.today)), None)
    if enrolment is None:
        return None
    is_mentor = enrolment.role == Role.MENTOR
    return Step(
        title=_("Welcome back"),
        words=_("Your break is over. Do you want to be a mentor again?")
        if is_mentor
        else _("Your break is over. Shall we look for a mentor for you again?"),
        url=reverse("portal:return", args=[enrolment.pk]),
        button=_("Answer"),
        warm=True,
    )


def place_section(standing: Standing) -> Section | None:
    """Say where she stands in each programme, and what she can change."""
    places = places_of(standing)
    if not places:
        return None
    return Section(title=_("Your place"), template="portal/home/_places.html", context={"places": places})


def details_section(standing: Standing) -> Section | None:
    """Lead to what we know of her."""
    context = {"helps_only": standing.helps_only}
    return Section(title=_("You"), template="portal/home/_details.html", context=context)


register(AFTER_ANSWERS, return_step)
register_section(MY_PLACE, place_section)
register_section(MY_DETAILS, details_section)
register_page(Purpose.RETURN, "portal:return", "enrolment_id")
