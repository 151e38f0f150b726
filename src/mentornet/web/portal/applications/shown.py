"""Where an application is, in words that tell what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from mentornet.intake.enums import ApplicationState
from mentornet.people.enums import Role

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

_S = ApplicationState


@dataclass(frozen=True, slots=True)
class Where:
    """What she reads about a state.

    Attributes:
        title: a sentence: where it is.
        words: what happens now.
    """

    title: str
    words: str


_WHERE: Final[Mapping[str, tuple[_StrOrPromise, _StrOrPromise]]] = {
    _S.PRE_REGISTERED: (
        gettext_lazy("You are on our list."),
        gettext_lazy("The office is full just now. Your place counts from the day you wrote. When there is room, "
                     "we contact you the way you chose."),
    ),
    _S.RECEIVED: (
        gettext_lazy("We have got what you wrote."),
        gettext_lazy("A coordinator reads it. Then she contacts you the way you chose, and you find a time to talk."),
    ),
    _S.BOOKED: (
        gettext_lazy("We have a time to talk."),
        gettext_lazy("You do not need to prepare. You can ask everything."),
    ),
    _S.INTERVIEWED: (
        gettext_lazy("We have talked with you."),
        gettext_lazy("Now we think about what you told us. Then we tell you if there is a place for you."),
    ),
    _S.DECLINED: (
        gettext_lazy("There is no place for you with us now."),
        gettext_lazy("Call us. We tell you why, and what else may help you."),
    ),
    _S.WITHDRAWN: (
        gettext_lazy("You have taken your application back."),
        gettext_lazy("That is all right. You do not have to say why. You can write to us again at any time."),
    ),
}  # fmt: skip
_APPROVED: Final[Mapping[str, tuple[_StrOrPromise, _StrOrPromise]]] = {
    Role.MENTEE: (
        gettext_lazy("You have a place with us."),
        gettext_lazy("We look for a mentor who fits you. It can take some time. We write to you while you wait."),
    ),
    Role.MENTOR: (
        gettext_lazy("You are a mentor with us."),
        gettext_lazy("We contact you when we have a suggestion for you. It can take some time."),
    ),
}
_STEPS: Final[tuple[tuple[_StrOrPromise, tuple[str, ...]], ...]] = (
    (pgettext_lazy("how far an application has come", "Sent"), (_S.PRE_REGISTERED, _S.DRAFT)),
    (pgettext_lazy("how far an application has come", "We talk"), (_S.RECEIVED, _S.BOOKED)),
    (pgettext_lazy("how far an application has come", "We decide"), (_S.INTERVIEWED,)),
    (pgettext_lazy("how far an application has come", "You are with us"), ()),
)


def where_it_is(state: str, role: str, *, trains_first: bool = False) -> Where:
    """Return in words where an application is; with ``trains_first`` what comes next is hers to do."""
    title, words = _APPROVED[role] if state == _S.APPROVED else _WHERE.get(state, _WHERE[_S.RECEIVED])
    return Where(str(title), _("Before your first mentee you do a short training.") if trains_first else str(words))


def steps_of(state: str) -> list[dict[str, str]]:
    """Return how far it has come, for the stepper; nothing once it has ended without a place."""
    if state in {_S.DECLINED, _S.WITHDRAWN}:
        return []
    current = next((number for number, (_label, of) in enumerate(_STEPS) if state in of), len(_STEPS))
    marks = ["done" if number < current else "current" if number == current else "ahead" for number in range(4)]
    if state == _S.PRE_REGISTERED:
        # It has been sent; what she waits for is room.
        marks[0] = "current"
    return [{"label": str(label), "state": mark} for (label, _of), mark in zip(_STEPS, marks, strict=True)]


def role_words(role: str) -> str:
    """Return what she has applied for."""
    return _("You want a mentor") if role == Role.MENTEE else _("You want to be a mentor")
