"""Who does not want which letters."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import require
from mentornet.messaging.models import OptOut
from mentornet.messaging.rules import may_refuse_letters
from mentornet.messaging.templates import Kind


@transaction.atomic
def refuse_letters(*, by: Actor, recipient: str, kinds: Collection[Kind]) -> list[OptOut]:
    """Note that somebody does not want letters of these kinds, and return what is new. Twice is as good as once.

    What is in the queue already is not sent either.

    Raises:
        NotAllowedError: it is not she who says so.
    """
    require(may_refuse_letters(by, recipient))
    refused = []
    for kind in kinds:
        found, is_new = OptOut.objects.get_or_create(recipient=recipient, kind=kind, defaults={"created_at": by.at})
        if is_new:
            record(by=by, act="messaging.refuse_letters", of=found, division_id=None, detail={"kind": str(kind)})
            refused.append(found)
    return refused


@transaction.atomic
def want_letters(*, by: Actor, recipient: str, kinds: Collection[Kind]) -> None:
    """Take back that somebody does not want letters of these kinds.

    Raises:
        NotAllowedError: it is not she who says so.
    """
    require(may_refuse_letters(by, recipient))
    for found in OptOut.objects.filter(recipient=recipient, kind__in=list(kinds)):
        record(by=by, act="messaging.want_letters", of=found, division_id=None, detail={"kind": found.kind})
        found.delete()
