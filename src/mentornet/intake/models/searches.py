"""Searches of the bank that somebody keeps."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record


class SavedSearch(Record):
    """A search that somebody keeps: the page's name and the address's query."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches")
    page = models.CharField(_("page"), max_length=40)
    name = models.CharField(_("name"), max_length=80)
    query = models.CharField(_("search"), max_length=1_000)

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        constraints = [
            models.UniqueConstraint(name="intake_savedsearch_name", fields=["user", "page", "name"]),
            models.CheckConstraint(name="intake_savedsearch_named", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name
