"""No to letters of a kind: by an address that needs no account, and back again."""

from __future__ import annotations

import pytest
from django.core import mail
from pytest_django.fixtures import Settings

from mentornet.audit.models import Entry
from mentornet.common.actors import Visitor
from mentornet.common.answers import NotAllowedError
from mentornet.messaging.events import TEMPLATES
from mentornet.messaging.models import Letter, LetterState, OptOut, Problem
from mentornet.messaging.queries import kinds_refused, undelivered_letters
from mentornet.messaging.refusing import refusal_of, stop_address
from mentornet.messaging.services import Delivered, deliver_due_letters, refuse_letters, want_letters
from mentornet.messaging.templates import Kind
from messaging.friends import DIVISION, NOON, Friends, Queue, coordinator, program

pytestmark = pytest.mark.django_db

EVENING = 3 * 60
AMAL = "friend:amal"


def refuse(*kinds: Kind) -> None:
    refuse_letters(by=Visitor(NOON), recipient=AMAL, kinds=kinds)


def test_only_what_nobody_needs_can_be_refused() -> None:
    optional = {event for event, template in TEMPLATES.items() if template.kind is not None}
    assert optional >= {"word_from_waiting_list", "return_asked", "training_waits"}
    assert not optional & {"one_time_code", "sign_in_code", "proposal_to_mentee", "interview_invitation", "by_hand"}
    assert all(template.kind is not None for template in TEMPLATES.values() if template.may_wait)


def test_optional_letter_says_how_to_stop_and_others_do_not(queue: Queue, settings: Settings) -> None:
    settings.ADDRESS = "https://example.org"
    queue(event="training_waits", values={})
    queue(by=program(EVENING))
    deliver_due_letters(by=program(EVENING))
    optional, other = sorted(mail.outbox, key=lambda message: "short course" not in message.body)
    headers = optional.message()
    address = stop_address(AMAL, [Kind.REMINDERS])
    assert address.startswith("https://example.org/l/off/")
    # The header may be folded.
    assert "".join(headers["List-Unsubscribe"].split()) == f"<{address}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"You do not want messages like this? Tell us here:\n{address}" in optional.body
    assert "List-Unsubscribe" not in other.message()
    assert "l/off" not in other.body
    kept = Letter.objects.get(event="training_waits")
    assert address not in kept.body
    assert "https://…/l/…" in kept.body


def test_address_stands_for_her_and_the_kinds(friends: Friends) -> None:
    signed = stop_address(AMAL, {Kind.REMINDERS, Kind.NEWS}).rstrip("/").rpartition("/")[2]
    found = refusal_of(signed)
    assert found is not None
    assert (found.recipient, found.kinds) == (AMAL, ("news", "reminders"))


@pytest.mark.parametrize("tampered", ["", "x", "WyJmcmllbmQ6YW1hbCIsIm5ld3MiXQ:abc"])
def test_address_of_somebody_else_stands_for_nothing(queue: Queue, tampered: str) -> None:
    signed = stop_address(AMAL, [Kind.NEWS]).rstrip("/").rpartition("/")[2]
    assert refusal_of(signed) is not None
    assert refusal_of(tampered) is None
    assert refusal_of(signed[:-1] + ("A" if signed[-1] != "A" else "B")) is None


def test_refused_letter_of_the_program_is_not_sent_and_bothers_nobody(queue: Queue) -> None:
    refuse(Kind.REMINDERS)
    letter = queue(event="training_waits", values={})
    queue(event="word_from_waiting_list", values={"day": "2026-04-01"})
    assert deliver_due_letters(by=program(EVENING)) == Delivered(sent=1, of_no_use=1)
    letter.refresh_from_db()
    assert (letter.state, letter.problem) == (LetterState.TAKEN_BACK, Problem.UNWANTED)
    assert "a short course" not in mail.outbox[0].body
    assert not undelivered_letters([DIVISION]).exists()


def test_refused_letter_of_a_person_is_told_to_her(queue: Queue) -> None:
    refuse(Kind.NEWS)
    letter = queue(by=coordinator(), event="word_from_waiting_list", values={"day": "2026-04-01"})
    assert deliver_due_letters(by=program(1)) == Delivered(unreachable=1)
    letter.refresh_from_db()
    assert (letter.state, letter.problem) == (LetterState.UNREACHABLE, Problem.UNWANTED)
    assert list(undelivered_letters([DIVISION])) == [letter]


def test_what_she_needs_arrives_all_the_same(queue: Queue) -> None:
    refuse(*Kind)
    queue()
    assert deliver_due_letters(by=program()) == Delivered(sent=1)


def test_twice_is_as_good_as_once_and_back_again(queue: Queue) -> None:
    refuse(Kind.NEWS)
    refuse(Kind.NEWS, Kind.REMINDERS)
    assert kinds_refused(AMAL) == {"news", "reminders"}
    assert kinds_refused("friend:eva") == set()
    want_letters(by=Visitor(NOON), recipient=AMAL, kinds=[Kind.NEWS])
    want_letters(by=Visitor(NOON), recipient=AMAL, kinds=[Kind.NEWS])
    assert kinds_refused(AMAL) == {"reminders"}
    acts = list(Entry.objects.order_by("pk").values_list("act", flat=True))
    assert acts == ["messaging.refuse_letters"] * 2 + ["messaging.want_letters"]
    queue(by=coordinator(), event="word_from_waiting_list", values={"day": "2026-04-01"})
    assert deliver_due_letters(by=program(1)) == Delivered(sent=1)


def test_staff_do_not_say_what_she_wants() -> None:
    for act in (refuse_letters, want_letters):
        with pytest.raises(NotAllowedError):
            act(by=coordinator(), recipient=AMAL, kinds=[Kind.NEWS])
    assert not OptOut.objects.exists()
