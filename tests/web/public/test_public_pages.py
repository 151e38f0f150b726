"""Every page of the public site: in each language, translated whole, and with nothing on it that is not for all."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from factories.django_rows import AT, TODAY, make_division, make_enrolment, make_person, make_programme, make_staff
from mentornet.common.actors import System
from mentornet.common.fields import declared, declared_models
from mentornet.divisions.models import Division, Organisation, Role
from mentornet.intake.services.drafts import KEPT_FOR
from mentornet.learning.models import ChapterText
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Role as Part
from mentornet.web.public.handbook.views import LONGEST_SEARCH
from mentornet.web.public.pages.figures import FEWEST
from mentornet.web.public.pages.keeping import keeping
from pages import untranslated
from web.public.network import Site
from web.public.reading import LANGUAGES, PAGES, address, alternates, opening, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_moment")]
AT_MOST = 7
"""Queries of a page: the organisation, and what stands on it."""


# Languages ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("which", PAGES)
def test_page_is_in_its_language(client: Client, site: Site, which: str, language: str) -> None:
    answer = client.get(address(which, language, site.odense))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert answer["Content-Language"] == language
    assert f'lang="{language}"' in opening(html)
    assert f'dir="{LANGUAGES[language]}"' in opening(html)
    assert html.count("<h1") == 1


@pytest.mark.parametrize("which", PAGES)
def test_page_leads_to_itself_in_each_language(client: Client, site: Site, which: str) -> None:
    html = client.get(address(which, "ar", site.odense)).content.decode()
    expected = {language: address(which, language, site.odense) for language in LANGUAGES}
    found = {code: unescape(url) for code, url in alternates(html).items()}
    assert {code: found[code] for code in LANGUAGES} == expected
    # The picker's links are the same ones.
    for language, url in expected.items():
        assert f'href="{url}" hreflang="{language}"' in html


@pytest.mark.parametrize("which", PAGES)
def test_page_is_translated_whole(client: Client, site: Site, which: str) -> None:
    html = client.get(address(which, "xb", site.odense)).content.decode()
    # In the title of the window stand the network's own name, and a division's or a chapter's.
    assert [text for text in untranslated(html) if not text.endswith("· Mentornet")] == []
    assert 'dir="rtl"' in opening(html)


@pytest.mark.parametrize("which", PAGES)
def test_page_needs_no_script_and_sets_no_cookie(client: Client, site: Site, which: str) -> None:
    answer = client.get(address(which, "en", site.odense))
    html = answer.content.decode()
    assert "<script" not in html
    assert " style=" not in html
    assert not answer.cookies


# What is for all, and what is not -----------------------------------------------------------------------------------


@pytest.mark.parametrize("which", PAGES)
def test_nobody_stands_on_a_page(client: Client, site: Site, which: str) -> None:
    make_staff(Role.COORDINATOR, site.odense, name="Inger Kanarie", email="kanarie@net.example")
    person = make_person(
        "Amina", "Kanarie", email="amina.kanarie@net.example", phone="+45 61 00 00 01", area="Vollsmose"
    )
    make_enrolment(Part.MENTEE, site.odense, person=person, programme=site.job)
    # There is enough for the figures to be shown.
    for _ in range(FEWEST):
        pair(site)
    html = client.get(address(which, "en", site.odense)).content.decode()
    assert "anarie" not in html
    assert "61 00 00 01" not in html


def test_closed_division_answers_like_a_missing_one(client: Client, site: Site) -> None:
    coming = make_division("Vejle", opened_on=TODAY + timedelta(days=1))
    for gone in (site.closed, coming):
        assert client.get(address("division", "en", gone)).status_code == 404
    for which in ("home", "divisions"):
        html = client.get(address(which, "en", site.odense)).content.decode()
        assert "Kolding" not in html
        assert "Vejle" not in html
        assert "Odense" in html


def test_division_shows_how_to_reach_its_office(client: Client, site: Site) -> None:
    html = client.get(address("division", "ar", site.odense)).content.decode()
    assert 'href="tel:70101010" dir="ltr"' in html
    assert 'href="mailto:odense@net.example" dir="ltr"' in html
    assert "<address" not in html
    Division.objects.filter(pk=site.odense.pk).update(address="Opdigtet Allé 7, Odense")
    assert "Opdigtet Allé 7, Odense</bdi>" in client.get(address("division", "ar", site.odense)).content.decode()
    assert 'href="mailto:' not in client.get(address("division", "en", site.aarhus)).content.decode()


def test_without_divisions_the_network_itself_is_named(client: Client) -> None:
    Organisation.objects.create(name="Kvindenet", email="post@kvindenet.example", created_at=AT)
    html = words(client.get(reverse("public:divisions")).content.decode())
    assert "No division is open yet." in html
    assert "post@kvindenet.example" in html
    assert client.get(reverse("public:home")).status_code == 200


def test_organisation_stands_on_every_page_and_in_the_privacy_notice(client: Client, site: Site) -> None:
    Organisation.objects.create(
        name="Kvindenet",
        legal_name="Foreningen Kvindenet",
        data_protection_email="data@kvindenet.example",
        created_at=AT,
    )
    assert "Kvindenet" in client.get(address("home", "en", site.odense)).content.decode()
    notice = words(client.get(address("privacy", "en", site.odense)).content.decode().replace("<wbr>", ""))
    assert "Foreningen Kvindenet keeps what you tell us" in notice
    assert "data@kvindenet.example" in notice


# Who may take part --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "written_in", "text"),
    [
        ("ar", "ar", "نساء فوق سن 18."),
        ("da", "da", "Kvinder over 18."),
        # Not written in English or Ukrainian: the next best.
        ("en", "da", "Kvinder over 18."),
        ("uk", "da", "Kvinder over 18."),
    ],
)
def test_eligibility_is_in_her_language_or_says_in_which(
    client: Client, site: Site, language: str, written_in: str, text: str
) -> None:
    html = client.get(address("mentee", language, site.odense)).content.decode()
    assert f'<p dir="auto" lang="{written_in}">{text}</p>' in html


def test_programme_without_words_refers_to_the_office(client: Client, site: Site) -> None:
    make_programme("Nyt")
    assert "Ask the office whether it is for you." in client.get(address("mentee", "en", site.odense)).content.decode()


def test_local_programme_is_shown_where_it_runs(client: Client, site: Site) -> None:
    assert "Hverdag" in client.get(address("division", "en", site.odense)).content.decode()
    elsewhere = client.get(address("division", "en", site.aarhus)).content.decode()
    assert "Hverdag" not in elsewhere
    assert "Job og sprog" in elsewhere
    assert "Only in Odense" in client.get(address("mentee", "en", site.odense)).content.decode()


def test_closed_programme_is_not_shown(client: Client, site: Site) -> None:
    site.job.closed_on = TODAY
    site.job.save()
    assert "Job og sprog" not in client.get(address("mentee", "en", site.odense)).content.decode()


# Figures ------------------------------------------------------------------------------------------------------------


def pair(site: Site, *, is_over: bool = False) -> Partnership:
    mentee = make_enrolment(Part.MENTEE, site.odense, programme=site.job, enrolment=None if is_over else {"active": 1})
    mentor = make_enrolment(Part.MENTOR, site.odense, programme=site.job, enrolment=None if is_over else {"active": 1})
    over = {"state": "closed", "closed_on": TODAY, "closing_reason": "goal"} if is_over else {"state": "active"}
    long_ago = TODAY - timedelta(days=90)
    partnership = Partnership(
        mentee=mentee,
        mentor=mentor,
        division=site.odense,
        matched_on=long_ago,
        first_met_on=long_ago,
        created_at=AT,
        **over,
    )
    partnership.save()
    return partnership


def figures_of(client: Client, site: Site) -> str:
    html = words(client.get(address("home", "en", site.odense)).content.decode())
    return html[html.index("The network in figures") : html.index("How it works")] if "in figures" in html else ""


def test_figures_tell_ever_and_now_with_their_base(client: Client, site: Site) -> None:
    for _ in range(FEWEST):
        pair(site)
    over = pair(site, is_over=True)
    over.mentee.ended_on = TODAY
    over.mentee.end_reason = "done"
    over.mentee.save()
    shown = figures_of(client, site)
    # Twelve people of whom one has left; since the first division opened, which has closed meanwhile.
    assert "People 11 take part today 12 since 2001" in shown
    assert "Pairs of mentor and mentee 5 meet today 6 since 2001" in shown
    assert "Divisions 2 in the country" in shown
    assert "Counted on 2 March 2026" in shown


def test_somebody_in_both_roles_counts_once(client: Client, site: Site) -> None:
    for _ in range(FEWEST):
        pair(site)
    both = make_person()
    make_enrolment(Part.MENTEE, site.odense, person=both, programme=site.job)
    make_enrolment(Part.MENTOR, site.aarhus, person=both, programme=site.job)
    assert "People 11 take part today 11 since" in figures_of(client, site)


def test_few_people_are_not_counted_in_public(client: Client, site: Site) -> None:
    for _ in range(FEWEST - 1):
        pair(site)
    assert figures_of(client, site) == ""
    pair(site)
    # Counted a moment ago, and not again for ten minutes.
    assert figures_of(client, site) == ""


# Queries ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", PAGES)
def test_page_asks_as_much_of_three_as_of_one(
    client: Client, site: Site, which: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    url = address(which, "en", site.odense)
    client.get(url)
    with django_assert_max_num_queries(AT_MOST) as few:
        client.get(url)
    for number in range(3):
        there = make_division(f"More {number}")
        make_programme(f"More {number}", division=there)
        make_programme(f"All {number}")
        make_enrolment(Part.MENTEE, there, programme=site.job)
    with django_assert_max_num_queries(AT_MOST) as many:
        client.get(url)
    assert len(many) == len(few)


# Handbook -----------------------------------------------------------------------------------------------------------


def test_chapter_leads_to_the_one_before_and_after(client: Client, site: Site) -> None:
    first = client.get(
        reverse("public:handbook_chapter", kwargs={"role": "mentee", "slug": "what-a-mentor-is"})
    ).content.decode()
    assert 'rel="prev"' not in first
    assert "/en/handbook/mentee/what-you-can-ask/" in first
    between = client.get(address("chapter", "en", site.odense)).content.decode()
    assert between.count('rel="prev"') == between.count('rel="next"') == 1
    last = client.get(
        reverse("public:handbook_chapter", kwargs={"role": "mentee", "slug": "ending-and-afterwards"})
    ).content.decode()
    assert 'rel="next"' not in last


def test_chapter_says_in_which_language_it_is(client: Client, site: Site) -> None:
    assert (
        '<article class="article chapter" lang="ar" dir="auto">'
        in client.get(address("chapter", "ar", site.odense)).content.decode()
    )
    # Not written in Persian: English stands on a page that runs the other way.
    persian = client.get(address("chapter", "fa", site.odense)).content.decode()
    assert '<article class="article chapter" lang="en" dir="auto">' in persian
    assert 'dir="rtl"' in opening(persian)


@pytest.mark.usefixtures("site")
def test_search_says_how_many_fit_and_keeps_what_was_typed(client: Client) -> None:
    handbook = reverse("public:handbook", kwargs={"role": "mentor"})
    page = client.get(handbook, {"q": "we never find a time"}).content.decode()
    assert 'value="we never find a time"' in page
    assert "/en/handbook/mentor/finding-time/" in page
    assert "<q>We never find a time</q>" in page
    nothing = client.get(handbook, {"q": '"><script>zzz'}).content.decode()
    assert "No chapter fits these words." in nothing
    assert "<script" not in nothing
    long = client.get(handbook, {"q": "z" * 5_000}).content.decode()
    assert f'value="{"z" * LONGEST_SEARCH}"' in long


def test_whole_handbook_holds_every_chapter(client: Client, site: Site) -> None:
    html = client.get(address("whole", "da", site.odense)).content.decode()
    assert html.count("<article") == ChapterText.objects.filter(chapter__role="mentor", language="da").count() == 12
    assert html.count('<h2 class="chapter-whole-title"') == 12


@pytest.mark.parametrize(
    "path",
    [
        "/en/handbook/nobody/",
        "/en/handbook/nobody/whole/",
        "/en/handbook/mentee/no-such-chapter/",
        "/en/handbook/nobody/time/",
        "/en/divisions/00000000-0000-4000-8000-000000000000/",
        "/ar/nothing/",
        "/de/",
    ],
)
@pytest.mark.usefixtures("site")
def test_unknown_address_is_missing(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "<h1>" in answer.content.decode()


def test_rewritten_chapter_is_shown_at_once(client: Client, site: Site) -> None:
    text = ChapterText.objects.get(chapter__role="mentee", chapter__slug="time", language="en")
    by = System("tests", AT)
    ChapterText.objects.create(
        chapter=text.chapter,
        language="en",
        number=2,
        title="New <b>title</b>",
        summary="New.",
        body="## New\n\n<script>alert(1)</script> [here](javascript:alert(1)) **word**",
        written_at=by.at,
        written_by=by.key,
    )
    html = client.get(address("chapter", "en", site.odense)).content.decode()
    assert "New &lt;b&gt;title&lt;/b&gt;" in html
    assert "<script" not in html
    assert 'href="javascript' not in html
    assert "<strong>word</strong>" in html


@pytest.mark.parametrize("language", ["da", "en", "ar", "fa", "uk"])
def test_privacy_tells_how_long_and_by_what_right_in_every_language(client: Client, site: Site, language: str) -> None:
    html = unescape(client.get(address("privacy", language, site.odense)).content.decode())
    with translation.override(language):
        told = keeping()
    for sentence in told:
        assert sentence in html
    assert "6(1)(a)" in html
    assert "9(2)(a)" in html
    assert "6(1)(f)" in html


def test_every_time_that_is_declared_is_told() -> None:
    every = [one for name in declared_models() for one in declared(name).values() if one.about_person]
    # One for each, and one for what was never sent.
    assert len(keeping()) == len({one.retention for one in every}) + 1
    assert str(KEPT_FOR.days) in keeping()[0]
