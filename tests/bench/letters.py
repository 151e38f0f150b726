"""Measure how long letters take to leave: ``python tests/bench/letters.py [--quick]``.

A thousand letters, each to somebody else, wait in the outbox; the worker's own round writes them and hands them to a
mail server of the bench's own, in a process of its own. Beside it, in the same run, the same mails are handed to the
same server by the standard library alone: what is left is ours. On SQLite, or on the database that
``MENTORNET_TEST_DATABASE_URL`` names; run it beside ``tests/with-postgresql`` for the other one.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import shutil
import smtplib
import sys
import tempfile
import time
from contextlib import suppress
from email.message import EmailMessage
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from messaging.sink import Sink
from serving import of_nobody

GOAL: Final = 60.0
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
    start = time.perf_counter()
    call_command("work", once=True)
    took = time.perf_counter() - start
    sent = list(Letter.objects.filter(state="sent").values_list("sent_to", "subject", "body"))
    without = alone(port, sent)
    ours.send("count")
    arrived = ours.recv()
    ours.send("end")
    server.join(10)
    if len(sent) != count or arrived != 2 * count:
        raise RuntimeError(f"{len(sent)} of {count} letters left, {arrived} mails arrived")
    return {
        "database": connection.vendor,
        "letters": count,
        "seconds": round(took, 3),
        "ms_a_letter": round(1000 * took / count, 2),
        "sink_alone_seconds": round(without, 3),
        "ratio": round(took / without, 1),
        "goal_seconds": GOAL,
        "met": took <= GOAL * count / 1000,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a hundred letters")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="mentornet-bench-"))
    os.environ.update(of_nobody(folder))
    if url := os.environ.get("MENTORNET_TEST_DATABASE_URL"):
        os.environ["MENTORNET_DATABASE_URL"] = url
    try:
        found = measure(100 if arguments.quick else 1_000)
    finally:
        with suppress(OSError):
            shutil.rmtree(folder)
    print(json.dumps(found, indent=1))
    return 0 if found["met"] else 1


if __name__ == "__main__":
    sys.exit(main())
