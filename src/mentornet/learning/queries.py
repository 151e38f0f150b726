"""Reads of the handbook and the training."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery
from rapidfuzz import fuzz

from mentornet.common.actors import Actor
from mentornet.common.ordering import folded
from mentornet.intake.models import Enrolment
from mentornet.intake.queries import visible_enrolments
from mentornet.learning.models import (
    Attendance,
    Chapter,
    ChapterText,
    Module,
    ModuleProgress,
    ModuleText,
    ReadReceipt,
)
from mentornet.messaging.queries import letters_about
from mentornet.people.enums import Role
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import current_version, current_versions

FALLBACKS: Final = ("en", "da")
"""The languages in which everything is written, the next best first."""
ALIKE: Final = 60
"""How alike, of 100, a situation and what somebody typed must be."""
_Text = TypeVar("_Text", ChapterText, ModuleText)


def _in_force(texts: QuerySet[_Text], of: str) -> QuerySet[_Text]:
    newest = texts.model.objects.filter(**{of: OuterRef(of), "language": OuterRef("language")}).order_by("-number")
    return texts.filter(pk=Subquery(newest.values("pk")[:1]))


def _best(texts: Iterable[_Text], of: str, language: str) -> list[_Text]:
    """Return one text for each thing, in the language or the next best one, in the things' order."""
    wanted = (language, *FALLBACKS)
    best: dict[UUID, _Text] = {}
    for text in texts:
        key = getattr(text, f"{of}_id")
        if text.language in wanted and (
            key not in best or wanted.index(text.language) < wanted.index(best[key].language)
        ):
            best[key] = text
    return sorted(best.values(), key=lambda text: getattr(text, of).position)


def newest_chapter_texts() -> QuerySet[ChapterText]:
    """Return every chapter as it is in force, in each of its languages."""
    return _in_force(ChapterText.objects.all(), "chapter")


def newest_module_texts() -> QuerySet[ModuleText]:
    """Return every module as it is in force, in each of its languages."""
    return _in_force(ModuleText.objects.all(), "module")


def chapters(role: Role | str, language: str) -> list[ChapterText]:
    """Return a handbook's chapters as they are in force, each in ``language`` or, unwritten there, the next best."""
    texts = newest_chapter_texts().filter(chapter__role=role, language__in=(language, *FALLBACKS))
    return _best(texts.select_related("chapter"), "chapter", language)


def chapter(role: Role | str, slug: str, language: str) -> ChapterText | None:
    """Return a chapter as it is in force; ``None`` when there is none of that name."""
    texts = newest_chapter_texts().filter(chapter__role=role, chapter__slug=slug)
    found = _best(texts.select_related("chapter"), "chapter", language)
    return found[0] if found else None


def chapters_for(texts: Sequence[ChapterText], typed: str) -> list[tuple[ChapterText, str]]:
    """Return the chapters that fit what somebody typed, the best first, each with the situation it was found by.

    A chapter is found by a situation that reads alike, or by every word standing in its title, summary or text; the
    situation is empty in the second case.
    """
    words, found = folded(typed).split(), []
    for text in texts:
        likeness, situation = max(
            ((fuzz.token_set_ratio(folded(typed), folded(one)), one) for one in text.situations), default=(0.0, "")
        )
        whole = folded(f"{text.title} {text.summary} {text.body}")
        if likeness >= ALIKE:
            found.append((likeness, text, situation))
        elif words and all(word in whole for word in words):
            found.append((0.0, text, ""))
    found.sort(key=lambda one: (-one[0], one[1].chapter.position))
    return [(text, situation) for _likeness, text, situation in found]


def modules(role: Role | str, language: str) -> list[ModuleText]:
    """Return the training of a role, each module in ``language`` or the next best."""
    texts = newest_module_texts().filter(module__role=role, language__in=(language, *FALLBACKS))
    return _best(texts.select_related("module"), "module", language)


def attended(person_id: UUID) -> dict[UUID, Attendance]:
    """Return what somebody has done of the training, by module."""
    return {one.module_id: one for one in Attendance.objects.filter(person_id=person_id)}


def modules_of(role: Role | str, programme_id: UUID | None = None) -> QuerySet[Module]:
    """Return the modules of a role that a programme asks for, in order; all of the role without a programme."""
    found = Module.objects.filter(role=role).order_by("position")
    asked = None if programme_id is None else current_version(programme_id).modules
    return found if asked is None else found.filter(slug__in=asked)


def modules_left(person_id: UUID, role: Role | str, programme_id: UUID | None = None) -> QuerySet[Module]:
    """Return what somebody has not done of the modules of a role, or of those that her programme asks for, in order."""
    done = Attendance.objects.filter(person_id=person_id).values("module_id")
    return modules_of(role, programme_id).exclude(pk__in=done)


