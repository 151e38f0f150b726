"""Thousands who want the same few mentors: ``python crowding.py``, in an environment that names a database.

*places*: many processes hold a place and take it, as a proposal and its two yeses do, each step by itself. The
database's own constraint is away, so that the conditional update stands alone; a trigger notes every moment at which
somebody has more than her capacity. *control*: the same with a hold that reads first and then writes.

*services*: many processes propose, and where that goes well both say yes at once, each in a process of her own; all
by the program's services, with the constraint where it is.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from typing import Any, Final

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentornet.config.settings")
import django

django.setup()
from django.db import connection, connections  # noqa: E402 - Django is started first
from django.db.models import F  # noqa: E402

from factories.django_rows import AT, make_enrolment, make_programme  # noqa: E402
from mentornet.common.actors import System  # noqa: E402
from mentornet.common.answers import RefusedError  # noqa: E402
from mentornet.intake.models import Enrolment  # noqa: E402
from mentornet.intake.services import places  # noqa: E402
from mentornet.matching.enums import Channel, ProposalState, Reply, Side  # noqa: E402
from mentornet.matching.models import Proposal  # noqa: E402
from mentornet.matching.services import answer_for_herself, propose, take_down_answer  # noqa: E402
from mentornet.partnerships.models import Partnership  # noqa: E402
from mentornet.people.enums import Role  # noqa: E402
from mentornet.people.participants import Participant  # noqa: E402
from reliability.acts import World, another_like  # noqa: E402
from reliability.databases import copies, enter, prepare  # noqa: E402

BY: Final = System("crowd", AT)
CAPACITY: Final = 3
NOTE: Final = "reliability_beyond"
_BEYOND: Final = "new.promised + new.active > new.capacity"
_NOTE_IT: Final = f"INSERT INTO {NOTE} VALUES (new.promised + new.active)"
_FUNCTION: Final = (
    f"CREATE FUNCTION {NOTE}_note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {_NOTE_IT}; RETURN NULL; END $$"
)
_AFTER: Final = f"CREATE TRIGGER {NOTE}_seen AFTER UPDATE ON intake_enrolment FOR EACH ROW WHEN ({_BEYOND})"
_TRIGGERS: Final = {
    "sqlite": (f"{_AFTER} BEGIN {_NOTE_IT}; END",),
    "postgresql": (_FUNCTION, f"{_AFTER} EXECUTE FUNCTION {NOTE}_note()"),
}


def at_once(count: int, act: Callable[[int], str]) -> Counter[str]:
    """Let so many processes act at the same moment; count what they say, one word for each of their lines."""
    connections.close_all()
    begin, go = os.pipe()
    told = []
    for number in range(count):
        here, there = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(go)
            os.close(here)
            # Nobody begins before the other end is closed: then all do.
            os.read(begin, 1)
            with closing(os.fdopen(there, "w")) as out:
                try:
                    out.write(act(number))
                except BaseException:  # noqa: BLE001 - told to whoever counts
                    out.write("failed:" + json.dumps(traceback.format_exc()))
            os._exit(0)
        os.close(there)
        told.append((pid, here))
    os.close(begin)
    os.close(go)
    said: Counter[str] = Counter()
    for pid, here in told:
        with os.fdopen(here) as heard:
            words = heard.read()
        os.waitpid(pid, 0)
        if words.startswith("failed:"):
            raise RuntimeError(json.loads(words.removeprefix("failed:")))
        said.update(words.split())
    return said


def _drop_constraint() -> None:
    """Take the database's own guard away, and note every moment at which somebody is beyond her capacity."""
    every = Enrolment._meta.constraints
    guard = next(one for one in every if one.name == "intake_enrolment_capacity")
    # The embedded database writes the table anew from what the model declares.
    Enrolment._meta.constraints = [one for one in every if one is not guard]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Enrolment, guard)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {NOTE} (held integer)")
        for trigger in _TRIGGERS[connection.vendor]:
            cursor.execute(trigger)


def _beyond() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {NOTE}")
        return int(cursor.fetchone()[0])


def _careless_hold(*, by: object, enrolment: Enrolment) -> None:
    """Hold a place as one must not: read, then write."""
    del by
    if Enrolment.objects.get(pk=enrolment.pk).places_left < 1:
        raise places.NoPlaceLeftError("none left")
    # As long as what lies between the two in life: a ranking, a page.
    time.sleep(0.002)
    Enrolment.objects.filter(pk=enrolment.pk).update(promised=F("promised") + 1)


