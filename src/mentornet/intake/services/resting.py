"""Rest and return by her own word: she says until when, is asked on that day, and is back when she says so.

A coordinator's rest until a day (:func:`mentornet.intake.services.enrolments.rest`) ends by itself. This one does
not: nobody is proposed to somebody who has not said that she is ready.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.agenda.models import Kind
from mentornet.agenda.services import ask_for, finish
from mentornet.audit.services import record
from mentornet.common.actors import Actor, System
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.common.models import stamp
from mentornet.intake.models import Enrolment
from mentornet.intake.queries import asked_in_vain, rests_over
from mentornet.intake.rules import may_come_back, may_rest_until_asked
from mentornet.intake.services.enrolments import FAR, promise_word
from mentornet.messaging.services import queue_letter
from mentornet.people.enums import Role
from mentornet.people.recipients import person_key
from mentornet.programmes.queries import next_word_on

ANSWER_WITHIN: Final = timedelta(days=14)
"""How long she has to say whether she is back, before a coordinator calls her."""


@transaction.atomic
def rest_until_asked(*, by: Actor, enrolment: Enrolment, until: date, note: str = "") -> Enrolment:
    """Let her rest, and ask her on a day whether she is back. What runs goes on; a mentee keeps her place.

    Raises:
        NotAllowedError: not hers, she has left, or she is a mentee with a proposal or a mentor.
        ChangedMeanwhileError: she has been proposed, or has left, at this moment.
        ValidationError: a day that is not after today, or more than two years away; a note that is too long.
    """
    require(may_rest_until_asked(by, enrolment))
    if until <= by.today:
        raise ValidationError({"until": _("Choose a day after today.")}, code="past")
    if until > by.today + FAR:
        raise ValidationError({"until": _("That is too far ahead: choose a day within two years.")}, code="far")
    is_mentee = enrolment.role == Role.MENTEE
    values: dict[str, object] = {
        "resting_until": until,
        "returns_when_asked": True,
        "return_asked_on": None,
        "rest_note": note,
        "stamp": stamp(),
    }
    still = Enrolment.objects.filter(pk=enrolment.pk, ended_on__isnull=True)
    if is_mentee:
        # She hears from us on the day on which she is asked, and is not promised a word before.
        values["word_due_on"] = until
        still = still.filter(promised=0, active=0)
    for name, value in values.items():
        setattr(enrolment, name, value)
    enrolment.full_clean(exclude=["promised", "active"], validate_constraints=False)
    if not still.update(**values):
        raise ChangedMeanwhileError(_("Something has just changed here. Look at it again."))
    finish(by=by, target_id=enrolment.pk, kinds=[Kind.RETURN])
    if is_mentee:
        promise_word(by=by, enrolment=enrolment, due_on=until)
    _tell(by, enrolment, "intake.rest")
    return enrolment


@transaction.atomic
def come_back(*, by: Actor, enrolment: Enrolment) -> Enrolment:
    """End her rest: a mentor is in the bank again, a mentee is promised a word anew. Saying it twice is saying it.

    Raises:
        NotAllowedError: not hers, or she has left.
    """
    require(may_come_back(by, enrolment))
    is_mentee = enrolment.role == Role.MENTEE
    values: dict[str, object] = {
        "resting_until": None,
        "returns_when_asked": False,
        "return_asked_on": None,
        "rest_note": "",
        "stamp": stamp(),
    }
    if is_mentee and not enrolment.active:
        values["word_due_on"] = next_word_on(enrolment.programme_id, by.today)
    back = Enrolment.objects.filter(pk=enrolment.pk, ended_on__isnull=True, resting_until__isnull=False)
    if not back.update(**values):
        enrolment.refresh_from_db()
        return enrolment
    enrolment.refresh_from_db(fields=[*values, "word_due_on"])
    finish(by=by, target_id=enrolment.pk, kinds=[Kind.RETURN])
    if "word_due_on" in values:
        promise_word(by=by, enrolment=enrolment, due_on=next_word_on(enrolment.programme_id, by.today))
    _tell(by, enrolment, "intake.wake")
    return enrolment


def ask_whether_back(*, by: System) -> int:
    """Write to everybody whose day has come; she rests on until she answers. Returns how many were asked."""
    return sum(_ask(by, enrolment) for enrolment in rests_over(by.today))


@transaction.atomic
def _ask(by: System, enrolment: Enrolment) -> bool:
    values: dict[str, object] = {"return_asked_on": by.today, "stamp": stamp()}
    if enrolment.role == Role.MENTEE:
        values |= {"last_word_on": by.today, "word_due_on": by.today + ANSWER_WITHIN}
    # Whoever comes back, or rests longer, at this moment is not asked; nor is anybody twice.
    waits = Enrolment.objects.filter(
        pk=enrolment.pk,
        ended_on__isnull=True,
        returns_when_asked=True,
        return_asked_on__isnull=True,
        resting_until=enrolment.resting_until,
    )
    if not waits.update(**values):
        return False
    finish(by=by, target_id=enrolment.pk, kinds=[Kind.PROMISE])
    queue_letter(
        by=by,
        recipient=person_key(enrolment.person_id),
        event="return_asked",
        values={"link": f"return:{enrolment.pk}"},
        about_id=enrolment.pk,
        division_id=enrolment.division_id,
    )
    _tell(by, enrolment, "intake.ask_whether_back")
    return True


def call_those_who_do_not_answer(*, by: System) -> int:
    """Ask the coordinator to call whoever has not said whether she is back. Returns how many."""
    silent = list(asked_in_vain(by.today - ANSWER_WITHIN))
    for enrolment in silent:
        ask_for(
            by=by,
            kind=Kind.RETURN,
            target_id=enrolment.pk,
            division_id=enrolment.division_id,
            due_on=by.today,
            owner_id=enrolment.coordinator_id,
            words={"name": enrolment.person.name},
        )
    return len(silent)


def _tell(by: Actor, enrolment: Enrolment, act: str) -> None:
    record(by=by, act=act, of=enrolment, division_id=enrolment.division_id)