def is_training_first(enrolment: Enrolment) -> bool:
    """Tell whether her match waits for her training: a mentor's, who has parts of it left."""
    if enrolment.role != Role.MENTOR or enrolment.briefed_on is not None or enrolment.ended_on is not None:
        return False
    return modules_left(enrolment.person_id, enrolment.role, enrolment.programme_id).exists()


def has_answered(person_id: UUID, module: Module) -> bool:
    """Tell whether somebody has answered all of a module's questions right, in one of its languages."""
    progress = ModuleProgress.objects.filter(person_id=person_id, module=module).first()
    if progress is None:
        return False
    known = set(progress.right)
    return any(known.issuperset(text.marks()) for text in newest_module_texts().filter(module=module))


@dataclass(frozen=True, slots=True)
class Part:
    """One module of somebody's training.

    Attributes:
        text: the module as she reads it.
        done: when and how she has done it.
        right: of each of its questions, whether she has answered it right.
        is_asked: her programme asks for it; the others are there to read.
    """

    text: ModuleText
    done: Attendance | None
    right: tuple[bool, ...]
    is_asked: bool

    @property
    def is_begun(self) -> bool:
        """Whether she has answered something, and not all."""
        return self.done is None and any(self.right)

    @property
    def answered(self) -> int:
        """How many questions she has answered right."""
        return sum(self.right)


@dataclass(frozen=True, slots=True)
class Training:
    """Somebody's training in one role.

    Attributes:
        enrolment: the newest of those that run; what she does counts in all of them.
    """

    enrolment: Enrolment
    parts: tuple[Part, ...]

    @property
    def role(self) -> str:
        """As whom she is trained."""
        return self.enrolment.role

    @property
    def asked(self) -> list[Part]:
        """What her programme asks for."""
        return [part for part in self.parts if part.is_asked]

    @property
    def left(self) -> list[Part]:
        """What is asked for and not done, in order."""
        return [part for part in self.asked if part.done is None]

    @property
    def done_count(self) -> int:
        """How much of what is asked for she has done."""
        return len(self.asked) - len(self.left)

    @property
    def minutes_left(self) -> int:
        """About how long the rest takes."""
        return sum(part.text.module.minutes for part in self.left)


def trainings(person_id: UUID, language: str) -> list[Training]:
    """Return what somebody is to learn, by role, as somebody who takes part now. Five queries, however much it is."""
    running = Enrolment.objects.filter(person_id=person_id, ended_on__isnull=True).order_by("-created_at", "pk")
    return trainings_of(list(running), language)


def trainings_of(enrolments: Sequence[Enrolment], language: str) -> list[Training]:
    """Return what one person is to learn in each role of these enrolments of hers, the newest first.

    Where she takes part in two programmes, both of them ask.
    """
    if not enrolments:
        return []
    person_id = enrolments[0].person_id
    asked = asked_by_programmes({one.programme_id for one in enrolments})
    texts = newest_module_texts().filter(
        module__role__in={one.role for one in enrolments}, language__in=(language, *FALLBACKS)
    )
    best = _best(texts.select_related("module"), "module", language)
    done = attended(person_id)
    known = {one.module_id: set(one.right) for one in ModuleProgress.objects.filter(person_id=person_id)}
    found: dict[str, Training] = {}
    for enrolment in enrolments:
        if enrolment.role in found:
            continue
        slugs = [asked[one.programme_id] for one in enrolments if one.role == enrolment.role]
        found[enrolment.role] = Training(
            enrolment,
            tuple(
                Part(
                    text,
                    done.get(text.module_id),
                    tuple(mark in known.get(text.module_id, ()) for mark in text.marks()),
                    any(one is None or text.module.slug in one for one in slugs),
                )
                for text in best
                if text.module.role == enrolment.role
            ),
        )
    return [found[role] for role in Role.values if role in found]


def asked_by_programmes(programme_ids: Collection[UUID]) -> dict[UUID, list[str] | None]:
    """Return the names of the modules that each of these programmes asks for; ``None`` for all."""
    versions = current_versions(Programme.objects.filter(pk__in=programme_ids)).order_by()
    return dict(versions.values_list("programme_id", "modules"))


def left_for(person_id: UUID, enrolments: Sequence[Enrolment]) -> list[Module]:
    """Return what is left of somebody's training in these enrolments of hers, each once. Two queries."""
    asked = asked_by_programmes({one.programme_id for one in enrolments})
    modules = Module.objects.filter(role__in={one.role for one in enrolments}).order_by("position")
    return [
        module
        for module in modules.exclude(attendances__person_id=person_id)
        if any(one.role == module.role and _is_asked(module, asked[one.programme_id]) for one in enrolments)
    ]


