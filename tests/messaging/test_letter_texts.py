"""The words of letters as a network writes them: checked when they are saved, used from then on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from mentornet.audit.models import Entry
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError, RefusedError
from mentornet.divisions.staff import Staff
from mentornet.messaging.events import TEMPLATES
from mentornet.messaging.letters import preview, preview_text
from mentornet.messaging.minting import MASKS
from mentornet.messaging.models import LetterText
from mentornet.messaging.queries import words_ever, words_in_force
from mentornet.messaging.services import Delivered, deliver_due_letters, rewrite_letter
from mentornet.messaging.wording import placeholders_for
from messaging.friends import Queue, coordinator, program
from messaging.makers import Makers

pytestmark = pytest.mark.django_db

WORDS = {
    "subject": "A word from us",
    "body": "The suggestion of %(day)s is closed now.",
    "sms": "The suggestion of %(day)s is closed.",
}
EMPTY: dict[str, Any] = {"subject": "", "body": "", "sms": ""}


def lead(minutes: float = 0) -> Staff:
    return replace(coordinator(minutes), is_national_lead=True, name="Lise Bro")


def rewrite(seen: int = 0, event: str = "proposal_ended", by: Staff | None = None, **changes: Any) -> LetterText:
    return rewrite_letter(
        by=by or lead(), event=event, language="en", seen=seen, facts=WORDS | changes, names=("Mentornet", "Odense")
    )


def faults(**changes: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refused:
        rewrite(**changes)
    found: dict[str, list[str]] = refused.value.message_dict
    return found


def test_new_words_are_used_from_now_on_in_their_language_alone(queue: Queue) -> None:
    before = preview("proposal_ended", {"day": "2026-04-01"}, "da")
    row = rewrite()
    assert (row.number, row.author_name, row.created_at) == (1, "Lise Bro", lead().at)
    queue()
    assert deliver_due_letters(by=program()) == Delivered(sent=1)
    assert mail.outbox[0].subject == "A word from us"
    assert mail.outbox[0].body == (
        "Hello Amal,\n\nThe suggestion of Wednesday 1 April 2026 is closed now.\n\n"
        "Kind regards\nAll of us at the office\n"
    )
    assert preview_text("proposal_ended", {"day": "2026-04-01"}, "en").startswith("The suggestion of Wednesday")
    assert preview("proposal_ended", {"day": "2026-04-01"}, "da") == before
    entry = Entry.objects.get(act="messaging.rewrite_letter")
    assert entry.detail == {"event": "proposal_ended", "language": "en", "number": 1}


def test_link_to_what_is_only_read_asks_for_no_answer() -> None:
    received = preview("application_received", {"link": "status:b"}, "en")[1]
    assert "You can read more here:\n" in received
    assert "answer" not in received
    assert (
        "You can read more and answer here:\n"
        in preview("proposal_ended", {"day": "2026-04-01", "link": "a:b"}, "en")[1]
    )


def test_link_and_contact_follow_after_new_words(queue: Queue, makers: Makers) -> None:
    rewrite()
    values = {"day": "2026-04-01", "link": "a:b", "coordinator": "Bodil", "phone": "12"}
    body = preview("proposal_ended", values, "en")[1]
    assert "closed now.\n\nYou can read more and answer here:\n" in body
    assert "Do you have a question? Call Bodil. The phone number is 12." in body
    assert preview_text("proposal_ended", values, "en").endswith(f"is closed. {MASKS['link']}")


def test_words_that_miss_a_value_give_way_to_those_that_ship(queue: Queue, makers: Makers) -> None:
    # They ask for a call; a letter with which she can answer herself does not say whom to call.
    rewrite(event="proposal_to_mentee", body="Call %(coordinator)s on %(phone)s before %(day)s.")
    assert "You can read it and answer" in preview("proposal_to_mentee", {"day": "2026-04-01", "link": "a:b"}, "en")[1]
    values = {"day": "2026-04-01", "coordinator": "Bodil", "phone": "12"}
    assert "Call Bodil on 12 before" in preview("proposal_to_mentee", values, "en")[1]


def test_way_back_to_the_words_that_ship() -> None:
    before = preview("proposal_ended", {"day": "2026-04-01"}, "en")
    rewrite()
    assert preview("proposal_ended", {"day": "2026-04-01"}, "en") != before
    rewrite(1, **EMPTY)
    assert preview("proposal_ended", {"day": "2026-04-01"}, "en") == before
    assert words_in_force("proposal_ended", "en") is None
    # What was in force stays known.
    assert [row.number for row in words_ever("proposal_ended", "en")] == [2, 1]
    with pytest.raises(ChangedMeanwhileError, match="words that ship"):
        rewrite(2, **EMPTY)


def test_who_comes_second_looks_again() -> None:
    rewrite()
    with pytest.raises(ChangedMeanwhileError, match="Somebody else"):
        rewrite()
    assert LetterText.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"body": "It is closed."}, "body", "Put %(day)s into it"),
        ({"body": "%(day)s and %(place)s"}, "body", "%(place)s is not known here"),
        ({"body": "%(day)s and %(link)s"}, "body", "%(link)s is not known here"),
        ({"sms": "%(link)s"}, "sms", "%(link)s is not known here"),
        ({"body": "%(day)s is 100 % closed"}, "body", "percent sign twice"),
        ({"body": "%(day) is closed"}, "body", "percent sign twice"),
        ({"body": "%s %(day)s"}, "body", "percent sign twice"),
        ({"body": "%(day)s ends in %"}, "body", "percent sign twice"),
        ({"subject": "News from MENTORNET"}, "subject", "“Mentornet” tells who writes"),
        ({"sms": "The office in Odense"}, "sms", "“Odense” tells who writes"),
        ({"subject": ""}, "subject", "Write something here"),
        ({"body": "%(day)s " + "x" * 3_000}, "body", "at most 3000 letters"),
        ({"sms": "x" * 301}, "sms", "at most 300"),
    ],
)
def test_words_that_would_not_do_are_refused(changes: dict[str, str], field: str, words: str) -> None:
    found = faults(**changes)
    assert words in " ".join(found[field])
    assert set(found) == {field}
    assert not LetterText.objects.exists()


def test_percent_sign_written_twice_is_one_in_the_letter() -> None:
    rewrite(body="100 %% closed: %(day)s")
    assert "100 % closed: Wednesday" in preview("proposal_ended", {"day": "2026-04-01"}, "en")[1]


def test_contact_comes_whole_or_not_at_all() -> None:
    with pytest.raises(ValidationError, match="or neither"):
        rewrite(event="proposal_to_mentee", body="Call %(coordinator)s before %(day)s")
    rewrite(event="proposal_to_mentee", body="Call us before %(day)s")


def test_letter_that_is_nothing_but_a_link_keeps_it() -> None:
    with pytest.raises(ValidationError, match="she needs to know"):
        rewrite(event="interview_choose", body="Choose a time.", sms="Choose a time.")
    rewrite(event="interview_choose", body="Choose a time: %(link)s", sms="Choose a time.")


@pytest.mark.parametrize("event", sorted(set(TEMPLATES) - {"by_hand"}))
def test_words_that_ship_would_be_accepted(event: str) -> None:
    template = TEMPLATES[event]
    rewrite(event=event, subject=str(template.subject), body=str(template.body), sms=str(template.sms))
    assert placeholders_for(event)["body"].needed <= template.placeholders


def test_only_the_national_lead_changes_them() -> None:
    for by in (coordinator(), replace(coordinator(), is_administrator=True)):
        with pytest.raises(NotAllowedError, match="national lead"):
            rewrite(by=by)
    with pytest.raises(RefusedError, match="no such letter"):
        rewrite(event="by_hand")
    with pytest.raises(RefusedError, match="no such letter"):
        rewrite(event="birthday")
    assert not LetterText.objects.exists()
