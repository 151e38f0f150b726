"""Links by which a mentor or a contact person sends somebody to the network."""

from __future__ import annotations

import secrets
from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record
from mentornet.people.models import Person

_SIGNS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""No sign that is read for another: the code is also said on the telephone."""
_LENGTH: Final = 8


def draw_code() -> str:
    """Return a short code that nobody guesses from another one."""
    return "".join(secrets.choice(_SIGNS) for _number in range(_LENGTH))


class Referral(Record):
    """Somebody's own link: whoever comes through it is counted as sent by her.

    Attributes:
        code: what stands in the address; it tells nothing about whose it is.
    """

    person = models.OneToOneField(
        Person, on_delete=models.PROTECT, related_name="referral", verbose_name=_("who sends people")
    )
    code = models.CharField(_("code"), max_length=12, unique=True, default=draw_code)
    since = models.DateField(_("since"))

    class Meta:
        verbose_name = _("referral link")
        verbose_name_plural = _("referral links")
        constraints = [models.CheckConstraint(name="intake_referral_code", condition=~Q(code=""))]

    def __str__(self) -> str:
        return self.code
