"""What happens to rows and sessions by itself: second factors are sealed, sign-ins are listed.

Second factors are sealed for the row that they lie in, and checked against it wherever they are read.

allauth seals and opens single texts without saying whose they are. So a row's secrets are sealed for it when it is
first written, and one that was sealed for another row never gets further than here.
"""

from __future__ import annotations

from typing import Any, Final

from allauth.account.authentication import get_authentication_records
from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
    authenticator_used,
)
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models.signals import post_init, pre_save
from django.dispatch import Signal, receiver
from django.utils import timezone

from mentornet.accounts.enums import Door
from mentornet.accounts.models import User
from mentornet.accounts.sealing import (
    NOBODYS,
    CannotOpenError,
    OtherRowError,
    is_sealed_for_a_row,
    opened,
    opened_for,
    owner_of,
    seal_for,
    with_secrets,
)
from mentornet.accounts.services.sessions import begin_sign_in, forget_sign_in
from mentornet.accounts.services.signing import note_change, note_failed, note_proved, note_sign_in, note_sign_out


@receiver(pre_save, sender=Authenticator, dispatch_uid="seal-for-row")
def seal_for_row(instance: Authenticator, **_: Any) -> None:
    """Seal the secrets of a new row for it.

    Only of a new one: what lies in an old row for no row was put there past the program, and stays unopened.
    """
    if instance.pk is not None:
        return
    owner = owner_of(instance.user_id, instance.type)
    instance.data = with_secrets(
        instance.data, lambda text: text if is_sealed_for_a_row(text) else seal_for(owner, opened(text))
    )


@receiver(post_init, sender=Authenticator, dispatch_uid="check-row-of-seal")
def check_row(instance: Authenticator, **_: Any) -> None:
    """Forget in memory what was sealed for another row, such as one copied into this one."""
    if "data" in instance.get_deferred_fields() or not instance.data:
        return
    owner = owner_of(instance.user_id, instance.type)
    instance.data = with_secrets(instance.data, lambda text: NOBODYS if _is_of_another_row(owner, text) else text)


def _is_of_another_row(owner: str, text: str) -> bool:
    try:
        opened_for(owner, text)
    except OtherRowError:
        return True
    except CannotOpenError:
        # It stays as it is, for the day on which the secret key is found again. Until then nothing opens it.
        return False
    return False


@receiver(user_logged_in, dispatch_uid="list-sign-in")
def list_sign_in(request: Any, user: User, **_: Any) -> None:
    """Keep since when a session lasts, and put its browser on its owner's list.

    The door is the one for staff, which opens nothing without a second factor, unless the other was named.
    """
    door, at = getattr(request, "sign_in_door", Door.STAFF), timezone.now()
    begin_sign_in(user=user, session=request.session, door=door, agent=request.META.get("HTTP_USER_AGENT", ""), at=at)
    note_sign_in(user=user, door=door, factors=_factors(request, user), at=at)


def _factors(request: Any, user: User) -> list[str]:
    """Return by what she has shown who she is; the participants' door says it itself."""
    if shown := getattr(request, "sign_in_by", ""):
        return [str(shown)]
    return [str(record["method"]) for record in get_authentication_records(request, user)]


@receiver(user_logged_out, dispatch_uid="unlist-sign-in")
def unlist_sign_in(request: Any, user: User | None, **_: Any) -> None:
    """Take a browser off its owner's list: she has signed out."""
    forget_sign_in(request.session.session_key)
    if isinstance(user, User):
        note_sign_out(user=user, at=timezone.now())


@receiver(authentication_failed, dispatch_uid="note-wrong-code")
def note_wrong_code(user: User, **_: Any) -> None:
    """Write that a code of the second factor did not fit."""
    note_failed(user=user, way="app", at=timezone.now())


@receiver(authenticator_used, dispatch_uid="note-code-again")
def note_code_again(user: User, reauthenticated: bool, **_: Any) -> None:
    """Write that somebody has given her second factor once more, within a session."""
    if reauthenticated:
        note_proved(user=user, way="app", at=timezone.now())


_CHANGES: Final = {
    password_changed: "accounts.set_password",
    password_set: "accounts.set_password",
    password_reset: "accounts.set_password",
    authenticator_added: "accounts.add_second_factor",
    authenticator_removed: "accounts.remove_second_factor",
    authenticator_reset: "accounts.renew_recovery_codes",
}


@receiver(list(_CHANGES), dispatch_uid="note-change")
def note_changed(signal: Signal, user: User, **_: Any) -> None:
    """Write that somebody has changed how she signs in, on one of allauth's own pages."""
    note_change(user=user, act=_CHANGES[signal], at=timezone.now())
