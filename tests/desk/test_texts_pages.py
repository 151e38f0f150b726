"""The words of letters under Set-up: seen by staff, changed by the national lead, shown as they arrive."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from mentornet.divisions.models import Division, Organisation
from mentornet.divisions.staff import Staff
from mentornet.messaging.events import TEMPLATES
from mentornet.messaging.models import LetterText
from mentornet.messaging.queries import words_in_force
from mentornet.web.desk.texts.shown import MEANINGS, NOT_REWRITTEN
from pages import untranslated
from signing import CountQueries, SignIn

pytestmark = pytest.mark.django_db

LIST = "/desk/setup/texts/"
WORDS = {
    "subject": "A word from us",
    "body": "The suggestion of %(day)s is closed now.\r\n\r\nWe are sorry.",
    "sms": "The suggestion of %(day)s is closed.",
    "seen": "0",
}


def address(event: str = "proposal_ended", language: str = "en") -> str:
    return reverse("desk:text", kwargs={"event": event, "language": language})


@pytest.fixture
def lead(client: Client, sign_in: SignIn, national_lead: Staff) -> Client:
    return sign_in(client, national_lead)


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


def read(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def test_every_letter_and_placeholder_is_there(lead: Client) -> None:
    page = read(lead, LIST)
    for event in set(TEMPLATES) - NOT_REWRITTEN:
        assert address(event, "fa") in page
        assert TEMPLATES[event].placeholders <= set(MEANINGS)
    assert address("by_hand") not in page
    assert reverse("desk:texts") in read(lead, reverse("desk:setup"))


def test_words_count_from_now_on_and_the_list_tells_who_changed_them(lead: Client) -> None:
    page = lead.post(address(), {**WORDS, "save": "1"}, follow=True).content.decode()
    assert "Letters that leave from now on have these words." in page
    row = LetterText.objects.get()
    assert row.body == "The suggestion of %(day)s is closed now.\n\nWe are sorry."
    assert row.author_name == "Lise Bro"
    assert "Lise Bro" in read(lead, LIST)
    assert "Rewritten:" in read(lead, LIST)


def test_preview_is_the_letter_as_it_arrives(lead: Client) -> None:
    page = lead.post(address(), {**WORDS, "preview": "1"}, headers={"HX-Request": "true", "HX-Target": "preview"})
    words = page.content.decode()
    assert "Hello Amina," in words
    assert "The suggestion of" in words
    assert "Kind regards" in words
    assert "signs. One message holds 160." in words
    assert "<html" not in words
    assert not LetterText.objects.exists()
    # The page without JavaScript shows the same.
    assert "Hello Amina," in lead.post(address(), {**WORDS, "preview": "1"}).content.decode()


def test_preview_of_arabic_stands_in_arabic(lead: Client) -> None:
    page = read(lead, address("one_time_code", "ar"))
    assert 'lang="ar" dir="auto"' in page
    words = {**WORDS, "body": "رمزك: %(code)s", "subject": "رسالة", "sms": "رمزك %(code)s"}
    page = lead.post(address("one_time_code", "ar"), {**words, "preview": "1"}).content.decode()
    assert "One message holds 70." in page


@pytest.mark.parametrize("button", ["save", "preview"])
def test_wrong_words_are_told_and_kept(lead: Client, button: str) -> None:
    answer = lead.post(address(), {**WORDS, "body": "It is closed. 100 % closed.", button: "1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "It is closed. 100 % closed." in page
    assert "Put %(day)s into it" in page
    assert "percent sign twice" in page
    assert not LetterText.objects.exists()


@pytest.mark.parametrize("sign", ["{name}", "{{ name }}", "{}"])
def test_placeholder_of_another_kind_is_refused(lead: Client, sign: str) -> None:
    answer = lead.post(address(), {**WORDS, "body": f"Dear {sign}. It is closed: %(day)s.", "save": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "would arrive as it stands" in page
    assert sign in page
    assert not LetterText.objects.exists()


def test_names_of_the_network_and_its_divisions_are_refused(lead: Client, division: Division) -> None:
    Organisation.objects.create(created_at=division.created_at, name="Mentor network")
    for words in ("News from the Mentor Network: %(day)s", f"{division.name} writes: %(day)s"):
        page = lead.post(address(), {**WORDS, "body": words, "save": "1"}).content.decode()
        assert "tells who writes" in page
    assert not LetterText.objects.exists()


def test_back_to_what_ships_and_back_again(lead: Client) -> None:
    lead.post(address(), {**WORDS, "save": "1"})
    page = lead.post(address(), {**WORDS, "seen": "1", "shipped": "1"}, follow=True).content.decode()
    assert "have the words that ship again" in page
    assert words_in_force("proposal_ended", "en") is None
    undo = reverse("desk:text_again", kwargs={"event": "proposal_ended", "language": "en", "number": 1})
    assert undo in page
    assert "words from before are in force again" in lead.post(undo, follow=True).content.decode()
    found = words_in_force("proposal_ended", "en")
    assert found is not None
    assert (found.number, found.subject) == (3, "A word from us")


def test_first_change_can_be_taken_back(lead: Client) -> None:
    lead.post(address(), {**WORDS, "save": "1"})
    lead.post(reverse("desk:text_again", kwargs={"event": "proposal_ended", "language": "en", "number": 0}))
    assert words_in_force("proposal_ended", "en") is None


def test_double_save_is_one_version(lead: Client) -> None:
    lead.post(address(), {**WORDS, "save": "1"})
    page = lead.post(address(), {**WORDS, "save": "1"}, follow=True)
    assert "Somebody else has changed these words meanwhile" in page.content.decode()
    assert "A word from us" in page.content.decode()
    assert LetterText.objects.count() == 1


def test_coordinator_reads_and_changes_nothing(desk: Client) -> None:
    page = read(desk, address())
    assert "Our suggestion of" in page
    assert "<textarea" not in page
    answer = desk.post(address(), {**WORDS, "save": "1"})
    assert "Only the national lead" in answer.content.decode()
    assert not LetterText.objects.exists()


@pytest.mark.parametrize(("event", "language"), [("birthday", "en"), ("by_hand", "en"), ("proposal_ended", "so")])
def test_letters_that_are_none(lead: Client, event: str, language: str) -> None:
    assert lead.get(address(event, language)).status_code == 404
    again = reverse("desk:text_again", kwargs={"event": event, "language": language, "number": 1})
    assert lead.post(again).status_code == 404


def test_version_that_never_was(lead: Client) -> None:
    arguments = {"event": "proposal_ended", "language": "en", "number": 0}
    assert lead.post(reverse("desk:text_again", kwargs=arguments)).status_code == 404
    assert lead.get(reverse("desk:text_again", kwargs=arguments)).status_code == 405


def test_list_asks_as_much_for_many_changes_as_for_one(lead: Client, django_assert_num_queries: CountQueries) -> None:
    read(lead, LIST)
    for count in (1, 3):
        for number, event in enumerate(sorted(set(TEMPLATES) - NOT_REWRITTEN)[:count]):
            lead.post(address(event), {**WORDS, "seen": "0", "save": "1", "body": "%(day)s" + str(number)})
        with django_assert_num_queries(6):
            read(lead, LIST)


@pytest.mark.parametrize("event", ["proposal_to_mentee", "one_time_code", "interview_choose"])
def test_nothing_is_left_untranslated(lead: Client, event: str) -> None:
    lead.cookies["django_language"] = "xb"
    for url in (LIST, address(event, "da")):
        assert untranslated(read(lead, url)) == []
