"""Reading what was written about her, as the one next step on her first page."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from mentornet.accounts.enums import Purpose
from mentornet.intake.approval import own_open_confirmation
from mentornet.web.links import register_page
from mentornet.web.portal.standing import Standing
from mentornet.web.portal.steps import Step, register

ORDER: Final = 30


def next_step(standing: Standing) -> Step | None:
    """Ask her to read it, where she has been asked and has not answered."""
    asked = own_open_confirmation(standing.by)
    if asked is None:
        return None
    return Step(
        title=_("Read what we wrote about you"),
        words=_("Look if it is right. You can change what is wrong."),
        url=reverse("portal:confirm", args=[asked.application_id]),
        button=_("Read it"),
    )


register(ORDER, next_step)
register_page(Purpose.CONFIRM, "portal:confirm", "application_id")
