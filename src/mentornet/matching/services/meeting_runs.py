"""The best set of a meeting, computed after each act that changes the question, and kept with what it follows from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import F, Max

from mentornet.common.actors import Actor
from mentornet.divisions.staff import Staff
from mentornet.matching.bank import enrolment_of
from mentornet.matching.enums import MeetingAct, RunCause
from mentornet.matching.meeting_queries import fixed_in, newest_run
from mentornet.matching.models import (
    MatchingMeeting,
    MeetingPerson,
    MeetingRun,
    MeetingSnapshot,
    MeetingTie,
)
from mentornet.matching.policy import are_same_weights, policy_of
from mentornet.matching.snapshots import facts_of, fingerprint, lists_of, mark_of_facts, packed, people_mark
from mentornet.matching.solving import solved
from mentornet.matching.whole import (
    Asked,
    Contradiction,
    Settings,
    Whole,
    asked_of,
    contradictions_in,
    highest_floor,
    whole_of,
)
from mentornet.programmes.models import ProgrammeVersion
from mentornet.programmes.queries import current_version
from pairing.certificate import PairingResult
from pairing.terms import UNITS
from reference.people import Mentee, Mentor

PARTS: Final = 500
"""People written at one time."""


@dataclass(frozen=True, slots=True)
class Computed:
    """A question and its answer, not yet kept."""

    whole: Whole
    asked: Asked
    result: PairingResult


def lock_meeting(meeting: MatchingMeeting) -> MatchingMeeting:
    """Return a meeting as it is now, held until the transaction ends: acts in one meeting follow each other."""
    held = MatchingMeeting.objects.select_for_update(of=("self",)).select_related("programme", "version")
    return held.prefetch_related("sits").get(pk=meeting.pk)


def touch(by: Staff, meeting: MatchingMeeting, act: MeetingAct) -> None:
    """Let the others who sit in a locked meeting see that something has been done, and what, and by whom."""
    MatchingMeeting.objects.filter(pk=meeting.pk).update(
        revision=F("revision") + 1, act=act, acted_by=by.key, actor_name=by.name
    )
    meeting.revision += 1


def division_of(meeting: MatchingMeeting) -> UUID | None:
    """Return to which division the audit counts an act: to none where there are several."""
    sits = divisions_of_meeting(meeting)
    return sits[0] if len(sits) == 1 else None


def divisions_of_meeting(meeting: MatchingMeeting) -> list[UUID]:
    """Return whose waiting lists and banks a meeting is about."""
    return [one.division_id for one in meeting.sits.all()]


def settings_of(meeting: MatchingMeeting) -> Settings:
    """Return by which a meeting judges: the programme's version, with its own weights and floor."""
    policy = policy_of(meeting.version, weights=meeting.weights, own_weights=meeting.own_weights)
    return Settings(policy.with_floor(meeting.floor_units), meeting.borrows)


def settings_by(meeting: MatchingMeeting, version: ProgrammeVersion) -> Settings:
    """Return by which a meeting would judge under another version of its programme."""
    found = following(meeting, version)
    policy = policy_of(version, weights=found["weights"], own_weights=found["own_weights"])
    return Settings(policy.with_floor(int(found["floor"] * UNITS)), meeting.borrows)


def following(meeting: MatchingMeeting, version: ProgrammeVersion) -> dict[str, Any]:
    """Return a meeting's weights and floor under another version: the version's, but for what it has set itself."""
    asked = {custom.key for custom in version.own if not custom.is_rule}
    return {
        "weights": version.weights if are_same_weights(meeting.weights, meeting.version.weights) else meeting.weights,
        "own_weights": {key: weight for key, weight in meeting.own_weights.items() if key in asked},
        "floor": version.floor if meeting.floor == meeting.version.floor else meeting.floor,
    }


def whole_now(meeting: MatchingMeeting, by: Actor) -> Whole:
    """Return everybody whom a meeting is about, as they are at this moment."""
    return whole_of(version=meeting.version, divisions=divisions_of_meeting(meeting), today=by.today)


def is_outdated(whole: Whole, run: MeetingRun) -> bool:
    """Tell whether what is known of people is another than when a run was computed."""
    return people_mark(whole.problem, whole.kept) != run.snapshot.mark


def compute(meeting: MatchingMeeting, by: Actor) -> Computed:
    """Look for the best set as everything stands."""
    whole = whole_now(meeting, by)
    asked = asked_of(whole, settings_of(meeting), fixed_in(meeting))
    return Computed(whole, asked, solved(asked.problem))


def run_again(
    by: Staff,
    meeting: MatchingMeeting,
    cause: RunCause,
    tie: MeetingTie | None = None,
    *,
    act: MeetingAct | None = None,
) -> MeetingRun:
    """Compute the best set of a locked meeting anew, and keep it; the programme's version in force counts from now.

    The others are told of the ``act``: by default what the run was caused by.

    Whoever else does something in this meeting waits meanwhile: so what has changed from one run to the next is what
    one act has changed.
    """
    version, beside = current_version(meeting.programme_id), dict[str, bool]()
    if version.pk != meeting.version_id:
        beside = {"others": _are_others(by, meeting, version)}
        _follow(meeting, version)
    run = keep(by, meeting, compute(meeting, by), cause, author=by.name, tie=tie, beside=beside)
    touch(by, meeting, act or (MeetingAct.DATA if cause == RunCause.PROGRAMME else MeetingAct(cause)))
    return run


