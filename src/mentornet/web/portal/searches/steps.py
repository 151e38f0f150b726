"""A search that waits for her answer, as the one next step on her first page; and what her help has led to."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from mentornet.accounts.enums import Purpose
from mentornet.intake.enums import ContactPersonState
from mentornet.sourcing.queries import led_to, own_open_asking
from mentornet.web.links import register_page
from mentornet.web.portal.standing import Standing
from mentornet.web.portal.steps import Section, Step, register, register_section

ORDER: Final = 48
AFTER_HER_LINK: Final = 91


def next_step(standing: Standing) -> Step | None:
    """Ask her while a search waits for her; whoever is no contact person costs no query."""
    if not any(one.state == ContactPersonState.CONFIRMED for one in standing.contacts):
        return None
    asking = own_open_asking(standing.by)
    if asking is None:
        return None
    return Step(
        title=_("We are looking for somebody"),
        words=_("Perhaps you know her. It takes two minutes. “Not now” is an answer too."),
        url=reverse("portal:search_asked", args=[asking.pk]),
        button=_("Read what we need"),
    )


def section(standing: Standing) -> Section | None:
    """Lead a contact person to what her help has led to, once she was asked."""
    if not standing.contacts:
        return None
    numbers = led_to(standing.contacts)
    if not numbers.is_anything:
        return None
    return Section(title=_("What your help has led to"), template="portal/searches/_home.html")


register(ORDER, next_step)
register_section(AFTER_HER_LINK, section)
register_page(Purpose.SEARCH, "portal:search_asked", "asking_id")
register_page(Purpose.EXPERT, "portal:expert", "prospect_id")
