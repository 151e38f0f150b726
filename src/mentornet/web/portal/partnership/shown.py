"""A partnership in the words of one of the two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from mentornet.common.moments import day_words
from mentornet.common.spoken import reference_language
from mentornet.partnerships.enums import PartnershipState, SharedContact
from mentornet.partnerships.models import Account, Agreement, AgreementSignature, Closure, Goal, Meeting, Partnership
from mentornet.partnerships.outcomes import LaterContact
from mentornet.partnerships.queries import last_planned, meetings_of, usual_meeting
from mentornet.partnerships.wording import DANISH, FALLBACK
from mentornet.people.enums import Role
from mentornet.people.models import Person
from mentornet.people.participants import Participant
from mentornet.web.portal.partnership.forms import MINUTES, suggested_days
from mentornet.web.ui.listed import said
from reference.topics import Topic

CHANGEABLE: Final = 14
ENDS_SOON: Final = timedelta(days=30)
SETTLED_FOR: Final = timedelta(days=7)
"""For so long after a planned meeting that she has told of, none is suggested to her on the page of the two."""


def past_day_words(day: date, today: date) -> str:
    """Return a day behind us as one says it: today, yesterday, or Monday 9 March."""
    if day == today:
        return _("Today")
    if (today - day).days == 1:
        return _("Yesterday")
    return day_words(day)


def minutes_words(minutes: int | None) -> str:
    """Return a length as one says it."""
    if not minutes:
        return ""
    known = dict(MINUTES)
    if minutes in known:
        return str(known[minutes])
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}


# Meetings -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Usual:
    """The meeting that is suggested: sent as it stands by one tap.

    Attributes:
        days: the days to choose from, the likeliest first, with their words.
        minutes, way: the usual ones.
        words: all of it in one sentence.
        noted: the meeting of today, or of the day they had planned, that she has told of: no other is suggested in one
            tap then, which would only invent one.
    """

    days: Sequence[tuple[date, str]]
    minutes: int
    way: str
    words: str
    noted: Meeting | None = None

    @property
    def day(self) -> date | None:
        """The likeliest day."""
        return self.days[0][0] if self.days else None


def usual_of(
    by: Participant, pair: Partnership, side: Role, meetings: Sequence[Meeting], way_words: Mapping[str, Any]
) -> Usual:
    """Return the meeting that is suggested to her."""
    own = {one.on: one for one in meetings if any(account.side == side for account in one.accounts.all())}
    planned = last_planned(pair, by.at)
    planned_on = timezone.localtime(planned.at).date() if planned is not None else None
    weekday = meetings[0].on.weekday() if meetings else None
    days = suggested_days(by.today, pair.matched_on, planned=planned_on, weekday=weekday, told=frozenset(own))
    minutes, way = usual_meeting(pair)
    words = [
        *([past_day_words(days[0], by.today)] if days else []),
        minutes_words(minutes),
        str(way_words.get(way, "")),
    ]
    settled = planned_on is not None and by.today - planned_on < SETTLED_FOR
    return Usual(
        [(day, past_day_words(day, by.today)) for day in days],
        minutes,
        way,
        " · ".join(one for one in words if one),
        noted=own.get(by.today) or (own.get(planned_on) if settled and planned_on is not None else None),
    )


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting of the list.

    Attributes:
        facts: how long, how and about what, as she told it, or as the other did.
        confirmed: who has told of it, in words.
        difference: what the other remembers otherwise; empty where they agree.
        may_change: she has told of it, and not long ago.
        may_confirm: only the other has told of it.
    """

    meeting: Meeting
    when: str
    facts: Sequence[str]
    confirmed: str
    difference: str
    may_change: bool
    may_confirm: bool


def meeting_rows(
    by: Participant, side: Role, partner: Person, meetings: Iterable[Meeting], *, runs: bool
) -> list[MeetingRow]:
    """Prepare the meetings for one of the two."""
    return [_meeting_row(by, side, partner, one, runs=runs) for one in meetings]


