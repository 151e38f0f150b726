"""Six digits: for ten minutes, once, five tries, and kept nowhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import Settings

from factories.django_rows import AT, make_person
from mentornet.accounts.enums import Purpose
from mentornet.accounts.limits import is_used_up, take_turn
from mentornet.accounts.models import OneTimeCode, PersonalLink
from mentornet.accounts.services import codes
from mentornet.accounts.services.codes import AskedTooOftenError, ask_code, check_code, code_of, write_code
from mentornet.accounts.services.forgetting import forget_old_ways_in
from mentornet.accounts.services.links import make_link
from mentornet.common.actors import System, Visitor
from mentornet.common.answers import NotAllowedError
from mentornet.messaging.minting import GoneError
from mentornet.messaging.models import Letter
from mentornet.people.recipients import person_key
from racing import each_at_once

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=10)


@pytest.fixture
def recipient(db: None) -> str:
    """Somebody to whom codes go."""
    return person_key(make_person("Amina", email="amina@example.org").pk)


def asked(recipient: str, *, after: timedelta = timedelta(0), purpose: Purpose = Purpose.PROPOSAL) -> OneTimeCode:
    return ask_code(by=Visitor(AT + after), purpose=purpose, subject="x", recipient=recipient)


def is_right(challenge: OneTimeCode, code: str, *, after: timedelta = timedelta(0)) -> bool:
    return check_code(by=Visitor(AT + after), challenge=challenge, code=code)


def wrong(challenge: OneTimeCode) -> str:
    return f"{(int(code_of(challenge)) + 1) % 10**6:06}"


def test_right_code_opens_once(recipient: str) -> None:
    challenge = asked(recipient)
    assert not is_right(challenge, wrong(challenge))
    assert is_right(challenge, code_of(challenge))
    assert not is_right(challenge, code_of(challenge))


def test_code_is_in_no_column(recipient: str) -> None:
    challenge = asked(recipient)
    code = code_of(challenge)
    for row in (challenge, Letter.objects.get()):
        assert code not in " ".join(str(value) for name, value in vars(row).items() if "id" not in name)


@pytest.mark.parametrize(("after", "opens"), [(LATER - timedelta(seconds=1), True), (LATER, False)])
def test_code_lasts_ten_minutes(recipient: str, after: timedelta, *, opens: bool) -> None:
    challenge = asked(recipient)
    assert is_right(challenge, code_of(challenge), after=after) is opens


def test_sixth_try_is_not_looked_at(recipient: str) -> None:
    challenge = asked(recipient)
    for _ in range(5):
        assert not is_right(challenge, wrong(challenge))
    assert not is_right(challenge, code_of(challenge))


def test_newer_code_ends_the_one_before(recipient: str) -> None:
    first = asked(recipient)
    second = asked(recipient, after=timedelta(minutes=1))
    assert not is_right(first, code_of(first), after=timedelta(minutes=2))
    assert is_right(second, code_of(second), after=timedelta(minutes=2))


def test_question_to_nobody_has_no_answer(recipient: str) -> None:
    challenge = asked("")
    assert not Letter.objects.exists()
    assert not is_right(challenge, code_of(challenge))


def test_sixth_question_within_an_hour_is_refused(recipient: str) -> None:
    for minute in range(5):
        asked(recipient, after=timedelta(minutes=minute))
    with pytest.raises(AskedTooOftenError):
        asked(recipient, after=timedelta(minutes=59))
    asked(recipient, after=timedelta(minutes=61))


def test_other_purpose_is_refused_a_code(recipient: str) -> None:
    with pytest.raises(NotAllowedError):
        ask_code(by=Visitor(AT), purpose="anything", subject="", recipient=recipient)


def test_letter_tried_again_holds_the_same_code(recipient: str) -> None:
    challenge = asked(recipient)
    assert write_code(str(challenge.pk), recipient, "da", AT) == write_code(str(challenge.pk), recipient, "ar", AT)
    letter = Letter.objects.get()
    assert letter.values == {"code": str(challenge.pk)}
    assert letter.send_after == AT


def test_letter_for_a_dead_question_is_not_written(recipient: str) -> None:
    challenge = asked(recipient)
    with pytest.raises(GoneError):
        write_code(str(challenge.pk), recipient, "da", AT + LATER)
    with pytest.raises(GoneError):
        write_code(str(challenge.pk), "person:another", "da", AT)


def test_code_outlives_a_change_of_the_secret_key(recipient: str, settings: Settings) -> None:
    challenge = asked(recipient)
    before = code_of(challenge)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret key, long enough to sign with"
    assert code_of(challenge) != before
    assert is_right(challenge, before)


def test_codes_are_spread_over_all_digits() -> None:
    found = {code_of(OneTimeCode(salt=f"{number:032}")) for number in range(400)}
    assert len(found) > 390
    assert {code[0] for code in found} == set("0123456789")


def test_guard_of_tries_is_missed_when_it_is_off(recipient: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # The control of the limit on tries.
    monkeypatch.setattr(codes, "MOST_ATTEMPTS", 100)
    challenge = asked(recipient)
    for _ in range(5):
        assert not is_right(challenge, wrong(challenge))
    assert is_right(challenge, code_of(challenge))


@pytest.mark.django_db(transaction=True)
def test_code_given_twice_at_the_same_moment_opens_once() -> None:
    challenge = asked(person_key(make_person("Amina", email="amina@example.org").pk))
    opened: list[bool] = []
    give = lambda: opened.append(is_right(challenge, code_of(challenge)))  # noqa: E731
    each_at_once(give, give, give)
    assert sorted(opened) == [False, False, True]


@pytest.mark.django_db(transaction=True)
def test_tries_made_at_the_same_moment_all_count() -> None:
    def try_once() -> None:
        taken.append(take_turn("tests", "somebody", most=3, within=timedelta(minutes=5)))

    taken: list[bool] = []
    each_at_once(*[try_once] * 6)
    assert sum(taken) == 3
    assert is_used_up("tests", "somebody", most=3)
    assert not is_used_up("tests", "somebody else", most=3)


def test_what_opens_nothing_any_more_is_forgotten(recipient: str) -> None:
    asked(recipient)
    make_link(by=Visitor(AT), purpose=Purpose.DRAFT, subject="x")
    make_link(by=Visitor(AT), purpose=Purpose.STATUS, subject="x")
    assert forget_old_ways_in(by=System("tests", AT + timedelta(days=1))) == 0
    assert forget_old_ways_in(by=System("tests", AT + timedelta(days=2))) == 1
    assert forget_old_ways_in(by=System("tests", AT + timedelta(days=61))) == 1
    assert PersonalLink.objects.get().purpose == Purpose.STATUS
    with pytest.raises(NotAllowedError):
        forget_old_ways_in(by=Visitor(AT))
