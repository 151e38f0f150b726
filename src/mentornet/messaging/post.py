"""How a letter leaves the machine: by e-mail, and in a demonstration not at all."""

from __future__ import annotations

from email.utils import parseaddr
from smtplib import SMTPRecipientsRefused
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from mentornet.messaging.models import Letter, Problem

PATIENCE_SECONDS: Final = 30
"""How long to wait for the mail server, unless Django's ``EMAIL_TIMEOUT`` says otherwise."""


def message_id_of(letter: Letter) -> str:
    """Return the header by which mail programs see a repeated delivery as one letter."""
    _, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return f"<{letter.message_id}@{address.rpartition('@')[2] or 'localhost'}>"


def post(letter: Letter) -> None:
    """Send a letter that has its address and words; in a demonstration do nothing: its letter box shows the row.

    Raises:
        OSError: the mail server cannot be reached, or refuses (``SMTPException`` is one).
        ValueError: the address or the subject is no header of a letter.
    """
    if settings.DEMO:
        return
    EmailMessage(
        subject=letter.subject,
        body=letter.body,
        to=[letter.sent_to],
        headers={
            "Message-ID": message_id_of(letter),
            "Content-Language": letter.language,
            # Programs that answer for her while she is away keep silent.
            "Auto-Submitted": "auto-generated",
        },
        connection=get_connection(timeout=settings.EMAIL_TIMEOUT or PATIENCE_SECONDS),
    ).send()


def problem_of(error: Exception) -> Problem:
    """Return what to tell a coordinator about an attempt that failed."""
    if isinstance(error, SMTPRecipientsRefused):
        return Problem.REFUSED
    return Problem.SERVER if isinstance(error, OSError) else Problem.BROKEN


def is_server_down(error: Exception) -> bool:
    """Tell whether other letters would fail as well, so that trying them now is only waiting."""
    return isinstance(error, OSError) and not isinstance(error, SMTPRecipientsRefused)
