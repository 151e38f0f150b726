"""The address at which somebody says that she does not want letters of some kind: signed, so that no account is needed.

It names nobody: whoever finds it can do no more than stop, or take up again, such letters.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.core.signing import BadSignature, Signer

from mentornet.messaging.recipients import is_known
from mentornet.messaging.templates import Kind

PATH: Final = "l/off"
_SIGNER: Final = "mentornet.messaging.refusing"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Who says no, and to what."""

    recipient: str
    kinds: tuple[Kind, ...]


def stop_address(recipient: str, kinds: Collection[Kind]) -> str:
    """Return where somebody can say no to these kinds of letters; it holds for as long as the installation's key."""
    signed = Signer(salt=_SIGNER).sign_object([recipient, *sorted(kinds)])
    return f"{settings.ADDRESS}/{PATH}/{signed}/"


def refusal_of(signed: str) -> Refusal | None:
    """Return what an address stands for; ``None`` when nobody here has written it."""
    try:
        recipient, *kinds = Signer(salt=_SIGNER).unsign_object(signed)
        found = Refusal(str(recipient), tuple(Kind(kind) for kind in kinds))
    except (BadSignature, ValueError, TypeError):
        return None
    return found if found.kinds and is_known(found.recipient) else None
