"""What the audit tells of signing in: who came by which door, who failed, who showed again who she is.

Of somebody unknown nothing is kept, neither the address that was typed nor a hash of it: an entry says that somebody
failed. A failed try of a known and of an unknown one costs the same, so that neither tells whose address it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from mentornet.accounts.enums import Door
from mentornet.accounts.holder import Holder
from mentornet.accounts.models import User
from mentornet.audit.services import record, record_refusal
from mentornet.common.actors import Visitor


def note_sign_in(*, user: User, door: Door, factors: Iterable[str], at: datetime) -> None:
    """Write that somebody has signed in: by which door, and by what."""
    detail = {"door": door.value, "factors": sorted(set(factors))}
    record(by=Holder(user_id=user.pk, at=at), act="accounts.sign_in", of=user, detail=detail)


def note_sign_out(*, user: User, at: datetime) -> None:
    """Write that somebody has signed out."""
    record(by=Holder(user_id=user.pk, at=at), act="accounts.sign_out", of=user)


def note_failed(*, user: User | None, way: str, at: datetime) -> None:
    """Write that somebody did not get in, in a transaction of its own.

    Args:
        user: whose account it was; nobody where none is known by what was typed.
        way: ``password``, ``app``, ``code`` or ``passkey``.
        at: the moment.
    """
    object_id = "" if user is None else str(user.pk)
    record_refusal(
        by=Visitor(at), act="accounts.sign_in_failed", object_type=User._meta.label, object_id=object_id, reason=way
    )


def note_proved(*, user: User, way: str, at: datetime) -> None:
    """Write that somebody has shown again who she is."""
    record(by=Holder(user_id=user.pk, at=at), act="accounts.prove_again", of=user, detail={"way": way})


def note_change(*, user: User, act: str, at: datetime) -> None:
    """Write that somebody has changed how she signs in, on a page of the library's."""
    record(by=Holder(user_id=user.pk, at=at), act=act, of=user)