def is_changed_programme(meeting: MatchingMeeting) -> bool:
    """Tell whether another version of the programme is in force than the one by which a meeting judges."""
    return current_version(meeting.programme_id).pk != meeting.version_id


def _are_others(by: Actor, meeting: MatchingMeeting, version: ProgrammeVersion) -> bool:
    """Tell whether people are others too, by the version that counted until now; asked before another one counts.

    Where a question is asked no more its answers are forgotten, and it cannot be told any more.
    """
    last = newest_run(meeting)
    asked = {custom.key for custom in version.own}
    if last is None or any(custom.key not in asked for custom in meeting.version.own):
        return False
    return is_outdated(whole_now(meeting, by), last)


def _follow(meeting: MatchingMeeting, version: ProgrammeVersion) -> None:
    """Let a version count in a locked meeting; who has the settings before her is told that they are others now."""
    values = following(meeting, version) | {"version": version, "settings_number": meeting.settings_number + 1}
    MatchingMeeting.objects.filter(pk=meeting.pk).update(**values)
    for name, value in values.items():
        setattr(meeting, name, value)


def keep(
    by: Actor,
    meeting: MatchingMeeting,
    computed: Computed,
    cause: RunCause,
    *,
    author: str,
    tie: MeetingTie | None = None,
    checked_at: datetime | None = None,
    beside: Mapping[str, Any] | None = None,
) -> MeetingRun:
    """Keep an answer with all that it follows from; ``beside`` its settings, what else is to be told of it."""
    asked, result = computed.asked, computed.result
    snapshot = _snapshot(by, meeting, computed.whole)
    triples = [
        [int(row), int(column), int(score)] for (row, column), score in zip(result.pairs, result.scores, strict=True)
    ]
    last = newest_run(meeting)
    run = MeetingRun(
        meeting=meeting,
        number=1 if last is None else last.number + 1,
        snapshot=snapshot,
        cause=cause,
        tie=tie,
        asked_by=by.key,
        author_name=author,
        settings=settings_of(meeting).kept()
        | {"version": meeting.version.number, **(beside or {})}
        | _reachable(asked, len(triples)),
        locks=[list(pair) for pair in asked.locks],
        forbidden=[list(pair) for pair in asked.forbidden],
        out=list(asked.out),
        pairs=triples,
        pair_count=len(triples),
        total=sum(score for _row, _column, score in triples),
        fingerprint=fingerprint(asked.problem),
        certificate=packed(result.certificate),
        checked_at=checked_at,
        created_at=by.at,
    )
    run.save(force_insert=True)
    return run


def _reachable(asked: Asked, pairs: int) -> dict[str, int]:
    """Return the highest floor at which anybody would have a mentor, where nobody but the locked has one."""
    return {} if pairs > len(asked.locks) else {"reachable": highest_floor(asked.problem)}


def _snapshot(by: Actor, meeting: MatchingMeeting, whole: Whole) -> MeetingSnapshot:
    """Return the list of who is there: the last one, where nothing has changed, or a new one."""
    mark = people_mark(whole.problem, whole.kept)
    last = MeetingSnapshot.objects.filter(meeting=meeting).order_by("-number").first()
    if last is not None and last.mark == mark and last.day == by.today:
        return last
    people = whole.bank.people
    mentees = [people.mentees[whole.bank.rows[key]] for key in whole.problem.mentee_ids]
    numbers = _numbers(by, meeting, [*mentees, *whole.mentors])
    apart, unbriefed = lists_of(whole)
    snapshot = MeetingSnapshot(
        meeting=meeting,
        number=1 if last is None else last.number + 1,
        day=by.today,
        mark=mark,
        mentees=[numbers[key] for key in whole.problem.mentee_ids],
        mentors=[numbers[key] for key in whole.problem.mentor_ids],
        apart=apart,
        unbriefed=unbriefed,
        kept=[list(pair) for pair in whole.kept],
        created_at=by.at,
    )
    snapshot.save(force_insert=True)
    return snapshot


def _numbers(by: Actor, meeting: MatchingMeeting, known: Sequence[Mentee | Mentor]) -> dict[str, int]:
    """Return everybody's number in a meeting, writing down whoever is not as she was: three queries and the writing."""
    rows = MeetingPerson.objects.filter(meeting=meeting)
    there = {(str(key), mark): number for key, mark, number in rows.values_list("enrolment_id", "mark", "number")}
    following = (rows.aggregate(most=Max("number"))["most"] or 0) + 1
    numbers: dict[str, int] = {}
    new: list[MeetingPerson] = []
    for one in known:
        facts: dict[str, Any] = facts_of(one)
        mark = mark_of_facts(facts)
        key = enrolment_of(one.id)
        number = there.get((str(key), mark))
        if number is None:
            number = following + len(new)
            new.append(
                MeetingPerson(
                    meeting=meeting,
                    enrolment_id=key,
                    number=number,
                    mark=mark,
                    facts=facts,
                    created_at=by.at,
                )
            )
        # Two places that are kept of one mentor are known by the same.
        numbers[one.id] = there[(str(key), mark)] = number
    MeetingPerson.objects.bulk_create(new, batch_size=PARTS)
    return numbers


def contradictions(*, by: Actor, meeting: MatchingMeeting) -> tuple[Contradiction, ...]:
    """Return the locks of a meeting that cannot stand as people are now; each is left out of the set."""
    return contradictions_in(whole_now(meeting, by), settings_of(meeting), fixed_in(meeting))
