"""What each answer tells the browser, so that it shows, keeps and sends nothing that it must not."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from http import HTTPStatus
from pathlib import Path
from typing import Final

import pytest
from django.http import HttpResponse, HttpResponseBase
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from access.crawling import crawl
from access.guards import missing_guards, policy_faults, third_parties
from access.matrix import Crossing
from access.worlds import HERE
from factories.django_rows import PASSWORD
from signing import email_of
from sources import ROOT

pytestmark = pytest.mark.django_db


def test_guards_stand_on_every_page_and_nothing_comes_from_elsewhere(crossing: Crossing) -> None:
    pages = crawl(crossing, "national lead", places=[HERE], most=40)
    html = [url for url, page in pages.items() if "html" in page.get("Content-Type", "")]
    assert len(html) > 40
    assert {url: missing for url, page in pages.items() if (missing := missing_guards(page))} == {}
    # Nobody guesses what an answer is, or in which letters it is written.
    kinds = {url: page.get("Content-Type", "") for url, page in pages.items() if page.status_code == HTTPStatus.OK}
    assert {url: kind for url, kind in kinds.items() if not kind} == {}
    assert {url: kind for url, kind in kinds.items() if kind.startswith("text/") and "charset=utf-8" not in kind} == {}
    assert {
        url: found
        for url in html
        if (found := list(third_parties(pages[url].content.decode())))  # type: ignore[attr-defined]  # pages
    } == {}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/no/such/page/", 404),
        ("GET", "/desk", 301),
        ("POST", "/desk/no/such/", 404),
        ("GET", "/accounts/", 302),
        ("GET", "/accounts/signup/", 404),
        ("OPTIONS", "/desk/", 405),
        ("DELETE", "/desk/", 405),
        ("PUT", "/accounts/login/", 405),
        ("HEAD", "/desk/", 302),
        ("GET", "/language/", 302),
    ],
)
def test_guards_stand_on_errors_and_redirects(client: Client, method: str, path: str, status: int) -> None:
    answer = client.generic(method, path)
    assert answer.status_code == status
    assert missing_guards(answer) == []


def test_guards_stand_on_an_answer_to_another_host(client: Client) -> None:
    answer = client.get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert b"evil.example" not in answer.content
    assert missing_guards(answer) == []


def test_guards_stand_on_an_expired_form() -> None:
    answer = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "a@example.org"})
    assert answer.status_code == 403
    assert missing_guards(answer) == []


def _static(client: Client, path: str) -> HttpResponseBase:
    """Ask for a file, and close it."""
    answer = client.get(path)
    answer.close()
    return answer


def test_static_files_carry_guards_and_no_session(client: Client) -> None:
    for path in ("/static/ui/css/base.css", "/static/ui/js/keep.js", "/static/ui/mark.svg"):
        answer = _static(client, path)
        assert answer.status_code == 200
        assert not answer.cookies
        if not path.endswith(".svg"):
            assert answer["Content-Type"].endswith('; charset="utf-8"'), path
        # A drawing opened by itself is a page, too.
        assert missing_guards(answer, dynamic=False) == []


def test_static_files_reach_nothing_outside_their_folder(client: Client) -> None:
    for path in ("/static/../manage.py", "/static/%2e%2e/manage.py", "/static/ui/../../../pyproject.toml", "/static/"):
        assert _static(client, path).status_code in {403, 404}, path


def test_styles_and_scripts_load_nothing_from_elsewhere() -> None:
    files = [path for path in ROOT.glob("src/mentornet/web/**/static/**/*") if path.suffix in {".css", ".js"}]
    assert len(files) > 10
    loads = re.compile(r"(?:url\(\s*['\"]?|@import\s+['\"]|import\s[^;]*?['\"]|fetch\(\s*['\"])(?:https?:)?//")
    assert [_named(path) for path in files if loads.search(path.read_text(encoding="utf-8"))] == []
    assert loads.search("@import '//fonts.example/a.css'")


def _named(path: Path) -> str:
    return str(path.relative_to(ROOT))


STRICT: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; {}"
)
STRICT_POLICY: Final = STRICT.format("frame-ancestors 'none'")


@pytest.mark.parametrize(
    "policy",
    [
        "",
        STRICT.format(""),
        STRICT_POLICY.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'"),
        STRICT_POLICY.replace("script-src 'self'", "script-src 'self' 'unsafe-eval'"),
        STRICT_POLICY.replace("script-src 'self'", "script-src https://cdn.example"),
        STRICT_POLICY.replace("style-src 'self'", "style-src cdn.example"),
        STRICT_POLICY.replace("default-src 'none'", "default-src *"),
        STRICT_POLICY.replace("object-src 'none'; ", ""),
        STRICT_POLICY.replace("base-uri 'none'", "base-uri 'self'"),
    ],
)
def test_weak_policy_is_found(policy: str) -> None:
    assert policy_faults(STRICT_POLICY) == []
    assert policy_faults(policy)
    assert missing_guards(HttpResponse(headers={"Content-Security-Policy": policy}))


def test_third_party_is_found() -> None:
    page = '<a href="https://b.example">b</a><img src="//c.example/i.png"><script src="/a.js"></script>'
    assert list(third_parties(page)) == ["<img src=//c.example/i.png>"]


# Cookies ------------------------------------------------------------------------------------------------------------


def test_cookies_are_closed_to_scripts_and_other_sites(crossing: Crossing) -> None:
    client = Client()
    answer = client.get(reverse("account_login"))
    user = crossing.world.users["coordinator here"]
    assert user is not None
    answer2 = client.post(reverse("account_login"), {"login": email_of(user), "password": PASSWORD})
    cookies = {**answer.cookies, **answer2.cookies}
    assert {"session", "csrf"} <= set(cookies)
    for name, morsel in cookies.items():
        assert morsel["httponly"], name
        assert morsel["samesite"] in {"Lax", "Strict"}, name
        assert not morsel["domain"], name
    # The session's ends with the browser.
    assert not cookies["session"]["max-age"]
    assert not cookies["session"]["expires"]


def test_cookies_are_secure_behind_https(crossing: Crossing, settings: Settings) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.LANGUAGE_COOKIE_SECURE = True
    client = Client()
    user = crossing.world.users["coordinator here"]
    assert user is not None
    answers = [
        client.get(reverse("account_login"), secure=True),
        client.post(reverse("account_login"), {"login": email_of(user), "password": PASSWORD}, secure=True),
        client.post(reverse("set_language"), {"language": "da"}, secure=True),
    ]
    seen = {name: morsel["secure"] for answer in answers for name, morsel in answer.cookies.items()}
    assert {"session", "csrf", "django_language"} <= set(seen)
    assert all(seen.values()), seen


SETTINGS: Final = """
import json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "mentornet.config.settings"
from django.conf import settings
print(json.dumps([[settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_PATH,
    settings.SESSION_COOKIE_DOMAIN], [settings.CSRF_COOKIE_NAME, settings.CSRF_COOKIE_SECURE, settings.CSRF_COOKIE_PATH,
    settings.CSRF_COOKIE_DOMAIN], [settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_COOKIE_SECURE,
    settings.LANGUAGE_COOKIE_PATH, settings.LANGUAGE_COOKIE_DOMAIN]]))
"""


@pytest.mark.parametrize(("https", "prefix"), [("yes", "__Host-"), ("no", "")])
def test_cookies_behind_https_are_of_this_very_host(tmp_path: Path, https: str, prefix: str) -> None:
    # A browser refuses a cookie of such a name without Secure, with a domain, or for a part of the site alone.
    environment = os.environ | {"MENTORNET_HTTPS": https, "MENTORNET_DATA": str(tmp_path)}
    said = subprocess.run(
        [sys.executable, "-c", SETTINGS], check=True, capture_output=True, text=True, env=environment
    ).stdout
    cookies = json.loads(said)
    assert [name for name, *_ in cookies] == [f"{prefix}session", f"{prefix}csrf", f"{prefix}django_language"]
    assert [rest for _, *rest in cookies] == [[https == "yes", "/", None]] * 3
