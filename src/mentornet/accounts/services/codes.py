"""One-time codes: six digits in a letter, by which somebody shows that she reads her own letters."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from mentornet.accounts.enums import Purpose
from mentornet.accounts.models import OneTimeCode
from mentornet.accounts.queries import code_waiting
from mentornet.accounts.rules import may_ask_code
from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import RefusedError, require
from mentornet.messaging.minting import GoneError
from mentornet.messaging.services import queue_letter

DIGITS: Final = 6
LASTS: Final = timedelta(minutes=10)
MOST_ATTEMPTS: Final = 5
MOST_ASKED: Final = 5
ASKED_WITHIN: Final = timedelta(hours=1)
MOST_IN_A_DAY: Final = 10
MOST_WRONG_IN_A_DAY: Final = 30
A_DAY: Final = timedelta(days=1)
"""Codes are kept at least as long (:mod:`.forgetting`)."""
_NEVER: Final = "x" * DIGITS


class AskedTooOftenError(RefusedError):
    """So many codes have been sent to her that another one would only be a nuisance, or a way to guess."""


@transaction.atomic
def ask_code(*, by: Actor, purpose: Purpose | str, subject: str, recipient: str) -> OneTimeCode:
    """Ask somebody to show that she reads her letters: a code is on its way to her.

    Codes asked for before stop working. With an empty ``recipient`` nothing is sent and no answer will be right: so a
    page behaves alike whether somebody is known or not.

    Raises:
        NotAllowedError: no code is given for this.
        AskedTooOftenError: five were sent to her within the hour, or ten within a day; or so many wrong answers were
            given within a day that somebody seems to be guessing. Signing in is counted apart: anybody who knows her
            address asks there, and shall not close what only the link in her letter opens.
    """
    require(may_ask_code(by, purpose))
    today = _through_this_door(recipient, purpose).filter(created_at__gt=by.at - A_DAY)
    if recipient and (today.count() >= MOST_IN_A_DAY or _is_guessed_at(by, recipient, purpose)):
        raise AskedTooOftenError(
            _("You have had many codes from us today. For your safety we send no more until tomorrow. Please call us.")
        )
    asked = today.filter(created_at__gt=by.at - ASKED_WITHIN)
    if recipient and asked.count() >= MOST_ASKED:
        raise AskedTooOftenError(
            _("We have sent you several codes already. Look for the newest one, or wait an hour and ask again.")
        )
    if recipient:
        asked.filter(purpose=purpose, subject=subject, used_at__isnull=True, expires_at__gt=by.at).update(
            expires_at=by.at
        )
    challenge = OneTimeCode(
        created_at=by.at,
        purpose=purpose,
        subject=subject,
        recipient=recipient,
        salt=secrets.token_hex(16),
        expires_at=by.at + LASTS,
    )
    challenge.full_clean(validate_unique=False, validate_constraints=False)
    challenge.save(force_insert=True)
    if recipient:
        record(by=by, act="accounts.ask_code", of=challenge, detail={"purpose": str(purpose)})
        queue_letter(
            by=by,
            recipient=recipient,
            event="sign_in_code" if purpose == Purpose.SIGN_IN else "one_time_code",
            values={"code": str(challenge.pk)},
            about_id=None,
            division_id=None,
            # She sits in front of the page that asks for it.
            delay=timedelta(0),
        )
    return challenge


def check_code(*, by: Actor, challenge: OneTimeCode, code: str) -> bool:
    """Tell whether a code answers a question, and use both up if it does.

    Each look counts, whatever comes of it: five, over all processes, then the question is dead; thirty wrong ones
    within a day, then every question to her through this door is. What was typed may hold spaces, and digits of any
    script.
    """
    is_guessed_at = _is_guessed_at(by, challenge.recipient, challenge.purpose)
    looked_at = OneTimeCode.objects.filter(
        pk=challenge.pk, used_at__isnull=True, expires_at__gt=by.at, attempts__lt=MOST_ATTEMPTS
    ).update(attempts=F("attempts") + 1)
    typed = digits_in(code)
    # Compared in any case, so that an expired question takes as long as a wrong answer.
    fits = any(hmac.compare_digest(typed.encode(), right.encode()) for right in _right_answers(challenge))
    if not looked_at or not fits or not challenge.recipient or is_guessed_at:
        return False
    with transaction.atomic():
        if not OneTimeCode.objects.filter(pk=challenge.pk, used_at__isnull=True).update(used_at=by.at):
            return False
        record(by=by, act="accounts.give_code", of=challenge, detail={"purpose": challenge.purpose})
    return True


def _through_this_door(recipient: str, purpose: Purpose | str) -> QuerySet[OneTimeCode]:
    """Return what she was asked where a code for this is asked for: at the sign-in, or where a link was shown."""
    hers = OneTimeCode.objects.filter(recipient=recipient)
    signing_in = Q(purpose=Purpose.SIGN_IN)
    return hers.filter(signing_in if purpose == Purpose.SIGN_IN else ~signing_in)


def _is_guessed_at(by: Actor, recipient: str, purpose: Purpose | str) -> bool:
    """Tell whether so many answers to what somebody was sent today were wrong that it is hardly she who gives them."""
    today = _through_this_door(recipient, purpose).filter(created_at__gt=by.at - A_DAY, used_at__isnull=True)
    wrong = today.aggregate(total=Sum("attempts"))["total"] or 0
    return bool(wrong >= MOST_WRONG_IN_A_DAY)


def drop_codes(*, by: Actor, recipient: str) -> int:
    """Let no code that was sent to somebody work any more: she is reached elsewhere now. Returns how many.

    Who may change how she is reached has been asked by that act.
    """
    waiting = OneTimeCode.objects.filter(recipient=recipient, used_at__isnull=True, expires_at__gt=by.at)
    return waiting.update(expires_at=by.at) if recipient else 0


def digits_in(code: str) -> str:
    """Return what was typed as plain digits: spaces and dashes left out, Arabic and Persian digits as Latin ones."""
    digits = "".join(str(int(sign)) for sign in code[:40] if sign.isdecimal())
    return digits if len(digits) == DIGITS else _NEVER


def code_of(challenge: OneTimeCode) -> str:
    """Return the code that answers a question now."""
    return _digits(challenge, settings.SECRET_KEY)


def _right_answers(challenge: OneTimeCode) -> list[str]:
    """Return the answers under the installation's present secret key and the former ones."""
    return [_digits(challenge, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _digits(challenge: OneTimeCode, secret_key: str) -> str:
    key = hashlib.sha256(b"mentornet one-time code" + secret_key.encode()).digest()
    drawn = hmac.digest(key, f"{challenge.pk}:{challenge.salt}".encode(), "sha256")
    return f"{int.from_bytes(drawn, 'big') % 10**DIGITS:0{DIGITS}}"


def write_code(spec: str, recipient_key: str, language: str, at: datetime) -> str:
    """Return the code that a letter names by its question's key: the same, should the letter be tried again.

    Raises:
        GoneError: nobody can answer the question any more, or it was asked of somebody else.
    """
    del language
    challenge = code_waiting(spec, at)
    if challenge is None or challenge.recipient != recipient_key:
        raise GoneError
    return code_of(challenge)
