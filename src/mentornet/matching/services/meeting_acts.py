"""What is done in a meeting: locking, ruling out, other weights, deciding; and taking each of these back.

Each act touches its own row, under the meeting's lock, and is followed by a new run where it changes the question. Two
who sit in the same meeting never overwrite each other: who changes a row, or the settings, says which she has seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from mentornet.audit.services import record
from mentornet.common.answers import ChangedMeanwhileError, RefusedError, require
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching.changes import sets_of
from mentornet.matching.enums import MeetingAct, Outcome, RunCause, TieKind
from mentornet.matching.meeting_queries import fixed_in, newest_run, refused_in, seen_places
from mentornet.matching.meeting_rules import may_lift, may_settle, may_sit_in, may_take_decision_back
from mentornet.matching.models import MatchingMeeting, MeetingDecision, MeetingRun, MeetingTie
from mentornet.matching.ranking import HARD_RULES
from mentornet.matching.reasons import why_not
from mentornet.matching.services.meeting_runs import (
    division_of,
    is_changed_programme,
    lock_meeting,
    run_again,
    settings_of,
    touch,
    whole_now,
)
from mentornet.matching.whole import GONE, PLACES, Fixed, asked_of
from mentornet.people.enums import Role


class LockImpossibleError(RefusedError):
    """Two cannot be locked: a hard rule stands between them, or the mentor's places are locked to others."""


@transaction.atomic
def tie_pair(
    *, by: Staff, meeting: MatchingMeeting, mentee: Enrolment, mentor: Enrolment, kind: TieKind | str
) -> MeetingRun:
    """Lock two people together, or rule them out, and look for the best set anew.

    A lock takes the place of a prohibition of the same two, and the other way round.

    Raises:
        NotAllowedError: the meeting is not hers or not open, or one of them is not part of it.
        ChangedMeanwhileError: somebody else has locked her to another mentor.
        LockImpossibleError: a hard rule stands between the two, or the mentor has no place left for a lock.
    """
    meeting = lock_meeting(meeting)
    require(may_settle(by, meeting, mentee, mentor))
    if mentee.role != Role.MENTEE or mentor.role != Role.MENTOR:
        raise RefusedError(_("Mentors are chosen for mentees, not the other way round."))
    same = MeetingTie.objects.filter(meeting=meeting, mentee=mentee, mentor=mentor, lifted_at=None)
    if (there := same.first()) is not None and there.kind == kind:
        # Somebody has pressed twice, or two have done the same.
        run = newest_run(meeting)
        assert run is not None
        return run
    if _is_decided(meeting, mentee):
        raise ChangedMeanwhileError(_("It has been decided about her. Take the decision back first."))
    same.update(lifted_at=by.at, lifted_by=by.key)
    if kind == TieKind.LOCK:
        _lift_what_is_gone(by, meeting, mentee)
        _require_lockable(by, meeting, mentee, mentor)
    tie = MeetingTie(
        meeting=meeting,
        kind=kind,
        mentee=mentee,
        mentor=mentor,
        made_by=by.key,
        author_name=by.name,
        created_at=by.at,
    )
    tie.full_clean(validate_constraints=False)
    try:
        with transaction.atomic():
            tie.save(force_insert=True)
    except IntegrityError as error:
        raise ChangedMeanwhileError(_("She has been locked to another mentor. Lift that lock first.")) from error
    record(
        by=by,
        act="matching.lock_pair" if kind == TieKind.LOCK else "matching.forbid_pair",
        of=tie,
        division_id=mentee.division_id,
    )
    return run_again(by, meeting, RunCause.LOCK if kind == TieKind.LOCK else RunCause.FORBID, tie)


def _lift_what_is_gone(by: Staff, meeting: MatchingMeeting, mentee: Enrolment) -> None:
    """Lift a lock of hers to a mentor of another division who is lent to her no more: nobody here sees it."""
    locks = MeetingTie.objects.filter(meeting=meeting, mentee=mentee, kind=TieKind.LOCK, lifted_at=None)
    whole = whole_now(meeting, by)
    for pk, mentor_id in locks.values_list("pk", "mentor_id"):
        if not whole.columns_of((str(mentee.pk), str(mentor_id))) and not seen_places(by, [mentor_id]):
            MeetingTie.objects.filter(pk=pk).update(lifted_at=by.at, lifted_by=by.key)


