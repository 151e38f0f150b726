"""A person's own copy of all that is kept of her: pages to read and a file for machines, in one archive."""

from __future__ import annotations

import io
import json
import zipfile
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import models, transaction

from mentornet.accounts.models import User
from mentornet.audit.models import Entry
from mentornet.audit.queries import naming
from mentornet.audit.services import record_read
from mentornet.common.actors import Actor
from mentornet.common.answers import require
from mentornet.common.fields import Subject, declared, subject_of
from mentornet.common.row_scope import beyond_division
from mentornet.divisions.models import Division, MeetingPlace
from mentornet.intake.models import ConsentText
from mentornet.learning.models import Chapter, Module
from mentornet.matching.seen_by import FOR_SAFETY
from mentornet.people.enums import RevealKind
from mentornet.people.models import Person
from mentornet.people.participants import Participant
from mentornet.privacy.hers import Hers, Model, find_hers
from mentornet.privacy.pages import pages_of
from mentornet.privacy.queries import divisions_that_know
from mentornet.privacy.rules import may_copy
from mentornet.privacy.services.second_words import use_second_word
from mentornet.privacy.telling import Why, always_withheld, left_out, tells_of_the_other, why_withheld
from mentornet.programmes.models import Programme, ProgrammeVersion

_SET_UP: Final = (Division, MeetingPlace, ConsentText, Chapter, Module, Programme, ProgrammeVersion)
MOST_LOOKS: Final = 20_000

Row = dict[str, Any]


@dataclass(slots=True)
class Copy:
    """What is kept of somebody, as she is given it.

    Attributes:
        rows: by model, each column by its name.
        looks: who has read or changed it, when, newest first.
        withheld: what is not in it, with the reason.
    """

    made_at: datetime
    language: str
    name: str
    rows: dict[str, list[Row]] = field(default_factory=dict)
    looks: list[Row] = field(default_factory=list)
    withheld: dict[str, str] = field(default_factory=dict)


@beyond_division(reason="her copy holds what every division keeps of her")
@transaction.atomic
def make_copy(*, by: Actor, person: Person, language: str) -> bytes:
    """Return her copy as a ZIP archive: pages in a language, and ``data.json``. That it was made is recorded.

    Raises:
        NotAllowedError: neither herself nor whoever leads every division that knows her.
    """
    require(may_copy(by, person, divisions_that_know(person.pk)))
    use_second_word(by, person, RevealKind.COPY)
    record_read(by=by, act="privacy.copy", of=person)
    copy = copy_of(person, language, by.at, by_herself=isinstance(by, Participant))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files:
        for name, text in {**pages_of(copy), "data.json": as_json(copy)}.items():
            files.writestr(zipfile.ZipInfo(name, by.at.timetuple()[:6]), text, zipfile.ZIP_DEFLATED)
    return archive.getvalue()


def copy_of(person: Person, language: str, at: datetime, *, by_herself: bool) -> Copy:
    """Return what she is given; what nobody at the office reads only where she takes it out ``by_herself``."""
    hers, whole = find_hers(person), left_out(by_herself=by_herself)
    copy = Copy(at, language, person.name, withheld=always_withheld(by_herself=by_herself))
    reader = _Reader(hers, language)
    for model, keys in hers.rows.items():
        label, subject = model._meta.label, subject_of(model._meta.label)
        assert subject is not None
        if label in whole:
            continue
        rows = model._default_manager.filter(pk__in=keys)
        if subject.keys:
            # Written to her; what was written to others about the same thing is theirs.
            column = subject.keys[0]
            rows = rows.filter(**{f"{column}__in": hers.own_keys()})
        told = [
            reader.told(copy, row, subject)
            for row in rows.order_by("pk")
            if not tells_of_the_other(row, reader.side_of(row) if subject.is_shared else "")
        ]
        if told:
            copy.rows[label] = told
    copy.looks = list(_looks(hers))
    return copy


