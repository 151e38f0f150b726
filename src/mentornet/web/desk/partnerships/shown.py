"""Partnerships as the pages show them: rows, the steps of a pair, and its timeline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from mentornet.agenda.queries import NOBODYS
from mentornet.divisions.staff import Staff
from mentornet.followup.models import Talk
from mentornet.followup.sign_queries import signs_of_pair
from mentornet.intake.queries import names_of
from mentornet.matching.models import Proposal
from mentornet.partnerships.enums import PartnershipState
from mentornet.partnerships.models import (
    Agreement,
    AgreementSignature,
    Goal,
    Introduction,
    Partnership,
    PlannedMeeting,
)
from mentornet.partnerships.queries import (
    current_agreement,
    goals_of,
    introductions_of,
    looked_after_by,
    next_planned,
    notes_of,
    told_meetings,
    undone_closures,
)
from mentornet.partnerships.rules import may_work_on
from mentornet.people.enums import Role
from mentornet.people.models import Person
from mentornet.people.recipients import person_key
from mentornet.web.desk.lasting.shown import of_pair
from mentornet.web.desk.people.history import ABOUT_PAIRS, Event, ordered, told_by_audit
from mentornet.web.desk.people.page import PARTNERSHIP_TONES
from mentornet.web.desk.people.standing import day
from mentornet.web.desk.signs.shown import lines_of
from mentornet.web.desk.talks.shown import event_of

MEET_WITHIN: Final = timedelta(days=14)
LONG_AGO: Final = 60
"""Days without a meeting after which a list says so: the usual pace is twice a month."""

TABS: Final[Mapping[str, str | Promise]] = {
    "": pgettext_lazy("partnerships", "Running"),
    "not-met": gettext_lazy("Matched, not met"),
    PartnershipState.MATCHED: gettext_lazy("Matched, not yet begun"),
    PartnershipState.ACTIVE: pgettext_lazy("partnerships", "Active"),
    PartnershipState.PAUSED: pgettext_lazy("partnerships", "Paused"),
    PartnershipState.CLOSING: pgettext_lazy("partnerships", "Closing"),
    PartnershipState.CLOSED: pgettext_lazy("partnerships", "Closed"),
}


def coordinator_in(text: str) -> str:
    """Return the coordinator whom an address names, or nobody in particular; nothing where it names none."""
    if text == NOBODYS:
        return text
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def of_coordinator(pairs: QuerySet[Partnership], coordinator: str) -> QuerySet[Partnership]:
    """Return those of some pairs that the coordinator of :func:`coordinator_in` looks after; all without one."""
    if not coordinator:
        return pairs
    return looked_after_by(pairs, None if coordinator == NOBODYS else UUID(coordinator))


@dataclass(frozen=True, slots=True)
class Row:
    """One pair of the list: who, how it stands, and since when nothing was heard."""

    partnership: Partnership
    state: str
    tone: str
    icon: str
    clock: str
    clock_tone: str


def row_of(partnership: Partnership, today: date) -> Row:
    """Prepare a pair for the list; it has been asked for with its last meeting."""
    tone, icon = PARTNERSHIP_TONES[partnership.state]
    clock, clock_tone = clock_of(partnership, getattr(partnership, "last_met_on", None), today)
    return Row(partnership, partnership.get_state_display(), tone, icon, clock, clock_tone)


def _ago(days: int) -> str:
    if days == 0:
        return _("today")
    return ngettext("%(count)s day ago", "%(count)s days ago", days) % {"count": days}


def clock_of(partnership: Partnership, last_met_on: date | None, today: date) -> tuple[str, str]:
    """Say since when they are matched without having met, or when they last met; with a tone."""
    if partnership.closed_on:
        return _("Closed on %(day)s") % {"day": day(partnership.closed_on)}, "quiet"
    if partnership.state == PartnershipState.CLOSED:
        return _("Closed; the day is not known"), "quiet"
    if partnership.paused_until:
        return _("Paused until %(day)s") % {"day": day(partnership.paused_until)}, "quiet"
    last = last_met_on or partnership.first_met_on
    if last:
        days = (today - last).days
        is_long = days > LONG_AGO and partnership.state == PartnershipState.ACTIVE
        return _("Last met %(ago)s") % {"ago": _ago(days)}, "warn" if is_long else "quiet"
    if partnership.matched_on:
        days = (today - partnership.matched_on).days
        is_late = days > MEET_WITHIN.days and partnership.state == PartnershipState.MATCHED
        return _("Matched %(ago)s, not met") % {"ago": _ago(days)}, "bad" if is_late else "quiet"
    return _("Nobody has told of a meeting"), "quiet"


def steps_of(partnership: Partnership) -> list[dict[str, str]]:
    """Return matched, met, agreement, active, closed: each done, current, ahead or left out."""
    is_closed = partnership.state == PartnershipState.CLOSED
    has_met, has_signed = partnership.first_met_on is not None, partnership.agreement_on is not None
    done = [True, has_met, has_signed, has_met and has_signed and is_closed, is_closed]
    labels = [
        _("Matched"),
        _("Met"),
        _("Agreement signed"),
        _("Active"),
        pgettext("partnerships", "Closed"),
    ]
    current = done.index(False) if False in done else len(done)
    if is_closed:
        current = len(done)
    return [
        {
            "label": label,
            # What a closed pair has not done it will not do any more.
            "state": "done" if is_done else "skipped" if is_closed else "current" if number == current else "ahead",
        }
        for number, (label, is_done) in enumerate(zip(labels, done, strict=True))
    ]


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do next with a pair: a sentence, and where the act stands on the page."""

    text: str
    act: str


