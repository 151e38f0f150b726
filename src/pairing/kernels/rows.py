"""One mentee against every mentor: sieve, add up, keep the best."""

from __future__ import annotations

from typing import Final

from pairing._compiled import compiled, inner
from pairing.features import I8, I32, I64, Bool
from pairing.kernels.sieve import rule_out_by_time_and_place, rule_out_demands, rule_out_language, rule_out_pairs
from pairing.kernels.sums import (
    add_education,
    add_experience,
    add_interests,
    add_language,
    add_occupation,
    add_own,
    add_pace,
    add_place,
    add_sector,
    add_time,
    add_topics,
    goal_tables,
    keep_above_floor,
)
from pairing.scene import (
    DIVISION,
    EDUCATION,
    HOURS,
    LANGUAGES_KNOWN,
    MIN_DANISH,
    MONTHS,
    NEEDS_EXPERIENCE,
    OCCUPATION,
    OFFERS,
    PAIRS_BEFORE,
    POSTCODE,
    PRACTISES,
    SECTOR,
    SLOTS,
    Scene,
    Scratch,
)

COLUMN_BITS: Final = 32
COLUMN_MASK: Final = (1 << COLUMN_BITS) - 1


@inner
def _note_spoken(hers: I8, is_known: bool, spoken: I64) -> int:
    """List the languages that a mentee may speak (all, if her cell is empty); returns how many."""
    count = 0
    for language in range(len(hers)):
        if hers[language] != 0 or not is_known:
            spoken[count] = language
            count += 1
    return count


@inner
def _apply_rules(scene: Scene, row: int, scratch: Scratch, spoken: I64) -> int:
    """Leave the mentors whom all rules allow in ``scratch.column``; returns how many they are."""
    mentee, mentor, state = scene.mentee, scene.mentor, scratch.state
    hers, theirs = mentee.numbers[:, row].copy(), mentor.numbers
    rule_out_by_time_and_place(hers, theirs, state)
    rule_out_pairs(scene.excluded.start, scene.excluded.mentor, row, state)
    rule_out_demands(mentee.requires, mentor.fails, row, state)
    rule_out_demands(mentee.fails, mentor.requires, row, state)
    return rule_out_language(
        spoken,
        mentee.languages[:, row],
        hers[LANGUAGES_KNOWN] != 0,
        mentor.languages,
        theirs[LANGUAGES_KNOWN],
        theirs[MIN_DANISH],
        scene.danish,
        scene.min_language,
        state,
        scratch.column,
    )


@inner
def _apply_criteria(scene: Scene, row: int, scratch: Scratch, left: int, spoken: I64) -> None:
    """Add up weight times value in ``scratch.total`` for the mentors left, in the order of CRITERIA, own ones last."""
    mentee, mentor = scene.mentee, scene.mentor
    hers, theirs, amounts, others = mentee.numbers[:, row].copy(), mentor.numbers, mentee.amounts, mentor.amounts
    weights, neutral, columns, total = scene.weights, scene.neutral, scratch.column, scratch.total
    total[:left] = 0.0
    add_occupation(
        total,
        columns,
        left,
        hers[OCCUPATION : OCCUPATION + 4],
        theirs[OCCUPATION : OCCUPATION + 4],
        scene.digits_value,
        weights[0],
        neutral[0],
    )
    goal_tables(scene.goals[row], scratch.goals)
    add_topics(total, columns, left, scratch.goals, theirs[OFFERS], weights[1], neutral[1])
    add_language(
        total,
        columns,
        left,
        spoken,
        mentee.languages[:, row],
        hers[LANGUAGES_KNOWN] != 0,
        mentor.languages,
        theirs[LANGUAGES_KNOWN],
        scene.danish,
        hers[PRACTISES] != 0,
        scene.language_value,
        weights[2],
        neutral[2],
    )
    words = mentee.interest[mentee.interest_start[row] : mentee.interest_start[row + 1]]
    add_interests(
        total, columns, left, words, scratch.word, mentor.interest_start, mentor.interest, weights[3], neutral[3]
    )
    add_pace(
        total,
        columns,
        left,
        amounts[HOURS, row],
        amounts[MONTHS, row],
        others[HOURS],
        others[MONTHS],
        weights[4],
        neutral[4],
    )
    add_time(total, columns, left, int(hers[SLOTS]), theirs[SLOTS], weights[5], neutral[5])
    add_education(total, columns, left, int(hers[EDUCATION]), theirs[EDUCATION], weights[6], neutral[6])
    add_sector(total, columns, left, int(hers[SECTOR]), theirs[SECTOR], weights[7], neutral[7])
    add_place(
        total,
        columns,
        left,
        int(hers[DIVISION]),
        hers[POSTCODE : POSTCODE + 2],
        theirs[DIVISION],
        theirs[POSTCODE : POSTCODE + 2],
        weights[8],
        neutral[8],
    )
    add_experience(total, columns, left, int(hers[NEEDS_EXPERIENCE]), others[PAIRS_BEFORE], weights[9], neutral[9])
    for which in range(scene.own_mentor.shape[0]):
        add_own(total, columns, left, scene.own, scene.own_mentee[which, row], scene.own_mentor[which])


