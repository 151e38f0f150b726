"""``mentornet setup`` as somebody at a terminal meets it: one question after the other, and again after a slip."""

from __future__ import annotations

import os
import re
import select
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from mentornet.config.env_file import read_env_file
from messaging.sink import Sink
from serving import of_nobody

pytestmark = pytest.mark.sqlite_only
PASSWORD = "kold-havn-og-tre-baade"
HEARS_CTRL_C = (
    "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); "
    "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)
"""Begun in the background of a script, the tests hand on that Ctrl-C is not heard; at a terminal it is."""


class Terminal:
    """What the program says, and what is typed into it."""

    def __init__(self, master: int) -> None:
        self.master = master
        self.said = ""
        self.read = 0

    def until(self, words: str) -> str:
        """Read on until the program has said this; return what it said on the way."""
        end = time.monotonic() + 120
        while (found := self.said.find(words, self.read)) < 0:
            assert time.monotonic() < end, self.said[self.read :]
            if select.select([self.master], [], [], 1)[0]:
                try:
                    self.said += os.read(self.master, 65_536).decode().replace("\r\n", "\n")
                except OSError as error:
                    raise AssertionError(self.said[self.read :]) from error
        between, self.read = self.said[self.read : found], found + len(words)
        return between

    def answer(self, question: str, answer: str = "") -> str:
        """Wait for a question, and type an answer."""
        between = self.until(question)
        os.write(self.master, f"{answer}\n".encode())
        return between


@contextmanager
def setting_up(folder: Path, *words: str) -> Iterator[tuple[Terminal, subprocess.Popen[bytes]]]:
    master, slave = os.openpty()
    program = subprocess.Popen(
        [sys.executable, "-c", HEARS_CTRL_C, "-m", "mentornet.cli", "setup", *words],
        env=of_nobody(folder) | {"TERM": "dumb"},
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    )
    os.close(slave)
    try:
        yield Terminal(master), program
    finally:
        program.kill()
        program.wait(30)
        os.close(master)


def test_question_by_question_and_a_letter_that_arrives(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with Sink().running() as mail, setting_up(folder) as (terminal, program):
        terminal.answer("en or da? [en]", "klingon")
        terminal.answer("expected one of en, da", "")
        terminal.answer("At which address will people reach it?", "http://mentor.example.org")
        assert "Such as https://mentor.example.org" in terminal.said
        terminal.answer("expected an address such as https://", "mentor.example.org")
        terminal.answer("In which languages", "da en uk")
        terminal.answer("Where are the data kept?")
        terminal.answer("How do letters leave?", f"smtp://127.0.0.1:{mail.port}")
        terminal.answer("Who are letters from?", "The office <office@example.org>")
        terminal.answer("How do text messages leave?")
        terminal.answer("Into which folder goes a backup", str(tmp_path / "backups"))
        terminal.answer("To which key are backups sealed?")
        terminal.answer("What is the network called?")
        terminal.answer("This is needed to begin.", "Broen")
        for question in ("Which organisation", "What is its address?", "At which e-mail address", "At which telephone"):
            terminal.answer(question)
        terminal.answer("Which divisions are there?", "Odense, Vollsmose, odense")
        terminal.answer("With which programme", "career-sprint")
        terminal.answer("[Career sprint for graduates]")
        terminal.answer("Who looks after the program?", "Anna Holm")
        terminal.answer("Her e-mail address:", "anna@example.org")
        terminal.answer("Does she lead the network as well", "maybe")
        terminal.answer("expected one of yes, no", "yes")
        assert not (folder / "mentornet.env").exists()
        terminal.answer("Her password, 12 signs or more:", "short")
        # What is typed before the next question for it stands there is thrown away.
        terminal.until("12 characters")
        terminal.answer("Her password, 12 signs or more:", PASSWORD)
        terminal.answer("The same again:", "something-else-altogether")
        terminal.until("The two are not the same.")
        terminal.answer("Her password, 12 signs or more:", PASSWORD)
        terminal.answer("The same again:", PASSWORD)
        terminal.answer("The code in it", "000000")
        (letter,) = [letter for to, letter in mail.got if to == "anna@example.org"]
        body = letter.get_payload(decode=True)
        assert isinstance(body, bytes)
        code = re.search(rb"\b\d{6}\b", body)
        assert code
        terminal.answer("That is not the code in the newest letter.", code[0].decode())
        terminal.until("It has arrived.")
        terminal.until("Now run: mentornet serve")
        assert program.wait(60) == 0
    # What is typed at the question for a password is not shown.
    assert PASSWORD not in terminal.said
    with sqlite3.connect(folder / "mentornet.sqlite3") as rows:
        assert rows.execute("select name from divisions_division order by name").fetchall() == [
            ("Odense",),
            ("Vollsmose",),
        ]
    kept = read_env_file(folder / "mentornet.env")
    assert kept["MENTORNET_LANGUAGES"] == "da en uk"
    assert (kept["MENTORNET_ADDRESS"], kept["MENTORNET_HOSTS"]) == ("https://mentor.example.org", "mentor.example.org")
    passphrase = Path(kept["MENTORNET_BACKUP_PASSPHRASE_FILE"])
    assert passphrase.stat().st_mode & 0o777 == 0o600
    # Shown once, to be written down.
    assert terminal.said.count(passphrase.read_text(encoding="ascii").strip()) == 1


def test_broken_off_before_the_last_answer_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with setting_up(folder, "--network", "Broen", "--language", "en") as (terminal, program):
        terminal.answer("At which address will people reach it?")
        terminal.answer("In which languages")
        terminal.until("Where are the data kept?")
        assert broken_off(program) == 130
    assert not folder.exists()


def broken_off(program: subprocess.Popen[bytes]) -> int:
    """Press Ctrl-C, and again as somebody at a terminal would: the first may fall between two questions."""
    for _ in range(20):
        program.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            return program.wait(3)
    raise AssertionError("it did not end")


def test_end_of_input_at_a_question_is_as_broken_off(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with setting_up(folder, "--language", "en") as (terminal, program):
        terminal.until("At which address will people reach it?")
        os.write(terminal.master, b"\x04")
        assert program.wait(60) == 130
        assert "Traceback" not in terminal.said
    assert not folder.exists()


def test_what_cannot_be_used_is_asked_again_at_once(tmp_path: Path) -> None:
    with setting_up(tmp_path / "data", "--language", "en", "--backup-folder", str(tmp_path)) as (terminal, _program):
        terminal.answer("At which address will people reach it?", "mentor example.org")
        terminal.answer("MENTORNET_ADDRESS: expected", "https://mentor.example.org:port")
        terminal.answer("MENTORNET_ADDRESS: expected", "")
        terminal.answer("In which languages")
        terminal.answer("Where are the data kept?", "mysql://user:geheim@host/name")
        terminal.answer("MENTORNET_DATABASE_URL: expected", "")
        terminal.answer("How do letters leave?", "smtp.example.org")
        terminal.answer("MENTORNET_MAIL_URL: expected", "smtp+tls://user:password@host:port")
        terminal.answer("MENTORNET_MAIL_URL: expected", "")
        terminal.answer("Who are letters from?")
        terminal.answer("How do text messages leave?")
        terminal.answer("To which key are backups sealed?", "age1nonsense")
        terminal.answer("MENTORNET_BACKUP_KEY: expected", "")
        terminal.until("What is the network called?")
        assert "Traceback" not in terminal.said


def test_password_of_a_mail_server_is_not_shown_when_it_is_begun_again(tmp_path: Path) -> None:
    (tmp_path / "mentornet.env").write_text("MENTORNET_MAIL_URL=smtp+tls://anna:hemmeligt@mail.example.org:587\n")
    with setting_up(tmp_path, "--language", "en") as (terminal, _program):
        terminal.answer("At which address will people reach it?")
        terminal.answer("In which languages")
        terminal.answer("Where are the data kept?")
        terminal.answer("How do letters leave? [as before]")
        terminal.until("Who are letters from?")
    assert "hemmeligt" not in terminal.said
