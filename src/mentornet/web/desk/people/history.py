"""What has happened with somebody, in words and in order, so that another coordinator can take over from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from mentornet.audit.models import Entry
from mentornet.audit.queries import entries_about, entries_in
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Application, Decision, Enrolment, Interview
from mentornet.intake.queries import names_of
from mentornet.matching.models import Proposal
from mentornet.partnerships.models import Partnership
from mentornet.people.recipients import PREFIX
from mentornet.web.desk.people.facts import LABELS

MOST_ENTRIES: Final = 200

# Acts whose trace is nowhere but in the audit. What has a row of its own (an interview, a decision, a meeting) is told
# from that row, so that it is told also where it came with a spreadsheet.
_ACTS: Final[Mapping[str, tuple[str, str | Promise]]] = {
    "people.register": ("person", gettext_lazy("Registered")),
    "people.change": ("edit", gettext_lazy("Her details changed: %(fields)s")),
    "people.lose_telephone": ("lock", gettext_lazy("She had lost her telephone: all ways to her pages were ended")),
    "privacy.copy": ("download", gettext_lazy("A copy of all that is kept of her was made")),
    "privacy.hold": ("archive", gettext_lazy("What is known of her is kept longer")),
    "privacy.let_go": ("undo", gettext_lazy("What is known of her is kept longer no more")),
    "people.restrict": ("pause", gettext_lazy("Her data rest, as she asked")),
    "people.end_restriction_on": ("letter", gettext_lazy("She was told when her data are used again")),
    "people.lift_restriction": ("today", gettext_lazy("Her data are used again")),
    "people.object": ("forbid", gettext_lazy("She said no to something that is done with her data")),
    "people.object_no_more": ("undo", gettext_lazy("She no longer says no to something")),
    "people.merge": ("people", gettext_lazy("Two rows of hers were made one")),
    "people.unmerge": ("undo", gettext_lazy("The two rows are two again")),
    "people.not_the_same": ("people", gettext_lazy("Noted that she and somebody alike are two women")),
    "people.maybe_the_same": ("undo", gettext_lazy("Taken back that she and somebody alike are two women")),
    "people.protect": ("shield", gettext_lazy("Protected: who she is was sealed")),
    "people.lift_protection": ("undo", gettext_lazy("Her protection was lifted")),
    "people.ask_to_reveal": ("eye", gettext_lazy("Somebody asked to see who she is")),
    "people.ask_to_copy": ("download", gettext_lazy("Somebody asked to make a copy of all that is kept of her")),
    "people.ask_to_erase": ("trash", gettext_lazy("Somebody asked to erase her")),
    "people.ask_to_lift": ("undo", gettext_lazy("Somebody asked to lift her protection")),
    "people.approve_reveal": ("check", gettext_lazy("A second person said yes")),
    "people.refuse_reveal": ("close", gettext_lazy("A second person said no")),
    "people.see_identity": ("eye", gettext_lazy("Looked at who she is")),
    "people.write_sealed": ("edit", gettext_lazy("How she is reached was written anew: %(fields)s")),
    "people.write_cover": ("edit", gettext_lazy("She has another name here")),
    "people.write_reach": ("letter", gettext_lazy("Her address or number was written anew: her ways in were ended")),
    "people.hide_words": ("shield", gettext_lazy("Words that would lead to her were hidden")),
    "people.write_profile": ("edit", gettext_lazy("Her profile changed: %(fields)s")),
    "people.write_languages": ("edit", gettext_lazy("Her languages changed")),
    "imports.take_over": ("import", gettext_lazy("Came with a spreadsheet")),
    "imports.update": ("import", gettext_lazy("Brought up to date from a spreadsheet")),
    "imports.restore": ("undo", gettext_lazy("As before again: an import was undone")),
    "imports.pair": ("import", gettext_lazy("The pair came with a spreadsheet")),
    "intake.keep_apart": ("forbid", gettext_lazy("Noted that two must not meet")),
    "intake.let_meet": ("undo", gettext_lazy("Taken back that two must not meet")),
    "intake.book_interview": ("calendar", gettext_lazy("Interview booked")),
    "intake.offer_times": ("letter", gettext_lazy("Sent the times for an interview")),
    "intake.refuse_times": ("message", gettext_lazy("None of the times for the interview suits her")),
    "intake.cancel_interview": ("close", gettext_lazy("She cancelled the interview")),
    "intake.remind_of_interview": ("bell", gettext_lazy("Reminded of the interview")),
    "intake.note_reference": ("shield", gettext_lazy("What vouches for her was noted")),
    "intake.remove_reference": ("undo", gettext_lazy("A note of what vouches for her was taken away")),
    "intake.ask_to_confirm": ("letter", gettext_lazy("Asked to confirm her profile")),
    "intake.correct_fact": ("edit", gettext_lazy("She corrected her profile: %(fields)s")),
    "intake.confirm_profile": ("check-circle", gettext_lazy("Her profile is confirmed by her")),
    "intake.read_corrections": ("eye", gettext_lazy("What she corrected was read")),
    "learning.note_training": ("book", gettext_lazy("A part of her training was noted")),
    "learning.take_training_back": ("undo", gettext_lazy("A part of her training was taken back")),
    "intake.take_briefing_back": ("undo", gettext_lazy("Out of the mentor bank: her briefing was taken back")),
    "intake.take_in": ("check", gettext_lazy("Taken in: there is room now")),
    "intake.consent": ("check", gettext_lazy("She agreed to something more")),
    "intake.consent_back": ("undo", gettext_lazy("Something she agreed to was taken back")),
    "intake.withdraw": ("undo", gettext_lazy("Application withdrawn")),
    "intake.read_coordinator_only": ("eye", gettext_lazy("Read what is for coordinators only")),
    "intake.read_apart": ("eye", gettext_lazy("Read whom she must not meet")),
    "intake.give_word": ("letter", gettext_lazy("She heard that she still waits")),
    "intake.keep_promise": ("letter", gettext_lazy("The program told her that she still waits, as was promised")),
    "intake.stop_letter": ("pause", gettext_lazy("A colleague tells her the next time, and not the program")),
    "intake.let_program_write": ("letter", gettext_lazy("The program writes to her again while she waits")),
    "intake.note_why": ("edit", gettext_lazy("Why she waits was noted")),
    "intake.take_earlier": ("star", gettext_lazy("Taken before others who have waited longer")),
    "intake.keep_order": ("undo", gettext_lazy("Has her place in the order of the waiting list again")),
    "intake.rest": ("pause", gettext_lazy("Rests")),
    "intake.wake": ("today", gettext_lazy("Rest is over")),
    "intake.ask_whether_back": ("letter", gettext_lazy("Asked whether she is back from her rest")),
    "intake.make_wish": ("message", gettext_lazy("She asked for something on her own pages")),
    "intake.read_wish": ("eye", gettext_lazy("Read what she asks for")),
    "intake.settle_wish": ("check-circle", gettext_lazy("What she asked for is seen to")),
    "intake.set_capacity": ("people", gettext_lazy("Another number of places")),
    "intake.end_enrolment": ("archive", gettext_lazy("Left")),
    "intake.resume_enrolment": ("undo", gettext_lazy("Back again: the end was taken back")),
    "intake.hide": ("lock", gettext_lazy("Hidden from one of those who work here")),
    "intake.stop_hiding": ("eye", gettext_lazy("One of those who work here sees her again")),
    "intake.hand_over": ("swap", gettext_lazy("Given to another coordinator")),
    "partnerships.pause": ("pause", pgettext_lazy("partnership", "Paused")),
    "partnerships.resume": ("today", pgettext_lazy("partnership", "Goes on after a pause")),
    "partnerships.change_meeting": ("edit", gettext_lazy("What was told of a meeting was changed")),
    "partnerships.take_meeting_back": ("undo", gettext_lazy("What was told of a meeting was taken back")),
    "partnerships.fill_in_agreement": ("agreement", gettext_lazy("The agreement was filled in")),
    "partnerships.sign_one": ("agreement", gettext_lazy("One of them signed the agreement")),
    "partnerships.plan_meeting": ("calendar", gettext_lazy("The next meeting was planned")),
    "partnerships.call_off_meeting": ("close", gettext_lazy("A planned meeting was called off")),
    "partnerships.write_goal": ("star", gettext_lazy("A goal was written down")),
    "partnerships.introduce": ("partnership", gettext_lazy("A door was opened")),
    "partnerships.share_contact": ("eye", gettext_lazy("One of them chose what the other sees of her contact details")),
    "partnerships.ask_to_end": ("phone", gettext_lazy("One of them wants to end")),
    "partnerships.begin_ending": ("archive", gettext_lazy("An ending was begun")),
    "partnerships.stop_at_once": ("shield", gettext_lazy("Kept from each other at once, as somebody may not be safe")),
    "partnerships.see_again": ("eye", gettext_lazy("They see each other’s pages again")),
    "partnerships.call_ending_off": ("undo", gettext_lazy("They go on after all")),
    "partnerships.read_remark": ("eye", gettext_lazy("Read what is for coordinators only")),
    "partnerships.reopen": ("undo", gettext_lazy("They go on: the ending was a mistake")),
    "partnerships.say_why": ("message", gettext_lazy("One of them wrote why it ends")),
    "partnerships.extend": ("agreement", gettext_lazy("They go on for longer than they had agreed")),
    "followup.ask_afterwards": ("letter", gettext_lazy("One of them was asked how it goes since")),
    "followup.answer_afterwards": ("message", gettext_lazy("One of them told how it goes since")),
    "followup.no_answer_afterwards": ("phone", gettext_lazy("One of them has not told how it goes since")),
    "surveys.ask": ("letter", gettext_lazy("Both were asked how it goes")),
    "surveys.withdraw": ("letter", gettext_lazy("What both were asked about the end was taken back")),
    "surveys.want_call": ("phone", gettext_lazy("One of them wants to be called")),
    "followup.take_talk_back": ("undo", gettext_lazy("A note of a talk was taken back")),
    "followup.read_thought": ("eye", gettext_lazy("Read what a coordinator thinks of a talk")),
    "partnerships.begin": ("check-circle", gettext_lazy("It is active: they have met and both have signed")),
}
ABOUT_PEOPLE: Final = ("people.", "intake.", "imports.", "learning.", "privacy.")
"""The acts that a person's timeline tells of; those of her proposals and partnerships are told from their own rows."""
ABOUT_PAIRS: Final = (
    *("partnerships.", "imports.pair", "surveys.", "followup.take_talk_back", "followup.read_thought"),
    *("followup.ask_afterwards", "followup.answer_afterwards", "followup.no_answer_afterwards"),
)
"""The acts that a partnership's timeline tells of."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that has happened, as the timeline shows it.

    Attributes:
        at: when it happened; of many things only the day is known.
        noted_at: when it was written down, which orders things of one day.
        act: of what the audit alone knows, which act it was.
    """

    at: date | datetime
    title: str
    text: str = ""
    who: str = ""
    icon: str = "note"
    tone: str = ""
    noted_at: datetime | None = None
    act: str = ""

    @property
    def moment(self) -> tuple[date, float]:
        """What to order by: a thing of a day without an hour stands where it was noted, or, noted later, first."""
        if isinstance(self.at, datetime):
            local = timezone.localtime(self.at)
            return local.date(), local.timestamp()
        if self.noted_at is not None and timezone.localdate(self.noted_at) == self.at:
            return self.at, self.noted_at.timestamp()
        return self.at, 0.0


