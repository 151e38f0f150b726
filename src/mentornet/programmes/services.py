"""Starting programmes and changing them: a change is a new version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from mentornet.audit.services import record
from mentornet.common.actors import Actor
from mentornet.common.answers import ChangedMeanwhileError, NotAllowedError, require
from mentornet.divisions.models import Division
from mentornet.programmes.models import SETTINGS, Programme, ProgrammeVersion, RefusedName
from mentornet.programmes.presets import Preset
from mentornet.programmes.rules import may_set_up_programme, may_start_first_programme, may_start_programme

LONGEST_REFUSED: Final = 200
FIRST: Final = UUID("5f0b6f0e-0000-4000-8000-000000000001")
"""The first programme's key, the same everywhere: of two who begin it at the same moment one alone can have it."""


@transaction.atomic
def start_programme(
    *,
    by: Actor,
    name: str,
    division: Division | None,
    settings: Mapping[str, Any],
    author_name: str,
    reason: str,
) -> Programme:
    """Start a programme with its first version.

    Raises:
        NotAllowedError: national programmes are the national lead's, local ones the division lead's.
        ValidationError: a setting cannot be used.
    """
    require(may_start_programme(by, division))
    return _start(by, name, division, settings, author_name, reason)


@transaction.atomic
def start_from_preset(*, by: Actor, preset: Preset, name: str, author_name: str) -> Programme:
    """Start the first programme of all, in all divisions, as a preset has it.

    Raises:
        NotAllowedError: neither an administrator nor the national lead, or there is a programme already.
        ValidationError: the name cannot be used.
    """
    require(may_start_first_programme(by))
    reason = _("The programme begins as the preset “%(preset)s” has it.") % {"preset": preset.title}
    try:
        with transaction.atomic():
            return _start(by, name, None, preset.settings, author_name, reason, key=FIRST)
    except IntegrityError as error:
        # Both have seen that there was none: the database lets one have the first one's key.
        if not Programme.objects.filter(pk=FIRST).exists():
            raise
        raise NotAllowedError(
            _("There is a programme already. Further ones are started by the national lead.")
        ) from error


def _start(
    by: Actor,
    name: str,
    division: Division | None,
    settings: Mapping[str, Any],
    author_name: str,
    reason: str,
    *,
    key: UUID | None = None,
) -> Programme:
    programme = Programme(name=name, division=division, created_at=by.at, **({"id": key} if key else {}))
    programme.full_clean(validate_unique=key is None)
    programme.save(force_insert=True)
    _write_version(by, programme, 1, settings, author_name, reason)
    return programme


@transaction.atomic
def change_programme(
    *,
    by: Actor,
    programme: Programme,
    seen: int,
    settings: Mapping[str, Any],
    author_name: str,
    reason: str,
) -> ProgrammeVersion:
    """Write the next version. Proposals already made keep the one they were made by.

    ``seen`` is the number of the version that the author had before her.

    Raises:
        NotAllowedError: not her programme.
        ChangedMeanwhileError: somebody has written a newer version.
        ValidationError: a setting cannot be used, or nothing has changed.
    """
    require(may_set_up_programme(by, programme))
    latest = programme.versions.first()
    assert latest is not None
    if latest.number != seen:
        raise ChangedMeanwhileError(
            _("The programme was changed meanwhile. Look at the new version, and change that one.")
        )
    wanted = latest.settings() | dict(settings)
    if wanted == latest.settings():
        raise ValidationError(_("Nothing has changed, so there is nothing to save."), code="same")
    return _write_version(by, programme, seen + 1, wanted, author_name, reason)


@transaction.atomic
def note_refused_names(*, by: Actor, programme: Programme, author_name: str, names: Mapping[str, str]) -> None:
    """Keep what was refused as the name of a criterion, by its ground, for the national lead to see.

    ``names`` are the grounds by the words. What was kept today already is not kept twice.

    Raises:
        NotAllowedError: not her programme.
    """
    require(may_set_up_programme(by, programme))
    kept = RefusedName.objects.filter(programme=programme, written_by=by.key, created_at__date=by.today)
    known = set(kept.values_list("words", flat=True))
    for words, ground in names.items():
        if words[:LONGEST_REFUSED] in known:
            continue
        refused = RefusedName(
            programme=programme,
            words=words[:LONGEST_REFUSED],
            ground=ground,
            written_by=by.key,
            author_name=author_name,
            created_at=by.at,
        )
        refused.full_clean()
        refused.save(force_insert=True)
        record(
            by=by,
            act="programmes.refuse_name",
            of=refused,
            division_id=programme.division_id,
            detail={"ground": ground},
        )


def _write_version(
    by: Actor, programme: Programme, number: int, settings: Mapping[str, Any], author_name: str, reason: str
) -> ProgrammeVersion:
    version = ProgrammeVersion(
        programme=programme,
        number=number,
        created_at=by.at,
        created_by=by.key,
        author_name=author_name,
        reason=reason.strip(),
        **{name: settings[name] for name in SETTINGS if name in settings},
    )
    version.full_clean()
    try:
        # A savepoint: the loser of a race still has a transaction to answer in.
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError as error:
        raise ChangedMeanwhileError(
            _("The programme was changed meanwhile. Look at the new version, and change that one.")
        ) from error
    record(by=by, act="programmes.change", of=programme, division_id=programme.division_id, detail={"version": number})
    return version
