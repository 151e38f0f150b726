"""Endings: begun, filled in step by step, called off. What closing leads to stands in ``closed``.

What is begun is a draft that stands: it is kept with each step, and whoever takes over finds it. An ending for safety
works at once; all its details can come later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, Final, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.agenda.models import Kind
from mentornet.agenda.services import ask_for, ask_today, finish
from mentornet.audit.services import record, record_read
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.divisions.staff import Staff
from mentornet.partnerships.ending import mark, mark_of, mark_of_step, may_fill_in_ending, without_blame
from mentornet.partnerships.enums import ClosingReason, PartnershipState
from mentornet.partnerships.models import Closure, ClosureSide, Partnership
from mentornet.partnerships.outcomes import PAID, ExitTalk, LaterContact, MenteeNext, MentorNext, Said, Scenario, Work
from mentornet.partnerships.queries import sides_of, standing_closure
from mentornet.partnerships.rules import may_step, may_work_on
from mentornet.partnerships.services.plans import call_off_what_comes
from mentornet.partnerships.services.steps import lock, take_step
from mentornet.people.enums import Role

FINISH_WITHIN: Final = timedelta(days=7)
SHARES: Final = ("mentee_shares", "mentor_shares")
LONGEST_REST: Final = timedelta(days=2 * 366)
Filled = TypeVar("Filled")


def ask_coordinator(by: Actor, partnership: Partnership, kind: Kind, due_on: date) -> None:
    """Ask whoever looks after the pair for something, by a day; what is due today also where it was put off."""
    (ask_today if due_on == by.today else ask_for)(
        by=by,
        kind=kind,
        target_id=partnership.pk,
        division_id=partnership.division_id,
        owner_id=partnership.mentee.coordinator_id,
        words={"mentee": partnership.mentee.person.name, "mentor": partnership.mentor.person.name},
        **({} if due_on == by.today else {"due_on": due_on}),
    )


def tell(by: Actor, partnership: Partnership, act: str, **detail: str) -> None:
    """Write an act of a pair into the audit."""
    record(by=by, act=act, of=partnership, division_id=partnership.division_id, detail=detail)


# Begin, and fill in -------------------------------------------------------------------------------------------------


@transaction.atomic
def begin_ending(
    *, by: Staff, partnership: Partnership, scenario: Scenario | str, who: Role | str = "", seen: str | None = None
) -> Closure:
    """Begin an ending, or say of one that is being filled in how it comes to it after all.

    Where somebody may not be safe it works at once: neither sees any more how to reach the other, what the two have
    planned is called off, and nobody is written to.

    Args:
        by: a coordinator.
        partnership: of her division.
        scenario: how it comes to the ending.
        who: of one that one of them wants, who does; where somebody may not be safe, whom it is about, if either.
        seen: how the ending stood when she read it (:func:`mentornet.partnerships.ending.mark_of`): what a colleague
            has said since, that somebody may not be safe above all, is not taken back by a page opened before.

    Raises:
        NotAllowedError: not her division, or closed already.
        ChangedMeanwhileError: it stands otherwise than she has seen it.
        ValidationError: no scenario, or nobody who wants it.
    """
    if scenario not in Scenario.values:
        raise ValidationError({"scenario": _("Choose what leads to the ending.")})
    if who not in ("", *Role.values) or (scenario == Scenario.ONE_SIDED and not who):
        raise ValidationError({"who": _("Say which of the two wants to end.")})
    partnership = lock(partnership)
    if partnership.state == PartnershipState.CLOSING:
        require(may_work_on(by, partnership))
    else:
        require(may_step(by, partnership, PartnershipState.CLOSING))
    closure = standing_closure(partnership)
    led = (who,) if who and scenario in {Scenario.ONE_SIDED, Scenario.SAFETY} else ()
    if seen is not None:
        _ask_whether_seen(closure, seen, wanted=mark(scenario, led))
    if closure is None:
        closure = _first(by, partnership, Scenario(scenario))
    before = closure.scenario
    closure.scenario, closure.filled = scenario, with_step(closure, "scenario")
    if scenario == Scenario.SAFETY:
        closure.later_contact, closure.keeps_apart = LaterContact.NONE, closure.keeps_apart or before != scenario
    elif before == Scenario.SAFETY:
        closure.keeps_apart = False
    for side in sides_of(closure):
        changes: dict[str, Any] = {"led_to_it": side.side in led}
        if scenario == Scenario.SAFETY and before != scenario:
            # No letter and no question later, unless somebody decides so with her.
            changes |= {"has_thanks": False, "may_be_asked": False}
        ClosureSide.objects.filter(pk=side.pk).update(**changes)
    keep(closure)
    if scenario == Scenario.SAFETY:
        _stop_at_once(by, partnership, closure)
    else:
        _see_again(by, partnership, closure)
    finish(by=by, target_id=partnership.pk, kinds=[Kind.TO_END, Kind.ENDING, Kind.PAUSED])
    ask_coordinator(by, partnership, Kind.CLOSING, by.today if closure.is_safety else by.today + FINISH_WITHIN)
    return closure


def _ask_whether_seen(closure: Closure | None, seen: str, *, wanted: str) -> None:
    """Refuse what was chosen from a page on which an ending stood otherwise; pressed twice is no other opinion."""
    if mark_of(closure, sides_of(closure) if closure is not None else ()) not in {seen, wanted}:
        raise ChangedMeanwhileError(_("Somebody else has worked on this partnership meanwhile. Look at it again."))


def _first(by: Staff, partnership: Partnership, scenario: Scenario) -> Closure:
    """Make the draft; a partnership that was about to end without one gets it now."""
    if partnership.state != PartnershipState.CLOSING:
        take_step(by, partnership, PartnershipState.CLOSING, paused_until=None)
    closure = Closure(
        partnership=partnership,
        began_by=by.key,
        scenario=scenario,
        # What sets it off counts anew: a safety ending begins below.
        created_at=by.at,
    )
    closure.full_clean()
    closure.save(force_insert=True)
    for role in Role:
        side = ClosureSide(closure=closure, side=role, created_at=by.at)
        if scenario == Scenario.SAFETY:
            side.has_thanks = side.may_be_asked = False
        side.full_clean()
        side.save(force_insert=True)
    if scenario == Scenario.SAFETY:
        closure.keeps_apart, closure.later_contact = True, LaterContact.NONE
    tell(by, partnership, "partnerships.begin_ending", scenario=str(scenario))
    return closure


def with_step(closure: Closure, step: str) -> Any:
    """Return the steps that are filled in, this one among them."""
    return tuple(dict.fromkeys([*(closure.filled or ()), step]))


def keep(closure: Closure) -> None:
    """Look an ending through, and store it."""
    closure.full_clean()
    closure.save()


def _stop_at_once(by: Actor, partnership: Partnership, closure: Closure) -> None:
    """Keep the two from each other now; what each shared is kept aside, in case it was a mistake."""
    call_off_what_comes(by, partnership)
    if partnership.stopped_on is not None:
        return
    closure.former |= {name: getattr(partnership, name) for name in SHARES} | {"stopped_at": by.at.isoformat()}
    Closure.objects.filter(pk=closure.pk).update(former=closure.former)
    Partnership.objects.filter(pk=partnership.pk).update(stopped_on=by.today, **dict.fromkeys(SHARES, ""))
    partnership.refresh_from_db(fields=["stopped_on", *SHARES])
    tell(by, partnership, "partnerships.stop_at_once")


def _see_again(by: Actor, partnership: Partnership, closure: Closure) -> None:
    """Let the two see each other's pages again: it was no matter of safety, or no ending."""
    if partnership.stopped_on is None:
        return
    shares = {name: closure.former.get(name, "") for name in SHARES}
    Partnership.objects.filter(pk=partnership.pk).update(stopped_on=None, **shares)
    partnership.refresh_from_db(fields=["stopped_on", *SHARES])
    tell(by, partnership, "partnerships.see_again")


