"""Endings closed: what they lead to for each of the two; and taken back, with all of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentornet.agenda.models import Kind
from mentornet.agenda.services import finish
from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, RefusedError, require
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import EndReason
from mentornet.intake.services import places
from mentornet.messaging.models import Letter
from mentornet.messaging.services import call_back_letters, queue_letter
from mentornet.partnerships.ending import may_reopen, without_blame
from mentornet.partnerships.enums import STEPS_BACK, ClosingReason, PartnershipState
from mentornet.partnerships.models import Closure, ClosureSide, Partnership, PlannedMeeting
from mentornet.partnerships.outcomes import MenteeNext, MentorNext, Scenario
from mentornet.partnerships.queries import sides_of, standing_closure
from mentornet.partnerships.services.endings.filling import (
    SHARES,
    ask_coordinator,
    held,
    keep,
    where_it_stood,
    with_step,
)
from mentornet.partnerships.services.meetings import ask_whether_met
from mentornet.partnerships.services.pairs import free_both, promise_a_word, tell_banks
from mentornet.partnerships.services.plans import call_off_what_comes
from mentornet.partnerships.services.steps import link_of, lock, take_step
from mentornet.people.enums import Role
from mentornet.people.queries import kept_apart_between
from mentornet.people.recipients import person_key
from mentornet.people.services import keep_apart


@transaction.atomic
def finish_ending(*, by: Staff, closure: Closure, on: date, reason: ClosingReason | str, note: str = "") -> Partnership:
    """Close the partnership as the ending says: places, rest, letters, and that the two must not meet, if so.

    Raises:
        NotAllowedError: not her division, or it is closed.
        ChangedMeanwhileError: somebody else was faster.
        ValidationError: a day that cannot be, no reason, or a step that is missing.
    """
    if on > by.today:
        raise ValidationError({"on": _("That day is still to come.")})
    if reason not in ClosingReason.values:
        raise ValidationError({"reason": _("Choose why it ends.")})
    partnership, closure = held(by, closure)
    if partnership.matched_on is not None and on < partnership.matched_on:
        raise ValidationError({"on": _("They were matched after that day.")})
    closure.reason = ClosingReason(reason)
    sides = list(sides_of(closure))
    if not (closure.later_contact and closure.mentee_next and closure.mentor_next):
        raise ValidationError(_("Something is missing: say what the two may do later, and what comes next for each."))
    if closure.mentee_next == MenteeNext.OLD_PLACE and not without_blame(closure, sides).is_without:
        raise ValidationError(
            _("Her old place is hers where it ended without blame. Choose again what comes next for her.")
        )
    mentee, mentor = partnership.mentee, partnership.mentor
    if closure.keeps_apart:
        # People are held before their places everywhere.
        keep_apart(by=by, person=mentee.person, other=mentor.person, reason=str(_("Their partnership has ended.")))
        for person in (mentee.person, mentor.person):
            record(by=by, act="intake.keep_apart", of=person, division_id=partnership.division_id)
    closure.former |= {
        "closed_at": by.at.isoformat(),
        "mentee_since": _iso(mentee.since),
        "mentor_since": _iso(mentor.since),
    }
    take_step(
        by,
        partnership,
        PartnershipState.CLOSED,
        closed_on=on,
        closing_reason=reason,
        closing_note=note.strip(),
        paused_until=None,
    )
    call_off_what_comes(by, partnership)
    free_both(by, partnership, mentee_since=mentee.since if closure.mentee_next == MenteeNext.OLD_PLACE else on, on=on)
    _next_for_mentee(by, closure, partnership, on)
    _next_for_mentor(by, closure, partnership, on)
    closure.ended_on, closure.note = on, note.strip()
    closure.closed_at, closure.closed_by = by.at, by.key
    closure.filled = with_step(closure, "summary")
    keep(closure)
    finish(by=by, target_id=partnership.pk)
    _thank(by, closure, partnership, sides)
    record(
        by=by,
        act="partnerships.close",
        of=partnership,
        division_id=partnership.division_id,
        detail={"reason": str(reason), "scenario": closure.scenario},
    )
    return partnership


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _next_for_mentee(by: Actor, closure: Closure, partnership: Partnership, on: date) -> None:
    if closure.mentee_next == MenteeNext.LEAVES:
        is_done = closure.reason in {ClosingReason.GOAL, ClosingReason.AGREED}
        reason = EndReason.DONE if is_done else EndReason.OTHER
        places.go(by=by, enrolment=partnership.mentee, on=on, reason=reason)
    else:
        promise_a_word(by, partnership.mentee)


def _next_for_mentor(by: Actor, closure: Closure, partnership: Partnership, on: date) -> None:
    mentor = partnership.mentor
    if closure.mentor_next == MentorNext.RESTS and closure.mentor_rests_until is not None:
        before = mentor.resting_until
        if closure.mentor_rests_until > by.today and places.rest_after(
            by=by, enrolment=mentor, until=closure.mentor_rests_until
        ):
            closure.former |= {"rested_until": _iso(closure.mentor_rests_until), "rested_before": _iso(before)}
            record(by=by, act="intake.rest", of=mentor, division_id=mentor.division_id)
    elif closure.mentor_next == MentorNext.LEAVES and not places.go(
        by=by, enrolment=mentor, on=on, reason=EndReason.OTHER
    ):
        raise RefusedError(
            _("%(name)s has another mentee, or a proposal, and cannot stop now. Choose something else for her.")
            % {"name": mentor.person.first_name}
        )


def _thank(by: Actor, closure: Closure, partnership: Partnership, sides: list[ClosureSide]) -> None:
    for side in sides:
        if not side.has_thanks or (closure.is_safety and side.led_to_it):
            continue
        person_id = (partnership.mentee if side.side == Role.MENTEE else partnership.mentor).person_id
        queue_letter(
            by=by,
            recipient=person_key(person_id),
            event="thanks",
            values={} if closure.is_safety else {"link": link_of(partnership, person_id)},
            about_id=closure.pk,
            division_id=partnership.division_id,
        )


@transaction.atomic
def reopen_partnership(*, by: Staff, partnership: Partnership, words: str) -> Partnership:
    """Let a partnership go on that was closed by mistake; all that the ending has led to goes back with it.

    Both places are taken again, the mentee stands where she stood, a rest that the ending began is over, and letters of
    thanks that have not left are taken back; those that have left are corrected by another one.

    Raises:
        NotAllowedError: not her division, or it is not closed.
        NoPlaceLeftError: one of the two has been promised or paired meanwhile, or has left.
        RefusedError: the two must not meet, or what is kept of one of them has been erased.
        ValidationError: no reason.
    """
    words = words.strip()
    if not words:
        raise ValidationError({"words": _("Write why it was a mistake.")})
    partnership = lock(partnership)
    require(may_reopen(by, partnership))
    mentee, mentor = partnership.mentee, partnership.mentor
    if not (mentee.person.search_text and mentor.person.search_text):
        raise RefusedError(_("What was kept of one of them has been erased. It stays ended."))
    if kept_apart_between(mentee.person_id, mentor.person_id):
        raise RefusedError(_("It has been noted that these two must not meet. It stays ended."))
    closure = standing_closure(partnership) or _as_it_was(by, partnership)
    former = closure.former
    tell_banks(by, partnership)
    left_on = partnership.closed_on
    rested = former.get("rested_until")
    for side in places.in_order(mentee, mentor):
        is_mentee = side.pk == mentee.pk
        # Who has left of her own accord, on the same day, is not brought back.
        goes = closure.mentee_next if is_mentee else closure.mentor_next
        left_with_it = goes in {"", MenteeNext.LEAVES, MentorNext.LEAVES}
        since = former.get("mentee_since" if is_mentee else "mentor_since")
        places.take_again(
            by=by,
            enrolment=side,
            since=side.since if since is None else date.fromisoformat(since) if since else None,
            left_on=left_on if left_with_it else None,
            rested_until=None if is_mentee or not rested else date.fromisoformat(rested),
            rested_before=date.fromisoformat(former["rested_before"]) if former.get("rested_before") else None,
        )
    finish(by=by, target_id=mentee.pk, kinds=[Kind.PROMISE])
    _open_again(partnership, closure)
    _plan_again(by, partnership, former)
    closure.undone_at, closure.undone_by, closure.undone_words = by.at, by.key, words
    keep(closure)
    record(by=by, act="partnerships.reopen", of=partnership, division_id=partnership.division_id)
    _correct(by, partnership, closure)
    if partnership.first_met_on is None:
        ask_whether_met(by, partnership, by.today)
    ask_coordinator(by, partnership, Kind.CONTACT, by.today)
    return partnership


def _as_it_was(by: Actor, partnership: Partnership) -> Closure:
    """Keep what is known of an ending that came with a spreadsheet, or was never filled in."""
    closure = Closure(
        partnership=partnership,
        began_by=by.key,
        scenario=Scenario.SAFETY if partnership.closing_reason == ClosingReason.SAFETY else Scenario.UNPLANNED,
        ended_on=partnership.closed_on or by.today,
        reason=partnership.closing_reason,
        note=partnership.closing_note,
        closed_at=by.at,
        closed_by=by.key,
        created_at=by.at,
    )
    closure.full_clean()
    closure.save(force_insert=True)
    return closure


def _open_again(partnership: Partnership, closure: Closure) -> None:
    after = where_it_stood(partnership)
    shares = {name: closure.former[name] for name in SHARES if partnership.stopped_on and name in closure.former}
    rows = Partnership.objects.filter(pk=partnership.pk, state=PartnershipState.CLOSED)
    try:
        with transaction.atomic():
            changed = STEPS_BACK.may(partnership.state, after) and rows.update(
                state=after, closed_on=None, closing_reason="", closing_note="", stopped_on=None, **shares
            )
    except IntegrityError as error:
        raise ChangedMeanwhileError(_("The mentee has another mentor by now. It stays ended.")) from error
    if not changed:
        raise ChangedMeanwhileError(_("Somebody else has worked on this partnership meanwhile. Look at it again."))
    partnership.refresh_from_db()


def _plan_again(by: Actor, partnership: Partnership, former: Mapping[str, Any]) -> None:
    """Let stand again what the ending has called off, and is still to come."""
    moments = [former[name] for name in ("closed_at", "stopped_at") if name in former]
    PlannedMeeting.objects.filter(partnership=partnership, called_off_at__in=moments, at__gt=by.at).update(
        called_off_at=None, changed_at=by.at, changes=F("changes") + 1
    )


def _correct(by: Actor, partnership: Partnership, closure: Closure) -> None:
    """Take back the letters of thanks; to whom one has left it is said that it was a mistake."""
    gone = call_back_letters(by=by, letters=Letter.objects.filter(about_id=closure.pk, event="thanks").order_by("pk"))
    for letter in gone:
        queue_letter(
            by=by,
            recipient=letter.recipient,
            event="sent_by_mistake",
            values={"day": timezone.localdate(letter.sent_at or letter.created_at).isoformat()},
            about_id=closure.pk,
            division_id=partnership.division_id,
        )
