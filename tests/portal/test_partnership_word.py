"""Writing a quiet word: kept before it is acknowledged, shown nowhere afterwards, and never to the other."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pytest
from django.test import Client
from django.urls import reverse

from factories.django_rows import TODAY
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.followup.models import Concern
from mentornet.messaging.models import Letter
from mentornet.partnerships.models import Partnership
from mentornet.programmes.models import Programme
from pages import untranslated
from partnerships.couples import make_couple
from portal.conftest import AsParticipant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]
WORD: Final = {"about": "partner", "words": "kanarieword", "addressee": "coordinator"}


@pytest.fixture
def pair(coordinator: Staff, division: Division, programme: Programme) -> Partnership:
    return make_couple(coordinator, division, programme, matched_on=TODAY - timedelta(days=20))


def test_it_is_kept_and_what_happens_next_is_said(pair: Partnership, as_participant: AsParticipant) -> None:
    client = as_participant(pair.mentee.person)
    letters = Letter.objects.count()
    answer = client.post(reverse("portal:word"), WORD, follow=True, headers={"accept-language": "en"})
    text = answer.content.decode()
    concern = Concern.objects.get()
    assert (concern.words, concern.partnership_id, concern.raised_by_id) == (
        "kanarieword", pair.pk, pair.mentee.person_id,
    )  # fmt: skip
    assert "4 March 2026" in text
    assert answer.redirect_chain[-1][0] == "/my/word/sent/"
    assert Letter.objects.count() == letters


def test_window_and_address_tell_nothing_and_there_is_a_quick_way_out(
    pair: Partnership, as_participant: AsParticipant
) -> None:
    client = as_participant(pair.mentee.person)
    for name in ("word", "word_sent"):
        text = client.get(reverse(f"portal:{name}"), headers={"accept-language": "en"}).content.decode()
        assert "<title>Your page</title>" in text
        assert "data-leave" in text


def test_its_page_shows_nothing_of_it_afterwards(pair: Partnership, as_participant: AsParticipant) -> None:
    mentee, mentor = as_participant(pair.mentee.person), as_participant(pair.mentor.person)
    mentee.post(reverse("portal:word"), WORD)
    hers = [reverse("portal:word"), reverse("portal:word_sent"), reverse("portal:partnership", args=[pair.pk])]
    for client in (mentee, mentor):
        for url in hers:
            assert "kanarieword" not in client.get(url).content.decode()


def test_the_other_sees_the_same_pages_as_before(pair: Partnership, as_participant: AsParticipant) -> None:
    mentee, mentor = as_participant(pair.mentee.person), as_participant(pair.mentor.person)
    names = ("partnership", "meetings", "goals", "introductions", "own_notes")

    def seen() -> list[str]:
        texts = [mentor.get(reverse(f"portal:{name}", args=[pair.pk])).content.decode() for name in names]
        return ["\n".join(line for line in text.splitlines() if "csrf" not in line) for text in texts]

    before = seen()
    mentee.post(reverse("portal:word_here", args=[pair.pk]), WORD)
    assert Concern.objects.count() == 1
    assert seen() == before


def test_about_the_coordinator_it_goes_past_the_office(pair: Partnership, as_participant: AsParticipant) -> None:
    as_participant(pair.mentor.person).post(reverse("portal:word"), WORD | {"about": "coordinator"})
    assert Concern.objects.get().addressee == "national_lead"


def test_what_is_missing_is_said_and_what_was_typed_stays(pair: Partnership, as_participant: AsParticipant) -> None:
    client = as_participant(pair.mentee.person)
    answer = client.post(
        reverse("portal:word"), {"words": "kanarieword", "wants_call": "on"}, headers={"accept-language": "en"}
    )
    text = answer.content.decode()
    assert "Choose what fits best." in text
    assert "Write when and how we can call you safely." in text
    assert "kanarieword" in text
    assert not Concern.objects.exists()


def test_nobody_writes_in_anothers_name(
    pair: Partnership, coordinator: Staff, division: Division, programme: Programme, as_participant: AsParticipant
) -> None:
    other = make_couple(coordinator, division, programme, names=("Zahra", "Else"))
    stranger = as_participant(other.mentee.person)
    assert stranger.post(reverse("portal:word_here", args=[pair.pk]), WORD).status_code == 404
    assert Client().post(reverse("portal:word"), WORD).status_code in {302, 403}
    assert not Concern.objects.exists()


def test_everything_is_translated(pair: Partnership, as_participant: AsParticipant) -> None:
    client = as_participant(pair.mentee.person)
    for name in ("word", "word_sent", "calendar"):
        text = client.get(reverse(f"portal:{name}"), headers={"accept-language": "xb"}).content.decode()
        assert untranslated(text) == []
