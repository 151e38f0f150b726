"""The letter to the mentor in words, and what may not stand among them.

A letter is kept without names: where it is read, each is named by what the other one knows, as everywhere else. So
nobody is named in it who has come to be protected since.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from mentornet.common.ordering import folded
from mentornet.followup.enums import Fact
from mentornet.partnerships.enums import CameOfIt

MENTEE: Final = "{mentee}"
MENTOR: Final = "{mentor}"
# Unicode's first-strong isolate and its end: a name in other letters does not disturb the sentence around it.
_FENCE: Final = "\u2068"
_FENCE_END: Final = "\u2069"
_REACHES: Final = re.compile(r"@|https?:|www\.|\.(?:dk|com|net|org)\b|(?:\d[\s().+/-]*){6,}", re.IGNORECASE)
_SHORTEST_NAME: Final = 2


@dataclass(frozen=True, slots=True)
class Facts:
    """What the two have done in a time.

    Attributes:
        goals: in the words in which they stand on the page of the two.
        came_of_it: what came of the doors, without what nothing came of.
    """

    met: int = 0
    minutes: int = 0
    goals: Sequence[str] = ()
    goals_reached: int = 0
    steps: int = 0
    doors: int = 0
    came_of_it: Sequence[str] = ()

    @property
    def hours(self) -> int:
        """Whole hours, rounded."""
        return round(self.minutes / 60)

    @property
    def known(self) -> list[Fact]:
        """The facts that there are; her Danish she alone can tell."""
        there = {
            Fact.MET: self.met,
            Fact.HOURS: self.hours,
            Fact.GOALS: self.goals_reached,
            Fact.STEPS: self.steps,
            Fact.DOORS: self.doors,
            Fact.CAME_OF_IT: len(self.came_of_it),
            Fact.DANISH: 1,
        }
        return [fact for fact in Fact if there[fact]]


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter before it is put into a language.

    Attributes:
        chosen: the facts that stand in it.
        words: the mentee's own.
        thoughts: of each side, what she has written for it.
    """

    since: date
    until: date
    facts: Facts
    chosen: frozenset[str] = frozenset()
    words: str = ""
    thoughts: Mapping[str, Sequence[str]] = field(default_factory=dict)


def fact_words(fact: Fact, facts: Facts) -> str:
    """Return one fact as a sentence, in the language of the moment."""
    match fact:
        case Fact.MET:
            words = ngettext("You have met %(count)s time.", "You have met %(count)s times.", facts.met)
            return words % {"count": facts.met}
        case Fact.HOURS:
            words = ngettext(
                "You have spent about %(count)s hour together.",
                "You have spent about %(count)s hours together.",
                facts.hours,
            )
            return words % {"count": facts.hours}
        case Fact.GOALS:
            words = ngettext("%(count)s goal is reached.", "%(count)s goals are reached.", facts.goals_reached)
            quoted = (f"“{_FENCE}{goal}{_FENCE_END}”" for goal in facts.goals)
            return " ".join([words % {"count": facts.goals_reached}, *quoted])
        case Fact.STEPS:
            words = ngettext("%(count)s small step is done.", "%(count)s small steps are done.", facts.steps)
            return words % {"count": facts.steps}
        case _:
            return _of_doors(fact, facts)


def _of_doors(fact: Fact, facts: Facts) -> str:
    if fact == Fact.DOORS:
        words = ngettext("%(count)s door was opened.", "%(count)s doors were opened.", facts.doors)
        return words % {"count": facts.doors}
    if fact == Fact.CAME_OF_IT:
        came = [str(CameOfIt(one).label) for one in facts.came_of_it]
        return _("What came of it: %(what)s.") % {"what": " · ".join(came)}
    return _("Her Danish has come a step further.")


def written_in(language: str, draft: Draft) -> dict[str, Any]:
    """Return a letter in a language: its title, greeting, paragraphs, what is quoted, and the end."""
    with override(language):
        days = {"since": date_format(draft.since, "DATE_FORMAT"), "until": date_format(draft.until, "DATE_FORMAT")}
        quotes = []
        hers = [*([draft.words] if draft.words else []), *draft.thoughts.get("mentee", ())]
        if hers:
            quotes.append({"heading": _("In the words of %(name)s") % {"name": MENTEE}, "texts": hers})
        if draft.thoughts.get("mentor"):
            quotes.append({"heading": _("In your own words"), "texts": list(draft.thoughts["mentor"])})
        return {
            "title": _("What you have done together"),
            "greeting": _("Dear %(name)s,") % {"name": MENTOR},
            "opening": _("this letter is about you and %(name)s, from %(since)s to %(until)s.")
            % {"name": MENTEE, **days},
            "facts": [fact_words(fact, draft.facts) for fact in draft.facts.known if fact in draft.chosen],
            "quotes": quotes,
            "ending": _("%(name)s has chosen what stands here. Thank you for your time.") % {"name": MENTEE},
        }


def named(text: Mapping[str, Any], *, mentee: str, mentor: str) -> dict[str, Any]:
    """Return a letter with the names in it; what the two have written themselves stays as it is."""

    def put(words: str) -> str:
        return words.replace(MENTEE, f"{_FENCE}{mentee}{_FENCE_END}").replace(MENTOR, f"{_FENCE}{mentor}{_FENCE_END}")

    quotes = [{"heading": put(one["heading"]), "texts": one["texts"]} for one in text["quotes"]]
    plain = {name: put(text[name]) for name in ("title", "greeting", "opening", "ending")}
    return {**plain, "facts": list(text["facts"]), "quotes": quotes}


def tells_too_much(words: str, last_names: Iterable[str]) -> bool:
    """Tell whether words hold a last name of the two, or how somebody is reached."""
    known = set(re.findall(r"\w+", folded(words)))
    names = {part for name in last_names for part in folded(name).split() if len(part) >= _SHORTEST_NAME}
    return bool(_REACHES.search(words)) or bool(known & names)


def check_words(words: str, last_names: Iterable[str]) -> None:
    """Refuse words for a letter that would tell who the two are, or how one reaches them.

    Raises:
        ValidationError: says what to leave out.
    """
    if tells_too_much(words, last_names):
        raise ValidationError(
            gettext_lazy("Please leave out last names, telephone numbers, addresses and links. First names are fine."),
            code="too_much",
        )
