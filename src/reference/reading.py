"""Read the people of two spreadsheets, and the pairs of a third.

Every fault of every file is found before anything is said: a coordinator mends her files once. Nothing is guessed;
what was understood from a title, or left out, is told as a notice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from reference.cells import CellReader, Resolver
from reference.columns import Subject
from reference.custom_cells import with_answers
from reference.customs import Custom
from reference.faults import Fault, Notice, UnusableFilesError
from reference.lists import SEPARATOR
from reference.people import Mentee, Mentor, Pair
from reference.sheets import Limits, Source
from reference.tables import CheckedTable, read_table
from reference.translation import N2_, N_, Message, counted

__all__ = ["Limits", "PairsFile", "PeopleFiles", "Source", "read_pairs", "read_people"]

USUAL: Final = Limits()


@dataclass(frozen=True, slots=True)
class PeopleFiles:
    """What the files say.

    Attributes:
        mentors: in the order of the file.
        mentees: in the order of the file.
        pairs: of the third file, in its order; empty without one.
        notices: what the files' owner should know; not a reason to stop.
    """

    mentors: tuple[Mentor, ...]
    mentees: tuple[Mentee, ...]
    pairs: tuple[Pair, ...] = ()
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class PairsFile:
    """What a file of pairs says, in its order."""

    pairs: tuple[Pair, ...]
    notices: tuple[Notice, ...] = ()


def read_people(
    mentors: Path | Source,
    mentees: Path | Source,
    history: Path | Source | None = None,
    *,
    limits: Limits = USUAL,
    today: date | None = None,
    resolver: Resolver | None = None,
    customs: Sequence[Custom] = (),
) -> PeopleFiles:
    """Read a file of mentors, a file of mentees and, if there is one, a file of pairs.

    Args:
        mentors: the file of mentors, CSV or XLSX.
        mentees: the file of mentees.
        history: the file of running and closed pairs.
        limits: how large each file may be.
        today: if given, waiting since a later day is a notice.
        resolver: what knows job titles; the bundled table unless given, loaded only if a file has titles.
        customs: a programme's own criteria, whose columns are read beside the others.

    Raises:
        UnusableFilesError: with every fault of all files, in the order of files, rows and columns.
    """
    cells = CellReader(resolver)
    # Of two files in the wrong order nearly every column would be unknown: say the one thing that is wrong.
    tables = [
        read_table(mentors, Subject.MENTORS, cells, limits, customs=customs),
        read_table(mentees, Subject.MENTEES, cells, limits, customs=customs),
    ]
    if history is not None:
        tables.append(read_table(history, Subject.PAIRS, cells, limits))
    if tables[0].is_of(Subject.MENTEES) and tables[1].is_of(Subject.MENTORS):
        raise UnusableFilesError([_changed_places(table.name) for table in tables[:2]])
    _refuse_faults(tables)
    found = PeopleFiles(
        mentors=tuple(Mentor(row=row, **_known(values, customs)) for row, values in tables[0].rows),
        mentees=tuple(Mentee(row=row, **_known(values, customs)) for row, values in tables[1].rows),
        pairs=_pairs(tables[2]) if history is not None else (),
    )
    notices = [*tables[0].notices, *_unknown_ids(tables[0], found.mentors, found.mentees)]
    notices += [*tables[1].notices, *_unknown_ids(tables[1], found.mentees, found.mentors)]
    if today is not None:
        notices += _future_waits(tables[1], found.mentees, today)
    if history is not None:
        notices += [*tables[2].notices, *_strangers(tables[2], found)]
    return PeopleFiles(found.mentors, found.mentees, found.pairs, tuple(notices))


def read_pairs(pairs: Path | Source, *, limits: Limits = USUAL) -> PairsFile:
    """Read a file of running and closed pairs.

    Raises:
        UnusableFilesError: with every fault of the file.
    """
    table = read_table(pairs, Subject.PAIRS, CellReader(), limits)
    _refuse_faults([table])
    return PairsFile(_pairs(table), tuple(table.notices))


def _known(values: dict[str, Any], customs: Sequence[Custom]) -> dict[str, Any]:
    return with_answers(values, customs) if customs else values


def _refuse_faults(tables: Iterable[CheckedTable]) -> None:
    faults: list[Fault] = [fault for table in tables for fault in table.faults]
    if faults:
        raise UnusableFilesError(faults)


def _changed_places(name: str) -> Fault:
    return Fault(name, None, None, None, Message(N_("the two files have changed places: mentors first, then mentees")))


def _pairs(table: CheckedTable) -> tuple[Pair, ...]:
    return tuple(Pair(row=row, **values) for row, values in table.rows)


def _unknown_ids(
    table: CheckedTable, people: Collection[Mentor | Mentee], others: Collection[Mentor | Mentee]
) -> list[Notice]:
    """Return a notice for each row whose *must not meet* names ids that are not in the other file."""
    known = {other.id for other in others}
    notices: list[Notice] = []
    for person in people:
        unknown = [named for named in person.must_not_meet if named not in known]
        if unknown:
            forms = N2_(
                "nobody in the other file has this id; it rules nobody out",
                "nobody in the other file has these ids; they rule nobody out",
            )
            message = counted(forms, len(unknown))
            written = f"{SEPARATOR} ".join(unknown)
            notices.append(Notice(table.name, person.row, table.headers["must_not_meet"], written, message))
    return notices


def _future_waits(table: CheckedTable, mentees: Collection[Mentee], today: date) -> list[Notice]:
    message = Message(N_("this is after today, {today}; it counts as no waiting time"), {"today": today.isoformat()})
    return [
        Notice(table.name, mentee.row, table.headers["waiting_since"], mentee.waiting_since.isoformat(), message)
        for mentee in mentees
        if mentee.waiting_since is not None and mentee.waiting_since > today
    ]


def _strangers(table: CheckedTable, found: PeopleFiles) -> list[Notice]:
    """Return one notice for all pairs with somebody who is in neither file: old files name many who have left."""
    mentors = {mentor.id for mentor in found.mentors}
    mentees = {mentee.id for mentee in found.mentees}
    count = sum(pair.mentor_id not in mentors or pair.mentee_id not in mentees for pair in found.pairs)
    if not count:
        return []
    forms = N2_(
        "{count} pair names somebody who is not in the two other files; it changes nothing",
        "{count} pairs name somebody who is not in the two other files; they change nothing",
    )
    return [Notice(table.name, None, None, None, counted(forms, count))]
