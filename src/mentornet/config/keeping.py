"""What the commands on backups do. Imported once :mod:`mentornet.config.starting` has started Django."""

from __future__ import annotations

import getpass
import os
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mentornet.backups.models import Run
from mentornet.backups.sealing import Opener, Seal, checked_passphrase, new_identity, read_identities, read_passphrase
from mentornet.backups.services.drilling import drill as try_backup
from mentornet.backups.services.drilling import newest_file, usual_opener
from mentornet.backups.services.making import make_backup, usual_seal
from mentornet.backups.services.restoring import look_through
from mentornet.backups.services.restoring import restore as put_back
from mentornet.common.actors import System
from mentornet.common.answers import RefusedError
from mentornet.config.env import Settings

Say = Callable[[str], None]


def backup(arguments: Namespace, settings: Settings, say: Say) -> int:
    """Write a sealed backup, or make a pair of keys for them.

    Raises:
        RefusedError: says what stands in the way.
    """
    with translation.override(settings.language):
        if arguments.new_key is not None:
            return _new_key(arguments.new_key, say)
        if arguments.file is None:
            raise RefusedError(_("Name the file that the backup is to be written to: mentornet backup FILE."))
        if not arguments.file.absolute().parent.is_dir():
            template = _("There is no folder %(folder)s. Make it first, or name another one: nothing was written.")
            raise RefusedError(template % {"folder": arguments.file.absolute().parent})
        run = make_backup(by=System("backup", timezone.now()), file=arguments.file, seal=_seal(arguments))
        say(
            _("Written: %(file)s, %(size)s MB, %(rows)s rows in %(tables)s tables, in %(seconds)s seconds.")
            % _figures(run, arguments.file)
        )
    return 0


def restore(arguments: Namespace, settings: Settings, say: Say) -> int:
    """Put a backup in the place of this installation's data, or only look through it.

    Raises:
        RefusedError: says what stands in the way; nothing was changed.
    """
    with translation.override(settings.language):
        opener = _opener(arguments)
        if arguments.check:
            manifest = look_through(file=arguments.file, opener=opener)
            say(
                _("The backup of %(moment)s is whole: %(rows)s rows in %(tables)s tables.")
                % {
                    "moment": f"{timezone.localtime(manifest.made_at):%Y-%m-%d %H:%M}",
                    "rows": manifest.rows,
                    "tables": len(manifest.tables),
                }
            )
            return 0
        done = put_back(
            by=System("restore", timezone.now()),
            file=arguments.file,
            opener=opener,
            ledger=arguments.ledger,
            replace=arguments.replace,
            say=say,
        )
        if done.manifest is None:
            say(_("That restore is now at its end."))
            return 0
        say(
            _(
                "Restored: the state of %(moment)s. Erasures carried out again: %(replayed)s. People protected again: "
                "%(sealed)s."
            )
            % {
                "moment": f"{timezone.localtime(done.manifest.made_at):%Y-%m-%d %H:%M}",
                "replayed": done.replayed,
                "sealed": done.sealed,
            }
        )
        if done.before:
            say(
                _("What was here before is kept under names with “before” and %(when)s. Delete it once all is well.")
                % {"when": done.before}
            )
        for warning in done.warnings:
            say(warning)
    return 0


def drill(arguments: Namespace, settings: Settings, say: Say) -> int:
    """Restore a backup elsewhere, compare it and sign in on it.

    Raises:
        RefusedError: it is not one to rely on; says why.
    """
    with translation.override(settings.language):
        opener = _opener(arguments) if arguments.identity or arguments.passphrase_file else usual_opener()
        file = arguments.file or newest_file()
        run = try_backup(by=System("drill", timezone.now()), file=file, opener=opener)
        say(
            _(
                "A good drill: %(file)s restores, all %(tables)s tables are the same (%(rows)s rows), and somebody "
                "signed in, in %(seconds)s seconds."
            )
            % _figures(run, file)
        )
    return 0


def _figures(run: Run, file: Path) -> dict[str, object]:
    return {
        "file": str(file),
        "size": f"{run.size / 1e6:.1f}",
        "rows": run.rows,
        "tables": run.tables,
        "seconds": f"{run.seconds:.1f}",
    }


def _new_key(path: Path, say: Say) -> int:
    secret, public = new_identity()
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:  # noqa: PTH123 - for its owner alone from the start
            file.write(f"# public key: {public}\n{secret}\n")
    except FileExistsError as error:
        raise RefusedError(_("%(file)s is there already. Name another file.") % {"file": str(path)}) from error
    say(_("The secret key is in %(file)s. Keep it where the backups are not, and a copy on paper.") % {"file": path})
    say(_("The public key, for MENTORNET_BACKUP_KEY: %(key)s") % {"key": public})
    return 0


def _seal(arguments: Namespace) -> Seal:
    if arguments.key:
        return Seal(keys=tuple(arguments.key))
    if arguments.passphrase_file:
        return Seal(passphrase=read_passphrase(arguments.passphrase_file))
    try:
        return usual_seal()
    except RefusedError:
        if not sys.stdin.isatty():
            raise
    passphrase = checked_passphrase(getpass.getpass(_("A passphrase for this backup, 16 signs or more: ")))
    if getpass.getpass(_("The same again: ")) != passphrase:
        raise RefusedError(_("The two are not the same; nothing was written."))
    return Seal(passphrase=passphrase)


def _opener(arguments: Namespace) -> Opener:
    if arguments.identity or arguments.passphrase_file:
        return Opener(
            identities=read_identities(arguments.identity) if arguments.identity else (),
            passphrase=read_passphrase(arguments.passphrase_file) if arguments.passphrase_file else "",
        )
    try:
        return usual_opener()
    except RefusedError:
        if not sys.stdin.isatty():
            raise
    return Opener(passphrase=getpass.getpass(_("The backup’s passphrase: ")))