def _fields(entry: Entry) -> str:
    fields = entry.detail.get("fields", ())
    names = [str(LABELS[name]).lower() for name in fields if name in LABELS]
    if any(str(name).startswith("custom_") for name in fields):
        names.append(_("the programme’s own questions"))
    return ", ".join(names)


def _by(actor: str) -> str:
    """Say who has acted who is no staff: she on her own pages, or nobody."""
    return _("she herself") if actor.startswith(f"{PREFIX}:") or actor == "visitor" else _("the program")


def told_by_audit(
    by: Staff,
    objects: Iterable[models.Model],
    *,
    only: Sequence[str] = (),
    also: Mapping[str, str] | None = None,
    most: int = MOST_ENTRIES,
) -> list[Event]:
    """Return what the audit alone knows about these rows, with names; two queries.

    ``only`` narrows to acts that begin with one of these words; ``also`` names people beside the staff, by their keys.
    """
    acts = [act for act in _ACTS if not only or act.startswith(tuple(only))]
    entries = list(entries_in(entries_about(objects), by.casework).filter(act__in=acts)[:most])
    names = names_of({entry.actor for entry in entries}) | dict(also or {})
    events = []
    for entry in entries:
        icon, words = _ACTS[entry.act]
        fields = _fields(entry)
        if "%(fields)s" in str(words) and not fields:
            continue
        events.append(
            Event(
                at=entry.at,
                title=str(words) % {"fields": fields},
                who=names.get(entry.actor, "") or _by(entry.actor),
                icon=icon,
                act=entry.act,
            )
        )
    return events


