"""What the first page says of her own link: for mentors and contact persons."""

from __future__ import annotations

from django.utils.translation import gettext as _

from mentornet.intake.enums import ContactPersonState
from mentornet.people.enums import Role
from mentornet.web.portal.standing import Standing
from mentornet.web.portal.steps import Section, register_section

AT_THE_END = 90


def section(standing: Standing) -> Section | None:
    """Lead to her link."""
    is_mentor = any(one.role == Role.MENTOR for one in standing.current)
    is_contact = any(one.state == ContactPersonState.CONFIRMED for one in standing.contacts)
    if not (is_mentor or is_contact):
        return None
    return Section(title=_("Do you know somebody?"), template="portal/referrals/_home.html")


register_section(AT_THE_END, section)
