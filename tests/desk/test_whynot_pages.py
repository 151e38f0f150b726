"""Why nobody yet, on the desk: where the question is met, what is shown, and what is never shown."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from factories.django_rows import TODAY, make_enrolment, make_person
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import EndReason
from mentornet.intake.models import Enrolment
from mentornet.intake.services.enrolments import end_enrolment
from mentornet.people.models import Avoidance
from mentornet.programmes.models import Programme
from signing import CountQueries, SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_morning")]

FACTS: dict[str, Any] = {"occupation": "2221", "topics": ("cv",), "meeting": ("in person",)}
TOLD_TIME = "It is hard to find a time that suits you and a mentor."


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


def made(role: str, division: Division, programme: Programme, name: str, **given: Any) -> Enrolment:
    facts = FACTS | {"availability": ("mon-evening",)} | given
    return make_enrolment(role, division, programme=programme, person=make_person(name, "Dahl"), **facts)


@pytest.fixture
def mentee(division: Division, programme: Programme) -> Enrolment:
    return made("mentee", division, programme, "Amina")


def html_of(desk: Client, name: str, key: object) -> str:
    answer = desk.get(reverse(name, args=[key]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_says_why_and_what_would_help(
    desk: Client, mentee: Enrolment, division: Division, programme: Programme
) -> None:
    kirsten = made("mentor", division, programme, "Kirsten", availability=("sun-morning",))
    html = html_of(desk, "desk:why_nobody", mentee.pk)
    assert "The rules allow none of 1 mentor." in html
    assert TOLD_TIME in html
    assert "without it, 1 mentor more would be right for her." in html
    assert "would be free for her: nobody else has her" in html
    assert f"{reverse('desk:match_pair', args=[mentee.pk, kirsten.pk])}?loosen=time" in html
    assert reverse("desk:programme", args=[programme.pk]) in html
    assert "1 of 1" in html


def test_her_own_language_stands_beside_the_readers(
    desk: Client, mentee: Enrolment, division: Division, programme: Programme
) -> None:
    made("mentor", division, programme, "Kirsten", availability=("sun-morning",))
    html = html_of(desk, "desk:why_nobody", mentee.pk)
    assert html.count("<blockquote") == (1 if mentee.person.language == "en" else 2)
    type(mentee.person).objects.filter(pk=mentee.person_id).update(language="ar")
    html = html_of(desk, "desk:why_nobody", mentee.pk)
    assert '<blockquote lang="ar" dir="rtl"' in html


def test_whom_she_must_not_meet_is_neither_named_nor_advised(
    desk: Client, mentee: Enrolment, division: Division, programme: Programme, coordinator: Staff
) -> None:
    apart = made("mentor", division, programme, "Hidden")
    Avoidance.objects.create(
        person=mentee.person, other=apart.person, reason="CANARY", created_at=coordinator.at, created_by=coordinator.key
    )
    html = html_of(desk, "desk:why_nobody", mentee.pk)
    assert "stays in force" in html
    assert "Hidden" not in html
    assert str(apart.pk) not in html
    assert "CANARY" not in html
    idle = html_of(desk, "desk:why_idle", apart.pk)
    assert "Amina" not in idle
    assert str(mentee.pk) not in idle


def test_an_idle_mentor_has_her_page(desk: Client, mentee: Enrolment, division: Division, programme: Programme) -> None:
    kirsten = made("mentor", division, programme, "Kirsten", availability=("sun-morning",))
    html = html_of(desk, "desk:why_idle", kirsten.pk)
    assert "The rules allow none of 1 who waits." in html
    assert "1 woman who waits would be right for her" in html
    assert "Amina Dahl" in html
    assert "suits you and one of the women who wait" in html


def test_a_mentor_whom_the_best_set_gives_somebody_is_to_be_proposed(
    desk: Client, mentee: Enrolment, division: Division, programme: Programme
) -> None:
    kirsten = made("mentor", division, programme, "Kirsten")
    made("mentee", division, programme, "Bahar", availability=("sun-morning",))
    html = html_of(desk, "desk:why_idle", kirsten.pk)
    helps = html.partition('id="why-helps">')[2]
    # What would open more comes after her whom she could have now.
    assert helps.index("Nothing needs to be otherwise: propose her.") < helps.index("without it")
    assert reverse("desk:match_pair", args=[mentee.pk, kirsten.pk]) in helps
    assert "other mentors fit them" not in html


def test_must_haves_are_told_one_by_one(desk: Client, division: Division, programme: Programme) -> None:
    asks = made("mentee", division, programme, "Amina", requires=("language:fr", "online"))
    html = html_of(desk, "desk:why_nobody", asks.pk)
    assert "Must-have by must-have" not in html
    made("mentor", division, programme, "Kirsten", languages={"da": "C2", "fr": "C1"})
    made("mentor", division, programme, "Lone", meeting=("online",))
    made("mentor", division, programme, "Gerda", requires=("language:de",), languages={"da": "C2", "fr": "C1"})
    html = html_of(desk, "desk:why_nobody", asks.pk).partition("Must-have by must-have")[2]
    told = [" ".join(re.sub(r"<[^>]+>", " ", line).split()) for line in re.findall(r"<li>(.*?)</li>", html, re.DOTALL)]
    none = "Without this alone, 0 mentors more would be right for her."
    assert told[:3] == [
        "Meets online : does not hold for 2 of 3. Without this alone, 1 mentor more would be right for her.",
        f"Speaks French : does not hold for 1 of 3. {none}",
        f"What mentors require of her : does not hold for 1 of 3. {none}",
    ]


def test_the_questions_stand_where_they_are_met(
    desk: Client, mentee: Enrolment, division: Division, programme: Programme
) -> None:
    kirsten = made("mentor", division, programme, "Kirsten", availability=("sun-morning",))
    why, idle = reverse("desk:why_nobody", args=[mentee.pk]), reverse("desk:why_idle", args=[kirsten.pk])
    assert why in desk.get(reverse("desk:waiting")).content.decode()
    assert html_of(desk, "desk:match", mentee.pk).count(why) == 2
    assert why in html_of(desk, "desk:person", mentee.person_id)
    assert idle in desk.get(reverse("desk:bank")).content.decode()
    assert idle in html_of(desk, "desk:person", kirsten.person_id)


def test_who_waits_no_longer_is_explained_by_the_match_desk(
    desk: Client, mentee: Enrolment, coordinator: Staff
) -> None:
    end_enrolment(by=coordinator, enrolment=mentee, reason=EndReason.MOVED)
    answer = desk.get(reverse("desk:why_nobody", args=[mentee.pk]))
    assert (answer.status_code, answer["Location"]) == (302, reverse("desk:match", args=[mentee.pk]))


def test_a_mentor_who_has_left_is_compared_with_nobody(
    desk: Client, division: Division, programme: Programme, coordinator: Staff
) -> None:
    gone = made("mentor", division, programme, "Kirsten")
    end_enrolment(by=coordinator, enrolment=gone, reason=EndReason.MOVED)
    assert "She is not compared with those who wait" in html_of(desk, "desk:why_idle", gone.pk)


def test_another_divisions_people_are_not_there(desk: Client, other_division: Division, programme: Programme) -> None:
    theirs = made("mentee", other_division, programme, "Bahar"), made("mentor", other_division, programme, "Lise")
    for name, one in zip(("desk:why_nobody", "desk:why_idle"), theirs, strict=True):
        assert desk.get(reverse(name, args=[one.pk])).status_code == 404
    # Nor in the figures of one's own.
    here = made("mentee", Division.objects.exclude(pk=other_division.pk).first(), programme, "Amina")  # type: ignore[arg-type]
    assert "No mentor takes part in her programme yet." in html_of(desk, "desk:why_nobody", here.pk)


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(
    desk: Client,
    mentee: Enrolment,
    division: Division,
    programme: Programme,
    django_assert_num_queries: CountQueries,
    count: int,
) -> None:
    for number in range(count):
        made("mentor", division, programme, f"Mentor{number}", availability=("sun-morning",), languages={"da": "C1"})
        made("mentor", division, programme, f"French{number}", languages={"fr": "C1"})
        made("mentee", division, programme, f"Woman{number}", enrolment={"since": TODAY - timedelta(days=number)})
    url = reverse("desk:why_nobody", args=[mentee.pk])
    desk.get(url)
    with django_assert_num_queries(10):
        desk.get(url)
    assert "loosen=time" in desk.get(url).content.decode()
