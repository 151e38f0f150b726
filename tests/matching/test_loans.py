"""From a question to another division to a pair, and what each end leaves behind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django_tasks_db.models import DBTaskResult
from matching.loans import REASON, Two, ask, make_mentors, make_two
from matching.pairs import both_say_yes, later, letters_arrive

from factories.django_rows import AT, TODAY, give_role, make_division, make_enrolment, make_staff, saved, user_of
from mentornet.agenda.models import Kind, Task
from mentornet.audit.models import Entry
from mentornet.common.actors import System
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError, RefusedError
from mentornet.common.jobs import run_ready_job
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching import bank as banks
from mentornet.matching import services
from mentornet.matching.enums import LOAN_STEPS, LoanState, ProposalState
from mentornet.matching.loan_queries import choosable_mentors, loans_for, people_of, visible_loans
from mentornet.matching.models import Loan, Proposal
from mentornet.matching.services import (
    NoPlaceToLendError,
    ask_for_loan,
    decline_loan,
    follow_loans,
    look_beyond,
    release_loan,
    see_to_loans,
    take_loan_back,
)
from mentornet.matching.services.lending import lock, step
from mentornet.partnerships.models import Partnership
from mentornet.people.models import Avoidance, Person

pytestmark = pytest.mark.django_db

LATER = System("tests", AT)


@pytest.fixture
def two(division: Division, other_division: Division) -> Two:
    return make_two(division, other_division)


def on(days: int) -> System:
    return System("tests", AT + timedelta(days=days))


def mentor_of(loan: Loan) -> Enrolment:
    return Enrolment.objects.select_related("person", "division").get(pk=loan.mentor_id)


def propose(by: Staff, loan: Loan, **given: Any) -> Proposal:
    mentee = Enrolment.objects.get(pk=loan.mentee_id)
    values: dict[str, Any] = {"reason": "Both are nurses.", "seen_version": 1} | given
    return services.propose(by=by, mentee=mentee, mentor=mentor_of(loan), **values)


def state_of(loan: Loan) -> str:
    loan.refresh_from_db()
    return str(loan.state)


def tasks(division: Division) -> list[dict[str, Any]]:
    open_ones = Task.objects.filter(kind=Kind.LOAN_ASKED, division_id=division.pk, done_at__isnull=True)
    return list(open_ones.order_by("created_at").values_list("words", flat=True))


# The way ------------------------------------------------------------------------------------------------------------


def test_asked_released_proposed_paired_and_given_back(two: Two, division: Division, other_division: Division) -> None:
    loan = ask(two)
    assert (loan.state, loan.division, loan.lender) == (LoanState.ASKED, division, other_division)
    assert (loan.reason, loan.author_name) == (REASON, two.asks.name)
    (words,) = tasks(other_division)
    assert words == {"mentor": mentor_of(loan).person.name, "who": division.name}
    assert tasks(division) == []
    loan = release_loan(by=two.lends, loan=loan, answer="She is glad to.")
    assert state_of(loan) == LoanState.RELEASED
    assert loan.until_on == TODAY + timedelta(days=30)
    assert tasks(other_division) == []
    assert tasks(division) == [{"mentee": two.mentee.person.name, "why": "released"}]
    proposal = propose(two.asks, loan)
    assert proposal.state == ProposalState.SENT
    assert (state_of(loan), loan.proposal) == (LoanState.USED, proposal)
    assert tasks(division) == []
    proposal = both_say_yes(two.asks, proposal)
    assert proposal.state == ProposalState.ACCEPTED
    pair = proposal.partnership
    assert pair is not None
    assert follow_loans(by=on(1)) == 0
    Partnership.objects.filter(pk=pair.pk).update(state="closed", closed_on=TODAY, closing_reason="goals_met")
    Enrolment.objects.filter(pk__in=[loan.mentee_id, loan.mentor_id]).update(active=0)
    assert follow_loans(by=on(1)) == 1
    assert state_of(loan) == LoanState.RETURNED
    assert loan.ended_at is not None
    # The ending was a mistake, and is taken back.
    Partnership.objects.filter(pk=pair.pk).update(state="matched", closed_on=None, closing_reason="")
    assert follow_loans(by=on(2)) == 1
    assert state_of(loan) == LoanState.USED
    acts = list(Entry.objects.filter(object_type="matching.Loan").order_by("pk").values_list("act", flat=True))
    assert acts == [
        "matching.ask_loan", "matching.release_loan", "matching.use_loan", "matching.follow_loan",
        "matching.follow_loan",
    ]  # fmt: skip


def test_a_proposal_that_comes_to_nothing_leaves_her_released(two: Two) -> None:
    loan = release_loan(by=two.lends, loan=ask(two))
    proposal = propose(two.asks, loan)
    letters_arrive()
    services.withdraw_proposal(by=two.asks, proposal=proposal, note="Another day.")
    # At once, not when the program comes round.
    assert (state_of(loan), loan.proposal) == (LoanState.RELEASED, None)
    assert propose(two.asks, loan).state == ProposalState.SENT
    assert state_of(loan) == LoanState.USED


def test_a_proposal_that_comes_to_nothing_too_late_gives_her_back(two: Two) -> None:
    loan = release_loan(by=two.lends, loan=ask(two), until=TODAY + timedelta(days=2))
    propose(two.asks, loan)
    services.expire_proposals(by=on(40))
    assert state_of(loan) == LoanState.RETURNED


def test_a_draft_uses_nothing(two: Two) -> None:
    loan = release_loan(by=two.lends, loan=ask(two))
    draft = propose(two.asks, loan, send=False)
    assert state_of(loan) == LoanState.RELEASED
    services.send_draft(by=two.asks, proposal=draft)
    assert state_of(loan) == LoanState.USED


def test_it_is_not_released_for_a_reason(two: Two, division: Division) -> None:
    loan = ask(two)
    with pytest.raises(ValidationError):
        decline_loan(by=two.lends, loan=loan, answer=" ")
    name = mentor_of(loan).person.first_name
    with pytest.raises(ValidationError):
        decline_loan(by=two.lends, loan=loan, answer=f"{name.lower()} moves in May.")
    decline_loan(by=two.lends, loan=loan, answer="She moves in May.")
    assert (state_of(loan), loan.answer) == (LoanState.DECLINED, "She moves in May.")
    assert tasks(division) == [{"mentee": two.mentee.person.name, "why": "declined"}]
    with pytest.raises(NotAllowedError):
        propose(two.asks, loan)


@pytest.mark.parametrize("days", [14, 15])
def test_what_nobody_answers_lapses(two: Two, division: Division, other_division: Division, days: int) -> None:
    loan = ask(two)
    follow_loans(by=on(days))
    assert state_of(loan) == (LoanState.ASKED if days == 14 else LoanState.LAPSED)
    assert len(tasks(other_division)) == (1 if days == 14 else 0)
    assert len(tasks(division)) == (0 if days == 14 else 1)


@pytest.mark.parametrize("days", [30, 31])
def test_what_nobody_uses_lapses(two: Two, days: int) -> None:
    loan = release_loan(by=two.lends, loan=ask(two))
    follow_loans(by=on(days))
    assert state_of(loan) == (LoanState.RELEASED if days == 30 else LoanState.LAPSED)
    if days == 31:
        with pytest.raises(NotAllowedError):
            propose(later(two.asks, days), loan)


def test_on_the_day_after_the_last_nobody_proposes_her_whatever_the_program_has_done(two: Two) -> None:
    loan = release_loan(by=two.lends, loan=ask(two), until=TODAY + timedelta(days=1))
    with pytest.raises(NotAllowedError):
        propose(later(two.asks, 2), loan)
    assert propose(later(two.asks, 1), loan).state == ProposalState.SENT


@pytest.mark.parametrize("until", [TODAY - timedelta(days=1), TODAY + timedelta(days=91)])
def test_a_last_day_that_cannot_be(two: Two, until: Any) -> None:
    with pytest.raises(ValidationError):
        release_loan(by=two.lends, loan=ask(two), until=until)


# Taking back --------------------------------------------------------------------------------------------------------


def test_whoever_asks_takes_it_back(two: Two, other_division: Division) -> None:
    loan = ask(two)
    with pytest.raises(NotAllowedError):
        take_loan_back(by=two.lends, loan=loan)
    take_loan_back(by=two.asks, loan=loan)
    assert state_of(loan) == LoanState.TAKEN_BACK
    assert tasks(other_division) == []
    # And may ask again.
    assert ask(two).pk != loan.pk


def test_a_release_is_taken_back_by_either(two: Two, division: Division) -> None:
    for by in (two.asks, two.lends):
        loan = release_loan(by=two.lends, loan=ask(two))
        take_loan_back(by=by, loan=loan)
        assert state_of(loan) == LoanState.TAKEN_BACK
        with pytest.raises(NotAllowedError):
            propose(two.asks, loan)
    assert tasks(division) == [{"mentee": two.mentee.person.name, "why": "lapsed"}]


def test_what_is_used_is_not_taken_back(two: Two) -> None:
    loan = release_loan(by=two.lends, loan=ask(two))
    propose(two.asks, loan)
    for by in (two.asks, two.lends):
        with pytest.raises(NotAllowedError, match="moved on"):
            take_loan_back(by=by, loan=loan)


@pytest.mark.parametrize("state", LoanState.values)
@pytest.mark.parametrize("act", ["release", "decline", "back by asker", "back by lender"])
def test_every_state_with_every_act(two: Two, state: str, act: str) -> None:
    loan = ask(two)
    loan = release_loan(by=two.lends, loan=loan) if state not in {"asked", "declined", "lapsed"} else loan
    if state == LoanState.USED:
        propose(two.asks, loan)
    else:
        is_open = state in {"asked", "released"}
        Loan.objects.filter(pk=loan.pk).update(
            state=state, ended_at=None if is_open else AT, answered_at=None if state == "asked" else AT
        )
    loan.refresh_from_db()
    does = {
        "release": lambda: release_loan(by=two.lends, loan=loan),
        "decline": lambda: decline_loan(by=two.lends, loan=loan, answer="No."),
        "back by asker": lambda: take_loan_back(by=two.asks, loan=loan),
        "back by lender": lambda: take_loan_back(by=two.lends, loan=loan),
    }
    may = {
        "asked": {"release", "decline", "back by asker"},
        "released": {"back by asker", "back by lender"},
    }
    if act in may.get(state, set()):
        does[act]()
        assert state_of(loan) != state
    else:
        with pytest.raises(RefusedError):
            does[act]()
        assert state_of(loan) == state


# Who may ------------------------------------------------------------------------------------------------------------


def test_only_the_division_whose_mentor_it_is_answers(two: Two) -> None:
    loan = ask(two)
    elsewhere = make_staff(Role.COORDINATOR, make_division("Third"))
    for by in (two.asks, elsewhere):
        with pytest.raises(NotAllowedError):
            release_loan(by=by, loan=loan)
        with pytest.raises(NotAllowedError):
            decline_loan(by=by, loan=loan, answer="No.")
    assert not visible_loans(elsewhere).exists()


def test_who_she_is_is_seen_only_once_released(two: Two) -> None:
    loan = ask(two)
    assert set(people_of(two.asks, [loan])) == {loan.mentee_id}
    assert set(people_of(two.lends, [loan])) == {loan.mentor_id}
    assert not choosable_mentors(two.asks, two.mentee).filter(role="mentor").exists()
    loan = release_loan(by=two.lends, loan=loan)
    assert set(people_of(two.asks, [loan])) == {loan.mentee_id, loan.mentor_id}
    # Whoever lends is not told for whom.
    assert set(people_of(two.lends, [loan])) == {loan.mentor_id}
    assert [one.pk for one in choosable_mentors(two.asks, two.mentee).filter(role="mentor")] == [loan.mentor_id]
    other = make_enrolment("mentee", two.mentee.division, programme=two.programme)
    assert not choosable_mentors(two.asks, other).filter(role="mentor").exists()
    take_loan_back(by=two.lends, loan=loan)
    loan.refresh_from_db()
    assert set(people_of(two.asks, [loan])) == {loan.mentee_id}


def test_she_is_released_for_one_mentee_alone(two: Two) -> None:
    loan = release_loan(by=two.lends, loan=ask(two))
    other = make_enrolment("mentee", two.mentee.division, programme=two.programme, occupation="2221", topics=("cv",),
                           languages={"da": "B1", "ar": "C2"})  # fmt: skip
    with pytest.raises(NotAllowedError):
        services.propose(by=two.asks, mentee=other, mentor=mentor_of(loan), reason="Both.", seen_version=1)


def test_protected_meanwhile_she_is_seen_by_her_own_division_alone(two: Two) -> None:
    loan = release_loan(by=two.lends, loan=ask(two))
    Person.objects.filter(pk=mentor_of(loan).person_id).update(
        is_protected=True, last_name="", email="", phone="", safe_contact="", postcode=""
    )
    assert set(people_of(two.asks, [loan])) == {loan.mentee_id}
    assert not choosable_mentors(two.asks, two.mentee).filter(role="mentor").exists()
    see_to_loans(by=LATER, person_id=mentor_of(loan).person_id)
    assert state_of(loan) == LoanState.LAPSED


@pytest.mark.parametrize("hidden", ["mentee", "mentor"])
@pytest.mark.parametrize("side", ["asks", "lends"])
def test_with_somebody_hidden_there_is_no_loan(two: Two, hidden: str, side: str) -> None:
    loan = ask(two)
    person = Enrolment.objects.get(pk=getattr(loan, f"{hidden}_id")).person_id
    by: Staff = getattr(two, side)
    blind = Staff(user_id=by.user_id, name=by.name, at=by.at, casework=by.casework, hidden=frozenset({person}))
    assert visible_loans(by).count() == 1
    assert visible_loans(blind).count() == 0


# What is asked ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["", "  ", "x" * 1_001])
def test_no_reason_no_question(two: Two, reason: str) -> None:
    line = (look_beyond(by=two.asks, mentee=two.mentee) or [])[0]
    with pytest.raises(ValidationError):
        ask_for_loan(by=two.asks, mentee=two.mentee, handle=line.handle, reason=reason)


def test_her_name_is_kept_out_of_it(two: Two) -> None:
    line = (look_beyond(by=two.asks, mentee=two.mentee) or [])[0]
    name = two.mentee.person.first_name
    with pytest.raises(ValidationError, match="Leave her name out"):
        ask_for_loan(by=two.asks, mentee=two.mentee, handle=line.handle, reason=f"{name.upper()} needs somebody.")


@pytest.mark.parametrize("handle", ["", "0" * 24, "nobody"])
def test_a_line_that_is_not_there(two: Two, handle: str) -> None:
    with pytest.raises(ChangedMeanwhileError):
        ask_for_loan(by=two.asks, mentee=two.mentee, handle=handle, reason=REASON)


def test_not_for_more_than_three_at_a_time(two: Two) -> None:
    make_mentors(two.mentors[0].division, two.programme, 3)
    loans = [ask(two) for _ in range(3)]
    assert len({loan.mentor_id for loan in loans}) == 3
    with pytest.raises(RefusedError, match="3 mentors are asked for"):
        ask(two)
    take_loan_back(by=two.asks, loan=loans[0])
    assert ask(two).state == LoanState.ASKED


def test_the_letter_says_only_that_something_has_come(two: Two) -> None:
    owner = user_of(two.lends)
    Enrolment.objects.filter(pk__in=[one.pk for one in two.mentors]).update(coordinator=owner)
    owner.email = "inger@example.org"
    owner.save(update_fields=["email"])
    loan = ask(two)
    asked = DBTaskResult.objects.get(task_path__contains="write_that_something_has_come")
    assert asked.args_kwargs == {"args": [], "kwargs": {"user_id": str(owner.pk)}}
    assert Task.objects.get(kind=Kind.LOAN_ASKED).owner_id == owner.pk
    run_ready_job("tests", AT)
    (letter,) = mail.outbox
    assert letter.to == ["inger@example.org"]
    for word in (mentor_of(loan).person.first_name, two.mentee.person.first_name, "mentor", "loan", REASON):
        assert word not in f"{letter.subject} {letter.body}".replace("mentornet", "")


# Races and places -----------------------------------------------------------------------------------------------------


def third(two: Two) -> tuple[Staff, Enrolment]:
    """Return somebody of a third division, and a mentee of hers who is like the first."""
    division = make_division("Third")
    mentee = make_enrolment("mentee", division, programme=two.programme, occupation="2221", topics=("cv",),
                            languages={"da": "B1", "ar": "C2"})  # fmt: skip
    return make_staff(Role.COORDINATOR, division), mentee


def test_of_two_divisions_that_ask_for_her_one_gets_her(two: Two) -> None:
    first = ask(two)
    by, mentee = third(two)
    second = ask(two, by=by, mentee=mentee)
    assert first.mentor_id == second.mentor_id
    release_loan(by=two.lends, loan=first)
    with pytest.raises(NoPlaceToLendError, match="no place left that is not lent out"):
        release_loan(by=two.lends, loan=second)
    assert state_of(second) == LoanState.ASKED
    # With a place more both get her; or once the first is over.
    take_loan_back(by=two.asks, loan=first)
    assert release_loan(by=two.lends, loan=second).state == LoanState.RELEASED


def test_a_mentor_with_two_places_is_lent_twice(two: Two) -> None:
    Enrolment.objects.filter(pk__in=[one.pk for one in two.mentors]).update(capacity=2, stamp=9)
    first = ask(two)
    by, mentee = third(two)
    second = ask(two, by=by, mentee=mentee)
    assert first.mentor_id == second.mentor_id
    for loan in (first, second):
        release_loan(by=two.lends, loan=loan)
    propose(two.asks, first)
    propose(by, second)
    assert mentor_of(first).promised == 2


def test_what_is_lent_is_not_proposed_at_home(two: Two) -> None:
    loan = release_loan(by=two.lends, loan=ask(two))
    at_home = make_enrolment("mentee", two.mentors[0].division, programme=two.programme, occupation="2221",
                             languages={"da": "B1", "ar": "C2"})  # fmt: skip
    with pytest.raises(NoPlaceToLendError, match="lent to another division"):
        services.propose(by=two.lends, mentee=at_home, mentor=mentor_of(loan), reason="Both.", seen_version=1)
    assert mentor_of(loan).promised == 0
    take_loan_back(by=two.lends, loan=loan)
    services.propose(by=two.lends, mentee=at_home, mentor=mentor_of(loan), reason="Both.", seen_version=1)


def test_without_that_question_the_last_place_would_go_twice(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    # The control of the one above.
    loan = release_loan(by=two.lends, loan=ask(two))
    at_home = make_enrolment("mentee", two.mentors[0].division, programme=two.programme, occupation="2221",
                             languages={"da": "B1", "ar": "C2"})  # fmt: skip
    monkeypatch.setattr("mentornet.matching.services.lending.lent_out", lambda _mentor: [])
    # Nor does the list know of it, whatever a process keeps in memory.
    read = banks._entry
    monkeypatch.setattr(banks, "_entry", lambda row, *more: read({**row, "lent": 0}, *more))
    services.propose(by=two.lends, mentee=at_home, mentor=mentor_of(loan), reason="Both.", seen_version=1)
    assert mentor_of(loan).promised == 1


def test_a_step_that_somebody_else_has_taken(two: Two) -> None:
    loan = ask(two)
    seen = lock(loan)
    take_loan_back(by=two.asks, loan=loan)
    with pytest.raises(ChangedMeanwhileError):
        step(seen, LoanState.RELEASED, until_on=TODAY, answered_at=AT)
    assert not LOAN_STEPS.may(LoanState.TAKEN_BACK, LoanState.RELEASED)


# What happens to the two meanwhile ------------------------------------------------------------------------------------


def keep_apart(loan: Loan) -> None:
    saved(Avoidance(person=Enrolment.objects.get(pk=loan.mentee_id).person, other=mentor_of(loan).person,
                    reason="A reason.", created_at=AT, created_by="user:x"))  # fmt: skip


def test_who_must_not_meet_is_neither_released_nor_proposed(two: Two) -> None:
    loan = ask(two)
    keep_apart(loan)
    with pytest.raises(RefusedError, match="cannot be lent just now") as refused:
        release_loan(by=two.lends, loan=loan)
    # In the same words as somebody who rests.
    Avoidance.objects.all().delete()
    Enrolment.objects.filter(pk=loan.mentor_id).update(resting_until=TODAY + timedelta(days=9))
    with pytest.raises(RefusedError) as resting:
        release_loan(by=two.lends, loan=loan)
    assert str(refused.value) == str(resting.value)


def test_who_must_not_meet_since_then_is_lent_no_more(two: Two, division: Division) -> None:
    loan = release_loan(by=two.lends, loan=ask(two))
    keep_apart(loan)
    see_to_loans(by=LATER, person_id=mentor_of(loan).person_id)
    assert state_of(loan) == LoanState.LAPSED
    assert tasks(division) == [{"mentee": two.mentee.person.name, "why": "lapsed"}]


def test_whoever_has_found_a_mentor_asks_no_more(two: Two, division: Division, other_division: Division) -> None:
    loan = ask(two)
    Enrolment.objects.filter(pk=loan.mentee_id).update(active=1)
    follow_loans(by=on(1))
    assert state_of(loan) == LoanState.LAPSED
    # Nobody is told that nothing comes of it any more, who needs it no more.
    assert tasks(division) == tasks(other_division) == []


def test_following_twice_changes_nothing_more(two: Two) -> None:
    ask(two)
    assert follow_loans(by=on(20)) == 1
    assert follow_loans(by=on(20)) == 0


def test_what_was_asked_for_one_is_listed_with_her(two: Two) -> None:
    loan = ask(two)
    assert list(loans_for(two.asks, two.mentee)) == [loan]
    lead = make_staff(Role.DIVISION_LEAD, two.mentee.division)
    give_role(user_of(lead), Role.COORDINATOR, two.mentors[0].division)
    assert list(visible_loans(lead)) == [loan]
