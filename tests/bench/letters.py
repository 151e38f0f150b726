"""Measure how long letters take to leave, and write docs/benchmarks-letters.md: ``python tests/bench/letters.py``.

A thousand letters, each to somebody else, wait in the outbox; the worker's own round writes them and hands them to a
mail server of the bench's own, in a process of its own. Beside it, in the same run, the same mails are handed to the
same server by the standard library alone: what is left is ours. On SQLite, and on PostgreSQL where
``MENTORNET_TEST_DATABASE_URL`` names one: run it beside ``tests/with-postgresql``. Each database has a process of its
own, as an installation has. With ``--quick``, a hundred letters; the page is printed, and nothing written.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import smtplib
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.measure import Figures, machine, on_a_database_of_its_own
from bench.report import seconds
from bench.report import table as markdown
from messaging.sink import Sink

PROJECT: Final = Path(__file__).resolve().parents[2]
GOAL: Final = 60.0
"""Seconds for a thousand letters, so that nobody who is written to waits behind the others for long."""
LANGUAGES: Final = ("da", "en", "ar", "fa", "uk")


def sink(pipe: Connection) -> None:
    """Be a mail server until told to end; then tell how many letters came."""
    with Sink().running() as here:
        pipe.send(here.port)
        while pipe.recv() == "count":
            pipe.send(len(here.got))


def write_letters(count: int) -> None:
    """Put letters into the outbox, each to somebody of her own, in all languages."""
    from django.db import transaction  # noqa: PLC0415 - Django is started by then
    from django.utils import timezone  # noqa: PLC0415

    from factories.django_rows import make_person  # noqa: PLC0415
    from mentornet.common.actors import System  # noqa: PLC0415
    from mentornet.messaging.services import queue_letter  # noqa: PLC0415
    from mentornet.people.recipients import person_key  # noqa: PLC0415

    by = System("bench", timezone.now())
    with transaction.atomic():
        for number in range(count):
            person = make_person(
                "Amina", f"N{number}", email=f"p{number}@example.org", language=LANGUAGES[number % len(LANGUAGES)]
            )
            queue_letter(
                by=by,
                recipient=person_key(person.pk),
                event="interview_invitation",
                values={"day": "2030-01-07", "time": "14:30", "place": "Kvinderhuset"},
                about_id=None,
                division_id=None,
            )


def alone(port: int, mails: list[tuple[str, str, str]]) -> float:
    """Hand mails over with the standard library, over one connection, and return the seconds."""
    start = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as server:
        for to, subject, body in mails:
            message = EmailMessage()
            message["From"], message["To"], message["Subject"] = "post@example.org", to, subject
            message.set_content(body)
            server.send_message(message)
    return time.perf_counter() - start


def measure(count: int) -> dict[str, Any]:
    """Deliver so many letters as the worker does, and the same mails without us."""
    theirs, ours = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=sink, args=(theirs,), daemon=True)
    server.start()
    port = ours.recv()
    os.environ["MENTORNET_MAIL_URL"] = f"smtp://127.0.0.1:{port}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "mentornet.config.settings"

    import django  # noqa: PLC0415 - its settings come from the environment

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from mentornet.messaging.models import Letter  # noqa: PLC0415

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    write_letters(count)
    start, used = time.perf_counter(), time.process_time()
    call_command("work", once=True)
    took, busy = time.perf_counter() - start, time.process_time() - used
    sent = list(Letter.objects.filter(state="sent").values_list("sent_to", "subject", "body"))
    without = alone(port, sent)
    ours.send("count")
    arrived = ours.recv()
    ours.send("end")
    server.join(10)
    if len(sent) != count or arrived != 2 * count:
        raise RuntimeError(f"{len(sent)} of {count} letters left, {arrived} mails arrived")
    return {
        "database": {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor],
        "letters": count,
        "seconds": took,
        "busy": busy,
        "alone": without,
    }


def measured(count: int, url: str | None) -> Figures:
    """Measure in a process of its own, on a database of its own."""
    return on_a_database_of_its_own(__file__, str(count), url=url)


# The page -----------------------------------------------------------------------------------------------------------


def goals(runs: Sequence[Figures]) -> list[tuple[str, str, bool]]:
    """Return each goal with its figure, and whether it is reached."""
    return [
        (
            f"{one['database']}: {one['letters']:,} letters leave within {GOAL * one['letters'] / 1000:.0f} s",
            seconds(one["seconds"]),
            one["seconds"] <= GOAL * one["letters"] / 1000,
        )
        for one in runs
    ]


def page(figures: Figures) -> str:
    """Return docs/benchmarks-letters.md."""
    runs = figures["runs"]
    rows = [
        [
            one["database"],
            f"{one['letters']:,}",
            seconds(one["seconds"]),
            seconds(one["seconds"] / one["letters"]),
            seconds(one["busy"]),
            seconds(one["alone"]),
            f"{one['seconds'] / one['alone']:.1f}",
        ]
        for one in runs
    ]
    headers = ["Database", "letters", "all of them", "a letter", "of that, processor", "the sink alone", "ratio"]
    return "\n".join(
        [
            "# Letters, measured",
            "",
            (
                f"One run of `make bench` on {figures['date']}, on a shared machine (load {figures['machine']['load']}"
                f" when it began, {figures['machine']['load_after']} when it ended). Letters, each to somebody else,"
                f" in {len(LANGUAGES)} languages by turns, wait in the outbox; one worker claims, writes,"
                " sends and keeps each by itself. The mail server is a sink on the same machine, which takes what it"
                " gets. *The sink alone* gets the same mails in the same run from the standard library, over one"
                " connection; the ratio is to that. A mail server elsewhere takes longer, and the worker waits for it"
                " one letter after the other; more workers share them."
            ),
            "",
            (
                f"- Machine: {figures['machine']['processor']}, {figures['machine']['cores']} cores,"
                f" {figures['machine']['memory_gib']} GiB"
            ),
            "",
            markdown(headers, rows),
            "",
            *([] if figures["has_postgresql"] else ["PostgreSQL is missing: there was none beside this run.", ""]),
            "## Goals",
            "",
            markdown(
                ["Goal", "figure", "reached"], [[*goal[:2], "yes" if goal[2] else "**no**"] for goal in goals(runs)]
            ),
        ]
    )


def main() -> int:
    """Measure, and write the page; with ``--quick`` print it."""
    parser = argparse.ArgumentParser(description="Measure letters, and write docs/benchmarks-letters.md.")
    parser.add_argument("--quick", action="store_true", help="a hundred letters; print the page, leave docs alone")
    parser.add_argument("--here", type=int, metavar="LETTERS", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.here is not None:
        sys.stdout.write(json.dumps(measure(arguments.here)) + "\n")
        return 0
    url = os.environ.get("MENTORNET_TEST_DATABASE_URL")
    figures: Figures = {
        "date": datetime.now(tz=UTC).date().isoformat(),
        "machine": machine(),
        "has_postgresql": url is not None,
        "runs": [measured(100 if arguments.quick else 1_000, one) for one in ([None] if url is None else [None, url])],
    }
    figures["machine"]["load_after"] = round(os.getloadavg()[0], 1)
    if arguments.quick:
        sys.stdout.write(page(figures))
    else:
        place = PROJECT / "docs" / "benchmarks-letters.md"
        place.write_text(page(figures), encoding="utf-8")
        sys.stderr.write(f"written: {place.relative_to(PROJECT)}\n")
    return 0 if all(goal[2] for goal in goals(figures["runs"])) else 1


if __name__ == "__main__":
    sys.exit(main())
