"""What every page knows: who works, where she can go, in which languages the page can be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, resolve, reverse, translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import (
    get_language,
    get_language_from_path,
    gettext_lazy,
    pgettext_lazy,
)
from django.utils.translation import gettext as _

from mentornet.web.access import DeskRequest, policy_of, reaches
from mentornet.web.languages import is_for_staff
from mentornet.web.ui.own_names import own_name

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

# The desk's ways, in the order of a working day: address, icon, words.
_WAYS: Final[tuple[tuple[str, str, _StrOrPromise], ...]] = (
    ("desk:today", "today", gettext_lazy("Today")),
    ("desk:interviews", "calendar", gettext_lazy("Interviews")),
    ("desk:waiting", "waiting", gettext_lazy("Waiting list")),
    ("desk:bank", "bank", gettext_lazy("Mentor bank")),
    ("desk:proposals", "proposal", gettext_lazy("Proposals")),
    ("desk:meetings", "scale", gettext_lazy("Matching meetings")),
    ("desk:searches", "search", gettext_lazy("Searches")),
    ("desk:partnerships", "partnership", gettext_lazy("Partnerships")),
    ("desk:people", "people", gettext_lazy("People")),
    ("desk:imports", "import", gettext_lazy("Imports")),
    ("desk:letters", "letter", pgettext_lazy("messages sent", "Letters")),
    ("desk:data_protection", "shield", gettext_lazy("Data protection")),
    ("desk:setup", "setup", gettext_lazy("Set-up")),
)

_BENEATH: Final[Mapping[str, str]] = {
    "desk:prospects": "desk:searches",
    "desk:requests": "desk:people",
    "desk:disclosures": "desk:people",
    "desk:early_signs": "desk:partnerships",
    "desk:loans": "desk:bank",
    "desk:how_long_pairs_last": "desk:partnerships",
    "desk:shortage_map": "desk:bank",
    "desk:learned": "desk:proposals",
    "desk:forecast": "desk:waiting",
}
"""Pages that are no way themselves, and stand beneath one whose address is another."""


@dataclass(frozen=True, slots=True)
class Way:
    """One entry of the navigation.

    Attributes:
        label: in the reader's language.
        url: where it leads.
        icon: its name in the sprite.
        count: how many wait there; ``None`` where nothing is counted.
        current: the reader is there, or beneath.
        key: the address's name without its namespace, for the keyboard's shortcuts.
    """

    label: str
    url: str
    icon: str
    count: int | None
    current: bool
    key: str


@dataclass(frozen=True, slots=True)
class Language:
    """A language in which the page can be read."""

    code: str
    name: str
    is_current: bool
    url: str
    """The same page in that language, where its address holds the language; else empty."""


def address(name: str) -> str | None:
    """Return where ``name`` leads; ``None`` while no such page is installed."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def navigation(request: HttpRequest) -> list[Way]:
    """Return the desk's pages that the actor's roles reach.

    A view may set ``request.navigation_counts``, a mapping from the names above to numbers.
    """
    actor = getattr(request, "actor", None)
    return list(_ways(cast(DeskRequest, request))) if actor is not None else []


def _ways(request: DeskRequest) -> Iterator[Way]:
    counts = getattr(request, "navigation_counts", {})
    current = _current(request)
    for name, icon, label in _WAYS:
        url = address(name)
        if url is None:
            continue
        policy = policy_of(resolve(url))
        if policy is not None and reaches(request.actor, policy):
            yield Way(str(label), url, icon, counts.get(name), name == current, name.partition(":")[2])


def _current(request: HttpRequest) -> str | None:
    """Return the name of the way on which the request stands: the longest whose address begins its path."""
    urls = {url: name for name, _icon, _label in _WAYS if (url := address(name)) is not None}
    urls |= {url: way for name, way in _BENEATH.items() if (url := address(name)) is not None}
    home = address("desk:today")
    beneath = [url for url in urls if request.path == url or (url != home and request.path.startswith(url))]
    return urls[max(beneath, key=len)] if beneath else None


def role_of(request: HttpRequest) -> str:
    """Return the actor's role in words; empty for somebody who is not staff."""
    actor = getattr(request, "actor", None)
    if actor is None:
        return ""
    if actor.is_national_lead:
        return _("National lead")
    if actor.leads:
        return _("Division lead")
    if actor.casework:
        return _("Coordinator")
    if actor.is_data_protection_officer:
        return _("Data-protection officer")
    return _("Administrator") if actor.is_administrator else ""


def languages(request: HttpRequest) -> list[Language]:
    """Return the page's languages, each named in itself."""
    current, path = get_language(), request.get_full_path()
    codes = [code for code, _name in settings.LANGUAGES]
    if is_for_staff(request.path_info):
        codes = [code for code in codes if code in settings.DESK_LANGUAGES]
    in_path = get_language_from_path(request.path_info) is not None
    return [
        Language(
            code,
            own_name(code),
            code == current,
            translate_url(path, code) if in_path else "",
        )
        for code in codes
    ]


def page(request: HttpRequest) -> dict[str, object]:
    """Return what the base templates need; what costs something is worked out when it is asked for."""
    return {
        "demo": settings.DEMO,
        "actor": getattr(request, "actor", None),
        "actor_role": SimpleLazyObject(lambda: role_of(request)),
        "navigation": SimpleLazyObject(lambda: navigation(request)),
        "languages": SimpleLazyObject(lambda: languages(request)),
        "people_url": address("desk:people"),
        "demo_sign_in_url": address("demo:sign_in") if settings.DEMO else None,
        "demo_letters_url": (address("demo:letters") or address("desk:letters")) if settings.DEMO else None,
    }
