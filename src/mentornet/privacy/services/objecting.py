"""What somebody objects to is not done with her any more, from the moment at which it is noted."""

from __future__ import annotations

from django.db import transaction

from mentornet.common.actors import Actor, System
from mentornet.common.answers import require
from mentornet.messaging.services.refusals import refuse_letters, want_letters
from mentornet.messaging.templates import Kind
from mentornet.people import limiting
from mentornet.people.enums import ObjectionPurpose
from mentornet.people.models import Objection, Person
from mentornet.people.recipients import person_key
from mentornet.privacy.queries import divisions_that_know
from mentornet.privacy.request_rules import may_object

_JOB = "privacy.object"


@transaction.atomic
def object_to(*, by: Actor, person: Person, purpose: ObjectionPurpose | str) -> Objection:
    """Note that she objects to a purpose, and carry it out.

    Of ranking: no list puts her in an order, and a coordinator chooses by hand. Of figures: she is not counted in what
    is made public. Of letters that are not needed: none is sent, also of those in the queue.

    Raises:
        NotAllowedError: it is neither she nor somebody who works with her.
    """
    require(may_object(by, person.pk, divisions_that_know(person.pk)))
    if purpose == ObjectionPurpose.NEWS:
        refuse_letters(by=System(_JOB, by.at), recipient=person_key(person.pk), kinds=list(Kind))
    return limiting.note_objection(by=by, person=person, purpose=purpose)


@transaction.atomic
def object_no_more(*, by: Actor, person: Person, purpose: ObjectionPurpose | str) -> bool:
    """Take back that she objects; false where nothing was noted.

    Raises:
        NotAllowedError: it is neither she nor somebody who works with her.
    """
    require(may_object(by, person.pk, divisions_that_know(person.pk)))
    is_taken_back = limiting.end_objection(by=by, person=person, purpose=purpose)
    if is_taken_back and purpose == ObjectionPurpose.NEWS:
        want_letters(by=System(_JOB, by.at), recipient=person_key(person.pk), kinds=list(Kind))
    return is_taken_back
