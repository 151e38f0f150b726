"""How allauth is used here: nobody signs up by herself; staff are invited."""

from __future__ import annotations

import base64
import ipaddress
import logging
import secrets
import time
from typing import Any, ClassVar, Final, cast
from uuid import uuid4

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.forms import ResetPasswordForm, UserTokenForm, default_token_generator
from allauth.account.internal.flows.password_reset import request_password_reset
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mentornet.accounts.limits import note_limit
from mentornet.accounts.models import User
from mentornet.accounts.queries import user_by_id, user_of_email
from mentornet.accounts.sealing import CannotOpenError, opened_for, seal
from mentornet.accounts.services.signing import note_failed, note_proved
from mentornet.common.jobs import enqueue
from mentornet.divisions.queries import held_roles
from mentornet.people.entrance import works_here
from mentornet.people.known_by import participant_of_user

_log: Final = logging.getLogger(__name__)
_HOUSEHOLD_BITS: Final = 64
LETTER_JOB: Final = "accounts.write_about_password"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Signing in by e-mail address and password, with a second factor.

    Its sentences say what to do, and never whether an address is known or which of the two was wrong.
    """

    error_messages: ClassVar[dict[str, str | Promise]] = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "That e-mail address and password do not belong together. Look at both once more: capital letters count in "
            "the password. If you have forgotten it, choose a new one with the link below."
        ),
        # Said at the sign-in page and where a code is asked for.
        "too_many_login_attempts": _(
            "Too many failed attempts. Wait five minutes, then try again: what you type before that is not looked at."
        ),
        "incorrect_password": _("That is not your password. Try again: capital letters count."),
        "enter_current_password": _("That is not the password you have now. Try again: capital letters count."),
        "rate_limited": _("That was too many times in a row. Wait a minute, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by herself."""
        del request
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead whoever only takes part in the network to her own pages: the desk would refuse her."""
        at, user_id = timezone.now(), cast(User, request.user).pk
        roles = held_roles(user_id, timezone.localdate(at))
        if not roles and participant_of_user(user_id, at) is not None:
            return reverse("portal:home")
        return str(super().get_login_redirect_url(request))

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return from where somebody asks, for counting: of an IPv6 address the network that one household has."""
        return _counted_as(str(super().get_client_ip(request)))

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Write down that somebody did not get in: the same for an address that nobody has."""
        super().authentication_failed(request, **credentials)
        user = user_of_email(str(credentials.get("email", "")))
        note_failed(user=user, way="password", at=timezone.now())

    def reauthenticate(self, user: User, password: str) -> bool:
        """Tell whether this is her password, typed once more, and write down that it was."""
        is_hers = bool(super().reauthenticate(user, password))
        if is_hers:
            note_proved(user=user, way="password", at=timezone.now())
        return is_hers

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Return the sentence for what is wrong; that somebody has tried too often is written down."""
        if code == "too_many_login_attempts":
            note_limit("sign-in", network_address(context.request))
        return cast(ValidationError, super().validation_error(code, *args))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Return whose e-mail address and password these are, if she is one of the staff: this is their door.

        To anybody else a right password answers like a wrong one, and counts like one. A participant's is asked for at
        her own door, which looks at her safe way and at who else has given the address.
        """
        user = cast(User | None, super().authenticate(request, **credentials))
        if user is None or works_here(user):
            return user
        self.pre_authenticate(request, **credentials)
        self.authentication_failed(request, **credentials)
        return None

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Write in her language, whatever the page was read in: she may not be who asks."""
        with translation.override(user.language if user.language in settings.DESK_LANGUAGES else None):
            # Who has none yet is invited: she has asked for nothing.
            words = "password_reset_key" if user.has_usable_password() else "staff_invitation"
            self.render_mail(f"account/email/{words}", email, context).send()

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return where the link leads: where the installation stands, not the name by which somebody has asked it."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return f"{settings.ADDRESS.rstrip('/')}{path.replace('UID-KEY', key)}"

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


