"""Every state of a proposal times everything that can be done with one: what may not follow changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

import pytest
from django.forms.models import model_to_dict
from matching.pairs import Pair, answer, bring_to, counts, expire, make_pair, propose

from factories.django_rows import make_programme
from mentornet.agenda.models import Task
from mentornet.audit.models import Entry
from mentornet.common.answers import NotAllowedError, RefusedError
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.matching import services
from mentornet.matching.enums import HOLDING, ProposalState, Reply, Side
from mentornet.matching.models import Proposal, ProposalAnswer
from mentornet.messaging.models import Letter
from mentornet.partnerships.models import Partnership

pytestmark = pytest.mark.django_db

S = ProposalState
Act = Callable[[Staff, Proposal], object]

ACTS: Final[Mapping[str, Act]] = {
    "propose_again": lambda by, one: propose(by, (one.mentee, one.mentor), again="She has time again."),
    "send_draft": lambda by, one: services.send_draft(by=by, proposal=one),
    "mentee_yes": lambda by, one: answer(by, one, Side.MENTEE),
    "mentor_no": lambda by, one: answer(by, one, Side.MENTOR, Reply.NO),
    "plan_meeting": lambda by, one: services.plan_meeting(
        by=by, proposal=one, on=by.today + timedelta(days=3), place="The library"
    ),
    "record_met": lambda by, one: services.record_met(by=by, proposal=one, on=by.today),
    "withdraw": lambda by, one: services.withdraw_proposal(by=by, proposal=one, note="She has moved."),
    "expire": expire,
}
# What a proposal is after an act; what is not named is refused (or, for time going by, simply does not happen).
AFTER: Final[Mapping[tuple[S, str], S]] = {
    (S.DRAFT, "propose_again"): S.SENT,
    (S.DRAFT, "send_draft"): S.SENT,
    (S.DRAFT, "withdraw"): S.WITHDRAWN,
    (S.SENT, "mentee_yes"): S.SENT,
    (S.SENT, "mentor_no"): S.DECLINED,
    (S.SENT, "withdraw"): S.WITHDRAWN,
    (S.SENT, "expire"): S.EXPIRED,
    (S.TO_MEET, "plan_meeting"): S.TO_MEET,
    (S.TO_MEET, "record_met"): S.MET,
    (S.TO_MEET, "withdraw"): S.WITHDRAWN,
    (S.TO_MEET, "expire"): S.EXPIRED,
    (S.MET, "mentee_yes"): S.MET,
    (S.MET, "mentor_no"): S.DECLINED,
    (S.MET, "withdraw"): S.WITHDRAWN,
    (S.MET, "expire"): S.EXPIRED,
    # Another proposal of the same two: allowed, and the ended one stays as it was.
    (S.DECLINED, "propose_again"): S.DECLINED,
    (S.EXPIRED, "propose_again"): S.EXPIRED,
    (S.WITHDRAWN, "propose_again"): S.WITHDRAWN,
}


@pytest.fixture
def pair(division: Division) -> Pair:
    return make_pair(division, make_programme(meets_first=True))


def everything() -> dict[str, Any]:
    """Return what an act could have touched."""
    return {
        "proposals": [model_to_dict(one) for one in Proposal.objects.order_by("created_at", "pk")],
        "answers": ProposalAnswer.objects.count(),
        "letters": Letter.objects.count(),
        "tasks": list(Task.objects.order_by("pk").values_list("pk", "done_at")),
        "partnerships": Partnership.objects.count(),
        "audit": Entry.objects.count(),
    }


def act_on(act: str, by: Staff, one: Proposal) -> None:
    if act == "expire" and one.expires_on is None:
        # A draft has no last day: a year goes by.
        one.expires_on = by.today + timedelta(days=365)
    ACTS[act](by, one)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", ProposalState)
def test_state_times_act(state: ProposalState, act: str, coordinator: Staff, pair: Pair) -> None:
    proposal = bring_to(state, coordinator, pair)
    assert proposal.state == state
    before, places = everything(), counts(*pair)
    after = AFTER.get((state, act))
    if after is not None:
        act_on(act, coordinator, proposal)
        proposal = Proposal.objects.get(pk=proposal.pk)
        assert proposal.state == after
        assert everything()["audit"] > before["audit"]
        open_now = Proposal.objects.filter(state__in=HOLDING).count()
        assert counts(*pair) == [(open_now, 0), (open_now, 0)]
        return
    if act == "expire":
        act_on(act, coordinator, proposal)
    else:
        with pytest.raises(RefusedError) as refused:
            act_on(act, coordinator, proposal)
        assert str(refused.value).endswith(".")
    assert everything() == before
    assert counts(*pair) == places


def test_each_state_and_act_was_crossed() -> None:
    assert {state for state, _act in AFTER} | {S.ACCEPTED} == set(S)
    assert {act for _state, act in AFTER} == set(ACTS)


@pytest.mark.parametrize("act", [act for act in ACTS if act != "expire"])
@pytest.mark.parametrize("state", ProposalState)
def test_another_division_does_nothing(
    state: ProposalState, act: str, coordinator: Staff, other_coordinator: Staff, pair: Pair
) -> None:
    proposal = bring_to(state, coordinator, pair)
    before, places = everything(), counts(*pair)
    with pytest.raises(NotAllowedError, match="You do not work in this division"):
        ACTS[act](other_coordinator, proposal)
    assert everything() == before
    assert counts(*pair) == places


@pytest.mark.parametrize("state", [S.SENT, S.MET])
def test_an_answer_is_taken_down_once(state: ProposalState, coordinator: Staff, pair: Pair) -> None:
    proposal = answer(coordinator, bring_to(state, coordinator, pair), Side.MENTEE)
    before = everything()
    with pytest.raises(NotAllowedError, match="has been taken down already"):
        answer(coordinator, proposal, Side.MENTEE, Reply.NO)
    assert everything() == before