def held(by: Actor, closure: Closure) -> tuple[Partnership, Closure]:
    """Return both rows as they are now, held; the draft must still be open.

    Raises:
        NotAllowedError: not her division, or it is no longer open.
    """
    partnership = lock(closure.partnership)
    fresh = Closure.objects.select_for_update(of=("self",)).get(pk=closure.pk)
    fresh.partnership = partnership
    require(may_fill_in_ending(by, fresh))
    return partnership, fresh


def _fill(by: Actor, closure: Closure, step: str, values: Mapping[str, Any]) -> Closure:
    partnership, fresh = held(by, closure)
    for name, value in values.items():
        setattr(fresh, name, value)
    fresh.filled = with_step(fresh, step)
    keep(fresh)
    tell(by, partnership, "partnerships.fill_in_ending", step=step)
    return fresh


@transaction.atomic
def fill_in_as_read(*, by: Staff, closure: Closure, step: str, seen: str, fill: Callable[[], Filled]) -> Filled:
    """Fill in a step, unless a colleague has done so since it was read: nobody writes over what she has not seen.

    What is pressed twice says nothing else the second time, and is no other opinion.

    Args:
        by: a coordinator.
        closure: an ending that is being filled in.
        step: which step of it.
        seen: how that stood when she read it (:func:`mentornet.partnerships.ending.mark_of_step`).
        fill: fills it in.

    Raises:
        NotAllowedError: not her division, or it is closed.
        ChangedMeanwhileError: it stands otherwise than she has seen it, and she says something else.
        ValidationError: as ``fill`` does.
    """
    _partnership, fresh = held(by, closure)
    before = mark_of_step(fresh, sides_of(fresh), step)
    done = fill()
    if before != seen:
        fresh = Closure.objects.get(pk=closure.pk)
        if fresh.closed_at is not None or mark_of_step(fresh, sides_of(fresh), step) != before:
            raise ChangedMeanwhileError(
                _(
                    "A colleague has changed this since you opened the page. What she wrote is kept, and what you "
                    "wrote stands below. Open the page anew to read hers; or send yours again, then it takes its place."
                )
            )
    return done


