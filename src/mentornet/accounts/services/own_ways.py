"""How somebody signs in, as she herself has chosen: a password, an app, passkeys."""

from __future__ import annotations

from typing import Any, Final

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, validate_totp_code
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.accounts.models import User
from mentornet.accounts.rules import may_change_account
from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, RefusedError, require

MOST_PASSKEYS: Final = 10


@transaction.atomic
def set_password(*, by: Actor, user: User, password: str | None) -> None:
    """Set or, with ``None``, take away a password; her other sessions end by it.

    Raises:
        NotAllowedError: it is somebody else's.
    """
    require(may_change_account(by, user))
    user.set_password(password)
    user.save(update_fields=["password"])
    record(by=by, act="accounts.set_password" if password else "accounts.remove_password", of=user)


def answer_second_factor(*, user: User, code: str) -> bool:
    """Tell whether a code is her app's present one, or one of her recovery codes, and use it up."""
    typed = "".join(code.split())[:20]
    own = Authenticator.objects.filter(user=user)
    app = own.filter(type=Authenticator.Type.TOTP).first()
    if app is not None and app.wrap().validate_code(typed):
        return True
    spare = own.filter(type=Authenticator.Type.RECOVERY_CODES).first()
    return spare is not None and bool(spare.wrap().validate_code(typed))


@transaction.atomic
def add_app(*, by: Actor, user: User, secret: str, code: str) -> list[str] | None:
    """Let an app be her second step, once it has shown the right code; ``None`` while it has not.

    Returns the recovery codes for the day on which her telephone is gone: shown this once.

    Raises:
        NotAllowedError: it is somebody else's account.
        ChangedMeanwhileError: she has an app already.
    """
    require(may_change_account(by, user))
    # Locked: two of her windows may do this at once.
    User.objects.select_for_update().get(pk=user.pk)
    if Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        raise ChangedMeanwhileError(_("You have an app already. Remove it first if you want another one."))
    if not validate_totp_code(secret, "".join(code.split())):
        return None
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    app = TOTP.activate(user, secret).instance
    codes: list[str] = RecoveryCodes.activate(user).get_unused_codes()
    record(by=by, act="accounts.add_second_factor", of=app)
    return codes


@transaction.atomic
def remove_app(*, by: Actor, user: User) -> None:
    """Take her app away, with its recovery codes.

    Raises:
        NotAllowedError: it is somebody else's account.
    """
    require(may_change_account(by, user))
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
    count, _rows = Authenticator.objects.filter(user=user, type__in=kinds).delete()
    if count:
        record(by=by, act="accounts.remove_second_factor", of=user)


def passkeys_of(user: User) -> list[Authenticator]:
    """Return her passkeys, the oldest first."""
    return list(Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).order_by("created_at", "pk"))


@transaction.atomic
def add_passkey(*, by: Actor, user: User, name: str, credential: dict[str, Any]) -> Authenticator:
    """Keep a passkey whose browser has answered the question rightly.

    Raises:
        NotAllowedError: it is somebody else's account.
        RefusedError: she has ten already.
    """
    require(may_change_account(by, user))
    if len(passkeys_of(user)) >= MOST_PASSKEYS:
        raise RefusedError(_("You have ten passkeys. Remove one that you do not use, then add a new one."))
    row: Authenticator = WebAuthn.add(user, name[:60], credential).instance
    record(by=by, act="accounts.add_passkey", of=row)
    return row


@transaction.atomic
def forget_passkeys(*, by: Actor, user: User) -> int:
    """Take all passkeys away: they lie on a telephone that is lost. Whoever calls has asked whether the actor may."""
    count, _rows = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).delete()
    if count:
        record(by=by, act="accounts.remove_passkey", of=user)
    return int(count)


@transaction.atomic
def remove_passkey(*, by: Actor, user: User, passkey_id: int) -> bool:
    """Take a passkey away; ``False`` when she has no such one.

    Raises:
        NotAllowedError: it is somebody else's account.
    """
    require(may_change_account(by, user))
    count, _rows = Authenticator.objects.filter(pk=passkey_id, user=user, type=Authenticator.Type.WEBAUTHN).delete()
    if count:
        record(by=by, act="accounts.remove_passkey", of=user)
    return bool(count)
