"""The commands ``match`` and ``verify``: two spreadsheets in, the best pairs out, and the proof checked.

No database, no settings of its own: the program hands in limits, language and what knows job titles.
"""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final, NoReturn

from pairing import record
from pairing.certificate import Figures, PairingResult, figures_of
from pairing.errors import CertificateError, PairingError
from pairing.explain import explain_pairs, explain_rank, explain_unmatched
from pairing.outcome import Outcome, Proof
from pairing.outputs import everything_json, pairs_csv, rank_csv, unmatched_csv, write_scores
from pairing.placing import Placing
from pairing.policy import DEFAULT_FLOOR, Policy, floor_units, read_policy
from pairing.problem import IdPair
from pairing.report import render_report
from pairing.run import Question, Stated, fingerprint, state
from pairing.solve import prepare, solve
from pairing.terms import CRITERIA, UNITS
from pairing.verify import verify
from reference.cells import Resolver
from reference.faults import Fault, Notice, UnusableFilesError
from reference.reading import Limits, Source
from reference.sheets import load
from reference.spoken import Decimal as Spoken
from reference.translation import N2_, N_, Language, Message, Value, counted

DONE: Final = 0
NOT_PROVED: Final = 1
REFUSED: Final = 2
CHECKED_AT_ONCE: Final = 30_000_000
"""Up to so many pairs the independent check is part of the run (some seconds); beyond, ``verify`` does it."""
RANK: Final = "rank.csv"
NOTICES: Final = "notices.txt"
NOTICES_SHOWN: Final = 10
SURE: Final = 100
PATIENCE: Final = 2.0
"""Seconds of silence before the program says what takes so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the program hands to a command.

    Attributes:
        limits: how large a file may be.
        language: of reasons, report and messages, unless asked otherwise.
        resolver: what knows job titles; the bundled table without it.
        version: of the program, written into results.
        today: the day of the run, unless asked otherwise.
    """

    limits: Limits
    language: Language
    resolver: Resolver | None
    version: str
    today: date


class RefusedError(Exception):
    """Raised when a command cannot be carried out; every line says what is wrong and what to do."""

    def __init__(self, lines: Sequence[str], code: int = REFUSED) -> None:
        self.lines = tuple(lines)
        self.code = code
        super().__init__("\n".join(self.lines))


class _Command:
    """A command under way: says things in one language, and turns every complaint into lines."""

    def __init__(self, surroundings: Surroundings, language: Language) -> None:
        self.surroundings = surroundings
        self.language = language

    def say(self, template: str, **values: Value) -> None:
        print(Message(template, values).text(self.language))  # noqa: T201 - the answer of a command

    def notice(self, line: str) -> None:
        print(line, file=sys.stderr)  # noqa: T201 - stderr is where a command's notices go

    def refuse(self, template: str, **values: Value) -> NoReturn:
        raise RefusedError([Message(template, values).text(self.language)])

    @contextmanager
    def complaints(self, code: int = REFUSED) -> Iterator[None]:
        """Turn what is wrong with files, options and results into lines in the user's language."""
        try:
            yield
        except UnusableFilesError as error:
            count = len(error.faults)
            forms = N2_("Nothing was done. One thing to mend:", "Nothing was done. {count} things to mend:")
            lines = [counted(forms, count).text(self.language)]
            raise RefusedError(lines + [fault.text(self.language) for fault in error.faults]) from error
        except CertificateError as error:
            raise RefusedError(error.lines(self.language), code) from error
        except PairingError as error:
            raise RefusedError(error.lines(self.language)) from error

    @contextmanager
    def patience(self, template: str) -> Iterator[None]:
        """Say what takes so long, if it does."""
        timer = threading.Timer(PATIENCE, lambda: self.notice(Message(template).text(self.language)))
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def option_date(self, text: str | None) -> date:
        if text is None:
            return self.surroundings.today
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.refuse(N_("--today {value}: expected a date such as 2026-11-21"), value=text)

    def option_policy(self, weights: Path | None, floor: str | None) -> Policy:
        with self.complaints():
            policy = Policy() if weights is None else read_policy(weights)
        if floor is None:
            return policy
        try:
            number = Decimal(floor.replace(",", "."))
        except InvalidOperation:
            number = Decimal(-1)
        if not number.is_finite() or not 0 <= number <= 2:
            self.refuse(N_("--floor {value}: expected a number such as {example}"), value=floor, example=DEFAULT_FLOOR)
        return policy.with_floor(floor_units(str(number)))

    def option_pairs(self, option: str, texts: Sequence[str]) -> list[IdPair]:
        pairs = []
        for text in texts:
            mentee, sign, mentor = text.partition(":")
            if not sign or not mentee.strip() or not mentor.strip():
                self.refuse(
                    N_("{option} {value}: expected the mentee's id, a colon and the mentor's id"),
                    option=option,
                    value=text,
                )
            pairs.append((mentee.strip(), mentor.strip()))
        return pairs

    def load(self, files: Mapping[str, Path | None]) -> dict[str, Source]:
        """Read the files into memory, so that what is fingerprinted is what is read."""
        loaded: dict[str, Source] = {}
        faults: list[Fault] = []
        for role, path in files.items():
            if path is None:
                continue
            try:
                loaded[role] = load(path, self.surroundings.limits)
            except UnusableFilesError as error:
                faults += error.faults
        if faults:
            with self.complaints():
                raise UnusableFilesError(faults)
        return loaded

    def stated(self, question: Question) -> Stated:
        with self.complaints(), self.patience(N_("Reading the spreadsheets …")):
            return state(question, limits=self.surroundings.limits, resolver=self.surroundings.resolver)


