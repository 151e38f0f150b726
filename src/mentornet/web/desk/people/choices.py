"""What can be chosen in the forms about a person: occupations, languages, topics."""

from __future__ import annotations

from functools import cache
from typing import Final

from babel import Locale

from mentornet.common.ordering import danish_key
from mentornet.common.spoken import reference_language
from reference import isco
from reference import languages as language_names
from reference.topics import Topic
from reference.translation import Language

CODE_LENGTH: Final = 2
OTHER_LANGUAGES: Final = frozenset({"aii", "ckb", "cld", "dsl", "haz", "kmr", "prs", "rom", "zza"})
"""Languages of the network whose codes have three letters; a rarer one comes with a spreadsheet."""


@cache
def occupation_choices(language: Language) -> list[tuple[str, str]]:
    """Return all groups of ISCO-08 by title, with the job titles that lie in them, the finest first."""
    choices = []
    for group in sorted(isco.groups(), key=lambda one: (-one.level, one.code)):
        names = ", ".join(group.synonyms[language][:4])
        title = f"{group.titles[language]} ({names})" if names else group.titles[language]
        choices.append((group.code, title))
    return choices


@cache
def language_choices(language: Language) -> list[tuple[str, str]]:
    """Return languages by name."""
    codes = {str(code) for code in Locale("en").languages if language_names.find(str(code)) == code}
    codes = {code for code in codes if len(code) == CODE_LENGTH}
    named = {code: language_names.name(code, language).capitalize() for code in codes | OTHER_LANGUAGES}
    return sorted(named.items(), key=lambda item: danish_key(item[1]))


def topic_choices() -> list[tuple[str, str]]:
    """Return topics in plain words."""
    language = reference_language()
    return [(topic.value, topic.label.text(language)) for topic in Topic]
