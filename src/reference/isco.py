"""ISCO-08, the international classification of occupations: 10 + 43 + 130 + 436 groups, in English and Danish.

The codes and their order are those of the International Labour Organization (ISCO-08, volume I, 2012). The titles and
the everyday titles ("synonyms") are this product's own table, ``data/isco08/0.csv`` to ``9.csv``, one file for each
major group. A code's leading digits are its ancestors: 2221 lies in 222, in 22, in 2.

Importing this module costs nothing: the table is read when it is first asked for (some milliseconds), and kept.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final

from reference.translation import LANGUAGES, Language

LONGEST: Final = 4
SEPARATOR: Final = ";"


@dataclass(frozen=True, slots=True)
class Group:
    """One group of ISCO-08.

    Attributes:
        code: 1 to 4 digits, as text: the leading zero of the armed forces counts.
        titles: the group's title in each language.
        synonyms: job titles and other names of the group in each language, commonest first; may be empty.
    """

    code: str
    titles: Mapping[Language, str]
    synonyms: Mapping[Language, tuple[str, ...]]

    @property
    def level(self) -> int:
        """How fine the group is: 1 (major), 2 (sub-major), 3 (minor) or 4 (unit group)."""
        return len(self.code)


@cache
def _table() -> Mapping[str, Group]:
    """Return every group by its code, in the order of the codes."""
    found: list[Group] = []
    for file in (resources.files("reference") / "data" / "isco08").iterdir():
        if not file.name.endswith(".csv"):
            continue
        lines = file.read_text(encoding="utf-8").splitlines()
        found.extend(_group(row) for row in csv.DictReader(lines))
    return MappingProxyType({group.code: group for group in sorted(found, key=lambda group: group.code)})


def _group(row: Mapping[str, str]) -> Group:
    return Group(
        code=row["code"],
        titles=MappingProxyType({language: row[language] for language in LANGUAGES}),
        synonyms=MappingProxyType({language: _synonyms(row[f"titles_{language}"]) for language in LANGUAGES}),
    )


def _synonyms(cell: str) -> tuple[str, ...]:
    return tuple(title for part in cell.split(SEPARATOR) if (title := part.strip()))


def groups(level: int | None = None) -> tuple[Group, ...]:
    """Return the groups of ``level`` (1 to 4), or of all levels, ordered by code (a group before its children)."""
    return tuple(group for group in _table().values() if level is None or group.level == level)


def group(code: str) -> Group:
    """Return the group with exactly this ``code``.

    Raises:
        KeyError: ISCO-08 has no such code.
    """
    return _table()[code]


def exists(code: str) -> bool:
    """Say whether ISCO-08 has a group with exactly this ``code`` (1 to 4 digits, no spaces)."""
    return code in _table()


def title(code: str, language: Language) -> str:
    """Return the title of the group ``code`` in ``language``, or in English where there is none.

    Raises:
        KeyError: ISCO-08 has no such code.
    """
    titles = _table()[code].titles
    return titles.get(language) or titles["en"]


def ancestors(code: str) -> tuple[str, ...]:
    """Return the codes that ``code`` lies in, widest first: ``("2", "22", "222")`` for ``"2221"``."""
    return tuple(code[:length] for length in range(1, len(code)))


def children(code: str) -> tuple[Group, ...]:
    """Return the groups one level below ``code``, ordered by code; none for a unit group."""
    return tuple(group for group in groups(len(code) + 1) if group.code.startswith(code))


def digits_in_common(one: str, other: str) -> int:
    """Return how many leading digits two codes share, 0 to 4: ``3`` for ``"2221"`` and ``"2222"``."""
    shared = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        shared += 1
    return shared
