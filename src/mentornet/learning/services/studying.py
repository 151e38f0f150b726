"""What participants do themselves: answer a module's questions, tell that they have read a chapter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.common.actors import Actor
from mentornet.common.answers import require
from mentornet.intake.models import Enrolment
from mentornet.learning.enums import Way
from mentornet.learning.models import Chapter, ChapterText, ModuleProgress, ModuleText, ReadReceipt
from mentornet.learning.rules import may_note_read, may_note_training
from mentornet.learning.services.training import note_training
from mentornet.people.models import Person
from mentornet.people.participants import Participant


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of somebody's answers.

    Attributes:
        right: of each question that was answered, by its place, whether rightly.
        is_done: all the module's questions are answered, now or before.
    """

    right: Mapping[int, bool]
    is_done: bool


@transaction.atomic
def answer_questions(*, by: Participant, enrolment: Enrolment, text: ModuleText, answers: Mapping[int, int]) -> Checked:
    """Check a participant's answers, keep which are right, and note the module as done when all are.

    Wrong ones are not kept: she may try again, as often as she likes.

    Args:
        by: herself.
        enrolment: hers.
        text: the module as she reads it.
        answers: the answer's place by the question's, of as many as she has answered.

    Raises:
        NotAllowedError: not hers, or she has left.
        ValidationError: there is no such question or answer, or the module is the other role's.
    """
    require(may_note_training(by, enrolment, Way.READ))
    for place, answer in answers.items():
        if not (0 <= place < len(text.questions) and 0 <= answer < len(text.questions[place]["answers"])):
            raise ValidationError(_("Choose one of the answers."), code="answer")
    marks = text.marks()
    right = {place: text.questions[place]["right"] == answer for place, answer in answers.items()}
    progress, _is_new = ModuleProgress.objects.select_for_update().get_or_create(
        module=text.module, person_id=by.person_id, defaults={"changed_at": by.at}
    )
    known = set(progress.right) | {marks[place] for place, is_right in right.items() if is_right}
    progress.right, progress.changed_at = sorted(known), by.at
    progress.save()
    is_done = known.issuperset(marks)
    if is_done:
        note_training(by=by, enrolment=enrolment, module=text.module, way=Way.READ, on=by.today)
    return Checked(right, is_done)


@transaction.atomic
def note_read(*, by: Actor, person: Person, text: ChapterText) -> None:
    """Note that somebody has read a chapter as it is now; a second time changes nothing, a new version is read anew.

    Raises:
        NotAllowedError: somebody else's reading.
    """
    require(may_note_read(by, person.pk))
    ReadReceipt.objects.get_or_create(
        chapter=text.chapter,
        person=person,
        language=text.language,
        number=text.number,
        defaults={"read_at": by.at, "is_told": True},
    )


@transaction.atomic
def forget_read(*, by: Actor, person: Person, chapter: Chapter) -> None:
    """Take back that somebody has read a chapter, in all its versions.

    Raises:
        NotAllowedError: somebody else's reading.
    """
    require(may_note_read(by, person.pk))
    ReadReceipt.objects.filter(chapter=chapter, person=person).delete()
