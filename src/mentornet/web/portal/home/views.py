"""A participant's first page."""

from __future__ import annotations

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from mentornet.web.access import Policy, PortalRequest, open_to
from mentornet.web.portal.home.shown import nothing_to_do
from mentornet.web.portal.profile.views import person_of
from mentornet.web.portal.shell import portal_page
from mentornet.web.portal.standing import Standing
from mentornet.web.portal.steps import Section, Step, next_step, sections


@open_to(Policy.PARTICIPANT)
def home(request: PortalRequest) -> HttpResponse:
    """Show the one thing that she can do now, or that there is none, and beneath it what is hers."""
    standing = Standing(request.participant)
    step = next_step(standing) or nothing_to_do(standing)
    # Each area's own template, and nothing of the page around it but the step on top.
    parts = [(section.title, _rendered(request, section, step)) for section in sections(standing)]
    person = standing.enrolments[0].person if standing.enrolments else person_of(request.participant)
    name, office = person.first_name, standing.office
    return portal_page(request, "portal/home/home.html", office=office, name=name, step=step, parts=parts)


def _rendered(request: PortalRequest, section: Section, step: Step) -> SafeString:
    values = {"section": section, "context": section.context, "step": step}
    return render_to_string(section.template, values, request=request)