def _meeting_row(by: Participant, side: Role, partner: Person, meeting: Meeting, *, runs: bool) -> MeetingRow:
    accounts = {account.side: account for account in meeting.accounts.all()}
    own = accounts.get(side)
    other = next((account for account in accounts.values() if account.side != side), None)
    name = {"name": partner.first_name}
    if own is not None and other is not None:
        confirmed = _("You have both told of it.")
    elif own is not None:
        confirmed = _("You have told of it.")
    elif other is not None:
        confirmed = _("%(name)s has told of it.") % name
    else:
        confirmed = _("Your coordinator has noted it.")
    may_change = runs and own is not None and (by.at - own.created_at).days < CHANGEABLE
    return MeetingRow(
        meeting=meeting,
        when=past_day_words(meeting.on, by.today),
        facts=_facts(own or other or meeting),
        confirmed=confirmed,
        difference=_difference(own, other, partner),
        may_change=may_change,
        may_confirm=runs and own is None and meeting.on <= by.today,
    )


def _facts(told: Account | Meeting) -> list[str]:
    language = reference_language()
    topics = ", ".join(Topic(code).label.text(language) for code in told.topics or ())
    facts = [minutes_words(told.minutes), told.get_way_display(), said(topics)]
    return [fact for fact in facts if fact]


def _difference(own: Account | None, other: Account | None, partner: Person) -> str:
    """Say kindly what the two remember otherwise; topics are no difference, each remembers her own."""
    if own is None or other is None:
        return ""
    otherwise = []
    if own.minutes and other.minutes and own.minutes != other.minutes:
        otherwise.append(minutes_words(other.minutes))
    if own.way and other.way and own.way != other.way:
        otherwise.append(other.get_way_display())
    if not otherwise:
        return ""
    return _("%(name)s remembers: %(what)s. That is all right, you can leave it like this.") % {
        "name": partner.first_name,
        "what": ", ".join(otherwise),
    }


# The agreement --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Column:
    """One of the two languages in which the agreement stands."""

    code: str
    name: str
    direction: str


@dataclass(frozen=True, slots=True)
class Pair:
    """One paragraph in both languages; ``beside`` is empty where there is one language alone."""

    danish: str
    beside: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section of the agreement in both languages."""

    heading: str
    heading_beside: str
    paragraphs: Sequence[Pair]


@dataclass(frozen=True, slots=True)
class AgreementShown:
    """The agreement as one of the two reads it.

    Attributes:
        reads: the language in which she signs.
        beside: the language beside the Danish, if there is another one.
        mine, theirs: the signatures that stand under this version.
        has_changes: it has been changed since the version before.
    """

    agreement: Agreement
    title: str
    title_beside: str
    danish: Column
    beside: Column | None
    reads: str
    sections: Sequence[SectionRow]
    mine: AgreementSignature | None
    theirs: AgreementSignature | None
    has_changes: bool

    @property
    def in_force(self) -> bool:
        """Both have signed this version."""
        return self.mine is not None and self.theirs is not None


def column_of(code: str) -> Column:
    """Return how a language is called by those who speak it, and which way it runs."""
    info = get_language_info(code)
    return Column(code, info["name_local"], "rtl" if info["bidi"] else "ltr")


def reading_language(texts: Mapping[str, Any]) -> str:
    """Return the reader's language, or the one that most people read, of those in which a text is written."""
    code = (get_language() or FALLBACK).split("-")[0]
    return code if code in texts else FALLBACK if FALLBACK in texts else DANISH


