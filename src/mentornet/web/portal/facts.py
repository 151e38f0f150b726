"""What is kept of a participant, as she reads it herself: plain words in her language, and who else sees each fact."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentornet.common.fields import Level, level_of
from mentornet.common.spoken import reference_language
from mentornet.people.enums import Provenance, Role
from mentornet.people.facts import requirement_of
from mentornet.people.models import LanguageSkill, Person, Profile
from mentornet.people.validators import SLOTS
from mentornet.web.ui.listed import PARTS, said
from reference import languages as language_names
from reference import occupations
from reference.people import MeetingMode, Requirement, RequirementKind
from reference.topics import Topic

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

OF_PERSON: Final = ("first_name", "area")
"""What is hers whatever her role; the other facts are of her profile in a role."""
_LABELS: Final[Mapping[str, _StrOrPromise]] = {
    "first_name": gettext_lazy("Your first name"),
    "area": gettext_lazy("The part of town where you live"),
    "languages": gettext_lazy("Languages you speak"),
    "occupation_title": gettext_lazy("Your work"),
    "occupation": gettext_lazy("The kind of work"),
    "topics": gettext_lazy("What you want help with"),
    "interests": gettext_lazy("What you like to do"),
    "about": gettext_lazy("About you, in your words"),
    "sector": gettext_lazy("Where you work or have worked"),
    "education": gettext_lazy("Your education"),
    "availability": gettext_lazy("When you have time"),
    "meeting": gettext_lazy("How you want to meet"),
    "hours_per_month": gettext_lazy("Hours a month"),
    "months": gettext_lazy("How many months"),
    "requires": gettext_lazy("What the other person must have"),
    "wishes": gettext_lazy("Your wishes"),
    "practise_danish": gettext_lazy("You want to practise Danish"),
    "needs_experience": gettext_lazy("You want somebody who has done this before"),
    "min_danish": gettext_lazy("The Danish that the other person must speak"),
    "pairs_before": gettext_lazy("How often you have done this before"),
}
_BY_ROLE: Final[Mapping[tuple[str, str], _StrOrPromise]] = {
    (Role.MENTEE, "occupation_title"): gettext_lazy("The work you want"),
    (Role.MENTOR, "topics"): gettext_lazy("What you can help with"),
}
_ONLY_MENTOR: Final = frozenset({"min_danish", "pairs_before"})
_ONLY_MENTEE: Final = frozenset({"practise_danish", "needs_experience"})
FIXED: Final = frozenset({"occupation", "requires", "pairs_before"})
"""What has no page of its own: it is corrected together with another fact, or talked over with the office."""
TOGETHER: Final[Mapping[str, str]] = {"occupation": "occupation_title"}
"""What is corrected on another fact's page, by name: the kind of work with her words for it."""
ORDER: Final = (
    "first_name", "area", "languages", "occupation_title", "occupation", "topics", "interests", "about",
    "sector", "education", "pairs_before", "availability", "meeting", "hours_per_month", "months", "practise_danish",
    "needs_experience", "min_danish", "requires", "wishes",
)  # fmt: skip
"""Every fact in the order in which she reads them."""
EDUCATION: Final[Mapping[int, _StrOrPromise]] = {
    0: gettext_lazy("I did not finish primary school"),
    1: gettext_lazy("Primary school"),
    2: gettext_lazy("Nine or ten years at school"),
    3: gettext_lazy("Upper secondary school or vocational training"),
    4: gettext_lazy("A course after upper secondary school"),
    5: gettext_lazy("A short higher education"),
    6: gettext_lazy("A bachelor’s degree"),
    7: gettext_lazy("A master’s degree"),
    8: gettext_lazy("A doctorate"),
}
"""The levels of ISCED 2011 in plain words."""
LEVELS: Final[Mapping[str, _StrOrPromise]] = {
    "A1": gettext_lazy("a few words"),
    "A2": gettext_lazy("a little"),
    "B1": gettext_lazy("enough for every day"),
    "B2": gettext_lazy("well"),
    "C1": gettext_lazy("very well"),
    "C2": gettext_lazy("like my first language"),
}
"""The levels of the European framework in plain words."""
WAYS: Final[Mapping[str, _StrOrPromise]] = {
    MeetingMode.IN_PERSON.value: gettext_lazy("We meet in person"),
    MeetingMode.ONLINE.value: gettext_lazy("We meet online"),
}
_WHO: Final[Mapping[tuple[Level, str], _StrOrPromise]] = {
    (Level.INTRODUCTION, Role.MENTEE): gettext_lazy("A mentor reads this, if we suggest her to you."),
    (Level.INTRODUCTION, Role.MENTOR): gettext_lazy("A mentee reads this, if we suggest her to you."),
}
_ONLY_US: Final = gettext_lazy("Only the people who work at the office read this.")
_SOURCES: Final[Mapping[str, _StrOrPromise]] = {
    Provenance.SELF_REPORTED: gettext_lazy("You wrote this, %(day)s"),
    Provenance.HEARD: gettext_lazy("We wrote this after we talked, %(day)s"),
    Provenance.CONFIRMED: gettext_lazy("You said that this is right, %(day)s"),
    Provenance.IMPORTED: gettext_lazy("From an earlier list, %(day)s"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One fact, as she reads it.

    Attributes:
        name: of the column; ``languages`` for what she speaks.
        who: a sentence: who else reads it.
        is_introduction: the other side of a proposal reads it; otherwise only the office.
        source: where it comes from, in words; empty where nobody knows.
        is_written: in her own words, in whichever language she wrote.
        page: the fact on whose page it is corrected; empty for what is changed together with the office.
    """

    name: str
    label: str
    value: SafeString | str
    who: str
    is_introduction: bool
    source: str = ""
    is_written: bool = False
    page: str = ""


def label(name: str, role: str) -> str:
    """Return what a fact is called, said to her."""
    return str(_BY_ROLE.get((role, name)) or _LABELS[name])


def names_for(role: str) -> list[str]:
    """Return the facts that somebody in a role has, in order."""
    absent = _ONLY_MENTOR if role == Role.MENTEE else _ONLY_MENTEE
    return [name for name in ORDER if name not in absent]


def level(name: str) -> Level:
    """Return who sees a fact."""
    if name == "languages":
        return level_of("people.LanguageSkill", "code")
    return level_of("people.Person" if name in OF_PERSON else "people.Profile", name)


def who_reads(name: str, role: str) -> str:
    """Say who else reads a fact."""
    return str(_WHO.get((level(name), role), _ONLY_US))


def shown(person: Person, profile: Profile | None, skills: Sequence[LanguageSkill], role: str) -> list[Shown]:
    """Return all that is kept of her in a role, fact by fact, in order; without a value where nothing is known."""
    return [_shown(name, person, profile, skills, role) for name in names_for(role)]


def introduction(person: Person, profile: Profile | None, skills: Sequence[LanguageSkill], role: str) -> list[Shown]:
    """Return what the other side of a proposal reads."""
    return [fact for fact in shown(person, profile, skills, role) if fact.is_introduction]


def casework(person: Person, profile: Profile | None, skills: Sequence[LanguageSkill], role: str) -> list[Shown]:
    """Return what only the office reads."""
    return [fact for fact in shown(person, profile, skills, role) if not fact.is_introduction]


def _shown(name: str, person: Person, profile: Profile | None, skills: Sequence[LanguageSkill], role: str) -> Shown:
    provenance: Mapping[str, Any] = profile.provenance if profile is not None else {}
    return Shown(
        name=name,
        label=label(name, role),
        value=value_of(name, person, profile, skills),
        who=who_reads(name, role),
        is_introduction=level(name) == Level.INTRODUCTION,
        source=source_of(provenance, name),
        is_written=name in {"first_name", "area", "occupation_title", "sector", "about", "wishes"},
        page=TOGETHER.get(name, "" if name in FIXED else name),
    )


def source_of(provenance: Mapping[str, Any], name: str) -> str:
    """Say to her where a fact of her profile comes from."""
    entry = provenance.get(name)
    if not entry:
        return ""
    return str(_SOURCES[entry[0]]) % {"day": date_format(date.fromisoformat(entry[1]), "DATE_FORMAT")}


def value_of(name: str, person: Person, profile: Profile | None, skills: Sequence[LanguageSkill]) -> SafeString | str:
    """Return a fact in words; empty where nothing is known."""
    if name == "languages":
        return languages(skills)
    if name in OF_PERSON:
        return str(getattr(person, name))
    if profile is None or getattr(profile, name) in {None, "", ()}:
        return ""
    say = _SAID.get(name)
    return say(profile) if say else str(getattr(profile, name))


def languages(skills: Sequence[LanguageSkill]) -> SafeString | str:
    """Return languages with how well she speaks each."""
    rows = []
    for skill in skills:
        name = language_names.name(skill.code, reference_language())
        rows.append((reference_language(), name, f": {LEVELS[skill.level]}" if skill.level else ""))
    return _wrapped(format_html_join("", '<li><span lang="{}">{}</span>{}</li>', rows)) if rows else ""


def topics(codes: Sequence[str] | None, *, is_ordered: bool) -> SafeString | str:
    """Return topics, a mentee's as a list whose first is the most important."""
    language = reference_language()
    items = format_html_join(
        "", '<li lang="{}">{}</li>', ((language, Topic(code).label.text(language)) for code in codes or ())
    )
    if not items:
        return ""
    return format_html("<ol>{}</ol>", items) if is_ordered else _wrapped(items)


def times(slots: Sequence[str] | None) -> SafeString | str:
    """Return times of the week by day."""
    by_day: dict[int, list[str]] = {}
    for code, slot in SLOTS.items():
        if slots and code in slots:
            by_day.setdefault(int(slot.day), []).append(str(PARTS[slot.part]))
    return _list(f"{str(WEEKDAYS[day]).capitalize()}: {', '.join(parts)}" for day, parts in by_day.items())


def _list(items: Any) -> SafeString | str:
    made = format_html_join("", "<li>{}</li>", ((item,) for item in items))
    return _wrapped(made) if made else ""


def _wrapped(items: SafeString) -> SafeString:
    return format_html('<ul class="plain-list">{}</ul>', items)


def _number(value: float) -> str:
    return number_format(value, decimal_pos=0 if value == int(value) else 1)


def _times_before(count: int) -> str:
    if count == 0:
        return _("This is your first time.")
    return ngettext("%(count)s time before", "%(count)s times before", count) % {"count": count}


def _requirement(wanted: Requirement) -> SafeString | str:
    language = reference_language()
    match wanted.kind:
        case RequirementKind.LANGUAGE:
            name = said(language_names.name(wanted.value, language))
            return format_html(_("She speaks %(language)s.") % {"language": "{}"}, name)
        case RequirementKind.OCCUPATION:
            name = said(occupations.title(wanted.value, language))
            return format_html(_("Her work: %(occupation)s") % {"occupation": "{}"}, name)
        case RequirementKind.ONLINE:
            return _("She can meet online.")
        case RequirementKind.IN_PERSON:
            return _("She can meet in person.")
    return format_html('<span dir="auto">{}</span>', wanted.value)


def _yes_no(value: bool) -> str:
    return _("Yes") if value else _("No")


_SAID: Final[Mapping[str, Callable[[Profile], SafeString | str]]] = {
    "occupation": lambda profile: said(occupations.title(profile.occupation, reference_language())),
    "topics": lambda profile: topics(profile.topics, is_ordered=profile.role == Role.MENTEE),
    "interests": lambda profile: format_html('<span dir="auto">{}</span>', ", ".join(profile.interests or ())),
    "education": lambda profile: str(EDUCATION[profile.education or 0]),
    "availability": lambda profile: times(profile.availability),
    "meeting": lambda profile: _list(str(words) for mode, words in WAYS.items() if mode in (profile.meeting or ())),
    "requires": lambda profile: _list(_requirement(requirement_of(word)) for word in profile.requires),
    "practise_danish": lambda profile: _yes_no(bool(profile.practise_danish)),
    "needs_experience": lambda profile: _yes_no(bool(profile.needs_experience)),
    "hours_per_month": lambda profile: _number(profile.hours_per_month or 0),
    "months": lambda profile: _number(profile.months or 0),
    "min_danish": lambda profile: str(LEVELS[profile.min_danish]),
    "pairs_before": lambda profile: _times_before(profile.pairs_before or 0),
}
"""How each fact of a profile is said; the others stand as they are."""