def _is_decided(meeting: MatchingMeeting, mentee: Enrolment) -> bool:
    return MeetingDecision.objects.filter(meeting=meeting, mentee=mentee).exists()


def _require_lockable(by: Staff, meeting: MatchingMeeting, mentee: Enrolment, mentor: Enrolment) -> None:
    """Refuse a pair that cannot be locked beside what is fixed already; say why.

    Raises:
        LockImpossibleError: with each rule that stands between the two, or who holds her places.
    """
    pair = (str(mentee.pk), str(mentor.pk))
    fixed = fixed_in(meeting)
    # The others first: whoever was locked earlier keeps her place.
    others = tuple(one for one in fixed.locks if one[0] != pair[0])
    whole = whole_now(meeting, by)
    asked = asked_of(whole, settings_of(meeting), Fixed(locks=(*others, pair)))
    wrong = next((one for one in asked.contradictions if one.pair == pair), None)
    if wrong is None:
        return
    if wrong.why == (GONE,):
        raise LockImpossibleError(_("One of the two is not there any more: she has a proposal, or has left."))
    if wrong.why == (PLACES,):
        places = seen_places(by, map(UUID, wrong.beside))
        names = ", ".join(sorted(one.person.name for one in places.values()))
        if names:
            raise LockImpossibleError(
                _("Her places are locked to %(names)s. Lift one of these locks first.") % {"names": names}
            )
        raise LockImpossibleError(_("All her places are locked to others."))
    one = whole.bank.people.mentees[whole.bank.rows[pair[0]]]
    other = whole.mentors[whole.columns_of(pair)[0]]
    need = whole.problem.policy.min_language
    broken = [rule for rule in HARD_RULES if rule in wrong.why]
    raise LockImpossibleError(" ".join(why_not(rule, one, other, need) for rule in broken))


@transaction.atomic
def lift_tie(*, by: Staff, meeting: MatchingMeeting, tie: MeetingTie) -> MeetingRun:
    """Lift a lock or a prohibition, and look for the best set anew.

    Raises:
        NotAllowedError: the meeting is not hers or not open, or it has been lifted already.
    """
    meeting = lock_meeting(meeting)
    # Without the mentor: who was lent by another division may be seen by nobody here any more.
    tie = MeetingTie.objects.select_related("mentee").get(pk=tie.pk, meeting=meeting)
    require(may_lift(by, meeting, tie))
    MeetingTie.objects.filter(pk=tie.pk).update(lifted_at=by.at, lifted_by=by.key)
    record(by=by, act="matching.lift_tie", of=tie, division_id=tie.mentee.division_id)
    return run_again(by, meeting, RunCause.LIFT, tie)


@transaction.atomic
def change_settings(
    *,
    by: Staff,
    meeting: MatchingMeeting,
    seen: int,
    weights: Mapping[str, float],
    floor: Decimal,
    borrows: bool,
    own_weights: Mapping[str, float] | None = None,
) -> MeetingRun:
    """Judge by other weights, another floor, or with mentors of the other divisions, and look for the best set anew.

    ``seen`` is the number of the settings that she has seen. ``own_weights`` are those of the programme's own criteria,
    by their keys, in points beside the hundred of the ten; without one a criterion weighs what it did. What weighs as
    much as the programme says follows the programme, should that be changed.

    Raises:
        NotAllowedError: the meeting is not hers, or not open.
        ChangedMeanwhileError: somebody else has changed them meanwhile, or the programme.
        ValidationError: a weight or the floor is none.
    """
    meeting = lock_meeting(meeting)
    require(may_sit_in(by, meeting))
    if meeting.settings_number != seen:
        raise ChangedMeanwhileError(
            _("Somebody else has changed the weights or the floor meanwhile. They stand here now: look at them first.")
        )
    if is_changed_programme(meeting):
        raise ChangedMeanwhileError(
            _("The programme was changed meanwhile. Look for the best set anew first, and weigh otherwise then.")
        )
    meeting.weights, meeting.floor, meeting.borrows = dict(weights), floor, borrows
    meeting.own_weights = _own_weights(meeting, own_weights or {})
    meeting.full_clean()
    MatchingMeeting.objects.filter(pk=meeting.pk).update(
        weights=meeting.weights,
        own_weights=meeting.own_weights,
        floor=floor,
        borrows=borrows,
        settings_number=F("settings_number") + 1,
    )
    meeting.settings_number += 1
    record(by=by, act="matching.meeting_settings", of=meeting, division_id=division_of(meeting))
    return run_again(by, meeting, RunCause.SETTINGS)


