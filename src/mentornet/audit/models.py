"""The audit: rows that are added and never changed, and the head of the chain that shows whether they were."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.audit.chain import commitment_of, new_nonce, seal_of

HEX: Final = 64
"""A SHA-256 in hexadecimal."""


class Kind(models.TextChoices):
    """What an entry tells of."""

    WRITE = "write", _("changed")
    READ = "read", _("read")
    REFUSAL = "refusal", _("refused")


class CommitmentField(models.CharField):  # type: ignore[type-arg]  # its generic parameters are the text's
    """The hash of what an entry says, computed as the row is inserted, by whichever way: one, many, or in bulk."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Commit a new entry to what it says now; what stands is never committed anew."""
        if add and isinstance(model_instance, Entry):
            model_instance.commitment = model_instance.says()
        value: str = super().pre_save(model_instance, add)
        return value


class Entry(models.Model):
    """One act. Actor and object are opaque keys: erasing a person leaves nothing to join on but the key.

    A program of the database refuses changes to sealed rows (:mod:`mentornet.audit.guards`). SQLite forgets it whenever
    a migration makes the table anew: such a migration ends with ``guards.guard``, and a test asks whether it is there.

    Attributes:
        nonce: a random number without which the commitment tells nothing about what was committed to.
        commitment: the hash of what the entry says; empty in rows from before there was a chain, until they are sealed.
        position: its place in the chain, from 1 without a gap; empty until it is sealed.
        seal: follows from the seal before, the position and the commitment.
        redaction: the number of the erasure by which it was emptied.
    """

    at = models.DateTimeField(_("when"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    actor = models.CharField(_("who"), max_length=60)
    act = models.CharField(_("act"), max_length=60)
    object_type = models.CharField(_("what"), max_length=60)
    object_id = models.CharField(_("which"), max_length=40)
    division_id = models.UUIDField(_("division"), null=True)
    detail = models.JSONField(_("detail"), default=dict)
    nonce = models.CharField(_("random number"), max_length=32, default=new_nonce, editable=False)
    commitment = CommitmentField(_("hash"), max_length=HEX, default="", editable=False)
    position = models.PositiveBigIntegerField(_("place in the chain"), null=True, unique=True, editable=False)
    seal = models.CharField(_("seal"), max_length=HEX, default="", editable=False)
    redaction = models.PositiveIntegerField(_("emptied by erasure number"), null=True, editable=False)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [
            models.Index(fields=["object_type", "object_id", "at"], name="audit_entry_object"),
            models.Index(fields=["actor", "at"], name="audit_entry_actor"),
            models.Index(fields=["id"], name="audit_entry_unsealed", condition=Q(position=None)),
        ]
        constraints = [
            models.CheckConstraint(name="audit_entry_kind", condition=Q(kind__in=Kind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.object_type}:{self.object_id}"

    def says(self) -> str:
        """Return the commitment that belongs to what stands in the row now."""
        return commitment_of(
            nonce=self.nonce,
            at=self.at,
            kind=self.kind,
            actor=self.actor,
            act=self.act,
            object_type=self.object_type,
            object_id=self.object_id,
            division_id=self.division_id,
            detail=self.detail,
        )

    def sealed_after(self, before: str, position: int) -> str:
        """Return the seal that belongs to the row at this place, given the one before."""
        return seal_of(
            before=before,
            position=position,
            key=self.pk,
            at=self.at,
            kind=self.kind,
            act=self.act,
            object_type=self.object_type,
            commitment=self.commitment,
        )


class Head(models.Model):
    """The head of the chain, one row: without it nobody would see that the last entries have been cut off.

    Attributes:
        sealed: how many entries are sealed.
        seal: the last one's.
        adopted_through: the last entry, by its key, from before there was a chain: those commit when they are sealed.
        mark: the signature over the three.
    """

    ONLY: Final = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    sealed = models.PositiveBigIntegerField(_("sealed entries"), default=0)
    seal = models.CharField(_("last seal"), max_length=HEX, default="")
    adopted_through = models.PositiveBigIntegerField(_("last entry before the chain"), default=0)
    mark = models.CharField(_("signature"), max_length=400)
    sealed_at = models.DateTimeField(_("last sealed"), null=True)

    class Meta:
        verbose_name = _("head of the audit's chain")
        verbose_name_plural = _("heads of the audit's chain")
        constraints = [
            models.CheckConstraint(name="audit_head_one", condition=Q(id=1)),
        ]

    def __str__(self) -> str:
        return f"{self.sealed}:{self.seal}"
