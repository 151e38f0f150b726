"""Signing the impact assessment, as the program is now; and noting that the audit was read."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from mentornet.audit.models import Head
from mentornet.audit.services import record, record_read
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, require
from mentornet.divisions.rules import may_oversee_data
from mentornet.privacy.assessing import mark_of_register, register_now
from mentornet.privacy.models import Assessment
from mentornet.privacy.oversight import may_sign


@transaction.atomic
def sign_assessment(*, by: Actor, mark: str, words: str, program: str, author_name: str) -> Assessment:
    """Sign the assessment. ``mark`` is the register's, as the page that was read showed it.

    Raises:
        NotAllowedError: somebody else than the data-protection officer.
        ChangedMeanwhileError: the register is another one than was read, or somebody signed at the same moment.
    """
    require(may_sign(by))
    columns = register_now()
    if mark_of_register(columns) != mark:
        raise ChangedMeanwhileError(_("The program has changed since you opened this page. Read it again."))
    number = (Assessment.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    signed = Assessment(
        number=number, mark=mark, columns=columns, program=program, words=words, signed_by=by.key,
        author_name=author_name, created_at=by.at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            signed.save(force_insert=True)
    except IntegrityError as error:
        raise ChangedMeanwhileError(_("Somebody has signed at the same moment. Look at it again.")) from error
    record(by=by, act="privacy.sign_assessment", of=signed, detail={"number": number})
    return signed


@transaction.atomic
def note_audit_read(*, by: Actor, asked: Mapping[str, str], is_export: bool = False) -> None:
    """Note that somebody has read in the audit, and what she looked for: which filters, and never their words.

    Raises:
        NotAllowedError: neither the data-protection officer nor the national lead.
    """
    require(may_oversee_data(by))
    head = Head(pk=Head.ONLY)
    if is_export:
        record(by=by, act="privacy.export_audit", of=head, detail={"filters": sorted(asked)})
    else:
        record_read(by=by, act="privacy.read_audit", of=head)
