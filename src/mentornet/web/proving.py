"""The second factor, as a session shows it: that it was given in it, is being set up in it, was shown again in it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final, cast

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.utils import decrypt
from django.http import HttpRequest, HttpResponse

from mentornet.accounts.models import User
from mentornet.accounts.services.sessions import move_sign_in

_SETTING_UP: Final = "mentornet.setting_up"
_PROVING_ANEW: Final = frozenset({"account_reauthenticate", "mfa_reauthenticate"})


def has_used_second_factor(request: HttpRequest, user: User) -> bool:
    """Tell whether this session was opened with the second factor, not only with the password.

    Somebody with a stolen password may have signed in before the second factor was set up: her session stays outside
    when its owner then does so in another one. A session that did not begin at the sign-in page has no records.
    """
    records = get_authentication_records(request, user)
    return not records or any(record["method"] == "mfa" for record in records)


def note_setting_up(request: HttpRequest) -> None:
    """Keep with the request which second factor is being set up in the session."""
    request.META[_SETTING_UP] = request.session.get(SECRET_SESSION_KEY)


def note_set_up(request: HttpRequest) -> None:
    """Let the session in which a second factor was just set up count as opened with it: a code was given in it."""
    secret = request.META.pop(_SETTING_UP, None)
    if secret is None:
        return
    user = cast(User, request.user)
    own = user.authenticator_set  # type: ignore[attr-defined]  # allauth ships no types
    found = own.filter(type=Authenticator.Type.TOTP).first()
    # Its own secret: another session may have set up another one meanwhile.
    if found is not None and decrypt(found.data["secret"]) == secret:
        # Just given, and her password a moment ago: the recovery codes come next, without asking for either again.
        record_authentication(request, user, "mfa", id=found.pk, type=found.type, reauthenticated=True)


def draw_key_anew(request: HttpRequest, response: HttpResponse) -> None:
    """Give the session another key once somebody has shown again who she is: a key that was copied before is over."""
    match, moved = request.resolver_match, response.status_code == HTTPStatus.FOUND
    if request.method != "POST" or match is None or match.view_name not in _PROVING_ANEW or not moved:
        return
    before = request.session.session_key
    if before is not None and request.user.is_authenticated:
        request.session.cycle_key()
        move_sign_in(before, request.session.session_key)
