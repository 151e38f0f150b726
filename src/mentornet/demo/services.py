"""Loading the demo network, and keeping real data away from it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.common.actors import Actor, System
from mentornet.common.answers import RefusedError
from mentornet.common.bulk import count_anew
from mentornet.demo.asked import Asked
from mentornet.demo.colleagues import Colleagues
from mentornet.demo.early import Early
from mentornet.demo.endings import Endings
from mentornet.demo.follow import Follow
from mentornet.demo.given_back import GivenBack
from mentornet.demo.lending import Lending
from mentornet.demo.met import Met
from mentornet.demo.models import DemoNetwork
from mentornet.demo.network import Network
from mentornet.demo.open_talk import OpenTalk
from mentornet.demo.promises import Promises
from mentornet.demo.queries import demo_network, holds_real_data
from mentornet.demo.reached import Reached
from mentornet.demo.readiness import Readiness
from mentornet.demo.searching import Searching
from mentornet.demo.shortages import Shortages
from mentornet.demo.talks import Talking
from mentornet.demo.together import Together
from mentornet.demo.twice import Twice
from mentornet.demo.world import World
from mentornet.demo.writing import ORDER, empty_database, write
from mentornet.intake.models import Enrolment
from mentornet.learning.services import install_shipped
from mentornet.partnerships.services import install_agreement_texts
from mentornet.surveys.services import install_questionnaires

Size = Literal["full", "pilot"]
SEED: Final = 2003


class RealDataError(RefusedError):
    """The database holds people who are not the demo's."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What stands in the demo network.

    Attributes:
        is_new: it was loaded just now.
        rows: how many of each model, by label.
    """

    is_new: bool
    seed: int
    size: str
    loaded_on: date
    rows: dict[str, int]


def refuse_real_data() -> None:
    """Stop when this is to be a demonstration and the database holds real people: sign-in by one click would show them.

    Raises:
        RealDataError: says what to do.
    """
    if settings.DEMO and holds_real_data():
        raise RealDataError(
            _(
                "This database holds people who are not made up. It is never opened as a demonstration. Start without "
                "MENTORNET_DEMO, or name another database for the demonstration with MENTORNET_DATA."
            )
        )


def load_network(
    *,
    by: Actor,
    seed: int = SEED,
    size: Size = "full",
    today: date,
    users_password: str | None = None,
    fresh: bool = False,
) -> Summary:
    """Fill an empty database with the demo network, all or nothing; the same seed and day give the same rows.

    A demo network that is there already is left as it is, unless ``fresh``: then all of it is thrown away first.

    All dates are relative to ``today``; of the actor only her moment is used. With ``users_password`` the staff can
    also sign in by password; without it nobody has one.

    Raises:
        RealDataError: there are people who are not the demo's.
    """
    with transaction.atomic():
        there = demo_network()
        if there is None and holds_real_data():
            raise RealDataError(
                _("This database holds people already. Name an empty one for the demonstration with MENTORNET_DATA.")
            )
        if there is not None and not fresh:
            return _summary(there, is_new=False)
        if there is not None:
            empty_database()
        # The handbook, the training, the agreement's text and the questions: what people of the demonstration read,
        # do, sign and answer.
        install_shipped(by=System("shipped", by.at))
        install_agreement_texts(by=System("shipped", by.at))
        install_questionnaires(by=System("shipped", by.at))
        with _collector_off():
            return _summary(_load(by, seed, size, today, users_password), is_new=True)


@contextmanager
def _collector_off() -> Iterator[None]:
    """Keep Python's collector of cycles out: all rows are kept to the end, and it would look through them in vain."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _load(by: Actor, seed: int, size: Size, today: date, users_password: str | None) -> DemoNetwork:
    world = World(seed, today)
    network = Network(world)
    if size == "full":
        network.build_full(users_password)
    else:
        network.build_pilot(users_password)
    Reached(world).settle()
    network.doors.note_ways(network.mentors)
    network.doors.begin(world.offices)
    readiness = Readiness(world)
    for prepare in (readiness.agree_all, readiness.plan, readiness.vouch, readiness.confirm):
        prepare()
    readiness.train(network.mentors)
    readiness.learn([pair.mentee for pair in network.history.pairs])
    readiness.read([case for pair in network.history.pairs for case in (pair.mentee, pair.mentor)])
    Together(world, network.history.pairs).tell_all()
    Talking(world, network.history.pairs).tell_all()
    endings = Endings(world, network.history.pairs)
    endings.tell_all()
    Asked(world, network.history.pairs).ask_all()
    write(world, after=False)
    # Thousands of rows have come in at once: without counting them the plans are for an empty database.
    count_anew()
    if network.to_propose:
        network.propose()
        held = [case.enrolment for case in (*network.mentors, *network.to_propose) if case.enrolment.promised]
        Enrolment.objects.bulk_update(held, ["promised", "stamp"])
    talk = OpenTalk(world)
    talk.tell_all(network.waiting.cases, network.history.pairs)
    follow = Follow(world)
    follow.ask_all()
    early = Early(world)
    early.see_all(follow)
    early.compute()
    talk.ask(follow, readiness, network.history.pairs)
    endings.ask()
    follow.write_all(network.waiting.cases)
    follow.record_all()
    Colleagues(world).take_over()
    Lending(world).lend()
    write(world, after=True)
    GivenBack(world).tell_all(network.history.pairs)
    met = Met(world)
    met.hold(by)
    met.close_one()
    Shortages(world).compute()
    Promises(world).tell_all(network.waiting.cases)
    Searching(world).look_for_all()
    Twice(world).stand()
    return DemoNetwork.objects.create(seed=seed, size=size, loaded_on=today, loaded_at=by.at)


def _summary(network: DemoNetwork, *, is_new: bool) -> Summary:
    return Summary(
        is_new=is_new,
        seed=network.seed,
        size=network.size,
        loaded_on=network.loaded_on,
        rows={model._meta.label: model._default_manager.count() for model in ORDER},
    )
