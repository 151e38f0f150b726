"""What the demo network is made with: one source of chance, one day, and the rows so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from random import Random
from typing import Final, TypeVar
from uuid import UUID

from django.db.models import Model
from django.utils import timezone

from mentornet.accounts.models import User
from mentornet.common.actors import user_key
from mentornet.demo.places import Place
from mentornet.divisions.models import Division
from mentornet.programmes.models import Programme, ProgrammeVersion

T = TypeVar("T")
Row = TypeVar("Row", bound=Model)

DAY: Final = timedelta(days=1)
YEAR: Final = 365.25


@dataclass(frozen=True)
class Coworker:
    """A staff member who has cases, and from when to when; a guest has most of hers in another division."""

    user: User
    since: date
    until: date | None
    is_guest: bool = False

    @property
    def key(self) -> str:
        """The key under which she acts."""
        return user_key(self.user.pk)

    def works_on(self, day: date) -> bool:
        """She is on the staff on a day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass
class Office:
    """A division as the network is being made: its row, its place, and who has worked there."""

    place: Place
    division: Division
    staff: list[Coworker] = field(default_factory=list)


@dataclass
class Offer:
    """A programme with its versions, oldest first."""

    programme: Programme
    versions: list[ProgrammeVersion]

    def version_on(self, at: datetime) -> ProgrammeVersion:
        """Return the version by which a proposal of that moment was judged."""
        return next((version for version in reversed(self.versions) if version.created_at <= at), self.versions[0])


class World:
    """Rows, made one after the other: the same seed and day give the same rows, keys and all.

    Attributes:
        today: all dates are relative to this day.
        rows: by model, in the order in which they were made.
    """

    def __init__(self, seed: int, today: date) -> None:
        self.seed = seed
        self.random = Random(f"{seed} demo")
        self.today = today
        self.zone: tzinfo = timezone.get_current_timezone()
        self.rows: dict[type[Model], list[Model]] = {}
        self.offices: list[Office] = []
        self.offers: list[Offer] = []

    def aside(self, name: str) -> World:
        """Return the same world with chances of its own: what is drawn there changes nothing that is drawn here."""
        other = copy(self)
        other.random = Random(f"{self.seed} demo {name}")
        return other

    def add(self, row: Row) -> Row:
        """Keep a row, to be written."""
        self.rows.setdefault(type(row), []).append(row)
        return row

    def made(self, model: type[Row]) -> list[Row]:
        """Return the rows of a model so far."""
        return self.rows.get(model, [])  # type: ignore[return-value]  # rows are kept under their own type

    def key(self) -> UUID:
        """Draw a row's key."""
        return UUID(int=self.random.getrandbits(128), version=4)

    def stamp(self) -> int:
        """Draw a row's stamp."""
        return self.random.getrandbits(31)

    def chance(self, share: float) -> bool:
        """Say yes in so many cases."""
        return self.random.random() < share

    def one(self, values: Sequence[T]) -> T:
        """Draw one of them."""
        return values[int(self.random.random() * len(values))]

    def days(self, least: int, most: int) -> timedelta:
        """Draw a number of days."""
        return timedelta(days=self.random.randint(least, most))

    def ago(self, days: float) -> date:
        """Return the day so many days before today."""
        return self.today - timedelta(days=int(days))

    def workday(self, day: date) -> date:
        """Return the day itself, or the Friday before a weekend."""
        return day - timedelta(days=max(0, day.weekday() - 4))

    def at(self, day: date, hours: tuple[int, int] = (9, 16)) -> datetime:
        """Return a moment of a day, within the office's hours."""
        clock = time(self.random.randrange(*hours), 5 * self.random.randrange(12))
        return datetime.combine(day, clock, tzinfo=self.zone)

    def coworker(self, office: Office, day: date) -> Coworker:
        """Return somebody who worked in a division on a day."""
        guests = self.chance(0.25)
        there = [one for one in office.staff if one.works_on(day) and (guests or not one.is_guest)]
        return self.one(there or office.staff[:1])

    def filled(self, texts: Sequence[str], values: Mapping[str, object]) -> str:
        """Draw a text and fill it in."""
        text = self.one(texts).format_map(values)
        return text[:1].upper() + text[1:]
