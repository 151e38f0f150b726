"""Why a task is there, in a sentence: since when, and what was agreed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from mentornet.agenda.models import Kind, Task
from mentornet.followup.cadence import Why
from mentornet.web.desk.people.standing import day

# What is said of a call, by the word that the night or the talk has written into the task.
_OF_CALLS: Final[Mapping[str, Promise]] = {
    Why.MONTH: ngettext_lazy(
        "Last talked %(count)s day ago; in the first month every %(every)s days.",
        "Last talked %(count)s days ago; in the first month every %(every)s days.",
        "count",
    ),
    Why.USUAL: ngettext_lazy(
        "Last talked %(count)s day ago; agreed: every %(every)s days.",
        "Last talked %(count)s days ago; agreed: every %(every)s days.",
        "count",
    ),
    Why.SETTLED: ngettext_lazy(
        "Last talked %(count)s day ago; they are settled: every %(every)s days.",
        "Last talked %(count)s days ago; they are settled: every %(every)s days.",
        "count",
    ),
    Why.AGREED: ngettext_lazy(
        "Last talked %(count)s day ago; this day was agreed then.",
        "Last talked %(count)s days ago; this day was agreed then.",
        "count",
    ),
    Why.TRIED: ngettext_lazy(
        "Called %(count)s day ago, and nobody answered.", "Called %(count)s days ago, and nobody answered.", "count"
    ),
    Why.UNKNOWN: ngettext_lazy(
        "Here since %(count)s day, and no talk is noted yet.",
        "Here since %(count)s days, and no talk is noted yet.",
        "count",
    ),
}
_OF_OTHERS: Final[Mapping[str, str | Promise]] = {
    Kind.INTERVIEW: gettext_lazy("She has applied, and talks with you first."),
    Kind.DECIDE: gettext_lazy("She has been interviewed, and waits for your answer."),
    Kind.PROMISE: gettext_lazy("Nobody waits without hearing from us: she was promised a word by then."),
    Kind.CALL_FOR_ANSWER: gettext_lazy("They have been written to, and one of them has not answered yet."),
    Kind.MEET_FIRST: gettext_lazy("Both have said yes to meeting once before they decide."),
    Kind.AFTER_MEETING: gettext_lazy("They have met once; now each says for herself whether to go on."),
    Kind.PROPOSAL_ENDED: gettext_lazy("She waits again, and another mentor may fit."),
    Kind.QUESTION: gettext_lazy("She asks before she answers."),
    Kind.IMPORT: gettext_lazy("A file was read, and nobody has taken it over or thrown it away."),
    Kind.WISH: gettext_lazy("She has written it on her own pages, and waits for an answer."),
    Kind.RETURN: gettext_lazy("Her rest is over, and she has not answered our letter."),
    Kind.CHANGED: gettext_lazy("What was proposed rests on what she had told before."),
    Kind.CORRECTED: gettext_lazy("She has read her profile, and put something right."),
    Kind.PAUSED: gettext_lazy("A pause ends well when somebody asks."),
    Kind.TO_END: gettext_lazy("She has told us on her own pages."),
    Kind.CONTACT_PERSON: gettext_lazy("She has offered to help, and waits to hear from you."),
    Kind.APART_PROPOSED: gettext_lazy("One of them is not to meet the other. It comes before everything else."),
    Kind.APART_PAIRED: gettext_lazy("One of them is not to meet the other. It comes before everything else."),
    Kind.NO_CONSENT: gettext_lazy("She has taken back what she had agreed to."),
    Kind.PROTECT: gettext_lazy("She may be in danger. It comes before everything else."),
    Kind.REVEAL: gettext_lazy("Two look at it, so that nobody is shown by one alone."),
    Kind.REVEALED: gettext_lazy("Somebody else looks at it afterwards."),
    Kind.RETENTION: gettext_lazy("What is no longer needed is not kept."),
    Kind.REQUEST: gettext_lazy("The law gives us a month from the day on which she asked."),
    Kind.HELD_BACK: gettext_lazy("Somebody had asked that she does not read it yet."),
    Kind.CALL_WANTED: gettext_lazy("She has asked for it herself."),
    Kind.ENDING: gettext_lazy("The end that they have agreed on comes near."),
    Kind.CLOSING: gettext_lazy("Their ending has begun, and is not finished."),
    Kind.FOLLOW_UP: gettext_lazy("We ask everybody how it went on, also after the end."),
    Kind.WARNED: gettext_lazy("What they told lately is unlike before. The reasons stand on their page."),
    Kind.INTAKE: gettext_lazy("Whoever writes to us should know before she begins whether there is room."),
    Kind.HANDOVER: gettext_lazy("They know your colleague, and do not know you yet."),
    Kind.LOAN_ASKED: gettext_lazy("A woman waits in one division, and the mentor for her may be in another."),
    Kind.SEARCH_ANSWERED: gettext_lazy("Somebody was asked for help, and has given it a thought."),
    Kind.SEARCH_DUE: gettext_lazy("Answers were hoped for by now. Ask others, give it another day, or close it."),
}


def why_of(task: Task, today: date) -> str:
    """Say why a task is there."""
    if task.kind == Kind.CONTACT or task.words.get("why") == Why.TRIED:
        return _of_call(task, today)
    if task.kind == Kind.NOT_MET:
        days = (today - _day(task, "since", _made_on(task))).days
        return ngettext(
            "Matched %(count)s day ago; most have met by now.",
            "Matched %(count)s days ago; most have met by now.",
            days,
        ) % {"count": days}
    if task.kind == Kind.ENDING and "until" in task.words:
        until = _day(task, "until", today)
        return _("They have agreed until %(day)s.") % {"day": day(until)}
    return str(_OF_OTHERS.get(task.kind, ""))


def _of_call(task: Task, today: date) -> str:
    why = str(task.words.get("why", ""))
    if why == Why.FIRST:
        hours = _number(task, "hours")
        words = ngettext(
            "Matched, and both are called within %(count)s hour.",
            "Matched, and both are called within %(count)s hours.",
            hours,
        )
        return words % {"count": hours}
    if why not in _OF_CALLS:
        return _("It is time to hear how it goes.")
    days = max(0, (today - _day(task, "since", _made_on(task))).days)
    return str(_OF_CALLS[why] % {"count": days, "every": _number(task, "every")})


def _made_on(task: Task) -> date:
    return timezone.localdate(task.created_at)


def _day(task: Task, name: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(str(task.words.get(name, "")))
    except ValueError:
        return otherwise


def _number(task: Task, name: str) -> int:
    value = task.words.get(name)
    return value if isinstance(value, int) else 0
