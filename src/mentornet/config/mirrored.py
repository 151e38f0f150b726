"""A language for tests: every translated text stands between ⟦ and ⟧, and pages run from right to left.

What stands outside the brackets has not been translated; what runs from left to right has not been mirrored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import allauth
import django
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import locale

CODE: Final = "xb"
OPENS, CLOSES = "⟦", "⟧"
# Django takes these apart at their commas.
_LISTS: Final = re.compile(r"[\w ]+(?:,[\w ]+)+")


def mirrored(text: str) -> str:
    """Return a text as the mirrored language has it; placeholders stay what they are."""
    if _LISTS.fullmatch(text) and ", " not in text:
        return ",".join(f"{OPENS}{word}{CLOSES}" for word in text.split(","))
    return f"{OPENS}{text}{CLOSES}" if any(sign.isalpha() for sign in text) else text


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, domain="django")


def _catalogues(own: Path) -> Iterator[Catalog]:
    # A library's text counts as translated when it is in Danish.
    for library in (Path(django.__file__).parent, Path(allauth.__file__).parent):
        for path in sorted(library.glob("**/locale/da/LC_MESSAGES/django.po")):
            yield _read(path)
    if own.exists():
        yield _read(own)


def write_catalogue(own: Path, folder: Path) -> None:
    """Write the mirrored catalogue of our texts and of the libraries' into a folder of locales.

    Args:
        own: our texts, as extracted (``django.pot``).
        folder: gets ``xb/LC_MESSAGES/django.mo``.
    """
    catalogue = Catalog(locale="en", domain="django", charset="utf-8")
    for source in _catalogues(own):
        for message in source:
            if not message.id or not (source.locale is None or message.string):
                continue
            texts = message.id
            shown = mirrored(texts) if isinstance(texts, str) else tuple(mirrored(text) for text in texts)
            catalogue.add(texts, shown, context=message.context)
    path = folder / CODE / "LC_MESSAGES" / "django.mo"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_mo(file, catalogue)


def install() -> None:
    """Tell Django of the language."""
    locale.LANG_INFO[CODE] = {"bidi": True, "code": CODE, "name": "Mirrored", "name_local": "derorriM"}
