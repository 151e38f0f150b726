"""Who may do what with the ways in which others sign in."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from mentornet.accounts.enums import Purpose
from mentornet.accounts.models import User
from mentornet.common.actors import Actor, System, user_key
from mentornet.common.answers import ALLOWED, Answer, denied


def may_handle_second_factors(by: Actor) -> Answer:
    """Somebody else's second factor: never on the desk, where each sets up her own."""
    return ALLOWED if isinstance(by, System) else denied(_("Everybody sets up her own second step."))


_NO_LINK: Final = frozenset({Purpose.SIGN_IN, Purpose.TRIAL})


def may_make_link(by: Actor, purpose: str) -> Answer:
    """A personal link: whoever may cause the letter that it stands in has been asked about that already."""
    del by
    known = purpose in Purpose.values and purpose not in _NO_LINK
    return ALLOWED if known else denied(_("No link is sent for this."))


def may_ask_code(by: Actor, purpose: str) -> Answer:
    """A one-time code: anybody at all, since only whoever reads her letters learns it."""
    del by
    return ALLOWED if purpose in Purpose.values else denied(_("No code is sent for this."))


def may_change_account(by: Actor, user: User) -> Answer:
    """How somebody signs in, and where she is signed in: she herself, and the program on the installation's behalf."""
    is_hers = isinstance(by, System) or by.key == user_key(user.pk)
    return ALLOWED if is_hers else denied(_("Everybody looks after her own way of signing in."))


def may_forget(by: Actor) -> Answer:
    """Deleting what opens nothing any more: the program alone."""
    return ALLOWED if isinstance(by, System) else denied(_("The program does this by itself."))