def match(arguments: argparse.Namespace, surroundings: Surroundings) -> int:
    """Pair two spreadsheets, or rank the bank for one mentee; returns the exit code.

    Raises:
        RefusedError: nothing has been written.
    """
    command = _Command(surroundings, arguments.language or surroundings.language)
    if arguments.rank is not None and (arguments.report or arguments.json):
        command.refuse(N_("--rank pairs nobody, so it goes without --report and --json"))
    question = Question(
        today=command.option_date(arguments.today),
        policy=command.option_policy(arguments.weights, arguments.floor),
        locks=command.option_pairs("--lock", arguments.lock),
        forbidden=command.option_pairs("--forbid", arguments.forbid),
        files=command.load({"mentors": arguments.mentors, "mentees": arguments.mentees, "history": arguments.history}),
    )
    stated = command.stated(question)
    with Placing() as placing:
        try:
            _notices(command, stated.notices, arguments.out / NOTICES, placing)
            if arguments.rank is not None:
                _rank(command, stated, arguments, placing)
            else:
                _pair(command, stated, arguments, placing)
            if arguments.scores is not None:
                with command.patience(N_("Writing every score …")):
                    write_scores(stated.problem, placing.new(arguments.scores))
            placing.place()
        except OSError as error:
            name = str(error.filename or arguments.out)
            command.refuse(N_("{file}: cannot be written ({detail})"), file=name, detail=error.strerror or str(error))
    command.say(N_("Written: {files}"), files=", ".join(str(path) for path in placing.placed))
    if arguments.report is not None:
        command.say(N_("Report: {address}"), address=arguments.report.resolve().as_uri())
    return DONE


def _notices(command: _Command, notices: Sequence[Notice], path: Path, placing: Placing) -> None:
    """Show the notices that most need a look, each once, and keep all of them in a file."""
    if not notices:
        placing.remove(path)
        return
    placing.write(path, "".join(f"{notice.text(command.language)}\n" for notice in notices).encode("utf-8"))

    def sureness(notice: Notice) -> int:
        percent = notice.message.values.get("percent", 0)
        return percent if isinstance(percent, int) else 0

    alike = {(notice.file, notice.column, notice.value): notice for notice in reversed(notices)}
    # A title that was understood beyond doubt needs no look on the screen.
    shown = sorted((notice for notice in alike.values() if sureness(notice) < SURE), key=sureness)[:NOTICES_SHOWN]
    for notice in shown:
        command.notice(notice.text(command.language))
    if len(notices) > len(shown):
        forms = N2_(
            "There is {count} notice in all, to be read in {file}.",
            "There are {count} notices in all, to be read in {file}.",
        )
        command.notice(counted(forms, len(notices), {"file": str(path)}).text(command.language))


def _rank(command: _Command, stated: Stated, arguments: argparse.Namespace, placing: Placing) -> None:
    problem = stated.problem
    if arguments.rank not in problem.mentee_ids:
        command.refuse(N_("--rank {id}: no mentee has the id “{id}”"), id=arguments.rank)
    row = problem.mentee_ids.index(arguments.rank)
    ranked = explain_rank(problem, stated.people, row)
    placing.write(arguments.out / RANK, rank_csv(ranked, command.language))
    allowed = sum(not pair.fails for pair in ranked)
    command.say(
        N_("{allowed} of {mentors} mentors pass all the rules for {id}."),
        allowed=allowed,
        mentors=problem.mentors,
        id=arguments.rank,
    )


def _check(command: _Command, stated: Stated, result: PairingResult) -> tuple[Figures, bool]:
    """Have a small result checked at once; take a large one at the solver's word, and say so."""
    problem = stated.problem
    if problem.mentees * problem.mentors <= CHECKED_AT_ONCE:
        with command.patience(N_("Checking the proof …")):
            return verify(problem, result), True
    return figures_of(problem, result), False


