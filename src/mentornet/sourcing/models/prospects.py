"""The competency network: experts of whom a list has told us, and those of them who have said no."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record, WordsField
from mentornet.divisions.models import Division
from mentornet.people.validators import check_language_code, check_occupation
from mentornet.sourcing.enums import EMPTIED, LegalBasis, ProspectState


def check_languages(words: tuple[str, ...]) -> None:
    """Refuse what are no codes of languages.

    Raises:
        ValidationError: names the first of them.
    """
    for word in words:
        check_language_code(word)


class Prospect(Record):
    """An expert of whom a list has told us. She takes no part, and is no :class:`~mentornet.people.models.Person`.

    Attributes:
        field_words: what she does, as the list says; ``occupation`` the same as a group of ISCO-08.
        regions: where she can be found, in the list's words.
        language: of letters to her.
        basis, source, obtained_on: why we may keep her name, where we have it from in words that she will read, and
            since when.
        told_at: when she was first written to, and so told all this; who was not within a month is deleted.
        keep_until: on this day nothing of her is kept any more.
        search_text: what she is found by, in one case.
    """

    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="prospects", verbose_name=_("division")
    )
    state = models.CharField(_("state"), max_length=7, choices=ProspectState.choices, default=ProspectState.NEW)
    name = models.CharField(_("name"), max_length=160, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    language = models.CharField(_("language of letters"), max_length=10, default="da")
    field_words = models.CharField(_("what she does"), max_length=200, blank=True)
    occupation = models.CharField(_("field"), max_length=4, blank=True, validators=[check_occupation])
    languages = WordsField(_("languages"), default=tuple, blank=True, validators=[check_languages])
    regions = models.CharField(_("places"), max_length=200, blank=True)
    basis = models.CharField(_("why we may keep it"), max_length=10, choices=LegalBasis.choices)
    source = models.CharField(_("where we have it from"), max_length=200, blank=True)
    obtained_on = models.DateField(_("since"))
    told_at = models.DateTimeField(_("told about us"), null=True, blank=True)
    keep_until = models.DateField(_("deleted on"))
    ended_on = models.DateField(_("ended"), null=True, blank=True)
    search_text = models.CharField(max_length=700, editable=False, blank=True)

    COLUMNS = (
        "name", "email", "phone", "field_words", "occupation", "languages", "regions", "source", "search_text",
    )  # fmt: skip
    """What is emptied when she says no, or when her time is over."""

    class Meta:
        verbose_name = _("expert")
        verbose_name_plural = _("experts")
        constraints = [
            models.CheckConstraint(
                name="sourcing_prospect_lists",
                condition=Q(state__in=ProspectState.values, basis__in=LegalBasis.values),
            ),
            # Whoever has said no is not there: no query, file or letter can show her.
            models.CheckConstraint(
                name="sourcing_prospect_emptied",
                condition=~Q(state__in=EMPTIED)
                | Q(name="", email="", phone="", field_words="", occupation="", regions="", source="", search_text=""),
            ),
            models.CheckConstraint(
                name="sourcing_prospect_ended",
                condition=Q(state__in=EMPTIED, ended_on__isnull=False)
                | (~Q(state__in=EMPTIED) & Q(ended_on__isnull=True)),
            ),
            models.UniqueConstraint(
                name="sourcing_prospect_address",
                fields=["division", "email"],
                condition=~Q(email=""),
                violation_error_message=_("This address is on the list of experts already."),
            ),
        ]
        indexes = [
            models.Index(name="sourcing_prospect_field", fields=["division", "state", "occupation"]),
            models.Index(name="sourcing_prospect_end", fields=["keep_until"]),
        ]

    def __str__(self) -> str:
        return f"expert {self.pk}"

    @property
    def is_there(self) -> bool:
        """Something of her is kept."""
        return self.state not in EMPTIED


class ProspectList(Record):
    """A spreadsheet of experts that was found without fault, until somebody takes it over or throws it away.

    Attributes:
        rows: what it says, row by row; emptied as soon as it is taken over, and after a day.
        left_out: how many rows stand for somebody who has said no, or who is here already.
    """

    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="prospect_lists", verbose_name=_("division")
    )
    basis = models.CharField(_("why we may keep it"), max_length=10, choices=LegalBasis.choices)
    source = models.CharField(_("where we have it from"), max_length=200)
    obtained_on = models.DateField(_("since"))
    file_name = models.CharField(_("file"), max_length=200)
    rows = models.JSONField(_("rows"), default=list, blank=True)
    count = models.PositiveIntegerField(_("experts"), default=0)
    left_out = models.PositiveIntegerField(_("left out"), default=0)
    made_by = models.CharField(_("brought in by"), max_length=60)
    taken_at = models.DateTimeField(_("taken over"), null=True, blank=True)

    class Meta:
        verbose_name = _("list of experts")
        verbose_name_plural = _("lists of experts")
        constraints = [
            models.CheckConstraint(name="sourcing_prospectlist_basis", condition=Q(basis__in=LegalBasis.values)),
            models.CheckConstraint(name="sourcing_prospectlist_source", condition=~Q(source="")),
        ]

    def __str__(self) -> str:
        return f"list {self.pk}"


class OptOut(Record):
    """Somebody who has said no, for ever: a hash of one thing by which she would be known again, and the day.

    It is made with a key that lies sealed (:class:`OptOutKey`): whoever has the table alone cannot try names on it.
    """

    digest = models.CharField(_("hash"), max_length=64, unique=True)
    since = models.DateField(_("since"))

    class Meta:
        verbose_name = _("no for ever")
        verbose_name_plural = _("no for ever")

    def __str__(self) -> str:
        return self.digest


class OptOutKey(Record):
    """The key of those hashes, sealed with the installation's secret key: one row, made with the first no.

    Attributes:
        only: always true; so there is one row.
    """

    only = models.BooleanField(default=True, unique=True, editable=False)
    sealed = models.CharField(_("sealed key"), max_length=300)

    class Meta:
        verbose_name = _("key of the hashes")
        verbose_name_plural = _("keys of the hashes")
        constraints = [models.CheckConstraint(name="sourcing_optoutkey_only", condition=Q(only=True))]

    def __str__(self) -> str:
        return "key"
