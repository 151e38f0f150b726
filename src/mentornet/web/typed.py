"""What somebody has typed into a form that could not be taken: given back to her, so that no words are lost.

Only to her: it stands in the answer to her own request and nowhere else, neither in the session nor in the database,
and no cache keeps it. And only what a page of ours has sent: another site could otherwise have its words shown here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final
from uuid import UUID

from django.apps import apps
from django.http import HttpRequest
from django.utils.functional import Promise

MOST_FIELDS: Final = 60
LONGEST: Final = 20_000
MOST_SIGNS: Final = 100_000
_SECRET: Final = re.compile(r"password|token|secret|(^|[-_])(code|otp|pin)$", re.IGNORECASE)
"""What is never shown again: a field of a form may be called so without being secret, and is left out then too."""
_OURS: Final = re.compile(r"(^|[-_])(key|next|seen|seen_version|undo|[A-Z]+_FORMS)$")
"""What the page itself has put into the form; nobody has typed it. Keys of rows are left out by what they are."""
_SIGNING_IN: Final = ("account_", "mfa_", "portal:sign_in", "portal:password")


@dataclass(frozen=True, slots=True)
class Typed:
    """One field.

    Attributes:
        name: what it is called where its column is declared, or else as the form calls it.
        number: counted from one, for an id.
        is_cut: it was longer than what is shown.
    """

    name: str
    number: int
    text: str
    is_cut: bool

    @property
    def rows(self) -> int:
        """How many lines to show it in."""
        lines = sum(1 + len(line) // 50 for line in self.text.splitlines())
        return max(1, min(lines, 12))


def typed_in(request: HttpRequest) -> list[Typed]:
    """Return what was typed into the form that ``request`` brings, without secrets; nothing of another site's."""
    match = request.resolver_match
    if request.method != "POST" or match is None or match.view_name.startswith(_SIGNING_IN) or not _is_ours(request):
        return []
    left = MOST_SIGNS
    found: list[Typed] = []
    for name, text in _texts(request):
        shown = text[: min(LONGEST, left)]
        left -= len(shown)
        found.append(Typed(_in_words(name), len(found) + 1, shown, is_cut=len(shown) < len(text)))
        if left <= 0 or len(found) == MOST_FIELDS:
            break
    return found


def _is_ours(request: HttpRequest) -> bool:
    """Tell whether a page of this very site has sent the form: browsers say so with every form."""
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def _texts(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for name, values in request.POST.lists():
        text = "\n".join(value for value in values if value.strip() and not _is_key(value))
        if text and not _SECRET.search(name) and not _OURS.search(name):
            yield name, text


def _is_key(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True


@cache
def _columns() -> Mapping[str, str | Promise]:
    """Return what the columns of our rows are called: forms name their fields after them."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("mentornet.")]
    return {field.name: field.verbose_name for model in reversed(ours) for field in model._meta.local_fields}


def _in_words(name: str) -> str:
    own = name.rpartition("-")[2]
    return str(_columns().get(own) or re.sub(r"[-_]+", " ", name)[:80].strip())
