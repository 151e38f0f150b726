"""Pausing, going on, and the wish to end."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.agenda.models import Kind
from mentornet.agenda.services import ask_for, finish
from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import denied, require
from mentornet.messaging.services import queue_letter
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.models import Note, Partnership
from mentornet.partnerships.rules import may_take_part
from mentornet.partnerships.services.steps import LONGEST, link_of, lock, take_step
from mentornet.people.participants import Participant
from mentornet.people.recipients import person_key

LOOK_AFTER: Final = timedelta(days=28)
CALL_WITHIN: Final = timedelta(days=2)


@transaction.atomic
def pause_partnership(*, by: Actor, partnership: Partnership, until: date | None = None) -> Partnership:
    """Let a partnership rest; both keep their places.

    Either of the two may do it, with a day on which she is back: the other is written to. The coordinator asks them on
    that day; in four weeks where she has noted that they will tell.

    Raises:
        NotAllowedError: neither one of the two nor of the mentee's division, or it is closed.
        ValidationError: a day that cannot be; from one of the two, no day.
    """
    if until is None and isinstance(by, Participant):
        raise ValidationError({"until": _("Choose the day from which you want to go on. You can change it later.")})
    if until is not None and until > by.today + LONGEST:
        raise ValidationError({"until": _("That is too far ahead: choose a day within five years.")})
    if until is not None and until <= by.today:
        raise ValidationError({"until": _("A pause lasts until a day after today.")})
    take_step(by, partnership, PartnershipState.PAUSED, paused_until=until)
    record(by=by, act="partnerships.pause", of=partnership, division_id=partnership.division_id)
    _ask_coordinator(by, partnership, Kind.PAUSED, until or by.today + LOOK_AFTER)
    if isinstance(by, Participant):
        other = partnership.mentor if partnership.mentee.person_id == by.person_id else partnership.mentee
        queue_letter(
            by=by,
            recipient=person_key(other.person_id),
            event="pair_paused",
            values={"link": link_of(partnership, other.person_id)},
            about_id=partnership.pk,
            division_id=partnership.division_id,
        )
    return partnership


def _ask_coordinator(by: Actor, partnership: Partnership, kind: Kind, due_on: date) -> None:
    ask_for(
        by=by,
        kind=kind,
        target_id=partnership.pk,
        division_id=partnership.division_id,
        due_on=due_on,
        owner_id=partnership.mentee.coordinator_id,
        words={"mentee": partnership.mentee.person.name, "mentor": partnership.mentor.person.name},
    )


@transaction.atomic
def resume_partnership(*, by: Actor, partnership: Partnership) -> Partnership:
    """Go on after a pause: active if it had begun, matched if not.

    Raises:
        NotAllowedError: neither one of the two nor of the mentee's division, or it does not rest.
    """
    partnership = lock(partnership)
    if partnership.state == PartnershipState.CLOSING:
        # An ending that was begun is called off by its own act, which puts its draft aside.
        require(denied(_("It is about to end. Call the ending off instead.")))
    began = partnership.first_met_on is not None and partnership.agreement_on is not None
    take_step(by, partnership, PartnershipState.ACTIVE if began else PartnershipState.MATCHED, paused_until=None)
    finish(by=by, target_id=partnership.pk, kinds=[Kind.PAUSED])
    record(by=by, act="partnerships.resume", of=partnership, division_id=partnership.division_id)
    return partnership


@transaction.atomic
def ask_to_end(*, by: Participant, partnership: Partnership, words: str = "") -> None:
    """Tell the coordinator that one of the two wants to end: she calls. Nothing ends by this alone.

    Raises:
        NotAllowedError: she is not one of the two, or it has ended.
        ValidationError: too many words.
    """
    partnership = lock(partnership)
    require(may_take_part(by, partnership))
    if partnership.state == PartnershipState.CLOSING:
        require(denied(_("Your coordinator knows already. She helps you both to end.")))
    words = words.strip()
    if words and not partnership.notes.filter(text=words, written_by=by.key).exists():
        note = Note(partnership=partnership, text=words, written_by=by.key, author_name=by.name, created_at=by.at)
        note.full_clean()
        note.save(force_insert=True)
    _ask_coordinator(by, partnership, Kind.TO_END, by.today + CALL_WITHIN)
    record(by=by, act="partnerships.ask_to_end", of=partnership, division_id=partnership.division_id)
