"""Reads of what an approval stands on: references, and what she has confirmed of her profile."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from mentornet.common.actors import Actor
from mentornet.intake.enums import ReferenceState
from mentornet.intake.models import Application, ProfileConfirmation, Reference
from mentornet.intake.rules import visible
from mentornet.people.participants import Participant
from mentornet.programmes.enums import ReferenceKind
from mentornet.programmes.queries import current_version


def visible_references(by: Actor) -> QuerySet[Reference]:
    """Return the references of the actor's divisions."""
    return Reference.objects.filter(visible(by, "application__")).select_related("application__person")


def references_of(application: Application) -> QuerySet[Reference]:
    """Return what vouches for an applicant, in the order in which it was noted."""
    return Reference.objects.filter(application=application).order_by("created_at", "pk")


def asked_references(application: Application) -> list[ReferenceKind]:
    """Return the kinds of references that the programme asks for before somebody is approved."""
    return [ReferenceKind(kind) for kind in current_version(application.programme_id).references]


def references_left(kinds: Iterable[ReferenceKind], known: Iterable[Reference]) -> list[ReferenceKind]:
    """Return which of these kinds have neither been seen nor been found not to be needed."""
    settled = {one.kind for one in known if one.state in {ReferenceState.SEEN, ReferenceState.WAIVED}}
    return [kind for kind in kinds if kind not in settled]


def confirmations_of(application: Application) -> QuerySet[ProfileConfirmation]:
    """Return when she was asked about her profile, and what she answered, the newest first."""
    return ProfileConfirmation.objects.filter(application=application).order_by("-created_at", "-pk")


def open_confirmation(application: Application) -> ProfileConfirmation | None:
    """Return what she has been asked and not answered yet."""
    return ProfileConfirmation.objects.filter(application=application, confirmed_at__isnull=True).first()


def visible_confirmations(by: Actor) -> QuerySet[ProfileConfirmation]:
    """Return the confirmations of the actor's divisions."""
    return ProfileConfirmation.objects.filter(visible(by, "application__")).select_related("application__person")


def own_open_confirmation(by: Participant) -> ProfileConfirmation | None:
    """Return what a participant has been asked about her profile, and has not answered yet."""
    return (
        ProfileConfirmation.objects.filter(application__person_id=by.person_id, confirmed_at__isnull=True)
        .order_by("-asked_at")
        .first()
    )
