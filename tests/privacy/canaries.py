"""A person of whom something stands in every column that the field registry knows, and a look into every table.

The rows are generated from the registry: a column, or a model, that somebody adds is filled here by itself, or fails.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection, models
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from factories import django_rows
from factories.django_rows import AT, TODAY
from mentornet.accounts.models import User
from mentornet.common.actors import System, user_key
from mentornet.common.fields import Erasure, declared, declared_models, subject_of
from mentornet.common.models import WordsField
from mentornet.divisions.models import Division, MeetingPlace
from mentornet.divisions.models import Role as StaffRoleName
from mentornet.followup.enums import ConcernState
from mentornet.followup.models import Handover
from mentornet.imports.enums import BatchState
from mentornet.imports.models import Batch, File, Report, Trace
from mentornet.intake.models import Application, ConsentText, Enrolment
from mentornet.learning.models import Chapter, Module
from mentornet.matching.models import MatchingMeeting, Proposal
from mentornet.messaging.models import Letter
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Role
from mentornet.people.models import Person, ProtectedIdentity
from mentornet.people.recipients import person_key
from mentornet.programmes.models import ProgrammeVersion
from mentornet.surveys.models import Questionnaire, QuestionnaireVersion
from mentornet.surveys.services import install_questionnaires

Model = type[models.Model]
CANARY: Final = "Kanari"

STANDS: Final[dict[str, dict[str, Any]]] = {
    # What a model's constraints ask for, and what keeps a row in a state that something is to be ended in.
    "people.Person": {"contact_way": "email", "language": "da"},
    "people.ProtectedIdentity": {},
    "intake.Application": {"state": "approved"},
    "intake.Enrolment": {"resting_until": TODAY + timedelta(days=9)},
    "intake.Reference": {"state": "asked", "seen_on": None, "reason": ""},
    "intake.ProfileConfirmation": {"confirmed_at": None, "way": ""},
    "intake.Consent": {"how": "heard", "withdrawn_at": None},
    "intake.Interview": {"cancelled_at": None},
    "intake.Decision": {"outcome": "approved"},
    "intake.Wish": {"settled_at": None},
    "intake.Earlier": {"is_undone": False, "over_at": None},
    "intake.ContactPerson": {"state": "confirmed", "left_on": None, "groups": None},
    "intake.ApplicationDraft": {"submitted_at": AT},
    "followup.Talk": {"next_call_on": TODAY + timedelta(days=9)},
    "followup.Concern": {"about": "other", "state": ConcernState.RAISED, "addressee": "coordinator", "heard": "told"},
    "partnerships.Partnership": {"state": "closed", "closing_reason": "other", "stopped_on": None},
    "followup.Afterwards": {"state": "answered", "doing": "work"},
    "surveys.Ask": {"state": "answered"},
    "partnerships.Agreement": {"superseded_at": None},
    "partnerships.PlannedMeeting": {"called_off_at": None},
    "matching.Proposal": {"state": "sent", "partnership": None, "ended_at": None, "meeting_on": TODAY},
    "matching.ProposalAnswer": {"reply": "yes", "decline_reason": ""},
    "matching.ProposalQuestion": {"answered_at": None, "answered_by": ""},
    "matching.MeetingOption": {"place": None},
    "matching.Loan": {"state": "asked", "ended_at": None},
    "messaging.Letter": {"state": "sent", "event": "word_from_waiting_list", "is_called_back": False},
    "privacy.Disclosure": {"held_back_reason": "", "review_on": None},
    # Longer ago than her own copy has to wait for it.
    "people.WrittenReach": {"created_at": AT - timedelta(days=20)},
    "people.Reveal": {"answered_at": None, "answered_by": None, "is_approved": None, "expires_at": None},
    "agenda.Task": {"kind": "wish", "done_at": None},
    "learning.Attendance": {"way": "waived"},
    "sourcing.Search": {
        "state": "open", "closed_on": None, "closed_because": "", "fits": 3, "occupation": "22", "language": "ar",
        "topics": (), "times": (), "meeting": "",
    },
    "sourcing.Asking": {"prospect": None, "state": "answered", "reply": "knows"},
}  # fmt: skip


@dataclass
class World:
    """Her, the other one, and what was planted about her.

    Attributes:
        planted: by ``model.column`` the canary that stands there.
    """

    division: Division
    lead: User
    person: Person
    user: User
    mentee: Enrolment
    mentor: Enrolment
    planted: dict[str, str] = field(default_factory=dict)
    rows: dict[Model, models.Model] = field(default_factory=dict)
    ids: set[UUID] = field(default_factory=set)


_NUMBERS: Final = (models.IntegerField, models.FloatField, models.BooleanField)
_numbers = count(1)


def canary(length: int | None = None) -> str:
    text = f"{CANARY}{next(_numbers):05}"
    assert length is None or len(text) <= length, length
    return text


def make_world(folder: Path) -> World:
    """Plant a canary about one person in every column that the registry knows, and in every table beside."""
    division = django_rows.make_division("Kolding")
    lead = django_rows.make_user("Birthe Dam")
    django_rows.give_role(lead, StaffRoleName.DIVISION_LEAD, division)
    programme = django_rows.make_programme()
    user = django_rows.make_user("Nobody yet")
    person = django_rows.make_person(
        "Zarghuna", "Sharifi", email="zarghuna@example.net", phone="20 30 40 50", user=user
    )
    mentee = django_rows.make_enrolment(
        Role.MENTEE, division, person=person, programme=programme, enrolment={"promised": 1}
    )
    mentor = django_rows.make_enrolment(
        Role.MENTOR, division, programme=programme, enrolment={"promised": 1, "capacity": 2}
    )
    world = World(division, lead, person, user, mentee, mentor)
    django_rows.saved(MeetingPlace(division=division, name="Library", address="Main street 1", created_at=AT))
    django_rows.saved(Chapter(role=Role.MENTEE, slug="first", position=1, created_at=AT))
    django_rows.saved(Module(role=Role.MENTEE, slug="first", position=1, minutes=5, created_at=AT))
    about = [model for model, _subject in _models()]
    missing = list(about)
    while missing:
        later = [model for model in missing if not _plant(world, model)]
        assert len(later) < len(missing), f"nothing to tie these to: {later}"
        missing = later
    _beside(world, folder)
    for model, row in world.rows.items():
        if isinstance(model._meta.pk, models.UUIDField):
            world.ids.add(row.pk)
    return world


def _models() -> Iterator[tuple[Model, Any]]:
    from django.apps import apps  # noqa: PLC0415

    for label in sorted(declared_models()):
        subject = subject_of(label)
        if subject is not None and not subject.reason and not label.startswith("audit."):
            yield apps.get_model(label), subject


def _standing(world: World, model: Model) -> models.Model | None:
    known: dict[Model, models.Model] = {
        Person: world.person,
        User: world.user,
        Enrolment: world.mentee,
        Application: world.mentee.application,
        type(world.mentee.profile): world.mentee.profile,
        type(world.mentee.application.decision): world.mentee.application.decision,
    }
    if model in known:
        return known[model]
    if model._meta.label == "people.LanguageSkill":
        return model._default_manager.filter(person=world.person).first()
    return None


def _plant(world: World, model: Model) -> bool:
    """Make a row about her with a canary in each column that may not stay; ``False`` while what it needs is missing."""
    row = _standing(world, model)
    is_new = row is None
    if row is None:
        row = model()
    goes = any(one.erasure == Erasure.DELETE for one in declared(model._meta.label).values())
    for column in model._meta.concrete_fields:
        if column.primary_key:
            continue
        if isinstance(column, models.ForeignKey):
            if is_new:
                found, value = _tied(world, model, column)
                if not found:
                    return False
                setattr(row, column.name, value)
            continue
        _fill(world, model, row, column, is_new=is_new, goes=goes)
    for name, value in STANDS.get(model._meta.label, {}).items():
        setattr(row, name, value)
        world.planted.pop(f"{model._meta.label}.{name}", None)
    row.save(force_insert=is_new)
    world.rows[model] = row
    return True


def _handover(world: World) -> Handover:
    """Return a handover among staff: about nobody who takes part, until something was handed on with it."""
    found = Handover.objects.first()
    return found or django_rows.saved(
        Handover(
            former=world.lead, receiver=world.user, division=world.division, count=1, made_by=user_key(world.lead.pk),
            author_name="Birthe Dam", created_at=AT,
        )
    )  # fmt: skip


def _meeting(world: World) -> MatchingMeeting:
    """Return a meeting of staff: about nobody who takes part, until something was decided in it."""
    found, version = MatchingMeeting.objects.first(), ProgrammeVersion.objects.earliest("pk")
    return found or django_rows.saved(
        MatchingMeeting(
            programme=version.programme, version=version, weights=version.weights, floor=version.floor, asked_at=AT,
            opened_by=user_key(world.lead.pk), author_name="Birthe Dam", state="open", created_at=AT,
        )
    )  # fmt: skip


def _tied(world: World, model: Model, column: models.ForeignKey[Any, Any]) -> tuple[bool, Any]:
    other = column.related_model
    if model._meta.label in STANDS and column.name in STANDS[model._meta.label]:
        return True, STANDS[model._meta.label][column.name]
    if model._meta.label == "privacy.NotTheSame":
        # The lesser key first.
        both = sorted((world.person, world.mentor.person), key=lambda one: one.pk)
        return True, both[column.name == "other"]
    if column.name == "mentor":
        return True, world.mentor
    if column.name == "other":
        return True, world.mentor.person
    if other is User:
        return True, world.user if model._meta.label == "accounts.SignInSession" else world.lead
    if other is Division:
        if column.name != "lender":
            return True, world.division
        return True, Division.objects.filter(name="Lends").first() or django_rows.make_division("Lends")
    if other in {type(world.mentee.programme), ProgrammeVersion, ConsentText, Chapter, Module, MeetingPlace}:
        found = other._default_manager.first()
        if found is None and other is ConsentText:
            found = django_rows.saved(
                ConsentText(purpose="handling", language="en", number=1, text="Words", hash="0" * 64, created_at=AT)
            )
        return True, found
    if other in {Questionnaire, QuestionnaireVersion}:
        install_questionnaires(by=System("tests", AT))
        version = QuestionnaireVersion.objects.select_related("questionnaire").earliest("created_at", "pk")
        return True, version if other is QuestionnaireVersion else version.questionnaire
    if other is Handover:
        return True, _handover(world)
    if other is MatchingMeeting:
        return True, _meeting(world)
    known = world.rows.get(other) or _standing(world, other)
    if known is None and column.null and other._meta.label == "intake.Referral":
        return True, None
    return known is not None, known


def _fill(
    world: World, model: Model, row: models.Model, column: models.Field[Any, Any], *, is_new: bool, goes: bool
) -> None:
    policy = declared(model._meta.label)[column.name]
    stays, where = policy.erasure == Erasure.KEEP and not goes, f"{model._meta.label}.{column.name}"
    subject = subject_of(model._meta.label)
    assert subject is not None
    if column.name in subject.keys:
        setattr(row, column.name, person_key(world.person.pk))
    elif column.name == subject.target:
        is_key = isinstance(column, models.UUIDField)
        setattr(row, column.name, world.mentee.pk if is_key else f"{world.mentee.pk}:{world.person.pk}")
    elif column.name == subject.side:
        setattr(row, column.name, "mentee")
    elif column.choices:
        if is_new:
            setattr(row, column.name, column.choices[0][0])
    elif isinstance(column, models.DateTimeField):
        setattr(row, column.name, getattr(row, column.name) or AT - timedelta(days=2))
    elif isinstance(column, models.DateField):
        if is_new:
            setattr(row, column.name, TODAY - timedelta(days=9))
    elif isinstance(column, models.TimeField):
        setattr(row, column.name, time(9))
    elif isinstance(column, models.UUIDField):
        if is_new:
            setattr(row, column.name, world.division.pk if column.name == "division_id" else uuid4())
    elif isinstance(column, models.BinaryField):
        world.planted[where] = canary()
        setattr(row, column.name, world.planted[where].encode())
    elif stays and isinstance(column, models.CharField) and (column.max_length or 0) >= 60:
        # Who did it: she herself. A key that leads to her must not stay.
        setattr(row, column.name, user_key(world.user.pk) if is_new else getattr(row, column.name))
    elif stays and isinstance(column, WordsField):
        setattr(row, column.name, (user_key(world.user.pk),))
    elif isinstance(column, WordsField):
        world.planted[where] = canary()
        setattr(row, column.name, (world.planted[where],))
    elif isinstance(column, models.JSONField):
        if stays:
            setattr(row, column.name, {"by": str(world.person.pk)})
        else:
            world.planted[where] = canary()
            setattr(row, column.name, {"said": world.planted[where]})
    elif isinstance(column, models.CharField | models.TextField) and not stays:
        if (column.max_length or 100) >= 12:
            world.planted[where] = canary(column.max_length)
            setattr(row, column.name, world.planted[where])
    elif isinstance(column, models.CharField) and is_new and stays:
        setattr(row, column.name, "x")
    elif is_new and isinstance(column, _NUMBERS) and (column.null or not column.has_default()):
        setattr(row, column.name, 1)


def _beside(world: World, folder: Path) -> None:
    """Plant her in the tables that are nobody's rows: letters to the other one, jobs, sessions, imports, the audit."""
    person, proposal = world.person, world.rows[Proposal]
    world.planted["a letter to the other one"] = canary()
    Letter.objects.create(
        created_at=AT, recipient=person_key(world.mentor.person_id), event="proposal_to_mentor", state="sent",
        about_id=proposal.pk, queued_by="system:tests", send_after=AT, subject="x", sent_at=AT,
        body=world.planted["a letter to the other one"], values={"name": "Zarghuna"}, division_id=world.division.pk,
    )  # fmt: skip
    DBTaskResult.objects.create(
        task_path="mentornet.matching.tasks.see_to_apart", status=TaskResultStatus.READY, backend_name="default",
        queue_name="default", run_after=AT, args_kwargs={"args": [], "kwargs": {"people": [[str(person.pk)]]}},
        exception_class_path="", traceback="",
    )  # fmt: skip
    hers, linked, staffs = SessionStore(), SessionStore(), SessionStore()
    hers["_auth_user_id"] = str(world.user.pk)
    linked["mentornet.links"] = {"x": {"person": str(person.pk)}}
    staffs["_messages"] = json.dumps([[f"{person.name} was written to"]])
    staffs["_auth_user_id"] = str(world.lead.pk)
    for session in (hers, linked, staffs):
        session.save()
    common: dict[str, Any] = {
        "division": world.division, "programme": world.mentee.programme, "created_at": AT, "user": world.lead,
        "created_by": user_key(world.lead.pk), "author_name": "Birthe Dam",
    }  # fmt: skip
    world.planted["a list that waits"] = canary()
    waits = Batch.objects.create(state=BatchState.COLUMNS, **common)
    text = f"name,email\n{world.planted['a list that waits']},{person.email}\n"
    File.objects.create(batch=waits, subject="mentees", name="list.csv", rows=1, content=text.encode(), created_at=AT)
    Report.objects.create(batch=waits, content={"rows": [world.planted["a list that waits"]]}, choices={})
    done = Batch.objects.create(state=BatchState.DONE, finished_at=AT, **common)
    world.planted["what an import changed"] = canary()
    Trace.objects.create(
        batch=done,
        made={"people.Person": [str(person.pk)], "intake.Enrolment": [str(world.mentee.pk), str(world.mentor.pk)]},
        former={str(person.pk): {"email": world.planted["what an import changed"]}},
        last_entry=1,
    )
    del folder


# Looking -------------------------------------------------------------------------------------------------------------


def everything(folder: Path) -> Iterator[tuple[str, str]]:
    """Return all that is kept anywhere, as text: each row of each table, each session unpacked, each file."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                yield table, " ".join(_text(value) for value in row)
    for session in Session.objects.all():
        yield "a session", json.dumps(session.get_decoded(), default=str)
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.name, path.read_bytes().decode("latin-1")


def _text(value: object) -> str:
    if isinstance(value, memoryview | bytes):
        return bytes(value).decode("latin-1")
    return str(value)


def found(folder: Path, wanted: Iterator[str] | set[str]) -> list[tuple[str, str]]:
    """Return where any of these texts stands, in any case."""
    texts = sorted({one.lower() for one in wanted})
    seen = set()
    for where, text in everything(folder):
        lowered = text.lower()
        seen |= {(where, one) for one in texts if one in lowered}
    return sorted(seen)


def forms(ids: set[UUID]) -> set[str]:
    """Return keys as either database, or a text, writes them."""
    return {str(one) for one in ids} | {one.hex for one in ids}


__all__ = ["AT", "TODAY", "Partnership", "ProtectedIdentity", "World", "date", "datetime"]
