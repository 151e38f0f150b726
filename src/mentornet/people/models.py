"""People and their profiles."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.models import Record, WordsField, stamp
from mentornet.common.ordering import folded, name_key
from mentornet.divisions.models import Division
from mentornet.people.enums import ContactWay, ObjectionPurpose, RevealKind, Role
from mentornet.people.validators import (
    check_answers,
    check_education,
    check_interests,
    check_language_code,
    check_meeting,
    check_occupation,
    check_provenance,
    check_requirements,
    check_slots,
    check_topics,
)
from mentornet.people.written_reach import WrittenReach
from reference.cefr import Level

__all__ = [
    "Avoidance",
    "LanguageSkill",
    "Objection",
    "Person",
    "Profile",
    "ProtectedIdentity",
    "Restriction",
    "Reveal",
    "WrittenReach",
]

LEVELS = [(level.name, level.name) for level in Level]


class Person(Record):
    """Somebody, in the whole country. A division knows her through an application.

    Attributes:
        area: where she lives, roughly; never an address.
        user: how she signs in at her own pages; nobody has to.
        safe_contact: how and when she can be reached without harm, in words for whoever calls.
        contact_way: what may be written to her, if anything; empty where she has not said.
        contact_from, contact_until: the hours of the day in which it may reach her, both or neither; over midnight
            when the first is the later one.
        hides_network: nothing that reaches her names the network.
        is_protected: somebody may be looking for her: her names here are an alias, and what would lead to her lies in
            :class:`ProtectedIdentity` alone. Never lapses by itself.
        search_text: her names in one case, for searching.
        sort_key: her names as bytes that stand in Danish order (:func:`mentornet.common.ordering.name_key`).
    """

    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    birth_year = models.PositiveSmallIntegerField(
        _("year of birth"), null=True, blank=True, validators=[MinValueValidator(1900), MaxValueValidator(2100)]
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    safe_contact = models.CharField(_("how to reach her safely"), max_length=200, blank=True)
    contact_way = models.CharField(_("safe way"), max_length=5, blank=True, choices=ContactWay.choices)
    contact_from = models.TimeField(_("safe from"), null=True, blank=True)
    contact_until = models.TimeField(_("safe until"), null=True, blank=True)
    hides_network = models.BooleanField(_("never name the network"), default=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="person",
        verbose_name=_("signs in as"),
    )
    language = models.CharField(_("language of letters"), max_length=10, default="da")
    area = models.CharField(_("area"), max_length=80, blank=True)
    postcode = models.CharField(_("postcode"), max_length=10, blank=True)
    is_protected = models.BooleanField(_("is protected"), default=False, editable=False)
    search_text = models.CharField(max_length=200, editable=False, db_index=True)
    sort_key = models.BinaryField(editable=False, default=b"")

    NAME_KEYS: ClassVar = ("search_text", "sort_key")
    """What follows from her names, and is written with them."""
    SEALED: ClassVar = ("first_name", "last_name", "email", "phone", "safe_contact", "area", "postcode")
    """What lies in her sealed identity while she is protected; an alias and a wider area stand here then."""

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(name="people_person_name", condition=~Q(first_name="")),
            models.CheckConstraint(name="people_person_way", condition=Q(contact_way__in=["", *ContactWay.values])),
            models.CheckConstraint(
                name="people_person_hours",
                condition=Q(contact_from__isnull=True, contact_until__isnull=True)
                | Q(contact_from__isnull=False, contact_until__isnull=False),
                violation_error_message=_("Give both the first and the last hour, or neither."),
            ),
            # What is not here, no list, search, file or letter can show, whoever writes the next one.
            models.CheckConstraint(
                name="people_person_sealed",
                condition=Q(is_protected=False) | Q(last_name="", email="", phone="", safe_contact="", postcode=""),
                violation_error_message=_("She is protected: what would lead to her is not written here."),
            ),
        ]
        # With the id, so that a page deep in the list is found without reading the people before it.
        indexes = [models.Index(name="people_person_order", fields=["sort_key", "id"])]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    def searched(self) -> str:
        """Return what ``search_text`` is to hold."""
        return folded(self.name)

    def set_name_keys(self) -> None:
        """Set what follows from her names; whoever writes those writes :attr:`NAME_KEYS` too."""
        self.search_text = self.searched()
        self.sort_key = name_key(self.first_name, self.last_name)


class ProtectedIdentity(Record):
    """Who a protected person is. Read by the program to reach her, and by two people together (:class:`Reveal`).

    Attributes:
        words: further words that would lead to her, such as an employer or a school: one on each line.
        texts: what was changed in stored texts: lists of model, key, column, what stood there, what stands there now.
        hid_network: whether nothing named the network to her before.
        reason: why she is protected.
        reach_written_at: when her address or number was written anew and no second person has agreed on it since.
    """

    person = models.OneToOneField(
        Person, on_delete=models.PROTECT, related_name="identity", verbose_name=_("person"), editable=False
    )
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    safe_contact = models.CharField(_("how to reach her safely"), max_length=200, blank=True)
    area = models.CharField(_("area"), max_length=80, blank=True)
    postcode = models.CharField(_("postcode"), max_length=10, blank=True)
    words = models.TextField(_("words that would lead to her"), max_length=2_000, blank=True)
    texts = models.JSONField(default=list, blank=True, editable=False)
    hid_network = models.BooleanField(default=False, editable=False)
    reason = models.CharField(_("reason"), max_length=500)
    protected_by = models.CharField(_("protected by"), max_length=60)
    reach_written_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("sealed identity")
        verbose_name_plural = _("sealed identities")
        constraints = [
            models.CheckConstraint(name="people_protectedidentity_name", condition=~Q(first_name="")),
            models.CheckConstraint(name="people_protectedidentity_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"identity {self.person_id}"

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()


class Reveal(Record):
    """Somebody asks to see who a protected person is, or to lift her protection; a second one answers.

    Attributes:
        asked_by, answered_by: users, never the same.
        expires_at: until when the asker may look, or do what was asked for, once it is approved.
        used_at: when it was done; a look may be repeated.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="reveals", verbose_name=_("person"))
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", verbose_name=_("division"))
    kind = models.CharField(_("what for"), max_length=5, choices=RevealKind.choices)
    reason = models.CharField(_("reason"), max_length=500)
    asked_by = models.UUIDField(_("asked by"))
    asker_name = models.CharField(_("name of whoever asked"), max_length=150)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.UUIDField(_("answered by"), null=True, blank=True)
    answerer_name = models.CharField(_("name of whoever answered"), max_length=150, blank=True)
    is_approved = models.BooleanField(_("approved"), null=True, blank=True)
    expires_at = models.DateTimeField(_("until"), null=True, blank=True)
    used_at = models.DateTimeField(_("done"), null=True, blank=True)

    class Meta:
        verbose_name = _("reveal")
        verbose_name_plural = _("reveals")
        constraints = [
            models.CheckConstraint(name="people_reveal_kind", condition=Q(kind__in=RevealKind.values)),
            models.CheckConstraint(name="people_reveal_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="people_reveal_two", condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("asked_by"))
            ),
            models.CheckConstraint(
                name="people_reveal_answer",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, is_approved__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False, is_approved__isnull=False),
            ),
            # Nothing is shown without an end.
            models.CheckConstraint(
                name="people_reveal_ends",
                condition=Q(is_approved=True, expires_at__isnull=False)
                | (~Q(is_approved=True) & Q(expires_at__isnull=True))
                | Q(is_approved__isnull=True, expires_at__isnull=True),
            ),
            models.UniqueConstraint(
                name="people_reveal_open",
                fields=["person", "asked_by", "kind"],
                condition=Q(answered_at__isnull=True),
                violation_error_message=_("You have asked for this already. A colleague must answer first."),
            ),
        ]
        indexes = [models.Index(name="people_reveal_person", fields=["person", "asked_by", "expires_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id}"


class Profile(Record):
    """What somebody knows, wants and offers in one role. An empty field is unknown.

    Attributes:
        occupation: ISCO-08 code of 1-4 digits; a mentee's is what she aims at.
        occupation_title: as she says it.
        topics: codes; a mentee's goals with the most important first, a mentor's offers.
        availability: slots such as ``mon-evening``.
        requires: about the other, such as ``language:ar``.
        answers: to the programmes' own questions, by their keys (:mod:`reference.customs`); of a programme that asks no
            more, none.
        provenance: by field name, ``[where from, day]``; of an answer by ``custom_`` and its key.
        stamp: drawn anew at every write, of its languages too (:func:`mentornet.common.models.stamp`).
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="profiles", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    about = models.TextField(_("about me"), blank=True, max_length=2_000)
    occupation = models.CharField(_("occupation"), max_length=4, blank=True, validators=[check_occupation])
    occupation_title = models.CharField(_("occupation in her words"), max_length=200, blank=True)
    sector = models.CharField(_("sector"), max_length=100, blank=True)
    education = models.PositiveSmallIntegerField(
        _("education (ISCED)"), null=True, blank=True, validators=[check_education]
    )
    topics = WordsField(_("topics"), null=True, blank=True, validators=[check_topics])
    interests = WordsField(_("interests"), null=True, blank=True, validators=[check_interests])
    availability = WordsField(_("times"), null=True, blank=True, validators=[check_slots])
    meeting = WordsField(_("ways to meet"), null=True, blank=True, validators=[check_meeting])
    hours_per_month = models.FloatField(
        _("hours a month"), null=True, blank=True, validators=[MinValueValidator(0.25), MaxValueValidator(200)]
    )
    months = models.FloatField(
        _("months"), null=True, blank=True, validators=[MinValueValidator(0.25), MaxValueValidator(120)]
    )
    requires = WordsField(_("must-haves about the other"), default=tuple, blank=True, validators=[check_requirements])
    wishes = models.TextField(_("wishes"), blank=True, max_length=2_000)
    practise_danish = models.BooleanField(_("wants to practise Danish"), null=True, blank=True)
    needs_experience = models.BooleanField(_("needs an experienced mentor"), null=True, blank=True)
    min_danish = models.CharField(_("least Danish of the other"), max_length=2, blank=True, choices=LEVELS)
    pairs_before = models.PositiveIntegerField(_("pairs before"), null=True, blank=True)
    answers = models.JSONField(
        _("answers to the programme’s own questions"), default=dict, blank=True, validators=[check_answers]
    )
    provenance = models.JSONField(_("where it comes from"), default=dict, blank=True, validators=[check_provenance])
    changed_at = models.DateTimeField(_("changed"))
    stamp = models.BigIntegerField(default=stamp, editable=False)

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        constraints = [
            models.UniqueConstraint(name="people_profile_role", fields=["person", "role"]),
            models.CheckConstraint(name="people_profile_known_role", condition=Q(role__in=Role.values)),
            models.CheckConstraint(
                name="people_profile_education", condition=Q(education__isnull=True) | Q(education__lte=8)
            ),
        ]
        indexes = [
            models.Index(name="people_profile_occupation", fields=["role", "occupation"]),
            # Summed at every request that needs the bank: from this index alone, without the rows.
            models.Index(name="people_profile_stamps", fields=["role", "stamp"]),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.person_id}"


class LanguageSkill(models.Model):
    """A language somebody speaks; an empty level is unknown."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="languages")
    code = models.CharField(_("language"), max_length=3, validators=[check_language_code])
    level = models.CharField(_("level"), max_length=2, blank=True, choices=LEVELS)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("language")
        verbose_name_plural = _("languages")
        ordering = ["position", "code"]
        constraints = [models.UniqueConstraint(name="people_languageskill_once", fields=["person", "code"])]
        indexes = [models.Index(name="people_languageskill_code", fields=["code", "level"])]

    def __str__(self) -> str:
        return f"{self.code}:{self.level}" if self.level else self.code


class Avoidance(models.Model):
    """Two who must not meet, as one of them, or a coordinator, has said."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="avoids")
    other = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="avoided_by")
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("made"))
    created_by = models.CharField(_("author"), max_length=60)

    class Meta:
        verbose_name = _("must not meet")
        verbose_name_plural = _("must not meet")
        constraints = [
            models.UniqueConstraint(name="people_avoidance_once", fields=["person", "other"]),
            models.CheckConstraint(name="people_avoidance_self", condition=~Q(person=F("other"))),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.other_id}"


class Restriction(Record):
    """What is known of somebody is stored, and used for nothing but her own request, from ``created_at`` on.

    Attributes:
        reason: in few words; she reads them.
        lifts_on: the day on which it ends, as she has been told; nothing where it has no end yet.
        lifted_at: nothing while it stands.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="restrictions", verbose_name=_("person"))
    reason = models.CharField(_("reason"), max_length=500)
    restricted_by = models.CharField(_("by"), max_length=60)
    lifts_on = models.DateField(_("ends"), null=True, blank=True)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = models.CharField(_("lifted by"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("restriction")
        verbose_name_plural = _("restrictions")
        constraints = [
            models.CheckConstraint(name="people_restriction_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="people_restriction_lifted",
                condition=Q(lifted_at__isnull=True, lifted_by="") | (Q(lifted_at__isnull=False) & ~Q(lifted_by="")),
            ),
            # The lists ask for those that stand: this index holds them alone.
            models.UniqueConstraint(
                name="people_restriction_once", fields=["person"], condition=Q(lifted_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"restriction {self.person_id}"


class Objection(Record):
    """Somebody has objected to a purpose, from ``created_at`` on: it is not done with her any more."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="objections", verbose_name=_("person"))
    purpose = models.CharField(_("what she objects to"), max_length=10, choices=ObjectionPurpose.choices)
    noted_by = models.CharField(_("by"), max_length=60)
    ended_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        constraints = [
            models.CheckConstraint(name="people_objection_purpose", condition=Q(purpose__in=ObjectionPurpose.values)),
            models.UniqueConstraint(
                name="people_objection_once", fields=["purpose", "person"], condition=Q(ended_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.person_id}"
