"""Questionnaires as the pages show them: their rows, their questions, what is missing in which language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, get_language_info, ngettext
from django.utils.translation import gettext as _

from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Role
from mentornet.surveys.by_hand import AskingByHand
from mentornet.surveys.enums import AnswerKind, Asked, AskState
from mentornet.surveys.models import Ask, Questionnaire, QuestionnaireVersion
from mentornet.surveys.queries import asks_of
from mentornet.surveys.questions import Question, questions_of, said, shown_in
from mentornet.web.desk.people.standing import day
from mentornet.web.ui.own_names import own_name


def content_of(questionnaire: Questionnaire, version: QuestionnaireVersion | None) -> dict[str, Any]:
    """Return what the next version would ask: the draft, or what stands now."""
    if questionnaire.draft is not None:
        return dict(questionnaire.draft)
    assert version is not None
    return {"title": version.title, "questions": version.questions}


def title_of(content: Mapping[str, Any]) -> str:
    """Return its title in the reader's language, or the next best."""
    return said(content["title"], get_language() or "en")


def due_words(questionnaire: Questionnaire) -> str:
    """Say when it is asked."""
    due = questionnaire.rule
    if due.by_care:
        return _("as each programme says")
    parts = []
    if due.every_days:
        parts.append(ngettext("every day", "every %(count)s days", due.every_days) % {"count": due.every_days})
    if due.months:
        months = ", ".join(map(str, due.months))
        parts.append(_("after these months: %(months)s") % {"months": months})
    if due.at_end:
        parts.append(_("when it has ended"))
    return "; ".join(parts) or _("by hand")


@dataclass(frozen=True, slots=True)
class Row:
    """A questionnaire in the list."""

    questionnaire: Questionnaire
    title: str
    due: str
    version: QuestionnaireVersion | None


