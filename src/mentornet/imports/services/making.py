"""Making the rows of a plan, before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from mentornet.audit.models import Entry
from mentornet.audit.services import entry_of
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError
from mentornet.common.models import stamp
from mentornet.imports.models import Batch
from mentornet.imports.planned import Place, Plan, PlannedPerson
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import Application, Decision, Enrolment
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Provenance
from mentornet.people.models import Avoidance, LanguageSkill, Person, Profile

CHUNK: Final = 500
_TAKEN_OVER: Final = "imports.take_over"
_UPDATED: Final = "imports.update"
_PAIRED: Final = "imports.pair"
OF_IMPORTS: Final = frozenset({_TAKEN_OVER, _UPDATED, _PAIRED})
"""The acts of an import on people and pairs; their entries name it."""
# What an import can change of those who are known already.
PERSONAL: Final = (
    *("first_name", "last_name", "birth_year", "email", "phone", "language", "area", "postcode", *Person.NAME_KEYS),
)


@dataclass(slots=True)
class Rows:
    """What is to be written, by model, and what it replaces."""

    people: list[Person] = field(default_factory=list)
    profiles: list[Profile] = field(default_factory=list)
    languages: list[LanguageSkill] = field(default_factory=list)
    applications: list[Application] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    enrolments: list[Enrolment] = field(default_factory=list)
    partnerships: list[Partnership] = field(default_factory=list)
    avoidances: list[Avoidance] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    changed_people: dict[UUID, Person] = field(default_factory=dict)
    changed_profiles: list[Profile] = field(default_factory=list)
    former: dict[str, dict[str, Any]] = field(default_factory=dict)

    def changed(self, plan: Plan) -> set[UUID]:
        """Return who stood before and is now seen differently, by herself or together with somebody.

        In every role and programme that she has: two who must not meet, or were a pair, are so in all of them.
        """
        told_anew = {key for key, before in self.former.items() if before["person"] or before["languages"] is not None}
        found = set(map(UUID, told_anew))
        found.update(person for one in self.avoidances for person in (one.person_id, one.other_id))
        found.update(side.person_id for pair in plan.pairs for side in (pair.mentee, pair.mentor))
        return found - {person.pk for person in self.people}


AsRead = list[tuple[Any, ...]]
"""What the making of rows reads of those who are known already."""


@dataclass(slots=True)
class _Found:
    """Those who are known already, with what is known."""

    people: dict[UUID, Person]
    profiles: dict[tuple[UUID, str], Profile]
    spoken: dict[UUID, list[tuple[str, str]]]


class Maker:
    """Makes the rows of a plan."""

    def __init__(self, by: Actor, batch: Batch, plan: Plan) -> None:
        self._by = by
        self._batch = batch
        self._plan = plan
        self._source = [Provenance.IMPORTED.value, by.today.isoformat()]
        self._reasons: dict[tuple[str, int, int], str] = {}
        self._found = _find(plan)
        self._new_people: dict[UUID, Person] = {}
        self._spoken: set[UUID] = set()
        self.rows = Rows()

    def make(self) -> None:
        """Fill :attr:`rows`."""
        for planned in self._plan.people:
            person = self._person(planned)
            profile = self._profile(planned)
            self._languages(planned)
            if planned.makes_place and planned.place is not None:
                self._enrolment(planned, person, profile, planned.place)
            self.rows.entries.append(
                entry_of(
                    by=self._by,
                    act=_TAKEN_OVER if planned.is_new else _UPDATED,
                    of=person,
                    division_id=self._batch.division_id,
                    detail={"import": str(self._batch.pk), "role": planned.role.value},
                )
            )
        self._pairs()
        self._keep_apart()

    # Facts --------------------------------------------------------------------------------------------------------

    def _person(self, planned: PlannedPerson) -> Person:
        if (known := self._found.people.get(planned.person_id)) is not None:
            self._update_person(planned, known)
            return known
        # Whoever should stand in the database and does not was refused by ``_find``.
        if (new := self._new_people.get(planned.person_id)) is not None:
            return new
        person = Person(pk=planned.person_id, created_at=self._by.at, **planned.person)
        person.set_name_keys()
        self._new_people[person.pk] = person
        self.rows.people.append(person)
        return person

    def _former(self, person: Person) -> dict[str, Any]:
        """Return where the former values of somebody known are kept; the first call keeps her own."""
        return self.rows.former.setdefault(str(person.pk), {"person": {}, "profiles": {}, "languages": None})

    def _update_person(self, planned: PlannedPerson, person: Person) -> None:
        former = self._former(person)
        # What is sealed is written by nobody but her coordinator, with her.
        kept = Person.SEALED if person.is_protected else ()
        changed = {
            name: value for name, value in planned.person.items() if getattr(person, name) != value and name not in kept
        }
        for name, value in changed.items():
            former["person"].setdefault(name, getattr(person, name))
            setattr(person, name, value)
        if changed:
            person.set_name_keys()
            self.rows.changed_people[person.pk] = person

    def _profile(self, planned: PlannedPerson) -> Profile:
        key = (planned.person_id, str(planned.role))
        known = self._found.profiles.get(key)
        if known is not None:
            self._update_profile(planned, known)
            return known
        facts = planned.profile
        provenance = dict.fromkeys((*facts, *(("languages",) if planned.languages else ())), self._source)
        profile = Profile(
            pk=uuid4(),
            person_id=planned.person_id,
            role=planned.role,
            created_at=self._by.at,
            changed_at=self._by.at,
            provenance=provenance,
            **facts,
        )
        self._found.profiles[key] = profile
        self.rows.profiles.append(profile)
        return profile

    def _update_profile(self, planned: PlannedPerson, profile: Profile) -> None:
        """Write what the row says; what she has confirmed herself stays."""
        changed = {
            name: value
            for name, value in planned.profile.items()
            if getattr(profile, name) != value and not self._is_confirmed(profile, name)
        }
        if not changed and planned.languages is None:
            return
        profiles = self._former(self._found.people[planned.person_id])["profiles"]
        profiles[str(profile.pk)] = {
            "facts": {name: _plain(getattr(profile, name)) for name in changed},
            "provenance": dict(profile.provenance),
            "changed_at": profile.changed_at.isoformat(),
        }
        for name, value in changed.items():
            setattr(profile, name, value)
            profile.provenance[name] = self._source
        profile.changed_at, profile.stamp = self._by.at, stamp()
        self.rows.changed_profiles.append(profile)

    @staticmethod
    def _is_confirmed(profile: Profile, name: str) -> bool:
        return bool(profile.provenance.get(name, [""])[0] == Provenance.CONFIRMED)

    def _languages(self, planned: PlannedPerson) -> None:
        if planned.languages is None or planned.person_id in self._spoken:
            return
        self._spoken.add(planned.person_id)
        if planned.person_id in self._found.people:
            profile = self._found.profiles[planned.person_id, str(planned.role)]
            before = self._found.spoken.get(planned.person_id, [])
            if before == planned.languages or self._is_confirmed(profile, "languages"):
                return
            self._former(self._found.people[planned.person_id])["languages"] = before
            profile.provenance["languages"] = self._source
        self.rows.languages += [
            LanguageSkill(person_id=planned.person_id, code=code, level=level, position=position)
            for position, (code, level) in enumerate(planned.languages)
        ]

    # Places -------------------------------------------------------------------------------------------------------

    def _enrolment(self, planned: PlannedPerson, person: Person, profile: Profile, place: Place) -> None:
        by, batch = self._by, self._batch
        places = {"division_id": batch.division_id, "programme_id": batch.programme_id, "role": planned.role}
        application = Application(
            pk=uuid4(),
            person=person,
            state=ApplicationState.APPROVED,
            received_on=planned.since or by.today,
            reference=planned.reference,
            is_imported=True,
            created_at=by.at,
            **places,
        )
        decision = Decision(
            pk=uuid4(),
            application=application,
            outcome=ApplicationState.APPROVED,
            reason=self._reason(planned, place),
            decided_by=by.key,
            author_name=batch.author_name,
            created_at=by.at,
        )
        ended_on, end_reason = planned.ended or (None, "")
        enrolment = Enrolment(
            pk=place.enrolment_id,
            application=application,
            person=person,
            profile=profile,
            capacity=place.capacity,
            active=place.running,
            briefed_on=planned.briefed_on,
            resting_until=planned.resting_until,
            since=planned.since,
            ended_on=ended_on,
            end_reason=end_reason,
            created_at=by.at,
            **places,
        )
        self.rows.applications.append(application)
        self.rows.decisions.append(decision)
        self.rows.enrolments.append(enrolment)

    def _reason(self, planned: PlannedPerson, place: Place) -> str:
        """Return why she is approved, in the language of whoever imports."""
        key = (planned.file, planned.held_outside, place.capacity if planned.held_outside else 0)
        if key not in self._reasons:
            with override(self._batch.user.language if self._batch.user else settings.LANGUAGE_CODE):
                reason = _("Taken over from the spreadsheet %(file)s.") % {"file": planned.file}
                if planned.held_outside:
                    text = _("%(held)s of her %(places)s places are held by pairs that are not in it.")
                    reason += " " + text % {
                        "held": planned.held_outside,
                        "places": planned.held_outside + place.capacity,
                    }
            self._reasons[key] = reason
        return self._reasons[key]

    def _pairs(self) -> None:
        for pair in self._plan.pairs:
            since: date | None = pair.since
            state = PartnershipState.CLOSED
            if pair.runs:
                state = PartnershipState.MATCHED if since is None else PartnershipState.ACTIVE
            partnership = Partnership(
                pk=uuid4(),
                mentee_id=pair.mentee.enrolment_id,
                mentor_id=pair.mentor.enrolment_id,
                division_id=self._batch.division_id,
                state=state,
                matched_on=since,
                first_met_on=since,
                agreed_until=pair.until if pair.runs else None,
                closed_on=None if pair.runs else pair.until,
                closing_reason=pair.reason or "",
                imported_reason=pair.reason_written,
                created_at=self._by.at,
            )
            self.rows.partnerships.append(partnership)
            self.rows.entries.append(
                entry_of(
                    by=self._by,
                    act=_PAIRED,
                    of=partnership,
                    division_id=self._batch.division_id,
                    detail={"import": str(self._batch.pk)},
                )
            )

    def _keep_apart(self) -> None:
        known = list(self._found.people)
        standing = set[tuple[UUID, UUID]]()
        for start in range(0, len(known), CHUNK):
            some = Avoidance.objects.filter(person_id__in=known[start : start + CHUNK])
            standing.update(some.values_list("person_id", "other_id"))
        self.rows.avoidances = [
            Avoidance(person_id=one, other_id=other, created_at=self._by.at, created_by=self._by.key)
            for one, other in self._plan.avoidances
            if (one, other) not in standing
        ]


def chunks(plan: Plan) -> Iterator[list[UUID]]:
    """Yield the keys of those in a plan who stand in the database, few enough for one query."""
    wanted = plan.known()
    for start in range(0, len(wanted), CHUNK):
        yield wanted[start : start + CHUNK]


def _find(plan: Plan) -> _Found:
    """Return those of a plan who stand in the database.

    Raises:
        ChangedMeanwhileError: one of them no longer does.
    """
    found = _Found({}, {}, {})
    for some in chunks(plan):
        people = {person.pk: person for person in Person.objects.filter(pk__in=some)}
        if len(people) < len(some):
            raise gone()
        found.people.update(people)
        for profile in Profile.objects.filter(person_id__in=some):
            found.profiles[profile.person_id, profile.role] = profile
        for skill in LanguageSkill.objects.filter(person_id__in=some).order_by("position", "code"):
            found.spoken.setdefault(skill.person_id, []).append((skill.code, skill.level))
    return found


def as_read(plan: Plan) -> AsRead:
    """Return all that the making of rows reads of those who are known already, to be compared."""
    found: AsRead = []
    for some in chunks(plan):
        # A profile's stamp is drawn anew at every write of it, and of the languages.
        found += Person.objects.filter(pk__in=some).order_by("pk").values_list("pk", *PERSONAL)
        found += Profile.objects.filter(person_id__in=some).order_by("pk").values_list("pk", "stamp")
        skills = LanguageSkill.objects.filter(person_id__in=some).order_by("pk")
        found += skills.values_list("person_id", "code", "level", "position")
        avoided = Avoidance.objects.filter(person_id__in=some).order_by("person_id", "other_id")
        found += avoided.values_list("person_id", "other_id")
    return found


def gone() -> ChangedMeanwhileError:
    """Return what is said when somebody on whom a plan builds is no longer there."""
    return ChangedMeanwhileError(
        _(
            "Somebody in these lists has just been taken out by somebody else. Nothing has been taken over. Start"
            " again, and the lists are checked anew."
        )
    )


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
