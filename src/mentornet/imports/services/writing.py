"""Writing a plan: everything in one transaction, in few large statements.

The embedded database has one writer. So all that Python has to do is done before the transaction: the rows are made
and put into the database's own values (:class:`Ready`); inside it is only seen whether those who were known already
are still as they were read. If they are not, their rows are made again, then with everybody waiting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar
from uuid import UUID

from django.db import connection, models
from django.db.models import F
from django.utils.translation import gettext as _

from mentornet.audit.models import Entry
from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError
from mentornet.common.bulk import Statement, inserting, updating
from mentornet.common.models import stamp
from mentornet.imports.models import Batch, Trace
from mentornet.imports.planned import Plan
from mentornet.imports.services.making import CHUNK, PERSONAL, AsRead, Maker, Rows, as_read, chunks
from mentornet.intake.models import Application, Decision, Enrolment
from mentornet.partnerships.models import Partnership
from mentornet.people.models import Avoidance, LanguageSkill, Person, Profile

Row = TypeVar("Row", bound=models.Model)
WRITTEN: Final[tuple[type[models.Model], ...]] = (
    *(Person, Profile, LanguageSkill, Application, Decision, Enrolment, Partnership, Avoidance, Entry),
)
"""Everything of which an import makes rows."""
_NO_FACTS: Final = frozenset({"id", "created_at", "person", "role", "about", "occupation_title"})
_FACTS: Final = tuple(one.name for one in Profile._meta.concrete_fields if one.name not in _NO_FACTS)


@dataclass(frozen=True, slots=True)
class Ready:
    """A plan's rows, ready for the database.

    Attributes:
        rows: what is to be written.
        first: statements up to what replaced languages go before; ``second`` those up to the places.
        second: see ``first``.
        third: what leans on the places.
        known: how those known already were when the rows were made.
    """

    rows: Rows
    first: list[Statement]
    second: list[Statement]
    third: list[Statement]
    known: AsRead


def make_ready(*, by: Actor, batch: Batch, plan: Plan) -> Ready:
    """Return a plan's rows ready to be written; nothing is locked or changed."""
    known = as_read(plan)
    maker = Maker(by, batch, plan)
    maker.make()
    rows = maker.rows
    return Ready(
        rows=rows,
        first=[
            inserting(Person, rows.people),
            inserting(Profile, rows.profiles),
            updating(Person, rows.changed_people.values(), PERSONAL),
            updating(Profile, rows.changed_profiles, _FACTS),
        ],
        second=[
            inserting(LanguageSkill, rows.languages),
            inserting(Application, rows.applications),
            inserting(Decision, rows.decisions),
            inserting(Enrolment, rows.enrolments),
        ],
        third=[
            inserting(Partnership, rows.partnerships),
            inserting(Entry, rows.entries),
        ],
        known=known,
    )


def write(*, by: Actor, batch: Batch, plan: Plan, ready: Ready) -> Rows:
    """Write a plan in the caller's transaction, with what is needed to undo it, and return what was written.

    Raises:
        ChangedMeanwhileError: a place was taken, or somebody enrolled, since the plan was worked out.
    """
    _lock(plan)
    if not is_as_read(plan, ready):
        ready = make_ready(by=by, batch=batch, plan=plan)
    rows = ready.rows
    for statement in ready.first:
        statement.run()
    _forget_languages(rows)
    for statement in ready.second:
        statement.run()
    _take_places(plan)
    for statement in ready.third:
        statement.run()
    # Their keys are drawn by the database and must be known; they are few.
    Avoidance.objects.bulk_create(rows.avoidances, batch_size=CHUNK)
    record(
        by=by,
        act="imports.write",
        of=batch,
        division_id=batch.division_id,
        detail={"people": len(rows.people), "updated": len(rows.former), "partnerships": len(rows.partnerships)},
    )
    Trace.objects.create(
        batch=batch, made=_made(rows), former=rows.former, last_entry=Entry.objects.order_by("-pk")[0].pk
    )
    return rows


def _made(rows: Rows) -> dict[str, list[str]]:
    made: Mapping[str, Iterable[models.Model]] = {
        "people": rows.people,
        "profiles": rows.profiles,
        "applications": rows.applications,
        "decisions": rows.decisions,
        "enrolments": rows.enrolments,
        "partnerships": rows.partnerships,
        "avoidances": rows.avoidances,
    }
    return {name: [str(row.pk) for row in listed] for name, listed in made.items()}


def is_as_read(plan: Plan, ready: Ready) -> bool:
    """Tell whether those who were known already are still as they were when the rows were made."""
    return as_read(plan) == ready.known


def _forget_languages(rows: Rows) -> None:
    """Delete what those who were known already speak, where the list says it anew."""
    replaced = [UUID(key) for key, former in rows.former.items() if former["languages"] is not None]
    for start in range(0, len(replaced), CHUNK):
        LanguageSkill.objects.filter(person_id__in=replaced[start : start + CHUNK]).delete()


def _take_places(plan: Plan) -> None:
    """Count running pairs at enrolments that stood before; new ones are made with their count."""
    places = {side.enrolment_id: side for pair in plan.pairs for side in (pair.mentee, pair.mentor)}
    for place in places.values():
        if place.is_new or not place.running:
            continue
        taken = Enrolment.objects.filter(
            pk=place.enrolment_id, ended_on__isnull=True, capacity__gte=F("promised") + F("active") + place.running
        ).update(active=F("active") + place.running, stamp=stamp())
        if not taken:
            raise ChangedMeanwhileError(_("Somebody in the file of pairs has no place left any more. Check again."))


def _lock(plan: Plan) -> None:
    """Keep those who are known already as they are until the end of the transaction.

    The embedded database has one writer, and nobody to keep away.
    """
    if not connection.features.has_select_for_update:
        return
    for some in chunks(plan):
        for model, path in ((Person, "pk__in"), (Profile, "person_id__in")):
            list(_locked(model).filter(**{path: some}).order_by("pk").values_list("pk"))


def _locked(model: type[Row]) -> models.QuerySet[Row]:
    return model._default_manager.select_for_update()
