"""Links and codes: made when a letter leaves, never kept."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import connection
from pytest_django.fixtures import Settings

from mentornet.audit.models import Entry
from mentornet.messaging import minting
from mentornet.messaging.letters import preview
from mentornet.messaging.minting import MASKS, register
from mentornet.messaging.models import Letter, LetterState, Problem
from mentornet.messaging.queries import undelivered_letters
from mentornet.messaging.services import Delivered, deliver_due_letters
from messaging.friends import DIVISION, NOON, Friends, Queue, coordinator, program
from messaging.makers import Makers

pytestmark = pytest.mark.django_db

LINKED = {"day": "2026-04-01", "link": "proposal:1:2"}


def everything_kept() -> str:
    """All that the tables of letters and of the audit hold, as text."""
    rows = [*Letter.objects.values_list(), *Entry.objects.values_list()]
    return repr(rows)


def test_link_is_made_when_the_letter_leaves_and_kept_masked(queue: Queue, makers: Makers) -> None:
    letter = queue(event="proposal_to_mentee", values=LINKED)
    assert makers.made == []
    assert deliver_due_letters(by=program()) == Delivered(sent=1)
    [(spec, recipient, language, at)] = makers.made
    assert (spec, recipient, language) == ("proposal:1:2", "friend:amal", "en")
    assert (at - NOON).total_seconds() < 5
    assert "Open this link:\nhttps://example.org/l/secret1/\n" in mail.outbox[0].body
    letter.refresh_from_db()
    assert letter.body == str(mail.outbox[0].body).replace("https://example.org/l/secret1/", MASKS["link"])
    assert "secret" not in everything_kept()
    # The control: what is kept would show it.
    Letter.objects.update(body=mail.outbox[0].body)
    assert "secret" in everything_kept()


def test_letter_box_of_a_demonstration_keeps_what_opens_something(
    queue: Queue, makers: Makers, settings: Settings
) -> None:
    # Nobody exists there, and nothing leaves: without it no visitor could follow a link.
    settings.DEMO = True
    letter = queue(event="proposal_to_mentee", values=LINKED)
    deliver_due_letters(by=program())
    letter.refresh_from_db()
    assert mail.outbox == []
    assert "https://example.org/l/secret1/" in letter.body


def test_any_letter_may_carry_a_link(queue: Queue, makers: Makers) -> None:
    queue(values=LINKED)
    deliver_due_letters(by=program())
    assert (
        "You can read more and answer here:\nhttps://example.org/l/secret1/\n\nThe link is only for you."
        in mail.outbox[0].body
    )


def test_code_is_sent_and_not_kept(queue: Queue, makers: Makers) -> None:
    letter = queue(event="one_time_code", values={"code": "challenge"})
    deliver_due_letters(by=program())
    assert "Your code is: 42-1\n" in mail.outbox[0].body
    letter.refresh_from_db()
    assert f"Your code is: {MASKS['code']}\n" in letter.body
    assert "42-1" not in everything_kept()


def test_letter_whose_link_leads_nowhere_any_more_is_not_sent(queue: Queue, makers: Makers) -> None:
    makers.gone.add("proposal:1:2")
    letter = queue(event="proposal_to_mentee", values=LINKED)
    queue()
    assert deliver_due_letters(by=program()) == Delivered(sent=1, of_no_use=1)
    letter.refresh_from_db()
    assert (letter.state, letter.problem, letter.body) == (LetterState.TAKEN_BACK, Problem.GONE, "")
    assert "no longer open" in letter.get_problem_display()
    assert len(mail.outbox) == 1
    # Nobody has to see to it.
    assert not undelivered_letters([DIVISION]).exists()


@pytest.mark.parametrize(("minutes", "sent"), [(9.9, 1), (10.1, 0)])
def test_code_that_is_too_old_is_never_sent(queue: Queue, makers: Makers, minutes: float, sent: int) -> None:
    letter = queue(event="sign_in_code", values={"code": "challenge"})
    assert deliver_due_letters(by=program(minutes)) == Delivered(sent=sent, of_no_use=1 - sent)
    assert len(mail.outbox) == len(makers.made) == sent
    letter.refresh_from_db()
    assert letter.problem == ("" if sent else Problem.LATE)


def test_code_leaves_at_once_whoever_asks_for_it(queue: Queue, makers: Makers) -> None:
    queue(by=coordinator(), event="one_time_code", values={"code": "challenge"})
    assert deliver_due_letters(by=program()) == Delivered(sent=1)


def test_letter_tried_again_gets_its_link_anew(queue: Queue, makers: Makers, friends: Friends) -> None:
    queue(values=LINKED)
    del friends.known["amal"]
    assert deliver_due_letters(by=program()) == Delivered(unreachable=1)
    assert makers.made == [], "nothing is made for a letter that cannot leave"


def test_preview_shows_no_link(queue: Queue, makers: Makers) -> None:
    body = preview("proposal_to_mentee", LINKED, "en")[1]
    assert MASKS["link"] in body
    assert makers.made == []


def test_maker_that_fails_puts_its_letter_off(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minting, "_MAKERS", {})
    letter = queue(values=LINKED)
    assert deliver_due_letters(by=program()) == Delivered(put_off=1)
    letter.refresh_from_db()
    assert letter.problem == Problem.BROKEN


def test_maker_is_asked_outside_transactions(
    transactional_db: None, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []

    def link(spec: str, recipient_key: str, language: str, at: object) -> str:
        seen.append(connection.in_atomic_block)
        return "https://example.org/l/x/"

    monkeypatch.setitem(minting._MAKERS, "link", link)
    queue(values=LINKED)
    deliver_due_letters(by=program())
    assert seen == [False]


def test_only_one_maker_for_what_letters_know(makers: Makers) -> None:
    register("link", minting._MAKERS["link"])
    with pytest.raises(ValueError, match="twice"):
        register("link", makers.code)
    with pytest.raises(ValueError, match="no value place"):
        register("place", makers.code)
