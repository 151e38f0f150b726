"""How allauth is used here: nobody signs up by herself; staff are invited."""

from __future__ import annotations

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Signing in by e-mail address and password, with a second factor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by herself."""
        del request
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask again before a change to how one signs in, but not somebody who has just come to set it up.

        Who has no second factor is led to it straight from her password; typing that twice in a row would only
        puzzle her.
        """
        request: HttpRequest = context.request
        if app == "allauth.mfa" and not is_mfa_enabled(request.user, types=[Authenticator.Type.TOTP]):
            records = get_authentication_records(request, request.user)
            if records and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT:
                return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))
