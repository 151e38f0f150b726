"""What those who are asked read themselves: the three answers, and why an expert's name may be kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mentornet.messaging.search_events import GROUNDS


class Reply(models.TextChoices):
    """What somebody answers who was asked."""

    KNOWS = "knows", pgettext_lazy("search", "I know someone")
    IS = "is", pgettext_lazy("search", "I am someone")
    NOT_NOW = "not_now", pgettext_lazy("search", "not now")


HELPS: Final = (Reply.KNOWS, Reply.IS)
"""Answers after which somebody may write to us."""


class LegalBasis(models.TextChoices):
    """Why we may keep an expert's name before she has heard of us."""

    PUBLISHED = "published", _("she has published it herself, to be asked as an expert")
    AGREED = "agreed", _("she has agreed that it is given to us")
    MEMBER = "member", _("she is in the house’s own network of experts")


TO_HERSELF: Final[Mapping[LegalBasis, str | Promise]] = {one: GROUNDS[one.value] for one in LegalBasis}
"""The same, as she reads it."""
