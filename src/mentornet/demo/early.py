"""Early signs of the demo network, and what its history tells: as the program itself would have found them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from mentornet.agenda.models import Kind
from mentornet.common.actors import user_key
from mentornet.common.computed import ComputedState
from mentornet.demo.follow import Follow
from mentornet.demo.world import DAY, World
from mentornet.followup.courses import read_courses
from mentornet.followup.lasting import estimate
from mentornet.followup.models import EarlySign, SurvivalFit
from mentornet.followup.services.signs import counting, why_of
from mentornet.followup.sign_queries import in_parts, known_of, partnerships_looked_at
from mentornet.followup.signs import Sign, signs_of
from mentornet.partnerships.models import Partnership
from mentornet.programmes.care import Care
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_versions

LOOKED_BACK: Final = (2, 5, 9, 15, 24)
"""Days ago on which it is looked whether a sign was there already."""
ASIDE: Final = (
    (20, "Mentor er på rejse; begge har sagt, at de ses igen bagefter."),
    (35, "Talt med begge i telefonen: de mødes, men glemmer at fortælle om det."),
    (14, "Menteen er i praktik og har travlt; ny tid er aftalt."),
    (45, "De har selv valgt at ses sjældnere indtil eksamen er overstået."),
)


class Early:
    """Looks through what has been written, with the program's own rules."""

    def __init__(self, world: World) -> None:
        self.world = world.aside("early signs")
        self.care: dict[UUID, Care] = {
            version.programme_id: version.care for version in current_versions(Programme.objects.all())
        }

    def see_all(self, follow: Follow) -> None:
        """Keep the signs of all running pairs, some of them put aside; a task for each pair that is to be called."""
        number = 0
        for pairs in in_parts(partnerships_looked_at()):
            first = self._first_seen(pairs)
            for pair in pairs:
                signs = []
                for sign, since in first.get(pair.pk, {}).items():
                    signs.append(self._keep(pair, sign, since, aside=number % 6 == 4))
                    number += 1
                now = counting(signs, self.world.today)
                if now:
                    follow.ask(
                        Kind.WARNED,
                        pair,
                        min(sign.first_seen_on for sign in now),
                        pair.mentee.coordinator_id,
                        mentee=pair.mentee.person.name,
                        mentor=pair.mentor.person.name,
                        why=why_of(now),
                    )

    def _first_seen(self, pairs: list[Partnership]) -> Mapping[UUID, dict[_Seen, date]]:
        """Return what is seen today, and since which of the days that are looked back to."""
        today = self.world.today
        found: dict[UUID, dict[_Seen, date]] = {}
        days = [today, *(today - timedelta(days=days) for days in LOOKED_BACK)]
        for turn, on in enumerate(days):
            known = known_of(pairs, on)
            for pair in pairs:
                seen = {_Seen(one) for one in signs_of(known[pair.pk], self.care[pair.mentee.programme_id], on)}
                if turn == 0:
                    found[pair.pk] = dict.fromkeys(sorted(seen, key=_Seen.order), today)
                for one, since in found[pair.pk].items():
                    if one in seen and turn and since == days[turn - 1]:
                        found[pair.pk][one] = max(on, one.since or on)
        return found

    def _keep(self, pair: Partnership, seen: _Seen, since: date, *, aside: bool) -> EarlySign:
        world, sign = self.world, seen.sign
        days, reason = world.one(ASIDE) if aside else (0, "")
        return world.add(
            EarlySign(
                id=world.key(),
                created_at=world.at(since, (3, 4)),
                partnership=pair,
                kind=sign.kind,
                side=sign.side,
                facts=dict(sign.facts),
                first_seen_on=since,
                last_seen_on=world.today,
                put_aside_until=world.today + timedelta(days=days) if aside else None,
                put_aside_reason=reason,
                put_aside_by=user_key(pair.mentee.coordinator_id) if aside else "",
            )
        )

    def compute(self) -> None:
        """Keep how long partnerships have lasted until today."""
        world = self.world
        gathered = read_courses(world.today, lambda _read: None)
        courses, dimensions = gathered.ready()
        at = world.at(world.today - DAY, (3, 4))
        world.add(
            SurvivalFit(
                id=world.key(),
                created_at=at,
                asked_by="system:survival",
                state=ComputedState.DONE,
                read=len(gathered.rows) + gathered.left_out,
                in_all=len(gathered.rows) + gathered.left_out,
                fitted_at=at,
                until=world.today,
                endings=int(courses.ended.sum()),
                content=estimate(courses, dimensions) | {"left_out": gathered.left_out},
            )
        )


class _Seen:
    """A sign by its kind and side, whatever its numbers are on another day."""

    def __init__(self, sign: Sign) -> None:
        self.sign = sign

    def order(self) -> tuple[str, str]:
        return self.sign.kind.value, self.sign.side

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Seen) and self.order() == other.order()

    def __hash__(self) -> int:
        return hash(self.order())

    @property
    def since(self) -> date | None:
        """The day of the answer that it was read from."""
        on = self.sign.facts.get("on")
        return date.fromisoformat(str(on)) if on else None
