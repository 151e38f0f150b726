"""The way through the form: each page keeps its answer, and what is sent arrives whole."""

from __future__ import annotations

from datetime import time

import pytest
from django.test import Client
from django.utils import timezone

from factories.django_rows import TODAY, make_person
from mentornet.agenda.models import Kind, Task
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import Application, Consent, ContactPerson
from mentornet.messaging.models import Letter
from mentornet.people.models import Person
from public.conftest import Place
from public.walking import CONTACT, Walk, fields, the_draft, where

pytestmark = pytest.mark.django_db


def test_whole_form_becomes_an_application(walk: Walk, place: Place) -> None:
    walk.language = "ar"
    assert where(walk.begin()) == "place"
    assert where(walk.answer("place", division=str(place.odense.pk))) == "programme"
    page = walk.answer("programme", programme=str(place.job.pk), eligible="yes")
    assert where(page) == "name"
    assert where(walk.answer("name", first_name="أمينة", last_name="Noor")) == "contact"
    page = walk.answer(
        "contact",
        contact_way="text",
        phone="٦١ ٢٣ ٤٥ ٦٧",
        contact_from="9",
        contact_until="15",
        hides_network="on",
        safe_contact="Ask for Amina.",
    )
    assert where(page) == "confirm"
    assert where(walk.give_code()) == "languages"
    page = walk.answer("languages", language_0="ar", level_0="C2", language_1="en", level_1="A2", danish="A1")
    assert where(page) == "life"
    assert where(walk.answer("life", birth_year="١٩٩٠", area="Vollsmose", postcode="5240")) == "work"
    assert where(walk.answer("work", occupation_title="ممرضة", occupation="2221")) == "goals"
    page = walk.answer("goals", topics=["cv", "network"], first="network", practise_danish="on")
    assert where(page) == "times"
    assert where(walk.answer("times", availability=["mon-evening", "sat-morning"])) == "meeting"
    assert where(walk.answer("meeting", meeting=["online"], hours_per_month="3")) == "words"
    page = walk.answer("words", about="أحب عملي", wishes="Children too", must_speak="ar", must_meet="online")
    assert where(page) == "heard"
    assert where(walk.answer("heard", referrer="language_school", heard_through="Teacher")) == "consents"
    page = walk.answer("consents", handling="on", introduction="on", evaluation="on")
    assert where(page) == "check"
    assert "ممرضة" in page.content.decode()
    assert where(walk.finish()) == "sent"

    application = Application.objects.get()
    person = application.person
    profile = person.profiles.get()
    assert (application.state, application.role, application.division, application.programme) == (
        ApplicationState.RECEIVED, "mentee", place.odense, place.job,
    )  # fmt: skip
    assert (application.way_in, application.language, application.referrer) == ("site", "ar", "language_school")
    assert (application.heard_through, application.fits, application.contact_confirmed) == ("Teacher", True, True)
    assert (person.name, person.phone, person.contact_way, person.hides_network) == (
        "أمينة Noor", "61 23 45 67", "text", True,
    )  # fmt: skip
    assert (person.contact_from, person.contact_until, person.language) == (time(9), time(15), "ar")
    assert (person.birth_year, person.area, person.postcode) == (1990, "Vollsmose", "5240")
    assert (profile.occupation, profile.occupation_title, profile.topics) == ("2221", "ممرضة", ("network", "cv"))
    assert profile.availability == ("mon-evening", "sat-morning")
    assert (profile.meeting, profile.hours_per_month, profile.requires) == (("online",), 3, ("language:ar", "online"))
    assert (profile.about, profile.wishes, profile.practise_danish) == ("أحب عملي", "Children too", True)
    assert profile.provenance["topics"] == ["self_reported", TODAY.isoformat()]
    assert list(person.languages.values_list("code", "level")) == [("ar", "C2"), ("en", "A2"), ("da", "A1")]
    consents = {one.purpose: one for one in Consent.objects.select_related("text")}
    assert set(consents) == {"handling", "introduction", "evaluation"}
    assert {one.text.language for one in consents.values()} == {"ar"}
    task = Task.objects.get()
    assert (task.kind, task.target_id) == (Kind.INTERVIEW, application.pk)
    letter = Letter.objects.get(event="application_received")
    assert letter.values == {"link": f"status:{application.pk}"}
    # Nothing of her is left where she wrote it.
    draft = the_draft()
    assert (draft.first_name, draft.phone, draft.answers, draft.person) == ("", "", {}, person)


