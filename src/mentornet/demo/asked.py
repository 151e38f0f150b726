"""What both sides of the demo network's pairs were asked while they ran, and what they said, or did not.

Drawn by a model of its own: how it goes is a walk by chance for each pair, which each side sees in her own way; the
mentor mostly sees more of it than the mentee. Where it falls, silence becomes likelier.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from mentornet.agenda.models import Kind, Task
from mentornet.demo.pairs import Pair
from mentornet.demo.world import DAY, World
from mentornet.partnerships.enums import ClosingReason, PartnershipState
from mentornet.people.enums import Role
from mentornet.programmes.care import Care
from mentornet.surveys.dues import months_after
from mentornet.surveys.enums import CALL, GOING, MET, YES, Aim, AnswerKind, AskState
from mentornet.surveys.models import Ask, QuestionnaireVersion
from mentornet.surveys.queries import newest_versions, open_questionnaires
from mentornet.surveys.questions import asked_of
from mentornet.surveys.rules import ANSWER_WITHIN

ASKED_FOR: Final = 300
"""Before so many days nobody was asked yet: the questions came to the network late."""
CALLS_WAIT: Final = 6
"""Who asked for a call longer ago than so many days has been called."""
FALLING: Final = 0.14
SILENT: Final = 0.1
EITHER: Final = (Role.MENTEE, Role.MENTOR)


@dataclass
class Going:
    """How it goes with a pair, on no scale, and how each side sees it."""

    level: float
    drift: float
    bias: dict[Role, float]
    silence: dict[Role, float]


class Asked:
    """Asks the pairs that run, and those that have ended lately, until today."""

    def __init__(self, world: World, pairs: Collection[Pair]) -> None:
        self.world = world.aside("asked")
        self.pairs = [pair for pair in pairs if self._is_asked(pair)]
        questionnaires = list(open_questionnaires())
        versions = newest_versions(questionnaires)
        self.forms = {one.aim: (one, versions[one.pk]) for one in questionnaires}
        self.care = Care()

    def _is_asked(self, pair: Pair) -> bool:
        closed_on = pair.partnership.closed_on
        is_late = closed_on is None or closed_on > self.world.ago(ASKED_FOR)
        return pair.partnership.first_met_on is not None and is_late

    def ask_all(self) -> None:
        """Ask every pair, month after month."""
        if not self.forms:
            return
        for pair in self.pairs:
            going = self._going()
            for on, aim, occasion in self._days(pair):
                going.level += self.world.random.gauss(going.drift, 0.35)
                for side in EITHER:
                    self._ask(pair, side, on, aim, occasion, going)

    def _going(self) -> Going:
        random = self.world.random
        is_falling = random.random() < FALLING
        silence = {side: SILENT if random.random() < 0.88 else 0.7 for side in EITHER}
        return Going(
            level=random.gauss(4.1, 0.5),
            drift=-0.4 if is_falling else 0.02,
            bias={Role.MENTEE: random.gauss(-0.15, 0.3), Role.MENTOR: random.gauss(0.3, 0.4)},
            silence=silence,
        )

    def _days(self, pair: Pair) -> Iterator[tuple[date, Aim, str]]:
        """Return when a pair was asked what, in the order of the days."""
        partnership = pair.partnership
        days = [day for day in (partnership.first_met_on, partnership.agreement_on) if day is not None]
        begun_on, since = max(days), self.world.ago(ASKED_FOR)
        last = partnership.closed_on or self.world.today - DAY
        if partnership.state == PartnershipState.PAUSED:
            last -= 40 * DAY
        found: list[tuple[date, Aim, str]] = []
        on = begun_on
        while (following := on + self.care.check_in_days * DAY) <= last:
            if following > since:
                found.append((following, Aim.CHECK_IN, f"after:{on}"))
            on = following
        for months in self.care.scale_months:
            day = months_after(begun_on, months)
            if since < day <= last:
                found.append((day, Aim.QUALITY, f"month:{months}"))
        closed_on = partnership.closed_on
        if (
            closed_on is not None
            and partnership.closing_reason != ClosingReason.SAFETY
            and closed_on < self.world.today
        ):
            found.append((closed_on + DAY, Aim.QUALITY, f"end:{closed_on}"))
        return iter(sorted(one for one in found if one[0] < self.world.today))

    def _ask(self, pair: Pair, side: Role, on: date, aim: Aim, occasion: str, going: Going) -> None:
        questionnaire, version = self.forms[aim]
        world = self.world
        seen = going.level + going.bias[side] + world.random.gauss(0, 0.4)
        # Whoever is disappointed rather says nothing.
        is_silent = world.chance(min(0.9, going.silence[side] + max(0.0, 3.2 - seen) * 0.22))
        answered_at = world.at(min(on + world.days(0, 6), world.today - DAY), (8, 21))
        asked_at = datetime.combine(on, datetime.min.time(), tzinfo=world.zone) + timedelta(hours=6)
        is_fresh = asked_at.date() + ANSWER_WITHIN > world.today
        answers = None if is_silent else self._answers(version, side, seen)
        world.add(
            Ask(
                id=world.key(),
                created_at=asked_at,
                questionnaire=questionnaire,
                version=version,
                partnership=pair.partnership,
                side=side,
                occasion=occasion,
                due_on=on,
                asked_at=asked_at,
                reminded_at=asked_at + 5 * DAY if is_silent and on + 5 * DAY < world.today else None,
                answered_at=None if is_silent else answered_at,
                state=(AskState.OPEN if is_fresh else AskState.SILENT) if is_silent else AskState.ANSWERED,
                said=tuple(answers or ()),  # type: ignore[misc]  # a field of words
                answers=answers,
            )
        )
        if answers and answers.get(CALL) == YES and on > world.ago(CALLS_WAIT) and pair.partnership.is_running:
            self._want_call(pair, side, answered_at)

    def _answers(self, version: QuestionnaireVersion, side: Role, seen: float) -> dict[str, Any]:
        random = self.world.random
        said: dict[str, Any] = {}
        for question in asked_of(version.questions, side):
            if question.kind == AnswerKind.SCALE:
                spread = 0.0 if question.key == GOING else 0.6
                said[question.key] = max(1, min(5, round(random.gauss(seen, spread))))
            elif question.key == MET:
                said[MET] = str(max(0, min(4, round(random.gauss(seen - 2.2, 0.9)))))
            elif question.key == CALL:
                said[CALL] = YES if self.world.chance(0.03 + max(0.0, 3 - seen) * 0.25) else "no"
        return said

    def _want_call(self, pair: Pair, side: Role, at: datetime) -> None:
        person = (pair.mentee if side == Role.MENTEE else pair.mentor).human.person
        waiting = [one for one in self.world.made(Task) if one.target_id == pair.partnership.pk]
        if any(one.kind == Kind.CALL_WANTED for one in waiting):
            return
        self.world.add(
            Task(
                id=self.world.key(),
                created_at=at,
                kind=Kind.CALL_WANTED,
                target_id=pair.partnership.pk,
                division_id=pair.partnership.division_id,
                owner_id=pair.mentee.owner.user.pk,
                due_on=at.date(),
                words={"name": person.name},
            )
        )
