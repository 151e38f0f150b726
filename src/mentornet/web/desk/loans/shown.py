"""Loans in words: what is said of a mentor whom nobody knows yet, where a loan stands, and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentornet.common.spoken import reference_language
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching.enums import LoanState
from mentornet.matching.lending import STEPS, TOLD, TOTAL, Offered, Told, read
from mentornet.matching.loan_rules import has_asked, lends, may_answer_loan, may_take_loan_back
from mentornet.matching.models import Loan
from mentornet.matching.reasons import CRITERION_NAMES
from mentornet.web.desk.bank.shown import TIMES
from mentornet.web.desk.words.terms import occupation
from mentornet.web.ui.listed import said
from reference import languages as language_names
from reference.topics import Topic

Words = str | Promise | SafeString

_L = LoanState
TONES: Final[Mapping[str, tuple[str, str]]] = {
    _L.ASKED: ("info", "hourglass"),
    _L.RELEASED: ("good", "unlock"),
    _L.DECLINED: ("quiet", "minus"),
    _L.TAKEN_BACK: ("quiet", "undo"),
    _L.LAPSED: ("warn", "hourglass"),
    _L.USED: ("good", "partnership"),
    _L.RETURNED: ("quiet", "archive"),
}
_FIT: Final[tuple[Words, ...]] = (
    gettext_lazy("does not fit"),
    gettext_lazy("fits a little"),
    gettext_lazy("fits in part"),
    gettext_lazy("fits well"),
    gettext_lazy("fits very well"),
)
FACETS: Final[Mapping[str, Words]] = {
    "field": gettext_lazy("Field of work"),
    "language": gettext_lazy("Language"),
    "division": gettext_lazy("Division"),
    "time": gettext_lazy("Time of the week"),
    "topic": gettext_lazy("Can help with"),
}


@dataclass(frozen=True, slots=True)
class Fit:
    """How well somebody fits in one respect, in few steps."""

    label: Words
    words: Words
    width: int


def fit_of(told: Told) -> list[Fit]:
    """Return how well she fits, as bars; what is not known is left out."""
    return [
        Fit(CRITERION_NAMES[name], _FIT[told.fit[name]], 100 * told.fit[name] // STEPS)
        for name in TOLD
        if name in told.fit
    ]


def total_of(told: Told) -> Fit:
    """Return how well she fits in all."""
    step = told.fit[TOTAL]
    return Fit(_("In all"), _FIT[step], 100 * step // STEPS)


# What is said of her ------------------------------------------------------------------------------------------------


def _languages(codes: Iterable[str]) -> str:
    language = reference_language()
    return ", ".join(language_names.name(code, language) for code in codes)


def _topics(codes: Iterable[str]) -> str:
    return ", ".join(Topic(code).label.text(reference_language()) for code in codes)


def _listed(words: str) -> SafeString | str:
    return said(words) if words else ""


def facts_of(told: Told, divisions: Mapping[UUID, str]) -> list[dict[str, Any]]:
    """Return what is said of at least five alike; what would be said of fewer is left out."""
    place = divisions.get(told.division_id, "") if told.division_id else ""
    facts = [
        {"label": _("Field of work"), "value": occupation(told.field)},
        {"label": _("Speaks, among others"), "value": _listed(_languages(told.languages))},
        {"label": _("Can help with, among others"), "value": _listed(_topics(told.topics))},
        {"label": _("Can meet, among others"), "value": ", ".join(str(TIMES[time]) for time in told.times)},
        {"label": _("Division"), "value": format_html("<bdi>{}</bdi>", place) if place else ""},
    ]
    return [fact for fact in facts if fact["value"]]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the search.

    Attributes:
        title: what is said first of her.
    """

    handle: str
    title: Words
    facts: list[dict[str, Any]]
    fit: list[Fit]
    total: Fit
    ask_url: str


def line_of(one: Offered, mentee: Enrolment, divisions: Mapping[UUID, str]) -> Line:
    """Prepare one line for the page."""
    facts = facts_of(one.told, divisions)
    query = urlencode({"line": one.handle})
    return Line(
        handle=one.handle,
        title=facts[0]["value"] if one.told.field else _("A mentor of another division"),
        facts=facts[1:] if one.told.field else facts,
        fit=fit_of(one.told),
        total=total_of(one.told),
        ask_url=f"{reverse('desk:loan_ask', args=[mentee.pk])}?{query}",
    )


_VALUES: Final[Mapping[str, Callable[[Told], tuple[str, ...]]]] = {
    "field": lambda told: (told.field,) if told.field else (),
    "language": lambda told: told.languages,
    "division": lambda told: (str(told.division_id),) if told.division_id else (),
    "time": lambda told: told.times,
    "topic": lambda told: told.topics,
}


