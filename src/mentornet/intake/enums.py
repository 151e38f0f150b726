"""States of an application and the steps between them, and what the bank is searched by."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mentornet.common.states import Transitions


class ApplicationState(models.TextChoices):
    """How far an application has come."""

    DRAFT = "draft", _("draft")
    PRE_REGISTERED = "pre_registered", _("pre-registered")
    RECEIVED = "received", _("received")
    BOOKED = "booked", _("interview booked")
    INTERVIEWED = "interviewed", _("interviewed")
    APPROVED = "approved", _("approved")
    DECLINED = "declined", pgettext_lazy("application", "declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("application", "withdrawn")


_S = ApplicationState
APPLICATION_STEPS: Final = Transitions(
    {
        _S.DRAFT: (_S.PRE_REGISTERED, _S.RECEIVED, _S.WITHDRAWN),
        _S.PRE_REGISTERED: (_S.RECEIVED, _S.WITHDRAWN),
        _S.RECEIVED: (_S.BOOKED, _S.INTERVIEWED, _S.DECLINED, _S.WITHDRAWN),
        _S.BOOKED: (_S.RECEIVED, _S.BOOKED, _S.INTERVIEWED, _S.DECLINED, _S.WITHDRAWN),
        _S.INTERVIEWED: (_S.APPROVED, _S.DECLINED, _S.WITHDRAWN),
        _S.APPROVED: (),
        _S.DECLINED: (),
        _S.WITHDRAWN: (),
    }
)
OPEN_STATES: Final = (_S.DRAFT, _S.PRE_REGISTERED, _S.RECEIVED, _S.BOOKED, _S.INTERVIEWED)


class EndReason(models.TextChoices):
    """Why somebody has left a waiting list or the mentor bank for good."""

    WITHDREW = "withdrew", _("withdrew")
    MOVED = "moved", _("moved away")
    NO_CONTACT = "no_contact", _("could not be reached")
    DONE = "done", _("has what she came for")
    OTHER = "other", _("another reason")
    MERGED = "merged", _("was one with another place of hers")


CHOSEN_ENDS: Final = tuple(reason for reason in EndReason if reason != EndReason.MERGED)
"""Why a person ends a place. The other reason is a merge's: nobody has left, and it is counted as no ending."""


class WaitReason(models.TextChoices):
    """Why somebody on the waiting list has no mentor yet.

    The first of each kind is derived from what is written down anyway; a coordinator notes the others, with a word.
    """

    MENTOR = "mentor", _("no mentor for her yet")
    BREAK = "break", _("has a break")
    UNSHOWN = "unshown", _("does not want to be introduced now")
    THIN = "thin", _("too little is known of her")
    SEARCH = "search", _("somebody is being looked for")
    ANSWER = "answer", _("an answer from her is missing")
    PAPER = "paper", _("a paper is missing")
    DANISH = "danish", _("learns more Danish first")
    TIME = "time", _("has no time just now")
    OTHER = "other", pgettext_lazy("why she waits", "something else")


NOTED_REASONS: Final = (
    WaitReason.SEARCH,
    WaitReason.ANSWER,
    WaitReason.PAPER,
    WaitReason.DANISH,
    WaitReason.TIME,
    WaitReason.OTHER,
)
"""What a coordinator notes, since nothing that is written down shows it."""
NOT_HER_TURN: Final = (WaitReason.ANSWER, WaitReason.PAPER, WaitReason.DANISH, WaitReason.TIME)
"""Why somebody cannot be matched just now, though she has waited longer: nobody is taken before her then."""


class EarlierReason(models.TextChoices):
    """Why somebody is taken before others who have waited longer."""

    SAFETY = "safety", _("she is not safe, or things are hard at home")
    DEADLINE = "deadline", _("something in her life does not wait, such as an examination or a job")
    AGAIN = "again", _("she has waited before, and it ended through no fault of hers")
    OURS = "ours", _("we have made a mistake")
    RARE = "rare", _("a mentor is there now who fits hardly anybody else")
    OTHER = "other", pgettext_lazy("why she is taken earlier", "something else")


class WishKind(models.TextChoices):
    """What a participant asks her coordinator for."""

    LEAVE = "leave", _("wants to leave")
    APART = "apart", _("there is somebody whom she must not meet")
    DATA = "data", _("a question about what is kept of her")
    PROTECT = "protect", _("needs to be protected")
    OTHER = "other", _("something else")


class InterviewWay(models.TextChoices):
    """How applicant and interviewer meet."""

    IN_PERSON = "in_person", _("in person")
    VIDEO = "video", _("by video")
    TELEPHONE = "telephone", _("on the telephone")


