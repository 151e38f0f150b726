"""Writing people and profiles. Whoever calls has asked whether the actor may: people alone know no division."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError
from mentornet.common.models import stamp
from mentornet.people.enums import Provenance, Role
from mentornet.people.models import Avoidance, LanguageSkill, Person, Profile


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
def change_person(*, by: Actor, person: Person, facts: Mapping[str, Any]) -> Person:
    """Change names, contact details and area; the audit tells which fields, never what they held.

    Raises:
        ValidationError: a fact cannot be stored.
    """
    changed = [name for name, value in facts.items() if getattr(person, name) != value]
    if not changed:
        return person
    for name in changed:
        setattr(person, name, facts[name])
    person.set_name_keys()
    person.full_clean()
    person.save(update_fields=[*changed, *Person.NAME_KEYS])
    restamp(by=by, people=[person])
    record(by=by, act="people.change", of=person, detail={"fields": changed})
    return person


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

    ``seen`` is the profile's ``stamp`` when the actor looked at it; without it whatever stands there is written over.

    Raises:
        ChangedMeanwhileError: it is no longer as it was ``seen``.
        ValidationError: a fact cannot be stored.
    """
    profile = Profile.objects.select_for_update().filter(person=person, role=role).first()
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
        if getattr(profile, name) != value or (source == Provenance.CONFIRMED and value != getattr(empty, name))
    ]
    for name in changed:
        setattr(profile, name, facts[name])
        if facts[name] in (None, "", ()):
            profile.provenance.pop(name, None)
        else:
            profile.provenance[name] = [str(source), by.today.isoformat()]
    profile.changed_at, profile.stamp = by.at, stamp()
    profile.full_clean()
    profile.save(force_insert=is_new)
    if changed or is_new:
        record(by=by, act="people.write_profile", of=profile, detail={"fields": changed, "source": str(source)})
    return profile


@transaction.atomic
def write_languages(*, by: Actor, person: Person, skills: Sequence[tuple[str, str]], source: Provenance | str) -> None:
    """Set what she speaks: codes and levels (an empty level is unknown), in her order.

    Raises:
        ValidationError: an unknown code or level.
    """
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
    """Note that two must not meet.

    Raises:
        ValidationError: it is the same person.
    """
    avoidance = Avoidance.objects.filter(person=person, other=other).first()
    if avoidance is not None:
        return avoidance
    avoidance = Avoidance(person=person, other=other, reason=reason, created_at=by.at, created_by=by.key)
    avoidance.full_clean()
    avoidance.save(force_insert=True)
    restamp(by=by, people=[person, other])
    record(by=by, act="people.keep_apart", of=avoidance)
    return avoidance


@transaction.atomic
def let_meet(*, by: Actor, avoidance: Avoidance) -> None:
    """Take back that two must not meet."""
    record(by=by, act="people.let_meet", of=avoidance)
    people = [avoidance.person, avoidance.other]
    avoidance.delete()
    restamp(by=by, people=people)


def restamp(*, by: Actor, people: Sequence[Person]) -> None:
    """Tell whoever keeps profiles in memory that something of these people has changed."""
    del by
    for person in people:
        person.profiles.update(stamp=stamp())
