"""Who in a list looks like somebody who is known already, in the division or further up in the same list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from mentornet.common.ordering import folded
from mentornet.imports.enums import SAME
from mentornet.imports.planned import PlannedPerson
from mentornet.people.enums import Alike
from mentornet.people.likeness import marks_of

MOST_MATCHES: Final = 3
_SHOWN: Final = ("email", "phone", "postcode", "birth_year")


def _sealed_marks(row: Mapping[str, Any], references: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Alike, str]]:
    name = row["search_text"]
    yield from marks_of(row, name)
    yield Alike.NAME, name
    for reference in references:
        if reference["person_id"] == row["pk"]:
            yield Alike.NAME_ID, f"{name}\0{reference['role']}\0{reference['application__reference']}"


class Likeness:
    """Everybody known, by what tells people apart."""

    def __init__(
        self,
        people: Iterable[Mapping[str, Any]],
        references: Iterable[Mapping[str, Any]],
        sealed: Iterable[Mapping[str, Any]] = (),
    ) -> None:
        rows = list(references)
        self._sealed = {mark: row["pk"] for row in sealed for mark in _sealed_marks(row, rows)}
        self.people = {row["pk"]: row for row in people}
        self._rows: dict[str, PlannedPerson] = {}
        self._by_mark: dict[tuple[Alike, str], list[str]] = defaultdict(list)
        for key, row in self.people.items():
            for mark in (*marks_of(row, row["search_text"]), (Alike.NAME, row["search_text"])):
                self._by_mark[mark].append(f"person:{key}")
        for reference in rows:
            known = self.people.get(reference["person_id"])
            if known is not None:
                mark = (
                    Alike.NAME_ID,
                    f"{known['search_text']}\0{reference['role']}\0{reference['application__reference']}",
                )
                self._by_mark[mark].append(f"person:{known['pk']}")

    def is_sealed(self, planned: PlannedPerson) -> bool:
        """Tell whether a row is somebody protected, as far as what it says tells."""
        return self.sealed_as(planned) is not None

    def sealed_as(self, planned: PlannedPerson) -> UUID | None:
        """Return who of the protected a row is, as far as what it says tells. For nobody who has the list."""
        name = folded(planned.name)
        told = list(marks_of(planned.person, name))
        if planned.reference:
            told.append((Alike.NAME_ID, f"{name}\0{planned.role}\0{planned.reference}"))
        return next((self._sealed[mark] for mark in told or [(Alike.NAME, name)] if mark in self._sealed), None)

    def matches(self, planned: PlannedPerson) -> dict[str, list[str]]:
        """Return who looks like a row, with why, and remember the row for those after it."""
        name = folded(planned.name)
        told = list(marks_of(planned.person, name))
        asked = told
        if planned.reference:
            asked = [*told, (Alike.NAME_ID, f"{name}\0{planned.role}\0{planned.reference}")]
        elif not told:
            # Neither an id nor anything else: the same list once more would bring everybody a second time.
            asked = [(Alike.NAME, name)]
        found: dict[str, list[str]] = defaultdict(list)
        for mark in asked:
            for key in self._by_mark.get(mark, ()):
                found[key].append(str(mark[0].value))
        for mark in (*told, (Alike.NAME, name)):
            self._by_mark[mark].append(f"row:{planned.key}")
        self._rows[f"row:{planned.key}"] = planned
        # The most alike first; of equals the one known longest.
        best = sorted(found, key=lambda key: -len(found[key]))[:MOST_MATCHES]
        return {key: found[key] for key in best}

    def stored(self, planned: PlannedPerson, matches: Mapping[str, list[str]]) -> dict[str, Any]:
        """Return a likely duplicate as a report keeps it; of those known already only the key."""
        found = []
        for key, why in matches.items():
            other = self._rows.get(key)
            shown = {} if other is None else {"name": other.name, "facts": _facts(other)}
            found.append({"key": key, "why": why, **shown})
        return {
            "key": planned.key,
            "subject": planned.subject,
            "row": planned.row,
            "name": planned.name,
            "facts": _facts(planned),
            "matches": found,
        }

    def is_known(self, key: str) -> UUID | None:
        """Return the person behind a match's key, if she is of this division."""
        kind, _, value = key.partition(":")
        try:
            person_id = UUID(value) if kind == "person" else None
        except ValueError:
            return None
        return person_id if person_id in self.people else None


def _facts(planned: PlannedPerson) -> dict[str, Any]:
    return {name: planned.person.get(name) for name in _SHOWN}


def may_be_same(planned_subject: str, match: str) -> bool:
    """Tell whether a row can be taken as one with a match: within one list nobody can stand twice."""
    return not match.startswith(f"row:{planned_subject}:")


def same(match: str) -> str:
    """Return the choice that a row and a match are one person."""
    return f"{SAME}{match}"
