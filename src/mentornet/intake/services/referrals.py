"""Links by which members send others to us."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import require
from mentornet.intake.applicant_rules import may_refer
from mentornet.intake.models import Referral
from mentornet.people.models import Person


def referral_of(*, by: Actor, person: Person) -> Referral:
    """Return somebody's own link, made when she first asks for it.

    Raises:
        NotAllowedError: somebody else's.
    """
    require(may_refer(by, person))
    known = Referral.objects.filter(person=person).first()
    if known is not None:
        return known
    made = Referral(person=person, since=by.today, created_at=by.at)
    made.full_clean()
    try:
        with transaction.atomic():
            made.save(force_insert=True)
            record(by=by, act="intake.make_referral", of=made)
    except IntegrityError:
        # The page was opened twice at once.
        return Referral.objects.get(person=person)
    return made
