"""Protecting a person, and lifting it: what would lead to her goes to one place, and comes back from there.

Whoever calls has asked whether the actor may. A list, a search, a file, a letter or a log cannot show what its rows do
not hold: that is why nothing here is a matter of display.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.accounts.models import User
from mentornet.accounts.queries import user_by_key, user_of_email
from mentornet.audit.services import record
from mentornet.common.actors import Actor, System
from mentornet.common.answers import ChangedMeanwhileError, RefusedError
from mentornet.common.ordering import folded
from mentornet.common.row_scope import beyond_division
from mentornet.people.elsewhere import elsewhere
from mentornet.people.entrance import follow, works_here
from mentornet.people.models import Person, ProtectedIdentity, Reveal
from mentornet.people.noting import Noting
from mentornet.people.queries import recently_written
from mentornet.people.reached_before import forget_where_she_was
from mentornet.people.renaming import (
    places_of,
    rename_texts,
    renaming_of,
    restore_texts,
    rows_about,
    rows_about_namesakes,
)
from mentornet.people.services import hold_people, restamp
from mentornet.people.ways_in import end_ways_in

HOW_REACHED: Final = ("email", "phone", "safe_contact")
"""What can be written anew without being looked at."""
_SHORTEST_PART: Final = 3

AlsoDone = Callable[[Actor, UUID], object]
_ALSO: Final[dict[str, AlsoDone]] = {}
FormerNames = Callable[[UUID], Iterable[str]]
_FORMER: Final[dict[str, FormerNames]] = {}


def also_when_protecting(name: str, act: AlsoDone) -> None:
    """Register, in ``AppConfig.ready``, what else is done when somebody becomes protected.

    Raises:
        ValueError: the name is taken by another.
    """
    if _ALSO.setdefault(name, act) is not act:
        raise ValueError(f"{name} is registered twice among what is done when somebody becomes protected")


def also_known_by(name: str, act: FormerNames) -> None:
    """Register, in ``AppConfig.ready``, under which other words somebody has stood here, who becomes protected.

    Raises:
        ValueError: the name is taken by another.
    """
    if _FORMER.setdefault(name, act) is not act:
        raise ValueError(f"{name} is registered twice among what somebody was known by")


@dataclass(frozen=True, slots=True)
class Cover:
    """What stands of a protected person instead of what would lead to her.

    Attributes:
        alias: a first name chosen with her.
        area: a wide one, such as a part of the country; may be empty.
        words: further words that would lead to her, one on each line: employer, school, other spellings of her name.
    """

    alias: str
    area: str = ""
    words: str = ""


@beyond_division(reason="nothing names a protected person in any division")
@transaction.atomic
def seal(
    *, by: Actor, person: Person, cover: Cover, reason: str, noting: Noting, is_again: bool = False
) -> ProtectedIdentity:
    """Protect somebody: seal who she is, and rename what is stored of her, in one act.

    Args:
        by: who does it, and has been asked whether she may.
        person: who is protected.
        cover: what stands of her instead.
        reason: why.
        noting: what comes to stand in the ledger (:func:`mentornet.people.noting.noted`).
        is_again: she was protected already when an older backup was made good: nobody is left to ask.

    Raises:
        ChangedMeanwhileError: she is protected already.
        RefusedError: she works here, so her name stands under what she does.
        ValidationError: the alias tells who she is, or something is missing or too long.
    """
    hold_people([person.pk])
    person = Person.objects.get(pk=person.pk)
    if person.is_protected:
        raise ChangedMeanwhileError(_("She is protected already."))
    if not is_again:
        _refuse_staff(person)
    alias, area = " ".join(cover.alias.split()), " ".join(cover.area.split())
    _check_cover(person, alias, area)
    identity = ProtectedIdentity(
        person=person,
        created_at=by.at,
        words=_words_of(person.pk, cover),
        hid_network=person.hides_network,
        reason=reason.strip(),
        protected_by=by.key,
        # An address that somebody has just written of herself is no more trusted for her being protected.
        reach_written_at=None if is_again else recently_written(person.pk, by.at),
        **{name: getattr(person, name) for name in Person.SEALED},
    )
    identity.full_clean(exclude=["person"])
    for name in Person.SEALED:
        setattr(person, name, "")
    person.first_name, person.area, person.is_protected, person.hides_network = alias, area, True, True
    person.set_name_keys()
    person.full_clean()
    person.save(update_fields=[*Person.SEALED, *Person.NAME_KEYS, "is_protected", "hides_network"])
    identity.save(force_insert=True)
    forget_where_she_was(person.pk)
    seal_user(person)
    rename_what_is_stored(identity, person)
    for act in _ALSO.values():
        act(by, person.pk)
    restamp(by=by, people=[person])
    record(by=by, act="people.protect", of=person)
    noting.protected(person.pk)
    return identity


def _words_of(person_id: UUID, cover: Cover) -> str:
    """Return what else would lead to her: what was written with her, and as whom she stood here before."""
    former = [word for act in _FORMER.values() for word in act(person_id)]
    return "\n".join(dict.fromkeys([*cover.words.strip().splitlines(), *former]))


def _refuse_staff(person: Person) -> None:
    user = None if person.user_id is None else user_by_key(person.user_id)
    namesake = user_of_email(person.email) if person.email else None
    if any(one is not None and works_here(one) for one in (user, namesake)):
        raise RefusedError(
            _("She has, or has had, a role here, and her name stands under what she did. Talk with the national lead.")
        )


def _check_cover(known: Person | ProtectedIdentity, alias: str, area: str) -> None:
    if not alias:
        raise ValidationError({"alias": _("Choose a name with her.")})
    own = {part for part in folded(known.name).split() if len(part) >= _SHORTEST_PART}
    if own & set(folded(alias).split()) or folded(alias) == folded(known.first_name):
        raise ValidationError({"alias": _("This is part of her own name. Choose another one with her.")})
    is_exact = {folded(known.area), folded(known.postcode)} - {""}
    if folded(area) in is_exact:
        raise ValidationError({"area": _("This is where she lives. Write a wider area, or leave it empty.")})


@beyond_division(reason="nothing names a protected person in any division")
@transaction.atomic
def write_cover(*, by: Actor, person: Person, cover: Cover) -> None:
    """Choose another name for somebody protected, and add words that would lead to her; stored texts follow.

    Raises:
        ChangedMeanwhileError: she is not protected any more.
        ValidationError: the alias tells who she is, or something is too long.
    """
    hold_people([person.pk])
    identity = ProtectedIdentity.objects.select_related("person").filter(person_id=person.pk).first()
    if identity is None:
        raise ChangedMeanwhileError(_("She is not protected any more."))
    person, former = identity.person, identity.person.first_name
    alias, area = " ".join(cover.alias.split()), " ".join(cover.area.split())
    _check_cover(identity, alias, area)
    # Those that are there are not shown, so they are added to.
    identity.words = "\n".join(dict.fromkeys([*identity.words.splitlines(), *cover.words.strip().splitlines()]))
    identity.full_clean(exclude=["person"])
    identity.save(update_fields=["words"])
    person.first_name, person.area = alias, area or person.area
    person.set_name_keys()
    person.full_clean()
    person.save(update_fields=["first_name", "area", *Person.NAME_KEYS])
    seal_user(person)
    rename_what_is_stored(identity, person, former=former)
    restamp(by=by, people=[person])
    record(by=by, act="people.write_cover", of=person)


def rename_what_is_stored(identity: ProtectedIdentity, person: Person, *, former: str = "") -> int:
    """Rename what is stored of a protected person, and return how many texts it was; bears being done again.

    ``former``: an alias that she has no longer.
    """
    rows = rows_about(person.pk)
    renaming = renaming_of(identity, person.first_name, places_of(rows), former=former)
    besides = elsewhere(person.pk, rows, identity.created_at)
    changed = rename_texts(renaming, rows, besides, rows_about_namesakes(identity, renaming))
    if changed:
        # Read anew and held: whoever erases another one takes her out of what is kept here.
        held = ProtectedIdentity.objects.select_for_update().only("pk", "texts").get(pk=identity.pk)
        identity.texts = [*held.texts, *changed]
        ProtectedIdentity.objects.filter(pk=identity.pk).update(texts=identity.texts)
    return len(changed)


def rename_again(*, by: System) -> int:
    """Rename what has been written of protected people since, such as a note by somebody who knows her name.

    Returns how many texts it was, each person in a transaction of its own.
    """
    return sum(_rename_again(by, pk) for pk in list(Person.objects.filter(is_protected=True).values_list("pk")))


@transaction.atomic
def _rename_again(by: System, key: tuple[UUID]) -> int:
    hold_people([key[0]])
    identity = ProtectedIdentity.objects.select_related("person").filter(person_id=key[0]).first()
    if identity is None:
        return 0
    count = rename_what_is_stored(identity, identity.person)
    if count:
        restamp(by=by, people=[identity.person])
        record(by=by, act="people.hide_words", of=identity.person, detail={"texts": count})
    return count


@beyond_division(reason="who she is stands again in what every division has of her")
@transaction.atomic
def unseal(*, by: Actor, person: Person, noting: Noting) -> Person:
    """Lift somebody's protection: who she is stands with her again, and in the texts that nobody has changed since.

    ``noting``: what comes to stand in the ledger.

    Raises:
        ChangedMeanwhileError: she is not protected any more.
    """
    hold_people([person.pk])
    identity = ProtectedIdentity.objects.select_related("person").filter(person_id=person.pk).first()
    if identity is None:
        raise ChangedMeanwhileError(_("She is not protected any more."))
    person = identity.person
    for name in Person.SEALED:
        setattr(person, name, getattr(identity, name))
    person.is_protected, person.hides_network = False, identity.hid_network
    person.set_name_keys()
    texts = identity.texts
    identity.delete()
    # Whoever may look may not, should she be protected again before the quarter of an hour is over.
    Reveal.objects.filter(person=person, is_approved=True, expires_at__gt=by.at).update(expires_at=by.at)
    person.full_clean()
    person.save(update_fields=[*Person.SEALED, *Person.NAME_KEYS, "is_protected", "hides_network"])
    user = None if person.user_id is None else user_by_key(person.user_id)
    if user is not None:
        follow(user, person)
    restore_texts(texts)
    restamp(by=by, people=[person])
    record(by=by, act="people.lift_protection", of=person)
    noting.lifted(person.pk)
    return person


@transaction.atomic
def write_sealed(*, by: Actor, person: Person, facts: Mapping[str, str]) -> None:
    """Write anew how a protected person is reached, without looking at what stands there; empty values stay.

    Raises:
        ChangedMeanwhileError: she is not protected any more.
        ValidationError: a value cannot be stored.
    """
    hold_people([person.pk])
    identity = ProtectedIdentity.objects.filter(person_id=person.pk).first()
    if identity is None:
        raise ChangedMeanwhileError(_("She is not protected any more."))
    # Also what stands there already: that nothing happened would tell that it had been guessed.
    changed = [name for name in HOW_REACHED if facts.get(name)]
    if not changed:
        return
    for name in changed:
        setattr(identity, name, facts[name])
    if {"email", "phone"} & set(changed):
        identity.reach_written_at = by.at
    identity.full_clean(exclude=["person"])
    identity.save(update_fields=[*changed, "reach_written_at"])
    if {"email", "phone"} & set(changed):
        end_ways_in(by=by, person=person)
    record(by=by, act="people.write_sealed", of=person, detail={"fields": changed})


def seal_user(person: Person) -> None:
    """Leave nothing of who she is with her user, who comes in by a code to the sealed address."""
    user = None if person.user_id is None else user_by_key(person.user_id)
    if user is not None and not works_here(user):
        User.objects.filter(pk=user.pk).update(email=None, phone="", name=person.name, is_sealed=True)


def is_anybody_protected(people: Sequence[UUID]) -> bool:
    """Tell whether one of these people is protected: nothing is written down then of where they are to be met."""
    return Person.objects.filter(pk__in=list(people), is_protected=True).exists()


def place_for(place: str, *people: Person) -> str:
    """Return a place as it may be kept and written of these people: empty, and told by telephone, if one is protected.

    Read anew: whoever holds a row may have read it before she became protected.
    """
    return "" if is_anybody_protected([person.pk for person in people]) else place
