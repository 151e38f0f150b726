"""An import's way up to the writing: files, what their columns mean, choices, and asking for the work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mentornet.accounts.models import User
from mentornet.audit.services import record, record_read
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, RefusedError, require
from mentornet.common.jobs import enqueue
from mentornet.divisions.models import Division
from mentornet.imports.enums import BATCH_STEPS, BatchState, Stage
from mentornet.imports.models import SILENT_AFTER, Batch, File, Report
from mentornet.imports.queries import stale_batches
from mentornet.imports.rules import may_change, may_import
from mentornet.imports.services.layouts import (
    asks_for_briefing,
    change_layout,
    layout_faults,
    layout_of,
    remember_layout,
)
from mentornet.programmes.models import Programme
from reference.columns import Subject
from reference.mapped import FoundFile

FORGOTTEN_AFTER: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that has been looked into."""

    found: FoundFile
    content: bytes


@transaction.atomic
def start_batch(
    *, by: Actor, division: Division, programme: Programme, uploads: Sequence[Upload], user: User | None, author: str
) -> Batch:
    """Begin an import with its files; nothing is read yet beyond the headers.

    Raises:
        NotAllowedError: not the actor's division, or the programme does not run there.
        ValidationError: no people in it.
    """
    require(may_import(by, division, programme))
    if not uploads:
        raise ValidationError(_("Choose at least one file."), code="empty")
    batch = Batch(
        division=division,
        programme=programme,
        user=user,
        created_by=by.key,
        author_name=author,
        created_at=by.at,
    )
    batch.full_clean()
    batch.save(force_insert=True)
    for upload in uploads:
        _put(by, batch, upload)
    record(by=by, act="imports.start", of=batch, division_id=division.pk, detail={"files": len(uploads)})
    return batch


def _put(by: Actor, batch: Batch, upload: Upload) -> None:
    batch.files.filter(subject=upload.found.subject).delete()
    file = File(
        batch=batch,
        subject=upload.found.subject,
        name=upload.found.name[-200:],
        rows=upload.found.rows,
        content=upload.content,
        layout=layout_of(upload.found),
        created_at=by.at,
    )
    file.save(force_insert=True)


@transaction.atomic
def replace_files(
    *, by: Actor, batch: Batch, division: Division, programme: Programme, uploads: Sequence[Upload]
) -> Batch:
    """Change where an import goes, and put files in the place of earlier ones; it begins again at the columns.

    Raises:
        NotAllowedError: it is at work or finished, or not the actor's.
    """
    require(may_change(by, batch, by.at))
    require(may_import(by, division, programme))
    _step(by, batch, BatchState.COLUMNS, division=division, programme=programme)
    for upload in uploads:
        _put(by, batch, upload)
    Report.objects.filter(batch=batch).delete()
    record(by=by, act="imports.replace_files", of=batch, division_id=division.pk, detail={"files": len(uploads)})
    return batch


@transaction.atomic
def drop_file(*, by: Actor, batch: Batch, subject: str) -> None:
    """Take one of several files out of an import.

    Raises:
        NotAllowedError: it is at work or finished.
        RefusedError: it is the only one.
    """
    require(may_change(by, batch, by.at))
    if not batch.files.exclude(subject=subject).exists():
        raise RefusedError(_("This is the only file. Discard the import instead."))
    _step(by, batch, BatchState.COLUMNS)
    batch.files.filter(subject=subject).delete()
    Report.objects.filter(batch=batch).delete()


def _step(by: Actor, batch: Batch, after: BatchState, **values: object) -> None:
    """Take a step, unless somebody else, or the work itself, has taken another one meanwhile."""
    stopped = ~Q(problem="") | Q(heartbeat_at__lt=by.at - SILENT_AFTER)
    stopped |= Q(heartbeat_at__isnull=True, asked_at__lt=by.at - SILENT_AFTER)
    sources = BATCH_STEPS.sources(after)
    at_rest = [state for state in sources if state not in {BatchState.CHECKING, BatchState.WRITING}]
    may = Q(state__in=at_rest) | (Q(state__in=(BatchState.CHECKING, BatchState.WRITING)) & stopped)
    values = {"state": after, "attempt": F("attempt") + 1, "problem": "", "heartbeat_at": None, **values}
    if not Batch.objects.filter(may, pk=batch.pk).update(**values):
        raise ChangedMeanwhileError(_("The import has gone on meanwhile. Look at it again."))
    batch.refresh_from_db()


@transaction.atomic
def set_columns(
    *,
    by: Actor,
    batch: Batch,
    fields: Mapping[str, Mapping[int, str]],
    are_briefed: bool | None,
    briefed_on: date | None,
) -> Batch:
    """Say what the columns mean; what differs from our own names is remembered for the next list.

    Args:
        by: who says so.
        batch: the import.
        fields: by subject and place of the column, the field it fills; empty: left out.
        are_briefed: of mentors for whom the list does not say; ``None`` only where it does, or there are none.
        briefed_on: since when.

    Raises:
        ValidationError: by ``subject`` or ``are_briefed``, what is missing or stands twice.
        NotAllowedError: it is at work or finished.
    """
    require(may_change(by, batch, by.at))
    files = {file.subject: file for file in batch.files.defer("content")}
    errors: dict[str, list[ValidationError]] = {}
    for subject, file in files.items():
        chosen = fields.get(subject, {})
        change_layout(file.layout, chosen)
        if found := layout_faults(Subject(subject), file.layout):
            errors[subject] = found
    asks = asks_for_briefing(list(files.values()))
    if asks and are_briefed is None:
        errors["are_briefed"] = [ValidationError(_("Say whether these mentors have been briefed."), code="required")]
    if asks and are_briefed and (briefed_on is None or briefed_on > by.today):
        text = _("Give the day of the briefing, today at the latest.")
        errors["briefed_on"] = [ValidationError(text, code="day")]
    if errors:
        raise ValidationError(errors)
    _step(
        by,
        batch,
        BatchState.COLUMNS,
        are_briefed=are_briefed if asks else None,
        briefed_on=briefed_on if asks and are_briefed else None,
    )
    for file in files.values():
        file.save(update_fields=["layout"])
        remember_layout(by=by, file=file)
    Report.objects.filter(batch=batch).delete()
    return batch


