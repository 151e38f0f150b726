"""Whether what somebody writes is her name, as a person would say, not as a machine would."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from mentornet.common.ordering import folded

_PARTS: Final = re.compile(r"[^\W\d_]+")
_ARTICLE: Final = "ال"
_LONGER_THAN_ARTICLE: Final = 4
# Letters for which many keyboards have others: Danish ones, strokes that no decomposition takes away, hamza on its
# seats, the Arabic and the Persian yeh and kaf; and signs that few type: tatweel, joiners, apostrophes, soft signs.
_SAME: Final = str.maketrans(
    {"æ": "ae", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i", "ґ": "г",
     "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ۀ": "ه", "ؤ": "و", "ئ": "ي",
     "ء": "", "ـ": "", "\u200c": " ", "\u200d": "", "’": "", "‘": "", "ʼ": "", "'": "", "`": ""}
)  # fmt: skip
_DIGRAPHS: Final = (("aa", "a"), ("oe", "o"))
"""How Danish å and ø are written where a keyboard has neither."""


def _parts(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", text).casefold().translate(_SAME))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign)).translate(_SAME)
    for two, one in _DIGRAPHS:
        plain = plain.replace(two, one)
    found = _PARTS.findall(plain)
    return [part.removeprefix(_ARTICLE) if len(part) > _LONGER_THAN_ARTICLE else part for part in found]


def is_name(typed: str, *, first_name: str, last_name: str) -> bool:
    """Tell whether what was typed is somebody's name, in the letters in which it is stored.

    Case, accents, hyphens, spaces and the order of the parts do not matter, nor a name too many that is not stored,
    nor a middle name left out: one of her first names and one of her last names are her name. A first name alone is
    not, where a last name is stored. A name in other letters than the stored ones is not either, since nobody can
    tell whose it is: whoever asks shows the stored name above the field.
    """
    first, last, words = _parts(first_name), _parts(last_name), _parts(typed)
    stored, given = {*first, *last}, set(words)
    if not stored:
        return folded(typed) == folded(f"{first_name} {last_name}")
    joined = "".join(words)
    if stored <= given or joined in {"".join((*first, *last)), "".join((*last, *first))}:
        return True
    return given <= stored and bool(given & set(first)) and (not last or bool(given & set(last)))
