"""Finding and renaming what stored texts say of a protected person: letters, notes, tasks, snapshots, lists.

Which rows are about her is read from the field registry, as for her copy and her erasure: a model that is added later
is covered without being named here. In rows about her every word that would lead to her goes, and her name becomes
the other one. Elsewhere (:mod:`mentornet.people.elsewhere` says where) her whole name, her address and her number go,
since half a name there may be somebody else's; and the other name does not come to stand there, where it would tell
whoever knows the one what the other is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.db import connection, models
from django.db.models import Q
from django.db.models.functions import Cast

from mentornet.common.fields import Subject, declared, subject_of
from mentornet.common.ordering import folded
from mentornet.common.reach import rows_about as rows_about_all
from mentornet.people.elsewhere import Elsewhere
from mentornet.people.known_by import digits_of
from mentornet.people.models import Person, ProtectedIdentity
from mentornet.people.recipients import person_key

HIDDEN: Final = "…"
"""What stands where a word was that would lead to her."""
PLACES: Final = frozenset({"place", "meeting_place"})
"""Columns, and values of letters, that tell where she is to be found: emptied."""
_LEFT_ALONE: Final = frozenset({"audit", "accounts", "common", "demo"})
"""Apps whose rows hold keys alone; a user's name is changed with the person's."""
_NOT_HERE: Final = frozenset({"people.Person", "people.ProtectedIdentity"})
_SHORTEST_PART: Final = 3
_LONGEST_CODE: Final = 12
_KEY: Final = re.compile(r"(?:[a-z]+:)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?::.*)?")
"""What names rows, and nobody."""
_DANISH_DIGITS: Final = 8
_BETWEEN: Final = r"(?:[\s,+_.]|%20)+"
_AT_ONCE: Final = 500

Changed = list[Any]
"""Model, key, column, what stood there, what stands there now."""


@dataclass(frozen=True, slots=True)
class Renaming:
    """How texts are changed.

    Attributes:
        close: in rows about her.
        wide: elsewhere.
        listed: in a record that is hers, of a list.
        hints: what a row must hold, in any case, before it is looked at.
        addresses: values that are emptied where nothing else stands.
        names: first and last name, as cells of a list; empty where she has no last name.
    """

    person_id: UUID
    close: Sequence[tuple[re.Pattern[str], str]]
    wide: Sequence[tuple[re.Pattern[str], str]]
    listed: Sequence[tuple[re.Pattern[str], str]]
    hints: Sequence[str]
    addresses: frozenset[str]
    names: frozenset[str]


def renaming_of(identity: ProtectedIdentity, alias: str, places: Iterable[str] = (), *, former: str = "") -> Renaming:
    """Return how texts about somebody are changed.

    Args:
        identity: who she is.
        alias: what she is called now.
        places: those at which she was, or is, to be met.
        former: another alias, which she has no longer; it goes from rows about her, and may be anybody's elsewhere.
    """
    first, last = identity.first_name.strip(), identity.last_name.strip()
    # Her only name may be anybody's: it goes from rows about her alone.
    whole: list[re.Pattern[str]] = []
    reach: list[re.Pattern[str]] = []
    if identity.email:
        reach.append(_exactly(identity.email))
    if digits := digits_of(identity.phone):
        reach.append(_number(digits))
    if last:
        # A middle name left out, or one of two last names.
        parts = [(one, other) for one in first.split() for other in last.split() if len(other) >= _SHORTEST_PART]
        whole = [_name(*pair) for pair in dict.fromkeys([(first, last), (last, first), *parts])]
    said = [*_lines(identity.words), *(place for place in places if len(place) >= _SHORTEST_PART)]
    close = [
        *((pattern, HIDDEN) for pattern in reach),
        *((pattern, alias) for pattern in whole),
        *((_word(word), HIDDEN) for word in sorted(said, key=len, reverse=True)),
        *((_word(value), HIDDEN) for value in (identity.safe_contact, identity.postcode, identity.area) if value),
        *((_word(name), alias) for name in (last, first) if name),
        *((_word(part), alias) for part in (*last.split(), *first.split()) if len(part) >= _SHORTEST_PART),
    ]
    if former and former != alias:
        close.append((_word(former), alias))
    hints = [identity.email, first.split()[0] if first else "", last.split()[-1] if last else ""]
    # However the digits are grouped.
    hints += [between.join(digits[-2:]) for between in ("", " ", "-", ".")]
    return Renaming(
        person_id=identity.person_id,
        close=close,
        wide=[(pattern, HIDDEN) for pattern in (*reach, *whole)],
        listed=[(pattern, HIDDEN) for pattern, _name in close],
        hints=[hint for hint in hints if hint],
        addresses=frozenset(value.casefold() for value in (identity.email, identity.phone) if value),
        names=frozenset({first.casefold(), last.casefold()}) if last else frozenset(),
    )


def _lines(words: str) -> list[str]:
    return [line.strip() for line in words.splitlines() if len(line.strip()) >= _SHORTEST_PART]


def _spaced(text: str) -> str:
    return _BETWEEN.join(re.escape(part) for part in text.split())


def _exactly(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.+-]){re.escape(text)}(?![\w-])", re.IGNORECASE)


def _word(text: str) -> re.Pattern[str]:
    # The s of a Danish genitive has no sign before it.
    return re.compile(rf"(?<!\w){_spaced(text)}(?=s?(?!\w))", re.IGNORECASE)


def _name(one: str, other: str) -> re.Pattern[str]:
    return _word(f"{one} {other}")


def _number(digits: str) -> re.Pattern[str]:
    local = digits[-_DANISH_DIGITS:] if len(digits) == _DANISH_DIGITS + 2 and digits.startswith("45") else digits
    grouped = r"[^\w+]?".join(local)
    return re.compile(rf"(?<!\d)(?:(?:\+|00)?45[^\w+]?)?{grouped}(?!\d)")


# Which rows ---------------------------------------------------------------------------------------------------------


def _models() -> Iterator[type[models.Model]]:
    for model in apps.get_models():
        is_about_people = any(policy.about_person for policy in declared(model._meta.label).values())
        if is_about_people and model._meta.app_label not in _LEFT_ALONE and model._meta.label not in _NOT_HERE:
            yield model


def _about(subject: Subject, person_id: UUID) -> Q | None:
    """Return which rows of a model are about somebody, alone or with somebody else; ``None`` where no lookup tells."""
    if subject.paths:
        return reduce(or_, (Q(**{path: person_id}) for path in subject.paths))
    if subject.side:
        before = f"{subject.via}__" if subject.via else ""
        return Q(**{f"{before}mentee__person": person_id}) | Q(**{f"{before}mentor__person": person_id})
    return None


def rows_about(person_id: UUID) -> dict[type[models.Model], set[Any]]:
    """Return the keys of all stored rows that are about somebody, by model."""
    found: dict[type[models.Model], set[Any]] = {}
    hanging: list[tuple[type[models.Model], Subject]] = []
    for model in _models():
        subject = subject_of(model._meta.label)
        if subject is None:
            continue
        if subject.keys or subject.target:
            hanging.append((model, subject))
        condition = _about(subject, person_id)
        if condition is not None:
            found[model] = set(model._default_manager.filter(condition).values_list("pk", flat=True))
    hers = {person_id, *(key for keys in found.values() for key in keys if isinstance(key, UUID))}
    for model, subject in hanging:
        keys = reduce(or_, (Q(**{column: person_key(person_id)}) for column in subject.keys), Q(pk__in=[]))
        rows = set(model._default_manager.filter(keys).values_list("pk", flat=True))
        if subject.target:
            wanted = sorted(hers)
            for start in range(0, len(wanted), _AT_ONCE):
                some = {f"{subject.target}__in": wanted[start : start + _AT_ONCE]}
                rows |= set(model._default_manager.filter(**some).values_list("pk", flat=True))
        found[model] = found.get(model, set()) | rows
    return {model: keys for model, keys in found.items() if keys}


def _columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """Return the columns of a model in which somebody's words may stand."""
    return [
        column
        for column in model._meta.concrete_fields
        if isinstance(column, models.CharField | models.TextField | models.JSONField)
        and not column.choices
        and not column.primary_key
        and not column.unique
        # Shorter ones hold codes.
        and (column.max_length is None or column.max_length > _LONGEST_CODE)
    ]


