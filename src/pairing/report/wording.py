"""How the page says things: its fixed texts, numbers and dates, and what people wrote made safe to stand in it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from babel.dates import format_date
from babel.numbers import get_decimal_symbol

from pairing.terms import UNITS, Criterion, Rule, UnmatchedReason
from reference.people import MeetingMode
from reference.slots import Slot
from reference.spoken import LOCALES, Decimal, Listed, SlotName
from reference.translation import N_, Language, Message, Value

CRITERION_NAMES: Final[Mapping[Criterion, str]] = {
    Criterion.OCCUPATION: N_("Occupation"),
    Criterion.TOPICS: N_("Goals and help"),
    Criterion.LANGUAGE: N_("Shared language"),
    Criterion.INTERESTS: N_("Interests"),
    Criterion.PACE: N_("Pace"),
    Criterion.TIME: N_("Times"),
    Criterion.EDUCATION: N_("Education"),
    Criterion.SECTOR: N_("Sector"),
    Criterion.PLACE: N_("Distance"),
    Criterion.EXPERIENCE: N_("Experience"),
}

CRITERION_MEANINGS: Final[Mapping[Criterion, str]] = {
    Criterion.OCCUPATION: N_("How near the mentor's occupation is to the one the mentee aims at."),
    Criterion.TOPICS: N_("How many of the mentee's goals the mentor offers help with; the first goal counts most."),
    Criterion.LANGUAGE: N_(
        "How well both speak the best language they share; Danish counts more if the mentee wants to practise it."
    ),
    Criterion.INTERESTS: N_("How many interests they have in common; three count in full."),
    Criterion.PACE: N_("How alike the hours a month and the number of months are that each has in mind."),
    Criterion.TIME: N_("How many times of the week suit both; three count in full."),
    Criterion.EDUCATION: N_("How near their levels of education are."),
    Criterion.SECTOR: N_("Whether both belong to the same sector."),
    Criterion.PLACE: N_("Whether they belong to the same division, or how near their postcodes are."),
    Criterion.EXPERIENCE: N_(
        "How many pairs the mentor has been in before, where the mentee needs an experienced mentor."
    ),
}

RULE_TOPICS: Final[Mapping[Rule, str]] = {
    Rule.LANGUAGE: N_("languages"),
    Rule.PLACE: N_("how and where to meet"),
    Rule.TIME: N_("times of the week"),
    Rule.REQUIRES: N_("what each requires of the other"),
    Rule.CONFLICT: N_("who must not meet"),
    Rule.RESTING: N_("the mentor's pause"),
    Rule.CAPACITY: N_("free places"),
    Rule.FORBIDDEN: N_("pairs ruled out"),
}
"""What each rule is about, to stand after “ask about:”."""

RULE_DEMANDS: Final[Mapping[Rule, str]] = {
    Rule.LANGUAGE: N_(
        "They share a language in which both have level {level} or better; "
        "Danish counts only if it is as good as the mentor asks."
    ),
    Rule.PLACE: N_("Both accept to meet online, or both accept to meet in person and belong to the same division."),
    Rule.TIME: N_("At least one time of the week suits both."),
    Rule.REQUIRES: N_("What each requires of the other holds."),
    Rule.CONFLICT: N_("Neither is on the other's list of people not to meet, and they have not been a pair before."),
    Rule.RESTING: N_("The mentor is not resting."),
    Rule.CAPACITY: N_("The mentor has a free place."),
    Rule.FORBIDDEN: N_("You have not ruled the pair out."),
}

REASONS: Final[Mapping[UnmatchedReason, str]] = {
    UnmatchedReason.NO_ALLOWED: N_("No free mentor passes every rule."),
    UnmatchedReason.FLOOR: N_("Mentors pass every rule, but none fits well enough to reach the floor of {floor}."),
    UnmatchedReason.TAKEN: N_("Every mentor who fits well enough is paired with somebody else in this proposal."),
}

MEETINGS: Final[Mapping[MeetingMode, str]] = {
    MeetingMode.IN_PERSON: N_("in person"),
    MeetingMode.ONLINE: N_("online"),
}

# What people wrote may hold signs that turn the text around them (Unicode's embeddings, overrides and isolates):
# they are left out. Control characters, which a browser may drop or misread, are made visible.
_TURNING: Final = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_CONTROL: Final = tuple(number for number in (*range(0x20), *range(0x7F, 0xA0)) if chr(number) not in "\n\t")
_INVISIBLE: Final[Mapping[int, str | None]] = {
    **dict.fromkeys(_CONTROL, "\N{REPLACEMENT CHARACTER}"),
    **dict.fromkeys(_TURNING),
}
_DANISH_LETTERS: Final = str.maketrans({"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}"})


def written(text: str | None) -> str:
    """Return what somebody wrote, as it can be shown; empty if nobody wrote anything."""
    return (text or "").translate(_INVISIBLE).strip()


def isolated(text: str) -> str:
    """Return what somebody wrote, fenced off so that right-to-left letters in it leave the sentence in order."""
    plain = written(text)
    if any(unicodedata.bidirectional(sign) in {"R", "AL"} for sign in plain):
        return f"\N{FIRST STRONG ISOLATE}{plain}\N{POP DIRECTIONAL ISOLATE}"
    return plain


def _safe_value(value: Value) -> Value:
    if isinstance(value, str):
        return isolated(value)
    if isinstance(value, Listed):
        return Listed(tuple(_safe_value(item) for item in value.items))
    return _safe(value) if isinstance(value, Message) else value


def _safe(message: Message) -> Message:
    return replace(message, values={key: _safe_value(value) for key, value in message.values.items()})


def danish_order(text: str) -> tuple[str, str]:
    """Sort key: a to z, then æ, ø, å; aa is å; other accents do not count."""
    letters = unicodedata.normalize("NFC", text.casefold()).replace("aa", "å").translate(_DANISH_LETTERS)
    return "".join(sign for sign in unicodedata.normalize("NFKD", letters) if not unicodedata.combining(sign)), text


class Words:
    """Says things in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._comma = get_decimal_symbol(LOCALES[language])
        self.unknown = self.say(N_("unknown"))

    def say(self, template: str, **values: str | int) -> str:
        """Return the sentence with its values."""
        return Message(template, values).text(self.language)

    def ngettext(self, one: str, many: str, count: int, **values: str | int) -> str:
        """Return the sentence in the form that ``count`` asks for; ``{count}`` stands for the number.

        Named as gettext names it, so that every extraction tool finds both forms where it is called.
        """
        return Message(one, {"count": count, **values}, plural=many, count=count).text(self.language)

    def sentence(self, message: Message) -> str:
        """Return a sentence made elsewhere, with what people wrote in it made safe."""
        return _safe(message).text(self.language)

    def number(self, value: float, places: int) -> str:
        """Return a number with so many decimals."""
        return f"{value:.{places}f}".replace(".", self._comma)

    def score(self, units: int) -> str:
        """Return whole units as a number of 1, with at least two decimals and no idle zero after them."""
        digits = f"{units / UNITS:.4f}"
        return (digits[:-2] + digits[-2:].rstrip("0")).replace(".", self._comma)

    def plain(self, value: float) -> str:
        """Return a number with as few decimals as it needs."""
        return Decimal(value).text(self.language)

    def date(self, day: date) -> str:
        """Return the date in words."""
        return format_date(day, "long", locale=LOCALES[self.language])

    def days(self, days: int | None) -> str:
        """Return a number of days, or that it is unknown."""
        return self.unknown if days is None else self.ngettext("{count} day", "{count} days", days)

    def waiting(self, days: int | None) -> str:
        """Return how long somebody has waited."""
        if days is None:
            return self.say(N_("waiting time unknown"))
        return self.ngettext("waiting {count} day", "waiting {count} days", days)

    def slot(self, slot: Slot) -> str:
        """Return a part of a day, such as “Tuesday evening”."""
        return SlotName(slot).text(self.language)

    def share(self, paired: int, mentees: int) -> str:
        """Return how many of the mentees have a mentor."""
        return self.ngettext(
            "{paired} of {count} mentee has a mentor",
            "{paired} of {count} mentees have a mentor",
            mentees,
            paired=paired,
        )
