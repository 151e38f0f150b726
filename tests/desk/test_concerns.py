"""Quiet words on the desk: there for whoever they are for, and nowhere for all others."""

from __future__ import annotations

from typing import Final

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from conftest import MakeStaff
from factories.django_rows import user_of
from mentornet.audit.models import Entry
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.followup import services
from mentornet.followup.models import Concern
from mentornet.intake.models import Enrolment
from mentornet.partnerships.models import Partnership
from mentornet.people.models import Person
from mentornet.programmes.models import Programme
from pages import untranslated
from partnerships.couples import make_couple
from partnerships.sides import acting
from signing import SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]
WORDS: Final = "kanarieconcern"
ACTS: Final = ("concern_take", "concern_note", "concern_resolve", "concern_back", "concern_close")


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    couple = make_couple(coordinator, division, programme)
    Enrolment.objects.filter(pk__in=[couple.mentee_id, couple.mentor_id]).update(coordinator_id=coordinator.user_id)
    return Partnership.objects.select_related("mentee__person", "mentor__person", "division").get(pk=couple.pk)


def raised(pair: Partnership, about: str = "partner", words: str = WORDS) -> Concern:
    return services.raise_concern(
        by=acting(pair, "mentee"), partnership=pair, about=about, words=words, wants_call=True, call_words="before noon"
    )


def page_of(desk: Client, concern: Concern) -> str:
    address = reverse("desk:concern", args=[concern.pk])
    closed = desk.get(address)
    assert closed.status_code == 200
    # Only opened, it shows nothing in confidence; asked for, it does, on the record.
    assert WORDS not in closed.content.decode()
    return desk.post(address).content.decode()


def pages_around(pair: Partnership) -> list[str]:
    """Return the pages of the case, on which somebody might stumble over it."""
    return [
        reverse("desk:today"),
        reverse("desk:today") + "?whose=all",
        reverse("desk:concerns"),
        reverse("desk:letters"),
        reverse("desk:partnerships"),
        reverse("desk:partnership", args=[pair.pk]),
        reverse("desk:person", args=[pair.mentee.person_id]),
        reverse("desk:person", args=[pair.mentor.person_id]),
    ]


def test_it_stands_on_today_without_name_or_words_and_opens(
    pair: Partnership, client: Client, sign_in: SignIn, coordinator: Staff
) -> None:
    concern = raised(pair)
    desk = sign_in(client, coordinator)
    today = desk.get(reverse("desk:today")).content.decode()
    assert reverse("desk:concern", args=[concern.pk]) in today
    assert WORDS not in today
    assert "Yusuf" not in today.split("section-concerns")[1].split("</section>")[0]
    opened = page_of(desk, concern)
    assert WORDS in opened
    assert "before noon" in opened
    assert Entry.objects.filter(act="followup.read", actor=coordinator.key).count() == 1


@pytest.mark.usefixtures("national_lead")
def test_whom_it_is_about_finds_nothing_anywhere(
    pair: Partnership, client: Client, sign_in: SignIn, coordinator: Staff
) -> None:
    """Byte by byte the same pages as without it: neither a word, nor a count, nor an address."""
    desk = sign_in(client, coordinator)

    def seen() -> list[str]:
        texts = [desk.get(url).content.decode() for url in pages_around(pair)]
        return [_without_tokens(text) for text in texts]

    before = seen()
    concern = raised(pair, about="coordinator")
    assert seen() == before
    assert desk.get(reverse("desk:concern", args=[concern.pk])).status_code == 404
    for name in ACTS:
        assert desk.post(reverse(f"desk:{name}", args=[concern.pk]), {"text": "x", "outcome": "x"}).status_code == 404
    # The control: one that is for her changes what she sees.
    raised(pair, words="kanarieother")
    assert seen() != before


def _without_tokens(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if "csrfmiddlewaretoken" not in line)


