"""What the two have of it: thoughts of one's own, letters to the mentor, certificates, thanks for the years."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record, WordsField
from mentornet.divisions.models import Division
from mentornet.followup.enums import SILENT, UNDER_WAY, ImpactState, Occasion
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Role
from mentornet.people.models import Person


class Reflection(Record):
    """What one of the two has answered to an open question. Hers alone, unless she shares it.

    Attributes:
        prompt: the question's name (:mod:`mentornet.followup.prompts`).
        shared_at: since when the coordinators of the two may read it.
        for_letter_at: since when it may stand in a letter to the mentor, which both then read.
    """

    partnership = models.ForeignKey(
        Partnership, on_delete=models.CASCADE, related_name="reflections", verbose_name=_("partnership")
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="reflections", verbose_name=_("whose"))
    prompt = models.SlugField(_("question"), max_length=40)
    text = models.TextField(_("in her words"), max_length=3_000)
    changed_at = models.DateTimeField(_("changed"))
    shared_at = models.DateTimeField(_("shared with the coordinator"), null=True, blank=True)
    for_letter_at = models.DateTimeField(_("for the letter"), null=True, blank=True)

    class Meta:
        verbose_name = _("thought of one’s own")
        verbose_name_plural = _("thoughts of one’s own")
        constraints = [
            models.CheckConstraint(name="followup_reflection_text", condition=~Q(text="")),
            models.UniqueConstraint(name="followup_reflection_once", fields=["partnership", "person", "prompt"]),
        ]

    def __str__(self) -> str:
        return f"{self.partnership_id} {self.pk}"


class LetterWish(Record):
    """What one of the two wants of letters to the mentor: none at all, or without some of the facts.

    Nobody is told of it: a letter that does not come tells nothing.
    """

    partnership = models.ForeignKey(
        Partnership, on_delete=models.CASCADE, related_name="letter_wishes", verbose_name=_("partnership")
    )
    side = models.CharField(_("whose"), max_length=10, choices=Role.choices)
    wants_none = models.BooleanField(_("wants no letters"), default=False)
    leaves_out = WordsField(_("left out"), default=tuple, blank=True)
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("wish about letters to the mentor")
        verbose_name_plural = _("wishes about letters to the mentor")
        constraints = [
            models.UniqueConstraint(name="followup_letterwish_side", fields=["partnership", "side"]),
            models.CheckConstraint(name="followup_letterwish_known_side", condition=Q(side__in=Role.values)),
        ]

    def __str__(self) -> str:
        return f"{self.partnership_id} {self.side}"


class ImpactLetter(Record):
    """A letter to the mentor about what the two have done, which the mentee alone lets go.

    It holds no name: names are put in where it is read, so that it names each by what the other one knows.

    Attributes:
        due_on: the anniversary of the match, or the day on which the partnership ended.
        since, until: the time it is about.
        chosen: the facts that the mentee has ticked.
        words: her own, if any.
        texts: by language the letter as she has said yes to it; later versions of the program change nothing here.
        language_mentee, language_mentor: in which the two read it.
        answer_by: the last day on which she can say yes.
    """

    partnership = models.ForeignKey(
        Partnership, on_delete=models.CASCADE, related_name="impact_letters", verbose_name=_("partnership")
    )
    occasion = models.CharField(_("occasion"), max_length=5, choices=Occasion.choices)
    due_on = models.DateField(_("due"))
    since = models.DateField(_("from"))
    until = models.DateField(_("to"))
    state = models.CharField(_("state"), max_length=10, choices=ImpactState.choices, default=ImpactState.DRAFT)
    chosen = WordsField(_("what stands in it"), default=tuple, blank=True)
    words = models.TextField(_("in the mentee’s words"), max_length=1_500, blank=True)
    texts = models.JSONField(_("the texts"), default=dict, blank=True)
    language_mentee = models.CharField(_("the mentee’s language"), max_length=10, blank=True)
    language_mentor = models.CharField(_("the mentor’s language"), max_length=10, blank=True)
    asked_at = models.DateTimeField(_("asked"), null=True, blank=True)
    answer_by = models.DateField(_("answer by"), null=True, blank=True)
    approved_at = models.DateTimeField(_("said yes"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("letter to the mentor")
        verbose_name_plural = _("letters to the mentor")
        constraints = [
            models.CheckConstraint(
                name="followup_impactletter_lists",
                condition=Q(state__in=ImpactState.values, occasion__in=Occasion.values),
            ),
            models.UniqueConstraint(name="followup_impactletter_once", fields=["partnership", "due_on"]),
            models.UniqueConstraint(
                name="followup_impactletter_under_way", fields=["partnership"], condition=Q(state__in=UNDER_WAY)
            ),
            models.CheckConstraint(
                # Without her yes nothing comes to the mentor.
                name="followup_impactletter_approved",
                condition=~Q(state__in=["approved", "sent"]) | Q(approved_at__isnull=False, asked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="followup_impactletter_sent", condition=~Q(state="sent") | Q(sent_at__isnull=False)
            ),
            models.CheckConstraint(
                # What she has not said yes to, or has taken back, is kept nowhere.
                name="followup_impactletter_silent",
                condition=~Q(state__in=SILENT) | Q(words=""),
            ),
        ]
        indexes = [models.Index(name="followup_impact_state", fields=["state", "answer_by"])]

    def __str__(self) -> str:
        return f"{self.partnership_id} {self.due_on}"


class Certificate(Record):
    """A paper on which the network says what somebody has done. The row holds no name.

    Attributes:
        person: whose; nobody's where she has let it stand on its own before she was erased.
        code_hash: SHA-256 of the number that stands on the paper.
        sealed_code: the number for printing it again, sealed with the installation's key.
        name_hash: scrypt of the name on the paper, with the number as its salt: without the paper nobody can try names.
        facts: number of meetings, hours, names of training modules, as they were.
        signer: whose name stands beneath it.
        outlives: it stays valid when she is erased, tied to nobody.
    """

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="certificates", verbose_name=_("whose")
    )
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="certificates", verbose_name=_("division")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    since = models.DateField(_("from"))
    until = models.DateField(_("to"), null=True, blank=True)
    facts = models.JSONField(_("what stands on it"), default=dict, blank=True)
    signer = models.CharField(_("signed by"), max_length=150, blank=True)
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    sealed_code = models.CharField(max_length=255, blank=True, editable=False)
    name_hash = models.CharField(max_length=64, editable=False)
    issued_on = models.DateField(_("issued"))
    issued_by = models.CharField(_("by"), max_length=60)
    outlives = models.BooleanField(_("stays valid"), default=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [
            models.CheckConstraint(name="followup_certificate_role", condition=Q(role__in=Role.values)),
            models.CheckConstraint(
                name="followup_certificate_hashed", condition=Q(code_hash__gt="") & Q(name_hash__gt="")
            ),
            models.CheckConstraint(
                # On its own it tells no more than what its public page says.
                name="followup_certificate_alone",
                condition=Q(person__isnull=False) | Q(sealed_code=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class TenureThanks(Record):
    """Somebody has been a mentor for so many years: she is thanked once for it.

    Attributes:
        called_at, called_by: when a coordinator has thanked her with a call, and who.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tenure_thanks", verbose_name=_("whom"))
    division = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="tenure_thanks", verbose_name=_("division")
    )
    years = models.PositiveSmallIntegerField(_("years"))
    reached_on = models.DateField(_("reached"))
    called_at = models.DateTimeField(_("called"), null=True, blank=True)
    called_by = models.CharField(_("called by"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("thanks for the years")
        verbose_name_plural = _("thanks for the years")
        constraints = [models.UniqueConstraint(name="followup_tenurethanks_once", fields=["person", "years"])]
        indexes = [models.Index(name="followup_thanks_reached", fields=["division", "reached_on"])]

    def __str__(self) -> str:
        return f"{self.person_id} {self.years}"
