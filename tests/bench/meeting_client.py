"""A matching meeting as a coordinator's browser has it, timed: ``meeting_client.py fill MENTEES MENTORS`` writes a
waiting list, a bank, and places that divisions have released to each other; ``meeting_client.py PORT ROUNDS`` sits in a
meeting about all of it, acts, looks at the board, and prints figures as JSON.

The clock runs from the first byte of a request to the last of its answer, over one kept connection.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import numpy.typing as npt
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from scipy.optimize import linear_sum_assignment

# These set Django up, before any model is imported.
from bench.desk_client import LEAD, Browser  # isort: skip
from bench.desk_people import BY, COORDINATOR, TODAY, begin_programme, enrol  # isort: skip
from factories.network import network
from mentornet.accounts.models import User
from mentornet.audit.services import seal_entries
from mentornet.common.bulk import count_anew
from mentornet.common.row_scope import EVERYTHING, within
from mentornet.config.running import prepare_database
from mentornet.demo.models import DemoNetwork
from mentornet.divisions.models import Division, Role, StaffRole
from mentornet.divisions.queries import staff_member
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching.changes import Given, sets_of
from mentornet.matching.enums import LoanState
from mentornet.matching.meeting_queries import fixed_in, newest_run
from mentornet.matching.models import Loan, MatchingMeeting, MeetingDecision, MeetingRun, MeetingTie
from mentornet.matching.ranking import rank_for
from mentornet.matching.services.meeting_runs import settings_of, whole_now
from mentornet.matching.solving import solved
from mentornet.matching.whole import asked_of
from pairing.problem import PairingProblem
from pairing.scoring import judge_row

LOANS_A_THOUSAND: Final = 20
"""For so many of a thousand who wait, a mentor of another division is released."""
LOCKS: Final = 20
PATIENCE: Final = 120


def fill(mentees: int, mentors: int) -> None:
    """Write everybody in bulk, each row as the services would."""
    prepare_database()
    waiting, bank = network(mentees, mentors)
    with transaction.atomic():
        names = sorted({one.division for one in (*waiting, *bank) if one.division})
        divisions = {name: Division(name=name, opened_on=TODAY, created_at=BY.at) for name in names}
        Division.objects.bulk_create(divisions.values())
        owner = User.objects.create_user(email=COORDINATOR, name="Bench")
        StaffRole.objects.create(user=owner, role=Role.NATIONAL_LEAD, since=TODAY, created_at=BY.at)
        programme = begin_programme()
        listed = enrol(waiting, programme, divisions, owner)
        lent = enrol(bank, programme, divisions, owner)
        random, free, loans = Random(2003), [one for one in lent if one.capacity > 1], []
        for mentee in random.sample(listed, mentees * LOANS_A_THOUSAND // 1000):
            mentor = random.choice([one for one in free if one.division_id != mentee.division_id])
            free.remove(mentor)
            loans.append(
                Loan(
                    mentee=mentee, mentor=mentor, division=mentee.division, lender=mentor.division,
                    state=LoanState.RELEASED, reason="Bench.", asked_by=BY.key, author_name="Bench",
                    expires_on=TODAY + timedelta(days=14), answered_at=BY.at, answered_by=BY.key,
                    answered_name="Bench", until_on=TODAY + timedelta(days=60), created_at=BY.at,
                )
            )  # fmt: skip
        Loan.objects.bulk_create(loans)
        DemoNetwork.objects.create(seed=0, size="bench", loaded_on=TODAY, loaded_at=BY.at)
    with within(EVERYTHING):
        count_anew()
        while seal_entries(by=BY):
            pass


class Patient(Browser):
    """A browser that thinks between two requests: the server closes a connection on which nothing is asked for long."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.asked = 0.0

    def ask(self, path: str, method: str = "GET", body: str = "") -> tuple[int, bytes, float]:
        if time.perf_counter() > self.asked + 1:
            self.connection.close()
            self.connection.connect()
        try:
            return super().ask(path, method, body)
        finally:
            self.asked = time.perf_counter()


