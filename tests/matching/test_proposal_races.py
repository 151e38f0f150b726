"""Several at one moment, each with its own connection: nobody is promised too often, nothing happens twice."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import pytest
from django.db import connection
from django.db.models import F
from matching.pairs import answer, counts, later, make_pair, propose

from factories.django_rows import make_enrolment, make_programme, make_staff
from mentornet.common.actors import Actor, System
from mentornet.common.models import stamp
from mentornet.divisions.models import Division, Role
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.intake.services import places
from mentornet.matching import services
from mentornet.matching.enums import HOLDING, ProposalState, Reply, Side
from mentornet.matching.models import Proposal, ProposalAnswer
from mentornet.messaging.models import Letter
from mentornet.partnerships import services as partnerships
from mentornet.partnerships.models import Partnership
from mentornet.programmes.models import Programme
from racing import each_at_once

pytestmark = pytest.mark.django_db(transaction=True)

MANY: Final = 6


def coordinators(division: Division, count: int) -> list[Staff]:
    return [make_staff(Role.COORDINATOR, division, name=f"Coordinator {number}") for number in range(count)]


@contextmanager
def without_the_constraint() -> Iterator[None]:
    """Take the database's own guard away for a moment."""
    every = Enrolment._meta.constraints
    guard = next(one for one in every if one.name == "intake_enrolment_capacity")
    # The embedded database writes the table anew from what the model declares.
    Enrolment._meta.constraints = [one for one in every if one is not guard]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Enrolment, guard)
    try:
        yield
    finally:
        Enrolment.objects.filter(promised__gt=1).update(promised=0)
        Enrolment._meta.constraints = every
        with connection.schema_editor() as editor:
            editor.add_constraint(Enrolment, guard)


@pytest.mark.parametrize("round_", range(3))
def test_one_of_many_gets_the_last_place(round_: int, division: Division) -> None:
    programme = make_programme()
    mentor = make_enrolment("mentor", division, programme=programme)
    mentees = [make_enrolment("mentee", division, programme=programme) for _ in range(MANY)]
    staff = coordinators(division, MANY)
    said = each_at_once(
        *(
            lambda by=by, mentee=mentee: propose(by, (mentee, Enrolment.objects.get(pk=mentor.pk)))
            for by, mentee in zip(staff, mentees, strict=True)
        )
    )
    assert Counter(said)["done"] == 1
    # The others hear why: whoever came after the ranking saw her go, whoever came before it found the place taken.
    assert set(said) <= {"done", "RuleBrokenError", "NoPlaceLeftError"}
    assert counts(mentor) == [(1, 0)]
    assert sum(promised for promised, _active in counts(*mentees)) == 1
    assert Proposal.objects.count() == 1
    assert Letter.objects.count() == 2


def careless_hold(readers: int) -> Callable[..., None]:
    """Return a hold that reads, then writes, when all have read."""
    all_have_read = threading.Barrier(readers)

    def hold(*, by: Actor, enrolment: Enrolment) -> None:
        if Enrolment.objects.get(pk=enrolment.pk).places_left < 1:
            raise places.NoPlaceLeftError("none left")
        all_have_read.wait(120)
        Enrolment.objects.filter(pk=enrolment.pk).update(promised=F("promised") + 1, stamp=stamp())

    return hold


def test_without_the_guard_she_is_promised_to_many(division: Division, monkeypatch: pytest.MonkeyPatch) -> None:
    # The control of the tests above: the conditional update is off, and the constraint beneath it too.
    mentor = make_enrolment("mentor", division)
    (by,) = coordinators(division, 1)
    monkeypatch.setattr(places, "hold", careless_hold(MANY))
    with without_the_constraint():
        said = each_at_once(*(lambda: places.hold(by=by, enrolment=mentor) for _ in range(MANY)))
        assert Counter(said) == {"done": MANY}
        assert counts(mentor) == [(MANY, 0)]


def test_the_constraint_beneath_stops_a_careless_hold(division: Division, monkeypatch: pytest.MonkeyPatch) -> None:
    mentor = make_enrolment("mentor", division)
    (by,) = coordinators(division, 1)
    monkeypatch.setattr(places, "hold", careless_hold(MANY))
    said = each_at_once(*(lambda: places.hold(by=by, enrolment=mentor) for _ in range(MANY)))
    assert Counter(said) == {"done": 1, "IntegrityError": MANY - 1}
    assert counts(mentor) == [(1, 0)]


