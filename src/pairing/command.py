"""A command under way: what it was asked, what it says, and everything that speaks against doing it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final, NoReturn

from pairing.errors import PairingError
from pairing.policy import DEFAULT_FLOOR, Policy, floor_units, read_policy
from pairing.problem import IdPair
from pairing.run import Question, Stated, state
from reference.cells import Resolver, read_date
from reference.faults import UnusableFilesError
from reference.reading import Limits, Source, read_people
from reference.sheets import load
from reference.translation import N2_, N_, Language, Message, Value, counted

REFUSED: Final = 2
HIGHEST_FLOOR: Final = 2
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


class Command:
    """Takes options and files one after the other, and remembers every complaint until all have been looked at."""

    def __init__(self, surroundings: Surroundings, language: Language) -> None:
        self.surroundings = surroundings
        self.language = language
        self._complaints: list[str] = []

    def say(self, template: str, **values: Value) -> None:
        """Answer, on standard output."""
        self.tell(Message(template, values))

    def tell(self, message: Message) -> None:
        """Answer with a message made elsewhere."""
        print(message.text(self.language))  # noqa: T201 - the answer of a command

    def notice(self, line: str) -> None:
        """Say something beside the answer, on standard error."""
        print(line, file=sys.stderr)  # noqa: T201 - where notices belong

    def complain(self, template: str, **values: Value) -> None:
        """Remember something that is wrong."""
        self._complaints.append(Message(template, values).text(self.language))

    def refuse(self, template: str, **values: Value) -> NoReturn:
        """Stop at once, with this and everything remembered."""
        self.complain(template, **values)
        self._stop(REFUSED)

    def _stop(self, code: int) -> NoReturn:
        forms = N2_("Nothing was done. One thing to mend:", "Nothing was done. {count} things to mend:")
        heading = counted(forms, len(self._complaints)).text(self.language)
        raise RefusedError([heading, *self._complaints] if code == REFUSED else self._complaints, code)

    @contextmanager
    def refusing(self, code: int = REFUSED) -> Iterator[None]:
        """Stop with everything that is wrong with files, options or a result, in the user's language."""
        try:
            yield
        except UnusableFilesError as error:
            self._complaints += [fault.text(self.language) for fault in error.faults]
        except PairingError as error:
            self._complaints += error.lines(self.language)
        if self._complaints:
            self._stop(code)

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
        """Return the day of the run."""
        if text is None:
            return self.surroundings.today
        read = read_date(text.strip()).value
        if isinstance(read, date):
            return read
        self.complain(N_("--today {value}: expected a date such as 2026-11-21"), value=text)
        return self.surroundings.today

    def option_policy(self, weights: Path | None, floor: str | None) -> Policy:
        """Return weights and floor."""
        policy = Policy()
        try:
            policy = policy if weights is None else read_policy(weights)
        except PairingError as error:
            self._complaints += error.lines(self.language)
        if floor is None:
            return policy
        try:
            number = Decimal(floor.replace(",", "."))
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite() and 0 <= number <= HIGHEST_FLOOR:
            return policy.with_floor(floor_units(str(number)))
        self.complain(N_("--floor {value}: expected a number such as {example}"), value=floor, example=DEFAULT_FLOOR)
        return policy

    def option_pairs(self, option: str, texts: Sequence[str]) -> list[IdPair]:
        """Return the pairs of ids that an option names."""
        pairs = []
        for text in texts:
            mentee, sign, mentor = (part.strip() for part in text.partition(":"))
            if sign and mentee and mentor:
                pairs.append((mentee, mentor))
            else:
                template = N_("{option} {value}: expected the mentee's id, a colon and the mentor's id")
                self.complain(template, option=option, value=text)
        return pairs

    def load(self, files: Mapping[str, Path | None]) -> dict[str, Source]:
        """Read the files into memory, so that what is fingerprinted is what is read.

        Raises:
            RefusedError: a file cannot be read; with every fault of the others, and everything remembered.
        """
        paths = {role: path for role, path in files.items() if path is not None}
        try:
            return {role: load(path, self.surroundings.limits) for role, path in paths.items()}
        except UnusableFilesError:
            with self.refusing():
                read_people(paths["mentors"], paths["mentees"], paths.get("history"), limits=self.surroundings.limits)
            raise

    def stated(self, question: Question) -> Stated:
        """Return the question as a problem.

        Raises:
            RefusedError: with every fault of the files, and everything remembered.
        """
        with self.refusing(), self.patience(N_("Reading the spreadsheets …")):
            return state(question, limits=self.surroundings.limits, resolver=self.surroundings.resolver)
        raise AssertionError
