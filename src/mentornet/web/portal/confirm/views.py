"""Her profile as the other side will read it, and as the office does: she corrects it, and says that it is right."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mentornet.accounts.enums import Purpose
from mentornet.intake.applicants import application_of
from mentornet.intake.approval import confirmations_of, open_confirmation
from mentornet.intake.models import Application
from mentornet.intake.services.confirmations import confirm_profile, correct_fact
from mentornet.people.models import LanguageSkill, Profile
from mentornet.people.queries import languages_of, profiles_of
from mentornet.web.access import Policy, open_to
from mentornet.web.links import by_link
from mentornet.web.portal import facts
from mentornet.web.portal.fact_forms import FactForm, form_for
from mentornet.web.portal.shell import PortalRequest, attempt, portal_page, posted
from mentornet.web.ui.toasts import say

# Her own life in full stands here: a link that somebody else has found opens nothing without the code.
_hers = by_link(Purpose.CONFIRM, "application_id", code=True)


def _application(request: PortalRequest, application_id: UUID) -> Application:
    """Return her application; whatever is not hers does not exist."""
    participant = getattr(request, "participant", None)
    found = application_of(participant, application_id) if participant is not None else None
    if found is None:
        raise Http404
    return found


def _known(found: Application) -> tuple[Profile | None, list[LanguageSkill]]:
    return next(iter(profiles_of(found.person, [found.role])), None), languages_of(found.person)


def _page(request: PortalRequest, template: str, found: Application, *, status: int = 200, **more: Any) -> HttpResponse:
    return portal_page(request, template, status=status, office=found.division, application=found, **more)


@open_to(Policy.PERSONAL)
@_hers
def confirm(request: PortalRequest, application_id: UUID) -> HttpResponse:
    """Show what was written about her in two parts, by who reads it; her yes to all of it marks it as confirmed."""
    found = _application(request, application_id)
    if request.method == "POST":
        seen, language = request.POST.get("seen", ""), get_language() or ""
        stamp = int(seen) if seen.isdecimal() else -1
        done = attempt(
            request,
            lambda: confirm_profile(by=request.participant, application=found, language=language, seen=stamp),
        )
        if done is not None:
            say(request, _("Thank you. We know now that it is right."))
        return redirect("portal:confirm", found.pk)
    profile, skills = _known(found)
    asked = open_confirmation(found)
    last = confirmations_of(found).filter(confirmed_at__isnull=False).first()
    return _page(
        request,
        "portal/confirm/confirm.html",
        found,
        profile=profile,
        asked=asked,
        introduction=facts.introduction(found.person, profile, skills, found.role),
        casework=facts.casework(found.person, profile, skills, found.role),
        confirmed_on=date_format(timezone.localtime(last.confirmed_at), "DATE_FORMAT")
        if last is not None and last.confirmed_at
        else "",
    )


@open_to(Policy.PERSONAL)
@_hers
def fact(request: PortalRequest, application_id: UUID, name: str) -> HttpResponse:
    """Let her correct one fact; her coordinator sees what stood before."""
    found = _application(request, application_id)
    if open_confirmation(found) is None:
        return redirect("portal:confirm", found.pk)
    profile, skills = _known(found)
    try:
        form = form_for(name, posted(request), role=found.role, person=found.person, profile=profile, skills=skills)
    except KeyError:
        raise Http404 from None
    is_sent = request.method == "POST" and not form.is_looking
    if is_sent and form.is_valid() and _is_written(request, found, form):
        say(request, _("Saved. Thank you."))
        return redirect(f"{reverse('portal:confirm', args=[found.pk])}#fact-{name}")
    return _page(
        request,
        "portal/confirm/fact.html",
        found,
        status=422 if form.errors else 200,
        form=form,
        who=facts.who_reads(name, found.role),
    )


def _is_written(request: PortalRequest, found: Application, form: FactForm) -> bool:
    by, language = request.participant, get_language() or ""
    is_spoken = form.name == "languages"

    def act() -> object:
        return correct_fact(
            by=by,
            application=found,
            facts={} if is_spoken else form.facts,
            languages=form.spoken if is_spoken else None,
            language=language,
        )

    return attempt(request, act, form) is not None
