"""What is written to those who may know somebody who is not in the bank.

An expert on a list does not know us. So her letter says itself what an honest one must (Articles 13, 14 and 21 of the
General Data Protection Regulation): who writes, who answers for her data and how to reach them, where we have her name
from, what for and why we may, for how long, and how she says no for good. She takes no part in anything: that we know
her name tells nobody who reads her letters anything of her.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mentornet.messaging.templates import NEUTRAL, Kind, Template

GROUNDS: Final[Mapping[str, str | Promise]] = {
    "published": _("You have published it yourself, to be asked as an expert."),
    "agreed": _("You have agreed that it is given to us."),
    "member": _("You are in the house’s own network of experts."),
}
"""Why an expert’s name may be kept, as she reads it, by the ground."""

ABOUT_SEARCHES: Final[Mapping[str, Template]] = {
    "search_asked": Template(
        NEUTRAL,
        _(
            "We are looking for somebody, and hope that you can help us. It takes two minutes.\n\n"
            "You can read what we need, and answer before %(day)s:\n%(link)s\n\n"
            "The link is only for you. You can also say that it does not suit you now."
        ),
        _("We are looking for somebody, and hope that you can help us. Please read and answer before %(day)s."),
    ),
    "search_waiting": Template(
        NEUTRAL,
        _(
            "We have asked you if you know somebody. You can still answer before %(day)s:\n%(link)s\n\n"
            "The link is only for you. “Not now” is an answer too. We do not write about it again."
        ),
        _("We have asked you if you know somebody. You can still answer before %(day)s. We do not write again."),
        kind=Kind.REMINDERS,
        may_wait=True,
    ),
    "expert_invited": Template(
        NEUTRAL,
        _(
            "You do not know us yet. We are %(network)s, office %(office)s: volunteers who bring people together who "
            "can learn from each other. We look for people who know their field.\n\n"
            "We have your name and your address from here: %(source)s. %(ground)s Until now we have done nothing with "
            "them. We would like to ask you, a few times a year, whether you know somebody in your field. We use them "
            "for nothing else. The law calls this a legitimate interest (General Data Protection Regulation, article "
            "6(1)(f)).\n\n"
            "Here you can read who we are, what we would ask you, and what we have written down about you. "
            "There you can also say no: then we delete it, and never write to you again.\n%(link)s\n\n"
            "You do not need to answer. If you do not, we write to you again only when we look for somebody in your "
            "field, and delete your name after a year.\n\n"
            "%(controller)s answers for what is kept about you. You can see it, have it corrected or deleted, and ask "
            "us anything: %(reach)s. You can also complain to the Danish Data Protection Agency (Datatilsynet)."
        ),
        _("We have your name from a list of experts. Read who we are and what we ask, or say no for good."),
    ),
    "expert_asked": Template(
        NEUTRAL,
        _(
            "We are %(network)s, office %(office)s: volunteers who bring people together who can learn from each "
            "other. Now we look for somebody in your field, and hope that you can help us.\n\n"
            "We have your name and your address from here: %(source)s. %(ground)s We use them to ask you, and for "
            "nothing else. The law calls this a legitimate interest (General Data Protection Regulation, article "
            "6(1)(f)). If you do not answer, we delete your name after a year.\n\n"
            "You can read what we need and who we are, and answer before %(day)s. There you can also say no for good: "
            "then we delete your name, and never write to you again.\n%(link)s\n\n"
            "The link is only for you.\n\n"
            "%(controller)s answers for what is kept about you. You can see it, have it corrected or deleted, and ask "
            "us anything: %(reach)s. You can also complain to the Danish Data Protection Agency (Datatilsynet)."
        ),
        _("We look for somebody in your field. Read what we need before %(day)s, or say no for good."),
    ),
}
