"""Forgetting what opens nothing any more: links, codes and sign-ins are kept no longer than they are of use."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.core.cache import caches
from django.db import transaction

from mentornet.accounts.models import OneTimeCode, PersonalLink, SignInSession
from mentornet.accounts.rules import may_forget
from mentornet.common.actors import Actor
from mentornet.common.answers import require
from mentornet.common.cache import SoonestFirstCache

KEEP_LINKS: Final = timedelta(days=30)
KEEP_CODES: Final = timedelta(days=1)
KEEP_SIGN_INS: Final = timedelta(hours=12)


@transaction.atomic
def forget_old_ways_in(*, by: Actor) -> int:
    """Delete links that have been dead for a month, codes of yesterday, and sign-ins that are over; returns how many.

    What was made and used stands in the audit.

    Raises:
        NotAllowedError: a person asks for it.
    """
    require(may_forget(by))
    links, _ = PersonalLink.objects.filter(expires_at__lt=by.at - KEEP_LINKS).delete()
    closed, _ = PersonalLink.objects.filter(closed_at__lt=by.at - KEEP_LINKS).delete()
    codes, _ = OneTimeCode.objects.filter(expires_at__lt=by.at - KEEP_CODES).delete()
    sign_ins, _ = SignInSession.objects.filter(seen_at__lt=by.at - KEEP_SIGN_INS).delete()
    return links + closed + codes + sign_ins


def forget_counts(*, by: Actor) -> int:
    """Delete counts of tries that have run out; returns how many.

    Raises:
        NotAllowedError: a person asks for it.
    """
    require(may_forget(by))
    counts = caches["default"]
    return counts.forget_expired() if isinstance(counts, SoonestFirstCache) else 0