def ordered(events: Iterable[Event]) -> list[Event]:
    """Return events, the newest first; of two at the same moment the one that was told first happened first."""
    told = sorted(enumerate(events), key=lambda item: (item[1].moment, item[0]), reverse=True)
    return [event for _at, event in told]


def of_applications(
    applications: Iterable[Application], interviews: Iterable[Interview], decisions: Iterable[Decision]
) -> list[Event]:
    """Return what has become of applications."""
    events = [
        Event(
            application.received_on,
            format_html(
                _("Applied to %(programme)s as %(role)s") % {"programme": "<bdi>{}</bdi>", "role": "{}"},
                application.programme.name,
                application.get_role_display(),
            ),
            icon="import",
        )
        for application in applications
    ]
    for interview in interviews:
        if interview.held_at:
            events.append(Event(interview.held_at, _("Interview held"), who=interview.interviewer.name, icon="message"))
        elif interview.cancelled_at:
            events.append(Event(interview.cancelled_at, _("Interview cancelled"), icon="close"))
    for decision in decisions:
        is_yes = decision.outcome == "approved"
        events.append(
            Event(
                decision.created_at,
                _("Approved") if is_yes else _("Declined"),
                text=decision.reason,
                who=decision.author_name,
                icon="check-circle" if is_yes else "close",
                tone="good" if is_yes else "",
            )
        )
    return events


