"""The one-time code: behind a link that tells about another person, and before a change to how one signs in."""

from __future__ import annotations

from typing import Final, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from mentornet.accounts.enums import Purpose
from mentornet.accounts.limits import take_turn
from mentornet.accounts.models import OneTimeCode, User
from mentornet.accounts.queries import code_waiting
from mentornet.accounts.services.codes import AskedTooOftenError, ask_code, check_code
from mentornet.common.actors import Visitor
from mentornet.divisions.models import Division
from mentornet.intake.queries import case_of
from mentornet.people.known_by import participant_by_id
from mentornet.people.recipients import person_key
from mentornet.web.access import Policy, PortalRequest, open_to
from mentornet.web.links import Grant, grant_for, note_code, page_of
from mentornet.web.portal.security.entering import note_proved, way_on
from mentornet.web.portal.security.forms import CodeForm
from mentornet.web.portal.security.signing_in import MOST_ASKED, MOST_TRIED, WITHIN, wrong_code
from mentornet.web.portal.shell import portal_page, posted
from mentornet.web.signin import network_address

QUESTION: Final = "mentornet.question"
"""Where a session keeps the question that it is answering, and what for."""


@open_to(Policy.EVERYONE)
def code(request: HttpRequest) -> HttpResponse:
    """Send her a code when she asks for it, take it, and lead back to what the link opens.

    Opening the page sends nothing: browsers and mail programs open pages by themselves.
    """
    grant = grant_for(request, request.GET.get("for", ""))
    if grant is None or grant.person_id is None:
        return redirect("portal:sign_in")
    if request.method == "POST" and "code" not in request.POST:
        return _send(request, grant.key, Purpose(grant.purpose), grant.subject, grant.person_id)
    form = CodeForm(posted(request))
    if form.is_valid() and _fits(request, grant.key, form):
        note_code(request, grant, timezone.now())
        return redirect(_back(request, grant))
    return _page(request, grant.key, form, grant.person_id)


@open_to(Policy.PARTICIPANT)
def prove(request: PortalRequest) -> HttpResponse:
    """Ask for a code before she changes how she signs in: she may have left her telephone lying open."""
    key = f"account:{request.user.pk}"
    if request.method == "POST" and "code" not in request.POST:
        return _send(request, key, Purpose.SIGN_IN, key, request.participant.person_id)
    form = CodeForm(posted(request))
    if form.is_valid() and _fits(request, key, form):
        note_proved(request, cast(User, request.user), "code")
        return redirect(way_on(request))
    return _page(request, key, form, request.participant.person_id)


def _page(
    request: HttpRequest, key: str, form: CodeForm, person_id: UUID, *, was_sent: bool = False, problem: str = ""
) -> HttpResponse:
    """Show the page of a code. Whose it is has been shown by a link or a sign-in: so it names her own office."""
    return portal_page(
        request,
        "portal/security/code.html",
        form=form,
        was_sent=was_sent or _question(request, key) is not None,
        problem=problem,
        office=_office_of(person_id),
    )


def _office_of(person_id: UUID) -> Division | None:
    her = participant_by_id(person_id, timezone.now())
    case = None if her is None else case_of(her)
    return None if case is None else case.division


def _question(request: HttpRequest, key: str) -> OneTimeCode | None:
    asked = request.session.get(QUESTION, {})
    return code_waiting(asked["question"], timezone.now()) if asked.get("for") == key else None


def _send(request: HttpRequest, key: str, purpose: Purpose, subject: str, person_id: UUID) -> HttpResponse:
    form = CodeForm()
    if not take_turn("codes asked", network_address(request), most=MOST_ASKED, within=WITHIN):
        return portal_page(request, "portal/security/too_often.html", status=429)
    try:
        question = ask_code(
            by=Visitor(timezone.now()), purpose=purpose, subject=subject, recipient=person_key(person_id)
        )
    except AskedTooOftenError as error:
        return _page(request, key, form, person_id, was_sent=True, problem=str(error))
    request.session[QUESTION] = {"for": key, "question": str(question.pk)}
    # Reloading the page sends nothing again.
    return redirect(request.get_full_path())


def _fits(request: HttpRequest, key: str, form: CodeForm) -> bool:
    question = _question(request, key)
    is_looked_at = take_turn("codes tried", network_address(request), most=MOST_TRIED, within=WITHIN)
    if not is_looked_at:
        form.add_error("code", _("You have tried many times. Wait an hour, then ask for a new code."))
        return False
    if question is not None and check_code(
        by=Visitor(timezone.now()), challenge=question, code=form.cleaned_data["code"]
    ):
        del request.session[QUESTION]
        return True
    form.add_error("code", wrong_code())
    return False


def _back(request: HttpRequest, grant: Grant) -> str:
    wanted = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/my/")
    return wanted if is_ours else page_of(grant.purpose, grant.subject)
