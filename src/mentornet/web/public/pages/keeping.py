"""How long what is known of somebody may be kept, in plain words: drawn from what is declared of every column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mentornet.common.fields import Retention, declared, declared_models
from mentornet.intake.services.drafts import KEPT_FOR

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

_WORDS: Final[Mapping[Retention, _StrOrPromise]] = {
    Retention.CASE: _(
        "What we know of you to find somebody who suits you, and what you have done with us: as long as you are with "
        "us, and until we have asked you for the last time how it went."
    ),
    Retention.CONTACT: _("How to reach you: until we have asked you for the last time how it went."),
    Retention.NOTES: _("What was noted about our talks with you, and our letters to you: until a year after you left."),
    Retention.LOG: _(
        "What you have agreed to, what you have told us in confidence, and the record of who has read or changed "
        "something: five years."
    ),
}


def keeping() -> list[str]:
    """Return a sentence for each time that is declared of any column about a participant; what is unsent comes first.

    Raises:
        KeyError: a column is kept for a time for which there are no words.
    """
    found = {
        policy.retention for name in declared_models() for policy in declared(name).values() if policy.about_person
    }
    days = KEPT_FOR.days
    unsent = ngettext(
        "What you have written and not sent: %(days)s day. Then the program deletes it.",
        "What you have written and not sent: %(days)s days. Then the program deletes it.",
        days,
    ) % {"days": days}
    return [unsent, *(str(_WORDS[one]) for one in Retention if one in found)]
