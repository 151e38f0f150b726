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
from mentornet.common.spoken import reference_language
from mentornet.divisions.models import Division
from mentornet.imports.enums import BATCH_STEPS, BatchState, Stage
from mentornet.imports.models import SILENT_AFTER, Batch, ColumnMapping, File, Report
from mentornet.imports.queries import remembered, stale_batches
from mentornet.imports.rules import may_change, may_import
from mentornet.programmes.models import Programme
from reference.columns import Column, Subject, columns_of
from reference.extra_columns import all_columns_by_header, all_columns_of
from reference.mapped import FoundFile
from reference.vocabulary import folded

FORGOTTEN_AFTER: Final = timedelta(days=30)
LONGEST_HEADER: Final = 300
# These stand for the whole name.
_NAME_PARTS: Final = frozenset({"first_name", "last_name"})


@dataclass(frozen=True, slots=True)
class _Header:
    """A column's name in the language of whoever reads the message."""

    column: Column

    def __str__(self) -> str:
        return self.column.header(reference_language())


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
        layout=_layout(upload.found),
        created_at=by.at,
    )
    file.save(force_insert=True)


def _layout(found: FoundFile) -> list[dict[str, Any]]:
    """Return a file's headers with what they most probably mean: said before, named as ours are, or left out."""
    known = remembered(found.subject, [_remembered_as(header.written) for header in found.headers])
    own = {column.field for column in all_columns_of(found.subject)}
    layout, used = [], set[str]()
    for header in found.headers:
        said = known.get(_remembered_as(header.written))
        field, source = "", "unknown"
        if said is not None and (not said or said in own):
            field, source = said, "remembered"
        elif header.guess is not None:
            field, source = header.guess.field, "known"
        if field in used:
            field, source = "", "unknown"
        used.add(field)
        layout.append(
            {
                "index": header.index,
                "written": header.written,
                "samples": list(header.samples),
                "field": field,
                "source": source,
            }
        )
    return layout


def _remembered_as(header: str) -> str:
    return folded(header)[:LONGEST_HEADER]


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
        for entry in file.layout:
            entry["field"] = chosen.get(entry["index"], entry["field"])
        if found := list(_layout_faults(Subject(subject), [entry["field"] for entry in file.layout])):
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
        _remember(by, file)
    Report.objects.filter(batch=batch).delete()
    return batch


def asks_for_briefing(files: Sequence[File]) -> bool:
    """Tell whether there are mentors of whom the list does not say since when they are briefed."""
    return any(
        file.subject == Subject.MENTORS and "briefed_on" not in {entry["field"] for entry in file.layout}
        for file in files
    )


def _layout_faults(subject: Subject, fields: Sequence[str]) -> list[ValidationError]:
    faults = []
    for column in all_columns_of(subject):
        named = fields.count(column.field)
        words = {"column": _Header(column)}
        if column.required and not named:
            faults.append(ValidationError(_("No column is the %(column)s: choose it."), code="missing", params=words))
        if named > 1:
            text = _("Two columns are chosen as %(column)s: keep one of them.")
            faults.append(ValidationError(text, code="twice", params=words))
    if "name" in fields and _NAME_PARTS & set(fields):
        text = _("Choose the whole name, or first and last name apart: not both.")
        faults.append(ValidationError(text, code="names"))
    return faults


def _remember(by: Actor, file: File) -> None:
    known = all_columns_by_header(Subject(file.subject))
    for entry in file.layout:
        header = _remembered_as(entry["written"])
        usual = known.get(folded(entry["written"]))
        mapping = ColumnMapping.objects.filter(subject=file.subject, header=header)
        if not header or entry["field"] == (usual.field if usual else ""):
            # As our own names say, or unknown and left out: an earlier word to the contrary no longer holds.
            mapping.delete()
        elif not mapping.update(field=entry["field"]):
            ColumnMapping.objects.create(
                subject=file.subject, header=header, field=entry["field"], created_by=by.key, created_at=by.at
            )


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


def missing_columns(subject: Subject) -> list[str]:
    """Return the fields that a file of a subject must have."""
    return [column.field for column in columns_of(subject) if column.required]
