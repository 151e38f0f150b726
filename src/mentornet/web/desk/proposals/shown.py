"""Proposals in words: their state, what comes next, who has answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from mentornet.divisions.staff import Staff
from mentornet.intake.models import Enrolment
from mentornet.matching.enums import HOLDING, Channel, DeclineReason, ProposalState, Reply, Round, Side
from mentornet.matching.models import Proposal, ProposalAnswer
from mentornet.matching.queries import must_not_meet, who_is_not_introduced
from mentornet.matching.rules import round_of
from mentornet.messaging.ways import channel_of
from mentornet.people.models import Person
from mentornet.people.recipients import recipient_of
from mentornet.web.desk.proposals.corrections import Correction
from mentornet.web.desk.proposals.forms import AnswerForm

_S = ProposalState
ENDED: Final = (_S.ACCEPTED, _S.DECLINED, _S.EXPIRED, _S.WITHDRAWN)
TABS: Final[Mapping[str, tuple[str | Promise, tuple[ProposalState, ...]]]] = {
    "": (pgettext_lazy("proposals", "All open"), (_S.DRAFT, *HOLDING)),
    "draft": (gettext_lazy("Drafts"), (_S.DRAFT,)),
    "sent": (gettext_lazy("Waiting for answers"), (_S.SENT,)),
    "to_meet": (gettext_lazy("To meet"), (_S.TO_MEET,)),
    "met": (gettext_lazy("Met"), (_S.MET,)),
    "ended": (pgettext_lazy("proposals", "Ended"), ENDED),
}
TONES: Final[Mapping[str, tuple[str, str]]] = {
    _S.DRAFT: ("quiet", "edit"),
    _S.SENT: ("info", "hourglass"),
    _S.TO_MEET: ("info", "calendar"),
    _S.MET: ("info", "message"),
    _S.ACCEPTED: ("good", "partnership"),
    _S.DECLINED: ("quiet", "minus"),
    _S.EXPIRED: ("warn", "hourglass"),
    _S.WITHDRAWN: ("quiet", "undo"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A short text with its tone and icon."""

    text: str
    tone: str
    icon: str = ""


def state_of(proposal: Proposal) -> Told:
    """Return a proposal's state as a badge."""
    tone, icon = TONES[proposal.state]
    return Told(str(ProposalState(proposal.state).label), tone, icon)


def expiry_of(proposal: Proposal, today: date) -> Told | None:
    """Say how long an open proposal still waits."""
    if proposal.state not in HOLDING or proposal.expires_on is None:
        return None
    left = (proposal.expires_on - today).days
    if left < 0:
        return Told(_("Its last day is over"), "bad", "warning")
    if left == 0:
        return Told(_("Last day today"), "warn", "hourglass")
    text = ngettext("%(days)s day left", "%(days)s days left", left) % {"days": left}
    return Told(text, "warn" if left <= 2 else "quiet", "hourglass")


def answer_of(proposal: Proposal, side: Side | str, current: Round | str | None) -> ProposalAnswer | None:
    """Return a side's answer in a round; in the latest one without it."""
    given = [one for one in proposal.answers.all() if one.side == side and current in {None, one.round}]
    return given[-1] if given else None


def reply_of(answer: ProposalAnswer | None, *, is_asked: bool) -> Told | None:
    """Say what somebody has answered, or that her answer is to come."""
    if answer is not None:
        if answer.reply == Reply.YES:
            return Told(pgettext("answer", "Yes"), "good", "check")
        return Told(pgettext("answer", "No"), "quiet", "minus")
    return Told(_("to be asked"), "info", "phone") if is_asked else None


@dataclass(frozen=True, slots=True)
class Row:
    """One proposal of the list."""

    proposal: Proposal
    state: Told
    expiry: Told | None
    mentee: Told | None
    mentor: Told | None


def row_of(proposal: Proposal, today: date) -> Row:
    """Prepare one proposal for the list."""
    current = round_of(proposal)
    asked = current is not None
    return Row(
        proposal=proposal,
        state=state_of(proposal),
        expiry=expiry_of(proposal, today),
        mentee=reply_of(answer_of(proposal, Side.MENTEE, current), is_asked=asked),
        mentor=reply_of(answer_of(proposal, Side.MENTOR, current), is_asked=asked),
    )