def test_the_guarded_hold_stands_alone(division: Division) -> None:
    # The same contention upon the real hold, without the ranking that may already say no.
    mentor = make_enrolment("mentor", division)
    by = coordinators(division, 1)[0]
    said = each_at_once(*(lambda: places.hold(by=by, enrolment=mentor) for _ in range(MANY)))
    assert Counter(said) == {"done": 1, "NoPlaceLeftError": MANY - 1}
    assert counts(mentor) == [(1, 0)]


def test_two_coordinators_on_one_mentee(division: Division) -> None:
    programme = make_programme()
    mentee = make_enrolment("mentee", division, programme=programme)
    mentors = [make_enrolment("mentor", division, programme=programme) for _ in range(2)]
    said = each_at_once(
        *(
            lambda by=by, mentor=mentor: propose(by, (Enrolment.objects.get(pk=mentee.pk), mentor))
            for by, mentor in zip(coordinators(division, 2), mentors, strict=True)
        )
    )
    assert Counter(said)["done"] == 1
    assert Proposal.objects.filter(state__in=HOLDING).count() == 1
    assert sorted(counts(*mentors)) == [(0, 0), (1, 0)]


def test_a_double_click_proposes_once(division: Division) -> None:
    pair = make_pair(division, make_programme())
    (by,) = coordinators(division, 1)
    said = each_at_once(*(lambda: propose(by, (fresh(pair[0]), fresh(pair[1]))) for _ in range(3)))
    assert Counter(said)["done"] == 1
    assert Proposal.objects.count() == 1
    assert counts(*pair) == [(1, 0), (1, 0)]


def test_a_double_click_keeps_one_draft(division: Division) -> None:
    pair = make_pair(division, make_programme())
    (by,) = coordinators(division, 1)
    said = each_at_once(*(lambda: propose(by, (fresh(pair[0]), fresh(pair[1])), send=False) for _ in range(3)))
    assert set(said) <= {"done", "ChangedMeanwhileError"}
    assert Proposal.objects.count() == 1


def fresh(enrolment: Enrolment) -> Enrolment:
    return Enrolment.objects.select_related("person", "division").get(pk=enrolment.pk)


def test_one_answer_taken_down_by_two(division: Division) -> None:
    one, other = coordinators(division, 2)
    proposal = propose(one, make_pair(division, make_programme()))
    said = each_at_once(
        lambda: answer(one, proposal, Side.MENTEE), lambda: answer(other, proposal, Side.MENTEE, Reply.NO)
    )
    assert Counter(said)["done"] == 1
    taken = ProposalAnswer.objects.get()
    proposal.refresh_from_db()
    assert proposal.state == (ProposalState.SENT if taken.reply == Reply.YES else ProposalState.DECLINED)


@pytest.mark.parametrize("round_", range(3))
def test_both_sides_answered_at_one_moment_open_one_partnership(round_: int, division: Division) -> None:
    one, other = coordinators(division, 2)
    pair = make_pair(division, make_programme())
    proposal = propose(one, pair)
    said = each_at_once(lambda: answer(one, proposal, Side.MENTEE), lambda: answer(other, proposal, Side.MENTOR))
    assert said == ["done", "done"]
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.ACCEPTED
    assert proposal.partnership == Partnership.objects.get()
    assert counts(*pair) == [(0, 1), (0, 1)]


def test_a_yes_and_a_no_at_one_moment(division: Division) -> None:
    one, other = coordinators(division, 2)
    pair = make_pair(division, make_programme())
    proposal = propose(one, pair)
    said = each_at_once(
        lambda: answer(one, proposal, Side.MENTEE), lambda: answer(other, proposal, Side.MENTOR, Reply.NO)
    )
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.DECLINED
    assert said[1] == "done"
    assert not Partnership.objects.exists()
    assert counts(*pair) == [(0, 0), (0, 0)]


@pytest.mark.parametrize("round_", range(3))
def test_the_last_answer_and_the_last_day(round_: int, division: Division) -> None:
    (by,) = coordinators(division, 1)
    pair = make_pair(division, make_programme())
    proposal = answer(by, propose(by, pair), Side.MENTEE)
    late = later(by, 11)
    said = each_at_once(
        lambda: answer(late, proposal, Side.MENTOR),
        lambda: services.expire_proposals(by=System("tests", late.at)),
    )
    proposal.refresh_from_db()
    ends = {
        ProposalState.ACCEPTED: (["done", "done"], [(0, 1), (0, 1)], 1),
        ProposalState.EXPIRED: (["NotAllowedError", "done"], [(0, 0), (0, 0)], 0),
    }
    assert (said, counts(*pair), Partnership.objects.count()) == ends[ProposalState(proposal.state)]


