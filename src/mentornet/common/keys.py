"""Keys for sealing, derived from the installation's secret key: one for each purpose."""

from __future__ import annotations

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def keys_for(purpose: bytes, *, former: bool = True) -> MultiFernet:
    """Return what seals with the present secret key; with ``former``, opens what former ones have sealed too.

    What is sealed for one purpose opens for no other one.
    """
    return _keys(purpose, settings.SECRET_KEY, *(settings.SECRET_KEY_FALLBACKS if former else ()))


@lru_cache(maxsize=8)
def _keys(purpose: bytes, *secret_keys: str) -> MultiFernet:
    return MultiFernet([Fernet(_key(purpose, one)) for one in secret_keys])


def _key(purpose: bytes, secret_key: str) -> bytes:
    """Derive a key of its own from an installation's secret, which signs sessions besides (RFC 5869)."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret_key.encode())
    return base64.urlsafe_b64encode(derived)
