"""Entering with her, taking in who waits, opening and closing intakes, contact persons."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from factories.django_rows import AT, TODAY, make_application, make_person, make_profile, saved
from mentornet.common.answers import NotAllowedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import Application, ApplicationDraft, Consent, ContactPerson, IntakeWindow
from mentornet.intake.services.contact_persons import change_contact_person
from mentornet.messaging.models import Letter
from mentornet.programmes.models import Programme
from pages import untranslated
from signing import CountQueries, SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


@pytest.fixture
def lead(client: Client, sign_in: SignIn, division_lead: Staff) -> Client:
    return sign_in(client, division_lead)


def entry(division: Division, programme: Programme, **more: Any) -> dict[str, Any]:
    return {
        "role": "mentee", "programme": str(programme.pk), "division": str(division.pk), "first_name": "Amina",
        "last_name": "Noor", "phone": "61 23 45 67", "language": "ar", "heard_through": "Anne",
    } | more  # fmt: skip


NEW = "/desk/applications/new/"


@pytest.fixture(autouse=True)
def _text_messages_leave(settings: Settings, tmp_path: Path) -> None:
    """Let text messages leave: into a file."""
    settings.SMS_URL, settings.SMS_FOLDER = "file:", tmp_path


def test_text_messages_are_offered_where_they_leave(
    desk: Client, division: Division, programme: Programme, settings: Settings
) -> None:
    option, note = '<option value="text"', "No text messages leave from this installation."
    page = desk.get(NEW).content.decode()
    assert (option in page, note in page) == (True, False)
    settings.SMS_URL = ""
    page = desk.get(NEW).content.decode()
    assert (option in page, note in page) == (False, True)
    # The link to go on with would lie in the outbox for ever.
    answer = desk.post(NEW, entry(division, programme, draft="1"))
    assert "to send you the link" in answer.content.decode()
    assert not ApplicationDraft.objects.exists()


def test_entering_with_her_keeps_how_she_is_reached_and_what_she_agrees_to(
    desk: Client, division: Division, programme: Programme, coordinator: Staff
) -> None:
    given = {
        "contact_way": "text", "contact_from": "09:00", "contact_until": "15:00", "hides_network": "on",
        "referrer": "job_centre", "consents": ["handling", "introduction"],
    }  # fmt: skip
    answer = desk.post(NEW, entry(division, programme, **given), follow=True)
    application = Application.objects.get()
    person = application.person
    assert (person.contact_way, str(person.contact_from), person.hides_network) == ("text", "09:00:00", True)
    assert (application.way_in, application.entered_by, application.referrer, application.heard_through) == (
        "desk", coordinator.key, "job_centre", "Anne",
    )  # fmt: skip
    consents = Consent.objects.select_related("text")
    assert {(one.purpose, one.how, one.text.language) for one in consents} == {
        ("handling", "heard", "ar"), ("introduction", "heard", "ar"),
    }  # fmt: skip
    html = answer.content.decode()
    assert "entered with her by Inger Holm" in html
    assert "a job centre" in html
    assert "09:00 to 15:00" in html
    assert "heard by <bdi>Inger Holm</bdi>" in html


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"contact_from": "09:00"}, "Give both hours, or none."),
        ({"contact_way": "email"}, "give her e-mail address"),
        ({"contact_way": "call", "phone": ""}, "Give her telephone number"),
    ],
)
def test_what_cannot_be_is_said_and_kept(
    desk: Client, division: Division, programme: Programme, given: dict[str, str], said: str
) -> None:
    html = desk.post(NEW, entry(division, programme, **given)).content.decode()
    assert said in html
    assert 'value="Noor"' in html
    assert not Application.objects.exists()


def test_draft_is_kept_and_she_gets_the_link(desk: Client, division: Division, programme: Programme) -> None:
    answer = desk.post(NEW, entry(division, programme, draft="1"), follow=True)
    assert "She gets a link" in answer.content.decode()
    draft = ApplicationDraft.objects.get()
    assert (draft.contact_way, draft.language, draft.division) == ("text", "ar", division)
    assert Letter.objects.get().values == {"link": f"draft:{draft.pk}"}
    assert not Application.objects.exists()
    # Nobody on the desk sees what she is writing.
    assert "Amina" not in desk.get("/desk/applications/").content.decode()


def test_draft_needs_somewhere_to_send_the_link(desk: Client, division: Division, programme: Programme) -> None:
    html = desk.post(NEW, entry(division, programme, draft="1", contact_way="call")).content.decode()
    assert "to send you the link" in html
    assert not ApplicationDraft.objects.exists()


def waiting(division: Division, programme: Programme, days: int = 3, **fields: Any) -> Application:
    made = make_application(
        "mentee", division, programme=programme, state=ApplicationState.PRE_REGISTERED,
        received_on=TODAY - timedelta(days=days), **fields,
    )  # fmt: skip
    make_profile(made.person, "mentee")
    return made


def test_list_has_who_is_pre_registered_by_itself(desk: Client, division: Division, programme: Programme) -> None:
    waiting(division, programme, person=make_person("Amina"))
    make_application("mentee", division, programme=programme, person=make_person("Esma"))
    usual = desk.get("/desk/applications/").content.decode()
    assert "Esma" in usual
    assert "Amina" not in usual
    tab = desk.get("/desk/applications/?state=pre_registered").content.decode()
    assert "Amina" in tab
    assert "Take her in" in tab


def test_she_is_taken_in_from_her_page(desk: Client, division: Division, programme: Programme) -> None:
    application = waiting(division, programme)
    url = reverse("desk:application_take_in", args=[application.pk])
    assert url in desk.get(reverse("desk:application", args=[application.pk])).content.decode()
    assert "Her place counts from that day" in desk.get(url).content.decode()
    answer = desk.post(url, follow=True)
    assert "Taken in." in answer.content.decode()
    assert Letter.objects.get().event == "application_taken_in"
    # Pressed again, it says that it is done.
    assert "taken in already" in desk.post(url, follow=True).content.decode()
    assert Letter.objects.count() == 1


def test_another_divisions_application_is_not_there(desk: Client, other_division: Division) -> None:
    application = waiting(other_division, make_application("mentee", other_division).programme)
    assert desk.get(reverse("desk:application_take_in", args=[application.pk])).status_code == 404


def test_unsure_applicant_is_flagged(desk: Client, division: Division, programme: Programme) -> None:
    application = make_application("mentee", division, programme=programme, fits=False)
    make_profile(application.person, "mentee")
    assert (
        "Does the programme fit her?" in desk.get(reverse("desk:application", args=[application.pk])).content.decode()
    )


# Intakes ------------------------------------------------------------------------------------------------------------


def test_lead_closes_changes_and_opens(lead: Client, division: Division, programme: Programme) -> None:
    page = reverse("desk:intake", args=[division.pk])
    key = f"mentee.{programme.pk}"
    assert lead.get(page).content.decode().count("Close it") == 3
    close = reverse("desk:intake_close", args=[division.pk])
    assert "Everybody reads these words" in lead.get(f"{close}?intake={key}").content.decode()
    lead.post(close, {"intake": key, "reason_da": "Mange venter.", "reason_ar": "كثيرات ينتظرن."})
    window = IntakeWindow.objects.get()
    assert (window.role, window.is_open, window.reason) == (
        "mentee", False, {"da": "Mange venter.", "ar": "كثيرات ينتظرن."},
    )  # fmt: skip
    assert "Mange venter." in lead.get(f"{close}?intake={key}").content.decode()
    first, last = waiting(division, programme, 30), waiting(division, programme, 3)
    html = lead.get(page).content.decode()
    assert "2 on the list" in html
    lead.post(reverse("desk:intake_open", args=[division.pk]), {"intake": key})
    assert IntakeWindow.objects.get().is_open
    answer = lead.post(reverse("desk:intake_take_in", args=[division.pk]), {"intake": key}, follow=True)
    assert "Taken in: 2." in answer.content.decode()
    for one in (first, last):
        one.refresh_from_db()
        assert one.state == ApplicationState.RECEIVED


def test_reason_that_is_too_long_is_kept_and_said(lead: Client, division: Division, programme: Programme) -> None:
    close = reverse("desk:intake_close", args=[division.pk])
    answer = lead.post(close, {"intake": f"mentee.{programme.pk}", "reason_en": "x" * 301})
    assert answer.status_code == 422
    assert "x" * 301 in answer.content.decode()
    assert not IntakeWindow.objects.exists()


def test_coordinator_does_not_reach_the_intakes(desk: Client, division: Division, programme: Programme) -> None:
    assert desk.get(reverse("desk:intake", args=[division.pk])).status_code == 403


def test_setup_leads_to_it(lead: Client, division: Division, programme: Programme) -> None:
    assert reverse("desk:intake", args=[division.pk]) in lead.get("/desk/setup/").content.decode()


# Contact persons ----------------------------------------------------------------------------------------------------


def contact(division: Division, name: str = "Dina") -> ContactPerson:
    return ContactPerson.objects.create(
        person=make_person(name), division=division, field_words="Hospitals", groups=";2;", asked_on=TODAY,
        created_at=AT,
    )  # fmt: skip


def test_contact_person_is_listed_welcomed_and_leaves(desk: Client, division: Division) -> None:
    one = contact(division)
    assert "Dina" in desk.get("/desk/contact-persons/").content.decode()
    url = reverse("desk:contact_person", args=[one.pk])
    html = desk.get(url).content.decode()
    assert "Hospitals" in html
    assert "Professionals" in html
    answer = desk.post(reverse("desk:contact_person_confirm", args=[one.pk]), follow=True)
    assert "is a contact person now" in answer.content.decode()
    answer = desk.post(reverse("desk:contact_person_end", args=[one.pk]), follow=True)
    assert "She is asked no more" in answer.content.decode()
    assert "Dina" in desk.get("/desk/contact-persons/?state=left").content.decode()


def test_another_divisions_contact_person_is_not_there(desk: Client, other_division: Division) -> None:
    one = contact(other_division)
    assert "Dina" not in desk.get("/desk/contact-persons/").content.decode()
    assert desk.get(reverse("desk:contact_person", args=[one.pk])).status_code == 404
    for act in ("confirm", "end"):
        assert desk.post(reverse(f"desk:contact_person_{act}", args=[one.pk])).status_code == 404


def test_list_asks_as_much_for_three_as_for_one(
    desk: Client, division: Division, django_assert_num_queries: CountQueries
) -> None:
    contact(division)
    desk.get("/desk/contact-persons/")
    for more in range(2):
        for number in range(more * 2):
            contact(division, f"Esma {number}")
        with django_assert_num_queries(7):
            assert desk.get("/desk/contact-persons/").status_code == 200


def test_pages_are_translated_whole(lead: Client, division: Division, programme: Programme, settings: Any) -> None:
    one, application = contact(division), waiting(division, programme)
    lead.cookies[settings.LANGUAGE_COOKIE_NAME] = "xb"
    for url in (
        "/desk/contact-persons/",
        reverse("desk:contact_person", args=[one.pk]),
        reverse("desk:intake", args=[division.pk]),
        reverse("desk:intake_close", args=[division.pk]),
        reverse("desk:application_take_in", args=[application.pk]),
        NEW,
    ):
        left = untranslated(lead.get(url).content.decode())
        assert [text for text in left if text not in {"Hospitals", "Professionals"}] == [], url


def test_desk_changes_how_a_contact_person_is_reached(
    desk: Client, division: Division, other_coordinator: Staff, sign_in: SignIn
) -> None:
    dina = make_person("Dina", email="dina@example.org")
    contact = saved(ContactPerson(person=dina, division=division, state="confirmed", asked_on=TODAY, created_at=AT))
    hers = reverse("desk:contact_person", args=[contact.pk])
    address = reverse("desk:person_details", args=[dina.pk])
    assert address in desk.get(hers).content.decode()
    page = desk.get(address).content.decode()
    assert 'value="dina@example.org"' in page
    assert f'href="{hers}"' in page
    # She has never applied: among the people she has no page.
    assert reverse("desk:person", args=[dina.pk]) + '"' not in page
    typed = {"first_name": "Dina", "language": "da", "email": "", "phone": "61 23 45 67", "contact_way": "text"}
    wrong = desk.post(address, typed | {"contact_from": "09:00"}).content.decode()
    assert "Give both hours, or none." in wrong
    assert 'value="61 23 45 67"' in wrong
    answer = desk.post(address, typed | {"contact_from": "09:00", "contact_until": "15:00", "hides_network": "on"})
    assert answer.headers["Location"] == hers
    dina.refresh_from_db()
    assert (dina.email, dina.contact_way, str(dina.contact_from), dina.hides_network) == ("", "text", "09:00:00", True)
    assert "09:00 to 15:00" in desk.get(hers).content.decode()
    stranger = sign_in(Client(), other_coordinator)
    assert (stranger.get(address).status_code, stranger.post(address, typed).status_code) == (404, 404)
    with pytest.raises(NotAllowedError):
        change_contact_person(by=other_coordinator, contact=contact, facts={"phone": "12345678"})


def test_desk_changes_the_way_and_the_hours_of_a_participant(
    desk: Client, division: Division, programme: Programme
) -> None:
    amina = make_person("Amina", email="amina@example.org", contact_way="email")
    make_application("mentee", division, programme=programme, person=amina)
    address = reverse("desk:person_details", args=[amina.pk])
    typed = {"first_name": "Amina", "language": "da", "email": "amina@example.org", "contact_way": "call"}
    assert "Give her telephone number, or choose another way." in desk.post(address, typed).content.decode()
    assert desk.post(address, typed | {"phone": "61 23 45 67"}).status_code == 302
    amina.refresh_from_db()
    assert (amina.contact_way, amina.hides_network) == ("call", False)
