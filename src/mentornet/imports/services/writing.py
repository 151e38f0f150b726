"""Writing a plan: everything in one transaction, in few large statements.

The embedded database has one writer. So all that Python has to do is done before the transaction: the rows are made
and put into the database's own values (:class:`Ready`); inside it is only seen whether those who were known already
are still as they were read. If they are not, their rows are made again, then with everybody waiting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import IntegrityError, models
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
from mentornet.imports.services.making import CHUNK, PERSONAL, AsRead, Maker, Rows, as_read, gone
from mentornet.intake.models import Application, Decision, Enrolment
from mentornet.partnerships.models import Partnership
from mentornet.people.models import Avoidance, LanguageSkill, Person, Profile
from mentornet.people.reached_before import before, tell_where_she_was
from mentornet.people.services import end_what_was_sent, hold_people, letters_go_to, restamp_all, see_to_apart

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
        statements: what writes them, in an order in which nothing leans on what comes later.
        known: how those known already were when the rows were made.
    """

    rows: Rows
    statements: list[Statement]
    known: AsRead


def make_ready(*, by: Actor, batch: Batch, plan: Plan) -> Ready:
    """Return a plan's rows ready to be written; nothing is locked or changed.

    Raises:
        ChangedMeanwhileError: somebody who was known is no longer there.
    """
    known = as_read(plan)
    maker = Maker(by, batch, plan)
    maker.make()
    rows = maker.rows
    return Ready(
        rows=rows,
        statements=[
            inserting(Person, rows.people),
            inserting(Profile, rows.profiles),
            updating(Person, rows.changed_people.values(), PERSONAL),
            updating(Profile, rows.changed_profiles, _FACTS),
            inserting(LanguageSkill, rows.languages),
            inserting(Application, rows.applications),
            inserting(Decision, rows.decisions),
            inserting(Enrolment, rows.enrolments),
            inserting(Partnership, rows.partnerships),
            inserting(Entry, rows.entries),
        ],
        known=known,
    )


def write(*, by: Actor, batch: Batch, plan: Plan, ready: Ready) -> Rows:
    """Write a plan in the caller's transaction, with what is needed to undo it, and return what was written.

    Raises:
        ChangedMeanwhileError: a place was taken, or somebody enrolled or taken out, since the plan was worked out.
    """
    # Who was taken out meanwhile is told by a sentence of its own, where she is asked for.
    hold_people(plan.known(), may_be_gone=True)
    _require_places(plan)
    if not is_as_read(plan, ready):
        ready = make_ready(by=by, batch=batch, plan=plan)
    rows = ready.rows
    _take_places(plan)
    _forget_languages(rows)
    try:
        for statement in ready.statements:
            statement.run()
        # Their keys are drawn by the database and must be known; they are few.
        Avoidance.objects.bulk_create(rows.avoidances, batch_size=CHUNK)
    except IntegrityError as error:
        # All is checked beforehand but for what somebody else does in this moment: mostly, the same enrolment.
        raise ChangedMeanwhileError(
            _(
                "Somebody in these lists has just been enrolled by somebody else. Nothing has been taken over. Start"
                " again, and the lists are checked anew."
            )
        ) from error
    _end_what_was_sent(by, rows)
    brought = {person.pk for person in rows.people}
    apart = [(one.person_id, one.other_id) for one in rows.avoidances]
    # Nothing can be open yet with people who have just been brought in.
    see_to_apart(both for both in apart if not brought & set(both))
    restamp_all(by=by, keys=rows.changed(plan))
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


def _end_what_was_sent(by: Actor, rows: Rows) -> None:
    """Let nothing open any more that was sent to addresses which the list has replaced."""
    for person in rows.changed_people.values():
        former = rows.former[str(person.pk)]["person"]
        stood = {name: former.get(name, getattr(person, name)) for name in ("contact_way", "email", "phone")}
        end_what_was_sent(by=by, person=person, before=letters_go_to(Person(**stood)))
        tell_where_she_was(by=by, person=person, was=before(Person(**stood)))


def _require_places(plan: Plan) -> None:
    """Refuse when an enrolment on which the plan builds has gone, or ended, since it was worked out.

    Whoever takes enrolments out holds their people, as this transaction does now.
    """
    running = {place.enrolment_id for place in plan.standing() if not place.has_left}
    wanted = [place.enrolment_id for place in plan.standing()]
    for start in range(0, len(wanted), CHUNK):
        some = wanted[start : start + CHUNK]
        found = dict(Enrolment.objects.filter(pk__in=some).values_list("pk", "ended_on"))
        if any(key not in found or (key in running and found[key] is not None) for key in some):
            raise gone()


def _take_places(plan: Plan) -> None:
    """Count running pairs at enrolments that stood before; new ones are made with their count."""
    # In ascending order, as everybody takes them: who wants several waits for others, and never in a circle.
    for place in plan.standing():
        if not place.running:
            continue
        taken = Enrolment.objects.filter(
            pk=place.enrolment_id, ended_on__isnull=True, capacity__gte=F("promised") + F("active") + place.running
        ).update(active=F("active") + place.running, stamp=stamp())
        if not taken:
            raise ChangedMeanwhileError(_("Somebody in the file of pairs has no place left any more. Check again."))