def test_only_what_is_needed_is_enough(walk: Walk, place: Place) -> None:
    walk.up_to_check(place.odense, place.local)
    assert where(walk.finish()) == "sent"
    application = Application.objects.get()
    assert application.programme == place.local
    assert application.person.profiles.get().occupation == ""
    assert not application.person.languages.exists()


def test_the_last_page_cannot_be_left_empty(walk: Walk, place: Place) -> None:
    walk.up_to_check(place.odense, place.job)
    assert "You can leave this page empty" in walk.get(walk.url("apply_step", step="heard")).content.decode()
    assert "You can leave this page empty" not in walk.get(walk.url("apply_step", step="check")).content.decode()


def test_who_is_only_called_gets_no_code_and_no_letter(walk: Walk, place: Place) -> None:
    walk.up_to_check(place.odense, place.job, contact_way="call", phone="61234567")
    assert where(walk.finish()) == "sent"
    assert Application.objects.get().contact_confirmed is False
    assert Letter.objects.filter(event="one_time_code").count() == 0
    assert "look at your messages" not in walk.last.content.decode().lower()  # type: ignore[union-attr]


def test_code_cannot_be_left_out_by_whoever_is_written_to(walk: Walk, place: Place) -> None:
    walk.begin()
    walk.answer("place", division=str(place.odense.pk))
    walk.answer("programme", programme=str(place.job.pk), eligible="unsure")
    walk.answer("name", first_name="Amina")
    walk.answer("contact", **CONTACT)
    walk.answer("consents", handling="on", introduction="on")
    page = walk.get(walk.url("apply_step", step="check"))
    assert "Does our message reach you?" in page.content.decode()
    walk.send(walk.url("apply_step", step="check"), fields(page.content.decode()))
    assert not Application.objects.exists()
    walk.give_code()
    walk.finish()
    assert Application.objects.get().fits is False


def test_wrong_code_is_said_and_a_new_one_can_be_asked_for(walk: Walk, place: Place) -> None:
    walk.begin()
    walk.answer("contact", **CONTACT)
    page = walk.answer("confirm", code="000")
    assert page.status_code == 422
    assert "This code does not work" in page.content.decode()
    walk.answer("confirm", again="1")
    assert Letter.objects.filter(event="one_time_code").count() == 2
    assert where(walk.give_code()) == "languages"
    # Another address has to be confirmed anew.
    assert where(walk.answer("contact", **{**CONTACT, "email": "other@example.org"})) == "confirm"
    assert not the_draft().is_confirmed


def test_sent_twice_is_one_application(walk: Walk, place: Place) -> None:
    walk.up_to_check(place.odense, place.job)
    page = walk.get(walk.url("apply_step", step="check"))
    data = fields(page.content.decode())
    for _press in range(2):
        assert where(walk.send(walk.url("apply_step", step="check"), data)) == "sent"
    assert Application.objects.count() == 1
    assert Letter.objects.filter(event="application_received").count() == 1


def test_known_person_is_found_by_confirmed_address_and_name(walk: Walk, place: Place) -> None:
    known = make_person("Amina", "Noor", email="AMINA@example.org", area="Vollsmose", hides_network=True)
    walk.up_to_check(place.odense, place.job)
    walk.finish()
    application = Application.objects.get()
    assert application.person == known
    known.refresh_from_db()
    assert (known.area, known.hides_network, known.contact_way) == ("Vollsmose", True, "email")


