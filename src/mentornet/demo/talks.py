"""Talks with the pairs of the demo network, as their programmes ask for them, and what of that is due today."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from mentornet.agenda.models import Kind, Task
from mentornet.common.holidays import working_day_after, working_day_from
from mentornet.demo.lists import Weighted
from mentornet.demo.pairs import Pair, words_of
from mentornet.demo.world import DAY, World
from mentornet.followup.cadence import Standing, due_of
from mentornet.followup.enums import Going, TalkWay, WithWhom
from mentornet.followup.models import Talk
from mentornet.followup.services.nights import AHEAD
from mentornet.partnerships.enums import PartnershipState
from mentornet.programmes.care import Care

TOLD_FOR: Final = 420
"""Talks of pairs that ended more than so many days ago are no longer told."""
MOST_TALKS: Final = 60
LATE: Final = Weighted({0: 62, 1: 16, 2: 8, 3: 5, 5: 4, 8: 3, 14: 2})
"""Working days that a coordinator calls after the day on which it was due."""
NOT_REACHED: Final = 0.14
GOING: Final = Weighted({Going.WELL: 66, Going.SO_SO: 21, Going.BADLY: 5, "": 8})
WITH: Final = Weighted({WithWhom.MENTEE: 44, WithWhom.MENTOR: 41, WithWhom.BOTH: 15})
WAYS: Final = Weighted({TalkWay.PHONE: 78, TalkWay.IN_PERSON: 9, TalkWay.MESSAGE: 11, TalkWay.OTHER: 2})
MINUTES: Final = Weighted({5: 18, 10: 36, 15: 27, 30: 12, 45: 2, None: 5})
SEEN: Final[Mapping[str, tuple[str, ...]]] = {
    Going.WELL: (
        "De mødes cirka hver fjortende dag på {place}. Begge siger, at det er dejligt.",
        "{mentee} fortalte, at de har skrevet en ansøgning færdig sammen.",
        "{mentor} siger, at samtalerne er blevet lettere: {mentee} taler mere og mere dansk.",
        "De har været på besøg på {mentor}s arbejdsplads. {mentee} stillede mange spørgsmål.",
        "Næste skridt, siger begge, er målet: {goal}.",
        "{mentee} ringede op og sagde tak. De har aftalt to møder mere.",
    ),
    Going.SO_SO: (
        "De har ikke kunnet finde en dag i tre uger. {mentor} foreslår en fast aften.",
        "{mentee} er i tvivl om, hvad man kan spørge en mentor om. Jeg gav dem et kapitel i håndbogen.",
        "{mentor} synes, de mangler noget at arbejde med. Vi talte om målet: {goal}.",
        "De mødes, men kort. {mentee} har fået vagter om aftenen.",
    ),
    Going.BADLY: (
        "{mentee} venter på svar fra {mentor}. Jeg ringer til {mentor} i morgen.",
        "De har ikke mødtes siden sidst. {mentor} har travlt på arbejdet.",
    ),
    "": ("Kort snak om et praktisk spørgsmål.", "Flyttede en aftale. Alt er, som det plejer."),
}
THOUGHT: Final = (
    "Jeg tror, de klarer det selv, hvis de får en fast dag.",
    "Min fornemmelse er, at der er mere træthed, end der bliver sagt.",
    "Jeg vil spørge igen om en måned, om det stadig er det rigtige mål.",
)
_KEEPS_DAYS: Final = frozenset({Kind.NOT_MET, Kind.PAUSED})


class Talking:
    """Tells of talks, from the match until today, and asks for the next ones."""

    def __init__(self, world: World, pairs: Collection[Pair]) -> None:
        self.world = world.aside("talks")
        since = world.ago(TOLD_FOR)
        self.pairs = [pair for pair in pairs if (pair.partnership.closed_on or date.max) >= since]

    def tell_all(self) -> None:
        """Tell of every pair, and make the tasks that are open today of those that run."""
        for pair in self.pairs:
            standing = self._talk(pair)
            if pair.partnership.is_running:
                self._ask(pair, standing)

    def _care(self, pair: Pair) -> Care:
        return pair.mentee.offer.versions[-1].care

    def _talk(self, pair: Pair) -> Standing:
        """Call when it is due, a little late now and then, until nothing is due any more."""
        world, partnership, care = self.world, pair.partnership, self._care(pair)
        assert partnership.matched_on is not None
        whole = standing_of(pair)
        standing = replace(whole, state=PartnershipState.MATCHED)
        last = partnership.closed_on or world.today - DAY
        if partnership.state in {PartnershipState.PAUSED, PartnershipState.CLOSING}:
            last -= world.days(5, 30)
        for _number in range(MOST_TALKS):
            # What they had not yet done then does not count then.
            told = standing.talked_on or partnership.matched_on
            has_met = whole.first_met_on is not None and whole.first_met_on <= told
            known = replace(standing, first_met_on=whole.first_met_on if has_met else None)
            due = next(one.on for one in due_of(known, care, told) if one.kind == Kind.CONTACT)
            on = due
            for _day in range(LATE.one(world.random)):
                on = working_day_after(on)
            if on > last:
                break
            if world.chance(NOT_REACHED) and working_day_after(on) <= last:
                self._write(pair, on, was_reached=False)
                on = working_day_after(on)
            talk = self._write(pair, on, was_reached=True)
            standing = replace(standing, talked_on=talk.on, talked_with=talk.with_whom, agreed_on=talk.next_call_on)
        return replace(
            whole, talked_on=standing.talked_on, talked_with=standing.talked_with, agreed_on=standing.agreed_on
        )

    def _write(self, pair: Pair, on: date, *, was_reached: bool) -> Talk:
        world = self.world
        author = pair.mentee.owner
        if not author.works_on(on):
            author = world.coworker(pair.mentee.office, on)
        going = GOING.one(world.random) if was_reached else ""
        next_call_on = None
        if going == Going.BADLY:
            next_call_on = working_day_from(on + timedelta(days=world.random.randint(5, 12)))
        return world.add(
            Talk(
                id=world.key(),
                created_at=world.at(on),
                partnership=pair.partnership,
                on=on,
                with_whom=WITH.one(world.random),
                way=WAYS.one(world.random) if was_reached else TalkWay.PHONE,
                was_reached=was_reached,
                going=going,
                minutes=MINUTES.one(world.random) if was_reached else None,
                seen=world.filled(SEEN[going], words_of(world, pair)) if was_reached and world.chance(0.8) else "",
                thought=world.one(THOUGHT) if was_reached and world.chance(0.08) else "",
                next_call_on=next_call_on,
                written_by=author.key,
                author_name=author.user.name,
            )
        )

    def _ask(self, pair: Pair, standing: Standing) -> None:
        world, partnership = self.world, pair.partnership
        for due in due_of(standing, self._care(pair), world.today):
            if due.on > world.today + AHEAD and due.kind not in _KEEPS_DAYS:
                continue
            world.add(
                Task(
                    id=world.key(),
                    created_at=max(partnership.created_at, world.at(min(due.on - AHEAD, world.today - DAY))),
                    kind=due.kind,
                    target_id=partnership.pk,
                    division_id=partnership.division_id,
                    owner_id=pair.mentee.enrolment.coordinator_id,
                    due_on=due.on,
                    words={
                        "mentee": partnership.mentee.person.name,
                        "mentor": partnership.mentor.person.name,
                        **due.words,
                    },
                )
            )


def standing_of(pair: Pair) -> Standing:
    """Return what is known of a pair before anybody has talked with it."""
    partnership = pair.partnership
    return Standing(
        state=partnership.state,
        known_at=partnership.created_at,
        matched_on=partnership.matched_on,
        first_met_on=partnership.first_met_on,
        agreed_until=partnership.agreed_until,
        paused_until=partnership.paused_until,
        spread=partnership.pk.int,
    )
