"""What is agreed to, purpose by purpose, in the words that an applicant reads. Each is kept with the version she read.

Changing a sentence here makes a new version of its text by itself: whoever agreed to the old one agreed to the old one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from mentornet.intake.enums import ConsentPurpose

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

CONSENT_WORDS: Final[Mapping[ConsentPurpose, _StrOrPromise]] = {
    ConsentPurpose.HANDLING: _(
        "You may keep and read what I have written, and call me or write to me about it. "
        "I can stop at any time. Then my application ends."
    ),
    ConsentPurpose.INTRODUCTION: _(
        "You may show my introduction to a person you suggest to me: my first name, my area, my work, my languages, "
        "what I want or offer, and what I wrote about myself. Not my last name, and not how to reach me."
    ),
    ConsentPurpose.EVENTS: _("You may write to me about meetings and courses."),
    ConsentPurpose.EVALUATION: _(
        "You may count my answers together with the answers of others, without my name, to see what helps."
    ),
}
