"""The outbox: letters that are to leave, have left, or could not."""

from __future__ import annotations

import uuid
from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record
from mentornet.common.states import Transitions
from mentornet.messaging.templates import Kind


class LetterState(models.TextChoices):
    """How a letter stands."""

    QUEUED = "queued", _("to be sent")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    UNREACHABLE = "unreachable", _("cannot be written to")
    FAILED = "failed", _("could not be sent")
    TAKEN_BACK = "taken_back", _("taken back")
    SETTLED = "settled", _("told in another way")
    UNCERTAIN = "uncertain", _("may not have arrived")
    ARRIVED = "arrived", _("has arrived")


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
            LetterState.UNCERTAIN,
            LetterState.TAKEN_BACK,
        ),
        # Taken back, too, when what they tell of was a mistake: nobody shall send them again. Settled when somebody
        # has told her, by telephone perhaps; and back, when that was a slip of the hand.
        LetterState.UNREACHABLE: (LetterState.QUEUED, LetterState.TAKEN_BACK, LetterState.SETTLED),
        LetterState.FAILED: (LetterState.QUEUED, LetterState.TAKEN_BACK, LetterState.SETTLED),
        LetterState.SETTLED: (LetterState.UNREACHABLE, LetterState.FAILED, LetterState.UNCERTAIN),
        # A telephone shows a text message that is sent twice twice: only somebody who has asked her sends it again.
        LetterState.UNCERTAIN: (
            LetterState.QUEUED,
            LetterState.TAKEN_BACK,
            LetterState.SETTLED,
            LetterState.ARRIVED,
        ),
        LetterState.ARRIVED: (LetterState.UNCERTAIN,),
    }
)


COULD_NOT_LEAVE: Final = (LetterState.UNREACHABLE, LetterState.FAILED)
"""The states of a letter that is surely not with her, and leaves only when somebody sends it again."""
WAITS_FOR_SOMEBODY: Final = (*COULD_NOT_LEAVE, LetterState.UNCERTAIN)
"""The states in which a letter stands on Today until somebody has seen to it."""


class Channel(models.TextChoices):
    """How a letter reaches somebody."""

    EMAIL = "email", _("e-mail")
    TEXT = "text", _("text message")


class Problem(models.TextChoices):
    """Why a letter has not left, in words that tell what to do."""

    NO_ADDRESS = "no_address", _("There is no e-mail address. Call instead, or add an address and send it again.")
    NO_PHONE = "no_phone", _("She wants text messages, and there is no telephone number. Add one and send it again.")
    NO_TEXTS = "no_texts", _("She wants text messages, and this installation cannot send any. Call her instead.")
    CALLS = "calls", _("She wants to be called, and nothing is to be written to her. Call her and tell her.")
    REFUSED = "refused", _("The mail server refused the address. Check how it is spelled, and send it again.")
    NUMBER = "number", _("No text message can be sent to this number. Check how it is written, and send it again.")
    SERVER = "server", _("The mail server did not take the letter. Tell whoever looks after the program.")
    TEXT_SERVER = (
        "text_server",
        _("The provider of text messages did not take the message. Tell whoever looks after the program."),
    )
    UNANSWERED = (
        "unanswered",
        _("The provider of text messages did not say whether it took the message. She may have got it; ask her."),
    )
    BROKEN = "broken", _("The letter could not be written. Tell whoever looks after the program.")
    INTERRUPTED = "interrupted", _("The program stopped while sending. She may have got the letter; ask her.")
    UNWANTED = "unwanted", _("She has said no to letters of this kind. Call her if it matters.")
    RESTRICTED = (
        "restricted",
        _("Her data rest: she is written to about nothing but what she has asked. Call her if it matters."),
    )
    GONE = "gone", _("What the letter was to lead to was no longer open, so it was not sent. Nothing is left to do.")
    LATE = "late", _("The code in it was no longer good when it could leave, so it was not sent. She can ask again.")


