"""The waiting list as a page: who waits, her best mentor or what blocks, the filters, the order."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from days import TODAY
from factories.django_rows import make_enrolment, make_person, make_programme, user_of
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.intake.services.places import hold
from mentornet.people.enums import Role
from mentornet.programmes.models import Programme
from pages import untranslated
from signing import SignIn

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
FRAGMENT = {"hx-request": "true", "hx-target": "waiting-found"}


@pytest.fixture
def desk(client: Client, sign_in: SignIn, coordinator: Staff) -> Client:
    return sign_in(client, coordinator)


@pytest.fixture
def url() -> str:
    return reverse("desk:waiting")


def _mentee(
    division: Division,
    programme: Programme,
    first_name: str,
    *,
    days: int | None = 30,
    word: int | None = None,
    **more: Any,
) -> Enrolment:
    enrolment = {
        "since": None if days is None else TODAY - days * DAY,
        "word_due_on": None if word is None else TODAY + word * DAY,
    }
    return make_enrolment(
        Role.MENTEE,
        division,
        person=make_person(first_name),
        programme=programme,
        enrolment=enrolment | more.pop("enrolment", {}),
        **{"languages": {"da": "B2"}} | more,
    )


def _mentor(division: Division, programme: Programme, first_name: str = "Karen", **more: Any) -> Enrolment:
    return make_enrolment(
        Role.MENTOR,
        division,
        person=make_person(first_name, "Lund"),
        programme=programme,
        **{"languages": {"da": "C2"}} | more,
    )


@pytest.fixture
def waiting(division: Division, programme: Programme, coordinator: Staff) -> list[Enrolment]:
    """Four who wait: one for whom Karen is right, one whom nobody fits, one who should have heard, one unknown."""
    _mentor(division, programme, occupation="2221", availability=("mon-evening",), topics=("cv",))
    return [
        _mentee(division, programme, "Amina", days=143, word=4, occupation="2221", occupation_title="Sygeplejerske",
                availability=("mon-evening",), topics=("cv",), enrolment={"coordinator": user_of(coordinator)}),
        _mentee(division, programme, "Oksana", days=61, word=0, availability=("sat-morning",),
                languages={"uk": "C2", "da": "B1"}),
        _mentee(division, programme, "Fatima", days=12, word=-2),
        _mentee(division, programme, "Hodan", days=None, word=-40, languages={}),
    ]  # fmt: skip


def _names(page: Any) -> list[str]:
    return [row.enrolment.person.first_name for row in page.context["rows"]]


def test_rows_say_who_waits_and_what_can_be_done(desk: Client, url: str, waiting: list[Enrolment]) -> None:
    page = desk.get(url)
    html = page.content.decode()
    assert _names(page) == ["Amina", "Oksana", "Fatima", "Hodan"]
    first, second, third, last = page.context["rows"]
    assert first.match.name == "Karen Lund"
    assert first.match.percent > third.match.percent > 0
    assert second.match is None
    assert "1 of 1 mentors fail on “a common time”" in second.blocked.words
    assert second.blocked.url == reverse("desk:match", kwargs={"mentee_id": waiting[1].pk}) + "?loosen=time"
    assert second.blocked.action == "Set it aside: 1 opens"
    assert (last.days, last.is_overdue) == (None, True)
    for words in (
        "Waiting 143 days, promised an answer by",
        "Best match:",
        "Waiting 61 days, promised an answer today",
        "is 2 days late",
        "Nobody has written down since when she waits",
        "Sygeplejerske",
        "Ukrainian C2, Danish B1",
        "Inger Holm",
        "no coordinator yet",
        "The longest wait comes first.",
    ):
        assert words in html, words
    for mentee in waiting:
        assert reverse("desk:match", kwargs={"mentee_id": mentee.pk}) in html
        assert f'action="{reverse("desk:give_word", kwargs={"enrolment_id": mentee.pk})}"' in html


def test_totals_have_their_base(desk: Client, url: str, waiting: list[Enrolment]) -> None:
    html = desk.get(url).content.decode()
    assert "4 people are waiting." in html
    assert "2 of them have been promised a word that is overdue." in html
    assert "Half of them have waited longer than 61 days." in html
    assert "2 of 4 people who are waiting" in desk.get(url, {"word": "overdue"}).content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"word": "overdue"}, ["Fatima", "Hodan"]),
        ({"whose": "mine"}, ["Amina"]),
        ({"language": "uk"}, ["Oksana"]),
        ({"fit": "nobody"}, ["Oksana"]),
        ({"fit": "nobody", "word": "overdue"}, []),
        ({"sort": "word"}, ["Hodan", "Fatima", "Oksana", "Amina"]),
        ({"language": "xx", "word": "x", "fit": "all", "sort": "name", "whose": "other"}, None),
        ({"page": "77"}, None),
    ],
)
def test_filters(
    query: dict[str, str], expected: list[str] | None, desk: Client, url: str, waiting: list[Enrolment]
) -> None:
    assert _names(desk.get(url, query)) == (["Amina", "Oksana", "Fatima", "Hodan"] if expected is None else expected)


def test_filters_by_place(
    client: Client, sign_in: SignIn, national_lead: Staff, url: str, waiting: list[Enrolment], other_division: Division
) -> None:
    desk = sign_in(client, national_lead)
    second = make_programme("Second programme")
    _mentee(other_division, second, "Mariam", days=400)
    assert _names(desk.get(url)) == ["Mariam", "Amina", "Oksana", "Fatima", "Hodan"]
    assert _names(desk.get(url, {"division": str(other_division.pk)})) == ["Mariam"]
    assert _names(desk.get(url, {"programme": str(second.pk)})) == ["Mariam"]
    html = desk.get(url).content.decode()
    assert "No mentor takes part in her programme yet." in html


def test_who_has_a_proposal_waits_no_more(desk: Client, url: str, waiting: list[Enrolment], coordinator: Staff) -> None:
    hold(by=coordinator, enrolment=waiting[0])
    page = desk.get(url)
    assert _names(page) == ["Oksana", "Fatima", "Hodan"]
    assert "3 people are waiting." in page.content.decode()


def test_a_mentor_who_is_taken_is_the_best_of_nobody(
    desk: Client, url: str, waiting: list[Enrolment], coordinator: Staff
) -> None:
    assert desk.get(url).context["rows"][0].match is not None
    hold(by=coordinator, enrolment=Enrolment.objects.get(role=Role.MENTOR))
    row = desk.get(url).context["rows"][0]
    assert row.match is None
    assert "Nobody fits" in row.blocked.words
    assert not row.blocked.url


def test_a_word_is_given_and_the_list_keeps_its_place(desk: Client, url: str, waiting: list[Enrolment]) -> None:
    act = reverse("desk:give_word", kwargs={"enrolment_id": waiting[2].pk})
    here = f"{url}?word=overdue"
    after = desk.post(act, {"next": here}, follow=True)
    assert after.redirect_chain[-1][0] == here
    assert _names(after) == ["Hodan"]
    assert "1 of them has been promised a word that is overdue." in after.content.decode()


def _stable(html: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", html)


def test_another_division_changes_no_letter(
    desk: Client, url: str, waiting: list[Enrolment], other_division: Division, programme: Programme
) -> None:
    addresses = [{}, {"fit": "nobody"}, {"word": "overdue"}, {"division": str(other_division.pk)}]
    before = [_stable(desk.get(url, one).content.decode()) for one in addresses]
    _mentee(other_division, make_programme("Third"), "Mariam", days=900, word=-9, languages={"ti": "C2"})
    # She would fit them all better, in the same programme; but she belongs elsewhere.
    _mentor(other_division, programme, "Else", occupation="2221", topics=("cv",))
    assert [_stable(desk.get(url, one).content.decode()) for one in addresses] == before


def test_an_administrator_has_no_list(client: Client, sign_in: SignIn, administrator: Staff, url: str) -> None:
    assert sign_in(client, administrator).get(url).status_code == 403


def test_the_answer_to_a_filter_is_the_list(desk: Client, url: str, waiting: list[Enrolment]) -> None:
    answer = desk.get(url, {"word": "overdue", "language": "", "whose": ""}, headers=FRAGMENT)
    html = answer.content.decode()
    assert "<html" not in html
    assert "Fatima" in html
    assert "Amina" not in html
    assert answer["HX-Push-Url"] == f"{url}?word=overdue"
    page = desk.get(url).content.decode()
    for name in (*re.findall(r'id="([^"]+)" hx-swap-oob', html), "waiting-found"):
        assert page.count(f'id="{name}"') == 1, name


def test_everybody_on_one_page_for_paper(desk: Client, url: str, division: Division, programme: Programme) -> None:
    for number in range(27):
        _mentee(division, programme, f"Amina{number}", days=number)
    page = desk.get(url)
    assert len(page.context["rows"]) == 25
    assert f"?{page.context['print_query']}" in page.content.decode()
    everybody = desk.get(url, {"everybody": "1"})
    assert len(everybody.context["rows"]) == 27
    assert "Page by page" in everybody.content.decode()


def test_queries_do_not_grow_with_rows(desk: Client, url: str, division: Division, programme: Programme) -> None:
    def queries() -> int:
        desk.get(url)
        with CaptureQueriesContext(connection) as caught:
            desk.get(url)
        return len(caught)

    _mentor(division, programme)
    _mentee(division, programme, "Amina")
    one = queries()
    for name in ("Fatima", "Hodan"):
        _mentee(division, programme, name)
        _mentor(division, programme)
    assert queries() == one <= 16


def test_nobody_waiting_says_what_to_do(desk: Client, url: str, division: Division, programme: Programme) -> None:
    _mentor(division, programme)
    html = desk.get(url).content.decode()
    assert "Nobody is waiting" in html
    assert reverse("desk:applications") in html


def test_nobody_like_that_says_what_to_do(desk: Client, url: str, waiting: list[Enrolment]) -> None:
    html = desk.get(url, {"fit": "nobody", "whose": "mine"}).content.decode()
    assert "Nobody on the list is like that" in html
    assert "0 of 4 people who are waiting" in html


@pytest.mark.parametrize("query", [{}, {"word": "overdue", "sort": "word"}, {"fit": "nobody", "whose": "mine"}])
def test_every_word_goes_through_the_translator(
    query: dict[str, str], desk: Client, url: str, waiting: list[Enrolment]
) -> None:
    desk.cookies["django_language"] = "xb"
    assert untranslated(desk.get(url, query).content.decode()) == []


def test_danish_and_english_render(desk: Client, url: str, waiting: list[Enrolment]) -> None:
    for code in ("da", "en"):
        desk.cookies["django_language"] = code
        assert f'lang="{code}"' in desk.get(url).content.decode()


def test_language_picker_names_the_desks_languages(desk: Client, url: str) -> None:
    # The page has languages of its own to filter by: they must not stand in the picker's place.
    page = desk.get(url).content.decode()
    assert ">Dansk</button>" in page
    assert ">English</button>" in page
