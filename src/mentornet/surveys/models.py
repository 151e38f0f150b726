"""Questionnaires and their versions; who was asked what, when, and what she answered."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record, WordsField
from mentornet.divisions.models import Division
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Role
from mentornet.programmes.models import Programme
from mentornet.surveys.dues import Due
from mentornet.surveys.enums import HAS_ANSWERED, Aim, Asked, AskState
from mentornet.surveys.validators import check_content, check_due, check_questions, check_texts


class Questionnaire(Record):
    """What is asked of one side, or both, again and again or once. Its questions stand in its versions.

    Attributes:
        key: its name, by which what ships with the program is known again.
        programme: whose pairs are asked; all where it is empty, but those of programmes with one of their own.
        due: when it is asked (:class:`mentornet.surveys.dues.Due`).
        draft: the next version as somebody is writing it; ``None`` where nothing has been changed.
        draft_number: how often the draft was changed: who writes says which one she had before her.
    """

    key = models.SlugField(_("name"), max_length=40, unique=True)
    programme = models.ForeignKey(
        Programme,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="questionnaires",
        verbose_name=_("programme"),
        help_text=_("Empty: the pairs of all programmes are asked."),
    )
    aim = models.CharField(_("what for"), max_length=10, choices=Aim.choices)
    who = models.CharField(_("who is asked"), max_length=6, choices=Asked.choices, default=Asked.BOTH)
    is_anonymous = models.BooleanField(_("nobody sees who answered what"), default=False)
    due = models.JSONField(_("when it is asked"), default=dict, blank=True, validators=[check_due])
    closed_on = models.DateField(_("closed"), null=True, blank=True)
    draft = models.JSONField(_("draft"), null=True, blank=True, default=None, validators=[check_content])
    draft_number = models.PositiveIntegerField(_("changes of the draft"), default=0)

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        constraints = [
            models.CheckConstraint(
                name="surveys_questionnaire_lists", condition=Q(aim__in=Aim.values, who__in=Asked.values)
            ),
            models.CheckConstraint(
                # A check-in is answered with a call: somebody must know whom to call.
                name="surveys_questionnaire_check_in",
                condition=~Q(aim="check_in", is_anonymous=True),
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def rule(self) -> Due:
        """When it is asked."""
        return Due.of(self.due)

    @property
    def sides(self) -> tuple[Role, ...]:
        """Whom it asks."""
        return tuple(side for side in Role if self.who in {Asked.BOTH, side})


class QuestionnaireVersion(Record):
    """What a questionnaire asks, from one change to the next. Never altered once written.

    Attributes:
        title: what it is called, on the desk and above the questions, by language.
    """

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, related_name="versions", verbose_name=_("questionnaire")
    )
    number = models.PositiveIntegerField(_("version"))
    title = models.JSONField(_("title"), validators=[check_texts])
    questions = models.JSONField(_("questions"), validators=[check_questions])
    created_by = models.CharField(_("author"), max_length=60)
    author_name = models.CharField(_("author's name"), max_length=150, blank=True)
    reason = models.CharField(_("reason"), max_length=500)

    class Meta:
        verbose_name = _("version of a questionnaire")
        verbose_name_plural = _("versions of questionnaires")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(name="surveys_questionnaireversion_number", fields=["questionnaire", "number"]),
            models.CheckConstraint(name="surveys_questionnaireversion_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire_id} {self.number}"


class Ask(Record):
    """One asking of one of a pair, and what she answered.

    Where the questionnaire is anonymous, her answers do not stand here (:class:`AnonymousAnswer`): only which
    questions she has answered, so that nobody is counted twice.

    Attributes:
        occasion: why she is asked now, such as ``month:3``: once for each side of a pair.
        asked_at: when the letter was written.
        reminded_at: when she was reminded, once.
        answered_at: when she first answered something; of an anonymous one the month alone, as its first day.
        said: the names of the questions that she has answered.
        answers: what she answered, by the name of the question; ``None`` before, and where it is anonymous.
    """

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, related_name="asks", verbose_name=_("questionnaire")
    )
    version = models.ForeignKey(
        QuestionnaireVersion, on_delete=models.PROTECT, related_name="asks", verbose_name=_("version")
    )
    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="asks", verbose_name=_("partnership")
    )
    side = models.CharField(_("side"), max_length=6, choices=Role.choices)
    occasion = models.CharField(_("occasion"), max_length=30)
    is_anonymous = models.BooleanField(_("nobody sees who answered what"), default=False)
    due_on = models.DateField(_("asked on"))
    asked_at = models.DateTimeField(_("asked"))
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=AskState.choices, default=AskState.OPEN)
    said = WordsField(_("answered questions"), default=tuple, blank=True)
    answers = models.JSONField(_("answers"), null=True, blank=True, default=None)

    class Meta:
        verbose_name = _("asking")
        verbose_name_plural = _("askings")
        constraints = [
            models.UniqueConstraint(
                name="surveys_ask_once", fields=["questionnaire", "partnership", "side", "occasion"]
            ),
            models.CheckConstraint(
                name="surveys_ask_lists", condition=Q(side__in=Role.values, state__in=AskState.values)
            ),
            models.CheckConstraint(
                name="surveys_ask_answered",
                condition=Q(state__in=HAS_ANSWERED, answered_at__isnull=False)
                | (~Q(state__in=HAS_ANSWERED) & Q(answered_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="surveys_ask_anonymous", condition=Q(is_anonymous=False) | Q(answers__isnull=True)
            ),
        ]
        indexes = [
            models.Index(name="surveys_ask_pair", fields=["partnership", "questionnaire", "side", "due_on"]),
            models.Index(name="surveys_ask_open", fields=["asked_at"], condition=Q(state="open")),
            models.Index(name="surveys_ask_results", fields=["questionnaire", "due_on"]),
        ]

    def __str__(self) -> str:
        return f"{self.partnership_id} {self.side} {self.occasion}"


class AnonymousAnswer(models.Model):
    """One answer to one question of which nobody knows who gave it.

    It leads to no asking, person or pair, and says no more of its time than the month. Nor does the order in which
    the rows lie tell anything: whenever one is added, all of its month are written anew, in an order drawn by chance
    (:mod:`mentornet.surveys.services.answering`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(
        QuestionnaireVersion, on_delete=models.PROTECT, related_name="anonymous_answers", verbose_name=_("version")
    )
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="anonymous_answers", verbose_name=_("division")
    )
    side = models.CharField(_("side"), max_length=6, choices=Role.choices)
    month = models.DateField(_("month"))
    question = models.CharField(_("question"), max_length=30)
    value = models.JSONField(_("answer"))

    class Meta:
        verbose_name = _("anonymous answer")
        verbose_name_plural = _("anonymous answers")
        constraints = [
            models.CheckConstraint(name="surveys_anonymousanswer_side", condition=Q(side__in=Role.values)),
        ]
        indexes = [
            models.Index(name="surveys_answer_month", fields=["version", "division", "month"]),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.question}"
