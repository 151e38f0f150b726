"""What ``mentornet setup`` asks: each answer also an option, so that it can be scripted. Loads no Django."""

from __future__ import annotations

import argparse
import getpass
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from pkgutil import resolve_name
from typing import Final
from urllib.parse import urlsplit

from mentornet.config.env import PARTICIPANTS_LANGUAGES, PREFIX, SettingError, read_settings
from reference.translation import LANGUAGES, N_, Language, Message

PRESETS: Final = ("job-and-language", "career-sprint", "social")
"""Those of ``programmes.presets``, which cannot be asked before Django is loaded; a test holds them together."""
NO_PROGRAMME: Final = "none"


class NoAnswerError(SettingError):
    """Raised where nobody can be asked, and an answer is missing or cannot be used."""


Check = Callable[[str], str]
"""Returns an answer as it is kept, or raises ``SettingError`` saying what was expected."""
Faults = Callable[[str], Sequence[str]]
"""Returns what is wrong with a password, in sentences."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that is asked.

    Attributes:
        option: the command line's word for it, without dashes.
        words: the question.
        more: a line before it that helps to answer.
        is_needed: an empty answer is none.
    """

    option: str
    words: str
    more: str = ""
    is_needed: bool = False
    check: Check | None = None


def _setting(name: str) -> Check:
    """Return a check that a setting can be used, by reading it as the program does."""

    def check(answer: str) -> str:
        settings = read_settings({f"{PREFIX}{name}": answer})
        if name == "MAIL_URL":
            # Loaded only now: it knows Django.
            resolve_name("mentornet.config.mail:mail_settings")(settings.mail_url)
        if name == "SMS_URL":
            try:
                resolve_name("mentornet.messaging.sms:texting_of")(settings.sms_url, settings.data_folder)
            except resolve_name("django.core.exceptions:ImproperlyConfigured") as error:
                raise SettingError(str(error)) from error
        return answer

    return check


def check_email(answer: str) -> str:
    """Return an e-mail address that has the form of one.

    Raises:
        SettingError: it has not.
    """
    try:
        resolve_name("django.core.validators:EmailValidator")()(answer)
    except resolve_name("django.core.exceptions:ValidationError") as error:
        raise SettingError(f"{answer}: expected an e-mail address such as office@example.org") from error
    return answer


def check_address(answer: str) -> str:
    """Return the address at which people reach the program, as it is kept.

    Raises:
        SettingError: it is none, or lacks HTTPS.
    """
    answer = answer.strip().removesuffix("/")
    if not answer:
        return ""
    parts = urlsplit(answer if "//" in answer else f"https://{answer}")
    try:
        is_reached = bool(parts.hostname) and (parts.port is None or parts.port > 0) and not re.search(r"\s", answer)
    except ValueError:
        is_reached = False
    if parts.scheme != "https" or not is_reached or parts.path or parts.query or parts.fragment or parts.username:
        raise SettingError(f"{PREFIX}ADDRESS: expected an address such as https://mentor.example.org")
    return parts.geturl()


def _one_of(*words: str) -> Check:
    def check(answer: str) -> str:
        if answer.lower() not in words:
            raise SettingError(f"expected one of {', '.join(words)}")
        return answer.lower()

    return check


LANGUAGE: Final = Question(
    "language", N_("In which language does the desk begin, en or da?"), check=_one_of(*LANGUAGES)
)
INSTALLATION: Final = (
    Question(
        "address",
        N_("At which address will people reach it?"),
        N_("Such as https://mentor.example.org, behind a proxy with a certificate. Empty: to try it on this machine."),
        check=check_address,
    ),
    Question(
        "languages",
        N_("In which languages can participants read?"),
        N_("Some of da en ar fa uk. Danish and English are always among them."),
        check=_setting("LANGUAGES"),
    ),
    Question(
        "database-url",
        N_("Where are the data kept?"),
        N_("Empty: in a file of its own on this machine. Or postgres://user:password@host/name."),
        check=_setting("DATABASE_URL"),
    ),
    Question(
        "mail-url",
        N_("How do letters leave?"),
        N_("Such as smtp+tls://user:password@mail.example.org:587, as your mail provider tells it."),
        check=_setting("MAIL_URL"),
    ),
    Question(
        "sender",
        N_("Who are letters from?"),
        N_("Such as: The office <office@example.org>. Choose a name that does not tell what the network is."),
        check=_setting("SENDER"),
    ),
    Question(
        "sms-url",
        N_("How do text messages leave?"),
        N_(
            "Such as gatewayapi://token@gatewayapi.com?sender=Info. Empty: none leave, and who has no e-mail is called."
        ),
        check=_setting("SMS_URL"),
    ),
    Question(
        "backup-folder",
        N_("Into which folder goes a backup each night?"),
        N_("Best on another disk, or one that is copied elsewhere. Empty: none is made yet."),
    ),
    Question(
        "backup-key",
        N_("To which key are backups sealed?"),
        N_("A public key that begins with age1. Empty: a passphrase is drawn, and shown once at the end."),
        check=_setting("BACKUP_KEY"),
    ),
)
ORGANISATION: Final = (
    Question("network", N_("What is the network called?"), N_("As people know it."), is_needed=True),
    Question("legal-name", N_("Which organisation is behind it?"), N_("The privacy notice names it.")),
    Question("office-address", N_("What is its address?")),
    Question("email", N_("At which e-mail address do people reach it?"), check=check_email),
    Question("phone", N_("At which telephone number?")),
)
DIVISIONS: Final = Question(
    "division",
    N_("Which divisions are there?"),
    N_("Separated by commas, such as: Odense, Vollsmose. One is enough."),
    is_needed=True,
)
PROGRAMME: Final = Question(
    "programme",
    N_("With which programme do you begin?"),
    N_("job-and-language, career-sprint, social; or none, to begin with your own later."),
    check=_one_of(*PRESETS, NO_PROGRAMME),
)
PROGRAMME_NAME: Final = Question("programme-name", N_("What is the programme called?"))
ADMINISTRATOR: Final = (
    Question("admin-name", N_("Who looks after the program? Her name:"), is_needed=True),
    Question("admin-email", N_("Her e-mail address:"), N_("She signs in with it."), is_needed=True, check=check_email),
)
LEAD: Final = Question(
    "lead",
    N_("Does she lead the network as well, and work with people’s cases? yes or no:"),
    check=_one_of("yes", "no"),
)
_HELP: Final[Mapping[str, str]] = {
    "language": "en or da: of the desk and the program's messages",
    "address": "https://…: where people reach it; empty to try it on this machine",
    "languages": f"for participants, some of {' '.join(PARTICIPANTS_LANGUAGES)}",
    "database-url": "where the data are; a file on this machine without it",
    "mail-url": "how letters leave; better by the environment, MENTORNET_MAIL_URL, as it holds a password",
    "sender": "who letters are from",
    "sms-url": "how text messages leave; better by the environment, as it holds a token",
    "backup-folder": "where a backup goes each night",
    "backup-key": "the public key (age1…) to which backups are sealed; without it a passphrase is drawn",
    "network": "the network's name",
    "legal-name": "the organisation behind it",
    "office-address": "its address",
    "email": "its e-mail address",
    "phone": "its telephone",
    "programme": f"the first programme: {', '.join(PRESETS)}, or none",
    "programme-name": "what it is called",
    "admin-name": "the first administrator's name",
    "admin-email": "with which she signs in",
    "lead": "yes: she is the national lead as well",
}


