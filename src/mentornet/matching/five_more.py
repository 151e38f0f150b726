"""What five more mentors of one profile would change in a division within a year: the same year, with and without them.

The year is played with the habits of the newest forecast; with and without them the same people come, with the same
luck (:mod:`pairing.simulate`), so what differs is what the five change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any, Final
from uuid import UUID

import numpy as np
from django.db.models import QuerySet

from mentornet.common.actors import Actor
from mentornet.common.computed import ComputedState
from mentornet.divisions.staff import Staff
from mentornet.matching.forecast import NOW, READ_DAYS, SEEDS, figures_of, newest_forecast, stage_of, widening_of
from mentornet.matching.models import FiveMore, ShortageMap
from mentornet.matching.past import Past
from mentornet.matching.shortage import TIMES
from pairing.features import Bool, features_of
from pairing.habits import Cast, Course
from pairing.history import habits_of, standing_on
from pairing.shortage import ONLINE, Profile, mentor_of
from pairing.simulate import Scores, Solver
from pairing.trials import Range, come_to, range_of
from reference import isco, languages

FIVE: Final = 5
RUNS: Final = 2 * len(SEEDS)
"""How many runs it takes: with them, and without."""
MOST: Final = 2
"""Digits of ISCO-08 that a profile names at most."""
_RECRUIT: Final = "\uffff"
"""The id of her who is not there: after everybody's."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A profile of mentors, in words of the shortage map.

    Attributes:
        occupation: the first one or two digits of ISCO-08; empty is any.
        language: a code; empty asks for none beside Danish.
        time: a name of :data:`TIMES`.
        online: they meet online; else in the division.
    """

    occupation: str = ""
    language: str = ""
    time: str = "any"
    online: bool = False

    @property
    def is_known(self) -> bool:
        """Whether there is such a field of work, such a language and such a time."""
        field = self.occupation
        return (
            (not field or (len(field) <= MOST and isco.exists(field)))
            and (not self.language or languages.find(self.language) == self.language)
            and self.time in TIMES
        )


def wanted_by(asked: FiveMore) -> Wanted:
    """Return the profile that was asked for."""
    return Wanted(asked.occupation, asked.language, asked.time, asked.online)


def most_wanted(one: ShortageMap) -> Wanted | None:
    """Return the first profile of a map that has something to say; ``None`` where nobody is missing."""
    first = next(iter(one.content.get("profiles", ())), None)
    if first is None:
        return None
    return Wanted(first["occupation"], first["language"], first["time"], first["online"])


def place_of(wanted: Wanted, one: ShortageMap | None) -> int | None:
    """Return where a profile stands on a map, from 1; ``None`` where it does not."""
    rows = one.content.get("profiles", ()) if one is not None else ()
    found = [Wanted(row["occupation"], row["language"], row["time"], row["online"]) for row in rows]
    return found.index(wanted) + 1 if wanted in found else None


def visible_five_more(by: Actor) -> QuerySet[FiveMore]:
    """Return what was asked for in the divisions in which she works, the latest first."""
    reach = by.casework if isinstance(by, Staff) else ()
    rows = FiveMore.objects.filter(division_id__in=reach).select_related("division", "programme")
    return rows.order_by("-created_at", "pk")


def habits_found(programme_id: UUID) -> Mapping[str, Any] | None:
    """Return what the newest forecast found of a programme; ``None`` while it is too early, or none has been made."""
    newest = newest_forecast()
    content = newest.content.get("programmes", {}).get(str(programme_id), {}) if newest is not None else {}
    return content if "habits" in content else None


def play(
    past: Past,
    today: int,
    wanted: Wanted,
    *,
    division_id: UUID,
    division: str,
    found: Mapping[str, Any],
    solve: Solver,
    tell: Callable[[], None],
) -> dict[str, Any]:
    """Play the year after a day with five more mentors and without, and say what differs in their division.

    Args:
        past: of the programme.
        today: the day.
        wanted: the profile of the five.
        division_id: where they join.
        division: its name.
        found: what the newest forecast found (:func:`habits_found`).
        solve: the engine.
        tell: is called after each run.
    """
    history = past.history
    key = str(division_id)
    home = past.divisions.index(key) if key in past.divisions else -1
    if home < 0:
        # Nobody has ever been there: nothing can be read.
        return {}
    cast = _beside(past, wanted, division, home)
    scores = Scores(cast)
    stage = stage_of(past, scores, solve=solve, tell=tell)
    plain = habits_of(history, since=today - READ_DAYS, until=today)
    kept = found["habits"]
    habits = replace(plain, hands=plain.hands * float(kept["hands"]), fair=float(kept["fair"]))
    standing = standing_on(history, today)
    recruit = len(cast.mentor_home) - 1
    as_now, with_them = (
        stage.play(habits, today, standing, replace(NOW, more=more)) for more in ((), (recruit,) * FIVE)
    )
    among = cast.mentee_home == home
    wider = widening_of(found)
    return {
        "now": figures_of(as_now, wider, among),
        "then": figures_of(with_them, wider, among),
        "more": {name: _differs(as_now, with_them, among, name) for name in ("matched", "waiting", "half", "quality")},
    }


def _beside(past: Past, wanted: Wanted, division: str, home: int) -> Cast:
    """Return the cast with one mentor more, of the profile."""
    cast = past.history.cast
    place = ONLINE if wanted.online else division
    profile = Profile(wanted.occupation, wanted.language, place, TIMES[wanted.time])
    mentors = [*past.mentors, mentor_of(profile, _RECRUIT)]
    return replace(
        cast,
        features=features_of(past.mentees, mentors, cast.policy.customs),
        mentor_home=np.append(cast.mentor_home, home),
    )


def _differs(before: Sequence[Course], after: Sequence[Course], among: Bool, name: str) -> Range | None:
    """Return by how much a figure differs, run by run; ``None`` where it is not known of some."""
    pairs = [(come_to(one, among)[name], come_to(other, among)[name]) for one, other in zip(before, after, strict=True)]
    if not all(isfinite(one) and isfinite(other) for one, other in pairs):
        return None
    low, middle, high = range_of(other - one for one, other in pairs)
    return round(low, 1), round(middle, 1), round(high, 1)


def is_at_work(asked: FiveMore) -> bool:
    """Tell whether it is being played, or waits for the worker."""
    return asked.state != ComputedState.DONE
