"""Upgrades: the database brought up to date, what it was before noted, and the way back.

Before the first change of an upgrade, the migrations that stand in the database are written down beside the data
(``before-upgrade.json``). The way back reads them there, so that nobody has to know a migration by its name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from django.core.management import call_command
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.utils import timezone

from mentornet.common.answers import RefusedError
from mentornet.config.env import read_settings
from mentornet.privacy.policies import lift

NOTE: Final = "before-upgrade.json"
PROTECTED: Final = "people.ProtectedIdentity"
"""Where it lies who protected people are: without this table, it lies open again where everybody reads it."""


class NoWayBackError(RefusedError):
    """The database cannot be brought back to what it was; nothing was changed."""


def migrations_applied() -> dict[str, str]:
    """Return the last migration of each app that stands in the database, by the app's label."""
    executor = MigrationExecutor(connection)
    applied, graph = executor.loader.applied_migrations, executor.loader.graph
    return {
        app: name
        for app, name in sorted(applied)
        if (app, name) in graph.nodes
        and not any(child.key in applied for child in graph.node_map[app, name].children if child.key[0] == app)
    }


def bring_up_to_date() -> list[str]:
    """Bring the tables up to date; what they were is noted first. Returns the migrations that were carried out."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return []
    note = read_settings().data_folder / NOTE
    if executor.loader.applied_migrations and not _is_under_way(note):
        _write(note, is_under_way=True, migrations=migrations_applied())
    call_command("migrate", interactive=False, verbosity=0)
    if note.exists():
        _write(note, is_under_way=False, migrations=_read(note)["migrations"])
    return [str(migration) for migration, _ in plan]


def former_migrations(note: Path | None = None) -> dict[str, str]:
    """Return what stood in the database before the last upgrade, as noted.

    Raises:
        NoWayBackError: nothing was noted, or it cannot be read.
    """
    note = read_settings().data_folder / NOTE if note is None else note
    try:
        migrations = _read(note)["migrations"]
        return {str(app): str(name) for app, name in migrations.items()}
    except FileNotFoundError as error:
        raise NoWayBackError(
            f"{note} is not there: it is written at an upgrade. Without it, restore the backup that was made before."
        ) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise NoWayBackError(f"{note} cannot be read. Restore the backup that was made before.") from error


def steps_back(targets: Mapping[str, str]) -> list[Migration]:
    """Return the migrations to be undone, in that order, so that only ``targets`` and what they need are left.

    Raises:
        NoWayBackError: this release does not know a target, or one of the migrations cannot be undone.
    """
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    wanted: list[tuple[str, str | None]] = []
    for app, name in targets.items():
        if (app, name) not in graph.nodes:
            raise NoWayBackError(f"This release does not know {app}.{name}: go back with the release that upgraded.")
        wanted.append((app, name))
    wanted += [(app, None) for app in sorted(executor.loader.migrated_apps - set(targets))]
    plan = executor.migration_plan(wanted)
    if missing := [str(migration) for migration, is_back in plan if not is_back]:
        raise NoWayBackError(f"The database is older than that: {', '.join(missing)} would have to be carried out.")
    steps = [migration for migration, _ in plan]
    if lasting := [str(one) for one in steps if list(irreversible(one.operations))]:
        raise NoWayBackError(
            f"{', '.join(lasting)} cannot be undone. Restore the backup that was made before the upgrade."
        )
    return steps


def rows_lost(steps: Iterable[Migration]) -> dict[str, int]:
    """Return how many rows lie in the tables that go with these migrations, by the model's label."""
    executor = MigrationExecutor(connection)
    apps = executor.loader.project_state(list(executor.loader.applied_migrations)).apps
    found: dict[str, int] = {}
    for step in steps:
        for operation in step.operations:
            if isinstance(operation, CreateModel):
                model = apps.get_model(step.app_label, operation.name)
                if count := model._default_manager.count():
                    found[f"{step.app_label}.{operation.name}"] = count
    return found


def refuse_to_open(lost: Mapping[str, int]) -> None:
    """Stop where going back would show to the whole desk who protected people are.

    Raises:
        NoWayBackError: says how many there are, and what to do.
    """
    if count := lost.get(PROTECTED, 0):
        raise NoWayBackError(
            f"The release before protects nobody: names and addresses of protected people ({count}) would lie open to "
            "everybody on the desk. Stay with this release; or ask whoever protects them, and add --open-protected."
        )


def irreversible(operations: Iterable[Operation]) -> Iterable[Operation]:
    """Find the operations that cannot be undone."""
    return (operation for operation in operations if not operation.reversible)


def go_back(targets: Mapping[str, str]) -> list[str]:
    """Undo what was carried out since ``targets`` stood; what people have entered since stays where it has a place.

    Returns the migrations that were undone.

    Raises:
        NoWayBackError: it cannot be done; nothing was changed.
    """
    steps = steps_back(targets)
    # The release before knows none of them, or lays its own; the tables stay closed to whoever does not own them.
    lift(connection)
    executor = MigrationExecutor(connection)
    executor.migrate(
        [*targets.items(), *((app, None) for app in sorted(executor.loader.migrated_apps - set(targets)))],
        plan=[(migration, True) for migration in steps],
    )
    return [str(step) for step in steps]


def _is_under_way(note: Path) -> bool:
    """An upgrade began and did not end: what it noted is what was before, not what stands there now."""
    try:
        return bool(_read(note)["is_under_way"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _read(note: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(note.read_text(encoding="utf-8"))
    return read


def _write(note: Path, *, is_under_way: bool, migrations: Mapping[str, str]) -> None:
    words = {
        "is_under_way": is_under_way,
        "migrations": dict(migrations),
        "noted_at": timezone.now().isoformat(),
        "version": metadata.version("mentornet"),
    }
    note.parent.mkdir(parents=True, exist_ok=True)
    aside = note.with_suffix(".part")
    aside.write_text(json.dumps(words, indent=1) + "\n", encoding="utf-8")
    aside.replace(note)
