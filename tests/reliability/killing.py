"""Writers that are killed: ``python killing.py --cycles 500``, in an environment that names a database; prints JSON.

A writer does the program's own services, with the settings that real people's data are kept with, and says each time
when one has returned. It is killed with signal 9 at a random moment. Whoever killed it then looks: what was
acknowledged is there, what was under way is there whole or not at all, and the number of rows in every table is what
these acts make, no more and no less.

Two runs show that this would be seen: ``--control early`` acknowledges before the commit, ``--control torn`` writes
without a transaction. ``--sweep`` kills at each statement of each act in turn, and before and after its commit.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from io import TextIOWrapper
from typing import Any, Final

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentornet.config.settings")
import django

django.setup()
from django.db import connection, connections  # noqa: E402 - Django is started first

from mentornet.audit.queries import verify_chain  # noqa: E402
from reliability.acts import KINDS, Act, World, facts, faults_of_all, perform  # noqa: E402
from reliability.databases import copies, counts, damages, enter, is_at_work, prepare  # noqa: E402
from reliability.writing import be_writer  # noqa: E402

PLAN: Final = 6
"""Acts that a writer is given; it is killed long before it has done them all."""
SUPPLY: Final = PLAN
"""Proposals that wait for an answer, at least; and as many in which one has said yes."""
LOOK_WHOLE: Final = 100
"""Cycles after which everything acknowledged so far is looked for once more."""

Task = Callable[["Lane"], Mapping[str, "Seen"]]


@dataclass
class Seen:
    """What was seen in the cycles of one lane."""

    cycles: int = 0
    acknowledged: Counter[str] = field(default_factory=Counter)
    vanished: Counter[str] = field(default_factory=Counter)
    finished: Counter[str] = field(default_factory=Counter)
    sealing: int = 0
    faults: list[str] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        """Return it for JSON."""
        names = ("acknowledged", "vanished", "finished")
        numbers = {"cycles": self.cycles, "sealing": self.sealing}
        return numbers | {"faults": self.faults} | {name: dict(getattr(self, name)) for name in names}


# Whoever kills and looks --------------------------------------------------------------------------------------------


@dataclass
class Ended:
    """What a writer has said until it was gone."""

    done: int
    is_under_way: bool
    was_killed: bool
    backend: int


class Lane:
    """One database, its writers one after the other, and what is to be found in it."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.seen = Seen()
        self.world = World.make()
        self.unanswered: list[str] = []
        self.half: list[str] = []
        self.standing: list[Act] = []
        self.makes: dict[str, Mapping[str, int]] = {}
        self.lasts: dict[str, float] = {}
        self._supply()
        self._learn()

    def _supply(self) -> None:
        while len(self.unanswered) < SUPPLY:
            self.unanswered.append(str(self.world.make_proposal().pk))
        while self.makes and len(self.half) < SUPPLY:
            act = Act("first yes", "", str(self.world.make_proposal().pk))
            perform(self.world, act)
            self.half.append(act.about)

    def _learn(self) -> None:
        """Do each act without being disturbed, and keep how many rows of each table it makes, and how long it takes."""
        # What the set-up has left unsealed would be the first one's.
        perform(self.world, Act("seal", ""))
        for number, kind in enumerate(KINDS * 2):
            act = self.world.draw(self.rng, kind, self.unanswered, self.half)
            before, start = counts(), time.perf_counter()
            perform(self.world, act)
            self.lasts[kind] = time.perf_counter() - start
            made = _more(before, counts())
            if number >= len(KINDS) and self.makes[kind] != made:
                raise AssertionError(f"{kind} makes {self.makes[kind]} rows, and then {made}")
            self.makes[kind] = made
            if not all(facts(self.world, act).values()):
                raise AssertionError(f"{kind}: not whole though nobody was killed: {facts(self.world, act)}")
            self.standing.append(act)
            if act.kind == "first yes":
                self.half.append(act.about)

    def run(self, cycles: int) -> Seen:
        """Let so many writers be killed at random moments, and look after each."""
        for number in range(1, cycles + 1):
            self._supply()
            plan = self.world.plan(self.rng, PLAN, self.unanswered, self.half)
            acts, share = self.rng.choice((0, 0, 1, 1, 2)), self.rng.random()
            usual = self.lasts[plan[acts].kind] * 1.3
            self._cycle(plan, wait_for=f"begun {acts}", then=share * usual)
            if number % LOOK_WHOLE == 0 or number == cycles:
                self._look_whole()
        return self.seen

    def sweep(self, kinds: Sequence[str], *, most: int = 1000, control: str = "") -> Seen:
        """Kill at each step of an act in turn, until an act ends before its writer is killed."""
        self.seen = Seen()
        for kind in kinds:
            kill_at = 0
            is_over = False
            while not is_over and kill_at < most:
                kill_at += 1
                self._supply()
                act = self.world.draw(self.rng, kind, self.unanswered, self.half)
                is_over = not self._cycle([act], kill_at=kill_at, control=control).was_killed
        if not control:
            self._look_whole()
        return self.seen

    def early(self, cycles: int) -> Seen:
        """Kill writers that acknowledge before they commit: right when they have said so."""
        for _ in range(cycles):
            self._supply()
            act = self.world.draw(self.rng, "quiet word", self.unanswered, self.half)
            self._cycle([act], wait_for="done 0", control="early")
        return self.seen

    def _cycle(
        self, plan: Sequence[Act], *, wait_for: str = "", then: float = 0.0, kill_at: int = 0, control: str = ""
    ) -> Ended:
        before = counts()
        ended = self._let_write(plan, wait_for, then, kill_at=kill_at, control=control)
        while is_at_work(ended.backend):
            time.sleep(0.005)
        self._look(plan, ended, before)
        self.seen.cycles += 1
        return ended

    def _let_write(self, plan: Sequence[Act], wait_for: str, then: float, *, kill_at: int, control: str) -> Ended:
        connections.close_all()
        here, there = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(here)
            be_writer(there, self.world, plan, kill_at=kill_at, control=control)
        os.close(there)
        with os.fdopen(here) as heard:
            lines = list(_until(heard, wait_for))
            if wait_for:
                time.sleep(then)
                os.kill(pid, signal.SIGKILL)
            lines += [line.strip() for line in heard]
        _, status = os.waitpid(pid, 0)
        for line in lines:
            if line.startswith("failed "):
                raise AssertionError(json.loads(line.removeprefix("failed ")))
        done = sum(line.startswith("done ") for line in lines)
        begun = sum(line.startswith("begun ") for line in lines)
        return Ended(done, begun > done, os.WIFSIGNALED(status), int(lines[0].split()[1]))

    def _look(self, plan: Sequence[Act], ended: Ended, before: Mapping[str, int]) -> None:
        """Compare the database with what the writer has said."""
        whole = list(plan[: ended.done])
        for act in whole:
            self._look_for(act)
            self.seen.acknowledged[act.kind] += 1
        more = _more(before, counts())
        if ended.is_under_way:
            act = plan[ended.done]
            self._look_under_way(act, whole, more)
        elif more != (expected := self._make(whole)):
            self.seen.faults.append(f"{_kinds(whole)}: made {more} rows, not {expected}")
        self.half += [act.about for act in whole if act.kind == "first yes"]
        for act in plan[ended.done + 1 :]:
            self._give_back(act)

    def _look_for(self, act: Act) -> None:
        missing = [name for name, is_there in facts(self.world, act).items() if not is_there]
        if missing:
            self.seen.faults.append(f"{act.kind}: acknowledged, and lost: {', '.join(missing)}")
        else:
            self.standing.append(act)

    def _look_under_way(self, act: Act, whole: list[Act], more: Mapping[str, int]) -> None:
        there = facts(self.world, act)
        is_there = more == self._make([*whole, act]) and all(there.values())
        is_gone = more == self._make(whole) and not any(there.values())
        if act.kind == "seal" and is_there:
            # What it has done shows in no count: it is asked of the whole chain, at the end.
            self.seen.sealing += 1
        elif is_there:
            self.seen.finished[act.kind] += 1
        elif is_gone:
            self.seen.vanished[act.kind] += 1
        else:
            self.seen.faults.append(f"{act.kind}: torn: {dict(there)}, rows {more} after {_kinds(whole)}")
        if is_there and act.kind != "seal":
            self.standing.append(act)

    def _make(self, acts: Sequence[Act]) -> Mapping[str, int]:
        made: Counter[str] = Counter()
        for act in acts:
            made.update(self.makes[act.kind])
        return dict(made)

    def _give_back(self, act: Act) -> None:
        """Keep proposals that nobody came to for the next writer."""
        if act.kind == "second yes":
            self.half.append(act.about)
        elif act.kind in {"first yes", "no"}:
            self.unanswered.append(act.about)

    def _look_whole(self) -> None:
        for act in self.standing:
            missing = [name for name, is_there in facts(self.world, act).items() if not is_there]
            if missing:
                self.seen.faults.append(f"{act.kind}: stood before, and is gone: {', '.join(missing)}")
        self.standing = [act for act in self.standing if act.kind != "seal"][-200:]
        self.seen.faults += [*faults_of_all(self.world), *damages()]
        report = verify_chain()
        if not report.ok:
            self.seen.faults.append(f"the audit's chain is broken: {report.first_fault}")


