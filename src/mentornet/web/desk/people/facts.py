"""What is known of somebody, fact by fact: in words, with where it comes from and who sees it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentornet.common.fields import level_of
from mentornet.common.spoken import reference_language
from mentornet.matching.reasons import requirement_words
from mentornet.people.enums import Provenance, Role
from mentornet.people.facts import requirement_of
from mentornet.people.models import LanguageSkill, Person, Profile
from mentornet.people.validators import SLOTS
from mentornet.web.desk.words import in_short
from mentornet.web.desk.words.terms import EDUCATION, occupation, ways_to_meet, written
from mentornet.web.desk.words.week import Week, week
from mentornet.web.ui.listed import said
from reference.topics import Topic

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

_SOURCES: Final[Mapping[str, tuple[str, str | Promise]]] = {
    Provenance.SELF_REPORTED: ("edit", gettext_lazy("she wrote it herself, %(day)s")),
    Provenance.HEARD: ("message", gettext_lazy("heard at the interview, %(day)s")),
    Provenance.CONFIRMED: ("check-circle", gettext_lazy("confirmed by her, %(day)s")),
    Provenance.IMPORTED: ("import", gettext_lazy("from a spreadsheet, %(day)s")),
}
LABELS: Final[Mapping[str, _StrOrPromise]] = {
    "about": gettext_lazy("About her, in her own words"),
    "occupation": gettext_lazy("Occupation"),
    "occupation_title": gettext_lazy("Occupation in her words"),
    "sector": gettext_lazy("Sector"),
    "education": gettext_lazy("Education"),
    "topics": gettext_lazy("Topics"),
    "interests": gettext_lazy("Interests"),
    "availability": gettext_lazy("Times"),
    "meeting": gettext_lazy("Ways to meet"),
    "hours_per_month": gettext_lazy("Hours a month"),
    "months": gettext_lazy("Months"),
    "requires": gettext_lazy("Must-haves about the other"),
    "wishes": gettext_lazy("Wishes"),
    "practise_danish": gettext_lazy("Wants to practise Danish"),
    "needs_experience": gettext_lazy("Needs an experienced mentor"),
    "min_danish": gettext_lazy("Least Danish of the other"),
    "pairs_before": gettext_lazy("Pairs before"),
    "languages": gettext_lazy("Languages"),
    "first_name": gettext_lazy("First name"),
    "last_name": gettext_lazy("Last name"),
    "birth_year": gettext_lazy("Year of birth"),
    "email": gettext_lazy("E-mail address"),
    "phone": gettext_lazy("Telephone"),
    "safe_contact": gettext_lazy("How to reach her safely"),
    "language": gettext_lazy("Language of letters"),
    "area": gettext_lazy("Area"),
    "postcode": gettext_lazy("Postcode"),
}
"""Every fact by its column's name."""
_BY_ROLE: Final[Mapping[tuple[str, str], str | Promise]] = {
    (Role.MENTEE, "occupation"): gettext_lazy("Aims at"),
    (Role.MENTEE, "topics"): gettext_lazy("Goals, the first one first"),
    (Role.MENTOR, "topics"): gettext_lazy("Can help with"),
    (Role.MENTOR, "occupation"): gettext_lazy("Works as"),
}
_GROUPS: Final[Sequence[tuple[str | Promise, tuple[str, ...]]]] = (
    (gettext_lazy("Work and education"), ("occupation", "sector", "education", "pairs_before")),
    (gettext_lazy("Goals and interests"), ("topics", "interests", "practise_danish", "needs_experience")),
    (gettext_lazy("When and how"), ("availability", "meeting", "hours_per_month", "months")),
    (gettext_lazy("About the other"), ("requires", "min_danish")),
)
_TEXTS: Final = ("wishes", "about")
_OF_OTHERS: Final = frozenset({Provenance.HEARD, Provenance.IMPORTED})
"""Sources of what somebody else has put into words: a page does not call these her own."""
_DEMANDS: Final = frozenset({"requires", "min_danish"})
PROFILE_NAMES: Final = (*(name for _title, names in _GROUPS for name in names), *_TEXTS, "occupation_title")
"""The columns of a profile that are shown."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from: an icon and words."""

    icon: str
    words: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact.

    Attributes:
        level: who sees it, as the level badge names it.
        week: the times of the week, which are shown as a table.
    """

    label: str
    value: SafeString | str
    level: str
    source: Source | None = None
    is_written: bool = False
    week: Week | None = None
    absent: str = ""
    """What is said where there is no value: that it is not known, or that there is none."""


@dataclass(frozen=True, slots=True)
class Group:
    """Facts that belong together."""

    title: str
    facts: tuple[Fact, ...]


def level_name(model: str, name: str) -> str:
    """Return who sees a column, as the level badge names it."""
    return level_of(model, name).name.lower()


def label(name: str, role: str = "") -> str:
    """Return what a fact is called, in a role where this matters."""
    return str(_BY_ROLE.get((role, name)) or LABELS[name])


def source_of(provenance: Mapping[str, Any], name: str) -> Source | None:
    """Return where a fact of a profile comes from."""
    entry = provenance.get(name)
    if not entry:
        return None
    icon, words = _SOURCES[entry[0]]
    return Source(icon, str(words) % {"day": date_format(date.fromisoformat(entry[1]), "DATE_FORMAT")})


def _topics(profile: Profile) -> SafeString | str:
    language = reference_language()
    labels = [Topic(code).label.text(language) for code in profile.topics or ()]
    if not labels:
        return ""
    if profile.role == Role.MENTOR:
        return said(", ".join(labels))
    items = format_html_join("", "<li>{}</li>", ((label,) for label in labels))
    return format_html('<ol class="goals" lang="{}">{}</ol>', language, items)


def _number(value: float | None) -> str:
    return "" if value is None else number_format(value, decimal_pos=0 if value == int(value) else 2)


def _yes_no(value: bool | None) -> str:
    return "" if value is None else _("yes") if value else _("no")


_SAID: Final[Mapping[str, Callable[[Profile], SafeString | str]]] = {
    "occupation": lambda profile: occupation(profile.occupation, profile.occupation_title),
    "topics": _topics,
    "education": lambda profile: "" if profile.education is None else str(EDUCATION[profile.education]),
    "interests": lambda profile: written(", ".join(profile.interests or ())),
    "meeting": lambda profile: ways_to_meet(profile.meeting),
    "requires": lambda profile: said(
        ", ".join(requirement_words(requirement_of(word)) for word in profile.requires or ())
    ),
    "hours_per_month": lambda profile: _number(profile.hours_per_month),
    "months": lambda profile: _number(profile.months),
    "practise_danish": lambda profile: _yes_no(profile.practise_danish),
    "needs_experience": lambda profile: _yes_no(profile.needs_experience),
    "pairs_before": lambda profile: "" if profile.pairs_before is None else str(profile.pairs_before),
    "min_danish": lambda profile: (
        format_html('<span translate="no">{}</span>', profile.min_danish) if profile.min_danish else ""
    ),
    "availability": lambda _profile: "",
}
"""How each fact is said; the others stand as they are, and the times are shown as a table."""


def _value(profile: Profile, name: str) -> SafeString | str:
    say = _SAID.get(name)
    return say(profile) if say else str(getattr(profile, name) or "")


def _fact(profile: Profile, name: str) -> Fact:
    source = source_of(profile.provenance, name)
    if name == "occupation" and source is None:
        source = source_of(profile.provenance, "occupation_title")
    slots = profile.availability if name == "availability" else None
    is_hers = profile.provenance.get(name, [""])[0] not in _OF_OTHERS
    return Fact(
        label=label(name, profile.role) if is_hers or name != "about" else _("About her"),
        value=_value(profile, name),
        level=level_name("people.Profile", name),
        source=source,
        is_written=name in {"sector", *_TEXTS},
        # A demand that nobody has stated is not unknown, it is absent.
        absent=_("none") if name in _DEMANDS else "",
        week=week([SLOTS[code] for code in slots], is_one=True) if slots else None,
    )


def fact_of(profile: Profile, name: str) -> Fact:
    """Return one fact of a profile."""
    return _fact(profile, name)


def said_of(profile: Profile, name: str) -> SafeString | str:
    """Return a fact of a profile in words alone, times of the week too."""
    return in_short.times(profile.availability) if name == "availability" else _value(profile, name)


def groups_of(profile: Profile) -> list[Group]:
    """Return the facts of a profile in groups; what only the other role has is left out."""
    absent = {"pairs_before", "min_danish"} if profile.role == Role.MENTEE else {"practise_danish", "needs_experience"}
    groups = []
    for title, names in _GROUPS:
        groups.append(Group(str(title), tuple(_fact(profile, name) for name in names if name not in absent)))
    return groups


def texts_of(profile: Profile) -> list[Fact]:
    """Return what stands in whole sentences: hers, or whoever's its source says."""
    return [_fact(profile, name) for name in _TEXTS]


