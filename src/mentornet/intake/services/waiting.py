"""The waiting list keeps its promises: a word before its day has passed, why somebody waits, who is taken earlier."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from mentornet.accounts.enums import Purpose
from mentornet.agenda.models import Kind
from mentornet.agenda.services import finish
from mentornet.audit.services import record
from mentornet.common.actors import Actor, System
from mentornet.common.answers import ChangedMeanwhileError, RefusedError, require
from mentornet.common.models import stamp
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import NOTED_REASONS, EarlierReason, WaitReason
from mentornet.intake.models import Earlier, Enrolment
from mentornet.intake.rules import may_give_word, may_note_why, may_work_on
from mentornet.intake.services.enrolments import promise_word
from mentornet.intake.waiting import cares, passed_over_by, to_be_written, why_of
from mentornet.messaging.recipients import look_up
from mentornet.messaging.services import queue_letter
from mentornet.messaging.ways import channel_of
from mentornet.people.recipients import person_key
from mentornet.programmes.care import Care

UPDATE: Final = "waiting_update"
LATE_UPDATE: Final = "waiting_update_late"
SUGGESTED: Final = "suggested"
"""What the letter says of somebody to whom a mentor is proposed."""


# The next word --------------------------------------------------------------------------------------------------------


def keep_promises(*, by: System) -> int:
    """Write to everybody who is promised a word that nobody has given her yet. Returns how many letters were written.

    Whom no letter reaches stays on Today: somebody calls her. Cut short, it goes on where it was: what it tells
    somebody and what it promises her next are one transaction, and whoever has heard today is not written to again.
    """
    written = 0
    for programme_id, care in cares().items():
        if care.word_ahead_days:
            due = list(to_be_written(by.today, programme_id, care))
            written += sum(_write(by, enrolment, care) for enrolment in due)
    return written


@transaction.atomic
def _write(by: System, enrolment: Enrolment, care: Care) -> bool:
    # Held, and asked once more: a colleague who calls her at this moment, or a second worker, was faster.
    held = to_be_written(by.today, enrolment.programme_id, care).filter(pk=enrolment.pk)
    found = held.select_for_update(of=("self",)).first()
    key = person_key(enrolment.person_id)
    if found is None or channel_of(look_up(key))[0] is None:
        return False
    due_on = by.today + timedelta(days=care.word_days)
    is_late = found.word_due_on is not None and found.word_due_on < by.today
    Enrolment.objects.filter(pk=found.pk).update(last_word_on=by.today, word_due_on=due_on, stamp=stamp())
    finish(by=by, target_id=found.pk, kinds=[Kind.PROMISE])
    promise_word(by=by, enrolment=found, due_on=due_on)
    queue_letter(
        by=by,
        recipient=key,
        event=LATE_UPDATE if is_late else UPDATE,
        values=letter_values(found, SUGGESTED if found.promised else why_of(found, by.today).value, due_on),
        about_id=found.pk,
        division_id=found.division_id,
    )
    record(by=by, act="intake.keep_promise", of=found, division_id=found.division_id, detail={"is_late": is_late})
    return True


def letter_values(enrolment: Enrolment, standing: str, next_on: date) -> dict[str, str]:
    """Return what the letter to somebody says: how it stands with her, when she hears next, and where she can read it.

    How it stands is one of a few words that the letter has a sentence for in her language, never a coordinator's own.
    """
    return {
        "standing": standing,
        "day": next_on.isoformat(),
        "link": f"{Purpose.STATUS.value}:{enrolment.application_id}",
    }


@transaction.atomic
def tell_her_by_hand(*, by: Actor, enrolment: Enrolment, by_hand: bool) -> Enrolment:
    """Stop the letter that the program would write to her next, since somebody tells her herself; or let it write.

    The promise stands: it is on Today until she has heard.

    Raises:
        NotAllowedError: not the actor's division, or she no longer waits.
    """
    require(may_give_word(by, enrolment))
    changed = Enrolment.objects.filter(pk=enrolment.pk, word_by_hand=not by_hand, ended_on__isnull=True)
    if changed.update(word_by_hand=by_hand, stamp=stamp()):
        record(
            by=by,
            act="intake.stop_letter" if by_hand else "intake.let_program_write",
            of=enrolment,
            division_id=enrolment.division_id,
        )
    enrolment.refresh_from_db(fields=["word_by_hand", "stamp"])
    return enrolment


# Why she waits --------------------------------------------------------------------------------------------------------


@transaction.atomic
def note_why(*, by: Actor, enrolment: Enrolment, reason: WaitReason | str, words: str = "") -> Enrolment:
    """Note why a mentee waits, with a word for colleagues; an empty reason lets it show in what is written down again.

    She reads the reason in plain words on her own page, and never the coordinator's word.

    Raises:
        NotAllowedError: not the actor's division, or she does not wait.
        ChangedMeanwhileError: she has got a mentor, or left, at this moment.
        ValidationError: no such reason, or no word about it.
    """
    require(may_note_why(by, enrolment))
    plain = words.strip()
    if reason and reason not in NOTED_REASONS:
        raise ValidationError({"reason": _("Choose why she waits.")}, code="reason")
    if reason and not plain:
        raise ValidationError({"words": _("Write a few words: your colleagues read them.")}, code="words")
    enrolment.wait_reason = WaitReason(reason).value if reason else ""
    enrolment.wait_words = plain if reason else ""
    enrolment.wait_noted_on = by.today if reason else None
    enrolment.stamp = stamp()
    enrolment.full_clean(exclude=["promised", "active"], validate_constraints=False)
    columns = ("wait_reason", "wait_words", "wait_noted_on", "stamp")
    waits = Enrolment.objects.filter(pk=enrolment.pk, ended_on__isnull=True, promised=0, active=0)
    if not waits.update(**{name: getattr(enrolment, name) for name in columns}):
        raise ChangedMeanwhileError(_("Something has just changed here. Look at it again."))
    record(
        by=by,
        act="intake.note_why",
        of=enrolment,
        division_id=enrolment.division_id,
        detail={"reason": enrolment.wait_reason},
    )
    return enrolment


# The order ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def take_earlier(*, by: Staff, enrolment: Enrolment, reason: EarlierReason | str, words: str) -> Earlier:
    """Put somebody before others who have waited longer: an exception, with its reason, that is counted and shown.

    How many she is put before is kept as it is at this moment; who they are is kept nowhere.

    Raises:
        NotAllowedError: not the actor's division, or she does not wait.
        RefusedError: nobody has waited longer: there is nothing to put her before.
        ChangedMeanwhileError: somebody else has done so already.
        ValidationError: no such reason, or no words.
    """
    require(may_note_why(by, enrolment))
    if reason not in EarlierReason.values:
        raise ValidationError({"reason": _("Choose why she is taken earlier.")}, code="reason")
    if not words.strip():
        raise ValidationError({"words": _("Write why, so that anybody who waits could understand it.")}, code="words")
    # Held, so that she does not get a mentor, or leave, before this stands.
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    passed_over = passed_over_by(enrolment, by.casework, by.today)
    if not passed_over:
        raise RefusedError(_("Nobody whom you could choose has waited longer than she: she comes first anyway."))
    exception = Earlier(
        enrolment=enrolment,
        division=enrolment.division,
        reason=EarlierReason(reason).value,
        words=words.strip(),
        passed_over=passed_over,
        noted_by=by.key,
        author_name=by.name,
        created_at=by.at,
    )
    exception.full_clean(validate_constraints=False)
    try:
        with transaction.atomic():
            exception.save(force_insert=True)
    except IntegrityError as error:
        raise ChangedMeanwhileError(_("She is taken earlier already. Look at the list again.")) from error
    record(
        by=by,
        act="intake.take_earlier",
        of=enrolment,
        division_id=enrolment.division_id,
        detail={"reason": exception.reason, "passed_over": passed_over},
    )
    return exception


@transaction.atomic
def keep_order(*, by: Staff, enrolment: Enrolment) -> Earlier:
    """Take an exception back: she has her place in the order again. It stays written down, and counts nowhere.

    Raises:
        NotAllowedError: not the actor's division.
        ChangedMeanwhileError: somebody else has done so already.
    """
    require(may_work_on(by, enrolment))
    standing = Earlier.objects.filter(enrolment=enrolment, over_at__isnull=True).first()
    undone = standing is not None and Earlier.objects.filter(pk=standing.pk, over_at__isnull=True).update(
        over_at=by.at, is_undone=True
    )
    if standing is None or not undone:
        raise ChangedMeanwhileError(_("She has her place in the order already. Look at the list again."))
    standing.refresh_from_db()
    record(by=by, act="intake.keep_order", of=enrolment, division_id=enrolment.division_id)
    return standing
