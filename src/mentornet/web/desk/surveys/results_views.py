"""What both sides have answered: side by side, with the gap and out of how many; by division, programme and quarter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from mentornet.divisions.queries import divisions_of
from mentornet.people.enums import Role
from mentornet.programmes.queries import programmes_in
from mentornet.surveys.models import Questionnaire, QuestionnaireVersion
from mentornet.surveys.queries import newest_versions, visible_questionnaires
from mentornet.surveys.questions import questions_of, said
from mentornet.surveys.results import ALL, Place, QuestionResult, result_of
from mentornet.surveys.tallies import answers_by_place, asked_by_place
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.surveys import shown
from reference.writing import Table, csv_bytes

_MARK: Final = "\N{ZERO WIDTH NO-BREAK SPACE}".encode()
SIDES: Final = (Role.MENTEE, Role.MENTOR)
FILTERS: Final = ("division", "programme", "period")


@dataclass(frozen=True, slots=True)
class Rate:
    """Out of how many one side has answered: everybody who was asked, the silent ones too."""

    side: Role
    answered: int
    asked: int

    @property
    def label(self) -> str:
        """Which side it is."""
        return str(self.side.label)

    @property
    def percent(self) -> int:
        """The share, in per cent."""
        return round(100 * self.answered / self.asked) if self.asked else 0


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that a page, or the file, shows."""

    questionnaire: Questionnaire
    version: QuestionnaireVersion | None
    place: Place
    rates: Sequence[Rate]
    questions: Sequence[QuestionResult]
    periods: Sequence[str]

    @property
    def was_asked(self) -> bool:
        """Whether anybody was, of those who are looked at."""
        return any(rate.asked for rate in self.rates)


def _results(request: DeskRequest, questionnaire_id: UUID) -> Results:
    by = request.actor
    found = get_object_or_404(visible_questionnaires(by), pk=questionnaire_id)
    version = newest_versions([found]).get(found.pk)
    place: Place = (request.GET.get("division", ALL), request.GET.get("programme", ALL), request.GET.get("period", ALL))
    asked = asked_by_place(by, found)
    answers = answers_by_place(by, found)
    chosen = [one for one in asked if all(want in {ALL, has} for has, want in zip(one.place, place, strict=True))]
    rates = [
        Rate(
            side,
            sum(one.answered for one in chosen if one.side == side),
            sum(one.asked for one in chosen if one.side == side),
        )
        for side in found.sides
    ]
    language = get_language() or "en"
    results = [
        result_of(question, answers, place, {one.key: said(one.texts, language) for one in question.options})
        for question in (questions_of(version.questions) if version is not None else [])
    ]
    periods = sorted({one.place[2] for one in asked}, reverse=True)
    return Results(found, version, place, rates, results, periods)


def _period_words(period: str) -> str:
    year, _dash, quarter = period.partition("-")
    return pgettext("a quarter of a year", "%(year)s, quarter %(number)s") % {"year": year, "number": quarter}


def _choices(request: DeskRequest, results: Results) -> list[dict[str, Any]]:
    by, chosen = request.actor, dict(zip(FILTERS, results.place, strict=True))
    divisions = [(str(one.pk), one.name) for one in divisions_of(by).filter(pk__in=by.casework)]
    programmes = [(str(one.pk), one.name) for one in programmes_in(by.casework)]
    periods = [(one, _period_words(one)) for one in results.periods]
    filters = [
        ("division", _("Division"), _("All divisions"), divisions),
        ("programme", _("Programme"), _("All programmes"), programmes),
        ("period", _("Period"), _("The whole time"), periods),
    ]
    if results.questionnaire.is_anonymous:
        del filters[1]
    return [
        {"name": name, "label": label, "all": every, "options": options, "chosen": chosen[name]}
        for name, label, every, options in filters
        if len(options) > 1
    ]


@open_to(Policy.CASEWORK)
def results(request: DeskRequest, questionnaire_id: UUID) -> HttpResponse:
    """Show what both sides answered, question by question, the gap, and out of how many."""
    found = _results(request, questionnaire_id)
    content = shown.content_of(found.questionnaire, found.version)
    asked = urlencode([(name, value) for name, value in zip(FILTERS, found.place, strict=True) if value != ALL])
    return render(
        request,
        "desk/surveys/results.html",
        {
            "results": found,
            "title": shown.title_of(content),
            "filters": _choices(request, found),
            "questions": [_shown(one) for one in found.questions],
            "sides": [side.label for side in SIDES],
            "file_query": f"?{asked}" if asked else "",
        },
    )


def _shown(result: QuestionResult) -> dict[str, Any]:
    question, language = result.question, get_language() or "en"
    most = max((count for line in result.lines for count in line.counts.values() if count), default=0) or 1
    return {
        "words": said(question.texts, language),
        "mentor_words": said(question.mentor_texts, language),
        "written": [(side.label, result.words[side]) for side in SIDES if result.words[side]],
        "sides": [
            {
                "label": side.label,
                "count": result.sides[side].count,
                "mean": _number(result.sides[side].mean),
                "median": _number(result.sides[side].median),
            }
            for side in SIDES
            if question.is_for(side)
        ],
        "gap": _signed(result.gap),
        "low": said(question.low, language),
        "high": said(question.high, language),
        "lines": [
            {
                "label": line.label,
                "cells": [
                    {"count": line.counts[side], "width": round(100 * (line.counts[side] or 0) / most, 2)}
                    for side in SIDES
                ],
            }
            for line in result.lines
        ],
    }


def _number(value: float | None) -> str:
    return "" if value is None else number_format(value, 1)


def _signed(value: float | None) -> str:
    if value is None:
        return ""
    sign = "+" if value > 0 else "\N{MINUS SIGN}" if value < 0 else ""
    return f"{sign}{number_format(abs(value), 1)}"


@open_to(Policy.CASEWORK)
def results_table(request: DeskRequest, questionnaire_id: UUID) -> HttpResponse:
    """Give the same numbers as a file: nobody stands in it, and what is hidden on the page is hidden in it."""
    found = _results(request, questionnaire_id)
    language = get_language() or "en"
    lines: list[tuple[Any, ...]] = [
        ("", "asked", "", *(_rate(found, side, "asked") for side in SIDES)),
        ("", "answered", "", *(_rate(found, side, "answered") for side in SIDES)),
    ]
    for one in found.questions:
        words = said(one.question.texts, language)
        lines += [(words, "count", line.label, *(line.counts[side] for side in SIDES)) for line in one.lines]
        for name in ("count", "median", "mean"):
            lines.append((words, name, "", *(getattr(one.sides[side], name) for side in SIDES)))
        lines.append((words, "gap", "", one.gap, None))
    content = _MARK + csv_bytes(Table(("question", "what", "answer", "mentees", "mentors"), lines))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="answers.csv"'
    return response


def _rate(results: Results, side: Role, name: str) -> int | None:
    return next((getattr(rate, name) for rate in results.rates if rate.side == side), None)