def usual_source(groups: Iterable[Group], others: Iterable[Fact]) -> Source | None:
    """Return where most facts come from, so that a page says it once; nothing where no three share it."""
    listed = [*others, *(fact for group in groups for fact in group.facts)]
    counted = Counter(fact.source for fact in listed if fact.source is not None)
    source, count = max(counted.items(), key=lambda one: one[1], default=(None, 0))
    return source if count > 2 else None


def languages_of_profile(skills: Sequence[LanguageSkill], profile: Profile | None) -> Fact:
    """Return the languages as a fact."""
    return Fact(
        label=str(LABELS["languages"]),
        value=in_short.languages(skills),
        level=level_name("people.LanguageSkill", "code"),
        source=source_of(profile.provenance, "languages") if profile else None,
    )


def person_facts(person: Person, language_names_by_code: Mapping[str, str]) -> list[Fact]:
    """Return what is known of her whatever her role, but for how to reach her."""
    known: dict[str, SafeString | str] = {
        "area": person.area,
        "postcode": person.postcode,
        "birth_year": str(person.birth_year or ""),
        "language": format_html(
            '<span lang="{}">{}</span>',
            person.language,
            language_names_by_code.get(person.language, person.language),
        ),
    }
    return [
        Fact(str(LABELS[name]), value, level_name("people.Person", name), is_written=name == "area")
        for name, value in known.items()
        # Not unknown, but sealed.
        if not (person.is_protected and name == "postcode")
    ]
