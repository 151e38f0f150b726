"""The way of a former release's data, in a process of its own: forward, used, back, and forward again.

``test_upgrade.py`` runs it with the database's address in the environment, and reads what it tells, as JSON.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any, Final

import time_machine
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test import Client

from deploy.rows_compared import Rows, all_rows, differences, narrowed, schema
from mentornet.config.env import read_settings
from mentornet.config.starting import start_django

MOST_TOLD: Final = 20
DESK: Final = (
    *("today", "waiting", "bank", "proposals", "people"),
    *("applications", "partnerships", "imports", "letters", "setup"),
)
PORTAL: Final = ("home", "profile", "consents", "reading")
LANGUAGES: Final = ("da", "en", "ar", "fa", "uk")


def applied() -> list[tuple[str, str]]:
    """Return what stands in the list of migrations."""
    return sorted(MigrationLoader(connection).applied_migrations)


class Journey:
    """What happened on the way, told as it goes."""

    def __init__(self, former: dict[str, Any]) -> None:
        self.targets: dict[str, str] = former["targets"]
        self.told: dict[str, Any] = {"seconds": {}}

    @contextmanager
    def measured(self, name: str) -> Iterator[None]:
        """Note how long a part takes."""
        begun = monotonic()
        yield
        self.told["seconds"][name] = round(monotonic() - begun, 1)

    def compare(self, name: str, before: Rows, after: Rows) -> None:
        """Note how rows differ from what they were."""
        found = list(differences(before, after))
        self.told[name] = [*found[:MOST_TOLD], *([f"and {len(found) - MOST_TOLD} more"] if found[MOST_TOLD:] else [])]

    def travel(self, spoil: str) -> None:
        """Go the whole way; for the control, only to where ``spoil`` has broken something, by SQL."""
        from mentornet.config.running import prepare_database  # noqa: PLC0415 - once Django has started
        from mentornet.config.upgrading import bring_up_to_date, former_migrations, go_back  # noqa: PLC0415

        at_first, shape, stood = all_rows(), schema(), applied()
        self.told["rows"] = sum(map(len, at_first.values()))
        with self.measured("forward"):
            self.told["carried out"] = bring_up_to_date()
        if spoil:
            with connection.cursor() as cursor:
                cursor.execute(spoil)
        self.compare("forward", at_first, all_rows())
        if spoil:
            return
        with self.measured("use"):
            prepare_database()
            self.told["pages"] = open_pages()
            call_command("work", once=True)
            call_command("check", fail_level="ERROR")
        used = all_rows()
        assert former_migrations() == self.targets
        with self.measured("back"):
            self.told["undone"] = go_back(former_migrations())
        now = all_rows()
        self.compare("back", narrowed(used, at_first), now)
        self.told["left behind"] = sorted(set(now) - set(at_first))
        is_now = schema()
        self.told["schema"] = [table for table, was in shape.items() if is_now.get(table) != was]
        self.told["list"] = applied() == stood
        with self.measured("forward again"):
            prepare_database()
        self.compare("forward again", now, all_rows())


class Visit:
    """Somebody who opens pages."""

    def __init__(self, who: str, statuses: dict[str, int], door: str = "") -> None:
        self.who, self.statuses, self.browser = who, statuses, Client()
        if door:
            self.browser.post(door)

    def get(self, address: str) -> str:
        """Open a page, and note how it answers."""
        answer = self.browser.get(address)
        self.statuses[f"{self.who} {address}"] = answer.status_code
        return answer.content.decode(errors="replace")


def open_pages() -> dict[str, int]:
    """Open main pages of everybody whom the demonstration lets in, and the public ones; returns each one's status."""
    from django.urls import reverse  # noqa: PLC0415 - once Django has started

    from mentornet.demo.queries import participant_choices, sign_in_choices  # noqa: PLC0415
    from mentornet.divisions.models import Division, Role  # noqa: PLC0415
    from mentornet.intake.queries import waiting_mentees  # noqa: PLC0415
    from mentornet.matching.models import Proposal  # noqa: PLC0415
    from mentornet.partnerships.models import Partnership  # noqa: PLC0415
    from mentornet.people.models import Person  # noqa: PLC0415

    statuses: dict[str, int] = {}
    everybody = Visit("public", statuses)
    for language in LANGUAGES:
        home = everybody.get(f"/{language}/")
        if language in {"da", "ar"}:
            for address in sorted(set(re.findall(rf'href="(/{language}/[a-z/-]+)"', home))):
                everybody.get(address)
    for choice in sign_in_choices():
        if Role.NATIONAL_LEAD in choice.held:
            desk = Visit("desk", statuses, f"/demo/{choice.user.pk}/")
            waiting = waiting_mentees(Division._default_manager.values_list("pk", flat=True)).order_by("pk")
            for name in DESK:
                desk.get(reverse(f"desk:{name}"))
            for name, rows in (
                ("match", waiting),
                ("person", Person._default_manager.order_by("pk")),
                ("proposal", Proposal._default_manager.order_by("pk")),
                ("partnership", Partnership._default_manager.order_by("pk")),
            ):
                for pk in rows.values_list("pk", flat=True)[:2]:
                    desk.get(reverse(f"desk:{name}", args=[pk]))
        else:
            Visit(", ".join(choice.held), statuses, f"/demo/{choice.user.pk}/").get(reverse("desk:today"))
    for person in participant_choices():
        portal = Visit(f"portal, {person.kind}", statuses, f"/demo/people/{person.person.pk}/")
        for name in PORTAL:
            portal.get(reverse(f"portal:{name}"))
    return statuses


if __name__ == "__main__":
    former = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    # A day later, so that what runs at night is due: the new release's jobs meet the former one's rows.
    with time_machine.travel(datetime.fromisoformat(former["at"]) + timedelta(days=1)):
        start_django(read_settings())
        journey = Journey(former)
        journey.travel(os.environ.get("SPOIL", ""))
    Path(sys.argv[2]).write_text(json.dumps(journey.told), encoding="utf-8")