class ConfirmationWay(models.TextChoices):
    """How she said that her profile is right."""

    PAGE = "page", _("on her own page")
    TOLD = "told", _("told to a coordinator")


class ReferenceState(models.TextChoices):
    """How far a reference has come."""

    ASKED = "asked", _("asked for")
    SEEN = "seen", pgettext_lazy("reference", "seen")
    WAIVED = "waived", pgettext_lazy("reference", "not needed")


class Facet(StrEnum):
    """What mentors can be filtered by; the value is the name in an address."""

    DIVISION = "division"
    PROGRAMME = "programme"
    LANGUAGE = "language"
    FIELD = "field"
    TOPIC = "topic"
    MEETING = "meeting"
    TIME = "time"
    PLACES = "places"
    IDLE = "idle"


# Writing to us ------------------------------------------------------------------------------------------------------


class Applying(models.TextChoices):
    """As what somebody writes to us."""

    MENTEE = "mentee", _("mentee")
    MENTOR = "mentor", _("mentor")
    CONTACT_PERSON = "contact_person", _("contact person")


class Referrer(models.TextChoices):
    """Who led somebody to us; empty where nobody has said."""

    HERSELF = "herself", _("found us herself")
    MEMBER = "member", _("a member of the network")
    FRIEND = "friend", _("family or a friend")
    JOB_CENTRE = "job_centre", _("a job centre")
    HOUSING = "housing", _("a housing project")
    LANGUAGE_SCHOOL = "language_school", _("a language school")
    OTHER = "other", _("somebody else")


class WayIn(models.TextChoices):
    """How an application came to us; empty where it came before this was noted."""

    SITE = "site", _("by the public site")
    DESK = "desk", _("entered with her")


class ConsentPurpose(models.TextChoices):
    """What somebody agrees to, each by itself."""

    HANDLING = "handling", _("handling her application")
    INTRODUCTION = "introduction", _("showing her introduction to a proposed partner")
    EVENTS = "events", _("letters about events")
    EVALUATION = "evaluation", _("anonymous evaluation")


class ConsentHow(models.TextChoices):
    """How we know."""

    HERSELF = "herself", _("she ticked it herself")
    HEARD = "heard", _("heard by a staff member")


class ContactPersonState(models.TextChoices):
    """How a contact person stands."""

    ASKED = "asked", _("has written to us")
    CONFIRMED = "confirmed", _("confirmed")
    LEFT = "left", pgettext_lazy("contact person", "left")


CONTACT_PERSON_STEPS: Final = Transitions(
    {
        ContactPersonState.ASKED: (ContactPersonState.CONFIRMED, ContactPersonState.LEFT),
        ContactPersonState.CONFIRMED: (ContactPersonState.LEFT,),
    }
)
NEEDED_CONSENTS: Final = {
    Applying.MENTEE: (ConsentPurpose.HANDLING, ConsentPurpose.INTRODUCTION),
    Applying.MENTOR: (ConsentPurpose.HANDLING, ConsentPurpose.INTRODUCTION),
    Applying.CONTACT_PERSON: (ConsentPurpose.HANDLING,),
}
"""Without these nothing can be done with what she has written."""
OPTIONAL_CONSENTS: Final[dict[Applying, tuple[ConsentPurpose, ...]]] = {
    Applying.MENTEE: (ConsentPurpose.EVALUATION,),
    Applying.MENTOR: (ConsentPurpose.EVALUATION,),
    Applying.CONTACT_PERSON: (),
}
"""What she is free to choose. Letters about events are asked about nowhere as long as none are sent: whoever has agreed
to them earlier sees it, and can take it back."""
ASKED_CONSENTS: Final = tuple(
    purpose
    for purpose in ConsentPurpose
    if any(purpose in (*NEEDED_CONSENTS[role], *OPTIONAL_CONSENTS[role]) for role in Applying)
)


# How many may wait --------------------------------------------------------------------------------------------------


class LimitDoes(models.TextChoices):
    """What the program does when a waiting list has reached its limit."""

    SUGGEST = "suggest", _("tells the lead on Today, who decides")
    DO = "do", _("closes and opens the intake by itself, and tells the lead on Today")


class LimitStep(models.TextChoices):
    """What is suggested, or has been done by the program."""

    CLOSE = "close", _("to be closed")
    OPEN = "open", _("to be opened")
    CLOSED = "closed", _("closed by the program")
    OPENED = "opened", _("opened by the program")
