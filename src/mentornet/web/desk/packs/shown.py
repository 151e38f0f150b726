"""A handover pack as it is printed: an agenda first, then each case on its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentornet.agenda.models import Kind, Task
from mentornet.divisions.staff import Staff
from mentornet.followup.models import Talk
from mentornet.followup.packs import Gathered
from mentornet.intake.models import Enrolment
from mentornet.matching.enums import ProposalState, Reply
from mentornet.matching.models import Proposal
from mentornet.partnerships.models import Goal, Note, Partnership
from mentornet.partnerships.rules import may_work_on
from mentornet.people.enums import Role
from mentornet.people.models import Person
from mentornet.web.desk.partnerships.shown import clock_of, next_step
from mentornet.web.desk.people.standing import day
from mentornet.web.desk.today.shown import row_of, when

WEEK: Final = timedelta(days=7)
CAME_TO_NOTHING: Final = (ProposalState.DECLINED, ProposalState.EXPIRED, ProposalState.WITHDRAWN)
MOST_WAITING: Final = 5
BETWEEN: Final = " – "
"""What stands between the names of two."""


@dataclass(frozen=True, slots=True)
class Line:
    """Something on a day.

    Attributes:
        words: what; safe where names are fenced in it.
        when: counted from today, or the day.
        case: whose it is; empty within a case.
    """

    on: date
    words: SafeString | str
    when: str
    case: str = ""

    @property
    def whose(self) -> str:
        """Whose it is, where the words do not name them already."""
        return "" if all(name in self.words for name in self.case.split(BETWEEN)) else self.case


@dataclass(frozen=True, slots=True)
class Refusal:
    """A proposal that came to nothing: who said what, and why, in the words of the list and in hers."""

    on: date
    other: str
    state: str
    answers: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class CasePack:
    """One case: a pair, or somebody who waits, or a mentor.

    Attributes:
        key: the pair's or the place's, for the link on the agenda.
        state: where it stands, in words; ``since`` when that began.
        promises: what waits, by its day.
        reason: why these two; with who decided.
        talks: the last ones.
        restricted: of whom there is something that only named staff may read.
        coming: what comes next: a meeting, the end of the agreement, the end of a pause.
    """

    key: UUID
    names: Sequence[str]
    role: str
    programme: str
    state: str
    since: str
    clock: str
    next_words: str
    promises: Sequence[Line]
    reason: str
    reason_by: str
    refusals: Sequence[Refusal]
    notes: Sequence[Note]
    talks: Sequence[Talk]
    goals: Sequence[Goal]
    agreement: str
    doors: int
    restricted: Sequence[str]
    coming: Sequence[Line]
    is_protected: bool
    waits_since: date | None = None

    @property
    def title(self) -> str:
        """Their names in one line."""
        return BETWEEN.join(self.names)

    @property
    def is_brief(self) -> bool:
        """There is nothing to tell but how it stands, such as of a mentor in the bank: no page of its own."""
        told = (self.promises, self.coming, self.reason, self.refusals, self.notes, self.talks, self.goals, self.doors)
        return not any(told) and not self.agreement and not self.next_words and self.waits_since is None


@dataclass(frozen=True, slots=True)
class Agenda:
    """The first page: this week, what was promised, and who has waited longest."""

    week: Sequence[Line]
    promised: Sequence[Line]
    waiting: Sequence[CasePack]


def packs(
    by: Staff,
    places: Sequence[Enrolment],
    known: Gathered,
    proposals: Iterable[Proposal],
    *,
    only: UUID | None = None,
    wide: bool = False,
) -> list[CasePack]:
    """Prepare the packs of some places: a pair for each of the mentees who has one, and the others by themselves.

    Args:
        by: who takes over.
        places: whose.
        known: what was read of them.
        proposals: all that were ever made to them, that somebody may see.
        only: the key of the one pair that is wanted.
        wide: with the pairs of mentors as well, whose mentees are not among these places.
    """
    made: dict[UUID, list[Proposal]] = defaultdict(list)
    reasons: dict[UUID, Proposal] = {}
    for proposal in proposals:
        made[proposal.mentee_id].append(proposal)
        made[proposal.mentor_id].append(proposal)
        if proposal.partnership_id is not None:
            reasons[proposal.partnership_id] = proposal
    if only is not None:
        return [_of_pair(by, pair, known, reasons, made) for pair in known.pairs if pair.pk == only]
    keys = {one.pk for one in places}
    pairs = [
        pair for pair in known.pairs if pair.is_running and (pair.mentee_id in keys or (wide and may_work_on(by, pair)))
    ]
    covered = {key for pair in pairs for key in (pair.mentee_id, pair.mentor_id)}
    found = [_of_pair(by, pair, known, reasons, made) for pair in pairs]
    found += [_of_place(by, one, known, made[one.pk]) for one in places if one.pk not in covered]
    return sorted(found, key=lambda one: (one.is_brief, one.promises[0].on if one.promises else date.max))


def agenda(by: Staff, cases: Sequence[CasePack]) -> Agenda:
    """Gather the first page from all cases."""
    lines = [Line(one.on, one.words, one.when, case.title) for case in cases for one in (*case.promises, *case.coming)]
    lines.sort(key=lambda one: one.on)
    promised = [
        Line(one.on, one.words, one.when, case.title)
        for case in cases
        for one in case.promises
        if one.on > by.today + WEEK
    ]
    waiting = sorted((one for one in cases if one.waits_since is not None), key=_since)
    return Agenda(
        week=[one for one in lines if one.on <= by.today + WEEK],
        promised=sorted(promised, key=lambda one: one.on),
        waiting=waiting[:MOST_WAITING],
    )


def _since(case: CasePack) -> date:
    assert case.waits_since is not None
    return case.waits_since


def _promises(by: Staff, tasks: Iterable[Task]) -> list[Line]:
    lines = []
    for task in tasks:
        if task.kind == Kind.HANDOVER:
            continue
        row = row_of(task, today=by.today, divisions={}, user_id=by.user_id)
        lines.append(Line(task.due_on, row.sentence, row.when))
    return sorted(lines, key=lambda one: one.on)


def _tasks(known: Gathered, *targets: UUID) -> list[Task]:
    return [task for target in dict.fromkeys(targets) for task in known.tasks.get(target, ())]


def _line(on: date | None, words: str, today: date) -> list[Line]:
    return [] if on is None or on < today else [Line(on, words, when(on, today))]


def _of_pair(
    by: Staff,
    pair: Partnership,
    known: Gathered,
    reasons: Mapping[UUID, Proposal],
    made: Mapping[UUID, Sequence[Proposal]],
) -> CasePack:
    clock, _tone = clock_of(pair, getattr(pair, "last_met_on", None), by.today)
    two = [pair.mentee.person, pair.mentor.person]
    step, why, planned = next_step(pair), reasons.get(pair.pk), known.planned.get(pair.pk)
    coming = _line(timezone.localdate(planned) if planned else None, _("They mean to meet"), by.today)
    coming += _line(pair.agreed_until, _("The agreement ends"), by.today)
    coming += _line(pair.paused_until, _("The pause ends"), by.today)
    agreement = known.agreements.get(pair.pk)
    tasks = _tasks(known, pair.pk, pair.mentee_id, pair.mentee.application_id, *(one.pk for one in two))
    return CasePack(
        key=pair.pk,
        names=[one.name for one in two],
        role=_("Mentee and mentor"),
        programme=pair.mentee.programme.name,
        state=pair.get_state_display(),
        since=day(pair.matched_on) if pair.matched_on else "",
        clock=clock,
        next_words=step.text if step else "",
        promises=_promises(by, tasks),
        reason=why.reason if why else "",
        reason_by=why.author_name if why else "",
        refusals=_refusals(pair.mentee_id, made.get(pair.mentee_id, ())),
        notes=known.notes.get(pair.pk, ()),
        talks=known.talks.get(pair.pk, ()),
        goals=known.goals.get(pair.pk, ()),
        agreement=_agreement(pair, agreement.number if agreement else 0),
        doors=known.doors.get(pair.pk, 0),
        restricted=_restricted(two, known),
        coming=sorted(coming, key=lambda one: one.on),
        is_protected=any(one.is_protected for one in two),
    )


def _of_place(by: Staff, place: Enrolment, known: Gathered, proposals: Sequence[Proposal]) -> CasePack:
    waits = place.role == Role.MENTEE and place.since is not None and not place.ended_on
    days = max((by.today - place.since).days, 0) if place.since else 0
    state = _("In the mentor bank")
    if place.ended_on is not None:
        state = _("Has left")
    elif place.is_resting(by.today):
        state = _("Rests until %(day)s") % {"day": day(place.resting_until)}
    elif place.role == Role.MENTEE:
        state = _("A proposal is under way") if place.promised else _("On the waiting list")
    elif place.active:
        state = _("Has a partner; a colleague looks after the pair")
    clock = ngettext("Waits %(count)s day", "Waits %(count)s days", days) % {"count": days} if waits else ""
    tasks = _tasks(known, place.pk, place.application_id, place.person_id)
    coming = _line(place.resting_until, _("Her rest ends"), by.today)
    return CasePack(
        key=place.pk,
        names=[place.person.name],
        role=place.get_role_display().capitalize(),
        programme=place.programme.name,
        state=state,
        since=day(place.since) if place.since else "",
        clock=clock,
        next_words="",
        promises=_promises(by, tasks),
        reason="",
        reason_by="",
        refusals=_refusals(place.pk, proposals),
        notes=(),
        talks=(),
        goals=(),
        agreement="",
        doors=0,
        restricted=_restricted([place.person], known),
        coming=coming,
        is_protected=place.person.is_protected,
        waits_since=place.since if waits else None,
    )


def _agreement(pair: Partnership, number: int) -> str:
    if pair.agreement_on and pair.agreed_until:
        words = _("Signed by both on %(day)s, until %(until)s.")
        return words % {"day": day(pair.agreement_on), "until": day(pair.agreed_until)}
    if pair.agreement_on:
        return _("Signed by both on %(day)s.") % {"day": day(pair.agreement_on)}
    return _("Filled in, and not yet signed by both.") if number else _("Not filled in yet.")


def _restricted(people: Iterable[Person], known: Gathered) -> list[str]:
    return [one.name for one in people if one.pk in known.restricted]


def _refusals(place_id: UUID, proposals: Iterable[Proposal]) -> list[Refusal]:
    found = []
    for one in proposals:
        if one.state not in CAME_TO_NOTHING:
            continue
        other = one.mentor if one.mentee_id == place_id else one.mentee
        answers = [
            (answer.get_side_display(), ": ".join(filter(None, [answer.get_decline_reason_display(), answer.note])))
            for answer in one.answers.all()
            if answer.reply == Reply.NO
        ]
        on = timezone.localdate(one.ended_at or one.created_at)
        found.append(Refusal(on, other.person.name, one.get_state_display(), answers))
    return sorted(found, key=lambda one: one.on, reverse=True)
