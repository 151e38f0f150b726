"""What was done about backups, and how it ended: by which an administrator sees whether there is one to rely on."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from mentornet.backups.enums import Kind
from mentornet.common.models import Record


class Run(Record):
    """One backup, drill or restore; ``created_at`` is when it began.

    Attributes:
        file: the file's name, without its folder.
        made_at: when what is in the file was read.
        size: of the file, in bytes.
        seal: the public keys, or ``passphrase``.
        tables, rows: how much there was; in a drill, how much was found the same.
        replayed: how many erasures the ledger knew that were carried out again.
        has_signed_in: somebody could sign in on the restored copy.
        problem: why it did not end well; empty when it did.
    """

    kind = models.CharField(_("what"), max_length=10, choices=Kind.choices)
    finished_at = models.DateTimeField(_("finished"))
    file = models.CharField(_("file"), max_length=255)
    made_at = models.DateTimeField(_("state of"), null=True)
    size = models.BigIntegerField(_("bytes"), default=0)
    sha256 = models.CharField(_("fingerprint"), max_length=64, blank=True)
    seal = models.TextField(_("sealed with"), blank=True)
    tables = models.PositiveIntegerField(_("tables"), default=0)
    rows = models.BigIntegerField(_("rows"), default=0)
    replayed = models.PositiveIntegerField(_("erasures carried out again"), default=0)
    has_signed_in = models.BooleanField(_("signed in"), default=False)
    problem = models.TextField(_("what went wrong"), blank=True)

    class Meta:
        verbose_name = _("backup run")
        verbose_name_plural = _("backup runs")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["kind", "finished_at"], name="backups_run_kind")]
        constraints = [
            models.CheckConstraint(name="backups_run_kind_known", condition=models.Q(kind__in=Kind.values)),
            # A drill that has not signed in is none.
            models.CheckConstraint(
                name="backups_run_good_drill",
                condition=~models.Q(kind=Kind.DRILL, problem="") | models.Q(has_signed_in=True, tables__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.file}"

    @property
    def seconds(self) -> float:
        """How long it took."""
        return (self.finished_at - self.created_at).total_seconds()