def crowd_places(attempts: int, processes: int, mentors: int, *, is_careless: bool) -> dict[str, Any]:
    """Let so many attempts be made upon the places of a few mentors, and tell what came of them."""
    world = World.make()
    first = make_enrolment(Role.MENTOR, world.division, programme=world.programme, enrolment={"capacity": CAPACITY})
    every = [first, *(another_like(first) for _ in range(mentors - 1))]
    _drop_constraint()
    hold = _careless_hold if is_careless else places.hold

    def act(number: int) -> str:
        said = []
        for attempt in range(number, attempts, processes):
            # All want the same one at the same time, then the next one.
            mentor = every[attempt * mentors // attempts]
            try:
                hold(by=BY, enrolment=mentor)
            except places.NoPlaceLeftError:
                said.append("refused")
                continue
            places.take(by=BY, enrolment=mentor)
            said.append("accepted")
        return " ".join(said)

    start = time.perf_counter()
    said = at_once(processes, act)
    seconds = time.perf_counter() - start
    held = list(Enrolment.objects.filter(pk__in=[one.pk for one in every]).values_list("promised", "active"))
    return {
        "attempts": attempts,
        "processes": processes,
        "places": mentors * CAPACITY,
        "accepted": said["accepted"],
        "refused": said["refused"],
        "beyond": _beyond(),
        "full": sum(active for _, active in held),
        "left over": sum(promised for promised, _ in held),
        "seconds": seconds,
    }


def crowd_services(attempts: int, processes: int, mentors: int) -> dict[str, Any]:
    """Let so many mentees be proposed to a few mentors at once, and both sides of what goes well say yes at once."""
    world = World.make()
    crowds = [_crowd(world, attempts // mentors) for _ in range(mentors)]
    order = [(mentor, mentee) for mentor, mentees in crowds for mentee in mentees]

    def try_for_one(number: int) -> str:
        said = []
        for mentor, mentee in order[number::processes]:
            here, there = _fresh(mentee), _fresh(mentor)
            try:
                propose(by=world.staff, mentee=here, mentor=there, reason="Both are nurses.", seen_version=1)
                said.append("proposed")
            except RefusedError as error:
                said.append(type(error).__name__)
        return " ".join(said)

    def say_yes(number: int) -> str:
        # Two processes to each proposal: she answers herself, the mentor's answer is taken down.
        said = []
        for proposal in open_ones[number // 2 :: max(1, processes // 2)]:
            if number % 2:
                person = proposal.mentee.person
                by = Participant(person_id=person.pk, name=person.name, at=AT)
                answer_for_herself(by=by, proposal=proposal, reply=Reply.YES)
            else:
                take_down_answer(
                    by=world.staff, proposal=proposal, side=Side.MENTOR, reply=Reply.YES, channel=Channel.PHONE
                )
            said.append("yes")
        return " ".join(said)

    start = time.perf_counter()
    said = at_once(processes, try_for_one)
    open_ones = list(Proposal.objects.filter(state=ProposalState.SENT).select_related("mentee__person"))
    said += at_once(processes - processes % 2, say_yes)
    seconds = time.perf_counter() - start
    held = Enrolment.objects.filter(pk__in=[mentor.pk for mentor, _ in crowds])
    begun = Partnership.objects.filter(mentor__in=held)
    return {
        "attempts": len(order),
        "processes": processes,
        "places": mentors * CAPACITY,
        "said": dict(said),
        "accepted": Proposal.objects.filter(state=ProposalState.ACCEPTED).count(),
        "partnerships": begun.count(),
        "twice": begun.count() - begun.values("mentee").distinct().count(),
        "full": sum(held.values_list("active", flat=True)),
        "left over": sum(held.values_list("promised", flat=True)),
        "most": max(Counter(begun.values_list("mentor", flat=True)).values(), default=0),
        "seconds": seconds,
    }


def _crowd(world: World, mentees: int) -> tuple[Enrolment, Sequence[Enrolment]]:
    """Make a mentor, and those who want her: in a programme of their own, so that a ranking is short."""
    programme = make_programme()
    mentor = make_enrolment(Role.MENTOR, world.division, programme=programme, enrolment={"capacity": CAPACITY})
    mentee = make_enrolment(Role.MENTEE, world.division, programme=programme)
    return mentor, [mentee, *(another_like(mentee) for _ in range(mentees - 1))]


def _fresh(enrolment: Enrolment) -> Enrolment:
    return Enrolment.objects.select_related("person", "division").get(pk=enrolment.pk)


def _apart(tasks: Iterable[Callable[[], dict[str, Any]]]) -> list[dict[str, Any]]:
    """Do one task after the other, each in a database of its own."""
    every = list(tasks)
    told = []
    with copies(len(every)) as names:
        for name, task in zip(names, every, strict=True):
            here, there = os.pipe()
            pid = os.fork()
            if not pid:
                os.close(here)
                with closing(os.fdopen(there, "w")) as out:
                    try:
                        enter(name)
                        out.write(json.dumps(task()))
                    except BaseException:  # noqa: BLE001 - told to whoever has asked
                        out.write(json.dumps({"error": traceback.format_exc()}))
                os._exit(0)
            os.close(there)
            with os.fdopen(here) as heard:
                told.append(json.loads(heard.read()))
            os.waitpid(pid, 0)
    for one in told:
        if "error" in one:
            raise RuntimeError(one["error"])
    return told


def main() -> None:
    """Run what the command line asks for, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--attempts", type=int, default=5000)
    parser.add_argument("--services", type=int, default=400)
    parser.add_argument("--processes", type=int, default=16)
    asked = parser.parse_args()
    prepare()
    guarded, careless, whole = _apart(
        [
            lambda: crowd_places(asked.attempts, asked.processes, max(1, asked.attempts // 100), is_careless=False),
            lambda: crowd_places(400, asked.processes, 8, is_careless=True),
            lambda: crowd_services(asked.services, asked.processes, max(1, asked.services // 50)),
        ]
    )
    told = {"vendor": connection.vendor, "places": guarded, "control": careless, "services": whole}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
