"""What becomes of the rows about somebody: deleted, or emptied and given a new key, as the field registry says.

A row that stays for the counts gets a key that stood nowhere before, and so does whatever leads to it. Its moments are
made coarse: the first of the month where it was about her alone, the day where it is the other one's too. So neither a
key nor a moment of an older export or backup finds it again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any, Final
from uuid import UUID, uuid4

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone

from mentornet.common.fields import Erasure, declared, declared_models, subject_of
from mentornet.common.models import WordsField, stamp
from mentornet.followup.enums import OPEN
from mentornet.followup.models import Concern, ConcernNote
from mentornet.privacy.hers import Hers, Model, in_parts

EMPTIED: Final = "—"
"""What stands where a text may not be empty: in no language a word."""
NEVER_WORDS: Final[Mapping[str, Mapping[str, Any]]] = {
    # Found by no search, and told from everybody else by that.
    "people.Person": {"search_text": "", "sort_key": b"", "is_protected": False},
}
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")
_KEY_LENGTHS: Final = range(36, 121)

Renamed = Mapping[str, str]
"""New keys by old ones, as texts write them."""


def is_deleted(model: Model) -> bool:
    """Tell whether rows of a model go with whom they are about, instead of staying for the counts."""
    return any(policy.erasure == Erasure.DELETE for policy in declared(model._meta.label).values())


def new_keys(hers: Hers) -> dict[UUID, UUID]:
    """Draw a new key for each row, those that go too: whatever else names them names nothing then."""
    return {one: uuid4() for one in sorted(hers.ids())}


def empty_rows(hers: Hers, renamed: Mapping[UUID, UUID]) -> None:
    """Delete and empty the rows about somebody, and give those that stay their new keys.

    What she has told in confidence and nobody has closed yet stays in words till then
    (:func:`mentornet.privacy.services.empty_closed_concerns`): somebody else's safety may hang on it.
    """
    texts: dict[str, str] = {str(old): str(new) for old, new in renamed.items()}
    texts |= {old.hex: new.hex for old, new in renamed.items()}
    # While her own keys still tell which of them she has written.
    _forget_as_author(hers)
    going = {model: keys for model, keys in hers.rows.items() if keys and is_deleted(model)}
    staying = {model: keys for model, keys in hers.rows.items() if keys and not is_deleted(model)}
    open_concerns = set(Concern.objects.filter(raised_by=hers.person_id, state__in=OPEN).values_list("pk", flat=True))
    kept_notes = set(ConcernNote.objects.filter(concern__in=open_concerns).values_list("pk", flat=True))
    if kept_notes:
        staying[ConcernNote] = [key for key in going.pop(ConcernNote, []) if key in kept_notes]
    for model, keys in staying.items():
        for key in keys:
            is_open = key in open_concerns or model is ConcernNote
            _empty(model, key, renamed, texts, keeps_words=is_open)
    for model, keys in going.items():
        forget(model, keys)
    for model, keys in staying.items():
        for key in keys:
            if key in renamed:
                _lead_on(model, key, renamed[key])
    _rename_elsewhere(hers, texts)


def children_of(model: Model) -> Iterator[tuple[Model, models.ForeignKey[Any, Any]]]:
    """Return the columns of other models that lead to a model's rows."""
    for relation in model._meta.related_objects:
        column = relation.field
        if isinstance(column, models.ForeignKey):
            yield column.model, column


def forget(model: Model, keys: Iterable[Any]) -> None:
    """Delete rows, with what hangs on them; what can be without them is untied."""
    for some in in_parts(keys):
        for child, column in children_of(model):
            hanging = child._default_manager.filter(**{f"{column.name}__in": some})
            if column.null:
                hanging.update(**{column.name: None})
            else:
                forget(child, list(hanging.values_list("pk", flat=True)))
        model._default_manager.filter(pk__in=some).delete()


def _empty(model: Model, key: Any, renamed: Mapping[UUID, UUID], texts: Renamed, *, keeps_words: bool) -> None:
    row = model._default_manager.get(pk=key)
    subject, policies = subject_of(model._meta.label), declared(model._meta.label)
    assert subject is not None
    coarse = _day if subject.is_shared or subject.side else _month
    values: dict[str, Any] = {}
    for column in model._meta.concrete_fields:
        name, value = column.name, getattr(row, column.attname)
        if column.primary_key:
            continue
        if name == "stamp":
            values[name] = stamp()
        elif name in NEVER_WORDS.get(model._meta.label, {}):
            values[name] = NEVER_WORDS[model._meta.label][name]
        elif policies[name].erasure == Erasure.EMPTY and not keeps_words:
            values[name] = empty_value(column)
        elif isinstance(column, models.ForeignKey):
            continue
        elif value is not None:
            changed = _without_keys(column, value, texts)
            values[name] = coarse(changed)
    if key in renamed:
        values[model._meta.pk.name] = renamed[key]
    model._default_manager.filter(pk=key).update(**values)


