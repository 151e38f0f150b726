"""What is written to somebody who waits or rests: the words of these letters, as they ship."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from mentornet.messaging.templates import NEUTRAL, Kind, Template

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

STANDINGS: Final[Mapping[str, _StrOrPromise]] = {
    "mentor": _("We do not have a suggestion for you yet. We keep looking."),
    "suggested": _("There is a suggestion for you, and it is not settled yet."),
    "search": _("We do not have a suggestion for you yet. We are asking more people now. That can take some time."),
    "answer": _("We have asked you something, and wait for your answer. Please call us."),
    "paper": _("One paper is still missing. Please call us, and we tell you which."),
    "danish": _("You want to learn more first. We go on when you are ready. Please call us when you are."),
    "time": _("You have no time just now. We go on when you have. Please call us when it changes."),
    "unshown": _("You have said no to something that we need to go on. You can change that when you want."),
    "thin": _("We need to know more about you. Please call us, or write it on your own page."),
    "break": _("You wanted a break. You keep your place."),
    "other": _("We do not have a suggestion for you yet. We have not forgotten you."),
}
"""By the word that the letter's value ``standing`` is; a test holds them to the reasons why somebody waits."""

WHILE_WAITING: Final[Mapping[str, Template]] = {
    "word_from_waiting_list": Template(
        NEUTRAL,
        _(
            "You are still on our list, and we have not forgotten you.\n\n"
            "We do not have a suggestion for you yet. We keep looking. We will write to you again by %(day)s.\n\n"
            "Please call us if something has changed for you."
        ),
        _("You are still on our list. We keep looking. We will write to you again by %(day)s."),
        kind=Kind.NEWS,
        may_wait=True,
    ),
    "waiting_update": Template(
        NEUTRAL,
        _(
            "You are still on our list, and we have not forgotten you.\n\n"
            "%(standing)s\n\n"
            "We write to you again by %(day)s, also if there is no news. "
            "Please call us if something has changed for you."
        ),
        _("You are still on our list, and we have not forgotten you. We write to you again by %(day)s."),
        kind=Kind.NEWS,
        may_wait=True,
        tells_only=True,
    ),
    "waiting_update_late": Template(
        NEUTRAL,
        _(
            "You should have heard from us before now. We are sorry. You are still on our list.\n\n"
            "%(standing)s\n\n"
            "We write to you again by %(day)s, also if there is no news. "
            "Please call us if something has changed for you."
        ),
        _("You should have heard from us before. We are sorry. You are still on our list. We write by %(day)s."),
        kind=Kind.NEWS,
        may_wait=True,
        tells_only=True,
    ),
    "return_asked": Template(
        NEUTRAL,
        _(
            "You wanted a rest, and asked us to write to you again about now.\n\n"
            "Would you like to come back? Please call us. It is all right if you need more time."
        ),
        _("You asked us to write again about now. Would you like to come back? Please call us."),
        linked_body=_(
            "You wanted a rest, and asked us to write to you again about now.\n\n"
            "Would you like to come back? You can answer here:\n%(link)s\n\n"
            "The link is only for you. It is all right if you need more time."
        ),
        linked_sms=_("You asked us to write again about now. Would you like to come back?"),
        kind=Kind.REMINDERS,
        may_wait=True,
    ),
    "training_waits": Template(
        NEUTRAL,
        _(
            "There is a short course for you before you begin. You have not finished it yet.\n\n"
            "You can do it when you have time. Please call us if something is difficult."
        ),
        _("There is a short course for you. You have not finished it yet. Please call us if something is difficult."),
        linked_body=_(
            "There is a short course for you before you begin. You have not finished it yet.\n\n"
            "You can go on here when you have time:\n%(link)s\n\n"
            "The link is only for you. Please call us if something is difficult."
        ),
        linked_sms=_("There is a short course for you. You have not finished it yet. You can go on here."),
        kind=Kind.REMINDERS,
        may_wait=True,
    ),
}
