"""From the last yes to the partnership: opened at once in the browser in which she has just given it.

Her link was for the proposal alone, and does not open the partnership: the letter that tells of it has a link of its
own. But whoever says the last yes stands before a page that could only tell her to look for that letter. So the
program gives the session what that letter's link would give it, made in the same way and closed in the same way, and
only if all of this holds: her own yes has just opened the partnership; the browser holds an open link to the proposal
that was sent to her; and she gives a code again when the last one is older than a change to her sign-in would ask for.
Whoever said yes first is not in the middle of anything, and gets the letter.
"""

from __future__ import annotations

from dataclasses import dataclass

from mentornet.accounts.enums import Purpose
from mentornet.accounts.queries import open_link
from mentornet.accounts.services.links import make_link
from mentornet.matching.models import Proposal
from mentornet.messaging.ways import channel_of
from mentornet.people.recipients import find_recipient
from mentornet.web.access import participant_of
from mentornet.web.links import grant_for, keep_grant
from mentornet.web.portal.shell import PortalRequest
from mentornet.web.sessions import PROVED_FOR


@dataclass(frozen=True, slots=True)
class Begun:
    """What she reads of a partnership that has begun.

    Attributes:
        is_open: this browser opens it.
        is_written_to: a letter about it reaches her; else she is called.
    """

    is_open: bool
    is_written_to: bool


def _key(request: PortalRequest, proposal: Proposal) -> str:
    return f"{Purpose.PARTNERSHIP.value}:{proposal.partnership_id}:{request.participant.person_id}"


def open_partnership_here(request: PortalRequest, proposal: Proposal) -> None:
    """Let the session open the partnership that her yes has just begun."""
    if participant_of(request) is not None or request.grant is None or grant_for(request, _key(request, proposal)):
        return
    by, purpose = request.participant, Purpose.PARTNERSHIP
    subject = _key(request, proposal).removeprefix(f"{purpose.value}:")
    token = make_link(by=by, purpose=purpose, subject=subject, person_key=by.key)
    link = open_link(token, by.at)
    assert link is not None
    keep_grant(request, link, by.at, code_lasts=PROVED_FOR)


def begun_for(request: PortalRequest, proposal: Proposal) -> Begun:
    """Return whether this browser opens the partnership, and how else she comes to it."""
    is_open = participant_of(request) is not None or grant_for(request, _key(request, proposal)) is not None
    channel, _problem = channel_of(find_recipient(str(request.participant.person_id)))
    return Begun(is_open=is_open, is_written_to=channel is not None)
