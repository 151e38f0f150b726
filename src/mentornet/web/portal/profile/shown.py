"""Her profile through the eyes of each who may look: the same facts, fewer of them.

Which of them a reader gets is asked of the field registry alone (:mod:`mentornet.common.fields`): a field whose level
is raised is gone from every view that must not show it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.formats import date_format, time_format
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentornet.common.fields import Level, level_of
from mentornet.common.spoken import reference_language
from mentornet.matching.seen_by import Reads, Telling
from mentornet.people.enums import Role
from mentornet.people.models import LanguageSkill, Person, Profile
from mentornet.people.own_answers import answered_by
from mentornet.web.portal import facts
from mentornet.web.portal.profile.forms import letter_languages
from mentornet.web.portal.profile.parts import DETAILS, edit_url, is_detail_sealed
from mentornet.web.ui.templatetags.ui import breakable
from reference.spoken import in_words

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


class Reader(StrEnum):
    """Who looks at what is known of her."""

    HERSELF = "you"
    INTRODUCED = "before"
    PARTNER = "after"
    OFFICE = "office"


# She reads all that the office works with. What is restricted may tell of others: that she asks for.
LEVELS: Final[Mapping[Reader, Level]] = {
    Reader.HERSELF: Level.CASEWORK,
    Reader.INTRODUCED: Level.INTRODUCTION,
    Reader.PARTNER: Level.PARTNER,
    Reader.OFFICE: Level.CASEWORK,
}
_NAMES: Final[Mapping[tuple[Reader, str], _StrOrPromise]] = {
    (Reader.HERSELF, Role.MENTEE): gettext_lazy("You"),
    (Reader.HERSELF, Role.MENTOR): gettext_lazy("You"),
    (Reader.INTRODUCED, Role.MENTEE): gettext_lazy("A mentor, before you both say yes"),
    (Reader.INTRODUCED, Role.MENTOR): gettext_lazy("A mentee, before you both say yes"),
    (Reader.PARTNER, Role.MENTEE): gettext_lazy("Your mentor, after you both said yes"),
    (Reader.PARTNER, Role.MENTOR): gettext_lazy("Your mentee, after you both said yes"),
    (Reader.OFFICE, Role.MENTEE): gettext_lazy("The office"),
    (Reader.OFFICE, Role.MENTOR): gettext_lazy("The office"),
}
_SAYS: Final[Mapping[Reader, _StrOrPromise]] = {
    Reader.HERSELF: gettext_lazy("All that we know about you. You can change most of it here."),
    Reader.INTRODUCED: gettext_lazy(
        "When we suggest the two of you to each other, the other one reads this about you, and nothing more."
    ),
    Reader.PARTNER: gettext_lazy("When you have both said yes, the other one reads this about you."),
    Reader.OFFICE: gettext_lazy("The coordinators of your division read this, to find somebody who fits you."),
}
_ALSO: Final[Mapping[int, _StrOrPromise]] = {
    Level.INTRODUCTION: gettext_lazy("Somebody whom we suggest to you reads this too"),
    Level.PARTNER: gettext_lazy("Your partner reads this too"),
    Level.CASEWORK: gettext_lazy("Only the office reads this"),
}
ROLES: Final[Mapping[str, _StrOrPromise]] = {
    Role.MENTEE: gettext_lazy("As a mentee"),
    Role.MENTOR: gettext_lazy("As a mentor"),
}
_PERSON, _PROFILE, _SKILL = "people.Person", "people.Profile", "people.LanguageSkill"
_COLUMNS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "languages": ((_SKILL, "code"), (_SKILL, "level")),
    "contact_from": ((_PERSON, "contact_from"), (_PERSON, "contact_until")),
}
"""Facts that say several columns: who may not see one of them does not see the fact."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One choice of a row of them."""

    label: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One fact.

    Attributes:
        source: where it comes from, and since when.
        edit: where it is corrected; empty for what is talked over with the office.
    """

    name: str
    label: str
    value: SafeString | str
    is_written: bool
    source: str
    edit: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Facts that the same people read.

    Attributes:
        title: who they are; empty where one reader's view is shown whole.
    """

    title: str
    rows: Sequence[Row]


def level(name: str) -> Level:
    """Return who sees a fact, by the registry."""
    usual = ((_PERSON if name in DETAILS else _PROFILE, name),)
    return max(level_of(model, column) for model, column in _COLUMNS.get(name, usual))


def reader_of(text: str) -> Reader:
    """Return who is to look; herself for anything unknown."""
    return Reader(text) if text in set(Reader) else Reader.HERSELF


def readers(role: str, current: Reader) -> list[Tab]:
    """Return the switch between those who may look."""
    return [Tab(str(_NAMES[reader, role]), _address(reader, role), reader is current) for reader in Reader]


def roles(profiles: Sequence[Profile], current: Profile, reader: Reader) -> list[Tab]:
    """Return the switch between her roles; nothing where she has one."""
    if len(profiles) < 2:
        return []
    return [Tab(str(ROLES[one.role]), _address(reader, one.role), one == current) for one in profiles]


def _address(reader: Reader, role: str) -> str:
    return reverse("portal:profile") + "?" + urlencode({"role": role, "reader": reader.value})


