"""Thoughts of one's own: written for herself, shared only by her own act."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.audit.services import record, record_read
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.divisions.staff import Staff
from mentornet.followup.enums import ImpactState
from mentornet.followup.models import ImpactLetter, Reflection
from mentornet.followup.prompts import PROMPTS
from mentornet.followup.value_queries import shared_reflections, stands_in_letter
from mentornet.followup.value_rules import may_reflect, may_unshare
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.rules import side_of
from mentornet.partnerships.services.steps import lock
from mentornet.people.participants import Participant

WRITE = "followup.write_reflection"


@transaction.atomic
def write_reflection(*, by: Participant, partnership: Partnership, prompt: str, text: str) -> Reflection | None:
    """Answer an open question for herself, or answer it anew; without any words the answer goes.

    What she has shared before stays shared in its new words, and she is told so where she writes.

    Raises:
        NotAllowedError: she is not one of the two.
        ValidationError: there is no such question, or too many words.
    """
    # Held till the end: whoever presses twice at once waits here, and finds it written.
    partnership = lock(partnership)
    require(may_reflect(by, partnership))
    side = side_of(by.person_id, partnership)
    assert side is not None
    if not any(prompt in stage for stage in PROMPTS[side].values()):
        raise ValidationError({"text": _("This question is no longer there. Look at the page again.")})
    text = text.strip()
    known = Reflection.objects.filter(partnership=partnership, person_id=by.person_id, prompt=prompt).first()
    if not text:
        if known is not None:
            require(may_unshare(by, known, stands_in_letter=stands_in_letter(known)))
            # Of the row, not of the pair: no timeline tells that it is there.
            record(by=by, act=WRITE, of=known)
            known.delete()
        return None
    if known is not None and known.text == text:
        return known
    row = known or Reflection(partnership=partnership, person_id=by.person_id, prompt=prompt, created_at=by.at)
    row.text, row.changed_at = text, by.at
    row.full_clean()
    row.save(force_insert=known is None)
    record(by=by, act=WRITE, of=row)
    return row


@transaction.atomic
def share_reflection(
    *, by: Participant, reflection: Reflection, with_coordinator: bool, for_letter: bool
) -> Reflection:
    """Share a thought with the coordinators of the two, give it to the letter to the mentor, or neither any more.

    A letter that the mentee has said yes to and that has not left is asked about anew: it would be another one.

    Raises:
        NotAllowedError: it is not hers, or stands in a letter that has been sent.
        ChangedMeanwhileError: it is no longer there.
    """
    partnership = lock(reflection.partnership)
    require(may_reflect(by, partnership))
    row = Reflection.objects.filter(pk=reflection.pk, person_id=by.person_id).first()
    if row is None:
        raise ChangedMeanwhileError(_("This is no longer there. Look at the list again."))
    if row.for_letter_at is not None and not for_letter:
        require(may_unshare(by, row, stands_in_letter=stands_in_letter(row)))
    before = (row.shared_at is not None, row.for_letter_at is not None)
    if before == (with_coordinator, for_letter):
        return row
    row.shared_at = (row.shared_at or by.at) if with_coordinator else None
    row.for_letter_at = (row.for_letter_at or by.at) if for_letter else None
    row.save(update_fields=["shared_at", "for_letter_at"])
    if before[1] != for_letter:
        ImpactLetter.objects.filter(partnership=partnership, state=ImpactState.APPROVED).update(
            state=ImpactState.ASKED, approved_at=None, texts={}
        )
    record(by=by, act="followup.share_reflection", of=row)
    return row


@transaction.atomic
def keep_reflection(
    *, by: Participant, reflection: Reflection, text: str, with_coordinator: bool, for_letter: bool
) -> Reflection | None:
    """Write a thought anew and say who else may read it; without any words it goes.

    Raises:
        As :func:`write_reflection` and :func:`share_reflection`.
    """
    written = write_reflection(by=by, partnership=reflection.partnership, prompt=reflection.prompt, text=text)
    if written is None:
        return None
    return share_reflection(by=by, reflection=written, with_coordinator=with_coordinator, for_letter=for_letter)


@transaction.atomic
def read_shared(*, by: Staff, partnership: Partnership) -> list[Reflection]:
    """Hand out what the two have shared with their coordinators; the audit keeps who has read it."""
    found = list(shared_reflections(by, partnership))
    if found:
        record_read(by=by, act="followup.read_shared", of=partnership, division_id=partnership.division_id)
    return found
