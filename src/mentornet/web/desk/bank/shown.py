"""The bank as the page shows it: rows, choices with their counts, what is chosen, and kept searches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from mentornet.common.spoken import reference_language
from mentornet.divisions.models import Division
from mentornet.intake.bank_search import IDLE_FOR, MANY_PLACES, Found, Index, Sort, State, Wanted
from mentornet.intake.enums import Facet
from mentornet.intake.models import Enrolment, SavedSearch
from mentornet.programmes.models import Programme
from mentornet.web.desk.bank.forms import query_of
from mentornet.web.desk.people.standing import rests
from mentornet.web.desk.words import in_short
from mentornet.web.desk.words.terms import ways_to_meet, work
from mentornet.web.ui.listed import said, upper_first
from reference import isco
from reference import languages as language_names
from reference.topics import Topic

Words = str | Promise | SafeString

LEGENDS: Final[Mapping[Facet, Words]] = {
    Facet.FIELD: gettext_lazy("Field of work"),
    Facet.LANGUAGE: gettext_lazy("Language"),
    Facet.TOPIC: gettext_lazy("Can help with"),
    Facet.TIME: gettext_lazy("Time of the week"),
    Facet.MEETING: gettext_lazy("Way to meet"),
    Facet.IDLE: gettext_lazy("Idle for"),
    Facet.PLACES: gettext_lazy("Free places"),
    Facet.DIVISION: gettext_lazy("Division"),
    Facet.PROGRAMME: gettext_lazy("Programme"),
}
"""In the order of the page: what a coordinator asks first stands first."""

OPEN: Final = frozenset({Facet.FIELD, Facet.LANGUAGE, Facet.TOPIC, Facet.TIME, Facet.DIVISION})
MANY_LANGUAGES: Final = 8

TIMES: Final[Mapping[str, Words]] = {
    "weekday-morning": gettext_lazy("Weekday mornings"),
    "weekday-afternoon": gettext_lazy("Weekday afternoons"),
    "weekday-evening": gettext_lazy("Weekday evenings"),
    "weekend-morning": gettext_lazy("Weekend mornings"),
    "weekend-afternoon": gettext_lazy("Weekend afternoons"),
    "weekend-evening": gettext_lazy("Weekend evenings"),
}
_MEETING: Final[Mapping[str, Words]] = {
    "in person": gettext_lazy("In person"),
    "online": gettext_lazy("Online"),
}
_STATES: Final[Mapping[State, Words]] = {
    State.IN_BANK: gettext_lazy("In the bank"),
    State.RESTING: gettext_lazy("Resting"),
    State.FULL: gettext_lazy("No place left"),
    State.NOT_BRIEFED: gettext_lazy("Not briefed"),
    State.ALL: pgettext_lazy("mentors", "All"),
}
_SORTS: Final[Mapping[Sort, Words]] = {
    Sort.IDLE: gettext_lazy("Idle longest first"),
    Sort.NAME: gettext_lazy("By name"),
    Sort.PLACES: gettext_lazy("Most free places first"),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a facet, with how many mentors the list would hold with it."""

    value: str
    label: Words
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One facet.

    Attributes:
        options: what is always seen.
        more: what is folded away: languages that few speak.
    """

    name: str
    legend: Words
    options: tuple[Option, ...]
    more: tuple[Option, ...]
    is_open: bool

    @property
    def more_is_open(self) -> bool:
        """Something that is folded away is chosen."""
        return any(option.is_chosen for option in self.more)


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is in force, and the address without it."""

    facet: Words
    label: Words
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """One mentor.

    Attributes:
        idle: since when nobody has been with her, in words; empty where a pair runs and for the unknown.
        state: where she stands, if it is not in the bank.
        rests: until when she rests, in words.
        lent: how many of her places are kept for another division, in words; empty for none.
    """

    enrolment: Enrolment
    occupation: Words
    languages: Words
    topics: Words
    times: Words
    meeting: Words
    idle: str
    places: str
    state: State
    rests: str = ""
    lent: str = ""


def address(wanted: Wanted) -> str:
    """Return the address of a search."""
    query = query_of(wanted)
    return reverse("desk:bank") + (f"?{query}" if query else "")


def _labels(
    index: Index, divisions: Iterable[Division], programmes: Iterable[Programme]
) -> dict[Facet, dict[str, Words]]:
    """Return every choice of every facet, in the order of the page."""
    language = reference_language()
    names = {code: said(language_names.name(code, language).capitalize()) for code in index.languages()}
    places: dict[str, Words] = {
        str(count): ngettext("%(count)s place", "%(count)s places", count) % {"count": count}
        for count in range(1, MANY_PLACES)
    }
    places[str(MANY_PLACES)] = _("%(count)s places or more") % {"count": MANY_PLACES}
    in_bank = index.choices()[Facet.PROGRAMME]
    return {
        Facet.FIELD: {group.code: said(group.titles[language]) for group in isco.groups(1)},
        Facet.LANGUAGE: dict(names),
        Facet.TOPIC: {topic.value: said(upper_first(topic.label.text(language))) for topic in Topic},
        Facet.TIME: dict(TIMES),
        Facet.MEETING: dict(_MEETING),
        Facet.IDLE: {str(days): _("%(days)s days or longer") % {"days": days} for days in IDLE_FOR},
        Facet.PLACES: places,
        Facet.DIVISION: {str(one.pk): format_html("<bdi>{}</bdi>", one.name) for one in divisions},
        Facet.PROGRAMME: {
            str(one.pk): format_html("<bdi>{}</bdi>", one.name) for one in programmes if str(one.pk) in in_bank
        },
    }


