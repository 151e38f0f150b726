"""Styles, scripts and vendored files: only logical properties, nothing inline, nothing unknown."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

UI: Final = Path(__file__).parents[3] / "src/mentornet/web/ui"
STATIC: Final = UI / "static"
CSS: Final = sorted((STATIC / "ui/css").glob("*.css"))
STYLES: Final = [*CSS, *sorted(UI.parent.glob("public/static/*/css/*.css"))]
"""The layers, and what the public site adds to them."""
TEMPLATES: Final = sorted((UI / "templates").rglob("*.html"))
PHYSICAL: Final = re.compile(
    r"(?:^|[\s;{])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right|top|bottom)"
    r"|left|right|top|bottom|width|height|(?:min|max)-(?:width|height)|float|clear|inset)\s*:"
    r"|text-align:\s*(?:left|right)"
)
COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
# Conditions on the window, and the font files' own names, are not about the page's direction.
MEDIA: Final = re.compile(r"@media[^{]*")


def physical_properties(css: str) -> list[str]:
    return [found.group().strip() for found in PHYSICAL.finditer(MEDIA.sub("", COMMENT.sub("", css)))]


def test_the_six_layers_are_there() -> None:
    assert set(CSS) < set(STYLES)
    assert {path.stem for path in CSS} == {
        *("tokens", "base", "layout", "components", "utilities", "print"),
        # What is printed for people to keep: pages and PDF of their own.
        *("paper", "paper-pdf", "pdf-fonts"),
    }


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.stem)
def test_styles_use_logical_properties(path: Path) -> None:
    assert physical_properties(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "css", ["a { margin-left: 1px }", "a{left:0}", "a { text-align: left }", "a {\n  width: 3px }"]
)
def test_a_physical_property_is_found(css: str) -> None:
    assert len(physical_properties(css)) == 1


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.stem)
def test_styles_can_be_read_by_a_browser_of_2020(path: Path) -> None:
    css = COMMENT.sub("", path.read_text(encoding="utf-8"))
    # What stands behind such a question is for newer browsers alone, and says what older ones do without.
    css = re.sub(r"^@supports selector\(:has\(\S+\)\) \{$.*?^\}$", "", css, flags=re.MULTILINE | re.DOTALL)
    unfit = [word for word in ("@layer", "@container", ":has(", ":is(", ":where(", "&:", "color-mix(") if word in css]
    assert unfit == []
    guarded = css.split("@supports (color: light-dark(")
    assert "light-dark(" not in guarded[0]


def tokens_in(css: str, start: str) -> set[str]:
    block = css[css.index(start) :]
    return set(re.findall(r"^\s+(--[a-z-]+): (?:#|light-dark)", block[: block.index("\n}\n")], re.MULTILINE))


def test_every_colour_is_there_plain_and_dark_and_modern() -> None:
    css = (STATIC / "ui/css/tokens.css").read_text(encoding="utf-8")
    plain = tokens_in(css, ":root {")
    assert len(plain) > 20
    assert tokens_in(css, "@media screen and (prefers-color-scheme: dark)") == plain
    assert tokens_in(css, "@supports (color: light-dark(") == plain


def test_every_custom_property_in_use_is_defined() -> None:
    css = "\n".join(path.read_text(encoding="utf-8") for path in STYLES)
    defined = set(re.findall(r"(--[\w-]+)\s*:", css))
    assert set(re.findall(r"var\((--[\w-]+)", css)) - defined == set()


def test_nothing_is_inline() -> None:
    inline = re.compile(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)")
    assert {path.name: inline.findall(path.read_text(encoding="utf-8")) for path in TEMPLATES} == {
        path.name: [] for path in TEMPLATES
    }


def icons_in_use() -> Iterator[str]:
    named = re.compile(r"""{%\s*icon\s+"([\w-]+)"|\bicon="([\w-]+)\"""")
    for path in TEMPLATES:
        for found in named.finditer(path.read_text(encoding="utf-8")):
            yield found.group(1) or found.group(2)
    for name in ("context.py", "samples.py", "templatetags/ui.py"):
        source = (UI / name).read_text(encoding="utf-8")
        yield from re.findall(r'"icon": "([\w-]+)"', source)
        yield from re.findall(r'\("desk:\w+", "([\w-]+)"', source)


def test_every_icon_in_use_is_in_the_sprite() -> None:
    sprite = (STATIC / "vendor/icons/icons.svg").read_text(encoding="utf-8")
    used = set(icons_in_use())
    assert len(used) > 20
    assert used - set(re.findall(r'<symbol id="([\w-]+)"', sprite)) == set()


def test_vendored_files_are_what_their_list_says() -> None:
    vendor = STATIC / "vendor"
    listed = {}
    for line in (vendor / "VERSIONS").read_text(encoding="utf-8").splitlines():
        checksum, name, package, licence = line.split()
        listed[name] = checksum
        assert "@" in package[1:]
        assert licence in {"OFL-1.1", "ISC"}
    found = {
        path.relative_to(vendor).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in vendor.rglob("*")
        if path.is_file() and path.name != "VERSIONS"
    }
    assert found == listed


def test_every_script_is_linked_and_stores_nothing_beyond_the_tab() -> None:
    linked = (UI / "templates/ui/components/_scripts.html").read_text(encoding="utf-8")
    for path in sorted((STATIC / "ui/js").glob("*.js")):
        assert f"ui/js/{path.name}" in linked
        assert "localStorage" not in path.read_text(encoding="utf-8")


def test_partials_say_what_they_take() -> None:
    partials = sorted((UI / "templates/ui/components").glob("_*.html"))
    assert len(partials) > 30
    assert [path.name for path in partials if not path.read_text(encoding="utf-8").startswith("{% comment %}")] == []
