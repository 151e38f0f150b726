"""The program ``mentornet``: one door to every command."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import date
from importlib import metadata
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Final

from mentornet.config.ending import listen
from mentornet.config.env import SettingError, Settings, read_settings
from mentornet.config.setup_questions import setup_arguments
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
    settings.data_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = esco.save_enlargement(settings.data_folder, titles)
    template = N_("{count} titles of ESCO are known from now on. They are kept in {file}.")
    _say(Message(template, {"count": len(titles), "file": str(path)}).text(settings.language))
    return 0


def _running(function: str, arguments: argparse.Namespace, settings: Settings, module: str = "running") -> int:
    # Django takes a second to load, and the commands on files do without it.
    resolve_name("mentornet.config.starting:start_django")(settings, demo=function == "demo")
    running = resolve_name(f"mentornet.config.{module}")
    if function != "serve":
        resolve_name("mentornet.config.two_roles:become_owner")()
    try:
        code: int = getattr(running, function)(arguments, settings, _say)
    except (
        resolve_name("mentornet.common.answers:RefusedError"),
        resolve_name("mentornet.config.serving:NoPortError"),
    ) as error:
        return _complain([str(error)])
    return code


def _demo(arguments: argparse.Namespace, settings: Settings) -> int:
    return _running("demo", arguments, settings)


def _serve(arguments: argparse.Namespace, settings: Settings) -> int:
    return _running("serve", arguments, settings)


def _worker(arguments: argparse.Namespace, settings: Settings) -> int:
    return _running("worker", arguments, settings)


def _migrate(arguments: argparse.Namespace, settings: Settings) -> int:
    return _running("migrate", arguments, settings)


def _setup(arguments: argparse.Namespace, settings: Settings) -> int:
    # Asks before Django starts: what it starts with is among the answers.
    code: int = resolve_name("mentornet.config.first_evening:set_up")(arguments, settings, _say)
    return code


def _check(arguments: argparse.Namespace, settings: Settings) -> int:
    resolve_name("mentornet.config.starting:start_django")(settings)
    code: int = resolve_name("mentornet.config.checking:check")(arguments, settings, _say)
    return code


def _audit(arguments: argparse.Namespace, settings: Settings) -> int:
    return _running("audit", arguments, settings)


def _backup(arguments: argparse.Namespace, settings: Settings) -> int:
    return _running("backup", arguments, settings, "keeping")


def _restore(arguments: argparse.Namespace, settings: Settings) -> int:
    return _running("restore", arguments, settings, "keeping")


def _drill(arguments: argparse.Namespace, settings: Settings) -> int:
    return _running("drill", arguments, settings, "keeping")


def _import(arguments: argparse.Namespace, settings: Settings) -> int:
    return _running("import_people", arguments, settings)


def _staff(arguments: argparse.Namespace, settings: Settings) -> int:
    return _running("staff", arguments, settings)


def _port(text: str) -> int:
    """Read a port's number."""
    number = int(text)
    if not 0 < number < 65_536:
        raise ValueError(text)
    return number


_port.__name__ = "port"  # what argparse calls it in its complaint


