"""What is left of somebody outside the rows about her: sessions, jobs' arguments, imports, and the worker's hands."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F, Q
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from mentornet.audit.services import record
from mentornet.common.actors import Actor, System
from mentornet.imports.enums import BatchState
from mentornet.imports.models import Batch, File, Report, Trace
from mentornet.imports.services.batches import delete_unwritten
from mentornet.intake.services.watching import divisions_of_person
from mentornet.messaging.models import Letter
from mentornet.people.known_by import digits_of
from mentornet.people.models import Person, ProtectedIdentity
from mentornet.privacy.hers import Hers, in_parts, known_as

_NOT_WRITTEN = (BatchState.DONE, BatchState.UNDONE)


def forget_in_bundles(letters: Iterable[UUID]) -> None:
    """Empty what a letter that left together with one of hers keeps of both, and let no worker write it anew.

    A worker that has it in its hands finds another attempt when it is done: the letter is sent once more then.
    """
    bundles = set()
    for some in in_parts(letters):
        bundles |= set(Letter.objects.filter(pk__in=some, bundle__isnull=False).values_list("bundle", flat=True))
    for some in in_parts(bundles):
        together = Letter.objects.filter(bundle__in=some)
        together.exclude(body="").update(subject="", body="")
        together.filter(state="sending").update(attempts=F("attempts") + 1)


def forget_in_sessions(ids: Iterable[UUID], names: Iterable[str]) -> None:
    """End the sessions that are hers, and take out of others' what names her.

    A session lies packed in its row: each is unpacked and looked at. They last half a day, so there are few.
    """
    wanted = [str(one) for one in ids] + [json.dumps(name)[1:-1] for name in names if name]
    for session in Session.objects.iterator():
        held: dict[str, Any] = session.get_decoded()
        telling = [name for name, value in held.items() if _holds(value, wanted)]
        if "_auth_user_id" in telling:
            session.delete()
        elif telling:
            kept = {name: value for name, value in held.items() if name not in telling}
            Session.objects.filter(pk=session.pk).update(session_data=SessionStore().encode(kept))


def _holds(value: object, wanted: Iterable[str]) -> bool:
    text = json.dumps(value, default=str)
    return any(one in text for one in wanted)


def forget_in_jobs(ids: Iterable[UUID]) -> None:
    """Delete what the program was asked to do, or has done, with her; what runs at this moment ends by itself."""
    wanted = [str(one) for one in ids]
    rows = DBTaskResult.objects.exclude(status=TaskResultStatus.RUNNING).values_list("pk", "args_kwargs")
    about = [pk for pk, asked in rows.iterator() if _holds(asked, wanted)]
    for some in in_parts(about):
        DBTaskResult.objects.filter(pk__in=some).delete()
    for job in DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING):
        if _holds(job.args_kwargs, wanted):
            DBTaskResult.objects.filter(pk=job.pk).update(args_kwargs={"args": [], "kwargs": {}})


def forget_in_imports(*, by: System, person: Person, ids: Iterable[UUID], former: Iterable[UUID] = ()) -> None:
    """Take her out of what imports have made, and delete a list in which she stands and that nobody has written yet.

    ``former``: rows that were made one with hers, which an import may have made.

    Whoever was at work on such a list begins anew, with a list without her.
    """
    del by
    wanted = {str(one) for one in ids}
    named = Q(pk__in=[])
    for one in (person.pk, *former):
        named |= Q(made__icontains=str(one)) | Q(former__icontains=str(one))
    for trace in Trace.objects.filter(named):
        made, former = _without(trace.made, wanted), _without(trace.former, wanted)
        Trace.objects.filter(pk=trace.pk).update(made=made, former=former)
    told = _told_of(known_as(person))
    for batch in Batch.objects.exclude(state__in=_NOT_WRITTEN):
        texts = [_text_of(bytes(content or b"")) for content in batch.files.values_list("content", flat=True)]
        texts += [json.dumps(layout, ensure_ascii=False) for layout in batch.files.values_list("layout", flat=True)]
        for found in Report.objects.filter(batch=batch):
            texts.append(json.dumps([found.content, found.choices], ensure_ascii=False))
        if any(_stands_in(text.casefold(), told, wanted) for text in texts):
            delete_unwritten(batch)
    for file in File.objects.filter(batch__state__in=_NOT_WRITTEN).exclude(content=None):
        File.objects.filter(pk=file.pk).update(content=None, layout=[])


def forget_in_sealed(hers: Hers, person: Person) -> None:
    """Take her out of what is kept, with others who are protected, of texts that were renamed for them.

    It is there to be put back when a protection is lifted. A text of hers is not put back: nothing stands there any
    more; nor is one that names her beside the other one, such as what waited for the two of a pair.
    """
    rows = {(model._meta.label, str(key)) for model, keys in hers.rows.items() for key in keys}
    wanted, told = {str(one) for one in hers.ids()}, _told_of(known_as(person))
    # By their keys, so that two who erase wait for each other one way round.
    others = ProtectedIdentity.objects.exclude(person=person).exclude(texts=[]).order_by("pk")
    for one in others.select_for_update():
        left = [
            changed
            for changed in one.texts
            if (changed[0], changed[1]) not in rows
            and not _stands_in(json.dumps(changed[3:], ensure_ascii=False).casefold(), told, wanted)
        ]
        if len(left) < len(one.texts):
            ProtectedIdentity.objects.filter(pk=one.pk).update(texts=left)


@transaction.atomic
def forget_sealed(by: Actor, person_id: UUID) -> None:
    """Take who somebody is, who has just been protected, out of what no renaming reaches: files and sessions.

    A list that waits as it was uploaded where she is known, and in which she stands, is deleted: it would be shown, and
    read, under her name. That it goes elsewhere would tell that she is here. Out of others' sessions goes what names
    her, such as what was just said to a member of the staff.
    """
    sealed = list(ProtectedIdentity.objects.filter(person_id=person_id))
    told = _told_of(sealed)
    here = Batch.objects.filter(division_id__in=divisions_of_person(person_id))
    for batch in here.exclude(state__in=_NOT_WRITTEN).order_by("pk"):
        contents = batch.files.exclude(content=None).values_list("content", flat=True)
        if any(_stands_in(_text_of(bytes(content or b"")).casefold(), told, set()) for content in contents):
            record(by=by, act="imports.forget", of=batch, division_id=batch.division_id)
            delete_unwritten(batch)
    forget_in_sessions(
        [], [text for one in sealed for text in (one.name if one.last_name else "", one.email, one.phone)]
    )


def _without(value: Any, wanted: set[str]) -> Any:
    if isinstance(value, Mapping):
        return {name: _without(one, wanted) for name, one in value.items() if name not in wanted}
    if isinstance(value, list):
        return [_without(one, wanted) for one in value if not (isinstance(one, str) and one in wanted)]
    return value


def _told_of(known: Iterable[Person | ProtectedIdentity]) -> list[list[str]]:
    """Return by what she is known in a list: any of these, all of whose words stand in it."""
    told: list[list[str]] = []
    for one in known:
        told += [[one.email], [digits_of(one.phone)], [one.phone]]
        told.append([one.first_name, one.last_name] if one.last_name else [])
    return [[word.casefold() for word in words] for words in told if words and all(words)]


def _stands_in(text: str, told: list[list[str]], wanted: set[str]) -> bool:
    return any(all(word in text for word in words) for words in told) or any(one in text for one in wanted)


def _text_of(content: bytes) -> str:
    """Return what is written in a file: of a workbook, what stands in its parts."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            content = b"\n".join(parts.read(name) for name in parts.namelist())
    except zipfile.BadZipFile:
        pass
    return content.decode("utf-8", errors="replace") + content.decode("latin-1")
