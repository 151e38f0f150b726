"""Entering an application with somebody who has called or come by: what she wrote, and what she agreed to."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction

from mentornet.divisions.staff import Staff
from mentornet.intake.enums import ConsentPurpose, WayIn
from mentornet.intake.models import Application
from mentornet.intake.services.applications import receive_application
from mentornet.intake.services.consents import note_consents


@transaction.atomic
def enter_application(
    *, by: Staff, consents: Collection[ConsentPurpose | str], facts: dict[str, Any], **received: Any
) -> Application:
    """Take an application in that was told to the actor, with what she agreed to when it was read to her.

    ``received`` is what :func:`receive_application` takes besides.

    Raises:
        NotAllowedError: not the actor's division.
        ValidationError: a fact cannot be stored, or she has an open application already.
    """
    facts = {"way_in": WayIn.DESK, "entered_by": by.key, **facts}
    application = receive_application(by=by, facts=facts, **received)
    note_consents(
        by=by,
        person=application.person,
        division_id=application.division_id,
        purposes=consents,
        language=application.person.language,
    )
    return application
