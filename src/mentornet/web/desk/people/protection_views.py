"""A protected person at the desk: sealing who she is, asking a second person, answering, and looking."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.intake.models import Application, ContactPerson
from mentornet.intake.queries import visible_reveals
from mentornet.intake.rules import may_approve_reveal
from mentornet.intake.services import protection as services
from mentornet.people.enums import RevealKind
from mentornet.people.models import Reveal
from mentornet.people.queries import profiles_of
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.exports.second_factor import ask_for_it, is_fresh
from mentornet.web.desk.people.her_page import her_page, known_by
from mentornet.web.desk.people.protection_forms import AskForm, CoverForm, ProtectForm, ReachForm
from mentornet.web.ui.toasts import say

_TEXTS: Final = ("occupation_title", "about", "wishes")
_ASKING: Final = {
    RevealKind.SEE: services.ask_to_reveal,
    RevealKind.COPY: services.ask_to_copy,
    RevealKind.ERASE: services.ask_to_erase,
    RevealKind.LIFT: services.ask_to_lift,
}


def _known(request: DeskRequest, person_id: UUID) -> Application | ContactPerson:
    known = known_by(request.actor, person_id)
    if known is None:
        raise Http404
    return known


def _around(request: DeskRequest, known: Application | ContactPerson) -> dict[str, Any]:
    return {"person": known.person, "person_url": her_page(request.actor, known.person_id)}


@open_to(Policy.CASEWORK)
def protect(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Say what protecting does, and do it."""
    known = _known(request, person_id)
    around = _around(request, known)
    if known.person.is_protected:
        return redirect(around["person_url"])
    form = ProtectForm(posted(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]

        def act() -> object:
            return services.protect(by=request.actor, known_by=known, cover=form.cover(), reason=reason)

        if attempt(request, act, form) is not None:
            say(request, _("She is protected. Nothing here leads to her any more."))
            return redirect(around["person_url"])
    profiles = profiles_of(known.person, ["mentee", "mentor"])
    texts = [getattr(profile, name) for profile in profiles for name in _TEXTS if getattr(profile, name)]
    return render(request, "desk/people/protect.html", {**around, "form": form, "texts": texts})


@open_to(Policy.CASEWORK)
def cover(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Choose another name with somebody protected, such as after a restore, which knew none."""
    known = _known(request, person_id)
    around = _around(request, known)
    if not known.person.is_protected:
        return redirect(around["person_url"])
    form = CoverForm(posted(request))
    if request.method == "POST" and form.is_valid():

        def act() -> bool:
            services.write_cover(by=request.actor, known_by=known, cover=form.cover())
            return True

        if attempt(request, act, form):
            say(request, _("Saved. She has the new name everywhere."))
            return redirect(her_page(request.actor, person_id) or "desk:people")
    return render(request, "desk/people/cover.html", {**around, "form": form})


def _identity_page(
    request: DeskRequest,
    known: Application | ContactPerson,
    *,
    ask: AskForm | None = None,
    reach: ReachForm | None = None,
    shown: services.Identity | None = None,
) -> HttpResponse:
    by = request.actor
    asked = visible_reveals(by).filter(person_id=known.person_id, asked_by=by.user_id, answered_at__isnull=True)
    context = {
        **_around(request, known),
        "in_force": services.reveal_in_force(by, known.person_id),
        "waiting": [one for one in asked if by.at < one.created_at + services.ANSWER_WITHIN],
        "earlier": visible_reveals(by).filter(person_id=known.person_id, answered_at__isnull=False)[:10],
        "ask": ask or AskForm(),
        "reach": reach or ReachForm(prefix="reach"),
        "shown": shown,
    }
    return render(request, "desk/people/identity.html", context)


@open_to(Policy.CASEWORK)
def identity(request: DeskRequest, person_id: UUID) -> HttpResponseBase:
    """Ask a second person; and, once she has said yes, the way to who somebody is. Behind a fresh second factor."""
    known = _known(request, person_id)
    if not known.person.is_protected:
        return redirect(her_page(request.actor, person_id))
    if not is_fresh(request):
        return ask_for_it(request)
    form = AskForm(posted(request))
    if request.method == "POST" and form.is_valid():
        kind, reason = form.cleaned_data["kind"], form.cleaned_data["reason"]
        service = _ASKING[RevealKind(kind)]
        if attempt(request, lambda: service(by=request.actor, known_by=known, reason=reason), form) is not None:
            say(request, _("Your colleagues find your question on Today. One of them must say yes."))
            return redirect("desk:person_identity", person_id=person_id)
    return _identity_page(request, known, ask=form if request.method == "POST" else None)


@open_to(Policy.CASEWORK)
@require_POST
def see(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Show who somebody is, to whoever was allowed to, until the quarter of an hour is over; each look is noted."""
    known = _known(request, person_id)
    page = redirect("desk:person_identity", person_id=person_id)
    allowed = services.reveal_in_force(request.actor, person_id)
    if not is_fresh(request) or allowed is None:
        return page
    shown = attempt(request, lambda: services.see(by=request.actor, reveal=allowed))
    return page if shown is None else _identity_page(request, known, shown=shown)


@open_to(Policy.CASEWORK)
@require_POST
def reach(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Write anew how she is reached, without looking at what stands there."""
    known = _known(request, person_id)
    page = redirect("desk:person_identity", person_id=person_id)
    form = ReachForm(request.POST, prefix="reach")
    if not is_fresh(request) or not known.person.is_protected:
        return page
    if form.is_valid():
        facts = form.cleaned_data

        def act() -> bool:
            services.write_reach(by=request.actor, known_by=known, facts=facts)
            return True

        if attempt(request, act, form):
            say(request, _("Saved and sealed. Letters that leave from now on use it."))
            return page
    return _identity_page(request, known, reach=form)


def _reveal(request: DeskRequest, reveal_id: UUID) -> Reveal:
    return get_object_or_404(visible_reveals(request.actor), pk=reveal_id)


@open_to(Policy.CASEWORK)
def reveal(request: DeskRequest, reveal_id: UUID) -> HttpResponseBase:
    """Show what a colleague asks, and answer it: yes or no. Whoever asked reads that she waits."""
    found = _reveal(request, reveal_id)
    if not is_fresh(request):
        return ask_for_it(request)
    if request.method == "POST":
        is_yes = request.POST.get("answer") == "yes"
        service = services.approve_reveal if is_yes else services.refuse_reveal
        if attempt(request, lambda: service(by=request.actor, reveal=found)) is not None:
            say(request, _("You have said yes. It is noted.") if is_yes else _("You have said no. It is noted."))
            return redirect(reverse("desk:today"))
        found = _reveal(request, reveal_id)
    by = request.actor
    context = {
        "reveal": found,
        "person": found.person,
        "person_url": her_page(by, found.person_id),
        "is_own": found.asked_by == by.user_id,
        "may_say_yes": may_approve_reveal(by, found),
        "is_old": found.answered_at is None and by.at >= found.created_at + services.ANSWER_WITHIN,
    }
    return render(request, "desk/people/reveal.html", context)
