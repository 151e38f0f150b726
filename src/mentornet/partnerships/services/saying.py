"""What each of the two says herself about an ending."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.audit.services import record
from mentornet.common.answers import require
from mentornet.partnerships.enums import ClosingReason
from mentornet.partnerships.models import Closure, ClosureSide
from mentornet.partnerships.outcomes import Said
from mentornet.partnerships.queries import sides_of
from mentornet.partnerships.rules import may_say_why, side_of
from mentornet.partnerships.services.steps import lock
from mentornet.people.participants import Participant


@transaction.atomic
def say_why(
    *, by: Participant, closure: Closure, reason: ClosingReason | str, words: str = "", contact: Said | str = ""
) -> ClosureSide:
    """Let one of the two say on her own page why it ends, and whether she wants to keep in touch. She can change it.

    Her partner sees none of it; her coordinator does.

    Raises:
        NotAllowedError: she is not one of the two, or they go on.
        ValidationError: no reason, or too many words.
    """
    if reason not in ClosingReason.values:
        raise ValidationError({"reason": _("Choose one. You can also say that you do not want to say.")})
    partnership = lock(closure.partnership)
    fresh = Closure.objects.get(pk=closure.pk)
    fresh.partnership = partnership
    require(may_say_why(by, fresh))
    side = next(one for one in sides_of(fresh) if one.side == side_of(by.person_id, partnership))
    side.own_reason, side.own_words, side.own_contact, side.own_at = reason, words.strip(), contact, by.at
    side.full_clean()
    side.save()
    record(by=by, act="partnerships.say_why", of=partnership, division_id=partnership.division_id)
    return side
