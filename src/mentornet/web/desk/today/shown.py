"""Tasks in words: what, why, and the one action that settles each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentornet.agenda.models import Kind, Task
from mentornet.divisions.models import Absence
from mentornet.intake.enums import LimitStep
from mentornet.intake.services.consents import OF_APPLICATION, OF_CONTACT, OF_PLACE
from mentornet.intake.services.protection import PROTECTED_AGAIN
from mentornet.intake.services.steps import CANCELLED, NO_TIME
from mentornet.intake.services.watching import LISTED, UNTOLD
from mentornet.matching.services.lending import DECLINED, LAPSED, RELEASED
from mentornet.people.enums import RevealKind
from mentornet.web.desk.signs.shown import BECAUSE
from mentornet.web.desk.today.why import why_of


@dataclass(frozen=True, slots=True)
class Way:
    """How a kind of task is shown and settled.

    Attributes:
        sentence: with the task's words in it, people as ``<bdi>``.
        action: the button's words.
        address: where it leads, with the target's id.
        opens: where the sentence leads, if not where the action does.
        is_act: the button does it at once, by POST.
        by_hand: it may be ticked off: no act of the desk settles it.
        is_urgent: somebody may be in danger: it stands out from the first day.
        has_a_clock: the law sets its day: it stands out from the day after.
    """

    sentence: str | Promise
    action: str | Promise
    address: str
    argument: str
    icon: str
    opens: str = ""
    is_act: bool = False
    by_hand: bool = False
    is_urgent: bool = False
    has_a_clock: bool = False


WAYS: Final[Mapping[str, Way]] = {
    Kind.INTERVIEW: Way(
        gettext_lazy("Interview %(name)s"), gettext_lazy("Open the application"), "desk:application", "application_id",
        "message",
    ),
    Kind.DECIDE: Way(
        gettext_lazy("Decide whether %(name)s can take part"), gettext_lazy("Decide"), "desk:application",
        "application_id", "check",
    ),
    Kind.PROMISE: Way(
        gettext_lazy("%(mentee)s has been promised a word from you"), gettext_lazy("Send her a word"),
        "desk:give_word", "enrolment_id", "letter", opens="desk:match", is_act=True,
    ),
    Kind.CALL_FOR_ANSWER: Way(
        gettext_lazy("Ask %(mentee)s and %(mentor)s what they say to the proposal"), gettext_lazy("Take down answers"),
        "desk:proposal", "proposal_id", "phone",
    ),
    Kind.MEET_FIRST: Way(
        gettext_lazy("%(mentee)s and %(mentor)s are to meet first"), gettext_lazy("Open the proposal"), "desk:proposal",
        "proposal_id", "calendar",
    ),
    Kind.AFTER_MEETING: Way(
        gettext_lazy("%(mentee)s and %(mentor)s have met: ask each whether to go on"),
        gettext_lazy("Take down answers"), "desk:proposal", "proposal_id", "phone",
    ),
    Kind.QUESTION: Way(
        gettext_lazy("%(mentee)s or %(mentor)s has a question about the proposal: call her"),
        gettext_lazy("Read it"), "desk:proposal", "proposal_id", "message",
    ),
    Kind.PROPOSAL_ENDED: Way(
        gettext_lazy("The proposal to %(mentee)s and %(mentor)s came to nothing: choose again"),
        gettext_lazy("Look at it"), "desk:proposal", "proposal_id", "proposal", by_hand=True,
    ),
    Kind.NOT_MET: Way(
        gettext_lazy("%(mentee)s and %(mentor)s have been matched, and nobody has told of a meeting"),
        gettext_lazy("Open the partnership"), "desk:partnership", "partnership_id", "partnership",
    ),
    Kind.WISH: Way(
        gettext_lazy("%(name)s asks for something on her own pages"), gettext_lazy("Read it"), "desk:wish", "wish_id",
        "message",
    ),
    Kind.PROTECT: Way(
        gettext_lazy("%(name)s asks to be protected: call her safely today"), gettext_lazy("Read it"), "desk:wish",
        "wish_id", "shield", is_urgent=True,
    ),
    Kind.REVEAL: Way(
        gettext_lazy("%(who)s asks a second person about %(name)s, who is protected"), gettext_lazy("Answer"),
        "desk:reveal", "reveal_id", "lock",
    ),
    Kind.REVEALED: Way(
        gettext_lazy("%(who)s was allowed to see who %(name)s is, who is protected"), gettext_lazy("Look at it"),
        "desk:reveal", "reveal_id", "eye", by_hand=True,
    ),
    Kind.REQUEST: Way(
        gettext_lazy("%(name)s has asked something about her data: answer her"), gettext_lazy("Open the request"),
        "desk:request", "request_id", "shield", has_a_clock=True,
    ),
    Kind.HELD_BACK: Way(
        gettext_lazy("Who was told something about %(name)s is held back from her: may she read it now?"),
        gettext_lazy("Look at it"), "desk:disclosure", "disclosure_id", "eye",
    ),
    Kind.RETURN: Way(
        gettext_lazy("%(name)s has not said whether she is back from her rest: call her"),
        gettext_lazy("Take down her answer"), "desk:enrolment_back", "enrolment_id", "phone",
    ),
    Kind.CHANGED: Way(
        gettext_lazy("%(name)s has changed her profile while a proposal is open: does it still fit?"),
        gettext_lazy("Look at it"), "desk:person", "person_id", "edit", by_hand=True,
    ),
    Kind.CONTACT_PERSON: Way(
        gettext_lazy("%(name)s wants to be a contact person: call her"), gettext_lazy("Open her page"),
        "desk:contact_person", "contact_id", "phone",
    ),
    Kind.IMPORT: Way(
        gettext_lazy("An import is waiting to be finished"), gettext_lazy("Go on"), "desk:import", "import_id",
        "import", by_hand=True,
    ),
    Kind.CORRECTED: Way(
        gettext_lazy("%(name)s has corrected what was written about her"), gettext_lazy("Read it"), "desk:application",
        "application_id", "edit",
    ),
    Kind.PAUSED: Way(
        gettext_lazy("%(mentee)s and %(mentor)s have a pause: ask both when they go on"),
        gettext_lazy("Open the partnership"), "desk:partnership", "partnership_id", "pause", by_hand=True,
    ),
    Kind.TO_END: Way(
        gettext_lazy("One of %(mentee)s and %(mentor)s wants to end: call both"),
        gettext_lazy("Open the partnership"), "desk:partnership", "partnership_id", "phone", by_hand=True,
    ),
    Kind.APART_PROPOSED: Way(
        gettext_lazy("%(mentee)s and %(mentor)s must not meet, and a proposal to them is open: take it back"),
        gettext_lazy("Open the proposal"), "desk:proposal", "proposal_id", "forbid", is_urgent=True,
    ),
    Kind.APART_PAIRED: Way(
        gettext_lazy("%(mentee)s and %(mentor)s must not meet, and are partners: call both, and close it"),
        gettext_lazy("Open the partnership"), "desk:partnership", "partnership_id", "forbid", is_urgent=True,
    ),
    Kind.NO_CONSENT: Way(
        gettext_lazy("%(mentee)s or %(mentor)s no longer wants to be introduced, and a proposal is open: take it back"),
        gettext_lazy("Open the proposal"), "desk:proposal", "proposal_id", "forbid",
    ),
    Kind.RETENTION: Way(
        gettext_lazy("People whose time with us is over are erased within a month: %(count)s"),
        gettext_lazy("Look through the list"), "desk:retention_soon", "division_id", "people", by_hand=True,
    ),
    Kind.CONTACT: Way(
        gettext_lazy("Call %(mentee)s and %(mentor)s"), gettext_lazy("Note the talk"), "desk:partnership_talk",
        "partnership_id", "phone", opens="desk:partnership",
    ),
    Kind.CALL_WANTED: Way(
        gettext_lazy("%(name)s wants to be called"), gettext_lazy("Note the talk"), "desk:partnership_talk",
        "partnership_id", "phone", opens="desk:partnership",
    ),
    Kind.ENDING: Way(
        gettext_lazy("The agreement of %(mentee)s and %(mentor)s ends soon: talk about what comes next"),
        gettext_lazy("They go on, or end"), "desk:partnership_extend", "partnership_id", "agreement",
        opens="desk:partnership",
    ),
    Kind.CLOSING: Way(
        gettext_lazy("%(mentee)s and %(mentor)s are ending: finish it well"), gettext_lazy("Go on"),
        "desk:partnership_close", "partnership_id", "archive", opens="desk:partnership",
    ),
    Kind.FOLLOW_UP: Way(
        gettext_lazy("Ask %(name)s how it has gone since it ended"), gettext_lazy("Take down her answer"),
        "desk:afterwards_question", "afterwards_id", "phone",
    ),
    Kind.WARNED: Way(
        gettext_lazy("%(mentee)s and %(mentor)s: an early sign that it may not last"),
        gettext_lazy("Open the partnership"), "desk:partnership", "partnership_id", "warning",
    ),
    Kind.HANDOVER: Way(
        gettext_lazy("Cases of %(who)s are yours now: read the pack, then say hello"),
        gettext_lazy("Open the list"), "desk:handover", "handover_id", "people", by_hand=True,
    ),
    Kind.LOAN_ASKED: Way(
        gettext_lazy("%(who)s asks whether %(mentor)s can be lent: ask her, and answer"),
        gettext_lazy("Answer"), "desk:loan", "loan_id", "swap",
    ),
    Kind.INTAKE: Way(
        gettext_lazy("%(division)s, %(programme)s: the waiting list has reached its limit. Close the intake?"),
        gettext_lazy("Look at it"), "desk:intake_limit", "limit_id", "hourglass",
    ),
    Kind.SEARCH_ANSWERED: Way(
        gettext_lazy("Answers in a search: %(helping)s can help, %(not_now)s cannot now"),
        gettext_lazy("Open the search"), "desk:search", "sought_id", "search", by_hand=True,
    ),
    Kind.SEARCH_DUE: Way(
        gettext_lazy("A search’s day has come: %(answered)s of %(asked)s have answered"),
        gettext_lazy("Open the search"), "desk:search", "sought_id", "search",
    ),
}  # fmt: skip
_WAYS_BECAUSE: Final[Mapping[tuple[str, str], Way]] = {
    (Kind.NO_CONSENT, OF_PLACE): Way(
        gettext_lazy("%(name)s no longer agrees that we keep what she has written: call her, then end her place"),
        gettext_lazy("End her participation"), "desk:enrolment_end", "enrolment_id", "forbid",
    ),
    (Kind.NO_CONSENT, OF_APPLICATION): Way(
        gettext_lazy("%(name)s no longer agrees that we keep what she has written: end her application"),
        gettext_lazy("Open the application"), "desk:application", "application_id", "forbid",
    ),
    (Kind.NO_CONSENT, OF_CONTACT): Way(
        gettext_lazy("%(name)s no longer agrees that we keep what she has written: note that she has left"),
        gettext_lazy("Open her page"), "desk:contact_person", "contact_id", "forbid",
    ),
    (Kind.PROTECT, PROTECTED_AGAIN): Way(
        gettext_lazy(
            "%(name)s was protected again when a backup was restored: choose a name with her, and say what would lead "
            "to her"
        ),
        gettext_lazy("Choose a name"), "desk:person_cover", "person_id", "shield", is_urgent=True,
    ),
    (Kind.LOAN_ASKED, RELEASED): Way(
        gettext_lazy("A mentor of another division is released for %(mentee)s: look at the two"),
        gettext_lazy("Look at it"), "desk:loan", "loan_id", "unlock", by_hand=True,
    ),
    (Kind.LOAN_ASKED, DECLINED): Way(
        gettext_lazy("The mentor asked for in another division is not released for %(mentee)s"),
        gettext_lazy("Look at it"), "desk:loan", "loan_id", "minus", by_hand=True,
    ),
    (Kind.LOAN_ASKED, LAPSED): Way(
        gettext_lazy("Nothing came of the mentor asked for in another division for %(mentee)s"),
        gettext_lazy("Look at it"), "desk:loan", "loan_id", "hourglass", by_hand=True,
    ),
    (Kind.REVEALED, UNTOLD): Way(
        gettext_lazy(
            "%(who)s has written down a new address for %(name)s, who could not be told where she was reached before: "
            "call her"
        ),
        gettext_lazy("Open her page"), "desk:person_details", "person_id", "phone", by_hand=True, is_urgent=True,
    ),
    (Kind.REVEALED, LISTED): Way(
        gettext_lazy(
            "%(who)s has entered somebody, or taken her over from a list, who may be %(name)s, who is protected: end "
            "that entry, or talk with her"
        ),
        gettext_lazy("Open the new entry"), "desk:person", "person_id", "shield", by_hand=True, is_urgent=True,
    ),
}  # fmt: skip
"""What is shown instead where a kind has several targets: the task's word ``why`` tells which."""
_BECAUSE: Final[Mapping[tuple[str, str], str | Promise]] = {
    (Kind.INTERVIEW, NO_TIME): gettext_lazy("None of the times for the interview suits %(name)s: find another one"),
    (Kind.REVEALED, RevealKind.COPY): gettext_lazy(
        "%(who)s was allowed to make a copy of all that is kept of %(name)s, who is protected"
    ),
    (Kind.REVEALED, RevealKind.ERASE): gettext_lazy("%(who)s was allowed to erase %(name)s, who is protected"),
    (Kind.REVEALED, RevealKind.LIFT): gettext_lazy("The protection of %(name)s was lifted; %(who)s had asked for it"),
    (Kind.INTAKE, LimitStep.OPEN): gettext_lazy(
        "%(division)s, %(programme)s: there is room on the waiting list again. Open the intake?"
    ),
    (Kind.INTAKE, LimitStep.CLOSED): gettext_lazy(
        "%(division)s, %(programme)s: the program has closed the intake, as you have set it"
    ),
    (Kind.INTAKE, LimitStep.OPENED): gettext_lazy(
        "%(division)s, %(programme)s: the program has opened the intake again, as you have set it"
    ),
    (Kind.INTERVIEW, CANCELLED): gettext_lazy("%(name)s has cancelled the interview: find another time"),
    **BECAUSE,
}
"""What is said instead where a task tells why, in its word ``why``."""


