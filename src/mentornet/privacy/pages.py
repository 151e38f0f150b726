"""The readable pages of somebody's own copy: plain files that any browser opens, without a network and years later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from mentornet.privacy import wording
from mentornet.privacy.telling import Why
from mentornet.privacy.wording import Page, Section

_STYLE: Final = SafeString(
    ":root{color-scheme:light dark}"
    "body{font:1.05rem/1.6 system-ui,sans-serif;margin:0 auto;max-inline-size:46rem;padding:1.5rem 1rem 4rem}"
    "h1{font-size:1.7rem;line-height:1.25}h2{font-size:1.25rem;margin-block-start:2.5rem}"
    "nav ul{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.5rem 1.25rem}"
    "article{border-block-start:1px solid GrayText;padding-block:.75rem}"
    "dl{margin:0}dt{font-weight:600}dd{margin:0 0 .6rem;overflow-wrap:anywhere;white-space:pre-line}"
    "li{margin-block:.35rem}a{color:inherit}small{opacity:.8}"
)


def pages_of(copy: Any) -> dict[str, str]:
    """Return the pages by file name, in the language of the copy."""
    with translation.override(copy.language):
        pages = {"index.html": _document(copy, str(wording.TITLE), _start(copy), is_start=True)}
        for page in wording.PAGES:
            pages[f"{page.name}.html"] = _document(copy, str(page.title), _sections(copy, page))
        pages["looks.html"] = _document(copy, str(wording.LOOKS), _looks(copy))
    return pages


def _document(copy: Any, title: str, content: SafeString, *, is_start: bool = False) -> str:
    back = SafeString() if is_start else format_html('<p><a href="index.html">{}</a></p>', wording.TITLE)
    return format_html(
        '<!doctype html>\n<html lang="{}" dir="{}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        "<title>{}</title><style>{}</style></head>\n<body>{}<h1>{}</h1>\n{}</body></html>\n",
        copy.language,
        "rtl" if translation.get_language_bidi() else "ltr",
        title,
        _STYLE,
        back,
        title,
        content,
    )


def _start(copy: Any) -> SafeString:
    day = date_format(timezone.localdate(copy.made_at), "DATE_FORMAT")
    said = wording.INTRODUCTION % {"day": day}
    links = [(f"{page.name}.html", page.title) for page in wording.PAGES] + [("looks.html", wording.LOOKS)]
    reasons = {Why(one) for one in copy.withheld.values()} | {Why.CONFIDENCE}
    return format_html(
        "<p><bdi>{}</bdi></p><p>{}</p><h2>{}</h2><ul>{}</ul><p>{}</p><p>{}</p><h2>{}</h2><ul>{}</ul>",
        copy.name,
        said,
        wording.CONTENTS,
        format_html_join("", '<li><a href="{}">{}</a></li>', links),
        wording.MACHINES,
        wording.RIGHTS,
        wording.NOT_HERE,
        format_html_join("", "<li>{}</li>", ((wording.WITHHELD[why],) for why in Why if why in reasons)),
    )


def _sections(copy: Any, page: Page) -> SafeString:
    told = [(section, copy.rows.get(section.model, [])) for section in page.sections]
    parts = [_section(section, rows) for section, rows in told if rows]
    return _joined(parts) if parts else format_html("<p>{}</p>", wording.NOTHING)


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("\n", "{}", ((part,) for part in parts))


def _section(section: Section, rows: Iterable[Mapping[str, Any]]) -> SafeString:
    articles = [article for row in rows if (article := _article(section, row))]
    return format_html("<section><h2>{}</h2>{}</section>", section.title, _joined(articles))


def _article(section: Section, row: Mapping[str, Any]) -> SafeString:
    facts = []
    for name, label in section.columns.items():
        value = row.get(name)
        # Of the two in a pair the other one is named; she herself stands there as a key.
        is_herself = name in {"mentee", "mentor"} and _is_key(value)
        if value not in (None, "", [], {}, ()) and not is_herself:
            facts.append((label, _said(section.model, name, value)))
    lines = format_html_join("", '<dt>{}</dt><dd dir="auto">{}</dd>', facts)
    return format_html("<article><dl>{}</dl></article>", lines) if facts else SafeString()


def _is_key(value: object) -> bool:
    return isinstance(value, str) and len(value) == 36 and value.count("-") == 4


def _said(model: str, name: str, value: Any) -> Any:
    if (model, name) == ("intake.Consent", "purpose"):
        return wording.PURPOSES.get(value, value)
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, dict):
        return format_html_join("\n", "{}", ((one,) for one in value.values() if one))
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    return value


def _looks(copy: Any) -> SafeString:
    rows = (
        (
            date_format(timezone.localtime(one["at"]), "DATETIME_FORMAT"),
            wording.WHO[one["who"]],
            wording.KINDS[one["kind"]],
        )
        for one in copy.looks
    )
    listed = format_html_join("", "<li>{} · {}: {}</li>", rows)
    return format_html("<p>{}</p><ul>{}</ul>", wording.LOOKS_SAY, listed)
