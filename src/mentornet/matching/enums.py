"""States of a proposal, its answers, and the reasons of a no."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mentornet.common.states import Transitions


class ProposalState(models.TextChoices):
    """How far a proposal has come."""

    DRAFT = "draft", _("draft")
    SENT = "sent", _("waiting for answers")
    TO_MEET = "to_meet", _("to meet first")
    MET = "met", _("have met, waiting for answers")
    ACCEPTED = "accepted", pgettext_lazy("proposal", "accepted")
    DECLINED = "declined", pgettext_lazy("proposal", "declined")
    EXPIRED = "expired", pgettext_lazy("proposal", "expired")
    WITHDRAWN = "withdrawn", pgettext_lazy("proposal", "withdrawn")


_S = ProposalState
PROPOSAL_STEPS: Final = Transitions(
    {
        _S.DRAFT: (_S.SENT, _S.WITHDRAWN),
        _S.SENT: (_S.TO_MEET, _S.ACCEPTED, _S.DECLINED, _S.EXPIRED, _S.WITHDRAWN),
        _S.TO_MEET: (_S.MET, _S.DECLINED, _S.EXPIRED, _S.WITHDRAWN),
        _S.MET: (_S.ACCEPTED, _S.DECLINED, _S.EXPIRED, _S.WITHDRAWN),
        _S.ACCEPTED: (),
        _S.DECLINED: (),
        _S.EXPIRED: (),
        _S.WITHDRAWN: (),
    }
)
STEPS_BACK: Final = Transitions(
    {
        _S.TO_MEET: (_S.SENT,),
        _S.MET: (_S.TO_MEET,),
        _S.ACCEPTED: (_S.SENT, _S.MET),
        _S.DECLINED: (_S.SENT, _S.MET),
        _S.WITHDRAWN: (_S.DRAFT, _S.SENT, _S.TO_MEET, _S.MET),
    }
)
"""Where a proposal stands again when what was noted wrongly is taken back; what has expired stays so."""
HOLDING: Final = (_S.SENT, _S.TO_MEET, _S.MET)
"""The states in which both sides' places are held."""


class Side(models.TextChoices):
    """Who answers."""

    MENTEE = "mentee", _("mentee")
    MENTOR = "mentor", _("mentor")


class Round(models.TextChoices):
    """What is answered: the proposal itself, or whether to go on after the first meeting."""

    PROPOSAL = "proposal", _("to the proposal")
    AFTER_MEETING = "after_meeting", _("after the meeting")


class Reply(models.TextChoices):
    """Yes or no."""

    YES = "yes", _("yes")
    NO = "no", _("no")


class Channel(models.TextChoices):
    """How an answer reached the coordinator; the last one needed nobody who took it down."""

    PHONE = "phone", _("by telephone")
    IN_PERSON = "in_person", pgettext_lazy("how an answer was heard", "in person")
    EMAIL = "email", _("by e-mail")
    TEXT = "text", _("by text message")
    SELF = "self", _("on her own page")


HEARD: Final = tuple(channel for channel in Channel if channel != Channel.SELF)
"""How a coordinator can have heard what she takes down."""


class DeclineReason(models.TextChoices):
    """Why somebody says no; none of them blames."""

    TIME = "time", _("not the time for it now")
    PLACE = "place", _("too far, or another way to meet")
    FIELD = "field", _("another field is needed")
    LANGUAGE = "language", _("the language")
    PERSON = "person", _("knows her, or would rather somebody else")
    FOUND = "found", _("has found help elsewhere")
    NO_ANSWER = "no_answer", _("could not be reached")
    OTHER = "other", _("another reason")
    UNSAID = "unsaid", _("would rather not say")


OWN_REASONS: Final = tuple(reason for reason in DeclineReason if reason != DeclineReason.NO_ANSWER)
"""What she can choose on her own page: whoever answers was reached."""


# Meetings -------------------------------------------------------------------------------------------------------------


class MeetingState(models.TextChoices):
    """How far a matching meeting has come."""

    PREPARING = "preparing", _("being prepared")
    OPEN = "open", pgettext_lazy("meeting", "open")
    CLOSED = "closed", pgettext_lazy("meeting", "closed")