def _own_weights(meeting: MatchingMeeting, given: Mapping[str, float]) -> dict[str, float]:
    """Return what a meeting weighs otherwise than its programme.

    Raises:
        ValidationError: there is no such criterion.
    """
    usual = {custom.key: custom.weight for custom in meeting.version.own if not custom.is_rule}
    if given.keys() - usual.keys():
        raise ValidationError(_("This programme has no such criterion."), code="unknown")
    return {key: weight for key, weight in {**meeting.own_weights, **given}.items() if weight != usual.get(key)}


@transaction.atomic
def solve_again(*, by: Staff, meeting: MatchingMeeting) -> MeetingRun:
    """Look for the best set anew, since what is known of people has changed, or the programme has.

    Raises:
        NotAllowedError: the meeting is not hers, or not open.
    """
    meeting = lock_meeting(meeting)
    require(may_sit_in(by, meeting))
    return run_again(by, meeting, RunCause.PROGRAMME if is_changed_programme(meeting) else RunCause.DATA)


# Decisions ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def decide(
    *,
    by: Staff,
    meeting: MatchingMeeting,
    mentee: Enrolment,
    seen: int,
    outcome: Outcome | str,
    mentor: Enrolment | None = None,
    reason: str = "",
    dissent: str = "",
) -> MeetingDecision:
    """Decide about a mentee, with the reason, and what somebody held against it.

    Where the decision is not what the best set had for her, the set is looked for anew: a pair that is decided is
    fixed, and whoever waits on, or for whom a mentor is looked for elsewhere, leaves her mentor to the others.

    ``seen`` is the number of the decision that she has seen; 0 for none.

    Raises:
        NotAllowedError: the meeting is not hers or not open, or one of them is not part of it.
        ChangedMeanwhileError: somebody else has decided about her meanwhile, or it has been sent.
        RefusedError: no reason was written.
        LockImpossibleError: a hard rule stands between the two, or the mentor has no place left.
    """
    meeting = lock_meeting(meeting)
    require(may_settle(by, meeting, mentee, mentor))
    if not reason.strip():
        raise RefusedError(_("Write in a sentence why; it stands in the minutes."))
    decision = MeetingDecision.objects.filter(meeting=meeting, mentee=mentee).first()
    if (decision.number if decision else 0) != seen or (decision and decision.proposal_id is not None):
        raise ChangedMeanwhileError(_("Somebody else has decided about her meanwhile. Look at it first."))
    if outcome == Outcome.PROPOSE:
        if mentor is None:
            raise RefusedError(_("Choose the mentor who is to be proposed."))
        _require_lockable(by, meeting, mentee, mentor)
    run = newest_run(meeting)
    assert run is not None
    had = sets_of(meeting, run)[0].get(mentee.pk)
    stays = had is not None and mentor is not None and had.mentor_id == mentor.pk and outcome == Outcome.PROPOSE
    decision = decision or MeetingDecision(meeting=meeting, mentee=mentee, number=0, created_at=by.at)
    decision.outcome, decision.mentor = Outcome(outcome), mentor if outcome == Outcome.PROPOSE else None
    decision.reason, decision.dissent = reason.strip(), dissent.strip()
    decision.score = had.score if stays and had is not None else None
    decision.decided_by, decision.author_name, decision.decided_at = by.key, by.name, by.at
    decision.number, decision.refused, decision.run = decision.number + 1, "", run.number
    decision.full_clean(validate_constraints=False)
    decision.save(force_insert=decision.number == 1)
    record(by=by, act="matching.decide_in_meeting", of=decision, division_id=mentee.division_id)
    if stays or (had is None and outcome != Outcome.PROPOSE):
        touch(by, meeting, MeetingAct.DECIDED)
        return decision
    run = run_again(by, meeting, RunCause.DECISION, act=MeetingAct.DECIDED)
    given = sets_of(meeting, run)[0].get(mentee.pk)
    if given is not None and decision.mentor_id == given.mentor_id:
        decision.score = given.score
        MeetingDecision.objects.filter(pk=decision.pk).update(score=given.score)
    return decision


