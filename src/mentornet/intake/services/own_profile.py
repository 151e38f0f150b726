"""What a participant corrects of herself: written as hers, and told to her coordinator while a proposal is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.agenda.models import Kind
from mentornet.agenda.services import ask_for
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError
from mentornet.intake.models import Enrolment
from mentornet.intake.queries import own_enrolments
from mentornet.people.enums import Provenance, Role
from mentornet.people.models import Person, Profile
from mentornet.people.participants import Participant
from mentornet.people.queries import languages_of, mark_of_languages, mark_of_person
from mentornet.people.services import change_person, hold_people, is_group_alone, write_languages, write_profile

HER_OWN: Final = frozenset({
    "about", "occupation_title", "occupation", "sector", "education", "topics", "interests", "availability", "meeting",
    "hours_per_month", "months", "wishes", "practise_danish", "needs_experience", "min_danish",
})  # fmt: skip
"""What she writes herself: the occupation's group together with her words for it. The must-haves are settled with her
coordinator."""
DETAILS: Final = frozenset({
    "first_name", "last_name", "area", "postcode", "email", "phone", "safe_contact", "contact_way", "contact_from",
    "contact_until", "hides_network", "language",
})  # fmt: skip
"""What she writes herself of her name, her place, and how she is reached."""
_NOT_MATCHED: Final = frozenset({"about"})
"""What no proposal depends on."""
_HEARD: Final = frozenset({Provenance.HEARD, Provenance.IMPORTED})
"""Facts that others have written down: when she leaves them as they are, she has confirmed them."""


@transaction.atomic
def correct_profile(*, by: Participant, profile: Profile, facts: Mapping[str, Any], seen: int | None) -> Profile:
    """Write facts into her own profile: what she changed is hers, what others had written and she leaves is confirmed.

    Raises:
        NotAllowedError: it is not her profile, or a fact that she does not write herself.
        ChangedMeanwhileError: the profile is no longer as she had seen it.
        ValidationError: a fact cannot be stored.
    """
    _require_hers(by, profile.person_id, set(facts) - HER_OWN)
    if is_group_alone(facts):
        raise NotAllowedError(_("You can only change what is yours."))
    hold_people([by.person_id])
    profile = Profile.objects.select_related("person").get(pk=profile.pk)
    _require_seen(seen in {None, profile.stamp})
    changed = {name: value for name, value in facts.items() if getattr(profile, name) != value}
    same = {name: value for name, value in facts.items() if name not in changed and _is_hearsay(profile, name)}
    person, role = profile.person, profile.role
    for some, source in ((changed, Provenance.SELF_REPORTED), (same, Provenance.CONFIRMED)):
        if some:
            profile = write_profile(by=by, person=person, role=role, facts=some, source=source)
    if changed.keys() - _NOT_MATCHED:
        _tell_coordinator(by, role)
    return profile


@transaction.atomic
def correct_languages(*, by: Participant, person: Person, skills: Sequence[tuple[str, str]], seen: str) -> None:
    """Write what she speaks.

    Raises:
        NotAllowedError: it is somebody else.
        ChangedMeanwhileError: her languages are no longer as she had seen them.
        ValidationError: an unknown code or level.
    """
    _require_hers(by, person.pk, set())
    hold_people([by.person_id])
    before = [(skill.code, skill.level) for skill in languages_of(person)]
    _require_seen(seen == mark_of_languages(before))
    if before == list(skills):
        write_languages(by=by, person=person, skills=skills, source=Provenance.CONFIRMED)
        return
    write_languages(by=by, person=person, skills=skills, source=Provenance.SELF_REPORTED)
    _tell_coordinator(by)


@transaction.atomic
def correct_details(*, by: Participant, person: Person, facts: Mapping[str, Any], seen: str) -> Person:
    """Change her name, her place, or how she is reached.

    Raises:
        NotAllowedError: it is somebody else, or a fact that she does not write herself.
        ChangedMeanwhileError: they are no longer as she had seen them.
        ValidationError: a fact cannot be stored.
    """
    _require_hers(by, person.pk, set(facts) - DETAILS)
    hold_people([by.person_id])
    person = Person.objects.get(pk=person.pk)
    _require_seen(seen == mark_of_person(person, sorted(facts)))
    moves = any(getattr(person, name) != facts[name] for name in ("area", "postcode") if name in facts)
    person = change_person(by=by, person=person, facts=facts)
    if moves:
        _tell_coordinator(by)
    return person


def _require_hers(by: Participant, person_id: object, not_hers: set[str]) -> None:
    if person_id != by.person_id or not_hers:
        raise NotAllowedError(_("You can only change what is yours."))


def _require_seen(is_as_seen: bool) -> None:
    if not is_as_seen:
        raise ChangedMeanwhileError(
            _("This has just been changed, perhaps by the office. Look at it again, and then save.")
        )


def _is_hearsay(profile: Profile, name: str) -> bool:
    entry = profile.provenance.get(name)
    return bool(entry) and entry[0] in _HEARD


def _tell_coordinator(by: Participant, role: Role | str = "") -> None:
    """Let whoever has proposed her look again: what the proposal stands on is another now."""
    proposed = own_enrolments(by).filter(ended_on__isnull=True, promised__gt=0)
    enrolment: Enrolment | None = (proposed.filter(role=role) if role else proposed).first()
    if enrolment is not None:
        ask_for(
            by=by,
            kind=Kind.CHANGED,
            target_id=by.person_id,
            division_id=enrolment.division_id,
            due_on=by.today,
            owner_id=enrolment.coordinator_id,
            words={"name": enrolment.person.name},
        )
