"""The commands ``match`` and ``verify``: two spreadsheets in, the best pairs out, and the proof checked.

No database, no settings of its own: the program hands in limits, language and what knows job titles.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from pairing import record
from pairing.certificate import Figures, PairingResult, figures_of
from pairing.command import Command, RefusedError, Surroundings
from pairing.explain import explain_pairs, explain_rank, explain_unmatched
from pairing.outcome import Outcome, Proof
from pairing.outputs import everything_json, pairs_csv, rank_csv, unmatched_csv, write_scores
from pairing.placing import Placing
from pairing.report import render_report
from pairing.run import Question, Stated, fingerprint
from pairing.solve import prepare, solve
from pairing.terms import CRITERIA, UNITS
from pairing.verify import verify
from pairing.whynot import Reach, reach_of
from reference.faults import Notice
from reference.spoken import Decimal
from reference.translation import N2_, N_, Message, counted

__all__ = ["RefusedError", "Surroundings", "match", "verify_folder"]

DONE: Final = 0
NOT_PROVED: Final = 1
CHECKED_AT_ONCE: Final = 30_000_000
"""Up to so many pairs the independent check is part of the run (some seconds); beyond, ``verify`` does it."""
RANK: Final = "rank.csv"
NOTICES: Final = "notices.txt"
NOTICES_SHOWN: Final = 10
SURE: Final = 100


def match(arguments: argparse.Namespace, surroundings: Surroundings) -> int:
    """Pair two spreadsheets, or rank the bank for one mentee; returns the exit code.

    Raises:
        RefusedError: with everything that is wrong with options and files; nothing has been written.
    """
    command = Command(surroundings, arguments.language or surroundings.language)
    if arguments.rank is not None and (arguments.report or arguments.json):
        command.complain(N_("--rank pairs nobody, so it goes without --report and --json"))
    files = {"mentors": arguments.mentors, "mentees": arguments.mentees, "history": arguments.history}
    question = Question(
        today=command.option_date(arguments.today),
        policy=command.option_policy(arguments.weights, arguments.floor),
        locks=command.option_pairs("--lock", arguments.lock),
        forbidden=command.option_pairs("--forbid", arguments.forbid),
        files=command.load(files),
    )
    _refuse_overwriting(command, arguments, [path for path in files.values() if path is not None])
    if fingerprint(question.files["mentors"]) == fingerprint(question.files["mentees"]):
        command.complain(N_("the same file is named twice: name the file of mentors first, then that of mentees"))
    stated = command.stated(question)
    if arguments.rank is not None and arguments.rank not in stated.problem.mentee_ids:
        command.refuse(N_("--rank {id}: no mentee has the id “{id}”"), id=arguments.rank)
    with Placing() as placing:
        try:
            _notices(command, stated.notices, arguments.out / NOTICES, placing)
            told = (_rank if arguments.rank is not None else _pair)(command, stated, arguments, placing)
            if arguments.scores is not None:
                with command.patience(N_("Writing every score …")):
                    write_scores(stated.problem, placing.new(arguments.scores))
            placing.place()
        except OSError as error:
            name = str(error.filename or arguments.out)
            command.refuse(N_("{file}: cannot be written ({detail})"), file=name, detail=error.strerror or str(error))
    for message in told:
        command.tell(message)
    command.say(N_("Written: {files}"), files=", ".join(str(path) for path in placing.placed))
    if arguments.report is not None:
        command.say(N_("Report: {address}"), address=arguments.report.resolve().as_uri())
    return DONE


def _refuse_overwriting(command: Command, arguments: argparse.Namespace, inputs: Sequence[Path]) -> None:
    """Complain about a file that would be written over one that is read, or written twice."""
    out: Path = arguments.out
    tables = [RANK] if arguments.rank is not None else [record.PAIRS, record.UNMATCHED, record.CERTIFICATE]
    outputs = [out / name for name in (*tables, NOTICES)]
    outputs += [path for path in (arguments.report, arguments.json, arguments.scores) if path is not None]
    read = {path.resolve() for path in (*inputs, arguments.weights) if path is not None}
    written: set[Path] = set()
    for path in outputs:
        if path.resolve() in read:
            command.complain(
                N_("{file} would be written over a file that is read: choose another place"), file=str(path)
            )
        elif path.resolve() in written:
            template = N_("{file} would be written twice: choose another name for one of them")
            command.complain(template, file=str(path))
        written.add(path.resolve())


def _notices(command: Command, notices: Sequence[Notice], path: Path, placing: Placing) -> None:
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


def _rank(command: Command, stated: Stated, arguments: argparse.Namespace, placing: Placing) -> tuple[Message, ...]:
    """Write the bank in the order of one mentee; returns what to say of it."""
    problem = stated.problem
    ranked = explain_rank(problem, stated.people, problem.mentee_ids.index(arguments.rank))
    placing.write(arguments.out / RANK, rank_csv(ranked, command.language, policy=problem.policy))
    allowed = sum(not pair.fails for pair in ranked)
    values = {"allowed": allowed, "mentors": problem.mentors, "id": arguments.rank}
    return (Message(N_("{allowed} of {mentors} mentors pass all the rules for {id}."), values),)


def _check(command: Command, stated: Stated, result: PairingResult) -> tuple[Figures, bool]:
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


def _pair(command: Command, stated: Stated, arguments: argparse.Namespace, placing: Placing) -> tuple[Message, ...]:
    """Write the best pairs and everything around them; returns what to say of it."""
    problem, question = stated.problem, stated.question
    with command.refusing():
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
    reach = None
    if not found.number:
        with command.patience(N_("Looking for a floor that can be reached …")):
            reach = reach_of(problem, solve)
    language, version = command.language, command.surroundings.version
    prices = record.prices_json(problem, result.certificate)
    out: Path = arguments.out
    placing.write(out / record.PAIRS, pairs_csv(outcome.pairs, language, policy=problem.policy))
    placing.write(out / record.UNMATCHED, unmatched_csv(outcome.unmatched, language))
    given = {"mentors": arguments.mentors, "mentees": arguments.mentees, "history": arguments.history}
    paths = {role: record.seen_from(out, path) for role, path in given.items() if path is not None}
    placing.write(out / record.CERTIFICATE, record.record_json(question, prices, paths, version))
    if arguments.json is not None:
        placing.write(arguments.json, everything_json(outcome, question, prices, language, version))
    if arguments.report is not None:
        placing.write(arguments.report, render_report(outcome, language).encode("utf-8"))
    return (*_summary(outcome, is_default=arguments.weights is None), *_reachable(reach))


def _reachable(reach: Reach | None) -> Iterator[Message]:
    """Say which floors would leave pairs, where the one that was asked for leaves none."""
    if reach is None or not reach.is_infeasible or reach.all_at is None or reach.any_at is None:
        return
    values = {"floor": Decimal(reach.floor / UNITS), "any": Decimal(reach.any_at / UNITS)}
    yield Message(N_("No pair reaches the floor of {floor}; the highest that leaves any pair is {any}."), values)
    forms = N2_(
        "The rules allow {count} pair at most: up to a floor of {all}.",
        "The rules allow {count} pairs at most: up to a floor of {all}.",
    )
    yield counted(forms, reach.most, {"all": Decimal(reach.all_at / UNITS)})


def _summary(outcome: Outcome, *, is_default: bool) -> Iterator[Message]:
    proof, policy = outcome.proof, outcome.policy
    forms = N2_("{paired} of {count} mentee has a mentor.", "{paired} of {count} mentees have a mentor.")
    yield counted(forms, outcome.mentees, {"paired": len(outcome.pairs)})
    if outcome.pairs:
        mean = sum(pair.score for pair in outcome.pairs) / len(outcome.pairs)
        values = {"mean": Decimal(round(mean / UNITS, 3)), "floor": Decimal(policy.floor / UNITS)}
        yield Message(N_("Mean score {mean}, floor {floor}."), values)
    if not is_default:
        parts = [f"{name.value} {policy.weights[name]:.4f}" for name in CRITERIA]
        shares = ", ".join([*parts, *(f"{custom.column} {custom.weight:.4f}" for custom in policy.scored)])
        yield Message(N_("Weights, brought to a sum of 1: {weights}"), {"weights": shares})
    if proof.checked:
        yield Message(N_("Proved and checked: no other set has more pairs, and none of as many has a higher total."))
    else:
        yield Message(
            N_("The solver has left a proof that nothing is better. To have it checked: mentornet verify DIR")
        )


def verify_folder(arguments: argparse.Namespace, surroundings: Surroundings) -> int:
    """Check a result on disk against its spreadsheets; returns the exit code.

    Raises:
        RefusedError: with code 1 if the result is not what it claims, 2 if it cannot be checked.
    """
    command = Command(surroundings, arguments.language or surroundings.language)
    with command.refusing():
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
    with command.refusing(NOT_PROVED), command.patience(N_("Checking the proof …")):
        result, leftover = record.read_result(arguments.folder, known, stated.problem)
        found = verify(stated.problem, result)
        record.check_tables(arguments.folder, stated, result, leftover)
    command.say(
        N_(
            "The result is valid: {number} pairs, the most there can be, with a total of {total}, the highest (locks"
            " apart)."
        ),
        number=found.number,
        total=Decimal(found.total / UNITS),
    )
    return DONE
