"""Protecting a participant, and the two people whom it takes to see who she is, or to lift it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.agenda.models import Kind
from mentornet.agenda.services import ask_for, ask_today, finish
from mentornet.audit.services import record, record_read
from mentornet.common.actors import Actor, System
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.common.ledger import LedgerEntry, hashed
from mentornet.common.row_scope import beyond_division
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import WishKind
from mentornet.intake.models import Application, ContactPerson, Wish
from mentornet.intake.queries import protected_alike
from mentornet.intake.rules import (
    may_answer_reveal,
    may_approve_reveal,
    may_ask_to_reveal,
    may_protect,
    may_see_identity,
)
from mentornet.intake.services.watching import divisions_of_person, tell_of_listed, third_of
from mentornet.people import sealing
from mentornet.people.enums import RevealKind
from mentornet.people.models import Person, ProtectedIdentity, Reveal
from mentornet.people.noting import Noting, noted, protected_by
from mentornet.people.recipients import person_key
from mentornet.people.sealing import Cover

LASTS: Final = timedelta(minutes=15)
"""How long who she is can be looked at, from the moment of the approval."""
NOBODY: Final = "N.N."
"""Stands of somebody for whom nobody has chosen a name."""
AGAIN: Final = "She was protected when an older backup was restored."
PROTECTED_AGAIN: Final = "again"
"""Why a task stands there: nobody has chosen a name with her yet."""
ANSWER_WITHIN: Final = timedelta(hours=24)
"""A question that nobody has answered by then is not asked any more."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a protected person is: for one pair of eyes, for a quarter of an hour."""

    first_name: str
    last_name: str
    email: str
    phone: str
    safe_contact: str
    area: str
    postcode: str
    words: str
    reason: str


def protect(*, by: Staff, known_by: Application | ContactPerson, cover: Cover, reason: str) -> Person:
    """Protect a participant at once: from now on nobody finds her here by who she is.

    What she has asked for in that regard is seen to by this. When it returns, both the database and the ledger, which
    keeps an older backup from bringing her back, have it on the disk.

    Raises:
        NotAllowedError: not the actor's division.
        ChangedMeanwhileError: she is protected already.
        RefusedError: she works here.
        ValidationError: the alias tells who she is, or something is missing.
        OSError: the ledger cannot be written; nothing was done.
        RuntimeError: there is a transaction around.
    """
    require(may_protect(by, known_by))
    with noted(by) as noting:
        return _protect(by, known_by.person, cover, reason, noting)


@beyond_division(reason="what she has asked for in this regard is seen to in every division")
def _protect(by: Staff, person: Person, cover: Cover, reason: str, noting: Noting) -> Person:
    identity = sealing.seal(by=by, person=person, cover=cover, reason=reason, noting=noting)
    wishes = Wish.objects.filter(person_id=identity.person_id, kind=WishKind.PROTECT, settled_at__isnull=True)
    for wish in wishes:
        finish(by=by, target_id=wish.pk, kinds=[Kind.PROTECT])
        record(by=by, act="intake.settle_wish", of=wish, division_id=wish.division_id, detail={"kind": wish.kind})
    wishes.update(settled_at=by.at, settled_by=by.key)
    return identity.person


def protect_again(*, by: System, entries: Iterable[LedgerEntry]) -> int:
    """Protect again whoever is protected by a ledger and stands open here: an older backup has brought her back.

    The name chosen with her, and the other words that would lead to her, are not in that backup, nor in the ledger: she
    gets a name that is nobody's, and somebody is asked to choose one with her today. Returns how many it was.
    """
    wanted = protected_by(entries)
    open_now = Person.objects.filter(is_protected=False).exclude(search_text="") if wanted else Person.objects.none()
    found = [
        (pk, wanted[key])
        for pk in open_now.values_list("pk", flat=True).iterator()
        if (key := hashed(person_key(pk))) in wanted
    ]
    for pk, entry in found:
        with transaction.atomic():
            cover = Cover(alias=f"{NOBODY} {entry.number}")
            # What is noted stands in the ledger already.
            identity = sealing.seal(
                by=by, person=Person(pk=pk), cover=cover, reason=AGAIN, noting=Noting(by), is_again=True
            )
            for division_id in divisions_of_person(pk)[:1]:
                ask_today(
                    by=by,
                    kind=Kind.PROTECT,
                    target_id=pk,
                    division_id=division_id,
                    words={"name": identity.person.name, "why": PROTECTED_AGAIN},
                )
    return len(found)