def agreement_shown(agreement: Agreement, side: Role, before: Agreement | None) -> AgreementShown:
    """Put the two languages beside each other, paragraph by paragraph, with what has changed marked."""
    texts = agreement.texts
    reads = reading_language(texts)
    other = agreement.language_mentor if side == Role.MENTEE else agreement.language_mentee
    code = reads if reads != DANISH else other
    beside = column_of(code) if code != DANISH and code in texts else None
    danish, second = texts[DANISH], texts[beside.code] if beside else None
    old = {one["key"]: one["paragraphs"] for one in before.texts.get(DANISH, {}).get("sections", ())} if before else {}
    sections = []
    for number, section in enumerate(danish["sections"]):
        twin = second["sections"][number] if second else None
        paragraphs = [
            Pair(
                danish=words,
                beside=twin["paragraphs"][place] if twin else "",
                is_changed=before is not None and words not in old.get(section["key"], ()),
            )
            for place, words in enumerate(section["paragraphs"])
        ]
        sections.append(SectionRow(section["heading"], twin["heading"] if twin else "", paragraphs))
    signatures = {one.side: one for one in agreement.signatures.all()}
    return AgreementShown(
        agreement=agreement,
        title=danish["title"],
        title_beside=second["title"] if second else "",
        danish=column_of(DANISH),
        beside=beside,
        reads=reads,
        sections=sections,
        mine=signatures.get(side),
        theirs=next((one for key, one in signatures.items() if key != side), None),
        has_changes=any(one.is_changed for section in sections for one in section.paragraphs),
    )


@dataclass(frozen=True, slots=True)
class AgreementState:
    """How far the agreement has come for her: words, tone, and whether something waits for her."""

    words: str
    tone: str
    waits: bool


def agreement_state(agreement: Agreement | None, pair: Partnership, side: Role, partner: Person) -> AgreementState:
    """Say how far the agreement has come."""
    if agreement is not None:
        return _state_of(agreement, side, partner)
    if pair.agreement_on is None:
        return AgreementState(_("You have not written it yet."), "info", waits=True)
    words = _("You have both signed, on %(day)s.") % {"day": date_format(pair.agreement_on, "DATE_FORMAT")}
    return AgreementState(words, "good", waits=False)


def _state_of(agreement: Agreement, side: Role, partner: Person) -> AgreementState:
    name = {"name": partner.first_name}
    signed = {one.side for one in agreement.signatures.all()}
    if len(signed) == len(Role):
        return AgreementState(_("You have both signed."), "good", waits=False)
    if side in signed:
        return AgreementState(_("You have signed. We wait for %(name)s.") % name, "info", waits=False)
    if signed:
        return AgreementState(_("%(name)s has signed. It waits for you.") % name, "warn", waits=True)
    if agreement.side == side:
        return AgreementState(_("You have filled it in. Now you can both sign."), "info", waits=True)
    return AgreementState(_("%(name)s has filled it in. Read it, and sign it or change it.") % name, "warn", waits=True)


# Goals, contact, the rest ---------------------------------------------------------------------------------------------


def progress_words(goals: Sequence[Goal]) -> str:
    """Say how far the two have come with their goals; nothing is measured in per cent."""
    if not goals:
        return _("You have not written a goal yet.")
    reached = sum(1 for goal in goals if goal.reached_on)
    steps = [step for goal in goals for step in goal.steps.all()]
    done = sum(1 for step in steps if step.done_on)
    parts = [ngettext("%(count)s goal.", "%(count)s goals.", len(goals)) % {"count": len(goals)}]
    if reached:
        parts.append(ngettext("%(count)s reached.", "%(count)s reached.", reached) % {"count": reached})
    if steps:
        parts.append(
            ngettext("%(done)s of %(count)s small step done.", "%(done)s of %(count)s small steps done.", len(steps))
            % {"done": done, "count": len(steps)}
        )
    return " ".join(parts)


def goal_words(goal: Goal) -> str:
    """Say how far one goal has come."""
    if goal.reached_on:
        return _("Reached on %(day)s. Well done!") % {"day": date_format(goal.reached_on, "DATE_FORMAT")}
    steps = list(goal.steps.all())
    done = sum(1 for step in steps if step.done_on)
    if not steps:
        return _("What is the first small step? It should take two weeks at most.")
    if done == len(steps):
        return _("All small steps are done. Is the goal reached, or is there a next step?")
    if done:
        return ngettext("%(count)s step done. Keep going.", "%(count)s steps done. Keep going.", done) % {"count": done}
    return _("The steps are there. Begin with the smallest.")


