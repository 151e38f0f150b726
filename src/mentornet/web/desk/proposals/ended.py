"""Who hears of a proposal's end, and who does not because she had not heard of the proposal."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from mentornet.matching.models import Proposal
from mentornet.matching.queries import END_EVENTS
from mentornet.messaging.models import Letter
from mentornet.people.recipients import person_key
from mentornet.web.desk.proposals.shown import Told, is_written_to


def unaware_of_end(proposal: Proposal, letters: Iterable[Letter]) -> Told | None:
    """Say who gets no letter about the end, because nothing had reached her; ``None`` when both get one."""
    told = {one.recipient for one in letters if one.event in END_EVENTS and one.created_at == proposal.ended_at}
    people = [proposal.mentee.person, proposal.mentor.person]
    hears = [person for person in people if person_key(person.pk) in told]
    if len(hears) == len(people):
        return None
    if not hears:
        return Told(_("Neither had a letter about it yet, so neither gets one now."), "info")
    (aware,), (other,) = hears, [person for person in people if person not in hears]
    names = {"name": aware.first_name, "other": other.first_name}
    if is_written_to(aware):
        return Told(_("Only %(name)s gets a letter: nothing about it had reached %(other)s.") % names, "info")
    text = _("Nothing about it had reached %(other)s. No letter reaches %(name)s: call her.")
    return Told(text % names, "warn")
