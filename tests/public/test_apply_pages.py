"""Each page: keeps what was typed, says what to do, stands in five languages, and comes back by its link."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from entering import open_with_link
from factories.django_rows import AT, make_application, make_division, make_person
from mentornet.accounts.enums import Purpose
from mentornet.intake.models import Application, ApplicationDraft, IntakeWindow, Referral
from mentornet.messaging.models import Letter
from mentornet.people.recipients import person_key
from pages import untranslated
from public.conftest import Place
from public.walking import CONTACT, Walk, fields, the_draft, where

pytestmark = pytest.mark.django_db
STEPS = {
    "mentee": (
        *("place", "programme", "name", "contact", "confirm", "languages", "life", "work", "goals", "times"),
        *("meeting", "words", "heard", "consents", "check"),
    ),
    "mentor": (
        *("place", "programme", "name", "contact", "confirm", "languages", "life", "work", "offer", "times"),
        *("meeting", "words", "heard", "consents", "check"),
    ),
    "contact-person": ("place", "name", "contact", "confirm", "network", "heard", "consents", "check"),
}


@pytest.mark.parametrize("role", STEPS)
@pytest.mark.parametrize("language", ["da", "en", "ar", "fa", "uk", "xb"])
def test_every_page_is_there_in_every_language(client: Client, place: Place, role: str, language: str) -> None:
    walk = Walk(client, role=role, language=language)
    first = walk.get(walk.url("apply"))
    walk.begin()
    walk.answer("place", division=str(place.odense.pk))
    walk.answer("contact", **CONTACT)
    pages = [first, *(walk.get(walk.url("apply_step", step=step)) for step in STEPS[role]),
             walk.get(walk.url("apply_later"))]  # fmt: skip
    for step, page in zip(["", *STEPS[role], "later"], pages, strict=True):
        html = page.content.decode()
        assert page.status_code == 200, step
        assert where(page) == (step or role), step
        assert html.count("<h1") == 1
        assert " style=" not in html
        assert f'lang="{language}"' in html[:200]
        if language == "xb":
            left = [text for text in untranslated(html) if not text.endswith("· Mentornet")]
            assert left == [], step


@pytest.mark.parametrize(
    ("step", "typed", "said"),
    [
        ("place", {}, "Choose a place"),
        ("name", {"first_name": "", "last_name": "Noor"}, "Write your first name"),
        ("contact", {"contact_way": "email", "email": "amina", "phone": ""}, "Write the whole e-mail address"),
        ("contact", {"contact_way": "text", "email": "a@example.org", "phone": ""}, "Write your telephone number"),
        ("contact", {"contact_way": "call", "phone": "123"}, "Write the whole telephone number"),
        ("contact", {**CONTACT, "contact_from": "9"}, "Choose both hours"),
        ("contact", {**CONTACT, "contact_from": "9", "contact_until": "9"}, "Choose a later hour"),
        ("languages", {}, "Choose at least one language"),
        ("languages", {"language_0": "ar"}, "Choose how well you speak this language"),
        ("languages", {"language_0": "ar", "level_0": "C2", "language_1": "ar", "level_1": "A1"}, "stands above"),
        ("life", {"birth_year": "90"}, "with four digits"),
        ("life", {"birth_year": "next year"}, "with four digits"),
        ("life", {"area": "Torvegade 12"}, "Write only the part of town"),
        ("consents", {"introduction": "on"}, "Without this we cannot go on"),
    ],
)
def test_wrong_answer_is_kept_and_said(walk: Walk, place: Place, step: str, typed: dict[str, str], said: str) -> None:
    walk.begin()
    page = walk.answer(step, **typed)
    html = page.content.decode()
    assert page.status_code == 422
    assert said in html
    assert "must be put right first" in html
    for value in typed.values():
        assert value == "" or f'value="{value}"' in html or "checked" in html or f">{value}<" in html


def test_steps_are_counted_in_words(walk: Walk, place: Place) -> None:
    assert "Step 1 of 15" in walk.begin().content.decode()
    walk.answer("contact", contact_way="call", phone="61234567")
    assert "Step 5 of 14" in walk.last.content.decode()  # type: ignore[union-attr]


def test_change_of_one_answer_leads_back_to_all_of_them(walk: Walk, place: Place) -> None:
    walk.up_to_check(place.odense, place.job)
    page = walk.get(walk.url("apply_step", step="check"))
    assert f"{walk.url('apply_step', step='name')}?change=1" in page.content.decode()
    assert where(walk.answer("name", query="?change=1", first_name="Amina B.")) == "check"
    # Another place may lack her programme: it is asked for next.
    walk.answer("programme", query="?change=1", programme=str(place.local.pk))
    assert where(walk.answer("place", query="?change=1", division=str(place.aarhus.pk))) == "programme"
    assert the_draft().programme is None


def test_page_back_of_the_first_is_the_beginning(walk: Walk, place: Place) -> None:
    assert f'href="{walk.url("apply")}"' in walk.begin().content.decode()
    page = walk.get(walk.url("apply_step", step="name"))
    assert f'href="{walk.url("apply_step", step="programme")}"' in page.content.decode()


def test_without_a_draft_she_is_led_to_the_beginning(walk: Walk, place: Place) -> None:
    for url in (walk.url("apply_step", step="name"), walk.url("apply_later"), walk.url("apply_sent")):
        assert where(walk.get(url)) == "mentee"
    assert walk.client.get(reverse("public:apply", kwargs={"role": "queen"})).status_code == 404


def test_occupation_is_found_without_script(walk: Walk, place: Place) -> None:
    walk.language = "ar"
    walk.begin()
    page = walk.answer("work", occupation_title="ممرضه", look="1")
    html = page.content.decode()
    assert page.status_code == 200
    assert 'value="2221"' in html
    assert 'value="ممرضه"' in html
    assert the_draft().answered("work") == {}
    # With the script the same list comes by itself.
    part = walk.get(reverse("public:apply_occupations") + "?q=sygeplejerske").content.decode()
    assert 'value="2221"' in part
    assert "<html" not in part


def test_no_two_occupations_are_offered_by_one_title(walk: Walk, place: Place) -> None:
    address = reverse("public:apply_occupations")
    # Clerks in general are called the same on three levels of ISCO-08: the narrowest is offered.
    part = walk.get(f"{address}?q=other+clerical").content.decode()
    titles = re.findall(r'<span dir="auto">([^<]+)</span>', part)
    assert titles
    assert len(titles) == len(set(titles))
    assert 'value="4419"' in part
    # What was chosen before stands once, too.
    part = walk.get(f"{address}?q=zzzqqq&chosen=441").content.decode()
    assert part.count('value="441"') == 1


def test_words_she_wrote_are_kept_where_no_group_fits(walk: Walk, place: Place) -> None:
    walk.begin()
    walk.answer("work", occupation_title="qzx")
    assert the_draft().answered("work") == {"occupation_title": "qzx", "occupation": ""}


def test_a_group_for_other_words_is_asked_for_anew(walk: Walk, place: Place) -> None:
    walk.begin()
    walk.answer("work", occupation_title="nurse", occupation="2221")
    # Changed, and sent as the page stands: with the group that is chosen there for the former words.
    page = walk.answer("work", occupation_title="bus driver").content.decode()
    assert "You have written other words. Choose once more which of these fits." in page
    assert 'name="occupation" value="8331"' in page
    assert 'name="occupation" value="2221"' not in page
    assert the_draft().answered("work")["occupation_title"] == "nurse"
    url = walk.url("apply_step", step="work")
    walk.send(url, {**fields(page), "occupation": "8331"})
    assert the_draft().answered("work") == {"occupation_title": "bus driver", "occupation": "8331"}


def test_a_group_stays_for_words_that_nothing_fits_only_when_she_has_seen_it(walk: Walk, place: Place) -> None:
    walk.begin()
    walk.answer("work", occupation_title="nurse", occupation="2221")
    page = walk.answer("work", occupation_title="qzx").content.decode()
    assert "Choose once more which of these fits." in page
    assert 'name="occupation" value="2221" checked' in page
    assert the_draft().answered("work")["occupation_title"] == "nurse"
    url = walk.url("apply_step", step="work")
    walk.send(url, fields(page))
    assert the_draft().answered("work") == {"occupation_title": "qzx", "occupation": "2221"}
    walk.send(url, {**fields(page), "occupation": ""})
    assert the_draft().answered("work") == {"occupation_title": "qzx", "occupation": ""}


def test_a_group_goes_with_the_words(walk: Walk, place: Place) -> None:
    walk.begin()
    walk.answer("work", occupation_title="nurse", occupation="2221")
    walk.answer("work", occupation_title="")
    assert the_draft().answered("work") == {"occupation_title": "", "occupation": ""}


def test_the_script_offers_what_was_chosen_only_where_nothing_else_fits(walk: Walk, place: Place) -> None:
    url = reverse("public:apply_occupations")
    assert 'value="2221"' in walk.get(url + "?q=qzx&chosen=2221").content.decode()
    assert 'value="2221"' not in walk.get(url + "?q=bus+driver&chosen=2221").content.decode()
    assert 'value="2221"' not in walk.get(url + "?q=&chosen=2221").content.decode()


def test_the_same_words_written_otherwise_keep_their_group(walk: Walk, place: Place) -> None:
    walk.begin()
    walk.answer("work", occupation_title="nurse", occupation="2221")
    walk.answer("work", occupation_title=" Nurse ")
    assert the_draft().answered("work") == {"occupation_title": "Nurse", "occupation": "2221"}


# Coming back --------------------------------------------------------------------------------------------------------


def test_link_leads_back_to_where_she_stopped(walk: Walk, place: Place) -> None:
    walk.begin()
    walk.answer("place", division=str(place.odense.pk))
    walk.answer("programme", programme=str(place.job.pk), eligible="yes")
    walk.answer("name", first_name="Amina")
    walk.answer("contact", **CONTACT)
    walk.give_code()
    # What she has just typed is kept too.
    page = walk.answer("languages", language_0="ar", level_0="C2", later="1")
    assert where(page) == "later"
    page = walk.send(walk.url("apply_later"), {"link": "1"})
    assert "The link is on its way" in page.content.decode()
    assert where(walk.get(walk.url("apply_step", step="name"))) == "mentee"
    draft = the_draft()
    letter = Letter.objects.get(event="application_started")
    assert (letter.recipient, letter.values) == (f"draft:{draft.pk}", {"link": f"draft:{draft.pk}"})
    assert str(draft.pk) not in page.content.decode()

    with time_machine.travel(walk.at, tick=False):
        other = open_with_link(Purpose.DRAFT, str(draft.pk), None)
        url = reverse("public:apply_resume", kwargs={"draft_id": draft.pk})
        answer = other.get(url, follow=True)
        assert str(answer.redirect_chain[-1][0]).endswith("/life/")
        # Whoever has no link finds nothing.
        assert Client().get(url).status_code == 404


def test_link_of_a_draft_opens_no_other(walk: Walk, place: Place) -> None:
    walk.begin()
    Walk(Client()).begin()
    mine, hers = ApplicationDraft.objects.order_by("created_at")
    with time_machine.travel(walk.at, tick=False):
        client = open_with_link(Purpose.DRAFT, str(mine.pk), None)
        assert client.get(reverse("public:apply_resume", kwargs={"draft_id": hers.pk})).status_code == 404


def test_later_asks_first_where_to_send_the_link(walk: Walk, place: Place) -> None:
    walk.begin()
    page = walk.answer("name", later="1")
    assert where(page) == "later"
    assert "Tell us first where to send the link" in page.content.decode()


def test_draft_can_be_deleted(walk: Walk, place: Place) -> None:
    walk.begin()
    walk.answer("name", first_name="Amina")
    page = walk.send(walk.url("apply_later"), {"discard": "1"})
    assert "It is deleted" in page.content.decode()
    assert not ApplicationDraft.objects.exists()


def test_expired_draft_is_begun_anew(walk: Walk, place: Place) -> None:
    walk.begin()
    walk.at += timedelta(days=31)
    assert where(walk.get(walk.url("apply_step", step="name"))) == "mentee"


def test_other_language_goes_on_with_the_same_draft(walk: Walk, place: Place) -> None:
    walk.begin()
    walk.answer("name", first_name="Amina")
    walk.language = "uk"
    page = walk.get(walk.url("apply_step", step="name"))
    assert 'value="Amina"' in page.content.decode()
    walk.answer("name", first_name="Аміна")
    assert the_draft().language == "uk"


# Full offices, and members who send others --------------------------------------------------------------------------


def close(place: Place, role: str = "mentee") -> None:
    IntakeWindow.objects.create(
        division=place.odense, role=role, programme=place.job, is_open=False, since=AT.date(),
        reason={"en": "Many are waiting.", "ar": "كثيرات ينتظرن."}, changed_by="system:tests", created_at=AT,
    )  # fmt: skip


def test_full_office_says_so_before_and_puts_her_on_a_list(walk: Walk, place: Place) -> None:
    close(place)
    walk.language = "ar"
    assert "كثيرات ينتظرن." in walk.get(walk.url("apply")).content.decode()
    walk.language = "en"
    walk.begin()
    walk.answer("place", division=str(place.odense.pk))
    html = walk.last.content.decode()  # type: ignore[union-attr]
    assert "Full just now" in html
    assert "Many are waiting." in html
    walk2 = Walk(Client(), at=walk.at)
    walk2.up_to_check(place.odense, place.job)
    page = walk2.finish()
    assert "The office is full just now" in page.content.decode()
    letter = Letter.objects.get(event="application_pre_registered")
    assert letter.values["link"].startswith("status:")


def test_whoever_comes_by_a_link_is_credited_to_its_owner(walk: Walk, place: Place) -> None:
    sender = make_application("mentor", place.odense, person=make_person("Bodil")).person
    referral = Referral.objects.create(person=sender, since=AT.date(), created_at=AT)
    page = walk.get(f"/en/from/{referral.code}/")
    assert where(page) == "mentor"
    assert "You were sent by a member" in page.content.decode()
    assert "Bodil" not in page.content.decode()
    walk.role = "mentor"
    walk.begin()
    assert the_draft().referral == referral
    assert where(walk.get("/en/from/nosuchcode/")) == "mentor"


def test_filled_in_together_she_gets_the_link_and_the_member_the_credit(walk: Walk, place: Place) -> None:
    """A member opens the form from her own link, and fills it in with somebody who wants a mentor."""
    member = make_application("mentor", place.odense, person=make_person("Bodil", email="bodil@example.org")).person
    referral = Referral.objects.create(person=member, since=AT.date(), created_at=AT)
    walk.get(f"/en/from/{referral.code}/")
    start = walk.get(walk.url("apply")).content.decode()
    assert "Are you filling this in together with her?" in start
    walk.up_to_check(place.odense, place.job)
    assert where(walk.finish()) == "sent"
    application = Application.objects.get(role="mentee")
    assert (application.referred_by, application.referrer, application.way_in) == (referral, "member", "site")
    assert application.person.email == CONTACT["email"]
    # The code went to the address that she has given; all else goes to her, and nothing to the member.
    letters = Letter.objects.exclude(recipient__startswith="draft:")
    assert {letter.recipient for letter in letters} == {person_key(application.person_id)}
    assert [str(letter.values["link"]).partition(":")[0] for letter in letters] == ["status"]


def test_division_page_begins_in_that_division(walk: Walk, place: Place) -> None:
    page = walk.get(walk.url("apply") + f"?division={place.aarhus.pk}")
    walk.send(walk.url("apply"), fields(page.content.decode()))
    assert the_draft().division == place.aarhus


# Queries ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["place", "check"])
def test_queries_do_not_grow_with_divisions(
    walk: Walk, place: Place, step: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    walk.begin()
    walk.answer("name", first_name="Amina")
    url = walk.url("apply_step", step=step)
    with time_machine.travel(walk.at, tick=False):
        for more in (0, 3):
            for _number in range(more):
                make_division()
            with django_assert_max_num_queries(9):
                assert walk.client.get(url).status_code == 200


def test_page_tells_nobody_that_a_role_has_an_application(client: Client, place: Place) -> None:
    # A draft of one role is not opened by the address of another.
    walk = Walk(client)
    walk.begin()
    assert (
        where(Walk(client, role="mentor").get(Walk(client, role="mentor").url("apply_step", step="name"))) == "mentor"
    )
    assert unescape(walk.get(walk.url("apply")).content.decode()).count("You have begun already") == 1
