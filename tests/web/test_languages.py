"""In which language a page is shown: the address decides, then a choice, then the browser; staff have two."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from factories.django_rows import user_of
from mentornet.divisions.staff import Staff
from mentornet.web.languages import is_for_staff

pytestmark = pytest.mark.django_db


def language_of(client: Client, path: str, **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return str(answer["Content-Language"])


@pytest.mark.parametrize("cookie", ["", "en", "uk"])
def test_address_decides_whatever_was_chosen_before(client: Client, cookie: str) -> None:
    if cookie:
        client.cookies["django_language"] = cookie
    assert language_of(client, "/ar/", **{"accept-language": "da"}) == "ar"


@pytest.mark.parametrize(
    ("cookie", "asked", "expected"),
    [
        ("", "ar-SY,ar;q=0.9,en;q=0.5", "/ar/"),
        ("", "fa", "/fa/"),
        ("", "uk-UA", "/uk/"),
        ("", "da", "/da/"),
        ("", "ti,so;q=0.8", "/en/"),
        ("", "", "/en/"),
        ("fa", "ar", "/fa/"),
    ],
)
def test_front_is_the_site_in_the_readers_language(
    client: Client, settings: Settings, cookie: str, asked: str, expected: str
) -> None:
    settings.DEMO = False
    if cookie:
        client.cookies["django_language"] = cookie
    answer = client.get("/", headers={"accept-language": asked} if asked else None)
    assert (answer.status_code, answer["Content-Location"]) == (200, expected)
    assert answer["Content-Language"] == expected.strip("/")
    assert {"Accept-Language", "Cookie"} <= set(answer["Vary"].split(", "))
    # The same page, with the same links, as at its own address: the languages to choose from, the ways in.
    assert answer.content == client.get(expected).content


def test_address_without_a_language_leads_to_one(client: Client) -> None:
    answer = client.get("/mentor/", headers={"accept-language": "uk"})
    assert (answer.status_code, answer["Location"]) == (302, "/uk/mentor/")
    assert client.get("/nothing/", headers={"accept-language": "uk"}).status_code == 404


@pytest.mark.parametrize(
    ("asked", "expected"), [("ar", "en"), ("ar,da;q=0.5", "da"), ("ar,da-DK;q=0.5", "da"), ("uk,sv", "en")]
)
@pytest.mark.parametrize("cookie", ["", "fa"])
def test_staff_pages_fall_back_to_a_language_they_are_in(
    client: Client, cookie: str, asked: str, expected: str
) -> None:
    if cookie:
        client.cookies["django_language"] = cookie
    assert language_of(client, "/accounts/login/", **{"accept-language": asked}) == expected


def test_desk_offers_its_own_languages(client: Client, coordinator: Staff) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert 'value="da"' in page
    assert 'value="ar"' not in page
    client.force_login(user_of(coordinator))
    client.cookies["django_language"] = "ar"
    assert client.get("/desk/", follow=True)["Content-Language"] == "en"


def test_falling_back_needs_no_language_of_the_browser(client: Client, settings: Settings) -> None:
    settings.LANGUAGE_CODE = "da"
    client.cookies["django_language"] = "ar"
    assert language_of(client, "/accounts/login/") == "da"


@pytest.mark.parametrize("path", ["/desk/", "/desk/waiting/", "/demo/", "/accounts/login/"])
def test_staff_paths(path: str) -> None:
    assert is_for_staff(path)


@pytest.mark.parametrize("path", ["/", "/en/", "/ar/desk/", "/desktop/", "/my/"])
def test_other_paths(path: str) -> None:
    assert not is_for_staff(path)


def test_missing_page_is_told_in_the_language_of_its_address(client: Client) -> None:
    answer = client.get("/ar/nothing/")
    assert answer.status_code == 404
    html = answer.content.decode()
    assert 'lang="ar" dir="rtl"' in html
    # Its address is the same nothing in every language: no links that only seem to lead on.
    assert client.get("/da/nothing/").status_code == 404
