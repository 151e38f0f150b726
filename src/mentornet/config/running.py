"""What the program's commands do in Django. Imported once :mod:`mentornet.config.starting` has started it."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable
from contextlib import nullcontext
from typing import Final

from django.conf import settings as django_settings
from django.core.management import CommandError, CommandParser, call_command, get_commands, load_command_class
from django.db import connections
from django.utils import timezone, translation

from mentornet.backups.services.restoring import refuse_unfinished_restore
from mentornet.common.actors import System
from mentornet.config import auditing, ending, serving
from mentornet.config.checking import require_safe
from mentornet.config.env import Settings
from mentornet.config.mail import require_mail
from mentornet.config.two_roles import as_owner, keep_policies
from mentornet.config.upgrading import (
    bring_up_to_date,
    former_migrations,
    go_back,
    refuse_to_open,
    rows_lost,
    steps_back,
)
from mentornet.demo.queries import demo_network, needs_reload
from mentornet.demo.services import Size, load_network, refuse_real_data
from mentornet.learning.services import install_shipped
from mentornet.partnerships.services import install_agreement_texts
from mentornet.surveys.services import install_questionnaires

LOOPBACK: Final = "127.0.0.1"

Say = Callable[[str], None]


def prepare_database() -> None:
    """Bring the database up to date: its tables, the one that counts for rate limits, and the texts that ship."""
    refuse_unfinished_restore()
    bring_up_to_date()
    call_command("createcachetable", verbosity=0)
    keep_policies()
    install_shipped(by=System("shipped", timezone.now()))
    install_agreement_texts(by=System("shipped", timezone.now()))
    install_questionnaires(by=System("shipped", timezone.now()))
    django_settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


def demo(arguments: Namespace, settings: Settings, say: Say) -> int:
    """Load the demonstration if it is not there, and serve it on this machine alone until Ctrl-C.

    Raises:
        NoPortError: the wanted port is taken.
        RefusedError: the database holds real people.
    """
    port = serving.free_port(LOOPBACK, arguments.port)
    with translation.override(settings.language):
        prepare_database()
        refuse_real_data()
        size: Size = "pilot" if arguments.pilot else "full"
        today = timezone.localdate()
        there = demo_network()
        if arguments.fresh or needs_reload(today) or (there is not None and there.size != size):
            say("Loading the demonstration: people who do not exist, dated up to today …")
            load_network(by=System("demo", timezone.now()), size=size, today=today, fresh=True)
    connections.close_all()
    address = f"http://{LOOPBACK}:{port}/"

    def ready() -> None:
        say("")
        say(f"Mentornet is open at  {address}")
        say("Choose whose eyes to look through; no password is asked for. Ctrl-C ends it.")

    serving.be_reached_at(address.rstrip("/"))
    with serving.worker_beside():
        serving.serve(host=LOOPBACK, port=port, ready=ready)
    return 0


def serve(arguments: Namespace, settings: Settings, say: Say) -> int:
    """Serve the network of this installation until a signal comes; a worker runs beside it, unless told otherwise.

    Raises:
        NoPortError: the wanted port is taken.
        RefusedError: it is to be a demonstration, and the database holds real people.
        SettingError: nobody has said how letters leave, or real people would not be safe.
    """
    require_mail(settings)
    require_safe(settings, say, host=arguments.host)
    with as_owner():
        prepare_database()
        refuse_real_data()
    if not (settings.demo or settings.debug):
        call_command("collectstatic", interactive=False, verbosity=0)
    connections.close_all()
    port = serving.free_port(arguments.host, arguments.port)
    if not settings.https:
        serving.be_reached_at(f"http://{arguments.host}:{port}")
    with nullcontext() if arguments.no_worker else serving.worker_beside():
        serving.serve(host=arguments.host, port=port, ready=lambda: say(f"Serving at http://{arguments.host}:{port}/"))
    return 0


def worker(arguments: Namespace, settings: Settings, _say: Say) -> int:
    """Do what is due until a signal comes.

    Raises:
        SettingError: nobody has said how letters leave.
    """
    require_mail(settings)
    refuse_unfinished_restore()
    if arguments.beside is not None:
        serving.end_with(arguments.beside)
    ending.heed()
    call_command("work", once=arguments.once)
    return 0


def migrate(arguments: Namespace, _settings: Settings, say: Say) -> int:
    """Bring the database up to date; or back to what it was before the last upgrade, for the release before.

    Raises:
        NoWayBackError: it cannot be brought back; nothing was changed.
    """
    if not (arguments.back or arguments.plan):
        prepare_database()
        say("The database is up to date.")
        return 0
    targets = former_migrations(arguments.note)
    steps = steps_back(targets)
    if not steps:
        say("There is nothing to undo.")
        return 0
    lost = rows_lost(steps)
    if arguments.plan:
        rows = [f"{label}: {count} rows" for label, count in lost.items()]
        say("\n".join(["Would be undone:", *map(str, steps), *(["With it would go:", *rows] if rows else [])]))
        return 0
    if not arguments.open_protected:
        refuse_to_open(lost)
    say("\n".join(["Undone:", *go_back(targets), "Start the release before now."]))
    return 0


def audit(arguments: Namespace, settings: Settings, say: Say) -> int:
    """Verify the audit's chain, and say what was found. Returns 1 when it is broken.

    Raises:
        RefusedError: what was noted is not a head, or the database has no chain yet.
    """
    with translation.override(settings.language):
        return auditing.audit(noted=arguments.noted, sign=arguments.sign, say=say)


def import_people(arguments: Namespace, _settings: Settings, _say: Say) -> int:
    """Take spreadsheets into a division, in the foreground. Returns 2 when they were refused."""
    return _managed("import_people", "import", arguments.left)


def staff(arguments: Namespace, _settings: Settings, _say: Say) -> int:
    """Give somebody a role from the command line: the way to the first administrator."""
    return _managed("give_role", "staff", arguments.left)


def _managed(name: str, word: str, words: list[str]) -> int:
    """Run one of Django's commands of ours as ``mentornet WORD``, with its own options alone."""
    command = load_command_class(get_commands()[name], name)
    parser = CommandParser(prog=f"mentornet {word}", description=command.help)
    command.add_arguments(parser)
    try:
        options = vars(parser.parse_args(words))
        prepare_database()
        command.execute(**options, no_color=True, force_color=False, skip_checks=True)
    except CommandError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 2
    return 0