def setup_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``setup``."""
    for name, text in _HELP.items():
        parser.add_argument(f"--{name}", metavar="…", help=text)
    parser.add_argument("--division", action="append", metavar="NAME", help="a division; may be given several times")
    parser.add_argument("--password-file", type=Path, metavar="FILE", help="her password, in the file's first line")
    parser.add_argument(
        "--trial-letter", metavar="ADDRESS", help="where the trial letter goes; no: none; hers without it"
    )
    parser.add_argument("--trial-text", metavar="NUMBER", help="where a trial text message goes; none without it")
    parser.add_argument("--yes", action="store_true", help="ask nothing: take what is usual, or was said before")


@dataclass(slots=True)
class Asking:
    """Asks at a terminal; elsewhere takes options and what is usual, and tells all that is missing at once.

    Attributes:
        given: the options, by name.
        is_terminal: somebody sits there.
        missing: what nobody has said.
    """

    given: Mapping[str, str | None]
    say: Callable[[str], None]
    is_terminal: bool
    language: Language = "en"
    missing: list[str] = field(default_factory=list)

    def words(self, template: str, **values: str) -> str:
        """Return a sentence in the language of the dialogue."""
        return Message(template, values).text(self.language)

    def tell(self, template: str, **values: str) -> None:
        """Say a sentence."""
        self.say(self.words(template, **values))

    def ask(self, question: Question, usual: str = "") -> str:
        """Return the answer to a question: the option, what somebody types, or what is usual."""
        option = self.given.get(question.option)
        if option is not None:
            return self._checked(question, option.strip())
        if not self.is_terminal:
            if question.is_needed and not usual:
                self.missing.append(f"--{question.option}")
                return ""
            return self._checked(question, usual) if usual else ""
        if question.more:
            self.say("")
            self.tell(question.more)
        while True:
            # What is kept may hold a password: it is not shown, and Enter keeps it.
            shown = self.words(N_("as before")) if usual and "://" in usual and "@" in usual else usual
            typed = input(f"{self.words(question.words)} {f'[{shown}] ' if shown else ''}").strip() or usual
            if not typed and question.is_needed:
                self.tell(N_("This is needed to begin."))
                continue
            try:
                return self._checked(question, typed)
            except SettingError as error:
                self.say(str(error))

    def _checked(self, question: Question, answer: str) -> str:
        if question.check is None or not answer:
            return answer
        try:
            return question.check(answer)
        except SettingError as error:
            if self.is_terminal and self.given.get(question.option) is None:
                raise
            raise NoAnswerError(f"--{question.option}: {error}") from error

    def require_all(self) -> None:
        """Go on only when nothing is missing.

        Raises:
            NoAnswerError: names every option that is.
        """
        if self.missing:
            template = N_("Nobody can be asked here. Say these too: {options}")
            raise NoAnswerError(self.words(template, options=", ".join(self.missing)))

    def password(self, file: Path | None, check: Faults) -> str:
        """Return a new password: asked for twice at a terminal, else from a file or one line of standard input.

        Raises:
            NoAnswerError: it is missing, or too simple.
            OSError: the file cannot be read.
        """
        if file is not None or not self.is_terminal:
            text = file.read_text(encoding="utf-8") if file is not None else sys.stdin.readline()
            password = text.split("\n", 1)[0].rstrip("\r")
            if not password:
                raise NoAnswerError(self.words(N_("Her password is missing: --password-file, or a line of input.")))
            if faults := check(password):
                raise NoAnswerError(" ".join(faults))
            return password
        # Apart from their lines: what stands within an f-string is not found by those who translate.
        first, again = self.words(N_("Her password, 12 signs or more:")), self.words(N_("The same again:"))
        while True:
            password = getpass.getpass(first + " ")
            if faults := check(password):
                self.say(" ".join(faults))
            elif getpass.getpass(again + " ") != password:
                self.tell(N_("The two are not the same."))
            else:
                return password
