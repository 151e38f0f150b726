"""What the minutes of a meeting tell beside its decisions: what was changed in it, and who is left over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

from mentornet.divisions.staff import Staff
from mentornet.matching.meeting_queries import seen_places
from mentornet.matching.models import MeetingDecision, MeetingRun
from mentornet.matching.reasons import RULE_NAMES
from mentornet.matching.services.replaying import LeftOver
from mentornet.matching.whynot import Standing
from mentornet.web.desk.meetings.settled import changed_lines


@dataclass(frozen=True, slots=True)
class Turn:
    """Weights, floor, borrowing or the programme changed in a meeting, and what came of it.

    Attributes:
        changed: each in words, before and after.
        pairs: in words; empty where somebody is hidden from whoever reads.
    """

    run: MeetingRun
    changed: Sequence[str]
    pairs: str


def turns(by: Staff, runs: Iterable[MeetingRun]) -> list[Turn]:
    """Tell what has become of weights, floor, borrowing and the programme from run to run."""
    listed = list(runs)
    found = []
    for before, after in pairwise(listed):
        changed = changed_lines(before, after)
        if changed:
            words = {"before": before.pair_count, "after": after.pair_count}
            pairs = _("%(before)s pairs before, %(after)s after.") % words if not by.hidden else ""
            found.append(Turn(after, changed, pairs))
    return found


@dataclass(frozen=True, slots=True)
class Left:
    """A woman for whom the set has nobody, and why in a word."""

    name: str
    days: int | None
    why: str


def left_over(by: Staff, left: Sequence[LeftOver], decisions: Iterable[MeetingDecision]) -> list[Left]:
    """Name those for whom the set has nobody and about whom nothing was decided, the longest wait first: one query."""
    decided = {one.mentee_id for one in decisions}
    places = seen_places(by, [one.mentee_id for one in left])
    rows = [
        (places[one.mentee_id], _why_left(one))
        for one in left
        if one.mentee_id in places and one.mentee_id not in decided
    ]
    rows.sort(key=lambda row: (row[0].since is None, row[0].since or by.today, row[0].pk))
    return [Left(one.person.name, (by.today - one.since).days if one.since else None, why) for one, why in rows]


def _why_left(one: LeftOver) -> str:
    match one.standing:
        case Standing.TAKEN:
            return _("the mentors who fit her are with others in the set")
        case Standing.FLOOR:
            return _("nobody who may be hers reaches the floor")
        case Standing.EMPTY:
            return _("there is no mentor in the bank")
        case Standing.NO_ALLOWED if one.obstacle:
            return _("no mentor fits her; what is missing most: %(rule)s") % {"rule": RULE_NAMES[one.obstacle]}
        case Standing.NO_ALLOWED:
            return _("no mentor fits her as the rules stand")
    return _("not kept any more")
