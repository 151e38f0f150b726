"""What letters say, in which language."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

import pytest
from django.conf import settings
from django.utils import translation

from mentornet.messaging.letters import TEMPLATES, Part, Template, render, require_complete, written
from mentornet.messaging.minting import MASKS, masked
from mentornet.messaging.sms import needs_ucs2
from mentornet.messaging.waiting_events import STANDINGS

VALUES: Final[dict[str, str | int]] = {
    "day": "2026-03-09",
    "time": "14:30",
    "place": "Kvinderhuset, 2nd floor",
    "coordinator": "Bodil",
    "phone": "12 34 56 78",
    "link": "proposal:1:2",
    "code": "challenge",
    "text": "I tried to call you. Please call me back.",
    "standing": "thin",
    "source": "an open list of speakers",
    "ground": "published",
    "network": "Kvinderhuset",
    "office": "Odense",
    "controller": "Foreningen Kvinderhuset",
    "reach": "data@example.org, 12 34 56 78",
}
TELLING: Final = re.compile(r"mentor|mentee|match|network|refugee|division|women|interview|application", re.IGNORECASE)
EXPECTED_EVENTS: Final = {
    "request_received",
    "request_extended",
    "request_answered",
    "rest_of_data_ends",
    "proposal_to_mentee",
    "proposal_to_mentor",
    "proposal_ended",
    "meet_first",
    "meeting_moved",
    "meeting_off",
    "partnership_begun",
    "sent_by_mistake",
    "interview_invitation",
    "application_received",
    "application_approved",
    "application_declined",
    "word_from_waiting_list",
    "waiting_update",
    "waiting_update_late",
    "application_started",
    "application_pre_registered",
    "interview_choose",
    "interview_reminder",
    "interview_moved",
    "profile_confirm",
    "after_meeting",
    "have_you_met",
    "agreement_ready",
    "pair_paused",
    "new_coordinator",
    "impact_asked",
    "impact_sent",
    "tenure_thanks",
    "questions_asked",
    "questions_waiting",
    "search_asked",
    "search_waiting",
    "expert_invited",
    "expert_asked",
    "return_asked",
    "thanks",
    "how_are_you",
    "training_waits",
    "one_time_code",
    "sign_in_code",
    "reached_elsewhere",
    "by_hand",
    "contact_person_welcome",
    "application_taken_in",
    "meeting_choose",
    "meet_first_at",
    "meeting_moved_at",
}


def values_for(event: str) -> dict[str, str | int]:
    return {name: VALUES[name] for name in TEMPLATES[event].placeholders}


def linked_values_for(event: str) -> dict[str, str | int]:
    return {name: VALUES[name] for name in TEMPLATES[event].linked_placeholders}


def preview(event: str, values: Mapping[str, str | int], language: str, *, name: str = "") -> tuple[str, str]:
    """The words that ship; what somebody has written instead stands in the database."""
    return render(event, values, name=name, language=language)


def test_every_event_has_a_letter() -> None:
    assert set(TEMPLATES) == EXPECTED_EVENTS


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("event", sorted(EXPECTED_EVENTS))
def test_letter_is_complete_in_each_language(event: str, language: str) -> None:
    subject, body = preview(event, values_for(event), language)
    assert subject
    assert "%(" not in subject + body
    assert "None" not in body
    for name in TEMPLATES[event].placeholders - {"day", "time", "standing", "ground", *MASKS}:
        assert str(VALUES[name]) in body


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("event", sorted(EXPECTED_EVENTS))
def test_letter_with_a_link_is_complete_in_each_language(event: str, language: str) -> None:
    body = preview(event, linked_values_for(event), language)[1]
    assert body.count(MASKS["link"]) == 1
    assert "%(" not in body
    assert str(VALUES["link"]) not in body


def said_in(language: str, words: Collection[object]) -> list[str]:
    """Return words in a language; those that are not in it come in English."""
    with translation.override(language):
        return [str(one) for one in words]


@pytest.mark.parametrize("language", sorted({code for code, _name in settings.LANGUAGES} - {"en"}))
@pytest.mark.parametrize("event", sorted(EXPECTED_EVENTS))
def test_nothing_of_a_letter_is_left_in_english(event: str, language: str) -> None:
    letter = TEMPLATES[event]
    parts = (letter.subject, letter.body, letter.sms, letter.linked_body, letter.linked_sms)
    # What somebody writes by hand is nothing but her own words.
    words = [one for one in parts if re.sub(r"%\(\w+\)s", "", str(one))]
    assert not set(said_in(language, words)) & set(said_in("en", words))


@pytest.mark.parametrize("language", sorted({code for code, _name in settings.LANGUAGES} - {"en"}))
def test_how_it_stands_is_said_in_her_language(language: str) -> None:
    words = STANDINGS.values()
    assert not set(said_in(language, words)) & set(said_in("en", words))


@pytest.mark.parametrize("is_linked", [False, True])
@pytest.mark.parametrize("event", sorted(EXPECTED_EVENTS))
def test_text_message_is_short_and_tells_nobody_what_it_is_about(event: str, is_linked: bool) -> None:
    values = linked_values_for(event) if is_linked else values_for(event)
    text = written([Part(event, masked(values))], name="Amal", language="en", as_text=True)
    assert text.subject == ""
    assert len(text.body.replace(MASKS["link"], "").strip()) <= 160
    assert not needs_ucs2(text.body.replace(MASKS["link"], "").replace(MASKS["code"], ""))
    assert TELLING.search(text.body) is None
    assert (MASKS["link"] in text.body) == ("link" in values)


@pytest.mark.parametrize("event", sorted(EXPECTED_EVENTS))
def test_letter_tells_no_other_reader_what_it_is_about(event: str) -> None:
    subject, body = preview(event, values_for(event), "en")
    assert TELLING.search(subject + body) is None
    assert TELLING.search(preview(event, linked_values_for(event), "en")[1]) is None
    # The control: the words are found where they stand.
    assert TELLING.search(body + " Your mentor") is not None


def test_letter_reads_as_a_whole() -> None:
    subject, body = preview("proposal_to_mentee", values_for("proposal_to_mentee"), "en", name="Amal")
    assert subject == "A message for you"
    assert body == (
        "Hello Amal,\n\n"
        "There is news for you. We would like to tell you about it on the phone.\n\n"
        "Please call Bodil before Monday 9 March 2026. The phone number is 12 34 56 78.\n\n"
        "You decide what happens next. You can also say no.\n\n"
        "Kind regards\nBodil\n"
    )


def test_letter_without_a_coordinator_is_signed_all_the_same() -> None:
    body = preview("partnership_begun", {}, "en", name="Amal")[1]
    assert body.endswith("\n\nKind regards\nAll of us at the office\n")


def test_letter_says_whom_to_call_when_told() -> None:
    with_contact = {"day": "2026-03-09", "coordinator": "Bodil", "phone": "12 34 56 78"}
    assert (
        "Do you have a question? Call Bodil. The phone number is 12 34 56 78."
        in preview("proposal_ended", with_contact, "en")[1]
    )
    assert "question" not in preview("proposal_ended", {"day": "2026-03-09"}, "en")[1]


def test_days_and_times_are_in_the_recipients_words_whatever_language_the_writer_uses() -> None:
    for writers in ("da", "en"):
        with translation.override(writers):
            danish = preview("interview_invitation", values_for("interview_invitation"), "da")[1]
            english = preview("interview_invitation", values_for("interview_invitation"), "en")[1]
        assert "mandag" in danish
        assert "marts 2026" in danish
        assert "Monday 9 March 2026" in english
        assert "14:30" in english


def test_language_without_letters_falls_back_to_english() -> None:
    values = values_for("application_received")
    with translation.override("da"):
        assert preview("application_received", values, "so") == preview("application_received", values, "en")


def test_name_with_percent_sign_stays_as_it_is() -> None:
    assert render("application_received", {}, name="100%(day)s", language="en")[1].startswith("Hello 100%(day)s,")
    contact = {"day": "2026-03-09", "coordinator": "%(phone)s", "phone": "1"}
    assert "Call %(phone)s." in render("proposal_ended", contact, name="", language="en")[1]


@pytest.mark.parametrize(
    ("event", "values", "fault"),
    [
        ("birthday", {}, "no letter"),
        ("meet_first", {"day": "2026-03-09"}, "needs place"),
        ("meet_first", {"day": "9 March", "place": "here"}, "isoformat"),
        ("interview_invitation", {"day": "2026-03-09", "time": "half past two", "place": "here"}, "isoformat"),
        ("application_received", {"mentor": "Sofia"}, "does not use mentor"),
        ("application_received", {"phone": "12345678"}, "both coordinator and phone"),
        ("interview_choose", {}, "needs link"),
        ("one_time_code", {"link": "a:b"}, "needs code"),
    ],
)
def test_values_that_do_not_fit_are_refused(event: str, values: dict[str, str | int], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        require_complete(event, values)


def test_placeholders_are_those_of_the_words() -> None:
    assert Template("a", "%(one)s, 100 %% and %(two)s").placeholders == {"one", "two"}
