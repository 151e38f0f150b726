"""What can be chosen in the forms about a person: occupations, languages, topics."""

from __future__ import annotations

from functools import cache

from reference import isco
from reference.translation import Language


@cache
def occupation_choices(language: Language) -> list[tuple[str, str]]:
    """Return all groups of ISCO-08 by title, with the job titles that lie in them, the finest first."""
    choices = []
    for group in sorted(isco.groups(), key=lambda one: (-one.level, one.code)):
        names = ", ".join(group.synonyms[language][:4])
        title = f"{group.titles[language]} ({names})" if names else group.titles[language]
        choices.append((group.code, title))
    return choices