@transaction.atomic
def note_exit_talk(
    *,
    by: Staff,
    closure: Closure,
    side: Role | str,
    talk: ExitTalk | str,
    on: date | None = None,
    said: str = "",
    reason: ClosingReason | str = "",
    remark: str = "",
) -> ClosureSide:
    """Note the last talk with one of the two: that it was held, with what she said, or why it was not.

    A remark that stands already stays unless another one is written.

    Raises:
        NotAllowedError: not her division, or it is closed.
        ValidationError: no word on whether they talked; a day to come, or before they were matched; no reason from whom
            they talked with.
    """
    if talk not in ExitTalk.values:
        raise ValidationError({"talk": _("Say whether you have talked with her.")})
    if on is not None and on > by.today:
        raise ValidationError({"on": _("That day is still to come.")})
    is_held = talk == ExitTalk.HELD
    if is_held and not reason:
        raise ValidationError({"reason": _("Choose what she says herself; also when she does not know.")})
    partnership, fresh = held(by, closure)
    if on is not None and partnership.matched_on is not None and on < partnership.matched_on:
        raise ValidationError({"on": _("They were matched after that day.")})
    row = next(one for one in sides_of(fresh) if one.side == side)
    row.talk, row.talk_on = talk, (on or by.today) if is_held else None
    row.said, row.reason = said.strip(), reason
    if remark.strip():
        row.remark = remark.strip()
    row.full_clean()
    row.save()
    step = f"talk_{side}"
    Closure.objects.filter(pk=fresh.pk).update(filled=with_step(fresh, step))
    tell(by, partnership, "partnerships.fill_in_ending", step=step)
    return row


def read_remark(*, by: Staff, side: ClosureSide) -> str:
    """Hand out what is for coordinators only; that it was read is audited.

    Raises:
        NotAllowedError: not her division.
    """
    partnership = side.closure.partnership
    require(may_work_on(by, partnership))
    with transaction.atomic():
        record_read(by=by, act="partnerships.read_remark", of=partnership, division_id=partnership.division_id)
    return side.remark


@transaction.atomic
def note_outcome(
    *,
    by: Staff,
    closure: Closure,
    work: Work | str,
    hours: int | None = None,
    own_level: Said | str = "",
    danish_step: Said | str = "",
    network: Said | str = "",
    words: str = "",
) -> Closure:
    """Note what has come of it for the mentee.

    Raises:
        NotAllowedError: not her division, or it is closed.
        ValidationError: no code.
    """
    if work not in Work.values:
        raise ValidationError({"work": _("Choose one; also when it is not known.")})
    is_paid = work in PAID
    values = {
        "work": work,
        "hours": hours if is_paid else None,
        "own_level": own_level if is_paid else "",
        "danish_step": danish_step,
        "network": network,
        "outcome_words": words.strip(),
    }
    return _fill(by, closure, "outcome", values)


@transaction.atomic
def settle_contact(
    *, by: Staff, closure: Closure, rule: LaterContact | str, wants: Mapping[str, str], keeps_apart: bool = False
) -> Closure:
    """Settle what the two may do later, with what each of them wants.

    Raises:
        NotAllowedError: not her division, or it is closed.
        ValidationError: no rule; in a safety ending another one than no contact; freely where one of them says no; or
            any contact where it is noted that the two must not meet.
    """
    if rule not in LaterContact.values:
        raise ValidationError({"rule": _("Choose what the two may do.")})
    if closure.is_safety and rule != LaterContact.NONE:
        raise ValidationError({"rule": _("Where somebody may not be safe there is no contact.")})
    if rule == LaterContact.FREE and Said.NO in wants.values():
        raise ValidationError({"rule": _("One of them does not want it: choose through the office, or none.")})
    if keeps_apart and rule != LaterContact.NONE:
        raise ValidationError({"keeps_apart": _("Who must not meet has no contact: choose that, or leave this out.")})
    for side in sides_of(closure):
        row = {"wants_contact": wants.get(side.side, "")}
        ClosureSide.objects.filter(pk=side.pk, closure__closed_at__isnull=True).update(**row)
    return _fill(by, closure, "contact", {"later_contact": rule, "keeps_apart": keeps_apart})


