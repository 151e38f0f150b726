"""What somebody answers who was asked: one of three, and nothing about anybody else."""

from __future__ import annotations

import secrets
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.agenda.models import Kind
from mentornet.agenda.services import ask_today
from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.intake.services.referrals import referral_of
from mentornet.people.participants import Participant
from mentornet.sourcing.enums import HELPS, AskingState, Reply
from mentornet.sourcing.models import Asking
from mentornet.sourcing.rules import may_answer

_SIGNS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_LENGTH: Final = 10


@transaction.atomic
def answer(*, by: Actor, asking: Asking, reply: Reply | str) -> Asking:
    """Take down an answer; another one stands instead of the first. The coordinator finds it on Today.

    Whoever knows or is somebody gets an address to pass on, or to use. Nothing is kept of whom she thinks of: that
    woman writes to us herself, or not at all.

    Raises:
        NotAllowedError: somebody else was asked, or the search is over.
        ValidationError: it is no answer.
    """
    asking = _lock(asking)
    require(may_answer(by, asking))
    before = asking.reply
    asking.reply, asking.state = Reply(reply).value, AskingState.ANSWERED
    asking.answered_at = asking.answered_at or by.at
    if asking.reply in HELPS and asking.code is None:
        asking.code = "".join(secrets.choice(_SIGNS) for _number in range(_LENGTH))
        if isinstance(by, Participant) and asking.contact is not None:
            # Whoever comes is counted as sent by her, in all that counts that already.
            referral_of(by=by, person=asking.contact.person)
    asking.full_clean(validate_unique=False, validate_constraints=False)
    asking.save(update_fields=["reply", "state", "answered_at", "code"])
    if before != asking.reply:
        record(
            by=by,
            act="sourcing.answer",
            of=asking,
            division_id=asking.search.division_id,
            detail={"reply": asking.reply},
        )
        tell_coordinator(by, asking)
    return asking


def tell_coordinator(by: Actor, asking: Asking) -> None:
    """Let whoever searches look: how many can help, and how many cannot now."""
    search = asking.search
    replies = Asking.objects.filter(search=search, state=AskingState.ANSWERED)
    ask_today(
        by=by,
        kind=Kind.SEARCH_ANSWERED,
        target_id=search.pk,
        division_id=search.division_id,
        owner_id=search.owner_id,
        words={
            "helping": replies.filter(reply__in=HELPS).count(),
            "not_now": replies.filter(reply=Reply.NOT_NOW).count(),
        },
    )


def _lock(asking: Asking) -> Asking:
    locked = Asking.objects.select_for_update(of=("self",)).select_related(
        "search__division", "contact__person", "prospect"
    )
    found = locked.filter(pk=asking.pk).first()
    if found is None:
        raise ChangedMeanwhileError(_("This search is over. You do not need to do anything."))
    return found
