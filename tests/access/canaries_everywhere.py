"""A canary in every column of text that tells of people or of casework, and a look for it in whatever is answered.

Each row gets canaries of its own: what is found tells which column it has left, of which row, and whose that row is.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.http import HttpResponseBase

from access.rows_beside import AGREED, SIGNED, add_beside, key_of
from access.rows_of_meeting import FACTS
from access.worlds import ELSEWHERE, HERE, Place, World, build_world
from mentornet.common.fields import Level, declared, declared_models, level_of, subject_of, technical
from mentornet.common.ordering import folded, name_key
from mentornet.intake.models import ContactPerson
from mentornet.messaging.models import Letter, LetterState
from mentornet.partnerships.models import Partnership
from mentornet.people.models import Person

Column = models.CharField[Any, Any] | models.TextField[Any, Any] | models.JSONField[Any, Any]

_STAFF_KEY: Final = "the key of whoever did it (user:…, person:…): pages turn it into a name"
_KEY: Final = "a key of a row or a person, by which the program finds her"
_LANGUAGE: Final = "the code of a language"
_CODES: Final = "codes of a list that is the same for everybody"
_HASH: Final = "a hash, a salt or a seal that the program makes"
_AUDIT: Final = "the audit's own codes and keys: it is a place where canaries are looked for, and hashed as a chain"
_NUMBERS: Final = "numbers alone"


def _of(model: str, columns: str) -> tuple[str, ...]:
    return tuple(f"{model}.{name}" for name in columns.split())


EXCUSED: Final[Mapping[str, tuple[str, ...]]] = {
    _STAFF_KEY: (
        *_of("divisions.HiddenPerson", "set_by lifted_by"),
        *_of("divisions.StaffRole", "given_by"),
        *_of("divisions.Absence", "set_by ended_by"),
        *_of("followup.Concern", "taken_by resolved_by closed_by kept_from written_by"),
        *_of("followup.Handover", "made_by taken_back_by"),
        *_of("followup.ConcernNote", "written_by"),
        *_of("followup.Talk", "written_by"),
        *_of("followup.Certificate", "issued_by"),
        *_of("followup.TenureThanks", "called_by"),
        *_of("followup.EarlySign", "put_aside_by"),
        *_of("imports.Batch", "created_by undone_by"),
        *_of("intake.Consent", "heard_by"),
        *_of("intake.Decision", "decided_by"),
        *_of("intake.InterviewOffer", "offered_by"),
        *_of("intake.ProfileConfirmation", "asked_by"),
        *_of("intake.Reference", "seen_by"),
        *_of("learning.Attendance", "told_by"),
        *_of("matching.MatchingMeeting", "opened_by closed_by"),
        *_of("matching.MeetingDecision", "decided_by"),
        *_of("matching.MeetingRun", "asked_by"),
        *_of("matching.MeetingTie", "made_by lifted_by"),
        *_of("matching.Loan", "asked_by answered_by"),
        *_of("matching.Proposal", "chosen_by"),
        *_of("matching.ProposalAnswer", "taken_by"),
        *_of("matching.ProposalQuestion", "answered_by"),
        *_of("partnerships.Note", "written_by"),
        *_of("people.Avoidance", "created_by"),
        *_of("people.Objection", "noted_by"),
        *_of("people.ProtectedIdentity", "protected_by"),
        *_of("people.Restriction", "restricted_by lifted_by"),
        *_of("people.WrittenReach", "written_by"),
        *_of("privacy.Breach", "reported_by settled_by closed_by"),
        *_of("privacy.Demand", "written_by"),
        *_of("privacy.Disclosure", "written_by"),
        *_of("privacy.Merge", "merged_by undone_by"),
        *_of("privacy.NotTheSame", "noted_by"),
        *_of("privacy.Request", "taken_by closed_by"),
        *_of("privacy.RetentionHold", "set_by lifted_by"),
        *_of("intake.Earlier", "noted_by"),
    ),
    _KEY: (
        *_of("accounts.OneTimeCode", "subject recipient"),
        *_of("accounts.PersonalLink", "subject person_key"),
        *_of("intake.SavedSearch", "page"),
        *_of("messaging.Letter", "recipient"),
        *_of("messaging.OptOut", "recipient"),
    ),
    _LANGUAGE: (
        *_of("accounts.PersonalLink", "language"),
        *_of("accounts.User", "language"),
        *_of("followup.ImpactLetter", "language_mentee language_mentor"),
        *_of("intake.Application", "language"),
        *_of("intake.ApplicationDraft", "language"),
        *_of("learning.ReadReceipt", "language"),
        *_of("messaging.Letter", "language"),
        *_of("partnerships.Agreement", "language_mentee language_mentor"),
        *_of("partnerships.AgreementSignature", "language"),
        *_of("people.LanguageSkill", "code"),
        *_of("people.Person", "language"),
        *_of("sourcing.Prospect", "language"),
    ),
    _CODES: (
        *_of("followup.ImpactLetter", "chosen"),
        *_of("followup.LetterWish", "leaves_out"),
        *_of("followup.Reflection", "prompt"),
        *_of("imports.Report", "choices"),
        *_of("intake.ContactPerson", "groups"),
        *_of("matching.Loan", "seen"),
        *_of("surveys.Ask", "said"),
        *_of("surveys.AnonymousAnswer", "question value"),
        *_of("partnerships.Account", "topics"),
        *_of("sourcing.Prospect", "occupation languages"),
        *_of("sourcing.Search", "occupation language topics times steps"),
        *_of("partnerships.Meeting", "topics"),
        *_of("people.Profile", "occupation topics interests availability meeting requires provenance answers"),
    ),
    _HASH: (
        *_of("accounts.OneTimeCode", "salt"),
        *_of("accounts.PersonalLink", "token_hash"),
        *_of("accounts.User", "password"),
        *_of("followup.Certificate", "code_hash sealed_code name_hash"),
        *_of("partnerships.AgreementSignature", "text_hash"),
        *_of("partnerships.CalendarFeed", "token_hash"),
    ),
    _AUDIT: _of("audit.Entry", "actor act object_type object_id detail nonce commitment seal"),
    "names of modules and numbers": ("followup.Certificate.facts",),
    _NUMBERS: ("followup.EarlySign.facts", "learning.ModuleProgress.right", "matching.Proposal.bars"),
    "written from her names, which hold canaries": ("people.Person.search_text", "sourcing.Prospect.search_text"),
}
"""The columns about people that hold no canary, by the reason why they cannot."""

SET_UP: Final = frozenset(
    {
        *("audit.Head", "backups.Run", "common.PeriodicRun", "common.WorkerBeat", "demo.DemoNetwork"),
        *("divisions.Division", "divisions.MeetingPlace", "divisions.Organisation", "imports.ColumnMapping"),
        "followup.SurvivalFit",
        *("matching.MeetingSnapshot", "matching.ShortageMap"),
        *("followup.SurvivalFit", "matching.Forecast", "matching.FiveMore"),
        *("intake.ConsentText", "intake.IntakeWindow", "learning.Chapter", "learning.ChapterText", "learning.Module"),
        *("learning.ModuleText", "messaging.LetterText", "messaging.Trial", "partnerships.AgreementTemplate"),
        *("privacy.Assessment", "privacy.Erasure", "privacy.RetentionCount", "privacy.RetentionTerm"),
        *("programmes.Programme", "programmes.ProgrammeVersion", "programmes.RefusedName"),
        *("surveys.Questionnaire", "surveys.QuestionnaireVersion", "sourcing.OptOut", "sourcing.OptOutKey"),
        "intake.IntakeLimit",
    }
)
"""Models of the organisation's own set-up, or of the program's own work: no column of theirs is about anybody."""

SHAPES: Final[Mapping[str, Any]] = {
    "followup.ImpactLetter.texts": {
        "en": {
            "title": "A letter", "greeting": "Dear {mentor},", "opening": "this is about {mentee}.", "facts": ["*"],
            "quotes": [{"heading": "In her words", "texts": ["*"]}], "ending": "Thank you.",
        },
    },
    "agenda.Task.words": {"mentee": "*", "mentor": "*"},
    "imports.File.layout": [
        {"index": 0, "written": "*", "samples": ["*"], "field": "", "source": "known", "usual": "", "shown": ""}
    ],
    "imports.Report.content": {
        "languages": ["en", "da"], "texts": [["*", "*"]], "faults": [["mentees", 2, "name", "*", 0]],
        "notices": [], "first": {}, "duplicates": [],
    },
    "imports.Trace.former": {"somebody": {"email": "*"}},
    "intake.ApplicationDraft.answers": {"words": {"about": "*", "wishes": "*"}, "life": {"area": "*"}},
    "intake.Interview.answers": {"hopes": "*"},
    "intake.InterviewDraft.typed": {"shareable": "*", "coordinator_only": "*"},
    "intake.ProfileConfirmation.corrected": {"about": "*"},
    "matching.MeetingPerson.facts": FACTS | {"interests": ["*"]},
    "matching.Proposal.sentences": {"en": ["*"], "da": ["*"]},
    "messaging.Letter.values": {"day": "2026-03-20", "name": "*"},
    "partnerships.Agreement.terms": AGREED,
    "partnerships.Agreement.texts": SIGNED,
    "sourcing.ProspectList.rows": [{"name": "*", "email": "*", "title": "*"}],
    "surveys.Ask.answers": {"why": "*"},
    "privacy.Merge.steps": [["set", "people.Person", "no-such-row", {"area": ["*", "…"]}]],
    "people.ProtectedIdentity.texts": [["people.Profile", "no-such-row", "about", "*", "…"]],
}  # fmt: skip
"""What a column of JSON holds; a canary stands in place of each star."""
# Colleagues see each other's names and addresses; a participant who signs in has an account too.
ONLY: Final[Mapping[str, dict[str, Any]]] = {"accounts.User": {"person__isnull": False}}


@dataclass(frozen=True)
class Planted:
    """Where a canary stands.

    Attributes:
        column: ``app.Model.column``.
        place: here or elsewhere.
        people: whose row it is, as far as the registry says.
    """

    column: str
    place: str
    people: frozenset[UUID]

    @property
    def level(self) -> Level:
        """Who may see it."""
        model, _, name = self.column.rpartition(".")
        return level_of(model, name)


@dataclass
class Everywhere:
    """The world with a canary in every column, and all of them by their text."""

    world: World
    planted: dict[str, Planted] = field(default_factory=dict)

    def found(self, text: str) -> dict[str, Planted]:
        """Return the canaries that stand in a text, in any case; a telephone number may be shown in groups."""
        lowered = text.lower()
        words = set(_WORD.findall(lowered))
        words |= {f"+45{number}" for number in _NUMBER.findall(_BETWEEN.sub("", lowered))}
        return {word: self.planted[word] for word in words if word in self.planted}


_WORD: Final = re.compile(r"zq[he]\d{4}")
_NUMBER: Final = re.compile(r"(?<![0-9a-z])(?:\+?45|%2b45)?(78[12]\d{5})(?![0-9a-z])")
_BETWEEN: Final = re.compile(r"(?<=\d)[ \u00a0](?=\d)")


def text_columns(label: str) -> Iterator[Column]:
    """Yield the columns of a model that hold text and no choice, and are not there for the record alone."""
    for column in apps.get_model(label)._meta.concrete_fields:
        if isinstance(column, models.CharField | models.TextField | models.JSONField) and not column.choices:
            policy = declared(label).get(column.name)
            if policy is not None and policy != technical(column.name)[column.name]:
                yield column


def to_be_planted() -> dict[str, list[Column]]:
    """Return, by model, the columns that are to hold canaries: all those about people that nobody has excused."""
    excused = {name for names in EXCUSED.values() for name in names}
    wanted = {
        label: [
            column
            for column in text_columns(label)
            if declared(label)[column.name].about_person and f"{label}.{column.name}" not in excused
        ]
        for label in sorted(declared_models())
    }
    return {label: columns for label, columns in wanted.items() if columns}


def build_everywhere() -> Everywhere:
    """Make the usual world, the rows that it has none of, and a canary in each column of each row of both places."""
    planted: dict[str, Planted] = {}
    known: set[tuple[str, Any]] = set()
    numbers = count(1)

    def finish(place: Place) -> None:
        add_beside(place)
        _Planting(place, planted, known, numbers).plant()
        for one in place.mentee, place.mentor:
            assert one is not None
            one.refresh_from_db()

    world = build_world(finish)
    more = {
        "mentee of the pair": Partnership.objects.get(pk=key_of(world.here, "partnership_id")).mentee.person,
        "contact person": ContactPerson.objects.get(pk=key_of(world.here, "contact_id")).person,
    }
    return Everywhere(replace(world, participants={**world.participants, **more}), planted)


_SEALED: Final = {*Person.SEALED} - {"first_name", "area"}


class _Planting:
    def __init__(
        self, place: Place, planted: dict[str, Planted], known: set[tuple[str, Any]], numbers: Iterator[int]
    ) -> None:
        self.planted, self.known, self.numbers = planted, known, numbers
        self.place = HERE if place.division.name == f"Division {HERE}" else ELSEWHERE

    def plant(self) -> None:
        """Plant in every row that no other place has."""
        whose = dict[UUID, frozenset[UUID]]()
        # What names another row comes after all those that can be named.
        for label in sorted(declared_models(), key=_is_hanging):
            model, columns = apps.get_model(label), to_be_planted().get(label, [])
            people = _people(model, whose)
            whose |= people
            if not columns:
                continue
            for row in model._base_manager.filter(**ONLY.get(label, {})).order_by("pk"):
                if (label, row.pk) not in self.known:
                    self.known.add((label, row.pk))
                    self._in_row(row, columns, people.get(row.pk, frozenset()))

    def _in_row(self, row: models.Model, columns: list[Column], people: frozenset[UUID]) -> None:
        label = row._meta.label
        values, words = dict[str, Any](), dict[str, Planted]()
        for column in columns:
            word, value = self._value(f"{label}.{column.name}", column)
            # Of a protected one it lies in her sealed identity; a letter that waits is written from its values.
            is_sealed = isinstance(row, Person) and row.is_protected and column.name in _SEALED
            if is_sealed or (isinstance(row, Letter) and row.state != LetterState.SENT and column.name == "values"):
                continue
            values[column.name], words[word] = value, Planted(f"{label}.{column.name}", self.place, people)
        if isinstance(row, Person):
            first, last = values["first_name"], values.get("last_name", "")
            values |= {"search_text": folded(f"{first} {last}".strip()), "sort_key": name_key(first, last)}
        if self._written(row, values):
            self.planted.update(words)
            return
        # A row whose state forbids a word in one of its columns has the others.
        for (word, planted), (name, value) in zip(words.items(), values.items(), strict=True):
            if self._written(row, {name: value}):
                self.planted[word] = planted

    def _written(self, row: models.Model, values: dict[str, Any]) -> bool:
        try:
            with transaction.atomic():
                type(row)._base_manager.filter(pk=row.pk).update(**values)
        except IntegrityError:
            return False
        return True

    def _value(self, name: str, column: Column) -> tuple[str, Any]:
        number = next(self.numbers)
        if name.endswith(".phone"):
            word = f"+4578{1 if self.place == HERE else 2}{number:05}"
            return word, word
        word = f"zq{self.place[0]}{number:04}"
        if isinstance(column, models.JSONField):
            return word, _starred(SHAPES[name], word)
        is_address = isinstance(column, models.EmailField) or name in {
            "intake.ApplicationDraft.confirmed",
            "messaging.Letter.sent_to",
        }
        return word, f"{word}@example.org" if is_address else word


def _is_hanging(label: str) -> bool:
    subject = subject_of(label)
    return subject is not None and bool(subject.target)


def _starred(shape: Any, word: str) -> Any:
    if isinstance(shape, dict):
        return {key: _starred(value, word) for key, value in shape.items()}
    if isinstance(shape, list):
        return [_starred(value, word) for value in shape]
    return word if shape == "*" else shape


def _people(model: type[models.Model], whose: dict[UUID, frozenset[UUID]]) -> dict[Any, frozenset[UUID]]:
    """Return whose each row is, by its key, as the registry says; ``whose`` knows it of the rows that it may name."""
    subject = subject_of(model._meta.label)
    if subject is None:
        return {}
    paths: list[tuple[str, dict[str, str]]] = [(path, {}) for path in subject.paths]
    for side in ("mentee", "mentor") if subject.side else ():
        pair = f"{subject.via}__" if subject.via else ""
        paths.append((f"{pair}{side}__person", {subject.side: side}))
    people: dict[Any, set[UUID]] = {}
    for path, only in paths:
        for key, person in model._base_manager.filter(**only).values_list("pk", path):
            if person is not None:
                people.setdefault(key, set()).add(person)
    for column in subject.keys:
        for key, text in model._base_manager.values_list("pk", column):
            if str(text).startswith("person:"):
                people.setdefault(key, set()).add(UUID(str(text).partition(":")[2]))
    for key, target in model._base_manager.values_list("pk", subject.target) if subject.target else ():
        if key not in people and isinstance(target, UUID):
            people[key] = set(whose.get(target, ()))
    return {key: frozenset(hers) for key, hers in people.items()}


# Looking --------------------------------------------------------------------------------------------------------------

_STREAM: Final = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


def read(answer: HttpResponseBase) -> str:
    """Return all that an answer says: what stands in its files too, its headers, and its cookies."""
    body = b"".join(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]  # per kind
    cookies = "; ".join(morsel.OutputString() for morsel in answer.cookies.values())
    return "\n".join([unpacked(body), str(dict(answer.headers)), cookies])


def unpacked(content: bytes) -> str:
    """Return the text of a file: an archive's and a workbook's members, a PDF's streams, anything else as it is."""
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(f"{name}\n{unpacked(archive.read(name))}" for name in archive.namelist())
    text = content.decode("utf-8", "replace")
    if content.startswith(b"%PDF"):
        text += "".join(_inflated(stream) for stream in _STREAM.findall(content))
    # A line of a calendar goes on after a break and a space.
    return text.replace("\r\n ", "") if content.startswith(b"BEGIN:VCALENDAR") else text


def _inflated(stream: bytes) -> str:
    try:
        return zlib.decompress(stream).decode("latin-1")
    except zlib.error:
        return ""
