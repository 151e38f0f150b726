"""Lists of people into a division, from the command line: the same import as the desk's, in the foreground."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final, TextIO

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from mentornet.common.actors import System
from mentornet.common.answers import RefusedError
from mentornet.common.spoken import reference_language
from mentornet.divisions.models import Division
from mentornet.imports.enums import BatchState
from mentornet.imports.findings import Line, faults_in, notices_in
from mentornet.imports.limits import spreadsheet_limits
from mentornet.imports.models import Batch, Report
from mentornet.imports.queries import files_of, open_programmes
from mentornet.imports.services import batches
from mentornet.imports.services.layouts import ROW_NUMBERS
from mentornet.imports.services.work import check_files, write_people
from mentornet.programmes.models import Programme
from reference.columns import Subject
from reference.extra_columns import all_columns_by_header
from reference.faults import UnusableFilesError
from reference.mapped import ID, look_into
from reference.sheets import load
from reference.vocabulary import folded

FINE: Final = 0
REFUSED: Final = 2
_PER_CHOICE: Final = {"new": "new", "update": "same"}


class _Refused(Exception):  # noqa: N818 - never leaves this module; what it carries are the lines to print
    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of the import."""
    parser.add_argument("--division", required=True, help="the division's name")
    parser.add_argument("--programme", required=True, help="the programme's name")
    for subject in Subject:
        parser.add_argument(f"--{subject.value}", type=Path, metavar="FILE", help=f"the file of {subject.value}")
    parser.add_argument(
        "--briefed-on",
        type=date.fromisoformat,
        metavar="DATE",
        help="mentors of whom the list does not say it were briefed on this day; without it: not yet",
    )
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="HEADER=COLUMN",
        help="what a header means, such as 'What is your first language?=languages'; empty after = leaves it out; where"
        " no column is the id, row numbers stand for it",
    )
    parser.add_argument(
        "--duplicates",
        choices=("refuse", "new", "update"),
        default="refuse",
        help="what to do with people who seem to be known already (refuse)",
    )
    parser.add_argument("--dry-run", action="store_true", help="check everything and write nothing")


class Command(BaseCommand):
    """Takes lists of people over."""

    help = "Take mentors, mentees and pairs over from spreadsheets: everything, or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the options."""
        add_arguments(parser)

    def handle(self, **options: Any) -> None:
        """Run, and leave with exit code 2 when nothing was written."""
        if code := run_import(Namespace(**options)):
            sys.exit(code)


def run_import(arguments: Namespace, *, out: TextIO | None = None, err: TextIO | None = None) -> int:
    """Run an import with the options of :func:`add_arguments`; print faults one a line, and return the exit code."""
    out, err = out or sys.stdout, err or sys.stderr
    try:
        print(_run(arguments, err), file=out)
    except _Refused as refused:
        for line in refused.lines:
            print(line, file=err)
        return REFUSED
    except (RefusedError, ValidationError) as error:
        lines = error.messages if isinstance(error, ValidationError) else [str(error)]
        for line in lines:
            print(line, file=err)
        return REFUSED
    return FINE


def _run(arguments: Namespace, err: TextIO) -> str:
    by = System("import", timezone.now())
    division = Division.objects.filter(name__iexact=arguments.division).first()
    if division is None:
        raise _Refused(_("There is no division “%(name)s”.") % {"name": arguments.division})
    programme = open_programmes([division.pk]).filter(name__iexact=arguments.programme).first()
    if programme is None:
        raise _Refused(_("There is no programme “%(name)s” in this division.") % {"name": arguments.programme})
    batch = _start(by, arguments, division, programme)
    try:
        _check(by, arguments, batch, err)
        if not arguments.dry_run:
            _write(by, batch, err)
    finally:
        batch.refresh_from_db()
        if batch.state != BatchState.DONE:
            # Nothing was written: the lists are not kept either.
            batches.delete_unwritten(batch)
    return _summary(batch, is_dry=arguments.dry_run)


def _start(by: System, arguments: Namespace, division: Division, programme: Programme) -> Batch:
    limits, uploads, faults = spreadsheet_limits(), [], []
    for subject in Subject:
        if (path := getattr(arguments, subject.value)) is None:
            continue
        try:
            source = load(path, limits)
            found = look_into(source, subject, limits)
        except UnusableFilesError as error:
            faults += [fault.text(reference_language()) for fault in error.faults]
            continue
        if (other := found.seems_to_be()) is not None:
            text = _("%(file)s: this looks like the file of %(other)s, not of %(subject)s: check which is which")
            faults.append(text % {"file": found.name, "other": other.value, "subject": subject.value})
        uploads.append(batches.Upload(found, source.content))
    if faults:
        raise _Refused(*faults)
    return batches.start_batch(
        by=by, division=division, programme=programme, uploads=uploads, user=None, author=_("The program")
    )


