"""The shortage map as the desk shows it: profiles, fields, texts; and nothing of anybody who waits."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from factories.django_rows import make_division, make_enrolment, make_person, make_programme, make_staff
from mentornet.common import jobs
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching.bank import forget
from mentornet.matching.models import ShortageMap
from mentornet.people.enums import Role as Part
from mentornet.programmes.models import Programme
from pages import untranslated
from signing import CountQueries, SignIn

pytestmark = pytest.mark.django_db

PAGE = "/desk/shortage-map/"
EXPECTED_QUERIES = 9


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    forget()


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


def html(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def profile(number: int = 1, **changes: Any) -> dict[str, Any]:
    usual = {
        "occupation": "22", "language": "ar", "online": False, "time": "evenings", "number": number, "points": 61,
        "mentees": 4, "wanted": 3 * number,
    }  # fmt: skip
    return usual | changes


def keep(division: Division, programme: Programme, *profiles: dict[str, Any], **content: Any) -> ShortageMap:
    now = timezone.now()
    cells: list[dict[str, Any]] = [
        {"field": str(field), "mentees": None, "wanted": None, "points": None} for field in range(10)
    ]
    cells[2] = {"field": "2", "mentees": 7, "wanted": 3, "points": 61}
    cells[5] = {"field": "5", "mentees": 4, "wanted": 0, "points": 8}
    cells[9] = {"field": "9", "mentees": 3, "wanted": 0, "points": 0}
    usual = {
        "waiting": 12, "matched": 8, "left": 4, "mentors": 9, "profiles": list(profiles), "cells": cells,
        "plan": [profile(), profile(number=0, points=8)],
    }  # fmt: skip
    return ShortageMap.objects.create(
        division=division, programme=programme, created_at=now, asked_by="system:x", state="done", computed_at=now,
        content=usual | content,
    )  # fmt: skip


def wait(division: Division, programme: Programme, count: int) -> None:
    for _ in range(count):
        make_enrolment(
            Part.MENTEE, division, programme=programme, person=make_person("Zohra"), occupation="2221",
            languages={"da": "B1", "ar": "C2"}, meeting=("in person",), availability=("mon-evening",),
        )  # fmt: skip


def test_where_nobody_waits_nobody_is_missing(desk: Client) -> None:
    page = html(desk, PAGE)
    assert "Nobody waits" in page
    assert "Compute anew" not in page


def test_profiles_stand_in_order_with_what_they_would_bring(
    desk: Client, division: Division, programme: Programme
) -> None:
    keep(division, programme, profile(number=0, points=12, occupation="53", language="", time="any"), profile())
    page = html(desk, PAGE)
    assert page.index("Health professionals") < page.index("Personal care workers")
    assert "1 more is matched" in page
    assert "nobody more is matched, but pairs fit better by 12 points" in page
    assert "Such mentors wanted: 3." in page
    assert "Share it of those who wait: 4." in page
    assert "12 mentees wait. With the mentors there are, 4 would be left over, however they were paired." in page
    assert 'speaks <span lang="en">Arabic</span> beside Danish' in page
    assert "has time on weekday evenings" in page


def test_boxes_say_in_words_what_their_shade_says(desk: Client, division: Division, programme: Programme) -> None:
    keep(division, programme, profile())
    page = html(desk, PAGE)
    assert '<span class="shortage-box shortage-4">3</span>' in page
    assert '<span class="shortage-box shortage-1">fit +8</span>' in page
    assert '<span class="shortage-box shortage-0">0</span>' in page
    assert page.count('<span class="shortage-box shortage-0 unknown">too few</span>') == 7


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"waiting": None, "left": None}, "Too few wait to tell."),
        ({"waiting": 0, "left": 0}, "Nobody waits."),
        ({"waiting": 5, "left": None}, "a few at most would be left over"),
        ({"waiting": 5, "left": 0}, "each of them could have one"),
    ],
)
def test_small_counts_are_said_without_a_number(
    desk: Client, division: Division, programme: Programme, content: dict[str, Any], words: str
) -> None:
    keep(division, programme, **content)
    assert words in html(desk, PAGE)


def test_map_of_another_list_says_so(desk: Client, division: Division, programme: Programme) -> None:
    wait(division, programme, 4)
    one = keep(division, programme, profile(), waiting=4)
    said = "Since then the waiting list has changed"
    assert said not in html(desk, PAGE)
    wait(division, programme, 1)
    assert said in html(desk, PAGE)
    # Of so few that none is told, none is told here either.
    for few in (0, 1):
        Enrolment.objects.filter(pk__in=list(Enrolment.objects.values_list("pk", flat=True)[few + 1 :])).update(
            active=1
        )
        ShortageMap.objects.filter(pk=one.pk).update(content=one.content | {"waiting": None})
        assert said not in html(desk, PAGE)


def test_where_no_three_have_anything_in_common_the_empty_list_is_explained(
    desk: Client, division: Division, programme: Programme
) -> None:
    keep(division, programme, left=3)
    assert "No line of the list is about them: no three of them have in common what would help." in html(desk, PAGE)
    ShortageMap.objects.all().delete()
    keep(division, programme, profile(), left=3)
    assert "No line of the list is about them" not in html(desk, PAGE)


def test_nothing_of_another_division_stands_there(desk: Client, division: Division, programme: Programme) -> None:
    far = keep(make_division("Faraway"), programme, profile(mentees=77))
    keep(division, programme, profile())
    page = html(desk, PAGE)
    assert "Faraway" not in page
    assert "Share it of those who wait: 77." not in page
    assert desk.get(reverse("desk:shortage_text", args=[far.pk])).status_code == 404
    assert "Faraway" not in desk.get(f"{reverse('desk:shortage_table')}?programme={programme.pk}").content.decode()


def test_national_lead_sees_the_divisions_side_by_side(
    client: Client, sign_in: SignIn, division: Division, programme: Programme
) -> None:
    sign_in(client, make_staff(Role.NATIONAL_LEAD))
    keep(division, programme, profile(number=0, points=3))
    keep(make_division("Faraway"), programme, profile(occupation="5"))
    page = html(client, PAGE)
    # The best of all divisions first.
    assert page.index("Service and sales workers") < page.index("Health professionals")
    assert page.count("shortage-division") == 2


def test_many_profiles_are_shown_in_part(desk: Client, division: Division, programme: Programme) -> None:
    keep(division, programme, *[profile(points=number) for number in range(25)])
    page = html(desk, PAGE)
    assert page.count("shortage-row") == 20
    assert "Show 5 more" in page
    assert html(desk, f"{PAGE}?programme={programme.pk}&what=all").count("shortage-row") == 25


def test_programme_in_which_most_wait_stands_first(desk: Client, division: Division, programme: Programme) -> None:
    other = make_programme("Another one")
    keep(division, programme, profile(), waiting=3)
    keep(division, other, profile(occupation="5"), waiting=30)
    assert "Service and sales workers" in html(desk, PAGE)
    page = html(desk, f"{PAGE}?programme={programme.pk}")
    assert "Health professionals" in page
    assert f'href="{PAGE}?programme={other.pk}"' in page


def test_queries_do_not_grow(
    desk: Client, division: Division, programme: Programme, django_assert_num_queries: CountQueries
) -> None:
    keep(division, programme, profile())
    html(desk, PAGE)
    with django_assert_num_queries(EXPECTED_QUERIES):
        html(desk, PAGE)
    keep(division, make_programme("Another one"), profile(), profile(), waiting=1)
    keep(division, make_programme("A third one"), profile(), profile(), profile(), waiting=1)
    with django_assert_num_queries(EXPECTED_QUERIES):
        html(desk, PAGE)


# Computing it anew ----------------------------------------------------------------------------------------------------


def test_it_is_asked_for_and_computed_in_the_background(desk: Client, division: Division, programme: Programme) -> None:
    wait(division, programme, 3)
    page = html(desk, PAGE)
    assert "Nothing has been computed yet" in page
    answer = desk.post(reverse("desk:shortage_compute"), {"programme": programme.pk}, follow=True)
    page = answer.content.decode()
    progress = f"{reverse('desk:shortage_progress')}?programme={programme.pk}"
    assert f'hx-get="{progress}"' in page
    assert "It begins in a moment." in page
    ShortageMap.objects.update(in_all=30, read=12, heartbeat_at=timezone.now())
    assert "12 of 30 done." in desk.get(progress, headers={"HX-Request": "true"}).content.decode()
    assert desk.get(progress)["Location"] == f"{PAGE}?programme={programme.pk}"
    while jobs.run_ready_job("here", timezone.now()):
        pass
    assert desk.get(progress, headers={"HX-Request": "true"})["HX-Redirect"] == f"{PAGE}?programme={programme.pk}"
    page = html(desk, PAGE)
    assert "Computed. The map is that of today." in page
    assert "Health professionals" in page
    # Who waits stands nowhere.
    assert "Zohra" not in page


def test_what_has_stopped_is_said_and_begun_anew(desk: Client, division: Division, programme: Programme) -> None:
    wait(division, programme, 1)
    desk.post(reverse("desk:shortage_compute"), {"programme": programme.pk})
    ShortageMap.objects.update(heartbeat_at=timezone.now() - timedelta(hours=1))
    assert "The work has stopped" in html(desk, PAGE)
    desk.post(reverse("desk:shortage_compute"), {"programme": programme.pk})
    assert ShortageMap.objects.get().attempt == 2


def test_only_ones_own_divisions_are_computed(desk: Client, division: Division, programme: Programme) -> None:
    wait(division, programme, 1)
    wait(make_division("Faraway"), programme, 1)
    desk.post(reverse("desk:shortage_compute"), {"programme": programme.pk})
    assert ShortageMap.objects.get().division_id == division.pk
    desk.post(reverse("desk:shortage_compute"), {"programme": "nonsense"})
    assert ShortageMap.objects.count() == 1


# A search begins from a profile ---------------------------------------------------------------------------------------


def searches_of(page: str) -> list[str]:
    """Return where the searches of a page begin, in its order."""
    return [unescape(found) for found in re.findall(r'href="([^"]+/searches/new/[^"]+)"', page)]


def ticked(page: str, field: str) -> list[str]:
    return re.findall(rf'name="{field}" value="([^"]+)"[^>]*checked', page)


@pytest.mark.parametrize(
    ("time", "slots"),
    [
        ("any", []),
        ("evenings", [f"{day}-evening" for day in ("mon", "tue", "wed", "thu", "fri")]),
        ("weekends", [f"{day}-{part}" for day in ("sat", "sun") for part in ("morning", "afternoon", "evening")]),
    ],
)
def test_time_of_a_profile_is_ticked_in_the_search(
    desk: Client, division: Division, programme: Programme, time: str, slots: list[str]
) -> None:
    keep(division, programme, profile(time=time))
    (address,) = searches_of(html(desk, PAGE))
    form = html(desk, address)
    assert ticked(form, "times") == slots
    assert 'value="22" selected' in form
    assert 'value="ar" selected' in form


def test_profiles_that_differ_in_the_way_of_meeting_begin_other_searches(
    desk: Client, division: Division, programme: Programme
) -> None:
    keep(division, programme, profile(), profile(points=60, online=True))
    here, online = searches_of(html(desk, PAGE))
    assert here != online
    assert ticked(html(desk, here), "meeting") == ["in person"]
    assert ticked(html(desk, online), "meeting") == ["online"]


# A file, and a text ready to send -------------------------------------------------------------------------------------


def test_the_same_as_a_file(desk: Client, division: Division, programme: Programme) -> None:
    keep(division, programme, profile(), profile(number=0, points=7, wanted=0, online=True))
    answer = desk.get(f"{reverse('desk:shortage_table')}?programme={programme.pk}")
    assert answer["Content-Disposition"].startswith("attachment")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[0][:3] == ["place", "division", "field of work"]
    besides = "speaks Arabic beside Danish, has time on weekday evenings"
    assert lines[1:] == [
        ["1", division.name, "Health professionals", besides, "1", "61", "3", "4"],
        ["2", division.name, "Health professionals", f"{besides}, meets online", "0", "7", "0", "4"],
    ]
    assert len(list(csv.reader(io.StringIO(desk.get(reverse("desk:shortage_table")).content.decode())))) == 1


def test_text_tells_of_the_mentor_and_of_nobody_who_waits(
    desk: Client, division: Division, programme: Programme
) -> None:
    one = keep(division, programme, profile(mentees=4, points=61))
    page = html(desk, reverse("desk:shortage_text", args=[one.pk]))
    assert "You know this field of work: Health professionals." in page
    assert "You speak Arabic beside Danish." in page
    assert f"You live or work near {division.name}." in page
    assert "You have time on weekday evenings." in page
    assert "/en/mentor/" in page
    assert page.count("data-copy=") == len(settings.LANGUAGES)
    assert 'dir="rtl"' in page
    text = page.partition("shortage-texts")[2]
    assert "61" not in text
    assert "wait" not in text.partition("</main>")[0].casefold()


def test_text_of_whoever_meets_online_names_no_place(desk: Client, division: Division, programme: Programme) -> None:
    one = keep(division, programme, profile(online=True, occupation="", language="", time="any"))
    page = html(desk, reverse("desk:shortage_text", args=[one.pk]))
    assert "You can meet online, from wherever you live." in page
    assert "You live or work near" not in page
    assert "You know this field" not in page


@pytest.mark.parametrize("place", ["0", "2", "99", "-1", "x", "", "1111"])
def test_text_of_no_profile_is_not_found(desk: Client, division: Division, programme: Programme, place: str) -> None:
    one = keep(division, programme, profile())
    address = reverse("desk:shortage_text", args=[one.pk])
    assert desk.get(address, {"what": "1"}).status_code == 200
    assert desk.get(address, {"what": place}).status_code == 404


def test_nothing_of_it_is_left_untranslated(desk: Client, division: Division, programme: Programme) -> None:
    desk.cookies["django_language"] = "xb"
    assert untranslated(html(desk, PAGE)) == []
    wait(division, programme, 1)
    assert untranslated(html(desk, PAGE)) == []
    one = keep(division, programme, profile(), profile(number=0, points=1, online=True, occupation=""))
    assert untranslated(html(desk, PAGE)) == []
    desk.post(reverse("desk:shortage_compute"), {"programme": programme.pk})
    assert untranslated(html(desk, PAGE)) == []
    ShortageMap.objects.filter(state="at_work").update(created_at=timezone.now() - timedelta(days=1))
    assert untranslated(html(desk, PAGE)) == []
    assert untranslated(html(desk, reverse("desk:shortage_text", args=[one.pk]))) == []


def test_bank_leads_to_the_map(desk: Client) -> None:
    assert f'href="{PAGE}"' in html(desk, reverse("desk:bank"))
