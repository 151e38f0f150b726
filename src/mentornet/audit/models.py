"""The audit: rows that are added and never changed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What an entry tells of."""

    WRITE = "write", _("changed")
    READ = "read", _("read")
    REFUSAL = "refusal", _("refused")


class Entry(models.Model):
    """One act. Actor and object are opaque keys: erasing a person leaves nothing to join on but the key."""

    at = models.DateTimeField(_("when"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    actor = models.CharField(_("who"), max_length=60)
    act = models.CharField(_("act"), max_length=60)
    object_type = models.CharField(_("what"), max_length=60)
    object_id = models.CharField(_("which"), max_length=40)
    division_id = models.UUIDField(_("division"), null=True)
    detail = models.JSONField(_("detail"), default=dict)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [
            models.Index(fields=["object_type", "object_id", "at"], name="audit_entry_object"),
            models.Index(fields=["actor", "at"], name="audit_entry_actor"),
        ]
        constraints = [
            models.CheckConstraint(name="audit_entry_kind", condition=models.Q(kind__in=Kind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.object_type}:{self.object_id}"
