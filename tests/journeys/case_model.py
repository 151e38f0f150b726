"""The model of a case: what a coordinator would write on paper, and count on her fingers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from mentornet.intake.enums import OPEN_STATES, ApplicationState
from mentornet.matching.enums import HOLDING, ProposalState, Round, Side
from mentornet.partnerships.enums import RUNNING, PartnershipState
from mentornet.people.enums import Role

EXPIRY_DAYS: Final = 10
"""How long the machine's programme lets a proposal wait."""


@dataclass(eq=False)
class Her:
    """Somebody, with a word in all that is told of her that stands nowhere else.

    Attributes:
        ids: the keys of all rows of hers, looked for in every table once she is erased.
        refuses: says no to letters that only tell that she is not forgotten.
    """

    pk: UUID
    canary: str
    email: str
    phone: str
    role: Role
    way: str = "email"
    refuses: bool = False
    is_protected: bool = False
    is_erased: bool = False
    was_enrolled: bool = False
    ids: set[UUID] = field(default_factory=set)


@dataclass(eq=False)
class App:
    """An application; ``booked`` is the moment of the interview that is to come."""

    pk: UUID
    her: Her
    division: UUID
    received_on: date
    state: ApplicationState = ApplicationState.RECEIVED
    booked: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


@dataclass(eq=False)
class Place:
    """An enrolment; how many are promised and taken is counted from the proposals and partnerships."""

    pk: UUID
    her: Her
    division: UUID
    capacity: int
    since: date | None
    made: datetime
    last_word_on: date | None
    is_briefed: bool = False
    ended_on: date | None = None
    rests_until: date | None = None
    is_asked_first: bool = False
    asked_on: date | None = None

    @property
    def role(self) -> Role:
        return self.her.role

    def is_resting(self, today: date) -> bool:
        return self.rests_until is not None and (self.is_asked_first or self.rests_until > today)

    def wake(self) -> None:
        self.rests_until, self.is_asked_first, self.asked_on = None, False, None


@dataclass(eq=False)
class Prop:
    """A proposal."""

    pk: UUID
    mentee: Place
    mentor: Place
    meets_first: bool
    state: ProposalState
    answers: dict[tuple[Side, Round], str] = field(default_factory=dict)
    expires_on: date | None = None
    both_on: date | None = None
    meeting_on: date | None = None
    met_on: date | None = None

    @property
    def is_holding(self) -> bool:
        return self.state in HOLDING

    @property
    def is_open(self) -> bool:
        return self.is_holding or self.state == ProposalState.DRAFT

    @property
    def round(self) -> Round | None:
        return {ProposalState.SENT: Round.PROPOSAL, ProposalState.MET: Round.AFTER_MEETING}.get(self.state)

    def side(self, side: Side | str) -> Place:
        return self.mentee if side == Side.MENTEE else self.mentor

    def is_late(self, today: date) -> bool:
        return self.expires_on is not None and self.expires_on < today


@dataclass(eq=False)
class Ending:
    """An ending as it stands: begun, filled in, closed.

    Attributes:
        how: how it comes to it; ``who`` it began with, where that is asked.
        talks: by side, whether she was talked with, and why it ends, as she says.
        rule: what the two may do later; ``apart``: they must not meet.
        since: since when the two waited before it closed, the mentee first.
        rest: until when the mentor rests by it, and until when she did before; nothing where it changed nothing.
    """

    how: str
    who: str = ""
    talks: dict[str, tuple[str, str]] = field(default_factory=dict)
    rule: str = ""
    apart: bool = False
    mentee_next: str = ""
    mentor_next: str = ""
    rests_until: date | None = None
    since: tuple[date | None, date | None] = (None, None)
    rest: tuple[date, date | None] | None = None

    def keeps_place(self, reason: str = "") -> bool:
        """Nobody is to blame: she comes back to her old place."""
        if self.how == "safety":
            return self.who != "mentee"
        silent = self.talks.get("mentee", ("", ""))[0] == "not_reached"
        return not (silent and "no_contact" in {reason, *(why for _talk, why in self.talks.values())})