@transaction.atomic
def decide_the_rest(*, by: Staff, meeting: MatchingMeeting, seen_run: int, reason: str) -> int:
    """Decide, for everybody of whom nothing is decided yet, to propose the mentor whom the best set has for her.

    Returns how many these are. Nothing is looked for anew: it is the set as it stands. Two of whom one has said no to
    the other before are left for a decision of their own: not without a word is she asked once more.

    Raises:
        NotAllowedError: the meeting is not hers, or not open.
        ChangedMeanwhileError: the set is another than she has seen.
        RefusedError: no reason was written.
    """
    meeting = lock_meeting(meeting)
    require(may_sit_in(by, meeting))
    if not reason.strip():
        raise RefusedError(_("Write in a sentence why; it stands in the minutes."))
    run = newest_run(meeting)
    if run is None or run.number != seen_run:
        raise ChangedMeanwhileError(_("The set has changed meanwhile. Look at it once more."))
    decided = set(MeetingDecision.objects.filter(meeting=meeting).values_list("mentee_id", flat=True))
    refused = set(refused_in(meeting))
    found = {
        mentee: given
        for mentee, given in sets_of(meeting, run)[0].items()
        if (str(mentee), str(given.mentor_id)) not in refused
    }
    places = seen_places(by, [key for mentee, given in found.items() for key in (mentee, given.mentor_id)])
    made = [
        MeetingDecision(
            meeting=meeting,
            mentee=places[mentee],
            mentor=places[given.mentor_id],
            outcome=Outcome.PROPOSE,
            reason=reason.strip(),
            score=given.score,
            decided_by=by.key,
            author_name=by.name,
            decided_at=by.at,
            run=run.number,
            created_at=by.at,
        )
        for mentee, given in found.items()
        if mentee not in decided and mentee in places and given.mentor_id in places
    ]
    for one in made:
        one.full_clean(validate_constraints=False)
        one.save(force_insert=True)
        record(by=by, act="matching.decide_in_meeting", of=one, division_id=one.mentee.division_id)
    touch(by, meeting, MeetingAct.REST)
    return len(made)


@transaction.atomic
def take_decision_back(*, by: Staff, meeting: MatchingMeeting, decision: MeetingDecision, seen: int) -> None:
    """Take a decision back, as if it had not been made, and look for the best set anew.

    Raises:
        NotAllowedError: the meeting is not hers or not open, or its proposal was sent.
        ChangedMeanwhileError: somebody else has changed it meanwhile.
    """
    meeting = lock_meeting(meeting)
    decision = _held(meeting, decision)
    require(may_take_decision_back(by, meeting, decision))
    if decision.number != seen:
        raise ChangedMeanwhileError(_("Somebody else has decided about her meanwhile. Look at it first."))
    record(by=by, act="matching.take_decision_back", of=decision, division_id=decision.mentee.division_id)
    decision.delete()
    run_again(by, meeting, RunCause.DECISION, act=MeetingAct.TAKEN_BACK)


def _held(meeting: MatchingMeeting, decision: MeetingDecision) -> MeetingDecision:
    found = MeetingDecision.objects.filter(pk=decision.pk, meeting=meeting).select_related("mentee").first()
    if found is None:
        raise ChangedMeanwhileError(_("The decision has been taken back already."))
    return found