def of_enrolments(enrolments: Iterable[Enrolment]) -> list[Event]:
    """Return the days that enrolments hold."""
    events = []
    for enrolment in enrolments:
        if enrolment.briefed_on:
            events.append(Event(enrolment.briefed_on, _("Briefed"), icon="book"))
        if enrolment.ended_on:
            words = _("Left: %(reason)s") % {"reason": enrolment.get_end_reason_display() or _("no reason is known")}
            events.append(Event(enrolment.ended_on, words, icon="archive"))
    return events


def of_proposals(proposals: Iterable[Proposal], other: Mapping[UUID, str]) -> list[Event]:
    """Return what proposals have led to; ``other`` names the other side of each by the proposal's key."""
    events = []
    for proposal in proposals:
        name = other[proposal.pk]
        if proposal.sent_at:
            title = format_html(_("Proposed together with %(name)s") % {"name": "<bdi>{}</bdi>"}, name)
            events.append(Event(proposal.sent_at, title, who=proposal.author_name, icon="proposal", tone="warm"))
        if proposal.ended_at and proposal.sent_at:
            title = format_html(
                _("The proposal with %(name)s: %(state)s") % {"name": "<bdi>{}</bdi>", "state": "{}"},
                name,
                proposal.get_state_display(),
            )
            events.append(Event(proposal.ended_at, title, icon="proposal"))
    return events


def of_partnerships(partnerships: Iterable[Partnership], other: Mapping[UUID, str]) -> list[Event]:
    """Return when partnerships began and ended; ``other`` names the partner by the partnership's key."""
    events = []
    for partnership in partnerships:
        name = other[partnership.pk]
        if partnership.matched_on:
            title = format_html(_("Matched with %(name)s") % {"name": "<bdi>{}</bdi>"}, name)
            events.append(
                Event(
                    partnership.matched_on,
                    title,
                    icon="partnership",
                    tone="warm",
                    noted_at=partnership.created_at,
                )
            )
        if partnership.closed_on:
            title = format_html(
                _("The partnership with %(name)s ended: %(reason)s") % {"name": "<bdi>{}</bdi>", "reason": "{}"},
                name,
                partnership.get_closing_reason_display(),
            )
            events.append(Event(partnership.closed_on, title, icon="archive"))
    return events
