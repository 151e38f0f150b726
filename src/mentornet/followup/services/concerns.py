"""Raising a concern, and seeing to it until a second reader has closed it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from mentornet.accounts.models import User
from mentornet.audit.services import record, record_read
from mentornet.common.actors import Actor, System
from mentornet.common.answers import ChangedMeanwhileError, RefusedError, require
from mentornet.divisions.queries import organisation, staff_member
from mentornet.divisions.staff import Staff
from mentornet.followup.enums import ABOUT_A_PARTNER, OPEN, About, Addressee, ConcernState, Heard
from mentornet.followup.models import Concern, ConcernNote
from mentornet.followup.queries import has_reader, own_office, users_of
from mentornet.followup.rules import keys_of, may_raise, may_raise_for, may_read, may_step
from mentornet.intake.models import Enrolment, Interview
from mentornet.intake.services.hiding import nobody_left
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.queries import partners_of
from mentornet.partnerships.rules import may_work_on
from mentornet.people.models import Person
from mentornet.people.participants import Participant
from mentornet.people.services import hold_people


def raise_concern(
    *,
    by: Participant,
    about: About | str,
    words: str,
    partnership: Partnership | None = None,
    addressee: Addressee | str = Addressee.COORDINATOR,
    wants_call: bool = False,
    call_words: str = "",
) -> Concern:
    """Keep a quiet word. It is in the database, for good, when this returns: only then is she told so.

    Nobody is written to. Whoever it is for finds it on Today; whoever it is about finds it nowhere. The same words
    pressed twice are one.

    Raises:
        NotAllowedError: she does not act for herself.
        RefusedError: nobody knows which office she belongs to, or nobody here may read it: nothing is kept then.
        ValidationError: no words, or too many.
    """
    require(may_raise(by, by.person_id))
    # Durable: no transaction around it can take it back once she has been told that it has come through.
    with transaction.atomic(durable=True):
        return _raise(by, by, about, words, partnership, addressee, wants_call=wants_call, call_words=call_words)


def raise_for(
    *,
    by: Staff,
    person: Person,
    about: About | str,
    words: str,
    heard: Heard | str,
    partnership: Partnership | None = None,
    addressee: Addressee | str = Addressee.COORDINATOR,
    colleague: User | None = None,
    wants_call: bool = False,
    call_words: str = "",
) -> Concern:
    """Keep a quiet word for somebody's sake: she has told it to one of the staff, or one of them has seen something.

    As secret as what she writes herself: nobody is written to, and whoever has written it down reads it afterwards
    only if it is for her. ``colleague`` is whom it is about, where that is one of the staff: kept from that one, and
    for the national lead.

    Raises:
        NotAllowedError: she works in no division that knows her, or must not see her.
        RefusedError: nobody knows which office she belongs to, or nobody may read it: nothing is kept then.
        ValidationError: no words, too many, or not said how it was heard.
    """
    if heard not in {Heard.TOLD, Heard.SEEN}:
        raise ValidationError({"heard": _("Say whether she has told it, or somebody has seen it.")})
    known = Participant(person_id=person.pk, name=person.name, at=by.at)
    office = partnership.mentee if partnership is not None else own_office(known)
    if office is None:
        raise RefusedError(_("No division knows her yet. Enter her application first."))
    require(may_raise_for(by, office.division_id, person.pk))
    if partnership is not None:
        require(may_work_on(by, partnership))
        if person.pk not in {partnership.mentee.person_id, partnership.mentor.person_id}:
            raise RefusedError(_("She is not one of these two."))
    with transaction.atomic(durable=True):
        return _raise(
            by,
            known,
            about,
            words,
            partnership,
            addressee,
            wants_call=wants_call,
            call_words=call_words,
            colleague=colleague,
            heard=heard,
        )


def _raise(
    by: Participant | Staff,
    her: Participant,
    about: About | str,
    words: str,
    partnership: Partnership | None,
    addressee: Addressee | str,
    *,
    wants_call: bool,
    call_words: str,
    colleague: User | None = None,
    heard: Heard | str = Heard.WRITTEN,
) -> Concern:
    words = words.strip()
    office = partnership.mentee if partnership is not None else own_office(her)
    if office is None:
        raise RefusedError(_("We do not know which office is yours. Please call us instead."))
    # Held till the end: whoever presses twice at once waits here, and finds it kept.
    hold_people([her.person_id])
    if about == About.COORDINATOR or colleague is not None:
        # Past the office, whatever was chosen: those who work beside her there do not look into it.
        addressee = Addressee.NATIONAL_LEAD
    call_words = call_words.strip() if wants_call else ""
    # All of it the same: who sends it anew because she wants a call, or because it is about somebody else, is heard.
    known = Concern.objects.filter(
        raised_by_id=her.person_id,
        partnership=partnership,
        about=about,
        addressee=addressee,
        words=words,
        heard=heard,
        wants_call=wants_call,
        call_words=call_words,
        state=ConcernState.RAISED,
    ).first()
    if known is not None:
        return known
    concern = Concern(
        raised_by_id=her.person_id,
        partnership=partnership,
        division=partnership.division if partnership is not None else office.division,
        coordinator=office.coordinator if isinstance(office, Enrolment) else None,
        about=about,
        addressee=addressee,
        kept_from=_kept_from(her, about, partnership, office if isinstance(office, Enrolment) else None, colleague),  # type: ignore[misc]  # a field of words
        words=words,
        heard=heard,
        written_by=by.key if isinstance(by, Staff) else "",
        author_name=by.name if isinstance(by, Staff) else "",
        wants_call=wants_call,
        call_words=call_words,
        created_at=by.at,
    )
    concern.full_clean()
    if not has_reader(concern, by.at):
        # Kept, it would lie unread while she waits.
        raise RefusedError(_nobody_reads(concern))
    concern.save(force_insert=True)
    record(by=by, act="followup.raise", of=concern, division_id=concern.division_id)
    return concern


def _nobody_reads(concern: Concern) -> str:
    """Return whom to call instead: those who run the network, before the office that it may be about."""
    network = organisation()
    where = network.phone or network.email or concern.division.phone or concern.division.email
    words = _(
        "Nobody else reads these words here, so we have not kept them. Please call or write to %(where)s, and ask for "
        "somebody on the board. In danger, call 112."
    )
    if not where:
        words = _(
            "Nobody else reads these words here, so we have not kept them. Please ask somebody at the office for "
            "somebody on the board. In danger, call 112."
        )
    return words % {"where": where}


def _kept_from(
    her: Participant,
    about: About | str,
    partnership: Partnership | None,
    office: Enrolment | None,
    colleague: User | None = None,
) -> tuple[str, ...]:
    """Return the keys of the users who never read it: the two themselves where they work here, and whom it is about.

    Where she writes about whoever she works with, that is every partner whom she has, or has had.
    """
    sides = [partnership.mentee, partnership.mentor] if partnership is not None else []
    people = {her.person_id, *(side.person_id for side in sides)}
    if about in ABOUT_A_PARTNER:
        people |= partners_of(her)
    kept: list[UUID | None] = [*users_of(people)]
    if about == About.COORDINATOR:
        kept += [side.coordinator_id for side in sides]
        kept.append(office.coordinator_id if office is not None else None)
        if office is None and partnership is None:
            # Without a place she knows whoever has talked with her.
            kept += Interview.objects.filter(application__person_id=her.person_id).values_list("interviewer", flat=True)
    kept.append(colleague.pk if colleague is not None else None)
    return keys_of(*kept)


def keep_a_reader(by: Actor, person_id: UUID, user: User) -> None:
    """Refuse that somebody is hidden from the last one who may read a quiet word of hers that is open.

    Raises:
        RefusedError: nobody else may read it, in whichever division.
    """
    # As she would be if nobody were hidden from her: only what she could have read is lost by this.
    before = replace(staff_member(user, by.at), hidden=frozenset())
    for concern in Concern.objects.filter(raised_by_id=person_id, state__in=OPEN).select_related("division"):
        if may_read(before, concern) and not has_reader(concern, by.at):
            raise RefusedError(nobody_left(by))


class UnreadError(Exception):
    """Somebody has told something in confidence, and nobody who works here may read it now."""


def tell_of_unread(*, by: System) -> None:
    """Look whether each quiet word that is open has a reader: roles end, and somebody may be hidden from who is left.

    Raises:
        UnreadError: not so. The round fails by it, which stands in the log, and on Today of whoever looks after the
            program: no task could tell it, as whoever reads tasks may be whom it is about.
    """
    open_ones = Concern.objects.filter(state__in=OPEN).select_related("division").order_by("pk")
    if count := sum(not has_reader(concern, by.at) for concern in open_ones):
        raise UnreadError(count)


def read_concern(*, by: Staff, concern: Concern) -> Concern:
    """Hand a concern out to be read; the audit keeps who has read it.

    Raises:
        NotAllowedError: it is not for her.
    """
    require(may_read(by, concern))
    with transaction.atomic():
        record_read(by=by, act="followup.read", of=concern, division_id=concern.division_id)
    return concern


def _step(
    by: Actor, concern: Concern, before: ConcernState, after: ConcernState, act: str, **values: object
) -> Concern:
    require(may_step(by, concern, before, after))
    changed = Concern.objects.filter(pk=concern.pk, state=before).update(state=after, **values)
    if not changed:
        raise ChangedMeanwhileError(_("Somebody else has worked on this meanwhile. Look at it again."))
    record(by=by, act=act, of=concern, division_id=concern.division_id)
    concern.refresh_from_db()
    return concern


@transaction.atomic
def take_concern(*, by: Staff, concern: Concern) -> Concern:
    """Take a concern: from now on she sees to it.

    Raises:
        NotAllowedError: it is not for her, or no longer waits.
        ChangedMeanwhileError: somebody else was faster.
    """
    return _step(by, concern, ConcernState.RAISED, ConcernState.TAKEN, "followup.take", taken_at=by.at, taken_by=by.key)


@transaction.atomic
def add_note(*, by: Staff, concern: Concern, text: str) -> ConcernNote:
    """Note what was heard or done.

    Raises:
        NotAllowedError: it is not for her.
        ValidationError: nothing was written.
    """
    require(may_read(by, concern))
    text = text.strip()
    latest = concern.notes.order_by("-created_at").first()
    if latest is not None and latest.text == text and latest.written_by == by.key:
        # Pressed twice.
        return latest
    note = ConcernNote(concern=concern, text=text, written_by=by.key, author_name=by.name, created_at=by.at)
    note.full_clean()
    note.save(force_insert=True)
    record(by=by, act="followup.note", of=concern, division_id=concern.division_id)
    return note


@transaction.atomic
def resolve_concern(*, by: Staff, concern: Concern, outcome: str) -> Concern:
    """Say what was done about it; a second reader closes it.

    Raises:
        NotAllowedError: it is not for her, or nobody has taken it.
        ChangedMeanwhileError: somebody else was faster.
        ValidationError: no word of what was done.
    """
    outcome = outcome.strip()
    if not outcome:
        raise ValidationError({"outcome": _("Write what was done, and what she says to it.")})
    if len(outcome) > Concern._meta.get_field("outcome").max_length:  # type: ignore[operator]
        raise ValidationError({"outcome": _("That is too long: keep to what was done.")})
    return _step(
        by,
        concern,
        ConcernState.TAKEN,
        ConcernState.RESOLVED,
        "followup.resolve",
        resolved_at=by.at,
        resolved_by=by.key,
        outcome=outcome,
    )


@transaction.atomic
def give_back(*, by: Staff, concern: Concern, text: str) -> Concern:
    """As its second reader, give a concern back to whoever saw to it, and say what is missing.

    Raises:
        NotAllowedError: it is not for her, or does not wait for a second reader.
        ChangedMeanwhileError: somebody else was faster.
        ValidationError: nothing was written.
    """
    if not text.strip():
        raise ValidationError({"text": _("Write what is missing.")})
    concern = _step(
        by, concern, ConcernState.RESOLVED, ConcernState.TAKEN, "followup.give_back", resolved_at=None, resolved_by=""
    )
    add_note(by=by, concern=concern, text=text)
    return concern


@transaction.atomic
def close_concern(*, by: Staff, concern: Concern) -> Concern:
    """Close a concern as its second reader.

    Raises:
        NotAllowedError: it is not for her, she has seen to it herself, or it has not been resolved.
        ChangedMeanwhileError: somebody else was faster.
    """
    return _step(
        by, concern, ConcernState.RESOLVED, ConcernState.CLOSED, "followup.close", closed_at=by.at, closed_by=by.key
    )