def tabs_of(counts: Mapping[str, int], current: str, query: str) -> list[dict[str, Any]]:
    """Return the tabs with how many stand behind each, keeping the other filters."""
    return [
        {
            "label": label,
            "count": sum(counts.get(state, 0) for state in states),
            "is_current": key == current,
            "url": "?" + "&".join(part for part in (f"state={key}" if key else "", query) if part),
        }
        for key, (label, states) in TABS.items()
    ]


# One proposal -------------------------------------------------------------------------------------------------------


def steps_of(proposal: Proposal) -> list[dict[str, str]]:
    """Return the way of a proposal and where it stands."""
    labels = [_("Chosen"), _("Both answer")]
    if proposal.meets_first:
        labels += [_("They meet"), _("Both decide")]
    labels.append(_("Partnership"))
    reached = {_S.DRAFT: 0, _S.SENT: 1, _S.TO_MEET: 2, _S.MET: 3, _S.ACCEPTED: len(labels)}.get(
        ProposalState(proposal.state)
    )
    if reached is None:
        # It has come to nothing: where, the answers and days tell; the way ends there.
        reached = 3 if proposal.met_on else 2 if _were_to_meet(proposal) else 1 if proposal.sent_at else 0
        labels = [*labels[: reached + 1], state_of(proposal).text.capitalize()]
        reached += 1
    return [
        {"label": label, "state": "done" if at < reached else "current" if at == reached else "ahead"}
        for at, label in enumerate(labels)
    ]


def _were_to_meet(proposal: Proposal) -> bool:
    yes = [one for one in proposal.answers.all() if one.round == Round.PROPOSAL and one.reply == Reply.YES]
    return proposal.meets_first and len(yes) == len(Side)


@dataclass(frozen=True, slots=True)
class SideShown:
    """One of the two on the proposal's page.

    Attributes:
        is_mine: she belongs to a division in which the reader works: contact details are shown.
        answers: what she has said, with what to, the newest first, and how it is taken back.
        form: to take down her answer; ``None`` when nothing is asked of her now.
    """

    side: str
    role: str
    enrolment: Enrolment
    is_mine: bool
    reply: Told | None
    answers: list[dict[str, Any]]
    form: AnswerForm | None

    @property
    def is_written_to(self) -> bool:
        """Letters reach her."""
        return is_written_to(self.enrolment.person)


def sides_of(
    by: Staff,
    proposal: Proposal,
    bound: AnswerForm | None = None,
    corrections: Mapping[UUID, Correction] | None = None,
) -> list[SideShown]:
    """Return the two, each with her contact, her answers, and the form for what is asked now."""
    wrong = corrections or {}
    current = round_of(proposal)
    may_write = proposal.division_id in by.casework
    sides = []
    for side, enrolment in ((Side.MENTEE, proposal.mentee), (Side.MENTOR, proposal.mentor)):
        answer = answer_of(proposal, side, current) if current else None
        asked = current is not None and answer is None
        form = None
        if asked and may_write:
            form = (
                bound
                if bound is not None and bound.side == side
                else AnswerForm(side=side, asked=current, today=by.today)
            )
        sides.append(
            SideShown(
                side=str(side),
                role=str(side.label),
                enrolment=enrolment,
                is_mine=enrolment.division_id in by.casework,
                reply=reply_of(answer or (None if current else answer_of(proposal, side, None)), is_asked=asked),
                answers=[
                    _answer_shown(one) | {"correction": wrong.get(one.pk)}
                    for one in reversed(proposal.answers.all())
                    if one.side == side
                ],
                form=form,
            )
        )
    return sides


