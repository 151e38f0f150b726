"""Colleagues who take over from each other: one who is away, and cases that somebody handed on a while ago."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from mentornet.agenda.models import Kind, Task
from mentornet.audit.models import Entry
from mentornet.audit.models import Kind as EntryKind
from mentornet.demo.world import Coworker, Office, World
from mentornet.divisions.models import Absence
from mentornet.followup.enums import Passed
from mentornet.followup.models import HandedOn, Handover
from mentornet.intake.models import Enrolment

AWAY_SINCE: Final = 4
BACK_IN: Final = 11
HANDED_OVER: Final = 24
"""Days ago."""
MOST_CASES: Final = 6


class Colleagues:
    """Lets somebody stand in for a colleague, and somebody have taken over."""

    def __init__(self, world: World) -> None:
        self.world = world.aside("colleagues")

    def take_over(self) -> None:
        """In the first division with two colleagues, one stands in for the other; the other once handed cases on."""
        for office in self.world.offices:
            here = [one for one in office.staff if one.works_on(self.world.today) and not one.is_guest]
            if len(here) > 1:
                self._go_away(here[1], here[0])
                self._hand_over(office, here[1], here[0])
                return

    def _go_away(self, who: Coworker, stand_in: Coworker) -> None:
        world = self.world
        world.add(
            Absence(
                id=world.key(),
                created_at=world.at(world.ago(AWAY_SINCE + 7)),
                user=who.user,
                stand_in=stand_in.user,
                from_on=world.ago(AWAY_SINCE),
                until_on=world.today + timedelta(days=BACK_IN),
                note="Nøglen til mødelokalet ligger hos biblioteket.",
                set_by=who.key,
            )
        )

    def _hand_over(self, office: Office, former: Coworker, receiver: Coworker) -> None:
        world = self.world
        at = world.at(world.ago(HANDED_OVER))
        cases = [
            one
            for one in world.made(Enrolment)
            if one.coordinator_id == receiver.user.pk and one.division_id == office.division.pk and not one.ended_on
        ]
        cases = [one for one in cases if one.created_at < at][:MOST_CASES]
        if not cases:
            return
        handover = world.add(
            Handover(
                id=world.key(),
                created_at=at,
                former=former.user,
                receiver=receiver.user,
                division=office.division,
                count=len({one.person_id for one in cases}),
                note="Tak fordi du tager over. Ring til mig, hvis noget er uklart.",
                made_by=former.key,
                author_name=former.user.name,
            )
        )
        for case in cases:
            world.add(HandedOn(id=world.key(), created_at=at, handover=handover, kind=Passed.PLACE, target_id=case.pk))
            world.add(
                Entry(
                    at=at, kind=EntryKind.WRITE, actor=former.key, act="intake.hand_over",
                    object_type=Enrolment._meta.label, object_id=str(case.pk),
                    division_id=office.division.pk, nonce=world.key().hex,
                )
            )  # fmt: skip
        world.add(
            Task(
                id=world.key(),
                created_at=at,
                kind=Kind.HANDOVER,
                target_id=handover.pk,
                division_id=office.division.pk,
                owner_id=receiver.user.pk,
                due_on=at.date(),
                words={"who": former.user.name},
                done_at=at + timedelta(days=2),
                done_by=receiver.key,
            )
        )
