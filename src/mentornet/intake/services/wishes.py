"""What participants ask their coordinator for: written down, read by whoever sees to it, settled."""

from __future__ import annotations

from typing import Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from mentornet.agenda.models import Kind
from mentornet.agenda.services import ask_for, finish
from mentornet.audit.services import record, record_read
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, RefusedError, require
from mentornet.intake.enums import WishKind
from mentornet.intake.models import Enrolment, Wish
from mentornet.intake.queries import case_of
from mentornet.intake.rules import may_settle
from mentornet.people.participants import Participant

_BETWEEN: Final = "\n\n"
_MOST_SIGNS: Final = 8_000
"""How much she can write about one thing before somebody has seen to it."""


@transaction.atomic
def make_wish(*, by: Participant, kind: WishKind | str, words: str = "") -> Wish:
    """Ask her coordinator for something. What she adds to an open wish of the same kind stands beneath it.

    Raises:
        RefusedError: no division knows her yet, or any more.
        ValidationError: the words are too long, or there is no such kind.
    """
    case = case_of(by)
    if case is None:
        raise RefusedError(_("No office has your case now. Call us, and we help you."))
    wish = Wish.objects.select_for_update().filter(person_id=by.person_id, kind=kind, settled_at__isnull=True).first()
    if len(words) + (len(wish.words) if wish else 0) > _MOST_SIGNS:
        raise ValidationError({"words": _("That is very long. Write less here, and tell us the rest when we call.")})
    if wish is None:
        wish = Wish(person_id=by.person_id, division_id=case.division_id, kind=kind, words=words, created_at=by.at)
        wish.full_clean(validate_constraints=False)
        try:
            with transaction.atomic():
                wish.save(force_insert=True)
        except IntegrityError:
            # The same button pressed twice: the other request has just made it.
            return Wish.objects.get(person_id=by.person_id, kind=kind, settled_at__isnull=True)
    elif not words or words in wish.words.split(_BETWEEN):
        return wish
    else:
        wish.words = _BETWEEN.join(part for part in (wish.words, words) if part)
        wish.full_clean(validate_constraints=False)
        wish.save(update_fields=["words"])
    ask_for(
        by=by,
        kind=Kind.PROTECT if kind == WishKind.PROTECT else Kind.WISH,
        target_id=wish.pk,
        division_id=wish.division_id,
        due_on=by.today,
        owner_id=case.coordinator_id if isinstance(case, Enrolment) else None,
        words={"name": wish.person.name},
    )
    record(by=by, act="intake.make_wish", of=wish, division_id=wish.division_id, detail={"kind": str(wish.kind)})
    return wish


@transaction.atomic
def read_wish(*, by: Actor, wish: Wish) -> str:
    """Return her words; that they were read is audited.

    Raises:
        NotAllowedError: not the actor's division.
    """
    require(may_settle(by, wish))
    record_read(by=by, act="intake.read_wish", of=wish, division_id=wish.division_id)
    return wish.words


@transaction.atomic
def settle_wish(*, by: Actor, wish: Wish) -> Wish:
    """Note that a wish has been seen to.

    Raises:
        NotAllowedError: not the actor's division.
        ChangedMeanwhileError: somebody else has done so.
    """
    require(may_settle(by, wish))
    settled = Wish.objects.filter(pk=wish.pk, settled_at__isnull=True).update(settled_at=by.at, settled_by=by.key)
    if not settled:
        raise ChangedMeanwhileError(_("Somebody has seen to this already."))
    wish.refresh_from_db()
    finish(by=by, target_id=wish.pk, kinds=[Kind.WISH, Kind.PROTECT])
    record(by=by, act="intake.settle_wish", of=wish, division_id=wish.division_id, detail={"kind": str(wish.kind)})
    return wish
