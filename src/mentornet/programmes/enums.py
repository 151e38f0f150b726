"""Closed lists about programmes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReferenceKind(models.TextChoices):
    """What vouches for an applicant."""

    PERSON = "person", _("somebody who vouches for her")
    WORK = "work", _("certificate of employment")
    EDUCATION = "education", _("certificate of education")
    CRIMINAL_RECORD = "criminal_record", _("criminal record certificate")
    CHILDREN = "children", _("child protection certificate")
    OTHER = "other", _("something else")


class Ground(models.TextChoices):
    """What nobody is matched by; a test holds them to those of ``reference.barred``."""

    ETHNICITY = "ethnicity", _("ethnicity or origin")
    RELIGION = "religion", _("religion or belief")
    HEALTH = "health", _("health")
    RESIDENCE = "residence", _("ground of residence")
