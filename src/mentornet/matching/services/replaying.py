"""Computing a past run once more, from nothing but what was kept of it, and holding the answer against the old one."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import numpy as np

from mentornet.audit.services import record_read
from mentornet.common.answers import require
from mentornet.divisions.staff import Staff
from mentornet.matching.meeting_queries import people_in
from mentornet.matching.meeting_rules import may_open_meeting
from mentornet.matching.models import MatchingMeeting, MeetingPerson, MeetingRun
from mentornet.matching.ranking import BRIEFED
from mentornet.matching.services.meeting_runs import division_of, divisions_of_meeting
from mentornet.matching.snapshots import Kept, fingerprint, result_of, stated_again, unpacked
from mentornet.matching.solving import solved
from mentornet.matching.whole import settings_read
from mentornet.matching.whynot import STANDS, Standing
from pairing.errors import CertificateError
from pairing.problem import PairingProblem
from pairing.verify import verify
from pairing.whynot import FLOOR, Obstacles, around_mentee


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of computing a run once more.

    Attributes:
        missing: how many of its people are not kept any more; nothing was computed then.
        has_same_inputs: the question is the very same.
        has_same_pairs: so is the answer, with each score.
        is_proved: a second program has held every possible pair against the old certificate.
    """

    missing: int
    has_same_inputs: bool = False
    has_same_pairs: bool = False
    is_proved: bool = False


def replay_run(*, by: Staff, meeting: MatchingMeeting, run: MeetingRun) -> Replay:
    """Compute a run once more, and check its certificate.

    Raises:
        NotAllowedError: not all of the meeting's divisions are hers.
    """
    require(may_open_meeting(by, divisions_of_meeting(meeting)))
    record_read(by=by, act="matching.replay_run", of=run, division_id=division_of(meeting))
    problem, missing = _asked_then(meeting, run)
    if problem is None:
        return Replay(missing)
    is_same = fingerprint(problem) == run.fingerprint
    result = solved(problem)
    again = [[*pair, score] for pair, score in zip(result.pairs.tolist(), result.scores.tolist(), strict=True)]
    kept = result_of(run.pairs, unpacked(bytes(run.certificate), problem.mentees, problem.mentors))
    try:
        verify(problem, kept)
    except CertificateError:
        is_proved = False
    else:
        is_proved = True
    return Replay(0, has_same_inputs=is_same, has_same_pairs=again == run.pairs, is_proved=is_proved)


def _asked_then(meeting: MatchingMeeting, run: MeetingRun) -> tuple[PairingProblem | None, int]:
    """Return a run's question as it was kept, or how many of its people are not kept any more."""
    snapshot = run.snapshot
    wanted = {*snapshot.mentees, *snapshot.mentors}
    rows = MeetingPerson.objects.filter(meeting=meeting, number__in=wanted).exclude(facts={})
    facts = dict(rows.values_list("number", "facts"))
    if missing := len(wanted) - len(facts):
        return None, missing
    return stated_again(
        Kept(
            day=snapshot.day,
            mentees=[facts[number] for number in snapshot.mentees],
            mentors=[facts[number] for number in snapshot.mentors],
            apart=snapshot.apart,
            unbriefed=snapshot.unbriefed,
            kept=snapshot.kept,
            settings=settings_read(run.settings),
            locks=run.locks,
            forbidden=run.forbidden,
            out=run.out,
        )
    ), 0


@dataclass(frozen=True, slots=True)
class LeftOver:
    """A mentee for whom a set has nobody.

    Attributes:
        standing: why, as far as it is still kept.
        obstacle: without which rule most mentors would be right for her; empty where none helps, or it was not asked.
    """

    mentee_id: UUID
    standing: Standing | None = None
    obstacle: str = ""


def left_over(meeting: MatchingMeeting, run: MeetingRun) -> list[LeftOver]:
    """Tell for whom a run has nobody, and why, from what was kept of it: later it is still as it was then.

    Without those for whom nobody was looked for, as it was decided.
    """
    snapshot = run.snapshot
    paired = {row for row, _column, _score in run.pairs} | set(run.out)
    rows = [row for row in range(len(snapshot.mentees)) if row not in paired]
    if not rows:
        return []
    places = people_in(meeting, [snapshot.mentees[row] for row in rows])
    problem, _missing = _asked_then(meeting, run)
    found = []
    for row in rows:
        mentee_id = places.get(snapshot.mentees[row])
        if mentee_id is None:
            continue
        if problem is None:
            found.append(LeftOver(mentee_id))
            continue
        unbriefed = np.zeros(problem.mentors, np.bool_)
        unbriefed[np.array(snapshot.unbriefed, np.int64)] = True
        found.append(_left(mentee_id, around_mentee(problem, row, {BRIEFED: unbriefed})))
    return found


def _left(mentee_id: UUID, obstacles: Obstacles) -> LeftOver:
    if obstacles.right.any():
        return LeftOver(mentee_id, Standing.TAKEN)
    if obstacles.allowed.any():
        return LeftOver(mentee_id, Standing.FLOOR)
    if not obstacles.others:
        return LeftOver(mentee_id, Standing.EMPTY)
    # Of what protects somebody nothing is said.
    helping = [one.obstacle for one in obstacles.openings() if one.obstacle not in {*STANDS, FLOOR}]
    return LeftOver(mentee_id, Standing.NO_ALLOWED, helping[0] if helping else "")
