"""The front ends: no queries of their own, templates of their own, nothing inline, styles that can be mirrored."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Final

import pytest

from sources import ROOT, SOURCES, TEMPLATES, named

WEB: Final = ROOT / "src/mentornet/web"
STYLES: Final = sorted(path for path in ROOT.glob("src/**/*.css") if "vendor" not in path.parts)
MANAGERS: Final = frozenset({"objects", "_default_manager", "_base_manager"})
SIGNALS: Final = re.compile(r"^\s*(?:from|import)\s+django\.(?:dispatch|(?:\w+\.)+signals)\b", re.MULTILINE)


def managers_in(code: str) -> list[int]:
    """Return the lines that ask the database past the apps' queries."""
    return [
        node.lineno for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Attribute) and node.attr in MANAGERS
    ]


def test_front_ends_read_through_the_apps_queries() -> None:
    views = [path for path in SOURCES if path.is_relative_to(WEB)]
    assert len(views) > 10
    found = [f"{named(path)}:{line}" for path in views for line in managers_in(path.read_text(encoding="utf-8"))]
    assert found == []
    assert managers_in("def rows():\n    return Person.objects.all()\n") == [2]


def test_signals_are_heard_in_receivers_alone() -> None:
    # Ruff lets web speak HTTP, and cannot ban signals there apart from it.
    found = [
        named(path) for path in SOURCES if path.stem != "receivers" and SIGNALS.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
    assert SIGNALS.search("from django.db.models.signals import post_save")
    assert SIGNALS.search("from django.dispatch import receiver")
    assert not SIGNALS.search("from django.db.models import Q")


# Templates ----------------------------------------------------------------------------------------------------------

USES: Final = re.compile(r"\{%-?\s*(extends|include)\s+(\S+)")
UI: Final = WEB / "ui/templates"


def folder_of(template: Path) -> Path:
    """Return the folder of templates in which it lies."""
    return next(parent for parent in template.parents if parent.name == "templates")


def wrong_uses(template: Path, text: str) -> list[str]:
    """Return what a template takes from elsewhere than its own front end and the components."""
    wrong = []
    for _, name in USES.findall(text):
        literal = re.fullmatch(r"""(["'])([^"']+)\1""", name)
        places = (folder_of(template), UI)
        if not literal or not any((place / literal.group(2)).is_file() for place in places):
            wrong.append(f"{named(template)}: {name}")
    return wrong


def test_templates_take_from_their_own_front_end_and_the_components() -> None:
    assert len(TEMPLATES) > 30
    assert [use for path in TEMPLATES for use in wrong_uses(path, path.read_text(encoding="utf-8"))] == []


def test_template_of_another_front_end_is_found() -> None:
    page = UI / "ui/page.html"
    assert wrong_uses(page, '{% extends "ui/base.html" %}{% include "ui/404.html" with a=b only %}') == []
    assert len(wrong_uses(page, '{% extends "desk/today.html" %}{% include "admin/base.html" %}')) == 2
    assert len(wrong_uses(page, "{% include part %}")) == 1


COMMENT: Final = re.compile(r"\{#.*?#\}|\{% comment.*?endcomment %\}", re.DOTALL)
INLINE: Final = {
    "style": re.compile(r"<style\b|<[^>]*\sstyle\s*=", re.IGNORECASE),
    "script": re.compile(r"<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE),
    "handler": re.compile(r"<[^>]*\s(?:on[a-z]+|hx-on[\w:-]*)\s*=", re.IGNORECASE),
    "evaluated": re.compile(r"""hx-(?:vals|headers)\s*=\s*["']js:""", re.IGNORECASE),
}


def inline_in(text: str) -> list[str]:
    """Return the kinds of inline code in a template: the content security policy lets none of it through."""
    # Values may hold ">", which would end the tag too early.
    plain = re.sub(r"\{[{%].*?[%}]\}", "x", COMMENT.sub("", text), flags=re.DOTALL)
    return [kind for kind, pattern in INLINE.items() if pattern.search(plain)]


def test_templates_hold_nothing_inline() -> None:
    found = {named(path): inline_in(path.read_text(encoding="utf-8")) for path in TEMPLATES}
    assert {name: kinds for name, kinds in found.items() if kinds} == {}


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("<p>on=this</p><button data-on='x' class='a'>", []),
        ("<script type='module' src='{% static 'a.js' %}'></script>", []),
        ("{# <style> #}<p>", []),
        ("<style>p {}</style>", ["style"]),
        ('<p class="{% if a > b %}c{% endif %}" style="color: red">', ["style"]),
        ("<script>alert(1)</script>", ["script"]),
        ('<a href="javascript:void(0)">', ["script"]),
        ('<a\n  onclick="go()">', ["handler"]),
        ('<a hx-on:click="go()">', ["handler"]),
    ],
)
def test_inline_code_is_found(text: str, kinds: list[str]) -> None:
    assert inline_in(text) == kinds


# Styles -------------------------------------------------------------------------------------------------------------

SIDE: Final = r"(?:left|right|top|bottom)"
PHYSICAL: Final = re.compile(
    rf"""(?<![\w-])(?:
        (?:margin|padding|scroll-margin|scroll-padding)-{SIDE}\s*:
        | border-{SIDE}(?:-\w+)?\s*: | border-(?:top|bottom)-(?:left|right)-radius\s*:
        | {SIDE}\s*: | (?:float|clear|text-align|caption-side)\s*:\s*(?:left|right)
        | (?:min-|max-)?(?:width|height)\s*:
    )""",
    re.VERBOSE,
)


def physical_in(css: str) -> list[str]:
    """Return the properties that would not turn with the direction of writing."""
    # What a media query asks about the window and the paper has no logical name.
    plain = re.sub(r"/\*.*?\*/|@(?:media|container)[^{]*", "", css, flags=re.DOTALL)
    return [found.group() for found in PHYSICAL.finditer(plain)]


def test_styles_use_logical_properties_only() -> None:
    assert len(STYLES) > 5
    found = {named(path): physical_in(path.read_text(encoding="utf-8")) for path in STYLES}
    assert {name: properties for name, properties in found.items() if properties} == {}


@pytest.mark.parametrize(
    "rule",
    [
        *("margin-left: 0", "border-right: 0", "border-top-left-radius: 0", "left: 0"),
        *("float: right", "text-align: left", "max-width: 3em"),
    ],
)
def test_physical_property_is_found(rule: str) -> None:
    assert physical_in(f"p {{ {rule} }}")
    assert not physical_in(
        "p { margin-inline-start: 0; inset-block-start: 0; text-align: start; max-inline-size: 3em }"
    )
    assert not physical_in("@media (min-width: 40em) { p { border-start-start-radius: 0; line-height: 1 } }")