def chosen_among(offered: Sequence[Offered], chosen: Mapping[str, str]) -> list[Offered]:
    """Return the lines that say what is chosen. Nothing else is asked: no choice tells more than the whole list."""
    return [
        one for one in offered if all(value in _VALUES[facet](one.told) for facet, value in chosen.items() if value)
    ]


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a select."""

    value: str
    label: Words
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Select:
    """What can be chosen of one facet: what some line says."""

    name: str
    label: Words
    choices: list[Choice]


def selects_of(offered: Sequence[Offered], chosen: Mapping[str, str], divisions: Mapping[UUID, str]) -> list[Select]:
    """Return what can be chosen; a facet of which nothing is said is left out."""
    language = reference_language()
    words: Mapping[str, Callable[[str], Words]] = {
        "field": occupation,
        "language": lambda value: language_names.name(value, language),
        "division": lambda value: divisions.get(UUID(value), ""),
        "time": lambda value: TIMES[value],
        "topic": lambda value: Topic(value).label.text(language),
    }
    selects = []
    for facet, label in FACETS.items():
        values = sorted({value for one in offered for value in _VALUES[facet](one.told)})
        choices = [Choice(value, words[facet](value), chosen.get(facet) == value) for value in values]
        if choices:
            selects.append(Select(facet, label, choices))
    return selects


# A loan -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One loan, as somebody may see it.

    Attributes:
        mentee, mentor: those of the two whom she may see.
        has_asked, lends: on which side she works; on both, perhaps.
        other: the other division, as far as it is told.
        may_answer, may_take_back: what she can do now.
    """

    loan: Loan
    mentee: Enrolment | None
    mentor: Enrolment | None
    has_asked: bool
    lends: bool
    other: str
    tone: str
    icon: str
    may_answer: bool
    may_take_back: bool

    @property
    def is_known(self) -> bool:
        """Who the mentor is may be told."""
        return self.mentor is not None

    @property
    def told(self) -> Told | None:
        """What was seen of her when she was asked for."""
        return read(self.loan.seen)


def row_of(by: Staff, loan: Loan, people: Mapping[UUID, Enrolment]) -> Row:
    """Prepare a loan for the page."""
    tone, icon = TONES[loan.state]
    mentor, told = people.get(loan.mentor_id), read(loan.seen)
    is_lender = bool(lends(by, loan))
    if is_lender:
        other = loan.division.name
    else:
        is_told = mentor is not None or (told is not None and told.division_id == loan.lender_id)
        other = loan.lender.name if is_told else ""
    return Row(
        loan=loan,
        mentee=people.get(loan.mentee_id),
        mentor=mentor,
        has_asked=bool(has_asked(by, loan)),
        lends=is_lender,
        other=other,
        tone=tone,
        icon=icon,
        may_answer=bool(may_answer_loan(by, loan)),
        may_take_back=bool(may_take_loan_back(by, loan)),
    )


def next_of(row: Row) -> str:
    """Say what happens next with a loan, to whoever reads it."""
    loan = row.loan
    side = "lends" if row.lends else "asks"
    words = _NEXT.get((loan.state, side)) or _NEXT.get((loan.state, ""), "")
    day = loan.until_on if loan.state == LoanState.RELEASED else loan.expires_on
    return str(words) % {"day": date_format(day, "DATE_FORMAT")} if day else str(words)


_NEXT: Final[Mapping[tuple[str, str], Words]] = {
    (_L.ASKED, "lends"): gettext_lazy(
        "Ask her as you find right, then release her or say no. Without an answer it ends on %(day)s."
    ),
    (_L.ASKED, "asks"): gettext_lazy("Her division asks her and answers you. Without an answer it ends on %(day)s."),
    (_L.RELEASED, "lends"): gettext_lazy(
        "The other division may propose her until %(day)s. One place of hers is kept for it."
    ),
    (_L.RELEASED, "asks"): gettext_lazy("You may propose her until %(day)s. Look at the two side by side first."),
    (_L.USED, ""): gettext_lazy(
        "She is proposed, or they are a pair. The loan ends with it, and counts for both divisions."
    ),
    (_L.DECLINED, "asks"): gettext_lazy("Look at the list again: somebody else may stand there."),
    (_L.LAPSED, ""): gettext_lazy("Nothing came of it in time. It can be asked anew."),
    (_L.RETURNED, ""): gettext_lazy("It has ended, and she is her own division’s alone."),
}


def names_of(divisions: Iterable[Division]) -> dict[UUID, str]:
    """Return divisions' names by their keys."""
    return {one.pk: one.name for one in divisions}
