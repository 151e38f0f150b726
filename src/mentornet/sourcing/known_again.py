"""By what somebody who has said no is known again, without keeping anything of her: hashes with a sealed key.

A name, an address or a number is quickly tried out. So each is hashed with a key (HMAC, RFC 2104) that is drawn once at
random and lies sealed with the installation's secret key: whoever has the database alone can try nothing. The key is
not the secret key itself, which is changed now and then: a no has to hold for ever.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from cryptography.fernet import InvalidToken
from django.db import IntegrityError, transaction

from mentornet.common.keys import keys_for
from mentornet.common.ordering import folded
from mentornet.people.known_by import digits_of
from mentornet.sourcing.models import OptOutKey

_PURPOSE: Final = b"mentornet experts who have said no"
_BYTES: Final = 32
_SHORTEST: Final = 3


class CannotOpenError(Exception):
    """The key was sealed with a secret key that this installation does not know: nobody may be brought in."""


def digests(key: bytes, *, name: str, email: str, phone: str) -> set[str]:
    """Return the hashes of all by which somebody is known again: her name, her address, her number.

    By her name too: she who has said no must not come back under another address. A namesake is left out with her, and
    can still write to us herself.
    """
    return {
        hmac.new(key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()
        for kind, value in known_by(name, email, phone)
    }


def known_by(name: str, email: str, phone: str) -> set[tuple[str, str]]:
    """Return by what somebody is known again, however it is written."""
    return set(_known_by(name, email, phone))


def _known_by(name: str, email: str, phone: str) -> Iterator[tuple[str, str]]:
    if email.strip():
        yield "email", email.strip().casefold()
    if number := digits_of(phone):
        yield "phone", number
    words = sorted(folded(name).split())
    if len("".join(words)) >= _SHORTEST:
        yield "name", " ".join(words)


def key_now(at: datetime) -> bytes:
    """Return the key, drawn when it is first asked for.

    Raises:
        CannotOpenError: it was sealed with a secret key that is not known here.
    """
    row = OptOutKey.objects.first()
    if row is None:
        row = _drawn(at)
    try:
        return base64.urlsafe_b64decode(keys_for(_PURPOSE).decrypt(row.sealed.encode("ascii")))
    except InvalidToken as error:
        raise CannotOpenError from error


def _drawn(at: datetime) -> OptOutKey:
    sealed = keys_for(_PURPOSE).encrypt(base64.urlsafe_b64encode(secrets.token_bytes(_BYTES))).decode("ascii")
    try:
        with transaction.atomic():
            return OptOutKey.objects.create(sealed=sealed, created_at=at)
    except IntegrityError:
        # Somebody else has drawn it at the same moment.
        return OptOutKey.objects.get()


def sealed_anew(sealed: str) -> str | None:
    """Return the key sealed with the present secret key; ``None`` where it is already.

    Raises:
        CannotOpenError: it was sealed with a secret key that is not known here.
    """
    token = sealed.encode("ascii")
    try:
        keys_for(_PURPOSE, former=False).decrypt(token)
    except InvalidToken:
        try:
            return keys_for(_PURPOSE).rotate(token).decode("ascii")
        except InvalidToken as error:
            raise CannotOpenError from error
    return None
