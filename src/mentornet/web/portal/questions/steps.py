"""What she is asked, as the one next step on her first page."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from mentornet.accounts.enums import Purpose
from mentornet.surveys.enums import AskState
from mentornet.surveys.queries import own_open_ask
from mentornet.web.links import register_page
from mentornet.web.portal.standing import Standing
from mentornet.web.portal.steps import Step, register

ORDER: Final = 45
"""After what somebody else waits for."""


def next_step(standing: Standing) -> Step | None:
    """Ask her, as long as a question is open; who has no pair is asked nothing, and costs no query."""
    if not standing.enrolments:
        return None
    ask = own_open_ask(standing.by)
    if ask is None:
        return None
    return Step(
        title=_("We have a short question for you"),
        words=_("It takes less than two minutes. You decide if you want to answer."),
        url=reverse("portal:survey", args=[ask.pk]),
        button=_("Go on") if ask.state == AskState.BEGUN else _("Answer"),
    )


register(ORDER, next_step)
register_page(Purpose.SURVEY, "portal:survey", "ask_id")
