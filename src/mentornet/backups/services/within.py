"""What happens in a restored copy before it is used, and how it is tried out: in a process of its own.

Called by :mod:`mentornet.backups.elsewhere`, whose environment names the copy and nothing else.
"""

from __future__ import annotations

import secrets
import time
from pathlib import Path
from typing import Any, Final

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mentornet.accounts.models import SignInSession
from mentornet.audit.queries import ChainHead, verify_chain
from mentornet.audit.services import record
from mentornet.backups.archive import LEDGER
from mentornet.backups.enums import Kind
from mentornet.backups.models import Run
from mentornet.backups.place import here
from mentornet.common.actors import System
from mentornet.common.answers import RefusedError
from mentornet.common.ledger import read_ledger
from mentornet.divisions.models import Role
from mentornet.divisions.services import give_role, set_password
from mentornet.intake.services.protection import protect_again
from mentornet.privacy.services import replay
from mentornet.sourcing.services import shut_out_again

_STEP: Final = 30
"""Seconds for which a code of the second factor holds."""
_NOBODY: Final = "restore-drill@drill.invalid"


def prepare(*, file: str, made_at: str, chain: str) -> dict[str, Any]:
    """Bring a restored copy up to date: its tables, those who were erased or protected since, and nobody signed in.

    Returns:
        How many erasures were carried out again, how many people were protected again, and what is wrong with the
        audit's chain, if anything.
    """
    by = System("restore", timezone.now())
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    # Before anything is written: what stands in the backup is looked at, not what follows.
    report = verify_chain(noted=ChainHead.read(chain) if chain else None)
    # A session that was ended since would be open again.
    Session.objects.all().delete()
    SignInSession.objects.all().delete()
    entries = read_ledger(Path(here().data) / LEDGER)
    replayed = replay(by=by, entries=entries)
    sealed = protect_again(by=by, entries=entries)
    shut_out_again(by=by, entries=entries)
    run = Run.objects.create(
        kind=Kind.RESTORE, created_at=by.at, finished_at=timezone.now(), file=file, made_at=made_at, replayed=replayed
    )
    record(by=by, act="backups.restore", of=run, detail={"replayed": replayed, "protected": sealed})
    fault = report.first_fault
    chain = "" if report.ok or fault is None else str(fault.what.label)
    return {"replayed": replayed, "sealed": sealed, "chain": chain}


def sign_in() -> dict[str, Any]:
    """Sign in on the copy by the real pages, as a member of staff made for it alone.

    Raises:
        RefusedError: a page did not do what it does for everybody.
    """
    by = System("drill", timezone.now())
    password, secret = secrets.token_urlsafe(24), generate_totp_secret()
    given = give_role(
        by=by, email=_NOBODY, name="Restore drill", role=Role.ADMINISTRATOR, division=None, since=by.today
    )
    set_password(by=by, user=given.user, password=password)
    TOTP.activate(given.user, secret)
    client = Client(headers={"host": "localhost"})
    login, second = reverse("account_login"), reverse("mfa_authenticate")
    _expect(client.get(login), 200)
    _expect(client.get(reverse("desk:setup")), 302)
    _expect(client.post(login, {"login": _NOBODY, "password": secrets.token_urlsafe(24)}), 200)
    _expect(client.post(login, {"login": _NOBODY, "password": password}), 302, second)
    code = format_hotp_value(hotp_value(secret, int(time.time()) // _STEP))
    _expect(client.post(second, {"code": code}), 302)
    _expect(client.get(reverse("desk:today")), 200)
    _expect(client.get(reverse("desk:setup")), 200)
    return {"pages": 7, "authenticators": Authenticator.objects.count()}


def _expect(answer: Any, status: int, leads_to: str = "") -> None:
    if answer.status_code != status or (leads_to and not answer.url.startswith(leads_to)):
        raise RefusedError(f"{answer.request['PATH_INFO']}: {answer.status_code}")
