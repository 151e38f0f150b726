"""Sending what somebody has written: the draft becomes an application, and lies with a person from then on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import require
from mentornet.intake.applicant_rules import may_write
from mentornet.intake.applicants import known_people
from mentornet.intake.completeness import missing_steps, person_facts, profile_facts, says_it_fits, spoken
from mentornet.intake.enums import OPEN_STATES, Applying, Referrer, WayIn
from mentornet.intake.models import Application, ApplicationDraft, ConsentText
from mentornet.intake.services.applications import receive_application
from mentornet.intake.services.consents import keep_consent
from mentornet.intake.services.contact_persons import receive_contact_person
from mentornet.people.models import Person
from mentornet.people.services import change_person, register_person


@transaction.atomic
def submit_draft(*, by: Actor, draft: ApplicationDraft) -> ApplicationDraft:
    """Send what she has written. Sent twice, also at the same moment, it is one application.

    She is taken for somebody who is known only if a code has reached her where exactly one person of this very name is
    reached. Otherwise she is a new person; whoever may be the same is shown to the national lead.

    Raises:
        NotAllowedError: its month is over.
        ValidationError: something that is needed is missing, or she has an open application for the same already.
    """
    # Locked: whoever presses a second time waits here, and finds it sent.
    draft = ApplicationDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if not draft.is_open:
        return draft
    require(may_write(by, draft))
    if missing := missing_steps(draft):
        raise ValidationError(_("Something is missing. Please look at your answers."), code=missing[0])
    person = _only_known(draft)
    if draft.role == Applying.CONTACT_PERSON:
        person = _written(by, draft, person)
        receive_contact_person(by=by, draft=draft, person=person)
    else:
        application = _application(by, draft, person)
        person, draft.application = application.person, application
    _keep_consents(by, draft, person)
    record(by=by, act="intake.draft_submit", of=draft, division_id=draft.division_id)
    _empty(draft, person, by.at)
    return draft


def _only_known(draft: ApplicationDraft) -> Person | None:
    """Return the one person whom she has shown herself to be; nobody when two would do."""
    found = list(known_people(draft)[:2])
    return found[0] if len(found) == 1 else None


def _written(by: Actor, draft: ApplicationDraft, person: Person | None) -> Person:
    facts = person_facts(draft)
    if person is None:
        return register_person(by=by, facts=facts)
    return change_person(by=by, person=person, facts=_added(person, facts))


def _added(person: Person, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is written over of somebody known: how she is reached, as she says now; the rest where it is empty.

    That the network is not named to her is never taken back by a form: somebody else may have filled it in.
    """
    how = {"contact_way", "contact_from", "contact_until", "safe_contact", "language"}
    if person.is_protected:
        # It is sealed: her coordinator writes there, with her.
        facts = {name: value for name, value in facts.items() if name not in Person.SEALED}
    added = {name: value for name, value in facts.items() if value and (name in how or not getattr(person, name))}
    if "contact_way" in added:
        # Both hours or neither, as they go with the way.
        added |= {name: facts[name] for name in ("contact_from", "contact_until")}
    return added


def _application(by: Actor, draft: ApplicationDraft, person: Person | None) -> Application:
    assert draft.division is not None
    assert draft.programme is not None
    if person is not None and _is_there(person.pk, draft):
        raise ValidationError(
            _("You have written to us about this already. You do not need to send it again; we have it."), code="again"
        )
    facts = person_facts(draft)
    return receive_application(
        by=by,
        programme=draft.programme,
        division=draft.division,
        role=draft.role,
        person=person,
        person_facts=facts if person is None else _added(person, facts),
        profile_facts=profile_facts(draft),
        languages=spoken(draft),
        facts=_facts(draft),
        draft=draft,
    )


def _is_there(person_id: UUID, draft: ApplicationDraft) -> bool:
    there = Application.objects.filter(person_id=person_id, role=draft.role, state__in=OPEN_STATES)
    return there.filter(programme=draft.programme).exists()


def _facts(draft: ApplicationDraft) -> dict[str, Any]:
    heard = draft.answered("heard")
    came = Referrer.MEMBER if draft.referral_id else heard.get("referrer") or draft.came_through
    return {
        "heard_through": heard.get("heard_through", ""),
        "referrer": came,
        "referred_by": draft.referral,
        "fits": says_it_fits(draft),
        "language": draft.language,
        "way_in": WayIn.DESK if draft.entered_by else WayIn.SITE,
        "entered_by": draft.entered_by,
        "contact_confirmed": draft.is_confirmed,
    }


def _keep_consents(by: Actor, draft: ApplicationDraft, person: Person) -> None:
    given = draft.answered("consents")
    texts = {str(text.pk): text for text in ConsentText.objects.filter(pk__in=[one["text"] for one in given.values()])}
    for one in given.values():
        keep_consent(by=by, person=person, text=texts[one["text"]], at=datetime.fromisoformat(one["at"]))


def _empty(draft: ApplicationDraft, person: Person, at: datetime) -> None:
    """Leave nothing of her in the draft: from now on it lies with her."""
    empty = ApplicationDraft()
    for name in ApplicationDraft.COLUMNS:
        setattr(draft, name, getattr(empty, name))
    draft.confirmed, draft.answers = "", {}
    draft.submitted_at, draft.person = at, person
    draft.full_clean(validate_unique=False)
    draft.save()
