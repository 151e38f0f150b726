"""Whom a choice passes over: women who have waited longer, and whom this very mentor would help as much."""

from __future__ import annotations

from typing import Final

import numpy as np

from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.intake.waiting import who_waited_longer
from mentornet.matching.bank import Bank
from pairing.features import I64
from pairing.scoring import judge_pairs

NEAR: Final = 500
"""Five of a hundred points: whose match is no further behind is as good a one, and waiting decides between the two."""


def passed_over_with(by: Staff, bank: Bank, mentee: Enrolment, mentor: Enrolment) -> int:
    """Return how many have waited longer in her division and programme, and fit a mentor as well as she does.

    As well: no hard rule fails, the floor is reached, and the score without the bonus for waiting is at most
    :data:`NEAR` behind hers. Nobody who is taken earlier herself, or cannot be matched just now. One query.
    """
    row, column = bank.rows.get(str(mentee.pk)), bank.columns.get(str(mentor.pk))
    if row is None or column is None or bank.unbriefed[column]:
        return 0
    longer = who_waited_longer(mentee, by.casework, by.today)
    rows: I64 = np.array([row, *(bank.rows[key] for one in longer if (key := str(one)) in bank.rows)], np.int64)
    judged = judge_pairs(bank.problem, rows, np.full(len(rows), column, np.int64))
    fits = judged.rules.allowed & (judged.scores >= bank.problem.policy.floor)
    plain = judged.scores - np.round(bank.problem.bonus[rows] * 10_000).astype(np.int64)
    as_well = fits[1:] & (plain[1:] >= plain[0] - NEAR)
    return int(as_well.sum())
