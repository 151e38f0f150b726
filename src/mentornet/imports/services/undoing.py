"""Undoing an import: everything that it made goes, everything that it changed is as it was; or nothing happens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import models, transaction
from django.db.models import F, ProtectedError, RestrictedError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentornet.agenda.services import finish
from mentornet.audit.models import Entry, Kind
from mentornet.audit.services import entry_of, record, record_all
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, RefusedError, require
from mentornet.common.models import stamp
from mentornet.imports.enums import BatchState
from mentornet.imports.models import Batch, Trace
from mentornet.imports.rules import may_undo
from mentornet.imports.services.making import OF_IMPORTS
from mentornet.intake.models import Application, Decision, Enrolment
from mentornet.partnerships.enums import RUNNING
from mentornet.partnerships.models import Partnership
from mentornet.people import reached_before
from mentornet.people.models import Avoidance, LanguageSkill, Person, Profile
from mentornet.people.services import end_what_was_sent, hold_people, letters_go_to, restamp_all, see_to_apart

NAMED: Final = 5
_CHUNK: Final = 500
# In this order nothing that remains leans on what goes.
_ORDER: Final[tuple[tuple[str, type[models.Model]], ...]] = (
    ("avoidances", Avoidance),
    ("partnerships", Partnership),
    ("enrolments", Enrolment),
    ("decisions", Decision),
    ("applications", Application),
    ("profiles", Profile),
    ("people", Person),
)
# What undoing an import writes of people whom it had updated.
_RESTORED: Final = "imports.restore"


@transaction.atomic
def undo_import(*, by: Actor, batch: Batch, author: str) -> Batch:
    """Take an import back as a whole.

    What it made is deleted; of people whom it updated, the former values return, so that somebody who was changed
    again since keeps the import from being undone. Imports of the same people are undone in reverse order.

    Raises:
        NotAllowedError: not the actor's division, or there is nothing to undo.
        ChangedMeanwhileError: somebody else has just undone it.
        RefusedError: something was built on it since; the sentence names whose, and nothing is undone.
    """
    require(may_undo(by, batch))
    undone = Batch.objects.filter(pk=batch.pk, state=BatchState.DONE).update(
        state=BatchState.UNDONE, undone_at=by.at, undone_by=by.key, undone_name=author
    )
    if not undone:
        raise ChangedMeanwhileError(_("This import has just been undone."))
    trace = Trace.objects.get(batch=batch)
    made = {name: [_key(model, key) for key in trace.made.get(name, [])] for name, model in _ORDER}
    people = _people_seen_with(made) | set(map(UUID, trace.former))
    hold_people(people | set(made["people"]))
    _refuse_later_work(trace, made)
    _refuse_what_leans(trace, made)
    _leave_places(made["partnerships"], set(made["enrolments"]))
    kept = Avoidance.objects.filter(pk__in=made["avoidances"]).exclude(person__in=made["people"])
    see_to_apart(list(kept.exclude(other__in=made["people"]).values_list("person_id", "other_id")))
    for name, model in _ORDER:
        _delete(model, made[name])
    _restore(by, trace.former)
    restamp_all(by=by, keys=people - set(made["people"]))
    for key in made["enrolments"]:
        finish(by=by, target_id=key)
    record_all(
        entry_of(by=by, act=_RESTORED, of=person, division_id=batch.division_id)
        for person in Person.objects.filter(pk__in=list(trace.former)[:20_000])
    )
    record(by=by, act="imports.undo", of=batch, division_id=batch.division_id, detail={"people": len(made["people"])})
    trace.delete()
    batch.refresh_from_db()
    return batch


def _key(model: type[models.Model], key: str) -> Any:
    return model._meta.pk.to_python(key)


def _refuse_later_work(trace: Trace, made: Mapping[str, list[Any]]) -> None:
    """Refuse when anything that the import made or changed has been worked on since: every act leaves an entry.

    What a later import wrote does not count once that import is undone: it has left everything as it found it.
    """
    ours: dict[str, set[str]] = {model._meta.label: {str(key) for key in made[name]} for name, model in _ORDER}
    ours[Person._meta.label] |= set(trace.former)
    for former in trace.former.values():
        ours[Profile._meta.label] |= set(former["profiles"])
    later = Entry.objects.filter(pk__gt=trace.last_entry, kind=Kind.WRITE, object_type__in=list(ours))
    touched: dict[str, set[str]] = {}
    by_import: dict[str, set[tuple[str, str]]] = {}
    for object_type, key, act, detail in later.values_list("object_type", "object_id", "act", "detail").iterator():
        if key not in ours[object_type] or act == _RESTORED:
            continue
        if act in OF_IMPORTS and "import" in detail:
            by_import.setdefault(detail["import"], set()).add((object_type, key))
        else:
            touched.setdefault(object_type, set()).add(key)
    standing = Batch.objects.filter(pk__in=list(by_import), state=BatchState.DONE).order_by("-finished_at")
    if standing and not touched:
        raise _undo_first(standing[0])
    for batch in standing:
        for object_type, key in by_import[str(batch.pk)]:
            touched.setdefault(object_type, set()).add(key)
    people = set[UUID]()
    for _name, model in _ORDER:
        if keys := touched.get(model._meta.label):
            people |= _people_behind(model.__name__, {_key(model, key) for key in keys})
    if people:
        raise _built_on(people)


def _undo_first(later: Batch) -> RefusedError:
    text = _(
        "A later import has changed some of the same people: %(files)s, %(when)s. Undo that one first, then this one."
        " Nothing has been changed."
    )
    files = ", ".join(later.files.order_by("subject").values_list("name", flat=True))
    when = date_format(timezone.localtime(later.finished_at), "DATETIME_FORMAT")
    return RefusedError(text % {"files": files, "when": when})


def _refuse_what_leans(trace: Trace, made: Mapping[str, list[Any]]) -> None:
    """Refuse when somebody who came with the import was paired since, or kept apart from somebody.

    Neither leaves an entry that names her or her enrolment. What a later import brought goes when that one is undone.
    """
    added: dict[str, dict[str, set[UUID]]] = {
        "partnerships": _pairs_added(made["enrolments"], set(made["partnerships"])),
        "avoidances": _apart_added(made["people"], set(made["avoidances"])),
    }
    if not any(added.values()):
        return
    makers: list[UUID] = []
    later = Trace.objects.filter(batch__state=BatchState.DONE).exclude(pk=trace.pk).order_by("-batch__finished_at")
    for batch_id, *listed in later.values_list("batch_id", *(f"made__{name}" for name in added)):
        theirs = [
            (name, key) for name, keys in zip(added, listed, strict=True) for key in keys or () if key in added[name]
        ]
        for name, key in theirs:
            del added[name][key]
        makers += [batch_id] if theirs else []
    if people := [behind for rows in added.values() for behind in rows.values()]:
        raise _built_on(set[UUID]().union(*people))
    raise _undo_first(Batch.objects.get(pk=makers[0]))


def _pairs_added(enrolments: list[Any], own: set[Any]) -> dict[str, set[UUID]]:
    """Return the pairs of an import's enrolments that it has not made itself, with whom of its people they have."""
    found: dict[str, set[UUID]] = {}
    for side in ("mentee", "mentor"):
        for some in _in_chunks(enrolments):
            rows = Partnership.objects.filter(**{f"{side}__in": some}).values_list("pk", f"{side}__person_id")
            for key, person in rows:
                if key not in own:
                    found.setdefault(str(key), set()).add(person)
    return found


