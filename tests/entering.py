"""Letting participants in, for tests: as users at their own door, or by a personal link."""

from __future__ import annotations

import hashlib
from datetime import datetime
from http.cookies import SimpleCookie
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from mentornet.accounts.enums import Door, Purpose
from mentornet.accounts.models import PersonalLink, User
from mentornet.accounts.queries import token_hash
from mentornet.accounts.services.links import make_link
from mentornet.common.actors import System
from mentornet.people.models import Person
from mentornet.people.recipients import person_key
from mentornet.web.links import grants_of, keep_grant, note_code
from mentornet.web.portal.security.entering import BACKEND, note_proved

__all__ = ["make_participant_user", "make_passkey", "open_with_link", "sign_in_participant"]


def make_participant_user(person: Person) -> User:
    """Return the user by whom a person signs in, made if there is none."""
    if person.user is not None:
        return person.user
    email = person.email or f"{person.pk}@example.org"
    person.user = User.objects.create_user(email, name=person.name, language=person.language)
    person.save(update_fields=["user"])
    return person.user


def _request(client: Client) -> HttpRequest:
    request = HttpRequest()
    request.session = client.session
    return request


def _keep(client: Client, request: HttpRequest) -> None:
    request.session.save()
    cookies: SimpleCookie = client.cookies
    cookies[settings.SESSION_COOKIE_NAME] = str(request.session.session_key)


def sign_in_participant(person: Person) -> Client:
    """Return a browser in which a person has just signed in at the participants' door, as with a code."""
    user, client = make_participant_user(person), Client()
    request = _request(client)
    vars(request)["sign_in_door"] = Door.PORTAL
    login(request, user, backend=BACKEND)
    note_proved(request, user, "code")
    _keep(client, request)
    return client


def open_with_link(purpose: Purpose, subject: str, person: Person | None, *, code: bool = True) -> Client:
    """Return a browser in which a personal link was opened, and the one-time code given unless told otherwise."""
    at: datetime = timezone.now()
    key = person_key(person.pk) if person is not None else ""
    token = make_link(by=System("tests", at), purpose=purpose, subject=subject, person_key=key)
    client = Client()
    return open_token(client, token, code=code)


def open_token(client: Client, token: str, *, code: bool = True) -> Client:
    """Let a browser hold what a token opens, as if it had opened the link."""
    at = timezone.now()
    request: Any = _request(client)
    request.user = _Nobody()
    link = PersonalLink.objects.get(token_hash=token_hash(token))
    keep_grant(request, link, at)
    if code:
        for grant in grants_of(request):
            if grant.link_id == str(link.pk):
                note_code(request, grant, at)
    _keep(client, request)
    return client


def make_passkey(user: User, *, identifier: bytes = b"a-phone") -> Authenticator:
    """Return a passkey of a user, such as a browser makes one; nobody holds its private half."""
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())  # type: ignore[no-untyped-call]
    credential = AttestedCredentialData.create(bytes(16), identifier, public)
    data = AuthenticatorData.create(hashlib.sha256(b"testserver").digest(), AuthenticatorData.FLAG(0x45), 0, credential)
    told = b'{"type":"webauthn.create","challenge":"","origin":"https://testserver"}'
    answer = {
        "id": websafe_encode(identifier),
        "rawId": websafe_encode(identifier),
        "type": "public-key",
        "clientExtensionResults": {},
        "response": {
            "clientDataJSON": websafe_encode(told),
            "attestationObject": websafe_encode(bytes(AttestationObject.create("none", data, {}))),
        },
    }
    row: Authenticator = WebAuthn.add(user, "A phone", answer).instance
    return row


class _Nobody:
    is_authenticated = False
