"""Where her application is: behind her link or signed in, in words, with the way out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from entering import open_token
from factories.django_rows import (
    AT,
    TODAY,
    make_application,
    make_enrolment,
    make_person,
    make_profile,
    make_user,
    saved,
)
from mentornet.accounts.enums import Purpose
from mentornet.accounts.services.links import make_link
from mentornet.agenda.models import Kind, Task
from mentornet.divisions.models import Division, Organisation
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import Application, ContactPerson, Interview, ProfileConfirmation, Referral
from mentornet.intake.services.confirmations import ask_to_confirm
from mentornet.messaging.models import Letter, LetterState
from mentornet.people.models import Person
from mentornet.people.recipients import person_key

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]
AsParticipant = Callable[[Person], Client]
WithLink = Callable[..., Client]
WORDS = {
    ApplicationState.PRE_REGISTERED: "You are on our list.",
    ApplicationState.RECEIVED: "We have got what you wrote.",
    ApplicationState.BOOKED: "We have a time to talk.",
    ApplicationState.INTERVIEWED: "We have talked with you.",
    ApplicationState.DECLINED: "There is no place for you with us now.",
    ApplicationState.WITHDRAWN: "You have taken your application back.",
}


def opened(with_link: WithLink, application: Application) -> Client:
    return with_link(Purpose.STATUS, str(application.pk), application.person, code=False)


def page(client: Client, application: Application) -> str:
    answer = client.get(reverse("portal:application", args=[application.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("state", WORDS)
def test_each_state_is_said_in_words(division: Division, with_link: WithLink, state: ApplicationState) -> None:
    application = make_application("mentee", division, state=state)
    html = page(opened(with_link, application), application)
    assert f"<h1>{WORDS[state]}</h1>" in html
    assert "<title>Your page</title>" in html
    has_ended = state in {ApplicationState.DECLINED, ApplicationState.WITHDRAWN}
    assert ("Take your application back" in html) is not has_ended
    assert ("Write to us again" in html) is has_ended
    assert ('class="stepper"' in html) is not has_ended


def test_approved_says_what_she_is_and_when_she_hears(division: Division, with_link: WithLink) -> None:
    mentee = make_enrolment("mentee", division, enrolment={"word_due_on": TODAY + timedelta(days=9)})
    html = page(opened(with_link, mentee.application), mentee.application)
    assert "You have a place with us." in html
    assert "at the latest on 11 March 2026" in html
    mentor = make_enrolment("mentor", division)
    assert "You are a mentor with us." in page(opened(with_link, mentor.application), mentor.application)


def test_she_reads_when_we_wrote_and_when_she_hears_again(division: Division, with_link: WithLink) -> None:
    application = make_application("mentee", division, received_on=TODAY - timedelta(days=5))
    Task.objects.create(
        kind=Kind.INTERVIEW, target_id=application.pk, division_id=division.pk, due_on=TODAY + timedelta(days=9),
        created_at=AT,
    )  # fmt: skip
    saved(
        Letter(
            recipient=person_key(application.person_id), event="application_received", about_id=application.pk,
            division_id=division.pk, queued_by="visitor", send_after=AT, state=LetterState.SENT,
            sent_at=AT - timedelta(days=4), created_at=AT,
        )
    )  # fmt: skip
    html = page(opened(with_link, application), application)
    assert "25 February 2026" in html
    assert "26 February 2026" in html
    assert "at the latest on 11 March 2026" in html
    # Nothing is promised that has passed.
    Task.objects.update(due_on=TODAY - timedelta(days=1))
    html = page(opened(with_link, application), application)
    assert "We are late" in html
    assert "at the latest" not in html


def test_booked_talk_is_shown(division: Division, with_link: WithLink) -> None:
    application = make_application("mentee", division, state=ApplicationState.BOOKED)
    saved(
        Interview(
            application=application, at=AT + timedelta(days=2), interviewer=make_user(), place="The library",
            created_at=AT,
        )
    )  # fmt: skip
    html = page(opened(with_link, application), application)
    assert "The library" in html
    assert "Wednesday 4 March 2026" in html


def test_it_is_nobody_elses(division: Division, with_link: WithLink, as_participant: AsParticipant) -> None:
    mine, hers = make_application("mentee", division), make_application("mentee", division)
    for client in (opened(with_link, mine), as_participant(mine.person)):
        assert client.get(reverse("portal:application", args=[mine.pk])).status_code == 200
        for name in ("application", "application_withdraw"):
            assert client.get(reverse(f"portal:{name}", args=[hers.pk])).status_code == 404
            assert client.post(reverse(f"portal:{name}", args=[hers.pk])).status_code == 404
    assert Client().get(reverse("portal:application", args=[mine.pk])).status_code == 404
    hers.refresh_from_db()
    assert hers.state == ApplicationState.RECEIVED


def test_she_withdraws_on_a_second_page(division: Division, with_link: WithLink) -> None:
    application = make_application("mentee", division)
    client = opened(with_link, application)
    url = reverse("portal:application_withdraw", args=[application.pk])
    html = client.get(url).content.decode()
    assert "This cannot be undone here." in html
    # Each of the two says what it does, read by itself too.
    acts = html[html.index('class="portal-acts"') :]
    assert "<span>Take your application back</span>" in acts
    assert "Keep my application</a>" in acts
    application.refresh_from_db()
    assert application.state == ApplicationState.RECEIVED
    answer = client.post(url, follow=True)
    assert "You have taken your application back." in answer.content.decode()
    application.refresh_from_db()
    assert application.state == ApplicationState.WITHDRAWN
    # A second press, and the page itself, say the same.
    for again in (client.post(url, follow=True), client.get(url, follow=True)):
        assert "You have taken your application back." in again.content.decode()


def test_first_page_leads_to_her_open_application(division: Division, as_participant: AsParticipant) -> None:
    application = make_application("mentee", division, state=ApplicationState.PRE_REGISTERED)
    html = as_participant(application.person).get("/my/").content.decode()
    assert reverse("portal:application", args=[application.pk]) in html
    assert "You are on our list." in html


def test_page_asks_few_queries(
    division: Division, with_link: WithLink, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    application = make_application("mentee", division)
    client = opened(with_link, application)
    page(client, application)
    for _number in range(3):
        make_application("mentee", division, person=application.person)
    with django_assert_max_num_queries(12):
        page(client, application)


# Her own link -------------------------------------------------------------------------------------------------------


def test_mentor_finds_her_link_and_how_many_came(division: Division, as_participant: AsParticipant) -> None:
    mentor = make_enrolment("mentor", division)
    client = as_participant(mentor.person)
    html = client.get(reverse("portal:referral")).content.decode()
    referral = Referral.objects.get(person=mentor.person)
    assert f"/da/from/{referral.code}/" in html
    assert "Nobody has written through your link yet" in html
    assert " style=" not in html
    make_application("mentor", division, person=make_person("Esma", "Kanarie"), referred_by=referral)
    html = client.get(reverse("portal:referral")).content.decode()
    assert "1 person has written to us through your link" in html
    assert "Kanarie" not in html
    picture = client.get(reverse("portal:referral_picture"))
    assert picture["Content-Type"] == "image/svg+xml"
    assert b"<svg" in picture.content
    assert b"style" not in picture.content
    assert Referral.objects.count() == 1


def test_who_is_no_mentor_has_no_link(division: Division, as_participant: AsParticipant) -> None:
    client = as_participant(make_enrolment("mentee", division).person)
    assert "You have none yet" in client.get(reverse("portal:referral")).content.decode()
    assert client.get(reverse("portal:referral_picture")).status_code == 302
    assert not Referral.objects.exists()


def test_contact_person_has_a_first_page_and_a_link(division: Division, as_participant: AsParticipant) -> None:
    one = ContactPerson.objects.create(
        person=make_person("Dina"), division=division, state="confirmed", asked_on=TODAY, created_at=AT
    )
    html = as_participant(one.person).get("/my/").content.decode()
    assert reverse("portal:referral") in html


# Somebody who has offered to be a contact person ----------------------------------------------------------------------


def a_contact(division: Division, state: str = "asked") -> ContactPerson:
    contact = ContactPerson(
        person=make_person("Dina", language="en"), division=division, state=state, asked_on=TODAY, created_at=AT
    )
    return saved(contact)


def its_page(client: Client, contact: ContactPerson) -> str:
    answer = client.get(reverse("portal:application", args=[contact.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def contact_link(with_link: WithLink, contact: ContactPerson) -> Client:
    return with_link(Purpose.STATUS, str(contact.pk), contact.person, code=False)


def test_contact_person_reads_where_it_is_and_when_she_hears(division: Division, with_link: WithLink) -> None:
    contact = a_contact(division)
    Task.objects.create(
        kind=Kind.CONTACT_PERSON, target_id=contact.pk, division_id=division.pk, due_on=TODAY + timedelta(days=9),
        created_at=AT,
    )  # fmt: skip
    html = its_page(contact_link(with_link, contact), contact)
    assert "We have got what you wrote." in html
    assert "at the latest on 11 March 2026" in html
    assert 'class="stepper"' in html
    assert "Take your application back" in html
    ContactPerson.objects.update(state="confirmed")
    html = its_page(contact_link(with_link, contact), contact)
    assert "You are a contact person with us." in html
    assert reverse("portal:referral") in html


@pytest.mark.parametrize("state", ["asked", "confirmed"])
def test_contact_person_stops_by_her_link(state: str, division: Division, with_link: WithLink) -> None:
    contact = a_contact(division, state)
    Task.objects.create(
        kind=Kind.CONTACT_PERSON, target_id=contact.pk, division_id=division.pk, due_on=TODAY, created_at=AT
    )
    client = contact_link(with_link, contact)
    address = reverse("portal:application_withdraw", args=[contact.pk])
    assert "You do not have to say why." in client.get(address).content.decode()
    contact.refresh_from_db()
    assert contact.state == state
    html = client.post(address, follow=True).content.decode()
    assert "It is noted. We do not ask you any more." in html
    assert "Write to us again" in html
    contact.refresh_from_db()
    assert (contact.state, contact.left_on) == ("left", TODAY)
    assert Task.objects.get().done_at is not None
    # Pressed twice, or opened again.
    assert client.post(address).status_code == 302
    assert client.get(address).status_code == 302


def test_contact_person_of_another_is_not_there(division: Division, with_link: WithLink) -> None:
    mine, other = a_contact(division), saved(
        ContactPerson(person=make_person("Else"), division=division, asked_on=TODAY, created_at=AT)
    )  # fmt: skip
    client = contact_link(with_link, mine)
    for name in ("application", "application_withdraw"):
        assert client.get(reverse(f"portal:{name}", args=[other.pk])).status_code == 404
        assert client.post(reverse(f"portal:{name}", args=[other.pk])).status_code == 404
    other.refresh_from_db()
    assert other.state == "asked"


def test_contact_person_who_has_written_finds_it_on_her_first_page(
    division: Division, as_participant: AsParticipant
) -> None:
    contact = a_contact(division)
    html = as_participant(contact.person).get("/my/").content.decode()
    assert reverse("portal:application", args=[contact.pk]) in html
    assert "Contact person" in html


def test_without_a_number_of_its_own_the_office_is_reached_by_the_networks(
    division: Division, with_link: WithLink
) -> None:
    Organisation.objects.create(name="Net", phone="+45 00 00 20 01", created_at=AT)
    application = make_application("mentee", division)
    Division.objects.update(phone="")
    assert "tel:+4500002001" in page(opened(with_link, application), application)


# Whom she asks --------------------------------------------------------------------------------------------------------


def test_pages_of_hers_name_her_own_office(division: Division, as_participant: AsParticipant) -> None:
    Organisation.objects.create(name="Net", phone="+45 00 00 20 01", email="all@example.org", created_at=AT)
    Division.objects.update(phone="+45 00 00 30 07", email="odense@example.org")
    client = as_participant(make_enrolment("mentor", division).person)
    for name in ("home", "profile", "reading", "security", "referral", "calendar", "word", "consents"):
        foot = client.get(reverse(f"portal:{name}")).content.decode().partition("<footer")[2]
        assert "tel:+4500003007" in foot
        assert "mailto:odense@example.org" in foot
        assert "+4500002001" not in foot
        assert "all@example.org" not in foot
    # To whoever is nobody yet the organisation's telephone, and no address whose name tells where she is.
    foot = Client().get(reverse("portal:sign_in")).content.decode().partition("<footer")[2]
    assert "tel:+4500002001" in foot
    assert "mailto:" not in foot


def test_beside_an_offices_telephone_stands_no_other_mail(division: Division, as_participant: AsParticipant) -> None:
    Organisation.objects.create(name="Net", phone="+45 00 00 20 01", email="all@example.org", created_at=AT)
    Division.objects.update(phone="+45 00 00 30 07", email="")
    client = as_participant(make_enrolment("mentee", division).person)
    html = client.get(reverse("portal:profile")).content.decode()
    assert "tel:+4500003007" in html
    assert "mailto:" not in html


# What she is asked to confirm -----------------------------------------------------------------------------------------


def asked_to_confirm(division: Division, by: Staff) -> Application:
    person = make_person("Amina", email="amina@example.org")
    application = make_application("mentee", division, person=person, state=ApplicationState.INTERVIEWED)
    make_profile(person, "mentee", about="Kanarie in her own words")
    ask_to_confirm(by=by, application=application, author_name="Inger")
    return application


def test_a_profile_that_waits_for_her_yes_is_told_of(
    division: Division, coordinator: Staff, with_link: WithLink, as_participant: AsParticipant
) -> None:
    application = asked_to_confirm(division, coordinator)
    confirm = reverse("portal:confirm", args=[application.pk])
    client = opened(with_link, application)
    html = page(client, application)
    now = html.partition("What you can do now")[2]
    assert "Read what we wrote about you, and tell us if it is right." in now
    sign_in = f"{reverse('portal:sign_in')}?next={confirm}"
    assert f'href="{sign_in}"' in now
    assert client.get(sign_in).status_code == 200
    # Her status link alone opens nothing of it.
    assert "Kanarie" not in html
    assert client.get(confirm).status_code == 404
    # Signed in, or where her other letter's link is open too, it leads there.
    both = open_token(
        client, make_link(by=coordinator, purpose=Purpose.CONFIRM, subject=str(application.pk),
                          person_key=person_key(application.person_id)), code=False
    )  # fmt: skip
    for browser in (as_participant(application.person), both):
        assert f'<a href="{confirm}">Read what we wrote about you</a>' in page(browser, application)
    assert both.get(confirm)["Location"].startswith(reverse("portal:code"))


def test_nothing_waits_once_she_has_confirmed(division: Division, coordinator: Staff, with_link: WithLink) -> None:
    application = asked_to_confirm(division, coordinator)
    ProfileConfirmation.objects.update(confirmed_at=AT, way="page")
    assert "what we wrote about you" not in page(opened(with_link, application), application)
