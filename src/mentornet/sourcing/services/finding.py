"""Somebody who was found writes to us herself: nothing is kept of her before she has agreed to that."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from mentornet.audit.services import record
from mentornet.common.actors import Actor, System
from mentornet.common.answers import require
from mentornet.intake.applicants import takes_in
from mentornet.intake.enums import Applying, ConsentPurpose
from mentornet.intake.models import ApplicationDraft, ConsentText, Referral
from mentornet.intake.services.drafts import answer_step, begin_draft
from mentornet.sourcing.models import Asking, Found, Search
from mentornet.sourcing.queries import sent_through, tells_of_nobody_in
from mentornet.sourcing.rules import may_do_by_itself, may_write_through
from mentornet.sourcing.services.answering import tell_coordinator


@transaction.atomic
def begin_through(*, by: Actor, asking: Asking, language: str, agreed_to: ConsentText) -> ApplicationDraft:
    """Begin an application as a mentor, prefilled with what is looked for, credited to who has passed the address on.

    Args:
        by: somebody of whom nothing is known.
        asking: whose address she came by.
        language: in which she reads.
        agreed_to: the words by which she has just agreed that what she writes is kept.

    Raises:
        NotAllowedError: the search is over.
    """
    require(may_write_through(asking))
    if agreed_to.purpose != ConsentPurpose.HANDLING:
        raise ValueError("she agrees that her application is handled, and to nothing else yet")
    search = asking.search
    referral = None
    if asking.contact is not None:
        referral = Referral.objects.filter(person_id=asking.contact.person_id).first()
    draft = begin_draft(by=by, role=Applying.MENTOR, language=language, referral=referral)
    columns: dict[str, Any] = {"division": search.division}
    takes_her = takes_in(division_id=search.division_id, role=Applying.MENTOR, programme_id=search.programme_id)
    # The programme is no part of the brief: it is told beside it only where the two together tell of nobody.
    if takes_her and tells_of_nobody_in(search):
        columns["programme"] = search.programme
    answer_step(by=by, draft=draft, step="place", columns=columns)
    for step, answers in _prefilled(search).items():
        answer_step(by=by, draft=draft, step=step, answers=answers)
    agreed = {ConsentPurpose.HANDLING.value: {"text": str(agreed_to.pk), "at": by.at.isoformat()}}
    draft = answer_step(by=by, draft=draft, step="consents", answers=agreed)
    found = Found(asking=asking, draft_key=draft.pk, began_on=by.today, created_at=by.at)
    found.full_clean()
    found.save(force_insert=True)
    record(by=by, act="sourcing.begin_through", of=asking, division_id=search.division_id)
    return draft


def _prefilled(search: Search) -> dict[str, dict[str, Any]]:
    """Return what is looked for as answers of the form: she reads it, and writes over what is not so."""
    brief = search.brief
    steps: dict[str, dict[str, Any]] = {}
    if brief.language:
        steps["languages"] = {"skills": [[brief.language, ""]]}
    if brief.occupation:
        steps["work"] = {"occupation": brief.occupation}
    if brief.topics:
        steps["offer"] = {"topics": list(brief.topics)}
    if brief.times:
        steps["times"] = {"availability": list(brief.times)}
    if brief.meeting:
        steps["meeting"] = {"meeting": [brief.meeting]}
    return steps


def follow_found(*, by: System) -> int:
    """Note which of those who have begun to write have sent it, before their drafts are deleted. Returns how many.

    Of whoever never sent it nothing is kept once her draft is gone. Done twice, it does nothing more.
    """
    require(may_do_by_itself(by))
    Found.objects.filter(application__isnull=True).exclude(draft_key__in=ApplicationDraft.objects.values("pk")).delete()
    return sum(_note_sent(by, draft_key, application_id) for draft_key, application_id in sent_through())


@transaction.atomic
def _note_sent(by: System, draft_key: UUID, application_id: UUID) -> bool:
    locked = Found.objects.select_for_update(of=("self",)).select_related("asking__search")
    found = locked.filter(draft_key=draft_key, application__isnull=True).first()
    if found is None:
        return False
    found.application_id = application_id
    found.save(update_fields=["application"])
    record(by=by, act="sourcing.found", of=found.asking.search, division_id=found.asking.search.division_id)
    tell_coordinator(by, found.asking)
    return True
