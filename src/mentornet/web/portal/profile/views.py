"""Her profile as each sees it, and who has seen it."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from mentornet.intake.queries import only_helps, own_applications, own_open_wishes
from mentornet.matching.seen_by import history_of, reads_of, tellings_of
from mentornet.people.models import Person, Profile
from mentornet.people.participants import Participant
from mentornet.people.queries import languages_of, own_person, own_profiles
from mentornet.web.access import Policy, PortalRequest, open_to
from mentornet.web.portal.profile import history, shown
from mentornet.web.portal.shell import portal_page


def person_of(by: Participant) -> Person:
    """Return her own row.

    Raises:
        Http404: it is gone.
    """
    person = own_person(by.person_id)
    if person is None:
        raise Http404
    return person


def profile_in(profiles: list[Profile], role: str) -> Profile | None:
    """Return her profile in a role, or the first one; ``None`` where she has none yet."""
    return next((one for one in profiles if one.role == role), profiles[0] if profiles else None)


def no_profile(request: PortalRequest) -> HttpResponse:
    """Say when it is written; to a contact person, of whom none ever is, what is known of her instead."""
    return portal_page(request, "portal/profile/no_profile.html", only_helps=only_helps(request.participant))


@open_to(Policy.PARTICIPANT)
def profile(request: PortalRequest) -> HttpResponse:
    """Show what is known of her, as she chooses: to herself, to the other one before and after, to the office."""
    by = request.participant
    person = person_of(by)
    profiles = own_profiles(by.person_id)
    current = profile_in(profiles, request.GET.get("role", ""))
    if current is None:
        return no_profile(request)
    reader = shown.reader_of(request.GET.get("reader", ""))
    return portal_page(
        request,
        "portal/profile/profile.html",
        reader=reader.value,
        shown_as=person.name if person.is_protected else "",
        readers=shown.readers(current.role, reader),
        roles=shown.roles(profiles, current, reader),
        says=shown.says(reader),
        groups=shown.groups(person, current, languages_of(person), reader),
        wishes=list(own_open_wishes(by)),
    )


@open_to(Policy.PARTICIPANT)
def seen(request: PortalRequest) -> HttpResponse:
    """Show who has been told about her, and when."""
    by = request.participant
    applications = [application.pk for application in own_applications(by)]
    return portal_page(
        request,
        "portal/profile/seen.html",
        told=shown.tellings(tellings_of(by)),
        reads=shown.reads(reads_of(by, applications)),
        traces=history.rows(history_of(by)),
    )
