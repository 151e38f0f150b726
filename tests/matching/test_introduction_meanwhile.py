"""One of the two takes back that she may be introduced, while a proposal is open: whoever writes it down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from matching.herself import herself
from matching.mistakes import soon, take_back
from matching.pairs import Pair, asked_of_coordinators, both_say_yes, jobs_run, letters_arrive, make_pair, propose

from factories.django_rows import AT, make_programme
from mentornet.agenda.models import Kind, Task
from mentornet.agenda.services import snooze
from mentornet.common.actors import System
from mentornet.common.answers import RefusedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.intake.enums import ConsentPurpose
from mentornet.intake.models import Consent
from mentornet.intake.services.consents import note_consents, take_consent_back
from mentornet.matching import services
from mentornet.matching.enums import ProposalState, Side
from mentornet.matching.models import Proposal
from mentornet.messaging.models import Letter, LetterState
from mentornet.people.participants import Participant
from mentornet.people.services import keep_apart, let_meet

pytestmark = pytest.mark.django_db

S = ProposalState
SEEN_TO = frozenset({Kind.APART_PROPOSED, Kind.NO_CONSENT})


@pytest.fixture(autouse=True)
def that_morning() -> Iterator[None]:
    with time_machine.travel(AT):
        yield


@pytest.fixture
def pair(coordinator: Staff, division: Division) -> Pair:
    made = make_pair(division, make_programme(meets_first=True))
    agree(coordinator, made)
    return made


def agree(by: Staff, pair: Pair) -> None:
    note_consents(
        by=by,
        person=pair[0].person,
        division_id=pair[0].division_id,
        purposes=[ConsentPurpose.INTRODUCTION],
        language="en",
    )


def back(by: Staff | Participant, pair: Pair) -> None:
    standing = Consent.objects.get(person=pair[0].person, withdrawn_at__isnull=True)
    take_consent_back(by=by, consent=standing)
    jobs_run()


def asked() -> list[tuple[str, object]]:
    return asked_of_coordinators(SEEN_TO)


def waiting() -> int:
    return Letter.objects.filter(state=LetterState.QUEUED).count()


@pytest.mark.parametrize("she_does", [True, False])
def test_letters_stay_here_and_the_coordinator_is_asked_whoever_acts(
    she_does: bool, coordinator: Staff, pair: Pair
) -> None:
    proposal = propose(coordinator, pair)
    assert waiting() == 2
    back(herself(proposal, Side.MENTEE) if she_does else coordinator, pair)
    assert waiting() == 0
    assert asked() == [(Kind.NO_CONSENT, proposal.pk)]
    task = Task.objects.get(kind=Kind.NO_CONSENT)
    assert (task.division_id, task.owner_id) == (proposal.division_id, coordinator.user_id)
    services.withdraw_proposal(by=coordinator, proposal=proposal, note="She wants to be introduced to nobody.")
    assert asked() == []


def test_agreed_again_it_is_told_again(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    back(coordinator, pair)
    task = Task.objects.get(kind=Kind.NO_CONSENT)
    snooze(by=coordinator, task=task, until=task.due_on + timedelta(days=9), reason="Later.")
    services.see_to_introductions(by=System("tests", AT), person_id=pair[0].person_id)
    task.refresh_from_db()
    assert task.snoozed_until is None
    agree(coordinator, pair)
    jobs_run()
    assert (asked(), waiting()) == ([], 2)
    assert proposal.is_open


def test_two_who_may_meet_again_are_not_written_to_before_both_are_introduced(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    noted = keep_apart(by=coordinator, person=pair[0].person, other=pair[1].person)
    jobs_run()
    back(coordinator, pair)
    assert asked() == [(Kind.APART_PROPOSED, proposal.pk), (Kind.NO_CONSENT, proposal.pk)]
    let_meet(by=coordinator, avoidance=noted)
    jobs_run()
    assert (asked(), waiting()) == ([(Kind.NO_CONSENT, proposal.pk)], 0)
    # The control: the consent alone stood in the way.
    agree(coordinator, pair)
    jobs_run()
    assert (asked(), waiting()) == ([], 2)


def test_nobody_is_asked_whether_they_met(coordinator: Staff, pair: Pair) -> None:
    proposal = both_say_yes(coordinator, propose(coordinator, pair))
    services.plan_meeting(by=coordinator, proposal=proposal, on=coordinator.today, place="The library")
    letters_arrive()
    back(coordinator, pair)
    tomorrow = System("tests", soon(coordinator, days=1).at)
    assert services.ask_after_meetings(by=tomorrow) == 0
    agree(coordinator, pair)
    assert services.ask_after_meetings(by=tomorrow) == 1


def test_withdrawal_is_not_taken_back(coordinator: Staff, pair: Pair) -> None:
    proposal = propose(coordinator, pair)
    services.withdraw_proposal(by=coordinator, proposal=proposal, note="She has moved.")
    back(coordinator, pair)
    with pytest.raises(RefusedError, match="introduction"):
        services.take_back_withdrawal(by=coordinator, proposal=proposal, knows_letters_left=True)
    assert Proposal.objects.get().state == S.WITHDRAWN
    assert waiting() == 0
    agree(coordinator, pair)
    services.take_back_withdrawal(by=coordinator, proposal=proposal, knows_letters_left=True)
    assert Proposal.objects.get().state == S.SENT


def test_opening_taken_back_asks_for_the_proposal(coordinator: Staff, division: Division) -> None:
    pair = make_pair(division, make_programme())
    agree(coordinator, pair)
    proposal = both_say_yes(coordinator, propose(coordinator, pair))
    back(coordinator, pair)
    # Partners know each other: that goes on.
    assert asked() == []
    take_back(soon(coordinator), proposal, Side.MENTOR)
    assert asked() == [(Kind.NO_CONSENT, proposal.pk)]
