"""What stands in the reference lists as pages say it: languages, topics, parts of the day."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Final

from babel import Locale
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext_lazy

from mentornet.common.ordering import danish_key
from mentornet.common.spoken import reference_language
from reference import languages
from reference.slots import Part
from reference.topics import Topic
from reference.translation import Language

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

_CODE_LENGTH: Final = 2
_THREE_LETTERS: Final = frozenset({"aii", "ckb", "cld", "dsl", "haz", "kmr", "prs", "rom", "zza"})
"""Languages of the network whose codes have three letters; a rarer one comes with a spreadsheet."""

PARTS: Final[Mapping[Part, _StrOrPromise]] = {
    Part.MORNING: pgettext_lazy("part of a day", "Morning"),
    Part.AFTERNOON: pgettext_lazy("part of a day", "Afternoon"),
    Part.EVENING: pgettext_lazy("part of a day", "Evening"),
}


def said(text: str, language: str = "") -> SafeString:
    """Mark words with the language they are in, which may not be the page's; else that of the reference lists."""
    return format_html('<span lang="{}">{}</span>', language or reference_language(), text) if text else SafeString()


def upper_first(text: str) -> str:
    """Return words as they stand at the beginning of a line; what follows keeps its letters."""
    return text[:1].upper() + text[1:]


@cache
def languages_by_name(language: Language) -> Mapping[str, str]:
    """Return the languages that can be chosen, by code, in the order of their names."""
    codes = {str(code) for code in Locale("en").languages if languages.find(str(code)) == code}
    codes = {code for code in codes if len(code) == _CODE_LENGTH} | _THREE_LETTERS
    named = {code: upper_first(languages.name(code, language)) for code in codes}
    return dict(sorted(named.items(), key=lambda item: danish_key(item[1])))


def topic_choices() -> list[tuple[str, str]]:
    """Return topics to choose from, in plain words."""
    language = reference_language()
    return [(topic.value, topic.label.text(language)) for topic in Topic]
