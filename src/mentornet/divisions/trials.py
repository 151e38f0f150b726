"""Trying whether letters and text messages arrive: asked for by whoever sets the program up."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.accounts.enums import Purpose
from mentornet.accounts.limits import take_turn
from mentornet.accounts.models import OneTimeCode
from mentornet.accounts.services.codes import ask_code, check_code
from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import RefusedError, require
from mentornet.divisions.rules import may_administer
from mentornet.messaging.models import Channel, Trial
from mentornet.messaging.trials import trial_key, way_mark

MOST_IN_AN_HOUR: Final = 10


def send_trial(*, by: Actor, channel: Channel | str, address: str, language: str) -> Trial:
    """Send a letter with a code in it to an address of one's own: typed back, it shows that letters arrive.

    Raises:
        NotAllowedError: neither an administrator nor the national lead.
        RefusedError: ten were sent within the hour.
        ValidationError: no such way, or no address.
    """
    require(may_administer(by))
    if not take_turn("trial letters", by.key, most=MOST_IN_AN_HOUR, within=timedelta(hours=1)):
        raise RefusedError(_("You have tried this many times. Wait an hour, and see meanwhile what the log says."))
    with transaction.atomic():
        trial = Trial(
            created_at=by.at,
            channel=channel,
            mark=way_mark(channel),
            address=address.strip(),
            language=language,
            asked_by=by.key,
        )
        trial.full_clean()
        trial.save(force_insert=True)
        record(by=by, act="divisions.send_trial", of=trial, detail={"channel": str(channel)})
        ask_code(by=by, purpose=Purpose.TRIAL, subject=str(trial.pk), recipient=trial_key(trial.pk))
    return trial


def confirm_trial(*, by: Actor, trial: Trial, code: str) -> bool:
    """Take down that a trial letter has arrived, if this is the code that stood in it.

    Raises:
        NotAllowedError: neither an administrator nor the national lead.
    """
    require(may_administer(by))
    asked = OneTimeCode.objects.filter(purpose=Purpose.TRIAL, subject=str(trial.pk)).order_by("-created_at").first()
    if asked is None or not check_code(by=by, challenge=asked, code=code):
        return False
    with transaction.atomic():
        Trial.objects.filter(pk=trial.pk, arrived_at__isnull=True).update(arrived_at=by.at)
        trial.refresh_from_db()
        record(by=by, act="divisions.confirm_trial", of=trial, detail={"channel": trial.channel})
    return True
