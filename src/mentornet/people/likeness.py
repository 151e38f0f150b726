"""By what two rows look like one person: a row of a list and somebody known, or two who are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mentornet.people.enums import Alike
from mentornet.people.known_by import digits_of


def marks_of(facts: Mapping[str, Any], name: str) -> Iterator[tuple[Alike, str]]:
    """Return what tells somebody from others, each mark once; ``name`` is hers, folded. A name alone tells nobody."""
    if email := str(facts.get("email") or "").casefold():
        yield Alike.EMAIL, email
    if phone := digits_of(str(facts.get("phone") or "")):
        yield Alike.PHONE, phone
    if name and (postcode := str(facts.get("postcode") or "").strip()):
        yield Alike.NAME_POSTCODE, f"{name}\0{postcode}"
    if name and (year := facts.get("birth_year")):
        yield Alike.NAME_YEAR, f"{name}\0{year}"
