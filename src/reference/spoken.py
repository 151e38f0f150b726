"""Words for codes, to stand inside a sentence: a language, an occupation, a time of the week, a list of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from babel import Locale
from babel.dates import get_day_names
from babel.numbers import get_decimal_symbol

from reference import isco, languages
from reference.slots import Part, Slot
from reference.translation import N_, Language, Message, Value

LOCALES: Final[Mapping[Language, Locale]] = {
    "en": Locale("en", "GB"),
    "da": Locale("da"),
    "ar": Locale("ar"),
    "fa": Locale("fa"),
    "uk": Locale("uk"),
}

_PARTS: Final[Mapping[Part, str]] = {
    Part.MORNING: N_("{day} morning"),
    Part.AFTERNOON: N_("{day} afternoon"),
    Part.EVENING: N_("{day} evening"),
}


@cache
def _day_names(language: Language) -> Mapping[int, str]:
    # Babel's own mapping looks for aliases at every look-up.
    return dict(get_day_names("wide", locale=LOCALES[language]))


@cache
def _slot_name(slot: Slot, language: Language) -> str:
    return Message(_PARTS[slot.part], {"day": _day_names(language)[slot.day]}).text(language)


@cache
def _list_patterns(language: Language) -> Mapping[str, str]:
    # Babel's own function looks the locale up at every call.
    return dict(LOCALES[language].list_patterns["standard"])


@cache
def _decimal_symbol(language: Language) -> str:
    return get_decimal_symbol(LOCALES[language])


@dataclass(frozen=True, slots=True)
class LanguageName:
    """A language by its ISO 639 code, such as “Arabic”."""

    code: str

    def text(self, language: Language) -> str:
        """Return the language's name in ``language``."""
        return languages.name(self.code, language)


@dataclass(frozen=True, slots=True)
class OccupationTitle:
    """A group of ISCO-08 by its code of 1-4 digits, such as “Nursing professionals”."""

    code: str

    def text(self, language: Language) -> str:
        """Return the group's title in ``language``."""
        return isco.title(self.code, language)


@dataclass(frozen=True, slots=True)
class SlotName:
    """A part of a day, such as “Tuesday evening”."""

    slot: Slot

    def text(self, language: Language) -> str:
        """Return the day and the part in ``language``."""
        return _slot_name(self.slot, language)


@dataclass(frozen=True, slots=True)
class Decimal:
    """A number with as few decimals as it needs, at most six, with the language's own decimal sign."""

    number: float

    def text(self, language: Language) -> str:
        """Return the number as ``language`` writes it."""
        plain = f"{self.number:.6f}".rstrip("0").rstrip(".")
        return plain.replace(".", _decimal_symbol(language))


def in_words(value: Value, language: Language) -> str:
    """Return a value as it stands inside a sentence in ``language``."""
    return str(value) if isinstance(value, str | int | float) else value.text(language)


@dataclass(frozen=True, slots=True)
class Listed:
    """Several things in a row: “a, b and c”."""

    items: tuple[Value, ...]

    def text(self, language: Language) -> str:
        """Return the list in ``language``."""
        words = [in_words(item, language) for item in self.items]
        if len(words) < 2:
            return "".join(words)
        patterns = _list_patterns(language)
        if len(words) == 2:
            return patterns["2"].format(*words)
        # As CLDR tells it: from the end to the beginning.
        said = patterns["end"].format(words[-2], words[-1])
        for word in reversed(words[1:-2]):
            said = patterns["middle"].format(word, said)
        return patterns["start"].format(words[0], said)
