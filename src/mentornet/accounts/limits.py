"""How often something may be tried: counted in the cache table, for all processes together.

Kept are slots that expire by themselves. Each try takes a free one; the database lets one process alone take it, so
that tries made at the same moment count too. What is counted for, such as an address of the network, stands nowhere:
only a keyed hash of it. That a limit was reached stands in the audit, by the name of what is limited.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from mentornet.audit.services import record_refusal
from mentornet.common.actors import Visitor

TOLD_AGAIN_AFTER: Final = timedelta(minutes=5)
"""A limit that goes on being reached makes an entry so often: whoever tries on fills no table."""
_PREFIX: Final = "mentornet.limit"


def _slots(name: str, key: str, most: int) -> list[str]:
    digest = hmac.new(settings.SECRET_KEY.encode(), f"{name}:{key}".encode(), hashlib.sha256).hexdigest()[:32]
    return [f"{_PREFIX}:{name.replace(' ', '-')}:{digest}:{number}" for number in range(most)]


def take_turn(name: str, key: str, *, most: int, within: timedelta) -> bool:
    """Count one try; ``False`` when there were as many already, and this one is not to be looked at."""
    slots = _slots(name, key, most)
    taken = cache.get_many(slots)
    if any(cache.add(slot, 1, timeout=within.total_seconds()) for slot in slots if slot not in taken):
        return True
    note_limit(name, key)
    return False


def note_limit(name: str, key: str) -> None:
    """Write that a limit was reached, in a transaction of its own: once for each that is counted, then after a while.

    Neither for whom nor from where: ``name`` says what was tried too often.
    """
    (mark,) = _slots(f"told {name}", key, 1)
    if cache.add(mark, 1, timeout=TOLD_AGAIN_AFTER.total_seconds()):
        by = Visitor(timezone.now())
        record_refusal(
            by=by, act="accounts.too_often", object_type="limit", object_id=name[:40], reason="too many in a row"
        )


def is_used_up(name: str, key: str, *, most: int) -> bool:
    """Tell whether the next try would be one too many, without counting one."""
    slots = _slots(name, key, most)
    return len(cache.get_many(slots)) >= most
