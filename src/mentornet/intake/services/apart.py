"""Two who must not meet: read, noted and taken back by those who work with one of them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.audit.services import record_read
from mentornet.common.actors import Actor
from mentornet.common.answers import require
from mentornet.intake.models import Application
from mentornet.intake.queries import visible_people
from mentornet.intake.rules import may_work_on
from mentornet.people import services
from mentornet.people.models import Avoidance, Person
from mentornet.people.queries import avoidances_of


@transaction.atomic
def read_apart(*, by: Actor, application: Application) -> list[Avoidance]:
    """Return whom an applicant must not meet, with the reasons; that it was read is audited.

    Raises:
        NotAllowedError: not the actor's division.
    """
    require(may_work_on(by, application))
    record_read(by=by, act="intake.read_apart", of=application.person, division_id=application.division_id)
    return list(avoidances_of(application.person))


@transaction.atomic
def keep_apart(*, by: Actor, application: Application, other: Person, reason: str = "") -> Avoidance:
    """Note that an applicant must not meet somebody whom the actor also sees.

    Raises:
        NotAllowedError: not the actor's division.
        ValidationError: it is the same person, or somebody unknown here.
    """
    require(may_work_on(by, application))
    if other.pk == application.person_id:
        raise ValidationError(_("Choose somebody else: this is the same person."), code="same")
    if not visible_people(by).filter(pk=other.pk).exists():
        raise ValidationError(_("Choose somebody of your divisions."), code="unknown")
    return services.keep_apart(by=by, person=application.person, other=other, reason=reason)


@transaction.atomic
def let_meet(*, by: Actor, application: Application, avoidance: Avoidance) -> None:
    """Take back that an applicant must not meet somebody.

    Raises:
        NotAllowedError: not the actor's division.
        ValidationError: it is about other people.
    """
    require(may_work_on(by, application))
    if application.person_id not in {avoidance.person_id, avoidance.other_id}:
        raise ValidationError(_("This is about other people."), code="other")
    services.let_meet(by=by, avoidance=avoidance)