def _outcome(stated: Stated, result: PairingResult, proof: Proof) -> Outcome:
    problem, question = stated.problem, stated.question
    return Outcome(
        pairs=explain_pairs(problem, stated.people, result),
        unmatched=explain_unmatched(problem, stated.people, result),
        mentees=problem.mentees,
        mentors=problem.mentors,
        places=int(problem.capacity.sum()),
        policy=problem.policy,
        today=question.today,
        proof=proof,
        files=tuple(source.name for source in question.files.values()),
        notices=stated.notices,
    )


def _pair(command: _Command, stated: Stated, arguments: argparse.Namespace, placing: Placing) -> None:
    problem, question = stated.problem, stated.question
    with command.complaints():
        with command.patience(N_("Making the solver ready for this machine; this happens once, and takes a while …")):
            prepare()
        with command.patience(N_("Looking for the best pairs …")):
            result = solve(problem)
        found, is_checked = _check(command, stated, result)
    proof = Proof(
        number=found.number,
        number_bound=found.number_bound,
        total=found.total,
        total_bound=found.total_bound,
        checked=is_checked,
    )
    with command.patience(N_("Writing the reasons …")):
        outcome = _outcome(stated, result, proof)
    language, version = command.language, command.surroundings.version
    prices = record.prices_json(problem, result.certificate)
    out: Path = arguments.out
    placing.write(out / record.PAIRS, pairs_csv(outcome.pairs, language))
    placing.write(out / record.UNMATCHED, unmatched_csv(outcome.unmatched, language))
    given = {"mentors": arguments.mentors, "mentees": arguments.mentees, "history": arguments.history}
    paths = {role: record.seen_from(out, path) for role, path in given.items() if path is not None}
    placing.write(out / record.CERTIFICATE, record.record_json(question, prices, paths, version))
    if arguments.json is not None:
        placing.write(arguments.json, everything_json(outcome, question, prices, language, version))
    if arguments.report is not None:
        placing.write(arguments.report, render_report(outcome, language).encode("utf-8"))
    _summarise(command, outcome, is_default=arguments.weights is None)


def _summarise(command: _Command, outcome: Outcome, *, is_default: bool) -> None:
    proof, policy = outcome.proof, outcome.policy
    forms = N2_("{paired} of {count} mentee has a mentor.", "{paired} of {count} mentees have a mentor.")
    print(counted(forms, outcome.mentees, {"paired": len(outcome.pairs)}).text(command.language))  # noqa: T201
    if outcome.pairs:
        mean = sum(pair.score for pair in outcome.pairs) / len(outcome.pairs)
        command.say(
            N_("Mean score {mean}, floor {floor}."),
            mean=Spoken(round(mean / UNITS, 3)),
            floor=Spoken(policy.floor / UNITS),
        )
    if not is_default:
        shares = ", ".join(f"{name.value} {policy.weights[name]:.4f}" for name in CRITERIA)
        command.say(N_("Weights, brought to a sum of 1: {weights}"), weights=shares)
    if proof.checked:
        command.say(N_("Proved and checked: no other set has more pairs, and none of as many has a higher total."))
    else:
        command.say(N_("The solver has left a proof that nothing is better. To have it checked: mentornet verify DIR"))


def verify_folder(arguments: argparse.Namespace, surroundings: Surroundings) -> int:
    """Check a result on disk against its spreadsheets; returns the exit code.

    Raises:
        RefusedError: with code 1 if the result is not what it claims, 2 if it cannot be checked.
    """
    command = _Command(surroundings, arguments.language or surroundings.language)
    with command.complaints():
        known = record.read_record(arguments.folder)
    paths: dict[str, Path | None] = {
        role: getattr(arguments, role) or arguments.folder / place for role, place in known.paths.items()
    }
    files = command.load(paths)
    changed = [source.name for role, source in files.items() if fingerprint(source) != known.hashes.get(role)]
    if changed:
        command.refuse(
            N_("{files}: not the file that the result was made from; name that one, or match again"),
            files=", ".join(changed),
        )
    question = Question(
        files=files, today=known.today, policy=known.policy, locks=known.locks, forbidden=known.forbidden
    )
    stated = command.stated(question)
    with command.complaints(NOT_PROVED), command.patience(N_("Checking the proof …")):
        result, leftover = record.read_result(arguments.folder, known, stated.problem)
        found = verify(stated.problem, result)
        record.check_tables(arguments.folder, stated, result, leftover)
    command.say(
        N_("The result is valid: {number} pairs beside the locks, the most there can be; total {total}, the highest."),
        number=found.number,
        total=Spoken(found.total / UNITS),
    )
    return DONE
