"""The program ``mentornet``: one door to every command."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from datetime import date
from importlib import metadata
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Final

from mentornet.config.env import SettingError, Settings, read_settings
from pairing.arguments import match_arguments, verify_arguments
from reference.columns import Subject
from reference.faults import UnusableFilesError
from reference.translation import LANGUAGES, N_, Message

if TYPE_CHECKING:
    from pairing.cli import Surroundings

REFUSED: Final = 2


def _say(line: str) -> None:
    print(line)  # noqa: T201 - the answer of a command


def _complain(lines: Sequence[str]) -> int:
    for line in lines:
        print(line, file=sys.stderr)  # noqa: T201 - where complaints belong
    return REFUSED


def _surroundings(settings: Settings) -> Surroundings:
    """Gather what the pairing commands need; the resolver is the bundled one unless ESCO has enlarged it."""
    titles, esco = resolve_name("reference.titles"), resolve_name("reference.esco")
    extra = esco.load_enlargement(settings.data_folder)
    surroundings: Surroundings = resolve_name("pairing.cli:Surroundings")(
        limits=settings.limits,
        language=settings.language,
        resolver=titles.TitleResolver.bundled().enlarged(extra) if extra else None,
        version=metadata.version("mentornet"),
        today=date.today(),  # noqa: DTZ011 - the coordinator's own day, by her own clock
    )
    return surroundings


def _pairing(function: str, arguments: argparse.Namespace, settings: Settings) -> int:
    # Loaded only now: the solver takes half a second to load, and the other commands do without it.
    cli = resolve_name("pairing.cli")
    try:
        code: int = getattr(cli, function)(arguments, _surroundings(settings))
    except cli.RefusedError as error:
        _complain(error.lines)
        return int(error.code)
    return code


def _match(arguments: argparse.Namespace, settings: Settings) -> int:
    return _pairing("match", arguments, settings)


def _verify(arguments: argparse.Namespace, settings: Settings) -> int:
    return _pairing("verify_folder", arguments, settings)


def _template(arguments: argparse.Namespace, settings: Settings) -> int:
    write_template = resolve_name("reference.templates:write_template")
    language = arguments.language or settings.language
    folder: Path = arguments.out
    subjects = [Subject(name) for name in arguments.subjects or list(Subject)]
    paths = {subject: folder / f"{Message(_FILE_NAMES[subject]).text(language)}.xlsx" for subject in subjects}
    there = [path for path in paths.values() if path.exists() and not arguments.force]
    if there:
        template = N_("{file}: is there already; nothing was written. Use --force to replace it.")
        return _complain([Message(template, {"file": str(path)}).text(language) for path in there])
    folder.mkdir(parents=True, exist_ok=True)
    for subject, path in paths.items():
        write_template(path, subject=subject, language=language)
        _say(Message(N_("Written: {files}"), {"files": str(path)}).text(language))
    return 0


_FILE_NAMES: Final = {
    # Translators: a file's name, without its ending.
    Subject.MENTORS: N_("mentors"),
    Subject.MENTEES: N_("mentees"),
    Subject.PAIRS: N_("pairs"),
}


def _esco(arguments: argparse.Namespace, settings: Settings) -> int:
    esco = resolve_name("reference.esco")
    titles = esco.read_esco(arguments.files)
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    path = esco.save_enlargement(settings.data_folder, titles)
    template = N_("{count} titles of ESCO are known from now on. They are kept in {file}.")
    _say(Message(template, {"count": len(titles), "file": str(path)}).text(settings.language))
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    program = argparse.ArgumentParser(
        prog="mentornet", description="Runs a volunteer mentor network: from two spreadsheets to the best pairs."
    )
    program.add_argument("--version", action="version", version=f"mentornet {metadata.version('mentornet')}")
    commands = program.add_subparsers(title="commands", required=True, metavar="COMMAND")

    match = commands.add_parser("match", help="pair the mentees of one spreadsheet with the mentors of another")
    match_arguments(match)
    match.set_defaults(run=_match)

    verify = commands.add_parser("verify", help="check a result that match has written, independently")
    verify_arguments(verify)
    verify.set_defaults(run=_verify)

    template = commands.add_parser("template", help="write empty spreadsheets with drop-downs and help")
    template.add_argument("subjects", nargs="*", choices=[*Subject, []], metavar="mentors|mentees|pairs")
    template.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="where they go; here without it")
    template.add_argument("--language", choices=LANGUAGES, help="of headers and help")
    template.add_argument("--force", action="store_true", help="replace files that are there")
    template.set_defaults(run=_template)

    esco = commands.add_parser("esco", help="learn more job titles from ESCO's own CSV files")
    esco.add_argument("files", nargs="+", type=Path, metavar="FILE", help="occupations_en.csv, occupations_da.csv …")
    esco.set_defaults(run=_esco)
    return program


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 done, 1 a result is not what it claims, 2 refused."""
    arguments = parser().parse_args(words)
    # Asked to end by another program, it ends as by Ctrl-C: nothing half-written stays behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        settings = read_settings()
        code: int = arguments.run(arguments, settings)
    except SettingError as error:
        return _complain([str(error)])
    except UnusableFilesError as error:
        return _complain([fault.text(settings.language) for fault in error.faults])
    except BrokenPipeError:
        # Whoever read the answer has read enough. What is still to be written goes nowhere.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - open until the process ends
        return 0
    except OSError as error:
        return _complain([f"{error.filename or ''}: {error.strerror or error}"])
    except KeyboardInterrupt:
        return 130
    return code


if __name__ == "__main__":
    sys.exit(main())
