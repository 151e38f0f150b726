"""Noting something wrongly and taking it back; and what is to be the same before and after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest
from matching.pairs import answer

from mentornet.agenda.models import Task
from mentornet.audit.models import Entry
from mentornet.common.answers import RefusedError
from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching import services
from mentornet.matching.enums import Reply, Round, Side
from mentornet.matching.models import Proposal, ProposalAnswer
from mentornet.messaging.models import Letter, LetterState
from mentornet.partnerships.models import Meeting, Partnership

Act = Callable[[Staff, Proposal], object]


def soon(by: Staff, **more: int) -> Staff:
    """Return the same person a little later: half a minute, unless told otherwise."""
    return replace(by, at=by.at + timedelta(**(more or {"seconds": 30})))


def open_tasks() -> list[tuple[str, Any]]:
    return sorted(Task.objects.filter(done_at=None).values_list("kind", "due_on"))


def last_answer(proposal: Proposal, side: Side | None = None) -> ProposalAnswer:
    given = proposal.answers.filter(side=side) if side else proposal.answers.all()
    # Here all may have been said at one moment.
    return max(given, key=lambda one: (one.created_at, one.round == Round.AFTER_MEETING))


def take_back(by: Staff, proposal: Proposal, side: Side | None = None, **given: Any) -> Proposal:
    return services.take_back_answer(
        by=by, proposal=proposal, answer_id=last_answer(proposal, side).pk, **({"knows_letters_left": False} | given)
    )


def as_it_is(proposal: Proposal) -> dict[str, Any]:
    """Return everything that an act and its taking back should leave as it was."""
    now = Proposal.objects.get(pk=proposal.pk)
    sides = Enrolment.objects.filter(pk__in=[now.mentee_id, now.mentor_id]).order_by("role")
    return {
        "proposal": {
            name: getattr(now, name)
            for name in ("state", "expires_on", "meeting_on", "meeting_place", "met_on", "ended_at", "partnership_id")
        },
        "answers": sorted(now.answers.values_list("side", "round", "reply")),
        "places": list(sides.values_list("promised", "active", "since", "word_due_on", "ended_on")),
        "tasks": open_tasks(),
        "partnerships": Partnership.objects.count(),
        "meetings": Meeting.objects.count(),
        "letters": Letter.objects.exclude(state=LetterState.TAKEN_BACK).count(),
    }


def mistakes() -> list[dict[str, Any]]:
    return list(Letter.objects.filter(event="sent_by_mistake").order_by("pk").values_list("values", flat=True))


ENDS: Final[Mapping[str, Act]] = {
    "no": lambda by, one: answer(by, one, Side.MENTOR, Reply.NO),
    "withdrawal": lambda by, one: services.withdraw_proposal(by=by, proposal=one, note="Moved."),
    "yes": lambda by, one: answer(by, one, Side.MENTOR),
}


def take_back_end(by: Staff, end: str, proposal: Proposal, **given: bool) -> Proposal:
    if end == "withdrawal":
        return services.take_back_withdrawal(by=by, proposal=proposal, **given)
    return take_back(by, proposal, Side.MENTOR, **given)


def refused(act: Callable[[], object], proposal: Proposal, error: type[RefusedError], words: str) -> None:
    """Check that an act is refused and changes nothing."""
    before, entries = as_it_is(proposal), Entry.objects.count()
    with pytest.raises(error, match=words):
        act()
    assert as_it_is(proposal) == before
    assert Entry.objects.count() == entries
