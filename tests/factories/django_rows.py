"""Rows of the database for tests: consistent, complete enough to be valid, and plain.

Each function makes one row, and the rows that it cannot do without. Whatever is not named has the model's default or
the plain value that stands in the signature. Nothing is drawn by chance.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, Final, TypeVar

from django.db import models

from mentornet.accounts.models import User
from mentornet.divisions.models import Division, StaffRole
from mentornet.divisions.models import Role as StaffRoleName
from mentornet.divisions.queries import staff_member
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import Application, Decision, Enrolment
from mentornet.people.enums import Role
from mentornet.people.models import LanguageSkill, Person, Profile
from mentornet.programmes.models import Programme, ProgrammeVersion
from pairing.policy import DEFAULT_FLOOR, DEFAULT_NEUTRAL, DEFAULT_WEIGHTS, Policy

AT: Final = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
"""The moment at which tests happen unless they say otherwise: a Monday morning."""
TODAY: Final = AT.date()
PASSWORD: Final = "a long road to Kalundborg"

Row = TypeVar("Row", bound=models.Model)
_numbers: Final = count(1)


def number() -> int:
    """Return the next number, for what must differ from row to row."""
    return next(_numbers)


def saved(row: Row, *, exclude: tuple[str, ...] = ()) -> Row:
    """Check a row as the services do, and write it."""
    row.full_clean(exclude=exclude)
    row.save(force_insert=True)
    return row


def make_division(
    name: str = "", *, opened_on: date = date(2003, 1, 1), phone: str = "70 10 10 10", **fields: Any
) -> Division:
    """Make an open division, whose office can be called."""
    return saved(
        Division(name=name or f"Division {number()}", opened_on=opened_on, phone=phone, created_at=AT, **fields)
    )


def make_user(name: str = "Inger Holm", *, email: str = "", password: str | None = None, **fields: Any) -> User:
    """Make somebody who signs in, in English, as nobody in particular; without a password unless one is given."""
    return User.objects.create_user(
        email or f"user{number()}@example.org", password, name=name, **{"language": "en", **fields}
    )


def give_role(user: User, role: StaffRoleName | str, division: Division | None = None) -> StaffRole:
    """Let somebody hold a role for a year already."""
    since = TODAY - timedelta(days=365)
    return saved(StaffRole(user=user, role=role, division=division, since=since, created_at=AT))


def make_staff(
    role: StaffRoleName | str, division: Division | None = None, *, at: datetime = AT, **fields: Any
) -> Staff:
    """Make a staff member at work; local roles need a division. ``user_of`` gives the user who signs in."""
    user = make_user(**fields)
    give_role(user, role, division)
    return staff_member(user, at)


def user_of(staff: Staff) -> User:
    """Return the user behind a staff member."""
    return User.objects.get(pk=staff.user_id)


def make_version(programme: Programme, **fields: Any) -> ProgrammeVersion:
    """Make a programme's next version, with the usual weights of the pairing."""
    usual = Policy()
    values: dict[str, Any] = {
        "number": programme.versions.count() + 1,
        "weights": {str(name): weight for name, weight in DEFAULT_WEIGHTS.items()},
        "neutral": {str(name): value for name, value in DEFAULT_NEUTRAL.items()},
        "floor": DEFAULT_FLOOR,
        "min_language": usual.min_language.name,
        "waiting_bonus": str(usual.waiting_bonus),
        "waiting_days": int(usual.waiting_days),
        "created_at": AT,
        "created_by": "system:tests",
        "author_name": "Tests",
        "reason": "the usual settings",
    }
    return saved(ProgrammeVersion(programme=programme, **values | fields))


def make_programme(name: str = "", *, division: Division | None = None, **version: Any) -> Programme:
    """Make a programme with its first version; ``version`` sets that version's columns."""
    programme = saved(Programme(name=name or f"Programme {number()}", division=division, created_at=AT))
    make_version(programme, **version)
    return programme


def make_person(first_name: str = "Amina", last_name: str = "", **fields: Any) -> Person:
    """Make somebody; her last name differs from everybody else's."""
    person = Person(first_name=first_name, last_name=last_name or f"Nr{number()}", created_at=AT, **fields)
    person.set_name_keys()
    return saved(person)


def make_profile(
    person: Person, role: Role | str = Role.MENTEE, *, languages: Mapping[str, str] | None = None, **fields: Any
) -> Profile:
    """Make somebody's profile in a role: all is unknown but what is named, and her languages, as code and level."""
    profile = saved(Profile(person=person, role=role, created_at=AT, changed_at=AT, **fields))
    for position, (code, level) in enumerate((languages or {}).items()):
        saved(LanguageSkill(person=person, code=code, level=level, position=position))
    return profile


def make_application(
    role: Role | str = Role.MENTEE,
    division: Division | None = None,
    *,
    person: Person | None = None,
    programme: Programme | None = None,
    **fields: Any,
) -> Application:
    """Make an application, received a month ago, with the person, programme and division it needs."""
    values: dict[str, Any] = {"received_on": TODAY - timedelta(days=30), "created_at": AT}
    return saved(
        Application(
            role=role,
            division=division or make_division(),
            person=person or make_person(),
            programme=programme or make_programme(),
            **values | fields,
        )
    )


def make_enrolment(
    role: Role | str = Role.MENTEE,
    division: Division | None = None,
    *,
    person: Person | None = None,
    programme: Programme | None = None,
    enrolment: Mapping[str, Any] | None = None,
    languages: Mapping[str, str] | None = None,
    **profile: Any,
) -> Enrolment:
    """Make somebody approved: a mentee on the waiting list, or a briefed mentor in the bank, since a month ago.

    Args:
        role: mentee or mentor.
        division: a new one without it.
        person: a new one without it; a profile that she has in this role is taken as it is.
        programme: a new one without it.
        enrolment: columns of the enrolment itself, such as ``capacity``, ``since`` or ``coordinator``.
        languages: what she speaks, as code and level: Danish at B2 without it, ``{}`` for unknown.
        profile: columns of her profile.
    """
    since = TODAY - timedelta(days=30)
    application = make_application(
        role, division, person=person, programme=programme, received_on=since, state=ApplicationState.APPROVED
    )
    saved(
        Decision(
            application=application,
            outcome=ApplicationState.APPROVED,
            reason="Ready to begin.",
            decided_by="system:tests",
            author_name="Tests",
            created_at=AT,
        )
    )
    known = Profile.objects.filter(person=application.person, role=role).first()
    if known is None:
        spoken = {"da": "B2"} if languages is None and not application.person.languages.exists() else languages
        known = make_profile(application.person, role, languages=spoken, **profile)
    elif profile or languages:
        raise ValueError("she has a profile in this role already")
    values: dict[str, Any] = {
        "capacity": 1,
        "since": since,
        "briefed_on": since if role == Role.MENTOR else None,
        "created_at": AT,
    }
    return saved(
        Enrolment(
            application=application,
            person=application.person,
            profile=known,
            programme=application.programme,
            division=application.division,
            role=role,
            **values | dict(enrolment or {}),
        )
    )
