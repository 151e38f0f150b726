"""Open questions, one at a time: what she may think about for herself, by how far the two have come."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from mentornet.followup.enums import Stage
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Role

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

BEGINS: Final = timedelta(days=75)
ENDS: Final = timedelta(days=45)
"""Before the agreed end."""

PROMPTS: Final[Mapping[Role, Mapping[Stage, Mapping[str, _StrOrPromise]]]] = {
    Role.MENTOR: {
        Stage.BEGINNING: {
            "why-yes": _("Why did you say yes to this? What do you hope for yourself?"),
            "first-surprise": _("What surprised you when you met for the first time?"),
            "not-asked": _("What have you not asked her yet that you would like to know?"),
        },
        Stage.UNDERWAY: {
            "learned": _("What do you see now about your own work or country that you did not see before?"),
            "unwritten": _("Which unwritten rule have you put into words for the first time?"),
            "door": _("Which door would be easy for you to open, and what holds you back?"),
            "equal": _("When did you last feel that the two of you were equals?"),
        },
        Stage.HARD: {
            "hard-now": _("What is hard just now? What is it not your job to solve?"),
            "hard-need": _("What do you need to go on with a good feeling, and who can give it to you?"),
        },
        Stage.ENDING: {
            "changed": _("What has changed in you since you began?"),
            "keep": _("What will you go on doing when your meetings are over?"),
            "say": _("What would you like to have said to her before the end?"),
        },
    },
    Role.MENTEE: {
        Stage.BEGINNING: {
            "hope": _("What would you like to be different in half a year?"),
            "can": _("What are you good at that nobody here has seen yet?"),
        },
        Stage.UNDERWAY: {
            "dared": _("What have you dared to do that you did not dare before?"),
            "gave": _("What has your mentor learned from you?"),
        },
        Stage.HARD: {
            "hard-me": _("What is hard just now? Who can you tell?"),
        },
        Stage.ENDING: {
            "proud": _("What are you proud of?"),
            "next": _("What is the first thing you do alone now?"),
        },
    },
}
"""Questions by role and stage; their names stand in the rows, so they are never given to another question."""
EVERY: Final[Mapping[str, _StrOrPromise]] = {
    name: words for stages in PROMPTS.values() for stage in stages.values() for name, words in stage.items()
}


def stage_of(partnership: Partnership, today: date) -> Stage:
    """Return how far a pair has come, from the days that both know; a pause is a hard time."""
    if partnership.state == PartnershipState.PAUSED:
        return Stage.HARD
    ends = partnership.agreed_until
    if not partnership.is_running or partnership.state == PartnershipState.CLOSING:
        return Stage.ENDING
    if ends is not None and today >= ends - ENDS:
        return Stage.ENDING
    began = partnership.first_met_on or partnership.matched_on
    return Stage.BEGINNING if began is None or today < began + BEGINS else Stage.UNDERWAY


def next_prompt(role: Role, stage: Stage, answered: Collection[str], after: str = "") -> str:
    """Return the question that is put to her now: one of her stage that she has not answered; else nothing.

    ``after`` is one that she does not want just now: the next one follows it, and after the last comes the first.
    """
    listed = list(PROMPTS[role][stage])
    if after in listed:
        place = listed.index(after) + 1
        listed = [*listed[place:], *listed[:place]]
    return next((name for name in listed if name not in answered), "")