@inner
def score_mentee(scene: Scene, row: int, scratch: Scratch) -> int:
    """Score one mentee against every mentor.

    Leaves the mentors whom all rules allow and whose score reaches the floor in ``scratch.column`` (ascending) and
    ``scratch.score`` (units) and returns how many they are. Each step is a loop of its own over the mentors still
    left: compiled code passes whole tuples of arrays slowly, so only these steps see them, once for each row.
    """
    is_known = scene.mentee.numbers[LANGUAGES_KNOWN, row] != 0
    count = _note_spoken(scene.mentee.languages[:, row], is_known, scratch.spoken)
    spoken = scratch.spoken[:count]
    left = _apply_rules(scene, row, scratch, spoken)
    _apply_criteria(scene, row, scratch, left, spoken)
    columns, bonus = scratch.column, scene.bonus[row]
    return keep_above_floor(scratch.total, columns, left, bonus, scene.floor, columns, scratch.score)


@inner
def _sift_down(heap: I64, size: int, entry: int) -> None:
    """Put ``entry`` in place of the root of a heap whose root is the smallest."""
    parent = 0
    while True:
        child = 2 * parent + 1
        if child >= size:
            break
        if child + 1 < size and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= entry:
            break
        heap[parent] = heap[child]
        parent = child
    heap[parent] = entry


@inner
def _keep_best(found: int, columns: I32, scores: I32, best: I64) -> int:
    """Keep the best of the first ``found`` mentors in ``best``, best first; returns how many were kept.

    An entry is ``score << 32 | (2**32 - 1 - column)``: higher score first, then the lower column.
    """
    size = min(found, len(best))
    for at in range(found):
        entry = (int(scores[at]) << COLUMN_BITS) | (COLUMN_MASK - int(columns[at]))
        if at < size:
            # Sift up in a heap whose root is the worst entry kept.
            child = at
            while child > 0:
                parent = (child - 1) >> 1
                if best[parent] <= entry:
                    break
                best[child] = best[parent]
                child = parent
            best[child] = entry
        elif entry > best[0]:
            _sift_down(best, size, entry)
    for last in range(size - 1, 0, -1):
        worst = best[0]
        _sift_down(best, last, best[last])
        best[last] = worst
    return size


@compiled
def best_of_rows(
    scene: Scene, rows: I64, places: I64, scratch: Scratch, best: I64, counts: I64, complete: Bool
) -> None:
    """Score some mentees and keep each one's best.

    Args:
        scene: what is scored.
        rows: int64 (k,), mentees' numbers.
        places: int64, which of ``rows`` to score.
        scratch: working memory of this thread.
        best: int64 (k, limit), filled at ``places`` with the best mentors, packed as in ``_keep_best``.
        counts: int64 (k,), how many were kept.
        complete: bool (k,), whether that is all there are.
    """
    for place in places:
        found = score_mentee(scene, rows[place], scratch)
        counts[place] = _keep_best(found, scratch.column, scratch.score, best[place])
        complete[place] = found <= best.shape[1]
