"""What people answer to their programmes' own questions: written, and forgotten when nobody asks any more."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.audit.services import entry_of, record, record_all
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError
from mentornet.common.models import stamp
from mentornet.people.enums import Provenance, Role
from mentornet.people.models import Person, Profile
from mentornet.people.services import hold_people
from mentornet.programmes.models import Programme, ProgrammeVersion
from mentornet.programmes.queries import current_versions
from mentornet.programmes.services import change_programme
from reference.customs import Custom
from reference.people import Answer

_AT_ONCE: Final = 500

AlsoForgets = Callable[[Actor, Collection[str]], object]
_ALSO: Final[dict[str, AlsoForgets]] = {}


def also_when_forgetting(name: str, act: AlsoForgets) -> None:
    """Register, in ``AppConfig.ready``, where else answers are kept that nobody asks any more.

    Raises:
        ValueError: the name is taken by another.
    """
    if _ALSO.setdefault(name, act) is not act:
        raise ValueError(f"{name} is registered twice among what is forgotten with an answer")


def read_answer(given: object) -> Answer | None:
    """Return an answer as the mathematics knows it, from what a profile keeps."""
    if isinstance(given, list):
        return tuple(str(one) for one in given)
    return given if isinstance(given, bool | int | str) else None


def kept_answer(answer: Answer | None) -> object:
    """Return an answer as a profile keeps it."""
    return list(answer) if isinstance(answer, tuple) else answer


def answers_of(answers: Mapping[str, Any], customs: Collection[Custom]) -> tuple[tuple[str, Answer], ...]:
    """Return the answers to these questions alone; what another programme asked tells nothing here."""
    found = [(custom.key, read_answer(answers.get(custom.key))) for custom in customs]
    return tuple((key, answer) for key, answer in found if answer is not None)


def answered_by(profile: Profile) -> list[tuple[Custom, Answer]]:
    """Return what somebody has answered to the questions that programmes ask now; one query if she has any answer."""
    if not profile.answers:
        return []
    asked = {custom.key: custom for version in current_versions(Programme.objects.all()) for custom in version.own}
    return [(asked[key], answer) for key, answer in answers_of(profile.answers, asked.values())]


def source_name(key: str) -> str:
    """Return the name under which a profile keeps where an answer comes from."""
    return f"custom_{key}"


@transaction.atomic
def write_answers(
    *,
    by: Actor,
    person: Person,
    role: Role | str,
    answers: Mapping[str, Answer | None],
    source: Provenance | str,
    seen: int | None = None,
) -> Profile:
    """Write answers into her profile in a role, made if it is not there; each changed one gets its source and day.

    ``None`` empties one: it is unknown from then on. An answer that says the same again is left alone, unless she
    confirms it. ``seen`` is the profile's ``stamp`` when the actor looked at it.

    Raises:
        ChangedMeanwhileError: it is no longer as it was ``seen``.
        ValidationError: an answer cannot be stored.
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
    changed = [
        key
        for key, answer in answers.items()
        if profile.answers.get(key) != kept_answer(answer) or (source == Provenance.CONFIRMED and answer is not None)
    ]
    for key in changed:
        answer = answers[key]
        if answer is None:
            profile.answers.pop(key, None)
            profile.provenance.pop(source_name(key), None)
        else:
            profile.answers[key] = kept_answer(answer)
            profile.provenance[source_name(key)] = [str(source), by.today.isoformat()]
    if not changed:
        return profile
    profile.changed_at, profile.stamp = by.at, stamp()
    profile.full_clean()
    profile.save(force_insert=is_new)
    detail = {"fields": [source_name(key) for key in changed], "source": str(source)}
    record(by=by, act="people.write_profile", of=profile, detail=detail)
    return profile


@transaction.atomic
def change_customs(
    *,
    by: Actor,
    programme: Programme,
    seen: int,
    customs: Sequence[Mapping[str, Any]],
    author_name: str,
    reason: str,
) -> ProgrammeVersion:
    """Write a version with other own criteria. What people have answered to a question that is gone is forgotten.

    Raises:
        NotAllowedError: not her programme.
        ChangedMeanwhileError: somebody has written a newer version.
        ValidationError: a criterion cannot be used, or nothing has changed.
    """
    before = programme.versions.first()
    version = change_programme(
        by=by,
        programme=programme,
        seen=seen,
        settings={"customs": list(customs)},
        author_name=author_name,
        reason=reason,
    )
    kept = {str(custom["key"]) for custom in customs}
    forget_answers(by=by, keys={custom.key for custom in (before.own if before else ())} - kept)
    return version


def forget_answers(*, by: Actor, keys: Collection[str]) -> int:
    """Forget what people have answered to questions that nobody asks any more; returns how many profiles it was.

    It goes wherever it was kept besides as well, such as in what a meeting was computed from.
    """
    if not keys:
        return 0
    asked = Q()
    for key in keys:
        asked |= Q(answers__has_key=key)
    found = list(Profile.objects.filter(asked).order_by("pk").values_list("pk", "person_id"))
    for start in range(0, len(found), _AT_ONCE):
        some = found[start : start + _AT_ONCE]
        hold_people([person_id for _pk, person_id in some], may_be_gone=True)
        profiles = list(Profile.objects.filter(pk__in=[pk for pk, _person in some]).order_by("pk"))
        for profile in profiles:
            for key in keys:
                profile.answers.pop(key, None)
                profile.provenance.pop(source_name(key), None)
            profile.changed_at, profile.stamp = by.at, stamp()
        Profile.objects.bulk_update(profiles, ["answers", "provenance", "changed_at", "stamp"])
        detail = {"fields": sorted(map(source_name, keys)), "source": ""}
        record_all([entry_of(by=by, act="people.write_profile", of=one, detail=detail) for one in profiles])
    for also in _ALSO.values():
        also(by, keys)
    return len(found)
