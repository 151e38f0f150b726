"""Base models and the columns that many rows share."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class Record(models.Model):
    """A row with an opaque key, so that an address tells nothing about how many there are."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(_("made"))

    class Meta:
        abstract = True


def stamp() -> int:
    """Return a random number for a row's ``stamp``.

    Every write draws a new one. The sum over a set of rows then changes with any write, in whatever order
    transactions end: readers that keep a set in memory ask for two numbers to know whether it still stands.
    """
    return secrets.randbelow(2**31)


def mark_of(*values: object) -> str:
    """Return a short text by which a form tells what its reader saw: another one as soon as any value changes."""
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]


def write_over(row: models.Model, facts: Mapping[str, Any]) -> list[str]:
    """Set columns of a row, and return those that have changed; nothing is stored yet."""
    changed = [name for name, value in facts.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, facts[name])
    return changed


class WordsField(models.TextField):  # type: ignore[type-arg]  # its generic parameters are the text's, not the tuple's
    """A list of short words, kept as ``;a;b;`` so that both databases can look for one; a tuple in Python.

    ``None`` is unknown, the empty tuple is none. Order is kept. ``field__contains=";a;"`` finds rows with the word.
    """

    description = "a list of words"
    default_error_messages: ClassVar[dict[str, Any]] = {"semicolon": _("A word cannot hold a semicolon.")}

    def from_db_value(self, value: str | None, *_: object) -> tuple[str, ...] | None:
        """Split what the database holds."""
        return None if value is None else tuple(word for word in value.split(";") if word)

    def to_python(self, value: Any) -> tuple[str, ...] | None:
        """Return a tuple of words, from a tuple, a list or the stored text."""
        if value is None:
            return None
        words = value.split(";") if isinstance(value, str) else value
        return tuple(str(word) for word in words if str(word))

    def get_prep_value(self, value: Any) -> str | None:
        """Join the words; text (as in a lookup) passes as it is."""
        if value is None or isinstance(value, str):
            return value
        return joined(value)

    def value_to_string(self, obj: models.Model) -> str:
        """Return what serialisation writes."""
        return self.get_prep_value(self.value_from_object(obj)) or ""

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        """Refuse words that would come apart when read again.

        Raises:
            ValidationError: a word holds a semicolon.
        """
        del model_instance
        for word in value or ():
            if ";" in word:
                raise ValidationError(self.error_messages["semicolon"], code="semicolon")


def joined(words: Iterable[str]) -> str:
    """Return words as :class:`WordsField` keeps them."""
    listed: Sequence[str] = list(words)
    return f";{';'.join(listed)};" if listed else ""


class PeriodicRun(models.Model):
    """When a periodic job last ran: the row by which one worker takes it, and what an administrator looks at.

    Attributes:
        last_problem: the kind of error and where it happened, empty after a good run; never what the error says,
            which may hold what somebody wrote.
    """

    name = models.CharField(_("job"), max_length=60, unique=True)
    last_started_at = models.DateTimeField(_("started"), null=True, blank=True)
    last_finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    last_problem = models.TextField(_("what went wrong"), blank=True)

    class Meta:
        verbose_name = _("periodic job")
        verbose_name_plural = _("periodic jobs")

    def __str__(self) -> str:
        return self.name


class WorkerBeat(models.Model):
    """A worker that is alive, or was when it was last seen: a job of a dead one is begun again."""

    name = models.CharField(_("worker"), max_length=64, primary_key=True)
    seen_at = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")

    def __str__(self) -> str:
        return self.name
