"""How a participant signs in: her password, her app, her passkeys. All of it is hers to have or not."""

from __future__ import annotations

import base64
from typing import Final, cast

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.accounts.holder import Holder
from mentornet.accounts.models import User
from mentornet.accounts.services.own_ways import add_app, passkeys_of, remove_app, set_password
from mentornet.people.entrance import works_here
from mentornet.web.access import Policy, PortalRequest, open_to
from mentornet.web.portal.security.forms import CodeForm, NewPasswordForm
from mentornet.web.portal.shell import attempt, portal_page, posted
from mentornet.web.sessions import has_just_proved
from mentornet.web.ui import toasts

NEW_APP: Final = "mentornet.new_app"
"""Where a session keeps the secret of an app that has not yet shown a code."""


def _who(request: PortalRequest) -> tuple[User, Holder]:
    user = cast(User, request.user)
    return user, Holder(user_id=user.pk, at=timezone.now())


def _not_here(request: PortalRequest, user: User) -> HttpResponse | None:
    """Lead away who may not change it here, or has to show first who she is; ``None`` when she may go on."""
    if works_here(user):
        # A code sent to a participant must not reach what guards other people's cases.
        toasts.say(request, _("You work here too: you change this where you sign in to the desk."), tone="warn")
        return redirect("portal:security")
    if not has_just_proved(request):
        response: HttpResponse = redirect("portal:prove")
        target = request.get_full_path() if request.method == "GET" else "/my/security/"
        response["Location"] += f"?{urlencode({'next': target})}"
        return response
    return None


@open_to(Policy.PARTICIPANT)
def security(request: PortalRequest) -> HttpResponse:
    """Show by what she signs in."""
    user, _by = _who(request)
    return portal_page(
        request,
        "portal/security/security.html",
        passkeys=[(row, row.wrap().name) for row in passkeys_of(user)],
        has_app=is_mfa_enabled(user, types=[Authenticator.Type.TOTP]),
        has_password=user.has_usable_password(),
        works_here=works_here(user),
        has_just_proved=has_just_proved(request),
    )


@open_to(Policy.PARTICIPANT)
def password(request: PortalRequest) -> HttpResponse:
    """Set a password, or another one."""
    user, by = _who(request)
    if (elsewhere := _not_here(request, user)) is not None:
        return elsewhere
    form = NewPasswordForm(posted(request), user=user)
    if form.is_valid():
        set_password(by=by, user=user, password=form.cleaned_data["password"])
        update_session_auth_hash(request, user)
        toasts.say(request, _("Your password is set. You are signed out everywhere else."))
        return redirect("portal:security")
    return portal_page(request, "portal/security/password.html", form=form)


@open_to(Policy.PARTICIPANT)
@require_POST
def password_remove(request: PortalRequest) -> HttpResponse:
    """Take the password away: she signs in by codes or a passkey."""
    user, by = _who(request)
    if (elsewhere := _not_here(request, user)) is not None:
        return elsewhere
    set_password(by=by, user=user, password=None)
    update_session_auth_hash(request, user)
    toasts.say(request, _("Your password is gone. You sign in with a code or a passkey."))
    return redirect("portal:security")


@open_to(Policy.PARTICIPANT)
def app(request: PortalRequest) -> HttpResponse:
    """Set up an app whose code is asked for besides."""
    user, by = _who(request)
    if (elsewhere := _not_here(request, user)) is not None:
        return elsewhere
    secret = request.session.get(NEW_APP) or generate_totp_secret()
    request.session[NEW_APP] = secret
    form = CodeForm(posted(request))
    if form.is_valid():
        codes = attempt(request, lambda: add_app(by=by, user=user, secret=secret, code=form.cleaned_data["code"]), form)
        if codes is not None:
            del request.session[NEW_APP]
            return portal_page(request, "portal/security/app_codes.html", codes=codes)
        if not form.errors:
            form.add_error("code", _("This code does not fit. Wait until your app shows a new one, then try again."))
    adapter = get_adapter()
    picture = base64.b64encode(adapter.build_totp_svg(adapter.build_totp_url(user, secret)).encode()).decode()
    return portal_page(
        request, "portal/security/app.html", form=form, secret=secret, picture=f"data:image/svg+xml;base64,{picture}"
    )


@open_to(Policy.PARTICIPANT)
@require_POST
def app_remove(request: PortalRequest) -> HttpResponse:
    """Take the app away."""
    user, by = _who(request)
    if (elsewhere := _not_here(request, user)) is not None:
        return elsewhere
    remove_app(by=by, user=user)
    toasts.say(request, _("The app is not asked for any more."))
    return redirect("portal:security")