def facets(
    index: Index, wanted: Wanted, found: Found, divisions: Iterable[Division], programmes: Iterable[Programme]
) -> tuple[list[Shown], list[Chip]]:
    """Return the facets, and what is chosen in them. A facet with a single choice filters nothing and is left out."""
    labels = _labels(index, divisions, programmes)
    shown, chips = [], []
    for facet, legend in LEGENDS.items():
        chosen, counts = wanted.chosen.get(facet, frozenset()), found.counts[facet]
        options = [
            Option(value, label, counts.get(value, 0), value in chosen) for value, label in labels[facet].items()
        ]
        if facet is Facet.FIELD:
            # Groups in which the divisions have nobody at all only lengthen the list.
            options = [one for one in options if one.is_chosen or index.has_any(facet, one.value)]
        seen = MANY_LANGUAGES if facet is Facet.LANGUAGE else len(options)
        if len(options) > 1 or chosen:
            is_open = facet in OPEN or bool(chosen)
            shown.append(Shown(facet.value, legend, tuple(options[:seen]), tuple(options[seen:]), is_open))
        chips += [
            Chip(legend, one.label, address(_without(wanted, facet, one.value))) for one in options if one.is_chosen
        ]
    if wanted.fluent_only:
        chips.append(Chip(LEGENDS[Facet.LANGUAGE], _("B1 or better"), address(replace(wanted, fluent_only=False))))
    return shown, chips


def _without(wanted: Wanted, facet: Facet, value: str) -> Wanted:
    return replace(wanted, chosen={**wanted.chosen, facet: wanted.chosen[facet] - {value}})


def tabs(wanted: Wanted, found: Found) -> list[dict[str, object]]:
    """Return the states as tabs, each with how many are found in it."""
    return [
        {
            "label": label,
            "url": address(replace(wanted, state=state)),
            "is_current": state is wanted.state,
            "count": found.states[state],
        }
        for state, label in _STATES.items()
    ]


def sorts(wanted: Wanted) -> list[tuple[str, Words, bool]]:
    """Return the orders to choose from: value, words, and whether it is the present one."""
    return [(sort.value, label, sort is wanted.sort) for sort, label in _SORTS.items()]


def count_words(wanted: Wanted, found: Found) -> str:
    """Say how many are found, with the base."""
    count = len(found.ids)
    if wanted.state is State.IN_BANK:
        return ngettext(
            "%(count)s of %(total)s mentor in the bank", "%(count)s of %(total)s mentors in the bank", found.in_bank
        ) % {"count": count, "total": found.in_bank}
    sentences = {
        State.RESTING: ngettext("%(count)s mentor rests", "%(count)s mentors rest", count),
        State.FULL: ngettext("%(count)s mentor has no place left", "%(count)s mentors have no place left", count),
        State.NOT_BRIEFED: ngettext(
            "%(count)s mentor is still to be briefed", "%(count)s mentors are still to be briefed", count
        ),
        State.ALL: ngettext("%(count)s mentor in all", "%(count)s mentors in all", count),
    }
    return sentences[wanted.state] % {"count": count}


def kept(searches: Iterable[SavedSearch], counts: Mapping[str, int], current: str) -> list[dict[str, object]]:
    """Return kept searches as chips, with present counts by query; ``current`` is the page's query."""
    return [
        {
            "search": search,
            "name": format_html("<bdi>{}</bdi>", search.name),
            "url": f"{reverse('desk:bank')}?{search.query}",
            "count": counts.get(search.query),
            "is_current": search.query == current,
        }
        for search in searches
    ]


def rows(enrolments: Sequence[Enrolment], today: date, lent: Mapping[UUID, int]) -> list[Row]:
    """Prepare mentors for the list; ``lent`` is how many of a mentor's places are kept for other divisions."""
    return [_row(enrolment, today, lent.get(enrolment.pk, 0)) for enrolment in enrolments]


def _row(enrolment: Enrolment, today: date, lent: int) -> Row:
    profile = enrolment.profile
    return Row(
        enrolment=enrolment,
        occupation=work(profile.occupation, profile.occupation_title),
        languages=in_short.languages(enrolment.person.languages.all()),
        topics=in_short.topics(profile.topics),
        times=in_short.times(profile.availability),
        meeting=ways_to_meet(profile.meeting),
        idle=_idle(enrolment, today),
        places=_places(enrolment, lent),
        state=_state(enrolment, today),
        rests=rests(enrolment) if enrolment.is_resting(today) else "",
        lent=_lent(enrolment, lent),
    )


def _lent(enrolment: Enrolment, lent: int) -> str:
    if not lent:
        return ""
    if lent >= enrolment.places_left:
        return _("lent to another division")
    return ngettext("%(count)s place lent", "%(count)s places lent", lent) % {"count": lent}


def _state(enrolment: Enrolment, today: date) -> State:
    if enrolment.briefed_on is None:
        return State.NOT_BRIEFED
    if enrolment.is_resting(today):
        return State.RESTING
    return State.IN_BANK if enrolment.places_left > 0 else State.FULL


def _idle(enrolment: Enrolment, today: date) -> str:
    if enrolment.active or enrolment.since is None:
        return ""
    days = max((today - enrolment.since).days, 0)
    return ngettext("Idle %(days)s day", "Idle %(days)s days", days) % {"days": days}


def _places(enrolment: Enrolment, lent: int) -> str:
    left, capacity = max(enrolment.places_left - lent, 0), enrolment.capacity
    if capacity == 1 and left:
        return _("1 free place")
    return ngettext("%(left)s of %(capacity)s place free", "%(left)s of %(capacity)s places free", capacity) % {
        "left": left,
        "capacity": capacity,
    }
