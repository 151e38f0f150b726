"""An import for tests, taken step by step as the desk and the worker take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.core import serializers

from factories.django_rows import user_of
from mentornet.divisions.models import Division
from mentornet.divisions.staff import Staff
from mentornet.imports.findings import Line, faults_in, notices_in
from mentornet.imports.models import Batch, Report
from mentornet.imports.services import batches
from mentornet.imports.services.work import check_files, write_people
from mentornet.programmes.models import Programme
from reference.columns import Subject
from reference.mapped import look_into
from reference.sheets import Limits, Source

BRIEFED_ON = date(2026, 1, 15)


MENTORS = """id;name;languages;occupation;capacity;email;must not meet
M1;Karen Lund Holm;"Danish:native; English:C1";2221;2;karen@example.org;E2
M2;Bodil Dam;da;2330;1;bodil@example.org;
"""
MENTEES = """id;name;languages;waiting since;topics
E1;Amina Yusuf;"Arabic:native; Danish:B1";2025-10-01;job_search
E2;Rania Haddad;ar;2025-11-03;
E3;Oksana Kovalenko;uk;;
"""
PAIRS = """mentee id;mentor id;since;until;reason
E1;M1;2025-12-01;;
E3;M2;2024-01-10;2025-01-10;goal reached
"""
IGNORED = {"audit.entry", "imports.batch", "imports.file", "imports.columnmapping", "sessions.session"}


def all_rows() -> dict[str, list[str]]:
    """Return every row of the product's tables; what must be drawn anew at each write is left out."""
    rows = {}
    for model in apps.get_models():
        label = model._meta.label_lower
        if label in IGNORED or label.startswith(("contenttypes.", "auth.", "django_tasks")):
            continue
        fields = [one.name for one in model._meta.fields if one.name != "stamp"]
        found = serializers.serialize("python", model._default_manager.all(), fields=fields)
        rows[label] = sorted(map(str, found))
    return rows


def upload(text: str | bytes, subject: str, name: str = "") -> batches.Upload:
    """Return a CSV file as the desk hands it on."""
    content = text.encode() if isinstance(text, str) else text
    source = Source(name or f"{subject}.csv", content)
    return batches.Upload(look_into(source, Subject(subject), Limits()), content)


@dataclass(slots=True)
class Journey:
    """An import under way."""

    by: Staff
    batch: Batch

    @classmethod
    def begin(cls, by: Staff, division: Division, programme: Programme, texts: Mapping[str, str | bytes]) -> Journey:
        batch = batches.start_batch(
            by=by,
            division=division,
            programme=programme,
            uploads=[upload(text, subject) for subject, text in texts.items()],
            user=user_of(by),
            author=by.name,
        )
        return cls(by, batch)

    def clock(self) -> datetime:
        return self.by.at

    def columns(
        self,
        fields: Mapping[str, Mapping[int, str]] | None = None,
        *,
        are_briefed: bool | None = True,
        briefed_on: date | None = BRIEFED_ON,
    ) -> Journey:
        batches.set_columns(
            by=self.by, batch=self.batch, fields=fields or {}, are_briefed=are_briefed, briefed_on=briefed_on
        )
        return self

    def check(self) -> Journey:
        batches.ask_for_check(by=self.by, batch=self.batch)
        check_files(by=self.by, batch_id=self.batch.pk, attempt=self.batch.attempt, clock=self.clock, limits=Limits())
        self.batch.refresh_from_db()
        return self

    def choose(self, **choices: str) -> Journey:
        rest = choices.pop("rest", "")
        named = {key.replace("_", ":"): choice for key, choice in choices.items()}
        batches.choose(by=self.by, batch=self.batch, choices=named, for_the_rest=rest)
        return self

    def write(self) -> Journey:
        batches.ask_for_writing(by=self.by, batch=self.batch)
        write_people(by=self.by, batch_id=self.batch.pk, attempt=self.batch.attempt, clock=self.clock, limits=Limits())
        self.batch.refresh_from_db()
        return self

    def checked(self) -> Journey:
        return self.columns().check()

    def done(self) -> Journey:
        return self.checked().write()

    @property
    def content(self) -> dict[str, Any]:
        return dict(Report.objects.get(batch=self.batch).content)

    @property
    def faults(self) -> list[Line]:
        return faults_in(self.content, "en")

    @property
    def notices(self) -> list[Line]:
        return notices_in(self.content, "en")
