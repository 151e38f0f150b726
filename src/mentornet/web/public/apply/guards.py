"""Telling robots from people without asking anybody else: a field nobody sees, a time nobody is faster than, a limit.

Nobody is turned away in silence. Who is taken for a robot gets a page that a person passes with one tick, and what was
typed goes along.
"""

from __future__ import annotations

from collections.abc import Container
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

from mentornet.accounts.limits import is_used_up, take_turn
from mentornet.people.known_by import digits_of
from mentornet.web.signin import network_address

TRAP: Final = "website"
"""The field that nobody sees. Robots fill in whatever is called so."""
STAMP: Final = "opened"
PERSON: Final = "person"
HUMAN: Final = "human"
TOKEN: Final = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field
OWN: Final = frozenset({TRAP, STAMP, PERSON, HUMAN, TOKEN})
"""Fields that the page itself brings."""

FASTEST: Final = timedelta(seconds=2)
LONGEST: Final = timedelta(hours=12)
WITHIN: Final = timedelta(hours=1)
MOST: Final = {"begin": 40, "send": 20, "messages": 20, "link": 5, "code": 5}
"""In an hour: begun, sent and written to from one address of the network, which a library or a school has for all its
visitors; links and codes to one contact."""
_IN_ALL: Final = "apply messages in all"

_SIGNER: Final = signing.TimestampSigner(salt="mentornet.public.apply")


def stamp(purpose: str) -> str:
    """Return when a page was opened, signed, for a hidden field."""
    return _SIGNER.sign(purpose)


def _is_in_time(value: str, purpose: str) -> bool:
    """Tell whether a page of ours was opened long enough ago to have been read, and not too long."""
    try:
        signed = _SIGNER.unsign(value, max_age=LONGEST)
    except signing.BadSignature:
        return False
    if signed != purpose:
        return False
    try:
        _SIGNER.unsign(value, max_age=FASTEST)
    except signing.SignatureExpired:
        # Older than the shortest time.
        return True
    return False


def is_like_a_robot(request: HttpRequest, purpose: str) -> bool:
    """Tell whether a form came as no person sends it, and nobody has said on the page after it that she is one."""
    if says_she_is_a_person(request):
        return False
    return bool(request.POST.get(TRAP)) or not _is_in_time(request.POST.get(STAMP, ""), purpose)


def says_she_is_a_person(request: HttpRequest) -> bool:
    """Tell whether somebody has ticked that she is a person, on the page that asks it."""
    return bool(request.POST.get(PERSON)) and _is_in_time(request.POST.get(HUMAN, ""), HUMAN)


def is_too_often_to(kind: str, contact: str) -> bool:
    """Count one more message to an address or a number; however a number is written, it is one telephone."""
    return is_too_often(kind, contact if "@" in contact else digits_of(contact) or contact)


def are_too_many_messages(request: HttpRequest) -> bool:
    """Count one more message that the form sends, from here and in all, and tell whether it is one too many.

    Each text message costs the network money, and somebody may earn it: a tick that one is a person helps nobody here.
    """
    if is_too_often("messages", network_address(request)):
        return True
    most = settings.FORM_MESSAGES
    return not take_turn(_IN_ALL, "", most=most, within=WITHIN) and is_used_up(_IN_ALL, "", most=most)


def is_too_often(kind: str, whose: str) -> bool:
    """Count one more of a kind for somebody, and tell whether it is one too many."""
    name, key = f"apply {kind}", whose.casefold()
    # A turn is also not taken while the cache's table is busy: that is nobody's fault.
    return not take_turn(name, key, most=MOST[kind], within=WITHIN) and is_used_up(name, key, most=MOST[kind])


def is_too_often_from_here(kind: str, request: HttpRequest) -> bool:
    """Count one more from an address of the network; who then says that she is a person may go on."""
    return is_too_often(kind, network_address(request)) and not says_she_is_a_person(request)


def typed(request: HttpRequest, *, without: Container[str] = OWN) -> list[tuple[str, str]]:
    """Return what was sent, to be sent again with another page."""
    return [(name, value) for name, values in request.POST.lists() if name not in without for value in values]
