"""The smallest rows of the tables that the usual world leaves empty, so that every column can hold a canary."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from access.worlds import Place
from factories.django_rows import AT, TODAY, make_enrolment, make_person, saved
from mentornet.common.actors import user_key
from mentornet.divisions.models import HiddenPerson
from mentornet.followup.models import Concern, ConcernNote, EarlySign, LetterWish
from mentornet.imports.models import Batch, Report, Trace
from mentornet.intake.models import (
    Application,
    Consent,
    ConsentText,
    Decision,
    Earlier,
    InterviewDraft,
    InterviewOffer,
    Reference,
    Referral,
)
from mentornet.learning.models import Attendance, Module
from mentornet.messaging.models import Letter
from mentornet.partnerships.models import Agreement, AgreementSignature, Closure, ClosureSide, Partnership
from mentornet.partnerships.validators import WRITTEN
from mentornet.people.enums import RevealKind
from mentornet.people.enums import Role as Part
from mentornet.people.models import ProtectedIdentity, Restriction, Reveal, WrittenReach
from mentornet.people.recipients import person_key
from mentornet.privacy.enums import DemandAnswer
from mentornet.privacy.models import Demand, NotTheSame, RetentionHold
from partnerships.sides import TERMS

AGREED: Final[dict[str, Any]] = TERMS | dict.fromkeys(WRITTEN, "*")
"""What two agree on; a star stands where they write."""
SIGNED: Final[dict[str, Any]] = {
    code: {"title": "An agreement", "sections": [{"key": "goals", "heading": "Goals", "paragraphs": ["*"]}]}
    for code in ("en", "da")
}


def key_of(place: Place, name: str) -> UUID:
    """Return the key of one of a place's objects."""
    key = place.objects[name]
    assert isinstance(key, UUID)
    return key


def add_beside(place: Place) -> None:
    """Make a row, in a place, of each table of people or of casework that has none there yet."""
    assert place.mentee is not None
    assert place.mentor is not None
    made: dict[str, Any] = {"created_at": AT}
    by = user_key(place.staff.pk)
    written = {"written_by": by, "author_name": place.staff.name, **made}
    hers = {"person": place.mentee, **made}
    _about_her(place, by, hers)
    _protected(place, by, made)
    saved(
        Concern(
            raised_by=place.mentee, division=place.division, coordinator=place.staff, about="other",
            addressee="coordinator", heard="told", words="Words.", **written,
        )
    )  # fmt: skip
    saved(ConcernNote(concern=Concern.objects.get(pk=key_of(place, "concern_id")), text="A note.", **written))
    pair = Partnership.objects.get(pk=key_of(place, "partnership_id"))
    aside = {"put_aside_until": TODAY + timedelta(days=30), "put_aside_reason": "A reason.", "put_aside_by": by}
    seen = {"first_seen_on": TODAY, "last_seen_on": TODAY, "facts": {"met": 1, "days": 90, "agreed": 3}}
    saved(EarlySign(partnership=pair, kind="pace", **seen, **aside, **made))
    agreement = saved(
        Agreement(
            partnership=pair, number=1, template_number=1, terms=AGREED, texts=SIGNED, language_mentee="en",
            language_mentor="en", side=Part.MENTOR, made_by=person_key(pair.mentor.person_id), **made,
        )
    )  # fmt: skip
    for side in Part.MENTEE, Part.MENTOR:
        signature = {"side": side, "signed_on": TODAY, "name": "Her name", "language": "en", "text_hash": "0" * 64}
        saved(AgreementSignature(agreement=agreement, how="herself", noted_by=by, **signature, **made))
    saved(LetterWish(partnership=pair, side=Part.MENTOR, leaves_out=("hours",), changed_at=AT, **made))  # type: ignore[misc]  # a field of words
    closure = saved(
        Closure(
            partnership=pair, began_by=by, scenario="unplanned", ended_on=TODAY, reason="time", note="A note.",
            outcome_words="Words.", blame="yes", blame_words="A reason.", closed_at=AT, closed_by=by, undone_at=AT,
            undone_by=by, undone_words="A reason.", **made,
        )
    )  # fmt: skip
    for side in Part.MENTEE, Part.MENTOR:
        told = {"said": "Words.", "remark": "A remark.", "own_words": "Words."}
        saved(ClosureSide(closure=closure, side=side, talk="held", talk_on=TODAY, **told, **made))
    batch = Batch.objects.get(pk=key_of(place, "batch_id"))
    Report.objects.create(batch=batch, content={"faults": [], "notices": [], "first": {}, "duplicates": []})
    done = {"state": "done", "finished_at": AT, "created_by": by, "author_name": place.staff.name, **made}
    taken_over = saved(Batch(division=place.division, programme=batch.programme, user=place.staff, **done))
    Trace.objects.create(batch=taken_over, made={}, former={}, last_entry=1)
    saved(
        Demand(
            division=place.division, asked_on=TODAY, asked_by="An embassy", asked="A list.", answer_words="No.",
            answer=DemandAnswer.REFUSED, **written,
        )
    )  # fmt: skip
    saved(
        Letter(
            recipient=person_key(place.mentee.pk), event="proposal_ended", state="sent", channel="email",
            about_id=key_of(place, "proposal_id"), division_id=place.division.pk, queued_by=by, send_after=AT,
            sent_at=AT, subject="A message", body="Words.", sent_to="her@example.org", language="en", **made,
        )
    )  # fmt: skip


