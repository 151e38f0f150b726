"""What her first page tells of it: a letter that waits or has come, thanks for the years, the way to certificates."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentornet.followup.enums import ImpactState
from mentornet.people.enums import Role
from mentornet.web.portal.standing import Standing
from mentornet.web.portal.steps import Section, Step, register, register_section

BEFORE_WHAT_RUNS = 25
NEAR_THE_END = 80


def next_step(standing: Standing) -> Step | None:
    """Return a letter that waits for her, or that has come to her."""
    if not standing.enrolments:
        return None
    letter = next(iter(standing.letters), None)
    if letter is None:
        return None
    url = reverse("portal:impact_letter", args=[letter.partnership_id, letter.pk])
    if letter.state == ImpactState.SENT:
        return Step(
            title=_("A letter for you"),
            words=_("It tells what the two of you have done together."),
            url=url,
            button=_("Read the letter"),
            warm=True,
        )
    return Step(
        title=_("A letter to your mentor?"),
        words=_("We have put together what you two have done. You decide if your mentor gets it. You can also say no."),
        url=url,
        button=_("Read it and decide"),
    )


def section(standing: Standing) -> Section | None:
    """Thank her for the years, and lead to her certificates; nothing as long as she has met nobody for long."""
    if not standing.enrolments:
        return None
    thanks = standing.thanks if any(one.role == Role.MENTOR for one in standing.enrolments) else None
    years = ""
    if thanks is not None:
        words = ngettext(
            "You have been a mentor for %(count)s year. Thank you for every hour of it.",
            "You have been a mentor for %(count)s years. Thank you for every hour of them.",
            thanks.years,
        )
        years = words % {"count": thanks.years}
    if not years and not standing.is_led_to_certificates:
        return None
    context = {"years": years, "is_led_to_certificates": standing.is_led_to_certificates}
    return Section(title=_("What you have done"), template="portal/value/_home.html", context=context)


register(BEFORE_WHAT_RUNS, next_step)
register_section(NEAR_THE_END, section)
