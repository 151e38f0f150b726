"""A meeting as its pages show it: who waits, whom the set has for her, what has changed and what it cost."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentornet.divisions.staff import Staff
from mentornet.intake.enums import EarlierReason
from mentornet.intake.models import Enrolment
from mentornet.matching.changes import Change, Difference, Given
from mentornet.matching.enums import MeetingStep, Outcome, TieKind
from mentornet.matching.loan_queries import released_for
from mentornet.matching.loan_rules import places_of
from mentornet.matching.meeting_queries import seen_mentees, seen_places
from mentornet.matching.models import Loan, MatchingMeeting, MeetingDecision, MeetingTie
from mentornet.matching.ranking import Candidate, Ranking, rank_for
from mentornet.matching.reasons import RULE_NAMES
from mentornet.matching.whole import GONE, PLACES, Contradiction, Settings, Whole
from mentornet.web.desk.match.bars import drawn
from mentornet.web.desk.match.shown import reasons_of
from mentornet.web.desk.meetings.settled import written
from mentornet.web.desk.words import in_full
from mentornet.web.desk.words.terms import occupation
from mentornet.web.ui.context import address

CANDIDATES: Final = 3
MOST_REASONS: Final = 2
CHANGES: Final = 50
"""Changes on one page."""
FIRST_CHANGES: Final = 6
"""Of these so many stand open; the others are folded in."""
_UNITS: Final = 100
"""Units of a score in one point."""


def waits(mentee: Enrolment) -> bool:
    """Tell whether a mentee still waits: nobody has been proposed to her, and she has not left."""
    return mentee.ended_on is None and not mentee.promised and not mentee.active


def points_of(units: int) -> float:
    """Return a score in points of a hundred."""
    return units / _UNITS


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """One of the three who fit a mentee best.

    Attributes:
        is_given: the set has her for this mentee.
        given_to: for whom the set has her instead, where she has no other place.
        lock: the tie by which she is locked to this mentee.
        is_lent: another division has released her for this mentee.
    """

    enrolment: Enrolment
    percent: int
    bars: list[dict[str, Any]]
    reasons: list[str]
    is_given: bool
    given_to: str
    lock: MeetingTie | None
    below_floor: bool
    is_lent: bool

    @property
    def name(self) -> str:
        """Her whole name."""
        return self.enrolment.person.name


@dataclass(frozen=True, slots=True)
class Row:
    """One mentee of the agenda.

    Attributes:
        given: whom the set has for her, with the points.
        lock: her lock, where there is one.
        ruled_out: whom the meeting has ruled out for her.
        refused: mentors of whom she, or who of her, has said no before.
        lent: loans by which a mentor of another division is released for her.
        has_changed: the last act has given her another one, or nobody.
        fitting: how many mentors fail no rule.
        is_judged: she is in the bank that is ranked.
        earlier: why she is taken before others; empty where she has her place in the order.
    """

    enrolment: Enrolment
    days: int | None
    occupation: str
    languages: str
    given: Enrolment | None
    given_points: float
    lock: MeetingTie | None
    ruled_out: Sequence[MeetingTie]
    refused: Sequence[Enrolment]
    lent: Sequence[Loan]
    candidates: Sequence[CandidateRow]
    decision: MeetingDecision | None
    has_changed: bool
    fitting: int
    is_judged: bool
    earlier: str

    @property
    def name(self) -> str:
        """Her whole name."""
        return self.enrolment.person.name

    @property
    def search_url(self) -> str:
        """Where a search for a mentor outside the bank begins for her; empty while there is no such page."""
        url = address("desk:search_new")
        return f"{url}?mentee={self.enrolment.pk}" if url is not None else ""

    @property
    def choices(self) -> list[tuple[UUID, str]]:
        """The mentors from whom a decision chooses: whom the set has, and the candidates."""
        found = {self.given.pk: self.given.person.name} if self.given is not None else {}
        found |= {one.enrolment.pk: one.name for one in self.candidates if one.enrolment.pk not in found}
        if self.decision is not None and self.decision.mentor is not None:
            found.setdefault(self.decision.mentor.pk, self.decision.mentor.person.name)
        return list(found.items())

    @property
    def chosen(self) -> UUID | None:
        """The mentor who is chosen to begin with."""
        if self.decision is not None and self.decision.mentor_id is not None:
            return self.decision.mentor_id
        return self.given.pk if self.given is not None else None


@dataclass(frozen=True, slots=True)
class Board:
    """What the rows of a page are made from, read once.

    Attributes:
        best: the set, of those whom the reader sees.
        changed: who has changed by the last act.
        refused: by mentee, the mentors between whom and her one has said no before.
    """

    whole: Whole
    settings: Settings
    best: Mapping[UUID, Given]
    changed: Collection[UUID]
    ties: Sequence[MeetingTie]
    decisions: Mapping[UUID, MeetingDecision]
    refused: Mapping[UUID, Collection[UUID]]


def _ranking(board: Board, mentee_id: UUID) -> Ranking | None:
    bank = board.whole.bank
    judged = replace(bank, problem=replace(bank.problem, policy=board.settings.policy))
    return rank_for(judged, mentee_id)


def _first(board: Board, ranking: Ranking, mentee: Enrolment) -> list[Candidate]:
    """Return the first three who fit her, without those whom the meeting has ruled out, or may not borrow.

    Nor those to whom one of the two has said no before, but by a lock. In any case who is lent to her is among them,
    whom the set has for her, and to whom she is locked.
    """
    bank = ranking.bank
    out = {str(tie.mentor_id) for tie in board.ties if tie.kind == TieKind.FORBID and tie.mentee_id == mentee.pk}
    locked = {tie.mentor_id for tie in board.ties if tie.kind == TieKind.LOCK and tie.mentee_id == mentee.pk}
    out |= {str(key) for key in board.refused.get(mentee.pk, ()) if key not in locked}
    home = bank.people.mentees[ranking.row].division
    picked = []
    for column in ranking.order[: ranking.standing].tolist():
        if bank.problem.mentor_ids[column] in out:
            continue
        if not board.settings.borrows and bank.people.mentors[column].division != home:
            continue
        picked.append(column)
        if len(picked) == CANDIDATES:
            break
    own = {*locked, *([board.best[mentee.pk].mentor_id] if mentee.pk in board.best else [])}
    columns = {bank.columns[str(key)] for key in own if str(key) in bank.columns}
    picked += [column for column in sorted(columns - set(picked)) if ranking.stands[column]]
    lent = board.whole.ranked(board.settings.policy, mentee.pk)
    first = [*ranking.candidates(picked), *(one for one in lent if str(one.enrolment_id) not in out)]
    by_mentor = {one.enrolment_id: one for one in first}
    return sorted(by_mentor.values(), key=lambda one: -one.score)


def rows_of(by: Staff, board: Board, mentees: Iterable[Enrolment]) -> list[Row]:
    """Prepare some mentees for the page: two queries, however many there are."""
    listed = list(mentees)
    lent = released_for(by, [one.pk for one in listed])
    # The set is everybody's; what she counts is without those hidden from her.
    unseen = {str(key) for key in places_of(by.hidden)} if by.hidden else set[str]()
    rankings = {one.pk: _ranking(board, one.pk) for one in listed}
    first = {one.pk: _first(board, ranking, one) if (ranking := rankings[one.pk]) is not None else [] for one in listed}
    holders: dict[UUID, list[UUID]] = {}
    for mentee_id, given in board.best.items():
        holders.setdefault(given.mentor_id, []).append(mentee_id)
    keys = {candidate.enrolment_id for some in first.values() for candidate in some}
    keys |= {board.best[one.pk].mentor_id for one in listed if one.pk in board.best}
    keys |= {mentee for key in keys for mentee in holders.get(key, ())}
    keys |= {key for one in listed for key in board.refused.get(one.pk, ())}
    places = seen_places(by, keys)
    locks = {tie.mentee_id: tie for tie in board.ties if tie.kind == TieKind.LOCK}
    rows = []
    for one in listed:
        ranking, had = rankings[one.pk], board.best.get(one.pk)
        known = board.whole.bank.people.mentees[ranking.row] if ranking is not None else None
        rows.append(
            Row(
                enrolment=one,
                days=(by.today - one.since).days if one.since else None,
                occupation=occupation(known.occupation, one.profile.occupation_title) if known is not None else "",
                languages=in_full.languages(known) if known is not None else "",
                given=places.get(had.mentor_id) if had is not None else None,
                given_points=points_of(had.score) if had is not None else 0,
                lock=locks.get(one.pk),
                ruled_out=[tie for tie in board.ties if tie.kind == TieKind.FORBID and tie.mentee_id == one.pk],
                lent=lent.get(one.pk, ()),
                refused=[places[key] for key in board.refused.get(one.pk, ()) if key in places],
                candidates=[
                    _candidate(one, candidate, places, board, holders, locks.get(one.pk))
                    for candidate in first[one.pk]
                    if candidate.enrolment_id in places
                ],
                decision=board.decisions.get(one.pk),
                has_changed=one.pk in board.changed,
                fitting=max(
                    _fitting(ranking, unseen), sum(candidate.enrolment_id in places for candidate in first[one.pk])
                )
                if ranking is not None
                else 0,
                is_judged=str(one.pk) in board.whole.rows,
                earlier=str(EarlierReason(found).label) if (found := getattr(one, "earlier", None)) else "",
            )
        )
    return rows


def _fitting(ranking: Ranking, unseen: Collection[str]) -> int:
    """Return how many mentors fit her, of those whom the reader may know of."""
    if not unseen:
        return ranking.standing
    ids = ranking.bank.problem.mentor_ids
    return sum(ids[column] not in unseen for column in ranking.order[: ranking.standing].tolist())


def _candidate(
    mentee: Enrolment,
    candidate: Candidate,
    places: Mapping[UUID, Enrolment],
    board: Board,
    holders: Mapping[UUID, Sequence[UUID]],
    lock: MeetingTie | None,
) -> CandidateRow:
    mentor = places[candidate.enrolment_id]
    held = holders.get(mentor.pk, ())
    others = [places[key].person.name for key in held if key != mentee.pk and key in places]
    left = mentor.capacity - mentor.promised - mentor.active
    return CandidateRow(
        enrolment=mentor,
        percent=candidate.percent,
        bars=drawn(candidate.bars),
        reasons=reasons_of(candidate)[:MOST_REASONS],
        is_given=mentee.pk in held,
        given_to=", ".join(others) if mentee.pk not in held and len(held) >= left else "",
        lock=lock if lock is not None and lock.mentor_id == mentor.pk else None,
        below_floor=candidate.score < board.settings.policy.floor,
        is_lent=(str(mentee.pk), str(mentor.pk)) in {one.pair for one in board.whole.lent},
    )


# What has changed -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One mentee, before and after."""

    name: str
    days: int | None
    before: str
    before_points: float
    after: str
    after_points: float
    points: float