def _counted_as(address: str) -> str:
    """Return an address as it is, or the first 64 bits of an IPv6 one: whoever has those has all that begin so."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found), _HOUSEHOLD_BITS), strict=False).network_address)


class StaffResetForm(ResetPasswordForm):  # type: ignore[misc]  # allauth ships no types
    """Asks for a new password: written to staff alone.

    A participant's user has the e-mail address that stands of her as a person, which may not be her safe way: nothing
    is sent there that she has not chosen, and nobody who reads it comes in by it.

    Whether somebody works here is asked, and the letter written, by the worker (:func:`write_about_password`): the page
    does the same for every address, so that neither what it says nor how long it takes tells whose it is.
    """

    def clean_email(self) -> str:
        """Look nobody up yet."""
        return str(self.cleaned_data["email"]).lower()

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Ask for the letter; where nobody has this address, for one to nobody."""
        del request, kwargs
        email = str(self.cleaned_data["email"])
        user = user_of_email(email)
        # Not the address that was typed: what is asked of the worker is kept for two weeks.
        enqueue(LETTER_JOB, user_id=str(uuid4() if user is None else user.pk))
        return email


def write_about_password(user_id: str) -> None:
    """Write to one of the staff how she chooses a new password; to nobody else."""
    user = user_by_id(user_id)
    if user is not None and user.email and works_here(user):
        request_password_reset(None, user.email, [user], default_token_generator)


def write_about_pause(user_id: str) -> None:
    """Write to one of the staff that somebody's reading was paused: not whose, for others may read her letters."""
    user = user_by_id(user_id)
    if user is not None and user.email and works_here(user):
        with translation.override(user.language if user.language in settings.DESK_LANGUAGES else None):
            words = {"today_url": f"{settings.ADDRESS.rstrip('/')}{reverse('desk:today')}"}
            get_adapter().render_mail("account/email/reading_paused", user.email, words).send()


def write_that_something_waits(user_id: str) -> None:
    """Write to one of the staff that something waits for her on Today: not what, for others may read her letters."""
    user = user_by_id(user_id)
    if user is not None and user.email and works_here(user):
        with translation.override(user.language if user.language in settings.DESK_LANGUAGES else None):
            words = {"today_url": f"{settings.ADDRESS.rstrip('/')}{reverse('desk:today')}"}
            get_adapter().render_mail("account/email/something_waits", user.email, words).send()


def write_that_something_has_come(user_id: str) -> None:
    """Write to one of the staff that something new stands on Today for her: not what, as above."""
    user = user_by_id(user_id)
    if user is not None and user.email and works_here(user):
        with translation.override(user.language if user.language in settings.DESK_LANGUAGES else None):
            words = {"today_url": f"{settings.ADDRESS.rstrip('/')}{reverse('desk:today')}"}
            get_adapter().render_mail("account/email/something_has_come", user.email, words).send()


class StaffKeyForm(UserTokenForm):  # type: ignore[misc]  # allauth ships no types
    """Takes the key of a letter with a link to a new password: staff's alone, also one that was sent before."""

    def _get_user(self, uidb36: str) -> User | None:
        user = cast(User | None, super()._get_user(uidb36))
        return user if user is not None and works_here(user) else None


class MultiFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """The second factor: its secrets lie sealed in the database."""

    error_messages: ClassVar[dict[str, str | Promise]] = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _(
            "That code does not fit. Each lasts half a minute and counts once: wait for the next one and type it. If "
            "none fits, see whether your telephone sets its clock by itself, or use one of your recovery codes."
        ),
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret with a key that is not in the database; its row seals it for itself when it is written."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open what was sealed.

        Rows have checked by themselves that it was sealed for them (:mod:`mentornet.accounts.receivers`). What cannot
        be opened, because the installation's secret key was lost or it came from another row, becomes a secret that
        nobody has: no code fits it. An error page instead would help nobody to sign in, and the log says what has
        happened.
        """
        try:
            return opened_for(None, encrypted_text)
        except CannotOpenError:
            _log.error(
                "a second factor was sealed with a secret key that this installation does not know, or not for its row"
            )
            return base64.b32encode(secrets.token_bytes(20)).decode("ascii")


def network_address(request: HttpRequest) -> str:
    """Return the address of the network from which somebody asks, as the proxy in front names it where there is one.

    For counting tries (:mod:`mentornet.accounts.limits`), which keeps it nowhere as it is.
    """
    return str(get_adapter().get_client_ip(request))
