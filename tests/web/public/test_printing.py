"""Articles on paper: each has a way to a page that prints, which needs no JavaScript."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import find
from django.test import Client

from web.public.network import Site
from web.public.reading import address

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_moment")]

ARTICLES = ("mentee", "mentor", "contact_person", "privacy", "accessibility", "division", "whole", "chapter")


@pytest.mark.parametrize("which", ARTICLES)
def test_article_is_printed_without_what_stands_around_it(client: Client, site: Site, which: str) -> None:
    url = address(which, "en", site.odense)
    on_screen = client.get(url).content.decode()
    assert '<a href="?print=1" rel="nofollow">' in on_screen
    assert '<header class="site-head">' in on_screen
    paper = client.get(f"{url}?print=1").content.decode()
    assert "Use your browser to print this page." in paper
    assert f'<a href="{url}">Back to the page</a>' in paper
    for around in ("site-head", "site-foot", "site-menu", "?print=1"):
        assert f'"{around}"' not in paper
    assert on_screen.partition("<article")[2].partition("</article>")[0].strip()
    assert paper.count("<article") == on_screen.count("<article")


def test_head_and_foot_of_the_site_are_not_printed() -> None:
    found = find("public/css/public.css")
    assert isinstance(found, str)
    printed = Path(found).read_text().partition("@media print")[2]
    hidden = re.search(r"([^{}]+)\{\s*display: none;", printed)
    assert hidden is not None
    assert {".site-head", ".site-foot"} <= {one.strip(" \n{") for one in hidden[1].split(",")}