def _apart_added(people: list[Any], own: set[Any]) -> dict[str, set[UUID]]:
    """Return who must not meet somebody of an import's people by another's word, with whom of them it is about."""
    found: dict[str, set[UUID]] = {}
    for side in ("person", "other"):
        for some in _in_chunks(people):
            rows = Avoidance.objects.filter(**{f"{side}__in": some}).values_list("pk", f"{side}_id")
            for key, person in rows:
                if key not in own:
                    found.setdefault(str(key), set()).add(person)
    return found


def _people_seen_with(made: Mapping[str, list[Any]]) -> set[UUID]:
    """Return both sides of the pairs that an import made, and of those whom it kept apart."""
    people = set[UUID]()
    for some in _in_chunks(made["partnerships"]):
        for both in Partnership.objects.filter(pk__in=some).values_list("mentee__person_id", "mentor__person_id"):
            people.update(both)
    for some in _in_chunks(made["avoidances"]):
        for both in Avoidance.objects.filter(pk__in=some).values_list("person_id", "other_id"):
            people.update(both)
    return people


def _in_chunks(keys: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(keys), _CHUNK):
        yield keys[start : start + _CHUNK]


def _people_behind(model: str, keys: Iterable[Any]) -> set[UUID]:
    listed = list(keys)[:_CHUNK]
    rows: Any
    match model:
        case "Person":
            return set(listed)
        case "Partnership":
            rows = Partnership.objects.filter(pk__in=listed).values_list("mentee__person_id", flat=True)
        case "Enrolment":
            rows = Enrolment.objects.filter(pk__in=listed).values_list("person_id", flat=True)
        case "Application":
            rows = Application.objects.filter(pk__in=listed).values_list("person_id", flat=True)
        case "Decision":
            rows = Decision.objects.filter(pk__in=listed).values_list("application__person_id", flat=True)
        case "Profile":
            rows = Profile.objects.filter(pk__in=listed).values_list("person_id", flat=True)
        case _:
            rows = Avoidance.objects.filter(pk__in=listed).values_list("person_id", flat=True)
    return set(rows)


