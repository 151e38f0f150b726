"""How people of the demo network came in: applications, interviews, decisions, enrolments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from mentornet.demo.case_texts import (
    APPROVALS_MENTEE,
    APPROVALS_MENTOR,
    COORDINATORS_ONLY_MENTEE,
    COORDINATORS_ONLY_MENTOR,
    DECLINATIONS,
    SHAREABLE_MENTEE,
    SHAREABLE_MENTOR,
)
from mentornet.demo.persons import Human, Registrar, first_goal
from mentornet.demo.texts import HEARD_THROUGH
from mentornet.demo.world import DAY, Coworker, Offer, Office, World
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import Application, Decision, Enrolment, Interview
from mentornet.people.enums import Role

WRITTEN_DOWN: Final = 1_600
"""Of interviews older than this many days, only some were written down."""


@dataclass
class Case:
    """Somebody enrolled in a role.

    Attributes:
        busy: from when until when she has been in a partnership.
    """

    human: Human
    office: Office
    offer: Offer
    enrolment: Enrolment
    joined: date
    owner: Coworker
    busy: list[tuple[date, date]] = field(default_factory=list)

    @property
    def first_name(self) -> str:
        """As a task or a text calls her."""
        return self.human.person.first_name

    @property
    def last_seen(self) -> date:
        """The day since which nothing has happened in her case."""
        return max((until for _, until in self.busy), default=self.joined)

    def is_free(self, day: date) -> bool:
        """She has a place left on a day."""
        return sum(since <= day < until for since, until in self.busy) < self.enrolment.capacity


class Intake:
    """Takes people in, on the days on which they came."""

    def __init__(self, world: World, registrar: Registrar) -> None:
        self.world = world
        self.registrar = registrar

    def words(self, human: Human, role: Role) -> dict[str, str]:
        """Return what texts about somebody are filled in with."""
        known = human.known[role]
        profile = human.profiles[role]
        return {
            "name": human.person.first_name,
            "title": profile.occupation_title,
            "goal": first_goal(known),
            "interest": known.interests[0] if known.interests else "at være ude",
        }

    def apply(
        self, human: Human, role: Role, office: Office, offer: Offer, on: date, state: ApplicationState
    ) -> Application:
        """Receive an application."""
        world = self.world
        return world.add(
            Application(
                id=world.key(),
                created_at=world.at(on, (8, 22)),
                person=human.person,
                programme=offer.programme,
                division=office.division,
                role=role,
                state=state,
                received_on=on,
                heard_through=world.one(HEARD_THROUGH) if world.chance(0.75) else "",
            )
        )

    def interview(
        self, application: Application, human: Human, on: date, interviewer: Coworker, *, held: bool = True
    ) -> Interview:
        """Book an interview and, unless it is still to come, hold it."""
        world = self.world
        at = world.at(on)
        role = Role(application.role)
        booked = max(application.received_on, min(world.workday(on - world.days(3, 9)), world.today - DAY))
        is_written = held and (on >= world.ago(WRITTEN_DOWN) or world.chance(0.4))
        values: Mapping[str, Any] = self.words(human, role) if is_written else {}
        texts: Sequence[str]
        texts, only = (
            (SHAREABLE_MENTEE, COORDINATORS_ONLY_MENTEE)
            if role == Role.MENTEE
            else (SHAREABLE_MENTOR, COORDINATORS_ONLY_MENTOR)
        )
        if is_written and not values["title"]:
            texts = tuple(text for text in texts if "{title}" not in text)
        return world.add(
            Interview(
                id=world.key(),
                created_at=min(world.at(booked), at),
                application=application,
                at=at,
                place=world.one((application.division.address, world.one(self._meets(application)), "på telefonen")),
                interviewer=interviewer.user,
                held_at=at + timedelta(minutes=50) if held else None,
                shareable=world.filled(texts, values) if is_written else "",
                coordinator_only=world.one(only) if is_written and world.chance(0.6) else "",
            )
        )

    def _meets(self, application: Application) -> tuple[str, ...]:
        return next(office.place.meets for office in self.world.offices if office.division is application.division)

    def decide(
        self, application: Application, on: date, by: Coworker, outcome: ApplicationState, reason: str = ""
    ) -> Decision:
        """Approve or decline."""
        world = self.world
        approvals = APPROVALS_MENTEE if application.role == Role.MENTEE else APPROVALS_MENTOR
        reasons = approvals if outcome == ApplicationState.APPROVED else DECLINATIONS
        return world.add(
            Decision(
                id=world.key(),
                created_at=world.at(on, (16, 17)),
                application=application,
                outcome=outcome,
                reason=reason or world.one(reasons),
                decided_by=by.key,
                author_name=by.user.name,
            )
        )

    def admit(
        self, human: Human, role: Role, office: Office, offer: Offer, on: date, *, latest: date | None = None
    ) -> Case:
        """Receive, interview, approve and enrol somebody, all of it by the day ``latest``, or yesterday."""
        world = self.world
        latest = min(latest or world.today, world.today - DAY)
        slack = max(0, (latest - on).days)
        heard_on = world.workday(on + timedelta(days=min(slack * 3 // 5, world.random.randint(4, 24))))
        heard_on = max(heard_on, on)
        decided_on = max(
            heard_on, world.workday(heard_on + timedelta(days=min(slack // 5, world.random.randint(1, 7))))
        )
        self.registrar.write(human, role, since=on, heard_on=heard_on)
        application = self.apply(human, role, office, offer, on, ApplicationState.APPROVED)
        heard_by = world.coworker(office, heard_on)
        self.interview(application, human, heard_on, heard_by)
        decision = self.decide(application, decided_on, heard_by, ApplicationState.APPROVED)
        briefed_on = None
        if role == Role.MENTOR:
            briefed_on = min(world.workday(decided_on + world.days(0, 20)), latest)
            briefed_on = max(briefed_on, decided_on)
        owner = world.coworker(office, world.today)
        known = human.known[role]
        enrolment = world.add(
            Enrolment(
                id=world.key(),
                created_at=decision.created_at,
                application=application,
                person=human.person,
                profile=human.profiles[role],
                programme=offer.programme,
                division=office.division,
                role=role,
                coordinator=owner.user,
                capacity=1 if role == Role.MENTEE else getattr(known, "capacity", 1),
                briefed_on=briefed_on,
                since=on if role == Role.MENTEE else briefed_on,
                last_word_on=decided_on,
                stamp=world.stamp(),
            )
        )
        return Case(human, office, offer, enrolment, briefed_on or decided_on, owner)

    def leave(self, case: Case, on: date, reason: str) -> None:
        """End an enrolment."""
        case.enrolment.ended_on, case.enrolment.end_reason = min(on, self.world.today - DAY), reason
        case.enrolment.word_due_on = None
