"""The agreement: its text as it ships, what the two fill in, and who signs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mentornet.agenda.models import Kind
from mentornet.agenda.services import finish
from mentornet.audit.services import record
from mentornet.common.actors import Actor, System
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.messaging.services import queue_letter
from mentornet.partnerships.enums import PartnershipState, SignedHow
from mentornet.partnerships.models import Agreement, AgreementSignature, AgreementTemplate, Partnership
from mentornet.partnerships.queries import current_agreement, newest_templates
from mentornet.partnerships.rules import (
    may_note_paper,
    may_take_part,
    may_work_on,
    may_write_agreement_text,
    side_of,
)
from mentornet.partnerships.services.steps import LONGEST, begin_if_ready, link_of, lock
from mentornet.partnerships.validators import check_terms
from mentornet.partnerships.wording import DANISH, filled_in, shipped_wordings, text_hash
from mentornet.people.enums import Role
from mentornet.people.names import is_name
from mentornet.people.participants import Participant
from mentornet.people.recipients import person_key

DAYS_OF_A_MONTH = 30.44


@transaction.atomic
def install_agreement_texts(*, by: System) -> int:
    """Bring in the agreement's text as it comes with the program: a new version where anything has changed.

    What was made of an earlier version stays as it is. Returns how many texts were written; doing it twice changes
    nothing.

    Raises:
        NotAllowedError: not the program.
        ValidationError: a file holds what cannot be; a test keeps the program's own from it.
    """
    require(may_write_agreement_text(by))
    newest, shipped = newest_templates(), shipped_wordings()
    same = {code: (one.wording, one.is_draft) for code, one in newest.items()} == {
        one.language: (one.wording, one.is_draft) for one in shipped
    }
    if same:
        return 0
    number = max((one.number for one in newest.values()), default=0) + 1
    texts = [
        AgreementTemplate(
            number=number,
            language=one.language,
            wording=one.wording,
            is_draft=one.is_draft,
            written_by=by.key,
            created_at=by.at,
        )
        for one in shipped
    ]
    for text in texts:
        text.full_clean(validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            AgreementTemplate.objects.bulk_create(texts)
    except IntegrityError:
        # Another process of the same release has started at this moment, and was faster.
        return 0
    return len(texts)


@transaction.atomic
def fill_in(
    *, by: Participant, partnership: Partnership, terms: Mapping[str, Any], seen: int, is_anew: bool = False
) -> Agreement:
    """Fill in what the two agree on: a new version, under which both sign anew. The same words again change nothing.

    Args:
        by: one of the two.
        partnership: theirs.
        terms: everything that is to be filled in.
        seen: the number of the version that she began from; 0 where there was none.
        is_anew: the two go on for as long again: also the same words are a new version.

    Raises:
        NotAllowedError: she is not one of the two, or it has ended.
        ChangedMeanwhileError: the other has filled in something meanwhile.
        ValidationError: something is missing or too long.
    """
    partnership = lock(partnership)
    require(may_take_part(by, partnership))
    check_terms(dict(terms))
    current = current_agreement(partnership)
    if current is not None and current.terms == dict(terms) and not is_anew:
        return current
    if (current.number if current else 0) != seen:
        raise ChangedMeanwhileError(
            _("The other has just changed the agreement. Look at it first. Then make your change again.")
        )
    side = side_of(by.person_id, partnership)
    assert side is not None
    templates = newest_templates()
    if DANISH not in templates:
        raise ValidationError(_("The agreement’s text is not there. Please tell the office."))
    mentee, mentor = partnership.mentee.person, partnership.mentor.person
    if current is not None:
        Agreement.objects.filter(pk=current.pk).update(superseded_at=by.at)
    agreement = Agreement(
        partnership=partnership,
        number=seen + 1,
        template_number=templates[DANISH].number,
        terms=dict(terms),
        texts={
            code: filled_in(one.wording, terms, mentee=mentee.name, mentor=mentor.name)
            for code, one in templates.items()
        },
        language_mentee=mentee.language,
        language_mentor=mentor.language,
        side=side,
        made_by=by.key,
        created_at=by.at,
    )
    agreement.full_clean()
    agreement.save(force_insert=True)
    record(
        by=by,
        act="partnerships.fill_in_agreement",
        of=partnership,
        division_id=partnership.division_id,
        detail={"version": agreement.number},
    )
    _tell_other(by, partnership, side, agreement)
    return agreement


def _tell_other(by: Participant, partnership: Partnership, side: Role, agreement: Agreement) -> None:
    """Write to the other that there is something to read and sign."""
    other = partnership.mentor if side == Role.MENTEE else partnership.mentee
    queue_letter(
        by=by,
        recipient=person_key(other.person_id),
        event="agreement_ready",
        values={"link": link_of(partnership, other.person_id)},
        about_id=agreement.pk,
        division_id=partnership.division_id,
    )


@transaction.atomic
def sign(*, by: Participant, agreement: Agreement, name: str, language: str) -> AgreementSignature:
    """Sign an agreement, by writing one's name under the words in one language. Signing twice changes nothing.

    The name is hers as it is stored, or nearly (:func:`mentornet.people.names.is_name`): two letters sign nothing, and
    a slip of the pen keeps nobody from signing.

    Once both have signed, the agreement is in force; if they have met too, the partnership is active.

    Raises:
        NotAllowedError: she is not one of the two, or it has ended.
        ChangedMeanwhileError: the agreement has been changed since she read it.
        ValidationError: no name was written, or another one than hers; or nobody can read it in that language.
    """
    partnership = lock(agreement.partnership)
    require(may_take_part(by, partnership))
    side = side_of(by.person_id, partnership)
    assert side is not None
    name = " ".join(name.split())
    if not name:
        raise ValidationError({"name": _("Write your name to sign.")})
    current = _as_read(partnership, agreement)
    person = (partnership.mentee if side == Role.MENTEE else partnership.mentor).person
    if not is_name(name, first_name=person.first_name, last_name=person.last_name):
        raise ValidationError({"name": _not_her_name(person.name)})
    return _put_name(
        by, partnership, current, side=side, on=by.today, name=name, language=language, how=SignedHow.HERSELF
    )


@transaction.atomic
def note_paper_signature(
    *, by: Actor, agreement: Agreement, side: Role | str, on: date, name: str, language: str = DANISH
) -> AgreementSignature:
    """Note that one of the two has signed the printed agreement.

    Raises:
        NotAllowedError: not the actor's division, or the partnership is closed.
        ChangedMeanwhileError: the agreement has been changed since it was printed.
        ValidationError: a day that cannot be, or no name.
    """
    partnership = lock(agreement.partnership)
    agreement.partnership = partnership
    require(may_note_paper(by, agreement))
    if on > by.today:
        raise ValidationError({"on": _("That day is still to come.")})
    if on < agreement.created_at.date():
        raise ValidationError({"on": _("The agreement was filled in after that day.")})
    name = " ".join(name.split())
    if not name:
        raise ValidationError({"name": _("Write the name as it stands on the paper.")})
    current = _as_read(partnership, agreement)
    return _put_name(
        by, partnership, current, side=Role(side), on=on, name=name, language=language, how=SignedHow.PAPER
    )


def _as_read(partnership: Partnership, agreement: Agreement) -> Agreement:
    """Return the agreement that is in question now, if it is the one that she has read."""
    current = current_agreement(partnership)
    if current is None or current.pk != agreement.pk:
        raise ChangedMeanwhileError(_("The agreement has been changed since you read it. Read it again, then sign."))
    return current


def _not_her_name(name: str) -> str:
    words = gettext(
        "We know you by another name: %(name)s. Write it as it stands here. Is it wrong? Change it in your profile, or "
        "tell your coordinator. Then sign."
    )
    return words % {"name": name}


def _put_name(
    by: Actor,
    partnership: Partnership,
    current: Agreement,
    *,
    side: Role,
    on: date,
    name: str,
    language: str,
    how: SignedHow,
) -> AgreementSignature:
    if language not in current.texts:
        raise ValidationError({"language": _("Choose a language that the agreement is written in.")})
    known = current.signatures.filter(side=side).first()
    if known is not None:
        return known
    signature = AgreementSignature(
        agreement=current,
        side=side,
        signed_on=on,
        name=name,
        language=language,
        text_hash=text_hash(current.texts[language]),
        how=how,
        noted_by=by.key,
        created_at=by.at,
    )
    signature.full_clean()
    signature.save(force_insert=True)
    record(
        by=by,
        act="partnerships.sign_one",
        of=partnership,
        division_id=partnership.division_id,
        detail={"version": current.number, "side": str(side), "how": str(how)},
    )
    days = list(current.signatures.values_list("signed_on", flat=True))
    if len(days) == len(Role):
        _put_in_force(by, partnership, current, max(days))
    return signature


def _put_in_force(by: Actor, partnership: Partnership, agreement: Agreement, on: date) -> None:
    """Both have signed: the partnership keeps the day, and until when they have agreed."""
    until = on + timedelta(days=round(int(agreement.terms["months"]) * DAYS_OF_A_MONTH))
    keep_end(by, partnership, agreement_on=on, agreed_until=until)
    record(by=by, act="partnerships.sign", of=partnership, division_id=partnership.division_id)
    begin_if_ready(by, partnership)


def keep_end(by: Actor, partnership: Partnership, **days: date | None) -> None:
    """Keep what they have agreed on; where they go on, nobody has to talk with them about the end any more."""
    before = partnership.agreed_until
    Partnership.objects.filter(pk=partnership.pk).update(**days)
    partnership.refresh_from_db()
    until = partnership.agreed_until
    if before is not None and until is not None and until > max(before, by.today):
        finish(by=by, target_id=partnership.pk, kinds=[Kind.ENDING])


@transaction.atomic
def ask_to_go_on(*, by: Participant, partnership: Partnership, months: str) -> Agreement:
    """Write the same agreement anew for some more months: a new version, which both sign. Pressed twice it is one.

    Raises:
        NotAllowedError: she is not one of the two, or it has ended.
        ValidationError: nothing is signed yet that could go on, or not so many months.
    """
    partnership = lock(partnership)
    require(may_take_part(by, partnership))
    current = current_agreement(partnership)
    if current is None:
        raise ValidationError({"months": _("You have no agreement yet. Write it first.")})
    if current.signatures.count() < len(Role):
        # One of the two has asked for it already, or it was never signed: that one lies before them.
        return current
    return fill_in(
        by=by, partnership=partnership, terms={**current.terms, "months": months}, seen=current.number, is_anew=True
    )


@transaction.atomic
def sign_agreement(*, by: Actor, partnership: Partnership, on: date, until: date | None = None) -> Partnership:
    """Note that both have signed their agreement, and until when it runs.

    Raises:
        NotAllowedError: not the actor's division.
        ValidationError: days that cannot be.
        ChangedMeanwhileError: it has been closed.
    """
    partnership = lock(partnership)
    require(may_work_on(by, partnership))
    if partnership.state == PartnershipState.CLOSED:
        raise ChangedMeanwhileError(_("This partnership has been closed. Nothing can be signed in it any more."))
    if on > by.today:
        raise ValidationError({"on": _("That day is still to come.")})
    if partnership.matched_on is not None and on < partnership.matched_on:
        raise ValidationError({"on": _("They were matched after that day.")})
    if until is not None and until > on + LONGEST:
        raise ValidationError({"until": _("That is too far ahead: choose a day within five years.")})
    if until is not None and until <= on:
        raise ValidationError({"until": _("The agreement runs until a day after it was signed.")})
    keep_end(by, partnership, agreement_on=on, agreed_until=until)
    record(by=by, act="partnerships.sign", of=partnership, division_id=partnership.division_id)
    begin_if_ready(by, partnership)
    return partnership
