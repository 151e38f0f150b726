"""A worker of its own process, for the tests that kill it: prepares, writes, or looks at an import.

Run as ``python killed_worker.py prepare|write|look|again`` with ``MENTORNET_DATA`` set. *write* stops inside the
transaction, says so, and waits to be killed; with ``CONTROL`` set it does the same without a transaction.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentornet.config.settings")
import django

django.setup()
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from factories.django_rows import make_division, make_programme, make_staff  # noqa: E402
from imports_steps import Journey  # noqa: E402
from mentornet.common.actors import System  # noqa: E402
from mentornet.imports.models import Batch, Trace  # noqa: E402
from mentornet.imports.services import batches, work  # noqa: E402
from mentornet.intake.models import Application, Decision, Enrolment  # noqa: E402
from mentornet.people.models import Person, Profile  # noqa: E402
from reference.sheets import Limits  # noqa: E402

ROWS = 600


def prepare() -> None:
    call_command("migrate", verbosity=0)
    division, programme = make_division("Odense"), make_programme("Mentor network")
    by = make_staff("coordinator", division, at=timezone.now())
    rows = "".join(f"E{number},Name {number}\n" for number in range(ROWS))
    journey = Journey.begin(by, division, programme, {"mentees": f"id,name\n{rows}"}).checked()
    batches.ask_for_writing(by=by, batch=journey.batch)


def write(*, pauses: bool) -> None:
    batch = Batch.objects.get()
    if pauses:
        end = work._end

        def pause_then_end(*args: Any, **values: Any) -> None:
            print("written, not committed", flush=True)
            time.sleep(60)
            end(*args, **values)

        work._end = pause_then_end
    if os.environ.get("CONTROL"):
        vars(work)["transaction"] = SimpleNamespace(atomic=contextlib.nullcontext)
    work.write_people(
        by=System("import", timezone.now()),
        batch_id=batch.pk,
        attempt=batch.attempt,
        clock=timezone.now,
        limits=Limits(),
    )


def again() -> None:
    by = System("import", timezone.now() + timedelta(seconds=40))
    batch = Batch.objects.get()
    assert batch.has_stopped(by.at)
    batches.ask_for_writing(by=by, batch=batch)
    write(pauses=False)


def look() -> None:
    models = (Person, Profile, Application, Decision, Enrolment, Trace)
    counts = {model.__name__: model._default_manager.count() for model in models}
    print(json.dumps(counts | {"state": Batch.objects.get().state}))


match sys.argv[1]:
    case "prepare":
        prepare()
    case "write":
        write(pauses=True)
    case "again":
        again()
    case _:
        look()
