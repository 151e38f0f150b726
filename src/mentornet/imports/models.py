"""Imports: their files, what was found in them, what they made; and what headers mean, remembered."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record
from mentornet.divisions.models import Division
from mentornet.imports.enums import AT_WORK, BatchState, Stage, SubjectName
from mentornet.programmes.models import Programme

SILENT_AFTER: Final = timedelta(seconds=30)
"""How long work may be silent before it counts as stopped."""


class Batch(Record):
    """One import: up to three files into a division and programme, taken over as a whole or not at all.

    Attributes:
        user: who works on it; nobody for the program's own imports.
        are_briefed: whether mentors without a day of briefing have been briefed; not asked yet when unknown.
        counts: numbers by name, of what would be, and later was, taken over.
        attempt: drawn anew whenever work is asked for; work of an earlier attempt ends without having written.
        begun_at, heartbeat_at: when the work of this attempt began, and last told of itself.
        problem: the kind of error at which the work of this attempt stopped.
    """

    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="imports", verbose_name=_("division"))
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="imports", verbose_name=_("programme")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_by = models.CharField(_("author"), max_length=60)
    author_name = models.CharField(_("author's name"), max_length=150)
    state = models.CharField(_("state"), max_length=10, choices=BatchState.choices, default=BatchState.COLUMNS)
    are_briefed = models.BooleanField(_("the mentors have been briefed"), null=True, blank=True)
    briefed_on = models.DateField(_("briefed"), null=True, blank=True)
    counts = models.JSONField(_("counts"), default=dict, blank=True)
    attempt = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(null=True, blank=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.QUEUED)
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=200, blank=True)
    finished_at = models.DateTimeField(_("taken over"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.CharField(_("undone by"), max_length=60, blank=True)
    undone_name = models.CharField(_("undone by, name"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            models.CheckConstraint(name="imports_batch_state", condition=Q(state__in=BatchState.values)),
            models.CheckConstraint(
                name="imports_batch_finished", condition=~Q(state__in=("done", "undone")) | Q(finished_at__isnull=False)
            ),
            models.CheckConstraint(
                name="imports_batch_undone", condition=~Q(state="undone") | Q(undone_at__isnull=False)
            ),
        ]
        indexes = [models.Index(name="imports_batch_place", fields=["division", "created_at"])]

    def __str__(self) -> str:
        return f"import {self.pk}"

    @property
    def is_at_work(self) -> bool:
        """The program is at it; nobody else may change anything."""
        return self.state in AT_WORK

    def has_stopped(self, at: datetime) -> bool:
        """Tell whether the work has ended without a result: an error, or silence for half a minute."""
        last = self.heartbeat_at or self.asked_at
        return self.is_at_work and (bool(self.problem) or (last is not None and last < at - SILENT_AFTER))


class File(Record):
    """A file of an import; its content is deleted as soon as the import is done.

    Attributes:
        name: the base name of the upload.
        layout: for each header its place, text, samples and, once looked at, the field it fills.
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="files", verbose_name=_("import"))
    subject = models.CharField(_("about"), max_length=10, choices=SubjectName.choices)
    name = models.CharField(_("name"), max_length=200)
    rows = models.PositiveIntegerField(_("rows"))
    content = models.BinaryField(_("content"), null=True, blank=True)
    layout = models.JSONField(_("columns"), default=list, blank=True)

    class Meta:
        verbose_name = _("file of an import")
        verbose_name_plural = _("files of imports")
        constraints = [
            models.UniqueConstraint(name="imports_file_once", fields=["batch", "subject"]),
            models.CheckConstraint(name="imports_file_subject", condition=Q(subject__in=SubjectName.values)),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.batch_id}"


class Report(models.Model):
    """What was found in the files, and what was chosen about likely duplicates; deleted with the content.

    Attributes:
        content: faults, notices, first rows and likely duplicates (:mod:`mentornet.imports.findings`).
        choices: by row, such as ``mentors:12``.
    """

    batch = models.OneToOneField(Batch, on_delete=models.PROTECT, related_name="report", verbose_name=_("import"))
    content = models.JSONField(_("findings"), default=dict)
    choices = models.JSONField(_("choices"), default=dict, blank=True)

    class Meta:
        verbose_name = _("report on an import")
        verbose_name_plural = _("reports on imports")

    def __str__(self) -> str:
        return f"report {self.batch_id}"


class Trace(models.Model):
    """What an import made and what it changed, so that it can be undone.

    Attributes:
        made: keys of the rows that it made, by model.
        former: of people whom it updated, what was known before.
        last_entry: the last audit entry that the import itself wrote.
    """

    batch = models.OneToOneField(Batch, on_delete=models.PROTECT, related_name="trace", verbose_name=_("import"))
    made = models.JSONField(_("made"), default=dict)
    former = models.JSONField(_("former values"), default=dict)
    last_entry = models.BigIntegerField(_("last audit entry"))

    class Meta:
        verbose_name = _("trace of an import")
        verbose_name_plural = _("traces of imports")

    def __str__(self) -> str:
        return f"trace {self.batch_id}"


class ColumnMapping(Record):
    """What a header means, as somebody has said once; in the whole organisation.

    Attributes:
        header: folded, as headers are compared.
        field: the column it fills; empty: it is left out.
    """

    subject = models.CharField(_("about"), max_length=10, choices=SubjectName.choices)
    header = models.CharField(_("header"), max_length=300)
    field = models.CharField(_("column"), max_length=40, blank=True)
    created_by = models.CharField(_("author"), max_length=60)

    class Meta:
        verbose_name = _("remembered column")
        verbose_name_plural = _("remembered columns")
        constraints = [models.UniqueConstraint(name="imports_columnmapping_once", fields=["subject", "header"])]

    def __str__(self) -> str:
        return f"{self.subject} {self.header}"
