"""Two who must not meet: read, noted and taken back by those who work with one of them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.audit.services import record, record_read
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.common.row_scope import beyond_division
from mentornet.intake.models import Application
from mentornet.intake.queries import visible_people
from mentornet.intake.rules import may_let_meet, may_work_on
from mentornet.people import services
from mentornet.people.models import Avoidance, Person
from mentornet.people.queries import avoidances_of


@beyond_division(reason="somebody of another division counts, and stays unnamed")
@transaction.atomic
def read_apart(*, by: Actor, application: Application) -> list[Avoidance]:
    """Return whom an applicant must not meet, with the reasons; that it was read is audited.

    Raises:
        NotAllowedError: not the actor's division.
    """
    require(may_work_on(by, application))
    record_read(by=by, act="intake.read_apart", of=application.person, division_id=application.division_id)
    return list(avoidances_of(by, application.person))


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
    if (noted := Avoidance.objects.filter(person=application.person_id, other=other).first()) is not None:
        # Pressed twice: it happened once.
        return noted
    avoidance = services.keep_apart(by=by, person=application.person, other=other, reason=reason)
    _tell(by, application, "intake.keep_apart", application.person, other)
    return avoidance


def _tell(by: Actor, application: Application, act: str, *people: Person) -> None:
    """Write into the history of both that it was done: in it neither is named."""
    for person in people:
        record(by=by, act=act, of=person, division_id=application.division_id)


@transaction.atomic
def let_meet(*, by: Actor, application: Application, avoidance: Avoidance) -> None:
    """Take back that an applicant must not meet somebody.

    Raises:
        NotAllowedError: not the actor's division, or she does not work with the other one.
        ChangedMeanwhileError: it has been taken back already.
        ValidationError: it is about other people.
    """
    require(may_work_on(by, application))
    if application.person_id not in {avoidance.person_id, avoidance.other_id}:
        raise ValidationError(_("This is about other people."), code="other")
    require(may_let_meet(by, application, avoidance))
    # Locked, so that of two who take it back at once only one has done it.
    held = Avoidance.objects.select_for_update(of=("self",)).select_related("person", "other")
    if (noted := held.filter(pk=avoidance.pk).first()) is None:
        raise ChangedMeanwhileError(_("Somebody has taken this back already."))
    services.let_meet(by=by, avoidance=noted)
    _tell(by, application, "intake.let_meet", noted.person, noted.other)