@beyond_division(reason="a division was asked for a name for her, and another one may have chosen it with her")
@transaction.atomic
def write_cover(*, by: Staff, known_by: Application | ContactPerson, cover: Cover) -> None:
    """Choose another name with somebody protected, and add words that would lead to her.

    Raises:
        NotAllowedError: not the actor's division.
        ChangedMeanwhileError: she is not protected any more.
        ValidationError: the alias tells who she is, or something is too long.
    """
    require(may_protect(by, known_by))
    sealing.write_cover(by=by, person=known_by.person, cover=cover)
    finish(by=by, target_id=known_by.person_id, kinds=[Kind.PROTECT])


@transaction.atomic
def write_reach(*, by: Staff, known_by: Application | ContactPerson, facts: Mapping[str, str]) -> None:
    """Write anew how a protected person is reached, without looking at what stands there; empty values stay.

    Raises:
        NotAllowedError: not the actor's division.
        ChangedMeanwhileError: she is not protected any more.
        ValidationError: a value cannot be stored.
    """
    require(may_protect(by, known_by))
    sealing.write_sealed(by=by, person=known_by.person, facts=facts)


def ask_to_reveal(*, by: Staff, known_by: Application | ContactPerson, reason: str) -> Reveal:
    """Ask a second person whether one may see who somebody is.

    Raises:
        NotAllowedError: not the actor's division.
        ChangedMeanwhileError: she is not protected any more.
        ValidationError: no reason, or it is asked already.
    """
    return _ask(by, known_by, RevealKind.SEE, reason, act="people.ask_to_reveal")


def ask_to_copy(*, by: Staff, known_by: Application | ContactPerson, reason: str) -> Reveal:
    """Ask a second person whether a copy of all that is kept of her may be made, once.

    The answer also says that two agree on how she is reached, so that she can take her copy herself.

    Raises:
        As :func:`ask_to_reveal`.
    """
    return _ask(by, known_by, RevealKind.COPY, reason, act="people.ask_to_copy")


def ask_to_erase(*, by: Staff, known_by: Application | ContactPerson, reason: str) -> Reveal:
    """Ask a second person whether somebody protected may be erased, once.

    Raises:
        As :func:`ask_to_reveal`.
    """
    return _ask(by, known_by, RevealKind.ERASE, reason, act="people.ask_to_erase")


def ask_to_lift(*, by: Staff, known_by: Application | ContactPerson, reason: str) -> Reveal:
    """Ask a second person whether somebody's protection may be lifted. It is lifted by the answer.

    Raises:
        NotAllowedError: not the actor's division.
        ChangedMeanwhileError: she is not protected any more.
        ValidationError: no reason, or it is asked already.
    """
    return _ask(by, known_by, RevealKind.LIFT, reason, act="people.ask_to_lift")


@transaction.atomic
def _ask(by: Staff, known_by: Application | ContactPerson, kind: RevealKind, reason: str, *, act: str) -> Reveal:
    require(may_ask_to_reveal(by, known_by))
    person = Person.objects.get(pk=known_by.person_id)
    if not person.is_protected:
        raise ChangedMeanwhileError(_("She is not protected any more."))
    # What nobody has answered in a day is asked anew.
    stale = Reveal.objects.filter(person=person, asked_by=by.user_id, kind=kind, answered_at__isnull=True)
    for old in stale.filter(created_at__lte=by.at - ANSWER_WITHIN):
        finish(by=by, target_id=old.pk, kinds=[Kind.REVEAL])
        old.delete()
    reveal = Reveal(
        person=person,
        division_id=known_by.division_id,
        kind=kind,
        reason=reason.strip(),
        asked_by=by.user_id,
        asker_name=by.name,
        created_at=by.at,
    )
    reveal.full_clean()
    reveal.save(force_insert=True)
    ask_for(
        by=by,
        kind=Kind.REVEAL,
        target_id=reveal.pk,
        division_id=reveal.division_id,
        due_on=by.today,
        words={"name": person.name, "who": by.name},
    )
    record(by=by, act=act, of=person, division_id=reveal.division_id, detail={"kind": str(kind)})
    return reveal


def approve_reveal(*, by: Staff, reveal: Reveal) -> Reveal:
    """Say yes to what a colleague asks: she may look for a quarter of an hour; a protection that is to be lifted is.

    Of two who answer at once the first one counts. Whoever leads the division finds it on Today, and she herself in
    what she can read of who has looked.

    Raises:
        NotAllowedError: one's own question, or not the actor's division.
        ChangedMeanwhileError: somebody else has answered, it is too old, or she is not protected any more.
    """
    return _answer(by, reveal, is_approved=True)


def refuse_reveal(*, by: Staff, reveal: Reveal) -> Reveal:
    """Say no to what a colleague asks; whoever asked may take it back in the same way.

    Raises:
        NotAllowedError: not the actor's division, or one's own question.
        ChangedMeanwhileError: somebody else has answered, or it is too old.
    """
    return _answer(by, reveal, is_approved=False)


