"""Certificates: made by her, checked by whoever holds the paper, and naming nobody here."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from uuid import uuid4

from cryptography.fernet import InvalidToken
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentornet.audit.services import record
from mentornet.common.actors import Actor, System
from mentornet.common.answers import require
from mentornet.common.keys import keys_for
from mentornet.followup.models import Certificate
from mentornet.followup.value_queries import certificates_of, code_hash, served, signer_of, to_stand_alone
from mentornet.followup.value_rules import may_change_certificate, may_have_certificate
from mentornet.people.enums import Role
from mentornet.people.models import Person
from mentornet.people.services import hold_people

MOST_STANDING: Final = 6
LONGEST_NAME: Final = 120
_PURPOSE: Final = b"mentornet certificates"
_SIGNS: Final = 16
_NOBODYS: Final = "0" * _SIGNS


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate just made, or made again, with its number.

    Attributes:
        code: as it stands on the paper, in groups of four.
    """

    certificate: Certificate
    code: str


def plain_code(typed: str) -> str:
    """Return a number without what sets its groups apart, in capital letters."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())[:_SIGNS]


def _grouped(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def _name_hash(name: str, code: str) -> str:
    """Return the hash of a name, slow on purpose. Its salt is the number: who holds no paper cannot try names."""
    plain = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    return hashlib.scrypt(plain.encode(), salt=code.encode(), n=2**14, r=8, p=1, dklen=32).hex()


def is_the_name(certificate: Certificate | None, code: str, name: str) -> bool:
    """Tell whether a name is the one on the paper with this number; as much work whether or not there is one."""
    found = _name_hash(name[:LONGEST_NAME], plain_code(code) or _NOBODYS)
    kept = certificate.name_hash if certificate is not None else _NOBODYS * 4
    return hmac.compare_digest(found, kept) and certificate is not None


@transaction.atomic
def issue_certificate(
    *, by: Actor, person: Person, role: Role | str, name: str, outlives: bool = False, understood: bool = False
) -> Issued:
    """Make a certificate under a name that is kept nowhere; the same once more is the same certificate.

    Raises:
        NotAllowedError: she has nothing to certify yet, or it is neither she nor her division.
        ValidationError: no name, too many certificates, or a protected person who has not said that she wants it.
    """
    hold_people([person.pk])
    done = served(person.pk, role, by.today)
    require(may_have_certificate(by, person.pk, done))
    assert done is not None
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise ValidationError({"name": _("Write the name as it is to stand on the paper.")})
    if person.is_protected and not understood:
        raise ValidationError({"understood": _("Read this first, and tick it if you want the paper all the same.")})
    standing = [one for one in certificates_of(person.pk) if one.withdrawn_at is None]
    for one in standing:
        code = _code_of(one)
        is_same = (one.role, one.since, one.until, one.facts) == (str(done.role), done.since, done.until, done.facts)
        if is_same and code and is_the_name(one, code, name):
            if one.outlives != outlives:
                one.outlives = outlives
                one.save(update_fields=["outlives"])
                record(by=by, act="followup.certify", of=one, division_id=one.division_id)
            return Issued(one, _grouped(code))
    if len(standing) >= MOST_STANDING:
        raise ValidationError({"name": _("You have several certificates already. Withdraw one first.")})
    code = base64.b32encode(secrets.token_bytes(10)).decode()
    certificate = Certificate(
        person=person,
        division_id=done.division_id,
        role=done.role,
        since=done.since,
        until=done.until,
        facts=done.facts,
        signer=signer_of(done.division_id, by.today, is_protected=person.is_protected),
        code_hash=code_hash(code),
        sealed_code=keys_for(_PURPOSE).encrypt(code.encode()).decode(),
        name_hash=_name_hash(name, code),
        issued_on=by.today,
        issued_by=by.key,
        outlives=outlives,
        created_at=by.at,
    )
    certificate.full_clean()
    certificate.save(force_insert=True)
    record(by=by, act="followup.certify", of=certificate, division_id=certificate.division_id)
    return Issued(certificate, _grouped(code))


def _code_of(certificate: Certificate) -> str:
    """Return the number of a certificate; nothing where the installation's key is another one by now."""
    try:
        return keys_for(_PURPOSE).decrypt(certificate.sealed_code.encode()).decode()
    except InvalidToken:
        return ""


@transaction.atomic
def withdraw_certificate(*, by: Actor, certificate: Certificate) -> Certificate:
    """Withdraw a certificate: whoever checks it reads that it stands no longer. Twice is once.

    Raises:
        NotAllowedError: it is neither hers nor of the actor's division.
    """
    require(may_change_certificate(by, certificate))
    if Certificate.objects.filter(pk=certificate.pk, withdrawn_at__isnull=True).update(withdrawn_at=by.at):
        record(by=by, act="followup.withdraw_certificate", of=certificate, division_id=certificate.division_id)
    certificate.refresh_from_db()
    return certificate


def let_stand_alone(*, by: System, person: Person) -> int:
    """Untie from somebody who is being erased what she wants to stay valid; all else of hers goes. Returns how many.

    What is left leads nowhere: another key, months instead of days, and neither facts nor number.
    """
    count = 0
    for one in list(to_stand_alone(person)):
        first = _month(one.issued_on)
        Certificate.objects.filter(pk=one.pk).update(
            id=uuid4(),
            person=None,
            facts={},
            signer="",
            sealed_code="",
            since=_month(one.since),
            until=None if one.until is None else _month(one.until),
            issued_on=first,
            issued_by=by.key,
            created_at=timezone.make_aware(datetime.combine(first, time(12))),
        )
        count += 1
    return count


def _month(day: date) -> date:
    return day.replace(day=1)
