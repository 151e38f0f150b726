"""Closed lists about people."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What somebody is in a programme."""

    MENTEE = "mentee", _("mentee")
    MENTOR = "mentor", _("mentor")


class Provenance(models.TextChoices):
    """Where a fact about her comes from."""

    SELF_REPORTED = "self_reported", _("she wrote it herself")
    HEARD = "heard", _("heard at the interview")
    CONFIRMED = "confirmed", _("confirmed by her")
    IMPORTED = "imported", _("from a spreadsheet")


class ContactWay(models.TextChoices):
    """How she may be reached; empty where she has said nothing: by e-mail if there is an address, else by text."""

    EMAIL = "email", _("by e-mail")
    TEXT = "text", _("by text message")
    CALL = "call", _("only by telephone")


class RevealKind(models.TextChoices):
    """What somebody asks for about a protected person."""

    SEE = "see", _("to see who she is")
    COPY = "copy", _("to make a copy of all that is kept of her")
    ERASE = "erase", _("to erase her for good")
    LIFT = "lift", _("to lift her protection")


class ObjectionPurpose(models.TextChoices):
    """What somebody can object to, each by itself."""

    RANKING = "ranking", _("being put in an order by the program")
    STATISTICS = "statistics", _("being counted in figures")
    NEWS = "news", _("letters that are not needed")


class Alike(models.TextChoices):
    """What makes a row of a list, or somebody known, look like somebody who is known already."""

    EMAIL = "email", _("the same e-mail address")
    PHONE = "phone", _("the same telephone number")
    NAME_POSTCODE = "name_postcode", _("the same name and postcode")
    NAME_YEAR = "name_year", _("the same name and year of birth")
    NAME_ID = "name_id", _("the same name and id, in an earlier import")
    NAME = "name", _("the same name, and nothing else is told")