def _served(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands that open the desk."""
    port = os.environ.get("PORT") or None
    demo = commands.add_parser("demo", help="open a network of people who do not exist, to try everything")
    demo.add_argument("--pilot", action="store_true", help="the first year: 12 mentees and 312 mentors")
    demo.add_argument("--fresh", action="store_true", help="throw away what was tried, and load it anew")
    demo.add_argument("--port", type=_port, default=port, help="8000, or the next free one, without it")
    demo.set_defaults(run=_demo)

    first = commands.add_parser("setup", help="set up an installation of your own, step by step")
    setup_arguments(first)
    first.set_defaults(run=_setup)

    check = commands.add_parser("check", help="tell what is not safe for real people; serve refuses to start with it")
    check.set_defaults(run=_check)

    serve = commands.add_parser("serve", help="serve this installation's network")
    serve.add_argument("--host", default="127.0.0.1", help="the address to listen on; this machine alone without it")
    serve.add_argument("--port", type=_port, default=port, help="8000, or the next free one, without it")
    serve.add_argument("--no-worker", action="store_true", help="start no worker: one runs as a service of its own")
    serve.set_defaults(run=_serve)

    migrate = commands.add_parser("migrate", help="bring the database up to date, as serve does; or back, to roll back")
    migrate.add_argument("--back", action="store_true", help="back to what it was before the last upgrade")
    migrate.add_argument("--note", type=Path, metavar="FILE", help="what it was; before-upgrade.json without it")
    migrate.add_argument("--plan", action="store_true", help="only say what would be undone")
    migrate.add_argument("--open-protected", action="store_true", help="also where that shows who protected people are")
    migrate.set_defaults(run=_migrate)

    audit = commands.add_parser("audit", help="verify that nobody has changed the record of who did what")
    audit.add_argument("--noted", metavar="HEAD", help="a head noted earlier, in a log or with a backup")
    audit.add_argument("--sign", action="store_true", help="sign the head anew, since the former secret key is lost")
    audit.set_defaults(run=_audit)

    # Its options are known once Django has started: whatever follows the word is handed on.
    people = commands.add_parser("import", help="take spreadsheets of people and pairs into a division", add_help=False)
    people.set_defaults(run=_import)
    staff = commands.add_parser("staff", help="give somebody a role, such as the first administrator's", add_help=False)
    staff.set_defaults(run=_staff)

    worker = commands.add_parser("worker", help="deliver letters and run jobs; serve and demo start one themselves")
    worker.add_argument("--once", action="store_true", help="do what is due, then end")
    worker.add_argument("--beside", type=int, metavar="PID", help="end when that process, the parent, has ended")
    worker.set_defaults(run=_worker)


def _kept(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands on backups."""
    backup = commands.add_parser("backup", help="write everything into one sealed file, while the program is in use")
    backup.add_argument("file", nargs="?", type=Path, metavar="FILE", help="is written; must not be there")
    backup.add_argument("--key", action="append", metavar="age1…", help="a public key to seal it to; may be repeated")
    backup.add_argument("--passphrase-file", type=Path, metavar="FILE", help="seal it with the passphrase in there")
    backup.add_argument(
        "--new-key", type=Path, metavar="FILE", help="only make a pair of keys; the secret one goes there"
    )
    backup.set_defaults(run=_backup)

    restore = commands.add_parser("restore", help="put a backup in the place of this installation's data")
    restore.add_argument("file", type=Path, metavar="FILE", help="the backup")
    restore.add_argument("--identity", type=Path, metavar="FILE", help="the secret key that opens it")
    restore.add_argument("--passphrase-file", type=Path, metavar="FILE", help="the passphrase that opens it")
    restore.add_argument("--ledger", type=Path, metavar="FILE", help="an erasure ledger from elsewhere, heeded too")
    restore.add_argument("--replace", action="store_true", help="also where there are data; they are kept beside")
    restore.add_argument("--check", action="store_true", help="only look whether the file is whole; change nothing")
    restore.set_defaults(run=_restore)

    drill = commands.add_parser("drill", help="try a backup: restore it elsewhere, compare it, sign in on it")
    drill.add_argument("file", nargs="?", type=Path, metavar="FILE", help="the newest of the nights without it")
    drill.add_argument("--identity", type=Path, metavar="FILE", help="the secret key that opens it")
    drill.add_argument("--passphrase-file", type=Path, metavar="FILE", help="the passphrase that opens it")
    drill.set_defaults(run=_drill)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    program = argparse.ArgumentParser(
        prog="mentornet",
        description="Runs a volunteer mentor network: from the waiting list to the best possible pairs.",
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
    _served(commands)
    _kept(commands)
    return program


def _why(error: Exception) -> str:
    """Say what of the surroundings cannot be used: a file, a setting. Anything else is a fault of the program's own."""
    if isinstance(error, OSError):
        return f"{error.filename or ''}: {error.strerror or error}"
    # Django's word for a setting that cannot be used is known by its name: commands on files load no Django.
    if isinstance(error, SettingError) or type(error).__name__ == "ImproperlyConfigured":
        return str(error)
    raise error


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 done, 1 a result is not what it claims, 2 refused."""
    program = parser()
    arguments, left = program.parse_known_args(words)
    if left and arguments.run not in {_import, _staff}:
        program.error(f"unrecognized arguments: {' '.join(left)}")
    arguments.left = left
    # Asked to end by another program, it ends as by Ctrl-C: nothing half-written stays behind.
    listen()
    try:
        settings = read_settings()
        code: int = arguments.run(arguments, settings)
    except UnusableFilesError as error:
        return _complain([fault.text(settings.language) for fault in error.faults])
    except BrokenPipeError:
        # Whoever read the answer has read enough. What is still to be written goes nowhere.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - open until the process ends
        return 0
    except (KeyboardInterrupt, EOFError):
        # Ctrl-D at a question says the same as Ctrl-C.
        return 130
    except Exception as error:  # noqa: BLE001 - what is no fault of the surroundings is raised again
        return _complain([_why(error)])
    return code


if __name__ == "__main__":
    sys.exit(main())