@dataclass(frozen=True, slots=True)
class Contact:
    """What the other lets her see."""

    phone: str
    email: str


def contact_of(pair: Partnership, side: Role, partner: Person) -> Contact | None:
    """Return what the other has chosen to share; ``None`` until she has."""
    if not pair.is_together:
        return None
    shares = pair.mentor_shares if side == Role.MENTEE else pair.mentee_shares
    phone = partner.phone if shares in {SharedContact.PHONE, SharedContact.BOTH} else ""
    email = partner.email if shares in {SharedContact.EMAIL, SharedContact.BOTH} else ""
    return Contact(phone, email) if phone or email else None


def state_words(pair: Partnership, partner: Person) -> str:
    """Say how the partnership stands, in one sentence.

    Where the two are kept from each other, the same as in every ending that has begun: of another sentence whoever it
    is about would read why.
    """
    name = {"name": partner.first_name}
    match pair.state:
        case PartnershipState.PAUSED if pair.paused_until:
            return _("You have a pause until %(day)s.") % {"day": date_format(pair.paused_until, "DATE_FORMAT")}
        case PartnershipState.PAUSED:
            return _("You have a pause.")
        case PartnershipState.CLOSED:
            return _("You and %(name)s have ended.") % name
        case PartnershipState.CLOSING:
            return _("You are about to end. Your coordinator helps you both.")
        case PartnershipState.MATCHED if pair.first_met_on is None:
            return _("You have not met yet.")
    return ""


def meetings_words(pair: Partnership) -> str:
    """Say how often they have met, and when last."""
    days = list(meetings_of(pair).values_list("on", flat=True))
    if not days:
        return _("You have not told of a meeting yet.")
    count = ngettext("You have met %(count)s time.", "You have met %(count)s times.", len(days)) % {"count": len(days)}
    return _("%(count)s Last: %(day)s.") % {"count": count, "day": date_format(days[0], "DATE_FORMAT")}


_LATER: Final[Mapping[str, Any]] = {
    LaterContact.FREE: gettext_lazy(
        "You two may keep in touch, if you both like. Give each other a number or an address yourselves."
    ),
    LaterContact.OFFICE: gettext_lazy("Do you want to reach %(name)s later? Call us. We ask her first."),
    LaterContact.NONE: gettext_lazy("You two have no contact any more. Call us if you have a question."),
}


def asked_to_end_words(call_by: date | None, today: date) -> str:
    """Say to whoever has asked for an end that it was heard, and what comes next; nothing to anybody else."""
    if call_by is None:
        return ""
    if call_by < today:
        return _("You have told us that you want to end. Your coordinator has been asked to call you.")
    day = {"day": date_format(call_by, "DATE_FORMAT")}
    return _("You have told us that you want to end. Your coordinator calls you by %(day)s.") % day


def later_words(closure: Closure | None, pair: Partnership, partner: Person) -> str:
    """Say what the two may do later, once it has ended and somebody has settled it with them."""
    if closure is None or not closure.later_contact or pair.state != PartnershipState.CLOSED:
        return ""
    return str(_LATER[closure.later_contact]) % {"name": partner.first_name}


def going_on_words(pair: Partnership, today: date) -> str:
    """Say that the agreement ends soon, or has ended, so that the two may go on; nothing while it is far off."""
    until = pair.agreed_until
    if until is None or pair.state not in {PartnershipState.MATCHED, PartnershipState.ACTIVE}:
        return ""
    if until - today > ENDS_SOON:
        return ""
    day = {"day": date_format(until, "DATE_FORMAT")}
    if until < today:
        return _("Your agreement ended on %(day)s. Do you want to go on?") % day
    return _("Your agreement ends on %(day)s. Do you want to go on?") % day
