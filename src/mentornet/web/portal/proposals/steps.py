"""A proposal as the one next step on her first page."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from mentornet.accounts.enums import Purpose
from mentornet.matching.enums import ProposalState
from mentornet.matching.queries import options_of
from mentornet.matching.rules import side_of
from mentornet.web.links import register_page
from mentornet.web.portal.proposals.shown import Stand, stand_of
from mentornet.web.portal.standing import Standing
from mentornet.web.portal.steps import Step, register

ORDER: Final = 10
"""Before almost everything: somebody else may be waiting for her answer."""


def next_step(standing: Standing) -> Step | None:
    """Return what she is asked about a proposal; nothing where she only waits."""
    by = standing.by
    for proposal in standing.proposals:
        side = side_of(by, proposal)
        assert side is not None
        options = options_of(proposal) if proposal.state == ProposalState.TO_MEET else []
        stand = stand_of(proposal, side, options, by.at, by.today)
        words = _words(stand)
        if words is not None:
            title, text, button = words
            url = reverse("portal:proposal", args=[proposal.pk])
            return Step(title=title, words=text, url=url, button=button, warm=True)
    return None


def _words(stand: Stand) -> tuple[str, str, str] | None:
    match stand:
        case Stand.ANSWER:
            return _("We have a suggestion for you"), _("Read it, and tell us yes or no."), _("Read the suggestion")
        case Stand.CHOOSE:
            return _("You are going to meet"), _("Tell us which times suit you."), _("Choose times")
        case Stand.MEETING:
            return _("You have a meeting"), _("See when and where it is."), _("See the meeting")
        case Stand.WAS_MEETING:
            return _("Your meeting"), _("Tell us whether you have met."), _("Tell us")
        case Stand.GO_ON:
            return _("You have met"), _("Tell us whether you want to go on. Only we see your answer."), _("Answer")
        case _:
            return None


register(ORDER, next_step)
register_page(Purpose.PROPOSAL, "portal:proposal", "proposal_id")