def places_of(rows: dict[type[models.Model], set[Any]]) -> set[str]:
    """Return where rows about somebody say that she is to be met."""
    found: set[str] = set()
    for model, keys in rows.items():
        for column in _columns(model):
            if column.name in PLACES or isinstance(column, models.JSONField):
                for value in _of(model, keys).values_list(column.name, flat=True):
                    found |= set(_places(value, column.name))
    return {place for place in found if place}


def _places(value: Any, name: str) -> Iterator[str]:
    if isinstance(value, str) and name in PLACES:
        yield value.strip()
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _places(item, str(key))


def _of(model: type[models.Model], keys: Iterable[Any]) -> models.QuerySet[Any]:
    return model._default_manager.filter(pk__in=list(keys))


# What becomes of a text ---------------------------------------------------------------------------------------------


def _replaced(text: str, rules: Sequence[tuple[re.Pattern[str], str]]) -> str:
    if _KEY.fullmatch(text):
        return text
    for pattern, word in rules:
        text = pattern.sub(word, text)
    return text


def _close(renaming: Renaming, value: Any, name: str = "") -> Any:
    return _sealed(renaming, value, renaming.close, name)


def _sealed(renaming: Renaming, value: Any, rules: Sequence[tuple[re.Pattern[str], str]], name: str = "") -> Any:
    if isinstance(value, str):
        if name in PLACES or value.casefold() in renaming.addresses:
            return ""
        return _replaced(value, rules)
    if isinstance(value, dict):
        return {key: _sealed(renaming, item, rules, str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_sealed(renaming, item, rules) for item in value)
    return value


def _wide(renaming: Renaming, value: Any, name: str = "") -> Any:
    if isinstance(value, str):
        return "" if value.casefold() in renaming.addresses else _replaced(value, renaming.wide)
    if isinstance(value, dict):
        if name == str(renaming.person_id):
            return _without_sealed(renaming, value)
        if _is_her_record(renaming, value):
            return _sealed(renaming, value, renaming.listed)
        return {key: _wide(renaming, item, str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_wide(renaming, item) for item in value)
    return value


def _is_her_record(renaming: Renaming, record: dict[str, Any]) -> bool:
    """Tell whether a row of a list is hers: one cell is her whole name or address, or two are the parts of her name."""
    cells = {" ".join(item.casefold().split()) for item in record.values() if isinstance(item, str)}
    if cells & renaming.addresses or (renaming.names and renaming.names <= cells):
        return True
    return any(pattern.fullmatch(cell) for pattern, _word in renaming.wide for cell in cells)


def _without_sealed(renaming: Renaming, kept: Any) -> Any:
    """Return what is kept under her key without what is sealed, such as an address that was hers before."""
    if isinstance(kept, dict):
        left = {key: item for key, item in kept.items() if key not in Person.SEALED}
        return {key: _without_sealed(renaming, item) for key, item in left.items()}
    return _close(renaming, kept)


# Doing it -----------------------------------------------------------------------------------------------------------


def rows_about_namesakes(identity: ProtectedIdentity, renaming: Renaming) -> Mapping[str, frozenset[Any]]:
    """Return the rows about others whose name holds hers, by the model's label: there it is theirs, and stays."""
    others = Person.objects.filter(is_protected=False).exclude(pk=identity.person_id)
    if not identity.last_name.strip():
        return rows_about_all(set(others.filter(search_text=folded(identity.name)).values_list("pk", flat=True)))
    found = others.filter(search_text__contains=folded(identity.last_name.split()[-1]))
    return rows_about_all({one.pk for one in found if _replaced(one.name, renaming.wide) != one.name})


def rename_texts(
    renaming: Renaming,
    rows: Mapping[type[models.Model], set[Any]],
    besides: Elsewhere,
    left: Mapping[str, frozenset[Any]] | None = None,
) -> list[Changed]:
    """Change stored texts, and return what stood where.

    Rows about her are held meanwhile: a worker that is just writing how it sent a letter waits, and reads afterwards
    that she is protected.

    Args:
        renaming: how.
        rows: those about her.
        besides: those that are not, and are gone over.
        left: rows that are not about her, and stay as they are, by the model's label.
    """
    changed: list[Changed] = []
    for model in sorted(_models(), key=lambda one: one._meta.label):
        columns = _columns(model)
        if not columns:
            continue
        hers = rows.get(model, set())
        for start in range(0, len(hers), _AT_ONCE):
            some = _of(model, sorted(hers)[start : start + _AT_ONCE]).order_by("pk")
            if connection.features.has_select_for_update:
                some = some.select_for_update(of=("self",), no_key=True)
            changed += _change(renaming, some, columns, _close)
        skip = hers | (left or {}).get(model._meta.label, frozenset())
        for wanted, names in besides.parts(model, [column.name for column in columns]):
            theirs = [column for column in columns if column.name in names]
            if theirs:
                others = model._default_manager.filter(wanted & _hinted(renaming, theirs))
                changed += _change(renaming, others.order_by("pk"), theirs, _wide, skip=skip)
    return changed


def _hinted(renaming: Renaming, columns: Sequence[models.Field[Any, Any]]) -> Q:
    """Return which rows may name her: a wide net, so that few others are read."""
    found = Q(pk__in=[])
    hints = {spelled for hint in renaming.hints for spelled in _spellings(hint)}
    for column in columns:
        if isinstance(column, models.JSONField):
            # As the embedded database keeps it, and as the other one does.
            texts = {*hints, *(json.dumps(hint)[1:-1] for hint in hints), str(renaming.person_id)}
            found |= Q(pk__in=_json_holding(column, texts))
        else:
            found |= reduce(or_, (Q(**{f"{column.name}__icontains": hint}) for hint in hints), Q(pk__in=[]))
    return found


def _json_holding(column: models.Field[Any, Any], texts: Iterable[str]) -> models.QuerySet[Any]:
    rows = column.model._default_manager.annotate(as_text=Cast(column.name, models.TextField()))
    return rows.filter(reduce(or_, (Q(as_text__icontains=text) for text in texts))).values("pk")


def _spellings(hint: str) -> set[str]:
    # The embedded database folds the case of Latin letters without accents alone.
    return {hint, hint.lower(), hint.upper(), hint.title()}


def _change(
    renaming: Renaming,
    rows: models.QuerySet[Any],
    columns: Sequence[models.Field[Any, Any]],
    renamed: Callable[[Renaming, Any, str], Any],
    *,
    skip: set[Any] | frozenset[Any] = frozenset(),
) -> list[Changed]:
    changed: list[Changed] = []
    for row in rows.only("pk", *(column.name for column in columns)):
        if row.pk in skip:
            continue
        after: dict[str, Any] = {}
        for column in columns:
            before = getattr(row, column.name)
            value = renamed(renaming, before, column.name)
            if isinstance(value, str) and column.max_length:
                value = value[: column.max_length]
            if value != before:
                after[column.name] = value
                changed.append([row._meta.label, str(row.pk), column.name, _plain(before), _plain(value)])
        if after:
            type(row)._default_manager.filter(pk=row.pk).update(**after)
    return changed


def restore_texts(changed: Iterable[Changed]) -> None:
    """Put back what was changed, the latest first, where nobody has written anything else since."""
    for label, key, name, before, after in reversed(list(changed)):
        model = apps.get_model(label)
        row = model._default_manager.filter(pk=key).only("pk", name).first()
        if row is not None and _plain(getattr(row, name)) == after:
            column = model._meta.get_field(name)
            value = tuple(before) if isinstance(before, list) and not isinstance(column, models.JSONField) else before
            model._default_manager.filter(pk=key).update(**{name: value})


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