def _built_on(people: Iterable[UUID]) -> RefusedError:
    ids = list(set(people))
    names = [person.name for person in Person.objects.filter(pk__in=ids[:_CHUNK]).order_by("search_text")[:NAMED]]
    text = ngettext(
        "This import cannot be undone any more: since then, %(count)s person who came with it has been worked with"
        " (%(names)s). Nothing has been changed.",
        "This import cannot be undone any more: since then, %(count)s people who came with it have been worked with"
        " (%(names)s). Nothing has been changed.",
        len(ids),
    )
    shown = ", ".join(names) + (", …" if len(ids) > len(names) else "")
    return RefusedError(text % {"count": len(ids), "names": shown})


def _leave_places(partnerships: list[Any], own: set[Any]) -> None:
    """Free the places that running pairs of this import took at enrolments that stood before it."""
    taken = Counter[UUID]()
    for some in _in_chunks(partnerships):
        running = Partnership.objects.filter(pk__in=some, state__in=RUNNING)
        for both in running.values_list("mentee_id", "mentor_id"):
            taken.update(set(both) - own)
    # In ascending order, as everybody takes and frees them.
    for side, count in sorted(taken.items()):
        Enrolment.objects.filter(pk=side, active__gte=count).update(active=F("active") - count, stamp=stamp())


def _delete(model: type[models.Model], keys: list[Any]) -> None:
    """Delete rows that the import made, and nothing that was added to them.

    Raises:
        RefusedError: something else leans on one of them.
    """
    for some in _in_chunks(keys):
        try:
            _count, gone = model._default_manager.filter(pk__in=some).delete()
        except ProtectedError as error:
            raise _built_on(_people_of(error.protected_objects)) from error
        except RestrictedError as error:
            raise _built_on(_people_of(error.restricted_objects)) from error
        may_go = {model._meta.label, LanguageSkill._meta.label}
        if added := [label for label, count in gone.items() if count and label not in may_go]:
            raise RefusedError(
                _("This import cannot be undone any more: notes or meetings were added (%(what)s). Nothing changed.")
                % {"what": ", ".join(sorted(added))}
            )


def _people_of(objects: Iterable[models.Model]) -> set[UUID]:
    """Return the people behind rows that lean on an import's rows, whatever kind of rows they are."""
    people, enrolments, applications = set[UUID](), set[UUID](), set[UUID]()
    for one in objects:
        for column in one._meta.concrete_fields:
            key = getattr(one, column.attname)
            if key is None or not isinstance(column, models.ForeignKey):
                continue
            if column.related_model is Person:
                people.add(key)
            elif column.related_model is Enrolment:
                enrolments.add(key)
            elif column.related_model is Application:
                applications.add(key)
    return people | _people_behind("Enrolment", enrolments) | _people_behind("Application", applications)


def _restore(by: Actor, former: Mapping[str, Mapping[str, Any]]) -> None:
    """Give those whom the import updated their former values back; what was sent to an address that goes is ended."""
    for key, before in former.items():
        if before["person"]:
            person = Person.objects.get(pk=key)
            went_to, was = letters_go_to(person), reached_before.before(person)
            # Who she was before stands with her sealed identity, should she have become protected since.
            kept = Person.SEALED if person.is_protected else ()
            former = {name: value for name, value in before["person"].items() if name not in kept}
            for name, value in former.items():
                setattr(person, name, value)
            person.set_name_keys()
            person.save(update_fields=[*former, *Person.NAME_KEYS])
            end_what_was_sent(by=by, person=person, before=went_to)
            reached_before.tell_where_she_was(by=by, person=person, was=was)
        for profile_key, kept in before["profiles"].items():
            profile = Profile.objects.get(pk=profile_key)
            for name, value in kept["facts"].items():
                setattr(profile, name, tuple(value) if isinstance(value, list) else value)
            profile.provenance = kept["provenance"]
            profile.changed_at = datetime.fromisoformat(kept["changed_at"])
            profile.save(update_fields=[*kept["facts"], "provenance", "changed_at"])
        if before["languages"] is not None:
            LanguageSkill.objects.filter(person_id=key).delete()
            LanguageSkill.objects.bulk_create(
                LanguageSkill(person_id=UUID(key), code=code, level=level, position=position)
                for position, (code, level) in enumerate(before["languages"])
            )