@dataclass(eq=False)
class Pair:
    """A partnership. ``told`` has, by day, who of the two has told of a meeting.

    Attributes:
        ending: the one that stands; none where it was called off or taken back.
        is_stopped: the two are kept from each other, for somebody's safety.
    """

    pk: UUID
    mentee: Place
    mentor: Place
    matched_on: date
    state: PartnershipState = PartnershipState.MATCHED
    first_met_on: date | None = None
    agreement_on: date | None = None
    closed_on: date | None = None
    agreed_until: date | None = None
    version: int = 0
    signed: set[Side] = field(default_factory=set)
    told: dict[date, set[Side]] = field(default_factory=dict)
    ending: Ending | None = None
    is_stopped: bool = False
    has_paused: bool = False

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING

    @property
    def has_begun(self) -> bool:
        return self.first_met_on is not None and self.agreement_on is not None

    @property
    def can_act(self) -> bool:
        """The two may do what is theirs."""
        return self.is_running and not self.is_stopped

    def side(self, side: Side | str) -> Place:
        return self.mentee if side == Side.MENTEE else self.mentor


@dataclass
class Book:
    """All cases together."""

    people: list[Her] = field(default_factory=list)
    apps: list[App] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    props: list[Prop] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    closed_with_erased: int = 0

    def promised(self, place: Place) -> int:
        return sum(one.is_holding and place in {one.mentee, one.mentor} for one in self.props)

    def active(self, place: Place) -> int:
        return sum(one.is_running and place in {one.mentee, one.mentor} for one in self.pairs)

    def left(self, place: Place) -> int:
        return place.capacity - self.promised(place) - self.active(place)

    def has_gone(self, her: Her) -> bool:
        """She was with us, and no longer is: no place, no application, no partner."""
        asks = any(one.her is her and one.is_open for one in self.apps)
        return her.was_enrolled and self.current(her) is None and not asks

    def was_paired(self, place: Place) -> bool:
        return any(one.state == PartnershipState.CLOSED and place is one.mentee for one in self.pairs)

    def knew_each_other(self, mentee: Place, mentor: Place) -> bool:
        return any(one.mentee.her is mentee.her and one.mentor.her is mentor.her for one in self.pairs)

    def current(self, her: Her) -> Place | None:
        return next((one for one in self.places if one.her is her and one.ended_on is None), None)

    def waiting(self, divisions: Iterable[UUID]) -> list[UUID]:
        """Return the waiting list: the longest wait first, then whoever was approved first."""
        mentees = [
            one
            for one in self.places
            if one.role == Role.MENTEE and one.division in divisions and one.ended_on is None
            if not self.promised(one) and not self.active(one)
        ]
        return [one.pk for one in sorted(mentees, key=lambda one: (one.since or date.max, one.made))]

    def bank(self, divisions: Iterable[UUID], today: date) -> set[UUID]:
        return {
            one.pk
            for one in self.places
            if one.role == Role.MENTOR and one.division in divisions and one.ended_on is None and one.is_briefed
            if self.left(one) > 0 and not one.is_resting(today)
        }

    def ever_and_now(self) -> tuple[int, int]:
        return sum(one.was_enrolled for one in self.people), len(
            {one.her.pk for one in self.places if one.ended_on is None}
        )

    def forget(self, her: Her) -> None:
        """Leave nothing of somebody erased but the counts."""
        her.is_erased = True
        for rows in (self.apps, self.places):
            her.ids |= {one.pk for one in rows if one.her is her}
        gone = [one for one in self.pairs if her in {one.mentee.her, one.mentor.her}]
        self.closed_with_erased += len(gone)
        her.ids |= {one.pk for one in gone} | {her.pk}
        her.ids |= {one.pk for one in self.props if her in {one.mentee.her, one.mentor.her}}
        self.apps = [one for one in self.apps if one.her is not her]
        self.places = [one for one in self.places if one.her is not her]
        self.pairs = [one for one in self.pairs if one not in gone]
        self.props = [one for one in self.props if her not in {one.mentee.her, one.mentor.her}]


def as_rows(book: Book) -> Iterator[tuple[UUID, tuple[Any, ...]]]:
    """Return what the tables must say of everybody who has not been erased."""
    for app in book.apps:
        yield app.pk, (str(app.state), app.received_on)
    for place in book.places:
        yield (
            place.pk,
            (
                place.capacity, book.promised(place), book.active(place), place.since, place.is_briefed, place.ended_on,
                place.rests_until, place.is_asked_first, place.asked_on, place.last_word_on,
            ),
        )  # fmt: skip
    for prop in book.props:
        answers = sorted((str(side), str(at), reply) for (side, at), reply in prop.answers.items())
        yield prop.pk, (str(prop.state), prop.expires_on, prop.meeting_on, prop.met_on, answers)
    for pair in book.pairs:
        yield (
            pair.pk,
            (
                str(pair.state), pair.matched_on, pair.first_met_on, pair.agreement_on, pair.agreed_until,
                pair.closed_on, pair.is_stopped,
            ),
        )  # fmt: skip
