"""What can be said to a woman who waits, or to a mentor who is idle: each sentence in her own language.

A file of its own: these are the words that participants are told, whatever language the reader has.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from mentornet.matching.whynot import Said

TO_MENTEE: Final[Mapping[Said, str | Promise]] = {
    Said.NOBODY_YET: gettext_lazy(
        "We do not have a mentor for you yet. We are looking for one, and you keep your place."
    ),
    Said.ENOUGH: gettext_lazy(
        "There are mentors who could be right for you, and others are waiting too. You keep your place, and we call "
        "you."
    ),
    Said.NOT_WELL: gettext_lazy(
        "We know mentors whom you could talk with, but nobody yet who fits what you want well enough. We go on looking."
    ),
    Said.TIME: gettext_lazy(
        "It is hard to find a time that suits you and a mentor. If you could also meet at another time of the week, "
        "it would be easier. You decide."
    ),
    Said.LANGUAGE: gettext_lazy(
        "We have not found a mentor who speaks your languages well enough. If there are more languages that you can "
        "talk in, then tell us."
    ),
    Said.ONLINE: gettext_lazy(
        "It is hard to find a mentor near you. If you could also meet on a telephone or a computer, it would be "
        "easier. You decide."
    ),
    Said.NEAR: gettext_lazy("We have not found a mentor who can meet where you are. We go on looking."),
    Said.WISHES: gettext_lazy(
        "You have told us what a mentor must have, and we have not found it yet. If it may be otherwise, then tell "
        "us; if not, it stands."
    ),
    Said.BUSY: gettext_lazy(
        "The mentors who could be right for you do not have time just now. We call you when one of them has."
    ),
    Said.SEARCHING: gettext_lazy(
        "Nobody among our mentors fits you yet. We are looking for one, and you keep your place."
    ),
}
"""What can be said to a mentee. None of it names anybody else, a number, or that somebody must not meet her."""

TO_MENTOR: Final[Mapping[Said, str | Promise]] = {
    Said.NOBODY_YET: gettext_lazy("Nobody is waiting for a mentor just now. We call you when somebody comes."),
    Said.ENOUGH: gettext_lazy(
        "There are women waiting who could be right for you. Nothing is decided yet. We call you when it is your turn."
    ),
    Said.NOT_WELL: gettext_lazy(
        "The women who wait just now want help with something else than you know best. That changes: we call you."
    ),
    Said.TIME: gettext_lazy(
        "It is hard to find a time that suits you and one of the women who wait. If you could also meet at another "
        "time of the week, it would be easier. You decide."
    ),
    Said.LANGUAGE: gettext_lazy(
        "The women who wait just now speak other languages, or are still learning Danish. If there are more languages "
        "that you can talk in, then tell us."
    ),
    Said.ONLINE: gettext_lazy(
        "The women who wait just now do not live near you. If you could also meet on a telephone or a computer, it "
        "would be easier. You decide."
    ),
    Said.NEAR: gettext_lazy("Nobody who waits just now can meet where you are. That changes: we call you."),
    Said.WISHES: gettext_lazy(
        "You have told us what must hold for a mentee, and it holds for nobody who waits just now. If it may be "
        "otherwise, then tell us; if not, it stands."
    ),
    Said.SEARCHING: gettext_lazy("Nobody who waits just now fits what you offer. That changes: we call you."),
    Said.BREAK: gettext_lazy(
        "You have a break. Tell us when you want to begin again; nobody is suggested to you before."
    ),
    Said.PLACES: gettext_lazy("You have no place left for a mentee. Tell us if you have time for one more."),
    Said.BRIEFING: gettext_lazy(
        "We find a mentee for you when you have been to the introduction. Tell us when you can come."
    ),
}
"""What can be said to a mentor: nothing of anybody who waits."""
TO_MENTOR_BUSY: Final = TO_MENTOR[Said.SEARCHING]


def said_words(said: Said, *, to_mentor: bool) -> str:
    """Return the sentence that can be said to her, in the language in force."""
    if to_mentor:
        return str(TO_MENTOR.get(said, TO_MENTOR_BUSY))
    return str(TO_MENTEE[said])
