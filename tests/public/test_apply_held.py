"""Which browser holds an application that is being written: hers, and nobody's who follows."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from factories.django_rows import make_application, make_person
from mentornet.accounts.enums import Purpose
from mentornet.accounts.models import PersonalLink
from mentornet.accounts.services.links import make_link
from mentornet.common.actors import System
from mentornet.intake.models import ApplicationDraft
from mentornet.people.recipients import person_key
from mentornet.web.links import keep_only_hers
from mentornet.web.public.apply import held
from mentornet.web.sessions import DRAFTS
from public.conftest import Place
from public.walking import CONTACT, Walk, the_draft

pytestmark = pytest.mark.django_db
ELSEWHERE = CONTACT | {"email": "wrong@stranger.example"}


def begun(place: Place, **contact: str) -> Walk:
    hers = Walk(Client())
    hers.begin()
    hers.answer("place", division=str(place.odense.pk))
    hers.answer("name", first_name="Amina", last_name="Noor")
    hers.answer("contact", **(contact or CONTACT))
    return hers


def by_link(hers: Walk) -> Walk:
    """Return a browser that has opened the link to what she writes."""
    token = make_link(by=System("tests", hers.at), purpose=Purpose.DRAFT, subject=str(the_draft().pk))
    other = Walk(Client(), at=hers.at)
    with time_machine.travel(hers.at, tick=False):
        other.client.get(f"/l/{token}/", follow=True)
    return other


def reads(walk: Walk, step: str = "name", words: str = "Noor") -> bool:
    return words in walk.get(walk.url("apply_step", step=step)).content.decode()


def test_stranger_who_opened_the_link_reads_nothing_after_she_corrects_her_address(place: Place) -> None:
    hers = begun(place, **ELSEWHERE)
    stranger = by_link(hers)
    assert reads(stranger)
    hers.answer("contact", **CONTACT)
    assert PersonalLink.objects.get().closed_at is not None
    assert not reads(stranger)
    stranger.answer("name", first_name="Somebody", last_name="Else")
    assert the_draft().first_name == "Amina"
    # She herself goes on, and so does a link that goes to her.
    assert reads(hers)
    assert reads(by_link(hers))


def test_closed_link_lets_nobody_on_even_to_the_same_address(place: Place) -> None:
    hers = begun(place)
    other = by_link(hers)
    PersonalLink.objects.update(closed_at=hers.at)
    assert not reads(other)
    assert reads(hers)


def test_without_the_mark_the_stranger_reads_on(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    # The control of the first test.
    monkeypatch.setattr(held, "_mark", lambda _draft: "")
    monkeypatch.setattr(held, "link_still_open", lambda *_given: True)
    hers = begun(place, **ELSEWHERE)
    stranger = by_link(hers)
    hers.answer("contact", **CONTACT)
    assert reads(stranger)


def test_she_goes_on_where_she_came_by_link_and_writes_another_address(place: Place) -> None:
    other = by_link(begun(place, **ELSEWHERE))
    other.answer("contact", **CONTACT)
    assert reads(other)
    assert the_draft().email == CONTACT["email"]


@pytest.mark.parametrize(("hours", "is_open"), [(1.9, True), (2.1, False)])
def test_it_lies_open_for_two_hours_unused(place: Place, hours: float, *, is_open: bool) -> None:
    hers = begun(place)
    hers.at += timedelta(hours=hours)
    assert reads(hers, "contact", "61 23 45 67") is is_open


def test_it_is_not_there_for_the_next_woman_who_opens_her_link(place: Place) -> None:
    hers = begun(place)
    bodil = make_person("Bodil", email="bodil@example.org")
    application = make_application("mentee", person=bodil)
    with time_machine.travel(hers.at, tick=False):
        token = make_link(
            by=System("tests", hers.at),
            purpose=Purpose.STATUS,
            subject=str(application.pk),
            person_key=person_key(bodil.pk),
        )
        hers.client.get(f"/l/{token}/", follow=True)
    assert not reads(hers, "contact", "61 23 45 67")


def test_it_is_not_there_for_the_next_woman_who_signs_in(place: Place) -> None:
    hers = begun(place)
    request = hers.get(hers.url("apply")).wsgi_request  # type: ignore[attr-defined]
    assert DRAFTS in request.session
    keep_only_hers(request, make_person("Bodil", email="bodil@example.org"))
    assert DRAFTS not in request.session


def test_it_stays_when_she_opens_another_link_of_her_own(place: Place) -> None:
    amina = make_person("Amina", email="amina@example.org")
    application = make_application("mentee", person=amina)
    hers = Walk(Client())
    key = person_key(amina.pk)
    tokens = [
        make_link(by=System("tests", hers.at), purpose=Purpose.STATUS, subject=str(application.pk), person_key=key)
        for _ in range(2)
    ]
    with time_machine.travel(hers.at, tick=False):
        hers.client.get(f"/l/{tokens[0]}/")
    hers.begin()
    with time_machine.travel(hers.at, tick=False):
        assert DRAFTS in hers.client.session
        hers.client.get(f"/l/{tokens[1]}/")
        assert DRAFTS in hers.client.session
    assert ApplicationDraft.objects.count() == 1