def says(reader: Reader) -> str:
    """Say what a reader gets, and when."""
    return str(_SAYS[reader])


def rows(person: Person, profile: Profile, skills: Sequence[LanguageSkill], reader: Reader) -> list[Row]:
    """Return the facts that a reader sees; she herself also sees what is missing, and where to write it."""
    is_herself = reader is Reader.HERSELF
    known = [
        *(_row(one) for one in facts.shown(person, profile, skills, profile.role)),
        *(_detail(person, name) for name in DETAILS if name not in facts.OF_PERSON),
        *_own_answers(profile),
    ]
    seen = [row for row in known if level(row.name) <= LEVELS[reader]]
    if level("provenance") > LEVELS[reader]:
        seen = [replace(row, source="") for row in seen]
    if not is_herself:
        return [row for row in seen if row.value]
    hers = [
        replace(row, edit="" if is_detail_sealed(person, row.name) else edit_url(row.name, profile.role))
        for row in seen
    ]
    return [row for row in hers if row.value or row.edit]


def groups(person: Person, profile: Profile, skills: Sequence[LanguageSkill], reader: Reader) -> list[Group]:
    """Return what a reader sees; to herself by who else reads it."""
    listed = rows(person, profile, skills, reader)
    if reader is not Reader.HERSELF:
        return [Group("", listed)] if listed else []
    by_level = {kind: [row for row in listed if level(row.name) == kind] for kind in _ALSO}
    return [Group(str(_ALSO[kind]), found) for kind, found in by_level.items() if found]


def _row(fact: facts.Shown) -> Row:
    return Row(fact.name, fact.label, fact.value, fact.is_written, fact.source)


def _detail(person: Person, name: str) -> Row:
    say = _SAID.get(name)
    value = say(person) if say else str(getattr(person, name) or "")
    return Row(name, str(DETAILS[name]), value, name in {"last_name", "safe_contact"}, "")


def _own_answers(profile: Profile) -> list[Row]:
    """Return what she has answered to a programme's own questions, each by the name that the programme gave it."""
    language = reference_language()
    found = [(custom, custom.answered(answer)) for custom, answer in answered_by(profile)]
    return [
        Row("answers", custom.text(language), in_words(words, language), True, "")
        for custom, words in found
        if words is not None
    ]


def _hours(person: Person) -> str:
    if person.contact_from is None or person.contact_until is None:
        return ""
    return _("From %(first)s to %(last)s") % {
        "first": time_format(person.contact_from, "TIME_FORMAT"),
        "last": time_format(person.contact_until, "TIME_FORMAT"),
    }


def _letters_in(person: Person) -> SafeString:
    name = dict(letter_languages()).get(person.language, person.language)
    return format_html('<span lang="{}">{}</span>', person.language, name)


def _ways(person: Person) -> str:
    words = {"email": _("By e-mail"), "text": _("By text message"), "call": _("Only by telephone")}
    return words.get(person.contact_way, "")


def _address_of(text: str) -> SafeString | str:
    return format_html('<span dir="ltr" translate="no">{}</span>', breakable(text)) if text else ""


_SAID: Final[Mapping[str, Callable[[Person], SafeString | str]]] = {
    "contact_way": _ways,
    "contact_from": _hours,
    "hides_network": lambda person: _("We never write it to you.") if person.hides_network else "",
    "language": _letters_in,
    "email": lambda person: _address_of(person.email),
    "phone": lambda person: _address_of(person.phone),
}
"""How a detail is said; the others stand as they are."""


# Who has seen it ----------------------------------------------------------------------------------------------------


def tellings(told: Iterable[Telling]) -> list[SafeString | str]:
    """Say who has been told about her, and when."""
    return [_telling(one) for one in told]


def _telling(told: Telling) -> SafeString | str:
    day = date_format(told.on, "DATE_FORMAT") if told.on else ""
    if told.is_partner:
        name = format_html("<bdi>{}</bdi>", told.name)
        if not day:
            return format_html(
                _("%(name)s became your partner, and reads your last name since then.") % {"name": "{}"}, name
            )
        words = _("On %(day)s %(name)s became your partner, and reads your last name since then.")
        return format_html(words % {"day": "{}", "name": "{}"}, *_in_order(words, day=day, name=name))
    if told.to == Role.MENTOR:
        return _("On %(day)s we told a mentor about you, without your last name.") % {"day": day}
    return _("On %(day)s we told a mentee about you, without your last name.") % {"day": day}


def _in_order(words: str, **values: str) -> list[str]:
    """Return values in the order in which a translation names them."""
    return [values[name] for name in sorted(values, key=lambda name: words.index(f"%({name})s"))]


def reads(seen: Reads) -> str:
    """Say how often staff have opened what only named staff may read."""
    if not seen.count or seen.last_at is None:
        return _("Nobody has opened notes about you that only named staff may read.")
    return ngettext(
        "Staff have opened notes about you that only named staff may read %(count)s time, on %(day)s.",
        "Staff have opened notes about you that only named staff may read %(count)s times, the last time on %(day)s.",
        seen.count,
    ) % {"count": seen.count, "day": date_format(seen.last_at, "DATE_FORMAT")}
