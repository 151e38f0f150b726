"""The second half of ``mentornet setup``: who runs the network, and the writing of it all. Django has started."""

from __future__ import annotations

import secrets
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone, translation

from mentornet.accounts.models import User
from mentornet.common.actors import System
from mentornet.common.answers import RefusedError
from mentornet.config import setup_questions as questions
from mentornet.config.checking import everything, has_database, told
from mentornet.config.env import PREFIX, SettingError, Settings, env_file
from mentornet.config.env_file import EnvFileError, write_env_file
from mentornet.config.running import prepare_database
from mentornet.config.setup_questions import NO_PROGRAMME, Asking
from mentornet.divisions.models import Division, Organisation, Role, StaffRole
from mentornet.divisions.services import describe_organisation, give_role, open_division, set_password
from mentornet.divisions.trials import confirm_trial, send_trial
from mentornet.messaging.models import Channel, LetterState
from mentornet.messaging.services import deliver_due_letters
from mentornet.messaging.trials import letter_of
from mentornet.programmes.models import Programme
from mentornet.programmes.presets import PRESETS
from mentornet.programmes.services import start_from_preset
from reference.translation import N_

PASSPHRASE_FILE: Final = "backup-passphrase"  # noqa: S105 - the file's name
_TRIES: Final = 3


@dataclass(slots=True)
class People:
    """What is asked about the organisation and whoever looks after the program."""

    organisation: dict[str, str]
    divisions: list[str]
    programme: str
    programme_name: str
    name: str
    email: str
    is_lead: bool
    password: str


def finish(asking: Asking, arguments: Namespace, settings: Settings, values: dict[str, str]) -> int:
    """Ask the rest, write everything or nothing, try a letter, and say what comes next."""
    with translation.override(asking.language):
        people = _ask(asking, arguments)
        asking.require_all()
        passphrase = _passphrase(values, settings)
        try:
            prepare_database()
            _write(people, values, passphrase)
        except DatabaseError as error:
            raise SettingError(f"{PREFIX}DATABASE_URL: {str(error).splitlines()[0]}") from error
        except ValidationError as error:
            raise SettingError(" ".join(error.messages)) from error
        except RefusedError as error:
            raise SettingError(str(error)) from error
        asking.tell(N_("Written. The settings stand in {file}."), file=str(env_file()))
        _try_letters(asking, arguments, people)
        _say_next(asking, people, values, passphrase)
    return 0


# Asking -------------------------------------------------------------------------------------------------------------


def _is_there() -> bool:
    """Tell whether the network was set up before, without making anything where it was not."""
    try:
        return has_database() and Organisation._meta.db_table in connection.introspection.table_names()
    except DatabaseError as error:
        raise SettingError(f"{PREFIX}DATABASE_URL: {str(error).splitlines()[0]}") from error


def _ask(asking: Asking, arguments: Namespace) -> People:
    is_there = _is_there()
    described = Organisation.objects.first() if is_there else None
    names = {"network": "name", "legal-name": "legal_name", "office-address": "address"}
    organisation = {}
    for question in questions.ORGANISATION:
        column = names.get(question.option, question.option)
        organisation[column] = asking.ask(question, getattr(described, column, ""))
    divisions = _divisions(asking, arguments, is_there=is_there)
    programme, programme_name = _programme(asking, is_there=is_there)
    held = StaffRole.objects.filter(role=Role.ADMINISTRATOR, until__isnull=True) if is_there else None
    first = held.select_related("user").order_by("created_at").first() if held is not None else None
    usual = {"admin-name": first.user.name if first else "", "admin-email": first.user.email or "" if first else ""}
    name, email = (asking.ask(question, usual[question.option]) for question in questions.ADMINISTRATOR)
    is_lead = asking.ask(questions.LEAD, "no") == "yes"
    is_new = not (is_there and User.objects.filter(email__iexact=email).exists())
    asking.require_all()
    password = asking.password(arguments.password_file, _faults(email, name)) if is_new else ""
    return People(organisation, divisions, programme, programme_name, name, email, is_lead, password)


def _divisions(asking: Asking, arguments: Namespace, *, is_there: bool) -> list[str]:
    """Return the names of divisions to open; those that are open already stay."""
    there = list(Division.objects.order_by("name").values_list("name", flat=True)) if is_there else []
    wanted: Sequence[str] = arguments.division or asking.ask(questions.DIVISIONS, ", ".join(there)).split(",")
    known, new = {name.casefold() for name in there}, list[str]()
    for name in (one.strip() for one in wanted):
        if name and name.casefold() not in known:
            known.add(name.casefold())
            new.append(name)
    return new


def _programme(asking: Asking, *, is_there: bool) -> tuple[str, str]:
    if is_there and Programme.objects.exists():
        return NO_PROGRAMME, ""
    chosen = asking.ask(questions.PROGRAMME, questions.PRESETS[0])
    if chosen == NO_PROGRAMME:
        return chosen, ""
    return chosen, asking.ask(questions.PROGRAMME_NAME, PRESETS[chosen].name(asking.language))


def _faults(email: str, name: str) -> questions.Faults:
    def faults(password: str) -> Sequence[str]:
        try:
            validate_password(password, User(email=email, name=name))
        except ValidationError as error:
            return error.messages
        return ()

    return faults


# Writing ------------------------------------------------------------------------------------------------------------


