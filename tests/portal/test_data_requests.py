"""What she asks about her data on her own pages: sent, followed, taken back; what she says no to; who else was told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from factories.django_rows import AT, TODAY, make_enrolment, make_person, saved
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.people.enums import ObjectionPurpose
from mentornet.people.models import Objection, Person
from mentornet.privacy.enums import Outcome
from mentornet.privacy.models import Disclosure, Request
from mentornet.privacy.services.requesting import close_request, extend_request
from mentornet.privacy.services.restricting import restrict_data
from portal.conftest import AsParticipant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]


@pytest.fixture
def person(division: Division) -> Person:
    return make_enrolment("mentee", division).person


@pytest.mark.parametrize("kind", ["access", "correction", "restriction", "erasure"])
def test_she_asks_and_sees_by_when_she_hears(as_participant: AsParticipant, person: Person, kind: str) -> None:
    client = as_participant(person)
    page = reverse("portal:data_ask", args=[kind])
    assert page in client.get(reverse("portal:data")).content.decode()
    assert "within 30 days" in client.get(page).content.decode()
    for _ in range(2):
        assert client.post(page, {"words": "My year of birth is wrong."}).status_code == 302
    request = Request.objects.get()
    assert (request.kind, request.words) == (kind, "My year of birth is wrong.")
    text = client.get(reverse("portal:data_request", args=[request.pk])).content.decode()
    assert "You hear from us by" in text
    assert reverse("portal:data_request", args=[request.pk]) in client.get(reverse("portal:data")).content.decode()


def test_a_correction_needs_words_and_an_unknown_right_is_not_there(
    as_participant: AsParticipant, person: Person
) -> None:
    client = as_participant(person)
    assert client.post(reverse("portal:data_ask", args=["correction"]), {"words": ""}).status_code == 200
    assert client.get(reverse("portal:data_ask", args=["objection"])).status_code == 404
    assert not Request.objects.exists()


def test_she_takes_it_back_once(as_participant: AsParticipant, person: Person) -> None:
    client = as_participant(person)
    client.post(reverse("portal:data_ask", args=["erasure"]), {"words": ""})
    request = Request.objects.get()
    for _ in range(2):
        assert client.post(reverse("portal:data_request_back", args=[request.pk])).status_code == 302
    request.refresh_from_db()
    assert request.outcome == Outcome.TAKEN_BACK
    assert "You took it back" in client.get(reverse("portal:data_request", args=[request.pk])).content.decode()


def test_nobody_else_sees_or_takes_back_hers(as_participant: AsParticipant, person: Person, division: Division) -> None:
    as_participant(person).post(reverse("portal:data_ask", args=["erasure"]), {"words": ""})
    request = Request.objects.get()
    other = as_participant(make_enrolment("mentor", division).person)
    assert other.get(reverse("portal:data_request", args=[request.pk])).status_code == 404
    assert other.post(reverse("portal:data_request_back", args=[request.pk])).status_code == 404


def test_she_reads_why_it_takes_longer_the_answer_and_where_to_complain(
    as_participant: AsParticipant, person: Person, coordinator: Staff
) -> None:
    client = as_participant(person)
    client.post(reverse("portal:data_ask", args=["access"]), {"words": ""})
    request = Request.objects.get()
    until = request.due_on + timedelta(days=20)
    extend_request(by=coordinator, request=request, until=until, reason="There are many letters.")
    page = reverse("portal:data_request", args=[request.pk])
    assert "There are many letters." in client.get(page).content.decode()
    close_request(by=coordinator, request=request, outcome=Outcome.REFUSED, answer="It is not ours.")
    text = client.get(page).content.decode()
    for words in ("We said no", "It is not ours.", "Datatilsynet"):
        assert words in text
    assert reverse("portal:data_request_back", args=[request.pk]) not in text


def test_she_is_told_that_her_data_rest(as_participant: AsParticipant, person: Person, coordinator: Staff) -> None:
    client = as_participant(person)
    assert "Your data rest since" not in client.get(reverse("portal:data")).content.decode()
    restrict_data(by=coordinator, person=person, reason="She doubts it.")
    assert "Your data rest since" in client.get(reverse("portal:data")).content.decode()


def test_she_says_no_and_yes_again_and_an_old_page_turns_nothing_round(
    as_participant: AsParticipant, person: Person
) -> None:
    client, page = as_participant(person), reverse("portal:data_uses")
    for _ in range(2):
        assert client.post(page, {"purpose": ObjectionPurpose.RANKING, "say": "no"}).status_code == 302
    assert Objection.objects.filter(ended_at__isnull=True).count() == 1
    assert "You say no" in client.get(page).content.decode()
    for _ in range(2):
        client.post(page, {"purpose": ObjectionPurpose.RANKING, "say": "yes"})
    client.post(page, {"purpose": "all of it", "say": "no"})
    assert not Objection.objects.filter(ended_at__isnull=True).exists()


def test_she_reads_who_else_was_told_and_not_what_is_held_back(
    as_participant: AsParticipant, person: Person, division: Division
) -> None:
    facts = {"division": division, "told_on": TODAY, "reason": "An order.", "ground": "law", "created_at": AT}
    facts |= {"written_by": "x", "author_name": "Inger Holm"}
    saved(Disclosure(person=person, told_to="A court", told="Her hours.", **facts))
    held = {"held_back_reason": "Police.", "review_on": TODAY + timedelta(days=9)}
    hidden = saved(Disclosure(person=person, told_to="The police", told="A canary.", **facts, **held))
    saved(Disclosure(person=make_person("Bodil"), told_to="A doctor", told="Another one.", **facts))
    client = as_participant(person)
    text = client.get(reverse("portal:data_told")).content.decode()
    assert "Her hours." in text
    for words in ("A canary.", "Another one.", "A doctor", "Inger Holm"):
        assert words not in text
    # Negative control: the same look finds it once it is let go.
    Disclosure.objects.filter(pk=hidden.pk).update(held_back_reason="", review_on=None)
    assert "A canary." in client.get(reverse("portal:data_told")).content.decode()
