"""The arithmetic of the audit's chain: what an entry commits to, what its seal follows from, who signs the head.

An entry's *commitment* is made when the entry is: a hash of all that it says, with a random number, so that nobody can
guess from it what it said once it has been emptied. A *seal* hashes the seal before, the place in the chain, and the
commitment. The *head* says how many entries are sealed and what the last seal is; it is signed with a key derived from
the installation's secret key, which whoever holds the database alone does not have.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from cryptography.fernet import InvalidToken

from mentornet.common.keys import keys_for

# Entries of years hang on these two: another way of writing them would break every chain there is.
_ENTRY: Final = "mentornet audit entry 1"
_SEAL: Final = "mentornet audit seal 1"
_PURPOSE: Final = b"mentornet audit head"


def new_nonce() -> str:
    """Return the random number of an entry, in hexadecimal."""
    return secrets.token_hex(16)


def commitment_of(
    *,
    nonce: str,
    at: datetime,
    kind: str,
    actor: str,
    act: str,
    object_type: str,
    object_id: str,
    division_id: UUID | str | None,
    detail: Mapping[str, object],
) -> str:
    """Return the hash of all that an entry says, the same before it is written as after either database has kept it."""
    division = None if division_id is None else str(UUID(str(division_id)))
    said = [nonce, _moment(at), str(kind), actor, act, object_type, object_id, division, _as_kept(detail)]
    return _hash(_ENTRY, said)


def seal_of(
    *, before: str, position: int, key: int, at: datetime, kind: str, act: str, object_type: str, commitment: str
) -> str:
    """Return the seal of the entry at ``position`` (from 1), given the one ``before``; empty before the first.

    What stays when an entry is emptied is in the seal itself, since its commitment cannot be computed any more then.
    """
    return _hash(_SEAL, [before, position, key, _moment(at), str(kind), act, object_type, commitment])


def signed(*, sealed: int, seal: str, adopted_through: int) -> str:
    """Sign a head with the installation's present secret key."""
    return keys_for(_PURPOSE).encrypt(_head(sealed, seal, adopted_through)).decode("ascii")


def is_signed(mark: str, *, sealed: int, seal: str, adopted_through: int, former: bool = True) -> bool:
    """Tell whether ``mark`` is this head's, signed with the present secret key, or with a former one that is known."""
    try:
        head = keys_for(_PURPOSE, former=former).decrypt(mark.encode())
    except InvalidToken:
        return False
    return head == _head(sealed, seal, adopted_through)


def _head(sealed: int, seal: str, adopted_through: int) -> bytes:
    return f"{sealed}:{seal}:{adopted_through}".encode()


def _hash(what: str, values: list[object]) -> str:
    text = json.dumps([what, *values], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _as_kept(detail: Mapping[str, object]) -> object:
    """Return a detail as it comes back from the database: keys are texts, tuples lists, and no number has a form."""
    return json.loads(json.dumps(detail), parse_float=_number)


def _number(text: str) -> float | int:
    # PostgreSQL gives 1e+20 back as a whole number.
    number = float(text)
    return int(number) if number.is_integer() else number
