"""Guessing over days, from many addresses, and by filling the table of counts."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache, caches
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse

from factories.django_rows import AT, make_person
from mentornet.accounts.enums import Purpose
from mentornet.accounts.limits import is_used_up, take_turn
from mentornet.accounts.models import OneTimeCode
from mentornet.accounts.services import codes
from mentornet.accounts.services.codes import AskedTooOftenError, ask_code, check_code, code_of
from mentornet.accounts.services.forgetting import forget_counts
from mentornet.common.actors import System, Visitor
from mentornet.common.answers import NotAllowedError
from mentornet.common.cache import SoonestFirstCache
from mentornet.people.recipients import person_key
from mentornet.web.portal.security import signing_in
from mentornet.web.signin import network_address

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _nothing_counted(db: None) -> None:
    cache.clear()


@pytest.fixture
def recipient() -> str:
    return person_key(make_person("Amina", email="amina@example.org").pk)


def asked(recipient: str, at: datetime, purpose: Purpose = Purpose.SIGN_IN) -> OneTimeCode | None:
    try:
        return ask_code(by=Visitor(at), purpose=purpose, subject="x", recipient=recipient)
    except AskedTooOftenError:
        return None


def guesses(recipient: str, hours: int) -> tuple[int, int]:
    """Return how many codes were sent, and how many guesses looked at, by somebody who does nothing else."""
    sent = looked_at = 0
    for number in range(6 * hours):
        at = AT + number * timedelta(minutes=10)
        challenge = asked(recipient, at)
        if challenge is None:
            continue
        sent += 1
        for _ in range(6):
            check_code(by=Visitor(at), challenge=challenge, code="000000")
        challenge.refresh_from_db()
        looked_at += challenge.attempts
    return sent, looked_at


def test_guesses_of_a_day_are_few(recipient: str) -> None:
    sent, looked_at = guesses(recipient, 24)
    assert sent <= codes.MOST_IN_A_DAY
    assert looked_at <= codes.MOST_WRONG_IN_A_DAY


def test_guesses_without_the_day_have_no_end(recipient: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # The control of the test above.
    monkeypatch.setattr(codes, "MOST_IN_A_DAY", 10**6)
    monkeypatch.setattr(codes, "MOST_WRONG_IN_A_DAY", 10**6)
    assert guesses(recipient, 24)[1] > 100


def test_eleventh_code_of_a_day_says_to_call_and_tomorrow_there_is_one(recipient: str) -> None:
    at = AT
    for number in range(codes.MOST_IN_A_DAY):
        at = AT + number * 2 * HOUR
        assert asked(recipient, at) is not None
    with pytest.raises(AskedTooOftenError, match="Please call us"):
        ask_code(by=Visitor(at + HOUR), purpose=Purpose.SIGN_IN, subject="x", recipient=recipient)
    assert asked(recipient, AT + timedelta(days=1, minutes=1)) is not None


def test_right_code_opens_nothing_after_thirty_wrong_ones(recipient: str) -> None:
    OneTimeCode.objects.bulk_create(
        OneTimeCode(
            created_at=AT, expires_at=AT, purpose=Purpose.SIGN_IN, recipient=recipient, salt=str(number), attempts=5
        )
        for number in range(6)
    )
    challenge = OneTimeCode.objects.create(
        created_at=AT, expires_at=AT + HOUR, purpose=Purpose.SIGN_IN, recipient=recipient, salt="x"
    )
    assert not check_code(by=Visitor(AT), challenge=challenge, code=code_of(challenge))
    OneTimeCode.objects.filter(salt="0").delete()
    assert check_code(by=Visitor(AT), challenge=challenge, code=code_of(challenge))


def test_who_knows_her_address_does_not_close_what_her_letters_open(recipient: str) -> None:
    end = AT + timedelta(hours=23)
    guesses(recipient, 23)
    assert asked(recipient, end) is None
    behind_a_link = asked(recipient, end, Purpose.PROPOSAL)
    assert behind_a_link is not None
    assert check_code(by=Visitor(end), challenge=behind_a_link, code=code_of(behind_a_link))


def test_codes_behind_links_are_counted_together(recipient: str) -> None:
    purposes = (Purpose.PROPOSAL, Purpose.PARTNERSHIP, Purpose.CONFIRM, Purpose.TRAINING, Purpose.STATUS)
    assert all(asked(recipient, AT, purpose) is not None for purpose in purposes)
    assert asked(recipient, AT, Purpose.PROPOSAL) is None
    assert asked(recipient, AT) is not None


def test_answers_that_were_right_in_the_end_are_no_guesses(recipient: str) -> None:
    for number in range(9):
        at = AT + number * 2 * HOUR
        challenge = asked(recipient, at)
        assert challenge is not None
        for _ in range(4):
            assert not check_code(by=Visitor(at), challenge=challenge, code="x")
        assert check_code(by=Visitor(at), challenge=challenge, code=code_of(challenge))


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("2001:db8:1:1:a:b:c:d", "2001:db8:1:1::"),
        ("2001:db8:1:2::1", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("192.0.2.7", "192.0.2.7"),
    ],
)
def test_household_is_counted_as_one(address: str, counted: str) -> None:
    assert network_address(RequestFactory().get("/", REMOTE_ADDR=address)) == counted


# The table of counts --------------------------------------------------------------------------------------------------


def fill(number: int, within: timedelta) -> None:
    for one in range(number):
        take_turn("filling", str(one), most=1, within=within)


def counts() -> SoonestFirstCache:
    found = caches["default"]
    assert isinstance(found, SoonestFirstCache)
    return found


def test_what_expires_soonest_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        take_turn("codes tried", "victim", most=5, within=HOUR)
    monkeypatch.setattr(counts(), "_max_entries", 30)
    fill(60, timedelta(minutes=5))
    assert is_used_up("codes tried", "victim", most=5)
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM common_cache")
        assert cursor.fetchone()[0] <= 31


def test_counts_that_have_run_out_are_deleted() -> None:
    fill(3, timedelta(minutes=5))
    take_turn("codes tried", "victim", most=5, within=HOUR)
    with time_machine.travel(datetime.now().astimezone() + timedelta(minutes=6)):
        assert forget_counts(by=System("tests", AT)) == 3
        assert forget_counts(by=System("tests", AT)) == 0
    with pytest.raises(NotAllowedError):
        forget_counts(by=Visitor(AT))


def test_who_tries_passwords_too_often_fills_no_table() -> None:
    def tried(address: str) -> None:
        Client().post(reverse("portal:sign_in_password"), {"address": address, "password": "four words in a row"})

    for number in range(signing_in.MOST_TRIED):
        tried(f"{number}@example.org")
    tried("victim@example.org")
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM common_cache WHERE cache_key LIKE '%%passwords-tried:%%'")
        assert cursor.fetchone()[0] == signing_in.MOST_TRIED