def empty_value(column: models.Field[Any, Any]) -> Any:
    """Return what a column holds that says nothing."""
    if column.null:
        return None
    if column.has_default():
        return column.get_default()
    if column.name == "language":
        return settings.LANGUAGE_CODE
    if isinstance(column, WordsField):
        return ()
    if isinstance(column, models.JSONField):
        return {}
    if isinstance(column, models.CharField | models.TextField):
        return "" if column.blank else EMPTIED
    raise TypeError(f"{column}: nobody has said what it is when it is empty")


def _month(value: Any) -> Any:
    if isinstance(value, datetime):
        return timezone.make_aware(datetime.combine(timezone.localdate(value).replace(day=1), time(12)))
    return value.replace(day=1) if isinstance(value, date) else value


def _day(value: Any) -> Any:
    if isinstance(value, datetime):
        return timezone.make_aware(datetime.combine(timezone.localdate(value), time(12)))
    return value


def _without_keys(column: models.Field[Any, Any], value: Any, texts: Renamed) -> Any:
    """Return a value in which no key of hers stands: a key alone, within a text, or anywhere in a list."""
    if isinstance(column, models.UUIDField):
        new = texts.get(str(value))
        return value if new is None else UUID(new)
    if isinstance(column, WordsField):
        return tuple(_renamed_in(word, texts) for word in value)
    if isinstance(column, models.JSONField):
        return json.loads(_renamed_in(json.dumps(value), texts))
    return _renamed_in(value, texts) if isinstance(value, str) else value


def _renamed_in(text: str, texts: Renamed) -> str:
    return _UUID.sub(lambda found: texts.get(found[0].lower(), found[0]), text)


def _lead_on(model: Model, old: Any, new: UUID) -> None:
    """Lead to a row by its new key whatever led to it by the old one."""
    for child, column in children_of(model):
        child._default_manager.filter(**{column.name: old}).update(**{column.name: new})


def authors(model: Model) -> Iterator[tuple[str, models.CharField[Any, Any]]]:
    """Return the columns of a model that name who did something, each with the column before it that holds her key."""
    key = ""
    for column in model._meta.concrete_fields:
        if isinstance(column, models.CharField) and column.name.endswith("_by"):
            key = column.name
        elif isinstance(column, models.CharField) and key and column.name.endswith("_name"):
            yield key, column


def _forget_as_author(hers: Hers) -> None:
    """Empty her name where it stands as that of who did something, such as an answer that she gave on her own page."""
    keys = sorted(hers.own_keys())
    for label in sorted(declared_models()):
        model = apps.get_model(label)
        for key, name in authors(model):
            model._default_manager.filter(**{f"{key}__in": keys}).update(**{name.name: empty_value(name)})


def _rename_elsewhere(hers: Hers, texts: Renamed) -> None:
    """Take her keys out of the rows of others that name one without being tied to it."""
    ids, keys = sorted(hers.ids()), sorted(hers.own_keys() | {str(hers.person_id)})
    for label in sorted(declared_models()):
        if label.startswith("audit."):
            continue
        model = apps.get_model(label)
        for column in model._meta.concrete_fields:
            if column.primary_key or isinstance(column, models.ForeignKey):
                continue
            if isinstance(column, models.UUIDField):
                for some in in_parts(ids):
                    _rename(model, column, some, lambda value: UUID(texts[str(value)]))
            elif isinstance(column, models.CharField) and (column.max_length or 0) in _KEY_LENGTHS:
                _rename(model, column, keys, lambda value: _renamed_in(value, texts))
    for concern in Concern.objects.exclude(kept_from=()).only("kept_from"):
        kept_from = tuple(_renamed_in(word, texts) for word in concern.kept_from or ())
        if kept_from != concern.kept_from:
            Concern.objects.filter(pk=concern.pk).update(kept_from=kept_from)


def _rename(model: Model, column: models.Field[Any, Any], values: list[Any], new: Callable[[Any], Any]) -> None:
    rows = model._default_manager.order_by()
    for value in rows.filter(**{f"{column.name}__in": values}).values_list(column.name, flat=True).distinct():
        rows.filter(**{column.name: value}).update(**{column.name: new(value)})
