"""Fill an empty database as a former release does: run by that release's own code (see ``upgrade_data.py``).

The demonstration with its seven years, made small, and what only use brings: sign-ins, a second factor, an import.
Only what has been in every release so far is named here; say what a former one lacks by passing over it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test import Client
from django.utils import timezone

from mentornet.common.actors import System
from mentornet.config.env import read_settings
from mentornet.config.starting import start_django

STAFF_PAGES: Final = ("/desk/", "/accounts/2fa/")
PARTICIPANTS_PAGES: Final = ("/my/", "/my/profile/")
FEWER: Final = {"PEOPLE": 450, "PARTNERSHIPS": 90, "MENTORS": 260, "BANK": 120, "RESTING": 8, "UNBRIEFED": 6}
WAITING: Final = 10
"""In each division."""


def load() -> None:
    """Bring the empty database up to date, and load the demonstration with fewer people than usual."""
    from mentornet.config.running import prepare_database  # noqa: PLC0415 - once Django has started
    from mentornet.demo import network, places  # noqa: PLC0415
    from mentornet.demo.services import load_network  # noqa: PLC0415

    prepare_database()
    for name, number in FEWER.items():
        setattr(network, name, number)
    for place in places.PLACES:
        object.__setattr__(place, "waiting", WAITING)
    load_network(by=System("demo", timezone.now()), size="full", today=timezone.localdate(), fresh=True)


def use(folder: Path) -> None:
    """Sign in as everybody who can be, look around, and take a spreadsheet in."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret  # noqa: PLC0415

    from mentornet.demo.organisation import JOB  # noqa: PLC0415
    from mentornet.demo.queries import participant_choices, sign_in_choices  # noqa: PLC0415

    for address, pages in [
        *((f"/demo/{choice.user.pk}/", STAFF_PAGES) for choice in sign_in_choices()),
        *((f"/demo/people/{choice.person.pk}/", PARTICIPANTS_PAGES) for choice in participant_choices()),
    ]:
        client = Client()
        client.post(address)
        for page in pages:
            client.get(page)
    TOTP.activate(sign_in_choices()[0].user, generate_totp_secret())
    mentees = folder / "mentees.csv"
    mentees.write_text(
        "id,name,email,occupation,languages,postcode\n"
        "V1,Layla Haddad,layla@example.org,nurse,da:B1; ar:native,8000\n"
        "V2,Oksana Bondar,oksana@example.org,bookkeeper,da:B2; uk:native,8200\n",
        encoding="utf-8",
    )
    call_command("import_people", division="Aarhus", programme=JOB, mentees=mentees)


def told() -> dict[str, object]:
    """Return what the test must know of it."""
    loader = MigrationLoader(connection)
    cursor = connection.cursor()
    empty = []
    for table in sorted(connection.introspection.table_names(cursor)):
        cursor.execute(f'SELECT COUNT(*) FROM "{table}"')
        if cursor.fetchone() == (0,):
            empty.append(table)
    return {
        "at": timezone.now().isoformat(),
        "targets": dict(sorted(loader.graph.leaf_nodes())),
        "empty": empty,
    }


if __name__ == "__main__":
    start_django(read_settings())
    load()
    use(Path(sys.argv[1]))
    call_command("work", once=True)
    Path(sys.argv[1], "told.json").write_text(json.dumps(told()), encoding="utf-8")
