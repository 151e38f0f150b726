"""Every act that writes letters, done by several at one moment and twice by one: nobody gets the same letter twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import time, timedelta
from typing import Any, Final, NamedTuple
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from matching.pairs import answer, both_say_yes, bring_to, later, letters_arrive, make_pair, propose

from factories.django_rows import make_application, make_enrolment, make_programme, make_staff, user_of
from mentornet.common.actors import System
from mentornet.common.answers import ChangedMeanwhileError, RefusedError
from mentornet.common.models import mark_of
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import Application, Enrolment
from mentornet.intake.services import applications, confirmations, enrolments, interviews, slots
from mentornet.matching import services
from mentornet.matching.enums import ProposalState, Reply, Side
from mentornet.matching.models import Proposal
from mentornet.messaging.letters import TEMPLATES
from mentornet.messaging.models import Letter, LetterState
from mentornet.programmes.models import Programme
from racing import DONE, at_once

pytestmark = pytest.mark.django_db(transaction=True)

MANY: Final = 4
S: Final = ProposalState


class Case(NamedTuple):
    """An act, and what it writes when it is done once.

    Attributes:
        set_up: makes what the act is about, and returns the act of one who has it open before her.
        letters: how many of each event.
    """

    set_up: Callable[[Staff, Division], Callable[[Staff], object]]
    letters: dict[str, int]


def _receive(_by: Staff, division: Division) -> Callable[[Staff], object]:
    programme, key = make_programme(), uuid4()
    facts = {"first_name": "Amina", "last_name": "Noor", "email": "amina@example.org"}
    return lambda by: applications.receive_application(
        by=by, programme=programme, division=division, role="mentee", person_facts=facts, key=key
    )


def _book(_by: Staff, division: Division) -> Callable[[Staff], object]:
    made = make_application("mentee", division)

    def act(by: Staff) -> object:
        found = Application.objects.select_related("person", "division").get(pk=made.pk)
        # Each wants another hour.
        at = by.at + timedelta(days=1, minutes=int(by.name.rpartition(" ")[2]))
        return interviews.book_interview(
            by=by, application=found, at=at, place="The library", interviewer=user_of(by), seen=""
        )

    return act


def _found(application: Application) -> Application:
    return Application.objects.select_related("person", "division", "programme").get(pk=application.pk)


def _choose_times(by: Staff, division: Division) -> Callable[[Staff], object]:
    made = make_application("mentee", division)
    slots.add_slots(
        by=by, division=division, interviewer=user_of(by), starts=[by.at + timedelta(days=3)], place="The library"
    )
    return lambda by: slots.offer_times(by=by, application=_found(made), author_name=by.name)


def _move_interview(by: Staff, division: Division) -> Callable[[Staff], object]:
    made = make_application("mentee", division)
    booked = interviews.book_interview(
        by=by, application=_found(made), at=by.at + timedelta(days=2), place="The office", interviewer=user_of(by)
    )
    letters_arrive()

    def act(by: Staff) -> object:
        at = by.at + timedelta(days=3, minutes=int(by.name.rpartition(" ")[2]))
        return interviews.book_interview(
            by=by, application=_found(made), at=at, place="The library", interviewer=user_of(by), seen=booked.mark
        )

    return act


def _remind(by: Staff, division: Division) -> Callable[[Staff], object]:
    made = make_application("mentee", division)
    interviews.book_interview(
        by=by, application=_found(made), at=by.at + timedelta(days=2), place="The office", interviewer=user_of(by)
    )
    letters_arrive()
    tomorrow = System("tests", by.at + timedelta(days=1))
    return lambda _by: interviews.remind_of_interviews(by=tomorrow)


def _confirm(by: Staff, division: Division) -> Callable[[Staff], object]:
    made = make_application("mentee", division, state=ApplicationState.INTERVIEWED)
    return lambda by: confirmations.ask_to_confirm(by=by, application=_found(made), author_name=by.name)


def _decide(outcome: str) -> Callable[[Staff, Division], Callable[[Staff], object]]:
    def set_up(by: Staff, division: Division) -> Callable[[Staff], object]:
        made = make_application("mentee", division)
        interviews.record_interview(
            by=by, application=made, interviewer=user_of(by), shareable="Nurse.", coordinator_only="",
            profile_facts={"sector": "health"},
        )  # fmt: skip
        pk = made.pk

        def act(by: Staff) -> object:
            found = Application.objects.select_related("person", "division", "programme").get(pk=pk)
            return applications.decide(
                by=by, application=found, outcome=ApplicationState(outcome), reason="So.", author_name=by.name
            )

        return act

    return set_up


def _word(_by: Staff, division: Division) -> Callable[[Staff], object]:
    mentee = make_enrolment("mentee", division)
    return lambda by: enrolments.give_word(
        by=by, enrolment=Enrolment.objects.select_related("person").get(pk=mentee.pk)
    )


def _fresh(proposal: Proposal) -> Proposal:
    return Proposal.objects.select_related("mentee__person", "mentor__person", "division", "version").get(
        pk=proposal.pk
    )


def _on_proposal(
    state: ProposalState, act: Callable[[Staff, Proposal], object], *, half_answered: bool = False
) -> Callable[[Staff, Division], Callable[[Staff], object]]:
    def set_up(by: Staff, division: Division) -> Callable[[Staff], object]:
        programme = make_programme(meets_first=state == S.TO_MEET)
        proposal = bring_to(state, by, make_pair(division, programme))
        if half_answered:
            answer(by, proposal, Side.MENTEE)
        letters_arrive()
        return lambda by: act(by, _fresh(proposal))

    return set_up


def _propose(_by: Staff, division: Division) -> Callable[[Staff], object]:
    pair = make_pair(division, make_programme())
    return lambda by: propose(by, (Enrolment.objects.get(pk=pair[0].pk), Enrolment.objects.get(pk=pair[1].pk)))


def _plan(by: Staff, proposal: Proposal) -> object:
    # Each wants another day.
    day = by.today + timedelta(days=1 + int(by.name.rpartition(" ")[2]))
    return services.plan_meeting(by=by, proposal=proposal, on=day, place="The library", seen="")


def _plan_carelessly(by: Staff, proposal: Proposal) -> object:
    day = by.today + timedelta(days=1 + int(by.name.rpartition(" ")[2]))
    return services.plan_meeting(by=by, proposal=proposal, on=day, place="The library")


def _planned(act: Callable[[Staff, Proposal], object]) -> Callable[[Staff, Division], Callable[[Staff], object]]:
    """Set up an act upon a proposal with a first meeting of which both have read."""

    def set_up(by: Staff, division: Division) -> Callable[[Staff], object]:
        proposal = bring_to(S.TO_MEET, by, make_pair(division, make_programme(meets_first=True)))
        day = by.today + timedelta(days=9)
        services.plan_meeting(by=by, proposal=proposal, on=day, place="The church")
        letters_arrive()
        return lambda by: act(by, _fresh(proposal))

    return set_up


def _move(by: Staff, proposal: Proposal) -> object:
    # All want the same other day, and have the first one before them.
    seen = mark_of(str(by.today + timedelta(days=9)), "The church")
    day = by.today + timedelta(days=12)
    return services.plan_meeting(by=by, proposal=proposal, on=day, place="The library", seen=seen)


def _plan_hour(by: Staff, proposal: Proposal) -> object:
    day = by.today + timedelta(days=1 + int(by.name.rpartition(" ")[2]))
    return services.plan_meeting(by=by, proposal=proposal, on=day, place="The library", starts=time(17, 30), seen="")


def _move_hour(by: Staff, proposal: Proposal) -> object:
    # All want the same day at another hour, and have the first one before them.
    day = by.today + timedelta(days=9)
    seen = mark_of(str(day), "The church")
    return services.plan_meeting(by=by, proposal=proposal, on=day, place="The church", starts=time(18), seen=seen)


def _second_yes_with_times(by: Staff, division: Division) -> Callable[[Staff], object]:
    pair = make_pair(division, make_programme(meets_first=True), availability=("mon-evening",))
    proposal = answer(by, propose(by, pair), Side.MENTEE)
    letters_arrive()
    return lambda by: answer(by, _fresh(proposal), Side.MENTOR)


def _expire(_by: Staff, proposal: Proposal) -> object:
    return services.expire_proposals(by=System("tests", later(_by, 40).at)) and proposal


CASES: Final[dict[str, Case]] = {
    "receive": Case(_receive, {"application_received": 1}),
    "book": Case(_book, {"interview_invitation": 1}),
    "send the times": Case(_choose_times, {"interview_choose": 1}),
    "move the interview": Case(_move_interview, {"interview_moved": 1}),
    "remind of the interview": Case(_remind, {"interview_reminder": 1}),
    "ask to confirm": Case(_confirm, {"profile_confirm": 1}),
    "approve": Case(_decide("approved"), {"application_approved": 1}),
    "decline": Case(_decide("declined"), {"application_declined": 1}),
    "word": Case(_word, {"word_from_waiting_list": 1}),
    "propose": Case(_propose, {"proposal_to_mentee": 1, "proposal_to_mentor": 1}),
    "send a draft": Case(
        _on_proposal(S.DRAFT, lambda by, one: services.send_draft(by=by, proposal=one)),
        {"proposal_to_mentee": 1, "proposal_to_mentor": 1},
    ),
    "the second yes": Case(
        _on_proposal(S.SENT, lambda by, one: answer(by, one, Side.MENTOR), half_answered=True),
        {"partnership_begun": 2},
    ),
    "a no": Case(_on_proposal(S.SENT, lambda by, one: answer(by, one, Side.MENTOR, Reply.NO)), {"proposal_ended": 2}),
    "withdraw": Case(
        _on_proposal(S.SENT, lambda by, one: services.withdraw_proposal(by=by, proposal=one, note="She has moved.")),
        {"proposal_ended": 2},
    ),
    "expire": Case(_on_proposal(S.SENT, _expire), {"proposal_ended": 2}),
    "plan the first meeting": Case(_on_proposal(S.TO_MEET, _plan), {"meet_first": 2}),
    "move the first meeting": Case(_planned(_move), {"meeting_moved": 2}),
    "plan the first meeting and its hour": Case(_on_proposal(S.TO_MEET, _plan_hour), {"meet_first_at": 2}),
    "set another hour": Case(_planned(_move_hour), {"meeting_moved_at": 2}),
    "the second yes, with times": Case(_second_yes_with_times, {"meeting_choose": 2}),
    "they have met": Case(
        _on_proposal(S.TO_MEET, lambda by, one: services.record_met(by=by, proposal=one, on=by.today)),
        {"after_meeting": 2},
    ),
    "withdraw before the meeting": Case(
        _planned(lambda by, one: services.withdraw_proposal(by=by, proposal=one, note="She has moved.")),
        {"meeting_off": 2},
    ),
}
# Written by acts that have their own tests of being done twice.
ELSEWHERE: Final = {
    "waiting_update": "tests/intake/test_promises.py",
    "waiting_update_late": "tests/intake/test_promises.py",
    "sent_by_mistake": "tests/matching/test_taking_back.py",
    "agreement_ready": "tests/partnerships/test_agreements.py",
    "impact_asked": "tests/followup/test_letters_at_once.py",
    "impact_sent": "tests/followup/test_letters_to_mentors.py",
    "tenure_thanks": "tests/followup/test_thanks_for_years.py",
    "pair_paused": "tests/partnerships/test_meetings_told.py",
    "new_coordinator": "tests/followup/test_handovers.py",
    "have_you_met": "tests/matching/test_answers_by_herself_meeting.py",
    "application_pre_registered": "tests/intake/test_drafts.py",
    "application_started": "tests/intake/test_drafts.py",
    "application_taken_in": "tests/intake/test_drafts_windows.py",
    "by_hand": "tests/desk/test_letters_by_hand.py",
    "contact_person_welcome": "tests/intake/test_drafts_windows.py",
    "interview_choose": "tests/intake/test_slots.py",
    "interview_moved": "tests/intake/test_slots.py",
    "interview_reminder": "tests/intake/test_slot_races.py",
    "one_time_code": "tests/portal/test_personal_links.py",
    "sign_in_code": "tests/portal/test_signing_in.py",
    "reached_elsewhere": "tests/people/test_reached_before.py",
    "request_answered": "tests/privacy/test_requests.py",
    "request_extended": "tests/privacy/test_requests.py",
    "request_received": "tests/privacy/test_requests.py",
    "questions_asked": "tests/surveys/test_asking.py",
    "questions_waiting": "tests/surveys/test_asking.py",
    "search_asked": "tests/sourcing/test_searches.py",
    "search_waiting": "tests/sourcing/test_searches.py",
    "expert_asked": "tests/sourcing/test_searches.py",
    "expert_invited": "tests/sourcing/test_experts.py",
    "rest_of_data_ends": "tests/privacy/test_restriction.py",
    "return_asked": "tests/intake/test_rest_by_participant.py",
    "thanks": "tests/partnerships/test_endings.py",
    "how_are_you": "tests/followup/test_afterwards.py",
    "training_waits": "tests/learning/test_noting_training.py",
}


@pytest.fixture
def staff(division: Division) -> list[Staff]:
    return [make_staff(Role.COORDINATOR, division, name=f"Coordinator {number}") for number in range(MANY)]


def written() -> dict[str, int]:
    """Count the letters of the act, without those that had arrived before it."""
    return dict(Counter(Letter.objects.exclude(state=LetterState.SENT).values_list("event", flat=True)))


@pytest.mark.parametrize("name", CASES)
def test_several_at_once_write_the_letters_of_one(name: str, staff: list[Staff], division: Division) -> None:
    case = CASES[name]
    act = case.set_up(staff[0], division)
    said = at_once(*(lambda by=by: act(by) for by in staff))
    assert written() == case.letters
    assert said[DONE] >= 1


@pytest.mark.parametrize("name", CASES)
def test_pressed_twice_writes_the_letters_of_one(name: str, staff: list[Staff], division: Division) -> None:
    case = CASES[name]
    act = case.set_up(staff[0], division)
    for _ in range(2):
        try:
            act(staff[0])
        except (RefusedError, ValidationError, IntegrityError):
            continue
    assert written() == case.letters


def test_without_looking_each_plan_is_written_to_both(staff: list[Staff], division: Division) -> None:
    # The control of planning: nobody says what she has seen.
    act = _on_proposal(S.TO_MEET, _plan_carelessly)(staff[0], division)
    assert at_once(*(lambda by=by: act(by) for by in staff)) == {DONE: MANY}
    assert written() == {"meet_first": 2 * MANY}


def test_every_letter_has_its_case() -> None:
    tested = {event for case in CASES.values() for event in case.letters} | set(ELSEWHERE)
    assert sorted(set(TEMPLATES) - tested) == []
    assert sorted(tested - set(TEMPLATES)) == []


def test_who_plans_second_hears_of_it_and_may_move_it(
    staff: list[Staff], division: Division, programme: Programme
) -> None:
    del programme
    pair = make_pair(division, make_programme(meets_first=True))
    by, other = staff[:2]
    proposal = both_say_yes(by, propose(by, pair))
    day = by.today + timedelta(days=2)
    planned = services.plan_meeting(by=by, proposal=proposal, on=day, place="The library", seen="")
    with pytest.raises(ChangedMeanwhileError, match="planned their meeting meanwhile"):
        services.plan_meeting(by=other, proposal=proposal, on=day, place="The church", seen="")
    moved: Any = services.plan_meeting(
        by=other, proposal=proposal, on=day, place="The church", seen=planned.meeting_mark
    )
    assert moved.meeting_place == "The church"
    assert Letter.objects.filter(event="meet_first").count() == 4
