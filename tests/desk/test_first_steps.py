"""The first steps: read from the data each time, with what is left above Today."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from conftest import MakeStaff
from factories.django_rows import give_role, make_division, make_programme, user_of
from mentornet.accounts.models import OneTimeCode
from mentornet.audit.models import Entry
from mentornet.common.actors import System
from mentornet.common.jobs import run_round
from mentornet.divisions.models import Division, Role, StaffRole
from mentornet.divisions.services import describe_organisation
from mentornet.divisions.staff import Staff
from mentornet.messaging.models import Channel, Letter, Trial
from mentornet.messaging.services import deliver_due_letters
from mentornet.messaging.trials import arrived
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_version
from mentornet.web.desk.setup.steps import first_steps
from pages import untranslated
from signing import SignIn

pytestmark = pytest.mark.django_db
PAGE = "/desk/setup/first-steps/"


@pytest.fixture
def desk(client: Client, sign_in: SignIn, administrator: Staff) -> Client:
    return sign_in(client, administrator)


def states(by: Staff) -> dict[str, str]:
    return {step.key: step.state for step in first_steps(by, user_of(by))}


def page(desk: Client, path: str = PAGE) -> str:
    answer = desk.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def deliver() -> None:
    deliver_due_letters(by=System("deliver", timezone.now()))


def code_in_the_newest() -> str:
    found = re.search(r"\b\d{6}\b", str(mail.outbox[-1].body))
    assert found
    return found[0]


# What is done is read from the data ---------------------------------------------------------------------------------


def test_at_the_start_nothing_is_done(administrator: Staff, settings: Settings) -> None:
    settings.SMS_URL = ""
    assert states(administrator) == {
        "second-step": "open",
        "organisation": "open",
        "divisions": "open",
        "programme": "open",
        "staff": "open",
        "trial-email": "open",
        "trial-text": "left out",
        "backup": "open",
        "safety": "open",
    }


def test_each_step_closes_with_what_it_asks_for_and_opens_again_without(
    desk: Client, administrator: Staff, make_staff: MakeStaff
) -> None:
    assert states(administrator)["second-step"] == "done"
    by = System("test", timezone.now())
    facts: dict[str, Any] = {"name": "Broen", "legal_name": "Foreningen Broen", "email": "a@example.org"}
    described = describe_organisation(by=by, facts=facts)
    assert states(administrator)["organisation"] == "done"
    describe_organisation(by=by, facts={"legal_name": ""})
    assert states(administrator)["organisation"] == "open"
    assert "The privacy notice still lacks: the organisation behind it." in page(desk)
    assert described.name == "Broen"

    division = make_division("Odense", phone="")
    assert states(administrator)["divisions"] == "open"
    assert "No telephone stands there for: Odense." in page(desk)
    Division.objects.update(phone="12 34 56 78")
    assert states(administrator)["divisions"] == "done"

    make_staff(Role.NATIONAL_LEAD)
    assert states(administrator)["staff"] == "open"
    assert "Nobody works in: Odense." in page(desk)
    make_staff(Role.COORDINATOR, division)
    assert states(administrator)["staff"] == "done"

    programme = make_programme("Job og sprog")
    version = current_version(programme.pk)
    type(version).objects.filter(pk=version.pk).update(eligibility={})
    assert "Nobody has written who may take part in: Job og sprog." in page(desk)
    type(version).objects.filter(pk=version.pk).update(eligibility={"da": "Alle."})
    assert states(administrator)["programme"] == "done"


def test_page_asks_the_same_of_the_database_however_much_there_is(desk: Client) -> None:
    make_division("Odense")
    make_programme("Job og sprog")
    with CaptureQueriesContext(connection) as few:
        page(desk)
    for name in ("Aarhus", "Esbjerg"):
        make_division(name)
        make_programme(f"Job {name}")
    with CaptureQueriesContext(connection) as many:
        page(desk)
    assert len(many) == len(few)


# Today --------------------------------------------------------------------------------------------------------------


def test_today_shows_what_is_left_until_it_is_done(
    desk: Client, administrator: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = page(desk, reverse("desk:today"))
    assert "First steps: 1 of 8 are done" in today
    assert "Say who runs the network" in today
    assert PAGE in today
    # Nothing is kept as done: with every step done, it is gone.
    monkeypatch.setattr("mentornet.web.desk.setup.steps.STEPS", [])
    assert "First steps" not in page(desk, reverse("desk:today"))


def test_who_leads_besides_sees_it_above_her_tasks(client: Client, sign_in: SignIn, make_staff: MakeStaff) -> None:
    division = make_division("Odense")
    both = make_staff(Role.ADMINISTRATOR)
    give_role(user_of(both), Role.COORDINATOR, division)
    today = page(sign_in(client, both), reverse("desk:today"))
    assert "First steps:" in today
    assert "Enter an application" in today


def test_others_see_nothing_of_it(client: Client, sign_in: SignIn, coordinator: Staff, national_lead: Staff) -> None:
    for staff in (coordinator, national_lead):
        assert "First steps" not in page(sign_in(client, staff), reverse("desk:today"))
    assert sign_in(client, coordinator).get(PAGE).status_code == 403
    assert sign_in(client, national_lead).get(PAGE).status_code == 200


def test_demonstration_has_nothing_to_begin_with(desk: Client, settings: Settings) -> None:
    settings.DEMO = True
    assert "First steps" not in page(desk, reverse("desk:today"))


# Trial letters ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_letter_that_arrives_closes_its_step(desk: Client, administrator: Staff) -> None:
    sent = desk.post(reverse("desk:trial"), {"channel": "email", "address": "anna@example.org"})
    assert sent["Location"] == PAGE
    assert "Nobody sends letters now: no worker runs." in page(desk)
    deliver()
    assert "One has left for anna@example.org." in page(desk)
    code = code_in_the_newest()
    assert code not in page(desk)
    assert code not in Letter.objects.get().body
    wrong = desk.post(reverse("desk:trial_code"), {"channel": "email", "code": f"{(int(code) + 1) % 1_000_000:06}"})
    assert wrong.status_code == 422
    assert "That is not the code in the newest one" in wrong.content.decode()
    assert arrived(Channel.EMAIL) is None
    assert desk.post(reverse("desk:trial_code"), {"channel": "email", "code": code}).status_code == 302
    assert states(administrator)["trial-email"] == "done"
    assert Entry.objects.filter(act="divisions.confirm_trial").count() == 1
    # A second time it opens nothing.
    assert desk.post(reverse("desk:trial_code"), {"channel": "email", "code": code}).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_with_another_mail_server_it_is_to_be_seen_again(
    desk: Client, administrator: Staff, settings: Settings
) -> None:
    desk.post(reverse("desk:trial"), {"channel": "email", "address": "anna@example.org"})
    deliver()
    desk.post(reverse("desk:trial_code"), {"channel": "email", "code": code_in_the_newest()})
    assert states(administrator)["trial-email"] == "done"
    settings.EMAIL_HOST = "another.example.org"
    assert states(administrator)["trial-email"] == "open"


@pytest.mark.django_db(transaction=True)
def test_text_message_goes_the_same_way(desk: Client, administrator: Staff, settings: Settings, tmp_path: Any) -> None:
    settings.SMS_URL, settings.SMS_FOLDER = "file:", tmp_path
    refused = desk.post(reverse("desk:trial"), {"channel": "text", "address": "12"})
    assert refused.status_code == 422
    assert "Write the whole number" in refused.content.decode()
    assert desk.post(reverse("desk:trial"), {"channel": "text", "address": "12 34 56 78"}).status_code == 302
    deliver()
    written = (tmp_path / "text-messages.jsonl").read_text(encoding="utf-8")
    assert '"+4512345678"' in written
    code = re.search(r"\b\d{6}\b", written)
    assert code
    assert desk.post(reverse("desk:trial_code"), {"channel": "text", "code": code[0]}).status_code == 302
    assert (states(administrator)["trial-text"], states(administrator)["trial-email"]) == ("done", "open")


def test_letter_that_cannot_leave_says_why(desk: Client) -> None:
    desk.post(reverse("desk:trial"), {"channel": "email", "address": "anna@example.org"})
    Letter.objects.update(state="failed", problem="refused", problem_detail="550 no such box")
    shown = page(desk)
    assert "The mail server refused the address." in shown
    assert "550 no such box" in shown


@pytest.mark.parametrize("address", ["", "nobody", "a@b@c"])
def test_what_is_no_address_is_refused_and_kept(desk: Client, address: str) -> None:
    refused = desk.post(reverse("desk:trial"), {"channel": "email", "address": address})
    assert refused.status_code == 422
    assert f'value="{address}"' in refused.content.decode() or not address
    assert not Trial.objects.exists()


def test_nobody_writes_to_the_whole_world_from_here(desk: Client) -> None:
    for _ in range(10):
        assert desk.post(reverse("desk:trial"), {"channel": "email", "address": "a@example.org"}).status_code == 302
    refused = desk.post(reverse("desk:trial"), {"channel": "email", "address": "a@example.org"})
    assert refused.status_code == 422
    assert "You have tried this many times." in refused.content.decode()
    assert (Trial.objects.count(), OneTimeCode.objects.count()) == (10, 10)


def test_code_before_any_letter_is_refused(desk: Client) -> None:
    assert desk.post(reverse("desk:trial_code"), {"channel": "email", "code": "123456"}).status_code == 422


# Staff --------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_who_is_new_is_invited_by_a_letter(desk: Client, coordinator: Staff, settings: Settings) -> None:
    given = {"email": "bodil@example.org", "name": "Bodil", "role": "national_lead", "division": ""}
    assert "is on its way to her" in desk.post(reverse("desk:staff"), given, follow=True).content.decode()
    run_round("worker", timezone.now)
    (letter,) = mail.outbox
    # In the installation's language: nobody knows hers yet.
    assert (letter.to, letter.subject) == (["bodil@example.org"], "Vælg din adgangskode")
    (link,) = re.findall(r"http://\S+", str(letter.body))
    form = Client().get(urlsplit(link).path, follow=True)
    assert "password1" in form.content.decode()
    # Once more, from the list; to who has chosen one, nothing.
    held = StaffRole.objects.get(user__email="bodil@example.org")
    desk.post(reverse("desk:staff_invite", args=[held.pk]))
    run_round("worker", timezone.now)
    assert len(mail.outbox) == 2
    held.user.set_password("kold-havn-og-tre-baade")
    held.user.save()
    told = desk.post(reverse("desk:staff_invite", args=[held.pk]), follow=True).content.decode()
    run_round("worker", timezone.now)
    assert ("She has chosen her password already." in told, len(mail.outbox)) == (True, 2)


# A programme --------------------------------------------------------------------------------------------------------


def test_programme_begins_from_a_preset(desk: Client) -> None:
    chosen = page(desk, reverse("desk:first_programme"))
    assert "Career sprint for graduates" in chosen
    nothing = desk.post(reverse("desk:first_programme"), {"other_name": "Broen"})
    assert nothing.status_code == 422
    assert 'value="Broen"' in nothing.content.decode()
    begun = desk.post(reverse("desk:first_programme"), {"preset": "social", "other_name": " Broen "})
    assert begun["Location"] == PAGE
    version = current_version(Programme.objects.get(name="Broen").pk)
    assert (version.meets_first, version.min_language) == (True, "A2")
    assert set(version.eligibility) == {"da", "en", "ar", "fa", "uk"}
    # Once: further ones are the national lead's, and the page says so.
    assert "There is a programme already." in page(desk, reverse("desk:first_programme"))
    assert desk.post(reverse("desk:first_programme"), {"preset": "social"}).status_code == 422
    assert Programme.objects.count() == 1


# Words --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}programme/", "/desk/", "/desk/setup/"])
def test_every_word_can_be_translated(desk: Client, path: str, settings: Settings) -> None:
    make_division("Odense")
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "*"]
    desk.cookies["django_language"] = "xb"
    assert untranslated(page(desk, path)) == []