@pytest.mark.parametrize("case", ["another name", "not confirmed", "two of them"])
def test_nobody_is_taken_for_somebody_else(walk: Walk, place: Place, case: str) -> None:
    make_person("Amina" if case != "another name" else "Fatima", "Noor", email="amina@example.org", phone="61 23 45 67")
    if case == "two of them":
        make_person("Amina", "Noor", email="amina@example.org")
    contact = {"contact_way": "call", "phone": "61 23 45 67"} if case == "not confirmed" else CONTACT
    before = Person.objects.count()
    walk.up_to_check(place.odense, place.job, **contact)
    walk.finish()
    assert Application.objects.exists()
    assert Person.objects.count() == before + 1


def test_second_application_of_the_same_person_is_told_kindly(client: Client, place: Place) -> None:
    walk = Walk(client)
    walk.up_to_check(place.odense, place.job)
    walk.finish()
    again = Walk(Client(), at=walk.at)
    again.up_to_check(place.odense, place.job)
    page = again.finish()
    assert page.status_code == 422
    assert "You have written to us about this already" in page.content.decode()
    assert Application.objects.count() == 1


def test_contact_person_becomes_one(client: Client, place: Place) -> None:
    walk = Walk(client, role="contact-person")
    walk.up_to_check(place.odense, None)
    assert where(walk.finish()) == "sent"
    contact = ContactPerson.objects.get()
    assert (contact.state, contact.field_words, contact.groups, contact.division) == (
        "asked", "Hospitals", ("2",), place.odense,
    )  # fmt: skip
    assert contact.person.consents.get().purpose == "handling"
    assert Task.objects.get().kind == Kind.CONTACT_PERSON


def test_mentor_is_asked_what_she_offers(client: Client, place: Place) -> None:
    walk = Walk(client, role="mentor")
    walk.up_to_check(place.odense, place.job)
    assert where(walk.answer("offer", topics=["cv"], opens="I know hospitals.")) == "times"
    walk.answer("work", occupation_title="Sygeplejerske", occupation="2221", sector="hospital")
    walk.answer("words", about="Hello", min_danish="A2")
    walk.finish()
    profile = Application.objects.get().person.profiles.get()
    assert (profile.topics, profile.about, profile.min_danish) == (("cv",), "Hello\n\nI know hospitals.", "A2")
    assert profile.sector == "hospital"


def test_sent_says_that_the_link_is_leaving_and_what_to_do_if_nothing_comes(client: Client, place: Place) -> None:
    walk = Walk(client)
    walk.up_to_check(place.odense, place.job)
    walk.finish()
    html = walk.get(walk.url("apply_sent")).content.decode()
    assert "It leaves now. It can take a few minutes." in html
    assert "Nothing has come?" in html
    assert "mailto:odense@net.example" in html
    # True: nobody could take it back, so nothing holds it back.
    letter = Letter.objects.get(event="application_received")
    assert letter.send_after == letter.created_at


def test_sent_says_when_the_link_leaves_to_whoever_wants_it_at_other_hours(client: Client, place: Place) -> None:
    walk = Walk(client)
    walk.up_to_check(place.odense, place.job)
    walk.finish()
    local = timezone.localtime(walk.at)
    safe = time((local.hour + 2) % 24)
    Person.objects.update(contact_from=safe, contact_until=time((local.hour + 3) % 24))
    html = walk.get(walk.url("apply_sent")).content.decode()
    assert f"it leaves at {safe:%H:%M}" in html
    assert "It leaves now." not in html


def test_sent_promises_no_message_to_whoever_wants_a_call(client: Client, place: Place) -> None:
    walk = Walk(client)
    walk.up_to_check(place.odense, place.job, contact_way="call", phone="61234567")
    walk.finish()
    html = walk.get(walk.url("apply_sent")).content.decode()
    assert "a link to your own page" not in html


def test_contact_person_gets_a_link_to_her_own_page(client: Client, place: Place) -> None:
    walk = Walk(client, role="contact-person")
    walk.up_to_check(place.odense, None)
    walk.finish()
    letter = Letter.objects.get(event="application_received")
    assert letter.values == {"link": f"status:{ContactPerson.objects.get().pk}"}
    html = walk.get(walk.url("apply_sent")).content.decode()
    assert "We send you a link to your own page." in html