def test_a_withdrawal_and_an_answer_at_one_moment(division: Division) -> None:
    one, other = coordinators(division, 2)
    pair = make_pair(division, make_programme())
    proposal = answer(one, propose(one, pair), Side.MENTEE)
    said = each_at_once(
        lambda: services.withdraw_proposal(by=one, proposal=proposal, note="She has moved."),
        lambda: answer(other, proposal, Side.MENTOR),
    )
    proposal.refresh_from_db()
    assert Counter(said) == {"done": 1, "NotAllowedError": 1}
    assert counts(*pair) == ([(0, 1), (0, 1)] if proposal.state == ProposalState.ACCEPTED else [(0, 0), (0, 0)])


# Taking back --------------------------------------------------------------------------------------------------------


def take_back(by: Staff, proposal: Proposal) -> object:
    wrong = proposal.answers.latest("created_at")
    return services.take_back_answer(by=by, proposal=proposal, answer_id=wrong.pk)


def a_wrong_no(by: Staff, division: Division, mentor: Enrolment, programme: Programme) -> Proposal:
    mentee = make_enrolment("mentee", division, programme=programme)
    return answer(by, propose(by, (mentee, mentor)), Side.MENTOR, Reply.NO)


@pytest.mark.parametrize("round_", range(3))
def test_of_many_wrong_noes_one_gets_the_last_place_again(round_: int, division: Division) -> None:
    programme = make_programme()
    mentor = make_enrolment("mentor", division, programme=programme)
    staff = coordinators(division, MANY)
    wrong = [a_wrong_no(by, division, mentor, programme) for by in staff]
    said = each_at_once(*(lambda by=by, one=one: take_back(by, one) for by, one in zip(staff, wrong, strict=True)))
    assert Counter(said) == {"done": 1, "NoPlaceLeftError": MANY - 1}
    assert counts(mentor) == [(1, 0)]
    assert Proposal.objects.filter(state__in=HOLDING).count() == 1


def test_without_the_guard_many_wrong_noes_promise_her_to_many(
    division: Division, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The control of the test above: the hold does nothing, and every one of them stands again.
    programme = make_programme()
    mentor = make_enrolment("mentor", division, programme=programme)
    staff = coordinators(division, MANY)
    wrong = [a_wrong_no(by, division, mentor, programme) for by in staff]
    monkeypatch.setattr(places, "hold", lambda **_given: None)
    said = each_at_once(*(lambda by=by, one=one: take_back(by, one) for by, one in zip(staff, wrong, strict=True)))
    assert Counter(said) == {"done": MANY}
    assert Proposal.objects.filter(state__in=HOLDING).count() == MANY


def test_a_wrong_no_and_somebody_who_proposes_her(division: Division) -> None:
    programme = make_programme()
    mentor = make_enrolment("mentor", division, programme=programme)
    one, other = coordinators(division, 2)
    wrong = a_wrong_no(one, division, mentor, programme)
    mentee = make_enrolment("mentee", division, programme=programme)
    said = each_at_once(lambda: take_back(one, wrong), lambda: propose(other, (mentee, fresh(mentor))))
    assert Counter(said)["done"] == 1
    assert counts(mentor) == [(1, 0)]
    assert sum(promised for promised, _active in counts(wrong.mentee, mentee)) == 1


@pytest.mark.parametrize("round_", range(3))
def test_one_wrong_yes_taken_back_by_two(round_: int, division: Division) -> None:
    one, other = coordinators(division, 2)
    pair = make_pair(division, make_programme())
    proposal = answer(one, answer(one, propose(one, pair), Side.MENTEE), Side.MENTOR)
    wrong = proposal.answers.get(side=Side.MENTOR)
    said = each_at_once(
        *(lambda by=by: services.take_back_answer(by=by, proposal=proposal, answer_id=wrong.pk) for by in (one, other))
    )
    assert Counter(said) == {"done": 1, "ChangedMeanwhileError": 1}
    assert counts(*pair) == [(1, 0), (1, 0)]
    assert not Partnership.objects.exists()


@pytest.mark.parametrize("round_", range(3))
def test_a_partnership_taken_back_while_something_is_noted_in_it(round_: int, division: Division) -> None:
    one, other = coordinators(division, 2)
    pair = make_pair(division, make_programme())
    proposal = answer(one, answer(one, propose(one, pair), Side.MENTEE), Side.MENTOR)
    partnership = Partnership.objects.get()
    said = each_at_once(
        lambda: take_back(one, proposal),
        lambda: partnerships.record_meeting(by=later(other, 1), partnership=partnership, on=other.today),
    )
    if Partnership.objects.exists():
        assert said == ["NotAllowedError", "done"]
        assert counts(*pair) == [(0, 1), (0, 1)]
    else:
        assert said == ["done", "ChangedMeanwhileError"]
        assert counts(*pair) == [(1, 0), (1, 0)]