def test_national_lead_who_is_the_mentor_finds_nothing(
    pair: Partnership, client: Client, sign_in: SignIn, national_lead: Staff
) -> None:
    Person.objects.filter(pk=pair.mentor.person_id).update(user=user_of(national_lead))
    pair = Partnership.objects.select_related("mentee__person", "mentor__person", "division").get(pk=pair.pk)
    concern = raised(pair)
    desk = sign_in(client, national_lead)
    assert desk.get(reverse("desk:concern", args=[concern.pk])).status_code == 404
    for url in pages_around(pair):
        assert str(concern.pk) not in desk.get(url).content.decode()


def test_words_stand_on_no_other_page(pair: Partnership, client: Client, sign_in: SignIn, coordinator: Staff) -> None:
    raised(pair)
    desk = sign_in(client, coordinator)
    for url in pages_around(pair):
        assert WORDS not in desk.get(url).content.decode(), url


def test_from_taking_to_the_second_reader(
    pair: Partnership, sign_in: SignIn, coordinator: Staff, division_lead: Staff
) -> None:
    concern = raised(pair)
    desk, second = sign_in(Client(), coordinator), sign_in(Client(), division_lead)

    def act(client: Client, name: str, **data: str) -> str:
        return client.post(reverse(f"desk:{name}", args=[concern.pk]), data, follow=True).content.decode()

    assert "It is yours." in act(desk, "concern_take")
    assert "Noted." in act(desk, "concern_note", text="Called her. She is well.")
    assert "required" in act(desk, "concern_resolve", outcome="")
    assert "waits for a second reader" in act(desk, "concern_resolve", outcome="They have talked, and she is content.")
    assert "second reader closes it" in act(desk, "concern_close")
    assert "It was enough: close it" in page_of(second, concern)
    assert "Given back" in act(second, "concern_back", text="Has she been called again?")
    act(desk, "concern_resolve", outcome="Called again: she is content.")
    assert "Closed." in act(second, "concern_close")
    concern.refresh_from_db()
    assert (concern.state, concern.closed_by) == ("closed", division_lead.key)
    assert "Closed by a second reader" in page_of(desk, concern)
    assert reverse("desk:concern", args=[concern.pk]) not in desk.get(reverse("desk:today")).content.decode()


def test_note_keeps_what_was_typed_when_it_is_too_long(
    pair: Partnership, client: Client, sign_in: SignIn, coordinator: Staff
) -> None:
    concern = raised(pair)
    desk = sign_in(client, coordinator)
    answer = desk.post(reverse("desk:concern_note", args=[concern.pk]), {"text": "y" * 5_001})
    assert "y" * 5_001 in answer.content.decode()


def test_other_offices_find_nothing(
    pair: Partnership, client: Client, sign_in: SignIn, other_coordinator: Staff, make_staff: MakeStaff,
    division: Division,
) -> None:  # fmt: skip
    concern = raised(pair)
    for staff in (other_coordinator, make_staff(Role.COORDINATOR, division)):
        desk = sign_in(Client(), staff)
        assert desk.get(reverse("desk:concern", args=[concern.pk])).status_code == 404
        assert str(concern.pk) not in desk.get(reverse("desk:concerns")).content.decode()


def test_nothing_is_left_untranslated(pair: Partnership, client: Client, sign_in: SignIn, coordinator: Staff) -> None:
    concern = raised(pair)
    desk = sign_in(client, coordinator)
    for url in (reverse("desk:concerns"), reverse("desk:concern", args=[concern.pk])):
        assert untranslated(desk.get(url, headers={"accept-language": "xb"}).content.decode()) == []
    opened = desk.post(reverse("desk:concern", args=[concern.pk]), headers={"accept-language": "xb"})
    assert untranslated(opened.content.decode()) == []


def test_queries_do_not_grow_with_rows(
    pair: Partnership,
    client: Client,
    sign_in: SignIn,
    coordinator: Staff,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    desk, url = sign_in(client, coordinator), reverse("desk:concerns")
    raised(pair)
    desk.get(url)
    with django_assert_max_num_queries(20) as one:
        desk.get(url)
    for number in range(3):
        raised(pair, words=f"Word {number}")
    with django_assert_max_num_queries(len(one.captured_queries)):
        desk.get(url)
