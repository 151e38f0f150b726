"""The mentor bank as a page: rows, filters that count, searches that are kept."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from matching.loans import ask, make_two

from days import TODAY
from factories.django_rows import make_enrolment, make_person, make_programme
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment, SavedSearch
from mentornet.matching.services import release_loan
from mentornet.people.enums import Role
from mentornet.programmes.models import Programme
from pages import untranslated
from signing import SignIn

pytestmark = pytest.mark.django_db

FRAGMENT = {"hx-request": "true", "hx-target": "bank-found"}


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


@pytest.fixture
def url() -> str:
    return reverse("desk:bank")


def _mentor(division: Division, programme: Programme, first_name: str = "Birthe", **more: Any) -> Enrolment:
    enrolment = {"since": TODAY - timedelta(days=143)} | more.pop("enrolment", {})
    return make_enrolment(
        Role.MENTOR,
        division,
        person=make_person(first_name, more.pop("last_name", "")),
        programme=programme,
        enrolment=enrolment,
        **{"languages": {"da": "C2", "ar": "B2"}} | more,
    )


@pytest.fixture
def mentors(division: Division, programme: Programme) -> list[Enrolment]:
    """Six mentors who differ in everything that can be asked."""
    other = make_programme("Second programme")
    day = timedelta(days=1)
    return [
        _mentor(division, programme, "Anna", last_name="Holm", occupation="2221", occupation_title="Sygeplejerske",
                topics=("cv", "network"), availability=("mon-evening", "sat-morning"), meeting=("in person",)),
        _mentor(division, programme, "Åse", occupation="2512", topics=("danish",), meeting=("online", "in person"),
                languages={"da": "C1"}, enrolment={"capacity": 2, "since": TODAY - 31 * day}),
        _mentor(division, other, "Dorte", availability=("fri-afternoon",), languages={"en": "A2", "so": ""},
                enrolment={"capacity": 4, "active": 1, "since": None}),
        _mentor(division, programme, "Rikke", enrolment={"resting_until": TODAY + 40 * day}),
        _mentor(division, programme, "Fie", enrolment={"active": 1}),
        _mentor(division, other, "Nina", enrolment={"briefed_on": None}),
    ]  # fmt: skip


def test_rows_say_what_a_coordinator_asks(desk: Client, url: str, mentors: list[Enrolment]) -> None:
    page = desk.get(url)
    html = page.content.decode()
    assert [row.enrolment.pk for row in page.context["rows"]] == [mentors[0].pk, mentors[1].pk, mentors[2].pk]
    assert "3 of 3 mentors in the bank" in html
    assert reverse("desk:person", kwargs={"person_id": mentors[0].person_id}) in html
    for words in (
        "Anna Holm", "Sygeplejerske", "Danish C2, Arabic B2", "the CV, a network of contacts",
        "Sat in the morning; Mon in the evening", "Idle 143 days", "1 free place", "2 of 2 places free",
        "3 of 4 places free",
    ):  # fmt: skip
        assert words in html, words
    assert html.count("Idle ") - html.count("Idle for") - html.count("Idle longest") == 2


def test_states_that_are_not_the_bank(desk: Client, url: str, mentors: list[Enrolment]) -> None:
    for state, name, words in (
        ("resting", "Rikke", "Resting until"),
        ("full", "Fie", "No place left"),
        ("unbriefed", "Nina", "Not briefed yet"),
    ):
        page = desk.get(url, {"state": state})
        assert [row.enrolment.person.first_name for row in page.context["rows"]] == [name]
        assert words in page.content.decode()
    assert len(desk.get(url, {"state": "all"}).context["rows"]) == len(mentors)


@pytest.mark.parametrize(
    "base", [{}, {"state": "all"}, {"language": "ar"}, {"q": "sygepl"}, {"topic": ["cv", "danish"]}]
)
def test_each_count_is_that_of_the_page_it_leads_to(
    base: dict[str, str | list[str]], desk: Client, url: str, mentors: list[Enrolment]
) -> None:
    page = desk.get(url, base)
    seen = 0
    for facet in page.context["facets"]:
        for option in (*facet.options, *facet.more):
            if option.count:
                led = desk.get(url, {**base, facet.name: option.value})
                assert len(led.context["rows"]) == option.count, (base, facet.name, option.value)
                seen += 1
    for tab in page.context["tabs"]:
        assert len(desk.get(tab["url"]).context["rows"]) == tab["count"]
    assert seen > 5


def test_a_chip_takes_one_filter_away(desk: Client, url: str, mentors: list[Enrolment]) -> None:
    page = desk.get(url, {"q": "a", "topic": ["cv", "danish"], "language": "ar", "fluent": "1"})
    chips = {str(chip.label): chip.url for chip in page.context["chips"]}
    assert len(chips) == 4
    without = desk.get(next(there for label, there in chips.items() if "The CV" in label)).context["wanted"]
    assert {facet.value: set(values) for facet, values in without.chosen.items()} == {
        "topic": {"danish"},
        "language": {"ar"},
    }
    assert (without.text, without.fluent_only) == ("a", True)


def test_what_does_not_exist_asks_nothing(
    desk: Client, url: str, mentors: list[Enrolment], other_division: Division
) -> None:
    everybody = len(desk.get(url).context["rows"])
    nonsense = {
        "division": str(other_division.pk), "programme": "x", "language": "xx", "topic": "cooking", "state": "gone",
        "sort": "-height", "idle": "7", "page": "900", "field": "22", "places": "0",
    }  # fmt: skip
    page = desk.get(url, nonsense)
    assert page.status_code == 200
    assert len(page.context["rows"]) == everybody
    assert page.context["query"] == ""
    assert desk.get(url, {"q": "x" * 5_000}).status_code == 200
    assert desk.get(url, {"q": "\0"}).status_code == 200


def _stable(html: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", html)


def test_another_division_changes_no_letter(
    desk: Client, url: str, mentors: list[Enrolment], other_division: Division, programme: Programme
) -> None:
    addresses = [{}, {"state": "all"}, {"q": "anna"}, {"language": "ar"}]
    before = [_stable(desk.get(url, one).content.decode()) for one in addresses]
    stranger = _mentor(
        other_division, make_programme("Third", division=other_division), "Anna", last_name="Fremmed",
        languages={"uk": "C2"}, occupation="7115",
    )  # fmt: skip
    assert [_stable(desk.get(url, one).content.decode()) for one in addresses] == before
    assert str(stranger.person_id) not in "".join(before)


def test_the_national_lead_sees_all_divisions(
    client: Client, sign_in: SignIn, national_lead: Staff, url: str, mentors: list[Enrolment], other_division: Division
) -> None:
    _mentor(other_division, make_programme("Third"), "Karen")
    page = sign_in(client, national_lead).get(url)
    assert "Karen" in page.content.decode()
    division = next(facet for facet in page.context["facets"] if facet.name == "division")
    assert sorted(option.count for option in division.options) == [1, 3]


def test_an_administrator_has_no_bank(client: Client, sign_in: SignIn, administrator: Staff, url: str) -> None:
    assert sign_in(client, administrator).get(url).status_code == 403


def test_the_answer_to_typing_is_the_list_and_its_counts(desk: Client, url: str, mentors: list[Enrolment]) -> None:
    here = "http://testserver" + url
    answer = desk.get(url, {"q": "anna", "sort": "name", "language": ""}, headers=FRAGMENT | {"hx-current-url": here})
    html = answer.content.decode()
    assert "<html" not in html
    assert "1 of 3 mentors in the bank" in html
    assert 'id="sift-language-options" hx-swap-oob="innerHTML"' in html
    # While she types, the address follows; a filter is a step that the back button takes back.
    assert answer["HX-Replace-Url"] == f"{url}?q=anna&sort=name"
    there = here + "?q=anna"
    step = desk.get(url, {"q": "anna", "topic": "cv"}, headers=FRAGMENT | {"hx-current-url": there})
    assert step["HX-Push-Url"] == f"{url}?q=anna&topic=cv"
    assert "HX-Replace-Url" not in step
    assert "HX-Request" in step["Vary"]


def test_whole_page_holds_what_the_answer_swaps(desk: Client, url: str, mentors: list[Enrolment]) -> None:
    answer = desk.get(url, headers=FRAGMENT).content.decode()
    page = desk.get(url).content.decode()
    swapped = re.findall(r'id="([^"]+)" hx-swap-oob', answer)
    assert len(swapped) > 5
    for name in (*swapped, "bank-found"):
        assert page.count(f'id="{name}"') == 1, name


def test_queries_do_not_grow_with_rows(
    desk: Client, url: str, division: Division, programme: Programme, coordinator: Staff
) -> None:
    def queries() -> int:
        desk.get(url)
        with CaptureQueriesContext(connection) as caught:
            desk.get(url)
        return len(caught)

    _mentor(division, programme)
    SavedSearch.objects.create(
        user_id=coordinator.user_id, page="bank", name="a", query="language=ar", created_at=timezone.now()
    )
    one = queries()
    for _ in range(2):
        _mentor(division, programme)
        SavedSearch.objects.create(
            user_id=coordinator.user_id, page="bank", name=f"b{_}", query="topic=cv", created_at=timezone.now()
        )
    assert queries() == one <= 12


def test_no_mentor_at_all_says_what_to_do(desk: Client, url: str) -> None:
    html = desk.get(url).content.decode()
    assert "No mentors yet" in html
    assert reverse("desk:imports") in html


def test_nobody_found_says_what_to_do(desk: Client, url: str, mentors: list[Enrolment]) -> None:
    html = desk.get(url, {"q": "nobody of this name"}).content.decode()
    assert "Nobody is found this way" in html
    assert "0 of 3 mentors in the bank" in html
    assert 'value="nobody of this name"' in html


# Kept searches --------------------------------------------------------------------------------------------------------


def test_a_search_is_kept_opened_deleted_and_taken_back(desk: Client, url: str, mentors: list[Enrolment]) -> None:
    page = desk.get(url, {"language": "ar", "topic": "cv"})
    kept = desk.post(page.context["save_url"], {"name": " Arabic and CV ", "query": page.context["query"]}, follow=True)
    assert kept.redirect_chain == [(f"{url}?language=ar&topic=cv", 302)]
    (filters,) = [kept.context["filters"]]
    assert [(one["search"].name, one["count"], one["is_current"]) for one in filters] == [("Arabic and CV", 1, True)]
    assert len(desk.get(filters[0]["url"]).context["rows"]) == 1

    gone = desk.post(reverse("desk:bank_search_forget", kwargs={"search_id": filters[0]["search"].pk}), follow=True)
    assert gone.context["filters"] == []
    undo = re.search(r'action="([^"]+again[^"]+)"', gone.content.decode())
    assert undo is not None
    back = desk.post(undo[1].replace("&amp;", "&"), follow=True)
    assert [one["search"].name for one in back.context["filters"]] == ["Arabic and CV"]
    assert back.context["filters"][0]["url"] == f"{url}?language=ar&topic=cv"


def test_keeping_twice_keeps_one(desk: Client, url: str, mentors: list[Enrolment]) -> None:
    for query in ("topic=cv", "topic=cv", "topic=danish"):
        desk.post(reverse("desk:bank_search_save"), {"name": "Mine", "query": query})
    assert [search.query for search in SavedSearch.objects.all()] == ["topic=danish"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_search_without_a_good_name_is_not_kept(name: str, desk: Client, url: str, mentors: list[Enrolment]) -> None:
    page = desk.post(reverse("desk:bank_search_save"), {"name": name, "query": "topic=cv"}, follow=True)
    assert "The search was not kept" in page.content.decode()
    assert page.redirect_chain[0][0] == f"{url}?topic=cv"
    assert not SavedSearch.objects.exists()


def test_what_is_kept_is_only_what_the_page_understands(desk: Client, mentors: list[Enrolment]) -> None:
    desk.post(
        reverse("desk:bank_search_save"), {"name": "x", "query": "topic=cv&topic=bad&next=//evil.example&q=%3Cb%3E"}
    )
    assert SavedSearch.objects.get().query == "q=%3Cb%3E&topic=cv"


def test_another_users_search_is_not_there(
    desk: Client, mentors: list[Enrolment], other_coordinator: Staff, url: str
) -> None:
    theirs = SavedSearch.objects.create(
        user_id=other_coordinator.user_id, page="bank", name="Hers alone", query="topic=cv", created_at=timezone.now()
    )
    assert desk.post(reverse("desk:bank_search_forget", kwargs={"search_id": theirs.pk})).status_code == 404
    assert SavedSearch.objects.filter(pk=theirs.pk).exists()
    assert "Hers alone" not in desk.get(url).content.decode()


def test_searches_change_by_post_alone(desk: Client, mentors: list[Enrolment]) -> None:
    assert desk.get(reverse("desk:bank_search_save")).status_code == 405
    assert desk.get(reverse("desk:bank_search_restore"), {"name": "x"}).status_code == 405


# Languages ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", [{"q": "a", "language": "ar"}, {"state": "all"}, {"q": "zzz"}])
def test_every_word_goes_through_the_translator(
    query: dict[str, str], desk: Client, url: str, mentors: list[Enrolment], coordinator: Staff
) -> None:
    SavedSearch.objects.create(
        user_id=coordinator.user_id, page="bank", name="Mine", query="language=ar", created_at=timezone.now()
    )
    desk.cookies["django_language"] = "xb"
    assert untranslated(desk.get(url, query).content.decode()) == []


def test_danish_and_english_render(desk: Client, url: str, mentors: list[Enrolment]) -> None:
    for code in ("da", "en"):
        desk.cookies["django_language"] = code
        html = desk.get(url).content.decode()
        assert f'lang="{code}"' in html
        assert {"da": "Arabisk", "en": "Arabic"}[code] in html


def test_a_place_that_is_lent_bears_its_mark(
    client: Client, sign_in: SignIn, division: Division, other_division: Division, url: str
) -> None:
    two = make_two(other_division, division)
    desk = sign_in(client, two.lends)
    assert "lent to another division" not in desk.get(url).content.decode()
    release_loan(by=two.lends, loan=ask(two))
    html = desk.get(url).content.decode()
    assert html.count("lent to another division") == 1
    assert html.count("0 of 1 place free") == 1
    assert html.count("1 free place") == len(two.mentors) - 1
