"""The public pages, and what of a page a test looks at."""

from __future__ import annotations

import re
from typing import Final

from django.urls import reverse
from django.utils import translation

from mentornet.divisions.models import Division

LANGUAGES: Final = {"da": "ltr", "en": "ltr", "ar": "rtl", "fa": "rtl", "uk": "ltr"}
"""The languages of the public site, and which way each runs."""
PAGES: Final = (
    *("home", "mentee", "mentor", "contact_person", "divisions", "privacy", "accessibility", "handbooks"),
    *("division", "handbook mentee", "handbook mentor", "found", "nothing found", "whole", "chapter"),
)


def address(page: str, language: str, division: Division) -> str:
    """Return where a page of ``PAGES`` is."""
    name, _, role = page.partition(" ")
    with translation.override(language):
        match name, role:
            case "division", _:
                return reverse("public:division", kwargs={"division_id": division.pk})
            case "handbook", _:
                return reverse("public:handbook", kwargs={"role": role})
            case "found", _:
                return reverse("public:handbook", kwargs={"role": "mentee"}) + "?q=time"
            case "nothing", _:
                return reverse("public:handbook", kwargs={"role": "mentee"}) + "?q=zzzzzz"
            case "whole", _:
                return reverse("public:handbook_whole", kwargs={"role": "mentor"})
            case "chapter", _:
                return reverse("public:handbook_chapter", kwargs={"role": "mentee", "slug": "time"})
        return reverse(f"public:{name}")


def opening(html: str) -> str:
    """Return the page's first tag."""
    found = re.search(r"<html[^>]*>", html)
    assert found
    return found.group()


def alternates(html: str) -> dict[str, str]:
    """Return where the page says that it is in other languages."""
    return dict(re.findall(r'<link rel="alternate" hreflang="(\w+)" href="([^"]+)">', html))


def words(html: str) -> str:
    """Return a page's text, spaces made one."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())