class Letter(Record):
    """One letter about one event to one recipient.

    Address, language and words are settled when it is sent, so that a change made meanwhile counts.

    Attributes:
        recipient: an opaque key such as ``person:…``; whoever knows it has registered how it is looked up.
        queued_by: the key of who caused it.
        event: names the template.
        values: what the template fills in; never anything sensitive.
        about_id: what the letter is about, for lists and timelines.
        channel: how it was sent, or was last tried; of a text message noted before it is handed over.
        message_id: the same at every attempt, so that a repeated delivery is seen as one.
        bundle: the same for letters that leave as one mail, under this Message-ID. Drawn before the first attempt and
            never shared with a letter that was not in it, so that no text is hidden behind a mail that has arrived.
        attempts: how often it was tried, since it was last queued by somebody.
        sending_since: when the attempt under way began: a worker that dies leaves it standing.
        may_have_arrived: a worker died with it in its hands, or the provider broke off: whatever becomes of it later,
            she may have read it.
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
    bundle = models.UUIDField(null=True, blank=True, editable=False)
    channel = models.CharField(_("way"), max_length=5, choices=Channel.choices, blank=True)
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
            models.CheckConstraint(name="messaging_letter_channel", condition=Q(channel__in=["", *Channel.values])),
        ]
        indexes = [
            models.Index(name="messaging_letter_queue", fields=["state", "send_after"]),
            models.Index(name="messaging_letter_division", fields=["division_id", "created_at"]),
            models.Index(name="messaging_letter_about", fields=["about_id"]),
            models.Index(name="messaging_letter_recipient", fields=["recipient", "state"]),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.recipient}"


class LetterText(Record):
    """The words of one event in one language, as this network writes them instead of those that ship.

    Never altered: whoever changes the words writes the next number, and the highest one is in force. Empty words are
    the way back to those that ship.

    Attributes:
        created_at: when they were written.
        written_by: the author's key.
        author_name: as she was called then.
    """

    event = models.CharField(_("occasion"), max_length=40)
    language = models.CharField(_("language"), max_length=10)
    number = models.PositiveIntegerField(_("version"))
    subject = models.CharField(_("subject"), max_length=120, blank=True)
    body = models.TextField(_("text"), max_length=3_000, blank=True)
    sms = models.CharField(_("as a text message"), max_length=300, blank=True)
    written_by = models.CharField(_("by"), max_length=60)
    author_name = models.CharField(_("author"), max_length=160)

    class Meta:
        verbose_name = _("words of a letter")
        verbose_name_plural = _("words of letters")
        constraints = [
            models.UniqueConstraint(name="messaging_lettertext_number", fields=["event", "language", "number"]),
            models.CheckConstraint(
                name="messaging_lettertext_whole",
                condition=Q(subject="", body="", sms="") | (~Q(subject="") & ~Q(body="") & ~Q(sms="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.language} {self.number}"

    @property
    def is_shipped(self) -> bool:
        """Whether it is the way back to the words that ship."""
        return not self.body


class OptOut(Record):
    """Somebody has said no to letters of one kind."""

    recipient = models.CharField(_("who"), max_length=60)
    kind = models.CharField(_("kind of letters"), max_length=10, choices=Kind.choices)

    class Meta:
        verbose_name = _("no to letters")
        verbose_name_plural = _("no to letters")
        constraints = [
            models.UniqueConstraint(name="messaging_optout_once", fields=["recipient", "kind"]),
            models.CheckConstraint(name="messaging_optout_kind", condition=Q(kind__in=Kind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.recipient} {self.kind}"


class Trial(Record):
    """A letter to whoever sets the program up: does it arrive, the way letters leave now?

    Attributes:
        mark: of the settings by which it left: changed since, what arrived then shows nothing any more.
        address: where she wanted to have it: an e-mail address or a telephone number.
        asked_by: her key.
        arrived_at: when she typed the code that stood in it.
    """

    channel = models.CharField(_("way"), max_length=5, choices=Channel.choices)
    mark = models.CharField(max_length=64, editable=False)
    address = models.CharField(_("to"), max_length=254)
    language = models.CharField(_("language"), max_length=10)
    asked_by = models.CharField(_("by"), max_length=60)
    arrived_at = models.DateTimeField(_("arrived"), null=True, blank=True)

    class Meta:
        verbose_name = _("trial letter")
        verbose_name_plural = _("trial letters")
        constraints = [
            models.CheckConstraint(name="messaging_trial_channel", condition=Q(channel__in=Channel.values)),
        ]
        indexes = [models.Index(name="messaging_trial_channel", fields=["channel", "created_at"])]

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"
