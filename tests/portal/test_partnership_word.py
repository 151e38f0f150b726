"""Writing a quiet word: kept before it is acknowledged, shown nowhere afterwards, and never to the other."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

import pytest
from django.test import Client
from django.urls import reverse

from factories.django_rows import TODAY
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.followup.models import Concern
from mentornet.intake.models import Enrolment
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


@pytest.mark.usefixtures("national_lead")
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


def test_where_nobody_may_read_it_she_is_told_whom_to_call_and_keeps_her_words(
    pair: Partnership, as_participant: AsParticipant, coordinator: Staff
) -> None:
    Enrolment.objects.update(coordinator_id=coordinator.user_id)
    client = as_participant(pair.mentee.person)
    answer = client.post(reverse("portal:word"), WORD | {"about": "coordinator"}, headers={"accept-language": "en"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "we have not kept them" in text
    assert pair.division.phone in text.partition("we have not kept them")[2][:120]
    assert "kanarieword</textarea>" in text
    assert not Concern.objects.exists()


def test_not_even_that_she_has_written_stands_on_its_page(pair: Partnership, as_participant: AsParticipant) -> None:
    """Whoever holds her telephone, and reads the codes that come to it, finds the same page as before."""
    client = as_participant(pair.mentee.person)
    names = [reverse("portal:home"), reverse("portal:word"), reverse("portal:partnership", args=[pair.pk])]

    def seen() -> list[str]:
        return [re.sub(r'value="[^"]{60,}"', "", client.get(name).content.decode()) for name in names]

    before = seen()
    client.post(reverse("portal:word"), WORD)
    Concern.objects.update(state="taken", taken_at=Concern.objects.get().created_at, taken_by="user:1")
    assert seen() == before
    sent = client.get(reverse("portal:word_sent"), headers={"accept-language": "en"}).content.decode()
    assert "You can call us and ask if it has been read." in sent


def test_who_wants_to_end_is_told_truly_who_reads_her_words(pair: Partnership, as_participant: AsParticipant) -> None:
    page = as_participant(pair.mentee.person).get(
        reverse("portal:end", args=[pair.pk]), headers={"accept-language": "en"}
    )
    text = page.content.decode()
    assert "Only your coordinator" not in text
    assert "The coordinators of you both read it, and so does the national lead." in text