def _passphrase(values: dict[str, str], settings: Settings) -> str:
    """Return a passphrase to draw for backups; empty where there is a key, a passphrase, or no backup."""
    has_one = values.get(f"{PREFIX}BACKUP_KEY") or values.get(f"{PREFIX}BACKUP_PASSPHRASE_FILE")
    if not values.get(f"{PREFIX}BACKUP_FOLDER") or has_one:
        return ""
    path = (settings.data_folder / PASSPHRASE_FILE).absolute()
    values[f"{PREFIX}BACKUP_PASSPHRASE_FILE"] = str(path)
    if path.exists():
        # Of an earlier time, whose settings are gone: the backups of then open with it alone.
        return ""
    return "-".join(secrets.token_hex(3) for _ in range(6))


def _write(people: People, values: dict[str, str], passphrase: str) -> None:
    """Write rows, passphrase and settings: all of it or nothing.

    The file of settings comes last, within the transaction: failing, it takes the rows back. Should the transaction
    fail after it, the former file is put back.
    """
    path = env_file()
    former = path.read_bytes() if path.exists() else None
    key = Path(values[f"{PREFIX}BACKUP_PASSPHRASE_FILE"]) if passphrase else None
    is_drawn = False
    try:
        with transaction.atomic():
            _write_rows(people)
            if key is not None:
                key.touch(mode=0o600, exist_ok=False)
                is_drawn = True
                key.write_text(f"{passphrase}\n", encoding="ascii")
            write_env_file(path, values)
    except BaseException as error:
        if key is not None and is_drawn:
            key.unlink(missing_ok=True)
        if former is None:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(former)
        if isinstance(error, EnvFileError):
            raise SettingError(str(error)) from error
        raise


def _write_rows(people: People) -> None:
    by = System("setup", timezone.now())
    facts = {name: value for name, value in people.organisation.items() if value}
    describe_organisation(by=by, facts=facts)
    for name in people.divisions:
        open_division(by=by, facts={"name": name, "opened_on": by.today})
    if people.programme != NO_PROGRAMME:
        start_from_preset(by=by, preset=PRESETS[people.programme], name=people.programme_name, author_name=people.name)
    roles = [Role.ADMINISTRATOR, *([Role.NATIONAL_LEAD] if people.is_lead else [])]
    for role in roles:
        held = StaffRole.objects.filter(user__email__iexact=people.email, role=role, until__isnull=True)
        if not held.exists():
            give_role(by=by, email=people.email, name=people.name, role=role, division=None, since=by.today)
    if people.password:
        set_password(by=by, user=User.objects.get(email__iexact=people.email), password=people.password)


# Afterwards ---------------------------------------------------------------------------------------------------------


def _try_letters(asking: Asking, arguments: Namespace, people: People) -> None:
    """Send a real letter, and a text message where a number is given; whoever sits there types the code in it."""
    to = arguments.trial_letter or (people.email if asking.is_terminal else "no")
    stays = any(one.code == "mail_stays" for one in everything())
    if to != "no" and not stays:
        _try_one(asking, Channel.EMAIL, to)
    if arguments.trial_text:
        _try_one(asking, Channel.TEXT, arguments.trial_text)


def _try_one(asking: Asking, channel: Channel, address: str) -> None:
    try:
        trial = send_trial(
            by=System("setup", timezone.now()), channel=channel, address=address, language=asking.language
        )
    except (RefusedError, ValidationError) as error:
        asking.say(" ".join(error.messages) if isinstance(error, ValidationError) else str(error))
        return
    deliver_due_letters(by=System("setup", timezone.now()))
    letter = letter_of(trial)
    if letter is None or letter.state != LetterState.SENT:
        asking.tell(N_("The letter to {address} has not left:"), address=address)
        asking.say(
            f"  {letter.get_problem_display() if letter else ''} {letter.problem_detail if letter else ''}".rstrip()
        )
        return
    asking.tell(N_("A letter with a code has left for {address}."), address=address)
    question = asking.words(N_("The code in it, or nothing to do this later on the desk:"))
    for _try in range(_TRIES if asking.is_terminal else 0):
        typed = input(question + " ").strip()
        if not typed:
            break
        if confirm_trial(by=System("setup", timezone.now()), trial=trial, code=typed):
            asking.tell(N_("It has arrived."))
            return
        asking.tell(N_("That is not the code in the newest letter."))
    asking.tell(N_("Send yourself another one on the desk, under First steps, and type its code there."))


def _say_next(asking: Asking, people: People, values: dict[str, str], passphrase: str) -> None:
    if passphrase:
        asking.say("")
        asking.tell(N_("Backups are sealed with this passphrase. Write it down, and keep it away from this machine:"))
        asking.say(f"  {passphrase}")
    asking.say("")
    # Started before the passphrase was drawn, this process does not know yet that backups are made.
    found = [one for one in everything() if not (one.code == "backup" and values.get(f"{PREFIX}BACKUP_FOLDER"))]
    for line in told(found):
        asking.say(line)
    asking.tell(N_("Now run: {command}"), command="mentornet serve")
    asking.tell(
        N_("Then {name} signs in at {address} and sets up her second step. The desk shows what is left to do."),
        name=people.name,
        address=f"{values.get(f'{PREFIX}ADDRESS') or 'http://127.0.0.1:8000'}/desk/",
    )