@dataclass(frozen=True, slots=True)
class Cost:
    """What an act has done to the whole, in sentences.

    Attributes:
        page: of the changes; the rows are those that stand on it.
        notes: what has changed besides the act.
        is_compared: before and after the points are given in the same way.
    """

    sentences: Sequence[str]
    rows: Sequence[ChangeRow]
    page: Page[Change]
    notes: Sequence[str] = ()
    is_compared: bool = True

    @property
    def first(self) -> Sequence[ChangeRow]:
        """The rows that stand open."""
        return self.rows[:FIRST_CHANGES]

    @property
    def folded(self) -> Sequence[ChangeRow]:
        """The others of this page."""
        return self.rows[FIRST_CHANGES:]

    @property
    def more(self) -> int:
        """How many changes stand on no page but the run's own."""
        return self.page.paginator.count - len(self.rows)


def cost_of(
    by: Staff,
    difference: Difference,
    *,
    page: str | int | None = 1,
    notes: Sequence[str] = (),
    is_compared: bool = True,
) -> Cost:
    """Tell what has changed, woman by woman: one query, however many there are; two where they fill several pages."""
    changes: Sequence[Change] = difference.changes
    if len(changes) > CHANGES:
        seen = seen_mentees(by, [one.mentee_id for one in changes])
        changes = [one for one in changes if one.mentee_id in seen]
    listed = Paginator(changes, CHANGES).get_page(page)
    some = list(listed.object_list)
    keys = {one.mentee_id for one in some}
    keys |= {given.mentor_id for one in some for given in (one.before, one.after) if given is not None}
    places = seen_places(by, keys) if keys else {}
    rows = [_change(by, one, places) for one in some if one.mentee_id in places]
    count = len(changes) if len(changes) > CHANGES else len(rows)
    sentences = _sentences(difference, count, is_compared=is_compared)
    return Cost(sentences, rows, listed, notes=notes, is_compared=is_compared)


