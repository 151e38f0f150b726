"""One run as it was asked for: which files, which options; enough to state the same problem again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from pairing.explain import People
from pairing.locks import refuse_impossible_locks
from pairing.policy import Policy
from pairing.problem import IdPair, PairingProblem, build_problem
from reference.cells import Resolver
from reference.faults import Notice
from reference.reading import Limits, PeopleFiles, Source, read_people


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: the people and everything that decides.

    Attributes:
        files: by role (``mentors``, ``mentees``, ``history``), each already in memory.
        locks, forbidden: (mentee id, mentor id).
    """

    files: Mapping[str, Source]
    today: date
    policy: Policy
    locks: Sequence[IdPair] = ()
    forbidden: Sequence[IdPair] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """The question as a problem, with the people behind its rows and columns."""

    question: Question
    problem: PairingProblem
    people: People
    notices: tuple[Notice, ...] = field(default=())


def state(question: Question, *, limits: Limits, resolver: Resolver | None = None) -> Stated:
    """Read the files and state the problem.

    Raises:
        UnusableFilesError: with every fault of all files.
        ProblemError: a lock or prohibition names nobody, or a lock breaks a rule.
    """
    files = question.files
    read: PeopleFiles = read_people(
        files["mentors"],
        files["mentees"],
        files.get("history"),
        limits=limits,
        today=question.today,
        resolver=resolver,
        customs=question.policy.customs,
    )
    problem = build_problem(
        mentees=read.mentees,
        mentors=read.mentors,
        today=question.today,
        policy=question.policy,
        earlier=[(pair.mentee_id, pair.mentor_id) for pair in read.pairs],
        locks=question.locks,
        forbidden=question.forbidden,
    )
    refuse_impossible_locks(problem)
    people = People(problem, read.mentees, read.mentors)
    return Stated(question=question, problem=problem, people=people, notices=read.notices)


def fingerprint(source: Source) -> str:
    """Return the SHA-256 of a file's content, in hexadecimal."""
    return hashlib.sha256(source.content).hexdigest()
