"""Tasks: something that waits for somebody, with a day on which it is due."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record


class Kind(models.TextChoices):
    """What is to be done; each kind has one action, which the desk knows."""

    INTERVIEW = "interview", _("Interview")
    DECIDE = "decide", _("Decide on an application")
    PROMISE = "promise", _("Keep a promise")
    CALL_FOR_ANSWER = "call_for_answer", _("Call for an answer")
    MEET_FIRST = "meet_first", _("A first meeting")
    AFTER_MEETING = "after_meeting", _("Ask both after the meeting")
    PROPOSAL_ENDED = "proposal_ended", _("A proposal came to nothing")
    NOT_MET = "not_met", _("Matched, not met")
    QUESTION = "question", _("Answer a question")
    IMPORT = "import", _("An import to finish")
    WISH = "wish", _("A participant asks for something")
    RETURN = "return", _("Ask whether she is back")
    CHANGED = "changed", _("A profile changed during a proposal")
    CORRECTED = "corrected", _("A participant has corrected her profile")
    PAUSED = "paused", _("A pair has paused")
    TO_END = "to_end", _("A pair wants to end")
    CONTACT_PERSON = "contact_person", _("Call a contact person")
    APART_PROPOSED = "apart_proposed", _("Must not meet: an open proposal")
    APART_PAIRED = "apart_paired", _("Must not meet: a partnership")
    NO_CONSENT = "no_consent", _("Agrees no longer")
    PROTECT = "protect", _("Asks to be protected")
    REVEAL = "reveal", _("A second person is asked for")
    REVEALED = "revealed", _("A protected person was revealed")
    RETENTION = "retention", _("Whose time is over soon")
    REQUEST = "request", _("A request about her data")
    HELD_BACK = "held_back", _("A disclosure to look at again")
    CONTACT = "contact", _("Call a pair")
    CALL_WANTED = "call_wanted", _("Wants to be called")
    ENDING = "ending", _("An agreement ends")
    CLOSING = "closing", _("An ending to finish")
    FOLLOW_UP = "follow_up", _("Ask how it goes afterwards")
    WARNED = "warned", _("An early sign")
    HANDOVER = "handover", _("Cases handed over")
    LOAN_ASKED = "loan_asked", _("A mentor asked for by another division")
    INTAKE = "intake", _("An intake to open or close")
    SEARCH_ANSWERED = "search_answered", _("An answer in a search")
    SEARCH_DUE = "search_due", _("A search’s day has come")


class Task(Record):
    """One thing to do. ``target`` is an opaque key: whoever made the task knows what lies behind it.

    Attributes:
        owner_id: the user whose case it is; nobody's in particular when empty.
        words: what the title says, by name: people's names as they were when it was asked for, and numbers, no more.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    target_id = models.UUIDField(_("target"))
    division_id = models.UUIDField(_("division"))
    owner_id = models.UUIDField(_("owner"), null=True, blank=True)
    due_on = models.DateField(_("due"))
    snoozed_until = models.DateField(_("snoozed until"), null=True, blank=True)
    snooze_reason = models.CharField(_("reason"), max_length=200, blank=True)
    words = models.JSONField(_("words"), default=dict)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.CharField(_("done by"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        constraints = [
            models.UniqueConstraint(
                name="agenda_task_once", fields=["kind", "target_id"], condition=Q(done_at__isnull=True)
            ),
            models.CheckConstraint(name="agenda_task_kind", condition=Q(kind__in=Kind.values)),
        ]
        indexes = [
            models.Index(name="agenda_task_open", fields=["division_id", "due_on"], condition=Q(done_at__isnull=True)),
            # What hangs on one thing, done or not: its tasks end with it, and whoever it is about may ask for them.
            models.Index(name="agenda_task_target", fields=["target_id", "kind"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.target_id}"