def _answer_shown(answer: ProposalAnswer) -> dict[str, Any]:
    said = pgettext("answer", "Yes") if answer.reply == Reply.YES else pgettext("answer", "No")
    why = f" ({DeclineReason(answer.decline_reason).label})" if answer.decline_reason else ""
    values = {
        "answer": f"{said}{why}",
        "round": Round(answer.round).label,
        "channel": Channel(answer.channel).label,
        "day": date_format(answer.told_on or timezone.localdate(answer.created_at), "DATE_FORMAT"),
    }
    return {"title": _("%(answer)s %(round)s, %(channel)s, %(day)s") % values, "note": answer.note}


def next_words(proposal: Proposal, sides: Sequence[SideShown], *, has_options: bool = False) -> Told:
    """Say what comes next."""
    if proposal.state in HOLDING and (stopped := _held_back(proposal)):
        return Told(stopped, "warn")
    names = [one.enrolment.person.first_name for one in sides if one.form is not None]
    without_letters = letters_miss(proposal)
    tone = "warm" if proposal.state in {_S.ACCEPTED, _S.TO_MEET} else "info"
    match proposal.state:
        case _S.DRAFT:
            text = _("Nobody has been told yet. Send it, or go on looking.")
        case _S.SENT | _S.MET if len(names) == 1:
            text = _("One answer is still to come: from %(name)s.") % {"name": names[0]}
        case _S.SENT if without_letters:
            text = without_letters
        case _S.SENT:
            text = _(
                "Both have a letter: each can answer on her own page, or call you. If nobody calls, call them; take "
                "down what they say."
            )
        case _S.MET:
            text = _(
                "They have met. Ask each of them in private whether she wants to go on; each can also answer on her "
                "own page."
            )
        case _S.TO_MEET if proposal.meeting_on:
            text = _("When they have met, note it here; then each decides in private.")
        case _S.TO_MEET if has_options:
            text = _(
                "Both say yes. Each says on her own page which times suit her, and the first that suits both becomes "
                "their meeting. If none does, agree with them on a day and a place."
            )
        case _S.TO_MEET:
            text = _("Both say yes. Agree with them on a day and a place for their first meeting.")
        case _S.ACCEPTED if without_letters:
            begun = _("Both say yes: the partnership has begun.")
            text = f"{begun} {without_letters}"
        case _S.ACCEPTED:
            text = _("Both say yes: the partnership has begun, and both get a letter.")
        case _:
            text = _(
                "Both are free again, and she has kept her place in the queue. Neither is told who said no, or why."
            )
    return Told(text, tone)


def _held_back(proposal: Proposal) -> str:
    """Say why nothing leads on from a proposal, which stands to both as ended; empty where something does."""
    if must_not_meet(proposal.mentee.person_id, proposal.mentor.person_id):
        return _("It has been noted that these two must not meet. Take the proposal back.")
    if who_is_not_introduced(proposal):
        return _(
            "One of the two has taken back that we may show her introduction. Call her before you suggest her to "
            "anybody: what she agrees to stands on her page."
        )
    return ""


def is_written_to(person: Person) -> bool:
    """Tell whether letters reach somebody, in the way that she wants."""
    return channel_of(recipient_of(person))[0] is not None


def letters_miss(proposal: Proposal) -> str:
    """Say whom no letter reaches, by address or by her own wish; empty when both are reached."""
    people = [proposal.mentee.person, proposal.mentor.person]
    missed = [person.first_name for person in people if not is_written_to(person)]
    if len(missed) == len(people):
        return _("No letter reaches either of them: call both.")
    if not missed:
        return ""
    (reached,) = [person.first_name for person in people if is_written_to(person)]
    return _("%(other)s gets a letter. No letter reaches %(name)s: call her.") % {
        "other": reached,
        "name": missed[0],
    }


def rows_of(proposals: Iterable[Proposal], today: date) -> list[Row]:
    """Prepare proposals for the list."""
    return [row_of(proposal, today) for proposal in proposals]


def is_waiting(mentee: Enrolment) -> bool:
    """Tell whether somebody can be chosen for her."""
    return mentee.ended_on is None and not mentee.active


def match_url(proposal: Proposal) -> str:
    """Return where somebody else is chosen for her."""
    return reverse("desk:match", args=[proposal.mentee_id])