@dataclass(slots=True)
class _Reader:
    hers: Hers
    language: str

    def told(self, copy: Copy, row: models.Model, subject: Subject) -> Row:
        model, told = type(row), Row()
        side = self.side_of(row) if subject.is_shared else ""
        for column in model._meta.concrete_fields:
            if not declared(model._meta.label)[column.name].about_person:
                continue
            why = why_withheld(model, column.name, side)
            if why is not None:
                copy.withheld[f"{model._meta.label}.{column.name}"] = why.value
                continue
            if isinstance(column, models.ForeignKey):
                told[column.name] = self._tied(row, column)
            else:
                told[column.name] = self._plain(getattr(row, column.attname))
        return told

    def side_of(self, row: models.Model) -> str:
        """Return which of the two she is, in a row of two."""
        for name in ("", "partnership", "proposal"):
            pair: Any = row if not name else getattr(row, name, None)
            if pair is not None and hasattr(pair, "mentee_id") and hasattr(pair, "mentor_id"):
                return "mentee" if pair.mentee.person_id == self.hers.person_id else "mentor"
        return ""

    def _tied(self, row: models.Model, column: models.ForeignKey[Any, Any]) -> str | None:
        key = getattr(row, column.attname)
        if key is None:
            return None
        other: Model = column.related_model
        if other is User:
            return "you" if key == self.hers.user_id else "the office"
        if issubclass(other, _SET_UP):
            return self._called(getattr(row, column.name))
        if key == self.hers.person_id or key in self.hers.rows.get(other, ()):
            return str(key)
        if column.name in {"mentee", "mentor"}:
            # Whoever she was suggested to has read her first name, and she hers.
            return str(getattr(row, column.name).person.first_name)
        return "somebody else"

    def _called(self, one: models.Model) -> str:
        """Return what something of the set-up is called; what is to be read, in the language of the copy if it can."""
        if not isinstance(one, Chapter | Module):
            return str(one)
        texts = list(one.texts.order_by("-number"))
        hers = [text for text in texts if text.language == self.language] or texts
        return hers[0].title if hers else one.slug

    def _plain(self, value: Any) -> Any:
        if isinstance(value, str) and value.startswith(("user:", "person:", "system:", "visitor", "draft:")):
            return self._who(value)
        if isinstance(value, dict):
            return {name: self._plain(one) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return [self._plain(one) for one in value]
        return value

    def _who(self, key: str) -> str:
        return who_of(key, self.hers)


def who_of(key: str, hers: Hers) -> str:
    """Return whom a key stands for, as she is told it."""
    if key in hers.own_keys():
        return "you"
    return {"user": "the office", "system": "the program", "visitor": "a visitor"}.get(
        key.partition(":")[0], "somebody else"
    )


_UNTOLD: Final = (*FOR_SAFETY, "intake.read_apart")
"""Acts for the sake of one of two, and that somebody has read of it: the other one is not to learn that there are."""


def _looks(hers: Hers) -> Iterable[Row]:
    """Return what the record of acts tells of the rows about her."""
    keys = {str(one) for one in hers.ids()} | hers.own_keys()
    # What the office has put off, or given to a colleague, tells that there is something which may be kept from her.
    kept_off = {"followup.Concern", "followup.EarlySign", "people.Avoidance", "privacy.Disclosure", "agenda.Task"}
    entries = Entry.objects.filter(naming(keys)).exclude(act__in=_UNTOLD).order_by("-at", "-pk")
    for entry in entries[:MOST_LOOKS]:
        if entry.object_id in keys and entry.object_type not in kept_off:
            yield {
                "at": entry.at,
                "kind": entry.kind,
                "act": entry.act,
                "what": entry.object_type,
                "who": who_of(entry.actor, hers),
            }


def as_json(copy: Copy) -> str:
    """Return a copy for machines: every column by its name, moments as ISO 8601."""
    content = {
        "made_at": copy.made_at,
        "about": copy.name,
        "rows": copy.rows,
        "who_has_looked": copy.looks,
        "withheld": copy.withheld,
        "reasons": {why.value: _REASONS[why] for why in Why},
    }
    return json.dumps(content, default=_json, ensure_ascii=False, indent=1)


_REASONS: Final = {
    Why.SECRET: "It would let whoever has this file in as you.",
    Why.OTHER: "It tells of somebody else too. Ask us: a person reads it, and gives you what is about you.",
    Why.CONFIDENCE: "Others have told it in confidence.",
    Why.STAFF: "Which member of the staff it was. That it was the office is told.",
    Why.OWN: "Nobody at the office reads all of it. Take your copy on your own pages: it is in there.",
}


def _json(value: object) -> object:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return b64encode(bytes(value)).decode()
    raise TypeError(type(value).__name__)