def _answer(by: Staff, reveal: Reveal, *, is_approved: bool) -> Reveal:
    require(may_approve_reveal(by, reveal) if is_approved else may_answer_reveal(by, reveal))
    if is_approved and reveal.kind == RevealKind.LIFT:
        with noted(by) as noting:
            _write_answer(by, reveal, is_approved=True)
            sealing.unseal(by=by, person=reveal.person, noting=noting)
    else:
        with transaction.atomic():
            _write_answer(by, reveal, is_approved=is_approved)
    return reveal


def _write_answer(by: Staff, reveal: Reveal, *, is_approved: bool) -> None:
    rows = Reveal.objects.filter(pk=reveal.pk, answered_at__isnull=True, created_at__gt=by.at - ANSWER_WITHIN)
    answered = rows.exclude(asked_by=by.user_id).update(
        answered_at=by.at,
        answered_by=by.user_id,
        answerer_name=by.name,
        is_approved=is_approved,
        expires_at=by.at + LASTS if is_approved else None,
    )
    if not answered:
        raise ChangedMeanwhileError(_("This has been answered already, or was asked too long ago."))
    finish(by=by, target_id=reveal.pk, kinds=[Kind.REVEAL])
    reveal.refresh_from_db()
    person = Person.objects.get(pk=reveal.person_id)
    if is_approved and not person.is_protected:
        raise ChangedMeanwhileError(_("She is not protected any more."))
    record(
        by=by,
        act="people.approve_reveal" if is_approved else "people.refuse_reveal",
        of=person,
        division_id=reveal.division_id,
        detail={"kind": str(reveal.kind)},
    )
    if is_approved:
        _tell_leads(by, reveal, person)
        if reveal.kind == RevealKind.COPY:
            # Two have agreed on her copy, knowing where she is reached: unless that was written since they were asked.
            ProtectedIdentity.objects.filter(person=person, reach_written_at__lte=reveal.created_at).update(
                reach_written_at=None
            )


def _tell_leads(by: Staff, reveal: Reveal, person: Person) -> None:
    """Put on Today of whoever leads the division that somebody is, or was, revealed; of all where nobody leads it.

    Of a third one if there is any: a lead who asks, and somebody to whom she has given a role, are hardly two.
    """
    on, who = by.today, reveal.person_id
    owner = third_of(reveal.division_id, on, person_id=who, but=[reveal.asked_by, by.user_id])
    ask_for(
        by=by,
        kind=Kind.REVEALED,
        target_id=reveal.pk,
        division_id=reveal.division_id,
        due_on=by.today,
        owner_id=owner or third_of(reveal.division_id, on, person_id=who, but=[reveal.asked_by]),
        # Her alias, also where the protection is lifted by this: the row is renamed with the others.
        words={"name": person.name, "who": reveal.asker_name, "why": str(reveal.kind)},
    )


@transaction.atomic
def see(*, by: Staff, reveal: Reveal) -> Identity:
    """Return who a protected person is. Each look is recorded, and the approval lasts a quarter of an hour.

    Raises:
        NotAllowedError: it is not the actor's approval, or its time is over.
        ChangedMeanwhileError: she is not protected any more.
    """
    reveal = Reveal.objects.get(pk=reveal.pk)
    require(may_see_identity(by, reveal))
    identity = ProtectedIdentity.objects.filter(person_id=reveal.person_id).first()
    if identity is None:
        raise ChangedMeanwhileError(_("She is not protected any more."))
    record_read(by=by, act="people.see_identity", of=identity.person, division_id=reveal.division_id)
    names = Identity.__dataclass_fields__
    return Identity(**{name: getattr(identity, name) for name in names})


def tell_of_entered(by: Actor, person: Person, division_id: UUID) -> None:
    """Tell a lead, and nobody else, that staff have entered somebody who may be protected in that division.

    She is entered like anybody: a refusal would tell whoever looks for her whose address, number or name it is. Of what
    a stranger writes at the public site nobody is told, since a code goes to the address first.
    """
    if isinstance(by, Staff):
        alike = protected_alike(person, division_id)
        tell_of_listed(by, division_id=division_id, importer=by.user_id, made=[(person.pk, hers) for hers in alike])


def rename_again(*, by: System) -> int:
    """Rename what has been written of protected people since; returns how many texts it was."""
    return sealing.rename_again(by=by)


def reveal_in_force(by: Staff, person_id: UUID) -> Reveal | None:
    """Return the approval by which the actor may see who somebody is, at this moment."""
    mine = Reveal.objects.filter(person_id=person_id, asked_by=by.user_id, kind=RevealKind.SEE, is_approved=True)
    return mine.filter(expires_at__gt=by.at).order_by("-expires_at").first()