def _mapped(pairs: list[str]) -> dict[str, str]:
    """Return fields by folded header from ``header=column``."""
    said = {}
    for pair in pairs:
        header, equals, column = pair.rpartition("=")
        if not equals:
            raise _Refused(_("--map %(pair)s: expected HEADER=COLUMN") % {"pair": pair})
        said[folded(header)] = column.strip()
    return said


def _fields(batch: Batch, said: Mapping[str, str]) -> dict[str, dict[int, str]]:
    fields: dict[str, dict[int, str]] = {}
    used: set[str] = set()
    for file in files_of(batch):
        known = all_columns_by_header(Subject(file.subject))
        for entry in file.layout:
            header = folded(entry["written"])
            if header not in said:
                continue
            used.add(header)
            column = known.get(folded(said[header]))
            if said[header] and column is None:
                text = _("%(file)s: there is no column “%(column)s” to map “%(header)s” to")
                values = {"file": file.name, "column": said[header], "header": entry["written"]}
                raise _Refused(text % values)
            fields.setdefault(file.subject, {})[entry["index"]] = column.field if column else ""
        chosen = fields.get(file.subject, {})
        taken = [chosen.get(entry["index"], entry["field"]) for entry in file.layout]
        if file.subject != Subject.PAIRS and ID not in taken:
            # The column that looked like the id has been left out.
            fields.setdefault(file.subject, {})[ROW_NUMBERS] = ID
    if unknown := sorted(set(said) - used):
        raise _Refused(_("--map: no file has the header “%(header)s”") % {"header": unknown[0]})
    return fields


def _check(by: System, arguments: Namespace, batch: Batch, err: TextIO) -> None:
    batches.set_columns(
        by=by,
        batch=batch,
        fields=_fields(batch, _mapped(arguments.map)),
        are_briefed=arguments.briefed_on is not None,
        briefed_on=arguments.briefed_on,
    )
    print(_("Checking …"), file=err)
    batches.ask_for_check(by=by, batch=batch, enqueues=False)
    check_files(by=by, batch_id=batch.pk, attempt=batch.attempt, clock=timezone.now, limits=spreadsheet_limits())
    batch.refresh_from_db()
    content = Report.objects.get(batch=batch).content
    language = reference_language()
    for line in notices_in(content, language):
        print(_line(line), file=err)
    if faults := faults_in(content, language):
        raise _Refused(*map(_line, faults))
    duplicates = content["duplicates"]
    if duplicates and arguments.duplicates == "refuse":
        text = _("%(subject)s, row %(row)s: %(name)s may be known already; say --duplicates new or update")
        raise _Refused(*(text % duplicate for duplicate in duplicates))
    if duplicates:
        batches.choose(by=by, batch=batch, choices={}, for_the_rest=_PER_CHOICE[arguments.duplicates])
        batches.choose(by=by, batch=batch, choices={}, for_the_rest="new")


def _write(by: System, batch: Batch, err: TextIO) -> None:
    print(_("Writing …"), file=err)
    batches.ask_for_writing(by=by, batch=batch, enqueues=False)
    write_people(by=by, batch_id=batch.pk, attempt=batch.attempt, clock=timezone.now, limits=spreadsheet_limits())
    batch.refresh_from_db()
    if batch.state != BatchState.DONE:
        content = Report.objects.get(batch=batch).content
        raise _Refused(*map(_line, faults_in(content, reference_language())))


def _line(line: Line) -> str:
    place = [line.file]
    if line.rows:
        place.append(_("row %(rows)s") % {"rows": ", ".join(map(str, line.rows)) + (" …" if line.count > 5 else "")})
    if line.column is not None:
        place.append(line.column)
    value = f"“{line.value}”: " if line.value is not None else ""
    return f"{', '.join(place)}: {value}{line.text}"


def _summary(batch: Batch, *, is_dry: bool) -> str:
    text = (
        _("Nothing is wrong: %(mentors)d mentors, %(mentees)d mentees and %(pairs)d pairs could be taken over.")
        if is_dry
        else _("Taken over: %(mentors)d mentors, %(mentees)d mentees (%(waiting)d waiting) and %(pairs)d pairs.")
    )
    return str(text % batch.counts)