class Sitting:
    """One meeting, and the browser that sits in it."""

    def __init__(self, port: int) -> None:
        self.browser = Patient(port)
        self.browser.sign_in()
        self.token, self.size = "", 0
        self.meeting = self._open()

    @property
    def by(self) -> Staff:
        return staff_member(User.objects.get(email=LEAD), BY.at)

    def _open(self) -> MatchingMeeting:
        new = reverse("desk:meeting_new")
        self._read_token(self.browser.ask(new)[1])
        divisions = [("divisions", str(key)) for key in Division.objects.values_list("pk", flat=True)]
        programme = Enrolment.objects.values_list("programme_id", flat=True)[:1].get()
        start = time.perf_counter()
        self.post(new, [("programme", str(programme)), *divisions])
        while not MatchingMeeting.objects.filter(state="open").exists():
            assert time.perf_counter() < start + PATIENCE, "the meeting was not prepared"
            time.sleep(0.02)
        self.prepared = time.perf_counter() - start
        return MatchingMeeting.objects.get()

    def _read_token(self, page: bytes) -> None:
        found = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert found is not None, page[:500]
        self.token = found[1].decode()

    def post(self, path: str, data: list[tuple[str, str]]) -> float:
        """Do something, and return how long its answer took."""
        body = urlencode([("csrfmiddlewaretoken", self.token), *data])
        status, content, took = self.browser.ask(path, "POST", body)
        assert status == 302, (status, path, content[-2000:])
        return took

    def address(self, name: str, *more: Any) -> str:
        return reverse(f"desk:{name}", args=[self.meeting.pk, *more])

    def board(self) -> float:
        status, content, took = self.browser.ask(self.address("meeting"))
        assert status == 200, content[-2000:]
        self.size = max(self.size, len(content))
        return took

    def run(self) -> MeetingRun:
        found = newest_run(self.meeting)
        assert found is not None
        return found

    def settings(self, **more: object) -> list[tuple[str, str]]:
        self.meeting.refresh_from_db()
        given: dict[str, object] = {f"weight_{name}": weight * 100 for name, weight in self.meeting.weights.items()}
        if sum(self.meeting.weights.values()) > 2:
            given = {f"weight_{name}": weight for name, weight in self.meeting.weights.items()}
        given |= {"seen": self.meeting.settings_number, "floor": 35} | more
        return [(name, f"{value:.2f}" if isinstance(value, float) else str(value)) for name, value in given.items()]

    def refusal(self) -> list[str]:
        """Return what the next page says of an act that was not done."""
        page = self.browser.ask(self.address("meeting"))[1].decode()
        return re.findall(r'class="toast[^"]*"[^>]*>(.*?)</div>', page, re.DOTALL)

    def lift(self) -> str:
        newest = MeetingTie.objects.filter(meeting=self.meeting, lifted_at=None).order_by("-created_at").first()
        assert newest is not None
        return self.address("meeting_lift", newest.pk)


def others(sitting: Sitting) -> Iterator[tuple[UUID, str]]:
    """Yield women with another mentor than the set has for them: the next who fits, and whom nobody is locked to."""
    by, meeting = sitting.by, sitting.meeting
    whole, used = whole_now(meeting, by), set[str]()
    best = sets_of(meeting, sitting.run())[0]
    lent = {mentor for some in whole.bank.lent.values() for mentor in some}
    for mentee_id in sorted(best, key=str):
        ranking = rank_for(whole.bank, mentee_id)
        if str(mentee_id) not in whole.rows or any(one.pair[0] == str(mentee_id) for one in whole.lent):
            continue
        home = whole.bank.people.mentees[whole.bank.rows[str(mentee_id)]].division
        for column in ranking.order[: ranking.standing].tolist() if ranking is not None else ():
            mentor = whole.bank.problem.mentor_ids[column]
            if (
                mentor not in {*used, *lent, str(best[mentee_id].mentor_id)}
                and whole.bank.people.mentors[column].division == home
                and whole.problem.capacity[column] > 0
            ):
                used.add(mentor)
                yield mentee_id, mentor
                break


def tie(kind: str, mentee: object, mentor: object) -> list[tuple[str, str]]:
    return [("kind", kind), ("mentee", str(mentee)), ("mentor", str(mentor))]


def decision(mentee: object, outcome: str, mentor: object = "") -> list[tuple[str, str]]:
    data = [("mentee", str(mentee)), ("outcome", outcome), ("seen", "0"), ("reason", "Bench.")]
    return [*data, *([("mentor", str(mentor))] if mentor else [])]


