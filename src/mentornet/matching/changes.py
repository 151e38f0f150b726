"""What has changed from one best set to the next, woman by woman, and what it cost."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from mentornet.common.actors import Actor
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching.meeting_queries import people_in
from mentornet.matching.models import MatchingMeeting, MeetingRun
from pairing.policy import Policy
from reference.customs import Custom, as_asked, read_customs

Kept = Mapping[str, Any]
"""By which a run was computed, as it has kept it."""


@dataclass(frozen=True, slots=True)
class Given:
    """A mentor whom a run gives to a mentee, and the pair's score in units of 1/10,000."""

    mentor_id: UUID
    score: int


Set = Mapping[UUID, Given]
"""A best set: by the mentees' enrolments."""


@dataclass(frozen=True, slots=True)
class Change:
    """One mentee who has another mentor than before, or none, or one at last.

    Attributes:
        before, after: ``None`` where she had nobody.
    """

    mentee_id: UUID
    before: Given | None
    after: Given | None

    @property
    def points(self) -> int:
        """What it does to the whole, in units of 1/10,000: below zero where it costs."""
        return (self.after.score if self.after else 0) - (self.before.score if self.before else 0)


@dataclass(frozen=True, slots=True)
class Difference:
    """From one set to the next.

    Attributes:
        changes: those who have another mentor, or none any more, or one at last: who loses somebody first, then by
            what it costs.
        pairs: how many pairs more there are; below zero where there are fewer.
        points: by how much the whole has more, in units of 1/10,000: pairs that stay count as they are judged now.
    """

    changes: tuple[Change, ...]
    pairs: int
    points: int


_TABLES: Final = ("weights", "neutral")
_NUMBERS: Final = ("waiting_bonus", "waiting_days")
"""Settings of a run by which a pair's score is another; by floor, borrowing and hard rules none is."""
_DIGITS: Final = 9
"""To so many a share is the same: divided in another order it may be a hair off."""


def are_judged_alike(before: Kept, after: Kept) -> bool:
    """Tell whether two runs' settings give each pair its points in the same way, so that they can be compared."""
    return _scale(before) == _scale(after)


def _scale(kept: Kept) -> tuple[object, ...]:
    tables = [(name, key, round(share, _DIGITS)) for name in _TABLES for key, share in sorted(kept[name].items())]
    own = [custom for custom in customs_of(kept) if not custom.is_rule and custom.weight]
    asked = [(one, custom.weight, custom.neutral) for one, custom in zip(as_asked(own), own, strict=True)]
    return (
        tables,
        [(one, round(weight, _DIGITS), round(neutral, _DIGITS)) for one, weight, neutral in asked],
        [kept[name] for name in _NUMBERS],
    )


def customs_of(kept: Kept) -> tuple[Custom, ...]:
    """Return a programme's own criteria and rules as they were when a run was computed."""
    return read_customs(kept["customs"], is_trusted=True)


@dataclass(frozen=True, slots=True)
class Turned:
    """What a programme's other version has changed in how people are judged.

    Attributes:
        new, gone: own criteria and hard rules that were not asked before, or are no more.
        otherwise: own ones of which another question is asked now, or that are a hard rule now, or no more.
        weights: those of the ten, or of own criteria that are there before and after.
        floor: the lowest score is another.
        others: the level of the language, what stands in for an unknown, or how waiting counts.
    """

    new: tuple[Custom, ...] = ()
    gone: tuple[Custom, ...] = ()
    otherwise: tuple[Custom, ...] = ()
    weights: bool = False
    floor: bool = False
    others: bool = False


def turned(before: Policy, after: Policy) -> Turned:
    """Compare two policies; the share of a criterion is the same where it is as much beside the others."""
    former = {custom.key: custom for custom in before.customs}
    there = {custom.key: custom for custom in after.customs}
    both = [(former[key], custom) for key, custom in there.items() if key in former]
    return Turned(
        new=tuple(custom for key, custom in there.items() if key not in former),
        gone=tuple(custom for key, custom in former.items() if key not in there),
        otherwise=tuple(custom for one, custom in both if as_asked([one]) != as_asked([custom])),
        weights=_beside(before) != _beside(after)
        or any(_beside(before, one) != _beside(after, custom) for one, custom in both),
        floor=before.floor != after.floor,
        others=(before.min_language, before.waiting_bonus, before.waiting_days, dict(before.neutral))
        != (after.min_language, after.waiting_bonus, after.waiting_days, dict(after.neutral))
        or any(one.neutral != custom.neutral for one, custom in both),
    )