def next_step(partnership: Partnership) -> NextStep | None:
    """Return the one thing to do next; nothing for what is closed or goes well."""
    match partnership.state:
        case PartnershipState.CLOSED:
            return None
        case PartnershipState.CLOSING:
            return NextStep(_("It is about to end. Talk with each of them, and finish it well."), "end")
        case PartnershipState.PAUSED:
            return NextStep(_("It rests. Ask both whether they want to go on."), "resume")
        case _:
            if partnership.first_met_on is None:
                return NextStep(_("Ask both whether they have met, and note the day."), "meet")
            if partnership.agreement_on is None:
                return NextStep(_("They have met. Help them to sign their agreement."), "sign")
    return None


def timeline(by: Staff, partnership: Partnership, proposal: Proposal | None, talks: Sequence[Talk] = ()) -> list[Event]:
    """Return what has happened in a pair, the newest first; queries do not grow with its length."""
    two = _names_of_the_two(partnership)
    meetings = list(told_meetings(partnership))
    names = names_of({meeting.told_by for meeting in meetings}) | two
    events = []
    if proposal is not None:
        events.append(
            Event(
                proposal.sent_at or proposal.created_at,
                _("Proposed: why these two"),
                text=proposal.reason,
                who=proposal.author_name,
                icon="proposal",
            )
        )
    noted_at = partnership.created_at
    if partnership.matched_on:
        events.append(Event(partnership.matched_on, _("Matched"), icon="partnership", tone="warm", noted_at=noted_at))
    for number, meeting in enumerate(reversed(meetings)):
        title = _("They met for the first time") if number == 0 else _("They met")
        if meeting.minutes:
            minutes = ngettext("%(count)s minute", "%(count)s minutes", meeting.minutes) % {"count": meeting.minutes}
            title = _("%(what)s, for %(minutes)s") % {"what": title, "minutes": minutes}
        who = names.get(meeting.told_by, "")
        if len(meeting.accounts.all()) > 1:
            who = _("told by both")
        events.append(Event(meeting.on, title, who=who, icon="calendar", noted_at=meeting.created_at))
        noted_at = max(noted_at, meeting.created_at)
    if not meetings and partnership.first_met_on:
        title = _("They met for the first time")
        events.append(Event(partnership.first_met_on, title, icon="calendar", noted_at=noted_at))
    if partnership.agreement_on:
        # The row does not hold when it was noted; on the same day it was after what came before it.
        title = _("Both have signed their agreement")
        events.append(Event(partnership.agreement_on, title, icon="agreement", tone="good", noted_at=noted_at))
    events += [
        Event(note.created_at, _("Note"), text=note.text, who=note.author_name, icon="note")
        for note in notes_of(partnership)
    ]
    events += [event_of(talk, partnership) for talk in talks]
    told = told_by_audit(by, [partnership], only=ABOUT_PAIRS, also=two)
    return ordered([*events, *_with_reasons(partnership, told), *_closed(partnership, told)])