@dataclass(frozen=True, slots=True)
class Row:
    """One task on the page."""

    task: Task
    way: Way
    sentence: SafeString
    url: str
    opens: str
    when: str
    tone: str
    division: str
    is_mine: bool
    is_nobodys: bool
    stands_in: str = ""
    """For whom she does it, and until when; empty for what is her own."""
    why: str = ""


def when(due_on: date, today: date) -> str:
    """Say when something is due, counted from today."""
    days = (due_on - today).days
    if days < 0:
        return ngettext("%(count)s day late", "%(count)s days late", -days) % {"count": -days}
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    return ngettext("in %(count)s day", "in %(count)s days", days) % {"count": days}


def row_of(
    task: Task,
    *,
    today: date,
    divisions: Mapping[UUID, str],
    user_id: UUID,
    away: Mapping[UUID, Absence] | None = None,
) -> Row:
    """Prepare a task for the page; ``away`` are those for whom its reader stands in, by their keys."""
    absence = (away or {}).get(task.owner_id) if task.owner_id is not None else None
    why = (task.kind, str(task.words.get("why", "")))
    way = _WAYS_BECAUSE.get(why) or WAYS[task.kind]
    # Names come from the database into a sentence of ours: each is fenced, so that no alphabet disturbs the others.
    names = {name: format_html("<bdi>{}</bdi>", value) for name, value in task.words.items()}
    said = _BECAUSE.get(why) or way.sentence
    sentence = mark_safe(conditional_escape(str(said)) % names)  # noqa: S308 - both parts are escaped
    late = (today - task.due_on).days
    is_loud = way.is_urgent or late > (0 if way.has_a_clock else 7)
    return Row(
        task=task,
        way=way,
        sentence=sentence,
        url=reverse(way.address, kwargs={way.argument: task.target_id}),
        opens=reverse(way.opens or way.address, args=[task.target_id]),
        when=when(task.due_on, today),
        tone="bad" if is_loud else "warn" if late > 0 else "info" if late == 0 else "quiet",
        division=divisions.get(task.division_id, ""),
        is_mine=task.owner_id == user_id,
        is_nobodys=task.owner_id is None,
        stands_in=_stands_in(absence) if absence is not None else "",
        why=why_of(task, today),
    )


def _stands_in(absence: Absence) -> str:
    words = {"name": absence.user.name, "day": date_format(absence.until_on, "DATE_FORMAT")}
    return _("for %(name)s, until %(day)s") % words


NO_TALK_YET: Final = Q(kind=Kind.INTERVIEW) & ~Q(words__has_key="time")
"""Somebody has written to us, and no time is agreed with her: whenever it is due, nobody folds it away."""


def section_of(task: Task, today: date) -> str:
    """Return under which heading a task stands; ``later`` has none of its own, and no new application stands there."""
    days = (task.due_on - today).days
    if days < 0:
        return "late"
    if days == 0:
        return "today"
    if days <= 7:
        return "week"
    return "new" if task.kind == Kind.INTERVIEW and "time" not in task.words else "later"


SECTIONS: Final[Mapping[str, str | Promise]] = {
    "late": gettext_lazy("Late"),
    "today": gettext_lazy("Today"),
    "week": gettext_lazy("The next seven days"),
    "new": gettext_lazy("New applications"),
}