def _beside(policy: Policy, custom: Custom | None = None) -> object:
    """Return the shares of the ten among themselves, or the weight of an own criterion beside them."""
    ten = sum(policy.weights.values()) or 1.0
    if custom is not None:
        return round(custom.weight / ten, _DIGITS)
    return {name: round(share / ten, _DIGITS) for name, share in policy.weights.items()}


def _numbers(run: MeetingRun) -> dict[int, tuple[int, int]]:
    """Return a run's pairs by the people's numbers."""
    mentees, mentors = run.snapshot.mentees, run.snapshot.mentors
    return {mentees[row]: (mentors[column], score) for row, column, score in run.pairs}


def sets_of(meeting: MatchingMeeting, *runs: MeetingRun) -> list[dict[UUID, Given]]:
    """Return the sets of some runs of one meeting: one query for all of them.

    Whoever has been erased since is in none.
    """
    found = [_numbers(run) for run in runs]
    wanted = {number for pairs in found for mentee, (mentor, _score) in pairs.items() for number in (mentee, mentor)}
    places = people_in(meeting, wanted)
    return [
        {
            places[mentee]: Given(places[mentor], score)
            for mentee, (mentor, score) in pairs.items()
            if mentee in places and mentor in places
        }
        for pairs in found
    ]


def difference(before: Set, after: Set, *, left: Iterable[UUID] = ()) -> Difference:
    """Compare two sets.

    Args:
        before: the earlier one.
        after: the later one.
        left: mentees who have a proposal since: that they are in no set any more is no loss.
    """
    gone = set(left)
    mentees = [mentee for mentee in {**before, **after} if mentee not in gone]
    both = [Change(mentee, before.get(mentee), after.get(mentee)) for mentee in mentees]
    changes = [one for one in both if _mentor(one.before) != _mentor(one.after)]
    changes.sort(key=lambda change: (change.after is not None, change.before is None, change.points, change.mentee_id))
    return Difference(
        tuple(changes),
        pairs=sum((one.after is not None) - (one.before is not None) for one in both),
        points=sum(one.points for one in both),
    )


def _mentor(given: Given | None) -> UUID | None:
    return None if given is None else given.mentor_id


def seen_set(by: Actor, found: Set) -> dict[UUID, Given]:
    """Return a set without the pairs of people hidden from whoever asks; no query where nobody is."""
    out = _hidden_places(by)
    return {mentee: given for mentee, given in found.items() if mentee not in out and given.mentor_id not in out}


def count_seen(by: Actor, meeting: MatchingMeeting, numbers: Collection[int]) -> int:
    """Return how many of a list's people there are for whoever asks: nobody counts who is hidden from her."""
    out = _hidden_places(by)
    if not out:
        return len(numbers)
    # Whoever was erased since was there, and is hidden from nobody.
    return len(numbers) - sum(place in out for place in people_in(meeting, numbers).values())


def of_those_seen(by: Actor, told: Difference) -> Difference:
    """Return a difference as it is for whom some are hidden from: neither they nor their pairs count."""
    out = _hidden_places(by)
    if not out:
        return told
    changes = [one for one in told.changes if out.isdisjoint(_places(one))]
    return Difference(
        tuple(changes),
        pairs=sum((one.after is not None) - (one.before is not None) for one in changes),
        points=sum(one.points for one in changes),
    )


def _places(change: Change) -> set[UUID]:
    return {change.mentee_id, *(given.mentor_id for given in (change.before, change.after) if given is not None)}


def _hidden_places(by: Actor) -> frozenset[UUID]:
    hidden = by.hidden if isinstance(by, Staff) else frozenset[UUID]()
    if not hidden:
        return frozenset()
    return frozenset(Enrolment.objects.filter(person_id__in=hidden).values_list("pk", flat=True))
