"""How a letter leaves the machine: by e-mail or as a text message, and in a demonstration not at all."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import formataddr, parseaddr
from smtplib import SMTPRecipientsRefused
from types import TracebackType
from typing import Final, Self
from uuid import UUID

from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import translation
from django.utils.translation import pgettext

from mentornet.messaging.models import Channel, Problem
from mentornet.messaging.sms import (
    RefusedNumberError,
    ServerDownError,
    Texting,
    UnansweredError,
    number_of,
    texting_of,
)

PATIENCE_SECONDS: Final = 30
"""How long to wait for the mail server, unless Django's ``EMAIL_TIMEOUT`` says otherwise."""
_REFUSED: Final = (SMTPRecipientsRefused, AnymailRecipientsRefused)
_FAULTS_OF_ONE_LETTER: Final = frozenset({400, 406, 422})
"""What providers answer to an address that they do not take."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter that has its address and words.

    Attributes:
        reference: by which a repeated delivery is seen as one letter.
        is_nameless: the sender's name must not tell who writes.
        stop: where a mail program can say that she does not want such letters.
    """

    channel: Channel
    to: str
    subject: str
    body: str
    language: str
    reference: UUID
    is_nameless: bool = False
    stop: str = ""


def message_id_of(reference: UUID) -> str:
    """Return the header by which mail programs see a repeated delivery as one letter."""
    _, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return f"<{reference}@{address.rpartition('@')[2] or 'localhost'}>"


def texting() -> Texting | None:
    """Return how this installation sends text messages; ``None`` where it sends none."""
    return texting_of(settings.SMS_URL, settings.SMS_FOLDER)


def _sender(letter: Outgoing) -> str:
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    if not letter.is_nameless:
        return formataddr((name, address)) if name else address
    with translation.override(letter.language):
        # Translators: the sender's name of a letter to somebody whose family must not know who writes to her.
        return formataddr((pgettext("the sender of a letter", "The office"), address))


@dataclass(slots=True)
class Post:
    """Carries the letters of one round; the mail server is greeted once for all of them."""

    _mail: BaseEmailBackend | None = field(default=None, init=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()

    def send(self, letter: Outgoing) -> None:
        """Send a letter; in a demonstration only text messages go anywhere, into a file: its letter box shows the rows.

        Raises:
            OSError: the server cannot be reached, or refuses (``SMTPException`` is one).
            RefusedNumberError: no text message can be sent to this number.
            ValueError: the address or the subject is no header of a letter.
        """
        if letter.channel == Channel.TEXT:
            way = texting()
            assert way is not None, "whoever chose the channel has looked"
            way.provider.send(number_of(letter.to, way.country), letter.body, str(letter.reference))
        elif not settings.DEMO:
            self._send_mail(letter)

    def _send_mail(self, letter: Outgoing) -> None:
        headers = {
            "Message-ID": message_id_of(letter.reference),
            "Content-Language": letter.language,
            # Programs that answer for her while she is away keep silent.
            "Auto-Submitted": "auto-generated",
        }
        if letter.stop:
            # RFC 8058: her mail program shows a button, and posts to the address when she presses it.
            headers |= {"List-Unsubscribe": f"<{letter.stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        if settings.EMAIL_BACKEND.endswith("postmark.EmailBackend"):
            # It would put a Message-ID of its own in place of ours.
            headers["X-PM-KeepID"] = "true"
        message = EmailMessage(
            subject=letter.subject,
            body=letter.body,
            from_email=_sender(letter),
            to=[letter.to],
            headers=headers,
        )
        try:
            if self._mail is None:
                self._mail = get_connection(timeout=settings.EMAIL_TIMEOUT or PATIENCE_SECONDS)
                # Opened here, it stays open from one letter to the next.
                self._mail.open()
            message.connection = self._mail
            message.send()
        except BaseException:
            # What state the talk is in, nobody knows.
            self._hang_up()
            raise

    def _hang_up(self) -> None:
        if self._mail is not None:
            mail, self._mail = self._mail, None
            with suppress(OSError):
                mail.close()


def problem_of(error: Exception) -> Problem:
    """Return what to tell a coordinator about an attempt that failed."""
    if isinstance(error, RefusedNumberError):
        return Problem.NUMBER
    if isinstance(error, UnansweredError):
        return Problem.UNANSWERED
    if isinstance(error, ServerDownError):
        return Problem.TEXT_SERVER
    if isinstance(error, _REFUSED) or _is_about_one_letter(error):
        return Problem.REFUSED
    return Problem.SERVER if isinstance(error, (OSError, AnymailAPIError)) else Problem.BROKEN


def is_final(error: Exception) -> bool:
    """Tell whether this letter would be refused again and again, so that somebody has to look at its address now."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in error.recipients.values())
    return isinstance(error, (RefusedNumberError, AnymailRecipientsRefused)) or _is_about_one_letter(error)


def may_have_left(error: Exception) -> bool:
    """Tell whether a message may have arrived nevertheless, and would arrive twice if it was sent again."""
    return isinstance(error, UnansweredError)


def is_server_down(error: Exception) -> bool:
    """Tell whether other letters would fail as well, so that trying them now is only waiting."""
    return problem_of(error) in {Problem.SERVER, Problem.TEXT_SERVER, Problem.UNANSWERED}


def _is_about_one_letter(error: Exception) -> bool:
    return isinstance(error, AnymailAPIError) and error.status_code in _FAULTS_OF_ONE_LETTER
