"""Writing people and profiles. Whoever calls has asked whether the actor may: people alone know no division."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from mentornet.accounts.queries import user_by_key
from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, RefusedError
from mentornet.common.jobs import enqueue
from mentornet.common.models import stamp, write_over
from mentornet.people import reached_before
from mentornet.people.entrance import follow
from mentornet.people.enums import ContactWay, Provenance, Role
from mentornet.people.models import Avoidance, LanguageSkill, Person, Profile
from mentornet.people.ways_in import end_ways_in

DEMANDS: Final = frozenset({"requires", "min_danish"})
"""Facts of a profile that ask something of the other: none is an answer, not a gap."""
_AT_ONCE: Final = 500
"""How many keys one query names."""
NOT_HERE: Final = _("Nothing was saved: who this is about does not stand here any more. Open the page anew.")
"""What is said to whoever wants to write of somebody who was erased, or made one with another row, meanwhile."""


@transaction.atomic
def register_person(*, by: Actor, facts: Mapping[str, Any]) -> Person:
    """Make a person.

    Raises:
        ValidationError: a fact cannot be stored.
    """
    person = Person(created_at=by.at, **facts)
    person.set_name_keys()
    person.full_clean()
    person.save(force_insert=True)
    record(by=by, act="people.register", of=person)
    return person


@transaction.atomic
def change_person(*, by: Actor, person: Person, facts: Mapping[str, Any], is_former_unsafe: bool = False) -> Person:
    """Change names, contact details and area; the audit tells which fields, never what they held.

    Where one of the staff writes how she is reached, she is told where she was reached before, unless that
    ``is_former_unsafe``: somebody else reads it.

    Raises:
        ChangedMeanwhileError: she is not here any more.
        ValidationError: a fact cannot be stored.
    """
    hold_people([person.pk])
    was = reached_before.before(person)
    before, changed = letters_go_to(person), write_over(person, facts)
    if not changed:
        return person
    if sealed := sorted(set(changed) & set(Person.SEALED)):
        refuse_if_protected(person, sealed)
    person.set_name_keys()
    person.full_clean()
    person.save(update_fields=[*changed, *Person.NAME_KEYS])
    end_what_was_sent(by=by, person=person, before=before)
    reached_before.tell_where_she_was(by=by, person=person, was=was, is_unsafe=is_former_unsafe)
    restamp(by=by, people=[person])
    record(by=by, act="people.change", of=person, detail={"fields": changed})
    return person


def refuse_if_protected(person: Person, names: Collection[str]) -> None:
    """Refuse to write what is sealed while somebody is protected; asked of the row as it is now.

    Raises:
        RefusedError: she is.
    """
    if names and Person.objects.filter(pk=person.pk, is_protected=True).exists():
        raise RefusedError(
            _("Her name, her address and where she lives are sealed. To change them, talk with her coordinator.")
        )


def letters_go_to(person: Person) -> str:
    """Return the address or number to which letters to somebody go; empty where none is written."""
    match person.contact_way:
        case ContactWay.CALL:
            return ""
        case ContactWay.EMAIL:
            return person.email
        case ContactWay.TEXT:
            return person.phone
    return person.email or person.phone


def end_what_was_sent(*, by: Actor, person: Person, before: str) -> None:
    """Let nothing of what was sent where letters went ``before`` open anything, if they go elsewhere now.

    That is links and codes, sessions that a code has begun, and the address that a calendar reads: somebody else may
    hold them. Her user has her new address at once. Whoever writes addresses without :func:`change_person` calls this.
    """
    user = None if person.user_id is None else user_by_key(person.user_id)
    if user is not None:
        follow(user, person)
    if before and letters_go_to(person) != before:
        end_ways_in(by=by, person=person)


@transaction.atomic
def write_profile(
    *,
    by: Actor,
    person: Person,
    role: Role | str,
    facts: Mapping[str, Any],
    source: Provenance | str,
    seen: int | None = None,
) -> Profile:
    """Write facts into her profile in a role, made if it is not there; each changed fact gets its source and day.

    A fact that says the same again is confirmed when ``source`` is *confirmed by her*, and left alone otherwise.
    A fact that is emptied is unknown from then on, and has no source. Not so a demand on the other: that she makes
    none any more is something that somebody has said.

    ``seen`` is the profile's ``stamp`` when the actor looked at it; without it whatever stands there is written over.

    Raises:
        ChangedMeanwhileError: it is no longer as it was ``seen``.
        ValidationError: a fact cannot be stored.
    """
    hold_people([person.pk])
    profile = Profile.objects.filter(person=person, role=role).first()
    if seen is not None and profile is not None and profile.stamp != seen:
        raise ChangedMeanwhileError(
            _("Somebody else has changed this profile meanwhile. Open it in another window, compare, and save again.")
        )
    is_new = profile is None
    if profile is None:
        profile = Profile(person=person, role=role, created_at=by.at)
    empty = Profile()
    changed = [
        name
        for name, value in facts.items()
        if getattr(profile, name) != value
        or (source == Provenance.CONFIRMED and (value != getattr(empty, name) or name in profile.provenance))
    ]
    for name in changed:
        setattr(profile, name, facts[name])
        if facts[name] in (None, "", ()) and name not in DEMANDS:
            profile.provenance.pop(name, None)
        else:
            profile.provenance[name] = [str(source), by.today.isoformat()]
    profile.changed_at, profile.stamp = by.at, stamp()
    profile.full_clean()
    profile.save(force_insert=is_new)
    if changed or is_new:
        record(by=by, act="people.write_profile", of=profile, detail={"fields": changed, "source": str(source)})
    return profile


def is_group_alone(facts: Collection[str]) -> bool:
    """Tell whether an occupation's group is to be written without the words that it was chosen for."""
    return "occupation" in facts and "occupation_title" not in facts


