"""What the first page says of her open applications, and where links to one lead."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from mentornet.accounts.enums import Purpose
from mentornet.intake.enums import ContactPersonState, EndReason
from mentornet.people.enums import Role
from mentornet.web.links import register_page
from mentornet.web.portal.applications.contacts import where_contact_is
from mentornet.web.portal.applications.shown import where_it_is
from mentornet.web.portal.standing import Standing
from mentornet.web.portal.steps import Section, Step, register, register_section

WHILE_SHE_WAITS = 75
HER_APPLICATIONS = 20
BECOME = 40


@dataclass(frozen=True, slots=True)
class Row:
    """One application of hers.

    Attributes:
        about: the programme's name, or what else she has written for.
        words: where it is.
    """

    key: UUID
    about: str
    words: str


def _rows(standing: Standing) -> list[Row]:
    rows = [Row(one.pk, one.programme.name, where_it_is(one.state, one.role).title) for one in standing.applications]
    waiting = [one for one in standing.contacts if one.state == ContactPersonState.ASKED]
    return rows + [Row(one.pk, _("Contact person"), where_contact_is(one.state).title) for one in waiting]


def next_step(standing: Standing) -> Step | None:
    """Lead to where her application is, when nothing else waits for her."""
    waiting = _rows(standing)
    if not waiting:
        return None
    first = waiting[0]
    return Step(
        title=_("Your application"),
        words=first.words,
        url=reverse("portal:application", args=[first.key]),
        button=_("See where it is"),
    )


def section(standing: Standing) -> Section | None:
    """Show each open application with where it is."""
    rows = _rows(standing)
    if not rows:
        return None
    return Section(title=_("Your application"), template="portal/applications/_home.html", context={"rows": rows})


def become_section(standing: Standing) -> Section | None:
    """Ask a mentee who has what she came for whether she wants to be a mentor; from what her page has read already."""
    was = any(one.role == Role.MENTEE and one.end_reason == EndReason.DONE for one in standing.enrolments)
    if not was or standing.current or standing.applications or standing.rests_since is not None:
        return None
    return Section(title=_("Do you want to be a mentor?"), template="portal/applications/_become.html")


register(WHILE_SHE_WAITS, next_step)
register_section(HER_APPLICATIONS, section)
register_section(BECOME, become_section)
register_page(Purpose.STATUS, "portal:application", "application_id")
