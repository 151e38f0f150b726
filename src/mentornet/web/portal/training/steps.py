"""What the first page says of her training."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentornet.accounts.enums import Purpose
from mentornet.learning.queries import left_for
from mentornet.people.enums import Role
from mentornet.web.links import register_page
from mentornet.web.portal.standing import Standing
from mentornet.web.portal.steps import Section, Step, register, register_section

BEFORE_HER_FIRST_MATCH = 60
WHEN_SHE_HAS_TIME = 85
TO_READ = 80


def _left(standing: Standing, *, is_needed: bool) -> Step | None:
    # A mentor's match waits for it; everybody else may take her time.
    waiting = [one for one in standing.current if (one.role == Role.MENTOR and one.briefed_on is None) == is_needed]
    if not waiting:
        return None
    left = left_for(standing.by.person_id, waiting)
    if not left:
        return None
    minutes = sum(module.minutes for module in left)
    long = ngettext("It takes about %(minutes)s minute.", "It takes about %(minutes)s minutes.", minutes) % {
        "minutes": minutes
    }
    words = (
        _("It comes before your first mentee. You can stop when you want, and go on later.")
        if is_needed
        else _("It helps you to begin well. You can stop when you want, and go on later.")
    )
    return Step(
        title=_("Your short training"),
        words=f"{words} {long}",
        url=reverse("portal:training"),
        button=_("Go to the training"),
    )


def needed_training(standing: Standing) -> Step | None:
    """Lead a mentor to the training that her first match waits for."""
    return _left(standing, is_needed=True)


def other_training(standing: Standing) -> Step | None:
    """Lead whoever has nothing else to do to what is left of her training."""
    return _left(standing, is_needed=False)


def to_read(standing: Standing) -> Section | None:
    """Show the ways to the handbook and to the training, which a contact person has none of."""
    context = {"has_training": not standing.helps_only}
    return Section(title=_("To read"), template="portal/training/_to_read.html", context=context)


register(BEFORE_HER_FIRST_MATCH, needed_training)
register(WHEN_SHE_HAS_TIME, other_training)
register_section(TO_READ, to_read)
register_page(Purpose.TRAINING, "portal:training_here", "enrolment_id")
