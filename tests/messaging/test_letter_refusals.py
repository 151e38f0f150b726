"""No to letters of a kind: by an address that needs no account, and back again."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from datetime import timedelta

import pytest
from django.core import mail
from django.core.signing import Signer
from pytest_django.fixtures import Settings

from mentornet.audit.models import Entry
from mentornet.common.actors import Visitor
from mentornet.common.answers import NotAllowedError
from mentornet.messaging.events import TEMPLATES
from mentornet.messaging.models import Letter, LetterState, OptOut, Problem
from mentornet.messaging.queries import kinds_refused, undelivered_letters
from mentornet.messaging.refusing import HOLDS_FOR, Refusal, refusal_of, stop_address
from mentornet.messaging.services import Delivered, deliver_due_letters, refuse_letters, want_letters
from mentornet.messaging.templates import Kind
from messaging.friends import DIVISION, NOON, Friends, Queue, coordinator, program

pytestmark = pytest.mark.django_db

EVENING = 3 * 60
TODAY = NOON.date()
AMAL = "friend:amal"


def signed_in(address: str) -> str:
    """Return what tells who it is, in an address."""
    return address.rstrip("/").rpartition("/")[2]


def _as_before() -> str:
    """Return what stood in the addresses that have been sent before anything was sealed."""
    return Signer(salt="mentornet.messaging.refusing").sign_object([AMAL, "news"])


def refuse(*kinds: Kind) -> None:
    refuse_letters(by=Visitor(NOON), recipient=AMAL, kinds=kinds)


def test_only_what_nobody_needs_can_be_refused() -> None:
    optional = {event for event, template in TEMPLATES.items() if template.kind is not None}
    assert optional >= {"word_from_waiting_list", "return_asked", "training_waits"}
    assert not optional & {"one_time_code", "sign_in_code", "proposal_to_mentee", "interview_invitation", "by_hand"}
    # What waits for the day's hour can be refused, but for what she is asked herself: her own page asks it too.
    waiting = {event for event, template in TEMPLATES.items() if template.may_wait}
    assert waiting - optional == {"questions_asked", "impact_asked"}


def test_optional_letter_says_how_to_stop_and_others_do_not(queue: Queue, settings: Settings) -> None:
    settings.ADDRESS = "https://example.org"
    queue(event="training_waits", values={})
    queue(by=program(EVENING))
    deliver_due_letters(by=program(EVENING))
    optional, other = sorted(mail.outbox, key=lambda message: "short course" not in message.body)
    headers = optional.message()
    # The header may be folded.
    address = "".join(headers["List-Unsubscribe"].split()).strip("<>")
    assert address.startswith("https://example.org/l/off/")
    assert refusal_of(signed_in(address), TODAY) == Refusal(AMAL, (Kind.REMINDERS,))
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"You do not want messages like this? Tell us here:\n{address}" in optional.body
    assert "List-Unsubscribe" not in other.message()
    assert "l/off" not in other.body
    kept = Letter.objects.get(event="training_waits")
    assert address not in kept.body
    assert "https://…/l/…" in kept.body


def test_address_stands_for_her_and_the_kinds(friends: Friends) -> None:
    signed = signed_in(stop_address(AMAL, {Kind.REMINDERS, Kind.NEWS}, TODAY))
    found = refusal_of(signed, TODAY)
    assert found is not None
    assert (found.recipient, found.kinds) == (AMAL, ("news", "reminders"))


@pytest.mark.parametrize("tampered", ["", "x", "WyJmcmllbmQ6YW1hbCIsIm5ld3MiXQ:abc"])
def test_address_of_somebody_else_stands_for_nothing(queue: Queue, tampered: str) -> None:
    signed = signed_in(stop_address(AMAL, [Kind.NEWS], TODAY))
    assert refusal_of(signed, TODAY) is not None
    assert refusal_of(tampered, TODAY) is None
    assert refusal_of(signed[:-1] + ("A" if signed[-1] != "A" else "B"), TODAY) is None


def test_address_names_nobody_to_whoever_reads_it(friends: Friends) -> None:
    signed = signed_in(stop_address(AMAL, [Kind.NEWS], TODAY))
    sealed = signed.partition(".")[2]
    assert b"amal" not in urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
    # The control: as addresses were signed before, whoever found one read her key in it.
    before = _as_before().partition(":")[0]
    assert b"amal" in urlsafe_b64decode(before + "=" * (-len(before) % 4))


def test_address_holds_for_its_time_and_those_sent_before_hold_on(friends: Friends) -> None:
    signed, later = signed_in(stop_address(AMAL, [Kind.NEWS], TODAY)), TODAY + HOLDS_FOR
    assert refusal_of(signed, later) is not None
    assert refusal_of(signed, later + timedelta(days=1)) is None
    assert refusal_of(_as_before(), later + timedelta(days=1)) == Refusal(AMAL, (Kind.NEWS,))


def test_letter_that_is_tried_again_has_the_same_address(friends: Friends) -> None:
    assert stop_address(AMAL, [Kind.NEWS], TODAY) == stop_address(AMAL, [Kind.NEWS], TODAY)
    assert stop_address(AMAL, [Kind.NEWS], TODAY) != stop_address("friend:bodil", [Kind.NEWS], TODAY)


def test_address_holds_when_the_secret_key_is_changed(friends: Friends, settings: Settings) -> None:
    signed, former = signed_in(stop_address(AMAL, [Kind.NEWS], TODAY)), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key of this installation", [former]
    assert refusal_of(signed, TODAY) is not None
    settings.SECRET_KEY_FALLBACKS = []
    assert refusal_of(signed, TODAY) is None


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
