"""Signing somebody in at the participants' door, by whatever she has shown."""

from __future__ import annotations

import time
from typing import Any, Final, Literal

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from mentornet.accounts.enums import Door
from mentornet.accounts.models import User
from mentornet.people.known_by import person_of_user
from mentornet.web.links import keep_only_hers
from mentornet.web.portal.opening.views import remember_language
from mentornet.web.sessions import keep_proved

BACKEND: Final = "allauth.account.auth_backends.AuthenticationBackend"
WAITING: Final = "mentornet.second_step"

Shown = Literal["code", "password", "passkey", "app"]


def way_on(request: HttpRequest) -> str:
    """Return where she wanted to go, on her own pages; else her first page."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/my/")
    return wanted if is_ours else reverse("portal:home")


def enter(request: HttpRequest, user: User, shown: Shown, *, on: str) -> HttpResponse:
    """Sign somebody in, or ask for her app's code first, where she has one and has not shown a passkey."""
    if shown in {"code", "password"} and is_mfa_enabled(user, types=[Authenticator.Type.TOTP]):
        request.session[WAITING] = {"user": str(user.pk), "at": time.time(), "shown": shown, "on": on}
        return redirect("portal:sign_in_app")
    return complete(request, user, shown, on=on)


def complete(request: HttpRequest, user: User, shown: Shown, *, on: str) -> HttpResponse:
    """Sign somebody in who has shown enough."""
    request.session.pop(WAITING, None)
    request.sign_in_door = Door.PORTAL  # type: ignore[attr-defined]  # read where sign-ins are listed
    request.sign_in_by = shown  # type: ignore[attr-defined]  # and written into the audit
    login(request, user, backend=BACKEND)
    # A shared telephone: what links have opened for somebody else is not hers to see.
    keep_only_hers(request, person_of_user(user.pk))
    note_proved(request, user, shown)
    response = redirect(on)
    remember_language(request, response, user.language)
    return response


def note_proved(request: HttpRequest, user: User, shown: Shown) -> None:
    """Keep by what she has shown who she is, and when."""
    extra: dict[str, Any] = {"by": shown}
    record_authentication(request, user, "portal", **extra)
    keep_proved(request)
