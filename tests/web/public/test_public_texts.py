"""What stands on public pages is what the participants' languages are given to translate."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from pathlib import Path
from typing import Final

import django
import pytest
from babel.messages.pofile import read_po
from django.test import Client

from mentornet.config.mirrored import CLOSES, OPENS
from text_extraction import ROOT
from web.public.network import Site
from web.public.reading import PAGES, address

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_moment")]
OURS: Final = ROOT / "src/mentornet/locale/participants.pot"
DJANGOS: Final = Path(django.__file__).parent / "conf/locale/da/LC_MESSAGES/django.po"
INNERMOST: Final = re.compile(f"{OPENS}([^{OPENS}{CLOSES}]*){CLOSES}")


@cache
def known() -> re.Pattern[str]:
    """Return what a translated text looks like, its values filled in: the participants', and Django's dates."""
    patterns = []
    for path in (OURS, DJANGOS):
        with path.open("rb") as file:
            for entry in read_po(file):
                texts = (entry.id,) if isinstance(entry.id, str) else entry.id
                patterns += [
                    ".*".join(re.escape(part) for part in parts)
                    for parts in (re.split(r"%\(\w+\)[sd]", text) for text in texts)
                    # A text of nothing but values would pass for every other one.
                    if any(sign.isalpha() for part in parts for sign in part)
                ]
    return re.compile("|".join(patterns), re.DOTALL)


def from_elsewhere(html: str) -> list[str]:
    """Return the translated texts of a page in the mirrored language that are not the participants'."""
    html, strange = unescape(html), []
    while found := INNERMOST.search(html):
        if not known().fullmatch(found.group(1)):
            strange.append(found.group(1))
        html = f"{html[: found.start()]}{found.group(1)}{html[found.end() :]}"
    return strange


@pytest.mark.parametrize("which", PAGES)
def test_page_shows_participants_texts_alone(client: Client, site: Site, which: str) -> None:
    # Red? A text comes from a file that tests/text_extraction.py does not name among PARTICIPANTS.
    html = client.get(address(which, "xb", site.odense)).content.decode()
    assert html.count(OPENS) > 10
    assert from_elsewhere(html) == []


@pytest.mark.usefixtures("site")
def test_missing_page_shows_participants_texts_alone(client: Client) -> None:
    html = client.get("/xb/nothing/").content.decode()
    assert OPENS in html
    assert from_elsewhere(html) == []


def test_text_from_the_desk_would_be_found() -> None:
    assert from_elsewhere(f"<p>{OPENS}Get a mentor{CLOSES} {OPENS}Waiting list{CLOSES}</p>") == ["Waiting list"]
