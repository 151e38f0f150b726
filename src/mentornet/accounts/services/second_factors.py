"""Writing what accounts keep of second factors."""

from __future__ import annotations

import logging
from typing import Final

from allauth.mfa.models import Authenticator
from django.db import transaction

from mentornet.accounts.models import User
from mentornet.accounts.rules import may_handle_second_factors
from mentornet.accounts.sealing import (
    CannotOpenError,
    is_sealed_anew,
    opened_for,
    owner_of,
    seal_for,
    secrets_in,
    with_secrets,
)
from mentornet.accounts.services.sessions import end_all_sessions
from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import require

_log: Final = logging.getLogger(__name__)


def reseal_second_factors(*, by: Actor) -> int:
    """Seal with the present secret key what was sealed with a former one; returns how many.

    Raises:
        NotAllowedError: a person asks for it.
    """
    require(may_handle_second_factors(by))
    changed = 0
    for pk in list(Authenticator.objects.order_by("pk").values_list("pk", flat=True)):
        changed += _reseal(by, pk)
    return changed


@transaction.atomic
def _reseal(by: Actor, pk: int) -> bool:
    # Locked: a recovery code that is used at this moment is marked as used in the same row.
    row = Authenticator.objects.select_for_update().filter(pk=pk).first()
    if row is None or all(is_sealed_anew(text) for text in secrets_in(row.data)):
        return False
    try:
        owner = owner_of(row.user_id, row.type)
        row.data = with_secrets(row.data, lambda text: seal_for(owner, opened_for(owner, text)))
    except CannotOpenError:
        _log.warning("second factor %s was sealed with a secret key that is not known here, or for another row", pk)
        return False
    row.save(update_fields=["data"])
    record(by=by, act="accounts.reseal_second_factor", of=row)
    return True


@transaction.atomic
def forget_second_factor(*, by: Actor, user: User) -> bool:
    """Take away a second factor that nobody can use any more, and end all her sessions: one may be on a lost telephone.

    Tells whether she had one. Until she has set up another, her password alone leads to setting one up: whoever else
    may know it must not, so she chooses a new one first where that is in doubt.

    Raises:
        NotAllowedError: somebody else than the program asks.
    """
    require(may_handle_second_factors(by))
    count, _rows = Authenticator.objects.filter(user=user).delete()
    if count:
        record(by=by, act="accounts.forget_second_factor", of=user)
    end_all_sessions(by=by, user=user)
    return bool(count)