@transaction.atomic
def settle_next(
    *,
    by: Staff,
    closure: Closure,
    mentee: MenteeNext | str,
    mentor: MentorNext | str,
    mentor_rests_until: date | None = None,
    blame: Said | str = "",
    blame_words: str = "",
) -> Closure:
    """Settle what comes next for each of the two.

    ``blame`` says otherwise than the rule whether it ended without blame, with a written reason.

    Raises:
        NotAllowedError: not her division, or it is closed.
        ValidationError: a choice is missing; an old place where it did not end without blame; a rest without its end.
    """
    wrong: dict[str, Any] = {}
    if mentee not in MenteeNext.values:
        wrong["mentee"] = _("Choose what the mentee wants.")
    if mentor not in MentorNext.values:
        wrong["mentor"] = _("Choose what the mentor wants.")
    if blame and not blame_words.strip():
        wrong["blame_words"] = _("Write why you see it differently.")
    if mentor == MentorNext.RESTS and mentor_rests_until is None:
        wrong["mentor_rests_until"] = _("Choose the day on which she is back.")
    elif mentor == MentorNext.RESTS and mentor_rests_until is not None:
        if mentor_rests_until <= by.today:
            wrong["mentor_rests_until"] = _("Rest lasts until a day after today.")
        elif mentor_rests_until > by.today + LONGEST_REST:
            wrong["mentor_rests_until"] = _("That is too far ahead: choose a day within two years.")
    seen = Closure.objects.get(pk=closure.pk)
    seen.blame, seen.blame_words = blame, blame_words.strip() if blame else ""
    if mentee == MenteeNext.OLD_PLACE and not without_blame(seen, sides_of(seen)).is_without:
        wrong["mentee"] = _("Her old place is hers where it ended without blame. Say why you see it differently.")
    if wrong:
        raise ValidationError(wrong)
    values = {
        "mentee_next": mentee,
        "mentor_next": mentor,
        "mentor_rests_until": mentor_rests_until if mentor == MentorNext.RESTS else None,
        "blame": seen.blame,
        "blame_words": seen.blame_words,
    }
    return _fill(by, closure, "next", values)


@transaction.atomic
def choose_letters(*, by: Staff, closure: Closure, thanks: Mapping[str, bool], may_ask: Mapping[str, bool]) -> Closure:
    """Choose who gets a letter of thanks, and who may be asked later how it goes.

    Raises:
        NotAllowedError: not her division, or it is closed.
        ValidationError: a letter to whom a safety ending is about.
    """
    for side in sides_of(closure):
        has_thanks = thanks.get(side.side, False)
        if has_thanks and closure.is_safety and side.led_to_it:
            raise ValidationError({f"thanks_{side.side}": _("No letter goes to whom it is about.")})
        ClosureSide.objects.filter(pk=side.pk, closure__closed_at__isnull=True).update(
            has_thanks=has_thanks, may_be_asked=may_ask.get(side.side, False)
        )
    return _fill(by, closure, "thanks", {})


# Call off -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def call_ending_off(*, by: Staff, partnership: Partnership) -> Partnership:
    """Go on after all: the ending that was begun is put aside, and both see each other's pages again.

    Raises:
        NotAllowedError: not her division.
        ChangedMeanwhileError: it is not about to end.
    """
    partnership = lock(partnership)
    require(may_work_on(by, partnership))
    if partnership.state != PartnershipState.CLOSING:
        raise ChangedMeanwhileError(_("The partnership is no longer where it was. Look at it again."))
    closure = standing_closure(partnership)
    if closure is not None:
        _see_again(by, partnership, closure)
        Closure.objects.filter(pk=closure.pk).update(undone_at=by.at, undone_by=by.key)
    take_step(by, partnership, where_it_stood(partnership))
    finish(by=by, target_id=partnership.pk, kinds=[Kind.CLOSING])
    tell(by, partnership, "partnerships.call_ending_off")
    return partnership


def where_it_stood(partnership: Partnership) -> PartnershipState:
    """Return where a partnership goes on: active if it had begun."""
    began = partnership.first_met_on is not None and partnership.agreement_on is not None
    return PartnershipState.ACTIVE if began else PartnershipState.MATCHED