def _change(by: Staff, change: Change, places: Mapping[UUID, Enrolment]) -> ChangeRow:
    mentee = places[change.mentee_id]
    return ChangeRow(
        name=mentee.person.name,
        days=(by.today - mentee.since).days if mentee.since else None,
        before=_name(change.before, places),
        before_points=points_of(change.before.score) if change.before else 0,
        after=_name(change.after, places),
        after_points=points_of(change.after.score) if change.after else 0,
        points=points_of(change.points),
    )


def _name(given: Given | None, places: Mapping[UUID, Enrolment]) -> str:
    return places[given.mentor_id].person.name if given is not None and given.mentor_id in places else ""


def _sentences(difference: Difference, count: int, *, is_compared: bool) -> list[str]:
    told = [
        ngettext(
            "%(count)s woman has another mentor than before, or none.",
            "%(count)s women have another mentor than before, or none.",
            count,
        )
        % {"count": count}
        if count
        else _("Nobody has another mentor than before.")
    ]
    if difference.pairs:
        words = (
            ngettext("%(count)s pair more.", "%(count)s pairs more.", difference.pairs)
            if difference.pairs > 0
            else ngettext("%(count)s pair fewer.", "%(count)s pairs fewer.", -difference.pairs)
        )
        told.append(words % {"count": abs(difference.pairs)})
    elif count:
        told.append(_("As many pairs as before."))
    if not is_compared:
        told.append(_("The points are not compared: they are given by other weights or criteria now."))
    elif difference.points:
        template = _("The whole has %(points)s points more.") if difference.points > 0 else (
            _("It costs the whole %(points)s points.")
        )  # fmt: skip
        told.append(template % {"points": written(abs(points_of(difference.points)))})
    return told


