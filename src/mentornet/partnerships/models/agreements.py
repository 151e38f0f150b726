"""What the two agree on: the text as it ships, what they filled in, and who has signed which words."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record
from mentornet.partnerships.enums import SignedHow
from mentornet.partnerships.models.pairs import Partnership
from mentornet.partnerships.validators import check_wording
from mentornet.people.enums import Role


class AgreementTemplate(Record):
    """The agreement's text in one language. A version is the rows of one number; never altered once written.

    Attributes:
        wording: title, sections with their paragraphs, and the words of each choice
            (:mod:`mentornet.partnerships.wording`). Paragraphs of one place say the same in every language.
        is_draft: nobody who speaks the language has checked it yet.
    """

    number = models.PositiveIntegerField(_("version"))
    language = models.CharField(_("language"), max_length=10)
    wording = models.JSONField(_("text"), validators=[check_wording])
    is_draft = models.BooleanField(_("not yet checked"), default=False)
    written_by = models.CharField(_("author"), max_length=60)

    class Meta:
        verbose_name = _("agreement’s text")
        verbose_name_plural = _("agreements’ texts")
        constraints = [
            models.UniqueConstraint(name="partnerships_agreementtemplate_number", fields=["number", "language"])
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.language}"


class Agreement(Record):
    """What the two mean to sign, or have signed: one row for each change of it.

    Attributes:
        number: from 1 within the partnership; the highest is what lies before them.
        terms: what they have filled in; the service checks it (:func:`mentornet.partnerships.validators.check_terms`).
        texts: by language the whole text with the terms in it, as it was to be signed: later versions of the template
            and later translations change nothing here.
        language_mentee, language_mentor: which language each had on record, beside the Danish.
        made_by: the key of whoever filled in; of the two, her ``side``.
    """

    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="agreements", verbose_name=_("partnership")
    )
    number = models.PositiveIntegerField(_("version"))
    template_number = models.PositiveIntegerField(_("version of the text"))
    terms = models.JSONField(_("what they agree on"))
    texts = models.JSONField(_("the texts"))
    language_mentee = models.CharField(_("the mentee’s language"), max_length=10)
    language_mentor = models.CharField(_("the mentor’s language"), max_length=10)
    side = models.CharField(_("filled in by"), max_length=10, choices=Role.choices)
    made_by = models.CharField(_("by"), max_length=60)
    superseded_at = models.DateTimeField(_("changed again"), null=True, blank=True)

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [
            models.UniqueConstraint(name="partnerships_agreement_number", fields=["partnership", "number"]),
            models.UniqueConstraint(
                name="partnerships_agreement_current", fields=["partnership"], condition=Q(superseded_at__isnull=True)
            ),
            models.CheckConstraint(name="partnerships_agreement_side", condition=Q(side__in=Role.values)),
        ]

    def __str__(self) -> str:
        return f"{self.partnership_id} {self.number}"


class AgreementSignature(Record):
    """One of the two has signed one version, having read it in one language.

    Attributes:
        name: as she wrote it.
        text_hash: SHA-256 of the very words (:func:`mentornet.partnerships.wording.text_hash`).
        signed_on: the day on the paper; of one signed on her page, that day.
        noted_by: the key of whoever did it: herself, or the coordinator who saw the paper.
    """

    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, related_name="signatures", verbose_name=_("agreement")
    )
    side = models.CharField(_("who"), max_length=10, choices=Role.choices)
    signed_on = models.DateField(_("signed"))
    name = models.CharField(_("name as written"), max_length=150)
    language = models.CharField(_("read in"), max_length=10)
    text_hash = models.CharField(max_length=64)
    how = models.CharField(_("how"), max_length=10, choices=SignedHow.choices)
    noted_by = models.CharField(_("noted by"), max_length=60)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [
            models.UniqueConstraint(name="partnerships_agreementsignature_side", fields=["agreement", "side"]),
            models.CheckConstraint(
                name="partnerships_agreementsignature_how",
                condition=Q(how__in=SignedHow.values) & Q(side__in=Role.values),
            ),
            models.CheckConstraint(name="partnerships_agreementsignature_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.side}"
