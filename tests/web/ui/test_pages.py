"""The pages that belong to no front end, and what every page knows."""

from __future__ import annotations

from typing import cast

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, ResolverMatch
from django.utils import translation
from pytest_django import Settings

from factories.django_rows import user_of
from mentornet.divisions.staff import Staff
from mentornet.web.ui import context, views
from pages import untranslated

SIGN_IN = ("/accounts/login/", "/accounts/password/reset/", "/accounts/password/reset/done/")
ERRORS = ("400", "403", "404", "500", "expired_form")


def client_of(staff: Staff) -> Client:
    client = Client()
    client.force_login(user_of(staff))
    return client


def test_styleguide_is_for_developers_and_demonstrations(coordinator: Staff, settings: Settings) -> None:
    settings.DEMO = True
    page = client_of(coordinator).get("/desk/styleguide/")
    assert page.status_code == 200
    settings.DEMO = False
    settings.DEBUG = False
    assert client_of(coordinator).get("/desk/styleguide/").status_code != 200


@pytest.mark.django_db
@pytest.mark.parametrize("path", SIGN_IN)
def test_sign_in_pages_are_translated_whole(path: str) -> None:
    client = Client()
    client.cookies["django_language"] = "xb"
    page = client.get(path)
    assert page.status_code == 200
    assert untranslated(page.content.decode()) == []


def test_styleguide_frame_is_translated_whole(coordinator: Staff, settings: Settings) -> None:
    settings.DEMO = True
    client = client_of(coordinator)
    client.cookies["django_language"] = "xb"
    page = client.get("/desk/styleguide/").content.decode()
    assert 'dir="rtl"' in page
    assert untranslated(page) == []


@pytest.mark.parametrize("name", ERRORS)
def test_error_pages_say_what_to_do_in_every_language(name: str) -> None:
    request = RequestFactory().get("/nowhere/")
    with translation.override("xb"):
        page = render_to_string(f"ui/{name}.html", request=None if name == "500" else request)
    assert untranslated(page) == []
    assert "<h1>" in page


def test_failure_is_told_without_request_and_database() -> None:
    # No session, no user, no resolver: whatever has failed, this page must not.
    answer = views.failed(HttpRequest())
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.content.decode()


def test_refusal_shows_its_reason() -> None:
    answer = views.not_allowed(RequestFactory().get("/"), PermissionError("Only the national lead does this."))
    assert answer.status_code == 403
    assert "Only the national lead does this." in answer.content.decode()


@pytest.mark.django_db
def test_missing_page_is_404_and_bears_no_inline_code() -> None:
    answer = Client().get("/nothing/here/")
    assert answer.status_code == 404
    assert " style=" not in answer.content.decode()


def fake_request(path: str, actor: Staff | None) -> HttpRequest:
    request = RequestFactory().get(path)
    request.resolver_match = cast(ResolverMatch, None)
    if actor is not None:
        request.__dict__["actor"] = actor
    return request


def test_navigation_is_empty_for_somebody_who_is_not_staff() -> None:
    assert context.navigation(fake_request("/", None)) == []
    assert context.role_of(fake_request("/", None)) == ""


def test_navigation_follows_the_roles(coordinator: Staff, administrator: Staff) -> None:
    hers = {way.key for way in context.navigation(fake_request("/desk/", coordinator))}
    his = {way.key for way in context.navigation(fake_request("/desk/", administrator))}
    assert "today" in hers
    assert his <= hers | {"setup", "today"}
    assert [way.key for way in context.navigation(fake_request("/desk/", coordinator)) if way.current] == ["today"]


def test_navigation_leaves_out_what_is_not_installed(coordinator: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    def reverse(name: str) -> str:
        if name != "desk:today":
            raise NoReverseMatch
        return "/desk/"

    monkeypatch.setattr(context, "reverse", reverse)
    assert [way.key for way in context.navigation(fake_request("/desk/", coordinator))] == ["today"]


def test_navigation_counts_what_a_view_has_counted(coordinator: Staff) -> None:
    request = fake_request("/desk/", coordinator)
    request.__dict__["navigation_counts"] = {"desk:today": 4}
    assert {way.key: way.count for way in context.navigation(request)}["today"] == 4


def test_role_is_said_in_words(
    coordinator: Staff, division_lead: Staff, national_lead: Staff, administrator: Staff
) -> None:
    roles = [
        context.role_of(fake_request("/", actor))
        for actor in (coordinator, division_lead, national_lead, administrator)
    ]
    assert roles == ["Coordinator", "Division lead", "National lead", "Administrator"]


def test_languages_name_themselves() -> None:
    request = RequestFactory().get("/desk/")
    with translation.override("da"):
        names = {language.code: (language.name, language.is_current) for language in context.languages(request)}
    assert names["da"] == ("Dansk", True)
    assert names["en"] == ("English", False)


@pytest.mark.django_db
def test_language_picker_returns_to_the_page(client: Client) -> None:
    answer = client.post("/language/", {"language": "da", "next": "/accounts/login/?next=/desk/"})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/desk/")
    assert 'lang="da"' in client.get("/accounts/login/").content.decode()[:200]
