"""Locks that cannot stand, or not together: all of them at once, each with what contradicts it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pairing.between import beside_each_other
from pairing.errors import ProblemError
from pairing.problem import PairingProblem
from pairing.rules import RULE_NAMES, rule_states
from pairing.terms import RULES, Rule
from reference.spoken import Listed
from reference.translation import N2_, N_, Message, counted

Lock = tuple[int, int]
"""A mentee's row and a mentor's column."""


class Clash(StrEnum):
    """In what way locks contradict."""

    RULE = "rule"
    """One lock, and a hard rule."""
    MENTEE = "mentee"
    """Several locks on one mentee, who can have one mentor."""
    PLACES = "places"
    """More locks on one mentor than she has places."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Locks of which at least one must go.

    Attributes:
        clash: why.
        locks: which, ascending.
        rules: those that the one lock breaks; empty for the other kinds.
        places: of the mentor; 0 for the other kinds.
    """

    clash: Clash
    locks: tuple[Lock, ...]
    rules: tuple[Rule, ...] = ()
    places: int = 0


def contradictions(problem: PairingProblem) -> tuple[Contradiction, ...]:
    """Return every contradiction among the locks; none exactly where all of them can stand together.

    First each lock that breaks a rule, then the mentees who are locked to several mentors, then the mentors on whom
    there are more locks than places; locks that break a rule take no place.
    """
    locks = [(row, column) for row, column in problem.locks.tolist()]
    fails = rule_states(
        beside_each_other(problem, problem.locks[:, 0], problem.locks[:, 1]), problem.policy.min_language
    ).fails
    found, standing = [], []
    for at, lock in enumerate(locks):
        broken = tuple(rule for rule, is_broken in zip(RULES, fails[:, at], strict=True) if is_broken)
        if broken:
            found.append(Contradiction(Clash.RULE, (lock,), rules=broken))
        else:
            standing.append(lock)
    of_mentee: dict[int, list[Lock]] = {}
    of_mentor: dict[int, list[Lock]] = {}
    for lock in locks:
        of_mentee.setdefault(lock[0], []).append(lock)
    for lock in standing:
        of_mentor.setdefault(lock[1], []).append(lock)
    found += [Contradiction(Clash.MENTEE, tuple(several)) for several in of_mentee.values() if len(several) > 1]
    for column, several in sorted(of_mentor.items()):
        places = int(problem.capacity[column])
        if len(several) > places:
            found.append(Contradiction(Clash.PLACES, tuple(several), places=places))
    return tuple(found)


def complaints_of(problem: PairingProblem, found: Contradiction) -> list[Message]:
    """Return what to say of a contradiction, in the words of the program ``match``."""

    def named(lock: Lock) -> str:
        return f"--lock {problem.mentee_ids[lock[0]]}:{problem.mentor_ids[lock[1]]}"

    mentee, mentor = problem.mentee_ids[found.locks[0][0]], problem.mentor_ids[found.locks[0][1]]
    if found.clash is Clash.RULE:
        template = N_("--lock {mentee}:{mentor} is refused by the rule “{rule}”: {why}")
        return [
            Message(
                template, {"mentee": mentee, "mentor": mentor, "rule": rule.value, "why": Message(RULE_NAMES[rule])}
            )
            for rule in found.rules
        ]
    locks = Listed(tuple(named(lock) for lock in found.locks))
    if found.clash is Clash.MENTEE:
        template = N_("{locks} contradict each other: {mentee} can have one mentor")
        return [Message(template, {"locks": locks, "mentee": mentee})]
    forms = N2_(
        "{locks} contradict each other: {mentor} has {count} free place",
        "{locks} contradict each other: {mentor} has {count} free places",
    )
    return [counted(forms, found.places, {"locks": locks, "mentor": mentor})]


def refuse_impossible_locks(problem: PairingProblem) -> None:
    """Check that every locked pair passes every rule and that nobody is promised twice.

    Raises:
        ProblemError: with every contradiction, and the locks and rules between which it is.
    """
    complaints = [message for found in contradictions(problem) for message in complaints_of(problem, found)]
    if complaints:
        raise ProblemError(complaints)
