"""Running pairs in bulk, as they would stand after a year: for the benches that look after pairs or show them.

Imported once Django has been set up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from mentornet.divisions.models import Division
from mentornet.followup.models import Talk
from mentornet.intake.models import Application, Enrolment
from mentornet.partnerships.models import Agreement, AgreementSignature, Meeting, Partnership
from mentornet.people.models import Person, Profile
from mentornet.programmes.models import Programme

TALKS = 12
PART = 5_000
MEETINGS = 6
"""In the last twelve weeks, where they are written."""


@dataclass(slots=True)
class _Rows:
    people: list[Person] = field(default_factory=list)
    profiles: list[Profile] = field(default_factory=list)
    applications: list[Application] = field(default_factory=list)
    enrolments: list[Enrolment] = field(default_factory=list)
    pairs: list[Partnership] = field(default_factory=list)
    agreements: list[Agreement] = field(default_factory=list)
    signatures: list[AgreementSignature] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)
    talks: list[Talk] = field(default_factory=list)

    def write(self) -> None:
        """Write all of them, those first that others point to."""
        with transaction.atomic():
            rows: list[Any]
            manager: Any
            for rows in (
                self.people, self.profiles, self.applications, self.enrolments, self.pairs, self.agreements,
                self.signatures, self.meetings, self.talks,
            ):  # fmt: skip
                if rows:
                    manager = type(rows[0])._default_manager
                    manager.bulk_create(rows, batch_size=1_000)


def make_pairs(
    count: int,
    *,
    divisions: Sequence[Division],
    programme: Programme,
    owners: Sequence[UUID],
    at: datetime,
    meet: bool = False,
) -> None:
    """Write running pairs with a year of talks; each eleventh rests.

    Args:
        count: how many.
        divisions: one after the other.
        programme: of all of them.
        owners: who looks after them, one after the other.
        at: the moment from which is counted.
        meet: whether they have signed agreements and have met; each sixth has not for long.
    """
    for start in range(0, count, PART):
        rows = _Rows()
        for number in range(start, min(start + PART, count)):
            _pair(rows, number, divisions[number % len(divisions)], programme, owners[number % len(owners)], at)
            if meet:
                _meetings(rows, number, at)
        rows.write()


def _pair(rows: _Rows, number: int, division: Division, programme: Programme, owner_id: UUID, at: datetime) -> None:
    today = timezone.localdate(at)
    sides = []
    for role in ("mentee", "mentor"):
        # Not "mentor7@": those are in the bank of the same database.
        person = Person(
            first_name=f"{role}{number}", last_name="Bench", email=f"{role}{number}@pairs.example.org", created_at=at
        )
        person.set_name_keys()
        profile = Profile(person=person, role=role, created_at=at, changed_at=at)
        application = Application(
            person=person, programme=programme, division=division, role=role, state="approved",
            received_on=today - timedelta(days=400), created_at=at,
        )  # fmt: skip
        side = Enrolment(
            application=application, person=person, profile=profile, programme=programme, division=division, role=role,
            coordinator_id=owner_id, active=1, since=today - timedelta(days=390), created_at=at,
        )  # fmt: skip
        rows.people.append(person)
        rows.profiles.append(profile)
        rows.applications.append(application)
        rows.enrolments.append(side)
        sides.append(side)
    began = today - timedelta(days=360 + number % 30)
    pair = Partnership(
        mentee=sides[0], mentor=sides[1], division=division, state="paused" if number % 11 == 0 else "active",
        matched_on=began, first_met_on=began, agreement_on=began, agreed_until=today + timedelta(days=number % 300),
        paused_until=today + timedelta(days=number % 40) if number % 11 == 0 else None,
        created_at=at - timedelta(days=360 + number % 30),
    )  # fmt: skip
    rows.pairs.append(pair)
    rows.talks += [
        Talk(
            partnership=pair, on=today - timedelta(days=30 * place + number % 100), with_whom="both",
            was_reached=(number + place) % 7 != 0, written_by="user:bench", author_name="Bench", created_at=at,
        )
        for place in range(TALKS)
    ]  # fmt: skip


def _meetings(rows: _Rows, number: int, at: datetime) -> None:
    today, pair = timezone.localdate(at), rows.pairs[-1]
    late = 70 if number % 6 == 0 else 0
    rows.meetings += [
        Meeting(
            partnership=pair, on=today - timedelta(days=late + 3 + 14 * place), minutes=60, told_by="user:bench",
            created_at=at,
        )
        for place in range(MEETINGS)
    ]  # fmt: skip
    assert pair.agreement_on is not None
    agreement = Agreement(
        partnership=pair, number=1, template_number=1, terms={"frequency": "fortnight"}, texts={},
        language_mentee="da", language_mentor="da", side="mentor", made_by="user:bench", created_at=at,
    )  # fmt: skip
    rows.agreements.append(agreement)
    rows.signatures += [
        AgreementSignature(
            agreement=agreement, side=side, signed_on=pair.agreement_on, name="N", language="da", text_hash="0",
            how="paper", noted_by="user:bench", created_at=at,
        )
        for side in ("mentee", "mentor")
    ]  # fmt: skip
