"""What letters say of her rights and of how she is reached: not even that it is about data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from mentornet.messaging.templates import NEUTRAL, Template

ABOUT_RIGHTS: Final[Mapping[str, Template]] = {
    "request_received": Template(
        NEUTRAL,
        _(
            "We have got what you asked us for.\n\n"
            "You hear from us by %(day)s at the latest. You do not need to do anything now. "
            "When you sign in to your own page, you can see how far we are."
        ),
        _("We have got what you asked us for. You hear from us by %(day)s at the latest."),
        is_about_rights=True,
    ),
    "request_extended": Template(
        NEUTRAL,
        _(
            "We are sorry: we need more time to answer you. You hear from us by %(day)s at the latest.\n\n"
            "Why it takes longer, you can read on your own page when you sign in. Or call us, and we tell you. "
            "If you do not agree, you can complain; we tell you where."
        ),
        _("We are sorry: we need more time to answer you. You hear from us by %(day)s. Call us to ask why."),
        is_about_rights=True,
    ),
    "request_answered": Template(
        NEUTRAL,
        _(
            "Here is our answer to what you asked us for.\n\n"
            "You can read it on your own page when you sign in. Or call us, and we read it to you."
        ),
        _("We have an answer for you. You can read it on your own page, or call us and we read it to you."),
        is_about_rights=True,
    ),
    "rest_of_data_ends": Template(
        NEUTRAL,
        _(
            "You asked us to leave everything as it is. From %(day)s we go on as before.\n\n"
            "If you do not want that, please call us before that day."
        ),
        _("You asked us to leave everything as it is. From %(day)s we go on. If you do not want that, call us."),
        is_about_rights=True,
    ),
    "reached_elsewhere": Template(
        NEUTRAL,
        _(
            "We have written down a new address or phone number for you. From now on we write to you there.\n\n"
            "Did you ask for this? Then you do not need to do anything.\n\n"
            "Did you not ask for this? Please call the office as soon as you can."
        ),
        _("We have a new address or phone number for you. If you did not ask for this, please call the office."),
    ),
}