def untrained_mentors(by: Actor) -> QuerySet[Enrolment]:
    """Return the mentors of the actor's divisions who are not in the bank yet for want of training, by name."""
    return (
        visible_enrolments(by)
        .filter(role=Role.MENTOR, ended_on__isnull=True, briefed_on__isnull=True)
        .order_by("person__sort_key", "pk")
    )


def left_of(enrolments: Sequence[Enrolment]) -> dict[UUID, list[Module]]:
    """Return what is left of each one's training, by enrolment. Three queries, however many they are."""
    asked = asked_by_programmes({one.programme_id for one in enrolments})
    everything = list(Module.objects.filter(role__in={one.role for one in enrolments}).order_by("position"))
    done: defaultdict[UUID, set[UUID]] = defaultdict(set)
    people = [one.person_id for one in enrolments]
    for person_id, module_id in Attendance.objects.filter(person_id__in=people).values_list("person_id", "module_id"):
        done[person_id].add(module_id)
    return {
        one.pk: [
            module
            for module in everything
            if module.role == one.role
            and _is_asked(module, asked[one.programme_id])
            and module.pk not in done[one.person_id]
        ]
        for one in enrolments
    }


def _is_asked(module: Module, slugs: list[str] | None) -> bool:
    return slugs is None or module.slug in slugs


def to_remind(after: datetime, before: datetime, event: str, *, only: UUID | None = None) -> list[Enrolment]:
    """Return the mentors approved between two moments, not by a spreadsheet, who have training left and no letter yet.

    Args:
        after: approved later than this.
        before: and no later than this.
        event: the letter's.
        only: this enrolment alone.
    """
    found = Enrolment.objects.filter(
        role=Role.MENTOR,
        ended_on__isnull=True,
        briefed_on__isnull=True,
        created_at__gt=after,
        created_at__lte=before,
        application__is_imported=False,
    ).select_related("division")
    waiting = list(found.filter(pk=only) if only else found.order_by("created_at", "pk"))
    told = {letter.about_id for letter in letters_about([one.pk for one in waiting]).filter(event=event)}
    left = left_of(waiting)
    return [one for one in waiting if one.pk not in told and left[one.pk]]


def chapters_read(person_id: UUID) -> dict[UUID, bool]:
    """Return the chapters that somebody has read, each with whether it still stands as she read it. Two queries."""
    receipts = list(ReadReceipt.objects.filter(person_id=person_id))
    in_force = versions_in_force({one.chapter_id for one in receipts})
    found: dict[UUID, bool] = {}
    for one in receipts:
        is_newest = one.number == in_force.get((one.chapter_id, one.language))
        found[one.chapter_id] = found.get(one.chapter_id, False) or is_newest
    return found


def read_chapters(person_id: UUID) -> set[UUID]:
    """Return the chapters that somebody has read as they stand now."""
    return {chapter_id for chapter_id, is_newest in chapters_read(person_id).items() if is_newest}


def versions_in_force(chapters: Collection[UUID]) -> dict[tuple[UUID, str], int]:
    """Return the number of the version in force, of each chapter in each of its languages."""
    texts = newest_chapter_texts().filter(chapter_id__in=chapters).order_by()
    return {(one.chapter_id, one.language): one.number for one in texts.only("chapter_id", "language", "number")}


def every_chapter() -> QuerySet[Chapter]:
    """Return all chapters, by handbook and place."""
    return Chapter.objects.order_by("role", "position")


def every_module() -> QuerySet[Module]:
    """Return all modules, by role and place."""
    return Module.objects.order_by("role", "position")


def readers_of_chapters() -> dict[UUID, int]:
    """Return how many have said that they have read each chapter; those that nobody has read are missing."""
    counted = ReadReceipt.objects.order_by().values_list("chapter_id").annotate(count=Count("person", distinct=True))
    return dict(counted)


def done_modules() -> dict[UUID, int]:
    """Return how many have done each module, or were let off it; those that nobody has done are missing."""
    return dict(Attendance.objects.order_by().values_list("module_id").annotate(count=Count("pk")))


def versions_of_chapter(chapter_id: UUID, language: str) -> QuerySet[ChapterText]:
    """Return all versions of a chapter in one language, the newest first."""
    return ChapterText.objects.filter(chapter_id=chapter_id, language=language).order_by("-number")


def versions_of_module(module_id: UUID, language: str) -> QuerySet[ModuleText]:
    """Return all versions of a module in one language, the newest first."""
    return ModuleText.objects.filter(module_id=module_id, language=language).order_by("-number")
