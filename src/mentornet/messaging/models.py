"""The outbox: letters that are to leave, have left, or could not."""

from __future__ import annotations

import uuid
from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record
from mentornet.common.states import Transitions


class LetterState(models.TextChoices):
    """How a letter stands."""

    QUEUED = "queued", _("to be sent")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    UNREACHABLE = "unreachable", _("no address")
    FAILED = "failed", _("could not be sent")
    TAKEN_BACK = "taken_back", _("taken back")


LETTER_STEPS: Final = Transitions(
    {
        LetterState.QUEUED: (LetterState.SENDING, LetterState.TAKEN_BACK),
        # Back to the queue: the mail server would not have it, or the worker died with it in its hands. Taken back
        # from there only when it was called back meanwhile: nobody else takes a letter out of a worker's hands.
        LetterState.SENDING: (
            LetterState.SENT,
            LetterState.QUEUED,
            LetterState.UNREACHABLE,
            LetterState.FAILED,
            LetterState.TAKEN_BACK,
        ),
        # Taken back, too, when what they tell of was a mistake: nobody shall send them again.
        LetterState.UNREACHABLE: (LetterState.QUEUED, LetterState.TAKEN_BACK),
        LetterState.FAILED: (LetterState.QUEUED, LetterState.TAKEN_BACK),
    }
)


COULD_NOT_LEAVE: Final = (LetterState.UNREACHABLE, LetterState.FAILED)
"""The states from which a letter leaves only when somebody sends it again."""


class Problem(models.TextChoices):
    """Why a letter has not left, in words that tell what to do."""

    NO_ADDRESS = "no_address", _("There is no e-mail address. Call instead, or add an address and send it again.")
    REFUSED = "refused", _("The mail server refused the address. Check how it is spelled, and send it again.")
    SERVER = "server", _("The mail server did not take the letter. Tell whoever looks after the program.")
    BROKEN = "broken", _("The letter could not be written. Tell whoever looks after the program.")
    INTERRUPTED = "interrupted", _("The program stopped while sending. She may have got the letter; ask her.")


class Letter(Record):
    """One letter about one event to one recipient.

    Address, language and words are settled when it is sent, so that a change made meanwhile counts.

    Attributes:
        recipient: an opaque key such as ``person:…``; whoever knows it has registered how it is looked up.
        queued_by: the key of who caused it.
        event: names the template.
        values: what the template fills in; never anything sensitive.
        about_id: what the letter is about, for lists and timelines.
        message_id: the same at every attempt, so that a repeated delivery is seen as one.
        attempts: how often it was tried, since it was last queued by somebody.
        sending_since: when the attempt under way began: a worker that dies leaves it standing.
        may_have_arrived: a worker died with it in its hands: whatever becomes of it later, she may have read it.
        is_called_back: what it tells of was a mistake: it is not tried again.
        subject, body, language, sent_to: as sent.
        problem: why it has not left; ``get_problem_display`` is the sentence to show.
        problem_detail: the mail server's own words, for whoever looks after the program.
    """

    recipient = models.CharField(_("to"), max_length=60)
    event = models.CharField(_("occasion"), max_length=40)
    values = models.JSONField(_("values"), default=dict, blank=True)
    about_id = models.UUIDField(_("about"), null=True, blank=True)
    division_id = models.UUIDField(_("division"), null=True, blank=True)
    queued_by = models.CharField(_("by"), max_length=60)
    state = models.CharField(_("state"), max_length=12, choices=LetterState.choices, default=LetterState.QUEUED)
    send_after = models.DateTimeField(_("not before"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sending_since = models.DateTimeField(_("being sent since"), null=True, blank=True)
    may_have_arrived = models.BooleanField(_("she may have got it"), default=False)
    is_called_back = models.BooleanField(_("called back"), default=False)
    message_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"), blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    sent_to = models.CharField(_("address"), max_length=254, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    problem = models.CharField(_("what went wrong"), max_length=12, choices=Problem.choices, blank=True)
    problem_detail = models.CharField(_("what the mail server said"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = [
            models.CheckConstraint(name="messaging_letter_state", condition=Q(state__in=LetterState.values)),
        ]
        indexes = [
            models.Index(name="messaging_letter_queue", fields=["state", "send_after"]),
            models.Index(name="messaging_letter_division", fields=["division_id", "created_at"]),
            models.Index(name="messaging_letter_about", fields=["about_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.recipient}"
