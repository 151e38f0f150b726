"""How and when a letter reaches her: by the way that she has named, in the hours that are safe."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from django.core import mail
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from factories.django_rows import make_person
from mentornet.messaging.hours import is_safe, next_ordinary_hour, next_safe_moment
from mentornet.messaging.models import Letter, LetterState, Problem
from mentornet.messaging.queries import undelivered_letters
from mentornet.messaging.recipients import Recipient, look_up
from mentornet.messaging.services import Delivered, deliver_due_letters, resend_letter
from mentornet.messaging.ways import channel_of
from mentornet.people.recipients import person_key
from messaging.friends import DIVISION, NOON, Friends, Queue, coordinator, program
from messaging.makers import Makers

pytestmark = pytest.mark.django_db

AMAL = Recipient("Amal", "amal@example.org", "en", phone="20 20 20 20")


@pytest.fixture
def texts(settings: Settings, tmp_path: Path) -> Path:
    """Let text messages be written into a file."""
    settings.SMS_URL, settings.SMS_FOLDER = "file:", tmp_path
    return tmp_path / "text-messages.jsonl"


def lines(file: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


@pytest.mark.parametrize(
    ("way", "email", "phone", "channel", "problem"),
    [
        ("", "a@example.org", "20202020", "email", None),
        ("", "", "20202020", "text", None),
        ("", "", "", None, Problem.NO_ADDRESS),
        ("email", "a@example.org", "20202020", "email", None),
        ("email", "", "20202020", None, Problem.NO_ADDRESS),
        ("text", "a@example.org", "20202020", "text", None),
        ("text", "a@example.org", "", None, Problem.NO_PHONE),
        ("call", "a@example.org", "20202020", None, Problem.CALLS),
    ],
)
def test_way_is_the_one_that_she_wants(
    texts: Path, way: str, email: str, phone: str, channel: str | None, problem: Problem | None
) -> None:
    assert channel_of(Recipient("Amal", email, "en", phone=phone, way=way)) == (channel, problem)


def test_without_text_messages_she_is_to_be_called(settings: Settings) -> None:
    settings.SMS_URL = ""
    assert channel_of(replace(AMAL, way="text")) == (None, Problem.NO_TEXTS)
    assert channel_of(replace(AMAL, email="")) == (None, Problem.NO_ADDRESS)
    assert channel_of(AMAL) == ("email", None)


def test_text_message_leaves_short_and_without_a_subject(
    queue: Queue, friends: Friends, texts: Path, makers: Makers
) -> None:
    friends.known["amal"] = replace(AMAL, way="text")
    letter = queue(values={"day": "2026-04-01", "link": "proposal:1:2"})
    assert deliver_due_letters(by=program()) == Delivered(sent=1)
    said = (
        "Our suggestion of Wednesday 1 April 2026 is no longer open. You keep your place. "
        "You do not need to do anything."
    )
    assert lines(texts) == [
        {
            "to": "+4520202020",
            "text": f"{said} https://example.org/l/secret1/",
            "reference": str(letter.message_id),
        }
    ]
    letter.refresh_from_db()
    assert (letter.channel, letter.sent_to, letter.subject) == ("text", "20 20 20 20", "")
    assert letter.body == f"{said} https://…/l/…"
    assert mail.outbox == []


def test_who_wants_to_be_called_gets_nothing_and_the_desk_hears(queue: Queue, friends: Friends, texts: Path) -> None:
    friends.known["amal"] = replace(AMAL, way="call")
    letter = queue()
    assert deliver_due_letters(by=program()) == Delivered(unreachable=1)
    letter.refresh_from_db()
    assert (letter.state, letter.problem) == (LetterState.UNREACHABLE, Problem.CALLS)
    assert "wants to be called" in letter.get_problem_display()
    assert list(undelivered_letters([DIVISION])) == [letter]
    assert (mail.outbox, lines(texts)) == ([], [])


def test_number_that_is_none_is_told_and_the_next_letter_leaves(queue: Queue, friends: Friends, texts: Path) -> None:
    friends.known["amal"] = replace(AMAL, way="text", phone="ask her sister")
    friends.known["eva"] = replace(AMAL, way="text")
    wrong, right = queue(), queue(recipient="friend:eva")
    assert deliver_due_letters(by=program()) == Delivered(sent=1, failed=1)
    wrong.refresh_from_db()
    assert (wrong.problem, wrong.channel) == (Problem.NUMBER, "text")
    assert [line["reference"] for line in lines(texts)] == [str(right.message_id)]


def test_letter_waits_for_her_hours_and_that_is_no_attempt(queue: Queue, friends: Friends) -> None:
    # At noon by Greenwich it is 13:00 in Denmark.
    friends.known["amal"] = replace(AMAL, hours_from=time(17), hours_until=time(20))
    letter = queue()
    assert deliver_due_letters(by=program()) == Delivered(waiting=1)
    letter.refresh_from_db()
    assert (letter.state, letter.attempts, mail.outbox) == (LetterState.QUEUED, 0, [])
    assert letter.send_after == NOON + timedelta(hours=4)
    assert deliver_due_letters(by=program(4 * 60 - 1)) == Delivered()
    assert deliver_due_letters(by=program(4 * 60)) == Delivered(sent=1)


def test_hours_changed_meanwhile_count(queue: Queue, friends: Friends) -> None:
    friends.known["amal"] = replace(AMAL, hours_from=time(17), hours_until=time(20))
    queue()
    deliver_due_letters(by=program())
    friends.known["amal"] = replace(AMAL, hours_from=time(8), hours_until=time(9))
    assert deliver_due_letters(by=program(4 * 60)) == Delivered(waiting=1)
    assert mail.outbox == []


def test_code_waits_for_no_hour(queue: Queue, friends: Friends, makers: Makers) -> None:
    friends.known["amal"] = replace(AMAL, hours_from=time(17), hours_until=time(20))
    queue(event="one_time_code", values={"code": "challenge"})
    assert deliver_due_letters(by=program()) == Delivered(sent=1)


def test_who_is_to_be_called_is_told_at_once_whatever_the_hour(queue: Queue, friends: Friends) -> None:
    friends.known["amal"] = replace(AMAL, way="call", hours_from=time(17), hours_until=time(20))
    queue()
    assert deliver_due_letters(by=program()) == Delivered(unreachable=1)


def test_sender_is_nobody_in_particular_where_the_network_must_not_be_named(
    queue: Queue, friends: Friends, settings: Settings
) -> None:
    settings.DEFAULT_FROM_EMAIL = "Mentor network <post@example.org>"
    friends.known["eva"] = replace(AMAL, hides_network=True)
    queue(recipient="friend:eva")
    queue()
    deliver_due_letters(by=program())
    hidden, shown = sorted((message.message().as_string() for message in mail.outbox), key=len)
    assert "From: The office <post@example.org>" in hidden
    assert "network" not in hidden.lower()
    # The control: the others see who writes.
    assert "From: Mentor network <post@example.org>" in shown


def test_person_is_reached_as_she_has_said() -> None:
    person = make_person("Amal", email="amal@example.org", phone="20202020", contact_way="text", hides_network=True)
    person.contact_from, person.contact_until = time(9), time(12)
    person.save()
    assert look_up(person_key(person.pk)) == Recipient(
        "Amal",
        "amal@example.org",
        person.language,
        phone="20202020",
        way="text",
        hours_from=time(9),
        hours_until=time(12),
        hides_network=True,
    )


def test_provider_that_is_down_holds_up_no_mail(
    queue: Queue, friends: Friends, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "in-the-way").write_text("")
    settings.SMS_URL, settings.SMS_FOLDER = "file:", tmp_path / "in-the-way"
    friends.known["eva"] = replace(AMAL, way="text")
    first, second = queue(recipient="friend:eva"), queue(recipient="friend:eva")
    by_mail = queue()
    assert deliver_due_letters(by=program()) == Delivered(sent=1, put_off=1)
    states = dict(Letter.objects.values_list("pk", "problem"))
    assert sorted([states[first.pk], states[second.pk]]) == ["", Problem.TEXT_SERVER]
    assert states[by_mail.pk] == ""
    assert len(mail.outbox) == 1


def test_letter_that_could_not_leave_goes_by_the_way_of_today(queue: Queue, friends: Friends, texts: Path) -> None:
    friends.known["amal"] = replace(AMAL, way="call")
    letter = queue()
    deliver_due_letters(by=program())
    friends.known["amal"] = replace(AMAL, way="text")
    letter.refresh_from_db()
    resend_letter(by=coordinator(5), letter=letter)
    assert deliver_due_letters(by=program(5)) == Delivered(sent=1)
    assert len(lines(texts)) == 1


# Hours ----------------------------------------------------------------------------------------------------------------

CLOCKS = st.times(timezones=st.none())
MOMENTS = st.integers(0, 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(MOMENTS, CLOCKS, CLOCKS)
def test_next_safe_moment_is_safe_and_soon(at: datetime, since: time, until: time) -> None:
    moment = next_safe_moment(at, since, until)
    assert moment >= at
    assert (moment == at) == is_safe(at, since, until)
    # A night of a summer time's change is 25 hours long.
    assert moment - at <= timedelta(hours=25)
    missing = time(2) <= since < time(3) and moment.month == 3 and moment.day in range(25, 32)
    assert missing or is_safe(moment, since, until)


def test_hours_go_over_midnight() -> None:
    night = (time(22), time(6))
    assert is_safe(datetime(2026, 1, 1, 22, 30, tzinfo=UTC), *night)
    assert is_safe(datetime(2026, 1, 1, 4, 59, tzinfo=UTC), *night)
    assert not is_safe(datetime(2026, 1, 1, 5, 0, tzinfo=UTC), *night)
    assert next_safe_moment(datetime(2026, 1, 1, 12, 0, tzinfo=UTC), *night) == datetime(2026, 1, 1, 21, tzinfo=UTC)


@given(MOMENTS)
def test_ordinary_hour_is_within_a_day(at: datetime) -> None:
    moment = next_ordinary_hour(at)
    assert timedelta(0) <= moment - at <= timedelta(hours=25)
    assert next_ordinary_hour(moment) == moment