# Locks that cannot stand ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wrong:
    """A lock that cannot stand, and the way out."""

    sentence: str
    lift_url: str


def wrong_locks(
    meeting: MatchingMeeting,
    contradictions: Iterable[Contradiction],
    ties: Iterable[MeetingTie],
    decisions: Iterable[MeetingDecision],
) -> list[Wrong]:
    """Name the locks that were left out of the set, all at once, with what stands in their way."""
    locks = {(str(tie.mentee_id), str(tie.mentor_id)): tie for tie in ties if tie.kind == TieKind.LOCK}
    decided = {(str(one.mentee_id), str(one.mentor_id)): one for one in decisions if one.outcome == Outcome.PROPOSE}
    found = []
    for one in contradictions:
        fixed: MeetingTie | MeetingDecision | None = locks.get(one.pair) or decided.get(one.pair)
        if fixed is None or fixed.mentor is None:
            continue
        names = {"mentee": fixed.mentee.person.name, "mentor": fixed.mentor.person.name}
        if isinstance(fixed, MeetingTie):
            url = reverse("desk:meeting_lift", args=[meeting.pk, fixed.pk])
        else:
            url = reverse("desk:meeting_decision_back", args=[meeting.pk, fixed.pk, fixed.number])
        found.append(Wrong(_why(one) % {**names, "rules": _rules(one)}, url))
    return found


def _why(one: Contradiction) -> str:
    if one.why == (GONE,):
        return _("%(mentee)s and %(mentor)s: one of the two is not there any more.")
    if one.why == (PLACES,):
        return _("%(mentee)s and %(mentor)s: the mentor has fewer places than locks.")
    return _("%(mentee)s and %(mentor)s: a rule stands between them now (%(rules)s).")


def _rules(one: Contradiction) -> str:
    return ", ".join(str(RULE_NAMES[rule]) for rule in one.why if rule in RULE_NAMES)


# Preparing ------------------------------------------------------------------------------------------------------------


def progress_of(meeting: MatchingMeeting) -> dict[str, object]:
    """Return what the progress says."""
    steps = list(MeetingStep)
    return {
        "title": _("Preparing the meeting"),
        "done": steps.index(MeetingStep(meeting.step)),
        "total": len(steps),
        "sentence": MeetingStep(meeting.step).label,
        "poll_url": reverse("desk:meeting_progress", args=[meeting.pk]),
    }


def divisions_told(meeting: MatchingMeeting) -> str:
    """Return the names of a meeting's divisions in one line."""
    return ", ".join(one.division.name for one in meeting.sits.all())