def timed(port: int, rounds: int) -> dict[str, Any]:
    """Sit in a meeting and act; each act is followed by the board, as a browser does it."""
    sitting = Sitting(port)
    # Each of the server's processes has read the bank, and loaded the solver, before the clock counts.
    for _number in range(8):
        sitting.board()
        sitting.post(sitting.address("meeting_solve"), [])
    found: dict[str, list[float]] = {}
    boards: list[float] = []
    changes: list[int] = []

    def do(name: str, path: str, data: list[tuple[str, str]]) -> None:
        before = sitting.run().number
        found.setdefault(name, []).append(sitting.post(path, data))
        if name not in DECIDING:
            # What was refused would be fast as well.
            assert sitting.run().number == before + 1, (name, sitting.refusal())
            one, other = sets_of(sitting.meeting, *_last_two(sitting))
            changes.append(sum(_mentor(one, key) != _mentor(other, key) for key in {**one, **other}))
        boards.append(sitting.board())

    pairs = iter(list(others(sitting)))
    ties, given = sitting.address("meeting_tie"), sitting.address("meeting_settings")
    for _number in range(min(LOCKS, 2 * rounds)):
        sitting.post(ties, tie("lock", *next(pairs)))
    assert len(sitting.run().locks) == min(LOCKS, 2 * rounds)
    idle = [sitting.board() for _number in range(rounds)]
    for at in range(rounds):
        mentee, mentor = next(pairs)
        do("lock a pair", ties, tie("lock", mentee, mentor))
        do("lift the lock", sitting.lift(), [])
        do("rule a pair out", ties, tie("forbid", mentee, mentor))
        do("lift the prohibition", sitting.lift(), [])
        do("change a weight", given, sitting.settings(weight_pace=11 + at % 7))
        do("change the floor", given, sitting.settings(floor=36 + at % 5))
        do("borrow across divisions", given, sitting.settings(borrows="on"))
        do("borrow no more", given, sitting.settings())
        best = sets_of(sitting.meeting, sitting.run())[0]
        decided = set(MeetingDecision.objects.values_list("mentee_id", flat=True))
        locked = set(MeetingTie.objects.filter(kind="lock", lifted_at=None).values_list("mentee_id", flat=True))
        # From the other end than those who are locked.
        stays, leaves = [key for key in sorted(best, key=str, reverse=True) if key not in decided | locked][:2]
        decide = sitting.address("meeting_decide")
        do(DECIDING[0], decide, decision(stays, "propose", best[stays].mentor_id))
        do("decide otherwise", decide, decision(leaves, "wait"))
    problem = asked_of(*_asked(sitting)).problem
    return {
        "prepared": sitting.prepared,
        "acts": {name: cut(times) for name, times in found.items()},
        "board": cut(boards),
        "idle": cut(idle),
        "board_kib": sitting.size / 1024,
        "most_changes": max(changes),
        "locks": len(problem.locks),
        "loans": Loan.objects.count(),
        "mentees": problem.mentees,
        "mentors": problem.mentors,
        "queries": counted(sitting),
        **beside(problem),
    }


DECIDING: Final = ("decide as the set has it",)
"""No set is looked for after it."""


def _last_two(sitting: Sitting) -> list[MeetingRun]:
    return list(MeetingRun.objects.filter(meeting=sitting.meeting).select_related("snapshot").order_by("-number")[:2])


def _mentor(found: Mapping[UUID, Given], mentee: UUID) -> UUID | None:
    return found[mentee].mentor_id if mentee in found else None


def _asked(sitting: Sitting) -> tuple[Any, Any, Any]:
    meeting = MatchingMeeting.objects.select_related("version").prefetch_related("sits").get(pk=sitting.meeting.pk)
    return whole_now(meeting, sitting.by), settings_of(meeting), fixed_in(meeting)


def cut(times: list[float]) -> dict[str, float]:
    cuts = quantiles(times, n=20, method="inclusive") if len(times) > 1 else [times[0]] * 19
    return {"p50": cuts[9], "p95": cuts[18], "worst": max(times)}


def counted(sitting: Sitting) -> dict[str, int]:
    """Return how many queries the board makes, in this process, once the bank is in memory."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(email=LEAD))
    path = sitting.address("meeting")
    assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return {"board": len(queries)}


def beside(problem: PairingProblem) -> Mapping[str, float | bool]:
    """Return the seconds in which ours and scipy find the set of the same question, and whether they agree."""
    solved(problem)
    start = time.perf_counter()
    ours = solved(problem)
    end = time.perf_counter()
    pairs, total, scored = dense(problem)
    done = time.perf_counter()
    return {
        "solver": end - start,
        "scoring": scored - end,
        "scipy": done - end,
        "agree": (pairs, total) == (len(ours.pairs), int(ours.scores.sum())),
    }


def dense(problem: PairingProblem) -> tuple[int, int, float]:
    """Find the best set by scoring every pair with numpy into a full matrix, and scipy's dense assignment.

    Returns how many pairs, their points, and when the matrix was full.
    """
    free = replace(problem, locks=np.zeros((0, 2), np.int64))
    columns = np.repeat(np.arange(problem.mentors), problem.capacity)
    scores: npt.NDArray[np.int64] = np.full((problem.mentees, problem.mentors), -1, np.int64)
    locked = {int(row): int(column) for row, column in problem.locks}
    for row in range(problem.mentees):
        judged = judge_row(free, row)
        if row in locked:
            scores[row, locked[row]] = judged.scores[locked[row]]
            continue
        can = judged.rules.allowed & (judged.scores >= problem.policy.floor)
        scores[row, can] = judged.scores[can]
    scored = time.perf_counter()
    chosen_from = scores[:, columns]
    # No sum of scores reaches one more pair, and none of them a lock; floats are still whole there.
    big = problem.mentees * (int(scores.max()) + 1)
    weights = np.where(chosen_from >= 0, chosen_from + big, 0)
    for row in locked:
        weights[row] = np.where(chosen_from[row] >= 0, weights[row] + big * problem.mentees, 0)
    rows, picked = linear_sum_assignment(weights, maximize=True)
    found = chosen_from[rows, picked]
    return int((found >= 0).sum()), int(found[found >= 0].sum()), scored


if __name__ == "__main__":
    assert settings.configured
    if sys.argv[1] == "fill":
        fill(int(sys.argv[2]), int(sys.argv[3]))
    else:
        with within(EVERYTHING):
            sys.stdout.write(json.dumps(timed(int(sys.argv[1]), int(sys.argv[2]))))