def _closed(partnership: Partnership, told: Sequence[Event]) -> list[Event]:
    """Return that the two have ended; on the day on which it was begun, after all that the audit tells of it."""
    if partnership.closed_on is None:
        return []
    title = _("Closed: %(reason)s") % {"reason": partnership.get_closing_reason_display()}
    begun = [one.at for one in told if one.act == "partnerships.begin_ending" and isinstance(one.at, datetime)]
    noted_at = max(begun, default=None)
    return [Event(partnership.closed_on, title, text=partnership.closing_note, icon="archive", noted_at=noted_at)]


def _with_reasons(partnership: Partnership, told: list[Event]) -> list[Event]:
    """Return what the audit knows, with why an ending was taken back; no query for a pair that none was."""
    if not any(one.act == "partnerships.reopen" for one in told):
        return told
    why: dict[date | None, str] = {one.undone_at: one.undone_words for one in undone_closures(partnership)}
    return [
        replace(event, text=why.get(event.at, "")) if event.act == "partnerships.reopen" else event for event in told
    ]


def _names_of_the_two(partnership: Partnership) -> dict[str, str]:
    """Return both names by the keys under which they act for themselves."""
    return {person_key(side.person_id): side.person.first_name for side in (partnership.mentee, partnership.mentor)}


@dataclass(frozen=True, slots=True)
class SideSigned:
    """Whether one of the two has signed the agreement that lies before them.

    Attributes:
        words: in a sentence; the name as she wrote it.
    """

    side: Role
    person: Person
    signature: AgreementSignature | None


@dataclass(frozen=True, slots=True)
class Together:
    """What the two do by themselves, as their coordinator sees it: nothing of what each writes for herself.

    Attributes:
        agreement: what lies before them; ``None`` while they have filled in nothing.
        sides: who has signed it.
    """

    agreement: Agreement | None
    sides: Sequence[SideSigned]
    planned: PlannedMeeting | None
    goals: Sequence[Goal]
    introductions: Sequence[Introduction]

    @property
    def waits(self) -> bool:
        """Somebody has not signed yet."""
        return self.agreement is not None and any(one.signature is None for one in self.sides)


def together(partnership: Partnership, at: datetime) -> Together:
    """Return what the two do by themselves; queries do not grow with how much it is."""
    agreement = current_agreement(partnership)
    signed = {one.side: one for one in agreement.signatures.all()} if agreement else {}
    people = {Role.MENTEE: partnership.mentee.person, Role.MENTOR: partnership.mentor.person}
    return Together(
        agreement=agreement,
        sides=[SideSigned(side, person, signed.get(side)) for side, person in people.items()],
        planned=next_planned(partnership, at),
        goals=list(goals_of(partnership)),
        introductions=list(introductions_of(partnership)),
    )


def early_signs_of(by: Staff, partnership: Partnership) -> dict[str, Any]:
    """Return a running pair's signs with their reasons, and what became of others like it: for its own division."""
    if not partnership.is_running or not may_work_on(by, partnership):
        return {}
    return {
        "signs": lines_of(signs_of_pair(partnership), partnership, by.today),
        "lasting": of_pair(by, partnership),
    }


def facts_of(partnership: Partnership, meetings: int) -> list[dict[str, Any]]:
    """Return the days of a pair."""
    facts: list[dict[str, Any]] = [
        {"label": _("Matched"), "value": day(partnership.matched_on)},
        {"label": _("First met"), "value": day(partnership.first_met_on)},
        {"label": _("Meetings told of"), "value": str(meetings)},
        {"label": _("Agreement signed"), "value": day(partnership.agreement_on)},
        {"label": _("Agreed until"), "value": day(partnership.agreed_until)},
    ]
    if partnership.state == PartnershipState.CLOSED:
        facts.append({"label": pgettext("partnerships", "Closed"), "value": day(partnership.closed_on)})
        facts.append({"label": _("Why it ended"), "value": partnership.get_closing_reason_display()})
    if partnership.imported_reason:
        facts.append({"label": _("Reason in the spreadsheet"), "value": partnership.imported_reason, "written": True})
    return facts


def rows_of(partnerships: Iterable[Partnership], today: date) -> list[Row]:
    """Prepare pairs for the list."""
    return [row_of(partnership, today) for partnership in partnerships]
