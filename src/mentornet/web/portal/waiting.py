"""How it stands with somebody who waits, in plain words for herself: what we do now, and what she can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentornet.intake.enums import WaitReason
from mentornet.intake.expecting import expected_wait
from mentornet.intake.models import Enrolment
from mentornet.people.enums import Role

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

_LOOKING: Final = gettext_lazy("We are looking for a mentor who fits you.")
_CALL: Final = gettext_lazy("Call us when something changes. We are glad to hear from you.")
_DOING: Final[Mapping[str, tuple[_StrOrPromise, _StrOrPromise, str]]] = {
    WaitReason.MENTOR: (_LOOKING, _CALL, ""),
    WaitReason.SEARCH: (
        gettext_lazy("We do not know a mentor who fits you yet. Now we ask more people. It can take some time."),
        _CALL, "",
    ),
    WaitReason.ANSWER: (
        gettext_lazy("We have asked you something. We wait for your answer."),
        gettext_lazy("Call us, and tell us what you think."), "",
    ),
    WaitReason.PAPER: (
        gettext_lazy("One paper is missing. When we have it, we look for a mentor."),
        gettext_lazy("Call us. We tell you which paper it is, and help you."), "",
    ),
    WaitReason.DANISH: (
        gettext_lazy("You learn more Danish first. When you are ready, we look for a mentor."),
        gettext_lazy("Call us when you are ready. You decide when it is."), "",
    ),
    WaitReason.TIME: (
        gettext_lazy("You have no time just now. When you have time, we look for a mentor."),
        gettext_lazy("Call us when you have time again."), "",
    ),
    WaitReason.UNSHOWN: (
        gettext_lazy("You do not want us to tell a mentor about you. So we cannot suggest anybody to you now."),
        gettext_lazy("Change what you say yes to"), "portal:consents",
    ),
    WaitReason.THIN: (
        gettext_lazy("We know too little about you to find the right mentor."),
        gettext_lazy("Tell us more about you"), "portal:profile",
    ),
    WaitReason.OTHER: (
        gettext_lazy("It takes longer, and there is a reason. Your coordinator can tell you more."),
        gettext_lazy("Call us, and ask."), "",
    ),
}  # fmt: skip
"""What we do now, what she can do, and where; a break says itself."""


@dataclass(frozen=True, slots=True)
class Wait:
    """How it stands with her.

    Attributes:
        doing: what we do now, or what we wait for.
        can_do: what she can do about it.
        url: where she does it; empty where she calls.
        expects: how long it can take, in words; empty where nobody can tell.
        hears: when she hears from us; late where the day has passed.
    """

    doing: str
    can_do: str
    url: str
    expects: str
    hears: str


def wait_of(enrolment: Enrolment, why: str, today: date) -> Wait | None:
    """Say how it stands with a mentee who waits; ``None`` of anybody else, and while she has a break."""
    is_free = enrolment.role == Role.MENTEE and enrolment.ended_on is None
    if not is_free or enrolment.active or enrolment.promised or enrolment.is_resting(today):
        return None
    doing, can_do, name = _DOING.get(why, _DOING[WaitReason.MENTOR])
    return Wait(
        doing=str(doing),
        can_do=str(can_do),
        url=reverse(name) if name else "",
        expects=expected_wait(enrolment),
        hears=next_word(enrolment, today),
    )


def next_word(enrolment: Enrolment, today: date) -> str:
    """Say by when somebody who waits hears from us; or that we are late."""
    if enrolment.word_due_on is not None and enrolment.word_due_on >= today:
        words = {"day": date_format(enrolment.word_due_on, "DATE_FORMAT")}
        return _("We write to you by %(day)s, also if we have not found a mentor yet.") % words
    return _("We should have written to you already. We are sorry. Call the office if you want to hear now.")
