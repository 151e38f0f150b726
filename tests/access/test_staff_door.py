"""The staff's door is the staff's: no letter and no password lets a participant, or who reads her mail, in by it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from matching.pairs import jobs_run

from access.matrix import plain
from entering import make_participant_user, sign_in_participant
from factories.django_rows import PASSWORD, give_role, make_division, make_person, make_user
from mentornet.accounts.models import User
from mentornet.divisions.models import Role
from mentornet.people.models import Person
from mentornet.web import signin
from signing import CountQueries, email_of

pytestmark = pytest.mark.django_db
NEW = "another road to Ringsted"


@pytest.fixture(autouse=True)
def _nothing_counted(db: None) -> None:
    cache.clear()


@pytest.fixture
def amina() -> Person:
    """A participant who chose text messages, with an address that others in the house read."""
    person = make_person("Amina", email="family@example.org", phone="61 23 45 67", contact_way="text")
    user = make_participant_user(person)
    user.set_password(PASSWORD)
    user.save()
    return person


@pytest.fixture
def inger() -> User:
    """A coordinator."""
    user = make_user("Inger Holm", email="inger@example.org", password=PASSWORD)
    give_role(user, Role.COORDINATOR, make_division("Odense"))
    return user


def asks(email: str) -> Any:
    return Client().post(reverse("account_reset_password"), {"email": email})


def signs_in(client: Client, email: str, password: str = PASSWORD) -> Any:
    return client.post(reverse("account_login"), {"login": email, "password": password})


def key_page(user: User) -> str:
    return reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)},
    )


def test_forgotten_password_is_written_to_staff_alone(amina: Person, inger: User) -> None:
    answers = [asks(email) for email in ("family@example.org", "nobody@example.org", email_of(inger))]
    assert [(answer.status_code, answer.url) for answer in answers] == [
        (302, reverse("account_reset_password_done"))
    ] * 3
    # Nothing leaves while somebody waits for the page: how long it takes would tell.
    assert mail.outbox == []
    jobs_run()
    assert [letter.to for letter in mail.outbox] == [[email_of(inger)]]


def test_forgotten_password_is_the_same_work_for_every_address(
    amina: Person, inger: User, django_assert_max_num_queries: CountQueries
) -> None:
    asks("warm@example.org")
    works = []
    for email in ("family@example.org", "nobody@example.org", email_of(inger)):
        with django_assert_max_num_queries(100) as asked:
            asks(email)
        works.append([re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in asked.captured_queries])
    assert works[0]
    assert works == [works[0]] * 3
    # What is asked of the worker looks the same too, and holds no address.
    for job in DBTaskResult.objects.all():
        assert list(job.args_kwargs["kwargs"]) == ["user_id"]
        assert "@" not in str(job.args_kwargs)


def test_forgotten_password_of_whoever_has_left_is_not_written_to(inger: User) -> None:
    asks(email_of(inger))
    # Closed before the worker comes to it.
    User.objects.filter(pk=inger.pk).update(is_active=False)
    jobs_run()
    assert mail.outbox == []


def test_forgotten_password_without_the_guard_is_written_to_her(amina: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    # The control of the test above.
    monkeypatch.setattr(signin, "works_here", lambda _user: True)
    asks("family@example.org")
    jobs_run()
    assert [letter.to for letter in mail.outbox] == [["family@example.org"]]


@pytest.mark.parametrize(("language", "subject"), [("en", "Choose a new password"), ("da", None)])
def test_letter_is_ours_in_her_language_and_leads_to_the_installation(
    inger: User, language: str, subject: str | None
) -> None:
    User.objects.update(language=language)
    asks(email_of(inger))
    jobs_run()
    letter = mail.outbox[0]
    assert subject is None or letter.subject == subject
    assert "testserver" not in f"{letter.subject} {letter.body}"
    assert letter.from_email == settings.DEFAULT_FROM_EMAIL
    found = re.search(rf"{re.escape(settings.ADDRESS.rstrip('/'))}(/\S+)", str(letter.body))
    assert found is not None
    client = Client()
    page = client.get(found.group(1), follow=True)
    client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert signs_in(client, email_of(inger), NEW).status_code == 302


def test_key_of_a_participant_opens_nothing(amina: Person, inger: User) -> None:
    assert amina.user is not None
    client = Client()
    page = client.get(key_page(amina.user), follow=True)
    assert "password1" not in page.content.decode()
    client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert User.objects.get(pk=amina.user.pk).check_password(PASSWORD)
    assert "password1" in Client().get(key_page(inger), follow=True).content.decode()


def test_password_of_a_participant_answers_like_a_wrong_one(amina: Person) -> None:
    client = Client()
    answers = [signs_in(client, "family@example.org"), signs_in(Client(), "family@example.org", "wrong password")]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert plain(answers[0]) == plain(answers[1])
    assert SESSION_KEY not in client.session


def test_right_passwords_of_participants_are_counted_too(amina: Person) -> None:
    for _ in range(5):
        signs_in(Client(), "family@example.org")
    assert "Too many failed attempts" in signs_in(Client(), "family@example.org").content.decode()


def test_mentor_who_works_here_signs_in_as_staff(inger: User) -> None:
    mentor = make_person("Inger", email=email_of(inger))
    mentor.user = inger
    mentor.save()
    assert signs_in(Client(), email_of(inger)).status_code == 302
    asks(email_of(inger))
    jobs_run()
    assert len(mail.outbox) == 1


def test_her_own_door_takes_her_password(amina: Person) -> None:
    amina.contact_way = ""
    amina.save()
    client = Client()
    client.post(reverse("portal:sign_in_password"), {"address": "family@example.org", "password": PASSWORD})
    assert SESSION_KEY in client.session
    assert sign_in_participant(amina).get(reverse("portal:home")).status_code == 200