@transaction.atomic
def ask_for_check(*, by: Actor, batch: Batch, user: User | None = None, enqueues: bool = True) -> Batch:
    """Have the files checked against their columns, each other, and what is known. Nothing is taken over by it.

    Raises:
        NotAllowedError: finished, or not the actor's.
        ChangedMeanwhileError: it is being checked already.
    """
    require(may_change(by, batch, by.at))
    return _ask(by, batch, BatchState.CHECKING, "imports.check" if enqueues else "", user)


@transaction.atomic
def choose(*, by: Actor, batch: Batch, choices: Mapping[str, str], for_the_rest: str = "") -> int:
    """Keep what was chosen about likely duplicates, and return how many are left to choose.

    Raises:
        NotAllowedError: it is at work or finished.
    """
    require(may_change(by, batch, by.at))
    report = Report.objects.select_for_update().get(batch=batch)
    duplicates = {duplicate["key"]: duplicate for duplicate in report.content.get("duplicates", [])}
    for key, choice in choices.items():
        if key in duplicates and choice in possible_choices(duplicates[key]):
            report.choices[key] = choice
    if for_the_rest:
        for key, duplicate in duplicates.items():
            possible = possible_choices(duplicate)
            wanted = next((choice for choice in possible if choice.partition(":")[0] == for_the_rest), None)
            if wanted is not None:
                report.choices.setdefault(key, wanted)
    report.save(update_fields=["choices"])
    return sum(key not in report.choices for key in duplicates)


def possible_choices(duplicate: Mapping[str, Any]) -> list[str]:
    """Return what may be chosen about a likely duplicate, the most cautious last."""
    own = f"row:{duplicate['subject']}:"
    same = [f"same:{match['key']}" for match in duplicate["matches"] if not match["key"].startswith(own)]
    return [*same, "new", "out"]


@transaction.atomic
def ask_for_writing(*, by: Actor, batch: Batch, user: User | None = None, enqueues: bool = True) -> Batch:
    """Have everything written, in one transaction; two clicks write it once.

    Raises:
        NotAllowedError: finished, at work, or not the actor's.
        RefusedError: something is wrong in the files, or a likely duplicate has not been decided on.
        ChangedMeanwhileError: somebody else was faster.
    """
    require(may_change(by, batch, by.at))
    report = Report.objects.filter(batch=batch).first()
    if report is None:
        raise RefusedError(_("The files have not been checked yet."))
    if report.content.get("faults"):
        raise RefusedError(_("Something is wrong in the files. Mend them, then choose them again."))
    left = sum(duplicate["key"] not in report.choices for duplicate in report.content.get("duplicates", []))
    if left:
        raise RefusedError(_("Choose first what to do about those who may be known already."))
    return _ask(by, batch, BatchState.WRITING, "imports.write" if enqueues else "", user)


def _ask(by: Actor, batch: Batch, after: BatchState, job: str, user: User | None) -> Batch:
    # The job acts as whoever asked last: it is she who answers for it.
    values: dict[str, object] = {} if user is None else {"user": user, "author_name": user.name}
    total = sum(batch.files.values_list("rows", flat=True))
    _step(by, batch, after, asked_at=by.at, begun_at=None, stage=Stage.QUEUED, rows_done=0, rows_total=total, **values)
    if job:
        enqueue(job, batch_id=str(batch.pk), attempt=batch.attempt)
    return batch


def record_download(*, by: Actor, batch: Batch) -> None:
    """Note that somebody has taken the list of faults with her: it holds what stands in the cells."""
    record_read(by=by, act="imports.download_faults", of=batch, division_id=batch.division_id)


@transaction.atomic
def discard_batch(*, by: Actor, batch: Batch) -> None:
    """Delete an import that was never written, with its files.

    Raises:
        NotAllowedError: it is at work or finished.
        ChangedMeanwhileError: it has just been taken up again.
    """
    require(may_change(by, batch, by.at))
    _step(by, batch, BatchState.COLUMNS)
    record(by=by, act="imports.discard", of=batch, division_id=batch.division_id)
    delete_unwritten(batch)


@transaction.atomic
def delete_unwritten(batch: Batch) -> None:
    """Delete an import that was never written, with its lists and what was found in them."""
    Report.objects.filter(batch=batch).delete()
    File.objects.filter(batch=batch).delete()
    batch.delete()


def forget_stale_batches(*, by: Actor) -> int:
    """Delete imports, and with them lists of people, that nobody has gone on with for thirty days."""
    count = 0
    for batch in stale_batches(by.at - FORGOTTEN_AFTER):
        with transaction.atomic():
            record(by=by, act="imports.forget", of=batch, division_id=batch.division_id)
            delete_unwritten(batch)
        count += 1
    return count
