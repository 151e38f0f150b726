"""The worker delivers; nobody else has to."""

from __future__ import annotations

import time
from importlib import import_module

import pytest
from django.apps import apps
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mentornet.audit.services import seal_entries
from mentornet.common.actors import System
from mentornet.common.fields import declared
from mentornet.common.jobs import run_due_periodic, worker_name
from mentornet.common.management.commands.work import BRIEF_REST_SECONDS, REST_SECONDS, Command
from mentornet.common.models import PeriodicRun
from mentornet.messaging.tasks import ROUND
from messaging.friends import Queue, program
from messaging.makers import Makers

pytestmark = pytest.mark.django_db


def test_worker_delivers_what_is_due(queue: Queue) -> None:
    now = timezone.now()
    for number in range(45):
        queue(by=System("test", now), about_id=None, values={"day": f"2026-04-{number % 28 + 1:02}"})
    call_command("work", "--once")
    assert len(mail.outbox) == 45
    assert PeriodicRun.objects.get(name="deliver letters").last_problem == ""


def test_idle_worker_asks_the_same_few_questions_however_many_letters_there_are(queue: Queue) -> None:
    run_due_periodic(program().at)
    counts = []
    for _ in range(2):
        # What the audit says of the letters is sealed: it makes work of its own, once.
        seal_entries(by=program())
        with CaptureQueriesContext(
            connection,
        ) as asked:
            run_due_periodic(program(1).at)
        counts.append(len(asked))
        assert not [query for query in asked if not query["sql"].startswith("SELECT")]
        queue(by=program(5))
        queue(by=program(5))
    assert counts == [9, 9]


def test_code_leaves_before_whatever_else_waits(queue: Queue, makers: Makers) -> None:
    # What comes round seldom has had its turn: between two slow jobs letters leave once more.
    run_due_periodic(program().at)
    for _ in range(3 * ROUND):
        queue()
    queue(by=program(1), event="one_time_code", values={"code": "challenge"})
    run_due_periodic(program(1).at)
    assert len(mail.outbox) == ROUND
    assert "Your code is" in mail.outbox[0].body


def test_worker_sends_a_code_within_seconds(queue: Queue, makers: Makers, transactional_db: None) -> None:
    command = Command()
    queue(by=System("test", timezone.now()), event="one_time_code", values={"code": "challenge"})
    began = time.monotonic()
    command.run_a_round(worker_name())
    assert len(mail.outbox) == 1
    # Having had something to do it looks again at once; with nothing to do it looks twice a second.
    assert BRIEF_REST_SECONDS < REST_SECONDS <= 0.5
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    "label", ["messaging.Letter", "messaging.LetterText", "messaging.OptOut", "common.PeriodicRun", "common.WorkerBeat"]
)
def test_every_column_is_declared(label: str) -> None:
    import_module("mentornet.messaging.fields")
    assert set(declared(label)) == {field.name for field in apps.get_model(label)._meta.get_fields()}