def _about_her(place: Place, by: str, hers: dict[str, Any]) -> None:
    made, author = {"created_at": AT}, {"author_name": place.staff.name}
    applied = Application.objects.get(pk=key_of(place, "application_id"))
    text, _ = ConsentText.objects.get_or_create(
        purpose="handling", language="en", number=1, defaults={"text": "Words.", "hash": "0" * 64, **made}
    )
    told = {"heard_by": by, "heard_by_name": place.staff.name}
    saved(Consent(purpose="handling", text=text, given_at=AT, how="heard", **told, **hers))
    saved(Referral(since=TODAY, **hers))
    # Longer ago than her own copy has to wait for it.
    before = hers | {"created_at": AT - timedelta(days=20)}
    saved(WrittenReach(email="former@example.org", phone="+4520000000", written_by=by, **before))
    saved(RetentionHold(until=TODAY + timedelta(days=90), reason="A reason.", set_by=by, **author, **hers))
    first, second = sorted((key_of(place, "person_id"), key_of(place, "double_id")))
    saved(NotTheSame(one_id=first, other_id=second, noted_by=by, **author, **made))
    lifted = {"lifted_at": AT, "lifted_by": by, "lifted_by_name": place.staff.name, "lift_reason": "A reason."}
    hidden = HiddenPerson(
        user=place.staff, person_id=applied.person_id, reason="A reason.", set_by=by, **lifted, **made
    )
    saved(hidden)
    module = Module.objects.get()
    saved(Attendance(module=module, way="waived", on=TODAY, reason="A reason.", told_by=by, **hers))
    saved(Restriction(reason="A reason.", restricted_by=by, **(hers | {"person": applied.person})))
    saved(InterviewDraft(application=applied, interviewer=place.staff, typed={}, changed_at=AT, **made))
    for one in applied, Application.objects.get(pk=key_of(place, "portal:application/application_id")):
        offered = {"offered_at": AT, "offered_by": by, "refused_at": AT, "words": "Words."}
        saved(InterviewOffer(application=one, **offered, **author, **made))
    assert Decision.objects.filter(application__division=place.division).exists()
    waived = {"kind": "children", "state": "waived", "seen_by": by, "reason": "A reason."}
    saved(Reference(application=applied, **waived, **author, **made))


def _protected(place: Place, by: str, made: dict[str, Any]) -> None:
    """Make somebody who may be looked for, and a question to a colleague about who she is."""
    person = make_person("Gerda")
    programme = Application.objects.get(pk=key_of(place, "application_id")).programme
    rests = {"resting_until": TODAY + timedelta(days=20), "rest_note": "A note."}
    waits = {"wait_reason": "paper", "wait_words": "Words.", "wait_noted_on": TODAY}
    mentee = make_enrolment(Part.MENTEE, place.division, person=person, programme=programme, enrolment=rests | waits)
    taken = {"reason": "safety", "words": "Words.", "passed_over": 1, "noted_by": by, "author_name": place.staff.name}
    saved(Earlier(enrolment=mentee, division=place.division, **taken, **made), exclude=("over_at",))
    type(person).objects.filter(pk=person.pk).update(is_protected=True, last_name="", search_text="gerda")
    sealed = {"first_name": "Sealed", "reason": "A reason.", "words": "A school"}
    saved(ProtectedIdentity(person=person, protected_by=by, **sealed, **made))
    asked = {"kind": RevealKind.SEE, "reason": "A reason.", "asked_by": place.staff.pk, "asker_name": place.staff.name}
    saved(Reveal(person=person, division=place.division, **asked, **made))
