"""Sealing what must not lie readable in the database or in a copy of it: the secrets of second factors.

The keys are derived from the installation's secret key, so that a stolen database alone gives no codes. Former secret
keys open what was sealed with them until everything is sealed anew (:mod:`mentornet.accounts.tasks`).

What lies in a row is sealed together with whose it is and of what kind, so that nobody who can write to the database
signs in as somebody else with her own secret, moved into the other's row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from cryptography.fernet import InvalidToken, MultiFernet

from mentornet.common.keys import keys_for

_PURPOSE: Final = b"mentornet second factor"
_SEALED: Final = "sealed:1:"
_SEALED_FOR: Final = "sealed:2:"
_THEN: Final = "\n"
NOBODYS: Final = _SEALED_FOR
"""Stands in memory for a secret that was sealed for another row: nothing opens it."""
# What an authenticator of allauth keeps: the secret of an app, and the seed or the list of recovery codes.
_SECRETS: Final = ("secret", "seed")
_LISTS: Final = ("migrated_codes",)


class CannotOpenError(Exception):
    """Raised when something was sealed with a secret key that this installation does not know, or not for a row."""


class OtherRowError(CannotOpenError):
    """Raised when something was sealed for another row than the one that it lies in."""


def owner_of(user_id: UUID, kind: str) -> str:
    """Return how a row of a second factor is named where its secrets are sealed for it."""
    return f"{user_id}:{kind}"


def seal(text: str) -> str:
    """Seal a text with the installation's present secret key, for no row yet."""
    return _SEALED + keys_for(_PURPOSE).encrypt(text.encode()).decode("ascii")


def seal_for(owner: str, text: str) -> str:
    """Seal a text with the installation's present secret key, for one row."""
    return _SEALED_FOR + keys_for(_PURPOSE).encrypt(f"{owner}{_THEN}{text}".encode()).decode("ascii")


def _decrypted(keys: MultiFernet, token: str) -> str:
    try:
        return keys.decrypt(token.encode("ascii")).decode()
    except (InvalidToken, UnicodeEncodeError) as error:
        raise CannotOpenError from error


def opened(text: str) -> str:
    """Return what was sealed for no row; a text that never was, from before there was a seal, comes back as it is.

    Raises:
        CannotOpenError: it was sealed with another secret key, or for a row.
    """
    if text.startswith(_SEALED_FOR):
        raise CannotOpenError
    return _decrypted(keys_for(_PURPOSE), text.removeprefix(_SEALED)) if text.startswith(_SEALED) else text


def is_sealed_for_a_row(text: str) -> bool:
    """Tell whether a text is sealed for a row, whichever it is."""
    return text.startswith(_SEALED_FOR)


def opened_for(owner: str | None, text: str) -> str:
    """Return what was sealed for a row; ``None`` for any, where whoever asks has the row already checked.

    Raises:
        OtherRowError: it was sealed for another row.
        CannotOpenError: it was sealed with another secret key, or for no row.
    """
    if not is_sealed_for_a_row(text):
        raise CannotOpenError
    sealed_for, _, secret = _decrypted(keys_for(_PURPOSE), text.removeprefix(_SEALED_FOR)).partition(_THEN)
    if owner is not None and sealed_for != owner:
        raise OtherRowError
    return secret


def is_sealed_anew(text: str) -> bool:
    """Tell whether a text is sealed for a row with the present secret key, and not with a former one."""
    if not is_sealed_for_a_row(text):
        return False
    try:
        _decrypted(keys_for(_PURPOSE, former=False), text.removeprefix(_SEALED_FOR))
    except CannotOpenError:
        return False
    return True


def secrets_in(data: Mapping[str, Any]) -> list[str]:
    """Return the secrets of an authenticator's data, as they are kept."""
    return [data[name] for name in _SECRETS if name in data] + [
        one for name in _LISTS if data.get(name) is not None for one in data[name]
    ]


def with_secrets(data: Mapping[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    """Return an authenticator's data with each of its secrets changed, and everything else as it is."""
    changed = dict(data)
    for name in _SECRETS:
        if name in changed:
            changed[name] = change(changed[name])
    for name in _LISTS:
        if changed.get(name) is not None:
            changed[name] = [change(one) for one in changed[name]]
    return changed
