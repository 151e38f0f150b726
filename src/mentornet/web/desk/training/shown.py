"""What the pages of the training show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mentornet.intake.models import Enrolment
from mentornet.intake.queries import names_of
from mentornet.learning.enums import Way
from mentornet.learning.models import Attendance, Module, ModuleText
from mentornet.learning.queries import Part, Training
from mentornet.people.recipients import person_key


@dataclass(frozen=True, slots=True)
class Row:
    """A mentor who lacks training.

    Attributes:
        left: the titles of what she lacks.
        minutes: how long that takes.
    """

    enrolment: Enrolment
    left: tuple[str, ...]
    minutes: int
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One module of somebody's training.

    Attributes:
        words: how and when it was done, and who told it; or how far she has come.
        reason: why she was let off it.
    """

    part: Part
    words: str
    reason: str

    @property
    def is_done(self) -> bool:
        """Whether it is done, or she was let off it."""
        return self.part.done is not None


def rows_of(
    mentors: Sequence[Enrolment],
    left: Mapping[UUID, Sequence[Module]],
    texts: Mapping[UUID, ModuleText],
    ticked: Sequence[str],
) -> list[Row]:
    """Prepare the list of those who lack training."""
    return [
        Row(
            mentor,
            tuple(texts[module.pk].title for module in left[mentor.pk] if module.pk in texts),
            sum(module.minutes for module in left[mentor.pk]),
            str(mentor.pk) in ticked,
        )
        for mentor in mentors
    ]


def lines_of(training: Training) -> list[Line]:
    """Prepare what somebody has done and lacks. What her programme does not ask for is told only when it is done."""
    names = names_of({part.done.told_by for part in training.parts if part.done})
    return [
        Line(part, _words(part, names), part.done.reason if part.done else "")
        for part in training.parts
        if part.is_asked or part.done
    ]


def _words(part: Part, names: Mapping[str, str]) -> str:
    if part.done is not None:
        return _done(part.done, names)
    if part.is_begun:
        return _("Begun: %(right)s of %(count)s questions answered") % {
            "right": part.answered,
            "count": len(part.right),
        }
    return _("Not begun")


def _done(done: Attendance, names: Mapping[str, str]) -> str:
    values = {"day": date_format(done.on, "DATE_FORMAT"), "name": names.get(done.told_by, "")}
    if done.told_by == person_key(done.person_id):
        return _("Read by herself, all questions answered, on %(day)s") % values
    if not values["name"]:
        values["name"] = _("the program")
    if done.way == Way.ATTENDED:
        return _("At a meeting on %(day)s, noted by %(name)s") % values
    if done.way == Way.WAIVED:
        return _("Let off on %(day)s by %(name)s") % values
    return _("Read, on %(day)s, noted by %(name)s") % values
