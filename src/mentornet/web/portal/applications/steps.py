"""What the first page says of her open applications, and where links to one lead."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from mentornet.accounts.enums import Purpose
from mentornet.web.links import register_page
from mentornet.web.portal.applications.shown import where_it_is
from mentornet.web.portal.standing import Standing
from mentornet.web.portal.steps import Section, Step, register, register_section

WHILE_SHE_WAITS = 75
HER_APPLICATIONS = 20


def next_step(standing: Standing) -> Step | None:
    """Lead to where her application is, when nothing else waits for her."""
    if not standing.applications:
        return None
    application = standing.applications[0]
    return Step(
        title=_("Your application"),
        words=where_it_is(application.state, application.role).title,
        url=reverse("portal:application", args=[application.pk]),
        button=_("See where it is"),
    )


def section(standing: Standing) -> Section | None:
    """Show each open application with where it is."""
    if not standing.applications:
        return None
    rows = [(one, where_it_is(one.state, one.role).title) for one in standing.applications]
    return Section(title=_("Your application"), template="portal/applications/_home.html", context={"rows": rows})


register(WHILE_SHE_WAITS, next_step)
register_section(HER_APPLICATIONS, section)
register_page(Purpose.STATUS, "portal:application", "application_id")