@transaction.atomic
def write_languages(*, by: Actor, person: Person, skills: Sequence[tuple[str, str]], source: Provenance | str) -> None:
    """Set what she speaks: codes and levels (an empty level is unknown), in her order.

    Raises:
        ValidationError: an unknown code or level.
    """
    # Before her languages: whoever writes profiles and languages, such as an import, holds them in this order.
    hold_people([person.pk])
    before = list(person.languages.values_list("code", "level"))
    if before == list(skills) and source != Provenance.CONFIRMED:
        return
    person.languages.all().delete()
    rows = [
        LanguageSkill(person=person, code=code, level=level, position=at) for at, (code, level) in enumerate(skills)
    ]
    for row in rows:
        row.full_clean(validate_unique=False, validate_constraints=False)
    LanguageSkill.objects.bulk_create(rows)
    for profile in person.profiles.all():
        if rows:
            profile.provenance["languages"] = [str(source), by.today.isoformat()]
        else:
            profile.provenance.pop("languages", None)
        profile.save(update_fields=["provenance"])
    restamp(by=by, people=[person])
    record(by=by, act="people.write_languages", of=person)


@transaction.atomic
def keep_apart(*, by: Actor, person: Person, other: Person, reason: str = "") -> Avoidance:
    """Note that two must not meet. What is open between them already is seen to at once, by a job.

    Raises:
        ValidationError: it is the same person.
    """
    hold_people([person.pk, other.pk])
    avoidance = Avoidance.objects.filter(person=person, other=other).first()
    if avoidance is not None:
        return avoidance
    avoidance = Avoidance(person=person, other=other, reason=reason, created_at=by.at, created_by=by.key)
    avoidance.full_clean()
    avoidance.save(force_insert=True)
    restamp(by=by, people=[person, other])
    see_to_apart([(person.pk, other.pk)])
    record(by=by, act="people.keep_apart", of=avoidance)
    return avoidance


@transaction.atomic
def let_meet(*, by: Actor, avoidance: Avoidance) -> None:
    """Take back that two must not meet."""
    record(by=by, act="people.let_meet", of=avoidance)
    people = [avoidance.person, avoidance.other]
    hold_people([person.pk for person in people])
    avoidance.delete()
    restamp(by=by, people=people)
    see_to_apart([(people[0].pk, people[1].pk)])


def see_to_apart(pairs: Iterable[tuple[UUID, UUID]]) -> None:
    """Ask for what follows where it is noted that two must not meet, or no longer so.

    Proposals and partnerships lie above: a job looks whether any is open between them.
    """
    people = [[str(one), str(other)] for one, other in pairs]
    if people:
        enqueue("matching.see_to_apart", people=people)


def restamp(*, by: Actor, people: Sequence[Person]) -> None:
    """Tell whoever keeps profiles in memory that something of these people has changed."""
    restamp_all(by=by, keys=[person.pk for person in people])


def restamp_all(*, by: Actor, keys: Collection[UUID]) -> None:
    """Do the same for many people, in the roles they all have, by their keys."""
    del by
    ordered = sorted(set(keys))
    _hold_profiles(ordered)
    for start in range(0, len(ordered), _AT_ONCE):
        Profile.objects.filter(person_id__in=ordered[start : start + _AT_ONCE]).update(stamp=stamp())


def hold_people(keys: Collection[UUID], *, may_be_gone: bool = False) -> None:
    """Keep people and their profiles as they are until the end of the transaction.

    All who change several of them do it in this order: first people, then profiles, each by their keys. So two who
    want the same ones wait for each other, and never in a circle. Their keys are left free, for rows that others add
    to these people meanwhile. The embedded database has one writer, and nobody to keep away.

    Raises:
        ChangedMeanwhileError: one of them was erased, or made one with another row, since she was looked at; unless
            they ``may_be_gone``. What was to be written of her would be written of nobody.
    """
    ordered, here = sorted(set(keys)), 0
    for start in range(0, len(ordered), _AT_ONCE):
        people = Person.objects.filter(pk__in=ordered[start : start + _AT_ONCE])
        if connection.features.has_select_for_update:
            people = people.select_for_update(no_key=True).order_by("pk")
        here += len(people.values_list("pk"))
    if here < len(ordered) and not may_be_gone:
        raise ChangedMeanwhileError(NOT_HERE)
    _hold_profiles(ordered)


def _hold_profiles(people: Sequence[UUID]) -> None:
    if not connection.features.has_select_for_update:
        return
    keys: list[UUID] = []
    for start in range(0, len(people), _AT_ONCE):
        some = Profile.objects.filter(person_id__in=people[start : start + _AT_ONCE])
        keys += some.values_list("pk", flat=True)
    keys.sort()
    for start in range(0, len(keys), _AT_ONCE):
        profiles = Profile.objects.select_for_update(no_key=True).filter(pk__in=keys[start : start + _AT_ONCE])
        list(profiles.order_by("pk").values_list("pk"))
