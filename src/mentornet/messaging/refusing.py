"""The address at which somebody says that she does not want letters of some kind, so that no account is needed.

It names nobody: who it is for is sealed in it. Whoever finds it can do no more than stop, or take up again, such
letters, and that for a time: a letter that lies in an old mail box for years opens nothing.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.signing import BadSignature, Signer

from mentornet.messaging.recipients import is_known
from mentornet.messaging.templates import Kind

PATH: Final = "l/off"
HOLDS_FOR: Final = timedelta(days=400)
"""Longer than anybody waits, or goes with one mentor: whoever is still written to has a newer letter by then."""
_SEALED: Final = "s."
"""Before what is sealed. What was sent before anything was sealed has none, and holds on as it was promised."""
_PURPOSE: Final = b"mentornet letters refused"
_SIGNER: Final = "mentornet.messaging.refusing"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Who says no, and to what."""

    recipient: str
    kinds: tuple[Kind, ...]


@lru_cache(maxsize=4)
def _cipher(secret_key: str) -> AESSIV:
    """Derive a cipher of its own from an installation's secret, which signs sessions besides (RFC 5869).

    AES-SIV (RFC 5297) seals the same words the same way: a letter that is tried again says the same under its
    Message-ID.
    """
    derived = HKDF(algorithm=SHA256(), length=64, salt=None, info=_PURPOSE)
    return AESSIV(derived.derive(secret_key.encode()))


def stop_address(recipient: str, kinds: Collection[Kind], on: date) -> str:
    """Return where somebody can say no to these kinds of letters, in a letter that was written on a day."""
    words = json.dumps([on.isoformat(), recipient, *sorted(kinds)], separators=(",", ":"))
    sealed = base64.urlsafe_b64encode(_cipher(settings.SECRET_KEY).encrypt(words.encode(), None))
    return f"{settings.ADDRESS}/{PATH}/{_SEALED}{sealed.decode('ascii').rstrip('=')}/"


def refusal_of(signed: str, on: date) -> Refusal | None:
    """Return what an address stands for; ``None`` when nobody here has written it, or its time is over."""
    try:
        recipient, *kinds = _opened(signed, on)
        found = Refusal(str(recipient), tuple(Kind(kind) for kind in kinds))
    except (BadSignature, ValueError, TypeError):
        return None
    return found if found.kinds and is_known(found.recipient) else None


def _opened(signed: str, on: date) -> list[Any]:
    """Return who says no, and to what.

    Raises:
        ValueError: it is not ours, or its time is over.
    """
    if not signed.startswith(_SEALED):
        before: list[Any] = Signer(salt=_SIGNER).unsign_object(signed)
        return before
    sealed = signed.removeprefix(_SEALED)
    # The signs that fill up were left out: mail programs cut them off an address's end.
    token = (sealed + "=" * (-len(sealed) % 4)).encode("ascii")
    raw = base64.urlsafe_b64decode(token)
    if base64.urlsafe_b64encode(raw) != token:
        raise ValueError("written in another way than ours")
    for secret_key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        with suppress(InvalidTag):
            written_on, *found = json.loads(_cipher(secret_key).decrypt(raw, None))
            if on - date.fromisoformat(written_on) > HOLDS_FOR:
                raise ValueError("its time is over")
            return list(found)
    raise ValueError("sealed by somebody else")
