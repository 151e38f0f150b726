"""The second factor once more: a list of people leaves the program only with whoever has just shown who she is."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from allauth.account.authentication import get_authentication_records
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from mentornet.web.access import DeskRequest, is_demonstration

FRESH_FOR: Final = timedelta(minutes=10)
"""How long a code given at signing in, or since, is enough: a laptop left alone at lunch gives no list away."""


def is_fresh(request: DeskRequest) -> bool:
    """Tell whether she has given her second factor a moment ago; in the demonstration nobody is asked for it.

    Her password alone is not enough, and a session without a record of how it began is not either.
    """
    if is_demonstration():
        return True
    since = (request.actor.at - FRESH_FOR).timestamp()
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" and record["at"] > since for record in records)


def ask_for_it(request: DeskRequest) -> HttpResponseBase:
    """Lead to the code, and from there back to where she was."""
    return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})}")
