"""All answers in words, page by page, for looking at them once more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any, Final

from django.utils.dates import WEEKDAYS
from django.utils.formats import time_format
from django.utils.html import format_html_join
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from mentornet.common.spoken import reference_language
from mentornet.intake.consent_words import CONSENT_WORDS
from mentornet.intake.draft_answers import YES
from mentornet.intake.enums import Applying, ConsentPurpose
from mentornet.intake.models import ApplicationDraft
from mentornet.people.validators import SLOTS
from mentornet.web.public.apply import words
from mentornet.web.public.apply.steps import Step, steps_of
from mentornet.web.ui.listed import PARTS, said
from reference import occupations
from reference.topics import Topic

Given = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One answer.

    Attributes:
        is_written: she has written it herself, in whichever language.
        is_ltr: an address or a number, which runs from left to right everywhere.
    """

    label: str
    value: str
    is_written: bool = False
    is_ltr: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """One page with its answers."""

    step: Step
    lines: list[Line]


def answered(draft: ApplicationDraft) -> list[Answered]:
    """Return her answers page by page; what she left empty is not there."""
    return [
        Answered(step, [line for line in _lines(draft, step.slug) if line.value])
        for step in steps_of(draft)
        if step.form is not None
    ]


def _joined(texts: Iterable[str]) -> str:
    return format_html_join("; ", "{}", ((text,) for text in texts))


def _named(choices: Iterable[tuple[str, object]], value: object) -> str:
    known = {key: str(label) for key, label in choices}
    return known.get(str(value), "")


def _lines(draft: ApplicationDraft, slug: str) -> Iterator[Line]:
    return _OF[slug](draft, draft.answered(slug))


def _place(draft: ApplicationDraft, _given: Given) -> Iterator[Line]:
    yield Line(_("Office"), draft.division.name if draft.division else "", is_written=True)


def _programme(draft: ApplicationDraft, given: Given) -> Iterator[Line]:
    yield Line(_("Programme"), draft.programme.name if draft.programme else "", is_written=True)
    yield Line(_("Is this you?"), _fits(given.get("eligible")))


def _name(draft: ApplicationDraft, _given: Given) -> Iterator[Line]:
    yield Line(_("Name"), draft.name, is_written=True)


def _languages(_draft: ApplicationDraft, given: Given) -> Iterator[Line]:
    for code, level in given.get("skills", []):
        yield Line(said(words.language_name(code)), _named(words.LEVELS, level) or _("not said"))


def _life(_draft: ApplicationDraft, given: Given) -> Iterator[Line]:
    yield Line(_("Born"), str(given.get("birth_year") or ""))
    yield Line(_("Part of town"), given.get("area", ""), is_written=True)
    yield Line(_("Postcode"), given.get("postcode", ""), is_ltr=True)


def _work_lines(_draft: ApplicationDraft, given: Given) -> Iterator[Line]:
    yield Line(_("In your words"), given.get("occupation_title", ""), is_written=True)
    yield Line(_("Work"), _work(given.get("occupation", "")))
    yield Line(_("Where you work"), given.get("sector", ""), is_written=True)


def _meeting(_draft: ApplicationDraft, given: Given) -> Iterator[Line]:
    yield Line(_("How you meet"), "; ".join(_named(words.MEETING, way) for way in given.get("meeting", [])))
    hours = given.get("hours_per_month")
    yield Line(_("Time in a month"), _named(words.HOURS, f"{hours:g}") if hours else "")


def _network(_draft: ApplicationDraft, given: Given) -> Iterator[Line]:
    yield Line(_("Trades"), given.get("field_words", ""), is_written=True)
    yield Line(_("Kinds of work"), _joined(_work(code) for code in given.get("groups", [])))
    yield Line(pgettext("where somebody knows people", "Places"), given.get("regions", ""), is_written=True)


def _heard(_draft: ApplicationDraft, given: Given) -> Iterator[Line]:
    yield Line(_("You heard about us"), _named(words.REFERRERS, given.get("referrer", "")))
    yield Line(_("More"), given.get("heard_through", ""), is_written=True)


def _consents(_draft: ApplicationDraft, given: Given) -> Iterator[Line]:
    for purpose in given:
        yield Line(_("Yes"), str(CONSENT_WORDS[ConsentPurpose(purpose)]))


def _contact(draft: ApplicationDraft, _given: Given) -> Iterator[Line]:
    yield Line(_("How"), _named(words.WAYS, draft.contact_way))
    yield Line(_("E-mail address"), draft.email, is_ltr=True)
    yield Line(_("Telephone number"), draft.phone, is_ltr=True)
    if draft.contact_from is not None and draft.contact_until is not None:
        between = _("Between %(begin)s and %(end)s")
        yield Line(_("When"), between % {"begin": clock(draft.contact_from), "end": clock(draft.contact_until)})
    if draft.hides_network:
        yield Line(_("Please"), _("Do not say who you are, and do not write it"))
    yield Line(_("More"), draft.safe_contact, is_written=True)


def clock(at: time) -> str:
    """Return an hour as the clock shows it."""
    return time_format(at, "H:i")


def _fits(given: str | None) -> str:
    if given is None:
        return ""
    return _("Yes, this is me") if given == YES else _("I am not sure. Please talk with me about it.")


def _work(code: str) -> str:
    return said(occupations.title(code, reference_language())) if code else ""


def _wanted(draft: ApplicationDraft, given: Given) -> Iterator[Line]:
    topics = [said(Topic(code).label.text(reference_language())) for code in given.get("topics", [])]
    label = _("You want help with") if draft.role == Applying.MENTEE else _("You can help with")
    yield Line(label, _joined(topics))
    if given.get("practise_danish"):
        yield Line(_("Danish"), _("I want to practise Danish with my mentor"))
    yield Line(_("Doors you can open"), given.get("opens", ""), is_written=True)


def _times(_draft: ApplicationDraft, given: Given) -> Iterator[Line]:
    slots = given.get("availability", [])
    by_day: dict[int, list[str]] = {}
    for code, slot in SLOTS.items():
        if code in slots:
            by_day.setdefault(int(slot.day), []).append(str(PARTS[slot.part]))
    comma = "، " if get_language() in {"ar", "fa"} else ", "
    for day, parts in by_day.items():
        yield Line(str(WEEKDAYS[day]).capitalize(), comma.join(parts))


def _own_words(_draft: ApplicationDraft, given: Given) -> Iterator[Line]:
    yield Line(_("About you"), given.get("about", ""), is_written=True)
    yield Line(_("Your wish"), given.get("wishes", ""), is_written=True)
    if given.get("must_speak"):
        yield Line(_("The other person must speak"), said(words.language_name(given["must_speak"])))
    if given.get("must_meet"):
        yield Line(_("You must meet"), _named(words.MUST_MEET, given["must_meet"]))
    if given.get("min_danish"):
        yield Line(_("The other person’s Danish, at least"), _named(words.LEVELS, given["min_danish"]))


_OF: Final[Mapping[str, Callable[[ApplicationDraft, Given], Iterator[Line]]]] = {
    "place": _place,
    "programme": _programme,
    "name": _name,
    "contact": _contact,
    "languages": _languages,
    "life": _life,
    "work": _work_lines,
    "goals": _wanted,
    "offer": _wanted,
    "times": _times,
    "meeting": _meeting,
    "words": _own_words,
    "network": _network,
    "heard": _heard,
    "consents": _consents,
}
