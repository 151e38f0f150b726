"""Chapters of the handbooks, training modules, and who has read or done them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record, mark_of
from mentornet.learning.enums import Way
from mentornet.learning.validators import check_questions, check_situations
from mentornet.people.enums import Role
from mentornet.people.models import Person


class Chapter(Record):
    """A chapter of the mentors' or the mentees' handbook, in whichever language."""

    role = models.CharField(_("whose handbook"), max_length=10, choices=Role.choices)
    slug = models.SlugField(_("name in addresses"), max_length=60)
    position = models.PositiveSmallIntegerField(_("place"))

    class Meta:
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")
        constraints = [
            models.UniqueConstraint(name="learning_chapter_slug", fields=["role", "slug"]),
            models.CheckConstraint(name="learning_chapter_role", condition=Q(role__in=Role.values)),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.slug}"


class Module(Record):
    """A part of the training: read, with questions, or held as a meeting."""

    role = models.CharField(_("for whom"), max_length=10, choices=Role.choices)
    slug = models.SlugField(_("name in addresses"), max_length=60)
    position = models.PositiveSmallIntegerField(_("place"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))

    class Meta:
        verbose_name = _("training module")
        verbose_name_plural = _("training modules")
        constraints = [
            models.UniqueConstraint(name="learning_module_slug", fields=["role", "slug"]),
            models.CheckConstraint(name="learning_module_role", condition=Q(role__in=Role.values)),
            models.CheckConstraint(name="learning_module_minutes", condition=Q(minutes__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.slug}"


class Written(models.Model):
    """A text in one language, from one change to the next. Never altered once written.

    Attributes:
        number: of the version, from 1; the highest is in force.
        body: Markdown; HTML in it is shown as it stands, not obeyed.
        written_by: the key of the author; the program's for what came with it.
    """

    language = models.CharField(_("language"), max_length=10)
    number = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=120)
    summary = models.CharField(_("in one sentence"), max_length=300)
    body = models.TextField(_("text"), max_length=40_000)
    written_at = models.DateTimeField(_("written"))
    written_by = models.CharField(_("author"), max_length=60)

    class Meta:
        abstract = True

    @property
    def is_rtl(self) -> bool:
        """Whether its language runs from right to left."""
        return bool(get_language_info(self.language)["bidi"])


class ChapterText(Written):
    """A chapter in one language.

    Attributes:
        situations: what a reader may say or think who looks for it.
    """

    chapter = models.ForeignKey(Chapter, on_delete=models.PROTECT, related_name="texts")
    situations = models.JSONField(_("situations"), default=list, blank=True, validators=[check_situations])

    class Meta:
        verbose_name = _("chapter’s text")
        verbose_name_plural = _("chapters’ texts")
        ordering = ["chapter", "language", "-number"]
        constraints = [
            models.UniqueConstraint(name="learning_chaptertext_number", fields=["chapter", "language", "number"]),
        ]

    def __str__(self) -> str:
        return f"{self.chapter_id} {self.language} {self.number}"


class ModuleText(Written):
    """A module in one language.

    Attributes:
        questions: each ``{"text", "answers", "right", "why"}``, with the right answer's index.
    """

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="texts")
    questions = models.JSONField(_("questions"), default=list, blank=True, validators=[check_questions])

    class Meta:
        verbose_name = _("module’s text")
        verbose_name_plural = _("modules’ texts")
        ordering = ["module", "language", "-number"]
        constraints = [
            models.UniqueConstraint(name="learning_moduletext_number", fields=["module", "language", "number"]),
        ]

    def __str__(self) -> str:
        return f"{self.module_id} {self.language} {self.number}"

    def marks(self) -> list[str]:
        """Return a mark for each question: another one as soon as its words or answers change."""
        return [mark_of(one["text"], one["answers"], one["right"]) for one in self.questions]


class ReadReceipt(models.Model):
    """Somebody has read a chapter, as it was in one language at the time: once for each version.

    Attributes:
        is_told: she knew that her coordinators see it. What was marked before that is hers alone.
    """

    chapter = models.ForeignKey(Chapter, on_delete=models.PROTECT, related_name="receipts")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="read_chapters")
    language = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    read_at = models.DateTimeField(_("read"))
    is_told = models.BooleanField(_("seen by the office"), default=False)

    class Meta:
        verbose_name = _("read receipt")
        verbose_name_plural = _("read receipts")
        constraints = [
            models.UniqueConstraint(
                name="learning_readreceipt_version", fields=["chapter", "person", "language", "number"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.chapter_id} {self.person_id}"


class Attendance(models.Model):
    """Somebody has done a module, or was let off it with a reason.

    Attributes:
        brought_in: it was the last one she lacked, so that she came into the bank with it; taken back, she leaves it.
    """

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="attendances")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="attendances")
    way = models.CharField(_("how"), max_length=10, choices=Way.choices)
    on = models.DateField(_("day"))
    reason = models.CharField(_("why she is let off"), max_length=300, blank=True)
    brought_in = models.BooleanField(_("brought her into the bank"), default=False)
    told_by = models.CharField(_("by"), max_length=60)
    created_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [
            models.UniqueConstraint(name="learning_attendance_once", fields=["module", "person"]),
            models.CheckConstraint(
                name="learning_attendance_reason",
                condition=Q(way="waived", reason__gt="") | Q(way__in=("read", "attended")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.module_id} {self.person_id}"


class ModuleProgress(models.Model):
    """How far somebody has come with a module's questions: she goes on where she stopped.

    Attributes:
        right: the marks of the questions that she has answered right: of what was asked, not of its place, so that a
            question asked anew is answered anew.
    """

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="progress")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="module_progress")
    right = models.JSONField(_("answered right"), default=list, blank=True)
    changed_at = models.DateTimeField(_("last answered"))

    class Meta:
        verbose_name = _("progress in a module")
        verbose_name_plural = _("progress in modules")
        constraints = [models.UniqueConstraint(name="learning_moduleprogress_once", fields=["module", "person"])]

    def __str__(self) -> str:
        return f"{self.module_id} {self.person_id}"