MEETING_STEPS: Final = Transitions(
    {
        MeetingState.PREPARING: (MeetingState.OPEN,),
        MeetingState.OPEN: (MeetingState.CLOSED,),
        MeetingState.CLOSED: (MeetingState.OPEN,),
    }
)


class MeetingStep(models.TextChoices):
    """What the program is at while a meeting is being prepared."""

    QUEUED = "queued", _("Waiting for its turn.")
    READING = "reading", _("Reading who waits and who is in the bank.")
    PAIRING = "pairing", _("Looking for the best set of pairs.")
    CHECKING = "checking", _("Checking that no other set is better.")
    KEEPING = "keeping", _("Keeping what it was computed from.")


class TieKind(models.TextChoices):
    """What somebody has fixed about two people."""

    LOCK = "lock", _("locked")
    FORBID = "forbid", _("ruled out")


class RunCause(models.TextChoices):
    """The act after which the best set was computed anew."""

    FIRST = "first", _("The meeting began")
    LOCK = "lock", _("A pair was locked")
    FORBID = "forbid", _("A pair was ruled out")
    LIFT = "lift", _("A lock or a prohibition was lifted")
    SETTINGS = "settings", _("The weights or the floor were changed")
    DECISION = "decision", _("A decision was made or taken back")
    SENT = "sent", _("Proposals were sent")
    DATA = "data", _("What is known of people has changed")
    PROGRAMME = "programme", _("The programme was changed")


class MeetingAct(models.TextChoices):
    """What was done last in a meeting, as the others who sit in it are told."""

    FIRST = "first", _("The meeting began")
    LOCK = "lock", _("A pair was locked")
    FORBID = "forbid", _("A pair was ruled out")
    LIFT = "lift", _("A lock or a prohibition was lifted")
    SETTINGS = "settings", _("The weights or the floor were changed")
    DECIDED = "decided", _("A decision was made")
    REST = "rest", _("All that was left was decided as the set has it")
    TAKEN_BACK = "taken_back", _("A decision was taken back")
    SENT = "sent", _("Proposals were sent")
    DATA = "data", _("The best set was looked for anew")
    CLOSED = "closed", _("The meeting was closed")
    REOPENED = "reopened", _("The meeting was opened again")


class Outcome(models.TextChoices):
    """What is decided about a mentee."""

    PROPOSE = "propose", _("Propose to both")
    WAIT = "wait", _("She waits on")
    SEARCH = "search", _("A mentor is looked for outside the bank")


# Loans ----------------------------------------------------------------------------------------------------------------


class LoanState(models.TextChoices):
    """How far it has come that one division lends a mentor to another."""

    ASKED = "asked", pgettext_lazy("loan", "asked for")
    RELEASED = "released", pgettext_lazy("loan", "released")
    DECLINED = "declined", pgettext_lazy("loan", "not released")
    TAKEN_BACK = "taken_back", pgettext_lazy("loan", "taken back")
    LAPSED = "lapsed", pgettext_lazy("loan", "lapsed")
    USED = "used", pgettext_lazy("loan", "in use")
    RETURNED = "returned", pgettext_lazy("loan", "given back")


_L = LoanState
LOAN_STEPS: Final = Transitions(
    {
        _L.ASKED: (_L.RELEASED, _L.DECLINED, _L.TAKEN_BACK, _L.LAPSED),
        _L.RELEASED: (_L.USED, _L.TAKEN_BACK, _L.LAPSED),
        # A proposal that comes to nothing leaves her released, as long as that lasts.
        _L.USED: (_L.RELEASED, _L.RETURNED),
        # An ending that was a mistake is taken back, and so is what it has given back.
        _L.RETURNED: (_L.USED,),
        _L.DECLINED: (),
        _L.TAKEN_BACK: (),
        _L.LAPSED: (),
    }
)
LENT: Final = (_L.RELEASED, _L.USED)
"""The states in which the division that asked knows who she is."""
OPEN_LOANS: Final = (_L.ASKED, *LENT)
ANSWERED_LOANS: Final = (_L.RELEASED, _L.DECLINED, _L.USED, _L.RETURNED)
