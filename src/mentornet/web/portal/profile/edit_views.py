"""Correcting her profile, her times and her details: one thing a page."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from mentornet.intake.queries import has_open_proposal
from mentornet.intake.services.own_profile import correct_details, correct_languages, correct_profile
from mentornet.people.models import Profile
from mentornet.people.queries import languages_of, mark_of_languages, own_profiles
from mentornet.web.access import Policy, PortalRequest, open_to
from mentornet.web.portal import facts
from mentornet.web.portal.fact_forms import FactForm, form_for
from mentornet.web.portal.profile.forms import DetailsForm, TimesForm, seen_stamp
from mentornet.web.portal.profile.parts import PARTS, is_sealed
from mentornet.web.portal.profile.shown import ROLES
from mentornet.web.portal.profile.views import no_profile, person_of, profile_in
from mentornet.web.portal.shell import attempt, portal_page, posted
from mentornet.web.sessions import has_just_proved
from mentornet.web.ui.toasts import say

_SHOWN_FIRST: Final = frozenset({"contact"})
"""The part that says where her letters go, and the codes with them."""


def _prove_url(request: PortalRequest) -> str:
    return f"{reverse('portal:prove')}?{urlencode({'next': request.get_full_path()})}"


def _saved(request: PortalRequest, *, matters: bool, role: str = "") -> HttpResponse:
    """Say that it is saved, and who is told; lead back to her profile."""
    if matters and has_open_proposal(request.participant):
        say(request, _("Saved. There is a suggestion now: your coordinator sees that this is new."))
    else:
        say(request, _("Saved."))
    query = f"?{urlencode({'role': role})}" if role else ""
    return redirect(reverse("portal:profile") + query)


@open_to(Policy.PARTICIPANT)
def fact(request: PortalRequest, role: str, name: str) -> HttpResponse:
    """Correct one fact of her profile in a role."""
    by = request.participant
    person = person_of(by)
    profile = next((one for one in own_profiles(by.person_id) if one.role == role), None)
    if profile is None:
        # Only somebody who has no profile yet in the role that an old address names.
        return redirect("portal:profile")
    if name in facts.OF_PERSON:
        raise Http404
    skills = languages_of(person) if name == "languages" else []
    try:
        form = form_for(name, posted(request), role=role, person=person, profile=profile, skills=skills)
    except KeyError:
        raise Http404 from None
    is_sent = request.method == "POST" and not form.is_looking
    if is_sent and form.is_valid() and _is_written(request, form, profile):
        return _saved(request, matters=name != "about", role=role)
    spoken = mark_of_languages([(skill.code, skill.level) for skill in skills])
    # Given back as it came: what she typed was typed over what she had seen then.
    seen = request.POST.get("seen", "") or (spoken if name == "languages" else str(profile.stamp))
    return portal_page(
        request, "portal/profile/fact.html", form=form, title=form.label, seen=seen, who=facts.who_reads(name, role)
    )


def _is_written(request: PortalRequest, form: FactForm, profile: Profile) -> bool:
    by, seen = request.participant, request.POST.get("seen", "")
    if form.name != "languages":
        stamp = seen_stamp(seen)
        act = attempt(request, lambda: correct_profile(by=by, profile=profile, facts=form.facts, seen=stamp), form)
        return act is not None

    def write() -> bool:
        correct_languages(by=by, person=profile.person, skills=form.spoken, seen=seen)
        return True

    return attempt(request, write, form) is not None


@open_to(Policy.PARTICIPANT)
def availability(request: PortalRequest) -> HttpResponse:
    """Correct when she has time, how she wants to meet, and how much."""
    by = request.participant
    profiles = own_profiles(by.person_id)
    profile = profile_in(profiles, request.GET.get("role", ""))
    if profile is None:
        return no_profile(request)
    form = TimesForm(posted(request), profile=profile)
    if request.method == "POST" and form.is_valid():
        stamp = seen_stamp(form.cleaned_data["seen"])
        done = attempt(request, lambda: correct_profile(by=by, profile=profile, facts=form.facts, seen=stamp), form)
        if done is not None:
            return _saved(request, matters=True, role=profile.role)
    return portal_page(
        request,
        "portal/profile/availability.html",
        form=form,
        role=str(ROLES[profile.role]) if len(profiles) > 1 else "",
        is_mentor=profile.role == "mentor",
        chosen=len(profile.availability or ()),
    )


@open_to(Policy.PARTICIPANT)
def details(request: PortalRequest, part: str) -> HttpResponse:
    """Correct her name, her place, or how she is reached."""
    by = request.participant
    person, wanted = person_of(by), PARTS.get(part)
    if wanted is None:
        raise Http404
    if is_sealed(person, part):
        # Written anew by her coordinator, with her.
        return redirect("portal:profile")
    # Codes go where she is reached: who changes that in an open session could change everything else after it.
    is_shown_first = part in _SHOWN_FIRST and not has_just_proved(request)
    if is_shown_first and request.method != "POST":
        return redirect(_prove_url(request))
    form = DetailsForm(posted(request), person=person, part=wanted)
    if is_shown_first and form.is_valid():
        words = _("It is some time since you showed that it is you. Open your page again, give the code, then save.")
        form.add_error(None, words)
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"]
        if attempt(request, lambda: correct_details(by=by, person=person, facts=form.facts, seen=seen), form):
            return _saved(request, matters=part == "place")
    return portal_page(request, "portal/profile/part.html", form=form, title=wanted.title, lede=wanted.lede)
