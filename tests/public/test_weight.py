"""What a page weighs: its own styles and scripts, packed as they travel, are at most 60 kB; painting waits for one."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import brotli  # type: ignore[import-untyped]  # it ships no types
import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from entering import sign_in_participant
from factories.django_rows import AT, make_division, make_enrolment
from mentornet.common.actors import System
from mentornet.learning.services import install_shipped

pytestmark = pytest.mark.django_db

MOST: Final = 60_000
PACKED: Final[dict[str, Callable[[bytes], bytes]]] = {
    "brotli": lambda content: brotli.compress(content, quality=11),
    "gzip": lambda content: gzip.compress(content, 9),
}
_LINKS: Final = re.compile(r'<link rel="stylesheet" href="/static/([^"?]+)"|<script[^>]* src="/static/([^"?]+)"')
_SHEETS: Final = re.compile(r'<link rel="stylesheet"(?![^>]*media="print")[^>]*>')
_SCRIPTS: Final = re.compile(r"<script(?=[^>]* src=)(?![^>]* (?:type=\"module\"|defer|async))[^>]*>")
_IMPORTS: Final = re.compile(r"""(?:^|[;\n])\s*import\s[^'"]*['"](\.[^'"]+)['"]""")


def imported(name: str, content: str) -> list[str]:
    """Return the names of the scripts that a script takes in."""
    return [str((Path("/") / name).parent.joinpath(found).resolve())[1:] for found in _IMPORTS.findall(content)]


def files_of(html: str) -> dict[str, bytes]:
    """Return a page's styles and scripts, and what these take in, by name."""
    wanted = [one or other for one, other in _LINKS.findall(html)]
    found: dict[str, bytes] = {}
    while wanted:
        name = wanted.pop()
        place = finders.find(name)
        assert isinstance(place, str), name
        if name not in found:
            found[name] = Path(place).read_bytes()
            wanted += imported(name, found[name].decode()) if name.endswith(".js") else []
    return found


def weights(html: str) -> dict[str, int]:
    """Return what a page's styles and scripts weigh, by how they are packed."""
    files = files_of(html)
    return {name: sum(len(pack(content)) for content in files.values()) for name, pack in PACKED.items()}


def waited_for(html: str) -> list[str]:
    """Return what a browser must have before it paints anything."""
    return _SHEETS.findall(html) + _SCRIPTS.findall(html)


def public(client: Client) -> Iterator[tuple[str, str]]:
    division = make_division("Odense")
    for name, arguments in (
        ("home", {}),
        ("mentee", {}),
        ("mentor", {}),
        ("divisions", {}),
        ("division", {"division_id": division.pk}),
        ("handbook", {"role": "mentee"}),
        ("handbook_chapter", {"role": "mentor", "slug": "finding-time"}),
        ("handbook_whole", {"role": "mentor"}),
        ("apply", {"role": "mentee"}),
    ):
        with translation.override("ar"):
            yield name, client.get(reverse(f"public:{name}", kwargs=arguments), follow=True).content.decode()


def portal() -> Iterator[tuple[str, str]]:
    mentor = make_enrolment("mentor", make_division("Aarhus"), enrolment={"briefed_on": None})
    hers = sign_in_participant(mentor.person)
    for name in ("home", "profile", "training", "reading", "security"):
        try:
            yield name, hers.get(reverse(f"portal:{name}")).content.decode()
        except NoReverseMatch:
            continue


def test_page_s_styles_and_scripts_weigh_little(client: Client) -> None:
    install_shipped(by=System("tests", AT))
    found = {name: weights(html) for name, html in (*public(client), *portal())}
    assert len(found) > 10
    for name, by_packing in found.items():
        assert min(by_packing.values()) > 5_000, name
        assert max(by_packing.values()) <= MOST, (name, by_packing)


def test_painting_waits_for_one_file(client: Client) -> None:
    install_shipped(by=System("tests", AT))
    found = {name: waited_for(html) for name, html in (*public(client), *portal())}
    assert len(found) > 10
    assert {name: len(files) for name, files in found.items()} == dict.fromkeys(found, 1)


def test_few_files_are_asked_for_at_once(client: Client) -> None:
    # A browser asks a server for six at a time; a seventh would wait for a whole way there and back.
    install_shipped(by=System("tests", AT))
    found = {name: len(files_of(html)) for name, html in (*public(client), *portal())}
    assert max(found.values()) <= 5, found


def test_what_painting_waits_for_is_found() -> None:
    # The control: the desk is worked in over a line, and asks for each layer.
    page = render_to_string("ui/404.html")
    assert len(waited_for(page)) > 1
    assert waited_for('<script src="/static/a.js"></script><script type="module" src="/b.js"></script>') == [
        '<script src="/static/a.js">'
    ]
    assert waited_for('<link rel="stylesheet" href="/a.css" media="print">') == []


def test_heavy_page_is_found() -> None:
    # The control: letters written into the styles would go beyond it; they travel by themselves, as what they are.
    links = "".join(
        f'<link rel="stylesheet" href="/static/vendor/fonts/{name}.woff2">'
        for name in ("inter-latin-wght-normal", "vazirmatn-arabic-wght-normal")
    )
    assert min(weights(links).values()) > MOST


def test_what_a_script_takes_in_is_weighed() -> None:
    script = 'import {a} from "./b.js";\nimport "../c.js";\nconst d = "import no from \'./e.js\'";'
    assert imported("ui/js/a.js", script) == ["ui/js/b.js", "ui/c.js"]
