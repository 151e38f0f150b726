"""Passkeys: a telephone's own lock instead of a code. They need JavaScript; everything else here does not."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, Final, cast

from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.accounts.holder import Holder
from mentornet.accounts.limits import take_turn
from mentornet.accounts.models import User
from mentornet.accounts.services.own_ways import add_passkey, remove_passkey
from mentornet.accounts.services.signing import note_failed
from mentornet.common.answers import RefusedError
from mentornet.people.entrance import works_here
from mentornet.people.known_by import person_of_user
from mentornet.web.access import Policy, PortalRequest, open_to
from mentornet.web.portal.security.entering import complete, way_on
from mentornet.web.sessions import has_just_proved
from mentornet.web.signin import network_address
from mentornet.web.ui import toasts

MOST_TRIED: Final = 60
WITHIN: Final = timedelta(hours=1)
_LONGEST: Final = 20_000


def _did_not_work() -> str:
    return _("The passkey did not work. Try once more, or sign in with a code.")


def _credential(request: HttpRequest) -> dict[str, Any]:
    """Return what the browser answers.

    Raises:
        ValidationError: it is no answer at all.
    """
    text = request.POST.get("credential", "")[:_LONGEST]
    try:
        found = json.loads(text)
    except ValueError as error:
        raise ValidationError("") from error
    if not isinstance(found, dict):
        raise ValidationError("")
    return found


@open_to(Policy.EVERYONE)
@require_POST
def begin_sign_in(request: HttpRequest) -> HttpResponse:
    """Ask the browser for any passkey of this site; it tells nothing about who has one."""
    if not take_turn("passkeys tried", network_address(request), most=MOST_TRIED, within=WITHIN):
        return JsonResponse({}, status=429)
    return JsonResponse(auth.begin_authentication())


@open_to(Policy.EVERYONE)
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Take a passkey's answer."""
    user = _answered(request)
    if user is None:
        note_failed(user=None, way="passkey", at=timezone.now())
        toasts.say(request, _did_not_work(), tone="bad")
        return redirect("portal:sign_in")
    return complete(request, user, "passkey", on=way_on(request))


def _answered(request: HttpRequest) -> User | None:
    try:
        credential = _credential(request)
        user = cast(User, auth.extract_user_from_response(credential))
        auth.parse_authentication_response(credential)
        used = auth.complete_authentication(user, credential)
    except (ValidationError, ValueError, KeyError, TypeError, AttributeError):
        # Whatever a browser, or somebody who plays one, has sent: it is no passkey of anybody's.
        return None
    if not user.is_active or person_of_user(user.pk) is None:
        return None
    used.record_usage()
    return user


@open_to(Policy.PARTICIPANT)
@require_POST
def begin_adding(request: PortalRequest) -> HttpResponse:
    """Ask the browser to make a passkey."""
    if not has_just_proved(request) or works_here(cast(User, request.user)):
        return JsonResponse({}, status=403)
    return JsonResponse(auth.begin_registration(request.user, passwordless=True))


@open_to(Policy.PARTICIPANT)
@require_POST
def add(request: PortalRequest) -> HttpResponse:
    """Keep the passkey that the browser has made."""
    user = cast(User, request.user)
    if works_here(user):
        # A passkey would be asked for where staff sign in, too.
        return redirect("portal:security")
    if not has_just_proved(request):
        return redirect("portal:prove")
    try:
        credential = _credential(request)
        auth.parse_registration_response(credential)
        auth.complete_registration(credential)
        name = _named(request)
        add_passkey(by=Holder(user_id=user.pk, at=timezone.now()), user=user, name=name, credential=credential)
    except RefusedError as error:
        toasts.say(request, str(error), tone="bad")
    except (ValidationError, ValueError, KeyError, TypeError, AttributeError):
        toasts.say(request, _("The passkey was not made. Try once more, or go on with codes."), tone="bad")
    else:
        toasts.say(request, _("Your passkey is ready. Next time, choose “Sign in with a passkey”."))
    return redirect("portal:security")


def _named(request: HttpRequest) -> str:
    return request.POST.get("name", "").strip() or _("Passkey")


@open_to(Policy.PARTICIPANT)
@require_POST
def remove(request: PortalRequest, passkey_id: int) -> HttpResponse:
    """Take a passkey away."""
    user = cast(User, request.user)
    if not has_just_proved(request):
        return redirect("portal:prove")
    if not remove_passkey(by=Holder(user_id=user.pk, at=timezone.now()), user=user, passkey_id=passkey_id):
        raise Http404
    toasts.say(request, _("That passkey opens nothing any more."))
    return redirect("portal:security")
