"""How good a pair of the demo network looked when it was chosen.

For proposals under way these are the real numbers, asked of :mod:`mentornet.matching`. For those of years past the
bank of that day is gone: :func:`judgement_of` tells a plausible one from what is known of the two.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from mentornet.demo.entry import Case
from mentornet.demo.world import World
from mentornet.matching.bank import Bank, bank_of
from mentornet.matching.policy import policy_of
from mentornet.matching.ranking import bars_kept, rank_for
from mentornet.people.enums import Role
from mentornet.programmes.models import ProgrammeVersion
from mentornet.programmes.validators import CRITERIA
from reference import isco
from reference.spoken import Listed, OccupationTitle
from reference.topics import Topic
from reference.translation import SPOKEN, Message, Value, counted

BY_DIGITS = (0.0, 0.3, 0.55, 0.8, 1.0)
_HELP = (
    "The mentor offers help with her goal: {topics}.",
    "The mentor offers help with {met} of her {count} goals: {topics}.",
)


@dataclass(frozen=True)
class Judgement:
    """What a coordinator saw beside a candidate: the columns of a proposal."""

    score: int
    bars: dict[str, list[float | None]]
    sentences: dict[str, list[str]]
    rank: int
    ranked: int


class RealBank:
    """The bank as the desk shows it, asked once for each programme and division."""

    def __init__(self, today: date) -> None:
        self.today = today
        self._banks: dict[tuple[UUID, UUID], Bank] = {}

    def best(self, mentee: Case, free: Collection[UUID], *, skip: int = 0) -> tuple[UUID, Judgement] | None:
        """Return the best mentor, by enrolment, of those ``free``: no rule forbids her; ``skip`` are passed over."""
        version = mentee.offer.versions[-1]
        key = (version.programme_id, mentee.enrolment.division_id)
        if key not in self._banks:
            self._banks[key] = bank_of(version=version, divisions=[key[1]], today=self.today)
        ranking = rank_for(self._banks[key], mentee.enrolment.pk)
        if ranking is None:
            return None
        for candidate in ranking.page(0, 40):
            if candidate.below_floor or candidate.enrolment_id not in free:
                continue
            if skip:
                skip -= 1
                continue
            bars = bars_kept(candidate.bars)
            return candidate.enrolment_id, Judgement(
                candidate.score, bars, candidate.sentences(), candidate.place, ranking.mentors
            )
        return None


def judgement_of(world: World, mentee: Case, mentor: Case, version: ProgrammeVersion, on: date) -> Judgement:
    """Return a plausible judgement of a pair of years past: of the right shape, from what is known of the two."""
    hers, theirs = mentee.human.known[Role.MENTEE], mentor.human.known[Role.MENTOR]
    draw = world.random.uniform
    common = [topic for topic in hers.topics or () if topic in (theirs.topics or ())]
    shared = [word for word in hers.interests or () if word in (theirs.interests or ())]
    values: dict[str, float | None] = {
        "occupation": BY_DIGITS[isco.digits_in_common(hers.occupation, theirs.occupation)]
        if hers.occupation and theirs.occupation
        else None,
        "topics": round(len(common) / len(hers.topics), 4) if hers.topics and theirs.topics else None,
        "language": world.one((0.5, 0.7, 0.7, 0.85, 1.0)) if hers.languages and theirs.languages else None,
        "interests": min(1.0, len(shared) / 3) if hers.interests and theirs.interests else None,
        "pace": round(draw(0.4, 1.0), 4),
        "time": min(3, len(set(hers.availability) & set(theirs.availability)) or 1) / 3
        if hers.availability and theirs.availability
        else None,
        "education": 1 - abs(hers.education - theirs.education) / 8
        if hers.education is not None and theirs.education is not None
        else None,
        "sector": float(hers.sector == theirs.sector) if hers.sector and theirs.sector else None,
        "place": 1.0,
        "experience": world.one((1.0, 1.0, 0.33, None)),
    }
    policy = policy_of(version)
    weights = {criterion.value: weight for criterion, weight in policy.weights.items()}
    neutral = {criterion.value: value for criterion, value in policy.neutral.items()}
    bars: dict[str, list[float | None]] = {}
    total = 0.0
    for name in CRITERIA:
        value = values[name]
        part = weights[name] * (neutral[name] if value is None else value)
        total += part
        bars[name] = [round(part, 6), None if value is None else round(value, 6), round(weights[name], 6)]
    waited = max(0, (on - mentee.enrolment.application.received_on).days)
    share = min(1.0, waited / policy.waiting_days)
    bars["waiting"] = [round(policy.waiting_bonus * share, 6), round(share, 6), round(policy.waiting_bonus, 6)]
    total += policy.waiting_bonus * share
    rank = 1 if world.chance(0.45) else world.random.randint(2, 9)
    return Judgement(
        score=round(total * 10_000),
        bars=bars,
        sentences=_sentences(mentee, mentor, values["occupation"], common, shared),
        rank=rank,
        ranked=rank + world.random.randint(60, 320),
    )


def _sentences(
    mentee: Case, mentor: Case, likeness: float | None, common: Sequence[Topic], shared: Sequence[str]
) -> dict[str, list[str]]:
    """Return reasons in every language, in words that the matching has too."""
    hers, theirs = mentee.human.known[Role.MENTEE], mentor.human.known[Role.MENTOR]
    reasons = []
    if hers.occupation and theirs.occupation and (likeness or 0) >= 0.5:
        titles = {"theirs": OccupationTitle(theirs.occupation), "hers": OccupationTitle(hers.occupation)}
        reasons.append(Message("The mentor's field ({theirs}) is close to the one she aims at ({hers}).", titles))
    if common:
        met: dict[str, Value] = {"met": len(common), "topics": Listed(tuple(topic.label for topic in common))}
        reasons.append(counted(_HELP, len(hers.topics or ()), met))
    if shared:
        reasons.append(Message("Both are interested in {interests}.", {"interests": Listed(tuple(shared))}))
    reasons.append(Message("Both belong to {division}.", {"division": mentee.office.place.name}))
    return {language: [reason.text(language) for reason in reasons] for language in SPOKEN}
