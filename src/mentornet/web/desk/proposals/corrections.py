"""What was noted wrongly about a proposal and can be taken back: where, and what happens then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentornet.common.answers import Answer
from mentornet.divisions.staff import Staff
from mentornet.matching.enums import ProposalState
from mentornet.matching.models import Proposal
from mentornet.matching.queries import letters_of_last_step
from mentornet.matching.rules import (
    may_take_answer_back,
    may_take_met_back,
    may_take_withdrawal_back,
    take_back_until,
)
from mentornet.messaging.models import Letter, LetterState
from mentornet.messaging.queries import have_left
from mentornet.partnerships.queries import is_built_on
from mentornet.partnerships.rules import may_take_opening_back

_S = ProposalState
_LEADS_BACK: Final[dict[str, str | Promise]] = {
    _S.SENT: gettext_lazy("Then her answer goes, and she is to be asked anew."),
    _S.MET: gettext_lazy("Then her answer goes, and she is to be asked anew."),
    _S.TO_MEET: gettext_lazy("Then the proposal waits for her answer again."),
    _S.DECLINED: gettext_lazy(
        "Then the proposal stands again and holds both places, unless one has been promised to somebody else."
    ),
    _S.WITHDRAWN: gettext_lazy(
        "Then the proposal stands again and holds both places, unless one has been promised to somebody else."
    ),
    _S.ACCEPTED: gettext_lazy(
        "Then the partnership goes as if it had never begun, and the proposal waits for her answer again."
    ),
}


@dataclass(frozen=True, slots=True)
class Correction:
    """One thing that can be taken back.

    Attributes:
        url: where an empty POST takes it back; empty when it cannot be, and ``words`` say why.
        words: sentences: what happens then.
        letters_left: letters have left, which the words tell; sent along with the POST.
    """

    url: str
    words: list[str]
    letters_left: bool = False


def _about_letters(letters: Sequence[Letter]) -> list[str]:
    standing = [letter for letter in letters if letter.state != LetterState.TAKEN_BACK]
    if not standing:
        return []
    if have_left(standing):
        return [
            _(
                "The letters about it have left. Whoever got one gets another: that it was a mistake, and that we "
                "will call her. The call stands on Today."
            )
        ]
    return [_("The letters about it have not left yet. They are called back, and nobody hears of it.")]


def _possible(proposal: Proposal, url: str, letters: Sequence[Letter]) -> Correction:
    wrong = letters_of_last_step(proposal, proposal.answers.all(), letters)
    words = [str(_LEADS_BACK[proposal.state])]
    if proposal.state == _S.TO_MEET and proposal.meeting_on is not None:
        words.append(_("The meeting that was planned is off."))
    words += _about_letters(wrong)
    if (until := take_back_until(proposal)) is not None:
        words.append(_("This is possible until %(day)s.") % {"day": date_format(until, "DATE_FORMAT")})
    return Correction(url=url, words=words, letters_left=bool(have_left(wrong)))


def of_answers(by: Staff, proposal: Proposal, letters: Sequence[Letter]) -> dict[UUID, Correction]:
    """Return what can be taken back, by the answer's key; asks the database only where a partnership stands."""
    listed = [one for one in proposal.answers.all() if may_take_answer_back(by, proposal, one)]
    opening = _opening(by, proposal) if listed and proposal.partnership is not None else None
    if opening is not None and not opening:
        return {one.pk: Correction(url="", words=[str(opening.reason)]) for one in listed}
    return {
        one.pk: _possible(proposal, reverse("desk:proposal_answer_back", args=[proposal.pk, one.pk]), letters)
        for one in listed
    }


def _opening(by: Staff, proposal: Proposal) -> Answer | None:
    partnership = proposal.partnership
    if partnership is None:
        return None
    return may_take_opening_back(by, partnership, is_built_on=is_built_on(partnership))


def of_meeting(by: Staff, proposal: Proposal, letters: Sequence[Letter]) -> Correction | None:
    """Return how to take back that the two have met."""
    if proposal.state != _S.MET or not may_take_met_back(by, proposal, list(proposal.answers.all())):
        return None
    url = reverse("desk:proposal_met_back", args=[proposal.pk])
    wrong = letters_of_last_step(proposal, proposal.answers.all(), letters)
    words = [_("Then they are to meet, as before."), *_about_letters(wrong)]
    return Correction(url=url, words=words, letters_left=bool(have_left(wrong)))


def of_withdrawal(by: Staff, proposal: Proposal, letters: Sequence[Letter]) -> Correction | None:
    """Return how to let a withdrawn proposal stand again."""
    if not may_take_withdrawal_back(by, proposal):
        return None
    url = reverse("desk:proposal_withdrawal_back", args=[proposal.pk])
    if proposal.sent_at is None:
        return Correction(url=url, words=[_("Then it is a draft again. Nobody has been told of it.")])
    return _possible(proposal, url, letters)
