"""What has happened with a proposal, for its timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from mentornet.audit.models import Entry
from mentornet.audit.queries import entries_about
from mentornet.intake.queries import names_of
from mentornet.matching.enums import ProposalState, Reply, Side
from mentornet.matching.models import Proposal, ProposalAnswer
from mentornet.web.desk.people.history import Event
from mentornet.web.desk.proposals import by_themselves
from mentornet.web.desk.proposals.shown import state_of

_TAKEN_BACK: Final[Mapping[str, str | Promise]] = {
    "matching.take_back_answer": gettext_lazy("The answer of %(name)s was taken back: %(answer)s"),
    "matching.take_back_met": gettext_lazy("Taken back: that they have met"),
    "matching.take_back_withdrawal": gettext_lazy("It stands again: that it was withdrawn was a mistake"),
}


def events_of(proposal: Proposal) -> list[dict[str, Any]]:
    """Return what has happened, the newest first: one query, and one for names where something was taken back."""
    events: list[dict[str, Any]] = [
        {
            "at": proposal.created_at,
            "title": _("Chosen"),
            "who": proposal.author_name,
            "icon": "edit",
        }
    ]
    if proposal.sent_at:
        events.append({"at": proposal.sent_at, "title": _("Proposed to both"), "icon": "proposal", "tone": "warm"})
    events += [_answer_event(proposal, one) for one in proposal.answers.all()]
    entries = list(entries_about([proposal]))
    events += [
        {"at": entry.at, "title": _("A first meeting was planned"), "icon": "calendar"}
        for entry in entries
        if entry.act == "matching.plan_meeting"
    ]
    events += by_themselves.events_of(proposal, entries)
    events += _taken_back(proposal, [entry for entry in entries if entry.act in _TAKEN_BACK])
    if proposal.met_on:
        noted = next((entry.at for entry in entries if entry.act == "matching.record_met"), None)
        met = {"at": proposal.met_on, "title": _("They have met"), "icon": "people", "tone": "warm", "noted": noted}
        events.append(met)
    if proposal.ended_at:
        told = state_of(proposal)
        title = _("The partnership has begun") if proposal.state == ProposalState.ACCEPTED else told.text.capitalize()
        tone = "warm" if proposal.state == ProposalState.ACCEPTED else told.tone
        events.append(
            {"at": proposal.ended_at, "title": title, "text": proposal.end_note, "icon": told.icon, "tone": tone}
        )
    numbered = sorted(enumerate(events), key=lambda item: (_moment(item[1]), item[0]), reverse=True)
    return [event for _number, event in numbered]


def _moment(event: Mapping[str, Any]) -> tuple[date, float]:
    """Return what to order by: a day without an hour stands where it was noted, or, noted later, first."""
    return Event(event["at"], event["title"], noted_at=event.get("noted")).moment


def _taken_back(proposal: Proposal, entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Return what was noted by mistake, which stands nowhere but in the audit."""
    if not entries:
        return []
    authors = names_of({entry.actor for entry in entries})
    names = {Side.MENTEE: proposal.mentee.person.first_name, Side.MENTOR: proposal.mentor.person.first_name}
    events = []
    for entry in entries:
        said_yes = entry.detail.get("reply") == Reply.YES
        values = {
            "name": names.get(entry.detail.get("side", ""), ""),
            "answer": pgettext("answer", "Yes") if said_yes else pgettext("answer", "No"),
        }
        opened = entry.detail.get("from") == ProposalState.ACCEPTED
        events.append(
            {
                "at": entry.at,
                "title": str(_TAKEN_BACK[entry.act]) % values,
                "text": _("The partnership that it had opened is gone.") if opened else "",
                "who": authors.get(entry.actor, ""),
                "icon": "undo",
            }
        )
    return events


def _answer_event(proposal: Proposal, answer: ProposalAnswer) -> dict[str, Any]:
    name = (proposal.mentee if answer.side == Side.MENTEE else proposal.mentor).person.first_name
    said_yes = answer.reply == Reply.YES
    title = _("%(name)s says yes") if said_yes else _("%(name)s says no")
    return {
        "at": answer.told_on or answer.created_at,
        "noted": answer.created_at,
        "title": title % {"name": name},
        "text": answer.note,
        "who": answer.author_name,
        "icon": "check" if said_yes else "minus",
        "tone": "good" if said_yes else "quiet",
    }
