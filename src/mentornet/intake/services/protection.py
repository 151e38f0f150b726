"""Protecting a participant, and the two people whom it takes to see who she is, or to lift it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.agenda.models import Kind
from mentornet.agenda.services import ask_for, finish
from mentornet.audit.services import record, record_read
from mentornet.common.actors import Actor, System
from mentornet.common.answers import ChangedMeanwhileError, RefusedError, require
from mentornet.divisions.queries import leads_of, national_leads
from mentornet.divisions.staff import Staff
from mentornet.intake.applicants import visible_contact_persons
from mentornet.intake.enums import WishKind
from mentornet.intake.models import Application, ContactPerson, Wish
from mentornet.intake.queries import visible_people
from mentornet.intake.rules import may_answer_reveal, may_ask_to_reveal, may_protect, may_see_identity
from mentornet.people import sealing
from mentornet.people.enums import RevealKind
from mentornet.people.known_by import is_sealed_address
from mentornet.people.models import Person, ProtectedIdentity, Reveal
from mentornet.people.sealing import Cover

LASTS: Final = timedelta(minutes=15)
"""How long who she is can be looked at, from the moment of the approval."""
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


@transaction.atomic
def protect(*, by: Staff, known_by: Application | ContactPerson, cover: Cover, reason: str) -> Person:
    """Protect a participant at once: from now on nobody finds her here by who she is.

    What she has asked for in that regard is seen to by this.

    Raises:
        NotAllowedError: not the actor's division.
        ChangedMeanwhileError: she is protected already.
        RefusedError: she works here.
        ValidationError: the alias tells who she is, or something is missing.
    """
    require(may_protect(by, known_by))
    identity = sealing.seal(by=by, person=known_by.person, cover=cover, reason=reason)
    wishes = Wish.objects.filter(person_id=identity.person_id, kind=WishKind.PROTECT, settled_at__isnull=True)
    for wish in wishes:
        finish(by=by, target_id=wish.pk, kinds=[Kind.PROTECT])
        record(by=by, act="intake.settle_wish", of=wish, division_id=wish.division_id, detail={"kind": wish.kind})
    wishes.update(settled_at=by.at, settled_by=by.key)
    return identity.person


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


@transaction.atomic
def approve_reveal(*, by: Staff, reveal: Reveal) -> Reveal:
    """Say yes to what a colleague asks: she may look for a quarter of an hour; a protection that is to be lifted is.

    Of two who answer at once the first one counts. Whoever leads the division finds it on Today, and she herself in
    what she can read of who has looked.

    Raises:
        NotAllowedError: one's own question, or not the actor's division.
        ChangedMeanwhileError: somebody else has answered, it is too old, or she is not protected any more.
    """
    return _answer(by, reveal, is_approved=True, act="people.approve_reveal")


@transaction.atomic
def refuse_reveal(*, by: Staff, reveal: Reveal) -> Reveal:
    """Say no to what a colleague asks; whoever asked may take it back in the same way.

    Raises:
        NotAllowedError: not the actor's division, or one's own question.
        ChangedMeanwhileError: somebody else has answered, or it is too old.
    """
    return _answer(by, reveal, is_approved=False, act="people.refuse_reveal")


def _answer(by: Staff, reveal: Reveal, *, is_approved: bool, act: str) -> Reveal:
    require(may_answer_reveal(by, reveal))
    shows = is_approved and reveal.kind == RevealKind.SEE
    expires_at = by.at + LASTS if is_approved else None
    rows = Reveal.objects.filter(pk=reveal.pk, answered_at__isnull=True, created_at__gt=by.at - ANSWER_WITHIN)
    answered = rows.exclude(asked_by=by.user_id).update(
        answered_at=by.at,
        answered_by=by.user_id,
        answerer_name=by.name,
        is_approved=is_approved,
        expires_at=expires_at,
    )
    if not answered:
        raise ChangedMeanwhileError(_("This has been answered already, or was asked too long ago."))
    finish(by=by, target_id=reveal.pk, kinds=[Kind.REVEAL])
    reveal.refresh_from_db()
    person = Person.objects.get(pk=reveal.person_id)
    if is_approved and not person.is_protected:
        raise ChangedMeanwhileError(_("She is not protected any more."))
    record(by=by, act=act, of=person, division_id=reveal.division_id, detail={"kind": str(reveal.kind)})
    if is_approved:
        _tell_leads(by, reveal, person)
    if is_approved and not shows:
        sealing.unseal(by=by, person=person)
    return reveal


def _tell_leads(by: Staff, reveal: Reveal, person: Person) -> None:
    """Put on Today of whoever leads the division that somebody is, or was, revealed; of all where nobody leads it.

    Of a third one if there is any: a lead who asks, and somebody to whom she has given a role, are hardly two.
    """
    leads = [*leads_of(reveal.division_id, by.today), *national_leads(by.today)]
    others = [user_id for user_id in leads if user_id not in {reveal.asked_by, by.user_id}]
    others += [user_id for user_id in leads if user_id != reveal.asked_by]
    ask_for(
        by=by,
        kind=Kind.REVEALED,
        target_id=reveal.pk,
        division_id=reveal.division_id,
        due_on=by.today,
        owner_id=others[0] if others else None,
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


def refuse_sealed(by: Actor, facts: Mapping[str, Any]) -> None:
    """Refuse to register anew somebody protected whom the actor's divisions know: she would stand under her own name.

    Nobody but their staff is told: at the public site it would tell a stranger whose address this is.

    Raises:
        RefusedError: the address or number is hers.
    """
    if not isinstance(by, Staff):
        return
    helps = visible_contact_persons(by).order_by().values("person_id")
    known = Person.objects.filter(Q(pk__in=visible_people(by).order_by().values("pk")) | Q(pk__in=helps))
    if is_sealed_address(email=str(facts.get("email") or ""), phone=str(facts.get("phone") or ""), among=known):
        raise RefusedError(_("She cannot be entered here. Talk with whoever leads your division before you go on."))


def rename_again(*, by: System) -> int:
    """Rename what has been written of protected people since; returns how many texts it was."""
    return sealing.rename_again(by=by)


def reveal_in_force(by: Staff, person_id: UUID) -> Reveal | None:
    """Return the approval by which the actor may see who somebody is, at this moment."""
    mine = Reveal.objects.filter(person_id=person_id, asked_by=by.user_id, kind=RevealKind.SEE, is_approved=True)
    return mine.filter(expires_at__gt=by.at).order_by("-expires_at").first()