def rows_of(questionnaires: Iterable[Questionnaire], versions: Mapping[UUID, QuestionnaireVersion]) -> list[Row]:
    """Prepare questionnaires for the list."""
    return [
        Row(one, title_of(content_of(one, versions.get(one.pk))), due_words(one), versions.get(one.pk))
        for one in questionnaires
    ]


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question in the list of a questionnaire.

    Attributes:
        missing: the languages, by their own names, in which something of it is not written.
    """

    key: str
    words: str
    mentor_words: str
    language: str
    kind: str
    asked: str
    is_required: bool
    missing: tuple[tuple[str, str], ...]


def question_rows(kept: Iterable[Mapping[str, Any]]) -> list[QuestionRow]:
    """Prepare questions for the list."""
    wanted = get_language() or "en"
    rows = []
    for question in questions_of(kept):
        language = shown_in(question.texts, wanted)
        rows.append(
            QuestionRow(
                key=question.key,
                words=said(question.texts, language),
                mentor_words=said(question.mentor_texts, language),
                language=language,
                kind=str(AnswerKind(question.kind).label),
                asked=str(Asked(question.asked).label),
                is_required=question.is_required,
                missing=tuple((code, own_name(code)) for code in missing_in(question)),
            )
        )
    return rows


def missing_in(question: Question) -> list[str]:
    """Return the languages in which something of a question is not written."""
    texts = [question.texts, *(one.texts for one in question.options)]
    if question.kind == AnswerKind.SCALE:
        texts += [question.low, question.high]
    if question.mentor_texts:
        texts.append(question.mentor_texts)
    return [code for code, _name in settings.LANGUAGES if not all(one.get(code) for one in texts)]


@dataclass(frozen=True, slots=True)
class Preview:
    """One question as one side sees it."""

    words: str
    language: str
    choices: tuple[str, ...]
    kind: str
    low: str
    high: str


def previews(kept: Iterable[Mapping[str, Any]], side: str, language: str) -> list[Preview]:
    """Return the questions of one side in a language, each in the next best where it is not written in it."""
    found = []
    for question in questions_of(kept):
        if not question.is_for(side):
            continue
        texts = question.texts_for(side)
        shown = shown_in(texts, language)
        choices = tuple(said(one.texts, shown) for one in question.options)
        if question.kind == AnswerKind.SCALE:
            choices = tuple("12345")
        found.append(
            Preview(said(texts, shown), shown, choices, question.kind, said(question.low, shown),
                    said(question.high, shown))
        )  # fmt: skip
    return found


def direction(language: str) -> str:
    """Return in which direction a language is written."""
    return "rtl" if get_language_info(language)["bidi"] else "ltr"


# On a pair's page -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """What one side said to one question on one day; ``words`` says it also where there is no answer."""

    words: str
    value: int | None
    is_silent: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """One time both were asked."""

    day: str
    sides: tuple[Cell, Cell]
    gap: str


@dataclass(frozen=True, slots=True)
class Series:
    """One question over time, both sides beside each other.

    Attributes:
        group: what the questionnaire is called.
        has_gap: both answer in numbers.
        lines: of a scale, the path of each side in a field of 100 by 100; a gap where somebody was silent.
    """

    group: str
    words: str
    has_gap: bool
    moments: tuple[Moment, ...]
    lines: tuple[tuple[str, str], ...]


MOST_MOMENTS = 12


def answers_over_time(partnership: Partnership) -> list[Series]:
    """Return what both of a pair answered, question by question, the last twelve times; one query."""
    asks = list(asks_of(partnership))
    found = []
    for key in dict.fromkeys(ask.questionnaire_id for ask in asks):
        theirs = [ask for ask in asks if ask.questionnaire_id == key]
        times = sorted({ask.due_on for ask in theirs})[-MOST_MOMENTS:]
        by_time = {(ask.due_on, ask.side): ask for ask in theirs}
        version = theirs[-1].version
        group = said(version.title, get_language() or "en")
        found += [_series(group, question, times, by_time) for question in questions_of(version.questions)]
    return found


def _series(group: str, question: Question, times: Sequence[Any], by_time: Mapping[tuple[Any, str], Ask]) -> Series:
    moments = []
    for on in times:
        cells = [_cell(question, by_time.get((on, side)), side) for side in (Role.MENTEE, Role.MENTOR)]
        values = [cell.value for cell in cells]
        gap = ""
        if question.kind == AnswerKind.SCALE and values[0] is not None and values[1] is not None:
            gap = f"{values[0] - values[1]:+d}" if values[0] != values[1] else "0"
        moments.append(Moment(day(on), (cells[0], cells[1]), gap.replace("-", "\N{MINUS SIGN}")))
    lines: tuple[tuple[str, str], ...] = ()
    if question.kind == AnswerKind.SCALE and len(times) > 1:
        lines = tuple(
            (side, _path([moment.sides[number].value for moment in moments]))
            for number, side in enumerate((Role.MENTEE.value, Role.MENTOR.value))
        )
    words = said(question.texts, get_language() or "en")
    return Series(group, words, question.kind == AnswerKind.SCALE, tuple(moments), lines)


def _cell(question: Question, ask: Ask | None, side: str) -> Cell:
    if ask is None or not question.is_for(side):
        return Cell(_("not asked"), None, is_silent=False)
    value = (ask.answers or {}).get(question.key)
    if value is None:
        words = _("not answered yet") if ask.state == AskState.OPEN else _("no answer")
        return Cell(words, None, is_silent=ask.answered_at is None)
    keys = value if isinstance(value, list) else [value]
    language = get_language() or "en"
    labels = {one.key: said(one.texts, language) for one in question.options}
    words = ", ".join(labels.get(str(one), str(one)) for one in keys)
    return Cell(words, value if isinstance(value, int) else None, is_silent=False)


def _path(values: Sequence[int | None]) -> str:
    """Return the line through answers from 1 to 5; a gap where there is none.

    One answer alone is a line of hardly any length: of none, nothing is drawn where lines are dashed.
    """
    width, parts, is_down = max(len(values) - 1, 1), [], False
    for number, value in enumerate(values):
        if value is None:
            is_down = False
            continue
        x, y = round(100 * number / width, 2), round(100 - 25 * (value - 1), 2)
        parts.append(f"L{x:g} {y:g}" if is_down else f"M{x:g} {y:g}h.01")
        is_down = True
    return "".join(parts)


def when(version: QuestionnaireVersion) -> str:
    """Return the day of a version."""
    return day(timezone.localdate(version.created_at))


def by_hand_of(questionnaire: Questionnaire, asking: AskingByHand | None) -> dict[str, object]:
    """Return what the page says of pairs that are asked by hand: how far it is, what came of it, or that it failed."""
    if asking is None:
        return {}
    if not asking.job.is_over:
        return {"is_asking": True, "progress": progress_of(questionnaire, asking)}
    if asking.job.has_failed:
        return {"asking_failed": True}
    count = int(asking.job.result or 0)
    words = ngettext(
        "%(count)s question is on its way. Who has been asked today already is not asked again.",
        "%(count)s questions are on their way. Who has been asked today already is not asked again.",
        count,
    )
    return {"asked_words": words % {"count": count}}


def progress_of(questionnaire: Questionnaire, asking: AskingByHand) -> dict[str, object]:
    """Return what the progress says."""
    return {
        "title": _("Both are being asked"),
        "done": min(asking.asked, asking.in_all),
        "total": asking.in_all or None,
        "sentence": _("Whoever cannot be asked is left out. You can leave this page: it goes on."),
        "poll_url": reverse("desk:questionnaire_asking", kwargs={"questionnaire_id": questionnaire.pk}),
    }
