"""What to write instead of what the database could not hold, in our own words."""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from mentornet.imports.findings import sentence

_BOUNDS: Final = frozenset({"min_value", "max_value"})


def expected(model: type[models.Model], name: str, error: ValidationError) -> tuple[str, ...]:
    """Return what a model's column expects, in each language, for one error of its ``clean_fields``."""
    field = model._meta.get_field(name)
    params: dict[str, Any] = dict(error.params or {})
    if error.code == "max_length":
        most = params.get("limit_value", getattr(field, "max_length", None))
        return sentence(_("expected at most %(most)s signs"), most=most)
    if error.code in _BOUNDS and isinstance(field, models.Field):
        least, most = _bounds(field)
        return sentence(_("expected a number from %(least)s to %(most)s"), least=least, most=most)
    if isinstance(field, models.EmailField):
        return sentence(_("expected one e-mail address, such as amina@example.org; leave the cell empty if unknown"))
    if error.code == "long":
        return sentence(_("expected short words: at most 100 signs between two semicolons"))
    return sentence(_("this cannot be kept as it is: write it in another way, or leave the cell empty"))


def _bounds(field: models.Field[Any, Any]) -> tuple[float, float]:
    least = [one.limit_value for one in field.validators if isinstance(one, MinValueValidator)]
    most = [one.limit_value for one in field.validators if isinstance(one, MaxValueValidator)]
    return max(least, default=0), min(most, default=0)