def _until(heard: TextIOWrapper, wanted: str) -> Iterator[str]:
    if not wanted:
        return
    for line in heard:
        yield line.strip()
        if line.strip() == wanted:
            return


def _more(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    return {name: after[name] - before[name] for name in after if after[name] != before[name]}


def _kinds(acts: Sequence[Act]) -> str:
    return " + ".join(act.kind for act in acts) or "nothing"


# The program --------------------------------------------------------------------------------------------------------


def _lane(name: str, seed: int, task: Task) -> tuple[int, int]:
    """Run a lane in a process of its own; return the process, and where it tells what it has seen."""
    here, there = os.pipe()
    pid = os.fork()
    if pid:
        os.close(there)
        return pid, here
    os.close(here)
    try:
        enter(name)
        told: dict[str, Any] = {name: seen.told() for name, seen in task(Lane(seed)).items()}
    except BaseException:  # noqa: BLE001 - told to whoever has asked
        told = {"error": traceback.format_exc()}
    with closing(os.fdopen(there, "w")) as out:
        out.write(json.dumps(told))
    os._exit(0)


def run(tasks: Sequence[Task], seed: int) -> list[dict[str, Any]]:
    """Run tasks beside each other, each in a copy of the database."""
    with copies(len(tasks)) as names:
        lanes = [_lane(name, seed * 1000 + at, task) for at, (name, task) in enumerate(zip(names, tasks, strict=True))]
        told = []
        for pid, pipe in lanes:
            with os.fdopen(pipe) as heard:
                told.append(json.loads(heard.read()))
            os.waitpid(pid, 0)
    for one in told:
        if "error" in one:
            raise RuntimeError(one["error"])
    return told


def merged(told: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what several lanes have seen as if it were one."""
    whole: dict[str, Any] = {
        **{name: sum(one[name] for one in told) for name in ("cycles", "sealing")},
        "faults": [fault for one in told for fault in one["faults"]],
    }
    for name in ("acknowledged", "vanished", "finished"):
        whole[name] = dict(sum((Counter(one[name]) for one in told), Counter()))
    return whole


def main() -> None:
    """Run what the command line asks for, and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cycles", type=int, default=500)
    parser.add_argument("--lanes", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    prepare()
    start = time.perf_counter()
    tasks = [_killed(asked.cycles, KINDS, at, asked.lanes) for at in range(asked.lanes)]
    tasks += [
        lambda lane: {"early": lane.early(5)},
        lambda lane: {"torn": lane.sweep(["letter"], most=20, control="torn")},
    ]
    told = run(tasks, asked.seed)
    told_of = {
        name: merged([one[name] for one in told if name in one]) for name in ("killed", "swept", "early", "torn")
    }
    print(json.dumps({"vendor": connection.vendor, "seconds": time.perf_counter() - start, **told_of}))


def _killed(cycles: int, kinds: Sequence[str], at: int, lanes: int) -> Task:
    """Return what one of several lanes does: its share of the cycles, and of the kinds of acts."""
    share = cycles // lanes + (at < cycles % lanes)
    return lambda lane: {"killed": lane.run(share), "swept": lane.sweep(kinds[at::lanes])}


if __name__ == "__main__":
    main()
