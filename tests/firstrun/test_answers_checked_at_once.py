"""What cannot be used is said where it is typed, not at the end, and nothing is made where nobody asked for it."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import pytest

from conftest import MakeStaff
from mentornet.common.answers import NotAllowedError, RefusedError
from mentornet.config import keeping
from mentornet.config import setup_questions as questions
from mentornet.config.env import SettingError, read_settings
from mentornet.config.setup_questions import Asking, NoAnswerError, Question
from mentornet.divisions.models import Role
from mentornet.programmes.models import Programme
from mentornet.programmes.presets import JOB_AND_LANGUAGE, SOCIAL
from mentornet.programmes.services import start_from_preset
from racing import at_once

EVERY = {one.option: one for one in (*questions.INSTALLATION, *questions.ORGANISATION, *questions.ADMINISTRATOR)}


def answered(option: str, answer: str) -> str:
    question: Question = EVERY[option]
    return Asking({option: answer}, lambda _line: None, is_terminal=False).ask(question)


@pytest.mark.parametrize(
    ("option", "answer"),
    [
        ("sms-url", "gatewayapi://gatewayapi.com"),
        ("sms-url", "telegraph://token@example.org"),
        ("email", "office"),
        ("admin-email", "anna at example.org"),
    ],
)
def test_address_that_cannot_be_used_is_said_at_once(option: str, answer: str) -> None:
    with pytest.raises(NoAnswerError, match=f"--{option}"):
        answered(option, answer)


@pytest.mark.parametrize(
    ("option", "answer"),
    [
        ("sms-url", "gatewayapi://token@gatewayapi.com?sender=Info"),
        ("sms-url", ""),
        ("email", "office@example.org"),
        ("email", ""),
    ],
)
def test_address_that_can_be_used_is_taken(option: str, answer: str) -> None:
    assert answered(option, answer) == answer


def test_limits_of_reading_are_settings_that_fit_each_other() -> None:
    assert read_settings({}).reading == (40, 120)
    assert read_settings({"MENTORNET_READING_ASKS_AT": "5", "MENTORNET_READING_STOPS_AT": "9"}).reading == (5, 9)
    for wrong in ({"MENTORNET_READING_ASKS_AT": "200"}, {"MENTORNET_READING_STOPS_AT": "0"}):
        with pytest.raises(SettingError):
            read_settings(wrong)


def test_backup_makes_no_folder_that_nobody_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "misspelt" / "tonight.age"
    with pytest.raises(RefusedError, match="There is no folder"):
        keeping.backup(Namespace(new_key=None, file=file, key=[], passphrase_file=None), read_settings({}), print)
    assert not file.parent.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_begin_the_first_programme_at_once_one_does(make_staff: MakeStaff) -> None:
    two = [make_staff(Role.ADMINISTRATOR) for _ in range(2)]
    presets = (JOB_AND_LANGUAGE, SOCIAL)
    said = at_once(
        *(
            lambda by=by, preset=preset: start_from_preset(by=by, preset=preset, name=preset.slug, author_name=by.name)
            for by, preset in zip(two, presets, strict=True)
        )
    )
    assert said == {"done": 1, NotAllowedError.__name__: 1}
    assert Programme.objects.count() == 1
